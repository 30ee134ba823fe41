//! Traversals and orders.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;

use super::{algorithm, pass, pf_graph};
use crate::arrow::{open_array, open_array_opt, take_array};
use crate::{pf_context, pf_options, pf_status};

/// Breadth-first search: the least number of edges from any source to every vertex.
///
/// `sources` holds ids of the graph's id type (any integer type for integer ids, any string type for strings), at
/// least one. `targets` (may be NULL, with its schema) holds ids likewise: the search ends with the layer in which
/// the last of them is reached, and vertices farther away stay unreached. Arrays and schemas are consumed, on
/// success and on failure. Options (may be NULL): "max_depth" (int64, no limit): vertices farther away stay
/// unreached; "predecessors" (bool, true): false leaves out that column and saves the pass that makes it;
/// "reached_only" (bool, false): true leaves out the rows of unreached vertices. The context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "distance" (int64, null where not reached),
/// "predecessor" (id type: the first in vertex order of the in-neighbours one step nearer; null for sources and
/// unreached vertices), "layer" (int64, the same as distance). Schema metadata: "parquetframe.reached" (their
/// number). Time O(vertices + edges). Deterministic. Method: S. Beamer, K. Asanović, D. Patterson,
/// Direction-optimizing breadth-first search, SC'12.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, no source, an unknown or null source or target, a negative depth), PF_TYPE
/// (ids of another type), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_bfs(
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
        algorithm("pf_graph_bfs", graph, options, context, out_stream, |host, graph, options| {
            let (sources, _) = open_array(sources, "sources")?;
            let targets = open_array_opt(targets, "targets")?;
            host.run(pass(graph), |ctx| pf_graph_core::bfs(graph, &sources, targets.as_ref(), options, ctx))
        })
    }
}

/// Depth-first search.
///
/// `sources` holds ids of the graph's id type, the roots in this order (one that was visited before is passed over);
/// with the option "forest" it may be NULL, with its schema. Array and schema are consumed, on success and on
/// failure. Neighbours are visited in vertex order. Options (may be NULL): "max_depth" (int64, no limit): vertices
/// that only longer walks reach stay unvisited; "forest" (bool, false): true goes on from every unvisited vertex, in
/// vertex order; "reached_only" (bool, false): true leaves out the rows of unvisited vertices. The context may be
/// NULL.
///
/// Result, a row per vertex in vertex order, null where not visited: "vertex" (id type), "predecessor" (id type;
/// null for roots), "discovery_time" and "finish_time" (int64, one clock for both, from 0), "component_id" (int64:
/// the tree, 0, 1, … in the order of roots). Schema metadata: "parquetframe.trees". Time O(vertices + edges), on one
/// thread: the order of a depth-first search is sequential by nature. Deterministic.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, no source without "forest", an unknown or null source, a negative depth),
/// PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_dfs(
    graph: *const pf_graph,
    sources: *mut FFI_ArrowArray,
    sources_schema: *mut FFI_ArrowSchema,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for arrays; taken over first, so that they are consumed on every path.
    let sources = unsafe { take_array(sources, sources_schema) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_dfs", graph, options, context, out_stream, |host, graph, options| {
            let sources = open_array_opt(sources, "sources")?;
            host.run(pass(graph), |ctx| pf_graph_core::dfs(graph, sources.as_ref(), options, ctx))
        })
    }
}

/// Orders the vertices of an acyclic directed graph so that every edge goes forward.
///
/// The options take no names and may be NULL, as may the context. Result, a row per vertex, by layer and then in
/// vertex order: "vertex" (id type), "layer" (int64: the most edges of a path that ends in it). Schema metadata:
/// "parquetframe.layers". Time O(vertices + edges). Deterministic. Method: A. B. Kahn, Topological sorting of large
/// networks, CACM 1962. Fails with PF_INVALID_ARGUMENT (NULL, an undirected graph with edges, a cycle, which the
/// message shows), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_topological_sort(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_topological_sort", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::topological_sort(graph, options, ctx))
        })
    }
}

/// Finds a cycle, if there is one.
///
/// The options take no names and may be NULL, as may the context. Result: "vertex" (id type), the vertices of one
/// cycle in its order, the first not repeated; no rows for a graph without cycles. A self loop is a cycle of one
/// vertex; in an undirected graph two parallel edges are one of two. Schema metadata: "parquetframe.acyclic" ("true"
/// or "false"). Time O(vertices + edges). Deterministic. Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY,
/// PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_find_cycle(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_find_cycle", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::find_cycle(graph, options, ctx))
        })
    }
}
