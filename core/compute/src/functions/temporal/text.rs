//! Between text and time: `to_timestamp`, `to_date`, `strftime`.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Error, Result};

use super::ticks::{Ticks, from_ticks, overflow, per_second, show};
use crate::block::{Block, kernel, mask_of};
use crate::calendar::DAY;
use crate::iso;
use crate::strftime::{Format, Parts, time_of};
use crate::text::{Texts, constant_of, constant_text, write_rows};
use crate::timezone::Zone;
use crate::types::{Class, class, is_number, is_string, name, refuse, value_type};
use crate::{Argument, Binding, Call, ScalarKernel, Settings, Value};

const MICROSECONDS: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
const PER: i64 = 1_000_000;

/// The format of a literal; none for `NULL`.
fn format_of(text: Option<String>) -> Result<Option<Format>> {
    text.map(|text| Format::new(&text)).transpose()
}

/// What the format is converted to: a `NULL` stays one, which says that there is none.
fn format_type(format: &Argument) -> DataType {
    if constant_of(format).is_some() { DataType::Utf8 } else { DataType::Null }
}

pub(super) fn bind_to_timestamp(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let [from, format] = arguments else { return Err(refuse(arguments, "string or number")) };
    let given = value_type(&from.data_type);
    let parsed = format_of(constant_of(format))?;
    let (from, result) = match class(&given) {
        Class::Null => (DataType::Utf8, MICROSECONDS),
        Class::String if parsed.is_some_and(|f| f.has_offset()) => {
            (given, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
        }
        Class::String => (given, MICROSECONDS),
        Class::Integer => (DataType::Int64, MICROSECONDS),
        _ if is_number(&given) => (DataType::Float64, MICROSECONDS),
        _ => return Err(refuse(&arguments[..1], "string or number")),
    };
    Ok(Binding { arguments: vec![from, format_type(format)], result })
}

pub(super) fn to_timestamp(call: &Call<'_>) -> Result<ScalarKernel> {
    let format = format_of(constant_text(call, 1))?;
    Ok(kernel(call.result, move |values, block, result| {
        let value = &values[0];
        let too_far = |row| overflow(format!("{} seconds are beyond {}", show(value, row), name(result)));
        if is_string(value.data_type()) {
            let read = |text: &str| parse(text, format.as_ref(), PER, "timestamp");
            return read_rows(value, block, result, read);
        }
        let seconds: Vec<Option<i64>> = match value.inner().as_primitive_opt::<Float64Type>() {
            Some(floats) => {
                let microseconds = |s: f64| {
                    let ticks = (s * PER as f64).round();
                    // The limits are powers of two, which floats hold; NaN is beyond them too.
                    (ticks >= -(2.0_f64.powi(63)) && ticks < 2.0_f64.powi(63)).then_some(ticks as i64)
                };
                floats.values().iter().map(|&s| microseconds(s)).collect()
            }
            None => Ticks::of(value)?.all().iter().map(|s| s.checked_mul(PER)).collect(),
        };
        if let Some(row) = (0..seconds.len()).find(|&row| seconds[row].is_none() && block.is_valid(row)) {
            return Err(too_far(row));
        }
        let ticks = seconds.into_iter().map(Option::unwrap_or_default).collect();
        from_ticks(ticks, result, block.nulls.clone())?.map_err(too_far)
    }))
}

pub(super) fn bind_to_date(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let [from, format] = arguments else { return Err(refuse(arguments, "string, date or timestamp")) };
    format_of(constant_of(format))?;
    let given = value_type(&from.data_type);
    let from = match class(&given) {
        Class::Null => DataType::Utf8,
        Class::String | Class::Date | Class::Timestamp => given,
        _ => return Err(refuse(&arguments[..1], "string, date or timestamp")),
    };
    Ok(Binding { arguments: vec![from, format_type(format)], result: DataType::Date32 })
}

pub(super) fn to_date(call: &Call<'_>) -> Result<ScalarKernel> {
    let format = format_of(constant_text(call, 1))?;
    Ok(kernel(call.result, move |values, block, result| {
        let value = &values[0];
        if is_string(value.data_type()) {
            // The date that the text shows, whatever the offset beside it.
            let read = |text: &str| match &format {
                None => iso::parse(text).map(|moment| moment.days).ok_or_else(|| unreadable(text, "date", None)),
                Some(_) => Ok(parse(text, format.as_ref(), 1, "date")?.div_euclid(DAY)),
            };
            return read_rows(value, block, result, read);
        }
        let ticks = Ticks::of(value)?;
        let days: Vec<i64> = match value.data_type() {
            DataType::Date32 => return Ok(value.inner().clone()),
            DataType::Timestamp(unit, zone) => {
                let per = per_second(*unit);
                let zone = zone.as_deref().map_or(Ok(Zone::Fixed(0)), Zone::parse)?;
                let local = |seconds: i64| seconds.saturating_add(zone.offset_at(seconds));
                ticks.all().iter().map(|v| local(v.div_euclid(per)).div_euclid(DAY)).collect()
            }
            _ => ticks.all().iter().map(|v| v.div_euclid(DAY * 1_000)).collect(),
        };
        let too_far = |row| overflow(format!("{} is beyond date32", show(value, row)));
        from_ticks(days, result, block.nulls.clone())?.map_err(too_far)
    }))
}

/// Text row by row as ticks.
fn read_rows(
    value: &Value,
    block: &Block,
    result: &DataType,
    read: impl Fn(&str) -> Result<i64>,
) -> Result<arrow_array::ArrayRef> {
    let texts = Texts::of(value)?;
    let ticks = (0..block.rows).map(|row| if block.is_valid(row) { read(texts.get(row)) } else { Ok(0) });
    let ticks = ticks.collect::<Result<Vec<i64>>>()?;
    from_ticks(ticks, result, block.nulls.clone())?
        .map_err(|row| overflow(format!("'{}' is beyond {}", texts.get(row), name(result))))
}

/// The units since the epoch of which a second has `per`.
fn parse(text: &str, format: Option<&Format>, per: i64, what: &str) -> Result<i64> {
    let Some(format) = format else {
        let moment = iso::parse(text).ok_or_else(|| unreadable(text, what, None))?;
        return moment.ticks(per).ok_or_else(|| overflow(format!("'{text}' is beyond {what}")));
    };
    let time = format.parse(text).map_err(|e| unreadable(text, what, Some((format, e))))?.and_utc();
    Ok(if per == 1 { time.timestamp() } else { time.timestamp_micros() })
}

fn unreadable(text: &str, what: &str, format: Option<(&Format, chrono::ParseError)>) -> Error {
    // A long text is shown by its start.
    let shown: String = text.chars().take(64).collect();
    Error::invalid_argument(match format {
        None => format!(
            "cannot read '{shown}' as a {what}; one as '2024-01-31' or '2024-01-31 10:20:30.5+02:00' was expected"
        ),
        Some((format, reason)) => {
            format!("cannot read '{shown}' as a {what} of the format '{}': {reason}", format.text())
        }
    })
}

pub(super) fn bind_strftime(arguments: &[Argument], _: Settings) -> Result<Binding> {
    const TAKES: &str = "date, time or timestamp";
    let [from, format] = arguments else { return Err(refuse(arguments, TAKES)) };
    let given = value_type(&from.data_type);
    let from = match class(&given) {
        Class::Null => MICROSECONDS,
        Class::String if from.constant.is_some() => MICROSECONDS,
        Class::Date | Class::Time | Class::Timestamp => given,
        _ => return Err(refuse(&arguments[..1], TAKES)),
    };
    if let Some(format) = format_of(constant_of(format))? {
        // What the type has not would fail in the first row.
        format.write(&mut String::new(), chrono::NaiveDateTime::default(), parts_of(&from)?)?;
    }
    Ok(Binding { arguments: vec![from, DataType::Utf8], result: DataType::Utf8 })
}

fn parts_of(data_type: &DataType) -> Result<Parts> {
    Ok(match data_type {
        DataType::Time32(_) | DataType::Time64(_) => Parts::Time,
        DataType::Timestamp(_, Some(zone)) => Parts::Zoned(Zone::parse(zone)?),
        _ => Parts::Local,
    })
}

pub(super) fn strftime(call: &Call<'_>) -> Result<ScalarKernel> {
    let known = format_of(constant_text(call, 1))?;
    Ok(kernel(call.result, move |values, block, result| {
        let Some(format) = &known else {
            return Err(Error::invalid_argument("the format must be a literal string"));
        };
        let value = &values[0];
        let (ticks, parts) = (Ticks::of(value)?, parts_of(value.data_type())?);
        debug_assert!(block.rows == 1 || mask_of(value) != 0);
        let (factor, per) = match value.data_type() {
            DataType::Date32 => (DAY, 1),
            DataType::Date64 => (1, 1_000),
            DataType::Time32(unit) | DataType::Time64(unit) | DataType::Timestamp(unit, _) => (1, per_second(*unit)),
            other => return Err(Error::internal(format!("{other} has no format"))),
        };
        write_rows(block, result, |row, output| {
            let time = time_of(ticks.get(row) * factor, per);
            let too_far = || overflow(format!("{} is beyond the years that can be written", show(value, row)));
            format.write(output, time.ok_or_else(too_far)?, parts)?;
            Ok(true)
        })
    }))
}
