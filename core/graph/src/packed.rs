//! The sort of plain edges whose row inside its partition and target fit 32 bits together: in the memory of the
//! targets, which is written twice and read once.
//!
//! Edges are dealt out to partitions of neighbouring rows, each to the place where its targets will stand; every
//! partition is then sorted there. The keys of the rows may have gaps, which no edge begins at.

use pf_base::{Context, Result};

use crate::adjacency::Rows;
use crate::sort::{BLOCK, Block, EdgeBlocks, Want, WriteCombining, stretches_of, task_blocks};
use crate::survey::Sources;

/// Which keys of a space are rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Present<'a> {
    /// So many from this one on.
    Range { first: usize, len: usize },
    /// The ones of `bits`, where `before` counts those before each word; the first bit is of the key `first`.
    Bits { first: usize, bits: &'a [u64], before: &'a [u32] },
}

impl Present<'_> {
    /// Keys are less than this.
    pub(crate) fn end(&self) -> usize {
        match self {
            Present::Range { first, len } => first + len,
            Present::Bits { first, bits, .. } => first + 64 * bits.len(),
        }
    }

    /// How many there are before a key.
    pub(crate) fn rank(&self, key: usize) -> usize {
        match self {
            Present::Range { first, len } => key.saturating_sub(*first).min(*len),
            Present::Bits { first, bits, before } => {
                let place = key.saturating_sub(*first);
                match bits.get(place / 64) {
                    Some(word) => {
                        before[place / 64] as usize + (word & ((1 << (place % 64)) - 1)).count_ones() as usize
                    }
                    None => {
                        let last = before.last().map_or(0, |b| *b as usize);
                        last + bits.last().map_or(0, |word| word.count_ones() as usize)
                    }
                }
            }
        }
    }

    /// Puts for keys that are all there how many there are before each.
    pub(crate) fn number(&self, keys: &mut [u32]) {
        match self {
            Present::Range { first: 0, .. } => {}
            Present::Range { first, .. } => keys.iter_mut().for_each(|key| *key -= *first as u32),
            Present::Bits { .. } => keys.iter_mut().for_each(|key| *key = self.rank(*key as usize) as u32),
        }
    }

    pub(crate) fn has(&self, key: usize) -> bool {
        match self {
            Present::Range { first, len } => key >= *first && key < first + len,
            Present::Bits { first, bits, .. } => {
                key >= *first && bits.get((key - first) / 64).is_some_and(|word| word >> ((key - first) % 64) & 1 == 1)
            }
        }
    }
}

/// Edges that a partition should have: with 4 bytes each, it and its scratch fill a quarter of a 1 MiB second-level
/// cache.
const PARTITION_EDGES: usize = 32 * 1024;

/// Rows of a partition, at most 2^this: their counts stay in the cache.
const PARTITION_ROWS: u32 = 13;

/// The most partitions.
const MAX_PARTITIONS: usize = 4096;

/// Bits of a digit: 2048 counts of 4 bytes fit the first-level cache beside the data.
const DIGIT: u32 = 11;

/// Below this many items a comparison sort is quicker than clearing the counts of the digits.
const SMALL: usize = 512;

/// Items in a cache line.
const LINE: usize = 16;

/// Sorts edges by row, then target, for `rows` rows with the keys of `present`. The edges have keys as sources and
/// row numbers as targets. Nothing where they do not fit 32 bits.
pub(crate) fn sort_packed(
    edges: &impl EdgeBlocks,
    rows: usize,
    present: Present,
    sources: Option<&Sources>,
    ctx: &Context,
) -> Result<Option<Rows>> {
    let width = present.end();
    let target_bits = usize::BITS - rows.saturating_sub(1).leading_zeros();
    let wanted = (edges.num_blocks() * BLOCK).div_ceil(PARTITION_EDGES).clamp(1, MAX_PARTITIONS);
    let grain = sources.map_or(0, |s| s.grain);
    let shift = width.div_ceil(wanted).max(1).next_power_of_two().trailing_zeros().max(grain);
    let shift = shift.min(32u32.saturating_sub(target_bits)).min(PARTITION_ROWS);
    let partitions = width.div_ceil(1 << shift);
    if shift < grain || partitions > MAX_PARTITIONS || target_bits > 32 {
        return Ok(None);
    }

    // 1. How many edges every task has for every partition.
    let tasks = task_blocks(edges.num_blocks());
    let counts: Vec<Vec<usize>> = match sources {
        Some(sources) => {
            let sum = |fine: &Vec<u32>| {
                let mut counts: Vec<usize> =
                    fine.chunks(1 << (shift - grain)).map(|part| part.iter().map(|c| *c as usize).sum()).collect();
                counts.resize(partitions, 0);
                counts
            };
            sources.counts.iter().map(sum).collect()
        }
        None => ctx.map(tasks.len(), |t| {
            let mut counts = vec![0; partitions];
            let mut block = Block::default();
            for b in tasks[t].clone() {
                ctx.check()?;
                edges.read(b, Want::Sources, &mut block);
                block.sources.iter().for_each(|s| counts[(*s >> shift) as usize] += 1);
            }
            Ok(counts)
        })?,
    };
    let total: usize = counts.iter().flatten().sum();
    // Inside a partition edges are counted with 32 bits.
    if u32::try_from(total).is_err() {
        return Ok(None);
    }

    // 2. Every task deals its edges out to where their targets will be, partition by partition in its own stretch.
    let (mut targets, _targets) = ctx.memory().large::<u32>(total, "targets")?;
    let (stretches, starts) = stretches_of(&mut targets, &counts, partitions);
    ctx.for_each(stretches, |t, mut stretches| {
        let mut out = WriteCombining::<u32, LINE>::new(&mut stretches);
        let mut block = Block::default();
        let mask = (1 << shift) - 1;
        for b in tasks[t].clone() {
            ctx.check()?;
            edges.read(b, Want::Edges, &mut block);
            for (source, target) in block.sources.iter().zip(&block.targets) {
                // A target of 32 bits leaves none for the row, which is 0.
                let row = u64::from(source & mask) << target_bits;
                out.push((source >> shift) as usize, row as u32 | target);
            }
        }
        out.flush();
        Ok(())
    })?;

    // 3. Every partition is sorted in the cache, and loses its row numbers.
    let (mut offsets, _offsets) = ctx.zeroed::<u64>(rows + 1, "row offsets")?.into_parts();
    let mut parts = Vec::with_capacity(partitions);
    let mut items = &mut targets[..];
    let mut ends = offsets.get_mut(1..).unwrap_or_default();
    for p in 0..partitions {
        let (part, rest) = items.split_at_mut(starts[p + 1] - starts[p]);
        let len = present.rank((p + 1) << shift) - present.rank(p << shift);
        let (part_ends, more) = ends.split_at_mut(len);
        (items, ends) = (rest, more);
        parts.push((part, part_ends));
    }
    let ascending = edges.ascending_targets();
    ctx.for_each(parts, |p, (items, ends)| {
        let counts = sort_partition(items, target_bits, shift, ascending, ctx)?;
        let mut sum = starts[p] as u64;
        let mut ends = ends.iter_mut();
        for (key, count) in (p << shift..).zip(counts) {
            if present.has(key) {
                sum += u64::from(count);
                if let Some(end) = ends.next() {
                    *end = sum;
                }
            }
        }
        Ok(())
    })?;
    Ok(Some(Rows { offsets, targets, ..Rows::default() }))
}

/// Sorts the items of a partition, leaves their targets, and returns how many there are of each row.
pub(crate) fn sort_partition(
    items: &mut [u32],
    target_bits: u32,
    row_bits: u32,
    ascending: bool,
    ctx: &Context,
) -> Result<Vec<u32>> {
    let row = |item: u32| (u64::from(item) >> target_bits) as usize;
    let mask = ((1u64 << target_bits) - 1) as u32;
    let mut row_counts = vec![0u32; 1 << row_bits];
    if items.len() < SMALL {
        items.sort_unstable();
        for item in items {
            row_counts[row(*item)] += 1;
            *item &= mask;
        }
        return Ok(row_counts);
    }
    // Least significant digit first: digits of the target, unless the edges come in its order, then the row, which is
    // a digit of its own.
    let digits = if ascending { 0 } else { target_bits.div_ceil(DIGIT) as usize };
    let digit = |item: u32, d: usize| (item & mask) as usize >> (d as u32 * DIGIT) & ((1 << DIGIT) - 1);
    let mut counts = [[0u32; 1 << DIGIT]; 3];
    match digits {
        0 => items.iter().for_each(|item| row_counts[row(*item)] += 1),
        2 => {
            let [first, second, _] = &mut counts;
            for item in items.iter() {
                row_counts[row(*item)] += 1;
                first[digit(*item, 0)] += 1;
                second[digit(*item, 1)] += 1;
            }
        }
        _ => {
            for item in items.iter() {
                row_counts[row(*item)] += 1;
                counts.iter_mut().take(digits).enumerate().for_each(|(d, counts)| counts[digit(*item, d)] += 1);
            }
        }
    }
    let mut scratch = ctx.zeroed::<u32>(items.len(), "edges while they are sorted")?;
    let (mut from, mut to): (&mut [u32], &mut [u32]) = (items, &mut scratch);
    for (d, counts) in counts.iter_mut().take(digits).enumerate() {
        // A hub may put most of a graph into one partition.
        ctx.check()?;
        starts(counts);
        for item in from.iter() {
            let slot = &mut counts[digit(*item, d)];
            to[*slot as usize] = *item;
            *slot += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    ctx.check()?;
    let mut next = row_counts.clone();
    starts(&mut next);
    for item in from.iter() {
        let slot = &mut next[row(*item)];
        to[*slot as usize] = item & mask;
        *slot += 1;
    }
    if digits % 2 == 0 {
        from.copy_from_slice(to);
    }
    Ok(row_counts)
}

/// Turns counts into where each begins.
fn starts(counts: &mut [u32]) {
    let mut sum = 0;
    for count in counts {
        sum += std::mem::replace(count, sum);
    }
}

/// The rows of edges whose sources ascend: their targets are in their places already. `blocks` holds the
/// edges of every block.
pub(crate) fn take_sorted(edges: &impl EdgeBlocks, blocks: &[usize], rows: usize, ctx: &Context) -> Result<Rows> {
    let tasks = task_blocks(blocks.len());
    let total = blocks.iter().sum();
    let (mut targets, _targets) = ctx.memory().large::<u32>(total, "targets")?;
    let (mut offsets, _offsets) = ctx.zeroed::<u64>(rows + 1, "row offsets")?.into_parts();
    // The row of the last edge of every task; a task ends the rows before it that no other has ended.
    let last_rows = ctx.map(tasks.len(), |t| {
        let mut block = Block::default();
        edges.read(tasks[t].end - 1, Want::Sources, &mut block);
        Ok(block.sources.last().map_or(0, |row| *row as usize))
    })?;
    let mut parts = Vec::with_capacity(tasks.len());
    let (mut rest, mut ends) = (&mut targets[..], offsets.get_mut(1..).unwrap_or_default());
    let (mut start, mut row) = (0, 0);
    for (task, last) in tasks.iter().zip(&last_rows) {
        let len = blocks[task.clone()].iter().sum();
        let (part, more) = rest.split_at_mut(len);
        let (part_ends, others) = ends.split_at_mut(last.saturating_sub(row));
        (rest, ends) = (more, others);
        parts.push((part, part_ends, start, row));
        (start, row) = (start + len, row.max(*last));
    }
    ends.fill(total as u64);
    ctx.for_each(parts, |t, (targets, ends, start, first_row)| {
        let mut block = Block::default();
        let (mut at, mut ended) = (0, 0);
        for b in tasks[t].clone() {
            ctx.check()?;
            edges.read(b, Want::Edges, &mut block);
            targets[at..at + block.targets.len()].copy_from_slice(&block.targets);
            for (i, row) in block.sources.iter().enumerate() {
                let before = *row as usize - first_row;
                if ended < before {
                    ends[ended..before].fill((start + at + i) as u64);
                    ended = before;
                }
            }
            at += block.targets.len();
        }
        Ok(())
    })?;
    let mut rows = Rows { offsets, targets, ..Rows::default() };
    crate::streaming::sort_rows(&mut rows, ctx)?;
    Ok(rows)
}
