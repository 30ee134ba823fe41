//! Graphs: building, looking inside, making others of them. What is computed on them stands in the files beside.

mod centrality;
mod components;
mod counting;
mod lookup;
mod paths;
mod traversal;

pub use centrality::*;
pub use components::*;
pub use counting::*;
pub use lookup::*;
pub use paths::*;
pub use traversal::*;

use std::ffi::{CString, c_char};

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch};
use pf_base::{CancelToken, Context, Error, Options, Result, StreamSource, Value};
use pf_graph_core::{EdgeInput, GRAPH_FROM_EDGES, Graph, Orientation};
use pf_io_core::Scan;

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

impl pf_graph {
    fn new(inner: Graph) -> Self {
        let weight = inner.weight().and_then(|name| CString::new(name).ok());
        Self { inner, weight }
    }
}

/// Rows of a host's batch that are taken in at a time: some milliseconds of work.
const BATCH: usize = 1 << 18;

/// Files of no more bytes are read once, and their edges held: decoding strings a second time costs more than what that
/// saves. Measured on 342,155 edges between strings: 31 ms against 60 ms.
const SMALL_FILES: u64 = 16 << 20;

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
/// first, then the edges row by row, source before target. Results come back
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
/// - "duplicates" (string, "keep"): of parallel edges all are kept, or the "first", or one whose weight is the "sum",
///   "min" or "max" of theirs (weighted graphs only). In an undirected graph both directions are the same edge.
/// - "self_loops" (string, "keep"): "drop" leaves them out.
/// - "edge_ids" (bool, false): keeps the row of the input for every edge, from 0, for looking up further attributes.
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
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(handle(pf_graph::new(graph))) };
        Ok(rows)
    })
}

/// Builds a graph from a Parquet file, a folder of them, or a glob ("edges/part-?.parquet"), as pf_graph_from_edges does
/// from a stream.
///
/// The files are read twice, and the edges are never held: beside the graph it takes the memory of a few batches. Files
/// of less than 16 MiB together are read once. `source`, `target`, `vertices`, the options and the order of vertices are those of
/// pf_graph_from_edges; the files are found as by pf_parquet_read. Files that change between the two readings are
/// PF_CORRUPT. Under a memory limit the graph holds the edges of one direction, and reads the files again when the
/// other is asked for. Fails with what both functions fail with. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_from_parquet(
    path: pf_str<'_>,
    source: pf_str<'_>,
    target: pf_str<'_>,
    vertices: *mut FFI_ArrowArrayStream,
    options: *const pf_options,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
) -> pf_status {
    call("pf_graph_from_parquet", || {
        // SAFETY: the header's rules for streams and handles; the stream is taken over first.
        let (vertices, options, host) = unsafe { (take_stream(vertices), self::options(options), Call::new(context)) };
        let vertices = vertices.map(|v| open_stream(Some(v), "vertices")).transpose()?;
        let out = Out::new(out_graph, "out_graph")?;
        let (path, source, target) = (path.get("path")?, source.get("source")?, target.get("target")?);
        // Pulled here: the kernel runs on a thread of its own.
        let mut vertices = vertices.map(|v| host.collected(v, BATCH)).transpose()?;
        // The graph may read the files again after this call, whose token is not its concern then.
        let context = host.context.clone().with_cancel(CancelToken::default());
        let mut edges = Scan::new(&[path], &edge_columns(source, target, options)?, &context)?;
        let small = edges.bytes()? <= SMALL_FILES.min(context.memory().limit() / 64);
        let graph = host.run(u64::MAX, |ctx| {
            if small {
                let vertices = vertices.as_mut().map(|v| v as _);
                let input = EdgeInput::collect(&mut edges, source, target, vertices, options, ctx)?;
                return Graph::build(input, ctx);
            }
            let vertices = vertices.as_mut().map(|v| v as _);
            Graph::from_source(Box::new(edges), source, target, vertices, options, ctx)
        })?;
        let rows = graph.num_edges();
        // SAFETY: the caller's output is valid for writing.
        unsafe { out.write(handle(pf_graph::new(graph))) };
        Ok(rows)
    })
}

/// The options of a reader of these columns and the weights, each once.
fn edge_columns(source: &str, target: &str, options: &Options) -> Result<Options> {
    let mut columns = vec![source.to_owned()];
    let weight = options.bind(&GRAPH_FROM_EDGES)?.opt_str("weight");
    for name in [Some(target), weight].into_iter().flatten() {
        if !columns.iter().any(|c| c == name) {
            columns.push(name.to_owned());
        }
    }
    Ok(Options::default().with("columns", Value::StrList(columns)))
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
/// - "csr.edges" (int64, edges): the row of the input that an edge came from, with the build option "edge_ids",
/// - "csc.offsets", "csc.targets", "csc.weights", "csc.edges": the same of the incoming edges, built by the first call
///   that needs them. In an undirected graph these are those of csr.
///
/// Fails with PF_INVALID_ARGUMENT (NULL, another name, weights of an unweighted graph, edges of a graph without edge
/// ids), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
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
                "name must be csr or csc with .offsets, .targets, .weights or .edges behind it, not '{name}'"
            ))
        };
        let (orientation, part) = match name.split_once('.') {
            Some(("csr", part)) => (Orientation::Out, part),
            Some(("csc", part)) => (Orientation::In, part),
            _ => return Err(unknown()),
        };
        if !["offsets", "targets", "weights", "edges"].contains(&part) {
            return Err(unknown());
        }
        let unweighted = || Error::invalid_argument("the graph has no weights: build it with the option 'weight'");
        if part == "weights" && graph.inner.weight().is_none() {
            return Err(unweighted());
        }
        let nameless = || Error::invalid_argument("the graph has no edge ids: build it with the option 'edge_ids'");
        if part == "edges" && !graph.inner.has_edge_ids() {
            return Err(nameless());
        }
        let built = orientation == Orientation::Out || graph.inner.incoming_if_built().is_some();
        let work = if built { 0 } else { graph.inner.num_edges() };
        let adjacency = host.run(work, |ctx| graph.inner.adjacency(orientation, ctx))?;
        let buffer = match part {
            "offsets" => adjacency.offsets_array(),
            "targets" => adjacency.targets_array(),
            "edges" => adjacency.edges_array().ok_or_else(nameless)?,
            _ => adjacency.weights().cloned().ok_or_else(unweighted)?,
        };
        let rows = buffer.len() as u64;
        // SAFETY: the caller's outputs are valid for writing.
        unsafe { export_array(&buffer, array, schema) }?;
        Ok(rows)
    })
}

/// Makes the graph with all edges reversed, which shares the memory of this one.
///
/// An undirected graph gives itself. The context may be NULL. Free the graph with pf_graph_free. Time O(edges) for the
/// incoming edges, unless they were built before. Fails with PF_INVALID_ARGUMENT (NULL), PF_OUT_OF_MEMORY,
/// PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_transpose(
    graph: *const pf_graph,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe { operation("pf_graph_transpose", graph, context, out_graph, |graph, ctx| graph.transpose(ctx)) }
}

/// Makes the graph in which every edge goes both ways: each is stored in both directions, a self loop once.
///
/// Parallel edges, and the edges a to b and b to a, stay apart. An undirected graph gives itself, sharing its memory.
/// The context may be NULL. Free the graph with pf_graph_free. Time O(edges). Fails with PF_INVALID_ARGUMENT (NULL),
/// PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_undirected(
    graph: *const pf_graph,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
) -> pf_status {
    // SAFETY: the header's rules for handles and outputs.
    unsafe { operation("pf_graph_undirected", graph, context, out_graph, |graph, ctx| graph.undirected(ctx)) }
}

/// Makes the graph of some vertices and all edges between them, which keep their ids and order.
///
/// `vertices` holds ids of the graph's id type, in any order, repeated ids count once; array and schema are consumed,
/// on success and on failure. The context may be NULL. Free the graph with pf_graph_free. Time O(vertices + edges).
/// Fails with PF_INVALID_ARGUMENT (NULL, an unknown or null vertex), PF_TYPE, PF_OUT_OF_MEMORY, PF_CANCELLED. Since
/// 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_subgraph(
    graph: *const pf_graph,
    vertices: *mut FFI_ArrowArray,
    vertices_schema: *mut FFI_ArrowSchema,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
) -> pf_status {
    // SAFETY: the header's rules for arrays; taken over first, so that they are consumed on every path.
    let vertices = unsafe { take_array(vertices, vertices_schema) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        operation("pf_graph_subgraph", graph, context, out_graph, |graph, ctx| {
            graph.subgraph(&open_array(vertices, "vertices")?.0, ctx)
        })
    }
}

/// Makes the graph with the same vertices and those edges that a mask keeps.
///
/// `keep` holds a boolean per row of the edges that the graph was built from; null drops the edge; array and schema
/// are consumed, on success and on failure. The graph must have been built with the option "edge_ids". The context may
/// be NULL. Free the graph with pf_graph_free. Time O(vertices + edges). Fails with PF_INVALID_ARGUMENT (NULL, a mask
/// of another length, a graph without edge ids), PF_TYPE (no booleans), PF_OUT_OF_MEMORY, PF_CANCELLED. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_filter_edges(
    graph: *const pf_graph,
    keep: *mut FFI_ArrowArray,
    keep_schema: *mut FFI_ArrowSchema,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
) -> pf_status {
    // SAFETY: the header's rules for arrays; taken over first, so that they are consumed on every path.
    let keep = unsafe { take_array(keep, keep_schema) };
    // SAFETY: the header's rules for handles and outputs.
    unsafe {
        operation("pf_graph_filter_edges", graph, context, out_graph, |graph, ctx| {
            let (keep, _) = open_array(keep, "keep")?;
            let mask = keep.as_boolean_opt();
            let mask =
                mask.ok_or_else(|| Error::wrong_type(format!("keep must hold booleans, not {}", keep.data_type())))?;
            graph.filter_edges(mask, ctx)
        })
    }
}

/// Frees a graph; arrays and streams made from it stay valid. Must not run beside another call on the same graph. NULL:
/// nothing. Since 1.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pf_graph_free(graph: *mut pf_graph) {
    free(graph);
}

/// What all graphs made of another one share.
///
/// # Safety
/// Handles are NULL or live; `out_graph` is NULL or valid for writing.
unsafe fn operation(
    function: &'static str,
    graph: *const pf_graph,
    context: *const pf_context,
    out_graph: *mut *mut pf_graph,
    make: impl FnOnce(&Graph, &Context) -> Result<Graph> + Send,
) -> pf_status {
    call(function, || {
        // SAFETY: forwarded to the caller.
        let (graph, host) = unsafe { (arg(graph, "graph")?, Call::new(context)) };
        let out = Out::new(out_graph, "out_graph")?;
        let made = host.run(pass(&graph.inner), |ctx| make(&graph.inner, ctx))?;
        let rows = made.num_edges();
        // SAFETY: forwarded to the caller.
        unsafe { out.write(handle(pf_graph::new(made))) };
        Ok(rows)
    })
}

/// The steps of a pass over all vertices and edges, for [`Call::run`].
fn pass(graph: &Graph) -> u64 {
    graph.num_edges().saturating_add(graph.num_vertices() as u64)
}

/// The steps of an algorithm that takes such a pass per vertex, at worst.
fn heavy(graph: &Graph) -> u64 {
    pass(graph).saturating_mul(graph.num_vertices() as u64)
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
