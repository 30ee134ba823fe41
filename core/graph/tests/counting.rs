//! Triangles, clustering coefficients and core numbers against slow references and on degenerate graphs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::collections::BTreeSet;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Value};
use pf_graph_core::{Graph, Orientation, clustering_coefficient, core_number, triangles};
use proptest::prelude::*;

type Edge = (i64, i64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default().with("num_vertices", Value::I64(n)).with("directed", Value::Bool(directed));
    let (source, target) = edges.iter().copied().unzip();
    graph(&Ids::Int(source), &Ids::Int(target), None, None, &options, 65_536, ctx).unwrap()
}

fn integers(batch: &RecordBatch, name: &str) -> Vec<i64> {
    assert_eq!(batch[name].null_count(), 0);
    batch[name].as_primitive::<Int64Type>().values().to_vec()
}

fn coefficients(batch: &RecordBatch) -> Vec<f64> {
    assert_eq!(batch["clustering_coefficient"].null_count(), 0);
    batch["clustering_coefficient"].as_primitive::<Float64Type>().values().to_vec()
}

fn fact(batch: &RecordBatch, name: &str) -> f64 {
    batch.schema().metadata()[&format!("parquetframe.{name}")].parse().unwrap()
}

/// What the kernels say of a graph.
#[derive(Debug, PartialEq)]
struct Answers {
    triangles: Vec<i64>,
    total: f64,
    cores: Vec<i64>,
    degeneracy: f64,
    coefficients: Vec<u64>,
    average: u64,
    transitivity: u64,
}

fn answers(g: &Graph, ctx: &Context) -> Answers {
    let options = Options::default();
    let corners = triangles(g, &options, ctx).unwrap();
    let cores = core_number(g, &options, ctx).unwrap();
    let shares = clustering_coefficient(g, &options, ctx).unwrap();
    let ids = g.vertex_ids(ctx).unwrap();
    assert!([&corners, &cores, &shares].iter().all(|batch| batch["vertex"].as_ref() == ids.as_ref()));
    Answers {
        triangles: integers(&corners, "triangles"),
        total: fact(&corners, "triangles"),
        cores: integers(&cores, "core_number"),
        degeneracy: fact(&cores, "degeneracy"),
        coefficients: coefficients(&shares).iter().map(|c| c.to_bits()).collect(),
        average: fact(&shares, "average").to_bits(),
        transitivity: fact(&shares, "transitivity").to_bits(),
    }
}

/// The neighbours of every vertex as sets, without itself.
fn sets(edges: &[Edge], n: i64) -> Vec<BTreeSet<i64>> {
    let mut sets = vec![BTreeSet::new(); n as usize];
    for (u, v) in edges.iter().filter(|(u, v)| u != v) {
        sets[*u as usize].insert(*v);
        sets[*v as usize].insert(*u);
    }
    sets
}

/// Every triple of vertices is looked at.
fn slow_triangles(sets: &[BTreeSet<i64>]) -> Vec<i64> {
    let n = sets.len();
    let mut counts = vec![0; n];
    for a in 0..n {
        for b in 0..a {
            for c in 0..b {
                if sets[a].contains(&(b as i64)) && sets[a].contains(&(c as i64)) && sets[b].contains(&(c as i64)) {
                    [a, b, c].iter().for_each(|v| counts[*v] += 1);
                }
            }
        }
    }
    counts
}

/// The k-core is looked for anew for every k.
fn slow_cores(sets: &[BTreeSet<i64>]) -> Vec<i64> {
    let mut cores = vec![0; sets.len()];
    for k in 1.. {
        let mut left: BTreeSet<i64> = (0..sets.len() as i64).collect();
        loop {
            let stays = |v: &i64| sets[*v as usize].intersection(&left).count() >= k;
            let next: BTreeSet<i64> = left.iter().copied().filter(stays).collect();
            if next.len() == left.len() {
                break;
            }
            left = next;
        }
        if left.is_empty() {
            return cores;
        }
        left.iter().for_each(|v| cores[*v as usize] = k as i64);
    }
    cores
}

/// By the definitions of NetworkX: `clustering`, `average_clustering`, `transitivity`.
fn slow_coefficients(sets: &[BTreeSet<i64>]) -> (Vec<f64>, f64, f64) {
    let triangles = slow_triangles(sets);
    let pairs: Vec<f64> = sets.iter().map(|s| (s.len() * s.len().max(1) - s.len()) as f64 / 2.0).collect();
    let share = |(t, p): (&i64, &f64)| if *t == 0 { 0.0 } else { *t as f64 / p };
    let all: Vec<f64> = triangles.iter().zip(&pairs).map(share).collect();
    let average = if all.is_empty() { 0.0 } else { all.iter().sum::<f64>() / all.len() as f64 };
    let paths: f64 = pairs.iter().sum();
    let closed: i64 = triangles.iter().sum();
    (all, average, if paths == 0.0 { 0.0 } else { closed as f64 / paths })
}

fn check(edges: &[Edge], n: i64, directed: bool) {
    let sets = sets(edges, n);
    let all: Vec<Answers> = [1, 2, 7]
        .map(|threads| {
            let ctx = Context::default().with_threads(threads);
            let g = build(edges, n, directed, &ctx);
            let answers = answers(&g, &ctx);
            assert_eq!(ctx.memory().used(), 0);
            answers
        })
        .into();
    let got = &all[0];
    assert_eq!(got.triangles, slow_triangles(&sets));
    assert_eq!(got.total, got.triangles.iter().sum::<i64>() as f64 / 3.0);
    assert_eq!(got.cores, slow_cores(&sets));
    assert_eq!(got.degeneracy, got.cores.iter().max().copied().unwrap_or(0) as f64);
    let (shares, average, transitivity) = slow_coefficients(&sets);
    assert_eq!(got.coefficients, shares.iter().map(|c| c.to_bits()).collect::<Vec<_>>());
    assert!((f64::from_bits(got.average) - average).abs() < 1e-15);
    assert_eq!(f64::from_bits(got.transitivity), transitivity);
    assert!(all.iter().all(|other| other == got), "another result with more threads");
}

proptest! {
    #[test]
    fn arbitrary_graphs(
        (n, edges) in (1..30i64).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n), 0..150))),
        directed: bool,
    ) {
        check(&edges, n, directed);
    }
}

fn complete(n: i64) -> Vec<Edge> {
    (0..n).flat_map(|u| (0..u).map(move |v| (u, v))).collect()
}

#[test]
fn degenerate_graphs() {
    let star: Vec<Edge> = (1..60).map(|v| (0, v)).collect();
    let wheel: Vec<Edge> = star.iter().copied().chain((1..60).map(|v| (v, v % 59 + 1))).collect();
    let loops: Vec<Edge> = (0..40).map(|v| (v, v)).collect();
    let path: Vec<Edge> = (1..60).map(|v| (v - 1, v)).collect();
    let both: Vec<Edge> = complete(6).into_iter().flat_map(|(u, v)| [(u, v), (v, u), (u, v), (u, u)]).collect();
    let apart: Vec<Edge> = complete(5).into_iter().flat_map(|(u, v)| [(u, v), (u + 20, v + 20)]).collect();
    for directed in [true, false] {
        check(&[], 0, directed);
        check(&[], 1, directed);
        check(&[(0, 0), (0, 0)], 1, directed);
        check(&[(0, 1), (1, 0), (1, 1)], 2, directed);
        for edges in [&star, &wheel, &loops, &path, &both, &apart, &complete(40)] {
            check(edges, 60, directed);
        }
    }
}

#[test]
fn ids_at_the_ends_of_their_range() {
    let (min, max) = (i64::MIN, i64::MAX);
    let (source, target) = (Ids::Int(vec![max, min, 0, 7]), Ids::Int(vec![min, 0, max, max]));
    let ctx = Context::default();
    let g = graph(&source, &target, None, None, &Options::default(), 100, &ctx).unwrap();
    let got = triangles(&g, &Options::default(), &ctx).unwrap();
    assert_eq!(integers(&got, "vertex"), [min, 0, 7, max]);
    assert_eq!(integers(&got, "triangles"), [1, 1, 0, 1]);
    assert_eq!(integers(&core_number(&g, &Options::default(), &ctx).unwrap(), "core_number"), [2, 2, 1, 2]);
}

#[test]
fn long_paths_and_wide_stars() {
    let n = 100_000;
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v)).collect();
    // Hubs that have all others as neighbours, and each other: at the beginning, in the middle and at the end.
    let hubs = [0, n / 2, n - 1];
    let spokes = hubs.iter().flat_map(|hub| (0..n).filter(move |v| v != hub).map(move |v| (*hub, v)));
    let stars: Vec<Edge> = spokes.collect();
    let answers = [&path, &stars].map(|edges| {
        let all = [1, 2].map(|threads| {
            let ctx = Context::default().with_threads(threads);
            answers(&build(edges, n, false, &ctx), &ctx)
        });
        assert_eq!(all[0], all[1]);
        let [answers, _] = all;
        answers
    });
    assert_eq!((answers[0].total, answers[0].degeneracy), (0.0, 1.0));
    assert_eq!(answers[0].cores, vec![1; n as usize]);
    // A leaf has a triangle with each pair of hubs; a hub has one with each other hub and a leaf, and all three are one.
    let leaves = n - 3;
    assert_eq!(answers[1].total, (3 * leaves + 1) as f64);
    let expected = |v: i64| if hubs.contains(&v) { 2 * leaves + 1 } else { 3 };
    assert_eq!(answers[1].triangles, (0..n).map(expected).collect::<Vec<_>>());
    assert_eq!(answers[1].cores, vec![3; n as usize]);
}

#[test]
fn a_complete_graph_of_three_hundred() {
    whole(300);
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_complete_graph_of_two_thousand() {
    whole(2000);
}

fn whole(n: i64) {
    for threads in [1, 2] {
        let ctx = Context::default().with_threads(threads);
        let got = answers(&build(&complete(n), n, false, &ctx), &ctx);
        assert_eq!(got.triangles, vec![(n - 1) * (n - 2) / 2; n as usize]);
        assert_eq!(got.total, (n * (n - 1) * (n - 2) / 6) as f64);
        assert_eq!(got.cores, vec![n - 1; n as usize]);
        assert!(got.coefficients.iter().all(|c| f64::from_bits(*c) == 1.0));
        assert_eq!((f64::from_bits(got.average), f64::from_bits(got.transitivity)), (1.0, 1.0));
    }
}

/// Skewed as real networks are: an end is the last of a few numbers, and few numbers come often.
fn skewed(n: u64, edges: usize) -> Vec<Edge> {
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut end = || {
        let bound = random() % n + 1;
        let bound = random() % bound + 1;
        (random() % bound) as i64
    };
    (0..edges).map(|_| (end(), end())).collect()
}

#[test]
fn large_graphs_agree_with_simple_methods() {
    let n = 10_000;
    let edges = skewed(n as u64, 60_000);
    let sets = sets(&edges, n);
    // Each edge with the common neighbours of its ends.
    let mut corners = vec![0; n as usize];
    for u in 0..n as usize {
        for v in sets[u].range(u as i64 + 1..) {
            let common = sets[u].iter().filter(|w| sets[*v as usize].contains(w)).count() as i64;
            corners[u] += common;
            corners[*v as usize] += common;
        }
    }
    corners.iter_mut().for_each(|c| *c /= 2);
    // The vertex of least degree is taken away again and again.
    let mut degrees: Vec<i64> = sets.iter().map(|s| s.len() as i64).collect();
    let mut queue: BTreeSet<(i64, i64)> = degrees.iter().copied().zip(0..).collect();
    let (mut cores, mut level) = (vec![-1; n as usize], 0);
    while let Some((degree, v)) = queue.pop_first() {
        level = level.max(degree);
        cores[v as usize] = level;
        for u in sets[v as usize].iter().filter(|u| cores[**u as usize] < 0).copied().collect::<Vec<_>>() {
            queue.remove(&(degrees[u as usize], u));
            degrees[u as usize] -= 1;
            queue.insert((degrees[u as usize], u));
        }
    }
    for directed in [true, false] {
        let all = [1, 2, 7].map(|threads| {
            let ctx = Context::default().with_threads(threads);
            answers(&build(&edges, n, directed, &ctx), &ctx)
        });
        assert_eq!(all[0].triangles, corners);
        assert_eq!(all[0].cores, cores);
        assert!(all[0].total > 10_000.0 && all[0].degeneracy > 15.0, "a graph worth counting");
        assert!(all.iter().all(|other| *other == all[0]));
    }
}

#[test]
fn a_simple_undirected_graph_is_not_copied() {
    let ctx = Context::default().with_threads(2);
    let n = 100_000;
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v)).collect();
    let peak = |edges: &[Edge]| {
        let g = build(edges, n, false, &ctx);
        let ctx = Context::default().with_threads(2);
        core_number(&g, &Options::default(), &ctx).unwrap();
        ctx.memory().peak()
    };
    // A copy is offsets and neighbours.
    let copied = peak(&[path.clone(), vec![(5, 5)]].concat());
    assert_eq!(copied - peak(&path), 8 * (n as u64 + 1) + 4 * 2 * (n as u64 - 1));
}

#[test]
fn memory_limits_and_cancellation_are_errors() {
    let edges = skewed(20_000, 100_000);
    let g = build(&edges, 20_000, true, &Context::default());
    g.adjacency(Orientation::In, &Context::default()).unwrap();
    let options = Options::default();
    let kernels = [triangles, clustering_coefficient, core_number];
    for kernel in kernels {
        let ctx = Context::default().with_memory_limit(1_000_000);
        let e = kernel(&g, &options, &ctx).unwrap_err();
        assert_eq!(e.code(), Code::OutOfMemory);
        assert_eq!(ctx.memory().used(), 0);
        let ctx = Context::default();
        ctx.cancel_token().cancel();
        assert_eq!(kernel(&g, &options, &ctx).unwrap_err().code(), Code::Cancelled);
        let e = kernel(&g, &options.clone().with("mode", Value::Bool(true)), &Context::default()).unwrap_err();
        assert!(e.code() == Code::InvalidArgument && e.message().contains("mode"), "{e}");
    }
}
