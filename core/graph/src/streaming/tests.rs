//! Streamed graphs are the collected ones, and sources that change are found out.

use super::*;
use crate::edges::EdgeInput;
use crate::graph::Graph;
use arrow_array::{Int64Array, RecordBatch, RecordBatchIterator, RecordBatchReader, StringArray};
use arrow_schema::SchemaRef;
use pf_base::{Options, Value};
use std::sync::Arc;

/// Gives `later` when it is opened for the second time.
struct Batches {
    now: Vec<RecordBatch>,
    later: Vec<RecordBatch>,
}

impl BatchSource for Batches {
    fn schema(&self) -> SchemaRef {
        self.now[0].schema()
    }

    fn reopenable(&self) -> bool {
        true
    }

    fn open(&mut self) -> Result<Box<dyn RecordBatchReader + '_>> {
        let batches = std::mem::replace(&mut self.now, self.later.clone());
        let schema = self.now[0].schema();
        Ok(Box::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema)))
    }
}

fn batches(edges: &[(i64, i64)], text: bool) -> Vec<RecordBatch> {
    let column = |f: fn(&(i64, i64)) -> i64| -> ArrayRef {
        let ids = edges.iter().map(f);
        match text {
            true => Arc::new(StringArray::from_iter_values(ids.map(|id| format!("v{id}")))),
            false => Arc::new(Int64Array::from_iter_values(ids)),
        }
    };
    let weights: ArrayRef = Arc::new(Int64Array::from_iter_values(0..edges.len() as i64));
    let all = RecordBatch::try_from_iter([("s", column(|e| e.0)), ("t", column(|e| e.1)), ("w", weights)]).unwrap();
    (0..all.num_rows()).step_by(3).map(|at| all.slice(at, 3.min(all.num_rows() - at))).collect()
}

fn options() -> Options {
    Options::default().with("weight", Value::Str("w".to_owned())).with("edge_ids", Value::Bool(true))
}

fn build(now: Vec<RecordBatch>, later: Vec<RecordBatch>, options: &Options, ctx: &Context) -> Result<Graph> {
    Graph::from_source(Box::new(Batches { now, later }), "s", "t", None, options, ctx)
}

#[test]
fn groups_and_partitions_make_the_same_graph() {
    let random = |i: i64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64) >> 50;
    let edges: Vec<_> = (0..3000).map(|i| (random(i) % 2500, random(i + 7777) % 2500)).collect();
    for text in [false, true] {
        for threads in [1, 3] {
            let ctx = Context::default().with_threads(threads);
            let all = batches(&edges, text);
            let source = || Box::new(Batches { now: all.clone(), later: all.clone() });
            let input = EdgeInput::collect(&mut *source(), "s", "t", None, &options(), &ctx).unwrap();
            let want = Graph::build(input, &ctx).unwrap();
            let schema = all[0].schema();
            let columns = EdgeColumns::new(&schema, None, "s", "t", &options()).unwrap();
            for group in [300, GROUP] {
                let mut stream = Stream { source: source(), columns: columns.clone(), group, edges: None };
                let (map, counts, rows) = stream.learn(None, &ctx).unwrap();
                assert_eq!(rows, 3000);
                assert_eq!(&map.ids(&ctx).unwrap(), &want.vertex_ids(&ctx).unwrap());
                let outgoing = stream.fill(&map, Orientation::Out, counts, &ctx).unwrap().0;
                let incoming = stream.rows(&map, Orientation::In, &ctx).unwrap().0;
                for (got, orientation) in [(outgoing, Orientation::Out), (incoming, Orientation::In)] {
                    let want = want.adjacency(orientation, &ctx).unwrap();
                    assert_eq!((got.offsets(), got.targets()), (want.offsets(), want.targets()));
                    assert_eq!((got.weights(), got.edges()), (want.weights(), want.edges()));
                }
            }
            assert_eq!(ctx.memory().used(), 0);
        }
    }
}

#[test]
fn edges_that_are_read_once_make_the_same_graph() {
    let random = |i: i64| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64) >> 41) & ((1 << 22) - 1);
    let few: Vec<_> = (0..4000).map(|i| (random(i) % 40, random(i + 7777) % 30)).collect();
    let cases = [
        ("many to a row", few.clone(), true),
        ("gaps", (0..3000).map(|i| (random(i) >> 6, random(i + 9) >> 6)).collect(), true),
        ("keys that outgrow the first partitions", (0..3000).map(|i| (i * i / 100, i * i / 120)).collect(), true),
        ("the last key that fits", vec![(KEYS as i64 - 1, 0), (3, KEYS as i64 - 1)], true),
        ("the first that does not", few.iter().copied().chain([(KEYS as i64, 0)]).collect(), false),
        ("negative", few.iter().copied().chain([(5, -1)]).collect(), false),
        ("loops", vec![(7, 7); 5], true),
    ];
    let policies = ["keep", "first"];
    for (name, edges, once) in &cases {
        for (threads, directed, duplicates) in [(1, true, policies[0]), (2, false, policies[0]), (7, true, policies[1])]
        {
            let ctx = Context::default().with_threads(threads);
            let options = Options::default()
                .with("directed", Value::Bool(directed))
                .with("duplicates", Value::Str(duplicates.to_owned()));
            let all = batches(edges, false);
            let source = || Box::new(Batches { now: all.clone(), later: all.clone() });
            let input = EdgeInput::collect(&mut *source(), "s", "t", None, &options, &ctx).unwrap();
            let want = Graph::build(input, &ctx).unwrap();
            let columns = EdgeColumns::new(&all[0].schema(), None, "s", "t", &options).unwrap();
            for group in [700, GROUP] {
                let mut stream = Stream { source: source(), columns: columns.clone(), group, edges: None };
                let dealt = stream.deal(Orientation::Out, &ctx).unwrap();
                assert_eq!(dealt.is_some(), *once, "{name}");
                drop(dealt);
                let (map, outgoing, _, rows) = stream.build(None, &ctx).unwrap();
                assert_eq!(rows, edges.len() as u64);
                assert_eq!(&map.ids(&ctx).unwrap(), &want.vertex_ids(&ctx).unwrap(), "{name}");
                let incoming = stream.rows(&map, Orientation::In, &ctx).unwrap().0;
                for (got, orientation) in [(outgoing, Orientation::Out), (incoming, Orientation::In)] {
                    let want = want.adjacency(orientation, &ctx).unwrap();
                    assert_eq!((got.offsets(), got.targets()), (want.offsets(), want.targets()), "{name}");
                }
            }
            assert_eq!(ctx.memory().used(), 0);
        }
    }
}

#[test]
fn positions_that_are_read_once_have_rows_without_edges() {
    let ctx = Context::default();
    for n in [6, KEYS as i64, KEYS as i64 + 1] {
        let options = Options::default().with("num_vertices", Value::I64(n));
        let all = batches(&[(4, 1), (1, 4), (4, 0)], false);
        let graph = build(all.clone(), all, &options, &ctx).unwrap();
        let rows = graph.adjacency(Orientation::Out, &ctx).unwrap();
        assert_eq!(
            (rows.num_rows(), rows.row(1), rows.row(4), rows.row(5)),
            (n as usize, &[4][..], &[0, 1][..], &[][..])
        );
    }
}

#[test]
fn edges_that_are_dealt_out_and_sorted_in_too_little_memory_are_read_twice() {
    let edges: Vec<_> = (0..6000).map(|i| (i * 31 % 997, i * 17 % 991)).collect();
    let all = batches(&edges, false);
    let free = Context::default();
    let want = build(all.clone(), all.clone(), &Options::default(), &free).unwrap();
    let want = want.adjacency(Orientation::Out, &free).unwrap();
    let mut built = 0;
    for limit in (50_000..1_000_000).step_by(50_000) {
        let ctx = Context::default().with_memory_limit(limit);
        match build(all.clone(), all.clone(), &Options::default(), &ctx) {
            Ok(graph) => {
                let rows = graph.adjacency(Orientation::Out, &ctx).unwrap();
                assert_eq!((rows.offsets(), rows.targets()), (want.offsets(), want.targets()));
                built += 1;
            }
            Err(e) => assert_eq!(e.code(), Code::OutOfMemory),
        }
        assert!(ctx.memory().peak() <= limit && ctx.memory().used() == 0);
    }
    assert!(built > 0);
}

#[test]
fn a_source_of_plain_edges_that_changes_is_found_out() {
    let ctx = Context::default();
    let before = batches(&[(1, 2), (2, 3), (3, 1)], false);
    let columns = EdgeColumns::new(&before[0].schema(), None, "s", "t", &Options::default()).unwrap();
    for after in [vec![(1, 2), (2, 3)], vec![(1, 2), (2, 3), (3, 4)], vec![(1, 2), (2, 3), (3, 1), (1, 1)]] {
        let source = Batches { now: before.clone(), later: batches(&after, false) };
        let mut stream = Stream::new(Box::new(source), columns.clone());
        let (map, ..) = stream.build(None, &ctx).unwrap();
        assert_eq!(stream.rows(&map, Orientation::In, &ctx).unwrap_err().code(), Code::Corrupt);
        assert_eq!(ctx.memory().used(), 0);
    }
}

#[test]
fn a_source_that_changes_before_it_is_read_for_the_other_direction_is_found_out() {
    let ctx = Context::default();
    let (before, after) = (batches(&[(1, 2), (2, 3), (3, 1)], false), batches(&[(1, 2), (2, 3)], false));
    let columns = EdgeColumns::new(&before[0].schema(), None, "s", "t", &options()).unwrap();
    let source = |now: &Vec<RecordBatch>| Box::new(Batches { now: now.clone(), later: now.clone() });
    let mut stream = Stream::new(source(&before), columns);
    let (map, counts, _) = stream.learn(None, &ctx).unwrap();
    stream.fill(&map, Orientation::Out, counts, &ctx).unwrap();
    stream.source = source(&after);
    assert_eq!(stream.rows(&map, Orientation::In, &ctx).unwrap_err().code(), Code::Corrupt);
}

#[test]
fn a_source_that_changes_is_found_out() {
    let ctx = Context::default();
    let before = batches(&[(1, 2), (2, 3), (3, 3), (3, 1)], false);
    // Another id, another row for an edge, one edge less, one more.
    for edges in [
        vec![(1, 2), (2, 4), (3, 3), (3, 1)],
        vec![(1, 2), (2, 3), (2, 3), (3, 1)],
        vec![(1, 2), (2, 3), (3, 3)],
        vec![(1, 2), (2, 3), (3, 3), (3, 1), (3, 2)],
        vec![(1, 2), (1, 2), (2, 3), (3, 3), (3, 1)],
    ] {
        let e = build(before.clone(), batches(&edges, false), &options(), &ctx).unwrap_err();
        assert_eq!(e.code(), Code::Corrupt, "{e}");
        assert_eq!(ctx.memory().used(), 0);
    }
    assert_eq!(build(before.clone(), before, &options(), &ctx).unwrap().num_edges(), 4);
}
