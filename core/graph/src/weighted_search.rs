//! Dijkstra's algorithm from one source after another: the search behind weighted betweenness and closeness.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use arrow_array::ArrayRef;
use pf_base::{Context, Error, Reservation, Result};

use crate::adjacency::Adjacency;
use crate::brandes::{Count, Dependencies, power_of_two, without_source};
use crate::graph::Graph;
use crate::weights;

/// Relaxed edges between two looks at cancellation, about 1 ms.
const CHECK: usize = 1 << 16;

/// Refuses a weight column that the graph has not.
pub(crate) fn check_weight(graph: &Graph, name: &str) -> Result<()> {
    match graph.weight() {
        Some(weight) if weight == name => Ok(()),
        _ => Err(Error::invalid_argument(format!("weight column '{name}' not found in graph edges"))),
    }
}

/// The weights of an adjacency as numbers that are finite and not negative; `kernel` and `name` are for messages.
pub(crate) fn lengths<'a>(
    weights: Option<&'a ArrayRef>,
    kernel: &str,
    name: &str,
    ctx: &Context,
) -> Result<Cow<'a, [f64]>> {
    const PART: usize = 1 << 16;
    let weights = weights.ok_or_else(|| Error::internal("a weighted graph without weights"))?;
    let lengths = weights::as_f64(weights, ctx)?;
    let parts: Vec<&[f64]> = lengths.chunks(PART).collect();
    ctx.map(parts.len(), |p| match parts[p].iter().find(|w| !(**w >= 0.0 && w.is_finite())) {
        Some(bad) if bad.is_finite() => Err(Error::invalid_argument(format!(
            "{kernel}: Dijkstra's algorithm requires non-negative edge weights, but weight column '{name}' holds {bad}"
        ))),
        Some(bad) => Err(Error::invalid_argument(format!(
            "{kernel}: shortest paths require finite edge weights, but weight column '{name}' holds {bad}"
        ))),
        None => Ok(()),
    })?;
    Ok(lengths)
}

/// Rows with the length of every edge.
#[derive(Clone, Copy)]
pub(crate) struct Lengths<'a> {
    pub(crate) rows: &'a Adjacency,
    pub(crate) lengths: &'a [f64],
}

impl Lengths<'_> {
    /// The neighbours of a row, each once, with the least length of parallel edges.
    fn distinct(&self, row: u32) -> impl Iterator<Item = (u32, f64)> {
        let range = self.rows.range(row as usize);
        let (targets, lengths) = (&self.rows.targets()[range.clone()], &self.lengths[range]);
        let mut i = 0;
        std::iter::from_fn(move || {
            let target = *targets.get(i)?;
            let mut length = lengths[i];
            i += 1;
            while targets.get(i) == Some(&target) {
                length = length.min(lengths[i]);
                i += 1;
            }
            Some((target, length))
        })
    }
}

/// How far a vertex is: the length of the shortest path, then the fewest edges at its end that add nothing to it. The
/// second makes "nearer" strict where edges of length zero, or too short to change the sum, join vertices.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Far {
    length: f64,
    idle: u32,
}

const UNREACHED: Far = Far { length: f64::INFINITY, idle: u32::MAX };

impl Far {
    fn after(self, edge: f64) -> Self {
        let length = self.length + edge;
        Self { length, idle: if length == self.length { self.idle.saturating_add(1) } else { 0 } }
    }
}

/// An entry of the queue: length (as bits, which are in the order of non-negative numbers), idle edges, vertex.
type Entry = Reverse<(u64, u32, u32)>;

/// What the queue is called when memory is short.
const QUEUE: &str = "queue of vertices";

/// The state for one source at a time. Time and memory of a source are in proportion to what it reaches; only the first
/// touches everything.
#[derive(Debug)]
pub(crate) struct WeightedSearch {
    far: Vec<Far>,
    /// The vertices reached, nearest first.
    order: Vec<u32>,
    queue: BinaryHeap<Entry>,
    /// For as many entries as the queue ever had room for.
    queue_memory: Reservation,
    room: usize,
    _memory: Reservation,
}

impl WeightedSearch {
    /// For graphs of `rows` vertices.
    pub(crate) fn new(rows: usize, ctx: &Context) -> Result<Self> {
        let memory = ctx.memory().reserve(20 * rows as u64, "distances")?;
        Ok(Self {
            far: vec![UNREACHED; rows],
            order: Vec::new(),
            queue: BinaryHeap::new(),
            queue_memory: ctx.memory().reserve(0, QUEUE)?,
            room: 0,
            _memory: memory,
        })
    }

    /// The length of the shortest path to every vertex reached, in ascending order, the source's 0 first.
    pub(crate) fn found(&self) -> impl Iterator<Item = f64> {
        self.order.iter().map(|v| self.far[*v as usize].length)
    }

    /// The vertices reached, nearest first.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Finds the shortest paths from `source`. A path whose length overflows is none.
    pub(crate) fn run(&mut self, source: u32, edges: Lengths<'_>, ctx: &Context) -> Result<()> {
        self.order.iter().for_each(|v| self.far[*v as usize] = UNREACHED);
        self.order.clear();
        self.queue.clear();
        self.far[source as usize] = Far { length: 0.0, idle: 0 };
        self.queue.push(Reverse((0, 0, source)));
        let mut work = CHECK;
        while let Some(Reverse((length, idle, vertex))) = self.queue.pop() {
            let far = Far { length: f64::from_bits(length), idle };
            // An entry from before a shorter way was found. What was settled has no other entry: keys are pushed
            // only when they are less than the one before.
            if self.far[vertex as usize] != far {
                continue;
            }
            self.order.push(vertex);
            let range = edges.rows.range(vertex as usize);
            work += range.len() + 1;
            if work >= CHECK {
                ctx.check()?;
                work = 0;
                self.note_room(ctx)?;
            }
            for (neighbour, edge) in edges.rows.targets()[range.clone()].iter().zip(&edges.lengths[range]) {
                let next = far.after(*edge);
                if next < self.far[*neighbour as usize] && next.length.is_finite() {
                    self.far[*neighbour as usize] = next;
                    self.queue.push(Reverse((next.length.to_bits(), next.idle, *neighbour)));
                }
            }
        }
        Ok(())
    }

    /// Takes what the queue has grown by from the budget. How far it grows the edges decide, and seldom all of them.
    fn note_room(&mut self, ctx: &Context) -> Result<()> {
        if self.queue.capacity() > self.room {
            self.room = self.queue.capacity();
            // What is held goes back first: it is part of what is asked for.
            self.queue_memory = ctx.memory().reserve(0, QUEUE)?;
            self.queue_memory = ctx.memory().reserve((self.room * size_of::<Entry>()) as u64, QUEUE)?;
        }
        Ok(())
    }

    /// Whether the edge of this length is the end of a shortest path: exactly, in `f64`.
    fn is_last(&self, from: u32, length: f64, to: u32) -> bool {
        let (from, to) = (self.far[from as usize], self.far[to as usize]);
        from < to && to == from.after(length)
    }
}

/// The state of weighted betweenness for one source at a time.
#[derive(Debug)]
pub(crate) struct WeightedBrandes {
    search: WeightedSearch,
    /// By vertex. The coefficients are `(1 + dependency) / count`, in the exponent of the count with the sign changed.
    counts: Vec<Count>,
    coefficients: Vec<f64>,
    /// By position in the order of the search.
    dependencies: Vec<f64>,
    _memory: Reservation,
}

impl WeightedBrandes {
    /// For graphs of `rows` vertices.
    pub(crate) fn new(rows: usize, ctx: &Context) -> Result<Self> {
        let memory = ctx.memory().reserve(32 * rows as u64, "path counts")?;
        Ok(Self {
            search: WeightedSearch::new(rows, ctx)?,
            counts: vec![Count::ZERO; rows],
            coefficients: vec![0.0; rows],
            dependencies: vec![0.0; rows],
            _memory: memory,
        })
    }

    /// The dependency of `source` on every vertex.
    pub(crate) fn run(
        &mut self,
        source: u32,
        outgoing: Lengths<'_>,
        incoming: Lengths<'_>,
        ctx: &Context,
    ) -> Result<()> {
        self.search.run(source, outgoing, ctx)?;
        let mut work = 0;
        let mut look = |row: u32| {
            work += outgoing.rows.range(row as usize).len() + 1;
            if work >= CHECK {
                work = 0;
                return ctx.check();
            }
            Ok(())
        };
        self.counts[source as usize] = Count::ONE;
        // Every vertex after those it is reached from, whatever else the order of equals is.
        for vertex in self.search.order().iter().skip(1) {
            look(*vertex)?;
            let mut count = Count::ZERO;
            for (before, length) in incoming.distinct(*vertex) {
                if self.search.is_last(before, length, *vertex) {
                    count = count.plus(self.counts[before as usize]);
                }
            }
            self.counts[*vertex as usize] = count.normalised();
        }
        for (i, vertex) in self.search.order().iter().enumerate().skip(1).rev() {
            look(*vertex)?;
            let count = self.counts[*vertex as usize];
            let mut sum = 0.0;
            for (after, length) in outgoing.distinct(*vertex) {
                if self.search.is_last(*vertex, length, after) {
                    let shift = count.exponent - self.counts[after as usize].exponent;
                    sum += self.coefficients[after as usize] * power_of_two(shift);
                }
            }
            let dependency = count.mantissa * sum;
            self.dependencies[i] = dependency;
            self.coefficients[*vertex as usize] = (1.0 + dependency) / count.mantissa;
        }
        Ok(())
    }
}

impl Dependencies for WeightedBrandes {
    fn found(&self) -> (&[u32], &[f64]) {
        without_source(self.search.order(), &self.dependencies)
    }
}
