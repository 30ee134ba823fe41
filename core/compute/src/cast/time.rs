//! Timestamps to timestamps, dates, times, numbers and text, and back.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Date64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Error, Result};

use super::by_arrow;
use crate::calendar::DAY;
use crate::timezone::Zone;
use crate::types::{is_number, is_string};

/// How many units a second has.
pub(super) const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// The days of a date in milliseconds, which may have a time of day.
pub(super) fn days(array: &ArrayRef) -> Result<ArrayRef> {
    let days = array.as_primitive::<Date64Type>();
    let out = days.unary_opt::<_, Date32Type>(|v| i32::try_from(v.div_euclid(DAY * 1_000)).ok());
    Ok(Arc::new(out))
}

/// A conversion from or to a timestamp.
pub(super) fn convert(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    use DataType as D;
    let from = array.data_type();
    match (from, to) {
        (D::Timestamp(a, from_zone), D::Timestamp(b, to_zone)) => {
            let mut ticks = ticks(array)?;
            match (from_zone, to_zone) {
                (Some(zone), None) => ticks = local(&ticks, *a, Zone::parse(zone)?),
                (None, Some(zone)) => {
                    let zone = Zone::parse(zone)?;
                    ticks = seconds_by(&ticks, *a, |seconds| zone.to_utc(seconds));
                }
                _ => {}
            }
            let ticks: ArrayRef = Arc::new(rescale(&ticks, per_second(*a), per_second(*b)));
            by_arrow(&ticks, to)
        }
        // A number is the count of units since 1970, in UTC where there is a zone.
        _ if is_number(from) || is_number(to) => by_arrow(array, to),
        (D::Timestamp(unit, Some(zone)), _) => {
            let zone = Zone::parse(zone)?;
            let naive: ArrayRef = Arc::new(local(&ticks(array)?, *unit, zone));
            let naive = by_arrow(&naive, &D::Timestamp(*unit, None))?;
            if is_string(to) { zoned_text(array, &naive, *unit, zone, to) } else { convert(&naive, to) }
        }
        (D::Timestamp(unit, None), D::Date32 | D::Date64) => {
            let per_day = DAY * per_second(*unit);
            let dates: ArrayRef =
                Arc::new(ticks(array)?.unary_opt::<_, Date32Type>(|v| i32::try_from(v.div_euclid(per_day)).ok()));
            by_arrow(&dates, to)
        }
        (D::Timestamp(unit, None), D::Time32(other) | D::Time64(other)) => {
            let of_day = ticks(array)?.unary::<_, Int64Type>(|v| v.rem_euclid(DAY * per_second(*unit)));
            let of_day: ArrayRef = Arc::new(rescale(&of_day, per_second(*unit), per_second(*other)));
            match to {
                D::Time32(_) => by_arrow(&by_arrow(&of_day, &D::Int32)?, to),
                _ => by_arrow(&of_day, to),
            }
        }
        (D::Date32 | D::Date64, D::Timestamp(unit, _)) => {
            let midnight = by_arrow(&by_arrow(array, &D::Int64)?, &D::Int64)?;
            let per = if *from == D::Date32 { DAY } else { 1 };
            let seconds = midnight.as_primitive::<Int64Type>();
            let naive = match from {
                D::Date32 => seconds.unary_opt::<_, Int64Type>(|v| v.checked_mul(per)?.checked_mul(per_second(*unit))),
                _ => rescale(seconds, 1_000, per_second(*unit)),
            };
            let naive: ArrayRef = Arc::new(naive);
            convert(&by_arrow(&naive, &D::Timestamp(*unit, None))?, to)
        }
        _ if from == to => Ok(array.clone()),
        (D::Timestamp(..), _) => by_arrow(array, to),
        _ => Err(Error::internal(format!("{from} cannot be a timestamp"))),
    }
}

fn ticks(array: &ArrayRef) -> Result<Int64Array> {
    Ok(by_arrow(array, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

/// Counts of one unit in another, null where they overflow. A coarser unit is the one that has begun.
fn rescale(ticks: &Int64Array, from: i64, to: i64) -> Int64Array {
    match from {
        _ if from == to => ticks.clone(),
        _ if from > to => ticks.unary(|v| v.div_euclid(from / to)),
        _ => ticks.unary_opt(|v| v.checked_mul(to / from)),
    }
}

/// The counts with their seconds changed, null where they overflow.
fn seconds_by(ticks: &Int64Array, unit: TimeUnit, change: impl Fn(i64) -> Option<i64>) -> Int64Array {
    let per = per_second(unit);
    ticks.unary_opt(|v| change(v.div_euclid(per))?.checked_mul(per)?.checked_add(v.rem_euclid(per)))
}

/// What clocks of the zone show.
fn local(ticks: &Int64Array, unit: TimeUnit, zone: Zone) -> Int64Array {
    seconds_by(ticks, unit, |seconds| seconds.checked_add(zone.offset_at(seconds)))
}

/// Local times with their distance from UTC behind them: `2020-01-31T12:00:00+01:00`.
fn zoned_text(array: &ArrayRef, naive: &ArrayRef, unit: TimeUnit, zone: Zone, to: &DataType) -> Result<ArrayRef> {
    let (instants, texts) = (ticks(array)?, by_arrow(naive, &DataType::Utf8)?);
    let texts = texts.as_string::<i32>();
    let mut out = StringBuilder::with_capacity(texts.len(), texts.values().len() + 6 * texts.len());
    for row in 0..texts.len() {
        if texts.is_null(row) || instants.is_null(row) {
            out.append_null();
            continue;
        }
        let offset = zone.offset_at(instants.value(row).div_euclid(per_second(unit)));
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        // Writing to the builder cannot fail.
        let _ = if zone == Zone::Fixed(0) {
            write!(out, "{}Z", texts.value(row))
        } else {
            write!(out, "{}{sign}{:02}:{:02}", texts.value(row), minutes / 60, minutes % 60)
        };
        out.append_value("");
    }
    let out: ArrayRef = Arc::new(out.finish());
    by_arrow(&out, to)
}
