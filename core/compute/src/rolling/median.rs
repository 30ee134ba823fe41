//! The median of every window, from a sorted list in blocks.

use pf_base::{Context, Result};

use super::{Column, Moving};
use crate::pieces::fill_nullable_by;

/// The most numbers in a block: moving them costs about as much as finding the block.
const BLOCK: usize = 512;

/// Sorted numbers.
#[derive(Default)]
struct Sorted {
    blocks: Vec<Vec<f64>>,
    len: usize,
    nan: usize,
}

impl Sorted {
    fn clear(&mut self) {
        self.blocks.clear();
        (self.len, self.nan) = (0, 0);
    }

    /// The block that has the value, or where it belongs.
    fn block(&self, value: f64) -> usize {
        let after = self.blocks.partition_point(|b| b.last().is_some_and(|last| *last < value));
        after.min(self.blocks.len().saturating_sub(1))
    }

    fn insert(&mut self, value: f64) {
        if value.is_nan() {
            self.nan += 1;
            return;
        }
        self.len += 1;
        if self.blocks.is_empty() {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let b = self.block(value);
        let block = &mut self.blocks[b];
        let at = block.partition_point(|v| *v < value);
        block.insert(at, value);
        if block.len() == BLOCK {
            let mut after = Vec::with_capacity(BLOCK);
            after.extend(block.drain(BLOCK / 2..));
            self.blocks.insert(b + 1, after);
        }
    }

    fn remove(&mut self, value: f64) {
        if value.is_nan() {
            self.nan -= 1;
            return;
        }
        let b = self.block(value);
        let at = self.blocks[b].partition_point(|v| *v < value);
        self.blocks[b].remove(at);
        self.len -= 1;
        if self.blocks[b].is_empty() {
            self.blocks.remove(b);
        }
    }

    fn nth(&self, mut n: usize) -> f64 {
        for block in &self.blocks {
            if let Some(value) = block.get(n) {
                return *value;
            }
            n -= block.len();
        }
        f64::NAN
    }

    fn median(&self) -> Option<f64> {
        if self.nan > 0 {
            return Some(f64::NAN);
        }
        if self.len == 0 {
            return None;
        }
        let high = self.nth(self.len / 2);
        if self.len % 2 == 1 {
            return Some(high);
        }
        let low = self.nth(self.len / 2 - 1);
        // Halves of both do not overflow.
        Some(if low == high { low } else { low / 2.0 + high / 2.0 })
    }
}

/// The medians of the windows; NaN where there is one among the values.
pub(super) fn medians(column: &Moving<'_>, values: &[f64], ctx: &Context) -> Result<Column<f64>> {
    let present = |row: &usize| !column.is_null(*row);
    fill_nullable_by(column.bounds.rows(), column.piece(), ctx, |start, out, valid| {
        let mut sorted = Sorted::default();
        let (mut from, mut to) = (0, 0);
        for (i, out) in out.iter_mut().enumerate() {
            if i % 1024 == 0 {
                ctx.check()?;
            }
            let (first, end) = column.bounds.of(start + i);
            if i == 0 || first >= to {
                sorted.clear();
                (from, to) = (first, first);
            }
            (to..end).filter(present).for_each(|row| sorted.insert(values[row]));
            (from..first).filter(present).for_each(|row| sorted.remove(values[row]));
            (from, to) = (first, end.max(to));
            if (sorted.len + sorted.nan) as u64 >= column.min_periods
                && let Some(median) = sorted.median()
            {
                *out = median;
                valid.set(i);
            }
        }
        Ok(())
    })
}
