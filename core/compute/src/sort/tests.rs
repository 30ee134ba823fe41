use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::*;
use arrow_buffer::i256;
use half::f16;
use pf_base::Context;
use proptest::prelude::*;

use super::*;

/// A column with its order, written down anew: nothing, or the place of the value among all values.
struct Column {
    array: ArrayRef,
    places: Vec<Option<i64>>,
}

fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

fn float_order(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn places<T>(values: &[Option<T>], order: impl Fn(&T, &T) -> Ordering) -> Vec<Option<i64>> {
    let mut sorted: Vec<&T> = values.iter().flatten().collect();
    sorted.sort_by(|a, b| order(a, b));
    let place = |v: &T| sorted.partition_point(|s| order(s, v) == Ordering::Less) as i64;
    values.iter().map(|v| v.as_ref().map(place)).collect()
}

const KINDS: usize = 24;

fn column(kind: usize, rows: usize, seed: u64, nulls: bool) -> Column {
    let next = std::cell::RefCell::new(random(seed));
    let next = || (next.borrow_mut())();
    let few = next() % 2 == 0;
    let draws = |span: u64| -> Vec<Option<u64>> {
        (0..rows)
            .map(|_| (!nulls || next() % 4 != 0).then(|| if few { next() % 5 } else { next() % span.max(1) }))
            .collect()
    };
    macro_rules! ints {
        ($array:ty, $native:ty) => {{
            let values: Vec<Option<$native>> = draws(u64::MAX).into_iter().map(|v| v.map(|v| v as $native)).collect();
            Column { places: places(&values, Ord::cmp), array: Arc::new(<$array>::from(values)) }
        }};
    }
    let special = [
        f64::NAN,
        -f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1.5,
        -1.5,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
    ];
    let floats = || -> Vec<Option<f64>> {
        let all = draws(1 << 40).into_iter();
        all.map(|v| v.map(|v| if v % 3 == 0 { (v as f64 - 5e11) / 1e9 } else { special[v as usize % special.len()] }))
            .collect()
    };
    let texts = || -> Vec<Option<String>> {
        let make = |v: u64| match v % 6 {
            0 => String::new(),
            1 => format!("prefix-{}", v % 97),
            2 => format!("prefix-that-is-long-{}", v % 13),
            3 => "\0".repeat(v as usize % 9),
            4 => "ä\u{10ffff}".repeat(v as usize % 5),
            _ => format!("prefix-{:x}", v),
        };
        draws(1 << 50).into_iter().map(|v| v.map(make)).collect()
    };
    match kind {
        0 => ints!(Int8Array, i8),
        1 => ints!(Int16Array, i16),
        2 => ints!(Int32Array, i32),
        3 => ints!(Int64Array, i64),
        4 => ints!(UInt8Array, u8),
        5 => ints!(UInt64Array, u64),
        6 => ints!(Date32Array, i32),
        7 => ints!(TimestampMicrosecondArray, i64),
        8 => ints!(Decimal128Array, i128),
        9 => {
            let values: Vec<Option<i128>> =
                draws(u64::MAX).into_iter().map(|v| v.map(|v| i128::from(v as i64) * i128::from(v))).collect();
            Column { places: places(&values, Ord::cmp), array: Arc::new(Decimal128Array::from(values)) }
        }
        10 => {
            let big = i256::from_i128(i128::MAX);
            let values: Vec<Option<i256>> = draws(u64::MAX)
                .into_iter()
                .map(|v| v.map(|v| i256::from_i128(i128::from(v as i64)).wrapping_mul(big)))
                .collect();
            Column { places: places(&values, Ord::cmp), array: Arc::new(Decimal256Array::from(values)) }
        }
        11 => {
            let values = floats();
            Column { places: places(&values, float_order), array: Arc::new(Float64Array::from(values)) }
        }
        12 => {
            let values: Vec<Option<f32>> = floats().into_iter().map(|v| v.map(|v| v as f32)).collect();
            let order = |a: &f32, b: &f32| float_order(&f64::from(*a), &f64::from(*b));
            Column { places: places(&values, order), array: Arc::new(Float32Array::from(values)) }
        }
        13 => {
            let values: Vec<Option<f16>> = floats().into_iter().map(|v| v.map(f16::from_f64)).collect();
            let order = |a: &f16, b: &f16| float_order(&a.to_f64(), &b.to_f64());
            Column { places: places(&values, order), array: Arc::new(Float16Array::from(values)) }
        }
        14 => {
            let values: Vec<Option<bool>> = draws(2).into_iter().map(|v| v.map(|v| v % 2 == 1)).collect();
            Column { places: places(&values, Ord::cmp), array: Arc::new(BooleanArray::from(values)) }
        }
        15 => {
            let values = texts();
            Column { places: places(&values, Ord::cmp), array: Arc::new(StringArray::from(values)) }
        }
        16 => {
            let values = texts();
            Column { places: places(&values, Ord::cmp), array: Arc::new(LargeStringArray::from(values)) }
        }
        17 => {
            let values = texts();
            Column { places: places(&values, Ord::cmp), array: Arc::new(StringViewArray::from_iter(values)) }
        }
        18 => {
            let values = texts();
            let array = BinaryArray::from_iter(values.iter().map(|v| v.as_ref().map(String::as_bytes)));
            Column { places: places(&values, Ord::cmp), array: Arc::new(array) }
        }
        19 => {
            let values: Vec<Option<Vec<u8>>> =
                draws(u64::MAX).into_iter().map(|v| v.map(|v| v.to_be_bytes().repeat(2))).collect();
            let array = FixedSizeBinaryArray::try_from_sparse_iter_with_size(values.iter().cloned(), 16).unwrap();
            Column { places: places(&values, Ord::cmp), array: Arc::new(array) }
        }
        20 => {
            let values = texts();
            let mut builder = StringDictionaryBuilder::<Int32Type>::new();
            values.iter().for_each(|v| builder.append_option(v.as_ref()));
            Column { places: places(&values, Ord::cmp), array: Arc::new(builder.finish()) }
        }
        21 => {
            // Null and the same value twice among the values of the dictionary.
            let values = Int64Array::from(vec![Some(7), None, Some(-3), Some(7)]);
            let keys: Vec<Option<i8>> = draws(4).into_iter().map(|v| v.map(|v| (v % 4) as i8)).collect();
            let plain: Vec<Option<i64>> =
                keys.iter().map(|k| k.and_then(|k| [Some(7), None, Some(-3), Some(7)][k as usize])).collect();
            let keys = PrimitiveArray::<Int8Type>::from(keys);
            Column { places: plain, array: Arc::new(DictionaryArray::new(keys, Arc::new(values))) }
        }
        22 => Column { places: vec![None; rows], array: Arc::new(NullArray::new(rows)) },
        _ => {
            let values: Vec<Option<i64>> = (0..rows).map(|i| Some(i as i64 / 3)).collect();
            Column { places: values.clone(), array: Arc::new(Int64Array::from(values)) }
        }
    }
}

fn want(columns: &[(Column, bool, bool)], rows: usize) -> Vec<u64> {
    let mut order: Vec<u64> = (0..rows as u64).collect();
    order.sort_by(|a, b| {
        let (a, b) = (*a as usize, *b as usize);
        columns.iter().fold(Ordering::Equal, |so_far, (column, descending, nulls_first)| {
            so_far.then_with(|| match (column.places[a], column.places[b]) {
                (Some(a), Some(b)) if *descending => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) if *nulls_first => a.is_some().cmp(&b.is_some()),
                (a, b) => a.is_none().cmp(&b.is_none()),
            })
        })
    });
    order
}

fn check(columns: Vec<(Column, bool, bool)>, limits: &[usize]) {
    let rows = columns[0].0.places.len();
    let want = want(&columns, rows);
    let keys: Vec<SortColumn> = columns
        .iter()
        .map(|(c, descending, nulls_first)| SortColumn {
            values: Arc::clone(&c.array),
            descending: *descending,
            nulls_first: *nulls_first,
        })
        .collect();
    for threads in [1, 2, 7] {
        let ctx = Context::default().with_threads(threads);
        assert_eq!(argsort(&keys, None, &ctx).unwrap().values().to_vec(), want, "{threads} threads");
        if let [key] = &keys[..] {
            let sorted = sort_values(&key.values, key.descending, key.nulls_first, &ctx).unwrap();
            sorted.to_data().validate_full().unwrap();
            let order = UInt64Array::from(want.clone());
            let taken = arrow_select::take::take(&key.values, &order, None).unwrap();
            assert!(same(&sorted, &taken), "{}", sorted.data_type());
        }
        for limit in limits {
            let got = argsort(&keys, Some(*limit), &ctx).unwrap();
            assert_eq!(got.values().to_vec(), want[..rows.min(*limit)], "limit {limit}");
        }
    }
}

/// Whether values are the same to the bit.
fn same(a: &ArrayRef, b: &ArrayRef) -> bool {
    use arrow_array::types::{Float16Type, Float32Type, Float64Type};
    macro_rules! bits {
        ($t:ty) => {{
            let of =
                |a: &ArrayRef| -> Vec<_> { a.as_primitive::<$t>().iter().map(|v| v.map(|v| v.to_bits())).collect() };
            of(a) == of(b)
        }};
    }
    match a.data_type() {
        arrow_schema::DataType::Float16 => bits!(Float16Type),
        arrow_schema::DataType::Float32 => bits!(Float32Type),
        arrow_schema::DataType::Float64 => bits!(Float64Type),
        _ => a.as_ref() == b.as_ref(),
    }
}

/// The same rows in the middle of a longer array.
fn sliced(column: Column, before: usize) -> Column {
    let rows = column.places.len() - before;
    Column { array: column.array.slice(before, rows), places: column.places[before..].to_vec() }
}

#[test]
fn every_type_in_every_direction() {
    for kind in 0..KINDS {
        for (i, rows) in [0, 1, 2, 50, 700].into_iter().enumerate() {
            for flags in 0..8 {
                let made = column(kind, rows + 3, (kind * 100 + i * 10 + flags) as u64, flags & 4 != 0);
                check(vec![(sliced(made, 3), flags & 1 != 0, flags & 2 != 0)], &[0, 1, 5, 80]);
            }
        }
    }
}

#[test]
fn many_rows_go_through_partitions() {
    for (kind, rows) in
        [(3, 150_000), (11, 150_000), (2, 70_000), (15, 70_000), (9, 50_000), (20, 50_000), (23, 70_000)]
    {
        for seed in 0..2 {
            check(vec![(column(kind, rows, seed, true), seed == 1, false)], &[100]);
        }
    }
    check(vec![(column(14, 600_000, 1, true), true, true), (column(3, 600_000, 2, true), true, true)], &[1000]);
    check(vec![(column(22, 70_000, 1, true), true, true), (column(15, 70_000, 2, true), false, true)], &[]);
    check(
        vec![
            (column(21, 100_000, 1, true), true, true),
            (column(15, 100_000, 2, true), false, true),
            (column(11, 100_000, 3, true), true, false),
        ],
        &[10],
    );
}

#[test]
fn errors_name_what_is_wrong() {
    let ctx = Context::default();
    let key = |values: ArrayRef| SortColumn { values, descending: false, nulls_first: false };
    let one: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let two: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let e = argsort(&[key(one), key(two)], None, &ctx).unwrap_err();
    assert!(e.message().contains("1 and 2 rows"), "{e}");
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1)])]));
    let e = argsort(&[key(list)], None, &ctx).unwrap_err();
    assert_eq!(e.code(), pf_base::Code::Type);
    assert_eq!(argsort(&[], None, &ctx).unwrap().len(), 0);
}

proptest! {
    #[test]
    fn several_columns(kinds in prop::collection::vec((0..KINDS, any::<(u64, bool, bool, bool)>()), 1..4), rows in 0..400usize) {
        let columns = kinds.into_iter().map(|(kind, (seed, nulls, descending, first))| {
            (column(kind, rows, seed, nulls), descending, first)
        });
        check(columns.collect(), &[3, 40]);
    }
}

/// Short texts of few letters after bytes that they share, with ends that zeros tell apart from no bytes.
fn short_texts() -> impl Strategy<Value = Vec<Option<Vec<u8>>>> {
    let text = |bytes: usize| prop::collection::vec(prop::sample::select(vec![0u8, 1, b'a', b'b', 255]), 0..=bytes);
    let prefix = prop_oneof![Just(vec![]), Just(b"ab".to_vec()), Just(b"a long beginning\0".to_vec())];
    (prefix, 0usize..=9, 0..4u8).prop_flat_map(move |(prefix, bytes, nulls)| {
        let whole = text(bytes).prop_map(move |rest| [prefix.clone(), rest].concat());
        let one = (0..10u8, whole).prop_map(move |(n, text)| (n >= nulls).then_some(text));
        prop::collection::vec(one, 0..400)
    })
}

fn check_texts(array: &BinaryArray, descending: bool, nulls_first: bool) {
    let mut expected: Vec<Option<&[u8]>> = array.iter().collect();
    expected.sort_by(|a, b| match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) if nulls_first => a.is_some().cmp(&b.is_some()),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    let array: ArrayRef = Arc::new(array.clone());
    let large = arrow_cast::cast(&array, &arrow_schema::DataType::LargeBinary).unwrap();
    for threads in [1, 2, 7] {
        let ctx = Context::default().with_threads(threads);
        let sorted = sort_values(&array, descending, nulls_first, &ctx).unwrap();
        assert_eq!(sorted.as_binary::<i32>().iter().collect::<Vec<_>>(), expected);
        let sorted = sort_values(&large, descending, nulls_first, &ctx).unwrap();
        assert_eq!(sorted.as_binary::<i64>().iter().collect::<Vec<_>>(), expected);
    }
}

proptest! {
    #[test]
    fn short_texts_are_sorted_as_all_are(values in short_texts(), descending: bool, nulls_first: bool, skip in 0usize..3) {
        let array = BinaryArray::from_iter(values.iter().map(|v| v.as_deref()));
        let skip = skip.min(array.len());
        check_texts(&array.slice(skip, array.len() - skip), descending, nulls_first);
    }
}

#[test]
fn many_short_texts_are_dealt_out_to_partitions() {
    let mut next = random(5);
    let texts = (0..100_000).map(|_| {
        let number = next();
        (!number.is_multiple_of(7)).then(|| format!("key{}", number >> 24 & 0x3_ffff).into_bytes())
    });
    let array = BinaryArray::from_iter(texts);
    for descending in [false, true] {
        check_texts(&array, descending, descending);
    }
}
