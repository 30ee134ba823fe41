//! Rows of columns by their positions.

mod gather;
mod positions;
#[cfg(test)]
mod tests;

use arrow_array::{Array, ArrayRef};
use pf_base::{Context, Error, Result};

use positions::Positions;

/// The rows of every column at `indices`, which are of any integer type; a null index gives null.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) where indices are no integers;
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an index that is negative or past the end, columns of
/// different lengths, and more bytes or items than the offsets of a column's type count;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub fn take(columns: &[ArrayRef], indices: &dyn Array, ctx: &Context) -> Result<Vec<ArrayRef>> {
    let Some(first) = columns.first() else { return Ok(Vec::new()) };
    if let Some((i, other)) = columns.iter().enumerate().find(|(_, column)| column.len() != first.len()) {
        let (a, b) = (first.len(), other.len());
        return Err(Error::invalid_argument(format!("column 0 has {a} rows, column {i} {b}; they must be the same")));
    }
    let ctx = &ctx.for_work(indices.len() as u64);
    let positions = Positions::of(indices, first.len(), ctx)?;
    ctx.map(columns.len(), |c| gather::gather(&columns[c], &positions, ctx))
}
