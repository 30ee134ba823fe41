//! Timestamps to timestamps, dates, times, numbers and text, and back.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Date64Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array};
use arrow_schema::{DataType, TimeUnit};
use chrono::DateTime;
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
            let (from, to_unit) = (per_second(*a), per_second(*b));
            let ticks = ticks(array)?;
            let out = match (from_zone, to_zone) {
                (Some(zone), None) => {
                    let zone = Zone::parse(zone)?;
                    ticks.unary_opt(|v| scaled(local(v, from, zone), from, to_unit))
                }
                (None, Some(zone)) => {
                    let zone = Zone::parse(zone)?;
                    ticks.unary_opt(|v| scaled(instant(v, from, zone)?, from, to_unit))
                }
                _ => rescale(&ticks, from, to_unit),
            };
            by_arrow(&(Arc::new(out) as ArrayRef), to)
        }
        // A number is the count of units since 1970, in UTC where there is a zone.
        _ if is_number(from) || is_number(to) => by_arrow(array, to),
        (D::Timestamp(unit, zone), D::Date32 | D::Date64) => {
            let (per, zone) = (per_second(*unit), zone_of(zone.as_deref())?);
            let day = |v| local(v, per, zone).div_euclid(i128::from(DAY * per));
            let dates: ArrayRef = Arc::new(ticks(array)?.unary_opt::<_, Date32Type>(|v| i32::try_from(day(v)).ok()));
            by_arrow(&dates, to)
        }
        (D::Timestamp(unit, zone), D::Time32(other) | D::Time64(other)) => {
            let (per, zone) = (per_second(*unit), zone_of(zone.as_deref())?);
            let of_day = |v| local(v, per, zone).rem_euclid(i128::from(DAY * per));
            let of_day: Int64Array = ticks(array)?.unary_opt(|v| scaled(of_day(v), per, per_second(*other)));
            let of_day: ArrayRef = Arc::new(of_day);
            match to {
                D::Time32(_) => by_arrow(&by_arrow(&of_day, &D::Int32)?, to),
                _ => by_arrow(&of_day, to),
            }
        }
        (D::Timestamp(unit, Some(zone)), _) if is_string(to) => zoned_text(array, *unit, Zone::parse(zone)?, to),
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

/// [`rescale`] of one count.
fn scaled(value: i128, from: i64, to: i64) -> Option<i64> {
    let (from, to) = (i128::from(from), i128::from(to));
    i64::try_from(if from > to { value.div_euclid(from / to) } else { value * (to / from) }).ok()
}

fn zone_of(zone: Option<&str>) -> Result<Zone> {
    zone.map_or(Ok(Zone::Fixed(0)), Zone::parse)
}

/// What clocks of the zone show: some hours more than the type holds, at its ends.
fn local(value: i64, per: i64, zone: Zone) -> i128 {
    i128::from(value) + i128::from(zone.offset_at(value.div_euclid(per))) * i128::from(per)
}

/// When clocks of the zone show it.
fn instant(value: i64, per: i64, zone: Zone) -> Option<i128> {
    let seconds = zone.to_utc(value.div_euclid(per))?;
    Some(i128::from(seconds) * i128::from(per) + i128::from(value.rem_euclid(per)))
}

/// Local times with their distance from UTC behind them: `2020-01-31T12:00:00+01:00`.
fn zoned_text(array: &ArrayRef, unit: TimeUnit, zone: Zone, to: &DataType) -> Result<ArrayRef> {
    let (instants, per) = (ticks(array)?, per_second(unit));
    let time = |v: i64| {
        let shown = local(v, per, zone);
        let nanoseconds = shown.rem_euclid(per.into()) as i64 * (1_000_000_000 / per);
        let seconds = i64::try_from(shown.div_euclid(per.into())).ok()?;
        Some(DateTime::from_timestamp(seconds, nanoseconds as u32)?.naive_utc())
    };
    let mut out = StringBuilder::with_capacity(instants.len(), 32 * instants.len());
    for instant in &instants {
        let Some((instant, time)) = instant.and_then(|v| Some((v, time(v)?))) else {
            out.append_null();
            continue;
        };
        let offset = zone.offset_at(instant.div_euclid(per));
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        // Writing to the builder cannot fail.
        let _ = if zone == Zone::Fixed(0) {
            write!(out, "{time:?}Z")
        } else {
            write!(out, "{time:?}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        };
        out.append_value("");
    }
    let out: ArrayRef = Arc::new(out.finish());
    by_arrow(&out, to)
}
