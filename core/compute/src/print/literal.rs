//! Literals that say their type.

use std::fmt::{self, Formatter, Write};

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, IntervalMonthDayNano, IntervalMonthDayNanoType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampNanosecondType,
};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::data_type::data_type;
use super::quoted;

/// Writes the first row of `array`.
pub(super) fn typed(array: &dyn Array, f: &mut Formatter<'_>) -> fmt::Result {
    if array.is_empty() || array.is_null(0) {
        f.write_str("CAST(NULL AS ")?;
        data_type(array.data_type(), f)?;
        return f.write_char(')');
    }
    match as_literal(array) {
        Some(text) => f.write_str(&text),
        None => other(array, f),
    }
}

/// A value for whose type there is a literal, and that such a literal can hold.
fn as_literal(array: &dyn Array) -> Option<String> {
    const MICROSECOND: i64 = 1_000;
    const SECOND: i64 = 1_000_000_000;
    Some(match array.data_type() {
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(0);
            let date = NaiveDate::from_num_days_from_ce_opt(days.checked_add(719_163)?)?;
            format!("DATE '{}'", date_text(date))
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            let value = array.as_primitive::<Time64MicrosecondType>().value(0);
            format!("TIME '{}'", time_text(time(value.checked_mul(MICROSECOND)?)?, false))
        }
        DataType::Time64(TimeUnit::Nanosecond) => {
            let value = array.as_primitive::<Time64NanosecondType>().value(0);
            format!("TIME '{}'", time_text(time(value)?, true))
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            let value = array.as_primitive::<TimestampMicrosecondType>().value(0);
            timestamp_text(DateTime::from_timestamp_micros(value)?.naive_utc(), zone.as_deref(), false)?
        }
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            let value = array.as_primitive::<TimestampNanosecondType>().value(0);
            let nanoseconds = u32::try_from(value.rem_euclid(SECOND)).ok()?;
            let at = DateTime::from_timestamp(value.div_euclid(SECOND), nanoseconds)?;
            timestamp_text(at.naive_utc(), zone.as_deref(), true)?
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            format!("INTERVAL '{}'", interval_text(array.as_primitive::<IntervalMonthDayNanoType>().value(0)))
        }
        DataType::Binary => {
            let digits: String = array.as_binary::<i32>().value(0).iter().map(|b| format!("{b:02X}")).collect();
            format!("X'{digits}'")
        }
        _ => return None,
    })
}

fn time(nanoseconds: i64) -> Option<NaiveTime> {
    let nanoseconds = u64::try_from(nanoseconds).ok()?;
    let seconds = u32::try_from(nanoseconds / 1_000_000_000).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, u32::try_from(nanoseconds % 1_000_000_000).ok()?)
}

fn date_text(date: NaiveDate) -> String {
    let sign = if date.year() < 0 { "-" } else { "" };
    format!("{sign}{:04}-{:02}-{:02}", date.year().unsigned_abs(), date.month(), date.day())
}

/// A time; to the nanosecond all its digits are written, for those say the type.
fn time_text(time: NaiveTime, fine: bool) -> String {
    let seconds = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    let microseconds = time.nanosecond() / 1_000;
    if fine {
        format!("{seconds}.{:09}", time.nanosecond())
    } else if microseconds > 0 {
        format!("{seconds}.{microseconds:06}")
    } else {
        seconds
    }
}

fn timestamp_text(at: NaiveDateTime, zone: Option<&str>, fine: bool) -> Option<String> {
    let suffix = match zone {
        None => "",
        Some("UTC") => "Z",
        Some(_) => return None,
    };
    Some(format!("TIMESTAMP '{} {}{suffix}'", date_text(at.date()), time_text(at.time(), fine)))
}

fn interval_text(value: IntervalMonthDayNano) -> String {
    let (years, months) = (value.months / 12, value.months % 12);
    let mut parts = Vec::new();
    for (count, unit) in [(years, "year"), (months, "month"), (value.days, "day")] {
        if count != 0 {
            parts.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    if value.nanoseconds != 0 || parts.is_empty() {
        let sign = if value.nanoseconds < 0 { "-" } else { "" };
        let (seconds, fraction) =
            (value.nanoseconds.unsigned_abs() / 1_000_000_000, value.nanoseconds.unsigned_abs() % 1_000_000_000);
        let mut text = format!("{sign}{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if fraction > 0 {
            text.push_str(format!(".{fraction:09}").trim_end_matches('0'));
        }
        parts.push(text);
    }
    parts.join(" ")
}

/// Any other value: its text, converted. That is another tree, with the same value.
fn other(array: &dyn Array, f: &mut Formatter<'_>) -> fmt::Result {
    let options = FormatOptions::default();
    let text = match ArrayFormatter::try_new(array, &options) {
        Ok(formatter) => formatter.value(0).try_to_string().unwrap_or_default(),
        Err(_) => String::new(),
    };
    f.write_str("CAST(")?;
    quoted(&text, '\'', f)?;
    f.write_str(" AS ")?;
    data_type(array.data_type(), f)?;
    f.write_char(')')
}
