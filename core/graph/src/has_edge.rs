//! Whether there are edges between pairs of vertices.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow_buffer::BooleanBuffer;
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Error, Options, Result};

use crate::adjacency::Orientation;
use crate::graph::Graph;
use crate::result::batch;

/// The registry row.
pub static HAS_EDGE: Kernel = Kernel {
    family: "graph",
    name: "has_edge",
    function: "pf_graph_has_edge",
    summary: "Whether there is an edge between each of some pairs of vertices.",
    citation: "",
    params: &[],
    columns: &[
        Column { name: "source", kind: "id", doc: "The first vertices of the pairs, as asked for." },
        Column { name: "target", kind: "id", doc: "The second vertices of the pairs, as asked for." },
        Column { name: "has_edge", kind: "bool", doc: "Whether an edge leads from source to target." },
    ],
};

/// Pairs that one task looks up.
const CHUNK: usize = 1 << 13;

/// Whether an edge leads from each source to the target at the same place: columns `source`, `target`, `has_edge`, a
/// row per pair. In an undirected graph the order of the two does not matter. Time O(log degree) per pair, by binary
/// search. Deterministic.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for arrays of different lengths, a null or an unknown id;
/// [`Code::Type`](pf_base::Code::Type) for ids of another kind;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn has_edge(
    graph: &Graph,
    sources: &ArrayRef,
    targets: &ArrayRef,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    options.bind(&HAS_EDGE)?;
    if sources.len() != targets.len() {
        return Err(Error::invalid_argument(format!(
            "sources has {} ids, targets {}: they are pairs",
            sources.len(),
            targets.len()
        )));
    }
    let sources = graph.find_vertices(sources, "sources")?;
    let targets = graph.find_vertices(targets, "targets")?;
    let _columns = ctx.memory().reserve(9 * sources.len() as u64, "pairs of vertices")?;
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let found = ctx.map(sources.len().div_ceil(CHUNK), |chunk| {
        let pairs = sources.iter().zip(&targets).skip(chunk * CHUNK).take(CHUNK);
        Ok(pairs.map(|(s, t)| outgoing.row(*s as usize).binary_search(t).is_ok()).collect::<Vec<bool>>())
    })?;
    let found: BooleanBuffer = found.into_iter().flatten().collect();
    let columns = vec![
        ("source", graph.ids_at(sources, ctx)?),
        ("target", graph.ids_at(targets, ctx)?),
        ("has_edge", Arc::new(BooleanArray::new(found, None)) as ArrayRef),
    ];
    batch(columns, &[])
}
