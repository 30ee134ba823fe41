//! Ids and weights of every Arrow type, and what is said about those that are none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array,
    Int64Array, LargeStringArray, RecordBatch, RecordBatchIterator, StringArray, StringViewArray, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::DataType;
use pf_base::{Code, Context, Error, Options, Result, StreamSource, Value};
use pf_graph_core::{EdgeInput, Graph, Orientation, bfs};

fn build(source: ArrayRef, target: ArrayRef, weight: Option<ArrayRef>, vertices: Option<ArrayRef>) -> Result<Graph> {
    let ctx = Context::default();
    let mut options = Options::default();
    let mut columns = vec![("s", source), ("t", target)];
    if let Some(weight) = weight {
        options.set("weight", Value::Str("w".to_owned()));
        columns.push(("w", weight));
    }
    let stream = |columns: Vec<(&str, ArrayRef)>| {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let schema = batch.schema();
        StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema))
    };
    let mut vertices = vertices.map(|v| stream(vec![("v", v)]));
    let vertices = vertices.as_mut().map(|v| v as &mut dyn pf_base::BatchSource);
    Graph::build(EdgeInput::collect(&mut stream(columns), "s", "t", vertices, &options, &ctx)?, &ctx)
}

/// The same three edges 3 → 5, 5 → 9, 3 → 9 in every integer type.
fn integers() -> Vec<ArrayRef> {
    vec![
        Arc::new(Int8Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(Int16Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(Int32Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(Int64Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(UInt8Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(UInt16Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(UInt32Array::from(vec![3, 5, 3, 5, 9, 9])),
        Arc::new(UInt64Array::from(vec![3, 5, 3, 5, 9, 9])),
    ]
}

const NAMES: [&str; 6] = ["a", "b", "a", "b", "c", "c"];

fn dictionary<K: arrow_array::types::ArrowDictionaryKeyType>() -> ArrayRef {
    Arc::new(NAMES.into_iter().collect::<DictionaryArray<K>>())
}

fn check(ends: &ArrayRef, ids: &ArrayRef) {
    let ctx = Context::default();
    let graph = build(ends.slice(0, 3), ends.slice(3, 3), None, None).unwrap();
    assert_eq!(graph.vertex_ids(&ctx).unwrap().as_ref(), ids.as_ref(), "{}", ends.data_type());
    let outgoing = graph.adjacency(Orientation::Out, &Context::default()).unwrap();
    assert_eq!((outgoing.offsets(), outgoing.targets()), (&[0, 2, 3, 3][..], &[1, 2, 2][..]));
    let found = bfs(&graph, &ends.slice(1, 1), None, &Options::default(), &ctx).unwrap();
    assert_eq!(found["predecessor"].data_type(), ids.data_type());
    assert_eq!(found["distance"].null_count(), 1);
}

#[test]
fn ids_come_back_in_the_type_they_had() {
    for ends in integers() {
        let ids = arrow_select::take::take(&ends, &UInt32Array::from(vec![0, 1, 4]), None).unwrap();
        check(&ends, &ids);
    }
    check(
        &(Arc::new(StringArray::from(NAMES.to_vec())) as _),
        &(Arc::new(StringArray::from(vec!["a", "b", "c"])) as _),
    );
    let large: ArrayRef = Arc::new(LargeStringArray::from(vec!["a", "b", "c"]));
    check(&(Arc::new(LargeStringArray::from(NAMES.to_vec())) as _), &large);
    let views: ArrayRef = Arc::new(StringViewArray::from(vec!["a", "b", "c"]));
    check(&(Arc::new(StringViewArray::from(NAMES.to_vec())) as _), &views);
    let plain: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    for ends in [
        dictionary::<Int8Type>(),
        dictionary::<Int16Type>(),
        dictionary::<Int32Type>(),
        dictionary::<Int64Type>(),
        dictionary::<UInt8Type>(),
        dictionary::<UInt16Type>(),
        dictionary::<UInt32Type>(),
        dictionary::<UInt64Type>(),
    ] {
        check(&ends, &plain);
    }
}

#[test]
fn two_types_of_a_kind_meet_in_the_widest() {
    let ctx = Context::default();
    let small: ArrayRef = Arc::new(Int16Array::from(vec![-1, 2]));
    let wide: ArrayRef = Arc::new(UInt64Array::from(vec![7, 8]));
    let graph = build(small.clone(), wide, None, None).unwrap();
    assert_eq!(graph.vertex_ids(&ctx).unwrap().as_ref(), &Int64Array::from(vec![-1, 2, 7, 8]));
    let beyond: ArrayRef = Arc::new(UInt64Array::from(vec![7, u64::MAX]));
    let e = build(small, beyond.clone(), None, None).unwrap_err();
    assert!(e.code() == Code::InvalidArgument && e.message().contains("beyond int64"), "{e}");
    // Vertices count as a column: nothing is lost where they are wider than the ends of the edges.
    let edges: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    let vertices: ArrayRef = Arc::new(Int64Array::from(vec![3_000_000_000, -1]));
    let graph = build(edges.clone(), edges, None, Some(vertices)).unwrap();
    assert_eq!(graph.vertex_ids(&ctx).unwrap().as_ref(), &Int64Array::from(vec![-1, 1, 2, 3_000_000_000]));
    let narrow: ArrayRef = Arc::new(UInt8Array::from(vec![9, 7]));
    let graph = build(narrow, beyond.clone(), None, None).unwrap();
    assert_eq!(graph.vertex_ids(&ctx).unwrap().as_ref(), &UInt64Array::from(vec![7, 9, u64::MAX]));
    // Where both are unsigned, all of their range is there.
    let graph = build(beyond.clone(), beyond.clone(), None, None).unwrap();
    assert_eq!(graph.vertex_ids(&ctx).unwrap().as_ref(), beyond.as_ref());
    let negative: ArrayRef = Arc::new(Int64Array::from(vec![-5]));
    let e = build(beyond.clone(), beyond, None, Some(negative)).unwrap_err();
    assert!(e.message().contains("source column 's': the id 18446744073709551615 in row 1 is beyond int64"), "{e}");
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let large: ArrayRef = Arc::new(LargeStringArray::from(vec!["b"]));
    let graph = build(text, large, None, None).unwrap();
    assert_eq!(graph.vertex_ids(&ctx).unwrap().data_type(), &DataType::LargeUtf8);
}

#[test]
fn weights_of_every_type_follow_their_edges() {
    let ctx = Context::default();
    let source: ArrayRef = Arc::new(Int64Array::from(vec![1, 0, 1]));
    let target: ArrayRef = Arc::new(Int64Array::from(vec![1, 1, 0]));
    let order = UInt32Array::from(vec![1, 2, 0]);
    let mut columns: Vec<ArrayRef> = integers().iter().map(|a| a.slice(3, 3)).collect();
    columns.push(Arc::new(Float32Array::from(vec![0.5, -1.5, f32::INFINITY])));
    columns.push(Arc::new(Float64Array::from(vec![0.5, -1.5, f64::MIN_POSITIVE])));
    for weight in columns {
        let graph = build(source.clone(), target.clone(), Some(weight.clone()), None).unwrap();
        assert_eq!(graph.weight(), Some("w"));
        let want = arrow_select::take::take(&weight, &order, None).unwrap();
        assert_eq!(
            graph.adjacency(Orientation::Out, &ctx).unwrap().weights().unwrap().as_ref(),
            want.as_ref(),
            "{}",
            weight.data_type()
        );
        let incoming = graph.adjacency(Orientation::In, &ctx).unwrap();
        assert_eq!(incoming.weights().unwrap().len(), 3);
    }
}

#[test]
fn what_is_no_id_or_weight_is_named() {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let text: ArrayRef = Arc::new(StringArray::from(vec!["1", "2"]));
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![true, false]));
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0]));
    let null: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let null_text: ArrayRef = Arc::new(StringArray::from(vec![None, Some("a")]));
    // The null stands in the values of the dictionary, not in its keys.
    let values: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
    let hidden: ArrayRef = Arc::new(DictionaryArray::new(Int32Array::from(vec![0, 1]), values));
    let numbers: ArrayRef = Arc::new(DictionaryArray::new(Int32Array::from(vec![0, 1]), ids.clone()));
    let cases: [(ArrayRef, ArrayRef, Option<ArrayRef>, Code, &str); 9] = [
        (ids.clone(), text.clone(), None, Code::Type, "source column 's' holds Int64, target column 't' Utf8"),
        (flags.clone(), ids.clone(), None, Code::Type, "source column 's' must hold integers or strings"),
        (ids.clone(), floats, None, Code::Type, "target column 't' must hold integers or strings"),
        (numbers, ids.clone(), None, Code::Type, "source column 's' must hold integers or strings"),
        (ids.clone(), null.clone(), None, Code::InvalidArgument, "target column 't' holds a null vertex id, in row 1"),
        (null_text, text.clone(), None, Code::InvalidArgument, "source column 's' holds a null vertex id, in row 0"),
        (text.clone(), hidden, None, Code::InvalidArgument, "target column 't' holds a null vertex id, in row 1"),
        (ids.clone(), ids.clone(), Some(flags), Code::Type, "weight column 'w' must hold numbers, not Boolean"),
        (ids.clone(), ids.clone(), Some(null), Code::InvalidArgument, "weight column 'w' holds a null, in row 1"),
    ];
    for (source, target, weight, code, fragment) in cases {
        let e: Error = build(source, target, weight, None).unwrap_err();
        assert!(e.code() == code && e.message().contains(fragment), "{:?} {e}", e.code());
    }
    let e = build(ids.clone(), ids.clone(), None, Some(text.clone())).unwrap_err();
    assert!(e.code() == Code::Type && e.message().contains("vertices column 'v' holds Utf8"), "{e}");
    let ctx = Context::default();
    let graph = build(ids.clone(), ids, None, None).unwrap();
    let e = bfs(&graph, &text, None, &Options::default(), &ctx).unwrap_err();
    assert!(e.code() == Code::Type && e.message().contains("sources holds strings"), "{e}");
    let unknown: ArrayRef = Arc::new(Int8Array::from(vec![77]));
    let e = bfs(&graph, &unknown, None, &Options::default(), &ctx).unwrap_err();
    assert!(e.message().contains("sources: vertex 77 is not in the graph"), "{e}");
}
