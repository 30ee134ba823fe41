//! Expressions and filters over batches.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use pf_base::{Context, Error, Result};

/// The rows where the mask is true.
pub(crate) fn keep(
    columns: &[ArrayRef],
    rows: usize,
    mask: &ArrayRef,
    ctx: &Context,
) -> Result<(Vec<ArrayRef>, usize)> {
    let mask = mask.as_boolean_opt().ok_or_else(|| Error::wrong_type(format!("a filter is {}", mask.data_type())))?;
    debug_assert_eq!(mask.len(), rows);
    let count = mask.true_count();
    Ok((crate::filter(columns, mask, ctx)?, count))
}
