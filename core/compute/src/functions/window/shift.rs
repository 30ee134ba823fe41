//! Rows beside the rows before them.

use arrow_schema::{DataType, TimeUnit};

use crate::shift::{diff, pct_change, shift};
use crate::types::{Accepts, always, bind, refuse, value_type};
use crate::{Binding, Function, Implementation, Parameter};

use super::{required, summed};

const N: Parameter = Parameter::option("n", "integer", "1");

/// The family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "shift",
        aliases: &["lag"],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", "any type"), N, Parameter::option("fill", "the type of x", "NULL")],
        doc: "The value n rows before this one, after it where n is negative; fill where there is no such row.",
        examples: &[("shift(5)", "NULL"), ("shift(5, 1, 7)", "7"), ("shift(5, 0)", "5")],
        bind: |arguments, _| {
            let t = value_type(&arguments[0].data_type);
            Ok(Binding { arguments: vec![t.clone(), DataType::Int64, t.clone()], result: t })
        },
        implementation: Implementation::Window(|call| {
            let (n, fill) = (required(call, 1, "n")?, call.constant(2)?.clone());
            Ok(Box::new(move |columns, ctx| shift(&columns[0], n, &fill, ctx)))
        }),
    },
    Function {
        name: "diff",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", "number, date, timestamp or duration"), N],
        doc: "The value less that n rows before, after it where n is negative. Null where either is null or there is no \
              such row. Integers give int64, and a difference that does not fit is an error, or as the setting of \
              overflow says; dates, timestamps and durations give a duration.",
        examples: &[("diff(5)", "NULL"), ("diff(5, 0)", "0")],
        bind: |arguments, _| {
            let takes = "number, date, timestamp or duration";
            let from = value_type(&arguments[0].data_type);
            let (argument, result) = match &from {
                DataType::Date32 => (from, DataType::Duration(TimeUnit::Second)),
                DataType::Date64 => (from, DataType::Duration(TimeUnit::Millisecond)),
                DataType::Timestamp(unit, _) => {
                    let unit = *unit;
                    (from, DataType::Duration(unit))
                }
                DataType::Duration(_) => (from.clone(), from),
                DataType::Float16 | DataType::Float32 => (DataType::Float32, DataType::Float32),
                DataType::Decimal128(precision, scale) => {
                    let result = DataType::Decimal128((*precision + 1).min(38), *scale);
                    (from, result)
                }
                _ => match summed(arguments, takes).map_err(|_| refuse(arguments, takes))? {
                    DataType::UInt64 => (DataType::UInt64, DataType::Int64),
                    other => (other.clone(), other),
                },
            };
            Ok(Binding { arguments: vec![argument, DataType::Int64], result })
        },
        implementation: Implementation::Window(|call| {
            let (n, result, overflow) = (required(call, 1, "n")?, call.result.clone(), call.settings.overflow);
            Ok(Box::new(move |columns, ctx| diff(&columns[0], n, &result, overflow, ctx)))
        }),
    },
    Function {
        name: "pct_change",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", "number"), N],
        doc: "The value divided by that n rows before, less one, as float64. Null where either is null or there is no \
              such row; division by zero gives infinity or NaN.",
        examples: &[("pct_change(5)", "NULL"), ("pct_change(5, 0)", "0::double")],
        bind: |arguments, _| bind(arguments, &[Accepts::Float64, Accepts::Int64], &always(DataType::Float64)),
        implementation: Implementation::Window(|call| {
            let n = required(call, 1, "n")?;
            Ok(Box::new(move |columns, ctx| pct_change(&columns[0], n, ctx)))
        }),
    },
];
