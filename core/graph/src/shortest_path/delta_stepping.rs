//! Delta-stepping: vertices in buckets of distances, a bucket at a time, its vertices in parallel.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, INLINE_WORK, Reservation, Result};

use super::{Goal, Search};
use crate::lengths::BLOCK;

/// The buckets that stand open: distances beyond the last wait in a list of their own.
const BUCKETS: usize = 1 << 10;

/// Entries that a worker takes at a time.
const GRAB: usize = 64;

/// Entries whose rows are asked for together.
const BATCH: usize = 16;

/// Vertices of the bucket in work that a worker goes on with by itself, instead of sharing them in another round.
const FUSED: usize = 1 << 10;

/// A vertex and the low half of the bits of the distance at which it was put into a bucket. It is stale when the
/// vertex has another distance now; the other half could only tell that an entry is stale, not that it counts.
type Entry = u64;

fn entry(vertex: u32, bits: u64) -> Entry {
    tag(bits) << 32 | u64::from(vertex)
}

/// Mixes both halves of a distance: sums of few significant digits have nothing in the low one.
fn tag(bits: u64) -> u64 {
    (bits ^ bits >> 32) & u64::from(u32::MAX)
}

/// The distance of every vertex, infinite where not reached. What is farther than the last of the targets may be too
/// far; everything else is final.
///
/// Any order of the relaxations ends at the same distances, so threads may race.
pub(super) fn search(search: &Search<'_>, goal: &mut Goal<'_>, delta: f64, ctx: &Context) -> Result<Vec<f64>> {
    let n = search.outgoing.num_rows();
    let _state = ctx.memory().reserve(8 * n as u64, "distances")?;
    let distances: Vec<AtomicU64> = (0..n).map(|_| AtomicU64::new(f64::INFINITY.to_bits())).collect();
    let mut run =
        Run { search, distances: &distances, scale: Scale { base: 0.0, per_bucket: 1.0 / delta, delta }, now: 0 };
    let mut workers: Vec<Worker> = (0..ctx.threads()).map(|_| Worker::default()).collect();
    for source in search.sources {
        distances[*source as usize].store(0, Relaxed);
        workers[0].put(0, 0, *source, 0);
    }
    let mut memory = Buffers { reserved: 0, held: None };
    let mut settled = 0;
    loop {
        // The next bucket that any worker has something in.
        let open = |worker: &Worker| worker.first_from(run.now);
        let Some(next) = workers.iter().filter_map(open).min() else {
            if !run.open_far(&mut workers) {
                break;
            }
            continue;
        };
        run.now = next;
        loop {
            let frontier: Vec<Vec<Entry>> = workers.iter_mut().filter_map(|worker| worker.take(next)).collect();
            let entries: usize = frontier.iter().map(Vec::len).sum();
            if entries == 0 {
                break;
            }
            settled += entries;
            if ctx.threads() == 1 || run.is_small(&frontier) {
                ctx.check()?;
                for entries in &frontier {
                    run.expand::<false>(entries, &mut workers[0], ctx)?;
                }
            } else {
                run.share(&frontier, &mut workers, ctx)?;
            }
            // The emptied buffers go back, so that a bucket is allocated once.
            for (worker, buffer) in workers.iter_mut().zip(frontier) {
                worker.give_back(next, buffer);
            }
        }
        memory.count(&workers, ctx)?;
        ctx.progress((settled as f64 / n as f64).min(1.0));
        if goal.reached(|target| run.bucket(distances[target as usize].load(Relaxed)) <= next as u64) {
            break;
        }
    }
    Ok(distances.into_iter().map(|bits| f64::from_bits(bits.into_inner())).collect())
}

/// A width of the buckets that suits the lengths.
pub(super) fn width(search: &Search<'_>, greatest: f64) -> f64 {
    /// Lengths that are looked at.
    const SAMPLE: usize = 1 << 10;
    let edges = search.outgoing.targets().len();
    let sampled = edges.min(SAMPLE);
    if sampled == 0 {
        return 1.0;
    }
    let mut lengths: Vec<f64> =
        (0..sampled).map(|i| search.lengths.at((i as u128 * edges as u128 / sampled as u128) as usize)).collect();
    lengths.sort_by(f64::total_cmp);
    let typical = lengths[sampled / 2];
    let degree = (edges as f64 / search.outgoing.num_rows() as f64).max(1.0);
    let width = [typical / degree, greatest / BUCKETS as f64].into_iter().find(|width| *width > 0.0).unwrap_or(1.0);
    if lengths.iter().all(|length| length.fract() == 0.0) {
        width.max(1.0).round()
    } else {
        width.max(f64::MIN_POSITIVE)
    }
}

/// Which distances a bucket holds.
#[derive(Clone, Copy)]
struct Scale {
    /// The distance at which bucket 0 begins.
    base: f64,
    per_bucket: f64,
    delta: f64,
}

struct Run<'a> {
    search: &'a Search<'a>,
    distances: &'a [AtomicU64],
    scale: Scale,
    /// The bucket in work.
    now: usize,
}

impl Run<'_> {
    /// The bucket of a distance: never less for a greater distance, which is all that the search asks for.
    fn bucket(&self, bits: u64) -> u64 {
        ((f64::from_bits(bits) - self.scale.base) * self.scale.per_bucket) as u64
    }

    /// Whether the edges of a frontier are too few to be worth waking other threads.
    fn is_small(&self, frontier: &[Vec<Entry>]) -> bool {
        let mut edges = 0;
        for entry in frontier.iter().flatten() {
            edges += self.search.outgoing.range(*entry as u32 as usize).len() as u64 + 1;
            if edges >= INLINE_WORK {
                return false;
            }
        }
        true
    }

    /// Expands a frontier with all workers, which take pieces of it in turn.
    fn share(&self, frontier: &[Vec<Entry>], workers: &mut [Worker], ctx: &Context) -> Result<()> {
        let pieces: Vec<&[Entry]> = frontier.iter().flat_map(|entries| entries.chunks(GRAB)).collect();
        let taken = AtomicUsize::new(0);
        ctx.map_mut(workers, |_, worker| {
            while let Some(piece) = pieces.get(taken.fetch_add(1, Relaxed)) {
                self.expand::<true>(piece, worker, ctx)?;
            }
            // A few vertices more of this bucket are done here: cheaper than another round.
            while let Some(more) = worker.take_few(self.now, FUSED) {
                self.expand::<true>(&more, worker, ctx)?;
                worker.give_back(self.now, more);
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Relaxes the edges of vertices. `SHARED`: others do the same at the same time.
    ///
    /// Memory is asked for some rows ahead, and branches that nobody can predict are kept away from the loads, so
    /// that the misses of many edges overlap.
    fn expand<const SHARED: bool>(&self, entries: &[Entry], worker: &mut Worker, ctx: &Context) -> Result<()> {
        let Search { outgoing, lengths, .. } = self.search;
        let mut scratch = [0.0; BLOCK];
        let mut nearer = [(0, 0); BLOCK];
        for (i, batch) in entries.chunks(BATCH).enumerate() {
            if i.is_multiple_of(GRAB / BATCH) {
                ctx.check()?;
            }
            let mut rows = [(0.0, 0, 0); BATCH];
            let mut live = 0;
            for entry in batch {
                let vertex = *entry as u32 as usize;
                let bits = self.distances[vertex].load(Relaxed);
                let range = outgoing.range(vertex);
                rows[live % BATCH] = (f64::from_bits(bits), range.start, range.end);
                live += usize::from(tag(bits) == entry >> 32);
            }
            let touch =
                |(_, start, end): &(f64, usize, usize)| if start < end { lengths.touch(outgoing, *start) } else { 0 };
            std::hint::black_box(rows[..live].iter().map(touch).fold(0, |all, one| all ^ one));
            for (distance, start, end) in &rows[..live] {
                lengths.for_each_block(outgoing, *start..*end, &mut scratch, |neighbours, lengths| {
                    // Distances are not negative: their bits are in the order of the numbers.
                    let mut found = 0;
                    for (neighbour, length) in neighbours.iter().zip(lengths) {
                        let through = (distance + length).to_bits();
                        nearer[found % BLOCK] = (*neighbour, through);
                        found += usize::from(through < self.distances[*neighbour as usize].load(Relaxed));
                    }
                    for (neighbour, through) in &nearer[..found] {
                        self.lower::<SHARED>(*neighbour, *through, worker);
                    }
                });
            }
        }
        Ok(())
    }

    /// Gives a vertex a lower distance, if it is still lower.
    fn lower<const SHARED: bool>(&self, vertex: u32, through: u64, worker: &mut Worker) {
        let known = &self.distances[vertex as usize];
        if SHARED {
            if known.fetch_min(through, Relaxed) <= through {
                return;
            }
        } else {
            // A parallel edge may have been shorter.
            if known.load(Relaxed) <= through {
                return;
            }
            known.store(through, Relaxed);
        }
        worker.put(self.now, self.bucket(through), vertex, through);
    }

    /// Opens the buckets of what was too far. False: there is nothing.
    fn open_far(&mut self, workers: &mut [Worker]) -> bool {
        let mut far: Vec<Entry> = workers.iter_mut().flat_map(|worker| std::mem::take(&mut worker.far)).collect();
        let distance = |entry: &Entry| self.distances[*entry as u32 as usize].load(Relaxed);
        // What has become nearer since was settled from another bucket.
        far.retain(|entry| tag(distance(entry)) == entry >> 32);
        let Some(least) = far.iter().map(distance).min() else { return false };
        // Lengths may differ so much that few of these fit the buckets: then those are made wider, until half do.
        let middle = far.len() / 2;
        let (_, middle, _) = far.select_nth_unstable_by_key(middle, distance);
        let (base, middle) = (f64::from_bits(least), f64::from_bits(distance(middle)));
        let wanted = (middle - base) / (BUCKETS / 2) as f64;
        let per_bucket = 1.0 / self.scale.delta.max(wanted);
        self.scale = Scale { base, per_bucket, ..self.scale };
        self.now = 0;
        for entry in far {
            let bits = self.distances[entry as u32 as usize].load(Relaxed);
            workers[0].put(0, self.bucket(bits), entry as u32, bits);
        }
        true
    }
}

/// What one thread has found.
struct Worker {
    /// Bucket b is at b modulo their number.
    buckets: Vec<Vec<Entry>>,
    far: Vec<Entry>,
    /// How many entries the buckets hold.
    waiting: usize,
}

impl Default for Worker {
    fn default() -> Self {
        Self { buckets: vec![Vec::new(); BUCKETS], far: Vec::new(), waiting: 0 }
    }
}

impl Worker {
    fn put(&mut self, now: usize, bucket: u64, vertex: u32, bits: u64) {
        if bucket.wrapping_sub(now as u64) < BUCKETS as u64 {
            self.buckets[bucket as usize % BUCKETS].push(entry(vertex, bits));
            self.waiting += 1;
        } else {
            self.far.push(entry(vertex, bits));
        }
    }

    /// The first bucket from `now` on that holds something.
    fn first_from(&self, now: usize) -> Option<usize> {
        if self.waiting == 0 {
            return None;
        }
        (now..now + BUCKETS).find(|bucket| !self.buckets[bucket % BUCKETS].is_empty())
    }

    fn take(&mut self, bucket: usize) -> Option<Vec<Entry>> {
        let taken = std::mem::take(&mut self.buckets[bucket % BUCKETS]);
        self.waiting -= taken.len();
        Some(taken).filter(|taken| !taken.is_empty())
    }

    fn take_few(&mut self, bucket: usize, few: usize) -> Option<Vec<Entry>> {
        if self.buckets[bucket % BUCKETS].len() < few { self.take(bucket) } else { None }
    }

    /// Keeps the memory of a buffer for what comes next into the bucket.
    fn give_back(&mut self, bucket: usize, mut buffer: Vec<Entry>) {
        let place = &mut self.buckets[bucket % BUCKETS];
        if place.is_empty() && place.capacity() < buffer.capacity() {
            buffer.clear();
            *place = buffer;
        }
    }
}

/// The memory of the buckets.
struct Buffers {
    reserved: u64,
    held: Option<Reservation>,
}

impl Buffers {
    fn count(&mut self, workers: &[Worker], ctx: &Context) -> Result<()> {
        let entries: usize = workers.iter().map(|worker| worker.waiting + worker.far.len()).sum();
        let bytes = (size_of::<Entry>() * entries) as u64;
        if bytes > self.reserved {
            self.reserved = 2 * bytes;
            self.held = None;
            self.held = Some(ctx.memory().reserve(self.reserved, "buckets")?);
        }
        Ok(())
    }
}
