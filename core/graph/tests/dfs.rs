//! Depth-first search against a recursive one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Code, Context, Options, Value};
use pf_graph_core::{Graph, dfs};
use proptest::prelude::*;

type Edge = (i64, i64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default().with("num_vertices", Value::I64(n)).with("directed", Value::Bool(directed));
    let (source, target) = edges.iter().copied().unzip();
    graph(&Ids::Int(source), &Ids::Int(target), None, None, &options, 50, ctx).unwrap()
}

fn array(ids: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(ids.to_vec()))
}

fn forest() -> Options {
    Options::default().with("forest", Value::Bool(true))
}

fn column(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    batch[name].as_primitive::<Int64Type>().iter().collect()
}

/// Predecessor, discovery, finish and tree of a vertex.
type Row = (Option<i64>, Option<i64>, Option<i64>, Option<i64>);

fn result(batch: &RecordBatch) -> Vec<Row> {
    let [p, d, f, c] = ["predecessor", "discovery_time", "finish_time", "component_id"].map(|name| column(batch, name));
    (0..p.len()).map(|i| (p[i], d[i], f[i], c[i])).collect()
}

/// The textbook's recursion.
struct Recursive<'a> {
    neighbours: &'a [Vec<i64>],
    max_depth: i64,
    rows: Vec<Row>,
    clock: i64,
}

impl Recursive<'_> {
    fn tick(&mut self) -> Option<i64> {
        self.clock += 1;
        Some(self.clock - 1)
    }

    fn visit(&mut self, v: i64, from: Option<i64>, depth: i64, tree: i64) {
        self.rows[v as usize] = (from, self.tick(), None, Some(tree));
        for w in &self.neighbours[v as usize] {
            if depth < self.max_depth && self.rows[*w as usize].1.is_none() {
                self.visit(*w, Some(v), depth + 1, tree);
            }
        }
        self.rows[v as usize].2 = self.tick();
    }
}

fn recursive(edges: &[Edge], n: i64, directed: bool, roots: &[i64], max_depth: i64) -> (Vec<Row>, i64) {
    let mut neighbours = vec![Vec::new(); n as usize];
    for (s, t) in edges {
        neighbours[*s as usize].push(*t);
        if !directed && s != t {
            neighbours[*t as usize].push(*s);
        }
    }
    neighbours.iter_mut().for_each(|row| row.sort_unstable());
    let mut search =
        Recursive { neighbours: &neighbours, max_depth, rows: vec![(None, None, None, None); n as usize], clock: 0 };
    let mut trees = 0;
    for root in roots {
        if search.rows[*root as usize].1.is_none() {
            search.visit(*root, None, 0, trees);
            trees += 1;
        }
    }
    (search.rows, trees)
}

proptest! {
    #[test]
    fn it_is_the_recursive_search(
        (n, edges) in (1..25i64).prop_flat_map(|n| (Just(n), prop::collection::vec((0..n, 0..n), 0..60))),
        directed: bool,
        picks in prop::collection::vec(0..25i64, 0..4),
        max_depth in prop_oneof![Just(None), (0..5i64).prop_map(Some)],
        whole: bool,
    ) {
        let whole = whole || picks.is_empty();
        let sources: Vec<i64> = picks.iter().map(|p| p % n).collect();
        let roots: Vec<i64> = sources.iter().copied().chain(0..if whole { n } else { 0 }).collect();
        let (want, trees) = recursive(&edges, n, directed, &roots, max_depth.unwrap_or(i64::MAX));
        let mut options = Options::default().with("forest", Value::Bool(whole));
        if let Some(depth) = max_depth {
            options.set("max_depth", Value::I64(depth));
        }
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            let given = (!sources.is_empty()).then(|| array(&sources));
            let got = dfs(&g, given.as_ref(), &options, &ctx).unwrap();
            prop_assert_eq!(result(&got), want.clone());
            prop_assert_eq!(got.schema().metadata()["parquetframe.trees"].clone(), trees.to_string());
            prop_assert_eq!(column(&got, "vertex"), (0..n).map(Some).collect::<Vec<_>>());
            let reached = dfs(&g, given.as_ref(), &options.clone().with("reached_only", Value::Bool(true)), &ctx).unwrap();
            let rows = want.iter().copied().filter(|row| row.1.is_some()).collect::<Vec<_>>();
            prop_assert_eq!(result(&reached), rows);
            let vertices = (0..n).filter(|v| want[*v as usize].1.is_some()).map(Some).collect::<Vec<_>>();
            prop_assert_eq!(column(&reached, "vertex"), vertices);
            // The schema does not depend on what was reached.
            prop_assert_eq!(got.schema(), reached.schema());
            let nullable = |name: &str| got.schema().field_with_name(name).unwrap().is_nullable();
            prop_assert!(!nullable("vertex") && nullable("component_id") && nullable("finish_time"));
        }
    }
}

#[test]
fn a_vertex_that_was_cut_off_becomes_a_root_without_predecessor() {
    let ctx = Context::default();
    let g = build(&[(0, 1), (1, 2), (2, 3)], 4, true, &ctx);
    let got = dfs(&g, None, &forest().with("max_depth", Value::I64(1)), &ctx).unwrap();
    assert_eq!(column(&got, "predecessor"), [None, Some(0), None, Some(2)]);
    assert_eq!(column(&got, "component_id"), [Some(0), Some(0), Some(1), Some(1)]);
    let got = dfs(&g, Some(&array(&[2, 0, 3])), &Options::default().with("max_depth", Value::I64(0)), &ctx).unwrap();
    let want = [(None, Some(2), Some(3), Some(1)), (None, None, None, None)];
    assert_eq!(result(&got)[..2], want);
    assert_eq!(column(&got, "component_id"), [Some(1), None, Some(0), Some(2)]);
}

fn path_of(n: i64) {
    let ctx = Context::default().with_threads(2);
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v)).collect();
    let got = dfs(&build(&path, n, true, &ctx), Some(&array(&[0])), &Options::default(), &ctx).unwrap();
    let values = |name: &str| got[name].as_primitive::<Int64Type>().values().to_vec();
    assert!(values("discovery_time").into_iter().eq(0..n));
    assert!(values("finish_time").into_iter().eq((n..2 * n).rev()));
    assert!(got["predecessor"].is_null(0) && values("predecessor").into_iter().skip(1).eq(0..n - 1));
}

#[test]
fn a_path_may_be_long() {
    path_of(300_000);
}

#[test]
#[ignore = "minutes: make test-long"]
fn a_path_may_be_as_long_as_the_graph() {
    path_of(10_000_000);
}

#[test]
fn degenerate_graphs() {
    let ctx = Context::default();
    let empty = dfs(&build(&[], 0, true, &ctx), None, &forest(), &ctx).unwrap();
    assert_eq!((empty.num_rows(), &empty.schema().metadata()["parquetframe.trees"][..]), (0, "0"));
    let single = dfs(&build(&[(0, 0), (0, 0)], 1, true, &ctx), Some(&array(&[0])), &Options::default(), &ctx).unwrap();
    assert_eq!(result(&single), [(None, Some(0), Some(1), Some(0))]);
    let n = 1000;
    let star: Vec<Edge> = (1..n).map(|v| (0, v)).collect();
    let got = dfs(&build(&star, n, false, &ctx), Some(&array(&[0])), &Options::default(), &ctx).unwrap();
    assert_eq!(column(&got, "finish_time")[1..], (1..n).map(|v| Some(2 * v)).collect::<Vec<_>>());
    let complete: Vec<Edge> = (0..50).flat_map(|s| (0..50).map(move |t| (s, t))).collect();
    let got = dfs(&build(&complete, 50, true, &ctx), Some(&array(&[0])), &Options::default(), &ctx).unwrap();
    assert_eq!(column(&got, "discovery_time"), (0..50).map(Some).collect::<Vec<_>>());
}

#[test]
fn ids_of_all_kinds_come_back() {
    let ctx = Context::default();
    let text = |ids: &[&str]| Ids::Text(ids.iter().map(|s| (*s).to_owned()).collect());
    let g = graph(&text(&["b", "a"]), &text(&["a", "c"]), None, None, &Options::default(), 9, &ctx).unwrap();
    let got = dfs(&g, Some(&text(&["b"]).array()), &Options::default(), &ctx).unwrap();
    assert_eq!(got["predecessor"].as_string::<i32>().iter().collect::<Vec<_>>(), [None, Some("b"), Some("a")]);
    let ends = [i64::MIN, i64::MAX];
    let g =
        graph(&Ids::Int(vec![ends[0]]), &Ids::Int(vec![ends[1]]), None, None, &Options::default(), 9, &ctx).unwrap();
    let got = dfs(&g, Some(&array(&[ends[0]])), &Options::default(), &ctx).unwrap();
    assert_eq!(column(&got, "predecessor"), [None, Some(i64::MIN)]);
}

#[test]
fn wrong_arguments_are_named() {
    let ctx = Context::default();
    let g = build(&[(0, 1)], 2, true, &ctx);
    let fails = |sources: Option<ArrayRef>, options: &Options| dfs(&g, sources.as_ref(), options, &ctx).unwrap_err();
    for sources in [None, Some(array(&[]))] {
        let e = fails(sources, &Options::default());
        assert_eq!(e.code(), Code::InvalidArgument);
        assert_eq!(e.message(), "sources: at least one source vertex must be specified");
    }
    let e = fails(Some(array(&[2])), &Options::default());
    assert!(e.code() == Code::InvalidArgument && e.message().contains("vertex 2 is out of range [0, 2)"), "{e}");
    let e = fails(Some(array(&[0])), &Options::default().with("max_depth", Value::I64(-1)));
    assert!(e.code() == Code::InvalidArgument && e.message().contains("max_depth must be non-negative, not -1"), "{e}");
    let text: ArrayRef = Ids::Text(vec!["a".to_owned()]).array();
    assert_eq!(fails(Some(text), &Options::default()).code(), Code::Type);
}

#[test]
fn calls_that_cannot_go_on_say_so() {
    let n = 400_000;
    let path: Vec<Edge> = (1..n).map(|v| (v - 1, v)).collect();
    let g = build(&path, n, true, &Context::default());
    let cancelled = Context::default();
    cancelled.cancel_token().cancel();
    assert_eq!(dfs(&g, None, &forest(), &cancelled).unwrap_err().code(), Code::Cancelled);
    // Enough for the result, not for the path.
    let poor = Context::default().with_memory_limit(32 * n as u64);
    let e = dfs(&g, None, &forest(), &poor).unwrap_err();
    assert!(e.code() == Code::OutOfMemory && e.message().contains("search path"), "{e}");
    assert_eq!(poor.memory().used(), 0);
}
