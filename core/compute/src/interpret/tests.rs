//! Both evaluators on arbitrary expressions and columns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::{
    Decimal128Array, Float64Array, IntervalMonthDayNanoArray, NullArray, TimestampMicrosecondArray,
    TimestampNanosecondArray,
};
use arrow_buffer::IntervalMonthDayNano;
use arrow_schema::{Field, Schema};
use pf_base::Context;
use proptest::collection::vec;
use proptest::prelude::*;

use super::decimal::Decimal;
use super::*;
use crate::{Overflow, check, evaluate, parse};

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn evaluation_is_the_interpretation_of_every_row(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(agree(&bytes).err(), None);
    }
}

#[test]
fn most_cases_are_compared() {
    // A generator of Marsaglia's: the bytes are the same in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut count = [0; 3];
    for _ in 0..2_000 {
        let input: Vec<u8> = (0..64).flat_map(|_| bytes()).collect();
        count[agree(&input).unwrap() as usize] += 1;
    }
    let [refused, unknown, same] = count;
    println!("{same} compared, {refused} refused, {unknown} not interpreted");
    assert!(same >= 1_700 && unknown <= 80, "{same} compared, {refused} refused, {unknown} not interpreted");
}

/// The value of the only row of columns `a` and `b`.
fn of_one_row(text: &str, a: ArrayRef, b: ArrayRef, overflow: Overflow) -> Cell {
    let fields = [("a", &a), ("b", &b)].map(|(name, array)| Field::new(name, array.data_type().clone(), true));
    let settings = Settings { overflow, ..Settings::default() };
    let typed = check(&parse(text).unwrap(), &Schema::new(fields.to_vec()), settings).unwrap();
    let got = evaluate(&typed, &[a, b], 1, settings, &Context::default()).unwrap();
    Cell::read(&got, 0).unwrap()
}

#[test]
fn what_the_comparison_found() {
    let last = |zone: &str| Arc::new(TimestampNanosecondArray::from(vec![i64::MAX]).with_timezone(zone)) as ArrayRef;
    let first = Arc::new(TimestampMicrosecondArray::from(vec![i64::MIN]).with_timezone("UTC")) as ArrayRef;
    let none = || Arc::new(NullArray::new(1)) as ArrayRef;
    let value = |text: &str, a: &ArrayRef| of_one_row(text, a.clone(), none(), Overflow::Error);
    // A local time may lie beyond the type where what is asked of it does not.
    assert_eq!(value("CAST(a AS date32)", &first), Cell::Int(-106_751_992));
    assert_eq!(value("CAST(a AS time64(us))", &first), Cell::Int(71_945_224_192));
    let east = last("+05:30");
    assert_eq!(value("CAST(a AS timestamp(ms))", &east), Cell::Int(9_223_391_836_854));
    assert_eq!(value("CAST(a AS utf8)", &east), Cell::Text("2262-04-12T05:17:16.854775807+05:30".to_owned()));
    assert_eq!(value("date_trunc('year', a)", &east), Cell::Int(9_214_626_600_000_000_000));
    assert_eq!(value("extract('hour', a)", &east), Cell::Int(5));
    assert_eq!(value("extract('day', a)", &east), Cell::Int(12));
    // Parts of an interval that do not fit alone fit together.
    let longest: ArrayRef = Arc::new(IntervalMonthDayNanoArray::from(vec![IntervalMonthDayNano::new(0, 0, i64::MIN)]));
    let least: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![i64::MIN]));
    assert_eq!(of_one_row("a - b", least, longest.clone(), Overflow::Error), Cell::Int(0));
    // An overflow that is to be null is no error.
    for overflow in [Overflow::Null, Overflow::Wrap] {
        assert_eq!(of_one_row("-a", longest.clone(), none(), overflow), Cell::Null);
    }
    // Arguments that do not fit with the scale of the other.
    let decimal = |digits: i128, scale: i8| -> ArrayRef {
        Arc::new(Decimal128Array::from(vec![digits]).with_precision_and_scale(38, scale).unwrap())
    };
    let (a, b) = (decimal(5 * 10_i128.pow(37), 0), decimal(10_i128.pow(38) - 1, 10));
    let quotient = of_one_row("a // b", a, b, Overflow::Error);
    assert_eq!(quotient, Cell::Decimal(Decimal { digits: 5_000_000_000_i64.into(), scale: 0 }));
    // Floats without digits after the point are rounded as whole numbers.
    for x in [-8_379_370_275_069_469_315_i64 as f64, -5.882323486943146e146] {
        assert_eq!(value("round(a, -2)", &(Arc::new(Float64Array::from(vec![x])) as ArrayRef)), Cell::Float(x));
    }
    for (x, digits, want) in [(9.96e40, -40, 1e41), (4e40, -41, 0.0), (6e40, -41, 1e41), (150.0, -2, 200.0)] {
        let found = value(&format!("round(a, {digits})"), &(Arc::new(Float64Array::from(vec![x])) as ArrayRef));
        assert_eq!(found, Cell::Float(want), "{x}");
    }
}
