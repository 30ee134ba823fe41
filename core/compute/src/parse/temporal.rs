//! The texts of dates, times and intervals in literals.

use arrow_array::types::IntervalMonthDayNano;
use chrono::{Datelike, NaiveDate};

/// The digits behind a second's point.
#[derive(Clone, Copy)]
pub(crate) struct Fraction {
    pub(crate) nanoseconds: u32,
    pub(super) digits: usize,
}

impl Fraction {
    /// Whether it was written to more than the microsecond.
    pub(super) fn is_fine(self) -> bool {
        self.digits > 6
    }
}

const SECONDS_OF_DAY: i64 = 86_400;
/// The days from the first of January of the year 1 to that of 1970, as chrono counts them.
const EPOCH: i32 = 719_163;

/// `YYYY-MM-DD` as days since 1970. Years may have a sign and more digits.
pub(crate) fn date(text: &str) -> Option<i32> {
    let (date, rest) = leading_date(text)?;
    rest.is_empty().then_some(date)
}

/// Reads a date, and returns what follows it.
fn leading_date(text: &str) -> Option<(i32, &str)> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (year, rest) = digits(unsigned, 4, 6)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2, 2)?;
    let year = i32::try_from(year).ok()?;
    let date = NaiveDate::from_ymd_opt(if negative { -year } else { year }, month, day)?;
    Some((date.num_days_from_ce() - EPOCH, rest))
}

/// A number of `least` to `most` digits, and what follows it.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(least..=most).contains(&count) {
        return None;
    }
    Some((text[..count].parse().ok()?, &text[count..]))
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fffffffff` as seconds since midnight.
pub(crate) fn time(text: &str) -> Option<(u32, Fraction)> {
    let (seconds, fraction, rest) = leading_time(text)?;
    rest.is_empty().then_some((seconds, fraction))
}

fn leading_time(text: &str) -> Option<(u32, Fraction, &str)> {
    let (hour, rest) = digits(text, 2, 2)?;
    let (minute, mut rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let mut second = 0;
    let mut fraction = Fraction { nanoseconds: 0, digits: 0 };
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = digits(after, 2, 2)?;
        if let Some(after) = rest.strip_prefix('.') {
            let (value, behind) = digits(after, 1, 9)?;
            let count = after.len() - behind.len();
            fraction = Fraction { nanoseconds: value * 10_u32.pow(9 - u32::try_from(count).ok()?), digits: count };
            rest = behind;
        }
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((hour * 3_600 + minute * 60 + second, fraction, rest))
}

/// A date, a blank or `T`, a time, and an offset from UTC if need be, as seconds since 1970; whether it had an offset.
pub(crate) fn timestamp(text: &str) -> Option<(i64, Fraction, bool)> {
    let (days, rest) = leading_date(text)?;
    let midnight = i64::from(days) * SECONDS_OF_DAY;
    if rest.is_empty() {
        return Some((midnight, Fraction { nanoseconds: 0, digits: 0 }, false));
    }
    let (seconds, fraction, rest) = leading_time(rest.strip_prefix([' ', 'T', 't'])?)?;
    let local = midnight + i64::from(seconds);
    match rest.trim_start_matches(' ') {
        "" => Some((local, fraction, false)),
        offset => Some((local - offset_seconds(offset)?, fraction, true)),
    }
}

/// `Z`, `UTC`, `+hh`, `+hhmm` or `+hh:mm`.
fn offset_seconds(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['+', '-'])?;
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (hours, minutes) = match (count, rest.len()) {
        (4, 4) => (digits(&rest[..2], 2, 2)?.0, digits(&rest[2..], 2, 2)?.0),
        _ => {
            let (hours, rest) = digits(rest, 2, 2)?;
            if rest.is_empty() { (hours, 0) } else { (hours, digits(rest.strip_prefix(':')?, 2, 2)?.0) }
        }
    };
    if rest.len() > 5 || hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i64::from(hours * 3_600 + minutes * 60);
    Some(if negative { -seconds } else { seconds })
}

/// What a unit is made of.
#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Days(i64),
    Nanoseconds(i64),
}

fn unit(name: &str) -> Option<Unit> {
    const SECOND: i64 = 1_000_000_000;
    Some(match name.to_ascii_lowercase().as_str() {
        "year" | "years" | "yr" | "yrs" | "y" => Unit::Months(12),
        "quarter" | "quarters" => Unit::Months(3),
        "month" | "months" | "mon" | "mons" => Unit::Months(1),
        "week" | "weeks" | "w" => Unit::Days(7),
        "day" | "days" | "d" => Unit::Days(1),
        "hour" | "hours" | "hr" | "hrs" | "h" => Unit::Nanoseconds(3_600 * SECOND),
        "minute" | "minutes" | "min" | "mins" | "m" => Unit::Nanoseconds(60 * SECOND),
        "second" | "seconds" | "sec" | "secs" | "s" => Unit::Nanoseconds(SECOND),
        "millisecond" | "milliseconds" | "ms" => Unit::Nanoseconds(1_000_000),
        "microsecond" | "microseconds" | "us" => Unit::Nanoseconds(1_000),
        "nanosecond" | "nanoseconds" | "ns" => Unit::Nanoseconds(1),
        _ => return None,
    })
}

/// Whether this names a unit of intervals.
pub(super) fn is_unit(name: &str) -> bool {
    unit(name).is_some()
}

/// Numbers with units, and a time `h:mm:ss` at the end: `1 year 2 months -3 days 4:05:06.7`. A unit may have a fraction
/// where that makes whole months or nanoseconds; that of a day makes hours.
pub(crate) fn interval(text: &str) -> Result<IntervalMonthDayNano, String> {
    let (mut months, mut days, mut nanoseconds) = (0_i64, 0_i64, 0_i64);
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("it is empty".into());
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | ':' | '+' | '-')).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        let add = |to: &mut i64, value: Option<i64>| -> Option<()> {
            *to = to.checked_add(value?)?;
            Some(())
        };
        if number.contains(':') {
            let value = clock(number).ok_or_else(|| format!("'{number}' is no time"))?;
            nanoseconds = nanoseconds.checked_add(value).ok_or("it is too long")?;
            rest = behind.trim_start();
            if !rest.is_empty() {
                return Err("the time must be the last".into());
            }
            break;
        }
        let behind = behind.trim_start();
        let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(end);
        let unit = unit(name).ok_or("expected a number and a unit: year, month, week, day, hour, minute, second")?;
        let number = Decimal::read(number).ok_or_else(|| format!("'{number}' is no number"))?;
        let added = match unit {
            Unit::Months(each) => add(&mut months, number.times(each)),
            Unit::Days(each) => number.split(each).and_then(|(whole, part)| {
                add(&mut days, Some(whole))?;
                add(&mut nanoseconds, Some(part))
            }),
            Unit::Nanoseconds(each) => add(&mut nanoseconds, number.times(each)),
        };
        added.ok_or_else(|| format!("the number of {name} is too great, or its fraction too fine"))?;
        rest = behind.trim_start_matches([' ', ',']).trim_start();
    }
    let narrow = |n: i64| i32::try_from(n).map_err(|_| "it is too long".to_owned());
    Ok(IntervalMonthDayNano::new(narrow(months)?, narrow(days)?, nanoseconds))
}

/// `[-]h:mm[:ss[.fffffffff]]` as nanoseconds; any number of hours.
fn clock(text: &str) -> Option<i64> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (hours, rest) = unsigned.split_once(':')?;
    if hours.is_empty() || hours.len() > 12 || !hours.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i128 = hours.parse().ok()?;
    // The hour was read already; the rest is as that of any time.
    let (seconds, fraction) = time(&format!("00:{rest}"))?;
    let value = (hours * 3_600 + i128::from(seconds)) * 1_000_000_000 + i128::from(fraction.nanoseconds);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// A number with a fraction: `mantissa / 10^scale`.
#[derive(Clone, Copy)]
struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || digits.len() > 20 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mantissa: i128 = digits.parse().ok()?;
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// So many times `each`, where that is a whole number.
    fn times(self, each: i64) -> Option<i64> {
        let (product, divisor) = (self.mantissa * i128::from(each), 10_i128.pow(self.scale));
        if product % divisor != 0 {
            return None;
        }
        i64::try_from(product / divisor).ok()
    }

    /// So many times `each` days, as whole days and the nanoseconds of the rest.
    fn split(self, each: i64) -> Option<(i64, i64)> {
        let (product, divisor) = (self.mantissa * i128::from(each), 10_i128.pow(self.scale));
        let nanoseconds = (product % divisor) * i128::from(SECONDS_OF_DAY) * 1_000_000_000;
        if nanoseconds % divisor != 0 {
            return None;
        }
        Some((i64::try_from(product / divisor).ok()?, i64::try_from(nanoseconds / divisor).ok()?))
    }
}
