//! Weakly connected components.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result};

use crate::adjacency::{Adjacency, Orientation};
use crate::component_ids::component_ids;
use crate::graph::Graph;
use crate::result::batch;

/// The registry row.
pub static CONNECTED_COMPONENTS: Kernel = Kernel {
    family: "graph",
    name: "connected_components",
    function: "pf_graph_connected_components",
    summary: "The weakly connected component of every vertex.",
    citation: "Afforest: M. Sutton, T. Ben-Nun, A. Barak, Optimizing parallel graph connectivity computation via subgraph \
               sampling, IPDPS'18, doi:10.1109/IPDPS.2018.00012.",
    params: &[],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column {
            name: "component_id",
            kind: "int64",
            doc: "Its component: 0, 1, … in the order of each component's first vertex.",
        },
    ],
};

/// Neighbours per vertex that are linked before the largest component is looked for; two, as in the paper.
const ROUNDS: usize = 2;

/// Vertices whose component is looked at to find the largest; as in the paper.
const SAMPLES: usize = 1024;

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// The weakly connected component of every vertex: columns `vertex`, `component_id`; metadata
/// `parquetframe.components`. Time O(vertices + edges) in practice. Deterministic: a tree hangs below its least
/// vertex, whatever the order of the links.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn connected_components(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&CONNECTED_COMPONENTS)?;
    let (ids, count) = component_column(graph, ctx)?;
    batch(
        vec![("vertex", graph.vertex_ids(ctx)?), ("component_id", Arc::new(ids))],
        &[("components", count.to_string())],
    )
}

/// The component of every vertex, and how many there are.
pub(crate) fn component_column(graph: &Graph, ctx: &Context) -> Result<(Int64Array, u64)> {
    let n = graph.num_vertices();
    let _forest = ctx.memory().reserve(4 * n as u64, "component forest")?;
    let forest = Forest((0..n as u32).map(AtomicU32::new).collect());
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let tasks = outgoing.stretches(TASK);

    for round in 0..ROUNDS {
        ctx.map(tasks.len(), |t| {
            for vertex in tasks[t].clone() {
                if let Some(neighbour) = outgoing.row(vertex).get(round) {
                    forest.link(vertex as u32, *neighbour);
                }
            }
            Ok(())
        })?;
        forest.compress_all(&tasks, ctx)?;
    }
    ctx.progress(0.4);

    // Most vertices are in the largest component by now: the rest of their edges need not be looked at, as long as
    // the other ends look at theirs. For a directed graph that takes the incoming edges, which are not worth building
    // for this.
    let incoming = graph.incoming_if_built();
    let largest = incoming.as_ref().and_then(|_| forest.most_frequent());
    let rest = |adjacency: &Adjacency, vertex: usize, skip: usize| {
        adjacency.row(vertex).iter().skip(skip).for_each(|neighbour| forest.link(vertex as u32, *neighbour));
    };
    ctx.map(tasks.len(), |t| {
        for vertex in tasks[t].clone() {
            if largest.is_some() && Some(forest.parent(vertex as u32)) == largest {
                continue;
            }
            rest(&outgoing, vertex, ROUNDS);
            if let (Some(incoming), true) = (&incoming, graph.is_directed()) {
                rest(incoming, vertex, 0);
            }
        }
        Ok(())
    })?;
    forest.compress_all(&tasks, ctx)?;
    ctx.progress(0.9);
    component_ids(n, |vertex| forest.parent(vertex), ctx)
}

/// Trees of vertices; a parent is never greater than its child. All threads link and compress at the same time.
struct Forest(Vec<AtomicU32>);

impl Forest {
    fn parent(&self, vertex: u32) -> u32 {
        self.0[vertex as usize].load(Relaxed)
    }

    /// Joins the trees of two vertices: the greater root goes below the lesser.
    fn link(&self, u: u32, v: u32) {
        let (mut a, mut b) = (self.parent(u), self.parent(v));
        while a != b {
            let (low, high) = (a.min(b), a.max(b));
            let above = self.parent(high);
            if above == low
                || (above == high && self.0[high as usize].compare_exchange(high, low, Relaxed, Relaxed).is_ok())
            {
                return;
            }
            a = self.parent(self.parent(high));
            b = self.parent(low);
        }
    }

    /// Hangs a vertex directly below its root.
    fn compress(&self, vertex: u32) {
        let mut parent = self.parent(vertex);
        loop {
            let above = self.parent(parent);
            if above == parent {
                return;
            }
            self.0[vertex as usize].store(above, Relaxed);
            parent = above;
        }
    }

    /// Hangs all vertices directly below their roots.
    fn compress_all(&self, tasks: &[Range<usize>], ctx: &Context) -> Result<()> {
        ctx.for_each(tasks.to_vec(), |_, vertices| {
            vertices.for_each(|v| self.compress(v as u32));
            Ok(())
        })
    }

    /// The most frequent parent in an even sample. Which one is found changes the time, never the result.
    fn most_frequent(&self) -> Option<u32> {
        let step = self.0.len().div_ceil(SAMPLES).max(1);
        let mut sample: Vec<u32> = self.0.iter().step_by(step).map(|p| p.load(Relaxed)).collect();
        sample.sort_unstable();
        sample.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).and_then(|run| run.first().copied())
    }
}
