//! One shortest path between two vertices.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, UInt32Array};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Error, Options, Result};

use crate::graph::Graph;
use crate::result::batch;
use crate::shortest_path::{METHOD, Method, Request, WEIGHT, search};
use crate::vertices::NONE;

/// The registry row.
pub static PATH: Kernel = Kernel {
    family: "graph",
    name: "path",
    function: "pf_graph_path",
    summary: "A shortest path from one vertex to another.",
    citation: "",
    params: &[WEIGHT, METHOD],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertices of the path, from source to target." },
        Column { name: "distance", kind: "float64", doc: "The length of the path up to the vertex." },
    ],
};

/// A shortest path from `source` to `target`, one id each: columns `vertex`, `distance`, a row per vertex of the path
/// in its order, no rows where there is no path; metadata `parquetframe.found`.
///
/// It goes back from the target over the predecessors of [`shortest_path`](crate::shortest_path()), so it is the same
/// for any method and number of threads. The search ends when it has reached the target. Time as there.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for more or fewer than one id; those of
/// [`shortest_path`](crate::shortest_path()).
pub fn path(
    graph: &Graph,
    source: &ArrayRef,
    target: &ArrayRef,
    options: &Options,
    ctx: &Context,
) -> Result<RecordBatch> {
    let options = options.bind(&PATH)?;
    let (source, target) = (one(graph, source, "source")?, one(graph, target, "target")?);
    let request = Request {
        weight: options.opt_str("weight"),
        method: Method::parse(options.str("method")?)?,
        delta: None,
        sources: vec![source],
        targets: Some(vec![target]),
    };
    let found = search(graph, &request, true, ctx)?;
    let before = found.predecessors.unwrap_or_default();
    let mut vertices = Vec::new();
    if found.distances[target as usize].is_finite() {
        let mut at = target;
        while at != NONE {
            vertices.push(at);
            at = before[at as usize];
        }
        vertices.reverse();
    }
    let is_found = !vertices.is_empty();
    let distances: Float64Array = vertices.iter().map(|v| Some(found.distances[*v as usize])).collect();
    let rows = UInt32Array::from(vertices);
    let ids = graph.vertex_ids(ctx)?;
    let ids = arrow_select::take::take(&ids, &rows, None).map_err(|e| Error::internal(e.to_string()))?;
    batch(vec![("vertex", ids), ("distance", Arc::new(distances))], &[("found", is_found.to_string())])
}

/// The number of the one vertex that `ids` names.
fn one(graph: &Graph, ids: &ArrayRef, name: &str) -> Result<u32> {
    match graph.find_vertices(ids, name)?.as_slice() {
        [vertex] => Ok(*vertex),
        _ => Err(Error::invalid_argument(format!("{name} must be one vertex, not {}", ids.len()))),
    }
}
