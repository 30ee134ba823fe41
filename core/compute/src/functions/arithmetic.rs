//! The operators of arithmetic.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, new_null_array};
use arrow_cast::cast;
use arrow_schema::DataType;
use pf_base::{Code, Error, Result};

use super::temporal::{TemporalOp, temporal_arithmetic, temporal_binding};
use crate::arithmetic::{Op, float_values, integer_quotient, integer_values, negative_integers, one};
use crate::decimals::{decimal_values, one_decimal, with_decimal};
use crate::operands::{finish, null, rows_of};
use crate::types::{self, Class, class, refuse, value_type};
use crate::{Argument, Binding, Call, Function, Implementation, Overflow, Parameter, ScalarKernel, Value};

const NUMBERS: &str = "numbers";
const ADDED: &str = "numbers, date/timestamp/time with interval/duration, or intervals and durations";
const SUBTRACTED: &str = "numbers, date/timestamp/time with its like or interval/duration, or intervals and durations";
const MULTIPLIED: &str = "numbers, or duration/interval with integer";
const DIVIDED: &str = "numbers, or duration with duration";

const fn two(accepts: &'static str) -> [Parameter; 2] {
    [Parameter::new("a", accepts), Parameter::new("b", accepts)]
}

/// The operators of arithmetic.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "add",
        aliases: &[],
        family: "arithmetic",
        syntax: "a + b",
        parameters: &two("number, date, timestamp, duration or interval"),
        doc: "The sum. Null where either is null. An integer or decimal that overflows is an error, null or wrapped, \
              as `overflow` says (a decimal is null instead of wrapped); floats follow IEEE 754. A date or timestamp \
              takes an interval or a duration and keeps its type, a date whole days as an integer too.",
        examples: &[
            ("1 + 2", "3"),
            ("1.5 + 2", "3.5"),
            ("1 + NULL", "NULL"),
            ("DATE '2024-01-31' + INTERVAL '1 month'", "DATE '2024-02-29'"),
        ],
        bind: |a, _| bind(Op::Add, a, ADDED),
        implementation: Implementation::Scalar(|call| kernel(Op::Add, call)),
    },
    Function {
        name: "sub",
        aliases: &[],
        family: "arithmetic",
        syntax: "a - b",
        parameters: &two("number, date, timestamp, duration or interval"),
        doc: "The difference. Null where either is null; overflow as in `add`. Two dates or two timestamps give a \
              duration.",
        examples: &[
            ("3 - 5", "-2"),
            ("0.5 - 0.25", "0.25"),
            ("DATE '2024-03-31' - INTERVAL '1 month'", "DATE '2024-02-29'"),
        ],
        bind: |a, _| bind(Op::Sub, a, SUBTRACTED),
        implementation: Implementation::Scalar(|call| kernel(Op::Sub, call)),
    },
    Function {
        name: "mul",
        aliases: &[],
        family: "arithmetic",
        syntax: "a * b",
        parameters: &two("number, duration or interval"),
        doc: "The product. Null where either is null; overflow as in `add`. Decimals give a decimal whose scale is \
              the sum of theirs. A duration or interval takes an integer.",
        examples: &[("6 * 7", "42"), ("0.5 * 4", "2.0")],
        bind: |a, _| bind(Op::Mul, a, MULTIPLIED),
        implementation: Implementation::Scalar(|call| kernel(Op::Mul, call)),
    },
    Function {
        name: "div",
        aliases: &[],
        family: "arithmetic",
        syntax: "a / b",
        parameters: &two("number or duration"),
        doc: "The quotient: of integers a float64, of decimals a decimal rounded half away from zero, with four more \
              places than `a`. Null where either is null. Division of integers or decimals by zero is an error, or \
              null where `overflow` is not 'error'; floats follow IEEE 754. Two durations give a float64.",
        examples: &[("7 / 2", "3.5"), ("1.0 / 4", "0.25"), ("NULL / 0", "NULL")],
        bind: |a, _| bind(Op::Div, a, DIVIDED),
        implementation: Implementation::Scalar(|call| kernel(Op::Div, call)),
    },
    Function {
        name: "floor_div",
        aliases: &[],
        family: "arithmetic",
        syntax: "a // b",
        parameters: &two("number"),
        doc: "The quotient rounded down, an integer for integers: `floor(a / b)`. Null, zero and overflow as in `div` \
              and `add`.",
        examples: &[("7 // 2", "3"), ("-7 // 2", "-4"), ("7.5 // 2", "3.0")],
        bind: |a, _| bind(Op::FloorDiv, a, NUMBERS),
        implementation: Implementation::Scalar(|call| kernel(Op::FloorDiv, call)),
    },
    Function {
        name: "mod",
        aliases: &[],
        family: "arithmetic",
        syntax: "a % b",
        parameters: &two("number"),
        doc: "The remainder of the quotient that is rounded toward zero: it has the sign of `a`. Null and zero as in \
              `div`.",
        examples: &[("7 % 3", "1"), ("-7 % 3", "-1"), ("7 % -3", "1")],
        bind: |a, _| bind(Op::Mod, a, NUMBERS),
        implementation: Implementation::Scalar(|call| kernel(Op::Mod, call)),
    },
    Function {
        name: "floor_mod",
        aliases: &[],
        family: "arithmetic",
        syntax: "",
        parameters: &two("number"),
        doc: "The remainder of the quotient that is rounded down: it has the sign of `b`. Null and zero as in `div`.",
        examples: &[("floor_mod(7, 3)", "1"), ("floor_mod(-7, 3)", "2"), ("floor_mod(7, -3)", "-2")],
        bind: |a, _| bind(Op::FloorMod, a, NUMBERS),
        implementation: Implementation::Scalar(|call| kernel(Op::FloorMod, call)),
    },
    Function {
        name: "neg",
        aliases: &[],
        family: "arithmetic",
        syntax: "-a",
        parameters: &[Parameter::new("a", "number, duration or interval")],
        doc: "The negative. Null where `a` is null. An unsigned integer becomes the next wider signed one (uint64: \
              int64); the least integer overflows, as in `add`.",
        examples: &[("-(3)", "-3"), ("-(-2.5)", "2.5")],
        bind: |a, _| bind_negative(a),
        implementation: Implementation::Scalar(negative),
    },
];

/// The operation on dates, times and spans, if there is such.
fn temporal(op: Op) -> Option<TemporalOp> {
    match op {
        Op::Add => Some(TemporalOp::Add),
        Op::Sub => Some(TemporalOp::Sub),
        Op::Mul => Some(TemporalOp::Mul),
        Op::Div => Some(TemporalOp::Div),
        Op::FloorDiv | Op::Mod | Op::FloorMod => None,
    }
}

/// The remainder with the sign of the divisor has as many digits before the point as the divisor.
fn of_divisor(mut binding: Binding) -> Binding {
    let right = binding.arguments.get(1).cloned();
    match (right, &mut binding.result) {
        (Some(DataType::Decimal128(p, s)), DataType::Decimal128(precision, scale)) => {
            *precision = (i16::from(p) - i16::from(s) + i16::from(*scale)).clamp(1, 38) as u8;
        }
        (Some(DataType::Decimal256(p, s)), DataType::Decimal256(precision, scale)) => {
            *precision = (i16::from(p) - i16::from(s) + i16::from(*scale)).clamp(1, 76) as u8;
        }
        _ => {}
    }
    binding
}

fn bind(op: Op, arguments: &[Argument], takes: &str) -> Result<Binding> {
    let [left, right] = arguments else { return Err(refuse(arguments, "two arguments")) };
    let (l, r) = (value_type(&left.data_type), value_type(&right.data_type));
    let binding = if types::is_temporal(&l) || types::is_temporal(&r) {
        temporal(op).and_then(|op| temporal_binding(op, &l, &r))
    } else {
        types::arithmetic(op.operator(), left, right).map(|b| if op == Op::FloorMod { of_divisor(b) } else { b })
    };
    binding.ok_or_else(|| refuse(arguments, takes))
}

fn kernel(op: Op, call: &Call<'_>) -> Result<ScalarKernel> {
    let (result, overflow) = (call.result.clone(), call.settings.overflow);
    Ok(Box::new(move |arguments, rows| compute(op, arguments, rows, &result, overflow)))
}

/// Runs `$body` with `$t` the integer type of `$data_type`; other types give `$other`.
macro_rules! with_integer {
    ($data_type:expr, $t:ident => $body:expr, $other:expr) => {
        match $data_type {
            arrow_schema::DataType::Int8 => {
                type $t = i8;
                $body
            }
            arrow_schema::DataType::Int16 => {
                type $t = i16;
                $body
            }
            arrow_schema::DataType::Int32 => {
                type $t = i32;
                $body
            }
            arrow_schema::DataType::Int64 => {
                type $t = i64;
                $body
            }
            arrow_schema::DataType::UInt8 => {
                type $t = u8;
                $body
            }
            arrow_schema::DataType::UInt16 => {
                type $t = u16;
                $body
            }
            arrow_schema::DataType::UInt32 => {
                type $t = u32;
                $body
            }
            arrow_schema::DataType::UInt64 => {
                type $t = u64;
                $body
            }
            _ => $other,
        }
    };
}
pub(crate) use with_integer;

fn compute(op: Op, arguments: &[Value], rows: usize, result: &DataType, overflow: Overflow) -> Result<Value> {
    let [left, right] = arguments else { return Err(Error::internal("an operation on two values")) };
    if left.is_null_scalar() || right.is_null_scalar() {
        return Ok(null(result));
    }
    let data_type = left.data_type();
    match (class(data_type), class(right.data_type())) {
        (Class::Integer, Class::Integer) if op == Op::Div => with_integer!(
            data_type,
            T => integer_quotient::<T>(arguments, rows, overflow),
            Err(Error::internal("an integer"))
        ),
        (Class::Integer, Class::Integer) => with_integer!(
            data_type,
            T => integer_values::<T>(op, arguments, rows, result, overflow),
            Err(Error::internal("an integer"))
        ),
        (Class::Float, _) => match data_type {
            DataType::Float16 => {
                let wide = arguments.iter().map(|v| convert(v, &DataType::Float32)).collect::<Result<Vec<_>>>()?;
                let value = float_values::<f32>(op, &wide, rows, &DataType::Float32)?;
                convert(&value, result)
            }
            DataType::Float32 => float_values::<f32>(op, arguments, rows, result),
            _ => float_values::<f64>(op, arguments, rows, result),
        },
        (Class::Decimal, _) => {
            with_decimal!(data_type, T => decimal_values::<T>(op, arguments, rows, result, overflow))
        }
        _ => match temporal(op) {
            Some(op) => dates_and_times(op, arguments, rows, result, overflow),
            None => Err(Error::internal("an operation on numbers")),
        },
    }
}

/// The value as another type, of which nothing is lost.
pub(crate) fn convert(value: &Value, to: &DataType) -> Result<Value> {
    Ok(match value {
        Value::Array(array) => Value::Array(cast(array, to)?),
        Value::Scalar(array) => Value::Scalar(cast(array, to)?),
    })
}

/// An operation on dates, times and spans.
fn dates_and_times(
    op: TemporalOp,
    arguments: &[Value],
    rows: usize,
    result: &DataType,
    overflow: Overflow,
) -> Result<Value> {
    let [left, right] = arguments else { return Err(Error::internal("an operation on two values")) };
    match temporal_arithmetic(op, left, right, result) {
        Err(error) if error.code() == Code::Arithmetic && overflow != Overflow::Error => {}
        other => return other,
    }
    // Rare enough to go row by row: those that overflow are null.
    let missing = new_null_array(result, 1);
    let parts = (0..rows_of(arguments, rows)).map(|i| {
        let row = |v: &Value| match v {
            Value::Array(array) => Value::Scalar(array.slice(i, 1)),
            Value::Scalar(array) => Value::Scalar(Arc::clone(array)),
        };
        match temporal_arithmetic(op, &row(left), &row(right), result) {
            Ok(value) => Ok(Arc::clone(value.inner())),
            Err(error) if error.code() == Code::Arithmetic => Ok(Arc::clone(&missing)),
            Err(error) => Err(error),
        }
    });
    let parts: Vec<ArrayRef> = parts.collect::<Result<_>>()?;
    let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    Ok(finish(arrow_select::concat::concat(&parts)?, arguments))
}

fn bind_negative(arguments: &[Argument]) -> Result<Binding> {
    use DataType as D;
    let takes = "number, duration or interval";
    let [argument] = arguments else { return Err(refuse(arguments, takes)) };
    let from = value_type(&argument.data_type);
    let same = |t: D| Binding { arguments: vec![t.clone()], result: t };
    Ok(match from {
        D::Null => same(D::Int64),
        D::UInt8 => same(D::Int16),
        D::UInt16 => same(D::Int32),
        D::UInt32 => same(D::Int64),
        // In its own type, so that the least int64 can be written.
        D::UInt64 => Binding { arguments: vec![D::UInt64], result: D::Int64 },
        from if types::is_number(&from) || matches!(from, D::Duration(_) | D::Interval(_)) => same(from),
        _ => return Err(refuse(arguments, takes)),
    })
}

fn negative(call: &Call<'_>) -> Result<ScalarKernel> {
    let (result, overflow) = (call.result.clone(), call.settings.overflow);
    Ok(Box::new(move |arguments, _| {
        let [argument] = arguments else { return Err(Error::internal("a negative of one value")) };
        if argument.is_null_scalar() {
            return Ok(null(&result));
        }
        let array = match argument.data_type() {
            DataType::Int8 => negative_integers::<i8>(argument, overflow)?,
            DataType::Int16 => negative_integers::<i16>(argument, overflow)?,
            DataType::Int32 => negative_integers::<i32>(argument, overflow)?,
            DataType::Int64 | DataType::Duration(_) => negative_integers::<i64>(argument, overflow)?,
            DataType::UInt64 => crate::arithmetic::negative_unsigned(argument, overflow)?,
            DataType::Float16 => one(argument, &result, |a: half::f16| -a)?,
            DataType::Float32 => one(argument, &result, |a: f32| -a)?,
            DataType::Float64 => one(argument, &result, |a: f64| -a)?,
            DataType::Interval(_) => negative_intervals(argument.inner(), overflow)?,
            other => with_decimal!(other, T => one_decimal::<T>(argument, &result, overflow, |v| Some(-v), "-")?),
        };
        Ok(finish(array, arguments))
    }))
}

/// The negative of intervals, of which each part is one.
fn negative_intervals(array: &ArrayRef, overflow: Overflow) -> Result<ArrayRef> {
    match (arrow_arith::numeric::neg(array.as_ref()), overflow) {
        (Ok(negative), _) => Ok(negative),
        (Err(error), Overflow::Error) => Err(Error::new(Code::Arithmetic, error.to_string())),
        // Rare enough to go row by row: those that overflow are null.
        (Err(_), Overflow::Null | Overflow::Wrap) => {
            let missing = new_null_array(array.data_type(), 1);
            let one = |i| arrow_arith::numeric::neg(array.slice(i, 1).as_ref()).unwrap_or_else(|_| missing.clone());
            let parts: Vec<ArrayRef> = (0..array.len()).map(one).collect();
            let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
            Ok(arrow_select::concat::concat(&parts)?)
        }
    }
}

#[cfg(test)]
mod tests;
