//! What the kernels of text and time share: which rows a block has, and which of them are null.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, new_null_array};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use pf_base::Result;

use crate::{ScalarKernel, Value};

/// The rows of a result.
#[derive(Debug)]
pub(crate) struct Block {
    /// How many rows are to be computed: one where all arguments are scalars.
    pub(crate) rows: usize,
    /// Rows in which some argument is null.
    pub(crate) nulls: Option<NullBuffer>,
    scalar: bool,
}

impl Block {
    /// The rows of a function that is null where an argument is; none where a scalar makes all rows null. An argument
    /// of the type null does not count: functions ask for it where a default of `NULL` means that it is absent.
    pub(crate) fn of(arguments: &[Value], rows: usize) -> Option<Self> {
        let mut nulls = None;
        let mut scalar = true;
        for argument in arguments {
            match argument {
                _ if argument.data_type().is_null() => {}
                Value::Scalar(_) if argument.is_null_scalar() => return None,
                Value::Scalar(_) => {}
                Value::Array(array) => {
                    scalar = false;
                    nulls = NullBuffer::union(nulls.as_ref(), array.logical_nulls().as_ref());
                }
            }
        }
        Some(Self { rows: if scalar { 1 } else { rows }, nulls, scalar })
    }

    /// Whether a row is to be computed.
    #[inline]
    pub(crate) fn is_valid(&self, row: usize) -> bool {
        self.nulls.as_ref().is_none_or(|n| n.is_valid(row))
    }

    /// The result of these rows.
    pub(crate) fn value(&self, array: ArrayRef) -> Value {
        if self.scalar { Value::Scalar(array) } else { Value::Array(array) }
    }
}

/// Null in all rows.
pub(crate) fn null_of(data_type: &DataType) -> Value {
    Value::Scalar(new_null_array(data_type, 1))
}

/// What a row's number is masked with to find it in a value: a scalar has row 0 only.
#[inline]
pub(crate) fn mask_of(value: &Value) -> usize {
    match value {
        Value::Array(_) => usize::MAX,
        Value::Scalar(_) => 0,
    }
}

/// The integers of an argument that was converted to int64.
pub(crate) struct Integers<'a> {
    values: &'a [i64],
    mask: usize,
}

impl<'a> Integers<'a> {
    /// The integers of a value.
    pub(crate) fn of(value: &'a Value) -> Self {
        Self { values: value.inner().as_primitive::<Int64Type>().values(), mask: mask_of(value) }
    }

    /// The integer of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> i64 {
        self.values[row & self.mask]
    }
}

/// A kernel that computes the rows of which [`Block::of`] says that no argument is null.
pub(crate) fn kernel(
    result: &DataType,
    compute: impl Fn(&[Value], &Block, &DataType) -> Result<ArrayRef> + Send + Sync + 'static,
) -> ScalarKernel {
    let result = result.clone();
    Box::new(move |values, rows| match Block::of(values, rows) {
        None => Ok(null_of(&result)),
        Some(block) => Ok(block.value(compute(values, &block, &result)?)),
    })
}
