//! Adjacency in compressed sparse rows, and the parallel sort that builds it.
//!
//! Edges are first dealt out to partitions of neighbouring rows that fit the second-level cache, then every partition
//! is sorted there. Nothing is shared between threads: a task writes to its own stretch of every partition, a
//! partition to its own rows.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, UInt32Array, UInt64Array};
use arrow_buffer::ScalarBuffer;
use pf_base::{Context, Result};

use crate::weights::{self, WeightType};

/// Which ends of the edges the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Rows are sources: CSR.
    Out,
    /// Rows are targets: CSC.
    In,
}

/// Rows of neighbours. Row `v` is `targets[offsets[v]..offsets[v + 1]]`, ascending; parallel edges stand in the order
/// of the input. Buffers are shared, so a clone costs nothing.
#[derive(Clone, Debug)]
pub struct Adjacency {
    offsets: ScalarBuffer<u64>,
    targets: ScalarBuffer<u32>,
    weights: Option<ArrayRef>,
}

impl Adjacency {
    /// The number of rows.
    pub fn num_rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Where each row begins, and where the last ends: rows + 1 values.
    #[inline]
    pub fn offsets(&self) -> &[u64] {
        &self.offsets
    }

    /// The neighbours of all rows.
    #[inline]
    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// The weights of the same edges, in the type of the input.
    pub fn weights(&self) -> Option<&ArrayRef> {
        self.weights.as_ref()
    }

    /// The neighbours of a row.
    #[inline]
    pub fn row(&self, row: usize) -> &[u32] {
        &self.targets[self.range(row)]
    }

    /// Where a row stands in `targets` and `weights`.
    #[inline]
    pub fn range(&self, row: usize) -> Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// The offsets as an array, without a copy.
    pub fn offsets_array(&self) -> ArrayRef {
        Arc::new(UInt64Array::new(self.offsets.clone(), None))
    }

    /// The targets as an array, without a copy.
    pub fn targets_array(&self) -> ArrayRef {
        Arc::new(UInt32Array::new(self.targets.clone(), None))
    }

    /// Cuts the rows into stretches of about `work` edges plus rows each. They depend on the graph alone, so that
    /// sums over them have the same bits for any number of threads. A row is never cut.
    pub(crate) fn stretches(&self, work: usize) -> Vec<Range<usize>> {
        let rows = self.num_rows();
        let mut cuts = vec![0];
        let mut start = 0;
        while start < rows {
            // Edges and rows up to row v: offsets[v] + v grows with v, so the cut can be searched for.
            let goal = self.offsets[start] + (start + work) as u64;
            let (mut low, mut high) = (start + 1, rows);
            while low < high {
                let middle = low.midpoint(high);
                if self.offsets[middle] + (middle as u64) < goal { low = middle + 1 } else { high = middle }
            }
            start = low;
            cuts.push(start);
        }
        cuts.windows(2).map(|w| w[0]..w[1]).collect()
    }

    /// Rows of targets that stand in order already, without weights.
    pub(crate) fn from_parts(offsets: Vec<u64>, targets: Vec<u32>) -> Self {
        Self { offsets: offsets.into(), targets: targets.into(), weights: None }
    }

    /// Builds rows from edges.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn build(
        edges: &impl EdgeBlocks,
        rows: usize,
        weight: Option<WeightType>,
        ctx: &Context,
    ) -> Result<Self> {
        let (offsets, targets, weights) = match weight {
            None => {
                let (offsets, targets, _) = sort_edges::<1>(edges, rows, ctx)?;
                (offsets, targets, None)
            }
            Some(kind) => {
                let (offsets, targets, bits) = sort_edges::<2>(edges, rows, ctx)?;
                (offsets, targets, Some(weights::from_bits(kind, bits)))
            }
        };
        Ok(Self { offsets: offsets.into(), targets: targets.into(), weights })
    }

    /// The same edges with rows and targets exchanged.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(crate) fn transpose(&self, weight: Option<WeightType>, ctx: &Context) -> Result<Self> {
        Self::build(&Reversed(self), self.num_rows(), weight, ctx)
    }
}

/// Disjoint parts of `values` of these lengths, one behind the other.
pub(crate) fn split_mut<T>(mut values: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut parts = Vec::with_capacity(lengths.size_hint().0);
    for length in lengths {
        let (part, rest) = values.split_at_mut(length);
        parts.push(part);
        values = rest;
    }
    parts
}

/// Edges by vertex number, in blocks that can be read more than once and in parallel.
pub(crate) trait EdgeBlocks: Sync {
    fn num_blocks(&self) -> usize;

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
    /// And the weights.
    Weighted,
}

/// Some edges.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) sources: Vec<u32>,
    pub(crate) targets: Vec<u32>,
    pub(crate) weights: Vec<u64>,
}

impl Block {
    /// Puts behind every edge that is no loop the same in the other direction, so that parallel edges keep their
    /// order in both rows.
    pub(crate) fn add_reversed(&mut self) {
        let edges = self.sources.len();
        let mut write = edges + self.sources.iter().zip(&self.targets).filter(|(s, t)| s != t).count();
        self.sources.resize(write, 0);
        self.targets.resize(write, 0);
        let weighted = !self.weights.is_empty();
        if weighted {
            self.weights.resize(write, 0);
        }
        // From the end on, what is written is never read again.
        for read in (0..edges).rev() {
            let (source, target) = (self.sources[read], self.targets[read]);
            let directions = [(source, target), (target, source)];
            let count = if source == target { 1 } else { 2 };
            write -= count;
            for (at, (s, t)) in (write..).zip(&directions[..count]) {
                (self.sources[at], self.targets[at]) = (*s, *t);
            }
            if weighted {
                let weight = self.weights[read];
                self.weights[write..write + count].fill(weight);
            }
        }
    }
}

/// An adjacency read as edges from its targets to its rows.
struct Reversed<'a>(&'a Adjacency);

impl Reversed<'_> {
    const BLOCK: usize = 4096;
}

impl EdgeBlocks for Reversed<'_> {
    fn num_blocks(&self) -> usize {
        self.0.targets.len().div_ceil(Self::BLOCK)
    }

    fn read(&self, block: usize, want: Want, out: &mut Block) {
        let (start, end) = (block * Self::BLOCK, self.0.targets.len().min((block + 1) * Self::BLOCK));
        out.sources.clear();
        out.sources.extend_from_slice(&self.0.targets[start..end]);
        out.targets.clear();
        if want == Want::Sources {
            return;
        }
        let mut row = self.0.offsets.partition_point(|o| *o <= start as u64) - 1;
        let mut at = start;
        while at < end {
            let stop = end.min(self.0.offsets[row + 1] as usize);
            out.targets.resize(stop - start, row as u32);
            at = stop;
            row += 1;
        }
        out.weights.clear();
        if let (Want::Weighted, Some(weights)) = (want, &self.0.weights) {
            weights::to_bits(weights, start, end - start, &mut out.weights);
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

/// An edge while it is sorted: the row inside its partition and the target in one key, and perhaps the bits of its
/// weight.
type Item<const N: usize> = [u64; N];

/// Sorts edges by row, then target, stably. Returns offsets, targets and (for `N` = 2) the bits of the weights.
fn sort_edges<const N: usize>(
    edges: &impl EdgeBlocks,
    rows: usize,
    ctx: &Context,
) -> Result<(Vec<u64>, Vec<u32>, Vec<u64>)>
where
    Item<N>: bytemuck::Zeroable,
{
    let weighted = N == 2;
    let blocks = edges.num_blocks();
    let tasks = blocks.min(MAX_TASKS);
    let task = |t: usize| blocks * t / tasks..blocks * (t + 1) / tasks;

    // 1. Partitions of 2^shift rows, with as many edges as fit a cache on average. The blocks are 4096 edges each, or
    //    nearly.
    let by_edges = (blocks * 4096).div_ceil(PARTITION_EDGES);
    let wanted = by_edges.max(rows.div_ceil(PARTITION_ROWS)).clamp(1, MAX_PARTITIONS);
    let shift = rows.div_ceil(wanted).max(1).next_power_of_two().trailing_zeros();
    let partitions = rows.div_ceil(1 << shift);

    // 2. How many edges every task has for every partition.
    let counts: Vec<Vec<usize>> = ctx.map(tasks, |t| {
        let mut counts = vec![0; partitions];
        let mut block = Block::default();
        for b in task(t) {
            ctx.check()?;
            edges.read(b, Want::Sources, &mut block);
            block.sources.iter().for_each(|s| counts[(*s >> shift) as usize] += 1);
        }
        Ok(counts)
    })?;
    let total = counts.iter().flatten().sum();

    // 3. Every task deals its edges out, partition by partition in its own stretch.
    let mut items = ctx.zeroed::<Item<N>>(total, "edges while they are sorted")?;
    let mut stretches: Vec<Vec<&mut [Item<N>]>> = (0..tasks).map(|_| Vec::with_capacity(partitions)).collect();
    let mut rest = &mut items[..];
    let mut starts = Vec::with_capacity(partitions + 1);
    let mut start = 0;
    for p in 0..partitions {
        starts.push(start);
        for (stretches, counts) in stretches.iter_mut().zip(&counts) {
            let (stretch, after) = rest.split_at_mut(counts[p]);
            stretches.push(stretch);
            rest = after;
            start += counts[p];
        }
    }
    starts.push(start);
    ctx.for_each(stretches, |t, mut stretches| {
        let mut out = WriteCombining::new(&mut stretches);
        let mut block = Block::default();
        for b in task(t) {
            ctx.check()?;
            edges.read(b, if weighted { Want::Weighted } else { Want::Edges }, &mut block);
            for i in 0..block.sources.len() {
                let (source, target) = (block.sources[i], block.targets[i]);
                let row = source & ((1 << shift) - 1);
                let mut item = [0; N];
                item[0] = u64::from(row) << 32 | u64::from(target);
                if weighted {
                    item[N - 1] = block.weights[i];
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
    let mut parts = Vec::with_capacity(partitions);
    {
        let (mut items, mut targets, mut weights) = (&mut items[..], &mut targets[..], &mut weights[..]);
        // offsets[0] is 0; the end of row v goes to offsets[v + 1].
        let ends = offsets.get_mut(1..).unwrap_or_default();
        for (p, ends) in ends.chunks_mut(1 << shift).enumerate() {
            let len = starts[p + 1] - starts[p];
            let (i, t, w);
            (i, items) = items.split_at_mut(len);
            (t, targets) = targets.split_at_mut(len);
            (w, weights) = weights.split_at_mut(if weighted { len } else { 0 });
            parts.push(Part { items: i, ends, targets: t, weights: w, start: starts[p] as u64 });
        }
    }
    let target_bits = usize::BITS - rows.saturating_sub(1).leading_zeros();
    ctx.for_each(parts, |_, part| part.sort(target_bits, ctx))?;
    Ok((offsets, targets, weights))
}

/// Collects items of a partition until they fill a cache line, so that a line is written once and whole.
struct WriteCombining<'a, 'b, const N: usize> {
    out: &'a mut [&'b mut [Item<N>]],
    written: Vec<usize>,
    lines: Vec<[Item<N>; LINE]>,
    filled: Vec<u8>,
}

/// Items in a line: 64 bytes of plain edges.
const LINE: usize = 8;

impl<'a, 'b, const N: usize> WriteCombining<'a, 'b, N> {
    fn new(out: &'a mut [&'b mut [Item<N>]]) -> Self {
        let n = out.len();
        Self { out, written: vec![0; n], lines: vec![[[0; N]; LINE]; n], filled: vec![0; n] }
    }

    fn push(&mut self, p: usize, item: Item<N>) {
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

    fn flush(self) {
        for (p, out) in self.out.iter_mut().enumerate() {
            let (written, filled) = (self.written[p], self.filled[p] as usize);
            out[written..written + filled].copy_from_slice(&self.lines[p][..filled]);
        }
    }
}

/// The edges of neighbouring rows, and where they go.
struct Part<'a, const N: usize> {
    items: &'a mut [Item<N>],
    ends: &'a mut [u64],
    targets: &'a mut [u32],
    weights: &'a mut [u64],
    /// Edges before this partition.
    start: u64,
}

impl<const N: usize> Part<'_, N> {
    fn sort(self, target_bits: u32, ctx: &Context) -> Result<()>
    where
        Item<N>: bytemuck::Zeroable,
    {
        let Self { items, ends, targets, weights, start } = self;
        if items.len() < SMALL {
            // Stable, so that parallel edges keep their order.
            items.sort_by_key(|item| item[0]);
            write_rows(items, ends, targets, weights, start);
            return Ok(());
        }
        // Least significant digit first: the target in digits of 11 bits, then the row, which is a digit of its own.
        let mut scratch = ctx.zeroed::<Item<N>>(items.len(), "edges while they are sorted")?;
        let mut counts = vec![0; (1 << DIGIT).max(ends.len())];
        let digits = target_bits.div_ceil(DIGIT);
        let (mut from, mut to): (&mut [Item<N>], &mut [Item<N>]) = (&mut *items, &mut scratch);
        for digit in 0..digits {
            // A hub may put most of a graph into one partition.
            ctx.check()?;
            let digit = |key: u64| (key >> (DIGIT * digit)) as usize & ((1 << DIGIT) - 1);
            counting_pass(from, to, &mut counts[..1 << DIGIT], digit);
            std::mem::swap(&mut from, &mut to);
        }
        ctx.check()?;
        counting_pass(from, to, &mut counts[..ends.len()], |key| (key >> 32) as usize);
        write_rows(to, ends, targets, weights, start);
        Ok(())
    }
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

fn write_rows<const N: usize>(
    items: &[Item<N>],
    ends: &mut [u64],
    targets: &mut [u32],
    weights: &mut [u64],
    start: u64,
) {
    for (i, item) in items.iter().enumerate() {
        targets[i] = item[0] as u32;
        ends[(item[0] >> 32) as usize] += 1;
    }
    for (weight, item) in weights.iter_mut().zip(items) {
        *weight = item[N - 1];
    }
    let mut sum = start;
    for end in ends {
        sum += *end;
        *end = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            out.weights = if want == Want::Weighted {
                (0..part.len()).map(|i| (block * 100 + i) as u64).collect()
            } else {
                vec![]
            };
        }
    }

    /// Weights are the positions in the input, so that the order of parallel edges shows.
    fn check(edges: &[(u32, u32)], rows: usize) {
        let mut want: Vec<(u32, u32, u64)> = (0..).zip(edges).map(|(i, e)| (e.0, e.1, i)).collect();
        want.sort_unstable();
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let input = Edges(edges.to_vec());
            let plain = Adjacency::build(&input, rows, None, &ctx).unwrap();
            let built = Adjacency::build(&input, rows, Some(WeightType::U64), &ctx).unwrap();
            assert_eq!((plain.offsets(), plain.targets()), (built.offsets(), built.targets()));
            let weights = built.weights().unwrap().as_primitive::<UInt64Type>();
            let got: Vec<(u32, u32, u64)> = (0..rows)
                .flat_map(|v| built.range(v).map(move |i| (v, i)))
                .map(|(v, i)| (v as u32, built.targets()[i], weights.value(i)))
                .collect();
            assert_eq!(got, want);
            let back = built.transpose(Some(WeightType::U64), &ctx).unwrap().transpose(None, &ctx).unwrap();
            assert_eq!((back.offsets(), back.targets()), (built.offsets(), built.targets()));
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
