//! Breadth-first search.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use arrow_array::{ArrayRef, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, Options, Result};

use crate::adjacency::Orientation;
use crate::frontier::{Frontiers, Goal, Incoming, Visit};
use crate::graph::Graph;
use crate::result::{batch, ids_of_many, nullable_i64};
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
        Param {
            name: "reached_only",
            kind: Kind::Bool,
            default: Some(Literal::Bool(false)),
            doc: "True leaves out the rows of vertices that were not reached.",
        },
    ],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, in vertex order: all, or those reached." },
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

/// Distances from the nearest of `sources`: columns `vertex`, `distance`, `predecessor`, `layer`, a row per vertex, or
/// per reached vertex; metadata `parquetframe.reached`, how many were.
///
/// With `targets` the search ends with the layer in which the last of them is reached; vertices beyond it are null.
/// Repeated sources and targets count once. Time O(vertices + edges), memory 12 bytes per vertex besides the result.
/// Deterministic: which vertices a layer has does not depend on the order in which they are found, and predecessors
/// are found by a pass of their own, after the distances.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no source, an empty list of targets, an unknown or null
/// source or target, a negative depth; [`Code::Type`](pf_base::Code::Type) for sources or targets of another type;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn bfs(
    graph: &Graph,
    sources: &ArrayRef,
    targets: Option<&ArrayRef>,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    let options = options.bind(&BFS)?;
    let max_depth = match options.opt_i64("max_depth") {
        None => MAX_DEPTH,
        Some(depth) if depth < 0 => {
            return Err(Error::invalid_argument(format!("max_depth must be non-negative, not {depth}")));
        }
        Some(depth) => u32::try_from(depth).unwrap_or(u32::MAX).min(MAX_DEPTH),
    };
    let (want_predecessors, reached_only) = (options.bool("predecessors")?, options.bool("reached_only")?);
    let sources = graph.find_vertices(sources, "sources")?;
    if sources.is_empty() {
        return Err(Error::invalid_argument("sources: at least one source vertex must be specified"));
    }
    let targets = targets.map(|targets| graph.find_vertices(targets, "targets")).transpose()?;
    if targets.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::invalid_argument("targets: at least one target vertex must be specified"));
    }
    let (mut distances, reached) = search(graph, &sources, targets.as_deref().unwrap_or_default(), max_depth, ctx)?;
    let ids = graph.vertex_ids(ctx)?;
    let mut found = want_predecessors.then(|| predecessors(graph, &distances, ctx)).transpose()?;
    let mut vertices = ids.clone();
    if reached_only && reached < distances.len() {
        let rows = keep_reached(&mut distances, found.as_mut(), reached);
        vertices = ids_of_many(&ids, &rows, ctx)?;
    }
    let distance = nullable_i64(&distances, ctx)?;
    let mut columns = vec![("vertex", vertices), ("distance", distance.clone())];
    if let Some(found) = found {
        columns.push(("predecessor", ids_of_many(&ids, &found, ctx)?));
    }
    columns.push(("layer", distance));
    batch(columns, &[("reached", reached.to_string())])
}

/// Leaves out what is not reached, in place: fresh memory would cost more than the rest. Returns the `count` vertices that
/// are left.
fn keep_reached(distances: &mut Vec<u32>, mut found: Option<&mut Vec<u32>>, count: usize) -> Vec<u32> {
    // Without a branch, which would be guessed wrong wherever reached and unreached vertices take turns; what an
    // unreached vertex writes is overwritten.
    let (mut rows, mut next) = (vec![0; count + 1], 0);
    for vertex in 0..distances.len() {
        let distance = distances[vertex];
        rows[next] = vertex as u32;
        distances[next] = distance;
        if let Some(found) = &mut found {
            found[next] = found[vertex];
        }
        next += usize::from(distance != NONE);
    }
    rows.truncate(count);
    distances.truncate(count);
    if let Some(found) = found {
        found.truncate(count);
    }
    rows
}

/// The greatest distance that is not [`NONE`].
pub(crate) const MAX_DEPTH: u32 = NONE - 1;

struct Distances(Vec<AtomicU32>);

impl Visit for Distances {
    fn reached(&self, vertex: u32, depth: u32) {
        self.0[vertex as usize].store(depth, Relaxed);
    }
}

/// The distance of every vertex, [`NONE`] where not reached, and how many were reached. `targets` may be empty: then
/// everything is searched that is at most `max_depth` away.
pub(crate) fn search(
    graph: &Graph,
    sources: &[u32],
    targets: &[u32],
    max_depth: u32,
    ctx: &Context,
) -> Result<(Vec<u32>, usize)> {
    let n = graph.num_vertices();
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    sources.dedup();
    let _state = ctx.memory().reserve(4 * n as u64, "distances")?;
    let distances = Distances((0..n).map(|_| AtomicU32::new(NONE)).collect());
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let mut frontiers = Frontiers::new(n, ctx)?;
    let goal = Goal { sources: &sources, targets, max_depth, keep: false, whole: true };
    frontiers.search(&goal, &outgoing, Incoming::IfItPays(graph), &distances, ctx)?;
    let distances = distances.0.into_iter().map(AtomicU32::into_inner).collect();
    Ok((distances, frontiers.sizes().iter().sum()))
}

/// The first in-neighbour one step nearer, [`NONE`] for sources and where not reached.
fn predecessors(graph: &Graph, distances: &[u32], ctx: &Context) -> Result<Vec<u32>> {
    let n = distances.len();
    let _state = ctx.memory().reserve(4 * n as u64, "predecessors")?;
    if let Some(incoming) = graph.incoming_if_built() {
        let tasks = incoming.stretches(TASK);
        let mut found = vec![NONE; n];
        let (mut parts, mut rest) = (Vec::with_capacity(tasks.len()), &mut found[..]);
        for task in &tasks {
            let part;
            (part, rest) = rest.split_at_mut(task.len());
            parts.push(part);
        }
        ctx.map_mut(&mut parts, |t, part| {
            for (v, found) in tasks[t].clone().zip(part.iter_mut()) {
                if let Some(before) = distances[v].checked_sub(1).filter(|before| *before != MAX_DEPTH) {
                    let nearer = |u: &&u32| distances[**u as usize] == before;
                    *found = incoming.row(v).iter().find(nearer).copied().unwrap_or(NONE);
                }
            }
            Ok(())
        })?;
        return Ok(found);
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
