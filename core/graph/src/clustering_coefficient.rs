//! Clustering coefficients.

use std::sync::Arc;

use arrow_array::{Float64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result};

use crate::graph::Graph;
use crate::result::batch;
use crate::simple::Simple;
use crate::triangles;

/// The registry row.
pub static CLUSTERING_COEFFICIENT: Kernel = Kernel {
    family: "graph",
    name: "clustering_coefficient",
    function: "pf_graph_clustering_coefficient",
    summary: "The share of a vertex's pairs of neighbours that are neighbours themselves.",
    citation: "D. J. Watts, S. H. Strogatz, Collective dynamics of 'small-world' networks, Nature 393 (1998), \
               doi:10.1038/30918; triangles as in triangles.",
    params: &[],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column {
            name: "clustering_coefficient",
            kind: "float64",
            doc: "Between 0 and 1; 0 for fewer than two neighbours.",
        },
    ],
};

/// Vertices whose coefficients are summed together, in vertex order.
const CHUNK: usize = 1 << 16;

/// The clustering coefficient of every vertex: columns `vertex`, `clustering_coefficient`, the triangles of a vertex
/// over the pairs of its neighbours, 0 for fewer than two. Metadata `parquetframe.average`, the mean over all vertices,
/// and `parquetframe.transitivity`, the share of all paths of two edges that a third edge closes; both are 0 where there
/// is nothing to divide by.
///
/// Direction is ignored; loops and parallel edges are dropped. Time and memory as [`triangles`](crate::triangles), and 8
/// bytes per vertex. Deterministic: counts are exact, and the mean is summed in fixed chunks.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn clustering_coefficient(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&CLUSTERING_COEFFICIENT)?;
    let n = graph.num_vertices();
    let simple = Simple::of(graph, ctx)?;
    let triangles = triangles::count(&simple, ctx)?.of_vertices;
    let mut coefficients = ctx.zeroed::<f64>(n, "clustering coefficients")?;
    let mut chunks: Vec<&mut [f64]> = coefficients.chunks_mut(CHUNK).collect();
    let sums = ctx.map_mut(&mut chunks, |c, chunk| {
        let (mut sum, mut closed, mut paths) = (0.0, 0u128, 0u128);
        for (vertex, coefficient) in (c * CHUNK..).zip(chunk.iter_mut()) {
            let degree = simple.range(vertex).len() as u128;
            let pairs = degree * degree.saturating_sub(1) / 2;
            if triangles[vertex] > 0 {
                *coefficient = triangles[vertex] as f64 / pairs as f64;
            }
            sum += *coefficient;
            closed += triangles[vertex] as u128;
            paths += pairs;
        }
        Ok((sum, closed, paths))
    })?;
    let (sum, closed, paths) =
        sums.iter().fold((0.0, 0, 0), |all, part| (all.0 + part.0, all.1 + part.1, all.2 + part.2));
    let average = if n > 0 { sum / n as f64 } else { 0.0 };
    let transitivity = if paths > 0 { closed as f64 / paths as f64 } else { 0.0 };
    let coefficients = Float64Array::from(coefficients.into_vec());
    batch(
        vec![("vertex", graph.vertex_ids(ctx)?), ("clustering_coefficient", Arc::new(coefficients))],
        &[("average", average.to_string()), ("transitivity", transitivity.to_string())],
    )
}
