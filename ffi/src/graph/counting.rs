//! Triangles and cores.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;

use super::{algorithm, heavy, pass, pf_graph};
use crate::{pf_context, pf_options, pf_status};

/// Counts the triangles that every vertex is in. Direction, self loops and parallel edges do not count.
///
/// The options take no names and may be NULL, as may the context. Result, a row per vertex in vertex order: "vertex"
/// (id type), "triangles" (int64). Schema metadata: "parquetframe.triangles" (of the graph, each once). Time
/// O(edges^1.5) at worst. Deterministic. Method: neighbours of lower degree point to those of higher degree, and the
/// sets of out-neighbours are intersected (T. Schank, D. Wagner, WEA'05). Fails with PF_INVALID_ARGUMENT (NULL),
/// PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_triangles(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_triangles", graph, options, context, out_stream, |host, graph, options| {
            host.run(heavy(graph), |ctx| pf_graph_core::triangles(graph, options, ctx))
        })
    }
}

/// The local clustering coefficient: how many of the pairs of a vertex's neighbours are neighbours themselves.
/// Direction, self loops and parallel edges do not count.
///
/// The options take no names and may be NULL, as may the context. Result, a row per vertex in vertex order: "vertex"
/// (id type), "clustering_coefficient" (float64, 0 to 1; 0 for fewer than two neighbours). Schema metadata:
/// "parquetframe.average" (over all vertices), "parquetframe.transitivity" (three times the triangles over the paths
/// of two edges; 0 where there is none). Time O(edges^1.5) at worst. Deterministic. Method: D. J. Watts, S. H.
/// Strogatz, Nature 1998. Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_clustering_coefficient(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_clustering_coefficient", graph, options, context, out_stream, |host, graph, options| {
            host.run(heavy(graph), |ctx| pf_graph_core::clustering_coefficient(graph, options, ctx))
        })
    }
}

/// The core number of every vertex: the greatest k for which it is in a subgraph whose vertices all have at least k
/// neighbours in it. Direction, self loops and parallel edges do not count.
///
/// The options take no names and may be NULL, as may the context. Result, a row per vertex in vertex order: "vertex"
/// (id type), "core_number" (int64). Schema metadata: "parquetframe.degeneracy" (the greatest). Time O(vertices +
/// edges) in practice. Deterministic. Method: V. Batagelj, M. Zaveršnik, An O(m) algorithm for cores decomposition
/// of networks, arXiv:cs/0310049. Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_core_number(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_core_number", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::core_number(graph, options, ctx))
        })
    }
}
