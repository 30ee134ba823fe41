//! Weakly connected components.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result, TrackedVec};

use crate::adjacency::Orientation;
use crate::component_ids::component_ids;
use crate::graph::Graph;
use crate::result::batch;
use crate::vertex_set::VertexSet;

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

/// Neighbours of a root that are linked before the largest component is looked for; the paper links two of every vertex.
const NEIGHBOURS: usize = 8;

/// Vertices whose component is looked at to find the largest; as in the paper.
const SAMPLES: usize = 1024;

/// Edges plus rows of one task, about 100 µs.
const TASK: usize = 1 << 16;

/// The weakly connected component of every vertex: columns `vertex`, `component_id`; metadata
/// `parquetframe.components`. Time O(vertices + edges) in practice. Deterministic: a tree hangs below its least
/// vertex, whatever the order of the links. Without incoming edges, which are used where they are built or the graph
/// is undirected, all edges of a directed graph are looked at.
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
    let forest = Forest(ctx.zeroed(n, "component forest")?);
    let outgoing = graph.adjacency(Orientation::Out, ctx)?;
    let tasks = outgoing.stretches(TASK);
    let for_all = |visit: &(dyn Fn(Range<usize>) + Sync)| {
        ctx.map(tasks.len(), |t| {
            visit(tasks[t].clone());
            Ok(())
        })
    };
    let link = |vertex: usize, neighbours: &[u32]| neighbours.iter().for_each(|w| forest.link(vertex as u32, *w));

    // Rows are sorted: most vertices have a first neighbour less than themselves, and hang below its root for a start.
    // Each writes its own place only, without an atomic step.
    for_all(&|vertices| {
        for vertex in vertices {
            if let Some(first) = outgoing.row(vertex).first().filter(|w| (**w as usize) < vertex) {
                forest.hang(vertex as u32, forest.root(*first));
            }
        }
    })?;
    // What is still a root joins the trees of some of its neighbours: far fewer links than one of every vertex, and soon
    // most vertices are in one tree.
    for_all(&|vertices| {
        for vertex in vertices.filter(|v| forest.is_root(*v as u32)) {
            let row = outgoing.row(vertex);
            link(vertex, &row[..row.len().min(NEIGHBOURS)]);
        }
    })?;
    for_all(&|vertices| vertices.for_each(|v| _ = forest.compress(v as u32)))?;
    ctx.progress(0.4);

    // Most vertices are in the largest component by now: the rest of their edges need not be looked at, as long as
    // the other ends look at theirs.
    let largest = forest.most_frequent();
    let in_largest = |vertex: usize| Some(forest.parent(vertex as u32)) == largest;
    match graph.incoming_if_built() {
        Some(incoming) => for_all(&|vertices| {
            for vertex in vertices.filter(|v| !in_largest(*v)) {
                link(vertex, outgoing.row(vertex));
                if graph.is_directed() {
                    link(vertex, incoming.row(vertex));
                }
            }
        })?,
        // Without the incoming edges, which are not worth building for this, the vertices of the largest component
        // look for edges that leave it. Most do not: a bit tells that sooner than the forest does.
        None => {
            let largest = VertexSet::filled(n, |v| in_largest(v as usize), ctx)?;
            for_all(&|vertices| {
                for vertex in vertices {
                    let neighbours = outgoing.row(vertex);
                    let inside = largest.contains(vertex as u32);
                    if !(inside && neighbours.iter().fold(true, |all, w| all & largest.contains(*w))) {
                        let leaving = neighbours.iter().filter(|w| !(inside && largest.contains(**w)));
                        leaving.for_each(|w| forest.link(vertex as u32, *w));
                    }
                }
            })?
        }
    };
    ctx.progress(0.8);
    component_ids(n, |vertex| forest.is_root(vertex), |vertex| forest.compress(vertex), ctx)
}

/// Trees of vertices: how much less than itself the parent of each is, 0 for roots. All threads link and compress at
/// the same time.
struct Forest(TrackedVec<AtomicU32>);

impl Forest {
    fn parent(&self, vertex: u32) -> u32 {
        vertex - self.0[vertex as usize].load(Relaxed)
    }

    fn is_root(&self, vertex: u32) -> bool {
        self.0[vertex as usize].load(Relaxed) == 0
    }

    /// Joins the trees of two vertices: the greater root goes below the lesser.
    fn link(&self, u: u32, v: u32) {
        let (mut a, mut b) = (self.parent(u), self.parent(v));
        while a != b {
            let (low, high) = (a.min(b), a.max(b));
            let above = self.parent(high);
            if above == low
                || (above == high && self.0[high as usize].compare_exchange(0, high - low, Relaxed, Relaxed).is_ok())
            {
                return;
            }
            a = self.parent(self.parent(high));
            b = self.parent(low);
        }
    }

    /// Hangs a vertex below one that is less.
    fn hang(&self, vertex: u32, below: u32) {
        self.0[vertex as usize].store(vertex - below, Relaxed);
    }

    /// The root above a vertex.
    fn root(&self, vertex: u32) -> u32 {
        let mut parent = self.parent(vertex);
        loop {
            let above = self.parent(parent);
            if above == parent {
                return parent;
            }
            parent = above;
        }
    }

    /// Hangs a vertex directly below its root, which is returned.
    fn compress(&self, vertex: u32) -> u32 {
        let mut parent = self.parent(vertex);
        loop {
            let above = self.parent(parent);
            if above == parent {
                return parent;
            }
            // At every step: whoever comes by in the meantime has the shorter way.
            self.hang(vertex, above);
            parent = above;
        }
    }

    /// The most frequent parent in an even sample. Which one is found changes the time, never the result.
    fn most_frequent(&self) -> Option<u32> {
        let step = self.0.len().div_ceil(SAMPLES).max(1);
        let mut sample: Vec<u32> = (0..self.0.len()).step_by(step).map(|v| self.parent(v as u32)).collect();
        sample.sort_unstable();
        sample.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).and_then(|run| run.first().copied())
    }
}
