#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array, DictionaryArray,
    Float16Array, Float32Array, Float64Array, Int8Array, Int32Array, Int64Array, StringArray, StringViewArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampSecondArray, UInt8Array, UInt64Array,
    new_empty_array,
};
use arrow_buffer::i256;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use half::f16;
use pf_base::Context;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::*;
use crate::{NanPolicy, Overflow, condition, evaluate};

const ZONE: &str = "+02:00";

/// The columns of the tests, by what they can be compared with.
const INTEGERS: &[&str] = &["i8", "i32", "i64", "u8", "u64"];
const FLOATS: &[&str] = &["f16", "f32", "f64"];
const DECIMALS: &[&str] = &["d", "wide"];
const TEXTS: &[&str] = &["text", "view", "dictionary"];
const TIMES: &[&str] = &["s", "ms", "us"];

fn schema() -> Schema {
    let timestamp = |unit, zone: Option<&str>| DataType::Timestamp(unit, zone.map(Into::into));
    let fields = [
        ("i8", DataType::Int8),
        ("i32", DataType::Int32),
        ("i64", DataType::Int64),
        ("u8", DataType::UInt8),
        ("u64", DataType::UInt64),
        ("f16", DataType::Float16),
        ("f32", DataType::Float32),
        ("f64", DataType::Float64),
        ("d", DataType::Decimal128(9, 2)),
        ("wide", DataType::Decimal256(40, 3)),
        ("text", DataType::Utf8),
        ("view", DataType::Utf8View),
        ("dictionary", DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8))),
        ("bytes", DataType::Binary),
        ("flag", DataType::Boolean),
        ("other", DataType::Boolean),
        ("day", DataType::Date32),
        ("s", timestamp(TimeUnit::Second, None)),
        ("ms", timestamp(TimeUnit::Millisecond, None)),
        ("us", timestamp(TimeUnit::Microsecond, None)),
        ("zoned", timestamp(TimeUnit::Millisecond, Some(ZONE))),
        ("rome", timestamp(TimeUnit::Second, Some("Europe/Rome"))),
    ];
    Schema::new(fields.map(|(name, data_type)| Field::new(name, data_type, true)).to_vec())
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![6 => -4..5_i64, 2 => -200..300_i64, 1 => any::<i64>(), 1 => select(vec![i64::MIN, i64::MAX, 127, -128])]
}

fn float() -> impl Strategy<Value = f64> {
    let edges = [f64::NAN, 0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 1.0, -2.5, 0.5, 1e300, 65504.0];
    prop_oneof![2 => select(edges.to_vec()), 2 => (-8..9_i32).prop_map(|v| f64::from(v) / 2.0), 1 => -1e3..1e3]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ab]{0,3}",
        1 => select(vec!["", "a", "aé", "é", "\u{10ffff}", "ab%", "b_"]).prop_map(str::to_owned),
    ]
}

/// Seconds near some changes of clocks, of years and centuries.
fn second() -> impl Strategy<Value = i64> {
    let edges = [0, 1_711_846_800, 1_729_987_200, 1_729_990_800, 946_684_799, -1, 4_102_444_800];
    prop_oneof![3 => (select(edges.to_vec()), -5000..5000_i64).prop_map(|(a, b)| a + b), 1 => -1_i64 << 36..1 << 36]
}

/// Columns of the schema with so many rows.
fn columns() -> impl Strategy<Value = Vec<ArrayRef>> {
    (0..6_usize, 1..6_usize).prop_flat_map(|(nulls, rows)| {
        let share = 0.999 - nulls.saturating_sub(2) as f64 * 0.2;
        fn some<T: std::fmt::Debug>(
            values: impl Strategy<Value = T>,
            share: f64,
            rows: usize,
        ) -> impl Strategy<Value = Vec<Option<T>>> {
            vec(option::weighted(share, values), rows)
        }
        let integers = vec(some(integer(), share, rows), 8);
        let floats = vec(some(float(), share, rows), 3);
        let texts = vec(some(text(), share, rows), 4);
        let flags = vec(some(any::<bool>(), share, rows), 2);
        let seconds = vec(some(second(), share, rows), 6);
        (integers, floats, texts, flags, seconds).prop_map(|(ints, floats, texts, flags, seconds)| {
            let clamped = |i: usize, low: i64, high: i64| ints[i].iter().map(move |v| v.map(|v| v.clamp(low, high)));
            let decimals = clamped(5, -999_999_999, 999_999_999).map(|v| v.map(i128::from));
            let wide = ints[6].iter().map(|v| v.map(i256::from));
            let days = seconds[0].iter().map(|v| v.map(|v| (v / 86_400) as i32));
            let all: Vec<ArrayRef> = vec![
                Arc::new(Int8Array::from_iter(clamped(0, -128, 127).map(|v| v.map(|v| v as i8)))),
                Arc::new(Int32Array::from_iter(
                    clamped(1, i32::MIN.into(), i32::MAX.into()).map(|v| v.map(|v| v as i32)),
                )),
                Arc::new(Int64Array::from_iter(ints[2].iter().copied())),
                Arc::new(UInt8Array::from_iter(clamped(3, 0, 255).map(|v| v.map(|v| v as u8)))),
                Arc::new(UInt64Array::from_iter(
                    ints[4].iter().map(|v| v.map(|v| if v < -200 { v as u64 } else { v.unsigned_abs() })),
                )),
                Arc::new(Float16Array::from_iter(floats[0].iter().map(|v| v.map(f16::from_f64)))),
                Arc::new(Float32Array::from_iter(floats[1].iter().map(|v| v.map(|v| v as f32)))),
                Arc::new(Float64Array::from_iter(floats[2].iter().copied())),
                Arc::new(Decimal128Array::from_iter(decimals).with_precision_and_scale(9, 2).unwrap()),
                Arc::new(Decimal256Array::from_iter(wide).with_precision_and_scale(40, 3).unwrap()),
                Arc::new(StringArray::from_iter(&texts[0])),
                Arc::new(StringViewArray::from_iter(texts[1].iter().map(Option::as_deref))),
                Arc::new(DictionaryArray::<Int8Type>::from_iter(texts[2].iter().map(Option::as_deref))),
                Arc::new(BinaryArray::from_iter(texts[3].iter().map(|t| t.as_ref().map(String::as_bytes)))),
                Arc::new(BooleanArray::from(flags[0].clone())),
                Arc::new(BooleanArray::from(flags[1].clone())),
                Arc::new(Date32Array::from_iter(days)),
                Arc::new(TimestampSecondArray::from_iter(seconds[1].iter().copied())),
                Arc::new(TimestampMillisecondArray::from_iter(seconds[2].iter().map(|v| v.map(|v| v * 1_000 + 1)))),
                Arc::new(TimestampMicrosecondArray::from_iter(seconds[3].iter().map(|v| v.map(|v| v * 1_000_000 - 1)))),
                Arc::new(
                    TimestampMillisecondArray::from_iter(seconds[4].iter().map(|v| v.map(|v| v * 1_000)))
                        .with_timezone(ZONE),
                ),
                Arc::new(TimestampSecondArray::from_iter(seconds[5].iter().copied()).with_timezone("Europe/Rome")),
            ];
            all
        })
    })
}

fn one_of(items: &'static [&'static str]) -> BoxedStrategy<String> {
    select(items.to_vec()).prop_map(str::to_owned).boxed()
}

fn written(template: &'static str, parts: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    parts
        .prop_map(move |parts| {
            let mut pieces = template.split('#');
            let mut out = pieces.next().unwrap().to_owned();
            for (part, piece) in parts.iter().zip(pieces) {
                out += part;
                out += piece;
            }
            out
        })
        .boxed()
}

/// Texts of numbers.
fn number(depth: usize) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => one_of(INTEGERS),
        3 => one_of(FLOATS),
        2 => one_of(DECIMALS),
        3 => one_of(&["0", "1", "-1", "2", "3", "100", "127", "255", "9223372036854775807", "18446744073709551615"]),
        2 => one_of(&["0.5", "-2.5", "1.25", "0.0", "-0.0", "1e300", "NULL"]),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || number(depth - 1);
    let casts =
        &["int8", "int64", "uint8", "uint64", "float32", "float64", "decimal(12, 1)", "decimal(5, 2)", "float16"];
    prop_oneof![
        6 => leaf,
        1 => written("(# + #)", vec![inner(), inner()]),
        1 => written("(# - #)", vec![inner(), inner()]),
        1 => written("(# * #)", vec![inner(), one_of(&["2", "-3", "0.5", "0", "-1", "100", "1e300"])]),
        1 => written("(# / #)", vec![inner(), one_of(&["2", "-3", "0.5", "0"])]),
        1 => written("(# // #)", vec![inner(), one_of(&["2", "-3"])]),
        1 => written("-(#)", vec![inner()]),
        1 => written("#(#)", vec![one_of(&["abs", "floor", "ceil", "trunc", "sqrt", "sign", "exp"]), inner()]),
        2 => written("#(# AS #)", vec![one_of(&["CAST", "TRY_CAST"]), inner(), one_of(casts)]),
        1 => written("coalesce(#, #)", vec![inner(), inner()]),
        1 => written("CASE WHEN # THEN # WHEN # THEN # ELSE # END",
                     vec![predicate(depth - 1), inner(), predicate(depth - 1), inner(), inner()]),
        1 => written("EXTRACT(# FROM #)", vec![one_of(&["year", "month", "epoch", "century", "isoyear", "hour"]), moment(depth - 1)]),
        1 => written("length(#)", vec![words(depth - 1)]),
    ]
    .boxed()
}

/// Texts of strings.
fn words(depth: usize) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => one_of(TEXTS),
        2 => one_of(&["'a'", "'ab'", "'b'", "''", "'aé'", "'c'", "NULL"]),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || words(depth - 1);
    prop_oneof![
        6 => leaf,
        1 => written("left(#, #)", vec![inner(), one_of(&["1", "2", "-1"])]),
        1 => written("lower(#)", vec![inner()]),
        1 => written("coalesce(#, #)", vec![inner(), inner()]),
        1 => written("#(# AS #)", vec![one_of(&["CAST", "TRY_CAST"]), Union::new([inner(), one_of(&["bytes"])]).boxed(),
                                       one_of(&["utf8", "large_utf8", "utf8_view"])]),
    ]
    .boxed()
}

/// Texts of dates and timestamps.
fn moment(depth: usize) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        2 => one_of(&["day"]),
        4 => one_of(TIMES),
        2 => one_of(&["zoned", "rome"]),
        2 => one_of(&["'2024-03-31'", "'2000-01-01'", "TIMESTAMP '2024-10-27 01:30:00'", "DATE '1970-01-01'"]),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || moment(depth - 1);
    let types = &[
        "date32",
        "date64",
        "timestamp(s)",
        "timestamp(us)",
        "timestamp(ns)",
        "timestamp(s, 'Europe/Rome')",
        "timestamp(ms, '-05:00')",
    ];
    prop_oneof![
        5 => leaf,
        1 => written("date_trunc('#', #)", vec![one_of(&["hour", "day", "week", "month", "year", "century"]), inner()]),
        1 => written("(# # INTERVAL '#')", vec![inner(), one_of(&["+", "-"]), one_of(&["1 day", "1 month", "90 minutes", "25 hours"])]),
        1 => written("(# + #)", vec![inner(), one_of(&["i32", "1", "-40"])]),
        2 => written("#(# AS #)", vec![one_of(&["CAST", "TRY_CAST"]), inner(), one_of(types)]),
    ]
    .boxed()
}

/// Texts of conditions.
fn predicate(depth: usize) -> BoxedStrategy<String> {
    if depth == 0 {
        return one_of(&["flag", "other", "i32 > 1", "f64 < 2", "text = 'a'", "NULL", "TRUE"]);
    }
    let comparison = || one_of(&["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]);
    let (inner, number, words, moment) =
        (|| predicate(depth - 1), || number(depth - 1), || words(depth - 1), || moment(depth - 1));
    let likes = &["'a%'", "'%'", "'a'", "'ab%'", "'a_'", "'a%b'", "'%b'", r"'a\%%'", "'é%'", "''"];
    prop_oneof![
        1 => one_of(&["flag", "other"]),
        5 => written("# # #", vec![number(), comparison(), number()]),
        3 => written("# # #", vec![words(), comparison(), words()]),
        3 => written("# # #", vec![moment(), comparison(), moment()]),
        1 => written("bytes # #", vec![comparison(), one_of(&["X'61'", "X'6162'", "X''"])]),
        1 => written("flag # #", vec![comparison(), one_of(&["other", "TRUE", "FALSE"])]),
        2 => written("# BETWEEN # AND #", vec![number(), number(), number()]),
        1 => written("# BETWEEN # AND #", vec![moment(), moment(), moment()]),
        2 => written("# # (#, #, #)", vec![number(), one_of(&["IN", "NOT IN"]), one_of(&["0", "1", "-2.5", "NULL"]), one_of(&["2", "127", "NULL", "i8"]), one_of(&["3", "0.5"])]),
        2 => written("# # (#, #)", vec![words(), one_of(&["IN", "NOT IN"]), one_of(&["'a'", "'aa'"]), one_of(&["'b'", "'bb'", "NULL"])]),
        2 => written("# # #", vec![words(), one_of(&["LIKE", "NOT LIKE", "ILIKE"]), one_of(likes)]),
        1 => written("starts_with(#, #)", vec![words(), one_of(&["'a'", "'ab'", "''", "'é'"])]),
        2 => written("(# AND #)", vec![inner(), inner()]),
        2 => written("(# OR #)", vec![inner(), inner()]),
        2 => written("NOT (#)", vec![inner()]),
        2 => written("(#) IS #", vec![inner(), one_of(&["NULL", "NOT NULL", "TRUE", "NOT TRUE", "FALSE", "NOT FALSE"])]),
        1 => written("# IS #", vec![Union::new([number(), words(), moment()]).boxed(), one_of(&["NULL", "NOT NULL"])]),
        1 => written("is_nan(#)", vec![number()]),
        1 => written("coalesce(#, #)", vec![inner(), inner()]),
        1 => written("CASE WHEN # THEN # ELSE # END", vec![inner(), inner(), inner()]),
    ]
    .boxed()
}

/// The bounds of a column; `loose` bits take away some of what is known.
fn bound_of(array: &ArrayRef, loose: u8) -> Bound {
    let rows = || (0..array.len()).map(|i| array.slice(i, 1));
    let missing = |a: &ArrayRef| a.logical_nulls().is_some_and(|n| n.is_null(0));
    let nulls = rows().any(|a| missing(&a));
    let scalars: Vec<Scalar> = rows().filter_map(|a| Scalar::read(&a)).collect();
    let nan = rows().any(|a| !missing(&a) && Scalar::read(&a).is_none());
    let least = scalars.iter().cloned().reduce(|a, b| if b < a { b } else { a });
    let most = scalars.iter().cloned().reduce(|a, b| if b > a { b } else { a });
    if scalars.is_empty() && loose & 1 == 0 {
        return Bound { nulls, nan, ..Bound::NOTHING };
    }
    let min = least.filter(|_| loose & 2 == 0).map(|s| if loose & 4 == 0 { s } else { below(s) });
    let max = most.filter(|_| loose & 8 == 0).map(|s| if loose & 16 == 0 { s } else { above(s) });
    Bound { values: true, ..Bound::between(min, max, nulls || loose & 32 != 0, nan || loose & 64 != 0) }
}

fn below(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Boolean(_) => Scalar::Boolean(false),
        Scalar::Integer(v) => Scalar::Integer(v - 1),
        Scalar::Wide(v) => Scalar::Wide(v - i256::ONE),
        Scalar::Float(v) => Scalar::Float(if v == 0.0 { 0.0 } else { v - 1.0 }),
        Scalar::Bytes(mut v) => {
            v.pop();
            Scalar::Bytes(v)
        }
    }
}

fn above(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Boolean(_) => Scalar::Boolean(true),
        Scalar::Integer(v) => Scalar::Integer(v + 1),
        Scalar::Wide(v) => Scalar::Wide(v + i256::ONE),
        Scalar::Float(v) => Scalar::Float(if v == 0.0 { -0.0 } else { v + 1.0 }),
        Scalar::Bytes(mut v) => {
            v.push(0xff);
            Scalar::Bytes(v)
        }
    }
}

/// What each row gives: none where it fails.
fn rows_of(typed: &Typed, columns: &[ArrayRef], settings: Settings) -> Vec<Option<Option<bool>>> {
    let ctx = Context::default().with_threads(1);
    let value = |array: ArrayRef, i: usize| {
        let array = array.as_boolean().clone();
        array.is_valid(i).then(|| array.value(i))
    };
    let rows = columns[0].len();
    (0..rows)
        .map(|i| {
            let row: Vec<ArrayRef> = columns.iter().map(|c| c.slice(i, 1)).collect();
            evaluate(typed, &row, 1, settings, &ctx).ok().map(|array| value(array, 0))
        })
        .collect()
}

fn settings() -> impl Strategy<Value = Settings> {
    let overflow = select(&[Overflow::Error, Overflow::Error, Overflow::Null, Overflow::Wrap]);
    (overflow, select(&[NanPolicy::Keep, NanPolicy::Keep, NanPolicy::Null]))
        .prop_map(|(overflow, nan)| Settings { overflow, nan })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, max_shrink_iters: 3000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_a_row_gives_is_excluded(
        text in predicate(3),
        columns in columns(),
        settings in settings(),
        loose in vec(prop_oneof![3 => Just(0_u8), 1 => any::<u8>()], 22),
    ) {
        // Types that do not go together.
        let Ok(typed) = condition(&text, &schema(), settings) else { return Ok(()) };
        let bounds: Vec<Bound> = columns.iter().zip(&loose).map(|(c, l)| bound_of(c, *l)).collect();
        let truth = truth(&typed, &|path| bounds[path[0]].clone(), settings);
        for (row, value) in rows_of(&typed, &columns, settings).into_iter().enumerate() {
            let allowed = match value {
                None => true,
                Some(Some(true)) => truth.may_be_true,
                Some(Some(false)) => truth.may_be_false,
                Some(None) => truth.may_be_null,
            };
            let shown = || columns.iter().map(|c| format!("{:?}", c.slice(row, 1))).collect::<Vec<_>>();
            prop_assert!(allowed, "{} gives {:?} in row {}, but {:?} was said ({:?}) of {:?}", text, value, row, truth, settings, shown());
        }
    }
}

/// The truth of a text over `n` (int64), `x` (float64), `t` (text), `day` and `flag` between two values.
fn said(text: &str, low: &[ArrayRef], high: &[ArrayRef], nulls: bool, nan: bool) -> Truth {
    let schema = Schema::new(
        low.iter()
            .zip(["n", "x", "t", "day"])
            .map(|(a, n)| Field::new(n, a.data_type().clone(), true))
            .collect::<Vec<_>>(),
    );
    let typed = condition(text, &schema, Settings::default()).unwrap();
    let bound = |path: &[usize]| {
        let (low, high) = (Scalar::read(&low[path[0]]), Scalar::read(&high[path[0]]));
        Bound::between(low, high, nulls, nan)
    };
    truth(&typed, &bound, Settings::default())
}

#[test]
fn what_is_known_is_used() {
    let row = |n: i64, x: f64, t: &str, day: i32| -> Vec<ArrayRef> {
        vec![
            Arc::new(Int64Array::from(vec![n])),
            Arc::new(Float64Array::from(vec![x])),
            Arc::new(StringArray::from(vec![t])),
            Arc::new(Date32Array::from(vec![day])),
        ]
    };
    // Days from 2023-01-01 to 2023-12-31.
    let (low, high) = (row(10, -1.5, "car", 19_358), row(20, 8.0, "cat", 19_722));
    let never = [
        "n > 20",
        "n < 10",
        "n = 9",
        "n <> n AND FALSE",
        "n IN (1, 2, 21)",
        "n BETWEEN 21 AND 30",
        "n IS NULL",
        "x > 8",
        "x < -1.5",
        "x = 9",
        "t = 'dog'",
        "t < 'car'",
        "t LIKE 'b%'",
        "t LIKE 'cb%'",
        "starts_with(t, 'd')",
        "t LIKE 'd%x'",
        "t NOT LIKE 'ca%'",
        "day >= DATE '2024-01-01'",
        "day < '2023-01-01'",
        "EXTRACT(year FROM day) = 2022",
        "date_trunc('month', day) > '2023-12-01'",
        "CAST(day AS timestamp(us)) > TIMESTAMP '2023-12-31 00:00:00'",
        "n + 5 < 15",
        "n * -2 > -20",
        "2 * n > 40",
        "-n >= 0",
        "abs(x) > 8",
        "CAST(n AS float64) > 20.5",
        "n / 2 > 10",
        "n + n < 20",
        "coalesce(n, 0) > 20",
        "CASE WHEN n < 0 THEN 100 ELSE n END > 20",
        "NOT (n >= 10)",
        "n > 20 OR t = 'dog'",
        "n > 20 AND t = 'car'",
        "(n > 20) IS TRUE",
        "(n <= 20) IS NOT TRUE",
        "n IS DISTINCT FROM n AND n > 20",
        "n IS NOT DISTINCT FROM NULL",
        "left(t, 1) = 'd'",
        "day + INTERVAL '1 day' > '2024-01-01'",
        "day - 1 < '2022-12-31'",
        "n = 10.5 AND n > 20",
        "t = NULL",
        "is_nan(x)",
        "n NOT BETWEEN 0 AND 100",
        "floor(x) > 8",
        "n = NULL",
        "t IN ('a', 'z')",
    ];
    for text in never {
        assert!(!said(text, &low, &high, false, false).may_be_true, "{text}");
    }
    let always = [
        "n >= 10",
        "n BETWEEN 10 AND 20",
        "n IS NOT NULL",
        "n <> 9",
        "t LIKE 'ca%'",
        "t LIKE '%'",
        "starts_with(t, 'ca')",
        "x <= 8",
        "EXTRACT(year FROM day) = 2023",
        "date_trunc('year', day) = '2023-01-01'",
        "n NOT IN (1, 2)",
        "(n > 20) IS NOT TRUE",
        "n IS DISTINCT FROM 9",
        "n IS DISTINCT FROM NULL",
        "n > 5 OR t = 'x'",
        "NOT is_nan(x)",
        "abs(x) >= 0",
        "n * n IS NOT NULL OR n > 0",
    ];
    for text in always {
        assert!(said(text, &low, &high, false, false).is_always_true(), "{text}");
    }
    let open = [
        "n = 15",
        "t LIKE 'car%'",
        "t LIKE 'cat_'",
        "lower(t) = 'x'",
        "n % 2 = 0",
        "strftime(day, '%Y') = '1'",
        "x = 0",
    ];
    for text in open {
        let said = said(text, &low, &high, false, false);
        assert!(said.may_be_true && said.may_be_false, "{text}");
    }
}

#[test]
fn nulls_and_nan_count() {
    let x: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(vec![5])), Arc::new(Float64Array::from(vec![5.0]))];
    let said = |text, nulls, nan| said(text, &x, &x, nulls, nan);
    assert!(said("n = 5", false, false).is_always_true());
    assert_eq!(said("n = 5", true, false), Truth { may_be_true: true, may_be_false: false, may_be_null: true });
    assert!(said("x = 5", false, false).is_always_true());
    assert!(said("x = 5", false, true).may_be_false);
    assert!(said("x <> 5", false, true).may_be_true);
    assert!(!said("x > 5", false, true).may_be_true);
    // NaN is not greater, so the opposite of the comparison is true of it.
    assert!(said("NOT (x <= 5)", false, true).may_be_true);
    assert!(said("n NOT IN (5, NULL)", false, false).may_be_false);
    assert!(!said("n NOT IN (6, NULL)", false, false).may_be_true);
    assert!(said("x IS NOT DISTINCT FROM CAST('NaN' AS float64)", false, true).may_be_true);
}

#[test]
fn bounds_that_contradict_themselves_say_nothing() {
    let (five, six) = (Scalar::Integer(5), Scalar::Integer(6));
    let wrong = Bound::between(Some(six), Some(five.clone()), false, false);
    assert_eq!((wrong.min, wrong.max), (None, None));
    let mixed = Bound::between(Some(five), Some(Scalar::Float(7.0)), false, false);
    assert_eq!((mixed.min, mixed.max), (None, None));
}

#[test]
fn values_come_back_from_arrays() {
    let schema = schema();
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(Int8Array::from(vec![-3])),
        Arc::new(UInt64Array::from(vec![u64::MAX])),
        Arc::new(Float16Array::from(vec![f16::from_f64(1.5)])),
        Arc::new(StringViewArray::from(vec!["a text of more than twelve bytes"])),
        Arc::new(BinaryArray::from(vec![[255_u8].as_slice()])),
        Arc::new(Decimal256Array::from(vec![i256::MIN]).with_precision_and_scale(76, 3).unwrap()),
        Arc::new(BooleanArray::from(vec![true])),
    ];
    let date: ArrayRef = Arc::new(Date32Array::from(vec![-1]));
    arrays.push(date);
    for array in arrays {
        let scalar = Scalar::read(&array).unwrap();
        assert_eq!(scalar.into_array(array.data_type()).unwrap().as_ref(), array.as_ref());
    }
    assert!(Scalar::Integer(300).into_array(&DataType::Int8).is_none());
    assert!(Scalar::Bytes(vec![255]).into_array(&DataType::Utf8).is_none());
    assert!(Scalar::Float(0.1).into_array(&DataType::Float32).is_none());
    let nothing: Vec<ArrayRef> = vec![
        Arc::new(Float64Array::from(vec![f64::NAN])),
        Arc::new(Int64Array::from(vec![None])),
        new_empty_array(schema.field(0).data_type()),
    ];
    assert!(nothing.iter().all(|a| Scalar::read(a).is_none()));
}

#[test]
fn a_bound_is_converted_with_its_column() {
    let ints = Bound::between(Some(Scalar::Integer(1)), Some(Scalar::Integer(300)), true, false);
    let wide = ints.cast(&DataType::Int32, &DataType::Float64);
    assert_eq!(wide, Bound::between(Some(Scalar::Float(1.0)), Some(Scalar::Float(300.0)), true, false));
    let narrow = ints.cast(&DataType::Int32, &DataType::Int8);
    assert_eq!((narrow.min, narrow.max, narrow.nulls), (Some(Scalar::Integer(1)), None, true));
    assert_eq!(Bound::NULL.cast(&DataType::Int32, &DataType::Utf8), Bound { nan: false, ..Bound::UNKNOWN });
    let text = Bound::between(Some(Scalar::Bytes(vec![255])), None, false, false);
    assert_eq!(text.cast(&DataType::Utf8, &DataType::LargeUtf8), text);
}

#[test]
fn the_columns_that_matter() {
    let typed = condition(
        "lower(text) = 'x' AND i8 > 1 AND (i8 < 5 OR regexp_like(view, 'x'))",
        &schema(),
        Settings::default(),
    )
    .unwrap();
    assert_eq!(Outlook::new(&typed, Settings::default()).columns(), [vec![0]]);
}
