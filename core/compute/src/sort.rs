//! The order of rows.

mod codes;
pub(crate) mod keys;
pub(crate) mod radix;
mod rows;
mod texts;
mod top;
mod values;

use arrow_array::{ArrayRef, UInt64Array};
use pf_base::{Context, Result};

use crate::pieces::buffer;
use keys::Plan;
pub use values::sort_values;

/// A column to sort by.
#[derive(Clone, Debug)]
pub struct SortColumn {
    /// A value per row.
    pub values: ArrayRef,
    /// From the greatest down.
    pub descending: bool,
    /// Nulls before all values, whatever the direction; else after them.
    pub nulls_first: bool,
}

/// The numbers of the rows in order of `keys`, or the first `limit` of them.
///
/// The sort is stable. NaN is greater than all other numbers, and zeros of both signs are equal; text is compared by
/// bytes, false comes before true, a dictionary is sorted by its values. The result does not depend on the threads.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for a column without an order;
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for columns of different lengths;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub fn argsort(keys: &[SortColumn], limit: Option<usize>, ctx: &Context) -> Result<UInt64Array> {
    let plan = Plan::new(keys, ctx)?;
    let limit = limit.map_or(plan.rows, |l| l.min(plan.rows));
    // Selecting pays as long as it leaves most rows out.
    if limit < plan.rows / 8 {
        let rows = if limit == 0 { vec![] } else { top::top(&plan, limit, ctx)? };
        return Ok(UInt64Array::from(rows));
    }
    let (mut out, _reserved) = ctx.memory().large::<u64>(plan.rows, "the order of rows")?;
    rows::sort_all(&plan, &mut out, ctx)?;
    out.truncate(limit);
    Ok(UInt64Array::new(buffer(out), None))
}

#[cfg(test)]
mod tests;
