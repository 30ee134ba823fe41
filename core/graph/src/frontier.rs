//! Breadth-first search layer by layer, direction-optimising: what the algorithms over shortest paths share.
//!
//! A step is top-down (the frontier's vertices look for neighbours that were not seen) or bottom-up (the vertices that
//! were not seen look for a neighbour in the frontier), whichever touches fewer edges. What was seen, and the frontier
//! of a bottom-up step, are bitmaps, which stay in the second-level cache.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use pf_base::{Context, INLINE_WORK, Reservation, Result};

use crate::adjacency::Adjacency;
use crate::graph::Graph;

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// A step turns bottom-up when the frontier has more than 1/ALPHA of the edges not yet looked at, and back when it
/// has fewer than 1/BETA of the vertices: the values of the paper's tuning, as in the GAP benchmark suite.
const ALPHA: u64 = 15;
const BETA: usize = 18;

/// Is told of every vertex when it is reached, once, from any thread.
pub(crate) trait Visit: Sync {
    /// `vertex` is `depth` edges away from the nearest source.
    fn reached(&self, vertex: u32, depth: u32);
}

/// Nobody needs to know.
impl Visit for () {
    fn reached(&self, _: u32, _: u32) {}
}

/// Where bottom-up steps find the edges that lead to a vertex.
#[derive(Clone, Copy)]
pub(crate) enum Incoming<'a> {
    /// There are none.
    None,
    Given(&'a Adjacency),
    /// The graph's, once they were asked for often enough.
    IfItPays(&'a Graph),
}

/// What a search looks for, and how far.
#[derive(Clone, Copy)]
pub(crate) struct Goal<'a> {
    /// Where it begins; not empty, without repetitions.
    pub(crate) sources: &'a [u32],
    /// It ends with the layer in which the last of these is reached; empty: it does not end before everything is.
    pub(crate) targets: &'a [u32],
    /// The last layer it may make.
    pub(crate) max_depth: u32,
    /// Whether [`Frontiers::layer`] shall know the vertices of every layer.
    pub(crate) keep: bool,
    /// Whether the search is the whole call, so that its progress is the call's.
    pub(crate) whole: bool,
}

/// The state of a search, to be used again for the next one.
#[derive(Debug)]
pub(crate) struct Frontiers {
    rows: usize,
    seen: Vec<AtomicU64>,
    /// The frontier of a bottom-up step and what it finds: empty until there is one.
    front: Vec<u64>,
    next: Vec<u64>,
    /// The vertices by layers; without `keep` those of the last steps only.
    order: Vec<u32>,
    /// How many vertices every layer has.
    sizes: Vec<usize>,
    /// Where every layer begins in `order`, if layers are kept.
    starts: Vec<usize>,
    _memory: Reservation,
}

impl Frontiers {
    /// For graphs of `rows` vertices.
    pub(crate) fn new(rows: usize, ctx: &Context) -> Result<Self> {
        let memory = ctx.memory().reserve(Self::bytes(rows), "frontiers")?;
        let mut order = ctx.zeroed::<u32>(rows, "frontiers")?.into_vec();
        order.clear();
        let seen = (0..rows.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        let (front, next, sizes, starts) = Default::default();
        Ok(Self { rows, seen, front, next, order, sizes, starts, _memory: memory })
    }

    /// The bytes that [`new`](Self::new) reserves.
    fn bytes(rows: usize) -> u64 {
        4 * rows as u64 + 3 * 8 * rows.div_ceil(64) as u64
    }

    /// How many vertices each layer of the last search has.
    pub(crate) fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The vertices of the last search by layers, if they were kept. The order within a layer may differ from run
    /// to run.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Where a layer stands in [`order`](Self::order).
    pub(crate) fn layer(&self, depth: usize) -> Range<usize> {
        self.starts[depth]..self.starts[depth] + self.sizes[depth]
    }

    /// Forgets a search whose layers were kept, in time that its reach decides.
    pub(crate) fn clear(&mut self) {
        if self.order.len() < self.seen.len() {
            self.order.iter().for_each(|v| *self.seen[*v as usize / 64].get_mut() = 0);
        } else {
            self.seen.iter_mut().for_each(|word| *word.get_mut() = 0);
        }
        self.order.clear();
    }

    /// Searches along `outgoing`. Time O(vertices + edges), without a kept state from before O(reached).
    pub(crate) fn search(
        &mut self,
        goal: &Goal<'_>,
        outgoing: &Adjacency,
        incoming: Incoming<'_>,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<()> {
        self.begin(goal.sources, visit);
        let mut pending = goal.targets.to_vec();
        let mut depth = 0;
        let mut unseen_edges = outgoing.targets().len() as u64;
        let mut reached = self.order.len();
        // Asked for once per search, at the first step that wants them.
        let mut bottom: Option<Option<Bottom>> = None;
        // The frontier is the rest of `order` from here on.
        let mut start = 0;
        while !self.is_over(goal, &mut pending, depth, self.order.len() - start) {
            let frontier = &self.order[start..];
            let frontier_edges = edges_of(frontier, outgoing, ctx)?;
            unseen_edges = unseen_edges.saturating_sub(frontier_edges);
            let turn = frontier_edges > unseen_edges / ALPHA && frontier.len() > self.rows / BETA / 4;
            if turn && bottom.is_none() {
                bottom = Some(Bottom::new(incoming, ctx)?);
            }
            let end = self.order.len();
            if let (true, Some(Some(bottom))) = (turn, &bottom) {
                self.fill_front(start);
                let mut awake = end - start;
                start = end;
                loop {
                    let before = awake;
                    depth += 1;
                    awake = self.bottom_up(bottom, depth, visit, ctx)?;
                    reached += awake;
                    if goal.keep {
                        start = self.order.len();
                        self.append_front(ctx)?;
                    }
                    self.end_layer(start, awake);
                    if goal.whole {
                        ctx.progress(reached as f64 / self.rows as f64);
                    }
                    let small = awake < before && awake <= self.rows / BETA;
                    if small || self.is_over(goal, &mut pending, depth, awake) {
                        break;
                    }
                }
                if !goal.keep {
                    self.order.clear();
                    start = 0;
                    self.append_front(ctx)?;
                }
            } else {
                depth += 1;
                self.top_down(start, frontier_edges, outgoing, depth, visit, ctx)?;
                start = end;
                let awake = self.order.len() - start;
                reached += awake;
                self.end_layer(start, awake);
                if goal.whole {
                    ctx.progress(reached as f64 / self.rows as f64);
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, sources: &[u32], visit: &impl Visit) {
        self.sizes.clear();
        self.starts.clear();
        self.order.clear();
        for source in sources {
            *self.seen[*source as usize / 64].get_mut() |= 1 << (source % 64);
            self.order.push(*source);
            visit.reached(*source, 0);
        }
        self.end_layer(0, sources.len());
    }

    /// Notes a layer, if it has any vertex.
    fn end_layer(&mut self, start: usize, size: usize) {
        if size > 0 {
            self.starts.push(start);
            self.sizes.push(size);
        }
    }

    /// Whether the search ends with a layer of `size` vertices. Targets that were reached leave `pending`.
    fn is_over(&self, goal: &Goal<'_>, pending: &mut Vec<u32>, depth: u32, size: usize) -> bool {
        while pending.last().is_some_and(|t| self.seen[*t as usize / 64].load(Relaxed) >> (t % 64) & 1 == 1) {
            pending.pop();
        }
        size == 0 || depth == goal.max_depth || (pending.is_empty() && !goal.targets.is_empty())
    }

    /// Every vertex of the frontier, `order` from `start` on, looks for neighbours that were not seen yet.
    fn top_down(
        &mut self,
        start: usize,
        frontier_edges: u64,
        outgoing: &Adjacency,
        depth: u32,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<()> {
        // A small frontier stays on this thread: high-diameter graphs have thousands of them.
        let work = frontier_edges + (self.order.len() - start) as u64;
        if work < INLINE_WORK || ctx.threads() == 1 {
            return self.top_down_here(start, outgoing, depth, visit, ctx);
        }
        let parts = cut(&self.order[start..], outgoing);
        let found = ctx.map(parts.len(), |p| {
            let mut next = Vec::new();
            for neighbour in parts[p].iter().flat_map(|v| outgoing.row(*v as usize)) {
                let (word, bit) = (&self.seen[*neighbour as usize / 64], 1 << (neighbour % 64));
                if word.load(Relaxed) & bit == 0 && word.fetch_or(bit, Relaxed) & bit == 0 {
                    visit.reached(*neighbour, depth);
                    next.push(*neighbour);
                }
            }
            Ok(next)
        })?;
        found.iter().for_each(|part| self.order.extend_from_slice(part));
        Ok(())
    }

    /// The same on this thread, without atomic changes.
    fn top_down_here(
        &mut self,
        start: usize,
        outgoing: &Adjacency,
        depth: u32,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<()> {
        let mut work = TASK;
        for i in start..self.order.len() {
            let row = outgoing.row(self.order[i] as usize);
            work += row.len() + 1;
            if work >= TASK {
                ctx.check()?;
                work = 0;
            }
            for neighbour in row {
                let word = self.seen[*neighbour as usize / 64].get_mut();
                let bit = 1 << (neighbour % 64);
                if *word & bit == 0 {
                    *word |= bit;
                    visit.reached(*neighbour, depth);
                    self.order.push(*neighbour);
                }
            }
        }
        Ok(())
    }

    /// Every vertex that was not seen yet looks for a neighbour in `front`, which becomes those that found one. Returns
    /// how many did.
    fn bottom_up(&mut self, bottom: &Bottom, depth: u32, visit: &impl Visit, ctx: &Context) -> Result<usize> {
        let (incoming, front, rows) = (&bottom.incoming, &self.front, self.rows);
        self.next.resize(self.seen.len(), 0);
        let mut parts = Vec::with_capacity(bottom.tasks.len());
        let (mut next, mut seen) = (&mut self.next[..], &mut self.seen[..]);
        for task in &bottom.tasks {
            let (next_part, seen_part);
            (next_part, next) = next.split_at_mut(task.len());
            (seen_part, seen) = seen.split_at_mut(task.len());
            parts.push((next_part, seen_part));
        }
        let found = ctx.map_mut(&mut parts, |t, (next, seen)| {
            let mut awake = 0;
            for ((word, next), seen) in bottom.tasks[t].clone().zip(next.iter_mut()).zip(seen.iter_mut()) {
                let seen = seen.get_mut();
                let mut left = !*seen & within(word, rows);
                let mut found = 0;
                while left != 0 {
                    let bit = left.trailing_zeros();
                    left &= left - 1;
                    let vertex = word * 64 + bit as usize;
                    if incoming.row(vertex).iter().any(|u| front[*u as usize / 64] >> (u % 64) & 1 == 1) {
                        found |= 1 << bit;
                        visit.reached(vertex as u32, depth);
                    }
                }
                *next = found;
                *seen |= found;
                awake += found.count_ones() as usize;
            }
            Ok(awake)
        })?;
        std::mem::swap(&mut self.front, &mut self.next);
        Ok(found.iter().sum())
    }

    /// Makes `front` the vertices of `order` from `start` on.
    fn fill_front(&mut self, start: usize) {
        self.front.clear();
        self.front.resize(self.seen.len(), 0);
        self.order[start..].iter().for_each(|v| self.front[*v as usize / 64] |= 1 << (v % 64));
    }

    /// Appends the vertices of `front` to `order`.
    fn append_front(&mut self, ctx: &Context) -> Result<()> {
        const WORDS: usize = TASK / 8;
        let front = &self.front;
        let parts = ctx.map(front.len().div_ceil(WORDS), |p| {
            let mut list = Vec::new();
            let words = front.iter().enumerate().skip(p * WORDS).take(WORDS);
            for (index, word) in words {
                let mut word = *word;
                while word != 0 {
                    list.push((index * 64) as u32 + word.trailing_zeros());
                    word &= word - 1;
                }
            }
            Ok(list)
        })?;
        parts.iter().for_each(|part| self.order.extend_from_slice(part));
        Ok(())
    }
}

/// Incoming edges, cut into tasks of whole bitmap words.
struct Bottom {
    incoming: Adjacency,
    tasks: Vec<Range<usize>>,
}

impl Bottom {
    fn new(incoming: Incoming<'_>, ctx: &Context) -> Result<Option<Self>> {
        let incoming = match incoming {
            Incoming::None => None,
            Incoming::Given(incoming) => Some(incoming.clone()),
            Incoming::IfItPays(graph) => graph.incoming_if_it_pays(ctx)?,
        };
        Ok(incoming.map(|incoming| {
            let mut ends: Vec<usize> = incoming.stretches(TASK).iter().map(|rows| rows.end.div_ceil(64)).collect();
            ends.dedup();
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let tasks = starts.zip(&ends).map(|(start, end)| start..*end).collect();
            Self { incoming, tasks }
        }))
    }
}

/// The bits of a word that stand for rows.
fn within(word: usize, rows: usize) -> u64 {
    if word * 64 + 64 <= rows { u64::MAX } else { (1 << (rows % 64)) - 1 }
}

/// How many edges go out of some vertices.
fn edges_of(vertices: &[u32], outgoing: &Adjacency, ctx: &Context) -> Result<u64> {
    let sum = |part: &[u32]| part.iter().map(|v| outgoing.range(*v as usize).len() as u64).sum();
    if (vertices.len() as u64) < INLINE_WORK {
        return Ok(sum(vertices));
    }
    let parts: Vec<&[u32]> = vertices.chunks(TASK / 4).collect();
    Ok(ctx.map(parts.len(), |p| Ok(sum(parts[p])))?.iter().sum())
}

/// Cuts a list of vertices by their edges: one hub may have more than all the others.
pub(crate) fn cut<'a>(vertices: &'a [u32], adjacency: &Adjacency) -> Vec<&'a [u32]> {
    let (mut parts, mut start, mut edges) = (Vec::new(), 0, 0);
    for (i, vertex) in vertices.iter().enumerate() {
        edges += adjacency.range(*vertex as usize).len() + 1;
        if edges >= TASK || i + 1 == vertices.len() {
            parts.push(&vertices[start..=i]);
            (start, edges) = (i + 1, 0);
        }
    }
    parts
}

/// The edges that leave a list of vertices, plus one for each vertex.
pub(crate) fn work(vertices: &[u32], adjacency: &Adjacency) -> u64 {
    vertices.iter().map(|v| adjacency.range(*v as usize).len() as u64 + 1).sum()
}
