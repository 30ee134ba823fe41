use std::sync::Arc;

use arrow_array::*;
use arrow_schema::DataType;
use pf_base::Code;
use proptest::prelude::*;

use super::*;
use crate::filter::tests::{Random, columns, mask, same_bits, unions};

fn want(column: &ArrayRef, indices: &dyn Array) -> ArrayRef {
    arrow_select::take::take(column.as_ref(), &arrow_cast::cast(indices, &DataType::UInt64).unwrap(), None).unwrap()
}

#[test]
fn every_type_as_arrow_takes_it() {
    let rows = 70_000;
    for nulls in [0, 3, 40] {
        let columns: Vec<ArrayRef> = columns(rows + 9, nulls, 5).iter().map(|c| c.slice(5, rows)).collect();
        let mut r = Random::new(nulls);
        let indices: Vec<Option<u64>> =
            (0..2 * rows + 5).map(|_| (nulls != 3 || r.below(9) > 0).then(|| r.below(rows as u64))).collect();
        let narrow: UInt32Array = indices.iter().map(|i| i.map(|i| i as u32)).collect();
        let wide: Int64Array = indices.iter().map(|i| i.map(|i| i as i64)).collect();
        for indices in [&narrow as &dyn Array, &wide, &wide.slice(3, rows)] {
            let first = take(&columns, indices, &Context::default().with_threads(1)).unwrap();
            for (got, column) in first.iter().zip(&columns) {
                got.to_data().validate_full().unwrap();
                assert!(got == &want(column, indices), "{}", column.data_type());
            }
            for threads in [2, 7] {
                let got = take(&columns, indices, &Context::default().with_threads(threads)).unwrap();
                assert!(
                    got.iter().zip(&first).all(|(a, b)| same_bits(&a.to_data(), &b.to_data())),
                    "{threads} threads"
                );
            }
        }
    }
}

#[test]
fn indices_of_any_integer_type() {
    let column: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    let indices = Int64Array::from(vec![Some(2), None, Some(0)]);
    let types = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
    ];
    for t in types {
        let indices = arrow_cast::cast(&indices, &t).unwrap();
        let got = take(std::slice::from_ref(&column), &indices, &Context::default()).unwrap();
        assert!(got[0].as_ref() == &StringArray::from(vec![Some("c"), None, Some("a")]) as &dyn Array);
    }
    let e = take(&[column], &StringArray::from(vec!["0"]), &Context::default()).unwrap_err();
    assert_eq!((e.code(), e.message()), (Code::Type, "indices must be integers, not string"));
}

#[test]
fn an_index_that_is_out_of_range_is_named() {
    let column: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
    let ctx = Context::default();
    let cases: [(ArrayRef, &str); 4] = [
        (Arc::new(Int8Array::from(vec![0, -1])), "index -1 at row 1"),
        (Arc::new(Int64Array::from(vec![0, 2, i64::MIN])), "index -9223372036854775808 at row 2"),
        (Arc::new(UInt64Array::from(vec![3])), "index 3 at row 0"),
        (Arc::new(UInt32Array::from(vec![Some(0), None, Some(7), Some(9)])), "index 7 at row 2"),
    ];
    for (indices, want) in cases {
        let e = take(std::slice::from_ref(&column), &indices, &ctx).unwrap_err();
        assert_eq!(e.message(), format!("{want} is out of range; the columns have 3 rows"));
        assert_eq!(e.code(), Code::InvalidArgument);
    }
}

#[test]
fn nothing_can_be_taken_from_nothing_but_nulls() {
    let ctx = Context::default();
    for column in columns(0, 0, 1) {
        let got = take(std::slice::from_ref(&column), &Int32Array::from(vec![None, None]), &ctx).unwrap();
        assert_eq!((got[0].len(), got[0].logical_null_count()), (2, 2), "{}", column.data_type());
        assert!(take(&[column], &Int32Array::from(vec![None, Some(0)]), &ctx).is_err());
    }
    assert!(take(&[], &Int32Array::from(vec![1]), &ctx).unwrap().is_empty());
}

#[test]
fn strings_that_pass_their_offsets_are_refused() {
    let column: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(1 << 20)]));
    let e = take(&[column], &UInt32Array::from(vec![0; 3000]), &Context::default()).unwrap_err();
    assert_eq!(e.message(), "3145728000 bytes do not fit one utf8 array, which ends at 2 GiB; use large_utf8");
    let items: Int8Array = (0..1 << 20).map(|_| Some(0)).collect();
    let field = Arc::new(arrow_schema::Field::new_list_field(DataType::Int8, true));
    let list = ListArray::new(field, arrow_buffer::OffsetBuffer::from_lengths([1 << 20]), Arc::new(items), None);
    let e = take(&[Arc::new(list) as ArrayRef], &UInt32Array::from(vec![0; 3000]), &Context::default()).unwrap_err();
    assert!(e.message().ends_with("use a large list"), "{e}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn small_columns(rows in 1usize..200, from in 0usize..80, picks in prop::collection::vec(prop::option::weighted(0.9, any::<u32>()), 0..200), nulls in 0u64..4, seed: u64) {
        let from = from.min(rows - 1);
        let columns: Vec<ArrayRef> = columns(rows, nulls, seed).iter().map(|c| c.slice(from, rows - from)).collect();
        let indices: Int32Array = picks.iter().map(|pick| pick.map(|p| (p as usize % (rows - from)) as i32)).collect();
        let got = take(&columns, &indices, &Context::default().with_threads(2)).unwrap();
        for (got, column) in got.iter().zip(&columns) {
            prop_assert!(got == &want(column, &indices), "{}", column.data_type());
        }
    }
}

#[test]
fn unions_on_any_number_of_threads() {
    let rows = 200_000;
    let mut r = Random::new(8);
    let indices: UInt32Array = (0..rows + 7).map(|_| Some(r.below(rows as u64 - 20) as u32)).collect();
    let mask = mask(rows - 20, 40, 3, false, 2);
    for column in unions(rows).iter().map(|c| c.slice(9, rows - 20)) {
        let of_threads = |threads| {
            let ctx = Context::default().with_threads(threads);
            let column = std::slice::from_ref(&column);
            let filtered = crate::filter(column, &mask, &ctx).unwrap().remove(0);
            let joined = crate::concat(&[filtered.clone(), column[0].clone()], &ctx).unwrap();
            [take(column, &indices, &ctx).unwrap().remove(0), filtered, joined]
        };
        let first = of_threads(1);
        assert!(first[0] == want(&column, &indices), "{}", column.data_type());
        assert!(first[1] == arrow_select::filter::filter(&column, &mask).unwrap(), "{}", column.data_type());
        for threads in [2, 7] {
            for (got, first) in of_threads(threads).iter().zip(&first) {
                assert!(same_bits(&got.to_data(), &first.to_data()), "{} on {threads} threads", column.data_type());
            }
        }
    }
}
