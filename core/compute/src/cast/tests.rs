#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use arrow_array::types::*;
use arrow_array::{
    Date64Array, Decimal128Array, Decimal256Array, DictionaryArray, Float64Array, Int8Array, Int64Array, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampSecondArray,
};
use arrow_buffer::{NullBuffer, i256};
use arrow_schema::{IntervalUnit, TimeUnit};
use proptest::prelude::*;

use super::*;

fn tried(array: ArrayRef, to: &DataType) -> ArrayRef {
    cast(&Value::Array(array), to, true).unwrap().inner().clone()
}

fn strict(array: ArrayRef, to: &DataType) -> Result<ArrayRef> {
    Ok(cast(&Value::Array(array), to, false)?.inner().clone())
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// What texts become, each as text, null as "null".
fn read(values: &[&str], to: &DataType) -> Vec<String> {
    shown(&tried(texts(values), to))
}

fn shown(array: &ArrayRef) -> Vec<String> {
    let text = strict(array.clone(), &DataType::Utf8).unwrap();
    text.as_string::<i32>().iter().map(|t| t.unwrap_or("null").to_owned()).collect()
}

const MICRO: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

fn zoned(unit: TimeUnit, zone: &str) -> DataType {
    DataType::Timestamp(unit, Some(zone.into()))
}

#[test]
fn texts_are_read_as_literals_are_with_blanks_around_them() {
    assert_eq!(
        read(&[" 12 ", "+5", "-128", "128", "1.5", "", "x"], &DataType::Int8),
        ["12", "5", "-128", "null", "null", "null", "null"]
    );
    assert_eq!(read(&[" 1.5 ", "-inf", "1e3", "x"], &DataType::Float64), ["1.5", "-inf", "1000.0", "null"]);
    assert_eq!(read(&[" true", "FALSE ", "2"], &DataType::Boolean), ["true", "false", "null"]);
    assert_eq!(read(&[" 2.345 ", "-2.345", "99999"], &DataType::Decimal128(5, 2)), ["2.35", "-2.35", "null"]);
    assert_eq!(
        read(&[" 2020-02-29 ", "2021-02-29", "2020-02-29 23:00:00"], &DataType::Date32),
        ["2020-02-29", "null", "2020-02-29"]
    );
    assert_eq!(read(&["2020-02-29"], &DataType::Date64), ["2020-02-29T00:00:00"]);
    assert_eq!(
        read(&["2020-01-01 12:30:00.25", " 1969-12-31T23:59:59.999999 ", "2020-01-01T00:00:00+02:00"], &MICRO),
        ["2020-01-01T12:30:00.250", "1969-12-31T23:59:59.999999", "2019-12-31T22:00:00"]
    );
    let berlin = zoned(TimeUnit::Second, "Europe/Berlin");
    assert_eq!(
        read(&["2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-01-01 00:00:00Z"], &berlin),
        ["2024-03-31T03:30:00+02:00", "2024-10-27T02:30:00+02:00", "2024-01-01T01:00:00+01:00"]
    );
    assert_eq!(read(&["12:30:15.5", "24:00:00"], &DataType::Time64(TimeUnit::Nanosecond)), ["12:30:15.500", "null"]);
    assert_eq!(read(&["12:30:15.5"], &DataType::Time32(TimeUnit::Second)), ["12:30:15"]);
    let months = tried(texts(&["1 year 2 months", "1 day"]), &DataType::Interval(IntervalUnit::YearMonth));
    assert_eq!(months.as_primitive::<IntervalYearMonthType>().iter().collect::<Vec<_>>(), [Some(14), None]);
    let spans = tried(texts(&["1 day 2 seconds", "1 month"]), &DataType::Duration(TimeUnit::Millisecond));
    assert_eq!(spans.as_primitive::<DurationMillisecondType>().iter().collect::<Vec<_>>(), [Some(86_402_000), None]);
}

#[test]
fn timestamps_with_a_zone_are_shown_in_its_local_time() {
    let instant = || -> ArrayRef {
        // 2024-06-30 22:30 UTC, and a quarter second before 1970.
        let values = TimestampMicrosecondArray::from(vec![Some(1_719_786_600_000_000), Some(-250_000), None]);
        Arc::new(values.with_timezone("Europe/Berlin"))
    };
    assert_eq!(shown(&instant()), ["2024-07-01T00:30:00+02:00", "1970-01-01T00:59:59.750+01:00", "null"]);
    assert_eq!(shown(&tried(instant(), &DataType::Date32)), ["2024-07-01", "1970-01-01", "null"]);
    assert_eq!(shown(&tried(instant(), &DataType::Time32(TimeUnit::Second))), ["00:30:00", "00:59:59", "null"]);
    let naive = DataType::Timestamp(TimeUnit::Second, None);
    assert_eq!(shown(&tried(instant(), &naive)), ["2024-07-01T00:30:00", "1970-01-01T00:59:59", "null"]);
    let utc = tried(instant(), &zoned(TimeUnit::Second, "UTC"));
    assert_eq!(shown(&utc), ["2024-06-30T22:30:00Z", "1969-12-31T23:59:59Z", "null"]);
    let back = tried(tried(instant(), &MICRO), &zoned(TimeUnit::Microsecond, "Europe/Berlin"));
    assert_eq!(back.as_ref(), instant().as_ref());
    let ticks = tried(instant(), &DataType::Int64);
    assert_eq!(ticks.as_primitive::<Int64Type>().value(1), -250_000);
    let day: ArrayRef = tried(texts(&["2024-07-01"]), &DataType::Date32);
    assert_eq!(shown(&tried(day, &zoned(TimeUnit::Second, "Europe/Berlin"))), ["2024-07-01T00:00:00+02:00"]);
}

#[test]
fn coarser_units_are_those_that_have_begun() {
    let before: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![-1, -1_000_000, -1_000_001]));
    let seconds = tried(before.clone(), &DataType::Timestamp(TimeUnit::Second, None));
    assert_eq!(seconds.as_primitive::<TimestampSecondType>().values(), &[-1, -1, -2]);
    assert_eq!(shown(&tried(before, &DataType::Date32)), ["1969-12-31", "1969-12-31", "1969-12-31"]);
    let noon: ArrayRef = Arc::new(Date64Array::from(vec![-43_200_000]));
    assert_eq!(shown(&tried(noon, &DataType::Date32)), ["1969-12-31"]);
    let far: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX]));
    let error = strict(far.clone(), &DataType::Timestamp(TimeUnit::Nanosecond, None)).unwrap_err();
    assert_eq!(error.code(), Code::Arithmetic);
    assert!(tried(far, &MICRO).is_null(0));
}

#[test]
fn errors_name_the_value_and_the_type() {
    let error = |array: ArrayRef, to: &DataType| {
        let e = strict(array, to).unwrap_err();
        (e.code(), e.to_string())
    };
    let big: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(300)]));
    assert_eq!(error(big, &DataType::Int8), (Code::Arithmetic, "300 does not fit int8".to_owned()));
    let nan: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN]));
    assert_eq!(error(nan, &DataType::Int64), (Code::Arithmetic, "NaN does not fit int64".to_owned()));
    let wrong = (Code::InvalidArgument, "'abc' is not a value of int64".to_owned());
    assert_eq!(error(texts(&["1", "abc"]), &DataType::Int64), wrong);
    let coded: DictionaryArray<Int8Type> = [Some("1"), None, Some("abc")].into_iter().collect();
    assert_eq!(error(Arc::new(coded), &DataType::Int64), wrong);
    let views: ArrayRef = Arc::new(StringViewArray::from(vec!["abc"]));
    assert_eq!(error(views, &DataType::Int64), wrong);
    let flag: ArrayRef = Arc::new(arrow_array::BooleanArray::from(vec![true]));
    assert_eq!(error(flag, &DataType::Date32).0, Code::Type);
}

#[test]
fn floats_that_are_too_great_do_not_become_infinite() {
    let wide: ArrayRef = Arc::new(Float64Array::from(vec![1e300, f64::INFINITY, 0.1, -1e39]));
    let narrow = tried(wide.clone(), &DataType::Float32);
    let expected = [None, Some(f32::INFINITY), Some(0.1), None];
    assert_eq!(narrow.as_primitive::<Float32Type>().iter().collect::<Vec<_>>(), expected);
    assert!(strict(wide.slice(0, 1), &DataType::Float32).is_err());
    let integers: ArrayRef = Arc::new(Int64Array::from(vec![65_504, 70_000]));
    let half = tried(integers, &DataType::Float16);
    assert!(half.is_valid(0) && half.is_null(1));
}

#[test]
fn what_stands_under_a_null_does_not_count() {
    let nulls = Some(NullBuffer::from(vec![true, false]));
    let garbage = i256::MAX;
    let array = Decimal256Array::new(vec![i256::from(100), garbage].into(), nulls.clone());
    let array: ArrayRef = Arc::new(array.with_precision_and_scale(30, 2).unwrap());
    let out = strict(array, &DataType::Decimal128(38, 2)).unwrap();
    assert_eq!(out.as_primitive::<Decimal128Type>().iter().collect::<Vec<_>>(), [Some(100), None]);
    let array: ArrayRef = Arc::new(Int64Array::new(vec![1, i64::MAX].into(), nulls.clone()));
    for to in [DataType::Int8, DataType::Decimal128(3, 0), DataType::Date32] {
        assert_eq!(strict(array.clone(), &to).unwrap().null_count(), 1, "{to}");
    }
    let array: ArrayRef = Arc::new(TimestampSecondArray::new(vec![1, i64::MAX].into(), nulls));
    for to in [zoned(TimeUnit::Nanosecond, "Asia/Tokyo"), DataType::Date32, DataType::Utf8] {
        assert_eq!(strict(array.clone(), &to).unwrap().null_count(), 1, "{to}");
    }
}

#[test]
fn every_pair_of_types_converts_or_is_refused() {
    for from in crate::types::tests::every_type() {
        for to in crate::types::tests::every_type() {
            for empty in [arrow_array::new_empty_array(&from), new_null_array(&from, 3)] {
                let result = strict(empty.clone(), &to);
                match result {
                    Ok(array) => {
                        assert!(can_cast(&from, &to), "{from} to {to}");
                        assert_eq!((array.data_type(), array.len()), (&to, empty.len()), "{from} to {to}");
                        assert_eq!(array.logical_null_count(), empty.len(), "{from} to {to}");
                    }
                    Err(e) => assert!(!can_cast(&from, &to), "{from} to {to}: {e}"),
                }
            }
        }
    }
}

/// The integer types by their bounds.
fn bounds(to: &DataType) -> (i128, i128) {
    match to {
        DataType::Int8 => (i8::MIN.into(), i8::MAX.into()),
        DataType::Int16 => (i16::MIN.into(), i16::MAX.into()),
        DataType::Int32 => (i32::MIN.into(), i32::MAX.into()),
        DataType::Int64 => (i64::MIN.into(), i64::MAX.into()),
        DataType::UInt8 => (0, u8::MAX.into()),
        DataType::UInt16 => (0, u16::MAX.into()),
        DataType::UInt32 => (0, u32::MAX.into()),
        _ => (0, u64::MAX.into()),
    }
}

const INTEGERS: [DataType; 8] = [
    DataType::Int8,
    DataType::Int16,
    DataType::Int32,
    DataType::Int64,
    DataType::UInt8,
    DataType::UInt16,
    DataType::UInt32,
    DataType::UInt64,
];

/// Integers as an array that is cut out of a greater one.
fn sliced(values: &[Option<i64>]) -> ArrayRef {
    let padded: Int64Array = [Some(7)].into_iter().chain(values.iter().copied()).chain([None]).collect();
    Arc::new(padded.slice(1, values.len()))
}

fn numbers(array: &ArrayRef) -> Vec<Option<i128>> {
    let wide = cast_with_options(array, &DataType::Decimal128(38, 0), &CastOptions::default()).unwrap();
    wide.as_primitive::<Decimal128Type>().iter().collect()
}

fn any_integer() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        1 => Just(None),
        2 => any::<i64>().prop_map(Some),
        4 => (0_u32..64, any::<i64>()).prop_map(|(shift, v)| Some(v >> shift)),
    ]
}

proptest! {
    #[test]
    fn integers_fit_or_are_null(values in prop::collection::vec(any_integer(), 0..40), to in 0_usize..8) {
        let to = &INTEGERS[to];
        let (least, most) = bounds(to);
        let array = sliced(&values);
        let expected: Vec<Option<i128>> = values
            .iter()
            .map(|v| v.map(i128::from).filter(|v| (least..=most).contains(v)))
            .collect();
        prop_assert_eq!(numbers(&tried(array.clone(), to)), expected.clone());
        let lost = expected.iter().zip(&values).any(|(e, v)| e.is_none() && v.is_some());
        prop_assert_eq!(strict(array, to).is_err(), lost);
    }

    #[test]
    fn floats_lose_their_fraction(values in prop::collection::vec(any::<f64>(), 0..40), to in 0_usize..8, scale in -30_i32..30) {
        let to = &INTEGERS[to];
        let (least, most) = bounds(to);
        let values: Vec<f64> = values.iter().map(|v| if scale % 3 == 0 { *v } else { v.fract() * 2_f64.powi(scale) }).collect();
        let expected: Vec<Option<i128>> = values
            .iter()
            .map(|v| (v.is_finite() && v.abs() < 1e30).then(|| v.trunc() as i128).filter(|v| (least..=most).contains(v)))
            .collect();
        let array: ArrayRef = Arc::new(Float64Array::from(values));
        prop_assert_eq!(numbers(&tried(array, to)), expected);
    }

    #[test]
    fn decimals_round_half_away_from_zero(
        values in prop::collection::vec(prop::option::of(-10_i128.pow(12)..10_i128.pow(12)), 0..40),
        from in 0_i8..9, to in 0_i8..9, precision in 9_u8..20,
    ) {
        let array = Decimal128Array::from(values.clone()).with_precision_and_scale(12, from).unwrap();
        let expected: Vec<Option<i128>> = values
            .iter()
            .map(|v| {
                let up = v.unwrap_or(0) * 10_i128.pow(9 + to as u32);
                let step = 10_i128.pow(9 + from as u32);
                let rounded = (up.abs() * 2 + step) / (2 * step) * up.signum();
                v.map(|_| rounded).filter(|r| r.abs() < 10_i128.pow(precision.into()))
            })
            .collect();
        let out = tried(Arc::new(array), &DataType::Decimal128(precision, to));
        prop_assert_eq!(out.as_primitive::<Decimal128Type>().iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn text_and_back_is_the_same(values in prop::collection::vec(any_integer(), 1..30), wide in any::<bool>()) {
        let array = sliced(&values);
        let text = tried(array.clone(), if wide { &DataType::Utf8View } else { &DataType::LargeUtf8 });
        prop_assert!(*strict(text, &DataType::Int64).unwrap() == *array);
        // Years of four digits: those that text has.
        let near: Vec<Option<i64>> = values.iter().map(|v| v.map(|v| v % 60_000_000_000_000_000)).collect();
        for to in [MICRO, zoned(TimeUnit::Microsecond, "+05:30"), zoned(TimeUnit::Microsecond, "America/New_York")] {
            // Before 1900 clocks were seconds off the minutes that text has.
            let since: Vec<Option<i64>> = near.iter().map(|v| v.map(|v| v % 2_000_000_000_000_000)).collect();
            let times = strict(sliced(&since), &to).unwrap();
            let text = strict(times.clone(), &DataType::Utf8).unwrap();
            prop_assert!(*strict(text, &to).unwrap() == *times, "{times:?}");
        }
        let days = tried(tried(sliced(&near), &MICRO), &DataType::Date32);
        let text = tried(days.clone(), &DataType::Utf8);
        prop_assert!(*strict(text, &DataType::Date32).unwrap() == *days, "{days:?}");
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,12}|[-+0-9:.TZ einf]{0,24}") {
        for to in crate::types::tests::every_type() {
            if can_cast(&DataType::Utf8, &to) {
                tried(texts(&[&text]), &to);
            }
        }
    }
}

#[test]
fn dictionaries_pack_and_unpack() {
    let packed = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Int64));
    let array = tried(Arc::new(Int8Array::from(vec![Some(3), None, Some(3)])), &packed);
    assert_eq!(array.data_type(), &packed);
    assert_eq!(shown(&array), ["3", "null", "3"]);
}
