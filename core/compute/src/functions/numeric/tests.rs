#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{Array, ArrayRef, Decimal128Array, Float32Array, Float64Array, Int8Array, Int64Array, UInt8Array};
use arrow_schema::DataType;
use half::f16;
use pf_base::Code;
use proptest::prelude::*;

use crate::testing::{Given, call, column, on_overflow, rows_of};
use crate::{Overflow, Settings};

fn literal(array: impl Array + 'static) -> Given {
    Given::Literal(Arc::new(array))
}

fn digits(n: i64) -> Given {
    literal(Int64Array::from(vec![n]))
}

fn float_of(seed: &(u8, u64, bool)) -> f64 {
    match seed.0 % 14 {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        3 => -0.0,
        4 => 0.0,
        5 => f64::from_bits(seed.1),
        6 => -1.0,
        7 => 0.5 + (seed.1 % 9) as f64,
        8 => -0.5 - (seed.1 % 9) as f64,
        _ => (seed.1 % 2001) as f64 / 64.0 - 15.0,
    }
}

fn bits(v: Option<f64>) -> Option<u64> {
    v.map(|v| if v.is_nan() { f64::NAN.to_bits() } else { v.to_bits() })
}

fn sign_of(x: f64) -> f64 {
    if x.is_nan() || x == 0.0 { x } else { x.signum() }
}

/// A function, and what it does to one float.
type Reference = (&'static str, fn(f64) -> f64);

const FLOATS: [Reference; 20] = [
    ("abs", f64::abs),
    ("sign", sign_of),
    ("floor", f64::floor),
    ("ceil", f64::ceil),
    ("trunc", f64::trunc),
    ("sqrt", f64::sqrt),
    ("cbrt", f64::cbrt),
    ("exp", f64::exp),
    ("ln", f64::ln),
    ("log10", f64::log10),
    ("log2", f64::log2),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("asin", f64::asin),
    ("acos", f64::acos),
    ("atan", f64::atan),
    ("radians", f64::to_radians),
    ("degrees", f64::to_degrees),
    ("neg", |x| -x),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn floats(
        seeds in proptest::collection::vec((any::<u8>(), any::<u64>(), proptest::bool::weighted(0.85)), 0..150),
        offset in 0_usize..70,
    ) {
        let x: Vec<(f64, bool)> = seeds.iter().map(|s| (float_of(s), s.2)).collect();
        let rows = x.len();
        let wide = Given::Column(column::<Float64Type>(&x, offset));
        let single: Vec<(f32, bool)> = x.iter().map(|x| (x.0 as f32, x.1)).collect();
        let narrow = Given::Column(column::<Float32Type>(&single, offset));
        let half: Vec<(f16, bool)> = x.iter().map(|x| (f16::from_f64(x.0), x.1)).collect();
        let half = Given::Column(column::<Float16Type>(&half, offset));
        for (name, f) in FLOATS {
            let found = call(name, std::slice::from_ref(&wide), rows, Settings::default()).unwrap();
            let found: Vec<_> = rows_of::<Float64Type>(&found).into_iter().map(bits).collect();
            let expected: Vec<_> = x.iter().map(|x| bits(x.1.then(|| f(x.0)))).collect();
            prop_assert_eq!(found, expected, "{}", name);
            // Narrower ones are near, and null in the same rows.
            let found = call(name, std::slice::from_ref(&narrow), rows, Settings::default()).unwrap();
            for (x, found) in single.iter().zip(rows_of::<Float32Type>(&found)) {
                let expected = x.1.then(|| f(f64::from(x.0)));
                prop_assert_eq!(found.is_some(), expected.is_some());
                if let (Some(found), Some(expected)) = (found.map(f64::from), expected) {
                    let close = (found - expected).abs() <= 1e-5 * expected.abs() + 1e-30 || name == "tan";
                    let beyond = expected.abs() > f64::from(f32::MAX) && found.is_infinite();
                    prop_assert!(close || beyond || found == expected || (found.is_nan() && expected.is_nan()), "{name} {x:?} {found} {expected}");
                }
            }
            let found = call(name, std::slice::from_ref(&half), rows, Settings::default()).unwrap();
            prop_assert_eq!(found.data_type(), &DataType::Float16);
        }
        for (name, f) in [("is_nan", f64::is_nan as fn(f64) -> bool), ("is_finite", f64::is_finite), ("is_infinite", f64::is_infinite)] {
            let found = call(name, std::slice::from_ref(&wide), rows, Settings::default()).unwrap();
            let found: Vec<_> = found.as_boolean().iter().collect();
            prop_assert_eq!(found, x.iter().map(|x| x.1.then(|| f(x.0))).collect::<Vec<_>>());
        }
        // Rounded twice is rounded once, half away from zero, and never further off than half a digit.
        for n in [-320, -2, -1, 0, 1, 2, 5, 17, 400] {
            let found = call("round", &[wide.clone(), digits(n)], rows, Settings::default()).unwrap();
            let again = call("round", &[Given::Column(found.clone()), digits(n)], rows, Settings::default()).unwrap();
            let step = 10_f64.powi(-(n as i32));
            for ((x, found), again) in x.iter().zip(rows_of::<Float64Type>(&found)).zip(rows_of::<Float64Type>(&again)) {
                prop_assert_eq!(found.is_some(), x.1);
                let Some(found) = found else { continue };
                if x.0.is_finite() {
                    let off = (found - x.0).abs();
                    prop_assert!(off <= step * 0.5000001 + x.0.abs() * 1e-15, "round({}, {n}) = {found}", x.0);
                    prop_assert!(n < -300 || (again.unwrap() - found).abs() <= found.abs() * 1e-15);
                } else {
                    prop_assert_eq!(bits(Some(found)), bits(Some(x.0)));
                }
                prop_assert_eq!(found.is_sign_negative(), x.0.is_sign_negative());
            }
        }
        // Of two floats.
        let y: Vec<(f64, bool)> = x.iter().rev().copied().collect();
        let other = Given::Column(column::<Float64Type>(&y, 3));
        for (name, f) in [("power", f64::powf as fn(f64, f64) -> f64), ("atan2", f64::atan2)] {
            let found = call(name, &[wide.clone(), other.clone()], rows, Settings::default()).unwrap();
            let found: Vec<_> = rows_of::<Float64Type>(&found).into_iter().map(bits).collect();
            let expected: Vec<_> = x.iter().zip(&y).map(|(x, y)| bits((x.1 && y.1).then(|| f(x.0, y.0)))).collect();
            prop_assert_eq!(found, expected);
        }
        // Bins are those that a search by hand finds.
        let edges = [-3.0, 0.0, 0.5, 7.0];
        let mut given = vec![wide.clone()];
        given.extend(edges.map(|e| literal(Float64Array::from(vec![e]))));
        let found = call("cut", &given, rows, Settings::default()).unwrap();
        let expected: Vec<Option<i64>> = x.iter()
            .map(|x| (0..3).find(|i| x.1 && edges[*i] < x.0 && x.0 <= edges[i + 1]).map(|i| i as i64))
            .collect();
        prop_assert_eq!(rows_of::<Int64Type>(&found), expected);
        let bounds = |low: f64, high: f64| [wide.clone(), literal(Float64Array::from(vec![low])), literal(Float64Array::from(vec![high])), digits(4)];
        let up = rows_of::<Int64Type>(&call("width_bucket", &bounds(-8.0, 8.0), rows, Settings::default()).unwrap());
        let down = rows_of::<Int64Type>(&call("width_bucket", &bounds(8.0, -8.0), rows, Settings::default()).unwrap());
        for (i, x) in x.iter().enumerate() {
            let expected = (x.1 && !x.0.is_nan()).then(|| match x.0 {
                v if v < -8.0 => 0,
                v if v >= 8.0 => 5,
                v => ((v + 8.0) / 4.0).floor() as i64 + 1,
            });
            prop_assert_eq!(up[i], expected);
            let expected = (x.1 && !x.0.is_nan()).then(|| match x.0 {
                v if v > 8.0 => 0,
                v if v <= -8.0 => 5,
                v => ((8.0 - v) / 4.0).floor() as i64 + 1,
            });
            prop_assert_eq!(down[i], expected);
        }
    }

    #[test]
    fn integers(
        x in proptest::collection::vec((any::<i64>(), 0_u32..63, any::<bool>()), 1..100),
        offset in 0_usize..70,
    ) {
        let x: Vec<(i64, bool)> = x.iter().map(|x| (x.0 >> x.1, x.2)).collect();
        let column = Given::Column(column::<Int64Type>(&x, offset));
        let rows = x.len();
        for n in [-40, -19, -18, -3, -1, 0, 4] {
            let found = call("round", &[column.clone(), digits(n)], rows, on_overflow(Overflow::Null)).unwrap();
            let expected: Vec<Option<i64>> = x.iter().map(|x| {
                let step = 10_i128.pow((-n).clamp(0, 30) as u32);
                let v = i128::from(x.0);
                let away = (v.abs() + step / 2) / step * step * v.signum();
                if x.1 { i64::try_from(away).ok() } else { None }
            }).collect();
            prop_assert_eq!(rows_of::<Int64Type>(&found), expected, "{}", n);
        }
        for (name, f) in [("abs", i64::abs as fn(i64) -> i64), ("sign", i64::signum), ("floor", |x| x), ("ceil", |x| x), ("trunc", |x| x)] {
            if x.iter().all(|x| x.0 != i64::MIN) {
                let found = call(name, std::slice::from_ref(&column), rows, Settings::default()).unwrap();
                prop_assert_eq!(rows_of::<Int64Type>(&found), x.iter().map(|x| x.1.then(|| f(x.0))).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn decimals(
        x in proptest::collection::vec((any::<i64>(), 0_u32..63, any::<bool>()), 1..60),
        scale in 0_i8..8,
        n in -6_i64..9,
    ) {
        let x: Vec<(i128, bool)> = x.iter().map(|x| ((x.0 >> x.1).into(), x.2)).collect();
        let rows = x.len();
        let array = column::<Decimal128Type>(&x, 3);
        let array = array.as_primitive::<Decimal128Type>().clone().with_precision_and_scale(22, scale).unwrap();
        let given = Given::Column(Arc::new(array) as ArrayRef);
        // The value of a row in units of 10^-s of the result.
        let in_units = |found: &ArrayRef| {
            let DataType::Decimal128(_, s) = found.data_type() else { panic!() };
            let s = *s;
            (rows_of::<Decimal128Type>(found), s)
        };
        let kept = n.min(scale.into());
        let step = 10_i128.pow((i64::from(scale) - kept) as u32);
        let (found, s) = in_units(&call("round", &[given.clone(), digits(n)], rows, Settings::default()).unwrap());
        prop_assert_eq!(i64::from(s), kept.max(0));
        for (x, found) in x.iter().zip(found) {
            let away = (x.0.abs() + step / 2) / step * x.0.signum();
            let expected = away * 10_i128.pow((-kept).max(0) as u32);
            prop_assert_eq!(found, x.1.then_some(expected), "round({}, {}) at scale {}", x.0, n, scale);
        }
        let one = 10_i128.pow(scale as u32);
        let whole: [(&str, fn(i128, i128) -> i128); 3] = [
            ("floor", |v, one| v.div_euclid(one)),
            ("ceil", |v, one| -((-v).div_euclid(one))),
            ("trunc", |v, one| v / one),
        ];
        for (name, f) in whole {
            let (found, s) = in_units(&call(name, std::slice::from_ref(&given), rows, Settings::default()).unwrap());
            prop_assert_eq!(s, 0);
            prop_assert_eq!(found, x.iter().map(|x| x.1.then(|| f(x.0, one))).collect::<Vec<_>>(), "{}", name);
        }
        let (found, _) = in_units(&call("abs", std::slice::from_ref(&given), rows, Settings::default()).unwrap());
        prop_assert_eq!(found, x.iter().map(|x| x.1.then(|| x.0.abs())).collect::<Vec<_>>());
        let found = call("sign", std::slice::from_ref(&given), rows, Settings::default()).unwrap();
        prop_assert_eq!(found.data_type(), &DataType::Decimal128(1, 0));
        prop_assert_eq!(in_units(&found).0, x.iter().map(|x| x.1.then(|| x.0.signum())).collect::<Vec<_>>());
    }
}

#[test]
fn the_least_integer_has_no_magnitude() {
    let least = || literal(Int8Array::from(vec![i8::MIN]));
    let error = call("abs", &[least()], 1, Settings::default()).unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Arithmetic, "abs(-128) overflows int8"));
    assert_eq!(call("abs", &[least()], 1, on_overflow(Overflow::Null)).unwrap().null_count(), 1);
    let wrapped = call("abs", &[least()], 1, on_overflow(Overflow::Wrap)).unwrap();
    assert_eq!(rows_of::<Int8Type>(&wrapped), [Some(i8::MIN)]);
    let error = call("round", &[literal(Int8Array::from(vec![127])), digits(-1)], 1, Settings::default()).unwrap_err();
    assert_eq!(error.message(), "round(127) overflows int8");
    let found = call("sign", &[literal(UInt8Array::from(vec![7]))], 1, Settings::default()).unwrap();
    assert_eq!(rows_of::<UInt8Type>(&found), [Some(1)]);
}

#[test]
fn halves_go_away_from_zero() {
    let x = Float32Array::from(vec![2.5, -2.5, 0.5, -0.5, 0.499_999_97, f32::NAN]);
    let found = call("round", &[Given::Column(Arc::new(x)), digits(0)], 6, Settings::default()).unwrap();
    let found = found.as_primitive::<Float32Type>().values().to_vec();
    assert_eq!(found[..5], [3.0, -3.0, 1.0, -1.0, 0.0]);
    assert!(found[5].is_nan());
    let decimal = Decimal128Array::from(vec![995, -995, 994]).with_precision_and_scale(3, 1).unwrap();
    let found = call("round", &[Given::Column(Arc::new(decimal)), digits(0)], 3, Settings::default()).unwrap();
    assert_eq!(rows_of::<Decimal128Type>(&found), [Some(100), Some(-100), Some(99)]);
    assert_eq!(*found.data_type(), DataType::Decimal128(3, 0));
}

#[test]
fn bad_literals_are_refused() {
    let number = |v: f64| literal(Float64Array::from(vec![v]));
    let code = |name: &str, given: &[Given]| call(name, given, 1, Settings::default()).unwrap_err().code();
    assert_eq!(code("cut", &[number(1.0), number(1.0), number(1.0)]), Code::InvalidArgument);
    assert_eq!(code("cut", &[number(1.0), number(1.0)]), Code::InvalidArgument);
    assert_eq!(code("cut", &[number(1.0), number(f64::NAN), number(1.0)]), Code::InvalidArgument);
    assert_eq!(code("width_bucket", &[number(1.0), number(1.0), number(1.0), digits(1)]), Code::InvalidArgument);
    assert_eq!(code("width_bucket", &[number(1.0), number(1.0), number(2.0), digits(0)]), Code::InvalidArgument);
    assert_eq!(code("sqrt", &[literal(arrow_array::StringArray::from(vec!["1"]))]), Code::Type);
    let null = Given::Literal(arrow_array::new_null_array(&DataType::Null, 1));
    assert_eq!(call("round", &[number(1.5), null.clone()], 1, Settings::default()).unwrap().null_count(), 1);
    for name in ["abs", "sqrt", "is_nan", "floor", "sign"] {
        assert_eq!(call(name, std::slice::from_ref(&null), 1, Settings::default()).unwrap().null_count(), 1, "{name}");
    }
}
