//! Which vertex comes before another on a shortest path: found after the distances, so that it depends on them alone.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::lengths::Lengths;
use crate::vertices::NONE;

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// Vertices between two looks at the context.
const LOOK: usize = 1 << 14;

/// The predecessor of every vertex, [`NONE`] for sources and where not reached (an infinite distance).
///
/// An edge is tight if it makes up the difference of the distances of its ends. The predecessor is the least vertex
/// with a tight edge from nearer by. Where all tight edges come from the same distance (over lengths of zero, or too
/// small to count), nearer is what has fewer of these edges behind it. Where some length is negative, distances do
/// not tell what comes before, and nearer is what has fewer tight edges between it and a source.
pub(super) fn predecessors(
    graph: &Graph,
    weighted: bool,
    negative: bool,
    distances: &[f64],
    sources: &[u32],
    ctx: &Context,
) -> Result<Vec<u32>> {
    let n = distances.len();
    let _state = ctx.memory().reserve(8 * n as u64, "predecessors")?;
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let tight = Tight { lengths: &Lengths::of(&outgoing, weighted)?, outgoing: &outgoing, distances };
    if negative {
        let mut best = vec![NONE; n];
        let mut roots: Vec<u32> = sources.iter().copied().filter(|s| distances[*s as usize] == 0.0).collect();
        roots.sort_unstable();
        roots.dedup();
        tight.by_levels(roots, |_, _| true, &mut best, ctx)?;
        return Ok(best);
    }
    let nearer = |from: u32, to: u32| distances[from as usize] < distances[to as usize];
    let mut best = match graph.incoming_if_built() {
        Some(incoming) => {
            let lengths = Lengths::of(&incoming, weighted)?;
            let tasks = incoming.stretches(TASK);
            let parts = ctx.map(tasks.len(), |t| {
                let first = |v: usize| {
                    let mut best = NONE;
                    let to = distances[v];
                    if to.is_finite() && to > 0.0 {
                        lengths.for_each(&incoming, v, |u, length| {
                            let from = distances[u as usize];
                            if from + length == to && from < to {
                                best = best.min(u);
                            }
                        });
                    }
                    best
                };
                Ok(tasks[t].clone().map(first).collect::<Vec<u32>>())
            })?;
            parts.concat()
        }
        None => {
            // Without the incoming edges every vertex offers itself to the next ones, and the least wins.
            let best: Vec<AtomicU32> = (0..n).map(|_| AtomicU32::new(NONE)).collect();
            let tasks = outgoing.stretches(TASK);
            ctx.map(tasks.len(), |t| {
                for vertex in tasks[t].clone() {
                    tight.for_each(vertex as u32, |neighbour| {
                        let best = &best[neighbour as usize];
                        // Vertices come in ascending order: looking is cheaper than offering.
                        if nearer(vertex as u32, neighbour) && best.load(Relaxed) > vertex as u32 {
                            best.fetch_min(vertex as u32, Relaxed);
                        }
                    });
                }
                Ok(())
            })?;
            best.into_iter().map(AtomicU32::into_inner).collect()
        }
    };
    // What is reached, no source and has none yet is reached over edges that make no difference.
    let is_open = |v: usize, best: &[u32]| best[v] == NONE && distances[v].is_finite();
    let open = (0..n).filter(|v| is_open(*v, &best)).count();
    let mut is_source = sources.to_vec();
    is_source.sort_unstable();
    is_source.dedup();
    if open > is_source.len() {
        let rooted = |v: &u32| best[*v as usize] != NONE || is_source.binary_search(v).is_ok();
        let roots: Vec<u32> = (0..n as u32).filter(rooted).collect();
        tight.by_levels(roots, |from, to| distances[from as usize] == distances[to as usize], &mut best, ctx)?;
    }
    Ok(best)
}

/// The edges that make up the difference of the distances of their ends.
struct Tight<'a> {
    outgoing: &'a Adjacency,
    lengths: &'a Lengths<'a>,
    distances: &'a [f64],
}

impl Tight<'_> {
    /// Calls `visit` with the targets of the tight edges of a vertex.
    fn for_each(&self, vertex: u32, mut visit: impl FnMut(u32)) {
        let distance = self.distances[vertex as usize];
        if distance.is_finite() {
            self.lengths.for_each(self.outgoing, vertex as usize, |neighbour, length| {
                if distance + length == self.distances[neighbour as usize] {
                    visit(neighbour);
                }
            });
        }
    }

    /// Goes on from `roots` over tight edges that are `wanted`, level by level; a vertex that is reached gets the
    /// least one of the level before.
    fn by_levels(
        &self,
        roots: Vec<u32>,
        wanted: impl Fn(u32, u32) -> bool,
        best: &mut [u32],
        ctx: &Context,
    ) -> Result<()> {
        let _state = ctx.memory().reserve(13 * best.len() as u64, "predecessors over edges of no length")?;
        let mut reached = vec![false; best.len()];
        roots.iter().for_each(|root| reached[*root as usize] = true);
        let mut level = roots;
        let mut steps = 0usize;
        while !level.is_empty() {
            let mut next = Vec::new();
            for vertex in level {
                if steps.is_multiple_of(LOOK) {
                    ctx.check()?;
                }
                steps += 1;
                self.for_each(vertex, |neighbour| {
                    if !reached[neighbour as usize] && wanted(vertex, neighbour) {
                        let best = &mut best[neighbour as usize];
                        if *best == NONE {
                            next.push(neighbour);
                        }
                        *best = vertex.min(*best);
                    }
                });
            }
            next.iter().for_each(|vertex| reached[*vertex as usize] = true);
            level = next;
        }
        Ok(())
    }
}
