//! Triangles of graphs with flat degrees, on the rows as they are.

use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, Result, TrackedVec};

use super::{SharedCounts, Workspaces};
use crate::adjacency::{Adjacency, split_mut};

/// Edges plus rows of one task.
const TASK: usize = 1 << 15;

/// The triangles of every vertex. Every triangle is found once, from its last corner: the first two are neighbours
/// before it, and the first is a neighbour before the second.
pub(super) fn count(graph: &Adjacency, ctx: &Context) -> Result<TrackedVec<i64>> {
    let n = graph.num_rows();
    let tasks = graph.stretches(TASK);
    let mut counts = ctx.zeroed::<i64>(n, "triangles")?;
    let others: SharedCounts = ctx.zeroed(n, "triangles")?;
    let marks = Workspaces::new();
    let own = split_mut(&mut counts, tasks.iter().map(std::ops::Range::len));
    ctx.for_each(own, |t, own| {
        marks.with(
            || ctx.zeroed::<u64>(n.div_ceil(64), "marks of neighbours"),
            |marks| {
                for (count, last) in own.iter_mut().zip(tasks[t].clone()) {
                    let before = before(graph, last);
                    if before.len() < 2 {
                        continue;
                    }
                    before.iter().for_each(|v| marks[(v >> 6) as usize] |= 1 << (v & 63));
                    let mut found = 0;
                    // The first has no marked neighbour before it.
                    for second in &before[1..] {
                        let mut here = 0;
                        for first in self::before(graph, *second as usize) {
                            if marks[(first >> 6) as usize] >> (first & 63) & 1 == 1 {
                                others[*first as usize].fetch_add(1, Relaxed);
                                here += 1;
                            }
                        }
                        if here > 0 {
                            others[*second as usize].fetch_add(here, Relaxed);
                            found += here;
                        }
                    }
                    if found > 0 {
                        *count = found as i64;
                    }
                    before.iter().for_each(|v| marks[(v >> 6) as usize] = 0);
                }
            },
        )
    })?;
    let own = split_mut(&mut counts, tasks.iter().map(std::ops::Range::len));
    ctx.for_each(own, |t, own| {
        for (count, others) in own.iter_mut().zip(&others[tasks[t].clone()]) {
            let others = others.load(Relaxed);
            if others > 0 {
                *count += others as i64;
            }
        }
        Ok(())
    })?;
    Ok(counts)
}

/// The neighbours of a vertex that come before it.
fn before(graph: &Adjacency, vertex: usize) -> &[u32] {
    let row = graph.row(vertex);
    &row[..row.partition_point(|t| (*t as usize) < vertex)]
}
