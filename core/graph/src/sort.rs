//! The parallel sort that turns edges into rows.
//!
//! Edges are first dealt out to partitions of neighbouring rows that fit the second-level cache, then every partition
//! is sorted there. Nothing is shared between threads: a task writes to its own stretch of every partition, a
//! partition to its own rows.

use std::ops::Range;

use pf_base::{Context, Result};

use crate::adjacency::{Payload, Rows};

/// Edges that are read at a time: two columns of their ends stay in the first-level cache.
pub(crate) const BLOCK: usize = 2048;

/// Some rows of a chunk of the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockRows {
    pub(crate) chunk: usize,
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Rows before them in the whole input.
    pub(crate) first: u64,
}

/// Which blocks every task reads.
pub(crate) fn task_blocks(blocks: usize) -> Vec<Range<usize>> {
    let tasks = blocks.min(MAX_TASKS);
    (0..tasks).map(|t| blocks * t / tasks..blocks * (t + 1) / tasks).collect()
}

/// Edges by vertex number, in blocks that can be read more than once and in parallel.
pub(crate) trait EdgeBlocks: Sync {
    fn num_blocks(&self) -> usize;

    /// Whether targets ascend over all blocks.
    fn ascending_targets(&self) -> bool {
        false
    }

    /// Replaces `out` by a block, as far as it is wanted.
    fn read(&self, block: usize, want: Want, out: &mut Block);
}

/// What is wanted of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// The sources, for counting; there may be targets too.
    Sources,
    /// Sources and targets.
    Edges,
    /// And all that goes with them.
    All,
}

/// Some edges.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) sources: Vec<u32>,
    pub(crate) targets: Vec<u32>,
    pub(crate) weights: Vec<u64>,
    pub(crate) edges: Vec<u64>,
}

impl Block {
    pub(crate) fn clear(&mut self) {
        self.sources.clear();
        self.targets.clear();
        self.weights.clear();
        self.edges.clear();
    }

    /// Puts behind every edge that is no loop the same in the other direction, so that parallel edges keep their
    /// order in both rows.
    pub(crate) fn add_reversed(&mut self) {
        let edges = self.sources.len();
        let mut write = edges + self.sources.iter().zip(&self.targets).filter(|(s, t)| s != t).count();
        self.sources.resize(write, 0);
        self.targets.resize(write, 0);
        let mut payloads = [&mut self.weights, &mut self.edges];
        let mut payloads: Vec<&mut Vec<u64>> =
            payloads.iter_mut().map(|p| &mut **p).filter(|p| !p.is_empty()).collect();
        payloads.iter_mut().for_each(|payload| payload.resize(write, 0));
        // From the end on, what is written is never read again.
        for read in (0..edges).rev() {
            let (source, target) = (self.sources[read], self.targets[read]);
            let directions = [(source, target), (target, source)];
            let count = if source == target { 1 } else { 2 };
            write -= count;
            for (at, (s, t)) in (write..).zip(&directions[..count]) {
                (self.sources[at], self.targets[at]) = (*s, *t);
            }
            for payload in &mut payloads {
                let value = payload[read];
                payload[write..write + count].fill(value);
            }
        }
    }
}

/// Edges that a partition should have: with 8 bytes each, a partition and its scratch fill a quarter of a 1 MiB
/// second-level cache.
const PARTITION_EDGES: usize = 16 * 1024;

/// Rows that a partition should have at most: their counts stay in the second-level cache too.
const PARTITION_ROWS: usize = 1 << 15;

/// The most partitions: more would cost more in write-combining buffers than they save.
const MAX_PARTITIONS: usize = 2048;

/// The most tasks that deal edges out: each keeps a count per partition.
const MAX_TASKS: usize = 64;

/// An edge while it is sorted: the row inside its partition and the target in one key, then perhaps the bits of its
/// weight, then perhaps its input row.
type Item<const N: usize> = [u64; N];

/// Sorts edges by row, then target, stably. `N` is one more than the columns of the payload.
pub(crate) fn sort_edges<const N: usize>(
    edges: &impl EdgeBlocks,
    rows: usize,
    payload: Payload,
    ctx: &Context,
) -> Result<Rows>
where
    Item<N>: bytemuck::Zeroable,
{
    let (weighted, kept) = (payload.weight.is_some(), payload.edges);
    let blocks = edges.num_blocks();
    let tasks = task_blocks(blocks);

    // 1. Partitions of 2^shift rows, with as many edges as fit a cache on average, if blocks are full.
    let by_edges = (blocks * BLOCK).div_ceil(PARTITION_EDGES);
    let wanted = by_edges.max(rows.div_ceil(PARTITION_ROWS)).clamp(1, MAX_PARTITIONS);
    let shift = rows.div_ceil(wanted).max(1).next_power_of_two().trailing_zeros();
    let partitions = rows.div_ceil(1 << shift);

    // 2. How many edges every task has for every partition.
    let counts: Vec<Vec<usize>> = ctx.map(tasks.len(), |t| {
        let mut counts = vec![0; partitions];
        let mut block = Block::default();
        for b in tasks[t].clone() {
            ctx.check()?;
            edges.read(b, Want::Sources, &mut block);
            block.sources.iter().for_each(|s| counts[(*s >> shift) as usize] += 1);
        }
        Ok(counts)
    })?;
    let total = counts.iter().flatten().sum();

    // 3. Every task deals its edges out, partition by partition in its own stretch.
    let mut items = ctx.zeroed::<Item<N>>(total, "edges while they are sorted")?;
    let (stretches, starts) = stretches_of(&mut items, &counts, partitions);
    ctx.for_each(stretches, |t, mut stretches| {
        let mut out = WriteCombining::<Item<N>, LINE>::new(&mut stretches);
        let mut block = Block::default();
        for b in tasks[t].clone() {
            ctx.check()?;
            edges.read(b, if N > 1 { Want::All } else { Want::Edges }, &mut block);
            for i in 0..block.sources.len() {
                let (source, target) = (block.sources[i], block.targets[i]);
                let row = source & ((1 << shift) - 1);
                let mut item = [0; N];
                item[0] = u64::from(row) << 32 | u64::from(target);
                if weighted {
                    item[N.min(2) - 1] = block.weights[i];
                }
                if kept {
                    item[N - 1] = block.edges[i];
                }
                out.push((source >> shift) as usize, item);
            }
        }
        out.flush();
        Ok(())
    })?;

    // 4. Every partition is sorted in the cache and written to its rows.
    // What outlives the call is reserved until its end all the same: at this time all of it is there.
    let (mut offsets, _offsets) = ctx.zeroed::<u64>(rows + 1, "row offsets")?.into_parts();
    let (mut targets, _targets) = ctx.zeroed::<u32>(total, "targets")?.into_parts();
    let (mut weights, _weights) = ctx.zeroed::<u64>(if weighted { total } else { 0 }, "weights")?.into_parts();
    let (mut numbers, _numbers) = ctx.zeroed::<u64>(if kept { total } else { 0 }, "input rows")?.into_parts();
    let mut parts = Vec::with_capacity(partitions);
    {
        let (mut items, mut targets) = (&mut items[..], &mut targets[..]);
        let (mut weights, mut numbers) = (&mut weights[..], &mut numbers[..]);
        // offsets[0] is 0; the end of row v goes to offsets[v + 1].
        let ends = offsets.get_mut(1..).unwrap_or_default();
        for (p, ends) in ends.chunks_mut(1 << shift).enumerate() {
            let len = starts[p + 1] - starts[p];
            let (i, t, w, n);
            (i, items) = items.split_at_mut(len);
            (t, targets) = targets.split_at_mut(len);
            (w, weights) = weights.split_at_mut(if weighted { len } else { 0 });
            (n, numbers) = numbers.split_at_mut(if kept { len } else { 0 });
            let out = Out { ends, targets: t, weights: w, numbers: n, start: starts[p] as u64 };
            parts.push((i, out));
        }
    }
    let target_bits = usize::BITS - rows.saturating_sub(1).leading_zeros();
    // Targets that come in their order need no sorting.
    let target_bits = if edges.ascending_targets() { 0 } else { target_bits };
    ctx.for_each(parts, |_, (items, out)| sort_partition(items, out, target_bits, ctx))?;
    Ok(Rows { offsets, targets: targets.into(), weights, edges: numbers })
}

/// Cuts `items` by partition, and every partition by task; also returns where the partitions begin, and the end.
pub(crate) fn stretches_of<'a, T>(
    items: &'a mut [T],
    counts: &[Vec<usize>],
    partitions: usize,
) -> (Vec<Vec<&'a mut [T]>>, Vec<usize>) {
    let mut stretches: Vec<Vec<&mut [T]>> = counts.iter().map(|_| Vec::with_capacity(partitions)).collect();
    let mut rest = items;
    let mut starts = Vec::with_capacity(partitions + 1);
    let mut start = 0;
    for p in 0..partitions {
        starts.push(start);
        for (stretches, counts) in stretches.iter_mut().zip(counts) {
            let (stretch, after) = rest.split_at_mut(counts[p]);
            stretches.push(stretch);
            rest = after;
            start += counts[p];
        }
    }
    starts.push(start);
    (stretches, starts)
}

/// Collects items of a partition until they fill a cache line, so that a line is written once and whole.
pub(crate) struct WriteCombining<'a, 'b, T, const LINE: usize> {
    out: &'a mut [&'b mut [T]],
    written: Vec<usize>,
    lines: Vec<[T; LINE]>,
    filled: Vec<u8>,
}

/// Items in a line: 64 bytes of plain edges.
const LINE: usize = 8;

impl<'a, 'b, T: Copy + bytemuck::Zeroable, const LINE: usize> WriteCombining<'a, 'b, T, LINE> {
    pub(crate) fn new(out: &'a mut [&'b mut [T]]) -> Self {
        let n = out.len();
        Self { out, written: vec![0; n], lines: vec![[T::zeroed(); LINE]; n], filled: vec![0; n] }
    }

    pub(crate) fn push(&mut self, p: usize, item: T) {
        let filled = self.filled[p] as usize;
        self.lines[p][filled] = item;
        if filled + 1 == LINE {
            let written = self.written[p];
            self.out[p][written..written + LINE].copy_from_slice(&self.lines[p]);
            self.written[p] = written + LINE;
            self.filled[p] = 0;
        } else {
            self.filled[p] += 1;
        }
    }

    pub(crate) fn flush(self) {
        for (p, out) in self.out.iter_mut().enumerate() {
            let (written, filled) = (self.written[p], self.filled[p] as usize);
            out[written..written + filled].copy_from_slice(&self.lines[p][..filled]);
        }
    }
}

/// Where the edges of a partition go.
struct Out<'a> {
    ends: &'a mut [u64],
    targets: &'a mut [u32],
    weights: &'a mut [u64],
    numbers: &'a mut [u64],
    /// Edges before this partition.
    start: u64,
}

fn sort_partition<const N: usize>(items: &mut [Item<N>], out: Out, target_bits: u32, ctx: &Context) -> Result<()>
where
    Item<N>: bytemuck::Zeroable,
{
    if items.len() < SMALL {
        // Stable, so that parallel edges keep their order.
        items.sort_by_key(|item| item[0]);
        out.write(items);
        return Ok(());
    }
    // Least significant digit first: the target in digits of 11 bits, then the row, which is a digit of its own.
    let mut scratch = ctx.zeroed::<Item<N>>(items.len(), "edges while they are sorted")?;
    let mut counts = vec![0; (1 << DIGIT).max(out.ends.len())];
    let digits = target_bits.div_ceil(DIGIT);
    let (mut from, mut to): (&mut [Item<N>], &mut [Item<N>]) = (items, &mut scratch);
    for digit in 0..digits {
        // A hub may put most of a graph into one partition.
        ctx.check()?;
        let digit = |key: u64| (key >> (DIGIT * digit)) as usize & ((1 << DIGIT) - 1);
        counting_pass(from, to, &mut counts[..1 << DIGIT], digit);
        std::mem::swap(&mut from, &mut to);
    }
    ctx.check()?;
    counting_pass(from, to, &mut counts[..out.ends.len()], |key| (key >> 32) as usize);
    out.write(to);
    Ok(())
}

/// Below this many items a comparison sort is quicker than clearing the counts of the digits.
const SMALL: usize = 512;

/// Bits of a digit: 2048 counts of 8 bytes stay in the first-level cache.
const DIGIT: u32 = 11;

/// Sorts `from` into `to` by a digit of the keys, stably.
fn counting_pass<const N: usize>(
    from: &[Item<N>],
    to: &mut [Item<N>],
    counts: &mut [usize],
    digit: impl Fn(u64) -> usize,
) {
    counts.fill(0);
    from.iter().for_each(|item| counts[digit(item[0])] += 1);
    let mut sum = 0;
    for count in counts.iter_mut() {
        sum += std::mem::replace(count, sum);
    }
    for item in from {
        let slot = &mut counts[digit(item[0])];
        to[*slot] = *item;
        *slot += 1;
    }
}

impl Out<'_> {
    /// Takes sorted items.
    fn write<const N: usize>(self, items: &[Item<N>]) {
        for (target, item) in self.targets.iter_mut().zip(items) {
            *target = item[0] as u32;
            self.ends[(item[0] >> 32) as usize] += 1;
        }
        for (weight, item) in self.weights.iter_mut().zip(items) {
            *weight = item[N.min(2) - 1];
        }
        for (number, item) in self.numbers.iter_mut().zip(items) {
            *number = item[N - 1];
        }
        let mut sum = self.start;
        for end in self.ends {
            sum += *end;
            *end = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adjacency::Adjacency;
    use crate::policies::Policies;
    use crate::weights::WeightType;
    use arrow_array::cast::AsArray;
    use arrow_array::types::UInt64Type;
    use proptest::prelude::*;

    struct Edges(Vec<(u32, u32)>);

    impl EdgeBlocks for Edges {
        fn num_blocks(&self) -> usize {
            self.0.len().div_ceil(100)
        }
        fn read(&self, block: usize, want: Want, out: &mut Block) {
            let part = &self.0[block * 100..self.0.len().min(block * 100 + 100)];
            out.sources = part.iter().map(|e| e.0).collect();
            out.targets = part.iter().map(|e| e.1).collect();
            let numbers = || (0..part.len()).map(|i| (block * 100 + i) as u64).collect();
            out.weights = if want == Want::All { numbers() } else { vec![] };
            out.edges = if want == Want::All { numbers() } else { vec![] };
        }
    }

    /// Weights are the positions in the input, so that the order of parallel edges shows.
    fn check(edges: &[(u32, u32)], rows: usize) {
        let mut want: Vec<(u32, u32, u64)> = (0..).zip(edges).map(|(i, e)| (e.0, e.1, i)).collect();
        want.sort_unstable();
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let input = Edges(edges.to_vec());
            let build = |weight, edges| {
                let payload = Payload { weight, edges };
                Adjacency::build(&input, rows, payload, &Policies::default(), &ctx).unwrap().0
            };
            let plain = build(None, false);
            let built = build(Some(WeightType::U64), false);
            let numbered = build(None, true);
            let full = build(Some(WeightType::U64), true);
            assert_eq!((plain.offsets(), plain.targets()), (built.offsets(), built.targets()));
            let weights = built.weights().unwrap().as_primitive::<UInt64Type>();
            let got: Vec<(u32, u32, u64)> = (0..rows)
                .flat_map(|v| built.range(v).map(move |i| (v, i)))
                .map(|(v, i)| (v as u32, built.targets()[i], weights.value(i)))
                .collect();
            assert_eq!(got, want);
            let numbers: Vec<i64> = weights.values().iter().map(|w| *w as i64).collect();
            assert_eq!((numbered.edges(), full.edges()), (Some(&numbers[..]), Some(&numbers[..])));
            assert_eq!(full.weights().unwrap().as_ref(), built.weights().unwrap().as_ref());
            let payload = Payload { weight: Some(WeightType::U64), edges: true };
            let back = full.transpose(payload, &ctx).unwrap().transpose(payload, &ctx).unwrap();
            assert_eq!((back.offsets(), back.targets()), (built.offsets(), built.targets()));
            assert_eq!((back.edges(), back.weights()), (full.edges(), full.weights()));
            let stretches = built.stretches(5);
            assert!(
                stretches.iter().map(|s| s.len()).sum::<usize>() == rows && stretches.iter().all(|s| !s.is_empty())
            );
        }
    }

    #[test]
    fn degenerate_inputs() {
        check(&[], 0);
        check(&[], 3);
        check(&[(0, 0)], 1);
        check(&[(2, 1), (2, 1), (0, 2), (2, 0)], 3);
    }

    #[test]
    fn partitions_large_enough_for_the_radix_sort() {
        let random = |i: u64| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u32;
        let skewed: Vec<_> = (0..5000).map(|i| (random(i) % 3, random(i + 9999) % 5000)).collect();
        check(&skewed, 5000);
        let flat: Vec<_> = (0..20_000).map(|i| (random(i) % 70_000, random(i * 7) % 70_000)).collect();
        check(&flat, 70_000);
    }

    proptest! {
        #[test]
        fn every_edge_in_every_edge_out(edges in prop::collection::vec((0..40u32, 0..40u32), 0..700)) {
            check(&edges, 40);
        }
    }
}
