//! Triangles.

mod columns;
mod direct;
mod words;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{Int64Array, RecordBatch};
use pf_base::registry::{Column, Kernel};
use pf_base::{Context, Options, Result, TrackedVec};

use crate::adjacency::Adjacency;
use crate::graph::Graph;
use crate::result::batch;
use crate::simple::Simple;

/// The registry row.
pub static TRIANGLES: Kernel = Kernel {
    family: "graph",
    name: "triangles",
    function: "pf_graph_triangles",
    summary: "The number of triangles that every vertex is a corner of.",
    citation: "M. Latapy, Main-memory triangle computations for very large (sparse (power-law)) graphs, Theoretical Computer \
               Science 407 (2008), doi:10.1016/j.tcs.2008.07.017: edges from high to low degree, neighbourhoods as bits.",
    params: &[],
    columns: &[
        Column { name: "vertex", kind: "id", doc: "The vertex, all of them in vertex order." },
        Column { name: "triangles", kind: "int64", doc: "Its triangles; each counts for its three corners." },
    ],
};

/// The triangles of every vertex: columns `vertex`, `triangles`; metadata `parquetframe.triangles`, the number of all.
/// Direction is ignored; loops and parallel edges make no triangles. Time O(edges^1.5), less the denser the graph is;
/// memory up to 44 bytes per vertex and 8 per edge, and 0.6 MiB and a bit per vertex for every thread. Deterministic.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn triangles(graph: &Graph, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    options.bind(&TRIANGLES)?;
    let simple = Simple::of(graph, ctx)?;
    let counts = count(&simple, ctx)?;
    let of_vertices = Int64Array::from(counts.of_vertices.into_vec());
    batch(
        vec![("vertex", graph.vertex_ids(ctx)?), ("triangles", Arc::new(of_vertices))],
        &[("triangles", counts.total.to_string())],
    )
}

/// How many triangles there are.
pub(crate) struct Counts {
    /// With each vertex as a corner.
    pub(crate) of_vertices: TrackedVec<i64>,
    /// In the graph.
    pub(crate) total: u64,
}

/// Edges plus rows, or rows alone, of one task.
const TASK: usize = 1 << 15;

/// Counts the triangles of a simple graph.
pub(crate) fn count(graph: &Adjacency, ctx: &Context) -> Result<Counts> {
    // The degree of vertices that have one, and of their neighbours: with vertices in their own order, the latter is
    // what an edge costs.
    let sums = ctx.map(graph.num_rows().div_ceil(TASK), |c| {
        let rows = c * TASK..graph.num_rows().min((c + 1) * TASK);
        Ok(graph.offsets()[rows.start..=rows.end].windows(2).fold([0; 2], |[paths, connected], row| {
            // The sum of so many squares does not overflow; greater degrees need not be told apart.
            let degree = (row[1] - row[0]).min(1 << 24);
            [paths + degree * degree, connected + u64::from(degree > 0)]
        }))
    })?;
    let [paths, connected] = sums.iter().fold([0.0; 2], |all, part| [all[0] + part[0] as f64, all[1] + part[1] as f64]);
    let ends = graph.targets().len() as f64;
    let (degree, neighbour_degree) = (ends / f64::max(connected, 1.0), paths / f64::max(ends, 1.0));

    if neighbour_degree <= SHORT {
        direct::count_short(graph, ctx)
    } else if neighbour_degree <= FLAT * degree && neighbour_degree <= LONG {
        direct::count(graph, ctx)
    } else {
        words::count(graph, ctx)
    }
}

/// Rows so short that no preparation pays.
const SHORT: f64 = 8.0;

/// The degree of neighbours over that of vertices up to which another order would cost more than it saves.
const FLAT: f64 = 2.0;

/// Rows so long that words pay in any case.
const LONG: f64 = 128.0;

/// What one thread at a time works with, made when it is first needed: as many as there are threads.
struct Workspaces<T>(Mutex<Vec<T>>);

impl<T> Workspaces<T> {
    fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn with<R>(&self, make: impl FnOnce() -> Result<T>, work: impl FnOnce(&mut T) -> R) -> Result<R> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut workspace = free.map_or_else(make, Ok)?;
        let result = work(&mut workspace);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        Ok(result)
    }

    fn into_all(self) -> Vec<T> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts that all threads add to. Zeros are pages that nobody has touched.
type SharedCounts = TrackedVec<AtomicU64>;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A simple graph with these edges among others that hold no triangle.
    fn simple(n: usize, edges: &[(u32, u32)]) -> Adjacency {
        let mut rows = vec![std::collections::BTreeSet::new(); n];
        for (u, v) in edges.iter().filter(|(u, v)| u != v) {
            rows[*u as usize].insert(*v);
            rows[*v as usize].insert(*u);
        }
        let mut offsets = vec![0];
        for row in &rows {
            offsets.push(offsets[offsets.len() - 1] + row.len() as u64);
        }
        Adjacency::from_parts(offsets, rows.into_iter().flatten().collect())
    }

    fn slow(graph: &Adjacency) -> Vec<i64> {
        let has = |u: u32, v: u32| graph.row(u as usize).binary_search(&v).is_ok();
        let around = |v: usize| {
            let row = graph.row(v);
            row.iter().map(|a| row.iter().filter(|b| a < *b && has(*a, **b)).count() as i64).sum()
        };
        (0..graph.num_rows()).map(around).collect()
    }

    fn check(graph: &Adjacency) {
        let want = slow(graph);
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let methods = [direct::count_short, direct::count, words::count].map(|method| method(graph, &ctx).unwrap());
            for got in &methods {
                assert_eq!(got.of_vertices.to_vec(), want);
                assert_eq!(got.total as i64, want.iter().sum::<i64>() / 3);
            }
            drop(methods);
            assert_eq!(ctx.memory().used(), 0);
        }
    }

    #[test]
    fn all_methods_count_degenerate_graphs() {
        check(&simple(0, &[]));
        check(&simple(1, &[]));
        check(&simple(70, &[(0, 69), (69, 33), (33, 0)]));
        let complete: Vec<_> = (0..130).flat_map(|u| (0..u).map(move |v| (u, v))).collect();
        check(&simple(130, &complete));
    }

    #[test]
    fn corners_beyond_the_hubs_are_counted() {
        // Triangles whose least corner has a rank above the counters of the workspaces.
        let n = 3 * words::HUBS as u32;
        let edges: Vec<_> =
            (0..n / 3).flat_map(|t| [(3 * t, 3 * t + 1), (3 * t + 1, 3 * t + 2), (3 * t, 3 * t + 2)]).collect();
        let ctx = Context::default().with_threads(2);
        assert!(words::count(&simple(n as usize, &edges), &ctx).unwrap().of_vertices.iter().all(|c| *c == 1));
    }

    proptest! {
        #[test]
        fn all_methods_count_arbitrary_graphs(edges in prop::collection::vec((0..100u32, 0..100u32), 0..700)) {
            check(&simple(100, &edges));
        }
    }
}
