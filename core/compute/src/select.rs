//! Rows of one value or another, as a mask says.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, make_array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, ScalarBuffer, i256};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::Value;

/// `a` where the mask is set and `b` elsewhere. Both are of `data_type`.
pub(crate) fn select(mask: &BooleanBuffer, a: &Value, b: &Value, data_type: &DataType) -> Result<ArrayRef> {
    let rows = mask.len();
    if data_type.is_null() {
        return Ok(arrow_array::new_null_array(data_type, rows));
    }
    if *data_type == DataType::Boolean {
        let (x, y) = (bits(a, rows)?, bits(b, rows)?);
        let values = &(&x & mask) | &(&y & &!mask);
        return Ok(std::sync::Arc::new(BooleanArray::new(values, nulls(mask, a, b))));
    }
    let Some(width) = data_type.primitive_width() else {
        return Ok(arrow_select::zip::zip(&BooleanArray::from(mask.clone()), a, b)?);
    };
    let values = match width {
        1 => blend::<i8>(mask, a, b)?,
        2 => blend::<i16>(mask, a, b)?,
        4 => blend::<i32>(mask, a, b)?,
        8 => blend::<i64>(mask, a, b)?,
        16 => blend::<i128>(mask, a, b)?,
        32 => blend::<i256>(mask, a, b)?,
        _ => return Err(Error::internal(format!("{data_type} is {width} bytes wide"))),
    };
    let data = ArrayData::builder(data_type.clone()).len(rows).add_buffer(values).nulls(nulls(mask, a, b)).build()?;
    Ok(make_array(data))
}

fn bits(value: &Value, rows: usize) -> Result<BooleanBuffer> {
    let array = value.inner().as_boolean_opt();
    let array = array.ok_or_else(|| Error::internal(format!("{} is not boolean", value.data_type())))?;
    Ok(match value {
        Value::Array(_) => array.values().clone(),
        Value::Scalar(_) if array.value(0) => BooleanBuffer::new_set(rows),
        Value::Scalar(_) => BooleanBuffer::new_unset(rows),
    })
}

fn nulls(mask: &BooleanBuffer, a: &Value, b: &Value) -> Option<NullBuffer> {
    let known = |value: &Value| match value {
        Value::Array(array) => array.nulls().filter(|n| n.null_count() > 0).map(|n| n.inner().clone()),
        Value::Scalar(one) if one.is_null(0) => Some(BooleanBuffer::new_unset(mask.len())),
        Value::Scalar(_) => None,
    };
    let known = match (known(a), known(b)) {
        (None, None) => return None,
        (Some(x), None) => &x | &!mask,
        (None, Some(y)) => &y | mask,
        (Some(x), Some(y)) => &(&x & mask) | &(&y & &!mask),
    };
    Some(NullBuffer::new(known)).filter(|n| n.null_count() > 0)
}

/// Values by their width alone: `T` is any type of it.
fn blend<T: ArrowNativeType>(mask: &BooleanBuffer, a: &Value, b: &Value) -> Result<Buffer> {
    let (x, y) = (values::<T>(a)?, values::<T>(b)?);
    Ok(match (a, b) {
        (Value::Array(_), Value::Array(_)) => choose(mask, |i| x[i], |i| y[i]),
        (Value::Array(_), Value::Scalar(_)) => choose(mask, |i| x[i], |_| y[0]),
        (Value::Scalar(_), Value::Array(_)) => choose(mask, |_| x[0], |i| y[i]),
        (Value::Scalar(_), Value::Scalar(_)) => choose(mask, |_| x[0], |_| y[0]),
    })
}

fn values<T: ArrowNativeType>(value: &Value) -> Result<ScalarBuffer<T>> {
    let data = value.inner().to_data();
    let buffer = data.buffers().first().cloned();
    let buffer = buffer.ok_or_else(|| Error::internal(format!("{} has no values", data.data_type())))?;
    Ok(ScalarBuffer::new(buffer, data.offset(), data.len()))
}

#[inline(always)]
fn choose<T: ArrowNativeType>(mask: &BooleanBuffer, a: impl Fn(usize) -> T, b: impl Fn(usize) -> T) -> Buffer {
    let rows = mask.len();
    let mut out: Vec<T> = Vec::with_capacity(rows);
    for (word, start) in mask.bit_chunks().iter_padded().zip((0..rows).step_by(64)) {
        let end = rows.min(start + 64);
        out.extend((start..end).map(|i| if word >> (i - start) & 1 == 1 { a(i) } else { b(i) }));
    }
    Buffer::from(out)
}
