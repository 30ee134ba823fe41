//! One value.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, LargeStringArray, PrimitiveArray, StringArray, StringViewArray,
    new_null_array,
};
use arrow_schema::DataType;
use half::f16;
use pf_base::{Code, Error, Result};

/// One value, in the widest form of its kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    /// An integer, or a decimal without its point.
    Int(i128),
    Float(f64),
    Text(String),
    /// What is only handed on.
    Other(ArrayRef),
}

impl Cell {
    /// The value in a row.
    pub(super) fn read(array: &ArrayRef, row: usize) -> Result<Self> {
        use DataType as D;
        fn int<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> Cell
        where
            T::Native: Into<i128>,
        {
            Cell::Int(array.as_primitive::<T>().value(row).into())
        }
        if array.data_type().is_null() || array.is_null(row) {
            return Ok(Cell::Null);
        }
        Ok(match array.data_type() {
            D::Boolean => Cell::Bool(array.as_boolean().value(row)),
            D::Int8 => int::<Int8Type>(array, row),
            D::Int16 => int::<Int16Type>(array, row),
            D::Int32 => int::<Int32Type>(array, row),
            D::Int64 => int::<Int64Type>(array, row),
            D::UInt8 => int::<UInt8Type>(array, row),
            D::UInt16 => int::<UInt16Type>(array, row),
            D::UInt32 => int::<UInt32Type>(array, row),
            D::UInt64 => int::<UInt64Type>(array, row),
            D::Decimal128(..) => int::<Decimal128Type>(array, row),
            D::Float16 => Cell::Float(array.as_primitive::<Float16Type>().value(row).to_f64()),
            D::Float32 => Cell::Float(array.as_primitive::<Float32Type>().value(row).into()),
            D::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(row)),
            D::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
            D::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
            D::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
            D::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                Self::read(dictionary.values(), dictionary.normalized_keys()[row])?
            }
            _ => Cell::Other(array.slice(row, 1)),
        })
    }

    /// An array of it.
    pub(super) fn into_array(self, data_type: &DataType) -> Result<ArrayRef> {
        use DataType as D;
        fn int<T: ArrowPrimitiveType>(value: i128) -> Option<ArrayRef>
        where
            T::Native: TryFrom<i128>,
        {
            Some(Arc::new(PrimitiveArray::<T>::from_iter_values([T::Native::try_from(value).ok()?])))
        }
        let array: Option<ArrayRef> = match (self, data_type) {
            (Cell::Null, _) => Some(new_null_array(data_type, 1)),
            (Cell::Bool(b), D::Boolean) => Some(Arc::new(BooleanArray::from(vec![b]))),
            (Cell::Int(v), D::Int8) => int::<Int8Type>(v),
            (Cell::Int(v), D::Int16) => int::<Int16Type>(v),
            (Cell::Int(v), D::Int32) => int::<Int32Type>(v),
            (Cell::Int(v), D::Int64) => int::<Int64Type>(v),
            (Cell::Int(v), D::UInt8) => int::<UInt8Type>(v),
            (Cell::Int(v), D::UInt16) => int::<UInt16Type>(v),
            (Cell::Int(v), D::UInt32) => int::<UInt32Type>(v),
            (Cell::Int(v), D::UInt64) => int::<UInt64Type>(v),
            (Cell::Int(v), D::Decimal128(p, s)) => {
                let one = PrimitiveArray::<Decimal128Type>::from_iter_values([v]);
                Some(Arc::new(one.with_precision_and_scale(*p, *s)?))
            }
            (Cell::Float(x), D::Float16) => {
                Some(Arc::new(PrimitiveArray::<Float16Type>::from_iter_values([f16::from_f64(x)])))
            }
            (Cell::Float(x), D::Float32) => Some(Arc::new(PrimitiveArray::<Float32Type>::from_iter_values([x as f32]))),
            (Cell::Float(x), D::Float64) => Some(Arc::new(PrimitiveArray::<Float64Type>::from_iter_values([x]))),
            (Cell::Text(s), D::Utf8) => Some(Arc::new(StringArray::from(vec![s]))),
            (Cell::Text(s), D::LargeUtf8) => Some(Arc::new(LargeStringArray::from(vec![s]))),
            (Cell::Text(s), D::Utf8View) => Some(Arc::new(StringViewArray::from(vec![s]))),
            (Cell::Other(array), _) if array.data_type() == data_type => Some(array),
            _ => None,
        };
        array.ok_or_else(|| Error::internal(format!("a value is not of {data_type}")))
    }

    /// The value in another type.
    pub(super) fn convert(self, from: &DataType, to: &DataType) -> Result<Self> {
        use DataType as D;
        let unsupported = || Error::unsupported(format!("conversion of {from} to {to}"));
        let fail = || Error::new(Code::Arithmetic, format!("a value of {from} is not one of {to}"));
        let value_of = |t: &D| match t {
            D::Dictionary(_, values) => values.as_ref().clone(),
            other => other.clone(),
        };
        let (from_type, to) = (value_of(from), to);
        if from_type == *to || self == Cell::Null {
            return Ok(self);
        }
        match (self, &from_type, to) {
            (Cell::Int(v), D::Decimal128(_, s), D::Decimal128(p, t)) if t >= s => {
                scaled(v, i32::from(*t) - i32::from(*s))
                    .filter(|v| v.unsigned_abs() < 10_u128.pow(u32::from(*p)))
                    .map(Cell::Int)
                    .ok_or_else(fail)
            }
            (Cell::Int(v), D::Decimal128(_, s), _) if to.is_floating() => {
                let text = format!("{v}e{}", -i32::from(*s));
                let x: f64 = text.parse().map_err(|_| fail())?;
                Ok(Cell::Float(rounded(x, to)))
            }
            (_, D::Decimal128(..), _) => Err(unsupported()),
            (Cell::Int(v), _, D::Decimal128(p, s)) => scaled(v, i32::from(*s))
                .filter(|v| v.unsigned_abs() < 10_u128.pow(u32::from(*p)))
                .map(Cell::Int)
                .ok_or_else(fail),
            (Cell::Int(v), ..) if to.is_integer() => within(v, to).then_some(Cell::Int(v)).ok_or_else(fail),
            (Cell::Int(v), _, D::Float32) => Ok(Cell::Float(f64::from(v as f32))),
            (Cell::Int(v), ..) if to.is_floating() => finite(v as f64, to).ok_or_else(fail),
            (Cell::Int(v), _, D::Boolean) => Ok(Cell::Bool(v != 0)),
            (Cell::Int(v), _, D::Utf8 | D::LargeUtf8 | D::Utf8View) => Ok(Cell::Text(v.to_string())),
            (Cell::Bool(b), ..) if to.is_integer() => Ok(Cell::Int(i128::from(b))),
            (Cell::Bool(b), _, D::Utf8 | D::LargeUtf8 | D::Utf8View) => Ok(Cell::Text(b.to_string())),
            (Cell::Float(x), ..) if to.is_floating() => finite(x, to).ok_or_else(fail),
            (Cell::Float(x), ..) if to.is_integer() => {
                let whole = x.trunc();
                // Beyond 2^126 no integer type holds it, and the cast would saturate.
                if !whole.is_finite() || whole.abs() > 8e37 || !within(whole as i128, to) {
                    return Err(fail());
                }
                Ok(Cell::Int(whole as i128))
            }
            (Cell::Text(s), _, D::Utf8 | D::LargeUtf8 | D::Utf8View) => Ok(Cell::Text(s)),
            (Cell::Text(s), ..) if to.is_integer() => {
                let value = s.trim().parse().ok().filter(|v| within(*v, to));
                value.map(Cell::Int).ok_or_else(|| Error::invalid_argument(format!("'{s}' is not a value of {to}")))
            }
            _ => Err(unsupported()),
        }
    }
}

/// The nearest value of a float type, unless it is infinite where the value is not.
fn finite(value: f64, to: &DataType) -> Option<Cell> {
    let near = rounded(value, to);
    (near.is_finite() || !value.is_finite()).then_some(Cell::Float(near))
}

fn scaled(value: i128, places: i32) -> Option<i128> {
    value.checked_mul(10_i128.checked_pow(u32::try_from(places).ok()?)?)
}

/// Whether an integer type holds the value.
pub(super) fn within(value: i128, data_type: &DataType) -> bool {
    let bits = 8 * data_type.primitive_width().unwrap_or(0) as u32;
    if data_type.is_unsigned_integer() {
        value >= 0 && value < 1_i128 << bits
    } else {
        value >= -(1_i128 << (bits - 1)) && value < 1_i128 << (bits - 1)
    }
}

/// The nearest value of a float type.
pub(super) fn rounded(value: f64, data_type: &DataType) -> f64 {
    match data_type {
        DataType::Float16 => f16::from_f64(value).to_f64(),
        DataType::Float32 => f64::from(value as f32),
        _ => value,
    }
}
