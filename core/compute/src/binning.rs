//! Bins with as many rows each as can be.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Int64Array};
use pf_base::{Context, Result};

use crate::pieces::{fill_nullable, values_of};
use crate::sort_values;

/// The bin of every row of a column of float64, from 0. Bins are closed on the right, and their edges are the
/// quantiles by linear interpolation; an edge that stands twice counts once. Null and NaN are in no bin.
pub(crate) fn qcut(array: &ArrayRef, bins: u64, ctx: &Context) -> Result<ArrayRef> {
    let edges = edges(array, bins, ctx)?;
    // Only edges between two bins tell.
    let inner = edges.get(1..edges.len().saturating_sub(1)).unwrap_or_default();
    let values = values_of::<f64>(array);
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    let (codes, nulls) = fill_nullable::<i64>(array.len(), ctx, |start, out, valid| {
        for (i, out) in out.iter_mut().enumerate() {
            let value = values[start + i];
            if value.is_nan() || nulls.is_some_and(|n| n.is_null(start + i)) {
                continue;
            }
            *out = inner.partition_point(|edge| *edge < value) as i64;
            valid.set(i);
        }
        Ok(())
    })?;
    Ok(Arc::new(Int64Array::new(codes, nulls)))
}

/// The quantiles at 0, 1/bins … 1, each once.
fn edges(array: &ArrayRef, bins: u64, ctx: &Context) -> Result<Vec<f64>> {
    let sorted = sort_values(array, false, false, ctx)?;
    let sorted = sorted.as_primitive::<Float64Type>();
    let valid = &sorted.values()[..sorted.len() - sorted.null_count()];
    // NaN stands after all numbers.
    let numbers = &valid[..valid.partition_point(|v| !v.is_nan())];
    let Some(last) = numbers.len().checked_sub(1) else { return Ok(vec![]) };
    let _reserved = ctx.memory().reserve(8 * bins, "edges of bins")?;
    let mut edges = Vec::new();
    for bin in 0..=bins {
        let at = u128::from(bin) * last as u128;
        let (below, part) = ((at / u128::from(bins)) as usize, (at % u128::from(bins)) as f64 / bins as f64);
        let (a, b) = (numbers[below], numbers[(below + 1).min(last)]);
        let edge = if part == 0.0 || a == b {
            a
        } else if part < 0.5 {
            a + (b - a) * part
        } else {
            b - (b - a) * (1.0 - part)
        };
        if edges.last() != Some(&edge) {
            edges.push(edge);
        }
    }
    Ok(edges)
}
