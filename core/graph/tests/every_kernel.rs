//! Every kernel of the registry on the same graphs: degenerate ones, and ordinary ones large enough for threads to
//! share. A kernel gives the same bits for 1, 2 and 7 threads, and a right answer or a clear error everywhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Result, Value};
use pf_graph_core::{
    Graph, KERNELS, betweenness, bfs, closeness, clustering_coefficient, condensation, connected_components,
    core_number, degree, degree_centrality, dfs, edges, find_cycle, has_edge, neighbors, pagerank, path, shortest_path,
    strongly_connected_components, topological_sort, triangles,
};

/// A graph as the user gives it.
#[derive(Clone, Default)]
struct Given {
    source: Vec<i64>,
    target: Vec<i64>,
    weight: Option<Vec<f64>>,
    vertices: Option<Vec<i64>>,
    positions: Option<i64>,
    undirected: bool,
}

impl Given {
    fn edges(edges: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let (source, target) = edges.into_iter().unzip();
        Self { source, target, ..Self::default() }
    }

    fn build(&self, ctx: &Context) -> Result<Graph> {
        let mut options = Options::default().with("directed", Value::Bool(!self.undirected));
        if self.weight.is_some() {
            options.set("weight", Value::Str("weight".to_owned()));
        }
        if let Some(n) = self.positions {
            options.set("num_vertices", Value::I64(n));
        }
        let vertices = self.vertices.clone().map(Ids::Int);
        let (source, target) = (Ids::Int(self.source.clone()), Ids::Int(self.target.clone()));
        graph(&source, &target, self.weight.as_deref(), vertices.as_ref(), &options, 4096, ctx)
    }
}

/// One call of every kernel that the registry names; `heavy` includes those that take a search per vertex.
fn call(kernel: &str, graph: &Graph, weighted: bool, ctx: &Context) -> Result<RecordBatch> {
    let ids = graph.vertex_ids(ctx)?;
    let some: ArrayRef = ids.slice(0, ids.len().min(3));
    let last: ArrayRef = ids.slice(ids.len().saturating_sub(1), ids.len().min(1));
    let first: ArrayRef = ids.slice(0, ids.len().min(1));
    let none = Options::default();
    let mut weight = Options::default();
    if weighted {
        weight.set("weight", Value::Str("weight".to_owned()));
    }
    match kernel {
        "degree" => degree(graph, &none, ctx),
        "neighbors" => neighbors(graph, &some, &none.with("mode", Value::Str("all".to_owned())), ctx),
        "has_edge" => has_edge(graph, &some, &some, &none, ctx),
        "edges" => edges(graph, &none, ctx),
        "bfs" => bfs(graph, &some, None, &none, ctx),
        "dfs" => dfs(graph, None, &none.with("forest", Value::Bool(true)), ctx),
        "topological_sort" => topological_sort(graph, &none, ctx),
        "find_cycle" => find_cycle(graph, &none, ctx),
        "shortest_path" => shortest_path(graph, &some, None, &weight, ctx),
        "path" => path(graph, &first, &last, &weight, ctx),
        "pagerank" => pagerank(graph, None, &weight, ctx),
        "connected_components" => connected_components(graph, &none, ctx),
        "strongly_connected_components" => strongly_connected_components(graph, &none, ctx),
        "condensation" => condensation(graph, &none, ctx),
        "triangles" => triangles(graph, &none, ctx),
        "clustering_coefficient" => clustering_coefficient(graph, &none, ctx),
        "core_number" => core_number(graph, &none, ctx),
        "betweenness" => {
            let samples = graph.num_vertices().min(5);
            if samples > 0 {
                weight.set("samples", Value::I64(samples as i64));
            }
            betweenness(graph, None, &weight, ctx)
        }
        "closeness" => closeness(graph, Some(&some), &weight, ctx),
        "degree_centrality" => degree_centrality(graph, &none, ctx),
        other => panic!("the registry has the kernel '{other}': give it a call here"),
    }
}

/// The kernels that run on a graph.
fn kernels() -> impl Iterator<Item = &'static str> {
    KERNELS.iter().map(|k| k.name).filter(|name| *name != "graph_from_edges")
}

/// A graph for each of 1, 2 and 7 threads.
struct Built(Vec<(Context, Graph, bool)>);

impl Built {
    fn new(given: &Given) -> Self {
        let build = |threads| {
            let ctx = Context::default().with_threads(threads);
            let graph = given.build(&ctx).unwrap();
            (ctx, graph, given.weight.is_some())
        };
        Self([1, 2, 7].into_iter().map(build).collect())
    }

    /// Runs a kernel for all numbers of threads, and gives what all of them gave.
    fn same_bits(&self, kernel: &str) -> Result<RecordBatch> {
        let mut results = self.0.iter().map(|(ctx, graph, weighted)| call(kernel, graph, *weighted, ctx));
        let one = results.next().unwrap();
        for (other, threads) in results.zip([2, 7]) {
            match (&one, &other) {
                (Ok(a), Ok(b)) => assert!(bits(a) == bits(b), "{kernel}: other bits for {threads} threads"),
                (Err(a), Err(b)) => assert_eq!(a.to_string(), b.to_string(), "{kernel}, {threads} threads"),
                (a, b) => panic!("{kernel}, {threads} threads: {} and {}", a.is_ok(), b.is_ok()),
            }
        }
        one
    }
}

/// A batch whose floats are compared by their bits.
fn bits(batch: &RecordBatch) -> (Vec<(String, ArrayRef)>, BTreeMap<String, String>) {
    let column = |(field, array): (&Arc<arrow_schema::Field>, &ArrayRef)| {
        let array = match array.as_primitive_opt::<Float64Type>() {
            Some(floats) => Arc::new(floats.unary::<_, Int64Type>(|v| v.to_bits() as i64)) as ArrayRef,
            None => array.clone(),
        };
        (field.name().clone(), array)
    };
    let schema = batch.schema();
    let facts = schema.metadata().clone().into_iter().collect();
    (schema.fields().iter().zip(batch.columns()).map(column).collect(), facts)
}

fn integers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    batch[name].as_primitive::<Int64Type>().iter().collect()
}

fn floats(batch: &RecordBatch, name: &str) -> Vec<f64> {
    batch[name].as_primitive::<Float64Type>().values().to_vec()
}

fn fact(batch: &RecordBatch, name: &str) -> String {
    batch.schema().metadata()[&format!("parquetframe.{name}")].clone()
}

/// Edges of a small generator with 64 bits of state.
fn random(n: u64, edges: u64) -> Given {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The square of a uniform number: a few vertices get most edges.
        let unit = (state >> 11) as f64 / (1u64 << 53) as f64;
        (unit * unit * n as f64) as i64
    };
    Given::edges((0..edges).map(|_| (next(), next())).collect::<Vec<_>>())
}

#[test]
fn ordinary_graphs_give_the_same_bits_for_any_number_of_threads() {
    let mut directed = random(6000, 40_000);
    directed.weight = Some((0..40_000).map(|i| f64::from(i % 17) + 0.25).collect());
    let undirected = Given { undirected: true, ..directed.clone() };
    let acyclic = Given::edges(directed.source.iter().zip(&directed.target).map(|(s, t)| (*s.min(t), s.max(t) + 1)));
    for (name, given) in [("directed", &directed), ("undirected", &undirected), ("acyclic", &acyclic)] {
        let built = Built::new(given);
        for kernel in kernels() {
            let result = built.same_bits(kernel);
            let refused = kernel == "topological_sort" && name != "acyclic";
            match result {
                Ok(batch) => {
                    let may_be_empty = kernel == "find_cycle" || kernel == "condensation" && given.undirected;
                    assert!(!refused && (batch.num_rows() > 0 || may_be_empty), "{kernel} on {name}");
                }
                Err(e) => assert!(refused && e.code() == Code::InvalidArgument, "{kernel} on {name}: {e}"),
            }
        }
    }
}

/// Rows of the kernels that give a row per vertex.
const PER_VERTEX: [&str; 13] = [
    "degree",
    "bfs",
    "dfs",
    "shortest_path",
    "pagerank",
    "connected_components",
    "strongly_connected_components",
    "triangles",
    "clustering_coefficient",
    "core_number",
    "betweenness",
    "degree_centrality",
    "closeness",
];

/// Degenerate graphs with their number of vertices.
fn degenerate() -> Vec<(&'static str, Given, usize)> {
    let mut all = vec![
        ("empty", Given::default(), 0),
        ("no positions", Given { positions: Some(0), ..Given::default() }, 0),
        ("one vertex", Given { positions: Some(1), ..Given::default() }, 1),
        ("no edges", Given { vertices: Some(vec![5, -3, 5]), ..Given::default() }, 2),
        ("one loop", Given::edges([(7, 7)]), 1),
        ("only loops", Given::edges([(0, 0), (1, 1), (1, 1), (2, 2)]), 3),
        ("parallel edges", Given::edges([(0, 1), (0, 1), (1, 0), (0, 1)]), 2),
        ("disconnected", Given::edges([(0, 1), (2, 3), (4, 4)]), 5),
        ("the highest vertex is isolated", Given { positions: Some(6), ..Given::edges([(0, 1), (1, 2)]) }, 6),
        ("vertices given twice", Given { vertices: Some(vec![9, 1, 9, 1]), ..Given::edges([(1, 2), (2, 1)]) }, 3),
        ("ids at the limits", Given::edges([(i64::MIN, i64::MAX), (i64::MAX, 0), (0, i64::MIN)]), 3),
        ("weights of zero", Given { weight: Some(vec![0.0; 3]), ..Given::edges([(0, 1), (1, 2), (2, 0)]) }, 3),
        ("least weights", Given { weight: Some(vec![f64::MIN_POSITIVE; 2]), ..Given::edges([(0, 1), (1, 2)]) }, 3),
    ];
    let undirected: Vec<_> =
        all.iter().map(|(name, given, n)| (*name, Given { undirected: true, ..given.clone() }, *n)).collect();
    all.extend(undirected);
    all
}

#[test]
fn degenerate_graphs_have_a_right_answer_or_a_clear_error() {
    for (name, given, n) in degenerate() {
        let built = Built::new(&given);
        for kernel in kernels() {
            match built.same_bits(kernel) {
                Ok(batch) => {
                    let rows = if kernel == "closeness" { n.min(3) } else { n };
                    assert!(!PER_VERTEX.contains(&kernel) || batch.num_rows() == rows, "{kernel} on {name}");
                    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
                        if let Some(values) = column.as_primitive_opt::<Float64Type>() {
                            let good = values.iter().flatten().all(|v| v.is_finite() && v >= 0.0);
                            assert!(good, "{kernel} on {name}: {}", field.name());
                        }
                    }
                }
                Err(e) => {
                    assert_eq!(e.code(), Code::InvalidArgument, "{kernel} on {name}: {e}");
                    let expected = match kernel {
                        "topological_sort" => e.message().contains("cycle") || given.undirected,
                        // No vertex to start from.
                        "bfs" | "shortest_path" | "path" => n == 0,
                        "pagerank" => name == "least weights" && e.message().contains("normalised"),
                        _ => false,
                    };
                    assert!(expected, "{kernel} on {name}: {e}");
                }
            }
        }
    }
}

#[test]
fn weights_that_are_no_lengths_are_refused() {
    for (bad, part) in [(-1.0, "negative"), (f64::INFINITY, "infinite"), (f64::NEG_INFINITY, "infinite")] {
        let given = Given { weight: Some(vec![1.0, bad, 1.0]), ..Given::edges([(0, 1), (1, 2), (2, 0)]) };
        for kernel in ["shortest_path", "path", "pagerank", "betweenness", "closeness"] {
            let result = Built::new(&given).same_bits(kernel);
            if bad == -1.0 && ["shortest_path", "path"].contains(&kernel) {
                // 0 -> 1 -> 2 -> 0 sums to 1, so there are shortest paths; all three are sources of the first kernel.
                let to_the_last = if kernel == "path" { 0.0 } else { -1.0 };
                assert_eq!(floats(&result.unwrap(), "distance").last(), Some(&to_the_last), "{kernel}");
                continue;
            }
            let e = result.unwrap_err();
            assert_eq!(e.code(), Code::InvalidArgument, "{kernel} with {bad}: {e}");
            let named = e.message().contains("weight");
            assert!(named, "{kernel} with {bad} ({part}): {e}");
        }
    }
    let given = Given { weight: Some(vec![1.0, f64::NAN, 1.0]), ..Given::edges([(0, 1), (1, 2), (2, 0)]) };
    let e = given.build(&Context::default()).unwrap_err();
    assert!(e.code() == Code::InvalidArgument && e.message().contains("NaN"), "{e}");
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_star_of_a_million_rays() {
    let n = 1_000_001;
    let given = Given { undirected: true, positions: Some(n), ..Given::edges((1..n).map(|ray| (0, ray))) };
    let built = Built::new(&given);
    for kernel in kernels() {
        let batch = built.same_bits(kernel);
        let Ok(batch) = batch else {
            assert_eq!(kernel, "topological_sort");
            continue;
        };
        match kernel {
            "degree" => assert_eq!(integers(&batch, "degree")[..2], [Some(n - 1), Some(1)]),
            "bfs" => assert_eq!(integers(&batch, "distance")[..4], [Some(0), Some(0), Some(0), Some(1)]),
            "dfs" => assert_eq!(integers(&batch, "finish_time")[0], Some(2 * n - 1)),
            "pagerank" => assert!((floats(&batch, "rank").iter().sum::<f64>() - 1.0).abs() < 1e-9),
            "connected_components" | "strongly_connected_components" => assert_eq!(fact(&batch, "components"), "1"),
            "triangles" => assert_eq!(fact(&batch, "triangles"), "0"),
            "core_number" => assert_eq!(fact(&batch, "degeneracy"), "1"),
            "closeness" => assert_eq!(floats(&batch, "closeness")[0], 1.0),
            // All pairs of rays pass the hub, so whoever the sources are no ray lies between two others.
            "betweenness" => assert!(floats(&batch, "betweenness")[1..].iter().all(|b| *b == 0.0)),
            _ => {}
        }
    }
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_path_of_ten_million_vertices() {
    let n = 10_000_000i64;
    let given = Given { positions: Some(n), ..Given::edges((1..n).map(|v| (v - 1, v))) };
    // A search per thread and vertex of the path: one is enough to see that nothing recurses.
    for kernel in kernels() {
        let ctx = Context::default().with_threads(2);
        let graph = given.build(&ctx).unwrap();
        let batch = call(kernel, &graph, false, &ctx).unwrap_or_else(|e| panic!("{kernel}: {e}"));
        match kernel {
            // The first three are the sources.
            "bfs" => assert_eq!(integers(&batch, "distance").last(), Some(&Some(n - 3))),
            "shortest_path" => assert_eq!(floats(&batch, "distance").last(), Some(&((n - 3) as f64))),
            "path" => assert_eq!(batch.num_rows() as i64, n),
            "dfs" => assert_eq!(integers(&batch, "finish_time")[0], Some(2 * n - 1)),
            "topological_sort" => assert_eq!(fact(&batch, "layers"), n.to_string()),
            "find_cycle" => assert_eq!(batch.num_rows(), 0),
            "connected_components" => assert_eq!(fact(&batch, "components"), "1"),
            "strongly_connected_components" => assert_eq!(fact(&batch, "components"), n.to_string()),
            "condensation" => assert_eq!(batch.num_rows() as i64, n - 1),
            "core_number" => assert_eq!(fact(&batch, "degeneracy"), "1"),
            _ => {}
        }
    }
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_complete_graph_of_two_thousand_vertices() {
    let n = 2000i64;
    let pairs = (0..n).flat_map(|u| (u + 1..n).map(move |v| (u, v)));
    let given = Given { undirected: true, ..Given::edges(pairs) };
    let built = Built::new(&given);
    for kernel in kernels() {
        let Ok(batch) = built.same_bits(kernel) else {
            assert_eq!(kernel, "topological_sort");
            continue;
        };
        match kernel {
            "degree" => assert!(integers(&batch, "degree").iter().all(|d| *d == Some(n - 1))),
            "triangles" => assert_eq!(fact(&batch, "triangles"), (n * (n - 1) * (n - 2) / 6).to_string()),
            "clustering_coefficient" => assert!(floats(&batch, "clustering_coefficient").iter().all(|c| *c == 1.0)),
            "core_number" => assert_eq!(fact(&batch, "degeneracy"), (n - 1).to_string()),
            "betweenness" => assert!(floats(&batch, "betweenness").iter().all(|b| *b == 0.0)),
            "closeness" => assert!(floats(&batch, "closeness").iter().all(|c| *c == 1.0)),
            "degree_centrality" => assert!(floats(&batch, "degree_centrality").iter().all(|c| *c == 1.0)),
            "find_cycle" => assert!(batch.num_rows() >= 3),
            "edges" => assert_eq!(batch.num_rows() as i64, n * (n - 1) / 2),
            _ => {}
        }
    }
}

#[test]
fn every_kernel_that_can_run_long_ends_when_it_is_cancelled() {
    let given = random(20_000, 200_000);
    let ctx = Context::default().with_threads(2);
    let graph = given.build(&ctx).unwrap();
    for kernel in kernels() {
        let cancelled = Context::default().with_threads(2);
        cancelled.cancel_token().cancel();
        let result = call(kernel, &graph, false, &cancelled);
        let code = result.err().map(|e| e.code());
        let looked_up = ["has_edge", "neighbors"].contains(&kernel);
        assert!(code == Some(Code::Cancelled) || looked_up && code.is_none(), "{kernel}: {code:?}");
    }
}

#[test]
fn a_small_memory_limit_is_an_error_and_nothing_worse() {
    let given = random(20_000, 200_000);
    let graph = given.build(&Context::default()).unwrap();
    for kernel in kernels().filter(|k| !["has_edge", "neighbors"].contains(k)) {
        let ctx = Context::default().with_threads(2).with_memory_limit(10_000);
        let result = call(kernel, &graph, false, &ctx);
        if kernel != "topological_sort" {
            assert_eq!(result.err().map(|e| e.code()), Some(Code::OutOfMemory), "{kernel}");
        }
    }
    let sources: ArrayRef = Arc::new(Int64Array::from(vec![0]));
    assert!(bfs(&graph, &sources, None, &Options::default(), &Context::default()).is_ok());
}
