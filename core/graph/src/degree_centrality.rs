//! Degree centrality.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Float64Array, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Options, Result, Value};

use crate::degree::degree;
use crate::graph::Graph;
use crate::result::batch;

/// The registry row.
pub static DEGREE_CENTRALITY: Kernel = Kernel {
    family: "graph",
    name: "degree_centrality",
    function: "pf_graph_degree_centrality",
    summary: "The number of edges of every vertex, divided by the number of other vertices.",
    citation: "",
    params: &[Param {
        name: "mode",
        kind: Kind::Str,
        default: Some(Literal::Str("all")),
        doc: "\"out\", \"in\", or \"all\", in which a self loop counts twice.",
    }],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column {
            name: "degree_centrality",
            kind: "float64",
            doc: "Its degree over n-1, which loops and parallel edges may bring above 1; 1 in a graph of one vertex.",
        },
    ],
};

/// Degree centrality: columns `vertex`, `degree_centrality`: [`degree`](crate::degree) over the number of other vertices, as in
/// NetworkX; 1 for the vertex of a graph that has no other. Time and determinism as there.
///
/// # Errors
/// As [`degree`](crate::degree).
pub fn degree_centrality(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let mode = options.bind(&DEGREE_CENTRALITY)?.str("mode")?;
    let counted = degree(graph, &Options::default().with("mode", Value::Str(mode.to_owned())), ctx)?;
    let degrees = counted["degree"].as_primitive::<Int64Type>().values();
    let others = degrees.len().saturating_sub(1) as f64;
    let mut values = ctx.zeroed::<f64>(degrees.len(), "degree centrality")?;
    values.iter_mut().zip(degrees).for_each(|(value, d)| *value = if others > 0.0 { *d as f64 / others } else { 1.0 });
    let values = Float64Array::from(values.into_vec());
    batch(vec![("vertex", counted["vertex"].clone()), ("degree_centrality", Arc::new(values))], &[])
}
