//! The different rows of some columns, and how often each stands.
//!
//! Where keys are small numbers, each has a count of its own. Where few rows differ, every piece of the input has a table of its own, and they are merged. Else rows are dealt
//! out by their hashes to partitions whose tables fit a cache. Groups are put in the order of their first rows in the
//! end, so that the result depends neither on the way nor on the threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use arrow_array::{ArrayRef, UInt64Array};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use pf_base::{Context, Result};

use crate::hash::mix;
use crate::pieces::fill;
use crate::sort::SortColumn;
use crate::sort::keys::{Level, Plan};
use crate::sort::radix::{BLOCK, Job, Keys, WriteCombining, sort, stretches_of};

/// The different rows, in the order in which they first appear.
#[derive(Clone, Debug)]
pub struct Unique {
    /// The row where each appears first.
    pub first: UInt64Array,
    /// How many rows are equal to it, itself too.
    pub counts: Vec<i64>,
}

/// Hash and first row of a group, and how many rows it has.
#[derive(Clone, Copy, Debug)]
struct Group {
    hash: u64,
    first: u64,
    count: u64,
}

/// Groups above which the table of a piece leaves the second-level cache.
const FEW_GROUPS: usize = 1 << 13;

/// The most bits of keys that have a count each.
const DIRECT_BITS: u32 = 21;

/// Rows that there must be for every key that can be.
const DIRECT_ROWS: usize = 4;

/// Rows that are looked at to see whether there are few groups.
const SAMPLE: usize = 16 * BLOCK;

/// The most tasks.
const MAX_TASKS: usize = 64;

/// Rows that a partition should have.
const PARTITION: usize = 8 * 1024;

/// The most partitions: more would cost more in write-combining buffers than they save.
const MAX_PARTITIONS: usize = 2048;

/// The different rows of `columns`, in the order in which they first appear, and how often each stands. Null is a
/// value like any other, all NaN are one value, and zeros of both signs too.
///
/// # Errors
/// [`Code::Type`](pf_base::Code::Type) for intervals and nested types;
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for columns of different lengths;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub fn unique(columns: &[ArrayRef], ctx: &Context) -> Result<Unique> {
    let key = |values: &ArrayRef| SortColumn { values: Arc::clone(values), descending: false, nulls_first: false };
    let keys: Vec<SortColumn> = columns.iter().map(key).collect();
    let plan = Plan::new(&keys, ctx)?;
    let groups = match direct(&plan, ctx)? {
        Some(groups) => vec![groups],
        None => match few(&plan, ctx)? {
            Some(groups) => vec![groups],
            None => many(&plan, ctx)?,
        },
    };
    finish(&groups, plan.rows, ctx)
}

/// The hashes of the rows from `start` on. Where one key says all, only equal rows have equal hashes.
fn hashes(plan: &Plan, start: usize, out: &mut [u64]) {
    plan.fill_level(0, start, out);
    if plan.levels.is_empty() {
        return;
    }
    let text = |level: usize, out: &mut [u64]| {
        for (row, out) in (start..).zip(out) {
            *out = match plan.text(level, row) {
                Some(Some(text)) => twox_hash::XxHash64::oneshot(0, text),
                _ => 1,
            };
        }
    };
    if matches!(plan.levels[0], Level::Text(_)) {
        text(0, out);
    } else {
        out.iter_mut().for_each(|out| *out = mix(*out));
    }
    let mut next = vec![0; if plan.levels.len() > 1 { out.len() } else { 0 }];
    for level in 1..plan.levels.len() {
        match plan.levels[level] {
            Level::Text(_) => text(level, &mut next),
            Level::Fixed(_) => plan.fill_level(level, start, &mut next),
        }
        out.iter_mut().zip(&next).for_each(|(out, next)| *out = mix(out.wrapping_mul(31).wrapping_add(*next)));
    }
}

/// Counts a row, or several that are known to be equal.
#[inline(always)]
fn count(table: &mut HashTable<Group>, plan: &Plan, exact: bool, row: Group) {
    let equal = |g: &Group| g.hash == row.hash && (exact || plan.equal(g.first as usize, row.first as usize));
    match table.entry(row.hash, equal, |g| g.hash) {
        Entry::Occupied(mut entry) => entry.get_mut().count += row.count,
        Entry::Vacant(entry) => {
            entry.insert(row);
        }
    }
}

/// The groups in the order of their keys, where a key says all and there are many rows for every key that can be.
fn direct(plan: &Plan, ctx: &Context) -> Result<Option<Vec<Group>>> {
    let rows = plan.rows;
    if !plan.single() || plan.bits(0) > DIRECT_BITS || rows >> plan.bits(0) < DIRECT_ROWS {
        return Ok(None);
    }
    let keys = 1usize << plan.bits(0);
    // Every task has many rows for every key too, and counts fit 32 bits.
    let tasks = (rows / DIRECT_ROWS / keys).clamp(1, ctx.threads()).max((rows >> 31) + 1);
    let blocks = rows.div_ceil(BLOCK);
    let tables = ctx.map(tasks, |t| {
        let (mut counts, counted) = ctx.memory().passing::<u32>(keys, "counts of keys")?;
        let (mut firsts, first) = ctx.memory().passing::<u64>(keys, "the first rows of keys")?;
        let mut block = [0; BLOCK];
        let end = rows.min(blocks * (t + 1) / tasks * BLOCK);
        for start in (blocks * t / tasks * BLOCK..end).step_by(BLOCK) {
            ctx.check()?;
            let block = &mut block[..BLOCK.min(end - start)];
            plan.fill(start, block);
            for (row, key) in (start as u64..).zip(block) {
                let count = &mut counts[*key as usize];
                if *count == 0 {
                    firsts[*key as usize] = row;
                }
                *count += 1;
            }
        }
        Ok((counts, firsts, [counted, first]))
    })?;
    let mut groups = Vec::new();
    for key in 0..keys {
        let count = tables.iter().map(|(counts, ..)| u64::from(counts[key])).sum();
        if let Some((_, firsts, _)) = tables.iter().find(|(counts, ..)| counts[key] > 0) {
            groups.push(Group { hash: key as u64, first: firsts[key], count });
        }
    }
    Ok(Some(groups))
}

/// The groups, in any order, where a sample has few and it stays at that.
fn few(plan: &Plan, ctx: &Context) -> Result<Option<Vec<Group>>> {
    let (rows, exact) = (plan.rows, plan.single());
    let blocks = rows.div_ceil(BLOCK);
    if rows > SAMPLE {
        let mut seen = HashTable::<u64>::new();
        let mut block = [0; BLOCK];
        for i in 0..SAMPLE / BLOCK {
            let start = blocks * i / (SAMPLE / BLOCK) * BLOCK;
            let block = &mut block[..BLOCK.min(rows - start)];
            hashes(plan, start, block);
            block.iter().for_each(|h| {
                seen.entry(*h, |s| s == h, |s| *s).or_insert(*h);
            });
        }
        if seen.len() > SAMPLE / 4 {
            return Ok(None);
        }
    }
    let tasks = blocks.min(MAX_TASKS).min(rows.div_ceil(SAMPLE).max(1));
    let _reserved = ctx.memory().reserve(
        (tasks * FEW_GROUPS.min(rows.div_ceil(tasks.max(1))) * 2 * size_of::<Group>()) as u64,
        "tables of different rows",
    )?;
    let too_many = AtomicBool::new(false);
    let tables = ctx.map(tasks, |t| {
        let mut table = HashTable::<Group>::new();
        let mut block = [0; BLOCK];
        let end = rows.min(blocks * (t + 1) / tasks * BLOCK);
        for start in (blocks * t / tasks * BLOCK..end).step_by(BLOCK) {
            let block = &mut block[..BLOCK.min(end - start)];
            hashes(plan, start, block);
            for (row, hash) in (start as u64..).zip(block) {
                count(&mut table, plan, exact, Group { hash: *hash, first: row, count: 1 });
            }
            if table.len() > FEW_GROUPS && rows > SAMPLE {
                too_many.store(true, Ordering::Relaxed);
            }
            if too_many.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(table)
    })?;
    if too_many.into_inner() {
        return Ok(None);
    }
    // Tables come in the order of their rows: the first that has a group has its first row.
    let mut tables = tables.into_iter();
    let mut all = tables.next().unwrap_or_default();
    for table in tables {
        table.into_iter().for_each(|group| count(&mut all, plan, exact, group));
    }
    Ok(Some(all.into_iter().collect()))
}

/// The groups by partitions.
fn many(plan: &Plan, ctx: &Context) -> Result<Vec<Vec<Group>>> {
    let (rows, exact) = (plan.rows, plan.single());
    let blocks = rows.div_ceil(BLOCK);
    let tasks = blocks.clamp(1, MAX_TASKS);
    let task = |t: usize| blocks * t / tasks * BLOCK..rows.min(blocks * (t + 1) / tasks * BLOCK);
    let bits = (rows / PARTITION).clamp(2, MAX_PARTITIONS).ilog2();
    let partitions = 1usize << bits;
    let partition = |hash: u64| (hash >> (u64::BITS - bits)) as usize;
    let read = |t: usize, take: &mut dyn FnMut(u64, &[u64])| -> Result<()> {
        let mut block = [0; BLOCK];
        let rows = task(t);
        for start in rows.clone().step_by(BLOCK) {
            ctx.check()?;
            let block = &mut block[..BLOCK.min(rows.end - start)];
            hashes(plan, start, block);
            take(start as u64, block);
        }
        Ok(())
    };
    let counts: Vec<Vec<u32>> = ctx.map(tasks, |t| {
        let mut counts = vec![0; partitions];
        read(t, &mut |_, hashes| hashes.iter().for_each(|hash| counts[partition(*hash)] += 1))?;
        Ok(counts)
    })?;
    let (mut items, _items) = ctx.memory().passing::<[u64; 2]>(rows, "rows by their hashes")?;
    ctx.for_each(stretches_of(&mut items, &counts, partitions), |t, mut stretches| {
        let mut out = WriteCombining::new(&mut stretches);
        read(t, &mut |start, hashes| {
            (start..).zip(hashes).for_each(|(row, hash)| out.push(partition(*hash), [*hash, row]));
        })?;
        out.flush();
        Ok(())
    })?;
    let mut parts = Vec::with_capacity(partitions);
    let mut rest = &items[..];
    for p in 0..partitions {
        let (part, after) = rest.split_at(counts.iter().map(|c| c[p] as usize).sum());
        parts.push(part);
        rest = after;
    }
    // Partitions have about as many groups as each other: a table is made as large as the last one became.
    let expected = AtomicUsize::new(256);
    let groups = ctx.map(partitions, |p| {
        let capacity = expected.load(Ordering::Relaxed).min(parts[p].len());
        let mut table = HashTable::<Group>::with_capacity(capacity);
        for [hash, row] in parts[p] {
            // The bits that chose the partition are of no use inside it.
            let hash = hash.rotate_left(bits);
            count(&mut table, plan, exact, Group { hash, first: *row, count: 1 });
        }
        expected.store(table.len() + table.len() / 8, Ordering::Relaxed);
        let reserved = ctx.memory().reserve((table.len() * size_of::<Group>()) as u64, "different rows")?;
        Ok((table.into_iter().collect::<Vec<Group>>(), reserved))
    })?;
    Ok(groups.into_iter().map(|(groups, _)| groups).collect())
}

/// Takes groups in order.
struct InOrder;

impl Job<[u64; 2], [u64; 2]> for InOrder {
    fn row_bits(&self) -> u32 {
        0
    }

    fn finish(&self, items: &mut [[u64; 2]], _: &mut Vec<[u64; 2]>, out: &mut [[u64; 2]]) -> Result<()> {
        out.copy_from_slice(items);
        Ok(())
    }

    fn tie(&self, items: &mut [[u64; 2]], out: &mut [[u64; 2]], _: &Context) -> Result<()> {
        out.copy_from_slice(items);
        Ok(())
    }
}

/// Groups in the order of their first rows.
fn finish(groups: &[Vec<Group>], rows: usize, ctx: &Context) -> Result<Unique> {
    let len = groups.iter().map(Vec::len).sum();
    let mut starts = Vec::with_capacity(groups.len());
    let mut start = 0;
    for groups in groups {
        starts.push(start);
        start += groups.len();
    }
    let fill_items = |start: usize, out: &mut [[u64; 2]]| {
        let mut part = starts.partition_point(|s| *s <= start) - 1;
        let mut at = start - starts[part];
        for out in out {
            while at == groups[part].len() {
                (part, at) = (part + 1, 0);
            }
            let group = groups[part][at];
            *out = [group.first, group.count];
            at += 1;
        }
    };
    let (mut sorted, _sorted) = ctx.memory().passing::<[u64; 2]>(len, "different rows")?;
    let keys = Keys { low: 0, high: rows.saturating_sub(1) as u64 };
    sort(len, keys, &fill_items, &InOrder, &mut sorted, ctx)?;
    let first = fill(len, ctx, |start, out| {
        out.iter_mut().zip(&sorted[start..]).for_each(|(out, group)| *out = group[0]);
        Ok(())
    })?;
    let counts = sorted.iter().map(|group| group[1] as i64).collect();
    Ok(Unique { first: UInt64Array::new(first, None), counts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int8Type;
    use arrow_array::*;
    use std::collections::HashMap;

    fn check(columns: &[ArrayRef], same: impl Fn(usize) -> String) {
        let rows = columns[0].len();
        let (mut at, mut want) = (HashMap::new(), Vec::<(u64, i64)>::new());
        for row in 0..rows {
            let i = *at.entry(same(row)).or_insert_with(|| {
                want.push((row as u64, 0));
                want.len() - 1
            });
            want[i].1 += 1;
        }
        for threads in [1, 2, 7] {
            let got = unique(columns, &Context::default().with_threads(threads)).unwrap();
            let got: Vec<(u64, i64)> = got.first.values().iter().copied().zip(got.counts).collect();
            assert!(got == want, "{threads} threads, {} and {} groups", got.len(), want.len());
        }
    }

    #[test]
    fn few_and_many_groups() {
        for (rows, span) in [(0, 1), (1, 1), (1000, 50), (100_000, 300), (100_000, 90_000), (300_000, 20_000)] {
            let next = |i: u64| mix(i) % span;
            let null = |i: &u64| !mix(*i + 77).is_multiple_of(9);
            let numbers: Vec<Option<i64>> =
                (0..rows).map(|i| Some(i).filter(null).map(|i| next(i) as i64 - 7)).collect();
            let texts: Vec<Option<String>> =
                (0..rows).map(|i| Some(i).filter(null).map(|i| format!("t{}", next(i)))).collect();
            let number: ArrayRef = Arc::new(Int64Array::from(numbers.clone()));
            let text: ArrayRef = Arc::new(StringViewArray::from_iter(texts.clone()));
            let small: ArrayRef = Arc::new(BooleanArray::from_iter((0..rows).map(|i| Some(i % 3 == 0))));
            check(&[Arc::clone(&number)], |row| format!("{:?}", numbers[row]));
            // Too far apart for a count of each number between them.
            let apart = Int64Array::from_iter(numbers.iter().map(|n| n.map(|n| n << 33)));
            check(&[Arc::new(apart)], |row| format!("{:?}", numbers[row]));
            check(&[Arc::clone(&text)], |row| format!("{:?}", texts[row]));
            check(&[small, text, number], |row| format!("{} {:?} {:?}", row % 3 == 0, texts[row], numbers[row]));
        }
    }

    #[test]
    fn values_that_count_as_one() {
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![0.0, f64::NAN, -0.0, -f64::NAN, 1.0]));
        check(&[floats], |row| ["0", "n", "0", "n", "1"][row].to_owned());
        let keys = PrimitiveArray::<Int8Type>::from(vec![Some(0), Some(1), None, Some(2), Some(3)]);
        let values = Int64Array::from(vec![Some(5), None, Some(5), Some(6)]);
        let dictionary: ArrayRef = Arc::new(DictionaryArray::new(keys, Arc::new(values)));
        check(&[dictionary], |row| ["5", "-", "-", "5", "6"][row].to_owned());
        check(&[Arc::new(NullArray::new(5))], |_| String::new());
        let wide = Decimal128Array::from(vec![Some(i128::MAX), None, Some(i128::MIN), Some(i128::MAX)]);
        check(&[Arc::new(wide)], |row| ["a", "b", "c", "a"][row].to_owned());
    }
}
