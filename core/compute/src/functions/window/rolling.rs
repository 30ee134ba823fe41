//! Functions of windows that move over the rows.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType, IntervalDayTimeType,
    IntervalMonthDayNanoType,
};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use pf_base::{Error, Result};

use crate::pieces::each_native;
use crate::rolling::{Rolling, What, Width};
use crate::types::{Class, class, is_number, refuse, value_type};
use crate::{Argument, Binding, Call, Function, Implementation, Parameter, WindowKernel};

use super::{boolean, integer, required, summed};

const PARAMETERS: [Parameter; 5] = [
    Parameter::new("x", "number"),
    Parameter::literal("window", "integer, or interval with by"),
    Parameter::option("min_periods", "integer", "NULL"),
    Parameter::option("center", "boolean", "FALSE"),
    Parameter { name: "by", accepts: "date or timestamp", default: Some("NULL"), constant: false, repeats: false },
];

macro_rules! rolling {
    ($name:literal, $what:ident, $first:literal, $example:expr) => {
        Function {
            name: $name,
            aliases: &[],
            family: "window",
            syntax: "",
            parameters: &PARAMETERS,
            doc: concat!(
                $first,
                " The window is so many rows up to this one, with center around it (of two in the middle, it is the \
                 later); or, by a sorted column of dates or timestamps, the rows up to this one that are less than the \
                 interval before it. Null where fewer than min_periods rows of the window are not null; by default all \
                 must be, but one in windows of time, and none for rolling_count."
            ),
            examples: $example,
            bind: |arguments, _| bind(arguments, What::$what),
            implementation: Implementation::Window(|call| kernel(call, What::$what)),
        }
    };
}

/// The family.
pub(crate) static FUNCTIONS: &[Function] = &[
    rolling!(
        "rolling_sum",
        Sum,
        "The sum of the window's rows, of the type that cum_sum gives; a sum that does not fit is an error, or as the \
         setting of overflow says.",
        &[("rolling_sum(5, 1)", "5"), ("rolling_sum(5, 2)", "NULL"), ("rolling_sum(5, 2, 1)", "5")]
    ),
    rolling!(
        "rolling_mean",
        Mean,
        "The mean of the window's rows, as float64.",
        &[("rolling_mean(5, 1)", "5::double")]
    ),
    rolling!(
        "rolling_min",
        Min,
        "The least of the window's rows; NaN only where there is nothing else.",
        &[("rolling_min(5, 1)", "5")]
    ),
    rolling!(
        "rolling_max",
        Max,
        "The greatest of the window's rows; NaN only where there is nothing else.",
        &[("rolling_max(5, 1)", "5")]
    ),
    rolling!("rolling_count", Count, "How many of the window's rows are not null.", &[("rolling_count(5, 3)", "1")]),
    rolling!(
        "rolling_var",
        Var,
        "The variance of the window's rows, divided by one less than their number, as float64; null for less than two.",
        &[("rolling_var(5, 1)", "NULL")]
    ),
    rolling!(
        "rolling_std",
        Std,
        "The standard deviation of the window's rows, the root of rolling_var.",
        &[("rolling_std(5, 1)", "NULL")]
    ),
    rolling!(
        "rolling_median",
        Median,
        "The median of the window's rows, as float64; NaN where one of them is.",
        &[("rolling_median(5, 1)", "5::double")]
    ),
];

fn bind(arguments: &[Argument], what: What) -> Result<Binding> {
    let takes = "number, integer, integer, boolean; or number, interval, integer, boolean, date or timestamp";
    let refused = || refuse(arguments, takes);
    let from = value_type(&arguments[0].data_type);
    let number = is_number(&from) || from == DataType::Null;
    let float = (DataType::Float64, DataType::Float64);
    let (argument, result) = match what {
        What::Count => (from, DataType::Int64),
        What::Sum => {
            let t = summed(arguments, takes)?;
            (t.clone(), t)
        }
        What::Min | What::Max if from == DataType::Null => (DataType::Int64, DataType::Int64),
        What::Min | What::Max => {
            let native = each_native!(&from, N => size_of::<N>() > 0, _ => false);
            if !native || class(&from) == Class::Interval {
                return Err(refused());
            }
            (from.clone(), from)
        }
        What::Mean | What::Var | What::Std | What::Median if number => float,
        What::Mean | What::Var | What::Std | What::Median => return Err(refused()),
    };
    let by = value_type(&arguments[4].data_type);
    let window = &arguments[1].data_type;
    let window = match (class(&by), class(window)) {
        (Class::Null, Class::Integer) => DataType::Int64,
        (Class::Date | Class::Timestamp, Class::Interval | Class::Duration) => window.clone(),
        _ => return Err(refused()),
    };
    Ok(Binding { arguments: vec![argument, window, DataType::Int64, DataType::Boolean, by], result })
}

fn kernel(call: &Call<'_>, what: What) -> Result<WindowKernel> {
    let center = boolean(call, 3, "center")?;
    let min_periods = integer(call, 2)?;
    let timed = call.arguments.get(4).is_some_and(|by| by.data_type != DataType::Null);
    let (width, all) = if timed {
        if center {
            return Err(Error::invalid_argument("center must be FALSE where windows are by a column"));
        }
        (Width::Time(nanoseconds(call)?), u64::MAX)
    } else {
        let window = required(call, 1, "window")?;
        let rows = u64::try_from(window).ok().filter(|w| *w > 0);
        let rows = rows.ok_or_else(|| Error::invalid_argument(format!("window must be at least 1, not {window}")))?;
        (Width::Rows { rows, center }, rows)
    };
    let min_periods = match min_periods {
        None if what == What::Count => 0,
        None => {
            if timed {
                1
            } else {
                all
            }
        }
        Some(given) => u64::try_from(given).ok().filter(|m| *m <= all).ok_or_else(|| {
            let most = if timed { "not negative".to_owned() } else { format!("between 0 and window, {all}") };
            Error::invalid_argument(format!("min_periods must be {most}, but is {given}"))
        })?,
    };
    let rolling = Rolling { what, width, min_periods, result: call.result.clone(), overflow: call.settings.overflow };
    Ok(Box::new(move |columns, ctx| rolling.run(&columns[0], columns.get(4).filter(|_| timed), ctx)))
}

/// The length of a window of time.
fn nanoseconds(call: &Call<'_>) -> Result<i128> {
    const DAY: i128 = 86_400_000_000_000;
    let value = call.constant(1)?;
    if value.len() != 1 || value.is_null(0) {
        return Err(Error::invalid_argument("window must be an interval, not NULL"));
    }
    let months = || Error::invalid_argument("window must be an interval of days or less: months differ in length");
    let length = match value.data_type() {
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let v = value.as_primitive::<IntervalMonthDayNanoType>().value(0);
            if v.months != 0 {
                return Err(months());
            }
            i128::from(v.days) * DAY + i128::from(v.nanoseconds)
        }
        DataType::Interval(IntervalUnit::DayTime) => {
            let v = value.as_primitive::<IntervalDayTimeType>().value(0);
            i128::from(v.days) * DAY + i128::from(v.milliseconds) * 1_000_000
        }
        DataType::Interval(IntervalUnit::YearMonth) => return Err(months()),
        DataType::Duration(unit) => match unit {
            TimeUnit::Second => i128::from(value.as_primitive::<DurationSecondType>().value(0)) * 1_000_000_000,
            TimeUnit::Millisecond => i128::from(value.as_primitive::<DurationMillisecondType>().value(0)) * 1_000_000,
            TimeUnit::Microsecond => i128::from(value.as_primitive::<DurationMicrosecondType>().value(0)) * 1000,
            TimeUnit::Nanosecond => i128::from(value.as_primitive::<DurationNanosecondType>().value(0)),
        },
        other => return Err(Error::internal(format!("a window of {other}"))),
    };
    if length > 0 { Ok(length) } else { Err(Error::invalid_argument("window must be longer than nothing")) }
}
