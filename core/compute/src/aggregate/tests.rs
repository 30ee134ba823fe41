#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Float64Array, Int64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pf_base::Code;

use super::*;
use crate::{check, parse};

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("x", DataType::Int64, true), Field::new("f", DataType::Float64, true)]))
}

fn batches(sizes: &[usize]) -> Vec<RecordBatch> {
    let mut start = 0;
    let batch = |size: &usize| {
        let rows = start..start + size;
        start += size;
        let x = Int64Array::from_iter(rows.clone().map(|i| (i % 7 > 0).then_some(i as i64)));
        let f = Float64Array::from_iter_values(rows.map(|i| (i as f64).sin()));
        RecordBatch::try_new(schema(), vec![Arc::new(x), Arc::new(f)]).unwrap()
    };
    sizes.iter().map(batch).collect()
}

fn run(texts: &[&str], filter: Option<&str>, sizes: &[usize], threads: usize) -> Result<Vec<ArrayRef>> {
    let typed = |text: &str| check(&parse(text).unwrap(), &schema(), Settings::default());
    let exprs = texts.iter().map(|t| typed(t)).collect::<Result<Vec<_>>>()?;
    let filter = filter.map(typed).transpose()?;
    let ctx = Context::default().with_threads(threads);
    aggregate(&exprs, batches(sizes).into_iter().map(Ok), filter.as_ref(), Settings::default(), &ctx)
}

fn int(array: &ArrayRef) -> Option<i64> {
    array.as_primitive::<Int64Type>().iter().next().unwrap()
}

#[test]
fn aggregates_are_the_same_however_rows_are_cut_and_shared() {
    let x = |i: &usize| !i.is_multiple_of(7);
    let mut floats: Option<u64> = None;
    for sizes in [vec![200_000], vec![1000; 200], vec![0, 3, 150_000, 0, 49_997], vec![65_536, 134_464]] {
        for threads in [1, 2, 7] {
            let texts = [
                "sum(x)",
                "count()",
                "count(x)",
                "sum(x) FILTER (WHERE x < 100)",
                "count() FILTER (WHERE x IS NULL)",
                "max(x) - min(x) + 1",
                "sum(x // (x - 50)) FILTER (WHERE x <> 50)",
            ];
            let all = run(&texts, None, &sizes, threads).unwrap();
            let rows = 0..200_000_usize;
            let sum: usize = rows.clone().filter(x).sum();
            assert_eq!(int(&all[0]), Some(sum as i64));
            assert_eq!(int(&all[1]), Some(200_000));
            assert_eq!(int(&all[2]), Some(rows.clone().filter(x).count() as i64));
            assert_eq!(int(&all[3]), Some((0..100).filter(x).sum::<usize>() as i64));
            assert_eq!(int(&all[4]), Some(rows.clone().filter(|i| !x(i)).count() as i64));
            assert_eq!(int(&all[5]), Some(199_999));
            let floor =
                rows.clone().filter(x).map(|i| i as f64).filter(|i| *i != 50.0).map(|i| (i / (i - 50.0)).floor());
            assert_eq!(int(&all[6]), Some(floor.sum::<f64>() as i64));
            let kept = run(&["count()", "sum(x)"], Some("x % 2 = 0"), &sizes, threads).unwrap();
            let even = || rows.clone().filter(x).filter(|i| i % 2 == 0);
            assert_eq!(
                (int(&kept[0]), int(&kept[1])),
                (Some(even().count() as i64), Some(even().sum::<usize>() as i64))
            );
            let float = run(&["sum(f)"], None, &sizes, threads).unwrap();
            let bits = float[0].as_primitive::<Float64Type>().value(0).to_bits();
            assert_eq!(*floats.get_or_insert(bits), bits);
        }
    }
}

#[test]
fn what_needs_all_rows_may_stand_inside_an_aggregate() {
    for filter in [None, Some("x < 1000")] {
        let n: i64 = if filter.is_some() { 1000 } else { 5000 };
        let got = run(&["max(cum_sum(x))", "count(x) + 0"], filter, &[3000, 2000], 2).unwrap();
        let values: Vec<i64> = (0..n).filter(|i| i % 7 > 0).collect();
        assert_eq!((int(&got[0]), int(&got[1])), (Some(values.iter().sum()), Some(values.len() as i64)));
    }
}

#[test]
fn no_rows_and_wrong_expressions() {
    for sizes in [vec![], vec![0], vec![10]] {
        let got = run(&["sum(x)", "count()"], Some("x > 100"), &sizes, 2).unwrap();
        assert_eq!((int(&got[0]), int(&got[1])), (None, Some(0)));
    }
    let error = run(&["sum(x) + x"], None, &[10], 1).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument, "{error}");
    assert!(error.message().contains("inside an aggregate"), "{error}");
    assert_eq!(run(&["sum(x // (x - 5))"], None, &[10], 1).unwrap_err().code(), Code::Arithmetic);
}
