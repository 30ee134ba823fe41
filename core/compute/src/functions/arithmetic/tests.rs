#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, Date32Array, Decimal128Array, DurationMillisecondArray, Float64Array,
    Int64Array, IntervalMonthDayNanoArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow_buffer::{IntervalMonthDayNano, i256};
use arrow_schema::{DataType, TimeUnit};
use half::f16;
use num_traits::{AsPrimitive, Bounded, ToPrimitive};
use pf_base::Code;
use proptest::prelude::*;

use crate::arithmetic::{Op, floats, integers};
use crate::simd::{Level, Side};
use crate::testing::{Given, at, call, column, forms, on_overflow, rows_of};
use crate::{Overflow, Settings};

const MODES: [Overflow; 3] = [Overflow::Error, Overflow::Null, Overflow::Wrap];
const NAMES: [&str; 6] = ["add", "sub", "mul", "floor_div", "mod", "floor_mod"];

/// What an operation gives on whole numbers: none for a division by zero.
fn exact(name: &str, a: i128, b: i128) -> Option<i128> {
    Some(match name {
        "add" => a + b,
        "sub" => a - b,
        // Of uint64 beyond i128: the low bits are right, and the result is in no type.
        "mul" => a.wrapping_mul(b),
        _ if b == 0 => return None,
        "floor_div" => (a / b) - i128::from(a % b != 0 && (a < 0) != (b < 0)),
        "mod" => a % b,
        "floor_mod" => ((a % b) + b) % b,
        other => panic!("{other}"),
    })
}

fn integer_rows<T: ArrowPrimitiveType>(seeds: &[(u8, u64, bool)]) -> Vec<(T::Native, bool)>
where
    T::Native: Bounded + ToPrimitive,
    u64: AsPrimitive<T::Native>,
    i64: AsPrimitive<T::Native>,
{
    let of = |seed: &(u8, u64, bool)| match seed.0 % 12 {
        0 => T::Native::min_value(),
        1 => T::Native::max_value(),
        2 | 3 => 0_i64.as_(),
        4 => (-1_i64).as_(),
        5 => 1_i64.as_(),
        6..=9 => ((seed.1 % 23) as i64 - 11).as_(),
        _ => seed.1.as_(),
    };
    seeds.iter().map(|s| (of(s), s.2)).collect()
}

fn integers_agree<T: ArrowPrimitiveType>(left: &[(u8, u64, bool)], right: &[(u8, u64, bool)], offset: usize)
where
    T::Native: Bounded + ToPrimitive,
    u64: AsPrimitive<T::Native>,
    i64: AsPrimitive<T::Native>,
    i128: AsPrimitive<T::Native>,
{
    let (a, b) = (column::<T>(&integer_rows::<T>(left), offset), column::<T>(&integer_rows::<T>(right), offset / 2));
    let wide = |array: &ArrayRef| -> Vec<Option<i128>> {
        rows_of::<T>(array).iter().map(|v| v.map(|v| v.to_i128().unwrap())).collect()
    };
    let (x, y) = (wide(&a), wide(&b));
    let holds =
        |v: i128| v >= T::Native::min_value().to_i128().unwrap() && v <= T::Native::max_value().to_i128().unwrap();
    for (name, mode) in NAMES.iter().flat_map(|n| MODES.map(|m| (*n, m))) {
        for (l, r) in forms(&a, &b) {
            let mut first = None;
            let expected: Vec<Option<i128>> = (0..x.len())
                .map(|i| {
                    let (p, q) = (at(&l, &x, i)?, at(&r, &y, i)?);
                    let result = exact(name, p, q);
                    match result {
                        Some(v) if holds(v) => Some(v),
                        Some(v) if mode == Overflow::Wrap => AsPrimitive::<T::Native>::as_(v).to_i128(),
                        _ => {
                            first = first.or(Some(if result.is_some() { "overflows" } else { "divides by zero" }));
                            None
                        }
                    }
                })
                .collect();
            let found = call(name, &[l.clone(), r.clone()], x.len(), on_overflow(mode));
            match first.filter(|_| mode == Overflow::Error) {
                Some(text) => {
                    let error = found.unwrap_err();
                    assert_eq!(error.code(), Code::Arithmetic);
                    assert!(error.message().contains(text), "{error} {text}");
                }
                None => assert_eq!(wide(&found.unwrap()), expected, "{name} {mode:?} {l:?} {r:?}"),
            }
        }
    }
    // True division.
    for mode in MODES {
        for (l, r) in forms(&a, &b) {
            let rows: Vec<_> = (0..x.len()).map(|i| at(&l, &x, i).zip(at(&r, &y, i))).collect();
            let zero = rows.iter().flatten().any(|(_, q)| *q == 0);
            let expected: Vec<Option<f64>> =
                rows.iter().map(|row| row.filter(|r| r.1 != 0).map(|(p, q)| p as f64 / q as f64)).collect();
            let found = call("div", &[l, r], x.len(), on_overflow(mode));
            if zero && mode == Overflow::Error {
                assert!(found.unwrap_err().message().contains("divides by zero"));
            } else {
                assert_eq!(rows_of::<Float64Type>(&found.unwrap()), expected);
            }
        }
    }
    // Negatives, of the types that keep their own.
    if T::DATA_TYPE.is_signed_integer() {
        for mode in MODES {
            let expected: Vec<Option<i128>> = x
                .iter()
                .map(|v| match v.map(|v| -v) {
                    Some(v) if !holds(v) && mode == Overflow::Wrap => AsPrimitive::<T::Native>::as_(v).to_i128(),
                    v => v.filter(|v| holds(*v)),
                })
                .collect();
            let found = call("neg", &[Given::Column(a.clone())], x.len(), on_overflow(mode));
            match found {
                Ok(found) => assert_eq!(wide(&found), expected),
                Err(error) => {
                    assert!(mode == Overflow::Error && x.iter().flatten().any(|v| !holds(-v)), "{error}");
                }
            }
        }
    }
}

fn seeds() -> impl Strategy<Value = Vec<(u8, u64, bool)>> {
    proptest::collection::vec((any::<u8>(), any::<u64>(), proptest::bool::weighted(0.8)), 0..150)
}

/// Mostly harmless values, so that runs without errors are common too.
fn mild() -> impl Strategy<Value = Vec<(u8, u64, bool)>> {
    proptest::collection::vec((5_u8..10, any::<u64>(), proptest::bool::weighted(0.9)), 0..150)
}

fn float_of(seed: &(u8, u64, bool)) -> f64 {
    match seed.0 % 16 {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        3 => -0.0,
        4 => 0.0,
        5 => f64::MAX,
        6 => f64::MIN_POSITIVE / 8.0,
        7 => f64::from_bits(seed.1),
        _ => (seed.1 % 2001) as f64 / 8.0 - 125.0,
    }
}

fn float_reference(name: &str, a: f64, b: f64) -> f64 {
    match name {
        "add" => a + b,
        "sub" => a - b,
        "mul" => a * b,
        "div" => a / b,
        "floor_div" => (a / b).floor(),
        "mod" => a % b,
        _ => {
            let r = a % b;
            match r == 0.0 {
                true => 0.0_f64.copysign(b),
                false if (r < 0.0) != (b < 0.0) => r + b,
                false => r,
            }
        }
    }
}

fn bits(v: Option<f64>) -> Option<u64> {
    v.map(|v| if v.is_nan() { f64::NAN.to_bits() } else { v.to_bits() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn integers_are_exact(a in seeds(), b in seeds(), c in mild(), offset in 0_usize..70) {
        for (a, b) in [(&a, &b), (&a, &c), (&c, &c), (&c, &b)] {
            let rows = a.len().min(b.len());
            let (a, b) = (&a[..rows], &b[..rows]);
            integers_agree::<Int8Type>(a, b, offset);
            integers_agree::<Int16Type>(a, b, offset);
            integers_agree::<Int32Type>(a, b, offset);
            integers_agree::<Int64Type>(a, b, offset);
            integers_agree::<UInt8Type>(a, b, offset);
            integers_agree::<UInt16Type>(a, b, offset);
            integers_agree::<UInt32Type>(a, b, offset);
            integers_agree::<UInt64Type>(a, b, offset);
        }
    }

    #[test]
    fn floats_are_those_of_the_machine(a in seeds(), b in seeds(), offset in 0_usize..70) {
        let rows = a.len().min(b.len());
        let of = |s: &[(u8, u64, bool)]| s[..rows].iter().map(|s| (float_of(s), s.2)).collect::<Vec<_>>();
        let (x, y) = (of(&a), of(&b));
        let wide = (column::<Float64Type>(&x, offset), column::<Float64Type>(&y, 3));
        let single = |v: &[(f64, bool)]| v.iter().map(|v| (v.0 as f32, v.1)).collect::<Vec<_>>();
        let narrow = (column::<Float32Type>(&single(&x), offset), column::<Float32Type>(&single(&y), 3));
        let half = |v: &[(f64, bool)]| v.iter().map(|v| (f16::from_f64(v.0), v.1)).collect::<Vec<_>>();
        let half = (column::<Float16Type>(&half(&x), offset), column::<Float16Type>(&half(&y), 3));
        for name in ["add", "sub", "mul", "div", "floor_div", "mod", "floor_mod"] {
            for (l, r) in forms(&wide.0, &wide.1) {
                let (p, q) = (rows_of::<Float64Type>(&wide.0), rows_of::<Float64Type>(&wide.1));
                let expected: Vec<_> = (0..rows)
                    .map(|i| bits(at(&l, &p, i).zip(at(&r, &q, i)).map(|(p, q)| float_reference(name, p, q))))
                    .collect();
                let found = call(name, &[l, r], rows, Settings::default()).unwrap();
                let found: Vec<_> = rows_of::<Float64Type>(&found).into_iter().map(bits).collect();
                prop_assert_eq!(found, expected, "{}", name);
            }
            // float32 rounds the float64 result once more, which is the same for + - * /.
            if ["add", "sub", "mul", "div"].contains(&name) {
                for (l, r) in forms(&narrow.0, &narrow.1) {
                    let (p, q) = (rows_of::<Float32Type>(&narrow.0), rows_of::<Float32Type>(&narrow.1));
                    let expected: Vec<_> = (0..rows)
                        .map(|i| at(&l, &p, i).zip(at(&r, &q, i)))
                        .map(|v| bits(v.map(|(p, q)| f64::from(float_reference(name, p.into(), q.into()) as f32))))
                        .collect();
                    let found = call(name, &[l, r], rows, Settings::default()).unwrap();
                    let found: Vec<_> =
                        rows_of::<Float32Type>(&found).into_iter().map(|v| bits(v.map(f64::from))).collect();
                    prop_assert_eq!(found, expected, "{}", name);
                }
                let found = call(name, &[Given::Column(half.0.clone()), Given::Column(half.1.clone())], rows, Settings::default());
                let (p, q) = (rows_of::<Float16Type>(&half.0), rows_of::<Float16Type>(&half.1));
                let found = rows_of::<Float16Type>(&found.unwrap());
                for i in 0..rows {
                    let expected = p[i].zip(q[i]).map(|(p, q)| f16::from_f32(float_reference(name, p.to_f64(), q.to_f64()) as f32));
                    prop_assert_eq!(bits(found[i].map(f16::to_f64)), bits(expected.map(f16::to_f64)));
                }
            }
        }
    }

    #[test]
    fn all_levels_give_the_same_bits(seeds in seeds(), other in any::<i64>()) {
        let a: Vec<i64> = seeds.iter().map(|s| s.1 as i64 >> (s.0 % 64)).collect();
        let b: Vec<i64> = a.iter().rev().map(|v| v ^ other).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = seeds.iter().map(|s| (float_of(s), float_of(&(s.0 / 3, s.1, true)))).unzip();
        for op in [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::FloorDiv, Op::Mod, Op::FloorMod] {
            let mut of_levels = Vec::new();
            for level in Level::all() {
                let whole = [
                    integers(level, op, Side::Rows(&a), Side::Rows(&b), a.len()),
                    integers(level, op, Side::Rows(&a), Side::One(other), a.len()),
                    integers(level, op, Side::One(other), Side::Rows(&b), a.len()),
                ];
                let narrow = |v: &[i64]| v.iter().map(|v| *v as u32).collect::<Vec<_>>();
                let small = integers(level, op, Side::Rows(&narrow(&a)), Side::Rows(&narrow(&b)), a.len());
                let real = floats(level, op, Side::Rows(&x), Side::Rows(&y), x.len());
                let real: Vec<_> = real.iter().map(|v| bits(Some(*v))).collect();
                of_levels.push((whole, small, real));
            }
            prop_assert!(of_levels.windows(2).all(|w| w[0] == w[1]), "{:?}", op);
        }
    }

    #[test]
    fn decimals_are_exact(
        rows in proptest::collection::vec((any::<i64>(), any::<i64>(), 0_u32..60, any::<bool>()), 1..40),
        s1 in 0_i8..6,
        s2 in 0_i8..6,
    ) {
        let x: Vec<(i128, bool)> = rows.iter().map(|r| (i128::from(r.0 >> r.2), true)).collect();
        let y: Vec<(i128, bool)> = rows.iter().map(|r| (i128::from(r.1 >> r.2), r.3)).collect();
        let array = |rows: &[(i128, bool)], s: i8| -> ArrayRef {
            let array = column::<Decimal128Type>(rows, 5);
            Arc::new(array.as_primitive::<Decimal128Type>().clone().with_precision_and_scale(20, s).unwrap())
        };
        let (a, b) = (array(&x, s1), array(&y, s2));
        let ten = |n: i8| i256::from_i128(10_i128.pow(n as u32));
        let most = s1.max(s2);
        for name in ["add", "sub", "mul", "div", "floor_div", "mod", "floor_mod"] {
            for (l, r) in forms(&a, &b) {
                let found = call(name, &[l.clone(), r.clone()], rows.len(), on_overflow(Overflow::Null)).unwrap();
                let DataType::Decimal128(_, s) = found.data_type() else { panic!() };
                let (p, q) = (rows_of::<Decimal128Type>(&a), rows_of::<Decimal128Type>(&b));
                for i in 0..rows.len() {
                    let expected = at(&l, &p, i).zip(at(&r, &q, i)).and_then(|(p, q)| {
                        let (wide_p, wide_q) = (i256::from_i128(p) * ten(most - s1), i256::from_i128(q) * ten(most - s2));
                        let result = match name {
                            "add" => wide_p + wide_q,
                            "sub" => wide_p - wide_q,
                            "mul" => i256::from_i128(p) * i256::from_i128(q),
                            _ if q == 0 => return None,
                            "div" => {
                                // Twice the quotient, plus or minus one, halved toward zero: rounded half away.
                                let twice = i256::from_i128(2) * wide_p * ten(*s) / wide_q;
                                let one = if (p < 0) == (q < 0) { i256::ONE } else { i256::MINUS_ONE };
                                (twice + one) / i256::from_i128(2)
                            }
                            "floor_div" => {
                                let below = wide_p % wide_q != i256::ZERO && (p < 0) != (q < 0);
                                wide_p / wide_q - if below { i256::ONE } else { i256::ZERO }
                            }
                            "mod" => wide_p % wide_q,
                            _ => ((wide_p % wide_q) + wide_q) % wide_q,
                        };
                        result.to_i128().filter(|v| v.unsigned_abs() < 10_u128.pow(38))
                    });
                    let found = found.as_primitive::<Decimal128Type>();
                    let value = found.is_valid(i).then(|| found.value(i));
                    prop_assert_eq!(value, expected, "{} {:?} {:?} row {}", name, l, r, i);
                }
            }
        }
    }
}

fn literal(array: impl Array + 'static) -> Given {
    Given::Literal(Arc::new(array))
}

#[test]
fn errors_say_the_operation_and_the_operands() {
    let message = |name: &str, a: Given, b: Given| call(name, &[a, b], 1, Settings::default()).unwrap_err();
    let one = || literal(Int64Array::from(vec![1]));
    let error = message("add", literal(Int64Array::from(vec![i64::MAX])), one());
    assert_eq!(error.message(), "9223372036854775807 + 1 overflows int64");
    let error = message("sub", literal(UInt64Array::from(vec![0])), literal(UInt64Array::from(vec![1])));
    assert_eq!(error.message(), "0 - 1 overflows uint64");
    for name in ["div", "floor_div", "mod", "floor_mod"] {
        let error = message(name, one(), literal(Int64Array::from(vec![0])));
        assert_eq!(error.code(), Code::Arithmetic);
        assert!(error.message().ends_with("divides by zero"), "{error}");
    }
    let decimal = |v: i128| literal(Decimal128Array::from(vec![v]).with_precision_and_scale(38, 2).unwrap());
    let error = message("add", decimal(10_i128.pow(38) - 1), decimal(1));
    assert_eq!(error.message(), "999999999999999999999999999999999999.99 + 0.01 overflows decimal128(38, 2)");
    let error = message("div", decimal(100), decimal(0));
    assert_eq!(error.message(), "1.00 / 0.00 divides by zero");
}

#[test]
fn nulls_are_never_looked_at() {
    let a = column::<Int64Type>(&[(i64::MAX, true), (i64::MAX, false), (5, true)], 1);
    let b = column::<Int64Type>(&[(0, true), (1, true), (0, false)], 0);
    let found = call("add", &[Given::Column(a.clone()), Given::Column(b.clone())], 3, Settings::default()).unwrap();
    assert_eq!(rows_of::<Int64Type>(&found), [Some(i64::MAX), None, None]);
    let found =
        call("floor_div", &[Given::Column(a.slice(1, 2)), Given::Column(b.slice(1, 2))], 2, Settings::default());
    assert_eq!(rows_of::<Int64Type>(&found.unwrap()), [None, None]);
    let null = Given::Literal(arrow_array::new_null_array(&DataType::Null, 1));
    let found = call("div", &[Given::Column(a), null], 3, Settings::default()).unwrap();
    assert_eq!(found.null_count(), 3);
}

#[test]
fn dates_and_times() {
    let date = |d: i32| literal(Date32Array::from(vec![d]));
    let span = |months, days, nanos| {
        literal(IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(months, days, nanos)]))
    };
    let time = |t: i64| literal(TimestampMicrosecondArray::from(vec![t]));
    let run = |name: &str, a: Given, b: Given| call(name, &[a, b], 1, Settings::default());
    // 31 January 2024 and a month.
    assert_eq!(rows_of::<Date32Type>(&run("add", date(19753), span(1, 0, 0)).unwrap()), [Some(19782)]);
    assert_eq!(rows_of::<Date32Type>(&run("add", span(0, 2, 0), date(10)).unwrap()), [Some(12)]);
    let found = run("sub", date(10), date(8)).unwrap();
    assert_eq!(*found.data_type(), DataType::Duration(TimeUnit::Second));
    assert_eq!(rows_of::<DurationSecondType>(&found), [Some(2 * 86_400)]);
    let found = run("add", date(1), literal(DurationMillisecondArray::from(vec![86_400_000]))).unwrap();
    assert_eq!(rows_of::<Date32Type>(&found), [Some(2)]);
    let found = run("sub", time(5_000), literal(DurationMillisecondArray::from(vec![2]))).unwrap();
    assert_eq!(rows_of::<TimestampMicrosecondType>(&found), [Some(3_000)]);
    assert_eq!(rows_of::<DurationMicrosecondType>(&run("sub", time(7), time(9)).unwrap()), [Some(-2)]);
    assert_eq!(rows_of::<TimestampMicrosecondType>(&run("add", time(1), span(0, 0, 2_000)).unwrap()), [Some(3)]);
    let long = || literal(DurationMillisecondArray::from(vec![7]));
    let found = run("mul", long(), literal(Int64Array::from(vec![3]))).unwrap();
    assert_eq!(rows_of::<DurationMillisecondType>(&found), [Some(21)]);
    let found = run("mul", literal(Int64Array::from(vec![3])), span(1, 2, 3)).unwrap();
    assert_eq!(rows_of::<IntervalMonthDayNanoType>(&found), [Some(IntervalMonthDayNano::new(3, 6, 9))]);
    let found = run("div", long(), literal(DurationMillisecondArray::from(vec![2]))).unwrap();
    assert_eq!(rows_of::<Float64Type>(&found), [Some(3.5)]);
    let error = run("add", time(i64::MAX), literal(DurationMillisecondArray::from(vec![1]))).unwrap_err();
    assert_eq!(error.code(), Code::Arithmetic);
    let error = run("add", date(1), date(2)).unwrap_err();
    assert!(error.message().starts_with("cannot take date32 and date32; takes numbers, date/timestamp"), "{error}");
    let settings = on_overflow(Overflow::Null);
    let found = call("add", &[date(1), span(i32::MAX, 0, 0)], 1, settings);
    assert_eq!(found.unwrap().null_count(), 1);
}

#[test]
fn negatives_of_unsigned() {
    let found = call("neg", &[literal(UInt64Array::from(vec![1 << 63]))], 1, Settings::default()).unwrap();
    assert_eq!(rows_of::<Int64Type>(&found), [Some(i64::MIN)]);
    let error = call("neg", &[literal(UInt64Array::from(vec![(1 << 63) + 1]))], 1, Settings::default()).unwrap_err();
    assert_eq!(error.message(), "-(9223372036854775809) overflows int64");
    let found = call("neg", &[literal(Float64Array::from(vec![0.0]))], 1, Settings::default()).unwrap();
    assert!(found.as_primitive::<Float64Type>().value(0).is_sign_negative());
}
