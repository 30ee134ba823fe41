//! Triangles of graphs with hubs: vertices by falling degree, neighbourhoods as words of bits.
//!
//! With the busiest vertices first, the neighbours before a vertex are few, and they crowd at the beginning: a word of
//! 32 bits holds many of them, and intersecting two neighbourhoods takes one `and` per word. The neighbourhoods of the
//! very first vertices are so dense that all their words are kept, and counted by columns.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, Reservation, Result, TrackedVec};

use super::columns::{Columns, WORDS as DENSE_WORDS};
use super::{Counts, SharedCounts, Workspaces};
use crate::adjacency::{Adjacency, split_mut};

/// Edges plus rows of a task that makes words.
const TASK: usize = 1 << 15;

/// Words of the vertices of a task that counts: a vertex looks through hundreds of words for each.
const COUNTING_TASK: usize = 1 << 11;

/// First vertices that every thread counts for itself, without disturbing the others: nearly all triangles have their
/// first corner there. The counts fill half of a 1 MiB second-level cache.
pub(super) const HUBS: usize = 1 << 16;

/// Neighbours before a vertex: `index << 32 | bits` stands for the ranks `32 * index + i` of all bits i.
type Word = u64;

/// The triangles of every vertex.
pub(super) fn count(graph: &Adjacency, ctx: &Context) -> Result<Counts> {
    let n = graph.num_rows();
    let order = Order::by_degree(graph, ctx)?;
    let parts = words(graph, &order, ctx)?;
    let _rows = ctx.memory().reserve(size_of::<&[Word]>() as u64 * n as u64, "rows of words")?;
    let mut rows: Vec<&[Word]> = Vec::with_capacity(n);
    for part in &parts {
        let mut start = 0;
        for end in &part.ends {
            rows.push(&part.words[start..*end as usize]);
            start = *end as usize;
        }
    }
    let dense = Dense::of(&rows, ctx)?;
    ctx.progress(0.1);

    let shared: SharedCounts = ctx.zeroed(n, "triangles")?;
    let workspaces = Workspaces::new();
    let tasks = stretches(n, COUNTING_TASK, |i| rows[i].len());
    let totals = ctx.map(tasks.len(), |t| {
        workspaces.with(
            || Workspace::new(n, ctx),
            |workspace| tasks[t].clone().map(|last| workspace.count(last, &rows, &dense, &shared)).sum::<u64>(),
        )
    })?;
    ctx.progress(0.9);

    let hubs: Vec<TrackedVec<u64>> = workspaces.into_all().into_iter().map(Workspace::into_hubs).collect();
    let mut counts = ctx.zeroed::<i64>(n, "triangles")?;
    let tasks: Vec<Range<usize>> = stretches(n, TASK, |_| 0);
    ctx.for_each(split_mut(&mut counts, tasks.iter().map(Range::len)), |t, counts| {
        for (count, vertex) in counts.iter_mut().zip(tasks[t].clone()) {
            let rank = order.ranks[vertex] as usize;
            let of_hubs: u64 = hubs.iter().filter_map(|hubs| hubs.get(rank)).sum();
            *count = (shared[rank].load(Relaxed) + of_hubs) as i64;
        }
        Ok(())
    })?;
    Ok(Counts { of_vertices: counts, total: totals.iter().sum() })
}

/// Vertices by falling degree, ties in vertex order.
struct Order {
    /// The vertex of every rank.
    vertices: TrackedVec<u32>,
    /// The rank of every vertex.
    ranks: TrackedVec<u32>,
}

impl Order {
    /// A counting sort.
    fn by_degree(graph: &Adjacency, ctx: &Context) -> Result<Self> {
        let n = graph.num_rows();
        let mut vertices = ctx.zeroed::<u32>(n, "vertices by degree")?;
        let mut ranks = ctx.zeroed::<u32>(n, "vertices by degree")?;
        let greatest = (0..n).map(|v| graph.range(v).len()).max().unwrap_or(0);
        let mut starts = ctx.zeroed::<u32>(greatest + 1, "vertices by degree")?;
        (0..n).for_each(|v| starts[greatest - graph.range(v).len()] += 1);
        let mut sum = 0;
        for start in starts.iter_mut() {
            sum += std::mem::replace(start, sum);
        }
        ctx.check()?;
        for vertex in 0..n {
            let start = &mut starts[greatest - graph.range(vertex).len()];
            ranks[vertex] = *start;
            vertices[*start as usize] = vertex as u32;
            *start += 1;
        }
        Ok(Self { vertices, ranks })
    }
}

/// Cuts 0..n into stretches of about `work` pieces of `weight` plus ones.
fn stretches(n: usize, work: usize, weight: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let (mut cuts, mut start, mut sum) = (Vec::new(), 0, 0);
    for i in 0..n {
        sum += weight(i) + 1;
        if sum >= work || i + 1 == n {
            cuts.push(start..i + 1);
            (start, sum) = (i + 1, 0);
        }
    }
    cuts
}

/// The words of a stretch of ranks.
struct Part {
    words: Vec<Word>,
    /// Where the words of each rank end.
    ends: Vec<u32>,
    _held: Reservation,
}

/// Makes the words of every rank.
fn words(graph: &Adjacency, order: &Order, ctx: &Context) -> Result<Vec<Part>> {
    const WHAT: &str = "neighbours as words";
    let n = graph.num_rows();
    let tasks = stretches(n, TASK, |rank| graph.range(order.vertices[rank] as usize).len());
    let workspaces = Workspaces::new();
    ctx.map(tasks.len(), |t| {
        let make = || Ok((ctx.zeroed::<u32>(n.div_ceil(32), WHAT)?, Vec::new(), Vec::new()));
        let (words, ends) = workspaces.with(make, |(bits, touched, words)| {
            let mut ends = Vec::with_capacity(tasks[t].len());
            words.clear();
            for rank in tasks[t].clone() {
                // The first words come in order, so that dense rows are met by rising length.
                let mut first = [0u64; DENSE_WORDS / 64];
                for neighbour in graph.row(order.vertices[rank] as usize) {
                    let before = order.ranks[*neighbour as usize];
                    if before < rank as u32 {
                        let index = (before >> 5) as usize;
                        match first.get_mut(index / 64) {
                            Some(first) => *first |= 1 << (index % 64),
                            None if bits[index] == 0 => touched.push(index),
                            None => {}
                        }
                        bits[index] |= 1 << (before & 31);
                    }
                }
                let mut emit = |index: usize| {
                    words.push((index as Word) << 32 | Word::from(std::mem::take(&mut bits[index])));
                };
                for (i, mut first) in first.into_iter().enumerate() {
                    while first != 0 {
                        emit(64 * i + first.trailing_zeros() as usize);
                        first &= first - 1;
                    }
                }
                touched.drain(..).for_each(emit);
                ends.push(words.len() as u32);
            }
            (words.clone(), ends)
        })?;
        let bytes = size_of_val(&words[..]) + size_of_val(&ends[..]);
        Ok(Part { words, ends, _held: ctx.memory().reserve(bytes as u64, WHAT)? })
    })
}

/// All words of the neighbours before a vertex, for the first vertices that have many of them.
struct Dense {
    words: TrackedVec<u32>,
    /// Where the words of each vertex stand; nowhere if it has few.
    ranges: Vec<Range<usize>>,
}

impl Dense {
    fn of(rows: &[&[Word]], ctx: &Context) -> Result<Self> {
        let mut end = 0;
        let range = |(rank, row): (usize, &&[Word])| {
            let length = rank.div_ceil(32);
            let start = end;
            end += if SPARSENESS * row.len() >= length { length } else { 0 };
            start..end
        };
        let ranges: Vec<Range<usize>> = rows.iter().take(32 * DENSE_WORDS).enumerate().map(range).collect();
        let mut words = ctx.zeroed::<u32>(end, "neighbours of hubs")?;
        for (row, range) in rows.iter().zip(&ranges).filter(|(_, range)| !range.is_empty()) {
            let words = &mut words[range.clone()];
            row.iter().for_each(|word| words[(word >> 32) as usize] = *word as u32);
        }
        Ok(Self { words, ranges })
    }

    /// The words of a vertex; none if it has few.
    fn row(&self, rank: usize) -> &[u32] {
        self.ranges.get(rank).map_or(&[], |range| &self.words[range.clone()])
    }
}

/// A word of a dense row, empty or not, takes about a quarter of the time of a word with its index.
const SPARSENESS: usize = 4;

/// What a thread counts with.
struct Workspace {
    /// The neighbours before the vertex at hand.
    bits: TrackedVec<u32>,
    /// Triangles of the first ranks.
    hubs: TrackedVec<u64>,
    columns: Columns,
}

impl Workspace {
    fn new(n: usize, ctx: &Context) -> Result<Self> {
        Ok(Self {
            bits: ctx.zeroed(n.div_ceil(32), "marks of neighbours")?,
            hubs: ctx.zeroed(n.min(HUBS).next_multiple_of(32), "triangles of hubs")?,
            columns: Columns::new(ctx)?,
        })
    }

    fn into_hubs(mut self) -> TrackedVec<u64> {
        self.columns.flush(&mut self.hubs);
        self.hubs
    }

    /// Counts the triangles whose last corner is a rank. The second is a rank before it, and the first is before both.
    fn count(&mut self, last: usize, rows: &[&[Word]], dense: &Dense, shared: &SharedCounts) -> u64 {
        let row = rows[last];
        let split = |word: Word| ((word >> 32) as usize, word as u32);
        for (index, bits) in row.iter().map(|w| split(*w)) {
            self.bits[index] = bits;
        }
        let mut found = 0;
        for (index, mut bits) in row.iter().map(|w| split(*w)) {
            while bits != 0 {
                let second = 32 * index + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let here = match dense.row(second) {
                    [] => self.intersect(rows[second], shared),
                    words => self.columns.add(words, &self.bits, &mut self.hubs),
                };
                found += here;
                self.add(second, here, shared);
            }
        }
        self.add(last, found, shared);
        for (index, _) in row.iter().map(|w| split(*w)) {
            self.bits[index] = 0;
        }
        found
    }

    /// Counts the marked neighbours in a row, each for itself too.
    fn intersect(&mut self, row: &[Word], shared: &SharedCounts) -> u64 {
        let mut found = 0;
        for word in row {
            let index = (*word >> 32) as usize;
            let mut common = *word as u32 & self.bits[index];
            if common == 0 {
                continue;
            }
            found += u64::from(common.count_ones());
            match self.hubs.get_mut(32 * index..32 * index + 32) {
                Some(hubs) => {
                    while common != 0 {
                        hubs[common.trailing_zeros() as usize] += 1;
                        common &= common - 1;
                    }
                }
                None => {
                    while common != 0 {
                        shared[32 * index + common.trailing_zeros() as usize].fetch_add(1, Relaxed);
                        common &= common - 1;
                    }
                }
            }
        }
        found
    }

    fn add(&mut self, rank: usize, triangles: u64, shared: &SharedCounts) {
        if triangles > 0 {
            match self.hubs.get_mut(rank) {
                Some(hub) => *hub += triangles,
                None => {
                    shared[rank].fetch_add(triangles, Relaxed);
                }
            }
        }
    }
}
