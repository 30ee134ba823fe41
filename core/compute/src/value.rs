//! What a part of an expression is on the rows of a block.

use arrow_array::{Array, ArrayRef, Datum, UInt32Array};
use arrow_schema::DataType;
use pf_base::Result;

/// A value per row, or one value for all rows. As a [`Datum`] it can be handed to arrow's kernels.
#[derive(Clone, Debug)]
pub enum Value {
    /// A value per row.
    Array(ArrayRef),
    /// The same value for all rows: an array of one row.
    Scalar(ArrayRef),
}

impl Datum for Value {
    fn get(&self) -> (&dyn Array, bool) {
        match self {
            Value::Array(array) => (array.as_ref(), false),
            Value::Scalar(array) => (array.as_ref(), true),
        }
    }
}

impl Value {
    /// The array, of one row in a scalar.
    pub fn inner(&self) -> &ArrayRef {
        let (Value::Array(array) | Value::Scalar(array)) = self;
        array
    }

    /// The type.
    pub fn data_type(&self) -> &DataType {
        self.inner().data_type()
    }

    /// Whether it is one null for all rows.
    pub fn is_null_scalar(&self) -> bool {
        matches!(self, Value::Scalar(array) if array.is_null(0) || array.data_type().is_null())
    }

    /// A value per row, of which there are `rows`.
    ///
    /// # Errors
    /// What arrow fails with for a type that it cannot repeat.
    pub fn into_array(self, rows: usize) -> Result<ArrayRef> {
        match self {
            Value::Array(array) => Ok(array),
            Value::Scalar(array) if rows == 1 => Ok(array),
            Value::Scalar(array) => {
                Ok(arrow_select::take::take(array.as_ref(), &UInt32Array::from_value(0, rows), None)?)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Int32Array, NullArray};

    use super::*;

    #[test]
    fn a_null_of_any_type_is_a_null_scalar() {
        let nulls: [ArrayRef; 2] = [Arc::new(NullArray::new(1)), Arc::new(Int32Array::from(vec![None]))];
        for array in nulls {
            assert!(Value::Scalar(array.clone()).is_null_scalar() && !Value::Array(array).is_null_scalar());
        }
        assert!(!Value::Scalar(Arc::new(Int32Array::from(vec![1]))).is_null_scalar());
    }
}
