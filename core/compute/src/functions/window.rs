//! Functions that give every row a value from other rows.

mod cumulative;
mod places;
mod rolling;
mod shift;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::types::{Class, class, refuse, value_type};
use crate::{Argument, Call, Function};

/// Running sums and the like.
pub(crate) static CUMULATIVE: &[Function] = cumulative::FUNCTIONS;
/// Rows compared with rows before them.
pub(crate) static SHIFT: &[Function] = shift::FUNCTIONS;
/// Places in the order of values, and nulls that take the value beside them.
pub(crate) static PLACES: &[Function] = places::FUNCTIONS;
/// Windows that move.
pub(crate) static ROLLING: &[Function] = rolling::FUNCTIONS;

/// The integer of a literal argument; nothing for `NULL`.
fn integer(call: &Call<'_>, i: usize) -> Result<Option<i64>> {
    let value = call.constant(i)?;
    match value.as_primitive_opt::<Int64Type>() {
        Some(value) if value.len() == 1 => Ok((!value.is_null(0)).then(|| value.value(0))),
        _ => Err(Error::internal(format!("argument {} should have become one int64", i + 1))),
    }
}

/// The same where it may not be null.
fn required(call: &Call<'_>, i: usize, name: &str) -> Result<i64> {
    integer(call, i)?.ok_or_else(|| Error::invalid_argument(format!("{name} must be an integer, not NULL")))
}

/// The boolean of a literal argument.
fn boolean(call: &Call<'_>, i: usize, name: &str) -> Result<bool> {
    match call.constant(i)?.as_boolean_opt() {
        Some(value) if value.len() == 1 && !value.is_null(0) => Ok(value.value(0)),
        _ => Err(Error::invalid_argument(format!("{name} must be TRUE or FALSE"))),
    }
}

/// A type with room for sums of a number; literals `NULL` count as int64.
fn summed(arguments: &[Argument], takes: &str) -> Result<DataType> {
    let from = value_type(&arguments[0].data_type);
    Ok(match (&from, class(&from)) {
        (_, Class::Null) => DataType::Int64,
        (DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64, _) => DataType::UInt64,
        (_, Class::Integer) => DataType::Int64,
        (_, Class::Float) => DataType::Float64,
        (DataType::Decimal128(_, scale), _) => DataType::Decimal128(38, *scale),
        _ => return Err(refuse(arguments, takes)),
    })
}

#[cfg(test)]
mod tests;
