//! The graph of the strongly connected components.

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result};

use crate::adjacency::{Adjacency, Orientation, Payload};
use crate::graph::Graph;
use crate::result::batch;
use crate::sort::{Block, EdgeBlocks, Want, sort_edges};
use crate::strongly_connected_components::component_column;

/// The registry row.
pub static CONDENSATION: Kernel = Kernel {
    family: "graph",
    name: "condensation",
    function: "pf_graph_condensation",
    summary: "The graph whose vertices are the strongly connected components.",
    citation: "",
    params: &[],
    columns: &[
        Column {
            name: "source",
            kind: "int64",
            doc: "A component, numbered as in strongly_connected_components; the rows are sorted by source, then target.",
        },
        Column { name: "target", kind: "int64", doc: "Another component that edges lead to." },
        Column { name: "edges", kind: "int64", doc: "How many edges of the graph do; parallel edges count each." },
    ],
};

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// The edges between the strongly connected components: columns `source`, `target`, `edges`, a row per pair of
/// components that an edge leads between, sorted; metadata `parquetframe.components`.
///
/// The result has no cycles. A component without edges to others is in no row; an undirected graph has no rows at all.
/// Time O(vertices + edges). Deterministic.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn condensation(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&CONDENSATION)?;
    let (components, count) = component_column(graph, ctx)?;
    ctx.progress(0.5);
    let _components = ctx.memory().reserve(8 * components.len() as u64, "component ids")?;
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let edges = Between { edges: &outgoing, components: components.values() };
    // Sorted rows, in which the edges of a pair stand together.
    let between = sort_edges::<1>(&edges, count as usize, Payload::default(), ctx)?.finish(Payload::default());
    let _between = ctx.memory().reserve(8 * (count + 1) + 4 * between.targets().len() as u64, "condensation")?;
    ctx.progress(0.9);

    let tasks = between.stretches(TASK);
    let pairs = |row: usize| between.row(row).chunk_by(|a, b| a == b);
    let counts = ctx.map(tasks.len(), |t| Ok(tasks[t].clone().map(|row| pairs(row).count()).sum::<usize>()))?;
    let rows = counts.iter().sum();
    let mut columns = Vec::with_capacity(3);
    for name in ["source", "target", "edges"] {
        columns.push(ctx.zeroed::<i64>(rows, name)?);
    }
    {
        let mut rest: Vec<&mut [i64]> = columns.iter_mut().map(|column| &mut column[..]).collect();
        let mut parts = Vec::with_capacity(tasks.len());
        for count in counts {
            let (part, after): (Vec<_>, Vec<_>) = rest.into_iter().map(|column| column.split_at_mut(count)).unzip();
            parts.push(part);
            rest = after;
        }
        ctx.for_each(parts, |t, mut part| {
            let all = tasks[t].clone().flat_map(|row| pairs(row).map(move |run| (row, run)));
            for (i, (row, run)) in all.enumerate() {
                let values = [row as i64, run.first().map_or(0, |target| i64::from(*target)), run.len() as i64];
                part.iter_mut().zip(values).for_each(|(column, value)| column[i] = value);
            }
            Ok(())
        })?;
    }
    let columns = ["source", "target", "edges"]
        .into_iter()
        .zip(columns)
        .map(|(name, column)| (name, Arc::new(Int64Array::from(column.into_vec())) as _))
        .collect();
    batch(columns, &[("components", count.to_string())])
}

/// The edges that lead from one component to another, as edges of components.
struct Between<'a> {
    edges: &'a Adjacency,
    components: &'a [i64],
}

impl Between<'_> {
    const BLOCK: usize = 4096;
}

impl EdgeBlocks for Between<'_> {
    fn num_blocks(&self) -> usize {
        self.edges.targets().len().div_ceil(Self::BLOCK)
    }

    fn read(&self, block: usize, _want: Want, out: &mut Block) {
        let targets = self.edges.targets();
        let offsets = self.edges.offsets();
        let (start, end) = (block * Self::BLOCK, targets.len().min((block + 1) * Self::BLOCK));
        out.sources.clear();
        out.targets.clear();
        let mut row = offsets.partition_point(|o| *o <= start as u64) - 1;
        let mut at = start;
        while at < end {
            let stop = end.min(offsets[row + 1] as usize);
            let source = self.components[row];
            for target in &targets[at..stop] {
                let target = self.components[*target as usize];
                if target != source {
                    // Components are at most as many as vertices, whose numbers have 32 bits.
                    out.sources.push(source as u32);
                    out.targets.push(target as u32);
                }
            }
            at = stop;
            row += 1;
        }
    }
}
