//! Sums, differences and multiples of dates, times, timestamps, durations and intervals.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, IntervalMonthDayNanoType};
use arrow_array::{ArrayRef, IntervalMonthDayNanoArray, PrimitiveArray};
use arrow_buffer::{IntervalMonthDayNano, ScalarBuffer};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use pf_base::{Error, Result};

use super::ticks::{Ticks, from_ticks, overflow, per_second, show};
use crate::block::{Block, mask_of, null_of};
use crate::calendar::{DAY, add_months};
use crate::timezone::Zone;
use crate::types::name;
use crate::{Binding, Value};

/// An operation of which an operand is a date, time, timestamp, duration or interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TemporalOp {
    Add,
    Sub,
    /// An interval or duration an integer number of times.
    Mul,
    /// How many times a duration holds another.
    Div,
}

impl TemporalOp {
    fn symbol(self) -> &'static str {
        match self {
            TemporalOp::Add => "+",
            TemporalOp::Sub => "-",
            TemporalOp::Mul => "*",
            TemporalOp::Div => "/",
        }
    }
}

const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

/// What the operands are converted to, and the type of the result; none where the operation has no meaning.
///
/// - A date moves by an interval, a duration or an integer number of days and stays a date.
/// - A timestamp or time of day moves by an interval or a duration; of a timestamp and a duration the finer unit is that
///   of the result.
/// - The difference of two dates, timestamps or times is a duration: of seconds between dates (milliseconds where one is
///   a date64), of the finer unit between the others. A date beside a timestamp without a zone is its midnight.
/// - Intervals and durations are added to and subtracted from each other; a mixture is an interval.
/// - An interval or duration times an integer keeps its type. A duration divided by another is a float64.
pub(crate) fn temporal_binding(op: TemporalOp, a: &DataType, b: &DataType) -> Option<Binding> {
    let one_way = |a: &DataType, b: &DataType| match op {
        TemporalOp::Add | TemporalOp::Sub => moved(a, b),
        TemporalOp::Mul => multiplied(a, b),
        TemporalOp::Div => None,
    };
    let binding = one_way(a, b).or_else(|| match op {
        TemporalOp::Add | TemporalOp::Mul => one_way(b, a).map(|mut swapped| {
            swapped.arguments.reverse();
            swapped
        }),
        TemporalOp::Sub => difference(a, b),
        TemporalOp::Div => ratio(a, b),
    });
    binding.map(|mut binding| {
        // A literal NULL beside any of them.
        for (argument, given) in binding.arguments.iter_mut().zip([a, b]) {
            if *given == DataType::Null && *argument == DataType::Null {
                *argument = INTERVAL;
            }
        }
        binding
    })
}

fn binding(a: DataType, b: DataType, result: DataType) -> Option<Binding> {
    Some(Binding { arguments: vec![a, b], result })
}

fn moved(a: &DataType, b: &DataType) -> Option<Binding> {
    use DataType as D;
    match (a, b) {
        (D::Date32 | D::Date64 | D::Time32(_) | D::Time64(_) | D::Timestamp(..), D::Interval(_) | D::Null) => {
            binding(a.clone(), INTERVAL, a.clone())
        }
        (D::Date32 | D::Date64 | D::Time32(_) | D::Time64(_), D::Duration(_)) => {
            binding(a.clone(), b.clone(), a.clone())
        }
        (D::Date32 | D::Date64, integer) if integer.is_integer() => binding(a.clone(), D::Int64, a.clone()),
        (D::Timestamp(unit, zone), D::Duration(other)) => {
            let unit = finer(*unit, *other);
            let timestamp = D::Timestamp(unit, zone.clone());
            binding(timestamp.clone(), D::Duration(unit), timestamp)
        }
        (D::Interval(_), D::Interval(_) | D::Null) => binding(INTERVAL, INTERVAL, INTERVAL),
        (D::Interval(_), D::Duration(_)) => binding(INTERVAL, b.clone(), INTERVAL),
        (D::Duration(_), D::Interval(_)) => binding(a.clone(), INTERVAL, INTERVAL),
        (D::Duration(_), D::Null) => binding(a.clone(), a.clone(), a.clone()),
        (D::Duration(unit), D::Duration(other)) => {
            let duration = D::Duration(finer(*unit, *other));
            binding(duration.clone(), duration.clone(), duration)
        }
        _ => None,
    }
}

fn difference(a: &DataType, b: &DataType) -> Option<Binding> {
    use DataType as D;
    let duration = |operand: DataType, unit| binding(operand.clone(), operand, D::Duration(unit));
    match (a, b) {
        (D::Date32, D::Date32) => duration(D::Date32, TimeUnit::Second),
        (D::Date32 | D::Date64, D::Date32 | D::Date64) => duration(D::Date64, TimeUnit::Millisecond),
        (D::Timestamp(unit, None), D::Date32 | D::Date64) | (D::Date32 | D::Date64, D::Timestamp(unit, None)) => {
            duration(D::Timestamp(*unit, None), *unit)
        }
        (D::Timestamp(unit, zone), D::Timestamp(other, other_zone)) if zone.is_some() == other_zone.is_some() => {
            let unit = finer(*unit, *other);
            let (a, b) = (D::Timestamp(unit, zone.clone()), D::Timestamp(unit, other_zone.clone()));
            binding(a, b, D::Duration(unit))
        }
        (D::Time32(unit) | D::Time64(unit), D::Time32(other) | D::Time64(other)) => {
            let unit = finer(*unit, *other);
            match unit {
                TimeUnit::Second | TimeUnit::Millisecond => duration(D::Time32(unit), unit),
                TimeUnit::Microsecond | TimeUnit::Nanosecond => duration(D::Time64(unit), unit),
            }
        }
        (D::Null, D::Interval(_)) => binding(INTERVAL, INTERVAL, INTERVAL),
        (D::Null, D::Date32 | D::Date64 | D::Timestamp(..) | D::Time32(_) | D::Time64(_)) => difference(b, b),
        (D::Null, D::Duration(_)) => binding(b.clone(), b.clone(), b.clone()),
        _ => None,
    }
}

fn multiplied(a: &DataType, b: &DataType) -> Option<Binding> {
    match a {
        DataType::Interval(_) if b.is_integer() || b.is_null() => binding(INTERVAL, DataType::Int64, INTERVAL),
        DataType::Duration(_) if b.is_integer() || b.is_null() => binding(a.clone(), DataType::Int64, a.clone()),
        _ => None,
    }
}

fn ratio(a: &DataType, b: &DataType) -> Option<Binding> {
    match (a, b) {
        (DataType::Duration(unit), DataType::Duration(other)) => {
            let duration = DataType::Duration(finer(*unit, *other));
            binding(duration.clone(), duration, DataType::Float64)
        }
        (DataType::Duration(_), DataType::Null) | (DataType::Null, DataType::Duration(_)) => {
            let duration = if a.is_null() { b } else { a };
            binding(duration.clone(), duration.clone(), DataType::Float64)
        }
        _ => None,
    }
}

fn finer(a: TimeUnit, b: TimeUnit) -> TimeUnit {
    if per_second(a) >= per_second(b) { a } else { b }
}

/// The operation on operands that have the types of [`temporal_binding`]. Months and days move in local time where the
/// timestamp has a zone, and the day stops at the end of its month; hours and shorter are time that passes. A time of
/// day goes on from midnight.
///
/// # Errors
/// [`Code::Arithmetic`](pf_base::Code::Arithmetic) for a result that the type cannot hold, be it too great or too fine;
/// the message names the operands.
pub(crate) fn temporal_arithmetic(op: TemporalOp, a: &Value, b: &Value, result: &DataType) -> Result<Value> {
    use DataType as D;
    let operands = [a.clone(), b.clone()];
    let rows = operands.iter().find_map(|v| matches!(v, Value::Array(_)).then(|| v.inner().len())).unwrap_or(1);
    let Some(block) = Block::of(&operands, rows) else {
        return Ok(null_of(result));
    };
    let call = Operation { op, a, b, result, block: &block };
    let negate = op == TemporalOp::Sub;
    let array = match (op, a.data_type(), b.data_type()) {
        (TemporalOp::Div, ..) => call.divide()?,
        (TemporalOp::Mul, D::Interval(_), _) => call.multiply_interval(a, b)?,
        (TemporalOp::Mul, _, D::Interval(_)) => call.multiply_interval(b, a)?,
        (TemporalOp::Mul, ..) => call.integers(a, b, i64::overflowing_mul)?,
        (_, D::Interval(_) | D::Duration(_), D::Interval(_) | D::Duration(_)) if *result == INTERVAL => {
            call.add_intervals(negate)?
        }
        (_, D::Interval(_), _) => call.shift(b, a, negate)?,
        (_, _, D::Interval(_)) => call.shift(a, b, negate)?,
        (_, D::Date32, D::Date32) => call.integers(a, b, |a, b| ((a - b) * DAY, false))?,
        (_, D::Date32 | D::Date64, D::Duration(_) | D::Int64) => call.shift_date(a, b, negate)?,
        (_, D::Duration(_) | D::Int64, D::Date32 | D::Date64) => call.shift_date(b, a, negate)?,
        (_, D::Time32(_) | D::Time64(_), D::Duration(_)) => call.shift_time(a, b, negate)?,
        (_, D::Duration(_), D::Time32(_) | D::Time64(_)) => call.shift_time(b, a, negate)?,
        _ if negate => call.integers(a, b, i64::overflowing_sub)?,
        _ => call.integers(a, b, i64::overflowing_add)?,
    };
    Ok(block.value(array))
}

/// Why a row has no result.
#[derive(Clone, Copy)]
enum Fault {
    Overflow,
    /// The result is no whole number of the units of its type.
    Part,
}

/// What an interval adds, in the direction in which it counts. Only what comes of all its parts must fit.
#[derive(Clone, Copy)]
struct Span {
    months: i64,
    days: i64,
    nanoseconds: i128,
}

impl Span {
    fn of(interval: IntervalMonthDayNano, negate: bool) -> Self {
        let IntervalMonthDayNano { months, days, nanoseconds } = interval;
        let sign = if negate { -1 } else { 1 };
        Self {
            months: sign * i64::from(months),
            days: sign * i64::from(days),
            nanoseconds: i128::from(sign) * i128::from(nanoseconds),
        }
    }

    /// The part shorter than a day in units of which a second has `per`.
    fn ticks(self, per: i64) -> Result<i128, Fault> {
        let tick = i128::from(1_000_000_000 / per);
        if self.nanoseconds % tick == 0 { Ok(self.nanoseconds / tick) } else { Err(Fault::Part) }
    }

    /// A timestamp moved, in units of which a second has `per`.
    fn shift(self, value: i64, per: i64, zone: Zone) -> Result<i64, Fault> {
        let moved = if self.months == 0 && self.days == 0 {
            value.into()
        } else {
            self.shift_calendar(value, per, zone).ok_or(Fault::Overflow)?
        };
        i64::try_from(moved + self.ticks(per)?).map_err(|_| Fault::Overflow)
    }

    fn shift_calendar(self, value: i64, per: i64, zone: Zone) -> Option<i128> {
        let (seconds, rest) = (value.div_euclid(per), value.rem_euclid(per));
        let local = seconds.checked_add(zone.offset_at(seconds))?;
        let day = add_months(local.div_euclid(DAY), self.months)? + self.days;
        let local = day.checked_mul(DAY)?.checked_add(local.rem_euclid(DAY))?;
        Some(i128::from(zone.to_utc(local)?) * i128::from(per) + i128::from(rest))
    }

    /// A date moved, in units of which a day has `per_day`.
    fn shift_date(self, value: i64, per_day: i64) -> Result<i64, Fault> {
        const NANOSECONDS: i128 = DAY as i128 * 1_000_000_000;
        if self.nanoseconds % NANOSECONDS != 0 {
            return Err(Fault::Part);
        }
        let day = add_months(value.div_euclid(per_day), self.months).ok_or(Fault::Overflow)?;
        let day = i128::from(day) + i128::from(self.days) + self.nanoseconds / NANOSECONDS;
        let moved = day * i128::from(per_day) + i128::from(value.rem_euclid(per_day));
        i64::try_from(moved).map_err(|_| Fault::Overflow)
    }
}

struct Operation<'a> {
    op: TemporalOp,
    a: &'a Value,
    b: &'a Value,
    result: &'a DataType,
    block: &'a Block,
}

impl Operation<'_> {
    fn fault(&self, row: usize, fault: Fault) -> Error {
        let (a, b, symbol) = (show(self.a, row), show(self.b, row), self.op.symbol());
        overflow(match fault {
            Fault::Overflow => format!("{a} {symbol} {b} overflows {}", name(self.result)),
            Fault::Part => {
                format!(
                    "{a} {symbol} {b} is too fine for {}: cast to a timestamp or time of a finer unit",
                    name(self.result)
                )
            }
        })
    }

    /// The result from its integers.
    fn array(&self, values: Vec<i64>) -> Result<ArrayRef> {
        from_ticks(values, self.result, self.block.nulls.clone())?.map_err(|row| self.fault(row, Fault::Overflow))
    }

    /// The result row by row.
    fn each(&self, mut value: impl FnMut(usize) -> Result<i64, Fault>) -> Result<ArrayRef> {
        let values = (0..self.block.rows).map(|row| {
            if self.block.is_valid(row) { value(row).map_err(|fault| self.fault(row, fault)) } else { Ok(0) }
        });
        self.array(values.collect::<Result<_>>()?)
    }

    /// The result of an operation that says whether it overflowed. All rows are computed, so that there is no branch
    /// per row; only where one overflowed is it looked at whether that row counts.
    fn integers(&self, a: &Value, b: &Value, value: impl Fn(i64, i64) -> (i64, bool)) -> Result<ArrayRef> {
        let (a, b) = (Ticks::of(a)?, Ticks::of(b)?);
        let mut overflowed = false;
        let mut apply = |a, b| {
            let (value, overflow) = value(a, b);
            overflowed |= overflow;
            value
        };
        let values: Vec<i64> = match (a.rows(), b.rows()) {
            (Some(left), Some(right)) => left.iter().zip(right).map(|(&a, &b)| apply(a, b)).collect(),
            (Some(left), None) => {
                let right = b.get(0);
                left.iter().map(|&a| apply(a, right)).collect()
            }
            (None, Some(right)) => {
                let left = a.get(0);
                right.iter().map(|&b| apply(left, b)).collect()
            }
            (None, None) => vec![apply(a.get(0), b.get(0))],
        };
        if overflowed {
            let bad = |&row: &usize| self.block.is_valid(row) && value(a.get(row), b.get(row)).1;
            if let Some(row) = (0..self.block.rows).find(bad) {
                return Err(self.fault(row, Fault::Overflow));
            }
        }
        self.array(values)
    }

    /// A date, timestamp or time moved by an interval.
    fn shift(&self, moment: &Value, interval: &Value, negate: bool) -> Result<ArrayRef> {
        let ticks = Ticks::of(moment)?;
        let mask = mask_of(interval);
        let intervals = interval.inner().as_primitive::<IntervalMonthDayNanoType>().values();
        let span = |row: usize| Span::of(intervals[row & mask], negate);
        match moment.data_type() {
            DataType::Date32 => self.each(|row| span(row).shift_date(ticks.get(row), 1)),
            DataType::Date64 => self.each(|row| span(row).shift_date(ticks.get(row), DAY * 1_000)),
            DataType::Timestamp(unit, zone) => {
                let zone = zone.as_deref().map_or(Ok(Zone::Fixed(0)), Zone::parse)?;
                let per = per_second(*unit);
                if mask == 0
                    && let Some(ticks) = constant_step(span(0), per, zone)
                {
                    let step = Value::Scalar(Arc::new(arrow_array::Int64Array::from(vec![ticks])));
                    return self.integers(moment, &step, i64::overflowing_add);
                }
                self.each(|row| span(row).shift(ticks.get(row), per, zone))
            }
            DataType::Time32(unit) | DataType::Time64(unit) => {
                let per = per_second(*unit);
                self.each(|row| {
                    // Days and months lead to the same time of day.
                    let step = (span(row).ticks(per)? % i128::from(DAY * per)) as i64;
                    Ok(ticks.get(row).wrapping_add(step).rem_euclid(DAY * per))
                })
            }
            other => Err(Error::internal(format!("an interval cannot move {other}"))),
        }
    }

    /// A date moved by a duration or a number of days.
    fn shift_date(&self, date: &Value, step: &Value, negate: bool) -> Result<ArrayRef> {
        let per_day = if *date.data_type() == DataType::Date32 { 1 } else { DAY * 1_000 };
        let unit = match step.data_type() {
            DataType::Duration(unit) => DAY * per_second(*unit),
            _ => 1,
        };
        let (dates, steps) = (Ticks::of(date)?, Ticks::of(step)?);
        self.each(|row| {
            let step = steps.get(row);
            if step % unit != 0 {
                return Err(Fault::Part);
            }
            let days = step / unit;
            let days = if negate { days.checked_neg() } else { Some(days) };
            let moved = days.and_then(|d| d.checked_mul(per_day)).and_then(|d| d.checked_add(dates.get(row)));
            moved.ok_or(Fault::Overflow)
        })
    }

    /// A time of day moved by a duration.
    fn shift_time(&self, time: &Value, step: &Value, negate: bool) -> Result<ArrayRef> {
        let (&(DataType::Time32(unit) | DataType::Time64(unit)), &DataType::Duration(step_unit)) =
            (time.data_type(), step.data_type())
        else {
            return Err(Error::internal("a duration was to move a time"));
        };
        let (per, per_step) = (per_second(unit), per_second(step_unit));
        let (times, steps) = (Ticks::of(time)?, Ticks::of(step)?);
        self.each(|row| {
            let step = steps.get(row) % (DAY * per_step);
            let step = if per >= per_step {
                step * (per / per_step)
            } else if step % (per_step / per) == 0 {
                step / (per_step / per)
            } else {
                return Err(Fault::Part);
            };
            Ok(times.get(row).wrapping_add(if negate { -step } else { step }).rem_euclid(DAY * per))
        })
    }

    /// Two intervals, or an interval and a duration.
    fn add_intervals(&self, negate: bool) -> Result<ArrayRef> {
        let (a, b) = (Intervals::of(self.a)?, Intervals::of(self.b)?);
        self.intervals(|row| {
            let (a, b) = (a.get(row).ok_or(Fault::Overflow)?, b.get(row).ok_or(Fault::Overflow)?);
            let sum = if negate {
                (a.months.checked_sub(b.months), a.days.checked_sub(b.days), a.nanoseconds.checked_sub(b.nanoseconds))
            } else {
                (a.months.checked_add(b.months), a.days.checked_add(b.days), a.nanoseconds.checked_add(b.nanoseconds))
            };
            let (Some(months), Some(days), Some(nanoseconds)) = sum else {
                return Err(Fault::Overflow);
            };
            Ok(IntervalMonthDayNano { months, days, nanoseconds })
        })
    }

    fn multiply_interval(&self, interval: &Value, times: &Value) -> Result<ArrayRef> {
        let (intervals, times) = (Intervals::of(interval)?, Ticks::of(times)?);
        self.intervals(|row| {
            let one = intervals.get(row).ok_or(Fault::Overflow)?;
            let times = times.get(row);
            let part = |part: i32| i64::from(part).checked_mul(times).and_then(|p| i32::try_from(p).ok());
            let (Some(months), Some(days)) = (part(one.months), part(one.days)) else {
                return Err(Fault::Overflow);
            };
            let nanoseconds = one.nanoseconds.checked_mul(times).ok_or(Fault::Overflow)?;
            Ok(IntervalMonthDayNano { months, days, nanoseconds })
        })
    }

    fn intervals(&self, value: impl Fn(usize) -> Result<IntervalMonthDayNano, Fault>) -> Result<ArrayRef> {
        let values = (0..self.block.rows).map(|row| {
            if self.block.is_valid(row) {
                value(row).map_err(|fault| self.fault(row, fault))
            } else {
                Ok(IntervalMonthDayNano::ZERO)
            }
        });
        let values: ScalarBuffer<IntervalMonthDayNano> = values.collect::<Result<Vec<_>>>()?.into();
        Ok(Arc::new(IntervalMonthDayNanoArray::try_new(values, self.block.nulls.clone())?))
    }

    fn divide(&self) -> Result<ArrayRef> {
        let (a, b) = (Ticks::of(self.a)?, Ticks::of(self.b)?);
        let values = (0..self.block.rows).map(|row| a.get(row) as f64 / b.get(row) as f64).collect();
        Ok(Arc::new(PrimitiveArray::<Float64Type>::try_new(values, self.block.nulls.clone())?))
    }
}

/// What an interval adds to every timestamp of a zone, where that is the same for all.
fn constant_step(span: Span, per: i64, zone: Zone) -> Option<i64> {
    let even = span.months == 0 && (span.days == 0 || matches!(zone, Zone::Fixed(_)));
    let days = even.then(|| i128::from(span.days) * i128::from(DAY * per))?;
    i64::try_from(days + span.ticks(per).ok()?).ok()
}

/// Intervals, or durations as intervals.
enum Intervals<'a> {
    Of(&'a [IntervalMonthDayNano], usize),
    Durations(Ticks, i64),
}

impl<'a> Intervals<'a> {
    fn of(value: &'a Value) -> Result<Self> {
        match value.data_type() {
            DataType::Duration(unit) => Ok(Intervals::Durations(Ticks::of(value)?, 1_000_000_000 / per_second(*unit))),
            &INTERVAL => {
                let intervals = value.inner().as_primitive::<IntervalMonthDayNanoType>();
                Ok(Intervals::Of(intervals.values(), mask_of(value)))
            }
            other => Err(Error::internal(format!("{other} was to be an interval"))),
        }
    }

    fn get(&self, row: usize) -> Option<IntervalMonthDayNano> {
        match self {
            Intervals::Of(values, mask) => Some(values[row & mask]),
            Intervals::Durations(ticks, nanoseconds) => {
                let nanoseconds = ticks.get(row).checked_mul(*nanoseconds)?;
                Some(IntervalMonthDayNano { months: 0, days: 0, nanoseconds })
            }
        }
    }
}

#[cfg(test)]
mod tests;
