//! Graphs: building, looking inside, algorithms.

use std::ffi::{CString, c_char};

use arrow_array::RecordBatch;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pf_base::{Context, Error, Options, Result, StreamSource};
use pf_graph_core::{EdgeInput, Graph, Orientation};

use crate::arrow::{export_array, export_batch, open_array, open_stream, take_array, take_stream};
use crate::context::Call;
use crate::status::{call, free, handle};
use crate::types::{Out, arg, arg_opt, pf_str};
use crate::{pf_context, pf_options, pf_status};

/// A graph: vertex ids, CSR, and (from the first call that needs it) CSC. Immutable to its users: any number of threads
/// may use one at the same time. Since 1.1.
pub struct pf_graph {
    inner: Graph,
    weight: Option<CString>,
}

/// Rows of a host's batch that are taken in at a time: some milliseconds of work.
const BATCH: usize = 1 << 18;

/// Options that may be NULL.
///
/// # Safety
/// `options` is NULL or a live handle.
pub(crate) unsafe fn options<'a>(options: *const pf_options) -> &'a Options {
    static NONE: std::sync::LazyLock<Options> = std::sync::LazyLock::new(Options::default);
    // SAFETY: forwarded to the caller.
    unsafe { arg_opt(options) }.map_or(&NONE, |o| &o.inner)
}

/// Builds a graph from a stream of edges, a row each.
///
/// `source` and `target` name the columns of the edges' ends. Both hold integers (any width), or both hold strings
/// (utf8, large utf8, utf8 view, or a dictionary of them). The ids may be any integers or strings: vertices are those
/// that are in an edge or in `vertices`. Integer ids are ordered by value; strings by first appearance, `vertices`
/// first, then the edges row by row, source before target. Self loops and parallel edges are kept. Results come back
/// with these ids, in this order, in the type of the columns. Where the columns differ: integers are uint64 if none
/// is signed, else int64; strings are large utf8, as they are where they are more than 2 GiB together.
///
/// `vertices` (may be NULL) is a stream whose first column holds ids of the same kind; repeated ids count once.
///
/// Options (may be NULL):
/// - "weight" (string): a numeric column to keep as edge weights; nulls and NaN are refused.
/// - "directed" (bool, true): false stores every edge in both directions, a loop once.
/// - "num_vertices" (int64): the ids are the positions 0 … num_vertices - 1, all of which are vertices; an id outside
///   is PF_INVALID_ARGUMENT. Excludes `vertices`.
///
/// The context may be NULL. `edges` and `vertices` are consumed, on success and on failure, and pulled on the calling
/// thread. Free the graph with pf_graph_free. Time O(edges). Memory of the graph: 4 bytes per edge (and the weight), 8
/// per vertex, and the ids; twice that per edge if undirected. While building 8 per edge more (16 with weights), and 8
/// per edge for strings and for integers with wide gaps. The result does not depend on the number of threads.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, an unknown column, a null id, NaN as weight), PF_TYPE (ids or weights of
/// another type, integer ids on one side and strings on the other), PF_UNSUPPORTED (2^32 - 1 vertices or more),
/// PF_OUT_OF_MEMORY, PF_CANCELLED, or with what the producer of a stream reports. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_from_edges(
    edges: *mut FFI_ArrowArrayStream,
    source: pf_str<'_>,
    target: pf_str<'_>,
    vertices: *mut FFI_ArrowArrayStream,
    options: *const pf_options,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
) -> pf_status {
    call("pf_graph_from_edges", || {
        // Both streams are taken over first, so that both are consumed on every path.
        // SAFETY: the header's rules for streams and handles.
        let (edges, vertices, options, host) =
            unsafe { (take_stream(edges), take_stream(vertices), self::options(options), Call::new(context)) };
        let edges = open_stream(edges, "edges")?;
        let vertices = vertices.map(|v| open_stream(Some(v), "vertices")).transpose()?;
        let out = Out::new(out_graph, "out_graph")?;
        let mut edges = StreamSource::new(host.watched(edges, BATCH));
        let mut vertices = vertices.map(|v| StreamSource::new(host.watched(v, BATCH)));
        let input = EdgeInput::collect(
            &mut edges,
            source.get("source")?,
            target.get("target")?,
            vertices.as_mut().map(|v| v as _),
            options,
            &host.context,
        )?;
        let rows = input.num_edges();
        let graph = host.run(input.work(), |ctx| Graph::build(input, ctx))?;
        let weight = graph.weight().and_then(|name| CString::new(name).ok());
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(handle(pf_graph { inner: graph, weight })) };
        Ok(rows)
    })
}

/// Returns the number of vertices; 0 for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_num_vertices(graph: *const pf_graph) -> u64 {
    // SAFETY: the header's rules for a handle.
    unsafe { arg_opt(graph) }.map_or(0, |g| g.inner.num_vertices() as u64)
}

/// Returns the number of edges that went in (an undirected edge counts once); 0 for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_num_edges(graph: *const pf_graph) -> u64 {
    // SAFETY: the header's rules for a handle.
    unsafe { arg_opt(graph) }.map_or(0, |g| g.inner.num_edges())
}

/// Tells whether the graph is directed; false for NULL. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_is_directed(graph: *const pf_graph) -> bool {
    // SAFETY: the header's rules for a handle.
    unsafe { arg_opt(graph) }.is_some_and(|g| g.inner.is_directed())
}

/// Returns the name of the weight column, NULL for an unweighted graph and for NULL. It lives as long as the graph.
/// Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_weight(graph: *const pf_graph) -> *const c_char {
    // SAFETY: the header's rules for a handle.
    let weight = unsafe { arg_opt(graph) }.and_then(|g| g.weight.as_ref());
    weight.map_or(std::ptr::null(), |name| name.as_ptr())
}

/// Gives the vertex ids in vertex order: position i of the array is vertex i of the buffers and row i of results.
/// Time O(vertices) at the first call, then none: the ids are kept. The context may be NULL. Fails with
/// PF_INVALID_ARGUMENT for NULL, PF_OUT_OF_MEMORY. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_vertices(
    graph: *const pf_graph,
    context: *const pf_context,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    call("pf_graph_vertices", || {
        // SAFETY: the header's rules for handles.
        let (graph, host) = unsafe { (arg(graph, "graph")?, Call::new(context)) };
        let (array, schema) = (Out::new(out_array, "out_array")?, Out::new(out_schema, "out_schema")?);
        let ids = graph.inner.vertex_ids(&host.context)?;
        let rows = ids.len() as u64;
        // SAFETY: the caller's outputs are valid for writing.
        unsafe { export_array(&ids, array, schema) }?;
        Ok(rows)
    })
}

/// Gives a buffer of the adjacency as an array, without a copy; it outlives the graph.
///
/// `name` is one of
/// - "csr.offsets" (uint64, vertices + 1): row v of the outgoing edges is targets[offsets[v] … offsets[v+1]],
/// - "csr.targets" (uint32, edges): the vertex at the other end, ascending inside a row; parallel edges in the order
///   of the input,
/// - "csr.weights" (the type of the weight column, edges),
/// - "csc.offsets", "csc.targets", "csc.weights": the same of the incoming edges, built by the first call that needs
///   them. In an undirected graph these are those of csr.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, another name, weights of an unweighted graph), PF_OUT_OF_MEMORY,
/// PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_buffer(
    graph: *const pf_graph,
    name: pf_str<'_>,
    context: *const pf_context,
    out_array: *mut FFI_ArrowArray,
    out_schema: *mut FFI_ArrowSchema,
) -> pf_status {
    call("pf_graph_buffer", || {
        // SAFETY: the header's rules for handles.
        let (graph, host) = unsafe { (arg(graph, "graph")?, Call::new(context)) };
        let (array, schema) = (Out::new(out_array, "out_array")?, Out::new(out_schema, "out_schema")?);
        let name = name.get("name")?;
        let unknown = || {
            Error::invalid_argument(format!(
                "name must be one of csr.offsets csr.targets csr.weights csc.offsets csc.targets csc.weights, not '{name}'"
            ))
        };
        let (orientation, part) = match name.split_once('.') {
            Some(("csr", part)) => (Orientation::Out, part),
            Some(("csc", part)) => (Orientation::In, part),
            _ => return Err(unknown()),
        };
        if !["offsets", "targets", "weights"].contains(&part) {
            return Err(unknown());
        }
        let unweighted = || Error::invalid_argument("the graph has no weights: build it with the option 'weight'");
        if part == "weights" && graph.inner.weight().is_none() {
            return Err(unweighted());
        }
        let built = orientation == Orientation::Out || graph.inner.incoming_if_built().is_some();
        let work = if built { 0 } else { graph.inner.num_edges() };
        let adjacency = host.run(work, |ctx| graph.inner.adjacency(orientation, ctx))?;
        let buffer = match part {
            "offsets" => adjacency.offsets_array(),
            "targets" => adjacency.targets_array(),
            _ => adjacency.weights().cloned().ok_or_else(unweighted)?,
        };
        let rows = buffer.len() as u64;
        // SAFETY: the caller's outputs are valid for writing.
        unsafe { export_array(&buffer, array, schema) }?;
        Ok(rows)
    })
}

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
            let work = graph.num_edges().saturating_add(graph.num_vertices() as u64);
            host.run(work, |ctx| pf_graph_core::degree(graph, options, ctx))
        })
    }
}

/// Breadth-first search: the least number of edges from any source to every vertex.
///
/// `sources` holds ids of the graph's id type (any integer type for integer ids, any string type for strings), at
/// least one; array and schema are consumed, on success and on failure. Options (may be NULL): "max_depth" (int64, no
/// limit): vertices farther away stay unreached; "predecessors" (bool, true): false leaves out that column and saves
/// the pass that makes it. The context may be NULL.
///
/// Result, a row per vertex in vertex order: "vertex" (id type), "distance" (int64, null where not reached),
/// "predecessor" (id type: the first in vertex order of the in-neighbours one step nearer; null for sources and
/// unreached vertices), "layer" (int64, the same as distance). Time O(vertices + edges). Deterministic. Method: S.
/// Beamer, K. Asanović, D. Patterson, Direction-optimizing breadth-first search, SC'12.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, no source, an unknown or null source, a negative depth), PF_TYPE (sources of
/// another type), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_bfs(
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
        algorithm("pf_graph_bfs", graph, options, context, out_stream, |host, graph, options| {
            let (sources, _) = open_array(sources, "sources")?;
            let work = graph.num_edges().saturating_add(graph.num_vertices() as u64);
            host.run(work, |ctx| pf_graph_core::bfs(graph, &sources, None, options, ctx))
        })
    }
}

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
            let work = graph.num_edges().saturating_add(graph.num_vertices() as u64);
            host.run(work, |ctx: &Context| pf_graph_core::connected_components(graph, options, ctx))
        })
    }
}

/// Frees a graph; arrays and streams made from it stay valid. Must not run beside another call on the same graph. NULL:
/// nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_free(graph: *mut pf_graph) {
    free(graph);
}

/// What all algorithms share: the checks of the handles, and one batch as the result.
///
/// # Safety
/// Handles are NULL or live; `out_stream` is NULL or valid for writing.
unsafe fn algorithm(
    function: &'static str,
    graph: *const pf_graph,
    options: *const pf_options,
    context: *const pf_context,
    out_stream: *mut FFI_ArrowArrayStream,
    kernel: impl FnOnce(&Call, &Graph, &Options) -> Result<RecordBatch>,
) -> pf_status {
    call(function, || {
        // SAFETY: forwarded to the caller.
        let (graph, options, host) = unsafe { (arg(graph, "graph")?, self::options(options), Call::new(context)) };
        let out = Out::new(out_stream, "out_stream")?;
        let batch = kernel(&host, &graph.inner, options)?;
        let rows = batch.num_rows() as u64;
        // SAFETY: forwarded to the caller.
        unsafe { out.write(export_batch(batch)) };
        Ok(rows)
    })
}
