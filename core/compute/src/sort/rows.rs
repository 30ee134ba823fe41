//! Sorting rows: ties of a key are broken by the next.

use bytemuck::Pod;
use pf_base::{Context, Result};

use super::keys::{Plan, Step};
use super::radix::{BLOCK, Item, Job, Keys, sort, sort_here};

/// Writes the numbers of sorted rows.
struct Rows<'a> {
    plan: &'a Plan,
    step: Step,
    row_bits: u32,
}

/// Sorts all rows by all keys.
pub(crate) fn sort_all(plan: &Plan, out: &mut [u64], ctx: &Context) -> Result<()> {
    let rows = plan.rows;
    let bits = plan.bits(0);
    if bits == 0 || in_order(plan, ctx)? {
        return number(out, ctx);
    }
    let row_bits = (usize::BITS - rows.leading_zeros()).max(1);
    if plan.single() && bits + row_bits <= u64::BITS {
        return sort_items::<u64>(plan, row_bits, out, ctx);
    }
    sort_items::<[u64; 2]>(plan, 0, out, ctx)
}

fn sort_items<T: Item>(plan: &Plan, row_bits: u32, out: &mut [u64], ctx: &Context) -> Result<()> {
    let fill = |start: usize, items: &mut [T]| {
        let mut keys = [0; BLOCK];
        for (i, items) in items.chunks_mut(BLOCK).enumerate() {
            let first = start + i * BLOCK;
            let keys = &mut keys[..items.len()];
            plan.fill(first, keys);
            for ((row, item), key) in (first as u64..).zip(items).zip(keys) {
                *item = T::new(*key, row, row_bits);
            }
        }
    };
    let highest = u64::MAX >> (u64::BITS - plan.bits(0));
    let job = Rows { plan, step: Step::default(), row_bits };
    sort(plan.rows, Keys { low: 0, high: highest }, &fill, &job, out, ctx)
}

/// Whether rows are in order as they are, by keys that never tie or are all there is.
fn in_order(plan: &Plan, ctx: &Context) -> Result<bool> {
    // As a rule the first few rows tell.
    const PIECE: usize = 1 << 16;
    let single = plan.single();
    let ordered = |piece: std::ops::Range<usize>| {
        let mut keys = [0; BLOCK + 1];
        for start in piece.clone().step_by(BLOCK) {
            let keys = &mut keys[..(BLOCK + 1).min(plan.rows - start)];
            plan.fill(start, keys);
            if keys.windows(2).any(|k| k[0] > k[1] || (k[0] == k[1] && !single)) {
                return false;
            }
        }
        true
    };
    if !ordered(0..plan.rows.min(BLOCK)) {
        return Ok(false);
    }
    let pieces = ctx.map(plan.rows.div_ceil(PIECE), |i| Ok(ordered(i * PIECE..plan.rows.min((i + 1) * PIECE))))?;
    Ok(pieces.into_iter().all(|p| p))
}

fn number(out: &mut [u64], ctx: &Context) -> Result<()> {
    const PIECE: usize = 1 << 16;
    ctx.for_each(out.chunks_mut(PIECE).collect(), |i, out| {
        (i as u64 * PIECE as u64..).zip(out).for_each(|(row, out)| *out = row);
        Ok(())
    })
}

impl<T: Item> Job<T, u64> for Rows<'_> {
    fn row_bits(&self) -> u32 {
        self.row_bits
    }

    fn finish(&self, items: &mut [T], scratch: &mut Vec<T>, out: &mut [u64]) -> Result<()> {
        if !self.plan.single() {
            self.refine(items, self.step, scratch);
        }
        for (item, out) in items.iter().zip(out) {
            *out = item.row(self.row_bits);
        }
        Ok(())
    }

    fn tie(&self, items: &mut [T], out: &mut [u64], ctx: &Context) -> Result<()> {
        const PIECE: usize = 1 << 15;
        let row_bits = self.row_bits;
        let mut step = self.step;
        let mut key = items.first().map_or(0, |item| item.key(row_bits));
        // Steps at which all are equal still are passed over.
        while let Some(next) = self.plan.next(step, key) {
            let ranges = ctx.map_mut(&mut items.chunks_mut(PIECE).collect::<Vec<_>>(), |_, items| {
                let mut range = Keys { low: u64::MAX, high: 0 };
                for item in items.iter_mut() {
                    let row = item.row(row_bits);
                    let key = self.plan.key(next, row as usize);
                    range = Keys { low: range.low.min(key), high: range.high.max(key) };
                    *item = T::new(key, row, row_bits);
                }
                Ok(range)
            })?;
            let range = ranges
                .into_iter()
                .fold(Keys { low: u64::MAX, high: 0 }, |a, b| Keys { low: a.low.min(b.low), high: a.high.max(b.high) });
            if range.low < range.high {
                let job = Rows { plan: self.plan, step: next, row_bits };
                let fill = |start: usize, block: &mut [T]| block.copy_from_slice(&items[start..start + block.len()]);
                return sort(items.len(), range, &fill, &job, out, ctx);
            }
            (step, key) = (next, range.low);
        }
        let parts: Vec<_> = items.chunks(PIECE).zip(out.chunks_mut(PIECE)).collect();
        ctx.for_each(parts, |_, (items, out)| {
            items.iter().zip(out).for_each(|(item, out)| *out = item.row(row_bits));
            Ok(())
        })
    }
}

impl Rows<'_> {
    /// Breaks the ties of sorted items.
    fn refine<T: Item>(&self, items: &mut [T], step: Step, scratch: &mut Vec<T>) {
        let row_bits = self.row_bits;
        let mut start = 0;
        while start < items.len() {
            let key = items[start].key(row_bits);
            let end = items[start..].iter().position(|i| i.key(row_bits) != key).map_or(items.len(), |n| start + n);
            if end - start > 1 {
                self.refine_run(&mut items[start..end], step, key, scratch);
            }
            start = end;
        }
    }

    /// Breaks the ties of items of one key.
    fn refine_run<T: Item>(&self, items: &mut [T], mut step: Step, mut key: u64, scratch: &mut Vec<T>) {
        let row_bits = self.row_bits;
        while let Some(next) = self.plan.next(step, key) {
            let mut range = Keys { low: u64::MAX, high: 0 };
            for item in items.iter_mut() {
                let row = item.row(row_bits);
                let key = self.plan.key(next, row as usize);
                range = Keys { low: range.low.min(key), high: range.high.max(key) };
                *item = T::new(key, row, row_bits);
            }
            if range.low < range.high {
                sort_here(items, scratch, &|item: &T| item.key(row_bits));
                return self.refine(items, next, scratch);
            }
            (step, key) = (next, range.low);
        }
    }
}

/// Sorted numbers of one word each, decoded.
pub(crate) struct Values<F> {
    decode: F,
}

/// Sorts the keys themselves: `decode` turns each into what is wanted.
pub(crate) fn sort_keys<O: Pod + Send>(
    rows: usize,
    highest: u64,
    fill: &(dyn Fn(usize, &mut [u64]) + Sync),
    decode: impl Fn(u64) -> O + Sync,
    out: &mut [O],
    ctx: &Context,
) -> Result<()> {
    sort(rows, Keys { low: 0, high: highest }, fill, &Values { decode }, out, ctx)
}

impl<O: Pod + Send, F: Fn(u64) -> O + Sync> Job<u64, O> for Values<F> {
    fn row_bits(&self) -> u32 {
        0
    }

    fn finish(&self, items: &mut [u64], _: &mut Vec<u64>, out: &mut [O]) -> Result<()> {
        items.iter().zip(out).for_each(|(key, out)| *out = (self.decode)(*key));
        Ok(())
    }

    fn tie(&self, items: &mut [u64], out: &mut [O], _: &Context) -> Result<()> {
        if let Some(key) = items.first() {
            out.fill((self.decode)(*key));
        }
        Ok(())
    }
}
