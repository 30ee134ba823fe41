//! Breadth-first search: targets, rows of reached vertices, and graphs that take every kind of step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Value};
use pf_graph_core::{Graph, Orientation, bfs};
use proptest::prelude::*;

type Edge = (i64, i64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default().with("num_vertices", Value::I64(n)).with("directed", Value::Bool(directed));
    let source = Ids::Int(edges.iter().map(|e| e.0).collect());
    let target = Ids::Int(edges.iter().map(|e| e.1).collect());
    graph(&source, &target, None, None, &options, 1000, ctx).unwrap()
}

fn ids(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn integers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    batch[name].as_primitive::<Int64Type>().iter().collect()
}

/// Textbook queue search.
fn slow(edges: &[Edge], n: i64, directed: bool, sources: &[i64]) -> Vec<Option<i64>> {
    let mut rows = vec![Vec::new(); n as usize];
    for (s, t) in edges {
        rows[*s as usize].push(*t);
        if !directed {
            rows[*t as usize].push(*s);
        }
    }
    let mut distance = vec![None; n as usize];
    let mut queue: VecDeque<i64> = sources.iter().copied().collect();
    sources.iter().for_each(|s| distance[*s as usize] = Some(0));
    while let Some(v) = queue.pop_front() {
        for t in &rows[v as usize] {
            if distance[*t as usize].is_none() {
                distance[*t as usize] = distance[v as usize].map(|d| d + 1);
                queue.push_back(*t);
            }
        }
    }
    distance
}

/// What is shown when the search ends at its targets.
fn up_to(distance: &[Option<i64>], targets: &[i64]) -> Vec<Option<i64>> {
    let farthest: Option<Option<i64>> = targets.iter().map(|t| distance[*t as usize]).max();
    match farthest {
        Some(Some(last)) if targets.iter().all(|t| distance[*t as usize].is_some()) => {
            distance.iter().map(|d| d.filter(|d| *d <= last)).collect()
        }
        _ => distance.to_vec(),
    }
}

fn check(edges: &[Edge], n: i64, directed: bool, sources: &[i64], targets: &[i64]) {
    let full = slow(edges, n, directed, sources);
    let want = if targets.is_empty() { full } else { up_to(&full, targets) };
    let reached = want.iter().flatten().count();
    let given = (!targets.is_empty()).then(|| ids(targets));
    let one = Context::default().with_threads(1);
    let g = build(edges, n, directed, &one);
    for incoming in [false, true] {
        if incoming {
            g.adjacency(Orientation::In, &one).unwrap();
        }
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let all = bfs(&g, &ids(sources), given.as_ref(), &Options::default(), &ctx).unwrap();
            assert_eq!(integers(&all, "distance"), want);
            assert_eq!(integers(&all, "layer"), want);
            assert_eq!(all.schema().metadata()["parquetframe.reached"], reached.to_string());
            for (v, p) in (0..n).zip(integers(&all, "predecessor")) {
                assert_eq!(p.is_some(), want[v as usize].is_some_and(|d| d > 0));
                assert!(p.is_none_or(|p| want[p as usize].map(|d| d + 1) == want[v as usize]));
            }
            let only = Options::default().with("reached_only", Value::Bool(true));
            let only = bfs(&g, &ids(sources), given.as_ref(), &only, &ctx).unwrap();
            let rows = |name: &str| -> Vec<Option<i64>> {
                integers(&all, name).into_iter().zip(&want).filter(|(_, d)| d.is_some()).map(|(x, _)| x).collect()
            };
            for name in ["vertex", "distance", "predecessor", "layer"] {
                assert_eq!(integers(&only, name), rows(name), "{name}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn targets_end_the_search_with_their_layer(
        (n, edges) in (1..40i64).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n), 0..80))),
        directed in any::<bool>(),
        sources in prop::collection::vec(0..40i64, 1..3),
        targets in prop::collection::vec(0..40i64, 0..4),
    ) {
        let within = |picks: &[i64]| picks.iter().map(|p| p % n).collect::<Vec<_>>();
        check(&edges, n, directed, &within(&sources), &within(&targets));
    }
}

/// A graph with hubs, whose search turns bottom-up and back, and a tail.
fn hubs() -> (i64, Vec<Edge>) {
    let n = 6_000i64;
    let mut state = 1u64;
    let mut below = |n: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % n
    };
    let mut edges: Vec<Edge> = (0..60_000).map(|_| (below(n) * below(n) / n, below(n))).collect();
    edges.extend((n..n + 70).map(|v| (v - 1, v)));
    (n + 75, edges)
}

#[test]
fn steps_of_every_kind_find_the_same() {
    let (n, edges) = hubs();
    for directed in [true, false] {
        check(&edges, n, directed, &[5], &[]);
        check(&edges, n, directed, &[5, 5_999, 5], &[n - 10]);
        check(&edges, n, directed, &[5], &[7, 5, 2_345]);
        check(&edges, n, directed, &[5], &[n - 1]);
    }
}

#[test]
fn bitmaps_end_where_the_graph_does() {
    for n in [63, 64, 65, 127, 128, 129] {
        let complete: Vec<Edge> = (0..n).flat_map(|v| (0..n).map(move |u| (u, v))).collect();
        check(&complete, n, true, &[n - 1], &[]);
    }
}

#[test]
fn bad_targets_are_named() {
    let ctx = Context::default();
    let g = build(&[(0, 1)], 2, true, &ctx);
    let text: ArrayRef = Arc::new(arrow_array::StringArray::from(vec!["x"]));
    let missing: ArrayRef = Arc::new(Int64Array::from(vec![None]));
    let cases = [
        (ids(&[]), Code::InvalidArgument, "at least one target"),
        (ids(&[2]), Code::InvalidArgument, "targets: vertex 2 is out of range"),
        (missing, Code::InvalidArgument, "targets"),
        (text, Code::Type, "targets"),
    ];
    for (targets, code, message) in cases {
        let error = bfs(&g, &ids(&[0]), Some(&targets), &Options::default(), &ctx).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.message().contains(message), "{error}");
    }
}

#[test]
fn a_vertex_is_its_own_target_at_no_distance() {
    let ctx = Context::default();
    let g = build(&[(0, 0), (0, 1), (1, 2)], 3, true, &ctx);
    let got = bfs(&g, &ids(&[0]), Some(&ids(&[0])), &Options::default(), &ctx).unwrap();
    assert_eq!(integers(&got, "distance"), [Some(0), None, None]);
    assert_eq!(got["predecessor"].null_count(), 3);
}
