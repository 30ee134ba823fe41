//! The neighbours of some vertices.

use arrow_array::{ArrayRef, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::result::batch;

/// The registry row.
pub static NEIGHBORS: Kernel = Kernel {
    family: "graph",
    name: "neighbors",
    function: "pf_graph_neighbors",
    summary: "The neighbours of some vertices, with the weights and ids of the edges between.",
    citation: "",
    params: &[Param {
        name: "mode",
        kind: Kind::Str,
        default: Some(Literal::Str("out")),
        doc: "\"out\" follows the edges, \"in\" goes against them, \"all\" does both, outgoing edges first.",
    }],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertices that were asked for, in this order." },
        Column { name: "neighbor", kind: "id", doc: "The other end of each of its edges, in vertex order." },
        Column { name: "weight", kind: "numeric", doc: "The weight of the edge, in a weighted graph only." },
        Column { name: "edge", kind: "int64", doc: "The input row of the edge, where the graph keeps it." },
    ],
};

/// The neighbours of `vertices`: columns `vertex`, `neighbor`, of a weighted graph `weight` in the type of its
/// column, of a graph with edge ids `edge`. A row per edge: the vertices in the order asked for, repeated ones again,
/// each with its neighbours in vertex order and parallel edges in the order of the input; a vertex without any has no
/// row. In an undirected graph all modes are the same. A loop stands in the row of its vertex once in each direction
/// asked for. Time O(vertices asked for + their edges), plus O(edges) once for the incoming edges. Deterministic.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another mode, a null or an unknown id;
/// [`Code::Type`](pf_base::Code::Type) for ids of another kind;
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn neighbors(graph: &Graph, vertices: &ArrayRef, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let mode = options.bind(&NEIGHBORS)?.str("mode")?;
    let orientations: &[Orientation] = match mode {
        "out" | "in" | "all" if !graph.is_directed() => &[Orientation::Out],
        "out" => &[Orientation::Out],
        "in" => &[Orientation::In],
        "all" => &[Orientation::Out, Orientation::In],
        other => return Err(Error::invalid_argument(format!("mode must be 'in', 'out' or 'all', not '{other}'"))),
    };
    let asked = graph.find_vertices(vertices, "vertices")?;
    let rows = orientations.iter().map(|o| graph.adjacency(*o, ctx)).collect::<Result<Vec<Adjacency>>>()?;
    let count = |vertex: &u32| rows.iter().map(|rows| rows.range(*vertex as usize).len()).sum::<usize>();
    let total: usize = asked.iter().map(count).sum();
    // Two vertex numbers and where the edge stands.
    let _columns = ctx.memory().reserve(24 * total as u64, "neighbours")?;
    let (mut sources, mut targets) = (Vec::with_capacity(total), Vec::with_capacity(total));
    let mut places: Vec<(usize, usize)> = Vec::with_capacity(total);
    for vertex in &asked {
        ctx.check()?;
        for (side, rows) in rows.iter().enumerate() {
            let range = rows.range(*vertex as usize);
            sources.resize(sources.len() + range.len(), *vertex);
            targets.extend_from_slice(&rows.targets()[range.clone()]);
            places.extend(range.map(|at| (side, at)));
        }
    }
    let mut columns = vec![("vertex", graph.ids_at(sources, ctx)?), ("neighbor", graph.ids_at(targets, ctx)?)];
    let mut gather = |name: &'static str, parts: Vec<ArrayRef>| {
        let parts: Vec<_> = parts.iter().map(|part| part.as_ref()).collect();
        if !parts.is_empty() {
            let column = arrow_select::interleave::interleave(&parts, &places);
            columns.push((name, column.map_err(|e| Error::internal(e.to_string()))?));
        }
        Ok::<(), Error>(())
    };
    gather("weight", rows.iter().filter_map(|rows| rows.weights().cloned()).collect())?;
    gather("edge", rows.iter().filter_map(Adjacency::edges_array).collect())?;
    batch(columns, &[])
}
