//! Algorithms against slow references on arbitrary small graphs, and against properties on larger ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Value};
use pf_graph_core::{Graph, Orientation, bfs, connected_components, degree, pagerank};
use proptest::prelude::*;

type Edge = (i64, i64, f64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default()
        .with("num_vertices", Value::I64(n))
        .with("directed", Value::Bool(directed))
        .with("weight", Value::Str("weight".to_owned()));
    let source = Ids::Int(edges.iter().map(|e| e.0).collect());
    let target = Ids::Int(edges.iter().map(|e| e.1).collect());
    let weight: Vec<f64> = edges.iter().map(|e| e.2).collect();
    graph(&source, &target, Some(&weight), None, &options, 50, ctx).unwrap()
}

/// Both directions of undirected edges, a loop once.
fn stored(edges: &[Edge], directed: bool) -> Vec<Edge> {
    let back = |e: &Edge| (!directed && e.0 != e.1).then_some((e.1, e.0, e.2));
    edges.iter().flat_map(|e| [Some(*e), back(e)]).flatten().collect()
}

fn integers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    batch[name].as_primitive::<Int64Type>().iter().collect()
}

fn ranks(batch: &RecordBatch) -> Vec<f64> {
    batch["rank"].as_primitive::<Float64Type>().values().to_vec()
}

/// Textbook queue search.
fn slow_bfs(edges: &[Edge], n: i64, sources: &[i64], max_depth: i64) -> Vec<Option<i64>> {
    let mut distance = vec![None; n as usize];
    let mut queue: VecDeque<i64> = sources.iter().copied().collect();
    sources.iter().for_each(|s| distance[*s as usize] = Some(0));
    while let Some(v) = queue.pop_front() {
        let d = distance[v as usize].unwrap();
        for e in edges.iter().filter(|e| e.0 == v && d < max_depth) {
            if distance[e.1 as usize].is_none() {
                distance[e.1 as usize] = Some(d + 1);
                queue.push_back(e.1);
            }
        }
    }
    distance
}

/// Labels spread until nothing changes.
fn slow_components(edges: &[Edge], n: i64) -> Vec<Option<i64>> {
    let mut label: Vec<i64> = (0..n).collect();
    loop {
        let before = label.clone();
        for e in edges {
            let low = label[e.0 as usize].min(label[e.1 as usize]);
            (label[e.0 as usize], label[e.1 as usize]) = (low, low);
        }
        if before == label {
            break;
        }
    }
    let mut first = label.clone();
    first.sort_unstable();
    first.dedup();
    label.iter().map(|l| first.binary_search(l).ok().map(|i| i as i64)).collect()
}

/// Power iteration over a dense matrix.
fn slow_pagerank(edges: &[Edge], n: i64, damping: f64, iterations: usize) -> Vec<f64> {
    let n = n as usize;
    let mut matrix = vec![vec![0.0; n]; n];
    edges.iter().for_each(|e| matrix[e.0 as usize][e.1 as usize] += e.2);
    for row in &mut matrix {
        let total: f64 = row.iter().sum();
        row.iter_mut().for_each(|x| *x = if total > 0.0 { *x / total } else { 1.0 / n as f64 });
    }
    let mut rank = vec![1.0 / n as f64; n];
    for _ in 0..iterations {
        let arriving = |v: usize| (0..n).map(|u| rank[u] * matrix[u][v]).sum::<f64>();
        rank = (0..n).map(|v| damping * arriving(v) + (1.0 - damping) / n as f64).collect();
    }
    rank
}

fn arbitrary() -> impl Strategy<Value = (i64, Vec<Edge>, bool)> {
    (1..25i64).prop_flat_map(|n| {
        let weight = prop_oneof![Just(0.0), Just(1.0), 0.1..9.0f64];
        (Just(n), prop::collection::vec((0..n, 0..n, weight), 0..60), any::<bool>())
    })
}

proptest! {
    #[test]
    fn adjacency_holds_every_edge_and_nothing_else((n, edges, directed) in arbitrary()) {
        let ctx = Context::default().with_threads(2);
        let g = build(&edges, n, directed, &ctx);
        prop_assert_eq!(g.num_edges(), edges.len() as u64);
        for orientation in [Orientation::Out, Orientation::In] {
            let rows = g.adjacency(orientation, &ctx).unwrap();
            let weights = rows.weights().unwrap().as_primitive::<Float64Type>();
            let cell = |v: i64, i: usize| (v, i64::from(rows.targets()[i]), weights.value(i));
            let got: Vec<Edge> = (0..n).flat_map(|v| rows.range(v as usize).map(move |i| cell(v, i))).collect();
            let turned = |e: &Edge| if orientation == Orientation::Out { *e } else { (e.1, e.0, e.2) };
            let mut want: Vec<Edge> = stored(&edges, directed).iter().map(turned).collect();
            // Stable: parallel edges stand in the order of the input.
            want.sort_by_key(|e| (e.0, e.1));
            prop_assert_eq!(got, want);
        }
    }

    #[test]
    fn bfs_is_the_textbook_search(
        (n, edges, directed) in arbitrary(),
        picks in prop::collection::vec(0..25i64, 1..3),
        max_depth in prop_oneof![Just(None), (0..4i64).prop_map(Some)],
    ) {
        let sources: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let all = stored(&edges, directed);
        let want = slow_bfs(&all, n, &sources, max_depth.unwrap_or(i64::MAX));
        let array: ArrayRef = Arc::new(Int64Array::from(sources));
        let options = max_depth.map_or_else(Options::default, |d| Options::default().with("max_depth", Value::I64(d)));
        for (threads, incoming) in [(1, false), (2, true), (7, false)] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            if incoming {
                // The pass over incoming edges must find the same predecessors as the one over outgoing edges.
                g.adjacency(Orientation::In, &ctx).unwrap();
            }
            let got = bfs(&g, &array, None, &options, &ctx).unwrap();
            prop_assert_eq!(integers(&got, "distance"), want.clone());
            prop_assert_eq!(integers(&got, "layer"), want.clone());
            let nearer = |v: i64| {
                let d = want[v as usize].filter(|d| *d > 0)?;
                all.iter().filter(|e| e.1 == v && want[e.0 as usize] == Some(d - 1)).map(|e| e.0).min()
            };
            prop_assert_eq!(integers(&got, "predecessor"), (0..n).map(nearer).collect::<Vec<_>>());
        }
    }

    #[test]
    fn components_are_the_closure_of_the_edges((n, edges, directed) in arbitrary()) {
        for (threads, incoming) in [(1, true), (2, false), (7, false)] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            if incoming {
                g.adjacency(Orientation::In, &ctx).unwrap();
            }
            let got = connected_components(&g, &Options::default(), &ctx).unwrap();
            prop_assert_eq!(integers(&got, "component_id"), slow_components(&edges, n));
        }
    }

    #[test]
    fn pagerank_is_the_power_iteration((n, edges, directed) in arbitrary(), damping in 0.01..0.99f64, weighted: bool) {
        let mut all = stored(&edges, directed);
        if !weighted {
            all.iter_mut().for_each(|e| e.2 = 1.0);
        }
        let want = slow_pagerank(&all, n, damping, 30);
        let mut options = Options::default()
            .with("damping", Value::F64(damping))
            .with("tolerance", Value::F64(0.0))
            .with("max_iterations", Value::I64(30));
        if weighted {
            options.set("weight", Value::Str("weight".to_owned()));
        }
        let got: Vec<Vec<f64>> = [1, 2, 7]
            .map(|threads| {
                let ctx = Context::default().with_threads(threads);
                ranks(&pagerank(&build(&edges, n, directed, &ctx), None, &options, &ctx).unwrap())
            })
            .to_vec();
        prop_assert!(got[0].iter().zip(&want).all(|(g, w)| (g - w).abs() < 1e-12), "{:?} {:?}", got[0], want);
        prop_assert!((got[0].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let bits = |r: &Vec<f64>| r.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&got[0]), bits(&got[1]));
        prop_assert_eq!(bits(&got[0]), bits(&got[2]));
    }

    #[test]
    fn degrees_count_the_ends((n, edges, directed) in arbitrary()) {
        let ctx = Context::default();
        let g = build(&edges, n, directed, &ctx);
        for mode in ["out", "in", "all"] {
            let options = Options::default().with("mode", Value::Str(mode.to_owned()));
            let count = |v: i64| {
                let ends = |e: &Edge| match (mode, directed) {
                    ("out", true) => i64::from(e.0 == v),
                    ("in", true) => i64::from(e.1 == v),
                    _ => i64::from(e.0 == v) + i64::from(e.1 == v),
                };
                Some(edges.iter().map(ends).sum::<i64>())
            };
            let got = degree(&g, &options, &ctx).unwrap();
            prop_assert_eq!(integers(&got, "degree"), (0..n).map(count).collect::<Vec<_>>());
        }
    }
}

/// Large enough for several tasks and partitions, and for bottom-up steps; ids with gaps.
fn large(directed: bool, ctx: &Context) -> Graph {
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let n = 40_000;
    // Half of the ends fall on few vertices.
    let mut end = || 3 * if random() % 2 == 0 { random() % n } else { random() % 64 } as i64;
    let edges: (Vec<i64>, Vec<i64>) = (0..400_000).map(|_| (end(), end())).unzip();
    let options = Options::default().with("directed", Value::Bool(directed));
    graph(&Ids::Int(edges.0), &Ids::Int(edges.1), None, None, &options, 65_536, ctx).unwrap()
}

#[test]
fn large_results_have_the_same_bits_for_any_number_of_threads() {
    for directed in [true, false] {
        let results = [1, 2, 7].map(|threads| {
            let ctx = Context::default().with_threads(threads);
            let g = large(directed, &ctx);
            let source: ArrayRef = Arc::new(Int64Array::from(vec![0]));
            [
                bfs(&g, &source, None, &Options::default(), &ctx).unwrap(),
                pagerank(&g, None, &Options::default(), &ctx).unwrap(),
                connected_components(&g, &Options::default(), &ctx).unwrap(),
                degree(&g, &Options::default(), &ctx).unwrap(),
            ]
        });
        assert_eq!(results[0], results[1]);
        assert_eq!(results[0], results[2]);
        // Distances differ by at most one along an edge, and every reached vertex but the source has a nearer
        // neighbour.
        let ctx = Context::default();
        let g = large(directed, &ctx);
        let distance = integers(&results[0][0], "distance");
        for v in 0..g.num_vertices() {
            for t in g.adjacency(Orientation::Out, &Context::default()).unwrap().row(v) {
                if let Some(d) = distance[v] {
                    assert!(distance[*t as usize].is_some_and(|e| e <= d + 1));
                }
            }
        }
        let predecessor = &results[0][0]["predecessor"];
        assert!((0..g.num_vertices()).all(|v| predecessor.is_null(v) == matches!(distance[v], None | Some(0))));
    }
}

#[test]
fn long_paths_and_wide_stars() {
    let ctx = Context::default().with_threads(2);
    let n = 200_000;
    let source: ArrayRef = Arc::new(Int64Array::from(vec![0]));
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v, 1.0)).collect();
    let g = build(&path, n, true, &ctx);
    let got = bfs(&g, &source, None, &Options::default(), &ctx).unwrap();
    assert_eq!(integers(&got, "distance"), (0..n).map(Some).collect::<Vec<_>>());
    let components = connected_components(&g, &Options::default(), &ctx).unwrap();
    assert_eq!(components.schema().metadata()["parquetframe.components"], "1");
    let star: Vec<Edge> = (1..n).map(|v| (0, v, 1.0)).collect();
    let got = bfs(&build(&star, n, false, &ctx), &source, None, &Options::default(), &ctx).unwrap();
    assert_eq!(integers(&got, "predecessor")[1..], vec![Some(0); n as usize - 1]);
}

#[test]
fn a_memory_limit_is_an_error_that_names_what_needed_it() {
    let ctx = Context::default().with_memory_limit(100_000);
    let ids = Ids::Int((0..50_000).collect());
    let e = graph(&ids, &ids, None, None, &Options::default(), 65_536, &ctx).unwrap_err();
    assert_eq!(e.code(), Code::OutOfMemory);
    assert!(e.message().contains("memory limit of 100000 bytes"), "{e}");
    assert_eq!(ctx.memory().used(), 0);
}

#[test]
fn many_positions_and_few_edges_take_memory_by_the_vertex() {
    let n = 20_000_000;
    let ctx = Context::default().with_threads(2).with_memory_limit(8 * n + 4_000_000);
    let options = Options::default().with("num_vertices", Value::I64(n as i64));
    let ends = |step: i64| Ids::Int((0..1000).map(|i| i * step).collect());
    let g = graph(&ends(1), &ends(19_999), None, None, &options, 65_536, &ctx).unwrap();
    let outgoing = g.adjacency(Orientation::Out, &Context::default()).unwrap();
    assert_eq!((g.num_vertices(), outgoing.row(999)), (n as usize, &[999 * 19_999][..]));
    assert_eq!(outgoing.offsets()[1000..], vec![1000; n as usize - 999]);
}

#[test]
fn a_graph_under_construction_is_counted_in_full() {
    let ctx = Context::default().with_threads(2);
    let ids = Ids::Int((0..100_000).collect());
    let g = graph(&ids, &ids, None, None, &Options::default(), 65_536, &ctx).unwrap();
    // The edges as they came and as they are kept, where they are sorted too; the offsets.
    let least = (16 + 4 + 8) * g.num_edges();
    assert!(ctx.memory().peak() >= least && ctx.memory().peak() < least + 1_000_000, "{}", ctx.memory().peak());
    assert_eq!(ctx.memory().used(), 0);
}

#[test]
fn weights_that_cannot_be_normalised_are_refused() {
    let ctx = Context::default();
    let options = Options::default().with("weight", Value::Str("weight".to_owned()));
    for weights in [[1e308, 1e308], [5e-324, 0.0]] {
        let g = build(&[(0, 1, weights[0]), (0, 2, weights[1])], 3, true, &ctx);
        let e = pagerank(&g, None, &options, &ctx).unwrap_err();
        assert!(e.code() == Code::InvalidArgument && e.message().contains("cannot be normalised"), "{e}");
    }
    let g = build(&[(0, 1, 1e-300), (0, 2, 1e-300)], 3, true, &ctx);
    let sum: f64 = ranks(&pagerank(&g, None, &options, &ctx).unwrap()).iter().sum();
    assert!((sum - 1.0).abs() < 1e-12);
}

#[test]
fn searches_give_the_same_with_and_without_the_incoming_edges() {
    let ctx = Context::default().with_threads(2);
    let g = large(true, &ctx);
    let source: ArrayRef = Arc::new(Int64Array::from(vec![0]));
    let results: Vec<RecordBatch> =
        (0..5).map(|_| bfs(&g, &source, None, &Options::default(), &ctx).unwrap()).collect();
    assert!(g.incoming_if_built().is_some(), "built once it pays");
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn threads_that_race_for_the_incoming_edges_share_them() {
    let ctx = Context::default().with_threads(2);
    let g = large(true, &ctx);
    let addresses: Vec<usize> = std::thread::scope(|scope| {
        let rows = || g.adjacency(Orientation::In, &ctx).unwrap().targets().as_ptr().addr();
        let racers: Vec<_> = (0..8).map(|_| scope.spawn(rows)).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert!(addresses.iter().all(|a| *a == addresses[0]));
}

#[test]
fn a_cancelled_context_stops_every_kernel() {
    let ctx = Context::default();
    let g = large(true, &ctx);
    ctx.cancel_token().cancel();
    let source: ArrayRef = Arc::new(Int64Array::from(vec![0]));
    let options = Options::default();
    let ends = [
        bfs(&g, &source, None, &options, &ctx).map(|_| ()),
        pagerank(&g, None, &options, &ctx).map(|_| ()),
        connected_components(&g, &options, &ctx).map(|_| ()),
        degree(&g, &options, &ctx).map(|_| ()),
    ];
    assert!(ends.into_iter().all(|end| end.unwrap_err().code() == Code::Cancelled));
}
