//! Topological order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Error, INLINE_WORK, Options, Result, TrackedVec};

use crate::adjacency::{Adjacency, Orientation};
use crate::find_cycle::{first_cycle, show_cycle};
use crate::frontier;
use crate::graph::Graph;
use crate::result::{batch_with_nulls, ids_of};

/// The registry row.
pub static TOPOLOGICAL_SORT: Kernel = Kernel {
    family: "graph",
    name: "topological_sort",
    function: "pf_graph_topological_sort",
    summary: "An order of the vertices in which every edge leads forward.",
    citation: "A. B. Kahn, Topological sorting of large networks, Commun. ACM 5 (1962), doi:10.1145/368996.369025.",
    params: &[],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertices, by layer, then in vertex order." },
        Column {
            name: "layer",
            kind: "int64",
            doc: "The most edges of a path to the vertex; 0 for vertices without incoming edges.",
        },
    ],
};

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// Steps between two looks at the context, well below 10 ms.
const STEPS: u64 = 1 << 18;

/// Orders the vertices such that every edge leads from an earlier to a later one: columns `vertex`, `layer`, a row per
/// vertex, sorted by layer, then in vertex order; metadata `parquetframe.layers`.
///
/// Time O(vertices log vertices + edges); the vertices of a layer are worked on in parallel. Deterministic.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a graph with a cycle, which the message shows; an
/// undirected edge is one. [`Code::OutOfMemory`](pf_base::Code::OutOfMemory),
/// [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn topological_sort(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&TOPOLOGICAL_SORT)?;
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let n = outgoing.num_rows();
    if !graph.is_directed()
        && let Some(edge) = first_edge(&outgoing)
    {
        let cycle = show_cycle(graph, &edge, ctx)?;
        return Err(Error::invalid_argument(format!(
            "topological_sort: the graph is undirected, and its edges lead both ways: {cycle}"
        )));
    }

    let _memory = ctx.memory().reserve(4 * n as u64, "topological order")?;
    let missing = incoming_counts(graph, &outgoing, ctx)?;
    let mut order: Vec<u32> = Vec::with_capacity(n);
    order.extend((0..n as u32).filter(|v| missing[*v as usize].load(Relaxed) == 0));
    let mut layers = ctx.zeroed::<i64>(n, "layers")?;
    let (mut start, mut layer, mut steps) = (0, 0, 0);
    while start < order.len() {
        let end = order.len();
        layers[start..end].fill(layer);
        let work = frontier::work(&order[start..end], &outgoing);
        if work >= INLINE_WORK {
            let pieces = frontier::cut(&order[start..end], &outgoing);
            let found = ctx.map(pieces.len(), |p| {
                let neighbours = pieces[p].iter().flat_map(|v| outgoing.row(*v as usize)).copied();
                Ok(neighbours.filter(|w| missing[*w as usize].fetch_sub(1, Relaxed) == 1).collect::<Vec<u32>>())
            })?;
            found.iter().for_each(|found| order.extend_from_slice(found));
        } else {
            // Thousands of small layers are usual: they stay on this thread, and need no atomic steps.
            for at in start..end {
                for target in outgoing.row(order[at] as usize) {
                    let left = missing[*target as usize].load(Relaxed) - 1;
                    missing[*target as usize].store(left, Relaxed);
                    if left == 0 {
                        order.push(*target);
                    }
                }
            }
        }
        ctx.sort(&mut order[end..])?;
        start = end;
        layer += 1;
        steps += work;
        if steps >= STEPS {
            steps = 0;
            ctx.progress(order.len() as f64 / n as f64);
        }
    }
    if order.len() < n {
        let cycle = show_cycle(graph, &first_cycle(graph, ctx)?, ctx)?;
        return Err(Error::invalid_argument(format!("topological_sort: the graph has a cycle: {cycle}")));
    }
    let columns = vec![
        ("vertex", ids_of(&graph.vertex_ids(ctx)?, &order)?),
        ("layer", Arc::new(Int64Array::from(layers.into_vec())) as _),
    ];
    batch_with_nulls(columns, &[], &[("layers", layer.to_string())])
}

/// How many edges lead to every vertex.
fn incoming_counts(graph: &Graph, outgoing: &Adjacency, ctx: &Context) -> Result<TrackedVec<AtomicU32>> {
    let mut counts = ctx.zeroed::<AtomicU32>(outgoing.num_rows(), "numbers of incoming edges")?;
    if let Some(incoming) = graph.incoming_if_built() {
        ctx.for_each(counts.chunks_mut(TASK).collect(), |part, counts| {
            for (v, count) in (part * TASK..).zip(counts) {
                *count.get_mut() = incoming.range(v).len() as u32;
            }
            Ok(())
        })?;
        return Ok(counts);
    }
    let targets: Vec<&[u32]> = outgoing.targets().chunks(TASK).collect();
    ctx.map(targets.len(), |t| {
        for target in targets[t] {
            counts[*target as usize].fetch_add(1, Relaxed);
        }
        Ok(())
    })?;
    Ok(counts)
}

/// The first edge, both ways; a loop, if it is one.
fn first_edge(rows: &Adjacency) -> Option<Vec<u32>> {
    let target = *rows.targets().first()?;
    let row = rows.offsets().partition_point(|offset| *offset == 0) - 1;
    Some(if row as u32 == target { vec![target] } else { vec![row as u32, target] })
}
