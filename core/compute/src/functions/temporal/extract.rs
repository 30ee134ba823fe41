//! `EXTRACT`: a part of a date, time, timestamp, duration or interval.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::IntervalMonthDayNanoType;
use arrow_array::{ArrayRef, Float64Array, Int64Array};
use arrow_buffer::IntervalMonthDayNano;
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use pf_base::{Error, Result};

use super::ticks::{Ticks, floor_div, floor_rem, per_second};
use super::unit::Unit;
use crate::block::kernel;
use crate::calendar::{DAY, civil_of, day_of_year, iso_week, weekday};
use crate::text::{constant_of, constant_text};
use crate::timezone::Zone;
use crate::types::{Accepts, name, refuse};
use crate::{Argument, Binding, Call, ScalarKernel, Settings};

pub(super) fn bind(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let [field, from] = arguments else { return Err(refuse(arguments, "string, date or time")) };
    let text = constant_of(field).ok_or_else(|| Error::invalid_argument("the unit must be a literal string"))?;
    let unit = Unit::parse(&text, |_| true)?;
    let to = match Accepts::DateOrTimestamp.convert(from).or_else(|| Accepts::Temporal.convert(from)) {
        Some(DataType::Interval(_)) => DataType::Interval(IntervalUnit::MonthDayNano),
        Some(to) => to,
        None => return Err(refuse(&arguments[1..], Accepts::Temporal.name())),
    };
    if !has(&to, unit) {
        return Err(Error::wrong_type(format!("cannot take the {} of {}", unit.name(), name(&to))));
    }
    let result = if unit == Unit::Epoch { DataType::Float64 } else { DataType::Int64 };
    Ok(Binding { arguments: vec![DataType::Utf8, to], result })
}

/// Whether values of a type have such a part.
fn has(data_type: &DataType, unit: Unit) -> bool {
    match data_type {
        DataType::Date32 | DataType::Date64 => unit >= Unit::Day,
        DataType::Time32(_) | DataType::Time64(_) => unit < Unit::Day || unit == Unit::Epoch,
        DataType::Duration(_) => unit <= Unit::Day || unit == Unit::Epoch,
        DataType::Interval(_) => (unit.is_length() && unit != Unit::Week) || unit == Unit::Epoch,
        _ => true,
    }
}

pub(super) fn extract(call: &Call<'_>) -> Result<ScalarKernel> {
    let text = constant_text(call, 0).ok_or_else(|| Error::invalid_argument("the unit must be a literal string"))?;
    let unit = Unit::parse(&text, |_| true)?;
    Ok(kernel(call.result, move |values, block, _| {
        let value = &values[1];
        let nulls = block.nulls.clone();
        let integers =
            |values: Vec<i64>| -> Result<ArrayRef> { Ok(Arc::new(Int64Array::try_new(values.into(), nulls.clone())?)) };
        if let Some(intervals) = value.inner().as_primitive_opt::<IntervalMonthDayNanoType>() {
            return if unit == Unit::Epoch {
                let seconds = intervals.values().iter().map(|i| interval_seconds(*i)).collect();
                Ok(Arc::new(Float64Array::try_new(seconds, nulls)?))
            } else {
                integers(intervals.values().iter().map(|i| interval_part(*i, unit)).collect())
            };
        }
        let ticks = Ticks::of(value)?;
        let ticks = ticks.all();
        let per_day = |per: i64| DAY * per;
        match value.data_type() {
            _ if unit == Unit::Epoch => {
                let (times, per) = match value.data_type() {
                    DataType::Date32 => (DAY as f64, 1.0),
                    DataType::Date64 => (1.0, 1_000.0),
                    other => (1.0, per_second(unit_of(other)) as f64),
                };
                let seconds = ticks.iter().map(|&v| v as f64 * times / per).collect();
                Ok(Arc::new(Float64Array::try_new(seconds, nulls)?))
            }
            DataType::Date32 => integers(of_days(ticks, unit)),
            DataType::Date64 => integers(of_days(&floor_div(ticks, per_day(1_000)), unit)),
            DataType::Duration(in_unit) => integers(of_duration(ticks, per_second(*in_unit), unit)),
            DataType::Timestamp(in_unit, zone) => {
                let per = per_second(*in_unit);
                let zone = zone.as_deref().map_or(Ok(Zone::Fixed(0)), Zone::parse)?;
                // The seconds that clocks show; with what is finer they may lie beyond the type.
                let shown = |v: i64| {
                    let seconds = v.div_euclid(per);
                    seconds.saturating_add(zone.offset_at(seconds))
                };
                integers(match (zone, unit < Unit::Day) {
                    (Zone::Fixed(0), true) => of_time(&floor_rem(ticks, per_day(per)), per, unit),
                    (Zone::Fixed(0), false) => of_days(&floor_div(ticks, per_day(per)), unit),
                    (_, true) => {
                        let of_day = |v: &i64| shown(*v).rem_euclid(DAY) * per + v.rem_euclid(per);
                        of_time(&ticks.iter().map(of_day).collect::<Vec<i64>>(), per, unit)
                    }
                    (_, false) => of_days(&ticks.iter().map(|v| shown(*v).div_euclid(DAY)).collect::<Vec<i64>>(), unit),
                })
            }
            other => integers(of_time(ticks, per_second(unit_of(other)), unit)),
        }
    }))
}

fn unit_of(data_type: &DataType) -> TimeUnit {
    match data_type {
        DataType::Time32(unit) | DataType::Time64(unit) | DataType::Timestamp(unit, _) | DataType::Duration(unit) => {
            *unit
        }
        _ => TimeUnit::Second,
    }
}

/// A part of days since the epoch.
fn of_days(days: &[i64], unit: Unit) -> Vec<i64> {
    fn each(days: &[i64], part: impl Fn(i64) -> i64) -> Vec<i64> {
        days.iter().map(|&day| part(day)).collect()
    }
    match unit {
        Unit::Day => each(days, |d| civil_of(d).day),
        Unit::Week => each(days, |d| iso_week(d).1),
        Unit::Month => each(days, |d| civil_of(d).month),
        Unit::Quarter => each(days, |d| (civil_of(d).month + 2) / 3),
        Unit::Year => each(days, |d| civil_of(d).year),
        Unit::Decade => each(days, |d| civil_of(d).year.div_euclid(10)),
        Unit::Century => each(days, |d| counted(civil_of(d).year, 100)),
        Unit::Millennium => each(days, |d| counted(civil_of(d).year, 1_000)),
        Unit::IsoYear => each(days, |d| iso_week(d).0),
        Unit::DayOfWeek => each(days, |d| (d + 4).rem_euclid(7)),
        Unit::IsoDayOfWeek => each(days, |d| weekday(d) + 1),
        Unit::DayOfYear => each(days, day_of_year),
        _ => vec![0; days.len()],
    }
}

/// The number of the century or millennium of a year: the first begins with the year 1, the one before is -1.
fn counted(year: i64, length: i64) -> i64 {
    let number = (year - 1).div_euclid(length);
    if year > 0 { number + 1 } else { number }
}

/// A part of a time of day, in units of which a second has `per`.
fn of_time(ticks: &[i64], per: i64, unit: Unit) -> Vec<i64> {
    match unit {
        Unit::Hour => floor_div(ticks, 3_600 * per),
        Unit::Minute => floor_div(&floor_rem(ticks, 3_600 * per), 60 * per),
        Unit::Second => floor_div(&floor_rem(ticks, 60 * per), per),
        Unit::Millisecond => scaled(&floor_rem(ticks, 60 * per), per, 1_000),
        Unit::Microsecond => scaled(&floor_rem(ticks, 60 * per), per, 1_000_000),
        Unit::Nanosecond => scaled(&floor_rem(ticks, 60 * per), per, 1_000_000_000),
        _ => vec![0; ticks.len()],
    }
}

/// Less than a minute, in units of which a second has `to` instead of `per`.
fn scaled(ticks: &[i64], per: i64, to: i64) -> Vec<i64> {
    if to >= per { ticks.iter().map(|t| t * (to / per)).collect() } else { floor_div(ticks, per / to) }
}

/// A part of a duration, with its sign.
fn of_duration(ticks: &[i64], per: i64, unit: Unit) -> Vec<i64> {
    let part = |v: i64| match unit {
        Unit::Day => v / (DAY * per),
        Unit::Hour => v % (DAY * per) / (3_600 * per),
        Unit::Minute => v % (3_600 * per) / (60 * per),
        Unit::Second => v % (60 * per) / per,
        Unit::Millisecond => below_minute(v, per, 1_000),
        Unit::Microsecond => below_minute(v, per, 1_000_000),
        _ => below_minute(v, per, 1_000_000_000),
    };
    ticks.iter().map(|&v| part(v)).collect()
}

fn below_minute(value: i64, per: i64, to: i64) -> i64 {
    let rest = value % (60 * per);
    if to >= per { rest * (to / per) } else { rest / (per / to) }
}

fn interval_part(interval: IntervalMonthDayNano, unit: Unit) -> i64 {
    const PER: i64 = 1_000_000_000;
    let (years, months) = (i64::from(interval.months / 12), i64::from(interval.months % 12));
    match unit {
        Unit::Millennium => years / 1_000,
        Unit::Century => years / 100,
        Unit::Decade => years / 10,
        Unit::Year => years,
        Unit::Quarter => months / 3 + 1,
        Unit::Month => months,
        Unit::Day => interval.days.into(),
        // Days and hours are counted apart: hours go beyond 24.
        Unit::Hour => interval.nanoseconds / (3_600 * PER),
        Unit::Minute => interval.nanoseconds % (3_600 * PER) / (60 * PER),
        Unit::Second => interval.nanoseconds % (60 * PER) / PER,
        Unit::Millisecond => below_minute(interval.nanoseconds, PER, 1_000),
        Unit::Microsecond => below_minute(interval.nanoseconds, PER, 1_000_000),
        _ => below_minute(interval.nanoseconds, PER, PER),
    }
}

/// Years of 365.25 days, the other months of 30.
fn interval_seconds(interval: IntervalMonthDayNano) -> f64 {
    let days =
        f64::from(interval.months / 12) * 365.25 + f64::from(interval.months % 12) * 30.0 + f64::from(interval.days);
    days * DAY as f64 + interval.nanoseconds as f64 / 1e9
}
