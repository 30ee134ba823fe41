//! Degrees.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, Options, Result};

use crate::adjacency::Orientation;
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

/// Rows or edges that one task counts.
const CHUNK: usize = 1 << 16;

/// The degree of every vertex: columns `vertex`, `degree`. In an undirected graph all modes are the same, and a loop
/// counts twice. Time O(vertices), plus O(edges) for undirected loops and, once, for the incoming edges.
/// Deterministic.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for another mode,
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn degree(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let mode = options.bind(&DEGREE)?.str("mode")?;
    let (out, incoming) = match mode {
        "out" => (true, false),
        "in" => (false, true),
        "all" => (true, true),
        other => return Err(Error::invalid_argument(format!("mode must be 'in', 'out' or 'all', not '{other}'"))),
    };
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let mut degrees = ctx.zeroed::<i64>(graph.num_vertices(), "degrees")?;
    let add = |degrees: &mut [i64], degree: &(dyn Fn(usize) -> i64 + Sync)| {
        ctx.for_each(degrees.chunks_mut(CHUNK).collect(), |i, part| {
            (i * CHUNK..).zip(part).for_each(|(vertex, sum)| *sum += degree(vertex));
            Ok(())
        })
    };
    if !graph.is_directed() {
        // A loop is stored once and seen from both of its ends; rows are sorted, so parallel loops stand together.
        add(&mut degrees, &|vertex| {
            let row = outgoing.row(vertex);
            let first = row.partition_point(|t| (*t as usize) < vertex);
            let loops = row[first..].iter().take_while(|t| **t as usize == vertex).count();
            (row.len() + loops) as i64
        })?;
    } else {
        if out {
            add(&mut degrees, &|vertex| outgoing.range(vertex).len() as i64)?;
        }
        match graph.incoming_if_built() {
            Some(rows) if incoming => add(&mut degrees, &|vertex| rows.range(vertex).len() as i64)?,
            None if incoming => {
                // Counting takes a pass over the targets; sorting them for it would take ten times as long.
                let _counts = ctx.memory().reserve(4 * graph.num_vertices() as u64, "degrees")?;
                let counts: Vec<AtomicU32> = (0..graph.num_vertices()).map(|_| AtomicU32::new(0)).collect();
                let targets = outgoing.targets();
                ctx.map(targets.len().div_ceil(CHUNK), |i| {
                    let part = &targets[i * CHUNK..targets.len().min((i + 1) * CHUNK)];
                    for target in part {
                        counts[*target as usize].fetch_add(1, Relaxed);
                    }
                    Ok(())
                })?;
                add(&mut degrees, &|vertex| i64::from(counts[vertex].load(Relaxed)))?;
            }
            _ => {}
        }
    }
    let degrees = Int64Array::from(degrees.into_vec());
    batch(vec![("vertex", graph.vertex_ids(ctx)?), ("degree", Arc::new(degrees))], &[])
}
