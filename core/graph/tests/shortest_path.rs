//! Shortest paths against dense relaxation on arbitrary small graphs, and against properties on larger ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Error, Options, Result, Value};
use pf_graph_core::{Graph, Orientation, path, shortest_path};
use proptest::prelude::*;

type Edge = (i64, i64, f64);

const METHODS: [&str; 4] = ["auto", "dijkstra", "delta_stepping", "bellman_ford"];

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

/// Both directions of undirected edges.
fn stored(edges: &[Edge], directed: bool) -> Vec<Edge> {
    let back = |e: &Edge| (!directed && e.0 != e.1).then_some((e.1, e.0, e.2));
    edges.iter().flat_map(|e| [Some(*e), back(e)]).flatten().collect()
}

fn ids(list: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(list.to_vec()))
}

fn weighted(method: &str) -> Options {
    Options::default().with("weight", text("weight")).with("method", text(method))
}

fn text(value: &str) -> Value {
    Value::Str(value.to_owned())
}

fn distances(batch: &RecordBatch) -> Vec<Option<f64>> {
    batch["distance"].as_primitive::<Float64Type>().iter().collect()
}

fn integers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    batch[name].as_primitive::<Int64Type>().iter().collect()
}

fn fact(batch: &RecordBatch, name: &str) -> String {
    batch.schema().metadata()[&format!("parquetframe.{name}")].clone()
}

/// All edges are relaxed `n` times; nothing if the distances still fall then.
fn slow_distances(edges: &[Edge], n: i64, sources: &[i64]) -> Option<Vec<Option<f64>>> {
    let mut distance = vec![None; n as usize];
    sources.iter().for_each(|s| distance[*s as usize] = Some(0.0));
    for _ in 0..=n {
        let before = distance.clone();
        for (u, v, w) in edges {
            if let Some(d) = distance[*u as usize].map(|d: f64| d + w)
                && distance[*v as usize].is_none_or(|known| d < known)
            {
                distance[*v as usize] = Some(d);
            }
        }
        if before == distance {
            return Some(distance);
        }
    }
    None
}

/// The rule of the documentation: rounds of "nearer", first by distance, then by edges that make no difference; by
/// edges from a source if some length is negative.
fn slow_predecessors(edges: &[Edge], distance: &[Option<f64>], sources: &[i64]) -> Vec<Option<i64>> {
    let n = distance.len();
    let negative = edges.iter().any(|e| e.2 < 0.0);
    let d = |v: i64| distance[v as usize];
    let tight = |e: &&Edge| d(e.0).is_some_and(|from| Some(from + e.2) == d(e.1));
    let is_source = |v: i64| sources.contains(&v) && d(v) == Some(0.0);
    let mut level: Vec<Option<usize>> = (0..n as i64).map(|v| is_source(v).then_some(0)).collect();
    let mut before = vec![None; n];
    if !negative {
        for v in 0..n as i64 {
            let nearer = edges.iter().filter(tight).filter(|e| e.1 == v && d(e.0) < d(v)).map(|e| e.0).min();
            if nearer.is_some() {
                (before[v as usize], level[v as usize]) = (nearer, Some(0));
            }
        }
    }
    for round in 0..n {
        for v in (0..n as i64).filter(|v| d(*v).is_some()) {
            if level[v as usize].is_none() {
                let from = |e: &&Edge| e.1 == v && level[e.0 as usize] == Some(round) && (negative || d(e.0) == d(v));
                before[v as usize] = edges.iter().filter(tight).filter(from).map(|e| e.0).min();
                level[v as usize] = before[v as usize].map(|_| round + 1);
            }
        }
    }
    before
}

/// Lengths that clash: zeros, small integers with many ties, fractions that round, and few far apart.
fn length() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => Just(0.0),
        4 => (1..5i32).prop_map(f64::from),
        3 => 0.1..9.0f64,
        1 => Just(1e-300),
        1 => Just(1e17),
        1 => Just(0.1),
    ]
}

fn arbitrary() -> impl Strategy<Value = (i64, Vec<Edge>, bool)> {
    (1..25i64).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n, length()), 0..80), any::<bool>()))
}

proptest! {
    #[test]
    fn every_method_gives_the_least_sums(
        (n, edges, directed) in arbitrary(),
        picks in prop::collection::vec(0..25i64, 1..4),
        delta in prop_oneof![Just(None), Just(Some(1e-3)), Just(Some(1.5)), Just(Some(1e6))],
    ) {
        let sources: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let all = stored(&edges, directed);
        let want = slow_distances(&all, n, &sources).unwrap();
        let before = slow_predecessors(&all, &want, &sources);
        for method in METHODS {
            let mut options = weighted(method);
            if let Some(delta) = delta {
                options.set("delta", Value::F64(delta));
            }
            for (threads, incoming) in [(1, false), (2, true), (7, false)] {
                let ctx = Context::default().with_threads(threads);
                let g = build(&edges, n, directed, &ctx);
                if incoming {
                    g.adjacency(Orientation::In, &ctx).unwrap();
                }
                let got = shortest_path(&g, &ids(&sources), None, &options, &ctx).unwrap();
                // Equal numbers have equal bits here: there is no negative zero.
                prop_assert_eq!(distances(&got), want.clone(), "{} {}", method, threads);
                prop_assert_eq!(integers(&got, "predecessor"), before.clone(), "{} {}", method, threads);
                prop_assert_eq!(fact(&got, "reached"), want.iter().flatten().count().to_string());
                prop_assert!(method == "auto" || fact(&got, "method") == method);
                prop_assert_eq!(ctx.memory().used(), 0);
            }
        }
    }

    #[test]
    fn negative_lengths_give_the_least_sums_or_a_cycle(
        n in 1..12i64,
        ends in prop::collection::vec((0..12i64, 0..12i64, -2..6i32), 0..30),
        picks in prop::collection::vec(0..12i64, 1..3),
    ) {
        let edges: Vec<Edge> = ends.iter().map(|(u, v, w)| (u % n, v % n, f64::from(*w))).collect();
        let sources: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let want = slow_distances(&edges, n, &sources);
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, true, &ctx);
            match (&want, shortest_path(&g, &ids(&sources), None, &weighted("auto"), &ctx)) {
                (Some(want), Ok(got)) => {
                    prop_assert_eq!(distances(&got), want.clone());
                    prop_assert_eq!(integers(&got, "predecessor"), slow_predecessors(&edges, want, &sources));
                }
                (None, Err(e)) => {
                    prop_assert_eq!(e.code(), Code::InvalidArgument);
                    let cycle = shown_cycle(&e);
                    prop_assert_eq!(cycle.first(), cycle.last());
                    let least = |u: i64, v: i64| {
                        edges.iter().filter(|e| (e.0, e.1) == (u, v)).map(|e| e.2).reduce(f64::min).expect("an edge")
                    };
                    prop_assert!(cycle.windows(2).map(|pair| least(pair[0], pair[1])).sum::<f64>() < 0.0, "{}", e);
                }
                (want, got) => prop_assert!(false, "{:?} {:?}", want, got),
            }
        }
    }

    #[test]
    fn targets_cut_the_rows_that_are_farther(
        (n, edges, directed) in arbitrary(),
        picks in prop::collection::vec(0..25i64, 2..5),
    ) {
        let picks: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let (sources, targets) = picks.split_at(1);
        let all = stored(&edges, directed);
        let mut want = slow_distances(&all, n, sources).unwrap();
        let farthest = targets.iter().map(|t| want[*t as usize]).collect::<Option<Vec<f64>>>();
        let mut before = slow_predecessors(&all, &want, sources);
        if let Some(bound) = farthest.and_then(|all| all.into_iter().reduce(f64::max)) {
            for v in 0..n as usize {
                if want[v].is_some_and(|d| d > bound) {
                    (want[v], before[v]) = (None, None);
                }
            }
        }
        for (method, threads) in METHODS.into_iter().zip([1, 2, 7, 2]) {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            let got = shortest_path(&g, &ids(sources), Some(&ids(targets)), &weighted(method), &ctx).unwrap();
            prop_assert_eq!(distances(&got), want.clone(), "{}", method);
            prop_assert_eq!(integers(&got, "predecessor"), before.clone(), "{}", method);
            let only = weighted(method).with("reached_only", Value::Bool(true));
            let got = shortest_path(&g, &ids(sources), Some(&ids(targets)), &only, &ctx).unwrap();
            let rows = (0..n).filter(|v| want[*v as usize].is_some()).map(Some).collect::<Vec<_>>();
            prop_assert_eq!(integers(&got, "vertex"), rows);
            prop_assert!(distances(&got).iter().all(Option::is_some));
        }
    }

    #[test]
    fn a_path_goes_along_the_predecessors(
        (n, edges, directed) in arbitrary(),
        ends in (0..25i64, 0..25i64),
        is_weighted: bool,
    ) {
        let (source, target) = (ends.0 % n, ends.1 % n);
        let mut all = stored(&edges, directed);
        let mut options = Options::default();
        if is_weighted {
            options.set("weight", text("weight"));
        } else {
            all.iter_mut().for_each(|e| e.2 = 1.0);
        }
        let distance = slow_distances(&all, n, &[source]).unwrap();
        let before = slow_predecessors(&all, &distance, &[source]);
        let mut want = Vec::new();
        if distance[target as usize].is_some() {
            want = std::iter::successors(Some(target), |v| before[*v as usize]).map(Some).collect();
            want.reverse();
        }
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            let got = path(&g, &ids(&[source]), &ids(&[target]), &options, &ctx).unwrap();
            prop_assert_eq!(integers(&got, "vertex"), want.clone());
            let sums: Vec<_> = want.iter().map(|v| distance[v.unwrap() as usize]).collect();
            prop_assert_eq!(distances(&got), sums);
            prop_assert_eq!(fact(&got, "found"), (!want.is_empty()).to_string());
        }
    }

    #[test]
    fn without_weights_every_edge_is_one_step((n, edges, directed) in arbitrary(), pick in 0..25i64) {
        let mut all = stored(&edges, directed);
        all.iter_mut().for_each(|e| e.2 = 1.0);
        let want = slow_distances(&all, n, &[pick % n]).unwrap();
        let ctx = Context::default().with_threads(2);
        let g = build(&edges, n, directed, &ctx);
        for method in METHODS {
            let options = Options::default().with("method", text(method));
            let got = shortest_path(&g, &ids(&[pick % n]), None, &options, &ctx).unwrap();
            prop_assert_eq!(distances(&got), want.clone());
            prop_assert_eq!(integers(&got, "predecessor"), slow_predecessors(&all, &want, &[pick % n]));
            prop_assert_eq!(fact(&got, "method"), if method == "auto" { "bfs" } else { method });
        }
    }
}

/// The ids that the message of a negative cycle shows.
fn shown_cycle(e: &Error) -> Vec<i64> {
    let (_, list) = e.message().split_once("negative cycle: ").expect("a cycle");
    list.split(" -> ").map(|id| id.parse().expect("an id")).collect()
}

fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    }
}

/// Large enough for rounds on several threads: half of the ends fall on few vertices.
fn large(length: impl Fn(u64) -> f64) -> Vec<Edge> {
    let mut random = random(1);
    let mut end = move || 3 * if random().is_multiple_of(2) { random() % 10_000 } else { random() % 64 } as i64;
    let mut draw = self::random(2);
    (0..100_000).map(|_| (end(), end(), length(draw()))).collect()
}

/// No edge leads to less than it should, and some edge leads to exactly what every vertex has.
fn assert_is_fixed_point(g: &Graph, batch: &RecordBatch, source: usize, ctx: &Context) {
    let distance = distances(batch);
    let outgoing = g.adjacency(Orientation::Out, ctx).unwrap();
    let weights = outgoing.weights().unwrap().as_primitive::<Float64Type>();
    let mut best = vec![None; distance.len()];
    best[source] = Some(0.0);
    for (v, from) in distance.iter().enumerate() {
        for (t, edge) in outgoing.row(v).iter().zip(outgoing.range(v)) {
            if let Some(sum) = from.map(|from| from + weights.value(edge)) {
                let best = &mut best[*t as usize];
                *best = Some(best.map_or(sum, |known: f64| known.min(sum)));
            }
        }
    }
    assert_eq!(best, distance);
}

#[test]
fn large_results_have_the_same_bits_for_any_method_and_number_of_threads() {
    let kinds: [fn(u64) -> f64; 4] = [
        |r| (r % 255 + 1) as f64,
        |r| r as f64 / 1e9,
        |r| (r % 3) as f64,
        // Lengths over many orders of magnitude, beyond all buckets.
        |r| 10f64.powi((r % 40) as i32 - 20),
    ];
    for length in kinds {
        let ctx = Context::default().with_threads(2);
        let g = build(&large(length), 30_000, true, &ctx);
        let run = |method: &str, delta: Option<f64>, threads: usize| {
            let ctx = Context::default().with_threads(threads);
            let mut options = weighted(method);
            if let Some(delta) = delta {
                options.set("delta", Value::F64(delta));
            }
            shortest_path(&g, &ids(&[0]), None, &options, &ctx).unwrap()
        };
        let mut results = [1, 2, 7].map(|threads| run("auto", None, threads)).to_vec();
        // Buckets so wide that every round is shared.
        results.extend([1, 2, 7].map(|threads| run("delta_stepping", Some(1e9), threads)));
        results.extend(["dijkstra", "bellman_ford"].map(|method| run(method, None, 2)));
        assert_is_fixed_point(&g, &results[0], 0, &ctx);
        let auto = fact(&results[0], "method");
        assert_eq!(auto, "delta_stepping");
        assert!(results[..3].windows(2).all(|pair| pair[0] == pair[1]), "metadata and all");
        assert!(results.iter().all(|r| r.columns() == results[0].columns()));
    }
}

#[test]
fn negative_lengths_on_a_large_graph() {
    // Lengths between heights: every path's length is the difference of its ends plus what is spent on the way.
    let height = |v: i64| (v * 7919 % 1000) as f64;
    let edges: Vec<Edge> =
        large(|r| (r % 100) as f64).into_iter().map(|(u, v, w)| (u, v, w + height(v) - height(u))).collect();
    let level: Vec<Edge> = large(|r| (r % 100) as f64);
    let ctx = Context::default().with_threads(2);
    let g = build(&edges, 30_000, true, &ctx);
    let got = shortest_path(&g, &ids(&[0]), None, &weighted("auto"), &ctx).unwrap();
    assert_eq!(fact(&got, "method"), "bellman_ford");
    let flat = shortest_path(&build(&level, 30_000, true, &ctx), &ids(&[0]), None, &weighted("auto"), &ctx).unwrap();
    let raised: Vec<Option<f64>> =
        (0..).zip(distances(&flat)).map(|(v, d)| d.map(|d| d + height(v) - height(0))).collect();
    assert_eq!(distances(&got), raised);
    assert_predecessors_lead_to(&got, 0);

    // One edge too short closes a cycle.
    let mut short = edges;
    short.push((0, 0, -1.0));
    let e = shortest_path(&build(&short, 30_000, true, &ctx), &ids(&[0]), None, &weighted("auto"), &ctx).unwrap_err();
    assert_eq!(e.message(), "shortest_path: the sources reach a negative cycle: 0 -> 0");
}

fn assert_predecessors_lead_to(batch: &RecordBatch, source: usize) {
    let before = integers(batch, "predecessor");
    let distance = distances(batch);
    let mut leads = vec![false; before.len()];
    leads[source] = true;
    for v in 0..before.len() {
        let mut walk = vec![v];
        while let Some(u) = before[walk[walk.len() - 1]].filter(|_| !leads[walk[walk.len() - 1]]) {
            walk.push(u as usize);
            assert!(walk.len() <= before.len(), "a cycle of predecessors");
        }
        if distance[v].is_some() {
            assert!(leads[walk[walk.len() - 1]], "vertex {v} leads nowhere");
            walk.iter().for_each(|v| leads[*v] = true);
        } else {
            assert_eq!(before[v], None);
        }
    }
}

#[test]
fn a_large_part_without_length_has_predecessors() {
    let ctx = Context::default().with_threads(2);
    // A path, a grid's worth of ties, and back again, all of no length; then one step.
    let n = 20_000;
    let mut edges: Vec<Edge> = (1..n).map(|v| (v - 1, v, 0.0)).collect();
    edges.extend((1..n).map(|v| (v, v - 1, 0.0)));
    edges.extend((2..n).map(|v| (v - 2, v, 0.0)));
    edges.push((n - 1, n, 3.0));
    for incoming in [false, true] {
        let g = build(&edges, n + 1, true, &ctx);
        if incoming {
            g.adjacency(Orientation::In, &ctx).unwrap();
        }
        for method in METHODS {
            let got = shortest_path(&g, &ids(&[10]), None, &weighted(method), &ctx).unwrap();
            assert_eq!(distances(&got)[n as usize], Some(3.0));
            assert_predecessors_lead_to(&got, 10);
        }
    }
}

#[test]
fn long_paths_and_wide_stars() {
    let ctx = Context::default().with_threads(2);
    let n = 50_000i64;
    let steps: Vec<Edge> = (1..n).map(|v| (v - 1, v, (v % 7 + 1) as f64)).collect();
    let want: Vec<Option<f64>> = std::iter::once(Some(0.0))
        .chain(steps.iter().scan(0.0, |sum, e| {
            *sum += e.2;
            Some(Some(*sum))
        }))
        .collect();
    let g = build(&steps, n, true, &ctx);
    for method in METHODS {
        let got = shortest_path(&g, &ids(&[0]), None, &weighted(method), &ctx).unwrap();
        assert_eq!(distances(&got), want);
    }
    let got = path(&g, &ids(&[0]), &ids(&[n - 1]), &weighted("auto").clone(), &ctx).unwrap();
    assert_eq!(integers(&got, "vertex"), (0..n).map(Some).collect::<Vec<_>>());
    let spokes: Vec<Edge> = (1..n).map(|v| (0, v, (v % 100) as f64)).collect();
    let got = shortest_path(&build(&spokes, n, false, &ctx), &ids(&[5]), None, &weighted("auto"), &ctx).unwrap();
    assert_eq!(distances(&got)[199], Some(5.0 + 99.0));
    assert_eq!(integers(&got, "predecessor")[199], Some(0));
}

#[test]
fn the_lightest_of_parallel_edges_counts_and_loops_do_not() {
    let ctx = Context::default();
    let g = build(&[(0, 1, 5.0), (0, 1, 2.0), (0, 1, 7.0), (0, 0, 0.0), (1, 1, 1.0)], 3, true, &ctx);
    for method in METHODS {
        let got = shortest_path(&g, &ids(&[0]), None, &weighted(method), &ctx).unwrap();
        assert_eq!(distances(&got), [Some(0.0), Some(2.0), None]);
        assert_eq!(integers(&got, "predecessor"), [None, Some(0), None]);
    }
}

#[test]
fn weights_of_all_types_are_numbers() {
    use arrow_array::{Float32Array, Int8Array, RecordBatchIterator, UInt64Array};
    let ctx = Context::default();
    let columns: [ArrayRef; 4] = [
        Arc::new(Int8Array::from(vec![1, 2, 4])),
        Arc::new(UInt64Array::from(vec![1, 2, 4])),
        Arc::new(Float32Array::from(vec![1.0, 2.0, 4.0])),
        Arc::new(Int64Array::from(vec![1, 2, 4])),
    ];
    for column in columns {
        let batch =
            RecordBatch::try_from_iter([("s", ids(&[0, 1, 0])), ("t", ids(&[1, 2, 2])), ("w", column)]).unwrap();
        let schema = batch.schema();
        let mut edges = pf_base::StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema));
        let options = Options::default().with("weight", text("w"));
        let input = pf_graph_core::EdgeInput::collect(&mut edges, "s", "t", None, &options, &ctx).unwrap();
        let g = Graph::build(input, &ctx).unwrap();
        for method in METHODS {
            let options = Options::default().with("weight", text("w")).with("method", text(method));
            let got = shortest_path(&g, &ids(&[0]), None, &options, &ctx).unwrap();
            assert_eq!(distances(&got), [Some(0.0), Some(1.0), Some(3.0)]);
        }
    }
}

#[test]
fn equal_lengths_are_added_up_step_by_step() {
    let ctx = Context::default();
    let edges: Vec<Edge> = (1..50).map(|v| (v - 1, v, 0.1)).collect();
    let g = build(&edges, 50, true, &ctx);
    let results = METHODS.map(|m| shortest_path(&g, &ids(&[0]), None, &weighted(m), &ctx).unwrap());
    assert_eq!(fact(&results[0], "method"), "bfs");
    assert!(results.iter().all(|r| r.columns() == results[0].columns()));
    assert_ne!(distances(&results[0])[49], Some(4.9), "ten times 0.1 is not one, and so on");
}

#[test]
fn string_ids_are_shown_in_a_negative_cycle() {
    let ctx = Context::default();
    let names = |list: [&str; 4]| Ids::Text(list.map(str::to_owned).to_vec());
    let options = Options::default().with("weight", text("weight"));
    let weight = [1.0, 1.0, -3.0, 1.0];
    let (source, target) = (names(["a", "b", "c", "c"]), names(["b", "c", "b", "d"]));
    let g = graph(&source, &target, Some(&weight), None, &options, 10, &ctx).unwrap();
    let e = shortest_path(&g, &Ids::Text(vec!["a".to_owned()]).array(), None, &weighted("auto"), &ctx).unwrap_err();
    assert_eq!(e.code(), Code::InvalidArgument);
    assert_eq!(e.message(), "shortest_path: the sources reach a negative cycle: 'b' -> 'c' -> 'b'");
    // From d nothing of it is reached.
    shortest_path(&g, &Ids::Text(vec!["d".to_owned()]).array(), None, &weighted("auto"), &ctx).unwrap();
    // A negative edge of an undirected graph is a cycle of two.
    let g = build(&[(0, 1, -1.0)], 2, false, &ctx);
    let e = shortest_path(&g, &ids(&[0]), None, &weighted("auto"), &ctx).unwrap_err();
    assert_eq!(shown_cycle(&e), [0, 1, 0]);
    // A long one is cut short.
    let ring: Vec<Edge> = (0..1000).map(|v| (v, (v + 1) % 1000, if v == 500 { -1000.0 } else { 1.0 })).collect();
    let g = build(&ring, 1000, true, &ctx);
    let e = shortest_path(&g, &ids(&[7]), None, &weighted("auto"), &ctx).unwrap_err();
    assert!(e.message().contains("0 -> 1 -> 2") && e.message().ends_with("20 -> … (1000 vertices)"), "{e}");
}

#[test]
fn bad_arguments_are_named() {
    let ctx = Context::default();
    let g = build(&[(0, 1, 1.0), (1, 2, -1.0)], 3, true, &ctx);
    let one = ids(&[0]);
    let run = |options: Options| shortest_path(&g, &one, None, &options, &ctx);
    let message = |result: Result<RecordBatch>| {
        let e = result.unwrap_err();
        assert_eq!(e.code(), Code::InvalidArgument);
        e.message().to_owned()
    };
    for method in ["dijkstra", "delta_stepping"] {
        let wanted = "shortest_path: Dijkstra's algorithm requires non-negative edge weights";
        assert!(message(run(weighted(method))).starts_with(wanted));
    }
    assert!(message(run(weighted("a_star"))).contains("not 'a_star'"));
    assert_eq!(
        message(run(Options::default().with("weight", text("cost")))),
        "weight column 'cost' not found in graph edges"
    );
    for delta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(message(run(Options::default().with("delta", Value::F64(delta)))).contains("delta must be positive"));
    }
    let none = ids(&[]);
    assert!(message(shortest_path(&g, &none, None, &Options::default(), &ctx)).contains("at least one source"));
    assert!(message(shortest_path(&g, &one, Some(&none), &Options::default(), &ctx)).contains("at least one target"));
    assert!(message(shortest_path(&g, &ids(&[9]), None, &Options::default(), &ctx)).contains("sources: vertex 9"));
    assert!(
        message(shortest_path(&g, &one, Some(&ids(&[9])), &Options::default(), &ctx)).contains("targets: vertex 9")
    );
    let two = ids(&[0, 1]);
    assert!(message(path(&g, &two, &one, &Options::default(), &ctx)).contains("source must be one vertex, not 2"));
    assert!(message(path(&g, &one, &none, &Options::default(), &ctx)).contains("target must be one vertex, not 0"));

    let g = build(&[(0, 1, f64::INFINITY)], 2, true, &ctx);
    for method in METHODS {
        let e = shortest_path(&g, &one, None, &weighted(method), &ctx).unwrap_err();
        assert_eq!((e.code(), e.message()), (Code::InvalidArgument, "weight column 'weight' holds an infinite weight"));
    }
    // Without weights they do not matter.
    shortest_path(&g, &one, None, &Options::default(), &ctx).unwrap();
}

#[test]
fn a_sum_beyond_the_numbers_is_an_error() {
    let ctx = Context::default();
    let far = [(0, 1, 1e308), (1, 2, 1e308)];
    for (sign, methods) in [(1.0, &METHODS[..]), (-1.0, &METHODS[3..])] {
        let g = build(&far.map(|(u, v, w)| (u, v, sign * w)), 3, true, &ctx);
        for method in methods {
            let e = shortest_path(&g, &ids(&[0]), None, &weighted(method), &ctx).unwrap_err();
            assert_eq!(e.code(), Code::Arithmetic, "{method} {sign}");
        }
    }
}

#[test]
fn whole_lengths_may_add_up_to_more_than_32_bits() {
    let ctx = Context::default();
    let most = f64::from(u32::MAX);
    for steps in [[most - 2.0, 1.0, 1.0, 1.0], [4e9, 1.0, 4e9, 7.0], [1.0, 2f64.powi(40), 2f64.powi(52), 2f64.powi(60)]]
    {
        let edges: Vec<Edge> = (0..).zip(steps).map(|(v, w)| (v, v + 1, w)).collect();
        let want = slow_distances(&edges, 6, &[0]).unwrap();
        let g = build(&edges, 6, true, &ctx);
        for method in METHODS {
            let got = shortest_path(&g, &ids(&[0]), None, &weighted(method), &ctx).unwrap();
            assert_eq!(distances(&got), want);
        }
    }
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_million_vertices_have_the_same_bits_for_any_method_and_number_of_threads() {
    let n = 1 << 20;
    let side = 1 << 10;
    let mut random = random(3);
    let ends: Vec<(i64, i64)> = (0..8 * n).map(|_| ((random() % n) as i64, (random() % n) as i64)).collect();
    let lattice: Vec<(i64, i64)> = (0..n as i64)
        .flat_map(|v| [(v % side + 1 < side).then_some((v, v + 1)), (v + side < n as i64).then_some((v, v + side))])
        .flatten()
        .collect();
    for pairs in [ends, lattice] {
        for whole in [true, false] {
            let mut draw = self::random(4);
            let mut length = || if whole { (draw() % 255 + 1) as f64 } else { draw() as f64 / 1e9 };
            let edges: Vec<Edge> = pairs.iter().map(|(u, v)| (*u, *v, length())).collect();
            let ctx = Context::default().with_threads(2);
            let g = build(&edges, n as i64, false, &ctx);
            let results: Vec<RecordBatch> =
                [("auto", 1), ("auto", 2), ("auto", 7), ("dijkstra", 1), ("bellman_ford", 1)]
                    .map(|(method, threads)| {
                        let ctx = Context::default().with_threads(threads);
                        shortest_path(&g, &ids(&[7]), None, &weighted(method), &ctx).unwrap()
                    })
                    .to_vec();
            assert!(results.iter().all(|r| r.columns() == results[0].columns()));
            assert_predecessors_lead_to(&results[0], 7);
        }
    }
}

#[test]
fn small_graphs_without_edges() {
    let ctx = Context::default();
    let g = build(&[], 2, true, &ctx);
    for method in METHODS {
        let got = shortest_path(&g, &ids(&[1]), None, &weighted(method), &ctx).unwrap();
        assert_eq!(distances(&got), [None, Some(0.0)]);
        assert_eq!(integers(&got, "predecessor"), [None, None]);
    }
    let got = path(&g, &ids(&[1]), &ids(&[0]), &weighted("auto"), &ctx).unwrap();
    assert_eq!((got.num_rows(), fact(&got, "found").as_str()), (0, "false"));
    let got = path(&g, &ids(&[1]), &ids(&[1]), &weighted("auto"), &ctx).unwrap();
    assert_eq!((integers(&got, "vertex"), distances(&got)), (vec![Some(1)], vec![Some(0.0)]));
}

#[test]
fn a_call_can_be_stopped_and_keeps_to_its_memory() {
    let ctx = Context::default();
    let g = build(&large(|r| (r % 9 + 1) as f64), 30_000, true, &ctx);
    let stopped = Context::default();
    stopped.cancel_token().cancel();
    let narrow = Context::default().with_memory_limit(100_000);
    for method in METHODS {
        let e = shortest_path(&g, &ids(&[0]), None, &weighted(method), &stopped).unwrap_err();
        assert_eq!(e.code(), Code::Cancelled);
        let e = shortest_path(&g, &ids(&[0]), None, &weighted(method), &narrow).unwrap_err();
        assert_eq!(e.code(), Code::OutOfMemory);
        assert_eq!(narrow.memory().used(), 0);
    }
}
