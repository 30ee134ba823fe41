//! Strongly connected components and their graph against the reachability of every pair of vertices.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Value};
use pf_graph_core::{Graph, Orientation, condensation, connected_components, strongly_connected_components};
use proptest::prelude::*;

type Edge = (i64, i64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default().with("num_vertices", Value::I64(n)).with("directed", Value::Bool(directed));
    let (source, target) = edges.iter().copied().unzip();
    graph(&Ids::Int(source), &Ids::Int(target), None, None, &options, 50, ctx).unwrap()
}

fn column(batch: &RecordBatch, name: &str) -> Vec<i64> {
    assert_eq!(batch[name].null_count(), 0);
    batch[name].as_primitive::<Int64Type>().values().to_vec()
}

fn components(g: &Graph, ctx: &Context) -> Vec<i64> {
    let got = strongly_connected_components(g, &Options::default(), ctx).unwrap();
    let ids = column(&got, "component_id");
    let count = ids.iter().max().map_or(0, |id| id + 1);
    assert_eq!(got.schema().metadata()["parquetframe.components"], count.to_string());
    ids
}

/// Warshall's closure; a component is the set of vertices that reach each other.
fn slow_components(edges: &[Edge], n: i64, directed: bool) -> Vec<i64> {
    let n = n as usize;
    let mut reaches = vec![vec![false; n]; n];
    (0..n).for_each(|v| reaches[v][v] = true);
    for (s, t) in edges.iter().map(|e| (e.0 as usize, e.1 as usize)) {
        reaches[s][t] = true;
        reaches[t][s] |= !directed;
    }
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                reaches[i][j] |= reaches[i][k] && reaches[k][j];
            }
        }
    }
    let mut ids = vec![-1; n];
    let mut count = 0;
    for v in 0..n {
        if ids[v] < 0 {
            (0..n).filter(|w| reaches[v][*w] && reaches[*w][v]).for_each(|w| ids[w] = count);
            count += 1;
        }
    }
    ids
}

/// Two searches, one against the edges (Kosaraju): for graphs that are too large for the closure.
fn two_searches(edges: &[Edge], n: i64) -> Vec<i64> {
    let rows = |turned: bool| {
        let mut rows = vec![Vec::new(); n as usize];
        edges.iter().map(|e| if turned { (e.1, e.0) } else { *e }).for_each(|(s, t)| rows[s as usize].push(t));
        rows
    };
    let (out, back) = (rows(false), rows(true));
    let mut seen = vec![false; n as usize];
    let mut left = Vec::new();
    for root in 0..n {
        let mut stack = vec![(root, 0)];
        if std::mem::replace(&mut seen[root as usize], true) {
            continue;
        }
        while let Some((v, i)) = stack.pop() {
            match out[v as usize].get(i) {
                None => left.push(v),
                Some(w) => {
                    stack.push((v, i + 1));
                    if !std::mem::replace(&mut seen[*w as usize], true) {
                        stack.push((*w, 0));
                    }
                }
            }
        }
    }
    let mut root_of = vec![-1; n as usize];
    for root in left.into_iter().rev() {
        let mut stack = vec![root];
        while let Some(v) = stack.pop() {
            if root_of[v as usize] < 0 {
                root_of[v as usize] = root;
                stack.extend(&back[v as usize]);
            }
        }
    }
    let mut number = BTreeMap::new();
    root_of
        .iter()
        .map(|root| {
            let next = number.len() as i64;
            *number.entry(*root).or_insert(next)
        })
        .collect()
}

fn slow_condensation(edges: &[Edge], ids: &[i64]) -> Vec<(i64, i64, i64)> {
    let mut counts = BTreeMap::new();
    for (s, t) in edges.iter().map(|e| (ids[e.0 as usize], ids[e.1 as usize])).filter(|(s, t)| s != t) {
        *counts.entry((s, t)).or_insert(0) += 1;
    }
    counts.into_iter().map(|((s, t), count)| (s, t, count)).collect()
}

fn condensed(g: &Graph, ctx: &Context) -> Vec<(i64, i64, i64)> {
    let got = condensation(g, &Options::default(), ctx).unwrap();
    let [source, target, edges] = ["source", "target", "edges"].map(|name| column(&got, name));
    source.into_iter().zip(target).zip(edges).map(|((s, t), e)| (s, t, e)).collect()
}

fn arbitrary() -> impl Strategy<Value = (i64, Vec<Edge>, bool)> {
    (1..25i64).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n), 0..60), any::<bool>()))
}

proptest! {
    #[test]
    fn vertices_that_reach_each_other_are_together((n, edges, directed) in arbitrary()) {
        let want = slow_components(&edges, n, directed);
        if directed {
            prop_assert_eq!(&two_searches(&edges, n), &want);
        }
        for (threads, incoming) in [(1, false), (2, true), (7, false)] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            if incoming {
                g.adjacency(Orientation::In, &ctx).unwrap();
            }
            prop_assert_eq!(&components(&g, &ctx), &want);
            let between = if directed { slow_condensation(&edges, &want) } else { vec![] };
            prop_assert_eq!(condensed(&g, &ctx), between);
        }
    }
}

/// `n` vertices of which the last tenth is reached but does not reach back, and the first tenth the other way round;
/// `m` edges, half of them at few vertices; loops and parallel edges.
fn bow_tie(n: i64, m: usize, seed: u64) -> Vec<Edge> {
    let mut state = seed;
    let mut random = move |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % below
    };
    let mut end = || if random(2) == 0 { n / 2 + random(64) } else { random(n) };
    let edges = (0..m).map(|_| (end(), end()));
    let part = |v: i64| {
        if v < n / 10 {
            0
        } else if v < n - n / 10 {
            1
        } else {
            2
        }
    };
    edges.map(|(s, t)| if part(s) <= part(t) { (s, t) } else { (t, s) }).collect()
}

#[test]
fn a_large_component_and_its_surroundings() {
    let n = 40_000;
    for (m, seed) in [(230_000, 1), (300_000, 2)] {
        let edges = bow_tie(n, m, seed);
        let want = two_searches(&edges, n);
        let between = slow_condensation(&edges, &want);
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, true, &ctx);
            assert!(components(&g, &ctx) == want, "{threads} threads");
            assert!(condensed(&g, &ctx) == between, "{threads} threads");
        }
    }
}

#[test]
fn two_large_components_and_long_tails() {
    // The second cycle of dense parts is not where the parallel search begins; tails need more sweeps than there are.
    let part = 20_000;
    let mut edges: Vec<Edge> = bow_tie(part, 140_000, 3);
    edges.extend(bow_tie(part, 100_000, 4).iter().map(|(s, t)| (s + part, t + part)));
    edges.push((part / 2, part + part / 2));
    let tail = |from: i64, first: i64| (0..50).map(move |i| (if i == 0 { from } else { first + i - 1 }, first + i));
    let n = 2 * part + 150;
    edges.extend(tail(part / 2, 2 * part));
    edges.extend(tail(part / 2, 2 * part + 50).map(|(s, t)| (t, s)));
    // A tail that comes back.
    edges.extend(tail(part / 2, 2 * part + 100));
    edges.push((n - 1, part / 2));
    let want = two_searches(&edges, n);
    assert_eq!(want[part as usize / 2], want[n as usize - 1]);
    for threads in [1, 2] {
        let ctx = Context::default().with_threads(threads);
        let g = build(&edges, n, true, &ctx);
        assert!(components(&g, &ctx) == want, "{threads} threads");
    }
}

#[test]
fn degenerate_graphs() {
    let ctx = Context::default().with_threads(2);
    let n = 140_000;
    let cases: [(&str, i64, Vec<Edge>, Vec<i64>); 8] = [
        ("empty", 0, vec![], vec![]),
        ("no edges", 3, vec![], vec![0, 1, 2]),
        ("a loop", 1, vec![(0, 0), (0, 0)], vec![0]),
        ("loops only", 3, vec![(0, 0), (2, 2), (2, 2)], vec![0, 1, 2]),
        ("a path", n, (1..n).map(|v| (v - 1, v)).collect(), (0..n).collect()),
        ("a path backwards", n, (1..n).map(|v| (v, v - 1)).collect(), (0..n).collect()),
        ("a cycle", n, (0..n).map(|v| (v, (v + 1) % n)).collect(), vec![0; n as usize]),
        ("a star there and back", n, (1..n).flat_map(|v| [(0, v), (v, 0)]).collect(), vec![0; n as usize]),
    ];
    for (name, n, edges, want) in cases {
        let g = build(&edges, n, true, &ctx);
        assert!(components(&g, &ctx) == want, "{name}");
        assert!(condensed(&g, &ctx) == slow_condensation(&edges, &want), "{name}");
    }
    let complete: Vec<Edge> = (0..60).flat_map(|s| (0..60).map(move |t| (s, t))).collect();
    assert_eq!(components(&build(&complete, 60, true, &ctx), &ctx), vec![0; 60]);
}

#[test]
fn ids_of_all_kinds_come_back() {
    let ctx = Context::default();
    let ids = Ids::Int(vec![i64::MIN, i64::MAX, 7]);
    let g = graph(&ids, &Ids::Int(vec![i64::MAX, i64::MIN, 7]), None, None, &Options::default(), 9, &ctx).unwrap();
    let got = strongly_connected_components(&g, &Options::default(), &ctx).unwrap();
    assert_eq!((column(&got, "vertex"), column(&got, "component_id")), (vec![i64::MIN, 7, i64::MAX], vec![0, 1, 0]));
    let text = |ids: &[&str]| Ids::Text(ids.iter().map(|s| (*s).to_owned()).collect());
    let g = graph(&text(&["b", "a", "a"]), &text(&["a", "c", "b"]), None, None, &Options::default(), 9, &ctx).unwrap();
    let got = strongly_connected_components(&g, &Options::default(), &ctx).unwrap();
    assert_eq!(got["vertex"].as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["b", "a", "c"]);
    assert_eq!(column(&got, "component_id"), [0, 0, 1]);
}

#[test]
fn calls_that_cannot_go_on_say_so() {
    let edges = bow_tie(40_000, 250_000, 5);
    let g = build(&edges, 40_000, true, &Context::default());
    let cancelled = Context::default();
    cancelled.cancel_token().cancel();
    let poor = Context::default().with_memory_limit(100_000);
    for (ctx, code) in [(cancelled, Code::Cancelled), (poor, Code::OutOfMemory)] {
        let options = Options::default();
        assert_eq!(strongly_connected_components(&g, &options, &ctx).unwrap_err().code(), code);
        assert_eq!(condensation(&g, &options, &ctx).unwrap_err().code(), code);
        assert_eq!(ctx.memory().used(), 0);
    }
    let unknown = Options::default().with("mode", Value::Bool(true));
    assert_eq!(
        strongly_connected_components(&g, &unknown, &Context::default()).unwrap_err().code(),
        Code::InvalidArgument
    );
}

#[test]
fn weak_components_with_and_without_the_incoming_edges() {
    let n = 60_000;
    // Many small components beside a large one, whose edges all lead out of it or all into it.
    let mut edges: Vec<Edge> = bow_tie(n / 2, 150_000, 6);
    edges.extend((n / 2..n).step_by(3).flat_map(|v| [(v, v + 1), (v + 2, v + 1)]).filter(|e| e.0 < n && e.1 < n));
    edges.extend((n / 2..n).step_by(30).flat_map(|v| [(v, v / 2 - 1), (v / 2, v + 3)]).filter(|e| e.0 < n && e.1 < n));
    let both: Vec<Edge> = edges.iter().flat_map(|(s, t)| [(*s, *t), (*t, *s)]).collect();
    let want = two_searches(&both, n);
    for threads in [1, 2, 7] {
        let ctx = Context::default().with_threads(threads);
        for (directed, incoming) in [(false, false), (true, false), (true, true)] {
            let g = build(&edges, n, directed, &ctx);
            if incoming {
                g.adjacency(Orientation::In, &ctx).unwrap();
            }
            let got = connected_components(&g, &Options::default(), &ctx).unwrap();
            assert!(column(&got, "component_id") == want, "{threads} {directed} {incoming}");
        }
    }
}
