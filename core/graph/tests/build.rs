//! Building against a naive builder: policies, directions, edge ids, id types, batches of any size, any threads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, Float32Array, Float64Array, Int8Array, Int64Array, RecordBatch, RecordBatchIterator,
    RecordBatchReader, StringArray, UInt64Array,
};
use arrow_schema::{DataType, SchemaRef};
use pf_base::{BatchSource, Code, Context, Error, Options, Result, StreamSource, Value};
use pf_graph_core::{Adjacency, EdgeInput, Graph, Orientation};
use proptest::prelude::*;

type Edge = (i64, i64, f64);

/// For every vertex its edges: target, weight, input row.
type Rows = Vec<Vec<(usize, f64, i64)>>;

/// How ids are shown to the builder.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ids {
    Dense,
    Narrow,
    Unsigned,
    Gaps,
    /// Gaps, from 2 on.
    Thirds,
    Scattered,
    Text,
    Positions,
}

const IDS: [Ids; 8] =
    [Ids::Dense, Ids::Narrow, Ids::Unsigned, Ids::Gaps, Ids::Thirds, Ids::Scattered, Ids::Text, Ids::Positions];

impl Ids {
    fn column(self, ids: &[i64]) -> ArrayRef {
        let each = |f: fn(i64) -> i64| ids.iter().map(|id| f(*id)).collect::<Vec<i64>>();
        match self {
            Ids::Dense | Ids::Positions => Arc::new(Int64Array::from(ids.to_vec())),
            Ids::Narrow => Arc::new(Int8Array::from(ids.iter().map(|id| *id as i8 - 60).collect::<Vec<_>>())),
            Ids::Unsigned => {
                Arc::new(UInt64Array::from(ids.iter().map(|id| u64::MAX - 1000 + *id as u64).collect::<Vec<_>>()))
            }
            Ids::Gaps => Arc::new(Int64Array::from(each(|id| 7 * id - 100))),
            Ids::Thirds => Arc::new(Int64Array::from(each(|id| 3 * id + 2))),
            Ids::Scattered => Arc::new(Int64Array::from(each(|id| (id - 20) * 0x0123_4567_89AB_CDEF))),
            Ids::Text => Arc::new(StringArray::from_iter_values(ids.iter().map(|id| format!("v{id}")))),
        }
    }
}

#[derive(Clone, Debug)]
struct Case {
    edges: Vec<Edge>,
    ids: Ids,
    directed: bool,
    duplicates: &'static str,
    drop_loops: bool,
    /// Without weights and edge ids.
    plain: bool,
    /// Rows of a batch.
    rows: usize,
}

const VERTICES: i64 = 40;

impl Case {
    fn options(&self) -> Options {
        let loops = if self.drop_loops { "drop" } else { "keep" };
        let mut options = Options::default()
            .with("directed", Value::Bool(self.directed))
            .with("duplicates", Value::Str(self.duplicates.to_owned()))
            .with("self_loops", Value::Str(loops.to_owned()));
        if !self.plain {
            options = options.with("weight", Value::Str("w".to_owned())).with("edge_ids", Value::Bool(true));
        }
        if self.ids == Ids::Positions { options.with("num_vertices", Value::I64(VERTICES)) } else { options }
    }

    /// The edges in batches, an empty one after each.
    fn batches(&self) -> Vec<RecordBatch> {
        let all = RecordBatch::try_from_iter([
            ("s", self.ids.column(&self.edges.iter().map(|e| e.0).collect::<Vec<_>>())),
            ("t", self.ids.column(&self.edges.iter().map(|e| e.1).collect::<Vec<_>>())),
            ("w", Arc::new(Float64Array::from(self.edges.iter().map(|e| e.2).collect::<Vec<_>>())) as ArrayRef),
        ])
        .unwrap();
        let cuts = (0..all.num_rows()).step_by(self.rows);
        let mut batches: Vec<_> =
            cuts.flat_map(|at| [all.slice(at, self.rows.min(all.num_rows() - at)), all.slice(at, 0)]).collect();
        batches.push(all.slice(0, 0));
        batches
    }

    fn collected(&self, ctx: &Context) -> Result<Graph> {
        let batches = self.batches();
        let schema = batches[0].schema();
        let mut source = StreamSource::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema));
        Graph::build(EdgeInput::collect(&mut source, "s", "t", None, &self.options(), ctx)?, ctx)
    }

    /// Read from a source that can be opened again and again.
    fn streamed(&self, ctx: &Context) -> Result<Graph> {
        Graph::from_source(Box::new(Batches(self.batches())), "s", "t", None, &self.options(), ctx)
    }

    /// Vertices in their order, and for each its edges: target, weight, input row.
    fn naive(&self) -> (Vec<i64>, Rows, u64) {
        let mut order: Vec<i64> = match self.ids {
            Ids::Positions => (0..VERTICES).collect(),
            _ => self.edges.iter().flat_map(|e| [e.0, e.1]).collect(),
        };
        if self.ids == Ids::Text {
            let all = std::mem::take(&mut order);
            all.into_iter().for_each(|v| {
                if !order.contains(&v) {
                    order.push(v)
                }
            });
        } else {
            order.sort_unstable();
            order.dedup();
        }
        let number = |v: i64| order.iter().position(|o| *o == v).unwrap();
        let mut rows = vec![Vec::new(); order.len()];
        for (i, e) in (0..).zip(&self.edges) {
            if self.drop_loops && e.0 == e.1 {
                continue;
            }
            rows[number(e.0)].push((number(e.1), e.2, i));
            if !self.directed && e.0 != e.1 {
                rows[number(e.1)].push((number(e.0), e.2, i));
            }
        }
        for row in &mut rows {
            row.sort_by_key(|e| (e.0, e.2));
            if self.duplicates != "keep" {
                row.dedup_by(|later, kept| {
                    let same = later.0 == kept.0;
                    if same {
                        kept.1 = match self.duplicates {
                            "sum" => kept.1 + later.1,
                            "min" => kept.1.min(later.1),
                            "max" => kept.1.max(later.1),
                            _ => kept.1,
                        };
                    }
                    same
                });
            }
        }
        let count = |v: usize, row: &Vec<(usize, f64, i64)>| row.iter().filter(|e| self.directed || e.0 >= v).count();
        let edges = rows.iter().enumerate().map(|(v, row)| count(v, row)).sum::<usize>() as u64;
        (order, rows, edges)
    }
}

struct Batches(Vec<RecordBatch>);

impl BatchSource for Batches {
    fn schema(&self) -> SchemaRef {
        self.0[0].schema()
    }

    fn reopenable(&self) -> bool {
        true
    }

    fn open(&mut self) -> Result<Box<dyn RecordBatchReader + '_>> {
        Ok(Box::new(RecordBatchIterator::new(self.0.iter().cloned().map(Ok), self.schema())))
    }
}

fn rows(adjacency: &Adjacency) -> Rows {
    let weight = |i: usize| adjacency.weights().map_or(0.0, |w| w.as_primitive::<Float64Type>().value(i));
    let edge = |i: usize| adjacency.edges().map_or(0, |edges| edges[i]);
    let cell = |i: usize| (adjacency.targets()[i] as usize, weight(i), edge(i));
    (0..adjacency.num_rows()).map(|v| adjacency.range(v).map(cell).collect()).collect()
}

fn check(case: &Case, graph: &Graph, ctx: &Context) {
    let (order, mut want, edges) = case.naive();
    if case.plain {
        want.iter_mut().flatten().for_each(|e| (e.1, e.2) = (0.0, 0));
    }
    assert_eq!(graph.vertex_ids(ctx).unwrap().as_ref(), case.ids.column(&order).as_ref());
    assert_eq!((graph.num_edges(), graph.is_directed()), (edges, case.directed));
    let outgoing = graph.adjacency(Orientation::Out, ctx).unwrap();
    assert_eq!(rows(&outgoing), want);
    let mut turned = vec![Vec::new(); want.len()];
    for (v, row) in want.iter().enumerate() {
        row.iter().for_each(|e| turned[e.0].push((v, e.1, e.2)));
    }
    assert_eq!(rows(&graph.adjacency(Orientation::In, ctx).unwrap()), turned);
}

fn cases() -> impl Strategy<Value = Case> {
    let weight = prop_oneof![-4..4i32, Just(7)].prop_map(f64::from);
    let edges = prop::collection::vec((0..VERTICES, 0..VERTICES, weight.clone()), 0..80);
    // Few vertices: loops and parallel edges abound.
    let crowded = prop::collection::vec((0..4i64, 0..4i64, weight), 0..60);
    let duplicates = prop::sample::select(vec!["keep", "first", "sum", "min", "max"]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (prop_oneof![edges, crowded], prop::sample::select(IDS.to_vec()), flags, duplicates, 1..30usize).prop_map(
        |(mut edges, ids, (directed, drop_loops, sorted, plain), duplicates, rows)| {
            let duplicates = if plain && duplicates != "keep" { "first" } else { duplicates };
            if sorted {
                edges.sort_by_key(|e| e.0);
            }
            Case { edges, ids, directed, duplicates, drop_loops, plain, rows }
        },
    )
}

proptest! {
    #[test]
    fn graphs_are_those_of_the_naive_builder(case in cases()) {
        for threads in [1, 2, 7] {
            let ctx = Context::default().with_threads(threads);
            check(&case, &case.collected(&ctx).unwrap(), &ctx);
            check(&case, &case.streamed(&ctx).unwrap(), &ctx);
            prop_assert_eq!(ctx.memory().used(), 0);
        }
    }
}

fn merged(weight: ArrayRef, duplicates: &str) -> Result<ArrayRef> {
    let same: ArrayRef = Arc::new(Int64Array::from(vec![5; weight.len()]));
    let other: ArrayRef = Arc::new(Int64Array::from(vec![6; weight.len()]));
    let batch = RecordBatch::try_from_iter([("s", same), ("t", other), ("w", weight)]).unwrap();
    let schema = batch.schema();
    let mut source = StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema));
    let options = Options::default()
        .with("weight", Value::Str("w".to_owned()))
        .with("duplicates", Value::Str(duplicates.to_owned()));
    let ctx = Context::default();
    let graph = Graph::build(EdgeInput::collect(&mut source, "s", "t", None, &options, &ctx)?, &ctx)?;
    Ok(graph.adjacency(Orientation::Out, &ctx)?.weights().unwrap().clone())
}

#[test]
fn merged_weights_keep_their_type_and_sums_their_range() {
    let byte = |values: &[i8]| Arc::new(Int8Array::from(values.to_vec())) as ArrayRef;
    assert_eq!(merged(byte(&[100, 27]), "sum").unwrap().as_ref(), byte(&[127]).as_ref());
    assert_eq!(merged(byte(&[-3, 5, -3]), "min").unwrap().as_ref(), byte(&[-3]).as_ref());
    assert_eq!(merged(byte(&[-3, 5, -3]), "max").unwrap().as_ref(), byte(&[5]).as_ref());
    let e = merged(byte(&[100, 28]), "sum").unwrap_err();
    assert!(e.code() == Code::Arithmetic && e.message().contains("beyond int8"), "{e}");
    let wide: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX, 1]));
    assert_eq!(merged(wide.clone(), "sum").unwrap_err().code(), Code::Arithmetic);
    assert_eq!(merged(wide, "max").unwrap().as_ref(), &UInt64Array::from(vec![u64::MAX]));
    // In the order of the input, and in float32 rounded once.
    let double = |values: &[f64]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
    assert_eq!(merged(double(&[1e16, 1.0, -1e16]), "sum").unwrap().as_ref(), double(&[0.0]).as_ref());
    let single = |values: &[f32]| Arc::new(Float32Array::from(values.to_vec())) as ArrayRef;
    assert_eq!(merged(single(&[16_777_216.0, 1.0, 1.0]), "sum").unwrap().as_ref(), single(&[16_777_218.0]).as_ref());
    let both = double(&[f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(merged(both.clone(), "sum").unwrap_err().code(), Code::Arithmetic);
    assert_eq!(merged(both, "min").unwrap().as_ref(), double(&[f64::NEG_INFINITY]).as_ref());
}

#[test]
fn bad_policies_are_named() {
    let build = |options: Options| -> Result<Graph, Error> {
        let ctx = Context::default();
        let ends: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let batch = RecordBatch::try_from_iter([("s", ends.clone()), ("t", ends)]).unwrap();
        let schema = batch.schema();
        let mut source = StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema));
        Graph::build(EdgeInput::collect(&mut source, "s", "t", None, &options, &ctx)?, &ctx)
    };
    let with = |name: &str, value: &str| Options::default().with(name, Value::Str(value.to_owned()));
    for (options, fragment) in [
        (with("duplicates", "last"), "duplicates must be 'keep', 'first', 'sum', 'min' or 'max', not 'last'"),
        (with("duplicates", "sum"), "duplicates='sum' needs the option 'weight'"),
        (with("self_loops", "no"), "self_loops must be 'keep' or 'drop', not 'no'"),
    ] {
        let e = build(options).unwrap_err();
        assert!(e.code() == Code::InvalidArgument && e.message().contains(fragment), "{e}");
    }
    // The only edge is dropped, its vertex stays.
    let graph = build(with("self_loops", "drop")).unwrap();
    assert_eq!((graph.num_vertices(), graph.num_edges()), (1, 0));
    assert_eq!(graph.vertex_ids(&Context::default()).unwrap().data_type(), &DataType::Int64);
    let ids = graph.vertex_ids(&Context::default()).unwrap();
    assert_eq!(ids.as_primitive::<Int64Type>().values(), &[1]);
}

#[test]
fn under_a_memory_limit_one_orientation_is_kept() {
    let edges: Vec<Edge> = (0..20_000).map(|i| (i * i % 977, i * 31 % 1013, i as f64)).collect();
    let case = Case {
        edges,
        ids: Ids::Dense,
        directed: true,
        duplicates: "keep",
        drop_loops: false,
        plain: false,
        rows: 1000,
    };
    let roomy = Context::default().with_threads(2).with_memory_limit(4 << 30);
    let graph = case.streamed(&roomy).unwrap();
    let outgoing = graph.adjacency(Orientation::Out, &roomy).unwrap();
    let incoming = graph.adjacency(Orientation::In, &roomy).unwrap();
    assert_eq!(graph.adjacency(Orientation::Out, &roomy).unwrap().targets().as_ptr(), outgoing.targets().as_ptr());

    // Room for the rows of one orientation, 20 bytes an edge, and batches while they are read.
    let tight = Context::default().with_threads(2).with_memory_limit(1_300_000);
    let graph = case.streamed(&tight).unwrap();
    assert!(graph.incoming_if_built().is_none());
    for _ in 0..2 {
        assert_eq!(rows(&graph.adjacency(Orientation::In, &tight).unwrap()), rows(&incoming));
        assert!(graph.incoming_if_built().is_some());
        assert_eq!(rows(&graph.adjacency(Orientation::Out, &tight).unwrap()), rows(&outgoing));
        assert!(graph.incoming_if_built().is_none(), "dropped for the outgoing edges");
    }
    assert_eq!(tight.memory().used(), 0);
    // The same graph under a context with room keeps both.
    graph.adjacency(Orientation::In, &roomy).unwrap();
    graph.adjacency(Orientation::Out, &roomy).unwrap();
    assert!(graph.incoming_if_built().is_some());
}

#[test]
fn further_vertices_come_first_from_a_source_too() {
    let ctx = Context::default();
    for ids in [Ids::Dense, Ids::Scattered, Ids::Text] {
        let case = Case {
            edges: vec![(3, 5, 1.0)],
            ids,
            directed: false,
            duplicates: "keep",
            drop_loops: false,
            plain: false,
            rows: 10,
        };
        let vertices = RecordBatch::try_from_iter([("v", ids.column(&[1, 5, 9, 1]))]).unwrap();
        let build = |streamed: bool| {
            let mut vertices = Batches(vec![vertices.clone()]);
            let mut edges = Batches(case.batches());
            match streamed {
                true => {
                    Graph::from_source(Box::new(edges), "s", "t", Some(&mut vertices), &case.options(), &ctx).unwrap()
                }
                false => {
                    let input =
                        EdgeInput::collect(&mut edges, "s", "t", Some(&mut vertices), &case.options(), &ctx).unwrap();
                    Graph::build(input, &ctx).unwrap()
                }
            }
        };
        let (a, b) = (build(true), build(false));
        assert_eq!(&a.vertex_ids(&ctx).unwrap(), &b.vertex_ids(&ctx).unwrap());
        let list = |graph: &Graph| rows(&graph.adjacency(Orientation::Out, &ctx).unwrap());
        assert_eq!(list(&a), list(&b));
        assert_eq!(a.num_vertices(), 4);
    }
}

#[test]
fn many_plain_edges_in_many_batches() {
    // Enough for several tasks, partitions and digits; hubs; ids with and without gaps.
    let random = |i: u64| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) as i64;
    let end = |i: u64| if random(i) % 3 == 0 { random(i * 5) % 3 } else { random(i * 7) % 5000 };
    let mut edges: Vec<Edge> = (0..120_000).map(|i| (end(2 * i), end(2 * i + 1), 0.0)).collect();
    for sorted in [false, true] {
        if sorted {
            edges.sort_by_key(|e| e.0);
        }
        for (ids, scale) in [(Ids::Dense, 1), (Ids::Thirds, 3)] {
            let case = Case {
                edges: edges.clone(),
                ids,
                directed: true,
                duplicates: "keep",
                drop_loops: false,
                plain: true,
                rows: 7000,
            };
            let mut vertices: Vec<i64> = edges.iter().flat_map(|e| [e.0, e.1]).collect();
            vertices.sort_unstable();
            vertices.dedup();
            let number = |id: i64| vertices.binary_search(&id).unwrap();
            let mut want: Vec<(usize, u32)> = edges.iter().map(|e| (number(e.0), number(e.1) as u32)).collect();
            want.sort_unstable();
            for threads in [1, 2, 7] {
                let ctx = Context::default().with_threads(threads);
                for graph in [case.collected(&ctx).unwrap(), case.streamed(&ctx).unwrap()] {
                    let ids = graph.vertex_ids(&ctx).unwrap();
                    assert_eq!(ids.len(), vertices.len());
                    let first = ids.as_primitive::<Int64Type>().value(0);
                    assert_eq!(first, scale * vertices[0] + if scale == 3 { 2 } else { 0 });
                    let rows = graph.adjacency(Orientation::Out, &ctx).unwrap();
                    let got = (0..rows.num_rows()).flat_map(|v| rows.row(v).iter().map(move |t| (v, *t)));
                    assert!(got.eq(want.iter().copied()));
                    let incoming = graph.adjacency(Orientation::In, &ctx).unwrap();
                    let mut got: Vec<(usize, u32)> = (0..incoming.num_rows())
                        .flat_map(|v| incoming.row(v).iter().map(move |s| (*s as usize, v as u32)))
                        .collect();
                    assert!((0..incoming.num_rows()).all(|v| incoming.row(v).is_sorted()));
                    got.sort_unstable();
                    assert_eq!(got, want);
                }
                assert_eq!(ctx.memory().used(), 0);
            }
        }
    }
}
