//! Shortest paths.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;

use super::{algorithm, pass, pf_graph};
use crate::arrow::{open_array, open_array_opt, take_array};
use crate::{pf_context, pf_options, pf_status};

/// Shortest paths: the least sum of weights from any source to every vertex.
///
/// `sources` holds ids of the graph's id type, at least one. `targets` (may be NULL, with its schema) holds ids
/// likewise: the search may end when all of them are settled, and vertices farther away than the farthest of them
/// stay unreached. Arrays and schemas are consumed, on success and on failure. Options (may be NULL): "weight"
/// (string: the graph's weight column; without it every edge counts 1), "method" (string, "auto"): "dijkstra",
/// "delta_stepping" (parallel), "bellman_ford" (negative weights), or what suits the graph, all with the same
/// distances; "delta" (float64, > 0: the width of the buckets of delta-stepping; chosen from the weights),
/// "predecessors" (bool, true): false leaves out that column and the pass that makes it; "reached_only" (bool,
/// false): true leaves out the rows of unreached vertices. The context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "distance" (float64, null where not reached),
/// "predecessor" (id type: the first in vertex order of the in-neighbours on a shortest path; null for sources and
/// unreached vertices). Schema metadata: "parquetframe.method", "parquetframe.reached". Of parallel edges the least
/// weight counts. Time O(edges · log vertices) for Dijkstra, O(vertices · edges) at worst for Bellman–Ford.
/// Deterministic. Methods: E. W. Dijkstra, A note on two problems in connexion with graphs, 1959; U. Meyer, P.
/// Sanders, Δ-stepping, J. Algorithms 2003; R. Bellman, On a routing problem, 1958.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, no source, an unknown or null vertex, an unknown method or weight column,
/// an infinite weight, a negative weight where the method allows none, a negative cycle, which the message shows),
/// PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_shortest_path(
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
        algorithm("pf_graph_shortest_path", graph, options, context, out_stream, |host, graph, options| {
            let (sources, _) = open_array(sources, "sources")?;
            let targets = open_array_opt(targets, "targets")?;
            host.run(pass(graph), |ctx| pf_graph_core::shortest_path(graph, &sources, targets.as_ref(), options, ctx))
        })
    }
}

/// Gives one shortest path between two vertices.
///
/// `source` and `target` hold one id each, of the graph's id type; arrays and schemas are consumed, on success and
/// on failure. Options (may be NULL): "weight" and "method", as of pf_graph_shortest_path. The context may be NULL.
///
/// Result, a row per vertex of the path, from the source to the target: "vertex" (id type), "distance" (float64,
/// from the source); no rows where there is no path. Of several shortest paths it is the one that follows the
/// predecessors of pf_graph_shortest_path. Schema metadata: "parquetframe.found" ("true" or "false"). Time, method
/// and errors are those of pf_graph_shortest_path; other than one id is PF_INVALID_ARGUMENT. Deterministic. Since
/// 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_path(
    graph: *const pf_graph,
    source: *mut FFI_ArrowArray,
    source_schema: *mut FFI_ArrowSchema,
    target: *mut FFI_ArrowArray,
    target_schema: *mut FFI_ArrowSchema,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for arrays; taken over first, so that they are consumed on every path.
    let (source, target) = unsafe { (take_array(source, source_schema), take_array(target, target_schema)) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_path", graph, options, context, out_stream, |host, graph, options| {
            let (source, _) = open_array(source, "source")?;
            let (target, _) = open_array(target, "target")?;
            host.run(pass(graph), |ctx| pf_graph_core::path(graph, &source, &target, options, ctx))
        })
    }
}
