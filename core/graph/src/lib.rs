//! Graphs: vertex ids, CSR and CSC, algorithms.
//!
//! A [`Graph`] is made of an [`EdgeInput`], which is collected from a [`BatchSource`](pf_base::BatchSource) on the
//! thread of the caller; everything after that runs in parallel and gives the same bits for any number of threads.
//! Every algorithm is a function of graph, options and context that returns one record batch, a row per vertex in
//! vertex order; [`KERNELS`] lists them.
//!
//! ```
//! use std::sync::Arc;
//! use arrow_array::{Int64Array, RecordBatch, RecordBatchIterator, cast::AsArray, types::Float64Type};
//! use pf_base::{Context, Options, StreamSource};
//! use pf_graph_core::{EdgeInput, Graph, pagerank};
//!
//! # fn main() -> pf_base::Result<()> {
//! let ends = |v: Vec<i64>| Arc::new(Int64Array::from(v)) as arrow_array::ArrayRef;
//! let batch = RecordBatch::try_from_iter([("from", ends(vec![10, 20])), ("to", ends(vec![20, 30]))])?;
//! let schema = batch.schema();
//! let mut edges = StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema));
//! let (options, context) = (Options::default(), Context::default());
//! let input = EdgeInput::collect(&mut edges, "from", "to", None, &options, &context)?;
//! let graph = Graph::build(input, &context)?;
//! let ranks = pagerank(&graph, None, &options, &context)?;
//! assert_eq!(ranks["vertex"].as_ref(), ends(vec![10, 20, 30]).as_ref());
//! assert!((ranks["rank"].as_primitive::<Float64Type>().values().iter().sum::<f64>() - 1.0).abs() < 1e-12);
//! # Ok(())
//! # }
//! ```

mod adjacency;
mod betweenness;
mod bfs;
mod brandes;
mod closeness;
mod clustering_coefficient;
mod columns;
mod component_ids;
mod condensation;
mod connected_components;
mod core_number;
mod degree;
mod degree_centrality;
mod dfs;
mod edge_list;
mod edges;
mod find_cycle;
mod frontier;
mod graph;
mod has_edge;
mod ids;
mod lengths;
mod many_sources;
mod neighbors;
mod one_pass;
mod operations;
mod packed;
mod pagerank;
mod path;
mod policies;
mod result;
mod shortest_path;
mod simple;
mod sort;
mod stack;
mod storage;
mod streaming;
mod strong_search;
mod strongly_connected_components;
mod survey;
mod topological_sort;
mod triangles;
mod vertex_set;
mod vertices;
mod weighted_search;
mod weights;

pub use adjacency::{Adjacency, Orientation};
pub use betweenness::{BETWEENNESS, betweenness};
pub use bfs::{BFS, bfs};
pub use closeness::{CLOSENESS, closeness};
pub use clustering_coefficient::{CLUSTERING_COEFFICIENT, clustering_coefficient};
pub use condensation::{CONDENSATION, condensation};
pub use connected_components::{CONNECTED_COMPONENTS, connected_components};
pub use core_number::{CORE_NUMBER, core_number};
pub use degree::{DEGREE, degree};
pub use degree_centrality::{DEGREE_CENTRALITY, degree_centrality};
pub use dfs::{DFS, dfs};
pub use edge_list::{EDGES, edges};
pub use edges::{EdgeInput, GRAPH_FROM_EDGES};
pub use find_cycle::{FIND_CYCLE, find_cycle};
pub use graph::Graph;
pub use has_edge::{HAS_EDGE, has_edge};
pub use neighbors::{NEIGHBORS, neighbors};
pub use pagerank::{PAGERANK, pagerank, work as pagerank_work};
pub use path::{PATH, path};
pub use shortest_path::{SHORTEST_PATH, shortest_path};
pub use strongly_connected_components::{STRONGLY_CONNECTED_COMPONENTS, strongly_connected_components};
pub use topological_sort::{TOPOLOGICAL_SORT, topological_sort};
pub use triangles::{TRIANGLES, triangles};

use pf_base::registry::Kernel;

/// The kernels of this crate.
pub const KERNELS: &[&Kernel] = &[
    &GRAPH_FROM_EDGES,
    &DEGREE,
    &NEIGHBORS,
    &HAS_EDGE,
    &EDGES,
    &BFS,
    &DFS,
    &TOPOLOGICAL_SORT,
    &FIND_CYCLE,
    &SHORTEST_PATH,
    &PATH,
    &PAGERANK,
    &CONNECTED_COMPONENTS,
    &STRONGLY_CONNECTED_COMPONENTS,
    &CONDENSATION,
    &TRIANGLES,
    &CLUSTERING_COEFFICIENT,
    &CORE_NUMBER,
    &BETWEENNESS,
    &CLOSENESS,
    &DEGREE_CENTRALITY,
];
