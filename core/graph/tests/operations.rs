//! Graphs made of graphs, and looking into rows, against lists of edges.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use pf_base::{Code, Context, Options, StreamSource, Value};
use pf_graph_core::{EdgeInput, Graph, edges, has_edge, neighbors};
use proptest::prelude::*;

/// Source, target, weight, input row; ids 10 times the vertex number.
type Edge = (i64, i64, f64, i64);

const VERTICES: i64 = 12;

fn ids(values: &[i64], text: bool) -> ArrayRef {
    match text {
        true => Arc::new(StringArray::from_iter_values(values.iter().map(|v| format!("v{v:03}")))),
        false => Arc::new(Int64Array::from(values.to_vec())),
    }
}

fn read_ids(column: &ArrayRef) -> Vec<i64> {
    match column.as_string_opt::<i32>() {
        Some(texts) => texts.iter().map(|t| t.unwrap()[1..].parse().unwrap()).collect(),
        None => column.as_primitive::<Int64Type>().values().to_vec(),
    }
}

fn stream(columns: Vec<(&str, ArrayRef)>) -> StreamSource<impl arrow_array::RecordBatchReader> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let schema = batch.schema();
    StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema))
}

fn build(edges: &[Edge], directed: bool, text: bool, ctx: &Context) -> Graph {
    let column = |f: fn(&Edge) -> i64| ids(&edges.iter().map(f).collect::<Vec<_>>(), text);
    let weights: ArrayRef = Arc::new(Float64Array::from(edges.iter().map(|e| e.2).collect::<Vec<_>>()));
    let mut source = stream(vec![("s", column(|e| e.0)), ("t", column(|e| e.1)), ("cost", weights)]);
    // All vertices in the order of their ids, whatever their kind.
    let mut vertices = stream(vec![("v", ids(&(0..VERTICES).map(|v| 10 * v).collect::<Vec<_>>(), text))]);
    let options = Options::default()
        .with("weight", Value::Str("cost".to_owned()))
        .with("directed", Value::Bool(directed))
        .with("edge_ids", Value::Bool(true));
    let input = EdgeInput::collect(&mut source, "s", "t", Some(&mut vertices), &options, ctx).unwrap();
    Graph::build(input, ctx).unwrap()
}

fn list(batch: &RecordBatch, names: [&str; 4]) -> Vec<Edge> {
    let [source, target] = [names[0], names[1]].map(|name| read_ids(&batch[name]));
    let weights = batch[names[2]].as_primitive::<Float64Type>();
    let rows = batch[names[3]].as_primitive::<Int64Type>();
    (0..batch.num_rows()).map(|i| (source[i], target[i], weights.value(i), rows.value(i))).collect()
}

fn all_edges(graph: &Graph, ctx: &Context) -> Vec<Edge> {
    list(&edges(graph, &Options::default(), ctx).unwrap(), ["source", "target", "cost", "edge"])
}

/// Sorted as `edges` sorts them, undirected ones with the first vertex first.
fn sorted(edges: impl Iterator<Item = Edge>, directed: bool) -> Vec<Edge> {
    let turned = |e: Edge| if directed || e.0 <= e.1 { e } else { (e.1, e.0, e.2, e.3) };
    let mut edges: Vec<Edge> = edges.map(turned).collect();
    edges.sort_by_key(|e| (e.0, e.1, e.3));
    edges
}

fn input() -> impl Strategy<Value = (Vec<Edge>, bool, bool)> {
    let edge = (0..VERTICES, 0..VERTICES, -5..5i32);
    (prop::collection::vec(edge, 0..50), any::<bool>(), any::<bool>()).prop_map(|(edges, directed, text)| {
        let number = |(i, e): (i64, (i64, i64, i32))| (10 * e.0, 10 * e.1, f64::from(e.2), i);
        ((0..).zip(edges).map(number).collect(), directed, text)
    })
}

proptest! {
    #[test]
    fn the_list_holds_every_edge_once((input, directed, text) in input()) {
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let graph = build(&input, directed, text, &ctx);
            prop_assert_eq!(all_edges(&graph, &ctx), sorted(input.iter().copied(), directed));
            prop_assert_eq!(ctx.memory().used(), 0);
        }
    }

    #[test]
    fn transposing_turns_every_edge((input, directed, text) in input()) {
        let ctx = Context::default().with_threads(2);
        let graph = build(&input, directed, text, &ctx);
        let turned = graph.transpose(&ctx).unwrap();
        let want = input.iter().map(|e| (e.1, e.0, e.2, e.3));
        prop_assert_eq!(all_edges(&turned, &ctx), sorted(want, directed));
        prop_assert_eq!(all_edges(&turned.transpose(&ctx).unwrap(), &ctx), all_edges(&graph, &ctx));
        prop_assert_eq!(turned.num_edges(), graph.num_edges());
    }

    #[test]
    fn undirected_graphs_have_all_edges_in_both_rows((input, directed, text) in input()) {
        for threads in [1, 7] {
            let ctx = Context::default().with_threads(threads);
            let graph = build(&input, directed, text, &ctx).undirected(&ctx).unwrap();
            prop_assert!(!graph.is_directed() && graph.num_edges() == input.len() as u64);
            let mut got = all_edges(&graph, &ctx);
            let mut want = sorted(input.iter().copied(), false);
            if directed {
                // Parallel edges: those of the first vertex come first.
                want.sort_by_key(|e| (e.0, e.1, input[e.3 as usize].0 != e.0, e.3));
            }
            prop_assert_eq!(&got, &want);
            // The other ends see the same edges in the same order.
            let vertices: Vec<i64> = (0..VERTICES).map(|v| 10 * v).collect();
            let rows = neighbors(&graph, &ids(&vertices, text), &Options::default(), &ctx).unwrap();
            let rows = list(&rows, ["vertex", "neighbor", "weight", "edge"]);
            got.clear();
            got.extend(rows.iter().filter(|e| e.0 > e.1).map(|e| (e.1, e.0, e.2, e.3)));
            want.retain(|e| e.0 != e.1);
            want.sort_by_key(|e| (e.1, e.0));
            prop_assert_eq!(got, want);
        }
    }

    #[test]
    fn subgraphs_are_induced((input, directed, text) in input(), chosen in prop::collection::vec(0..VERTICES, 0..20)) {
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            let graph = build(&input, directed, text, &ctx);
            let chosen: Vec<i64> = chosen.iter().map(|v| 10 * v).collect();
            let part = graph.subgraph(&ids(&chosen, text), &ctx).unwrap();
            let inside = input.iter().copied().filter(|e| chosen.contains(&e.0) && chosen.contains(&e.1));
            let want = sorted(inside, directed);
            prop_assert_eq!(part.num_edges(), want.len() as u64);
            prop_assert_eq!(all_edges(&part, &ctx), want);
            let mut vertices = chosen.clone();
            vertices.sort_unstable();
            vertices.dedup();
            let ids = part.vertex_ids(&ctx).unwrap();
            let before = graph.vertex_ids(&ctx).unwrap();
            prop_assert_eq!(ids.data_type(), before.data_type());
            prop_assert_eq!(read_ids(&ids), vertices);
        }
    }

    #[test]
    fn edges_are_filtered_by_their_row((input, directed, text) in input(), seed: u64) {
        let ctx = Context::default().with_threads(2);
        let graph = build(&input, directed, text, &ctx);
        let keep: BooleanArray =
            (0..input.len()).map(|i| [Some(true), Some(false), None][(seed >> (i % 50)) as usize % 3]).collect();
        let part = graph.filter_edges(&keep, &ctx).unwrap();
        let kept = input.iter().copied().filter(|e| keep.is_valid(e.3 as usize) && keep.value(e.3 as usize));
        let want = sorted(kept, directed);
        prop_assert_eq!((part.num_vertices(), part.num_edges()), (VERTICES as usize, want.len() as u64));
        prop_assert_eq!(all_edges(&part, &ctx), want);
        // Rows of the input stay what they were.
        prop_assert_eq!(all_edges(&part.filter_edges(&keep, &ctx).unwrap(), &ctx), all_edges(&part, &ctx));
    }

    #[test]
    fn neighbours_stand_in_their_rows((input, directed, text) in input(), asked in prop::collection::vec(0..VERTICES, 0..9)) {
        let ctx = Context::default().with_threads(2);
        let graph = build(&input, directed, text, &ctx);
        let asked: Vec<i64> = asked.iter().map(|v| 10 * v).collect();
        for mode in ["out", "in", "all"] {
            let options = Options::default().with("mode", Value::Str(mode.to_owned()));
            let got = neighbors(&graph, &ids(&asked, text), &options, &ctx).unwrap();
            let mut want = Vec::new();
            for v in &asked {
                let out = input.iter().filter(|e| e.0 == *v).map(|e| (*v, e.1, e.2, e.3));
                let back = input.iter().filter(|e| e.1 == *v && (directed || e.0 != e.1)).map(|e| (*v, e.0, e.2, e.3));
                let (out, back) = (out.collect::<Vec<Edge>>(), back.collect::<Vec<Edge>>());
                let parts = match (mode, directed) {
                    (_, false) => vec![[out, back].concat()],
                    ("out", _) => vec![out],
                    ("in", _) => vec![back],
                    _ => vec![out, back],
                };
                for mut part in parts {
                    part.sort_by_key(|e| (e.1, e.3));
                    want.extend(part);
                }
            }
            prop_assert_eq!(list(&got, ["vertex", "neighbor", "weight", "edge"]), want);
        }
    }

    #[test]
    fn pairs_are_looked_up((input, directed, text) in input(), pairs in prop::collection::vec((0..VERTICES, 0..VERTICES), 0..40)) {
        let ctx = Context::default().with_threads(2);
        let graph = build(&input, directed, text, &ctx);
        let (a, b): (Vec<i64>, Vec<i64>) = pairs.iter().map(|p| (10 * p.0, 10 * p.1)).unzip();
        let got = has_edge(&graph, &ids(&a, text), &ids(&b, text), &Options::default(), &ctx).unwrap();
        if !a.is_empty() {
            prop_assert_eq!((read_ids(&got["source"]), read_ids(&got["target"])), (a.clone(), b.clone()));
        }
        for (i, (a, b)) in a.iter().zip(&b).enumerate() {
            let want = input.iter().any(|e| (e.0, e.1) == (*a, *b) || (!directed && (e.1, e.0) == (*a, *b)));
            prop_assert_eq!(got["has_edge"].as_boolean().value(i), want);
        }
    }
}

#[test]
fn what_cannot_be_done_is_named() {
    let ctx = Context::default();
    let graph = build(&[(0, 10, 1.0, 0)], true, false, &ctx);
    let options = Options::default();
    let none = Int64Array::from(vec![10, 77]);
    let e = graph.subgraph(&(Arc::new(none) as ArrayRef), &ctx).unwrap_err();
    assert!(e.code() == Code::InvalidArgument && e.message().contains("vertices: vertex 77 is not"), "{e}");
    let e = graph.filter_edges(&BooleanArray::from(vec![true, true]), &ctx).unwrap_err();
    assert!(e.message().contains("keep has 2 values, but the graph was built from 1 edges"), "{e}");
    let e = has_edge(&graph, &ids(&[10], false), &ids(&[10, 0], false), &options, &ctx).unwrap_err();
    assert!(e.code() == Code::InvalidArgument && e.message().contains("they are pairs"), "{e}");
    let bad = Options::default().with("mode", Value::Str("both".to_owned()));
    let e = neighbors(&graph, &ids(&[10], false), &bad, &ctx).unwrap_err();
    assert!(e.message().contains("mode must be 'in', 'out' or 'all', not 'both'"), "{e}");

    let mut source = stream(vec![("s", ids(&[1, 2], false)), ("t", ids(&[2, 1], false))]);
    let input = EdgeInput::collect(&mut source, "s", "t", None, &options, &ctx).unwrap();
    let plain = Graph::build(input, &ctx).unwrap();
    assert!(!plain.has_edge_ids());
    let e = plain.filter_edges(&BooleanArray::from(vec![true, true]), &ctx).unwrap_err();
    assert!(e.message().contains("build it with the option 'edge_ids'"), "{e}");
    let got = edges(&plain, &options, &ctx).unwrap();
    assert_eq!(got.num_columns(), 2);
    // Ids in another integer type are found, and come back in the type of the graph.
    let narrow: ArrayRef = Arc::new(Int32Array::from(vec![1]));
    let got = has_edge(&plain, &narrow, &narrow, &options, &ctx).unwrap();
    assert_eq!(read_ids(&got["source"]), [1]);
    assert!(!got["has_edge"].as_boolean().value(0));
}
