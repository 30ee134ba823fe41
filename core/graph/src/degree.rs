//! Degrees.

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::result::batch;

/// The registry row.
pub static DEGREE: Kernel = Kernel {
    family: "graph",
    name: "degree",
    function: "pf_graph_degree",
    summary: "The number of edges of every vertex.",
    citation: "",
    params: &[Param {
        name: "mode",
        kind: Kind::Str,
        default: Some(Literal::Str("all")),
        doc: "\"out\", \"in\", or \"all\", in which a self loop counts twice.",
    }],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column { name: "degree", kind: "int64", doc: "Its number of edges; parallel edges count each." },
    ],
};

/// Rows that one task counts.
const CHUNK: usize = 1 << 16;

/// The degree of every vertex: columns `vertex`, `degree`. In an undirected graph all modes are the same, and a loop counts
/// twice. Time O(vertices), plus O(edges) for undirected loops and, once, for the incoming edges. Deterministic.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another mode, [`Code::OutOfMemory`](pf_base::Code::OutOfMemory),
/// [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn degree(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let mode = options.bind(&DEGREE)?.str("mode")?;
    let orientations: &[Orientation] = match (mode, graph.is_directed()) {
        ("out", true) => &[Orientation::Out],
        ("in", true) => &[Orientation::In],
        ("all", true) => &[Orientation::Out, Orientation::In],
        ("out" | "in" | "all", false) => &[Orientation::Out],
        (other, _) => {
            return Err(Error::invalid_argument(format!("mode must be 'in', 'out' or 'all', not '{other}'")));
        }
    };
    let sides = orientations.iter().map(|o| graph.adjacency(*o, ctx)).collect::<Result<Vec<&Adjacency>>>()?;
    let mut degrees = ctx.zeroed::<i64>(graph.num_vertices(), "degrees")?;
    ctx.for_each(degrees.chunks_mut(CHUNK).collect(), |i, part| {
        for (vertex, degree) in (i * CHUNK..).zip(part) {
            *degree = sides.iter().map(|side| side.range(vertex).len() as i64).sum();
            if !graph.is_directed() {
                // Stored once, seen from both of its ends; rows are sorted, so parallel loops stand together.
                let row = sides[0].row(vertex);
                let first = row.partition_point(|t| (*t as usize) < vertex);
                *degree += row[first..].iter().take_while(|t| **t as usize == vertex).count() as i64;
            }
        }
        Ok(())
    })?;
    let degrees = Int64Array::from(degrees.into_vec());
    batch(vec![("vertex", graph.vertex_ids(ctx)?), ("degree", Arc::new(degrees))], &[])
}
