//! What the kernels of a block read and write: slices of fixed-width values, with nulls beside them.

use arrow_array::{Array, ArrayRef, downcast_primitive_array, make_array, new_null_array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use pf_base::{Code, Error, Result};

use crate::simd::Side;
use crate::{Overflow, Value};

/// The values of an array whose values are `T` in memory, whatever they mean.
pub(crate) fn values<T: ArrowNativeType>(array: &dyn Array) -> Result<ScalarBuffer<T>> {
    let width = array.data_type().primitive_width();
    if width != Some(size_of::<T>()) {
        return Err(Error::internal(format!("{} is not {} bytes wide", array.data_type(), size_of::<T>())));
    }
    Ok(ScalarBuffer::new(buffer_of(array)?, 0, array.len()))
}

/// The values of an array of fixed width, without those outside the rows it is a slice of.
pub(crate) fn buffer_of(array: &dyn Array) -> Result<Buffer> {
    downcast_primitive_array!(
        array => Ok(array.values().inner().clone()),
        other => Err(Error::internal(format!("{other} has no fixed width")))
    )
}

/// An argument as kernels take it.
pub(crate) struct Operand<T: ArrowNativeType> {
    values: ScalarBuffer<T>,
    /// One value stands for all rows.
    pub(crate) scalar: bool,
}

impl<T: ArrowNativeType> Operand<T> {
    /// Reads an argument whose values are `T` in memory.
    pub(crate) fn new(value: &Value) -> Result<Self> {
        let scalar = matches!(value, Value::Scalar(_));
        Ok(Self { values: values(value.inner().as_ref())?, scalar })
    }

    /// The values.
    pub(crate) fn side(&self) -> Side<'_, T> {
        if self.scalar { Side::One(self.values[0]) } else { Side::Rows(&self.values) }
    }
}

/// The nulls of the result of a function that is null where one of its arguments is, none of them a null scalar.
pub(crate) fn nulls(arguments: &[Value]) -> Option<NullBuffer> {
    arguments.iter().fold(None, |nulls, value| match value {
        Value::Array(array) => NullBuffer::union(nulls.as_ref(), array.logical_nulls().as_ref()),
        Value::Scalar(_) => nulls,
    })
}

/// The number of rows to compute: one where all arguments are scalars.
pub(crate) fn rows_of(arguments: &[Value], rows: usize) -> usize {
    if all_scalars(arguments) { 1 } else { rows }
}

/// Whether the result is a scalar too.
pub(crate) fn all_scalars(arguments: &[Value]) -> bool {
    arguments.iter().all(|v| matches!(v, Value::Scalar(_)))
}

/// One null for all rows.
pub(crate) fn null(data_type: &DataType) -> Value {
    Value::Scalar(new_null_array(data_type, 1))
}

/// The result of a kernel: a scalar where all arguments are.
pub(crate) fn finish(array: ArrayRef, arguments: &[Value]) -> Value {
    if all_scalars(arguments) { Value::Scalar(array) } else { Value::Array(array) }
}

/// An array of a type of fixed width, of values as they are in memory.
pub(crate) fn primitive(
    values: impl Into<Buffer>,
    nulls: Option<NullBuffer>,
    data_type: &DataType,
) -> Result<ArrayRef> {
    let values = values.into();
    let width = data_type.primitive_width();
    let width = width.ok_or_else(|| Error::internal(format!("{data_type} has no fixed width")))?;
    let data = ArrayData::builder(data_type.clone()).len(values.len() / width).nulls(nulls);
    Ok(make_array(data.add_buffer(values).build()?))
}

/// Why a row has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The result's type does not hold it.
    Overflow,
    /// A division by zero.
    Zero,
}

/// What becomes of a block of which some rows may have no result: the nulls of the result, or the error of the first
/// such row. Rows that are null already have no faults.
pub(crate) fn settle(
    rows: usize,
    nulls: Option<NullBuffer>,
    overflow: Overflow,
    fault: impl Fn(usize) -> Option<Fault>,
    describe: impl Fn(usize, Fault) -> String,
) -> Result<Option<NullBuffer>> {
    let is_valid = |i: usize| nulls.as_ref().is_none_or(|n| n.is_valid(i));
    if overflow == Overflow::Error {
        let first = (0..rows).find_map(|i| if is_valid(i) { fault(i).map(|f| (i, f)) } else { None });
        return match first {
            Some((i, f)) => Err(Error::new(Code::Arithmetic, describe(i, f))),
            None => Ok(nulls),
        };
    }
    let kept = BooleanBuffer::collect_bool(rows, |i| {
        is_valid(i)
            && match fault(i) {
                None => true,
                Some(Fault::Overflow) => overflow == Overflow::Wrap,
                Some(Fault::Zero) => false,
            }
    });
    Ok(Some(NullBuffer::new(kept)).filter(|n| n.null_count() > 0))
}
