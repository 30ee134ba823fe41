//! Aggregates against slow references, over rows cut anywhere and any number of threads.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{
    BooleanArray, Decimal128Array, Float32Array, Int8Array, Int32Array, StringArray, TimestampMillisecondArray,
    UInt64Array,
};
use proptest::prelude::*;

use super::*;
use crate::Overflow;

type Rows = Vec<Option<f64>>;

fn threads(n: usize) -> Context {
    Context::default().with_threads(n)
}

fn bits(array: &ArrayRef) -> Option<u64> {
    array.as_primitive::<Float64Type>().iter().next().unwrap().map(f64::to_bits)
}

fn column(rows: &Rows) -> ArrayRef {
    Arc::new(Float64Array::from(rows.clone()))
}

fn row(value: impl Strategy<Value = f64> + 'static) -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 6 => value.prop_map(Some)]
}

fn plain() -> impl Strategy<Value = Rows> {
    prop_oneof![
        prop::collection::vec(row(-1e3f64..1e3), 0..5000),
        // Far from 0 and close together.
        prop::collection::vec(row((-1000i32..1000).prop_map(|x| 1e9 + f64::from(x) / 1024.0)), 0..5000),
        prop::collection::vec(row((0i32..3).prop_map(f64::from)), 0..5000),
    ]
}

fn special() -> impl Strategy<Value = Rows> {
    let value = prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 1.0, -1.0, 1e300]);
    prop::collection::vec(row(value), 0..12)
}

/// A slice that starts inside a byte of the validity.
fn sliced(array: &ArrayRef) -> ArrayRef {
    let all = arrow_select::concat::concat(&[&new_null_array(array.data_type(), 3), array.as_ref()]).unwrap();
    all.slice(3, array.len())
}

/// Multiples of 2^-20 as integers: sums of them and of their squares fit 128 bits.
fn scaled(rows: &Rows) -> Vec<i128> {
    rows.iter().flatten().map(|x| (x * 1048576.0) as i128).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn exact_aggregates_do_not_depend_on_cuts(
        rows in prop_oneof![4 => plain(), 1 => special()],
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let x = Given::Column(sliced(&column(&rows)));
        for name in ["sum", "mean", "min", "max", "var", "std", "var_pop", "std_pop", "median"] {
            let mut given = vec![x.clone()];
            if ["var", "std"].contains(&name) {
                given.push(literal(1));
            }
            let whole = bits(&run(name, &given, &[], &threads(1), Settings::default()).unwrap());
            let cut = bits(&run(name, &given, &cuts, &threads(2), Settings::default()).unwrap());
            prop_assert_eq!(whole, cut, "{}", name);
        }
    }

    #[test]
    fn moments_of_multiples_of_a_power_of_two(
        rows in prop::collection::vec(row((-4_000_000i32..4_000_000).prop_map(|x| 1e9 + f64::from(x) / 1048576.0)), 0..3000),
    ) {
        let column = column(&rows);
        let values = scaled(&rows);
        let n = values.len() as i128;
        let sum: i128 = values.iter().sum();
        let squares: i128 = values.iter().map(|x| (x - (1_000_000_000 << 20)) * (x - (1_000_000_000 << 20))).sum();
        let shifted: i128 = sum - n * (1_000_000_000 << 20);
        let expected = (n > 1).then(|| (n * squares - shifted * shifted) as f64 / (n * (n - 1)) as f64 / 2f64.powi(40));
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 4.0 * f64::EPSILON * b.abs(),
            (a, b) => a == b,
        };
        let one = |name: &str, ddof: i64| {
            let given = [Given::Column(column.clone()), literal(ddof)];
            run(name, &given, &[], &threads(1), Settings::default()).unwrap().as_primitive::<Float64Type>().iter().next().unwrap()
        };
        prop_assert!(close(one("var", 1), expected), "{:?} {:?}", one("var", 1), expected);
        prop_assert!(close(one("std", 1), expected.map(f64::sqrt)));
        prop_assert_eq!(double("sum", &column), (n > 0).then(|| sum as f64 / 1048576.0));
    }

    #[test]
    fn float_products(
        rows in prop::collection::vec(row(prop_oneof![40 => 0.1f64..8.0, 40 => -3.0f64..-0.01, 1 => Just(f64::MIN_POSITIVE / 4.0), 1 => 1e300f64..1e301]), 0..3000),
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        // The logarithm of the size, and the sign.
        let known: Vec<f64> = rows.iter().flatten().copied().collect();
        let logarithm: f64 = known.iter().map(|x| x.abs().log2()).sum();
        let negative = known.iter().filter(|x| **x < 0.0).count() % 2 == 1;
        let given = [Given::Column(sliced(&column(&rows)))];
        let one = run("product", &given, &cuts, &threads(1), Settings::default()).unwrap();
        prop_assert_eq!(bits(&one), bits(&run("product", &given, &cuts, &threads(7), Settings::default()).unwrap()));
        match one.as_primitive::<Float64Type>().iter().next().unwrap() {
            None => prop_assert!(known.is_empty()),
            Some(x) if logarithm > 1024.5 => prop_assert!(x.is_infinite() && (x < 0.0) == negative),
            Some(x) if logarithm < -1075.5 => prop_assert!(x == 0.0),
            Some(x) if logarithm.abs() < 1000.0 => {
                prop_assert!((x.abs().log2() - logarithm).abs() < 1e-6 && (x < 0.0) == negative, "{} {}", x, logarithm);
            }
            Some(_) => {}
        }
    }

    #[test]
    fn covariances(
        rows in prop::collection::vec((row(-1e3f64..1e3), row(-1e3f64..1e3)), 0..5000),
        offset in prop_oneof![Just(0.0), Just(1e6), Just(-3e9)],
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        // Of integers, so that the reference has no rounding before its last step.
        let whole = |x: Option<f64>| x.map(|x| x.round() + offset);
        let (x, y): (Vec<_>, Vec<_>) = rows.iter().map(|(x, y)| (whole(*x), whole(x.zip(*y).map(|(x, y)| x / 2.0 + y)))).unzip();
        let known: Vec<(i128, i128)> =
            x.iter().zip(&y).filter_map(|(x, y)| x.zip(*y).map(|(x, y)| (x as i128, y as i128))).collect();
        let n = known.len() as i128;
        let sum = |f: &dyn Fn(&(i128, i128)) -> i128| known.iter().map(f).sum::<i128>();
        let cross = |f: &dyn Fn(&(i128, i128)) -> (i128, i128)| {
            n * sum(&|pair| f(pair).0 * f(pair).1) - sum(&|pair| f(pair).0) * sum(&|pair| f(pair).1)
        };
        let (xy, xx, yy) =
            (cross(&|p| *p) as f64, cross(&|p| (p.0, p.0)) as f64, cross(&|p| (p.1, p.1)) as f64);
        let expected = [
            ("covar_pop", (n > 0).then(|| xy / (n * n) as f64), xx.sqrt() * yy.sqrt() / (n * n) as f64),
            ("covar", (n > 1).then(|| xy / (n * (n - 1)) as f64), xx.sqrt() * yy.sqrt() / (n * n) as f64),
            ("corr", (n > 1).then(|| xy / (xx.sqrt() * yy.sqrt())), 1.0),
        ];
        for (name, expected, size) in expected {
            let mut given = vec![Given::Column(sliced(&column(&x))), Given::Column(column(&y))];
            if name == "covar" {
                given.push(literal(1));
            }
            let one = run(name, &given, &cuts, &threads(1), Settings::default()).unwrap();
            for n in [2, 7] {
                prop_assert_eq!(bits(&one), bits(&run(name, &given, &cuts, &threads(n), Settings::default()).unwrap()));
            }
            let got = one.as_primitive::<Float64Type>().iter().next().unwrap();
            prop_assert_eq!(got.is_some(), expected.is_some(), "{}", name);
            if let (Some(got), Some(expected)) = (got, expected) {
                let close = (got - expected).abs() <= 1e-11 * size;
                prop_assert!(close || got.is_nan() && expected.is_nan(), "{} {} {}", name, got, expected);
            }
        }
    }

    #[test]
    fn higher_moments(rows in prop::collection::vec(row(-1e3f64..1e3), 0..5000), cuts in prop::collection::vec(any::<usize>(), 0..6)) {
        let values: Vec<f64> = rows.iter().flatten().copied().collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let power = |k: i32| values.iter().map(|x| (x - mean).powi(k)).sum::<f64>();
        // As pandas' nanskew and nankurt.
        let skew = (n >= 3.0).then(|| n * (n - 1.0).sqrt() / (n - 2.0) * power(3) / power(2).powf(1.5));
        let kurtosis = (n >= 4.0).then(|| {
            let adjust = 3.0 * (n - 1.0).powi(2) / ((n - 2.0) * (n - 3.0));
            n * (n + 1.0) * (n - 1.0) * power(4) / ((n - 2.0) * (n - 3.0) * power(2).powi(2)) - adjust
        });
        for (name, expected) in [("skew", skew), ("kurtosis", kurtosis)] {
            let given = [Given::Column(sliced(&column(&rows)))];
            let one = run(name, &given, &cuts, &threads(1), Settings::default()).unwrap();
            let two = run(name, &given, &cuts, &threads(7), Settings::default()).unwrap();
            prop_assert_eq!(bits(&one), bits(&two));
            let got = one.as_primitive::<Float64Type>().iter().next().unwrap();
            prop_assert_eq!(got.is_some(), expected.is_some());
            if let (Some(got), Some(expected)) = (got, expected) {
                prop_assert!((got - expected).abs() <= 1e-9 * (1.0 + expected.abs()), "{} {} {}", name, got, expected);
            }
        }
    }

    #[test]
    fn quantiles_are_those_of_sorted_rows(
        rows in prop_oneof![plain(), special()],
        q in prop_oneof![0.0f64..=1.0, Just(0.0), Just(1.0), Just(0.5), Just(0.25)],
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let mut sorted: Vec<f64> = rows.iter().flatten().copied().collect();
        sorted.sort_by(f64::total_cmp);
        for interpolation in ["linear", "lower", "higher", "nearest", "midpoint"] {
            let expected = (!sorted.is_empty()).then(|| {
                let at = q * (sorted.len() - 1) as f64;
                let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
                let t = at - at.floor();
                match interpolation {
                    _ if sorted.iter().any(|x| x.is_nan()) => f64::NAN,
                    _ if low == high => low,
                    // Infinite, or too far apart for a double.
                    "linear" if !(high - low).is_finite() => low * (1.0 - t) + high * t,
                    "midpoint" if !(high - low).is_finite() => low * 0.5 + high * 0.5,
                    "linear" if t < 0.5 => low + (high - low) * t,
                    "linear" => high - (high - low) * (1.0 - t),
                    "lower" => low,
                    "higher" => high,
                    "nearest" if t < 0.5 || (t == 0.5 && at.floor() % 2.0 == 0.0) => low,
                    "nearest" => high,
                    _ => high - (high - low) * 0.5,
                }
            });
            let given = [
                Given::Column(sliced(&column(&rows))),
                Given::Literal(Arc::new(Float64Array::from(vec![q]))),
                Given::Literal(Arc::new(StringArray::from(vec![interpolation]))),
            ];
            let got = run("quantile", &given, &cuts, &threads(2), Settings::default()).unwrap();
            let got = got.as_primitive::<Float64Type>().iter().next().unwrap();
            prop_assert!(got == expected || (got.unwrap().is_nan() && expected.unwrap().is_nan()), "{} {:?} {:?}", interpolation, got, expected);
        }
    }

    #[test]
    fn integers_add_up_in_any_order(
        rows in prop::collection::vec(prop::option::weighted(0.8, any::<i64>()), 0..300),
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let x: ArrayRef = Arc::new(Int64Array::from(rows.clone()));
        let some = rows.iter().any(Option::is_some);
        let sum: i128 = rows.iter().flatten().map(|x| i128::from(*x)).sum();
        let settings = |overflow| Settings { overflow, ..Settings::default() };
        let run = |overflow| super::run("sum", &[Given::Column(sliced(&x))], &cuts, &threads(2), settings(overflow));
        let value = |array: ArrayRef| array.as_primitive::<Int64Type>().iter().next().unwrap();
        let fits = i64::try_from(sum);
        prop_assert_eq!(value(run(Overflow::Wrap).unwrap()), some.then_some(sum as i64));
        prop_assert_eq!(value(run(Overflow::Null).unwrap()), fits.ok().filter(|_| some));
        prop_assert_eq!(run(Overflow::Error).is_err(), fits.is_err());
        let n = rows.iter().flatten().count();
        if some {
            let mean = double("mean", &x).unwrap();
            let expected = sum as f64 / n as f64;
            prop_assert!((mean - expected).abs() <= 2.0 * f64::EPSILON * expected.abs());
        }
    }

    #[test]
    fn extremes_of_floats(rows in prop_oneof![3 => special(), 1 => plain()]) {
        let values: Vec<f64> = rows.iter().flatten().copied().filter(|x| !x.is_nan()).collect();
        let any = rows.iter().any(Option::is_some);
        for (name, best) in [
            ("min", values.iter().copied().min_by(f64::total_cmp)),
            ("max", values.iter().copied().max_by(f64::total_cmp)),
        ] {
            let got = double(name, &sliced(&column(&rows)));
            match best {
                Some(best) => prop_assert_eq!(got.map(f64::to_bits), Some(best.to_bits())),
                None => prop_assert_eq!(got.map(f64::is_nan), any.then_some(true)),
            }
        }
    }

    #[test]
    fn distinct_values_and_the_mode(
        rows in prop_oneof![
            prop::collection::vec(prop::option::weighted(0.9, -50i64..50), 0..500),
            prop::collection::vec(prop::option::weighted(0.9, any::<i64>()), 0..500),
            prop::collection::vec(prop::option::weighted(0.9, prop::sample::select(vec![i64::MIN, i64::MAX, 0, 1, -1, 1 << 40])), 0..500),
        ],
        cuts in prop::collection::vec(any::<usize>(), 0..8),
    ) {
        let mut counts = BTreeMap::new();
        for x in rows.iter().flatten() {
            *counts.entry(*x).or_insert(0) += 1;
        }
        let most = counts.values().max().copied();
        let mode = counts.iter().find(|(_, n)| Some(**n) == most).map(|(x, _)| *x);
        let whole: ArrayRef = Arc::new(Int64Array::from(rows.clone()));
        let cast = |to: DataType| arrow_cast::cast(&whole, &to).unwrap();
        let arrays = [
            whole.clone(),
            cast(DataType::Utf8),
            cast(DataType::LargeUtf8),
            cast(DataType::Utf8View),
            cast(DataType::Decimal128(38, 2)),
            arrow_cast::cast(&cast(DataType::Utf8), &DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8))).unwrap(),
            cast(DataType::Timestamp(arrow_schema::TimeUnit::Second, None)),
        ];
        for array in arrays {
            for n in [1, 2, 7] {
                let given = [Given::Column(sliced(&array))];
                let got = run("count_distinct", &given, &cuts, &threads(n), Settings::default()).unwrap();
                prop_assert_eq!(got.as_primitive::<Int64Type>().value(0), counts.len() as i64, "{}", array.data_type());
                let got = run("mode", &given, &cuts, &threads(n), Settings::default()).unwrap();
                if matches!(got.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
                    // Strings have another order.
                    let text = counts.iter().filter(|(_, n)| Some(**n) == most).map(|(x, _)| x.to_string()).min();
                    let got = arrow_cast::cast(&got, &DataType::Utf8).unwrap();
                    prop_assert_eq!(got.as_string::<i32>().iter().next().unwrap(), text.as_deref());
                } else {
                    let got = arrow_cast::cast(&got, &DataType::Int64).unwrap();
                    prop_assert_eq!(got.as_primitive::<Int64Type>().iter().next().unwrap(), mode, "{}", array.data_type());
                }
                let got = run("approx_count_distinct", &given, &cuts, &threads(n), Settings::default()).unwrap();
                let got = got.as_primitive::<Int64Type>().value(0);
                prop_assert!((got - counts.len() as i64).abs() <= 3 + counts.len() as i64 / 20, "{} {}", got, counts.len());
            }
        }
    }

    #[test]
    fn floats_that_count_as_one(rows in special()) {
        let one = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { (x + 0.0).to_bits() };
        let different: BTreeSet<u64> = rows.iter().flatten().map(|x| one(*x)).collect();
        let got = over("count_distinct", &column(&rows));
        prop_assert_eq!(got.as_primitive::<Int64Type>().value(0), different.len() as i64);
        let negative: Rows = rows.iter().map(|x| x.map(|x| if x.is_nan() { -f64::NAN } else { x })).collect();
        prop_assert_eq!(over("count_distinct", &column(&negative)).as_primitive::<Int64Type>().value(0), different.len() as i64);
    }

    #[test]
    fn products_in_any_order(
        rows in prop::collection::vec(prop::option::weighted(0.9, -40i64..40), 0..16),
        cuts in prop::collection::vec(any::<usize>(), 0..4),
    ) {
        let product = rows.iter().flatten().try_fold(1i128, |a, b| a.checked_mul(i128::from(*b)));
        let zero = rows.contains(&Some(0));
        let product = if zero { Some(0) } else { product }.and_then(|x| i64::try_from(x).ok());
        let x: ArrayRef = Arc::new(Int64Array::from(rows.clone()));
        let settings = Settings { overflow: Overflow::Null, ..Settings::default() };
        let got = run("product", &[Given::Column(x)], &cuts, &threads(2), settings).unwrap();
        let some = rows.iter().any(Option::is_some);
        prop_assert_eq!(got.as_primitive::<Int64Type>().iter().next().unwrap(), product.filter(|_| some));
    }
}

#[test]
fn large_columns_are_searched_in_parts() {
    let n = 300_000u64;
    let mixed = |i: u64| super::super::words::mix(i);
    let cases: [(&str, Box<dyn Fn(u64) -> f64>); 5] = [
        ("spread", Box::new(move |i| mixed(i) as f64)),
        ("two values", Box::new(move |i| (mixed(i) % 2) as f64)),
        ("one value", Box::new(|_| 7.0)),
        ("sorted", Box::new(|i| i as f64)),
        ("far apart", Box::new(move |i| if i % 1000 == 0 { 1e300 } else { f64::from_bits(mixed(i) >> 2) })),
    ];
    for (what, value) in cases {
        let rows: Rows = (0..n).map(|i| (i % 11 != 0).then(|| value(i))).collect();
        let mut sorted: Vec<f64> = rows.iter().flatten().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let cuts: Vec<usize> = (0..20).map(|i| mixed(i) as usize).collect();
        for q in [0.0, 0.001, 0.5, 0.99999, 1.0] {
            let at = q * (sorted.len() - 1) as f64;
            let given = [
                Given::Column(column(&rows)),
                Given::Literal(Arc::new(Float64Array::from(vec![q]))),
                Given::Literal(Arc::new(StringArray::from(vec!["lower"]))),
            ];
            for t in [1, 7] {
                let got = run("quantile", &given, &cuts, &threads(t), Settings::default()).unwrap();
                assert_eq!(bits(&got), Some(sorted[at as usize].to_bits()), "{what} {q}");
            }
            let got = run("approx_quantile", &given[..2], &cuts, &threads(2), Settings::default()).unwrap();
            let got = got.as_primitive::<Float64Type>().value(0);
            let (from, to) = (sorted.partition_point(|x| *x < got), sorted.partition_point(|x| *x <= got));
            let off = (from as f64 - at).max(at - to as f64).max(0.0);
            let bound = sorted.len() as f64 * (sorted.len() as f64 / 4096.0).log2() / 8192.0;
            assert!(off <= bound + 1.0, "{what} {q}: off by {off} of {bound}");
        }
        let mut different = sorted.clone();
        different.dedup();
        let given = [Given::Column(column(&rows))];
        for t in [1, 7] {
            let got = run("count_distinct", &given, &cuts, &threads(t), Settings::default()).unwrap();
            assert_eq!(got.as_primitive::<Int64Type>().value(0), different.len() as i64, "{what}");
            let got = run("approx_count_distinct", &given, &cuts, &threads(t), Settings::default()).unwrap();
            let got = got.as_primitive::<Int64Type>().value(0) as f64;
            assert!((got / different.len() as f64 - 1.0).abs() < 0.03, "{what}: {got}");
        }
    }
    let with_nan: ArrayRef =
        Arc::new(Float64Array::from_iter_values((0..n).map(|i| if i == 77 { f64::NAN } else { 1.0 })));
    assert!(double("median", &with_nan).unwrap().is_nan());
    assert!(double("approx_median", &with_nan).unwrap().is_nan());
}

#[test]
fn a_bitmap_that_becomes_tables() {
    let values = (0..200_000i64).map(|i| if i < 100_000 { i % 777 } else { (i % 999) << 40 });
    let array: ArrayRef = Arc::new(Int64Array::from_iter_values(values));
    let cuts: Vec<usize> = (0..10).map(|i| i * 20_000).collect();
    let got = run("count_distinct", &[Given::Column(array)], &cuts, &threads(2), Settings::default()).unwrap();
    assert_eq!(got.as_primitive::<Int64Type>().value(0), 777 + 998);
}

#[test]
fn all_types_have_extremes_ends_and_counts() {
    let values: ArrayRef = Arc::new(Int64Array::from(vec![None, Some(5), Some(3), None, Some(9), Some(3)]));
    use arrow_schema::{DataType as D, TimeUnit as U};
    let types = [
        D::Int8,
        D::Int16,
        D::Int32,
        D::Int64,
        D::UInt8,
        D::UInt16,
        D::UInt32,
        D::UInt64,
        D::Float16,
        D::Float32,
        D::Float64,
        D::Decimal128(20, 3),
        D::Decimal256(50, 3),
        D::Utf8,
        D::LargeUtf8,
        D::Utf8View,
        D::Binary,
        D::LargeBinary,
        D::BinaryView,
        D::Date32,
        D::Date64,
        D::Time32(U::Second),
        D::Time32(U::Millisecond),
        D::Time64(U::Microsecond),
        D::Time64(U::Nanosecond),
        D::Timestamp(U::Second, None),
        D::Timestamp(U::Nanosecond, Some("UTC".into())),
        D::Duration(U::Millisecond),
        D::Dictionary(Box::new(D::Int8), Box::new(D::Utf8)),
    ];
    let ctx = threads(1);
    let text = |array: &ArrayRef| {
        let plain = if array.data_type().is_temporal() {
            arrow_cast::cast(
                &arrow_cast::cast(
                    array,
                    &if array.data_type().primitive_width() == Some(4) { D::Int32 } else { D::Int64 },
                )
                .unwrap(),
                &D::Float64,
            )
            .unwrap()
        } else if array.data_type().is_numeric() {
            arrow_cast::cast(array, &D::Float64).unwrap()
        } else {
            arrow_cast::cast(&arrow_cast::cast(array, &D::Utf8).unwrap(), &D::Float64).unwrap()
        };
        plain.as_primitive::<Float64Type>().iter().next().unwrap()
    };
    for data_type in types {
        let via = match &data_type {
            D::Date32 | D::Time32(_) => arrow_cast::cast(&values, &D::Int32).unwrap(),
            D::Binary | D::LargeBinary | D::BinaryView | D::Dictionary(..) => {
                arrow_cast::cast(&values, &D::Utf8).unwrap()
            }
            _ => values.clone(),
        };
        let array = sliced(&arrow_cast::cast(&via, &data_type).unwrap());
        let given = [Given::Column(array)];
        for (name, expected) in
            [("min", Some(3.0)), ("max", Some(9.0)), ("first", None), ("last", Some(3.0)), ("mode", Some(3.0))]
        {
            for cuts in [&[][..], &[1, 2, 4]] {
                let got = run(name, &given, cuts, &ctx, Settings::default()).unwrap();
                assert_eq!(text(&got), expected, "{name} of {data_type}");
            }
        }
        for (name, expected) in [("count", 4), ("count_null", 2), ("count_distinct", 3), ("approx_count_distinct", 3)] {
            let got = run(name, &given, &[2], &ctx, Settings::default()).unwrap();
            assert_eq!(got.as_primitive::<Int64Type>().value(0), expected, "{name} of {data_type}");
        }
    }
}

#[test]
fn sums_of_the_other_types() {
    let sum = |array: ArrayRef| over("sum", &array);
    let got = sum(Arc::new(Int8Array::from(vec![127; 1000])));
    assert_eq!(got.as_primitive::<Int64Type>().value(0), 127_000);
    let got = sum(Arc::new(UInt64Array::from(vec![u64::MAX - 1, 1])));
    assert_eq!(got.as_primitive::<arrow_array::types::UInt64Type>().value(0), u64::MAX);
    let array: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX, 1]));
    let error = run("sum", &[Given::Column(array)], &[], &threads(1), Settings::default()).unwrap_err();
    assert_eq!(error.message(), "sum overflows uint64");
    let got = sum(Arc::new(BooleanArray::from(vec![true, false, true])));
    assert_eq!(got.as_primitive::<Int64Type>().value(0), 2);
    let most = 10i128.pow(38) - 1;
    let decimals = Decimal128Array::from(vec![Some(most), Some(most), None, Some(-most)]);
    let got = sum(Arc::new(decimals.with_precision_and_scale(38, 4).unwrap()));
    assert_eq!(got.as_primitive::<arrow_array::types::Decimal128Type>().value(0), most);
    let decimals: ArrayRef = Arc::new(Decimal128Array::from(vec![150, 250]).with_precision_and_scale(5, 2).unwrap());
    assert_eq!(double("mean", &decimals), Some(2.0));
    assert_eq!(double("var_pop", &decimals), Some(0.25));
    let got = sum(Arc::new(Float32Array::from(vec![0.5, f32::MAX])));
    assert_eq!(got.as_primitive::<Float64Type>().value(0), 0.5 + f64::from(f32::MAX));
    let times: ArrayRef =
        Arc::new(TimestampMillisecondArray::from(vec![Some(-3), None, Some(-2)]).with_timezone("UTC"));
    for name in ["mean", "median"] {
        let got = over(name, &times);
        assert_eq!((got.as_primitive::<TimestampMillisecondType>().value(0), got.data_type()), (-3, times.data_type()));
    }
    assert!(run("sum", &[Given::Column(times)], &[], &threads(1), Settings::default()).is_err());
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1e308, 1e308, 1e-308, 1e-308]));
    assert!((double("product", &floats).unwrap() - 1.0).abs() < 1e-15);
    assert!(
        (double("mean", &(Arc::new(Float64Array::from(vec![1e308, 1e308])) as ArrayRef)).unwrap() - 1e308).abs()
            < 1e292
    );
}

#[test]
fn literals_count_for_every_row() {
    let ctx = threads(1);
    let rows: ArrayRef = Arc::new(Int32Array::from(vec![0; 10]));
    let one = |name: &str, value: ArrayRef| {
        // The second argument only tells the number of rows.
        let function = find(name);
        let argument = Argument { data_type: value.data_type().clone(), constant: Some(value.clone()), adapts: false };
        let binding = (function.bind)(std::slice::from_ref(&argument), Settings::default()).unwrap();
        let value = arrow_cast::cast(&value, &binding.arguments[0]).unwrap();
        let arguments = [Argument { data_type: binding.arguments[0].clone(), constant: None, adapts: false }];
        let call = Call { arguments: &arguments, result: &binding.result, settings: Settings::default() };
        match function.implementation {
            Implementation::Aggregate(make) => {
                let mut state = make(&call).unwrap().start();
                state.update(&[Value::Scalar(value)], rows.len()).unwrap();
                state.finish().unwrap()
            }
            Implementation::Holistic(make) => {
                let mut all = make(&call).unwrap();
                all.update(&[vec![Value::Scalar(value).into_array(rows.len()).unwrap()]], &ctx).unwrap();
                all.finish(&ctx).unwrap()
            }
            _ => panic!("no aggregate"),
        }
    };
    let number = || Arc::new(Float64Array::from(vec![1.5])) as ArrayRef;
    for (name, expected) in [
        ("sum", 15.0),
        ("mean", 1.5),
        ("min", 1.5),
        ("max", 1.5),
        ("var_pop", 0.0),
        ("median", 1.5),
        ("mode", 1.5),
        ("first", 1.5),
        ("last", 1.5),
        ("approx_median", 1.5),
    ] {
        assert_eq!(one(name, number()).as_primitive::<Float64Type>().value(0), expected, "{name}");
    }
    for name in ["skew", "kurtosis"] {
        assert!(one(name, number()).as_primitive::<Float64Type>().value(0).is_nan(), "{name}");
    }
    for (name, expected) in [("count", 10), ("count_null", 0), ("count_distinct", 1), ("approx_count_distinct", 1)] {
        assert_eq!(one(name, number()).as_primitive::<Int64Type>().value(0), expected, "{name}");
    }
    let whole = one("sum", Arc::new(Int64Array::from(vec![i64::MAX / 10])));
    assert_eq!(whole.as_primitive::<Int64Type>().value(0), i64::MAX / 10 * 10);
}

#[test]
fn truth_and_wrong_arguments() {
    let array = |values: Vec<Option<bool>>| Arc::new(BooleanArray::from(values)) as ArrayRef;
    for (values, any, all) in [
        (vec![Some(true), None, Some(false)], Some(true), Some(false)),
        (vec![None, Some(false)], Some(false), Some(false)),
        (vec![Some(true), None], Some(true), Some(true)),
        (vec![None, None], None, None),
    ] {
        for (name, expected) in [("any", any), ("all", all), ("max", any), ("min", all)] {
            for cuts in [&[][..], &[1], &[0, 1, 1, 2]] {
                let got =
                    run(name, &[Given::Column(array(values.clone()))], cuts, &threads(1), Settings::default()).unwrap();
                assert_eq!(got.as_boolean().iter().next().unwrap(), expected, "{name} {values:?}");
            }
        }
    }
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    for name in ["sum", "mean", "var_pop", "skew", "median", "any", "product", "approx_median"] {
        let error = run(name, &[Given::Column(text.clone())], &[], &threads(1), Settings::default()).unwrap_err();
        assert!(error.message().starts_with("cannot take string; takes "), "{error}");
    }
    let number: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let q = Given::Literal(Arc::new(Float64Array::from(vec![2.0])));
    let error =
        run("approx_quantile", &[Given::Column(number.clone()), q], &[], &threads(1), Settings::default()).unwrap_err();
    assert_eq!(error.message(), "q must be from 0 to 1, not 2");
    let error = run("var", &[Given::Column(number), literal(-1)], &[], &threads(1), Settings::default()).unwrap_err();
    assert_eq!(error.message(), "ddof must be an integer that is not negative");
}
