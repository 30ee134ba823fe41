//! A parallel, stable sort by 64-bit keys.
//!
//! Items are first dealt out to partitions of neighbouring keys that fit the second-level cache, then every partition
//! is sorted there. Nothing is shared between threads: a task writes to its own stretch of every partition, a
//! partition to its own part of the output. Tasks and partitions depend on the keys alone, so the result does too.

use bytemuck::Pod;
use pf_base::{Context, Result};

/// What is sorted.
pub(crate) trait Item: Pod + Send + Sync {
    /// An item of a row; `row_bits` is 0 where rows have a word of their own.
    fn new(key: u64, row: u64, row_bits: u32) -> Self;
    /// The key.
    fn key(self, row_bits: u32) -> u64;
    /// The row.
    fn row(self, row_bits: u32) -> u64;
}

/// Key and row in one word, or a key alone.
impl Item for u64 {
    #[inline(always)]
    fn new(key: u64, row: u64, row_bits: u32) -> Self {
        if row_bits == 0 { key } else { key << row_bits | row }
    }
    #[inline(always)]
    fn key(self, row_bits: u32) -> u64 {
        self >> row_bits
    }
    #[inline(always)]
    fn row(self, row_bits: u32) -> u64 {
        self & ((1 << row_bits) - 1)
    }
}

/// A key, and a row in a word of its own.
impl Item for [u64; 2] {
    #[inline(always)]
    fn new(key: u64, row: u64, _: u32) -> Self {
        [key, row]
    }
    #[inline(always)]
    fn key(self, _: u32) -> u64 {
        self[0]
    }
    #[inline(always)]
    fn row(self, _: u32) -> u64 {
        self[1]
    }
}

/// What becomes of sorted items.
pub(crate) trait Job<T, O>: Sync {
    /// How far rows reach into the words of the items.
    fn row_bits(&self) -> u32;

    /// Takes items in the order of their keys, on one thread.
    fn finish(&self, items: &mut [T], scratch: &mut Vec<T>, out: &mut [O]) -> Result<()>;

    /// Takes many items of one key, on all threads.
    fn tie(&self, items: &mut [T], out: &mut [O], ctx: &Context) -> Result<()>;
}

/// The least and greatest key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys {
    pub(crate) low: u64,
    pub(crate) high: u64,
}

/// Items that a thread reads at a time.
pub(crate) const BLOCK: usize = 1024;

/// Below this many items one thread sorts them.
const SMALL: usize = 1 << 15;

/// Items that a partition should have: with 16 bytes each, a partition and its scratch fill a quarter of a 1 MiB
/// second-level cache.
const PARTITION: usize = 8 * 1024;

/// The most partitions: more would cost more in write-combining buffers than they save.
const MAX_PARTITIONS: usize = 2048;

/// The most tasks: each keeps a count per bucket.
const MAX_TASKS: usize = 64;

/// Bits of the buckets of which partitions are made: counts of a task stay in the first-level cache.
const BUCKET_BITS: u32 = 13;

/// Items that are looked at to find where keys are dense, and so many buckets dense keys are cut into.
const SAMPLE: usize = 1 << 14;
const DENSE_BUCKETS: usize = 1 << 12;

/// A partition with more items than this is dealt out again, by all threads.
const LARGE: usize = 1 << 18;

/// Sorts what `fill` gives, `len` items, and hands it to `job`.
pub(crate) fn sort<T: Item, O: Pod + Send>(
    len: usize,
    keys: Keys,
    fill: &(dyn Fn(usize, &mut [T]) + Sync),
    job: &impl Job<T, O>,
    out: &mut [O],
    ctx: &Context,
) -> Result<()> {
    let row_bits = job.row_bits();
    if len <= SMALL {
        let (mut items, _reserved) = ctx.memory().passing::<T>(len, "rows while they are sorted")?;
        fill(0, &mut items);
        let mut scratch = Vec::new();
        sort_here(&mut items, &mut scratch, &|item: &T| item.key(row_bits));
        return job.finish(&mut items, &mut scratch, out);
    }
    let blocks = len.div_ceil(BLOCK);
    let tasks = blocks.min(MAX_TASKS);
    let task = |t: usize| blocks * t / tasks * BLOCK..len.min(blocks * (t + 1) / tasks * BLOCK);
    let cuts = Buckets::new(len, keys, fill, row_bits);
    let buckets = cuts.count;
    let bucket = |item: T| cuts.of(item.key(row_bits));

    // 1. How many items every task has for every bucket.
    let mut counts: Vec<Vec<u32>> = ctx.map(tasks, |t| {
        let mut counts = vec![0u32; buckets];
        let mut block = [T::zeroed(); BLOCK];
        let rows = task(t);
        for start in rows.clone().step_by(BLOCK) {
            ctx.check()?;
            let block = &mut block[..BLOCK.min(rows.end - start)];
            fill(start, block);
            block.iter().for_each(|item| counts[bucket(*item)] += 1);
        }
        Ok(counts)
    })?;

    // 2. Buckets side by side make a partition.
    let wanted = (len / PARTITION).clamp(2, MAX_PARTITIONS);
    let mut partition_of = vec![0u16; buckets];
    let (mut partition, mut filled) = (0u16, 0);
    let mut sizes = vec![0usize];
    let mut totals = vec![0usize; buckets];
    for counts in &counts {
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += *count as usize);
    }
    for (b, total) in totals.into_iter().enumerate() {
        if filled > 0 && filled + total > len / wanted {
            partition += 1;
            filled = 0;
            sizes.push(0);
        }
        filled += total;
        partition_of[b] = partition;
        sizes[partition as usize] += total;
    }
    let partitions = sizes.len();
    for counts in &mut counts {
        let mut summed = vec![0; partitions];
        counts.iter().zip(&partition_of).for_each(|(count, p)| summed[*p as usize] += count);
        *counts = summed;
    }

    // 3. Every task deals its items out, partition by partition in its own stretch.
    let (mut items, _reserved) = ctx.memory().passing::<T>(len, "rows while they are sorted")?;
    ctx.for_each(stretches_of(&mut items, &counts, partitions), |t, mut stretches| {
        let mut out = WriteCombining::new(&mut stretches);
        let mut block = [T::zeroed(); BLOCK];
        let rows = task(t);
        for start in rows.clone().step_by(BLOCK) {
            ctx.check()?;
            let block = &mut block[..BLOCK.min(rows.end - start)];
            fill(start, block);
            for item in block {
                out.push(partition_of[bucket(*item)] as usize, *item);
            }
        }
        out.flush();
        Ok(())
    })?;

    // 4. Every partition is sorted; what is too large for a cache is dealt out again, afterwards.
    let (mut parts, mut large) = (Vec::with_capacity(partitions), Vec::new());
    let (mut items, mut out) = (&mut items[..], out);
    for size in sizes {
        let (i, o);
        (i, items) = items.split_at_mut(size);
        (o, out) = out.split_at_mut(size);
        if size > LARGE { large.push((i, o)) } else { parts.push((i, o)) }
    }
    // A few at a time, so that the scratch is not made anew for each.
    let group = parts.len().div_ceil(256).max(1);
    let mut groups = Vec::with_capacity(256);
    while !parts.is_empty() {
        let rest = parts.split_off(group.min(parts.len()));
        groups.push(std::mem::replace(&mut parts, rest));
    }
    ctx.for_each(groups, |_, parts| {
        let mut scratch = Vec::new();
        for (items, out) in parts {
            ctx.check()?;
            sort_here(items, &mut scratch, &|item: &T| item.key(row_bits));
            job.finish(items, &mut scratch, out)?;
        }
        Ok(())
    })?;
    for (items, out) in large {
        let keys = items.chunks(SMALL).collect::<Vec<_>>();
        let ranges = ctx.map(keys.len(), |i| Ok(range_of(keys[i], row_bits)))?;
        let keys = ranges.into_iter().reduce(|a, b| Keys { low: a.low.min(b.low), high: a.high.max(b.high) });
        let Some(keys) = keys else { continue };
        if keys.low == keys.high {
            job.tie(items, out, ctx)?;
        } else {
            let fill = |start: usize, block: &mut [T]| block.copy_from_slice(&items[start..start + block.len()]);
            sort(items.len(), keys, &fill, job, out, ctx)?;
        }
    }
    Ok(())
}

/// Keys cut into stretches of equal width, those where keys are dense into shorter ones.
struct Buckets {
    low: u64,
    shift: u32,
    cuts: Vec<Cut>,
    count: usize,
}

/// The buckets of a stretch.
#[derive(Clone, Copy)]
struct Cut {
    first: u16,
    shift: u16,
}

impl Buckets {
    fn new<T: Item>(len: usize, keys: Keys, fill: &dyn Fn(usize, &mut [T]), row_bits: u32) -> Self {
        let span = keys.high - keys.low;
        let shift = (u64::BITS - span.leading_zeros()).saturating_sub(BUCKET_BITS);
        let mut seen = vec![0usize; (span >> shift) as usize + 1];
        if shift > 0 && len > 4 * SAMPLE {
            let mut block = [T::zeroed(); BLOCK / 4];
            let blocks = SAMPLE / block.len();
            for i in 0..blocks {
                fill((len - block.len()) / blocks * i, &mut block);
                block.iter().for_each(|item| seen[((item.key(row_bits) - keys.low) >> shift) as usize] += 1);
            }
        }
        let mut count = 0;
        let cut = |seen: usize| {
            let bits = (seen * DENSE_BUCKETS / SAMPLE).next_power_of_two().ilog2().min(shift);
            let cut = Cut { first: count as u16, shift: (shift - bits) as u16 };
            count += 1 << bits;
            cut
        };
        let cuts = seen.into_iter().map(cut).collect();
        Self { low: keys.low, shift, cuts, count }
    }

    #[inline(always)]
    fn of(&self, key: u64) -> usize {
        let key = key - self.low;
        let cut = self.cuts[(key >> self.shift) as usize];
        usize::from(cut.first) + ((key & ((1 << self.shift) - 1)) >> cut.shift) as usize
    }
}

/// The least and greatest key of some items.
pub(crate) fn range_of<T: Item>(items: &[T], row_bits: u32) -> Keys {
    items.iter().fold(Keys { low: u64::MAX, high: 0 }, |keys, item| {
        let key = item.key(row_bits);
        Keys { low: keys.low.min(key), high: keys.high.max(key) }
    })
}

/// Cuts `items` by partition, and every partition by task.
pub(crate) fn stretches_of<'a, T>(items: &'a mut [T], counts: &[Vec<u32>], partitions: usize) -> Vec<Vec<&'a mut [T]>> {
    let mut stretches: Vec<Vec<&mut [T]>> = counts.iter().map(|_| Vec::with_capacity(partitions)).collect();
    let mut rest = items;
    for p in 0..partitions {
        for (stretches, counts) in stretches.iter_mut().zip(counts) {
            let (stretch, after) = rest.split_at_mut(counts[p] as usize);
            stretches.push(stretch);
            rest = after;
        }
    }
    stretches
}

/// Items that are written at a time: a cache line of the smallest, two of the others.
const LINE: usize = 8;

/// Collects items of a partition until they fill a line, so that a line is written once and whole.
pub(crate) struct WriteCombining<'a, 'b, T> {
    out: &'a mut [&'b mut [T]],
    /// How many items each was given.
    taken: Vec<u32>,
    lines: Vec<[T; LINE]>,
}

impl<'a, 'b, T: Pod> WriteCombining<'a, 'b, T> {
    pub(crate) fn new(out: &'a mut [&'b mut [T]]) -> Self {
        let n = out.len();
        Self { out, taken: vec![0; n], lines: vec![[T::zeroed(); LINE]; n] }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, p: usize, item: T) {
        let taken = self.taken[p] as usize;
        self.taken[p] = taken as u32 + 1;
        let line = &mut self.lines[p];
        line[taken % LINE] = item;
        if taken % LINE == LINE - 1 {
            self.out[p][taken + 1 - LINE..=taken].copy_from_slice(line);
        }
    }

    pub(crate) fn flush(self) {
        for (p, out) in self.out.iter_mut().enumerate() {
            let taken = self.taken[p] as usize;
            let filled = taken % LINE;
            out[taken - filled..taken].copy_from_slice(&self.lines[p][..filled]);
        }
    }
}

/// The most bits of a digit: its counts stay in the first-level cache for the most part.
const DIGIT: u32 = 14;

/// So few items are sorted by insertion.
const FEW: usize = 20;

/// Sorts stably on this thread, the most significant digit first; digits are as wide as leaves an item or two for each.
pub(crate) fn sort_here<T: Pod>(items: &mut [T], scratch: &mut Vec<T>, key: &impl Fn(&T) -> u64) {
    let len = items.len();
    if len <= FEW {
        return insertion(items, key);
    }
    if len < 128 {
        return items.sort_by_key(key);
    }
    let (mut low, mut high) = (u64::MAX, 0);
    for item in items.iter() {
        let key = key(item);
        (low, high) = (low.min(key), high.max(key));
    }
    if low == high {
        return;
    }
    let bits = u64::BITS - (high - low).leading_zeros();
    // With more digits than items few items share one.
    let digit = (len.ilog2() + 1).min(DIGIT);
    let shift = bits.saturating_sub(digit);
    let mut counts = vec![0u32; ((high - low) >> shift) as usize + 1];
    for item in items.iter() {
        counts[((key(item) - low) >> shift) as usize] += 1;
    }
    let (mut sum, mut most) = (0, 0);
    for count in &mut counts {
        most = most.max(*count);
        sum += std::mem::replace(count, sum);
    }
    if scratch.len() < len {
        scratch.resize(len, T::zeroed());
    }
    for item in items.iter() {
        let slot = &mut counts[((key(item) - low) >> shift) as usize];
        scratch[*slot as usize] = *item;
        *slot += 1;
    }
    if shift > 0 && most as usize <= FEW {
        return insertion_from(&scratch[..len], items, key);
    }
    items.copy_from_slice(&scratch[..len]);
    if shift == 0 {
        return;
    }
    let mut start = 0;
    for end in counts.iter() {
        let end = *end as usize;
        if end - start > 1 {
            let bucket = &mut items[start..end];
            if bucket.len() <= FEW { insertion(bucket, key) } else { sort_here(bucket, scratch, key) }
        }
        start = end;
    }
}

#[inline(always)]
fn insertion<T: Pod>(items: &mut [T], key: &impl Fn(&T) -> u64) {
    for i in 1..items.len() {
        let item = items[i];
        let mut at = i;
        while at > 0 && key(&items[at - 1]) > key(&item) {
            items[at] = items[at - 1];
            at -= 1;
        }
        items[at] = item;
    }
}

/// Insertion into `items` of what is almost in order: most items are just appended.
#[inline(always)]
fn insertion_from<T: Pod>(from: &[T], items: &mut [T], key: &impl Fn(&T) -> u64) {
    let mut greatest = 0;
    for (i, item) in from.iter().enumerate() {
        let this = key(item);
        let mut at = i;
        if this < greatest {
            while at > 0 && key(&items[at - 1]) > this {
                items[at] = items[at - 1];
                at -= 1;
            }
        } else {
            greatest = this;
        }
        items[at] = *item;
    }
}
