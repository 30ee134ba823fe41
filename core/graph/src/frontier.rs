//! Breadth-first search layer by layer, direction-optimising: what the algorithms over shortest paths share.
//!
//! A step is top-down (the frontier's vertices look for neighbours that were not seen) or bottom-up (the vertices that
//! were not seen look for a neighbour in the frontier), whichever can be expected to touch fewer edges. What was seen is
//! a bitmap, which stays in the second-level cache. A small frontier is a list; a large one is a bitmap too, and what is
//! written by vertex is then written in vertex order.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use pf_base::{Context, INLINE_WORK, Reservation, Result};

use crate::adjacency::Adjacency;
use crate::graph::Graph;

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// What a step does with an edge top-down, and with a vertex bottom-up, in times of what it does with an edge bottom-up:
/// there edges and vertices are read in order, here neighbours are changed at random.
const TOP_DOWN_EDGE: f64 = 2.0;
const BOTTOM_UP_VERTEX: f64 = 2.0;

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
    /// How many vertices count as seen because no edge leads to them.
    without_edges: usize,
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
        Ok(Self { rows, seen, front, next, order, sizes, starts, without_edges: 0, _memory: memory })
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
        if self.order.len() < self.seen.len() && self.without_edges == 0 {
            self.order.iter().for_each(|v| *self.seen[*v as usize / 64].get_mut() = 0);
        } else {
            self.seen.iter_mut().for_each(|word| *word.get_mut() = 0);
        }
        self.order.clear();
    }

    /// Searches along `outgoing`. Time O(vertices + edges), and O(reached) where only a small part is.
    pub(crate) fn search(
        &mut self,
        goal: &Goal<'_>,
        outgoing: &Adjacency,
        incoming: Incoming<'_>,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<()> {
        let all_edges = outgoing.targets().len() as u64;
        let mut front = self.begin(goal, outgoing, visit);
        let mut pending = goal.targets.to_vec();
        let (mut depth, mut reached, mut unseen_edges) = (0, front.size, all_edges.saturating_sub(front.edges));
        // Asked for once per search, at the first step that wants them.
        let mut bottom: Option<Option<Bottom>> = None;
        while !self.is_over(goal, &mut pending, depth, front.size) {
            depth += 1;
            let unseen = (self.rows - reached - self.without_edges) as u64;
            if unseen == 0 {
                break;
            }
            let turn = bottom_up_pays(front.edges, unseen, unseen_edges, all_edges);
            if turn && bottom.is_none() {
                bottom = Some(Bottom::new(incoming, ctx)?);
            }
            front = match &bottom {
                Some(Some(bottom)) if turn => {
                    self.fill_bits(&front);
                    self.bottom_up(bottom, outgoing, depth, goal.targets.is_empty(), visit, ctx)?
                }
                _ => {
                    let list = self.fill_list(&front, ctx)?;
                    let work = front.edges + front.size as u64;
                    // A small frontier stays on this thread: high-diameter graphs have thousands of them.
                    if work < INLINE_WORK.max(self.rows as u64 / 128) {
                        self.top_down_to_list(list, outgoing, depth, visit, ctx)?
                    } else {
                        self.top_down_to_bits(list, outgoing, depth, visit, ctx)?
                    }
                }
            };
            if goal.keep && front.size > 0 {
                let list = self.fill_kept_list(&front, ctx)?;
                self.starts.push(list.start);
                front.list = Some(list);
            }
            self.end_layer(front.size);
            reached += front.size;
            unseen_edges = unseen_edges.saturating_sub(front.edges);
            if goal.whole {
                ctx.progress(reached as f64 / self.rows as f64);
            }
        }
        Ok(())
    }

    fn begin(&mut self, goal: &Goal<'_>, outgoing: &Adjacency, visit: &impl Visit) -> Front {
        self.sizes.clear();
        self.starts.clear();
        self.order.clear();
        self.without_edges = 0;
        for source in goal.sources {
            *self.seen[*source as usize / 64].get_mut() |= 1 << (source % 64);
            self.order.push(*source);
            visit.reached(*source, 0);
        }
        self.starts.push(0);
        self.end_layer(goal.sources.len());
        Front::of_list(0..self.order.len(), edges_of(&self.order, outgoing))
    }

    /// Notes a layer, if it has any vertex.
    fn end_layer(&mut self, size: usize) {
        if size > 0 {
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

    /// Every vertex of the frontier looks for neighbours that were not seen yet: on this thread, one after another.
    fn top_down_to_list(
        &mut self,
        list: Range<usize>,
        outgoing: &Adjacency,
        depth: u32,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<Front> {
        ctx.check()?;
        let start = self.order.len();
        for i in list {
            for neighbour in outgoing.row(self.order[i] as usize) {
                let word = self.seen[*neighbour as usize / 64].get_mut();
                let bit = 1 << (neighbour % 64);
                if *word & bit == 0 {
                    *word |= bit;
                    visit.reached(*neighbour, depth);
                    self.order.push(*neighbour);
                }
            }
        }
        Ok(Front::of_list(start..self.order.len(), edges_of(&self.order[start..], outgoing)))
    }

    /// The same on all threads: they mark what they see, and what is new is collected afterwards.
    fn top_down_to_bits(
        &mut self,
        list: Range<usize>,
        outgoing: &Adjacency,
        depth: u32,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<Front> {
        let seen = &self.seen;
        let before = &mut self.next;
        before.clear();
        before.extend(seen.iter().map(|word| word.load(Relaxed)));
        let parts = cut(&self.order[list], outgoing);
        let alone = ctx.threads() == 1;
        ctx.map(parts.len(), |p| {
            for neighbour in parts[p].iter().flat_map(|v| outgoing.row(*v as usize)) {
                let (word, bit) = (&seen[*neighbour as usize / 64], 1 << (neighbour % 64));
                let marks = word.load(Relaxed);
                if marks & bit == 0 {
                    if alone {
                        word.store(marks | bit, Relaxed);
                    } else {
                        word.fetch_or(bit, Relaxed);
                    }
                }
            }
            Ok(())
        })?;
        self.front.resize(seen.len(), 0);
        let mut parts: Vec<_> = self.front.chunks_mut(WORDS).zip(before.chunks(WORDS)).collect();
        let found = ctx.map_mut(&mut parts, |p, (front, before)| {
            let (mut size, mut edges) = (0, 0);
            for ((index, front), before) in (p * WORDS..).zip(front.iter_mut()).zip(before.iter()) {
                *front = seen[index].load(Relaxed) & !before;
                size += front.count_ones() as usize;
                for vertex in bits_of(index, *front) {
                    edges += outgoing.range(vertex as usize).len() as u64;
                    visit.reached(vertex, depth);
                }
            }
            Ok((size, edges))
        })?;
        Ok(Front::of_bits(&found))
    }

    /// Every vertex that was not seen yet looks for a neighbour in `front`, which becomes those that found one. With
    /// `mark`, vertices that have no incoming edges count as seen: nobody needs to look at them again.
    fn bottom_up(
        &mut self,
        bottom: &Bottom,
        outgoing: &Adjacency,
        depth: u32,
        mark: bool,
        visit: &impl Visit,
        ctx: &Context,
    ) -> Result<Front> {
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
            let (mut size, mut edges, mut without) = (0, 0, 0);
            for ((index, next), seen) in bottom.tasks[t].clone().zip(next.iter_mut()).zip(seen.iter_mut()) {
                let seen = seen.get_mut();
                let (mut found, mut marked) = (0, 0);
                for vertex in bits_of(index, !*seen & within(index, rows)) {
                    let row = incoming.row(vertex as usize);
                    if row.iter().any(|u| front[*u as usize / 64] >> (u % 64) & 1 == 1) {
                        found |= 1 << (vertex % 64);
                        edges += outgoing.range(vertex as usize).len() as u64;
                        visit.reached(vertex, depth);
                    } else if row.is_empty() && mark {
                        marked |= 1 << (vertex % 64);
                    }
                }
                *next = found;
                *seen |= found | marked;
                size += found.count_ones() as usize;
                without += marked.count_ones() as usize;
            }
            Ok(((size, edges), without))
        })?;
        std::mem::swap(&mut self.front, &mut self.next);
        let (found, without): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        self.without_edges += without.iter().sum::<usize>();
        Ok(Front::of_bits(&found))
    }

    /// Makes `front` the frontier.
    fn fill_bits(&mut self, front: &Front) {
        if let (false, Some(list)) = (front.bits, &front.list) {
            self.front.clear();
            self.front.resize(self.seen.len(), 0);
            self.order[list.clone()].iter().for_each(|v| self.front[*v as usize / 64] |= 1 << (v % 64));
        }
    }

    /// Where in `order` the frontier stands.
    fn fill_list(&mut self, front: &Front, ctx: &Context) -> Result<Range<usize>> {
        if front.list.is_none() {
            // Nobody keeps what is there.
            self.order.clear();
        }
        self.fill_kept_list(front, ctx)
    }

    /// The same, behind what is there.
    fn fill_kept_list(&mut self, front: &Front, ctx: &Context) -> Result<Range<usize>> {
        if let Some(list) = &front.list {
            return Ok(list.clone());
        }
        let start = self.order.len();
        let words = &self.front;
        let parts = ctx.map(words.len().div_ceil(WORDS), |p| {
            let words = words.iter().enumerate().skip(p * WORDS).take(WORDS);
            Ok(words.flat_map(|(index, word)| bits_of(index, *word)).collect::<Vec<u32>>())
        })?;
        parts.iter().for_each(|part| self.order.extend_from_slice(part));
        Ok(start..self.order.len())
    }
}

/// The vertices of a layer, and how many edges go out of them.
struct Front {
    size: usize,
    edges: u64,
    /// Where they stand in [`Frontiers::order`].
    list: Option<Range<usize>>,
    /// Whether [`Frontiers::front`] holds them.
    bits: bool,
}

impl Front {
    fn of_list(list: Range<usize>, edges: u64) -> Self {
        Self { size: list.len(), edges, list: Some(list), bits: false }
    }

    /// From sizes and edges of its parts.
    fn of_bits(parts: &[(usize, u64)]) -> Self {
        let (size, edges) = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        Self { size, edges, list: None, bits: true }
    }
}

/// Whether a bottom-up step can be expected to take less time than a top-down one. As if an edge led to the frontier with
/// the probability that any does, a vertex looks at `(1 - (1 - hit)^degree) / hit` edges.
fn bottom_up_pays(frontier_edges: u64, unseen: u64, unseen_edges: u64, all_edges: u64) -> bool {
    let (top_down, vertices) = (TOP_DOWN_EDGE * frontier_edges as f64, BOTTOM_UP_VERTEX * unseen as f64);
    if top_down <= vertices {
        return false;
    }
    let (hit, degree) = (frontier_edges as f64 / all_edges as f64, unseen_edges as f64 / unseen as f64);
    let looks = (1.0 - (1.0 - hit).powf(degree)) / hit;
    top_down > vertices + looks * unseen as f64
}

/// Words of a bitmap that a task goes through.
const WORDS: usize = 1 << 10;

/// The vertices that the bits of a word stand for.
fn bits_of(index: usize, word: u64) -> impl Iterator<Item = u32> {
    let mut left = word;
    std::iter::from_fn(move || {
        let vertex = (left != 0).then(|| (index * 64) as u32 + left.trailing_zeros())?;
        left &= left - 1;
        Some(vertex)
    })
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
fn edges_of(vertices: &[u32], outgoing: &Adjacency) -> u64 {
    vertices.iter().map(|v| outgoing.range(*v as usize).len() as u64).sum()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_turns_when_the_frontier_has_most_edges() {
        let (vertices, edges) = (1_000_000, 32_000_000);
        assert!(!bottom_up_pays(32, vertices, edges, edges), "a few vertices look around");
        assert!(!bottom_up_pays(edges / 50, vertices, edges, edges), "most would look in vain");
        assert!(bottom_up_pays(edges / 2, vertices / 2, edges / 2, edges), "every other look finds one");
        assert!(!bottom_up_pays(1000, 1000, 0, edges), "few are left on either side");
        assert!(bottom_up_pays(edges, 1, 0, edges), "one looks for all");
    }

    #[test]
    fn words_end_with_the_rows() {
        assert_eq!([within(0, 64), within(1, 65), within(0, 3)], [u64::MAX, 1, 7]);
        assert_eq!(bits_of(2, 1 << 63 | 5).collect::<Vec<_>>(), [128, 130, 191]);
        assert_eq!(bits_of(0, 0).count(), 0);
    }
}
