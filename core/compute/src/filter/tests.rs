use std::sync::Arc;

use arrow_array::builder::{
    FixedSizeBinaryBuilder, Int32Builder, ListBuilder, MapBuilder, StringBuilder, StringDictionaryBuilder,
};
use arrow_array::types::*;
use arrow_array::*;
use arrow_buffer::{NullBuffer, i256};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field, Fields, UnionFields};
use pf_base::Code;
use proptest::prelude::*;

use super::*;

/// A generator of numbers that depends on nothing else.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Columns of every type, with nulls in one of `1/nulls` rows (none for 0).
pub(crate) fn columns(rows: usize, nulls: u64, seed: u64) -> Vec<ArrayRef> {
    let mut r = Random::new(seed);
    let mut some = |n: u64| -> Vec<Option<u64>> {
        (0..rows).map(|_| (nulls == 0 || r.below(nulls) != 0).then(|| r.below(n))).collect()
    };
    let wide = some(u64::MAX);
    let text: Vec<Option<String>> =
        some(40).into_iter().map(|v| v.map(|n| format!("{}é", "x".repeat(n as usize)))).collect();
    let short: Vec<Option<String>> = some(1000).into_iter().map(|v| v.map(|n| format!("k{n}"))).collect();
    let valid = (nulls > 0).then(|| NullBuffer::from(some(2).iter().map(Option::is_some).collect::<Vec<_>>()));
    let mut out: Vec<ArrayRef> = vec![
        Arc::new(wide.iter().map(|v| v.map(|n| n as i8)).collect::<Int8Array>()),
        Arc::new(wide.iter().map(|v| v.map(|n| n as u16)).collect::<UInt16Array>()),
        Arc::new(wide.iter().map(|v| v.map(|n| n as i32)).collect::<Int32Array>()),
        Arc::new(wide.iter().map(|v| v.map(|n| n as i64)).collect::<Int64Array>()),
        Arc::new(wide.iter().map(|v| v.map(|n| n as f64)).collect::<Float64Array>()),
        Arc::new(
            wide.iter().map(|v| v.map(|n| n as i64)).collect::<TimestampMicrosecondArray>().with_timezone("+02:00"),
        ),
        Arc::new(wide.iter().map(|v| v.map(|n| i128::from(n) << 20)).collect::<Decimal128Array>()),
        Arc::new(wide.iter().map(|v| v.map(|n| i256::from_i128(i128::from(n) << 3))).collect::<Decimal256Array>()),
        Arc::new(
            wide.iter()
                .map(|v| v.map(|n| IntervalMonthDayNanoType::make_value(n as i32, 3, n as i64)))
                .collect::<IntervalMonthDayNanoArray>(),
        ),
        Arc::new(wide.iter().map(|v| v.map(|n| n % 3 == 0)).collect::<BooleanArray>()),
        Arc::new(StringArray::from(text.clone())),
        Arc::new(LargeStringArray::from(text.clone())),
        Arc::new(StringViewArray::from_iter(text.clone())),
        Arc::new(BinaryArray::from_iter(short.clone())),
        Arc::new(LargeBinaryArray::from_iter(text.clone())),
        Arc::new(BinaryViewArray::from_iter(text.clone())),
        Arc::new(NullArray::new(rows)),
    ];
    let mut fixed = FixedSizeBinaryBuilder::new(3);
    let mut dictionary = StringDictionaryBuilder::<Int16Type>::new();
    let mut list = ListBuilder::new(Int32Builder::new());
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for (v, text) in wide.iter().zip(&short) {
        match v {
            None => fixed.append_null(),
            Some(n) => fixed.append_value(&n.to_le_bytes()[..3]).unwrap(),
        }
        dictionary.append_option(text.as_deref());
        for i in 0..v.unwrap_or(3) % 5 {
            list.values().append_option((i != 2).then_some(i as i32));
            map.keys().append_value(format!("{i}"));
            map.values().append_value(i as i32);
        }
        list.append(v.is_some());
        map.append(v.is_some()).unwrap();
    }
    let list = list.finish();
    let fields = Fields::from(vec![
        Field::new("a", out[3].data_type().clone(), true),
        Field::new("b", list.data_type().clone(), true),
    ]);
    out.push(Arc::new(fixed.finish()));
    out.push(Arc::new(dictionary.finish()));
    out.push(Arc::new(StructArray::new(fields, vec![out[3].clone(), Arc::new(list.clone())], valid.clone())));
    out.push(
        arrow_cast::cast(&list, &DataType::LargeList(Arc::new(Field::new_list_field(DataType::Int32, true)))).unwrap(),
    );
    out.push(
        arrow_cast::cast(&list, &DataType::ListView(Arc::new(Field::new_list_field(DataType::Int32, true)))).unwrap(),
    );
    out.push(Arc::new(list));
    out.push(Arc::new(map.finish()));
    let items: Int32Array = (0..3 * rows).map(|i| (i % 7 != 3).then_some(i as i32)).collect();
    out.push(Arc::new(FixedSizeListArray::new(
        Arc::new(Field::new_list_field(DataType::Int32, true)),
        3,
        Arc::new(items),
        valid,
    )));
    if rows > 0 {
        let (runs, values): (Vec<i32>, Vec<i64>) =
            (0..rows.div_ceil(4)).map(|i| ((4 * i + 4).min(rows) as i32, i as i64)).unzip();
        out.push(Arc::new(RunArray::<Int32Type>::try_new(&runs.into(), &Int64Array::from(values)).unwrap()));
    }
    out
}

/// Unions, sparse and dense.
pub(crate) fn unions(rows: usize) -> Vec<ArrayRef> {
    let fields = UnionFields::try_new(
        [0, 3],
        [Field::new("number", DataType::Int64, true), Field::new("text", DataType::Utf8, true)],
    )
    .unwrap();
    let mut r = Random::new(3);
    let ids: Vec<i8> = (0..rows).map(|_| [0, 3][r.below(2) as usize]).collect();
    let numbers: ArrayRef = Arc::new((0..rows as i64).map(|i| (i % 5 != 0).then_some(i)).collect::<Int64Array>());
    let texts: ArrayRef = Arc::new(StringArray::from_iter((0..rows).map(|i| (i % 7 != 0).then(|| format!("t{i}")))));
    let mut next = [0, 0];
    let offsets: Vec<i32> = ids
        .iter()
        .map(|id| {
            next[usize::from(*id != 0)] += 1;
            next[usize::from(*id != 0)] - 1
        })
        .collect();
    let children = vec![numbers, texts];
    vec![
        Arc::new(UnionArray::try_new(fields.clone(), ids.clone().into(), None, children.clone()).unwrap()),
        Arc::new(UnionArray::try_new(fields, ids.into(), Some(offsets.into()), children).unwrap()),
    ]
}

/// Whether every byte is the same, also of what is not seen.
pub(crate) fn same_bits(a: &ArrayData, b: &ArrayData) -> bool {
    a.data_type() == b.data_type()
        && (a.len(), a.offset(), a.nulls()) == (b.len(), b.offset(), b.nulls())
        && a.buffers() == b.buffers()
        && a.child_data().len() == b.child_data().len()
        && a.child_data().iter().zip(b.child_data()).all(|(a, b)| same_bits(a, b))
}

/// A mask of a density in percent, in clusters of about so many rows.
pub(crate) fn mask(rows: usize, percent: u64, cluster: u64, nulls: bool, seed: u64) -> BooleanArray {
    let mut r = Random::new(seed);
    let mut on = false;
    let values = (0..rows).map(|_| {
        if r.below(cluster) == 0 {
            on = r.below(100) < percent;
        }
        (!nulls || r.below(5) != 0).then_some(on)
    });
    values.collect()
}

fn want(column: &ArrayRef, mask: &BooleanArray) -> ArrayRef {
    arrow_select::filter::filter(column.as_ref(), mask).unwrap()
}

#[test]
fn every_type_as_arrow_filters_it() {
    let rows = 3 * selection::PIECE + 77;
    for (i, (percent, cluster)) in
        [(0, 1), (1, 1), (10, 1), (50, 1), (50, 300), (90, 1), (99, 1), (100, 1)].into_iter().enumerate()
    {
        let nulls = [0, 3, 40][i % 3];
        let columns: Vec<ArrayRef> = columns(rows, nulls, 7 + i as u64).iter().map(|c| c.slice(5, rows - 9)).collect();
        let mask = mask(rows + 3, percent, cluster, nulls == 3, 3).slice(7, rows - 9);
        let mut first: Option<Vec<ArrayRef>> = None;
        for threads in [1, 2, 7] {
            let got = filter(&columns, &mask, &Context::default().with_threads(threads)).unwrap();
            for (got, column) in got.iter().zip(&columns) {
                got.to_data().validate_full().unwrap();
                assert!(got == &want(column, &mask), "{} at {percent} %", column.data_type());
            }
            let first = first.get_or_insert_with(|| got.clone());
            assert!(first.iter().zip(&got).all(|(a, b)| same_bits(&a.to_data(), &b.to_data())), "{threads} threads");
        }
    }
}

#[test]
fn chunks_are_filtered_into_one() {
    let sizes = [0, 70_000, 3, 150_001, 64];
    let chunks: Vec<_> = sizes
        .iter()
        .enumerate()
        .map(|(i, rows)| {
            let mut columns = columns(*rows + 2, [0, 4][i % 2], i as u64);
            columns.pop();
            let columns: Vec<_> = columns.iter().map(|c| c.slice(1, *rows)).collect();
            (columns, mask(*rows, 40, 3, i == 3, i as u64))
        })
        .collect();
    let got = filter_chunks(&chunks, &Context::default().with_threads(2)).unwrap();
    for (c, got) in got.iter().enumerate() {
        got.to_data().validate_full().unwrap();
        let parts: Vec<ArrayRef> = chunks.iter().map(|(columns, mask)| want(&columns[c], mask)).collect();
        let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
        assert!(got == &arrow_select::concat::concat(&parts).unwrap(), "{}", got.data_type());
    }
}

#[test]
fn lengths_and_batches_must_agree() {
    let ctx = Context::default();
    let column: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
    let e = filter(std::slice::from_ref(&column), &BooleanArray::from(vec![true]), &ctx).unwrap_err();
    assert_eq!(
        (e.code(), e.message()),
        (Code::InvalidArgument, "column 0 has 3 rows, the mask 1; they must be the same")
    );
    assert_eq!(filter_chunks(&[], &ctx).unwrap_err().code(), Code::InvalidArgument);
    let mask = BooleanArray::from(vec![true; 3]);
    let other: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let e = filter_chunks(&[(vec![column], mask.clone()), (vec![other], mask)], &ctx).unwrap_err();
    assert_eq!(e.code(), Code::InvalidArgument);
}

#[test]
fn a_budget_that_is_too_small_is_an_error_and_what_was_taken_comes_back() {
    let ctx = Context::default().with_memory_limit(100_000);
    let column: ArrayRef = Arc::new(Int64Array::from_iter_values(0..200_000));
    let mask = mask(200_000, 50, 1, false, 1);
    assert_eq!(filter(&[column], &mask, &ctx).unwrap_err().code(), Code::OutOfMemory);
    assert_eq!(ctx.memory().used(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn small_columns(rows in 0usize..300, from in 0usize..80, percent in 0u64..=100, cluster in 1u64..70, nulls in 0u64..4, seed: u64) {
        let from = from.min(rows);
        let columns: Vec<ArrayRef> = columns(rows, nulls, seed).iter().map(|c| c.slice(from, rows - from)).collect();
        let mask = mask(rows, percent, cluster, seed % 2 == 0, seed).slice(from, rows - from);
        let got = filter(&columns, &mask, &Context::default().with_threads(2)).unwrap();
        for (got, column) in got.iter().zip(&columns) {
            prop_assert!(got == &want(column, &mask), "{}", column.data_type());
        }
    }
}
