//! The simple undirected view of a graph, which counting kernels work on.

use std::ops::{Deref, Range};

use pf_base::{Context, Reservation, Result};

use crate::adjacency::{Adjacency, Orientation, split_mut};
use crate::graph::Graph;
use crate::vertices::NONE;

/// Rows of distinct neighbours, ascending, without the vertex itself; `u` is in the row of `v` when `v` is in the row
/// of `u`. Its memory counts for as long as it is held.
#[derive(Debug)]
pub(crate) struct Simple {
    rows: Adjacency,
    _held: Option<(Reservation, Reservation)>,
}

impl Deref for Simple {
    type Target = Adjacency;
    fn deref(&self) -> &Adjacency {
        &self.rows
    }
}

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

impl Simple {
    /// The view of a graph: direction ignored, loops and parallel edges dropped. An undirected graph that is simple
    /// is shared, after one pass over it for the first time; every other is copied, in O(vertices + edges). The incoming edges of a
    /// directed graph are built if they are not there.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
    pub(crate) fn of(graph: &Graph, ctx: &Context) -> Result<Self> {
        let outgoing = graph.adjacency(Orientation::Out, ctx)?;
        let tasks = outgoing.stretches(TASK);
        let incoming = if graph.is_directed() {
            Some(graph.adjacency(Orientation::In, ctx)?)
        } else {
            let look = |t: usize| Ok(tasks[t].clone().all(|v| is_simple(v as u32, outgoing.row(v))));
            if graph.is_simple(|| Ok(ctx.map(tasks.len(), look)?.into_iter().all(|part| part)))? {
                return Ok(Self { rows: outgoing, _held: None });
            }
            None
        };
        merge(&outgoing, incoming.as_ref(), &tasks, ctx)
    }
}

/// Whether a row is strictly ascending and has no loop. Looks at all of a long row, which is quicker than stopping early.
fn is_simple(vertex: u32, row: &[u32]) -> bool {
    if row.len() <= SHORT {
        let mut least = 0;
        for target in row {
            if *target < least || *target == vertex {
                return false;
            }
            least = target + 1;
        }
        return true;
    }
    let ascending = row.iter().zip(&row[1..]).fold(true, |all, (a, b)| all & (a < b));
    row.iter().fold(ascending, |all, target| all & (*target != vertex))
}

/// Rows up to this length are over before a vectorised loop has begun.
const SHORT: usize = 8;

/// The distinct neighbours of both directions.
fn merge(outgoing: &Adjacency, incoming: Option<&Adjacency>, tasks: &[Range<usize>], ctx: &Context) -> Result<Simple> {
    let n = outgoing.num_rows();
    let both = |vertex: usize| (outgoing.row(vertex), incoming.map_or(&[][..], |rows| rows.row(vertex)));
    let (mut offsets, held_offsets) = ctx.zeroed::<u64>(n + 1, "offsets of the simple graph")?.into_parts();
    let ends = offsets.get_mut(1..).unwrap_or_default();
    ctx.for_each(split_mut(ends, tasks.iter().map(Range::len)), |t, ends| {
        for (end, vertex) in ends.iter_mut().zip(tasks[t].clone()) {
            let (out, incoming) = both(vertex);
            distinct(vertex as u32, out, incoming, |_| *end += 1);
        }
        Ok(())
    })?;
    let mut sum = 0;
    for end in offsets.iter_mut() {
        sum += *end;
        *end = sum;
    }
    let (mut targets, held_targets) = ctx.zeroed::<u32>(sum as usize, "neighbours of the simple graph")?.into_parts();
    let lengths = tasks.iter().map(|task| (offsets[task.end] - offsets[task.start]) as usize);
    ctx.for_each(split_mut(&mut targets, lengths), |t, targets| {
        let mut slots = targets.iter_mut();
        for vertex in tasks[t].clone() {
            let (out, incoming) = both(vertex);
            distinct(vertex as u32, out, incoming, |neighbour| {
                if let Some(slot) = slots.next() {
                    *slot = neighbour;
                }
            });
        }
        Ok(())
    })?;
    Ok(Simple { rows: Adjacency::from_parts(offsets, targets), _held: Some((held_offsets, held_targets)) })
}

/// Calls `visit` with every vertex of two ascending rows once, in ascending order, without the vertex itself.
fn distinct(vertex: u32, out: &[u32], incoming: &[u32], mut visit: impl FnMut(u32)) {
    let (mut i, mut j, mut last) = (0, 0, NONE);
    loop {
        // No vertex has the number that stands for the end of a row.
        let (a, b) = (out.get(i).copied().unwrap_or(NONE), incoming.get(j).copied().unwrap_or(NONE));
        let next = a.min(b);
        if next == NONE {
            return;
        }
        i += usize::from(a == next);
        j += usize::from(b == next);
        if next != last && next != vertex {
            visit(next);
        }
        last = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_merged_without_loops_and_repetitions() {
        let merged = |vertex, out: &[u32], incoming: &[u32]| {
            let mut all = Vec::new();
            distinct(vertex, out, incoming, |v| all.push(v));
            all
        };
        assert_eq!(merged(3, &[], &[]), []);
        assert_eq!(merged(3, &[3, 3], &[3]), []);
        assert_eq!(merged(3, &[0, 0, 1, 3, 7], &[1, 2, 3, 7, 7, 9]), [0, 1, 2, 7, 9]);
        assert_eq!(merged(0, &[], &[0, 1, 1, NONE - 1]), [1, NONE - 1]);
    }

    #[test]
    fn loops_and_repetitions_are_seen() {
        assert!(is_simple(3, &[]) && is_simple(3, &[2]) && is_simple(3, &[0, 1, 4, 9]));
        assert!(
            !is_simple(3, &[3]) && !is_simple(3, &[0, 3, 4]) && !is_simple(3, &[1, 1]) && !is_simple(3, &[0, 4, 4])
        );
    }
}
