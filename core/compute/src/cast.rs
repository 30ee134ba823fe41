//! Conversions between types: arrow's kernels, but where the rules of the language are others.
//!
//! Ours are the texts of dates and times (as in literals), time zones (arrow's need names that it is built without, and
//! refuse local times that do not exist or exist twice), coarser units (arrow's go towards zero, and so forward before
//! 1970), floats that are too great for a narrower type, and integers as float64 (arrow's look at each for whether it has a value).

mod text;
mod time;

use arrow_array::ArrowNativeTypeOp;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray, new_null_array};
use arrow_cast::display::array_value_to_string;
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::DataType;
use half::f16;
use num_traits::Float;
use pf_base::{Code, Error, Result};
use std::sync::Arc;

use crate::Value;
use crate::arithmetic::one;
use crate::types::{self, Class, class};

/// Whether there is a conversion.
pub(crate) fn can_cast(from: &DataType, to: &DataType) -> bool {
    if from == to {
        return true;
    }
    if !types::is_known(from) || !types::is_known(to) {
        return false;
    }
    match (class(from), class(to)) {
        (Class::Null, _) => true,
        (Class::Nested, Class::Nested) => can_cast_types(from, to),
        // Arrow would make bytes of an integer, and lists of one of any value.
        (Class::Nested, _) | (_, Class::Nested) | (Class::Integer, Class::Binary) => false,
        (Class::String, Class::Duration) => true,
        _ => can_cast_types(from, to),
    }
}

/// The values in another type; with `try_cast` what cannot be converted is null.
///
/// A float or decimal loses its fraction towards zero as an integer, a decimal with fewer digits is rounded half away
/// from zero. A timestamp with a zone is a date, time, text or timestamp without a zone in the local time of its zone,
/// and the other way round.
///
/// # Errors
/// [`Code::Type`] for types without a conversion; [`Code::Arithmetic`] for a value that does not fit, and
/// [`Code::InvalidArgument`] for text that is no value of the type, unless `try_cast`.
pub fn cast(value: &Value, to: &DataType, try_cast: bool) -> Result<Value> {
    let array = value.inner();
    let out = array_to(array, to, try_cast)?;
    Ok(match value {
        Value::Array(_) => Value::Array(out),
        Value::Scalar(_) => Value::Scalar(out),
    })
}

fn array_to(array: &ArrayRef, to: &DataType, try_cast: bool) -> Result<ArrayRef> {
    let from = array.data_type();
    if from == to {
        return Ok(array.clone());
    }
    if from.is_null() {
        return Ok(new_null_array(to, array.len()));
    }
    if !can_cast(from, to) {
        let (from, to) = (types::name(from), types::name(to));
        return Err(Error::wrong_type(format!("cannot convert {from} to {to}")));
    }
    if class(to) == Class::Nested {
        let options = CastOptions { safe: try_cast, ..Default::default() };
        return cast_with_options(array, to, &options).map_err(|e| failed(&e));
    }
    let out = convert(array, to)?;
    // What could not be converted is null in `out` alone.
    if !try_cast && out.logical_null_count() > array.logical_null_count() {
        return Err(refused(array, &out, to));
    }
    Ok(out)
}

/// The values in another type, null where they cannot be converted.
fn convert(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    use DataType as D;
    let from = array.data_type();
    match (from, to) {
        _ if from == to => Ok(array.clone()),
        (D::Dictionary(_, values), _) => convert(&by_arrow(array, values)?, to),
        (_, D::Dictionary(_, values)) => by_arrow(&convert(array, values)?, to),
        _ if types::is_string(from) && types::is_temporal(to) => text::parse(array, to),
        _ if matches!(from, D::Timestamp(..)) || matches!(to, D::Timestamp(..)) => time::convert(array, to),
        (D::Date64, D::Date32) => time::days(array),
        (_, D::Float64) if from.is_integer() => doubles(array),
        (_, D::Float32) => match from {
            D::Float64 => Ok(narrower::<Float64Type, Float32Type>(array, |v| v as f32)),
            // It holds all of them, infinities too.
            D::Float16 => by_arrow(array, to),
            _ => finite::<Float32Type>(&by_arrow(array, to)?, from),
        },
        (_, D::Float16) => match from {
            D::Float64 => Ok(narrower::<Float64Type, Float16Type>(array, f16::from_f64)),
            D::Float32 => Ok(narrower::<Float32Type, Float16Type>(array, f16::from_f32)),
            _ => finite::<Float16Type>(&by_arrow(array, to)?, from),
        },
        _ if types::is_decimal(from) && types::is_decimal(to) => {
            let clean = digits(array)?;
            // Arrow refuses scales that are so far apart that only zero has a value in both; text has it.
            by_arrow(&clean, to).or_else(|_| by_arrow(&by_arrow(&clean, &D::Utf8)?, to))
        }
        _ => by_arrow(array, to),
    }
}

/// Integers as float64, all of which have one.
fn doubles(array: &ArrayRef) -> Result<ArrayRef> {
    macro_rules! of_type {
        ($($type:ident => $native:ty),*) => {
            match array.data_type() {
                $(DataType::$type => one::<$native, f64>(&Value::Array(array.clone()), &DataType::Float64, |x| x as f64),)*
                other => Err(Error::internal(format!("{other} is no integer"))),
            }
        };
    }
    of_type!(Int8 => i8, Int16 => i16, Int32 => i32, Int64 => i64, UInt8 => u8, UInt16 => u16, UInt32 => u32, UInt64 => u64)
}

fn by_arrow(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    cast_with_options(array, to, &CastOptions { safe: true, ..Default::default() }).map_err(|e| failed(&e))
}

fn failed(error: &arrow_schema::ArrowError) -> Error {
    Error::new(Code::Arithmetic, error.to_string())
}

/// Floats in a narrower type; null where a finite one would become infinite.
fn narrower<F, T>(array: &ArrayRef, narrow: impl Fn(F::Native) -> T::Native) -> ArrayRef
where
    F: ArrowPrimitiveType<Native: Float>,
    T: ArrowPrimitiveType<Native: Float>,
{
    let wide = array.as_primitive::<F>();
    let out: PrimitiveArray<T> = wide.unary(&narrow);
    let lost = |(w, n): (&F::Native, &T::Native)| n.is_infinite() && !w.is_infinite();
    if !wide.values().iter().zip(out.values()).any(lost) {
        return Arc::new(out);
    }
    Arc::new(wide.unary_opt::<_, T>(|w| Some(narrow(w)).filter(|n| !lost((&w, n)))))
}

/// Floats of numbers that are all finite, but in text; null where they are not.
fn finite<T: ArrowPrimitiveType<Native: Float>>(array: &ArrayRef, from: &DataType) -> Result<ArrayRef> {
    let out = array.as_primitive::<T>();
    if types::is_string(from) || !out.values().iter().any(|v| v.is_infinite()) {
        return Ok(array.clone());
    }
    Ok(Arc::new(out.unary_opt::<_, T>(|v| v.is_finite().then_some(v))))
}

/// A decimal without garbage: arrow relies on every digit being within the precision, under nulls too.
fn digits(array: &ArrayRef) -> Result<ArrayRef> {
    fn clean<T: arrow_array::types::DecimalType>(array: &ArrayRef) -> Result<ArrayRef> {
        let decimals = array.as_primitive::<T>();
        let most = T::MAX_FOR_EACH_PRECISION[usize::from(decimals.precision().min(T::MAX_PRECISION))];
        let least = most.neg_wrapping();
        let within = |v: &T::Native| *v >= least && *v <= most;
        if decimals.values().iter().all(within) {
            return Ok(array.clone());
        }
        let out: PrimitiveArray<T> = decimals.unary_opt(|v| within(&v).then_some(v));
        let (precision, scale) = (decimals.precision(), decimals.scale());
        Ok(Arc::new(out.with_precision_and_scale(precision, scale)?))
    }
    use arrow_array::types::{Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type};
    match array.data_type() {
        DataType::Decimal32(..) => clean::<Decimal32Type>(array),
        DataType::Decimal64(..) => clean::<Decimal64Type>(array),
        DataType::Decimal128(..) => clean::<Decimal128Type>(array),
        _ => clean::<Decimal256Type>(array),
    }
}

/// The error of the first value that became null.
fn refused(array: &ArrayRef, out: &ArrayRef, to: &DataType) -> Error {
    let (before, after) = (array.logical_nulls(), out.logical_nulls());
    let lost = |row: &usize| {
        after.as_ref().is_some_and(|n| n.is_null(*row)) && before.as_ref().is_none_or(|n| n.is_valid(*row))
    };
    let row = (0..array.len()).find(lost).unwrap_or(0);
    let one = array.slice(row, 1);
    let shown = match one.data_type() {
        DataType::Timestamp(_, Some(_)) => convert(&one, &DataType::Utf8).unwrap_or(one.clone()),
        _ => one.clone(),
    };
    let shown = array_value_to_string(&shown, 0).unwrap_or_else(|_| "a value".to_owned());
    let mut short: String = shown.chars().take(64).collect();
    if short.len() < shown.len() {
        short.push('…');
    }
    let name = types::name(to);
    if types::is_string(array.data_type()) {
        return Error::invalid_argument(format!("'{short}' is not a value of {name}"));
    }
    Error::new(Code::Arithmetic, format!("{short} does not fit {name}"))
}

#[cfg(test)]
mod tests;
