//! Topological order and cycles against slow references.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use common::{Ids, graph};
use pf_base::{Code, Context, Error, Options, Value};
use pf_graph_core::{Graph, Orientation, find_cycle, topological_sort};
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

fn sorted(g: &Graph, ctx: &Context) -> Result<Vec<(i64, i64)>, Error> {
    let got = topological_sort(g, &Options::default(), ctx)?;
    let layers = column(&got, "layer");
    assert_eq!(got.schema().metadata()["parquetframe.layers"], layers.last().map_or(0, |l| l + 1).to_string());
    Ok(layers.into_iter().zip(column(&got, "vertex")).collect())
}

fn cycle(g: &Graph, ctx: &Context) -> Vec<i64> {
    let got = find_cycle(g, &Options::default(), ctx).unwrap();
    assert_eq!(got.schema().metadata()["parquetframe.acyclic"], (got.num_rows() == 0).to_string());
    column(&got, "vertex")
}

/// The longest path to every vertex: lengths grow along edges until nothing changes. Nothing for a cyclic graph.
fn slow_layers(edges: &[Edge], n: i64) -> Option<Vec<(i64, i64)>> {
    let mut layer = vec![0; n as usize];
    for _ in 0..=n {
        let before = layer.clone();
        edges.iter().for_each(|(s, t)| layer[*t as usize] = layer[*t as usize].max(layer[*s as usize] + 1));
        if before == layer {
            let mut rows: Vec<(i64, i64)> = layer.into_iter().zip(0..).collect();
            rows.sort_unstable();
            return Some(rows);
        }
    }
    None
}

/// The cycle that a recursive search closes first: it stands on the path from where the closing edge leads to.
struct Recursive {
    /// Neighbours and the number of the edge.
    rows: Vec<Vec<(i64, usize)>>,
    directed: bool,
    seen: Vec<bool>,
    path: Vec<i64>,
}

impl Recursive {
    fn first_cycle(edges: &[Edge], n: i64, directed: bool) -> Vec<i64> {
        let mut rows = vec![Vec::new(); n as usize];
        for (i, (s, t)) in edges.iter().enumerate() {
            rows[*s as usize].push((*t, i));
            if !directed && s != t {
                rows[*t as usize].push((*s, i));
            }
        }
        rows.iter_mut().for_each(|row| row.sort_unstable());
        let mut search = Recursive { rows, directed, seen: vec![false; n as usize], path: vec![] };
        (0..n).find_map(|root| search.visit(root, usize::MAX)).unwrap_or_default()
    }

    fn visit(&mut self, v: i64, by: usize) -> Option<Vec<i64>> {
        if std::mem::replace(&mut self.seen[v as usize], true) {
            return None;
        }
        self.path.push(v);
        for (w, edge) in self.rows[v as usize].clone() {
            // In a directed graph every edge leads one way only.
            if self.directed || edge != by {
                if let Some(start) = self.path.iter().position(|u| *u == w) {
                    return Some(self.path[start..].to_vec());
                }
                if let Some(found) = self.visit(w, edge) {
                    return Some(found);
                }
            }
        }
        self.path.pop();
        None
    }
}

/// Whether edges lead along the vertices and back to the first, none used twice.
fn closes(cycle: &[i64], edges: &[Edge], directed: bool) -> bool {
    let mut left = edges.to_vec();
    let distinct = cycle.iter().collect::<std::collections::BTreeSet<_>>().len() == cycle.len();
    distinct
        && (0..cycle.len()).all(|i| {
            let step = (cycle[i], cycle[(i + 1) % cycle.len()]);
            let found = left.iter().position(|e| *e == step || (!directed && (e.1, e.0) == step));
            found.map(|at| left.swap_remove(at)).is_some()
        })
}

fn arbitrary() -> impl Strategy<Value = (i64, Vec<Edge>)> {
    (1..25i64).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n), 0..40)))
}

/// Edges that all lead from a vertex to a later one in a shuffled order.
fn acyclic() -> impl Strategy<Value = (i64, Vec<Edge>)> {
    let shuffled = (1..40i64).prop_flat_map(|n| (Just((0..n).collect::<Vec<_>>()).prop_shuffle(), Just(n)));
    shuffled.prop_flat_map(|(order, n)| {
        let edge = (0..n, 0..n).prop_map(move |(s, t)| (order[s.min(t) as usize], order[s.max(t) as usize], s == t));
        prop::collection::vec(edge, 0..90)
            .prop_map(move |edges| (n, edges.into_iter().filter(|e| !e.2).map(|e| (e.0, e.1)).collect()))
    })
}

proptest! {
    #[test]
    fn layers_are_the_longest_paths((n, edges) in prop_oneof![arbitrary(), acyclic()]) {
        for (threads, incoming) in [(1, false), (2, true), (7, false)] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, true, &ctx);
            if incoming {
                g.adjacency(Orientation::In, &ctx).unwrap();
            }
            match (slow_layers(&edges, n), sorted(&g, &ctx)) {
                (Some(want), got) => prop_assert_eq!(got.unwrap(), want),
                (None, got) => {
                    let e = got.unwrap_err();
                    prop_assert_eq!(e.code(), Code::InvalidArgument);
                    let first = cycle(&g, &ctx)[0];
                    prop_assert!(e.message().contains(&format!("the graph has a cycle: {first} -> ")), "{}", e);
                    prop_assert!(e.message().ends_with(&format!("-> {first}")), "{}", e);
                }
            }
        }
    }

    #[test]
    fn the_first_cycle_of_a_recursive_search((n, edges) in prop_oneof![arbitrary(), acyclic()], directed: bool, few: bool) {
        // A forest now and then.
        let edges = if few { &edges[..edges.len().min(n as usize / 2)] } else { &edges[..] };
        let want = Recursive::first_cycle(edges, n, directed);
        prop_assert!(closes(&want, edges, directed));
        if directed {
            prop_assert_eq!(want.is_empty(), slow_layers(edges, n).is_some());
        }
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            prop_assert_eq!(&cycle(&build(edges, n, directed, &ctx), &ctx), &want);
        }
    }
}

#[test]
fn wide_and_narrow_layers_in_parallel() {
    let n = 60_000;
    let mut state = 7u64;
    let mut random = move |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % below
    };
    // Edges lead forward in five wide steps, by numbers that are no order of the vertices; a long tail at the end.
    let number = |place: i64| place * 7919 % n;
    let mut edges: Vec<Edge> = Vec::new();
    for from in 0..200_000 {
        let from = from % (n - 12_000);
        edges.push((number(from), number((from / 12_000 + 1) * 12_000 + random(9000))));
    }
    edges.extend((n - 1000..n - 1).map(|place| (number(place), number(place + 1))));
    let mut places = vec![0; n as usize];
    (0..n).for_each(|place| places[number(place) as usize] = place);
    let mut by_place = edges.clone();
    by_place.sort_unstable_by_key(|e| places[e.0 as usize]);
    let mut want = vec![0; n as usize];
    by_place.iter().for_each(|(s, t)| want[*t as usize] = want[*t as usize].max(want[*s as usize] + 1));
    let mut want: Vec<(i64, i64)> = want.into_iter().zip(0..).collect();
    want.sort_unstable();
    for threads in [1, 2, 7] {
        let ctx = Context::default().with_threads(threads);
        assert!(sorted(&build(&edges, n, true, &ctx), &ctx).unwrap() == want, "{threads} threads");
    }
}

fn path_of(n: i64) {
    let ctx = Context::default().with_threads(2);
    let mut path: Vec<Edge> = (1..n).map(|v| (v - 1, v)).collect();
    for directed in [true, false] {
        let g = build(&path, n, directed, &ctx);
        assert!(cycle(&g, &ctx).is_empty());
        if directed {
            assert!(sorted(&g, &ctx).unwrap().into_iter().eq((0..n).zip(0..n)));
        }
    }
    path.push((n - 1, 0));
    let g = build(&path, n, true, &ctx);
    assert!(cycle(&g, &ctx).into_iter().eq(0..n));
    let e = sorted(&g, &ctx).unwrap_err();
    assert!(e.message().ends_with("0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> 9 -> … -> 0"), "{e}");
}

#[test]
fn a_path_may_be_long() {
    path_of(100_000);
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_path_may_be_as_long_as_the_graph() {
    path_of(10_000_000);
}

#[test]
fn degenerate_graphs() {
    let ctx = Context::default();
    for directed in [true, false] {
        let empty = build(&[], 0, directed, &ctx);
        assert_eq!((sorted(&empty, &ctx).unwrap(), cycle(&empty, &ctx)), (vec![], vec![]));
        let isolated = build(&[], 3, directed, &ctx);
        assert_eq!((sorted(&isolated, &ctx).unwrap(), cycle(&isolated, &ctx)), (vec![(0, 0), (0, 1), (0, 2)], vec![]));
        assert_eq!(cycle(&build(&[(0, 1), (2, 2)], 3, directed, &ctx), &ctx), [2]);
        let star: Vec<Edge> = (1..100).map(|v| (0, v)).collect();
        assert!(cycle(&build(&star, 100, directed, &ctx), &ctx).is_empty());
        // Twice the same edge: a cycle only where it can be gone back.
        let twice = build(&[(1, 2), (1, 2)], 3, directed, &ctx);
        assert_eq!(cycle(&twice, &ctx), if directed { vec![] } else { vec![1, 2] });
        assert_eq!(cycle(&build(&[(1, 2), (2, 1)], 3, directed, &ctx), &ctx), [1, 2]);
    }
    let complete: Vec<Edge> = (0..30).flat_map(|s| (s + 1..30).map(move |t| (s, t))).collect();
    assert!(sorted(&build(&complete, 30, true, &ctx), &ctx).unwrap().into_iter().eq((0..30).zip(0..30)));
    assert_eq!(cycle(&build(&complete, 30, false, &ctx), &ctx), [0, 1, 2]);
}

#[test]
fn a_cycle_is_shown_by_the_ids_of_the_user() {
    let ctx = Context::default();
    let text = |ids: &[&str]| Ids::Text(ids.iter().map(|s| (*s).to_owned()).collect());
    let g = graph(&text(&["x", "b", "a"]), &text(&["a", "a", "b"]), None, None, &Options::default(), 9, &ctx).unwrap();
    let e = sorted(&g, &ctx).unwrap_err();
    assert_eq!(e.code(), Code::InvalidArgument);
    assert_eq!(e.message(), "topological_sort: the graph has a cycle: 'a' -> 'b' -> 'a'");
    let ids = Ids::Int(vec![i64::MAX, i64::MIN]);
    let back = Ids::Int(vec![i64::MIN, i64::MAX]);
    let g = graph(&ids, &back, None, None, &Options::default(), 9, &ctx).unwrap();
    let e = sorted(&g, &ctx).unwrap_err();
    assert!(e.message().ends_with(&format!("{} -> {} -> {}", i64::MIN, i64::MAX, i64::MIN)), "{e}");
    for (edges, shown) in [(vec![(3, 1)], "1 -> 3 -> 1"), (vec![(2, 2), (3, 4)], "2 -> 2")] {
        let e = sorted(&build(&edges, 5, false, &ctx), &ctx).unwrap_err();
        assert_eq!(e.code(), Code::InvalidArgument);
        assert!(e.message().contains("undirected") && e.message().ends_with(shown), "{e}");
    }
}

#[test]
fn calls_that_cannot_go_on_say_so() {
    let n = 400_000;
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v)).collect();
    let g = build(&path, n, true, &Context::default());
    let cancelled = Context::default();
    cancelled.cancel_token().cancel();
    let poor = Context::default().with_memory_limit(200_000);
    for (ctx, code) in [(cancelled, Code::Cancelled), (poor, Code::OutOfMemory)] {
        assert_eq!(topological_sort(&g, &Options::default(), &ctx).unwrap_err().code(), code);
        assert_eq!(find_cycle(&g, &Options::default(), &ctx).unwrap_err().code(), code);
        assert_eq!(ctx.memory().used(), 0);
    }
}
