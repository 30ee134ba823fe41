//! `at_time_zone` and `make_date`.

use arrow_schema::{DataType, TimeUnit};
use pf_base::{Error, Result};

use super::ticks::{Ticks, from_ticks, overflow, per_second, show};
use crate::block::{Integers, kernel};
use crate::calendar::{Civil, days_in_month, days_of};
use crate::text::{constant_of, constant_text};
use crate::timezone::Zone;
use crate::types::{Accepts, always, name, refuse};
use crate::{Argument, Binding, Call, ScalarKernel, Settings, types};

fn zone_of(text: Option<String>) -> Result<Zone> {
    Zone::parse(&text.ok_or_else(|| Error::invalid_argument("the time zone must be a literal string"))?)
}

pub(super) fn bind_at_time_zone(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let [from, zone] = arguments else { return Err(refuse(arguments, "timestamp, string")) };
    let zone = zone_of(constant_of(zone))?;
    let (from, result) = match Accepts::DateOrTimestamp.convert(from) {
        Some(DataType::Timestamp(unit, Some(of))) => {
            (DataType::Timestamp(unit, Some(of)), DataType::Timestamp(unit, None))
        }
        Some(DataType::Timestamp(unit, None)) => {
            (DataType::Timestamp(unit, None), DataType::Timestamp(unit, Some(zone.name().into())))
        }
        Some(_) => {
            let unit = TimeUnit::Microsecond;
            (DataType::Timestamp(unit, None), DataType::Timestamp(unit, Some(zone.name().into())))
        }
        None => return Err(refuse(&arguments[..1], "timestamp")),
    };
    Ok(Binding { arguments: vec![from, DataType::Utf8], result })
}

pub(super) fn at_time_zone(call: &Call<'_>) -> Result<ScalarKernel> {
    let zone = zone_of(constant_text(call, 1))?;
    let DataType::Timestamp(unit, to) = call.result else {
        return Err(Error::internal("at_time_zone gives a timestamp"));
    };
    let (per, to_local) = (per_second(*unit), to.is_none());
    Ok(kernel(call.result, move |values, block, result| {
        let value = &values[0];
        let ticks = Ticks::of(value)?;
        let moved = |v: i64| {
            let seconds = v.div_euclid(per);
            let seconds = if to_local { seconds.checked_add(zone.offset_at(seconds))? } else { zone.to_utc(seconds)? };
            let moved = i128::from(seconds) * i128::from(per) + i128::from(v.rem_euclid(per));
            i64::try_from(moved).ok()
        };
        let too_far = |row| overflow(format!("{} at {} overflows {}", show(value, row), zone.name(), name(result)));
        let row = |(row, &v): (usize, &i64)| match moved(v) {
            Some(moved) => Ok(moved),
            None if block.is_valid(row) => Err(too_far(row)),
            None => Ok(0),
        };
        let moved = ticks.all().iter().enumerate().map(row).collect::<Result<Vec<i64>>>()?;
        from_ticks(moved, result, block.nulls.clone())?.map_err(too_far)
    }))
}

pub(super) fn bind_make_date(arguments: &[Argument], _: Settings) -> Result<Binding> {
    types::bind(arguments, &[Accepts::Int64], &always(DataType::Date32))
}

pub(super) fn make_date(call: &Call<'_>) -> Result<ScalarKernel> {
    // Beyond them no day fits a date32.
    const YEARS: std::ops::RangeInclusive<i64> = -6_000_000..=6_000_000;
    Ok(kernel(call.result, |values, block, result| {
        let (years, months, days) = (Integers::of(&values[0]), Integers::of(&values[1]), Integers::of(&values[2]));
        let too_far = |row| {
            let (year, month, day) = (years.get(row), months.get(row), days.get(row));
            overflow(format!("the year {year}, month {month}, day {day} is beyond date32"))
        };
        let date = |row| {
            let (year, month, day) = (years.get(row), months.get(row), days.get(row));
            if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
                return Err(Error::invalid_argument(format!(
                    "there is no month {month}, day {day} in the year {year}"
                )));
            }
            if YEARS.contains(&year) { Ok(days_of(Civil { year, month, day })) } else { Err(too_far(row)) }
        };
        let dates = (0..block.rows).map(|row| if block.is_valid(row) { date(row) } else { Ok(0) });
        from_ticks(dates.collect::<Result<Vec<i64>>>()?, result, block.nulls.clone())?.map_err(too_far)
    }))
}
