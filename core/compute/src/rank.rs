//! The place of every row in the order of a column.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array};
use arrow_buffer::NullBuffer;
use pf_base::{Context, Error, Result};

use crate::pieces::{PIECE, fill, piece};
use crate::sort::keys::Plan;
use crate::sort::{SortColumn, argsort};

/// What equal values get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// The mean of their places.
    Average,
    /// The first of their places.
    Min,
    /// The last of their places.
    Max,
    /// As `Min`, but the next value gets the next number.
    Dense,
    /// Each its own, in the order of rows.
    Ordinal,
}

impl Method {
    /// The method of this name.
    pub(crate) fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "average" => Self::Average,
            "min" => Self::Min,
            "max" => Self::Max,
            "dense" => Self::Dense,
            "ordinal" | "first" => Self::Ordinal,
            other => {
                return Err(Error::invalid_argument(format!(
                    "method must be 'average', 'min', 'max', 'dense' or 'ordinal', not '{other}'"
                )));
            }
        })
    }
}

/// The rank of every row from 1, null for a null.
pub(crate) fn rank(array: &ArrayRef, method: Method, descending: bool, ctx: &Context) -> Result<ArrayRef> {
    let rows = array.len();
    let nulls = array.logical_nulls().filter(|n| n.null_count() > 0);
    let ranked = rows - nulls.as_ref().map_or(0, NullBuffer::null_count);
    let key = [SortColumn { values: Arc::clone(array), descending, nulls_first: false }];
    let plan = Plan::new(&key, ctx)?;
    let order = argsort(&key, None, ctx)?;
    let order = &order.values()[..ranked];

    // Where values begin that are not equal to those before them.
    let begins = fill::<u8>(ranked, ctx, |start, out| {
        for (at, out) in (start..).zip(out) {
            *out = u8::from(at == 0 || !plan.equal(order[at - 1] as usize, order[at] as usize));
        }
        Ok(())
    })?;
    let pieces = ranked.div_ceil(PIECE);
    let seen = ctx.map(pieces, |i| {
        let (piece, begins) = (piece(i, ranked), &begins);
        let begin = |at: &usize| begins[*at] == 1;
        Ok((piece.clone().find(begin), piece.clone().rfind(begin), piece.filter(begin).count()))
    })?;
    // For every piece: the last beginning before it, how many there are, and the first one after it.
    let mut before = Vec::with_capacity(pieces);
    let (mut last, mut count) = (0, 0);
    for (_, here, beginnings) in &seen {
        before.push((last, count));
        (last, count) = (here.unwrap_or(last), count + beginnings);
    }
    let mut after = vec![ranked; pieces];
    (1..pieces).rev().for_each(|i| after[i - 1] = seen[i].0.unwrap_or(after[i]));

    let _reserved = ctx.memory().reserve(8 * rows as u64, "ranks")?;
    let mut ranks = Vec::<AtomicU64>::new();
    ranks.try_reserve_exact(rows).map_err(|e| Error::out_of_memory(format!("ranks: {e}")))?;
    ranks.resize_with(rows, AtomicU64::default);
    ctx.map(pieces, |i| {
        let piece = piece(i, ranked);
        let (mut start, mut dense) = before[i];
        let mut at = piece.start;
        while at < piece.end {
            if begins[at] == 1 {
                (start, dense) = (at, dense + 1);
            }
            let next = (at + 1..piece.end).find(|a| begins[*a] == 1);
            let end = next.unwrap_or(after[i]);
            for (place, row) in (at..).zip(&order[at..next.unwrap_or(piece.end)]) {
                let rank = match method {
                    Method::Average => ((start + 1 + end) as f64 / 2.0).to_bits(),
                    Method::Min => start as u64 + 1,
                    Method::Max => end as u64,
                    Method::Dense => dense as u64,
                    Method::Ordinal => place as u64 + 1,
                };
                ranks[*row as usize].store(rank, Ordering::Relaxed);
            }
            at = next.unwrap_or(piece.end);
        }
        Ok(())
    })?;
    if method == Method::Average {
        let ranks = fill::<f64>(rows, ctx, |start, out| {
            out.iter_mut().zip(&ranks[start..]).for_each(|(o, r)| *o = f64::from_bits(r.load(Ordering::Relaxed)));
            Ok(())
        })?;
        return Ok(Arc::new(Float64Array::new(ranks, nulls)));
    }
    let ranks = fill::<i64>(rows, ctx, |start, out| {
        out.iter_mut().zip(&ranks[start..]).for_each(|(o, r)| *o = r.load(Ordering::Relaxed) as i64);
        Ok(())
    })?;
    Ok(Arc::new(Int64Array::new(ranks, nulls)))
}
