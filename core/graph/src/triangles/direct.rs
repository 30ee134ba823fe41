//! Triangles of graphs with flat degrees, on the rows as they are.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use pf_base::{Context, Result};

use super::{Counts, SharedCounts, Workspaces};
use crate::adjacency::{Adjacency, split_mut};

/// Edges plus rows of one task.
const TASK: usize = 1 << 15;

/// The triangles of every vertex. Every triangle is found once, from its last corner: the first two are neighbours
/// before it, and the first is a neighbour before the second. Where rows are long, `remember` where they are split.
pub(super) fn count(graph: &Adjacency, remember: bool, ctx: &Context) -> Result<Counts> {
    if !remember {
        return search(graph, ctx, |vertex| {
            let row = graph.row(vertex);
            &row[..row.iter().take_while(|t| (**t as usize) < vertex).count()]
        });
    }
    // Start and end stand side by side: they are looked up for every edge.
    let tasks = graph.stretches(TASK);
    let mut bounds = ctx.zeroed::<[u64; 2]>(graph.num_rows(), "neighbours before a vertex")?;
    ctx.for_each(split_mut(&mut bounds, tasks.iter().map(Range::len)), |t, bounds| {
        for (bounds, vertex) in bounds.iter_mut().zip(tasks[t].clone()) {
            let start = graph.offsets()[vertex];
            *bounds = [start, start + graph.row(vertex).partition_point(|t| (*t as usize) < vertex) as u64];
        }
        Ok(())
    })?;
    search(graph, ctx, |vertex| {
        let [start, end] = bounds[vertex];
        &graph.targets()[start as usize..end as usize]
    })
}

/// Counts with the neighbours before a vertex.
fn search<'a>(graph: &Adjacency, ctx: &Context, before: impl Fn(usize) -> &'a [u32] + Sync) -> Result<Counts> {
    let n = graph.num_rows();
    let tasks = graph.stretches(TASK);
    let mut counts = ctx.zeroed::<i64>(n, "triangles")?;
    let others: SharedCounts = ctx.zeroed(n, "triangles")?;
    let workspaces = Workspaces::new();
    let mut own = split_mut(&mut counts, tasks.iter().map(Range::len));
    let totals = ctx.map_mut(&mut own, |t, own| {
        let make = || Ok((ctx.zeroed::<u64>(n.div_ceil(64), "marks of neighbours")?, Vec::new()));
        workspaces.with(make, |(marks, rows)| {
            let mut total = 0;
            for (count, last) in own.iter_mut().zip(tasks[t].clone()) {
                let neighbours = before(last);
                if neighbours.len() < 2 {
                    continue;
                }
                neighbours.iter().for_each(|v| marks[(v >> 6) as usize] |= 1 << (v & 63));
                // The rows are all over the memory: finding them one behind the other lets their loads overlap.
                rows.clear();
                rows.extend(neighbours[1..].iter().map(|second| before(*second as usize)));
                std::hint::black_box(rows.iter().filter_map(|row| row.first()).fold(0, |all, first| all ^ first));
                let mut found = 0;
                for (second, row) in neighbours[1..].iter().zip(rows.iter()) {
                    let mut here = 0;
                    for first in *row {
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
                    total += found;
                }
                neighbours.iter().for_each(|v| marks[(v >> 6) as usize] = 0);
            }
            total
        })
    })?;
    let total = totals.iter().sum();
    if total > 0 {
        let own = split_mut(&mut counts, tasks.iter().map(Range::len));
        ctx.for_each(own, |t, own| {
            for (count, others) in own.iter_mut().zip(&others[tasks[t].clone()]) {
                let others = others.load(Relaxed);
                if others > 0 {
                    *count += others as i64;
                }
            }
            Ok(())
        })?;
    }
    Ok(Counts { of_vertices: counts, total })
}
