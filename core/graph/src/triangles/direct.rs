//! Triangles of graphs with flat degrees, on the rows as they are.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, Result, TrackedVec};

use super::{Counts, SharedCounts, Workspaces};
use crate::adjacency::{Adjacency, split_mut};

/// Edges plus rows of one task.
const TASK: usize = 1 << 15;

/// The triangles of every vertex, where rows are so short that looking through them is all there is to do. Every triangle
/// is found once, from its last corner: the first two are neighbours before it, and the first is a neighbour before the
/// second.
pub(super) fn count_short(graph: &Adjacency, ctx: &Context) -> Result<Counts> {
    let before = |vertex: usize| graph.row(vertex).iter().copied().take_while(move |t| (*t as usize) < vertex);
    search(
        graph,
        ctx,
        |last, _: &mut (), hit| {
            let row = graph.row(last);
            let neighbours = &row[..before(last).count()];
            for second in neighbours.get(1..).unwrap_or_default() {
                let firsts = before(*second as usize).filter(|first| neighbours.contains(first));
                firsts.for_each(|first| hit(first, *second));
            }
        },
        || Ok(()),
    )
}

/// The triangles of every vertex, found in the same way.
pub(super) fn count(graph: &Adjacency, ctx: &Context) -> Result<Counts> {
    let n = graph.num_rows();
    // Start and end of the neighbours before a vertex stand side by side: they are looked up for every edge.
    let tasks = graph.stretches(TASK);
    let mut bounds = ctx.zeroed::<[u64; 2]>(n, "neighbours before a vertex")?;
    ctx.for_each(split_mut(&mut bounds, tasks.iter().map(Range::len)), |t, bounds| {
        for (bounds, vertex) in bounds.iter_mut().zip(tasks[t].clone()) {
            let start = graph.offsets()[vertex];
            *bounds = [start, start + graph.row(vertex).partition_point(|t| (*t as usize) < vertex) as u64];
        }
        Ok(())
    })?;
    let before = |vertex: usize| {
        let [start, end] = bounds[vertex];
        &graph.targets()[start as usize..end as usize]
    };
    let make = || Ok((ctx.zeroed::<u64>(n.div_ceil(64), "marks of neighbours")?, Vec::new()));
    search(
        graph,
        ctx,
        |last, (marks, rows): &mut (TrackedVec<u64>, Vec<&[u32]>), hit| {
            let neighbours = before(last);
            if neighbours.len() < 2 {
                return;
            }
            neighbours.iter().for_each(|v| marks[(v >> 6) as usize] |= 1 << (v & 63));
            // The rows are all over the memory: finding them one behind the other lets their loads overlap.
            rows.clear();
            rows.extend(neighbours[1..].iter().map(|second| before(*second as usize)));
            std::hint::black_box(rows.iter().filter_map(|row| row.first()).fold(0, |all, first| all ^ first));
            for (second, row) in neighbours[1..].iter().zip(rows.iter()) {
                for first in *row {
                    if marks[(first >> 6) as usize] >> (first & 63) & 1 == 1 {
                        hit(*first, *second);
                    }
                }
            }
            neighbours.iter().for_each(|v| marks[(v >> 6) as usize] = 0);
        },
        make,
    )
}

/// Counts what `find` finds for every vertex as the last corner: it calls its last argument with the other two. `make`
/// makes what a thread works with.
fn search<W: Send>(
    graph: &Adjacency,
    ctx: &Context,
    find: impl Fn(usize, &mut W, &mut dyn FnMut(u32, u32)) + Sync,
    make: impl Fn() -> Result<W> + Sync,
) -> Result<Counts> {
    let tasks = graph.stretches(TASK);
    let mut counts = ctx.zeroed::<i64>(graph.num_rows(), "triangles")?;
    let others: SharedCounts = ctx.zeroed(graph.num_rows(), "triangles")?;
    let workspaces = Workspaces::new();
    let mut own = split_mut(&mut counts, tasks.iter().map(Range::len));
    let totals = ctx.map_mut(&mut own, |t, own| {
        workspaces.with(&make, |workspace| {
            let mut total = 0;
            for (count, last) in own.iter_mut().zip(tasks[t].clone()) {
                let mut found = 0;
                find(last, workspace, &mut |first, second| {
                    others[first as usize].fetch_add(1, Relaxed);
                    others[second as usize].fetch_add(1, Relaxed);
                    found += 1;
                });
                // Pages of zeros are not touched.
                if found > 0 {
                    *count = found;
                    total += found as u64;
                }
            }
            total
        })
    })?;
    let total = totals.iter().sum();
    if total > 0 {
        let own = split_mut(&mut counts, tasks.iter().map(Range::len));
        ctx.for_each(own, |t, own| {
            for (count, others) in own.iter_mut().zip(&others[tasks[t].clone()]) {
                *count += others.load(Relaxed) as i64;
            }
            Ok(())
        })?;
    }
    Ok(Counts { of_vertices: counts, total })
}
