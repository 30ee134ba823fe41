//! Values in the format's plain encoding as Arrow arrays and as text.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::types::*;
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, GenericBinaryArray, GenericStringArray, PrimitiveArray,
    new_null_array,
};
use arrow_array::{BinaryViewArray, StringViewArray, builder::FixedSizeBinaryBuilder};
use arrow_buffer::i256;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{DataType, TimeUnit};
use parquet::basic::Type;

use super::Leaf;

/// The values as an array of the type of `leaf`: null for no value, for one that the type has not, and for types that
/// have no plain encoding. Values of a fixed size take that, null or not: who asks for many makes room.
pub(crate) fn array<'a>(leaf: &Leaf, values: impl ExactSizeIterator<Item = Option<&'a [u8]>>) -> ArrayRef {
    use DataType as D;
    let data_type = &leaf.data_type;
    macro_rules! primitive {
        ($type:ty, $value:expr) => {{
            let values: PrimitiveArray<$type> = values.map(|v| v.and_then($value)).collect();
            Arc::new(values.with_data_type(data_type.clone()))
        }};
    }
    // Decimals are little-endian where they are written as numbers, big-endian where as bytes.
    let numbers = matches!(leaf.physical, Type::INT32 | Type::INT64);
    let decimal = |v| {
        if numbers { signed(v).map(i128::from) } else { big_endian(v).map(i128::from_be_bytes) }
    };
    let text = |v: Option<&'a [u8]>| v.and_then(|v| std::str::from_utf8(v).ok());
    match data_type {
        D::Boolean => Arc::new(BooleanArray::from_iter(values.map(|v| v.and_then(|v| v.first()).map(|v| *v != 0)))),
        D::Int8 => primitive!(Int8Type, narrow),
        D::Int16 => primitive!(Int16Type, narrow),
        D::Int32 => primitive!(Int32Type, narrow),
        D::Int64 => primitive!(Int64Type, signed),
        D::UInt8 => primitive!(UInt8Type, narrow_unsigned),
        D::UInt16 => primitive!(UInt16Type, narrow_unsigned),
        D::UInt32 => primitive!(UInt32Type, narrow_unsigned),
        D::UInt64 => primitive!(UInt64Type, unsigned),
        D::Float16 => primitive!(Float16Type, |v| Some(<Float16Type as ArrowPrimitiveType>::Native::from_le_bytes(
            v.try_into().ok()?
        ))),
        D::Float32 => primitive!(Float32Type, |v| Some(f32::from_le_bytes(v.try_into().ok()?))),
        D::Float64 => primitive!(Float64Type, |v| Some(f64::from_le_bytes(v.try_into().ok()?))),
        D::Date32 => primitive!(Date32Type, narrow),
        D::Date64 => primitive!(Date64Type, |v| match v.len() {
            // Days are written in four bytes.
            4 => signed(v)?.checked_mul(86_400_000),
            _ => signed(v),
        }),
        D::Time32(TimeUnit::Second) => primitive!(Time32SecondType, narrow),
        D::Time32(_) => primitive!(Time32MillisecondType, narrow),
        D::Time64(TimeUnit::Microsecond) => primitive!(Time64MicrosecondType, signed),
        D::Time64(_) => primitive!(Time64NanosecondType, signed),
        D::Timestamp(TimeUnit::Second, _) => primitive!(TimestampSecondType, signed),
        D::Timestamp(TimeUnit::Millisecond, _) => primitive!(TimestampMillisecondType, signed),
        D::Timestamp(TimeUnit::Microsecond, _) => primitive!(TimestampMicrosecondType, signed),
        D::Timestamp(TimeUnit::Nanosecond, _) => primitive!(TimestampNanosecondType, signed),
        D::Duration(TimeUnit::Second) => primitive!(DurationSecondType, signed),
        D::Duration(TimeUnit::Millisecond) => primitive!(DurationMillisecondType, signed),
        D::Duration(TimeUnit::Microsecond) => primitive!(DurationMicrosecondType, signed),
        D::Duration(TimeUnit::Nanosecond) => primitive!(DurationNanosecondType, signed),
        D::Decimal32(..) => primitive!(Decimal32Type, |v| i32::try_from(decimal(v)?).ok()),
        D::Decimal64(..) => primitive!(Decimal64Type, |v| i64::try_from(decimal(v)?).ok()),
        D::Decimal128(..) => primitive!(Decimal128Type, decimal),
        D::Decimal256(..) => primitive!(Decimal256Type, |v| {
            if numbers { signed(v).map(|v| i256::from_i128(v.into())) } else { big_endian(v).map(i256::from_be_bytes) }
        }),
        D::Utf8 => Arc::new(values.map(text).collect::<GenericStringArray<i32>>()),
        D::LargeUtf8 => Arc::new(values.map(text).collect::<GenericStringArray<i64>>()),
        D::Utf8View => Arc::new(values.map(text).collect::<StringViewArray>()),
        D::Binary => Arc::new(values.collect::<GenericBinaryArray<i32>>()),
        D::LargeBinary => Arc::new(values.collect::<GenericBinaryArray<i64>>()),
        D::BinaryView => Arc::new(values.collect::<BinaryViewArray>()),
        D::FixedSizeBinary(size) => {
            let mut builder = FixedSizeBinaryBuilder::with_capacity(values.len(), *size);
            for value in values {
                // A value of another length is refused, and is none.
                if value.is_none_or(|value| builder.append_value(value).is_err()) {
                    builder.append_null();
                }
            }
            Arc::new(builder.finish())
        }
        _ => new_null_array(data_type, values.len()),
    }
}

fn signed(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        4 => Some(i32::from_le_bytes(bytes.try_into().ok()?).into()),
        _ => Some(i64::from_le_bytes(bytes.try_into().ok()?)),
    }
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    match bytes.len() {
        4 => Some(u32::from_le_bytes(bytes.try_into().ok()?).into()),
        _ => Some(u64::from_le_bytes(bytes.try_into().ok()?)),
    }
}

fn narrow<T: TryFrom<i64>>(bytes: &[u8]) -> Option<T> {
    T::try_from(signed(bytes)?).ok()
}

fn narrow_unsigned<T: TryFrom<u64>>(bytes: &[u8]) -> Option<T> {
    T::try_from(unsigned(bytes)?).ok()
}

/// A number of at most `N` bytes, in two's complement, as one of `N` bytes; nothing for no byte, and for one that is longer
/// because it is larger.
pub(crate) fn big_endian<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    let sign = if bytes.first()? & 0x80 == 0 { 0 } else { 0xff };
    let (head, tail) = bytes.split_at(bytes.len().saturating_sub(N));
    let fits = head.iter().all(|byte| *byte == sign) && (head.is_empty() || tail.first()? & 0x80 == sign & 0x80);
    let mut number = [sign; N];
    number[N - tail.len()..].copy_from_slice(tail);
    fits.then_some(number)
}

/// Writes the value as text, as Arrow displays values of the type of `leaf`: bytes in hexadecimal, floats with the digits
/// that tell them apart. Nothing is written, and the answer is no, for no value of the type.
pub(crate) fn write_text(leaf: &Leaf, value: &[u8], into: &mut impl Write) -> bool {
    use DataType as D;
    let written = match &leaf.data_type {
        D::Boolean => value.first().map(|v| into.write_str(if *v == 0 { "false" } else { "true" })),
        D::Int32 | D::Int64 => signed(value).map(|v| write!(into, "{v}")),
        D::UInt32 | D::UInt64 => unsigned(value).map(|v| write!(into, "{v}")),
        D::Float32 => value.try_into().ok().map(|v| into.write_str(ryu::Buffer::new().format(f32::from_le_bytes(v)))),
        D::Float64 => value.try_into().ok().map(|v| into.write_str(ryu::Buffer::new().format(f64::from_le_bytes(v)))),
        D::Utf8 | D::LargeUtf8 | D::Utf8View => std::str::from_utf8(value).ok().map(|v| into.write_str(v)),
        // It would be null, which is as long as a value is said to be.
        D::FixedSizeBinary(size) if usize::try_from(*size) != Ok(value.len()) => None,
        _ => {
            let one = array(leaf, [Some(value)].into_iter());
            let options = FormatOptions::new();
            match ArrayFormatter::try_new(&one, &options) {
                // A date far out of the calendar has no text.
                Ok(text) if one.is_valid(0) => text.value(0).try_to_string().ok().map(|text| into.write_str(&text)),
                _ => None,
            }
        }
    };
    matches!(written, Some(Ok(())))
}
