//! Closeness centrality.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Code, Context, Error, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::frontier::{Frontiers, Goal, Incoming};
use crate::graph::Graph;
use crate::many_sources::{ManySources, Reach, WIDTH};
use crate::result::{batch, ids_of};
use crate::vertices::NONE;
use crate::weighted_search::{Lengths, WeightedSearch, check_weight, lengths};

/// The registry row.
pub static CLOSENESS: Kernel = Kernel {
    family: "graph",
    name: "closeness",
    function: "pf_graph_closeness",
    summary: "One over the average distance between a vertex and those that reach it.",
    citation: "L. C. Freeman, Centrality in social networks: conceptual clarification, Social Networks 1(3), 1979, \
               doi:10.1016/0378-8733(78)90021-7; search: M. Then et al., The more the merrier: efficient multi-source \
               graph traversal, PVLDB 8(4), 2014, doi:10.14778/2735496.2735507.",
    params: &[
        Param {
            name: "weight",
            kind: Kind::Str,
            default: None,
            doc: "The graph's weight column, as the length of edges; by default every edge has length 1.",
        },
        Param {
            name: "mode",
            kind: Kind::Str,
            default: Some(Literal::Str("in")),
            doc: "\"in\": distances to the vertex, as in NetworkX; \"out\": distances from it.",
        },
        Param {
            name: "wf_improved",
            kind: Kind::Bool,
            default: Some(Literal::Bool(true)),
            doc: "Scale by the part of the graph that is reached, after Wasserman and Faust.",
        },
    ],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, in vertex order: all, or those asked for." },
        Column { name: "closeness", kind: "float64", doc: "Its closeness; 0 where nothing is reached." },
    ],
};

/// With so few vertices to search from, every search has all threads.
const FEW: usize = 4;

/// Closeness centrality: columns `vertex`, `closeness`, a row per vertex, or per vertex of `sources`, once each and in
/// vertex order.
///
/// With r vertices at a distance (besides the vertex itself), whose distances sum to t, closeness is r/t, times r/(n-1)
/// with `wf_improved`; 0 where t is 0. That is NetworkX's definition; in an undirected graph both modes are the same.
///
/// Time O(vertices × edges), less where the searches of 64 vertices meet, with `weight` times the logarithm of the
/// vertices; in proportion for fewer sources. Memory 36 bytes per vertex, with `weight` 20 and a queue, for every search at
/// the same time, of which there are as many as threads unless memory is short. The same bits for any number of threads:
/// distances are integers, or added in ascending order.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another mode, a weight column that the graph has not, a
/// negative or infinite weight, an unknown or null source; [`Code::Type`](pf_base::Code::Type);
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn closeness(graph: &Graph, sources: Option<&ArrayRef>, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let options = options.bind(&CLOSENESS)?;
    let weight = options.opt_str("weight");
    // Distances to a vertex are found along incoming edges.
    let (along, against) = match options.str("mode")? {
        "in" => (Orientation::In, Orientation::Out),
        "out" => (Orientation::Out, Orientation::In),
        other => return Err(Error::invalid_argument(format!("mode must be 'in' or 'out', not '{other}'"))),
    };
    let improved = options.bool("wf_improved")?;
    if let Some(name) = weight {
        check_weight(graph, name)?;
    }
    let n = graph.num_vertices();
    let ids = graph.vertex_ids(ctx)?;
    let (list, vertices) = match sources {
        None => ((0..n as u32).collect(), ids),
        Some(sources) => {
            let mut list = graph.find_vertices(sources, "sources")?;
            list.sort_unstable();
            list.dedup();
            let vertices = ids_of(&ids, &list)?;
            (list, vertices)
        }
    };
    let mut values = ctx.zeroed::<f64>(list.len(), "closeness")?;
    if !list.is_empty() {
        let rows = graph.adjacency(along, ctx)?;
        let score = |reached: f64, total: f64| {
            let part = if improved { reached / (n - 1) as f64 } else { 1.0 };
            if total > 0.0 { reached / total * part } else { 0.0 }
        };
        match weight {
            Some(name) => {
                let lengths = lengths(rows.weights(), "closeness", name, ctx)?;
                weighted(Lengths { rows: &rows, lengths: &lengths }, &list, &mut values, &score, ctx)?;
            }
            None => {
                let score = |reach: Reach| score(reach.vertices as f64, reach.distances as f64);
                // The other orientation only speeds searches up, so it is not built for them.
                let other = match against {
                    Orientation::Out => Some(graph.adjacency(against, ctx)?),
                    Orientation::In => graph.incoming_if_built(),
                };
                if list.len() <= FEW {
                    one_by_one(&rows, other.as_ref(), &list, &mut values, &score, ctx)?;
                } else {
                    together(&rows, other.as_ref(), &list, &mut values, &score, ctx)?;
                }
            }
        }
    }
    batch(vec![("vertex", vertices), ("closeness", Arc::new(Float64Array::from(values.into_vec())))], &[])
}

/// A search of all threads from every vertex of a list.
fn one_by_one(
    rows: &Adjacency,
    other: Option<&Adjacency>,
    list: &[u32],
    values: &mut [f64],
    score: &impl Fn(Reach) -> f64,
    ctx: &Context,
) -> Result<()> {
    let incoming = other.map_or(Incoming::None, Incoming::Given);
    for (i, (vertex, value)) in list.iter().zip(values).enumerate() {
        let mut frontiers = Frontiers::new(rows.num_rows(), ctx)?;
        let goal = Goal { sources: &[*vertex], targets: &[], max_depth: NONE - 1, keep: false, whole: false };
        frontiers.search(&goal, rows, incoming, &(), ctx)?;
        let mut reach = Reach::default();
        for (depth, size) in (0..).zip(frontiers.sizes()).skip(1) {
            reach.vertices += *size as u64;
            reach.distances += depth * *size as u64;
        }
        *value = score(reach);
        ctx.progress((i + 1) as f64 / list.len() as f64);
    }
    Ok(())
}

/// Searches from many vertices at a time, on every thread.
fn together(
    rows: &Adjacency,
    other: Option<&Adjacency>,
    list: &[u32],
    values: &mut [f64],
    score: &(impl Fn(Reach) -> f64 + Sync),
    ctx: &Context,
) -> Result<()> {
    let new = || ManySources::new(rows.num_rows(), ctx);
    share_out(list.chunks(WIDTH).zip(values.chunks_mut(WIDTH)), new, ctx, |state, sources, values| {
        let reach = state.run(sources, rows, other, ctx)?;
        values.iter_mut().zip(reach).for_each(|(value, reach)| *value = score(reach));
        Ok(())
    })
}

/// Searches from one vertex at a time, on every thread.
fn weighted(
    edges: Lengths<'_>,
    list: &[u32],
    values: &mut [f64],
    score: &(impl Fn(f64, f64) -> f64 + Sync),
    ctx: &Context,
) -> Result<()> {
    let new = || WeightedSearch::new(edges.rows.num_rows(), ctx);
    share_out(list.chunks(1).zip(values.chunks_mut(1)), new, ctx, |state, sources, values| {
        for (source, value) in sources.iter().zip(values) {
            state.run(*source, edges, ctx)?;
            let (mut reached, mut total) = (0.0, 0.0);
            for length in state.found().skip(1) {
                reached += 1.0;
                total += length;
            }
            *value = score(reached, total);
        }
        Ok(())
    })
}

/// Does `work` on every part: as many at a time as there are threads, or states that there is memory for.
fn share_out<'a, S: Send>(
    parts: impl ExactSizeIterator<Item = (&'a [u32], &'a mut [f64])> + Send,
    new: impl Fn() -> Result<S>,
    ctx: &Context,
    work: impl Fn(&mut S, &[u32], &mut [f64]) -> Result<()> + Sync,
) -> Result<()> {
    let pieces = parts.len();
    let mut states = vec![new()?];
    while states.len() < ctx.threads().min(pieces) {
        match new() {
            Ok(state) => states.push(state),
            Err(e) if e.code() == Code::OutOfMemory => break,
            Err(e) => return Err(e),
        }
    }
    let parts = Mutex::new(parts);
    // Nothing panics while it holds the lock.
    let lock = || parts.lock().unwrap_or_else(PoisonError::into_inner);
    ctx.map_mut(&mut states, |_, state| {
        loop {
            let (part, left) = {
                let mut parts = lock();
                (parts.next(), parts.len())
            };
            let Some((sources, values)) = part else { return Ok(()) };
            ctx.progress(1.0 - (left + 1) as f64 / pieces as f64);
            if let Err(e) = ctx.check().and_then(|()| work(state, sources, values)) {
                // The others shall not go on for nothing.
                lock().by_ref().for_each(drop);
                return Err(e);
            }
        }
    })?;
    Ok(())
}
