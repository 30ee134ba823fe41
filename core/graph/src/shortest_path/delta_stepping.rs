//! Delta-stepping: vertices in buckets of distances, a bucket at a time, its vertices in parallel.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, Result};

use super::buckets::{BUCKETS, Buckets, Entry, Held, Scale};
use super::keys::Key;
use super::{Goal, Search};
use crate::lengths::BLOCK;
use crate::weights::Extremes;

/// The most entries that a thread takes at a time.
const GRAB: usize = 64;

/// Pieces that a round should have: few vertices may have most of the edges.
const PIECES: usize = 64;

/// Entries whose rows are asked for together.
const BATCH: usize = 16;

/// Entries of the bucket in work that a thread goes on with by itself, instead of sharing them in another round.
const FUSED: usize = 1 << 12;

/// Edges below which a round stays on one thread: at about 7 ns each, as long as it takes to wake another.
const SHARED_WORK: u64 = 8 * 1024;

/// Buckets in a row with too few edges to share after which they are made twice as wide, up to [`WIDEST`] times.
const PATIENCE: u32 = 32;

/// How much wider than [`width`] says buckets may become. On a lattice of 4 million vertices with lengths from 1 to
/// 255, 16 times costs 16 % more relaxations; on a Kronecker graph 70 %, but there they are never too small.
const WIDEST: f64 = 16.0;

/// A width of the buckets that suits the lengths: about as much as the distance grows from one settled vertex's
/// neighbours to the next, so that few vertices of a bucket are neighbours of others in it. Measured with lengths from
/// 1 to 255: relaxations per edge are 1.03 (Kronecker, 2^20 vertices), 1.00 (uniform), 1.00 (lattice), 1.06 (web
/// crawl); with buckets 4 times as wide 1.49, 1.03, 1.03, 1.25.
pub(super) fn width(search: &Search<'_>, extremes: &Extremes) -> f64 {
    /// Lengths that are looked at.
    const SAMPLE: u64 = 1 << 10;
    let edges = search.outgoing.targets().len() as u64;
    let sampled = edges.min(SAMPLE);
    let place = |i: u64| (u128::from(i) * u128::from(edges) / u128::from(sampled)) as usize;
    let mut lengths: Vec<f64> = (0..sampled).map(|i| search.lengths.at(place(i))).filter(|w| *w > 0.0).collect();
    lengths.sort_by(f64::total_cmp);
    // Where nearly all are zero, the few others count.
    let typical = lengths.get(lengths.len() / 2).copied().unwrap_or(extremes.greatest);
    let degree = (edges as f64 / search.outgoing.num_rows() as f64).max(1.0);
    let width = typical / degree;
    match extremes.whole {
        // Narrower would hold no more.
        true => width.max(1.0).round(),
        false => width.max(f64::MIN_POSITIVE),
    }
}

/// The distance of every vertex, infinite where not reached. What is farther than the last of the targets may be too
/// far; everything else is final.
///
/// Any order of the relaxations ends at the same distances, so threads may race.
pub(super) fn search(
    search: &Search<'_>,
    targets: Option<&[u32]>,
    extremes: &Extremes,
    delta: Option<f64>,
    ctx: &Context,
) -> Result<Vec<f64>> {
    let width = Width::new(delta.unwrap_or_else(|| width(search, extremes)), delta.is_none() && ctx.threads() > 1);
    if extremes.whole
        && let Some(distances) = search_as::<u32>(search, Goal(targets), extremes.greatest, width, ctx)?
    {
        return Ok(distances);
    }
    let all = search_as::<u64>(search, Goal(targets), extremes.greatest, width, ctx)?;
    Ok(all.unwrap_or_default())
}

/// The distances, if all that come up have keys.
fn search_as<K: Key>(
    search: &Search<'_>,
    mut goal: Goal<'_>,
    greatest: f64,
    width: Width,
    ctx: &Context,
) -> Result<Option<Vec<f64>>> {
    let n = search.outgoing.num_rows();
    let (cells, _cells) = K::cells(n, ctx)?;
    let mut run = Run::<K> { search, cells: &cells, scale: Scale::new(0.0, width.now), width, now: 0 };
    let mut threads: Vec<Buckets> = (0..ctx.threads()).map(|_| Buckets::default()).collect();
    for source in search.sources {
        K::store(&cells[*source as usize], K::ZERO);
        threads[0].put(0, 0, Entry { vertex: *source, tag: K::ZERO.tag() });
    }
    let mut held = Held::default();
    let mut expanded = 0;
    let degree = search.outgoing.targets().len() as f64 / n.max(1) as f64;
    loop {
        let Some(next) = threads.iter().filter_map(|buckets| buckets.first_from(run.now)).min() else {
            let far = threads.iter_mut().flat_map(Buckets::take_far).collect();
            if !run.open(far, &mut threads) {
                break;
            }
            continue;
        };
        let limit = K::FAR.distance();
        if limit.is_finite() && run.scale.end(next) + greatest >= limit {
            return Ok(None);
        }
        run.now = next;
        let before = expanded;
        loop {
            let frontier: Vec<Vec<Entry>> = threads.iter_mut().filter_map(|buckets| buckets.take(next)).collect();
            if frontier.is_empty() {
                break;
            }
            expanded += frontier.iter().map(Vec::len).sum::<usize>();
            if ctx.threads() == 1 || run.is_small(&frontier) {
                for entries in &frontier {
                    run.expand::<false>(entries, &mut threads[0], ctx)?;
                }
            } else {
                run.share(&frontier, &mut threads, ctx)?;
            }
            for (buckets, buffer) in threads.iter_mut().zip(frontier) {
                buckets.give_back(next, buffer);
            }
        }
        held.grow(&threads, ctx)?;
        ctx.progress((expanded as f64 / n as f64).min(1.0));
        if goal.reached(|target| run.scale.bucket(K::load(&cells[target as usize])) <= next as u64) {
            break;
        }
        let edges = (expanded - before) as f64 * degree;
        if run.width.adapt(edges) {
            let all = threads.iter_mut().flat_map(Buckets::take_all).collect();
            run.open(all, &mut threads);
        }
    }
    K::distances(cells, ctx).map(Some)
}

struct Run<'a, K: Key> {
    search: &'a Search<'a>,
    cells: &'a [K::Cell],
    scale: Scale,
    width: Width,
    /// The bucket in work.
    now: usize,
}

impl<K: Key> Run<'_, K> {
    /// Whether the edges of a frontier are too few to be worth waking other threads.
    fn is_small(&self, frontier: &[Vec<Entry>]) -> bool {
        let mut edges = 0;
        for entry in frontier.iter().flatten() {
            edges += self.search.outgoing.range(entry.vertex as usize).len() as u64 + 1;
            if edges >= SHARED_WORK {
                return false;
            }
        }
        true
    }

    /// Expands a frontier with all threads, which take pieces of it in turn.
    fn share(&self, frontier: &[Vec<Entry>], threads: &mut [Buckets], ctx: &Context) -> Result<()> {
        let grab = |entries: &[Entry]| (entries.len() / PIECES).clamp(1, GRAB);
        let pieces: Vec<&[Entry]> = frontier.iter().flat_map(|entries| entries.chunks(grab(entries))).collect();
        let taken = AtomicUsize::new(0);
        ctx.map_mut(threads, |_, buckets| {
            while let Some(piece) = pieces.get(taken.fetch_add(1, Relaxed)) {
                self.expand::<true>(piece, buckets, ctx)?;
            }
            // A few vertices more of this bucket are done here: cheaper than another round.
            while let Some(more) = buckets.take_few(self.now, FUSED) {
                self.expand::<true>(&more, buckets, ctx)?;
                buckets.give_back(self.now, more);
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Relaxes the edges of vertices. `SHARED`: others do the same at the same time.
    ///
    /// Memory is asked for some rows ahead, and branches that nobody can predict are kept away from the loads, so
    /// that the misses of many edges overlap.
    fn expand<const SHARED: bool>(&self, entries: &[Entry], buckets: &mut Buckets, ctx: &Context) -> Result<()> {
        let Search { outgoing, lengths, .. } = self.search;
        let mut scratch = [0.0; BLOCK];
        let mut nearer = [(0, K::ZERO); BLOCK];
        for (i, batch) in entries.chunks(BATCH).enumerate() {
            if i.is_multiple_of(GRAB / BATCH) {
                ctx.check()?;
            }
            let mut rows = [(K::ZERO, 0, 0); BATCH];
            let mut live = 0;
            for entry in batch {
                let key = K::load(&self.cells[entry.vertex as usize]);
                let range = outgoing.range(entry.vertex as usize);
                rows[live % BATCH] = (key, range.start, range.end);
                live += usize::from(key.tag() == entry.tag);
            }
            let rows = &rows[..live];
            let touch = |row: &(K, usize, usize)| if row.1 < row.2 { lengths.touch(outgoing, row.1) } else { 0 };
            std::hint::black_box(rows.iter().map(touch).fold(0, |all, one| all ^ one));
            for (key, start, end) in rows {
                let addend = key.addend();
                lengths.for_each_block(outgoing, *start..*end, &mut scratch, |neighbours, lengths| {
                    let mut found = 0;
                    for (neighbour, length) in neighbours.iter().zip(lengths) {
                        let through = K::of_sum(addend + length);
                        nearer[found % BLOCK] = (*neighbour, through);
                        found += usize::from(through < K::load(&self.cells[*neighbour as usize]));
                    }
                    for (neighbour, through) in &nearer[..found] {
                        self.lower::<SHARED>(*neighbour, *through, buckets);
                    }
                });
            }
        }
        Ok(())
    }

    /// Gives a vertex a lower distance, if it still is lower: another thread or a parallel edge may have been first.
    #[inline]
    fn lower<const SHARED: bool>(&self, vertex: u32, through: K, buckets: &mut Buckets) {
        let cell = &self.cells[vertex as usize];
        let before = if SHARED { K::lower(cell, through) } else { K::load(cell) };
        if before <= through {
            return;
        }
        if !SHARED {
            K::store(cell, through);
        }
        buckets.put(self.now, self.scale.bucket(through), Entry { vertex, tag: through.tag() });
    }

    /// Opens new buckets for `entries`, which are all that wait, from the nearest on. False: there is nothing.
    fn open(&mut self, mut entries: Vec<Entry>, threads: &mut [Buckets]) -> bool {
        let key = |entry: &Entry| K::load(&self.cells[entry.vertex as usize]);
        // What has become nearer since was put into another bucket.
        entries.retain(|entry| key(entry).tag() == entry.tag);
        let Some(least) = entries.iter().map(key).min() else { return false };
        // Lengths may differ so much that few of these fit the buckets: then those are made wider, until half do.
        let middle = entries.len() / 2;
        let (_, middle, _) = entries.select_nth_unstable_by_key(middle, key);
        let base = least.distance();
        let wanted = (key(middle).distance() - base) / (BUCKETS / 2) as f64;
        self.scale = Scale::new(base, self.width.now.max(wanted));
        self.now = 0;
        for entry in entries {
            threads[0].put(0, self.scale.bucket(key(&entry)), entry);
        }
        true
    }
}

/// The width of the buckets, which grows where they hold too little for several threads.
#[derive(Clone, Copy)]
struct Width {
    least: f64,
    now: f64,
    adapts: bool,
    /// Buckets in a row that held too little.
    small: u32,
}

impl Width {
    fn new(least: f64, adapts: bool) -> Self {
        Self { least, now: least, adapts, small: 0 }
    }

    /// Looks at the edges of a bucket. True: the width is another now.
    fn adapt(&mut self, edges: f64) -> bool {
        let before = self.now;
        self.small = if edges < 4.0 * SHARED_WORK as f64 { self.small + 1 } else { 0 };
        if self.adapts && self.small >= PATIENCE {
            self.small = 0;
            self.now = (2.0 * self.now).min(WIDEST * self.least);
        } else if edges > 64.0 * SHARED_WORK as f64 {
            self.now = self.least;
        }
        before != self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_buckets_grow_and_large_ones_go_back() {
        let mut width = Width::new(3.0, true);
        let grown = (0..10 * PATIENCE).filter(|_| width.adapt(10.0)).count();
        assert_eq!((grown, width.now), (4, 48.0));
        assert!(width.adapt(1e9) && !width.adapt(1e9));
        assert_eq!(width.now, 3.0);
        let mut fixed = Width::new(3.0, false);
        assert!((0..100).all(|_| !fixed.adapt(10.0)));
    }
}
