//! Any predicate on any file gives the same rows with every stage on and off.

use arrow_array::types::Int8Type;
use arrow_array::{
    BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int8Array, Int32Array, StringArray, StringViewArray, TimestampMillisecondArray, TimestampSecondArray, UInt64Array,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Columns made of the same numbers: some rise, some repeat, some are anything.
fn columns(numbers: &[Option<i16>], order: u8) -> Vec<(&'static str, ArrayRef)> {
    let mut numbers = numbers.to_vec();
    match order {
        0 => numbers.sort_unstable(),
        1 => numbers.iter_mut().for_each(|n| *n = n.map(|n| n % 5)),
        _ => {}
    }
    let all = || numbers.iter().copied();
    let float = |n: i16| match n {
        7 => f64::NAN,
        8 => -0.0,
        9 => f64::INFINITY,
        n => f64::from(n) / 2.0,
    };
    let text: Vec<Option<String>> =
        all().map(|n| n.map(|n| format!("{}{n}", if n % 3 == 0 { "a" } else { "ab" }))).collect();
    let decimals =
        Decimal128Array::from_iter(all().map(|n| n.map(i128::from))).with_precision_and_scale(12, 1).unwrap();
    vec![
        ("i8", Arc::new(Int8Array::from_iter(all().map(|n| n.map(|n| n as i8))))),
        ("i32", Arc::new(Int32Array::from_iter(all().map(|n| n.map(i32::from))))),
        ("u64", Arc::new(UInt64Array::from_iter(all().map(|n| n.map(|n| n as u64))))),
        ("f32", Arc::new(Float32Array::from_iter(all().map(|n| n.map(|n| float(n) as f32))))),
        ("f64", Arc::new(Float64Array::from_iter(all().map(|n| n.map(float))))),
        ("d", Arc::new(decimals)),
        ("t", Arc::new(StringArray::from_iter(&text))),
        ("v", Arc::new(StringViewArray::from_iter(text.iter().map(Option::as_deref)))),
        (
            "k",
            Arc::new(DictionaryArray::<Int8Type>::from_iter(all().map(|n| n.map(|n| if n > 3 { "k" } else { "l" })))),
        ),
        ("b", Arc::new(BinaryViewArray::from_iter(all().map(|n| n.map(|n| n.to_be_bytes()))))),
        ("flag", Arc::new(BooleanArray::from_iter(all().map(|n| n.map(|n| n > 0))))),
        ("day", Arc::new(Date32Array::from_iter(all().map(|n| n.map(i32::from))))),
        ("s", Arc::new(TimestampSecondArray::from_iter(all().map(|n| n.map(|n| i64::from(n) * 40_000))))),
        (
            "ms",
            Arc::new(
                TimestampMillisecondArray::from_iter(all().map(|n| n.map(i64::from))).with_timezone("Europe/Rome"),
            ),
        ),
    ]
}

fn number() -> BoxedStrategy<String> {
    let column = select(
        &[
            "i8",
            "i32",
            "u64",
            "f32",
            "f64",
            "d",
            "i32 + 1",
            "-i8",
            "abs(i32)",
            "2 * i32",
            "coalesce(i8, 3)",
            "CAST(i32 AS int64)",
            "CAST(f64 AS float32)",
            "TRY_CAST(i32 AS int8)",
            "EXTRACT(year FROM day)",
            "length(t)",
            "CASE WHEN flag THEN i32 ELSE 0 END",
        ][..],
    );
    let literal = prop_oneof![
        (-12..40_i32).prop_map(|n| n.to_string()),
        select(&["3.5", "0.0", "-0.0", "1000", "NULL", "0.3"][..]).prop_map(str::to_owned)
    ];
    prop_oneof![3 => column.prop_map(str::to_owned), 2 => literal].boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        select(&["t", "v", "k", "left(t, 2)", "upper(t)", "coalesce(v, 'ab1')"][..]).prop_map(str::to_owned),
        prop_oneof![
            Just("'a'".to_owned()),
            Just("'k'".to_owned()),
            (0..40_i32).prop_map(|n| format!("'a{}'", n * 3)),
            (0..40_i32).prop_map(|n| format!("'ab{n}'"))
        ],
    ]
    .boxed()
}

fn moment() -> BoxedStrategy<String> {
    let column = select(
        &["day", "s", "ms", "date_trunc('month', day)", "CAST(day AS timestamp(us))", "day + 3", "CAST(s AS date32)"][..],
    );
    let literal = (1..28_u8, 1..3_u8).prop_map(|(day, month)| format!("'1970-{month:02}-{day:02}'"));
    prop_oneof![column.prop_map(str::to_owned), literal].boxed()
}

fn predicate() -> BoxedStrategy<String> {
    let comparison =
        || select(&["=", "<>", "<", "<=", ">", ">=", "=", "=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"][..]);
    let compared = |side: fn() -> BoxedStrategy<String>| {
        (side(), comparison(), side()).prop_map(|(a, c, b)| format!("{a} {c} {b}"))
    };
    let leaf = prop_oneof![
        4 => compared(number),
        2 => compared(text),
        2 => compared(moment),
        1 => (number(), number(), number()).prop_map(|(x, a, b)| format!("{x} BETWEEN {a} AND {b}")),
        1 => (number(), number(), number()).prop_map(|(x, a, b)| format!("{x} IN ({a}, {b})")),
        1 => (text(), text(), text(), any::<bool>()).prop_map(|(x, a, b, not)| format!("{x} {} ({a}, {b})", if not { "NOT IN" } else { "IN" })),
        1 => (text(), select(&["'a%'", "'ab1%'", "'%9'", "'a_'", "'k'"][..])).prop_map(|(x, p)| format!("{x} LIKE {p}")),
        1 => select(&["flag", "NOT flag", "i32 IS NULL", "t IS NOT NULL", "f64 IS NULL", "is_nan(f64)", "flag IS NOT TRUE", "b = X'0003'", "b < X'0010'"][..]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            1 => inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn stages_change_no_rows(
        numbers in vec(proptest::option::weighted(0.9, -10..60_i16), 1..400),
        order in 0..3_u8,
        group in 1..200_usize,
        page in 1..30_usize,
        truncate in select(&[None, Some(1), Some(3)]),
        texts in vec(predicate(), 8),
        dictionary in any::<bool>(),
        ) {
        let properties = small(group, page)
            .set_statistics_truncate_length(truncate)
            .set_column_index_truncate_length(truncate)
            .set_dictionary_enabled(dictionary)
            .set_bloom_filter_enabled(true)
            .set_bloom_filter_max_ndv(50);
        let file = Written::new(columns(&numbers, order), properties);
        for text in texts {
            // Types that do not go together.
            if condition(&text, file.schema(), Settings::default()).is_err() {
                continue;
            }
            // What fails on a row may not where that row is left out.
            let Some(wanted) = file.all_rows(&text) else { continue };
            for switches in every_switch() {
                prop_assert_eq!(file.rows(&text, switches), Some(wanted.clone()), "{} {:?}", text, switches);
            }
        }
    }
}
