//! One value, with the order that the language's comparisons have.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, LargeBinaryArray,
    LargeStringArray, StringArray, StringViewArray,
};
use arrow_buffer::{ArrowNativeType, i256};
use arrow_schema::DataType;
use half::f16;

use crate::compare::with_native;
use crate::operands::{primitive, values};

/// A value that is neither null nor NaN.
///
/// Values of one type are ordered as `<` orders them: -0.0 equals 0.0, text and binaries compare byte by byte. The
/// numbers of dates, times and decimals stand without their unit and scale, so that only values of one type go
/// together; those of two encodings of one type (strings and string views, a dictionary and its values) do.
#[derive(Clone, Debug)]
pub enum Scalar {
    /// Of booleans; false comes before true.
    Boolean(bool),
    /// Of integers, dates, times, timestamps, durations, and decimals of up to 128 bits, without their point.
    Integer(i128),
    /// Of decimal256, without its point.
    Wide(i256),
    /// Of floats; never NaN.
    Float(f64),
    /// Of strings and binaries.
    Bytes(Vec<u8>),
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Scalar::Boolean(a), Scalar::Boolean(b)) => Some(a.cmp(b)),
            (Scalar::Integer(a), Scalar::Integer(b)) => Some(a.cmp(b)),
            (Scalar::Wide(a), Scalar::Wide(b)) => Some(a.cmp(b)),
            (Scalar::Float(a), Scalar::Float(b)) => a.partial_cmp(b),
            (Scalar::Bytes(a), Scalar::Bytes(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// A number in memory.
trait Plain: ArrowNativeType {
    fn scalar(self) -> Option<Scalar>;
    fn of(scalar: &Scalar) -> Option<Self>;
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl Plain for $t {
            fn scalar(self) -> Option<Scalar> {
                Some(Scalar::Integer(self.into()))
            }
            fn of(scalar: &Scalar) -> Option<Self> {
                let Scalar::Integer(value) = scalar else { return None };
                Self::try_from(*value).ok()
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

impl Plain for i256 {
    fn scalar(self) -> Option<Scalar> {
        Some(Scalar::Wide(self))
    }
    fn of(scalar: &Scalar) -> Option<Self> {
        let Scalar::Wide(value) = scalar else { return None };
        Some(*value)
    }
}

/// Floats that are not values of the type are no values of it at all.
macro_rules! floats {
    ($($t:ty, $from:expr, $to:expr);*) => {$(
        impl Plain for $t {
            fn scalar(self) -> Option<Scalar> {
                (!self.is_nan()).then(|| Scalar::Float($to(self)))
            }
            fn of(scalar: &Scalar) -> Option<Self> {
                let Scalar::Float(value) = scalar else { return None };
                let narrow: $t = $from(*value);
                ($to(narrow) == *value).then_some(narrow)
            }
        }
    )*};
}
floats!(f16, f16::from_f64, f64::from; f32, |v| v as f32, f64::from; f64, |v| v, |v| v);

/// Runs `$body` with `$t` the type that values of a type have in memory, small decimals and float16 too.
macro_rules! with_plain {
    ($data_type:expr, $t:ident => $body:expr, $other:expr) => {
        match $data_type {
            DataType::Float16 => {
                type $t = f16;
                $body
            }
            DataType::Decimal32(..) => {
                type $t = i32;
                $body
            }
            DataType::Decimal64(..) => {
                type $t = i64;
                $body
            }
            other => with_native!(other, $t => $body, $other),
        }
    };
}

impl Scalar {
    /// The only value of an array; none where it is null or NaN, or of a type without an order.
    pub fn read(array: &dyn Array) -> Option<Self> {
        if array.len() != 1 || array.is_null(0) {
            return None;
        }
        match array.data_type() {
            DataType::Boolean => Some(Scalar::Boolean(array.as_boolean().value(0))),
            DataType::Utf8 => bytes(array.as_string::<i32>().value(0)),
            DataType::LargeUtf8 => bytes(array.as_string::<i64>().value(0)),
            DataType::Utf8View => bytes(array.as_string_view().value(0)),
            DataType::Binary => bytes(array.as_binary::<i32>().value(0)),
            DataType::LargeBinary => bytes(array.as_binary::<i64>().value(0)),
            DataType::BinaryView => bytes(array.as_binary_view().value(0)),
            DataType::FixedSizeBinary(_) => bytes(array.as_fixed_size_binary().value(0)),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary_opt()?;
                let key = *dictionary.normalized_keys().first()?;
                (key < dictionary.values().len()).then(|| Self::read(&dictionary.values().slice(key, 1)))?
            }
            other => with_plain!(other, T => values::<T>(array).ok()?.first()?.scalar(), None),
        }
    }

    /// An array of this value alone; none where it is no value of the type.
    pub fn into_array(self, data_type: &DataType) -> Option<ArrayRef> {
        Some(match (self, data_type) {
            (Scalar::Boolean(value), DataType::Boolean) => Arc::new(BooleanArray::from(vec![value])),
            (Scalar::Bytes(bytes), _) => return of_bytes(bytes, data_type),
            (number, _) => {
                return with_plain!(data_type, T => primitive(vec![T::of(&number)?], None, data_type).ok(), None);
            }
        })
    }
}

#[allow(clippy::unnecessary_wraps, reason = "as all other types")]
fn bytes(value: impl AsRef<[u8]>) -> Option<Scalar> {
    Some(Scalar::Bytes(value.as_ref().to_vec()))
}

fn of_bytes(bytes: Vec<u8>, data_type: &DataType) -> Option<ArrayRef> {
    let text = |bytes| String::from_utf8(bytes).ok().map(|text| vec![text]);
    Some(match data_type {
        DataType::Utf8 => Arc::new(StringArray::from(text(bytes)?)),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from(text(bytes)?)),
        DataType::Utf8View => Arc::new(StringViewArray::from(text(bytes)?)),
        DataType::Binary => Arc::new(BinaryArray::from(vec![bytes.as_slice()])),
        DataType::LargeBinary => Arc::new(LargeBinaryArray::from(vec![bytes.as_slice()])),
        DataType::BinaryView => Arc::new(BinaryViewArray::from(vec![bytes.as_slice()])),
        DataType::FixedSizeBinary(width) if usize::try_from(*width) == Ok(bytes.len()) => {
            Arc::new(FixedSizeBinaryArray::try_new(*width, bytes.into(), None).ok()?)
        }
        _ => return None,
    })
}
