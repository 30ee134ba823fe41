//! The edges of a graph as a list.

use arrow_array::{ArrayRef, RecordBatch, UInt64Array};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Error, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::graph::Graph;
use crate::result::batch;

/// The registry row.
pub static EDGES: Kernel = Kernel {
    family: "graph",
    name: "edges",
    function: "pf_graph_edges",
    summary: "The edges of a graph as a list.",
    citation: "",
    params: &[],
    columns: &[
        Column { name: "source", kind: "id", doc: "Where the edge begins; the list is in vertex order of it." },
        Column { name: "target", kind: "id", doc: "Where it ends; edges of one source are in vertex order of it." },
        Column {
            name: "weight",
            kind: "numeric",
            doc: "Its weight, under the name of the weight column, if weighted.",
        },
        Column { name: "edge", kind: "int64", doc: "Its input row, where the graph keeps it." },
    ],
};

/// Edges and rows that one task writes.
const STRETCH: usize = 1 << 16;

/// The edges: columns `source`, `target`, of a weighted graph the weights under the name and in the type of their
/// column, of a graph with edge ids `edge`; sorted by source, then target, parallel edges in the order of the input.
/// An undirected edge stands there once, its source before its target in vertex order. Time O(vertices + edges).
/// Deterministic.
///
/// # Errors
/// [`Code::Unsupported`](pf_base::Code::Unsupported) for a column of more than 2 GiB of short strings,
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn edges(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&EDGES)?;
    let rows = graph.adjacency(Orientation::Out, ctx)?;
    let _columns = ctx.memory().reserve(16 * graph.num_edges(), "list of edges")?;
    let (sources, targets, places) = list(&rows, graph.is_directed(), ctx)?;
    let gather = |column: ArrayRef| match &places {
        Some(places) => arrow_select::take::take(&column, places, None).map_err(|e| Error::internal(e.to_string())),
        None => Ok(column),
    };
    let mut columns = vec![("source", graph.ids_at(sources, ctx)?), ("target", graph.ids_at(targets, ctx)?)];
    if let (Some(name), Some(weights)) = (graph.weight(), rows.weights()) {
        columns.push((name, gather(weights.clone())?));
    }
    if let Some(edges) = rows.edges_array() {
        columns.push(("edge", gather(edges)?));
    }
    batch(columns, &[])
}

/// The ends of the edges, and where they stand in the rows if those are not all.
fn list(rows: &Adjacency, directed: bool, ctx: &Context) -> Result<(Vec<u32>, Vec<u32>, Option<UInt64Array>)> {
    let stretches = rows.stretches(STRETCH);
    // Rows are sorted: the targets that are not before their row end it.
    let kept = |row: usize| {
        let range = rows.range(row);
        let skipped = if directed { 0 } else { rows.row(row).partition_point(|t| (*t as usize) < row) };
        range.start + skipped..range.end
    };
    let counts = ctx.map(stretches.len(), |i| Ok(stretches[i].clone().map(|row| kept(row).len()).sum::<usize>()))?;
    let total = counts.iter().sum();
    let mut sources = ctx.zeroed::<u32>(total, "list of edges")?;
    let mut targets = ctx.zeroed::<u32>(total, "list of edges")?;
    let mut places = ctx.zeroed::<u64>(if directed { 0 } else { total }, "list of edges")?;
    let mut parts = Vec::with_capacity(stretches.len());
    let (mut s, mut t, mut p) = (&mut sources[..], &mut targets[..], &mut places[..]);
    for (stretch, count) in stretches.into_iter().zip(counts) {
        let (sources, s_rest) = s.split_at_mut(count);
        let (targets, t_rest) = t.split_at_mut(count);
        let (places, p_rest) = p.split_at_mut(if directed { 0 } else { count });
        (s, t, p) = (s_rest, t_rest, p_rest);
        parts.push((stretch, sources, targets, places));
    }
    ctx.for_each(parts, |_, (stretch, sources, targets, places)| {
        let mut write = 0;
        for row in stretch {
            let range = kept(row);
            let end = write + range.len();
            sources[write..end].fill(row as u32);
            targets[write..end].copy_from_slice(&rows.targets()[range.clone()]);
            if !directed {
                (range.start as u64..).zip(&mut places[write..end]).for_each(|(at, place)| *place = at);
            }
            write = end;
        }
        Ok(())
    })?;
    let places = (!directed).then(|| UInt64Array::from(places.into_vec()));
    Ok((sources.into_vec(), targets.into_vec(), places))
}
