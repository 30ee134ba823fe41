//! Counts of rows, and their first and last values.

use std::any::Any;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, UInt64Array, new_null_array};
use arrow_schema::DataType;
use pf_base::Result;

use super::rows::{Make, argument, same};
use crate::{Accumulator, Aggregate, Call, Value};

/// Computes `count`.
pub(super) fn count(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(|| Count { count: 0, nulls: false })))
}

/// Computes `count_null`.
pub(super) fn count_null(_: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    Ok(Box::new(Make(|| Count { count: 0, nulls: true })))
}

/// Computes `first`.
pub(super) fn first(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let result = call.result.clone();
    Ok(Box::new(Make(move || End { row: None, last: false, result: result.clone() })))
}

/// Computes `last`.
pub(super) fn last(call: &Call<'_>) -> Result<Box<dyn Aggregate>> {
    let result = call.result.clone();
    Ok(Box::new(Make(move || End { row: None, last: true, result: result.clone() })))
}

struct Count {
    count: usize,
    nulls: bool,
}

impl Accumulator for Count {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let nulls = match arguments.first() {
            None => 0,
            Some(Value::Scalar(value)) => value.logical_null_count() * rows,
            Some(Value::Array(values)) => values.logical_null_count(),
        };
        self.count += if self.nulls { nulls } else { rows - nulls };
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        self.count += same::<Self>(later)?.count;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(Arc::new(Int64Array::from(vec![self.count as i64])))
    }
}

/// The first or last row.
struct End {
    row: Option<ArrayRef>,
    last: bool,
    result: DataType,
}

impl Accumulator for End {
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()> {
        let value = argument(arguments, 0)?;
        if rows == 0 || (self.row.is_some() && !self.last) {
            return Ok(());
        }
        let array = value.inner();
        let row = if self.last { array.len() - 1 } else { 0 };
        // A copy, since a slice would keep the whole array.
        let row = UInt64Array::from(vec![row as u64]);
        self.row = Some(arrow_select::take::take(array.as_ref(), &row, None)?);
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Any>) -> Result<()> {
        let later = same::<Self>(later)?;
        if self.row.is_none() || (self.last && later.row.is_some()) {
            self.row = later.row;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        Ok(self.row.unwrap_or_else(|| new_null_array(&self.result, 1)))
    }
}
