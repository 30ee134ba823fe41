//! Looking up vertices and edges.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;

use super::{algorithm, pass, pf_graph};
use crate::arrow::{open_array, take_array};
use crate::{pf_context, pf_options, pf_status};

/// Counts the edges of every vertex.
///
/// Options (may be NULL): "mode" (string, "all"): "out", "in", or "all", their sum, in which a self loop counts
/// twice. In an undirected graph all three are the same, and a loop counts twice. Parallel edges count each. The
/// context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "degree" (int64). Time O(vertices), plus O(edges) for
/// the incoming edges of a directed graph. Deterministic. Fails with PF_INVALID_ARGUMENT (NULL, another mode),
/// PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_degree(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_degree", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::degree(graph, options, ctx))
        })
    }
}

/// Lists the neighbours of given vertices.
///
/// `vertices` holds ids of the graph's id type; array and schema are consumed, on success and on failure. Options
/// (may be NULL): "mode" (string, "out"): "out" follows the edges, "in" goes against them, "all" gives both, first
/// the outgoing ones. In an undirected graph all three are the same. The context may be NULL.
///
/// Result, the vertices in the order asked for, each with its neighbours in vertex order, parallel edges one by one
/// in the order of the input: "vertex" (id type), "neighbor" (id type), "weight" (the type of the weight column;
/// weighted graphs only), "edge" (int64, the row of the input; only with the build option "edge_ids"). Time
/// O(vertices asked for + rows of the result), and once O(edges) for the incoming edges of a directed graph.
/// Deterministic. Fails with PF_INVALID_ARGUMENT (NULL, an unknown or null vertex, another mode), PF_TYPE (ids of
/// another type), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_neighbors(
    graph: *const pf_graph,
    vertices: *mut FFI_ArrowArray,
    vertices_schema: *mut FFI_ArrowSchema,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for arrays; taken over first, so that they are consumed on every path.
    let vertices = unsafe { take_array(vertices, vertices_schema) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_neighbors", graph, options, context, out_stream, |host, graph, options| {
            let (vertices, _) = open_array(vertices, "vertices")?;
            host.run(pass(graph), |ctx| pf_graph_core::neighbors(graph, &vertices, options, ctx))
        })
    }
}

/// Tells for pairs of vertices whether an edge leads from the one to the other.
///
/// `sources` and `targets` hold ids of the graph's id type, as many of each; arrays and schemas are consumed, on
/// success and on failure. The options take no names and may be NULL, as may the context.
///
/// Result, a row per pair in the order given: "source", "target" (id type), "has_edge" (bool). In an undirected
/// graph direction does not count. Time O(log degree) per pair. Deterministic. Fails with PF_INVALID_ARGUMENT (NULL,
/// lengths that differ, an unknown or null vertex), PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_has_edge(
    graph: *const pf_graph,
    sources: *mut FFI_ArrowArray,
    sources_schema: *mut FFI_ArrowSchema,
    targets: *mut FFI_ArrowArray,
    targets_schema: *mut FFI_ArrowSchema,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for arrays; taken over first, so that they are consumed on every path.
    let (sources, targets) = unsafe { (take_array(sources, sources_schema), take_array(targets, targets_schema)) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_has_edge", graph, options, context, out_stream, |host, graph, options| {
            let (sources, _) = open_array(sources, "sources")?;
            let (targets, _) = open_array(targets, "targets")?;
            host.run(0, |ctx| pf_graph_core::has_edge(graph, &sources, &targets, options, ctx))
        })
    }
}

/// Gives the edges back.
///
/// The options take no names and may be NULL, as may the context. Result, a row per edge, by source and then target
/// in vertex order, parallel edges in the order of the input: "source", "target" (id type), the weights under the
/// name of their column (weighted graphs only), "edge" (int64, the row of the input; only with the build option
/// "edge_ids"). An undirected edge is there once, source before target in vertex order. Time O(edges).
/// Deterministic. Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_edges(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_edges", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::edges(graph, options, ctx))
        })
    }
}
