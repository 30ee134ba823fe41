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
mod bfs;
mod component_ids;
mod components;
mod condensation;
mod cycle;
mod degree;
mod dfs;
mod edges;
mod graph;
mod ids;
mod pagerank;
mod result;
mod stack;
mod strong_search;
mod strongly_connected_components;
mod topological_sort;
mod vertex_set;
mod vertices;
mod weights;

pub use adjacency::{Adjacency, Orientation};
pub use bfs::{BFS, bfs};
pub use components::{CONNECTED_COMPONENTS, connected_components};
pub use condensation::{CONDENSATION, condensation};
pub use cycle::{FIND_CYCLE, find_cycle};
pub use degree::{DEGREE, degree};
pub use dfs::{DFS, dfs};
pub use edges::{EdgeInput, GRAPH_FROM_EDGES};
pub use graph::Graph;
pub use pagerank::{PAGERANK, pagerank, work as pagerank_work};
pub use strongly_connected_components::{STRONGLY_CONNECTED_COMPONENTS, strongly_connected_components};
pub use topological_sort::{TOPOLOGICAL_SORT, topological_sort};

use pf_base::registry::Kernel;

/// The kernels of this crate.
pub const KERNELS: &[&Kernel] = &[
    &GRAPH_FROM_EDGES,
    &DEGREE,
    &BFS,
    &DFS,
    &TOPOLOGICAL_SORT,
    &FIND_CYCLE,
    &PAGERANK,
    &CONNECTED_COMPONENTS,
    &STRONGLY_CONNECTED_COMPONENTS,
    &CONDENSATION,
];
