//! Centrality.

use arrow_array::RecordBatch;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;

use pf_base::Result;

use super::{BATCH, algorithm, heavy, pass, pf_graph};
use crate::arrow::{open_array_opt, open_stream, take_array, take_stream};
use crate::{pf_context, pf_options, pf_status};

/// PageRank: the stationary distribution of a random walk that follows an edge with probability `damping` and
/// otherwise jumps.
///
/// `personalization` (may be NULL: jumps go anywhere with equal probability) is a stream with the columns "vertex"
/// (ids) and "weight" (number, not negative, of positive sum): jumps go to these vertices in proportion; it is
/// consumed, on success and on failure. Where a walk ends (no outgoing edge, or none of positive weight) it jumps
/// likewise, as in NetworkX. A vertex that is there twice counts with the sum. The iteration starts from the uniform
/// distribution all the same.
///
/// Options (may be NULL): "damping" (float64, 0.85, in the open interval (0, 1)), "tolerance" (float64, 1e-6, at
/// least 0: iteration stops when the sum of absolute changes is below it), "max_iterations" (int64, 100, at least 1),
/// "weight" (string: the graph's weight column, to follow edges in proportion to it; without it all edges are alike
/// and parallel edges count each), "top" (int64, at least 1: only the rows of the highest rank, highest first, ties
/// in vertex order). The context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "rank" (float64, sum 1). Schema metadata:
/// "parquetframe.iterations", "parquetframe.converged" ("true" or "false"), "parquetframe.residual". An empty graph
/// gives no rows. Time O(edges) per iteration; the same bits for any number of threads. Method: L. Page, S. Brin, R.
/// Motwani, T. Winograd, The PageRank citation ranking, 1999; power iteration, pull.
///
/// Fails with PF_INVALID_ARGUMENT (NULL graph, an option out of range, an unknown vertex, a bad or negative weight),
/// PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Ranks that did not converge are no failure. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_pagerank(
    graph: *const pf_graph,
    personalization: *mut FFI_ArrowArrayStream,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for streams; taken over first, so that it is consumed on every path.
    let personalization = unsafe { take_stream(personalization) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_pagerank", graph, options, context, out_stream, |host, graph, options| {
            let jumps = personalization
                .map(|stream| open_stream(Some(stream), "personalization"))
                .transpose()?
                .map(|stream| host.watched(stream, BATCH).collect::<Result<Vec<RecordBatch>, _>>())
                .transpose()?;
            host.run(pf_graph_core::pagerank_work(graph, options)?, |ctx| {
                pf_graph_core::pagerank(graph, jumps.as_deref(), options, ctx)
            })
        })
    }
}

/// Betweenness centrality: for every vertex, the shares of shortest paths between two others that go through it,
/// added up.
///
/// `sources` (may be NULL, with its schema) holds ids of the graph's id type: only paths from them count; array and
/// schema are consumed, on success and on failure. Options (may be NULL): "weight" (string: the graph's weight
/// column; without it every edge counts 1), "samples" (int64, at least 1): so many sources, drawn without
/// repetition; "seed" (int64, 0) of the draw; "normalized" (bool, true). Sources that are drawn stand for all, and
/// sums are scaled up as in NetworkX 3.6; given ones do not, and the sum is that of their paths alone. `sources` and
/// "samples" exclude each other. Paths that differ only in which of several parallel edges they use count once. The
/// context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "betweenness" (float64). Normalised by (n - 1)(n -
/// 2); an undirected graph counts every path in one direction, and the normalisation is that of NetworkX. Schema
/// metadata: "parquetframe.sources". Time O(edges) per source, with weights O(edges · log vertices). Memory
/// O(vertices) per thread. Deterministic. Method: U. Brandes, A faster algorithm for betweenness centrality, J.
/// Math. Sociology 2001; sampling: U. Brandes, C. Pich, IJBC 2007.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, an unknown or null source, an option out of range, a negative or infinite
/// weight), PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_betweenness(
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
        algorithm("pf_graph_betweenness", graph, options, context, out_stream, |host, graph, options| {
            let sources = open_array_opt(sources, "sources")?;
            host.run(heavy(graph), |ctx| pf_graph_core::betweenness(graph, sources.as_ref(), options, ctx))
        })
    }
}

/// Closeness centrality: the reciprocal of the mean distance between a vertex and those that reach it.
///
/// `sources` (may be NULL, with its schema) holds ids of the graph's id type: only their rows are computed, in
/// vertex order; array and schema are consumed, on success and on failure. Options (may be NULL): "weight" (string:
/// the graph's weight column; without it every edge counts 1), "mode" (string, "in"): "in" for the distances to the
/// vertex, as in NetworkX, "out" for those from it; "wf_improved" (bool, true): scaled by the share of vertices that
/// are reached (S. Wasserman, K. Faust, 1994). The context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "closeness" (float64; 0 for a vertex that nothing
/// reaches). Time O(edges) per row, with weights O(edges · log vertices). Deterministic. Method: L. C. Freeman,
/// Centrality in social networks, 1978. Fails with PF_INVALID_ARGUMENT (NULL, an unknown or null source, another
/// mode, a negative or infinite weight), PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_closeness(
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
        algorithm("pf_graph_closeness", graph, options, context, out_stream, |host, graph, options| {
            let sources = open_array_opt(sources, "sources")?;
            host.run(heavy(graph), |ctx| pf_graph_core::closeness(graph, sources.as_ref(), options, ctx))
        })
    }
}

/// Degree centrality: the degree of every vertex over the most neighbours that it could have.
///
/// Options (may be NULL): "mode" (string, "all"): "out", "in" or "all", as of pf_graph_degree. The context may be
/// NULL. Result, a row per vertex in vertex order: "vertex" (id type), "degree_centrality" (float64: the degree over
/// vertices - 1, above 1 where loops or parallel edges are; 1 for a single vertex). Time O(vertices), plus O(edges)
/// for the incoming edges of a directed graph. Deterministic. Method: L. C. Freeman, Centrality in social networks,
/// 1978. Fails with PF_INVALID_ARGUMENT (NULL, another mode), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_degree_centrality(
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        algorithm("pf_graph_degree_centrality", graph, options, context, out_stream, |host, graph, options| {
            host.run(pass(graph), |ctx| pf_graph_core::degree_centrality(graph, options, ctx))
        })
    }
}
