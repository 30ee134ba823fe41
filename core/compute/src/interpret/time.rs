//! Functions and conversions of one row's dates, times, timestamps, durations and intervals, with chrono's calendar.

use std::fmt::Write;

use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use pf_base::{Code, Error, Result};
use regex::Regex;

use super::calendar::{DAY, date, days_of, months_later};
use super::cell::{Cell, within};
use super::function::Call;
use super::number::fitted;
use super::zone::Zone;
use crate::Overflow;

const NANOSECONDS: i128 = 1_000_000_000;

/// How many of its unit a second has.
fn per_second(unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => NANOSECONDS,
    }
}

/// How many of what the type counts a day has.
fn per_day(data_type: &DataType) -> i128 {
    match data_type {
        DataType::Date32 => 1,
        DataType::Date64 => DAY * 1_000,
        DataType::Time32(u) | DataType::Time64(u) | DataType::Timestamp(u, _) | DataType::Duration(u) => {
            DAY * per_second(*u)
        }
        _ => DAY,
    }
}

fn zone_of(data_type: &DataType) -> Result<Zone> {
    match data_type {
        DataType::Timestamp(_, Some(zone)) => Zone::read(zone),
        _ => Ok(Zone::East(0)),
    }
}

/// What clocks of the zone show, in the same unit.
fn local(value: i128, per: i128, zone: &Zone) -> Result<i128> {
    Ok(value + zone.east(value.div_euclid(per))? * per)
}

/// When clocks of the zone show it.
fn instant(local: i128, per: i128, zone: &Zone) -> Result<i128> {
    Ok(zone.to_utc(local.div_euclid(per))? * per + local.rem_euclid(per))
}

fn beyond(what: &DataType) -> Error {
    Error::new(Code::Arithmetic, format!("beyond {what}"))
}

fn held(value: i128, data_type: &DataType) -> Result<Cell> {
    if within(value, data_type) { Ok(Cell::Int(value)) } else { Err(beyond(data_type)) }
}

/// The value of a function of times, none of them null.
pub(super) fn call(call: &Call<'_>) -> Result<Cell> {
    let unsupported = || Error::unsupported(format!("{} of {:?} in the interpreter", call.name, call.types));
    match (call.name, call.values.as_slice(), call.types.as_slice()) {
        ("extract", [Cell::Text(unit), x], [_, of]) => extract(unit, x, of)?.ok_or_else(unsupported),
        ("date_trunc", [Cell::Text(unit), Cell::Int(v)], [_, of]) => {
            held(truncate(unit, *v, of)?.ok_or_else(unsupported)?, call.result)
        }
        ("to_timestamp", [Cell::Int(seconds)], _) => held(seconds * 1_000_000, call.result),
        ("to_timestamp", [Cell::Float(seconds)], _) => {
            let ticks = (seconds * 1e6).round();
            if ticks.is_finite() && ticks.abs() < 1e20 {
                held(ticks as i128, call.result)
            } else {
                Err(beyond(call.result))
            }
        }
        ("to_timestamp", [Cell::Text(text), format @ ..], _) => match format {
            [Cell::Text(format)] => held(formatted(text, format)?.and_utc().timestamp_micros().into(), call.result),
            _ => {
                let moment = moment(text)?.ok_or_else(|| Error::invalid_argument(format!("no timestamp: {text}")))?;
                held(moment.utc() * 1_000_000 + moment.nanoseconds / 1_000, call.result)
            }
        },
        ("to_date", [Cell::Text(text), format @ ..], _) => match format {
            [Cell::Text(format)] => held(days_of_date(formatted(text, format)?.date()), call.result),
            _ => {
                let moment = moment(text)?.ok_or_else(|| Error::invalid_argument(format!("no date: {text}")))?;
                held(moment.seconds.div_euclid(DAY), call.result)
            }
        },
        ("to_date", [Cell::Int(v)], [of]) => {
            let local = local(*v, (per_day(of) / DAY).max(1), &zone_of(of)?)?;
            held(local.div_euclid(per_day(of)), call.result)
        }
        ("strftime", [Cell::Int(v), Cell::Text(format)], [of, _]) => strftime(*v, of, format).map(Cell::Text),
        ("at_time_zone", [Cell::Int(v), Cell::Text(zone)], [DataType::Timestamp(unit, of), _]) => {
            let (zone, per) = (Zone::read(zone)?, per_second(*unit));
            let moved = if of.is_some() { local(*v, per, &zone) } else { instant(*v, per, &zone) };
            held(moved?, call.result)
        }
        ("make_date", [Cell::Int(year), Cell::Int(month), Cell::Int(day)], _) => {
            let (month, day) = (u32::try_from(*month).unwrap_or(0), u32::try_from(*day).unwrap_or(0));
            let days = days_of(*year, month, day).ok_or_else(|| Error::invalid_argument("there is no such day"))?;
            held(days, call.result)
        }
        ("neg", [Cell::Int(v)], _) => fitted(-v, call.result, call.overflow),
        ("neg", [Cell::Interval { months, days, nanoseconds }], _) => {
            let value = Cell::Interval { months: -months, days: -days, nanoseconds: -nanoseconds };
            spanned(value, call.overflow)
        }
        ("add" | "sub" | "mul" | "div", [a, b], [of_a, of_b]) => {
            let value = arithmetic(call, a, b, of_a, of_b)?.ok_or_else(unsupported)?;
            match value {
                Ok(Cell::Int(v)) if within(v, call.result) => Ok(Cell::Int(v)),
                Ok(interval @ Cell::Interval { .. }) => spanned(interval, call.overflow),
                Ok(float @ Cell::Float(_)) => Ok(float),
                _ if call.overflow == Overflow::Error => Err(beyond(call.result)),
                _ => Ok(Cell::Null),
            }
        }
        _ => Err(unsupported()),
    }
}

/// An interval whose parts fit, or what becomes of it.
fn spanned(value: Cell, overflow: Overflow) -> Result<Cell> {
    let Cell::Interval { months, days, nanoseconds } = value else { return Err(Error::internal("no interval")) };
    if i32::try_from(months).is_ok() && i32::try_from(days).is_ok() && i64::try_from(nanoseconds).is_ok() {
        return Ok(value);
    }
    match overflow {
        Overflow::Error => Err(Error::new(Code::Arithmetic, "an interval overflows")),
        Overflow::Null | Overflow::Wrap => Ok(Cell::Null),
    }
}

/// The result is not one of the type: it is too fine.
struct TooFine;

/// An operation; none where it is not known.
fn arithmetic(
    call: &Call<'_>,
    a: &Cell,
    b: &Cell,
    of_a: &DataType,
    of_b: &DataType,
) -> Result<Option<Result<Cell, TooFine>>> {
    use DataType as D;
    let sign = if call.name == "sub" { -1 } else { 1 };
    let known = |value: Cell| Ok(Some(Ok(value)));
    let moves = |t: &D| matches!(t, D::Interval(_) | D::Duration(_)) || t.is_integer();
    match (call.name, a, b) {
        ("div", Cell::Int(a), Cell::Int(b)) => known(Cell::Float(*a as f64 / *b as f64)),
        ("mul", Cell::Int(a), Cell::Int(b)) => known(Cell::Int(a * b)),
        ("mul", Cell::Interval { months, days, nanoseconds }, Cell::Int(n))
        | ("mul", Cell::Int(n), Cell::Interval { months, days, nanoseconds }) => {
            let times = |part: i64| i64::try_from(i128::from(part) * n).unwrap_or(i64::MAX);
            known(Cell::Interval { months: times(*months), days: times(*days), nanoseconds: nanoseconds * n })
        }
        ("add" | "sub", ..) if matches!(call.result, D::Interval(_)) => {
            let (a, b) = (parts(a, of_a), parts(b, of_b));
            // A duration is as many nanoseconds as an interval can have, or none.
            if a.2.max(b.2) > i64::MAX.into() || a.2.min(b.2) < i64::MIN.into() {
                return known(Cell::Interval { months: 0, days: 0, nanoseconds: i128::MAX });
            }
            let part = |a: i64, b: i64| a + sign as i64 * b;
            known(Cell::Interval { months: part(a.0, b.0), days: part(a.1, b.1), nanoseconds: a.2 + sign * b.2 })
        }
        ("add" | "sub", Cell::Int(v), step) if moves(of_b) && !moves(of_a) => moved(*v, of_a, step, of_b, sign),
        ("add", step, Cell::Int(v)) if moves(of_a) && !moves(of_b) => moved(*v, of_b, step, of_a, sign),
        ("sub", Cell::Int(a), Cell::Int(b)) if *of_a == D::Date32 => known(Cell::Int((a - b) * DAY)),
        ("add" | "sub", Cell::Int(a), Cell::Int(b)) => known(Cell::Int(a + sign * b)),
        _ => Ok(None),
    }
}

/// Months, days and nanoseconds of an interval or duration.
fn parts(cell: &Cell, of: &DataType) -> (i64, i64, i128) {
    match cell {
        Cell::Interval { months, days, nanoseconds } => (*months, *days, *nanoseconds),
        Cell::Int(v) => (0, 0, v * NANOSECONDS * DAY / per_day(of)),
        _ => (0, 0, 0),
    }
}

/// A date, time or timestamp moved by an interval, a duration or a number of days.
fn moved(
    value: i128,
    of: &DataType,
    step: &Cell,
    of_step: &DataType,
    sign: i128,
) -> Result<Option<Result<Cell, TooFine>>> {
    use DataType as D;
    let (months, days, nanoseconds) = match step {
        Cell::Int(v) if of_step.is_integer() => (0, *v, 0),
        other => {
            let (months, days, nanoseconds) = parts(other, of_step);
            (i128::from(months), i128::from(days), nanoseconds)
        }
    };
    let (months, days, nanoseconds) = (sign * months, sign * days, sign * nanoseconds);
    let a_day = per_day(of);
    // A date counts days, however it is stored.
    let tick = if matches!(of, D::Date32 | D::Date64) { DAY * NANOSECONDS } else { DAY * NANOSECONDS / a_day };
    if nanoseconds % tick != 0 {
        return Ok(Some(Err(TooFine)));
    }
    let shifted = |v: i128| (months_later(v.div_euclid(a_day), months) + days) * a_day + v.rem_euclid(a_day);
    let rest = nanoseconds / tick * if *of == D::Date64 { a_day } else { 1 };
    Ok(Some(Ok(Cell::Int(match of {
        D::Time32(_) | D::Time64(_) => (value + rest).rem_euclid(a_day),
        D::Timestamp(..) if months != 0 || days != 0 => {
            let (zone, per) = (zone_of(of)?, a_day / DAY);
            instant(shifted(local(value, per, &zone)?), per, &zone)? + rest
        }
        D::Timestamp(..) => value + rest,
        _ => shifted(value) + rest,
    }))))
}

const LENGTHS: [&str; 14] = [
    "nanosecond",
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "decade",
    "century",
    "millennium",
];

/// How long a unit up to the day is in nanoseconds.
fn length(unit: &str) -> Option<i128> {
    Some(match unit {
        "nanosecond" => 1,
        "microsecond" => 1_000,
        "millisecond" => 1_000_000,
        "second" => NANOSECONDS,
        "minute" => 60 * NANOSECONDS,
        "hour" => 3_600 * NANOSECONDS,
        "day" => DAY * NANOSECONDS,
        _ => return None,
    })
}

/// A part; none where it is not known.
fn extract(unit: &str, x: &Cell, of: &DataType) -> Result<Option<Cell>> {
    let int = |v: i128| Some(Cell::Int(v));
    let v = match x {
        Cell::Interval { months, days, nanoseconds } => {
            return Ok(interval_part(unit, *months, *days, *nanoseconds));
        }
        Cell::Int(v) => *v,
        _ => return Ok(None),
    };
    let a_day = per_day(of);
    if unit == "epoch" {
        return Ok(Some(Cell::Float(match of {
            DataType::Date32 => (v * DAY) as f64,
            _ => v as f64 / (a_day / DAY) as f64,
        })));
    }
    if matches!(of, DataType::Duration(_)) {
        return Ok(clock_part(unit, v % a_day * (DAY * NANOSECONDS / a_day))
            .or((unit == "day").then_some(v / a_day))
            .map(Cell::Int));
    }
    let v = local(v, (a_day / DAY).max(1), &zone_of(of)?)?;
    let clock = v.rem_euclid(a_day) * (DAY * NANOSECONDS / a_day);
    if let Some(part) = clock_part(unit, clock) {
        return Ok(int(part));
    }
    let (date, years) = date(v.div_euclid(a_day));
    let year = i128::from(date.year()) + years;
    // The year 0 belongs to the century before the first, which is -1.
    let counted = |length: i128| if year > 0 { (year - 1) / length + 1 } else { year / length - 1 };
    Ok(int(match unit {
        "day" => date.day().into(),
        "week" => date.iso_week().week().into(),
        "isoyear" => i128::from(date.iso_week().year()) + years,
        "month" => date.month().into(),
        "quarter" => (date.month0() / 3 + 1).into(),
        "year" => year,
        "decade" => year.div_euclid(10),
        "century" => counted(100),
        "millennium" => counted(1_000),
        "dow" => date.weekday().num_days_from_sunday().into(),
        "isodow" => date.weekday().number_from_monday().into(),
        "doy" => date.ordinal().into(),
        _ => return Ok(None),
    }))
}

/// A part of less than a day in nanoseconds, toward zero.
fn clock_part(unit: &str, nanoseconds: i128) -> Option<i128> {
    Some(match unit {
        "hour" => nanoseconds / (3_600 * NANOSECONDS),
        "minute" => nanoseconds / (60 * NANOSECONDS) % 60,
        // All of them in the minute.
        "second" | "millisecond" | "microsecond" | "nanosecond" => nanoseconds % (60 * NANOSECONDS) / length(unit)?,
        _ => return None,
    })
}

fn interval_part(unit: &str, months: i64, days: i64, nanoseconds: i128) -> Option<Cell> {
    let (years, months) = (months / 12, months % 12);
    Some(Cell::Int(match unit {
        "epoch" => {
            let days = years as f64 * 365.25 + months as f64 * 30.0 + days as f64;
            return Some(Cell::Float(days * 86_400.0 + nanoseconds as f64 / 1e9));
        }
        "millennium" => (years / 1_000).into(),
        "century" => (years / 100).into(),
        "decade" => (years / 10).into(),
        "year" => years.into(),
        "quarter" => (months / 3 + 1).into(),
        "month" => months.into(),
        "day" => days.into(),
        _ => clock_part(unit, nanoseconds)?,
    }))
}

/// The start of a unit; none where it is not known.
fn truncate(unit: &str, v: i128, of: &DataType) -> Result<Option<i128>> {
    if !LENGTHS.contains(&unit) {
        return Ok(None);
    }
    let a_day = per_day(of);
    let ticks = length(unit).map(|l| (l * a_day / (DAY * NANOSECONDS)).max(1));
    if let (DataType::Duration(_), Some(ticks)) = (of, ticks) {
        return Ok(Some(v - v % ticks));
    }
    let (zone, per) = (zone_of(of)?, (a_day / DAY).max(1));
    let shown = local(v, per, &zone)?;
    let cut = match ticks {
        Some(ticks) => shown - shown.rem_euclid(ticks),
        None => first_day(unit, shown.div_euclid(a_day)) * a_day,
    };
    if ticks.is_some_and(|t| t < a_day) {
        // Of clocks that show it twice, the time before the value.
        let same = zone.instants(cut.div_euclid(per))?.into_iter().map(|s| s * per + cut.rem_euclid(per));
        if let Some(latest) = same.filter(|s| *s <= v).max() {
            return Ok(Some(latest));
        }
    }
    instant(cut, per, &zone).map(Some)
}

/// The first day of the unit that a day lies in.
fn first_day(unit: &str, day: i128) -> i128 {
    let (date, years) = date(day);
    let year = i128::from(date.year()) + years;
    let first = |year: i128, month: u32| days_of(year, month, 1).unwrap_or(day);
    match unit {
        "week" => day - i128::from(date.weekday().num_days_from_monday()),
        "month" => first(year, date.month()),
        "quarter" => first(year, date.month0() / 3 * 3 + 1),
        "year" => first(year, 1),
        "decade" => first(year.div_euclid(10) * 10, 1),
        "century" => first((year - 1).div_euclid(100) * 100 + 1, 1),
        _ => first((year - 1).div_euclid(1_000) * 1_000 + 1, 1),
    }
}

fn days_of_date(date: NaiveDate) -> i128 {
    i128::from(date.num_days_from_ce()) - 719_163
}

/// As chrono has it; none beyond its years.
fn naive(v: i128, of: &DataType) -> Option<NaiveDateTime> {
    let a_day = per_day(of);
    let nanoseconds = v.rem_euclid(a_day) * (DAY * NANOSECONDS / a_day);
    let seconds = v.div_euclid(a_day) * DAY + nanoseconds / NANOSECONDS;
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, (nanoseconds % NANOSECONDS) as u32).map(|t| t.naive_utc())
}

fn strftime(v: i128, of: &DataType, format: &str) -> Result<String> {
    let time = naive(v, of).ok_or_else(|| beyond(of))?;
    let mut out = String::new();
    let written = match of {
        DataType::Time32(_) | DataType::Time64(_) => write!(out, "{}", time.time().format(format)),
        DataType::Timestamp(_, Some(zone)) => match Zone::read(zone)? {
            Zone::Named(zone) => write!(out, "{}", time.and_utc().with_timezone(&zone).format(format)),
            Zone::East(0) => write!(out, "{}", time.and_utc().format(format)),
            Zone::East(seconds) => match chrono::FixedOffset::east_opt(seconds as i32) {
                Some(east) => write!(out, "{}", time.and_utc().with_timezone(&east).format(format)),
                None => return Err(Error::unsupported("an offset of more than a day")),
            },
        },
        _ => write!(out, "{}", time.format(format)),
    };
    written.map_err(|_| Error::invalid_argument(format!("the format {format}")))?;
    Ok(out)
}

/// Text of one of a few formats.
fn formatted(text: &str, format: &str) -> Result<NaiveDateTime> {
    let read = match format {
        "%Y-%m-%d" | "%d/%m/%Y" | "%Y %j" => {
            NaiveDate::parse_from_str(text, format).map(|d| d.and_time(NaiveTime::default()))
        }
        "%d.%m.%Y %H:%M" | "%Y-%m-%d %H:%M:%S" | "%Y-%m-%dT%H:%M:%S%.f" => NaiveDateTime::parse_from_str(text, format),
        _ => return Err(Error::unsupported(format!("the format {format} in the interpreter"))),
    };
    read.map_err(|e| Error::invalid_argument(e.to_string()))
}

/// A date and time of a text.
struct Moment {
    /// Seconds since 1970 as it is written.
    seconds: i128,
    nanoseconds: i128,
    /// Seconds east of Greenwich.
    offset: Option<i128>,
}

impl Moment {
    fn utc(&self) -> i128 {
        self.seconds - self.offset.unwrap_or(0)
    }
}

/// The date and time that a text shows, in the one form that all readers know; none where it shows none.
fn moment(text: &str) -> Result<Option<Moment>> {
    let plain = text.trim();
    let form = r"^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$";
    let form = Regex::new(form).map_err(|e| Error::internal(e.to_string()))?;
    let Some(found) = form.captures(plain) else {
        let other = Regex::new(r"^[+-]?\d{4,}-").map_err(|e| Error::internal(e.to_string()))?;
        if other.is_match(plain) || plain.len() != text.trim_ascii().len() {
            return Err(Error::unsupported(format!("'{text}' as a time in the interpreter")));
        }
        return Ok(None);
    };
    let group = |i: usize, default: &'static str| found.get(i).map_or(default, |m| m.as_str()).to_owned();
    let time = format!("{} {}{}", group(1, ""), group(2, "00:00"), group(3, ":00"));
    // A leap second is none of ours.
    if time.contains(":60") {
        return Ok(None);
    }
    let Ok(time) = NaiveDateTime::parse_from_str(&time, "%Y-%m-%d %H:%M:%S%.f") else { return Ok(None) };
    let offset = match found.get(4).map(|m| m.as_str()) {
        None => None,
        Some("Z") => Some(0),
        Some(east) => {
            let number = |part: &str| part.parse::<i128>().unwrap_or(99);
            let (hours, minutes) = (number(&east[1..3]), number(&east[4..6]));
            if hours > 23 || minutes > 59 {
                return Ok(None);
            }
            Some((hours * 3_600 + minutes * 60) * if east.starts_with('-') { -1 } else { 1 })
        }
    };
    let utc = time.and_utc();
    Ok(Some(Moment { seconds: utc.timestamp().into(), nanoseconds: utc.timestamp_subsec_nanos().into(), offset }))
}

/// The value that a text means.
pub(super) fn read(text: &str, to: &DataType) -> Result<Option<Cell>> {
    use DataType as D;
    let unsupported = || Err(Error::unsupported(format!("'{text}' as {to} in the interpreter")));
    if text.starts_with(|c: char| c.is_alphabetic()) || text.is_empty() {
        return Ok(None);
    }
    let moment = match to {
        D::Date32 | D::Date64 | D::Timestamp(..) => moment(text)?,
        _ => return unsupported(),
    };
    let Some(moment) = moment else { return Ok(None) };
    let value = match to {
        D::Timestamp(unit, zone) => {
            let per = per_second(*unit);
            let utc = match (moment.offset, zone) {
                (None, Some(zone)) => Zone::read(zone)?.to_utc(moment.seconds)?,
                _ => moment.utc(),
            };
            utc * per + moment.nanoseconds / (NANOSECONDS / per)
        }
        // The day of UTC, which the readers of casts take.
        _ => moment.utc().div_euclid(DAY) * per_day(to),
    };
    if moment.offset.is_some() && !matches!(to, D::Timestamp(..)) {
        return unsupported();
    }
    Ok(within(value, to).then_some(Cell::Int(value)))
}

/// A conversion from a type of times; none where the value does not fit.
pub(super) fn convert(cell: &Cell, from: &DataType, to: &DataType) -> Result<Option<Cell>> {
    use DataType as D;
    let unsupported = || Error::unsupported(format!("conversion of {from} to {to} in the interpreter"));
    let v = match cell {
        Cell::Interval { .. } if matches!(to, D::Interval(arrow_schema::IntervalUnit::MonthDayNano)) => {
            return Ok(Some(cell.clone()));
        }
        Cell::Int(v) => *v,
        _ => return Err(unsupported()),
    };
    let (a_day, to_day) = (per_day(from), per_day(to));
    let (per, zone) = ((a_day / DAY).max(1), zone_of(from)?);
    let rescaled = |v: i128| if to_day >= a_day { v * (to_day / a_day) } else { v.div_euclid(a_day / to_day) };
    let value = match (from, to) {
        (_, t) if t.is_integer() => v,
        (D::Timestamp(_, Some(_)), D::Timestamp(_, Some(_))) => rescaled(v),
        (D::Timestamp(_, Some(_)), D::Timestamp(_, None)) => rescaled(local(v, per, &zone)?),
        (D::Timestamp(_, None), D::Timestamp(_, Some(_))) => rescaled(instant(v, per, &zone_of(to)?)?),
        (D::Date32 | D::Date64, D::Timestamp(_, Some(_))) => {
            let zone = zone_of(to)?;
            instant(rescaled(v), to_day / DAY, &zone)?
        }
        (D::Timestamp(..), D::Date32 | D::Date64) => local(v, per, &zone)?.div_euclid(a_day) * to_day,
        (D::Timestamp(..), D::Time32(_) | D::Time64(_)) => rescaled(local(v, per, &zone)?.rem_euclid(a_day)),
        (D::Timestamp(..), D::Timestamp(..))
        | (D::Date32 | D::Date64, D::Timestamp(..) | D::Date32 | D::Date64)
        | (D::Time32(_) | D::Time64(_), D::Time32(_) | D::Time64(_)) => rescaled(v),
        // A span is cut toward zero.
        (D::Duration(_), D::Duration(_)) if to_day < a_day => v / (a_day / to_day),
        (D::Duration(_), D::Duration(_)) => rescaled(v),
        (D::Date32 | D::Time32(_) | D::Time64(_) | D::Timestamp(..), t) if t.is_string() => {
            let shown = naive(local(v, per, &zone)?, from).ok_or_else(unsupported)?;
            return Ok(Some(Cell::Text(match from {
                D::Date32 => format!("{:?}", shown.date()),
                D::Time32(_) | D::Time64(_) => format!("{:?}", shown.time()),
                D::Timestamp(_, Some(_)) => format!("{shown:?}{}", zone.shown(v.div_euclid(per))?),
                _ => format!("{shown:?}"),
            })));
        }
        _ => return Err(unsupported()),
    };
    Ok(within(value, to).then_some(Cell::Int(value)))
}
