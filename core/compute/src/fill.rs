//! Nulls that take the value of a row beside them.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt64Array};
use arrow_buffer::NullBuffer;
use pf_base::{Context, Result};

use crate::pieces::{PIECE, Valid, each_native, fill_nullable, piece, primitive, values_of};

/// Which row a null takes its value from.
struct Sources<'a> {
    nulls: &'a NullBuffer,
    forward: bool,
    limit: usize,
    /// For every piece, the nearest row outside it that is not null.
    outside: Vec<Option<usize>>,
}

impl Sources<'_> {
    /// Calls `take` with the place in the piece and the row that it takes its value from.
    fn each(&self, start: usize, len: usize, mut take: impl FnMut(usize, usize)) {
        let mut from = self.outside[start / PIECE];
        for step in 0..len {
            let i = if self.forward { step } else { len - 1 - step };
            let row = start + i;
            if self.nulls.is_valid(row) {
                from = Some(row);
            }
            if let Some(from) = from.filter(|from| row.abs_diff(*from) <= self.limit) {
                take(i, from);
            }
        }
    }
}

/// Nulls have the value of the last row before them that is not null (`forward`), or of the next one after them, if
/// it is at most `limit` rows away.
pub(crate) fn fill_beside(array: &ArrayRef, forward: bool, limit: usize, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let Some(nulls) = array.logical_nulls().filter(|n| n.null_count() > 0) else { return Ok(Arc::clone(array)) };
    let nearest = ctx.map(rows.div_ceil(PIECE), |i| {
        let valid = |row: &usize| nulls.is_valid(*row);
        Ok(if forward { piece(i, rows).rfind(valid) } else { piece(i, rows).find(valid) })
    })?;
    let mut outside = vec![None; nearest.len()];
    if forward {
        (1..nearest.len()).for_each(|i| outside[i] = nearest[i - 1].or(outside[i - 1]));
    } else {
        (1..nearest.len()).rev().for_each(|i| outside[i - 1] = nearest[i].or(outside[i]));
    }
    let sources = Sources { nulls: &nulls, forward, limit, outside };
    each_native!(
        array.data_type(),
        N => {
            let values = values_of::<N>(array);
            let (filled, nulls) = fill_nullable::<N>(rows, ctx, |start, out, valid: &mut Valid<'_>| {
                sources.each(start, out.len(), |i, from| {
                    out[i] = values[from];
                    valid.set(i);
                });
                Ok(())
            })?;
            primitive(array.data_type(), filled, nulls)
        },
        _ => {
            let (rows, nulls) = fill_nullable::<u64>(rows, ctx, |start, out, valid: &mut Valid<'_>| {
                sources.each(start, out.len(), |i, from| {
                    out[i] = from as u64;
                    valid.set(i);
                });
                Ok(())
            })?;
            crate::pieces::take_one(array, &UInt64Array::new(rows, nulls), ctx)
        }
    )
}
