//! Components.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;

use super::{algorithm, pass, pf_graph};
use crate::{pf_context, pf_options, pf_status};

/// Weakly connected components: vertices that a path joins, whatever the direction of its edges.
///
/// The options take no names yet and may be NULL, as may the context. Result, a row per vertex in vertex order:
/// "vertex" (id type), "component_id" (int64: 0, 1, … in the order of each component's first vertex). Schema
/// metadata: "parquetframe.components" (their number). Time O(vertices + edges). Deterministic. Method: M. Sutton, T.
/// Ben-Nun, A. Barak, Optimizing parallel graph connectivity computation via subgraph sampling (Afforest), IPDPS'18.
/// Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_connected_components(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_connected_components", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::connected_components(graph, options, ctx))
        })
    }
}

/// Strongly connected components: vertices that can reach each other along the direction of the edges.
///
/// The options take no names and may be NULL, as may the context. Result, a row per vertex in vertex order: "vertex"
/// (id type), "component_id" (int64: 0, 1, … in the order of each component's first vertex). Schema metadata:
/// "parquetframe.components". In an undirected graph these are the connected components. Time O(vertices + edges) in
/// practice. Deterministic. Method: D. J. Pearce, A space-efficient algorithm for finding strongly connected
/// components, IPL 2016; for large graphs trimming and forward–backward search first (S. Hong, N. C. Rodia, K.
/// Olukotun, SC'13). Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_strongly_connected_components(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm(
            "pf_graph_strongly_connected_components",
            graph,
            options,
            context,
            out_stream,
            |host, graph, options| {
                host.run(pass(graph), |ctx| pf_graph_core::strongly_connected_components(graph, options, ctx))
            },
        )
    }
}

/// The graph of the strongly connected components: an edge between two of them for all edges that lead from the one
/// to the other.
///
/// The options take no names and may be NULL, as may the context. Result, by source and target: "source" and
/// "target" (int64, component ids as of pf_graph_strongly_connected_components), "edges" (int64: how many edges of
/// the graph it stands for). Edges inside a component are left out, so what is left is acyclic. Schema metadata:
/// "parquetframe.components". Time O(vertices + edges) and a sort of the edges between components. Deterministic.
/// Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_condensation(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_condensation", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::condensation(graph, options, ctx))
        })
    }
}
