//! Text to dates, times, timestamps, durations and intervals, as literals are read.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int64Type, IntervalDayTime, IntervalDayTimeType, IntervalMonthDayNano, IntervalMonthDayNanoType,
    IntervalYearMonthType,
};
use arrow_array::{ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, IntervalUnit};
use pf_base::{Error, Result};

use super::{by_arrow, time};
use crate::calendar::DAY;
use crate::parse::temporal;
use crate::timezone::Zone;

/// The values of texts; null where one is none.
pub(super) fn parse(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    Ok(match to {
        DataType::Date32 => Arc::new(each::<Date32Type>(array, date)),
        DataType::Date64 => {
            let days: ArrayRef = Arc::new(each::<Date32Type>(array, date));
            by_arrow(&days, to)?
        }
        DataType::Time32(unit) | DataType::Time64(unit) => {
            let per = time::per_second(*unit);
            let ticks: ArrayRef = Arc::new(each::<Int64Type>(array, |text| {
                let (seconds, fraction) = temporal::time(text)?;
                Some(i64::from(seconds) * per + part(fraction.nanoseconds, per))
            }));
            match to {
                // Arrow goes from 32 bits to 32 bits only.
                DataType::Time32(_) => by_arrow(&by_arrow(&ticks, &DataType::Int32)?, to)?,
                _ => by_arrow(&ticks, to)?,
            }
        }
        DataType::Timestamp(unit, zone) => {
            let per = time::per_second(*unit);
            let zone = zone.as_ref().map(|z| Zone::parse(z)).transpose()?;
            let ticks: ArrayRef = Arc::new(each::<Int64Type>(array, |text| {
                let (seconds, fraction, has_offset) = temporal::timestamp(text)?;
                let seconds = match zone {
                    Some(zone) if !has_offset => zone.to_utc(seconds)?,
                    _ => seconds,
                };
                seconds.checked_mul(per)?.checked_add(part(fraction.nanoseconds, per))
            }));
            by_arrow(&ticks, to)?
        }
        DataType::Duration(unit) => {
            let per = time::per_second(*unit);
            let ticks: ArrayRef = Arc::new(each::<Int64Type>(array, |text| {
                let value = interval(text).filter(|v| v.months == 0)?;
                let whole = i64::from(value.days).checked_mul(DAY * 1_000_000_000)?.checked_add(value.nanoseconds)?;
                Some(whole / (1_000_000_000 / per))
            }));
            by_arrow(&ticks, to)?
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => Arc::new(each::<IntervalMonthDayNanoType>(array, interval)),
        DataType::Interval(IntervalUnit::YearMonth) => Arc::new(each::<IntervalYearMonthType>(array, |text| {
            interval(text).filter(|v| v.days == 0 && v.nanoseconds == 0).map(|v| v.months)
        })),
        DataType::Interval(IntervalUnit::DayTime) => Arc::new(each::<IntervalDayTimeType>(array, |text| {
            let value = interval(text).filter(|v| v.months == 0 && v.nanoseconds % 1_000_000 == 0)?;
            let milliseconds = i32::try_from(value.nanoseconds / 1_000_000).ok()?;
            Some(IntervalDayTime { days: value.days, milliseconds })
        })),
        other => return Err(Error::internal(format!("text cannot be read as {other}"))),
    })
}

/// Nanoseconds below a second in a coarser unit.
fn part(nanoseconds: u32, per: i64) -> i64 {
    i64::from(nanoseconds) / (1_000_000_000 / per)
}

fn date(text: &str) -> Option<i32> {
    if let Some(days) = temporal::date(text) {
        return Some(days);
    }
    let (seconds, ..) = temporal::timestamp(text)?;
    i32::try_from(seconds.div_euclid(DAY)).ok()
}

fn interval(text: &str) -> Option<IntervalMonthDayNano> {
    temporal::interval(text).ok()
}

/// What `read` makes of every text without the blanks around it.
fn each<T: ArrowPrimitiveType>(array: &ArrayRef, read: impl Fn(&str) -> Option<T::Native>) -> PrimitiveArray<T> {
    let read = |text: Option<&str>| read(text?.trim_ascii());
    match array.data_type() {
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(read).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(read).collect(),
        _ => array.as_string::<i32>().iter().map(read).collect(),
    }
}
