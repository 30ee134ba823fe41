//! Dates and times as ISO 8601 writes them.

use crate::calendar::{Civil, DAY, days_in_month, days_of};
use crate::timezone::parse_offset;

/// A date and time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01.
    pub(crate) days: i64,
    /// Nanoseconds since midnight.
    pub(crate) nanoseconds: i64,
    /// Seconds east of Greenwich, where the text says so.
    pub(crate) offset: Option<i32>,
}

impl Moment {
    /// In units of which a second has `per`, as UTC where there is an offset; what is finer is cut off. None where it
    /// overflows.
    pub(crate) fn ticks(self, per: i64) -> Option<i64> {
        let seconds = i128::from(self.days) * i128::from(DAY) - i128::from(self.offset.unwrap_or(0));
        let rest = self.nanoseconds / (1_000_000_000 / per);
        i64::try_from(seconds * i128::from(per) + i128::from(rest)).ok()
    }
}

/// Reads `2024-01-31`, `2024-01-31T10:20`, `2024-01-31 10:20:30.123456789+02:00`, with blanks around it. Years have four
/// digits, or a sign and up to nine.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let text = text.trim_ascii();
    let (days, rest) = parse_date(text.as_bytes())?;
    let Some((&separator, rest)) = rest.split_first() else {
        return Some(Moment { days, nanoseconds: 0, offset: None });
    };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (nanoseconds, rest) = parse_time(rest)?;
    let zone = &text[text.len() - rest.len()..];
    let zone = zone.trim_ascii_start();
    let offset = if zone.is_empty() { None } else { Some(parse_offset(zone)?) };
    Some(Moment { days, nanoseconds, offset })
}

/// A number of exactly so many digits, and what follows.
fn digits(text: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    let mut value = 0;
    for digit in number {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some((value, rest))
}

fn parse_date(text: &[u8]) -> Option<(i64, &[u8])> {
    let (year, rest) = match text {
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            if !(4..=9).contains(&count) {
                return None;
            }
            let (year, rest) = digits(rest, count)?;
            (if *sign == b'-' { -year } else { year }, rest)
        }
        _ => digits(text, 4)?,
    };
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let valid = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    valid.then(|| (days_of(Civil { year, month, day }), rest))
}

/// Reads `10:20`, `10:20:30` or `10:20:30.5` as nanoseconds since midnight, and gives what follows.
fn parse_time(text: &[u8]) -> Option<(i64, &[u8])> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => digits(rest, 2)?,
        None => (0, rest),
    };
    let (fraction, rest) = match rest {
        [b'.' | b',', rest @ ..] => {
            let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            if count == 0 {
                return None;
            }
            // Digits beyond the nanoseconds are cut off.
            let (number, _) = digits(rest, count.min(9))?;
            (number * 10_i64.pow(9 - count.min(9) as u32), &rest[count..])
        }
        _ => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((((hour * 60 + minute) * 60 + second) * 1_000_000_000 + fraction, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let at = |days, nanoseconds, offset| Some(Moment { days, nanoseconds, offset });
        const HOUR: i64 = 3_600_000_000_000;
        for (text, expected) in [
            ("1970-01-02", at(1, 0, None)),
            (" 1970-01-01T01:00 ", at(0, HOUR, None)),
            ("1970-01-01 01:00:00.5", at(0, HOUR + 500_000_000, None)),
            ("1970-01-01 01:00:00.0000000019", at(0, HOUR + 1, None)),
            ("1970-01-01 01:00:00Z", at(0, HOUR, Some(0))),
            ("1970-01-01t01:00:00 -03:30", at(0, HOUR, Some(-12_600))),
            ("+10000-01-01", at(2_932_897, 0, None)),
            ("-0001-12-31", at(-719_529, 0, None)),
            ("1970-02-29", None),
            ("1970-13-01", None),
            ("1970-1-1", None),
            ("1970-01-01T", None),
            ("1970-01-01T24:00", None),
            ("1970-01-01T01:00:00.", None),
            ("1970-01-01T01:00é", None),
            ("1970-01-01 01:00 Berlin", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(at(0, 1_999, Some(1)).and_then(|m| m.ticks(1_000_000)), Some(-999_999));
    }
}
