//! Breadth-first search.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use arrow_array::{ArrayRef, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, INLINE_WORK, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::result::{batch, ids_of, nullable_i64};
use crate::vertices::NONE;

/// The registry row.
pub static BFS: Kernel = Kernel {
    family: "graph",
    name: "bfs",
    function: "pf_graph_bfs",
    summary: "The least number of edges from any source to every vertex.",
    citation: "S. Beamer, K. Asanović, D. Patterson, Direction-optimizing breadth-first search, SC'12, \
               doi:10.1109/SC.2012.50.",
    params: &[
        Param {
            name: "max_depth",
            kind: Kind::I64,
            default: None,
            doc: "Vertices farther away stay unreached; at least 0.",
        },
        Param {
            name: "predecessors",
            kind: Kind::Bool,
            default: Some(Literal::Bool(true)),
            doc: "False leaves out the column and the pass that makes it.",
        },
    ],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column { name: "distance", kind: "int64", doc: "Edges from the nearest source; null where not reached." },
        Column {
            name: "predecessor",
            kind: "id",
            doc: "The first in vertex order of the in-neighbours one step nearer; null for sources and where not reached.",
        },
        Column { name: "layer", kind: "int64", doc: "The same as distance." },
    ],
};

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// A step turns bottom-up when the frontier has more than 1/ALPHA of the edges not yet looked at, and back when it
/// has fewer than 1/BETA of the vertices: the values of the paper's tuning, as in the GAP benchmark suite.
const ALPHA: u64 = 15;
const BETA: usize = 18;

/// Distances from the nearest of `sources`: columns `vertex`, `distance`, `predecessor`, `layer`, a row per vertex.
///
/// Time O(vertices + edges). Deterministic: predecessors are found by a pass of their own, after the distances.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no source, an unknown or null source, a negative
/// depth; [`Code::Type`](pf_base::Code::Type) for sources of another type;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn bfs(graph: &Graph, sources: &ArrayRef, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let options = options.bind(&BFS)?;
    let max_depth = match options.opt_i64("max_depth") {
        None => u32::MAX - 1,
        Some(depth) if depth < 0 => {
            return Err(Error::invalid_argument(format!("max_depth must be non-negative, not {depth}")));
        }
        Some(depth) => u32::try_from(depth).unwrap_or(u32::MAX).min(u32::MAX - 1),
    };
    let want_predecessors = options.bool("predecessors")?;
    let sources = graph.find_vertices(sources, "sources")?;
    if sources.is_empty() {
        return Err(Error::invalid_argument("sources: at least one source vertex must be specified"));
    }
    let distances = search(graph, &sources, max_depth, ctx)?;
    let distance = nullable_i64(&distances, ctx)?;
    let ids = graph.vertex_ids(ctx)?;
    let mut columns = vec![("vertex", ids.clone()), ("distance", distance.clone())];
    if want_predecessors {
        let predecessors = predecessors(graph, &distances, ctx)?;
        columns.push(("predecessor", ids_of(&ids, &predecessors)?));
    }
    columns.push(("layer", distance));
    batch(columns, &[])
}

/// The distance of every vertex, [`NONE`] where not reached.
pub(crate) fn search(graph: &Graph, sources: &[u32], max_depth: u32, ctx: &Context) -> Result<Vec<u32>> {
    let n = graph.num_vertices();
    let _state = ctx.memory().reserve(12 * n as u64, "distances and frontier")?;
    let distances: Vec<AtomicU32> = (0..n).map(|_| AtomicU32::new(NONE)).collect();
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let mut frontier = sources.to_vec();
    frontier.sort_unstable();
    frontier.dedup();
    frontier.iter().for_each(|v| distances[*v as usize].store(0, Relaxed));

    let degree = |v: &u32| outgoing.range(*v as usize).len() as u64;
    let mut unseen_edges = outgoing.targets().len() as u64;
    let mut reached = frontier.len();
    let mut depth = 0;
    // Asked for once per search, at the first step that wants them.
    let mut incoming: Option<Option<Adjacency>> = None;
    while !frontier.is_empty() && depth < max_depth {
        let frontier_edges: u64 = frontier.iter().map(degree).sum();
        unseen_edges = unseen_edges.saturating_sub(frontier_edges);
        depth += 1;
        let turn = frontier_edges > unseen_edges / ALPHA && frontier.len() > n / BETA / 4;
        if turn && incoming.is_none() {
            incoming = Some(graph.incoming_if_it_pays(ctx)?);
        }
        if let (true, Some(Some(incoming))) = (turn, &incoming) {
            let tasks = incoming.stretches(TASK);
            let mut awake = frontier.len();
            loop {
                let before = awake;
                awake = bottom_up(incoming, &distances, &tasks, depth, ctx)?;
                reached += awake;
                if awake == 0 || depth == max_depth || (awake < before && awake <= n / BETA) {
                    break;
                }
                depth += 1;
            }
            frontier = at_distance(&distances, depth, ctx)?;
        } else {
            frontier = top_down(&outgoing, &distances, &frontier, frontier_edges, depth, ctx)?;
            reached += frontier.len();
        }
        ctx.progress(reached as f64 / n as f64);
    }
    Ok(distances.into_iter().map(AtomicU32::into_inner).collect())
}

/// Every vertex of the frontier looks for neighbours that are not reached yet.
fn top_down(
    outgoing: &Adjacency,
    distances: &[AtomicU32],
    frontier: &[u32],
    frontier_edges: u64,
    depth: u32,
    ctx: &Context,
) -> Result<Vec<u32>> {
    let visit = |part: &[u32]| {
        let mut next = Vec::new();
        for neighbour in part.iter().flat_map(|v| outgoing.row(*v as usize)) {
            let distance = &distances[*neighbour as usize];
            if distance.load(Relaxed) == NONE && distance.compare_exchange(NONE, depth, Relaxed, Relaxed).is_ok() {
                next.push(*neighbour);
            }
        }
        next
    };
    // A small frontier stays on this thread: high-diameter graphs have thousands of them.
    if frontier_edges + (frontier.len() as u64) < INLINE_WORK {
        ctx.check()?;
        return Ok(visit(frontier));
    }
    // Cut by edges: one hub may have more than all the others.
    let (mut parts, mut start, mut edges) = (Vec::new(), 0, 0);
    for (i, vertex) in frontier.iter().enumerate() {
        edges += outgoing.range(*vertex as usize).len() + 1;
        if edges >= TASK || i + 1 == frontier.len() {
            parts.push(&frontier[start..=i]);
            (start, edges) = (i + 1, 0);
        }
    }
    Ok(ctx.map(parts.len(), |p| Ok(visit(parts[p])))?.concat())
}

/// Every vertex that is not reached yet looks for a neighbour in the frontier. Returns how many found one.
fn bottom_up(
    incoming: &Adjacency,
    distances: &[AtomicU32],
    tasks: &[std::ops::Range<usize>],
    depth: u32,
    ctx: &Context,
) -> Result<usize> {
    let found = ctx.map(tasks.len(), |t| {
        let mut awake = 0;
        for vertex in tasks[t].clone() {
            if distances[vertex].load(Relaxed) == NONE
                && incoming.row(vertex).iter().any(|u| distances[*u as usize].load(Relaxed) == depth - 1)
            {
                distances[vertex].store(depth, Relaxed);
                awake += 1;
            }
        }
        Ok(awake)
    })?;
    Ok(found.iter().sum())
}

/// The vertices at a distance.
fn at_distance(distances: &[AtomicU32], depth: u32, ctx: &Context) -> Result<Vec<u32>> {
    let parts = ctx.map(distances.len().div_ceil(TASK), |p| {
        let range = p * TASK..distances.len().min((p + 1) * TASK);
        Ok(range.filter(|v| distances[*v].load(Relaxed) == depth).map(|v| v as u32).collect::<Vec<_>>())
    })?;
    Ok(parts.concat())
}

/// The first in-neighbour one step nearer, [`NONE`] for sources and where not reached.
fn predecessors(graph: &Graph, distances: &[u32], ctx: &Context) -> Result<Vec<u32>> {
    let n = distances.len();
    let _state = ctx.memory().reserve(8 * n as u64, "predecessors")?;
    if let Some(incoming) = graph.incoming_if_built() {
        let tasks = incoming.stretches(TASK);
        let parts = ctx.map(tasks.len(), |t| {
            let nearer = |v: usize| match distances[v] {
                0 | NONE => NONE,
                d => incoming.row(v).iter().copied().find(|u| distances[*u as usize] == d - 1).unwrap_or(NONE),
            };
            Ok(tasks[t].clone().map(nearer).collect::<Vec<u32>>())
        })?;
        return Ok(parts.concat());
    }
    // Without the incoming edges every vertex offers itself to the next ones, and the least wins.
    let best: Vec<AtomicU32> = (0..n).map(|_| AtomicU32::new(NONE)).collect();
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let tasks = outgoing.stretches(TASK);
    ctx.map(tasks.len(), |t| {
        for vertex in tasks[t].clone().filter(|v| distances[*v] != NONE) {
            for neighbour in outgoing.row(vertex) {
                let best = &best[*neighbour as usize];
                // Vertices come in ascending order, so most offers lose: looking is cheaper than offering.
                if distances[*neighbour as usize] == distances[vertex] + 1 && best.load(Relaxed) > vertex as u32 {
                    best.fetch_min(vertex as u32, Relaxed);
                }
            }
        }
        Ok(())
    })?;
    Ok(best.into_iter().map(AtomicU32::into_inner).collect())
}
