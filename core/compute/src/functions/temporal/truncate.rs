//! `date_trunc`: the start of the unit that a time lies in.

use arrow_schema::{DataType, TimeUnit};
use pf_base::{Error, Result};

use super::ticks::{Ticks, floor_rem, from_ticks, overflow, per_second, show};
use super::unit::Unit;
use crate::block::kernel;
use crate::calendar::{Civil, DAY, civil_of, days_of, weekday};
use crate::text::{constant_of, constant_text};
use crate::timezone::Zone;
use crate::types::{Accepts, name, refuse};
use crate::{Argument, Binding, Call, ScalarKernel, Settings};

const TAKES: &str = "date, time, timestamp or duration";

fn unit_of(text: Option<String>) -> Result<Unit> {
    let text = text.ok_or_else(|| Error::invalid_argument("the unit must be a literal string"))?;
    Unit::parse(&text, Unit::is_length)
}

pub(super) fn bind(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let [unit, from] = arguments else { return Err(refuse(arguments, TAKES)) };
    let unit = unit_of(constant_of(unit))?;
    let to = match Accepts::DateOrTimestamp.convert(from).or_else(|| Accepts::Temporal.convert(from)) {
        None | Some(DataType::Interval(_)) => return Err(refuse(&arguments[1..], TAKES)),
        Some(to) => to,
    };
    let longest = match to {
        DataType::Time32(_) | DataType::Time64(_) => Unit::Hour,
        DataType::Duration(_) => Unit::Day,
        _ => Unit::Millennium,
    };
    if unit > longest {
        return Err(Error::wrong_type(format!("cannot cut {} to a {}", name(&to), unit.name())));
    }
    Ok(Binding { arguments: vec![DataType::Utf8, to.clone()], result: to })
}

pub(super) fn truncate(call: &Call<'_>) -> Result<ScalarKernel> {
    let unit = unit_of(constant_text(call, 0))?;
    let zone = match call.result {
        DataType::Timestamp(_, Some(zone)) => Zone::parse(zone)?,
        _ => Zone::Fixed(0),
    };
    Ok(kernel(call.result, move |values, block, result| {
        let value = &values[1];
        let before =
            |row| overflow(format!("the {} of {} begins before {}", unit.name(), show(value, row), name(result)));
        let ticks = Ticks::of(value)?;
        let all = ticks.all();
        // Where a unit has always as many ticks, what is left of it is taken away: from a duration toward zero.
        let (per, per_day) = match result {
            DataType::Date32 => (1, 1),
            DataType::Date64 => (1_000, DAY * 1_000),
            DataType::Time32(u) | DataType::Time64(u) | DataType::Timestamp(u, _) | DataType::Duration(u) => {
                (per_second(*u), DAY * per_second(*u))
            }
            _ => (per_second(TimeUnit::Second), DAY),
        };
        let length = if *result == DataType::Date32 { (unit <= Unit::Day).then_some(1) } else { unit.ticks(per) };
        let mut failed = None;
        let mut checked = |row: usize, cut: Option<i64>| {
            if cut.is_none() && failed.is_none() && block.is_valid(row) {
                failed = Some(row);
            }
            cut.unwrap_or_default()
        };
        let cut: Vec<i64> = match (length, zone) {
            (Some(1), _) => return Ok(value.inner().clone()),
            (Some(length), _) if matches!(result, DataType::Duration(_)) => {
                all.iter().map(|v| v - v % length).collect()
            }
            (Some(length), Zone::Fixed(0)) => {
                let rest = floor_rem(all, length);
                all.iter().zip(rest).enumerate().map(|(row, (v, rest))| checked(row, v.checked_sub(rest))).collect()
            }
            (None, Zone::Fixed(0)) => {
                let cut = |v: i64| start_of(v.div_euclid(per_day), unit).checked_mul(per_day);
                all.iter().enumerate().map(|(row, &v)| checked(row, cut(v))).collect()
            }
            (_, zone) => {
                let cut = |v| in_zone(v, unit, per, zone);
                all.iter().enumerate().map(|(row, &v)| checked(row, cut(v))).collect()
            }
        };
        if let Some(row) = failed {
            return Err(before(row));
        }
        from_ticks(cut, result, block.nulls.clone())?.map_err(before)
    }))
}

/// The first day of the unit that a day lies in.
fn start_of(day: i64, unit: Unit) -> i64 {
    let first = |year, month| days_of(Civil { year, month, day: 1 });
    let civil = || civil_of(day);
    match unit {
        Unit::Week => day - weekday(day),
        Unit::Month => day - civil().day + 1,
        Unit::Quarter => {
            let Civil { year, month, .. } = civil();
            first(year, (month - 1) / 3 * 3 + 1)
        }
        Unit::Year => first(civil().year, 1),
        Unit::Decade => first(civil().year.div_euclid(10) * 10, 1),
        Unit::Century => first((civil().year - 1).div_euclid(100) * 100 + 1, 1),
        Unit::Millennium => first((civil().year - 1).div_euclid(1_000) * 1_000 + 1, 1),
        _ => day,
    }
}

/// A timestamp cut in the local time of a zone.
fn in_zone(value: i64, unit: Unit, per: i64, zone: Zone) -> Option<i64> {
    let east = zone.offset_at(value.div_euclid(per));
    // At the ends of the type local times lie beyond it.
    let local = i128::from(value) + i128::from(east) * i128::from(per);
    let cut = match unit.ticks(per) {
        Some(ticks) => local - local.rem_euclid(ticks.into()),
        None => {
            let day = i128::from(DAY * per);
            i128::from(start_of(i64::try_from(local.div_euclid(day)).ok()?, unit)) * day
        }
    };
    let per = i128::from(per);
    let seconds = |v: i128| i64::try_from(v.div_euclid(per)).ok();
    if unit < Unit::Day {
        // An hour that comes twice is cut where it is, not in the one before.
        let same = cut - i128::from(east) * per;
        if zone.offset_at(seconds(same)?) == east {
            return i64::try_from(same).ok();
        }
    }
    let start = i128::from(zone.to_utc(seconds(cut)?)?) * per + cut.rem_euclid(per);
    i64::try_from(start).ok()
}
