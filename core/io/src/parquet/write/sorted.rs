//! Whether rows are in the order that a file says they are in.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float16Type, Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, PrimitiveArray, RecordBatch};
use arrow_ord::ord::make_comparator;
use arrow_schema::{DataType, Schema, SortOptions};
use pf_base::{Context, Error, Result};
use pf_compute_core::SortKey;

use super::options::Settings;

/// Rows that are compared before cancellation is looked at.
const STEP: usize = 64 * 1024;

/// Looks at rows as they come.
pub(super) struct Order {
    keys: Vec<(usize, SortOptions)>,
    /// The keys of the last row.
    last: Vec<ArrayRef>,
    rows: u64,
}

impl Order {
    /// The order that the settings name, over columns of `schema`.
    pub(super) fn new(schema: &Schema, settings: &Settings<'_>) -> Result<Self> {
        let key = |key: &SortKey| {
            let options = SortOptions { descending: key.descending, nulls_first: key.nulls_first };
            Ok((settings.sort_column(key, schema)?, options))
        };
        let keys = settings.sorting.iter().map(key).collect::<Result<Vec<_>>>()?;
        Ok(Self { keys, last: Vec::new(), rows: 0 })
    }

    /// Looks at the next rows. NaN is greater than all other numbers, and zeros of both signs are equal.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) with the first row that stands before its
    /// predecessor; [`Code::Type`](pf_base::Code::Type) for a column without an order.
    pub(super) fn check(&mut self, batch: &RecordBatch, ctx: &Context) -> Result<()> {
        let rows = batch.num_rows();
        if rows == 0 || self.keys.is_empty() {
            return Ok(());
        }
        let values: Vec<ArrayRef> = self.keys.iter().map(|(position, _)| plain(batch.column(*position))).collect();
        let compare = |left: &[ArrayRef], right: &[ArrayRef]| {
            let keys = left.iter().zip(right).zip(&self.keys);
            keys.map(|((left, right), (_, options))| Ok(make_comparator(left, right, *options)?))
                .collect::<Result<Vec<_>>>()
        };
        if !self.last.is_empty() {
            let across = compare(&self.last, &values)?;
            if across.iter().map(|c| c(0, 0)).find(|o| o.is_ne()) == Some(Ordering::Greater) {
                return Err(unsorted(self.rows));
            }
        }
        let within = compare(&values, &values)?;
        for row in 1..rows {
            if row % STEP == 0 {
                ctx.check()?;
            }
            if within.iter().map(|c| c(row - 1, row)).find(|o| o.is_ne()) == Some(Ordering::Greater) {
                return Err(unsorted(self.rows + row as u64));
            }
        }
        self.last = values.iter().map(|column| column.slice(rows - 1, 1)).collect();
        self.rows += rows as u64;
        Ok(())
    }
}

fn unsorted(row: u64) -> Error {
    Error::invalid_argument(format!("sorting_columns: row {row} belongs before the row before it"))
}

/// Floats with one zero and one NaN.
fn plain(column: &ArrayRef) -> ArrayRef {
    fn one<T: ArrowPrimitiveType>(column: &ArrayRef, zero: T::Native, nan: T::Native) -> ArrayRef
    where
        T::Native: PartialOrd,
    {
        let array: PrimitiveArray<T> = column.as_primitive::<T>().unary(|value| {
            if value == zero {
                zero
            } else if value.partial_cmp(&value).is_none() {
                nan
            } else {
                value
            }
        });
        Arc::new(array)
    }
    match column.data_type() {
        DataType::Float16 => one::<Float16Type>(column, half::f16::ZERO, half::f16::NAN),
        DataType::Float32 => one::<Float32Type>(column, 0.0, f32::NAN),
        DataType::Float64 => one::<Float64Type>(column, 0.0, f64::NAN),
        _ => column.clone(),
    }
}
