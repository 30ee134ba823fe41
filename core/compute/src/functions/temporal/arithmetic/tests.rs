#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use arrow_array::{Array, Date32Array, Int64Array};
use arrow_cast::cast;
use chrono::{Days, Months};
use proptest::prelude::*;

use super::*;

const UNITS: [TimeUnit; 4] = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];

fn ticks(data_type: &DataType, values: Vec<Option<i64>>) -> Value {
    let plain = Int64Array::from(values);
    let array = from_ticks(plain.values().to_vec(), data_type, plain.nulls().cloned()).unwrap().unwrap();
    Value::Array(array)
}

fn one(data_type: &DataType, value: i64) -> Value {
    Value::Scalar(ticks(data_type, vec![Some(value)]).inner().clone())
}

fn interval(months: i32, days: i32, nanoseconds: i64) -> Value {
    let value = IntervalMonthDayNano { months, days, nanoseconds };
    Value::Scalar(Arc::new(IntervalMonthDayNanoArray::from(vec![value])))
}

/// Binds, converts and computes.
fn compute(op: TemporalOp, a: &Value, b: &Value) -> Result<Value> {
    let binding = temporal_binding(op, a.data_type(), b.data_type()).expect("an operation");
    let convert = |v: &Value, to: &DataType| {
        let array = match (v.data_type(), to) {
            (DataType::Timestamp(..), DataType::Timestamp(unit, _)) => {
                let (_, from) = (
                    unit,
                    per_second(match v.data_type() {
                        DataType::Timestamp(u, _) => *u,
                        _ => *unit,
                    }),
                );
                let factor = per_second(*unit) / from;
                let values = Ticks::of(&Value::Array(v.inner().clone())).unwrap();
                let values = (0..v.inner().len()).map(|r| values.get(r) * factor).collect();
                from_ticks(values, to, v.inner().nulls().cloned()).unwrap().unwrap()
            }
            _ => cast(v.inner(), to).unwrap(),
        };
        if matches!(v, Value::Scalar(_)) { Value::Scalar(array) } else { Value::Array(array) }
    };
    let (a, b) = (convert(a, &binding.arguments[0]), convert(b, &binding.arguments[1]));
    let result = temporal_arithmetic(op, &a, &b, &binding.result)?;
    assert_eq!(*result.data_type(), binding.result);
    Ok(result)
}

fn integers(value: &Value) -> Vec<Option<i64>> {
    let ticks = Ticks::of(&Value::Array(value.inner().clone())).unwrap();
    (0..value.inner().len()).map(|r| value.inner().is_valid(r).then(|| ticks.get(r))).collect()
}

fn timestamp(unit: TimeUnit, zone: Option<&str>) -> DataType {
    DataType::Timestamp(unit, zone.map(Into::into))
}

#[test]
fn dates_move_by_days_durations_and_intervals() {
    let date = ticks(&DataType::Date32, vec![Some(0), None, Some(59)]);
    let days = Value::Scalar(Arc::new(Int64Array::from(vec![2])));
    assert_eq!(integers(&compute(TemporalOp::Add, &days, &date).unwrap()), [Some(2), None, Some(61)]);
    assert_eq!(integers(&compute(TemporalOp::Sub, &date, &days).unwrap()), [Some(-2), None, Some(57)]);
    for unit in UNITS {
        let duration = one(&DataType::Duration(unit), 2 * DAY * per_second(unit));
        assert_eq!(integers(&compute(TemporalOp::Sub, &date, &duration).unwrap()), [Some(-2), None, Some(57)]);
        assert_eq!(integers(&compute(TemporalOp::Add, &duration, &date).unwrap()), [Some(2), None, Some(61)]);
    }
    let month = interval(1, 0, 0);
    assert_eq!(integers(&compute(TemporalOp::Add, &date, &month).unwrap()), [Some(31), None, Some(90 - 1 + 1)]);
    let wide = ticks(&DataType::Date64, vec![Some(30 * DAY * 1_000 + 5)]);
    assert_eq!(integers(&compute(TemporalOp::Add, &wide, &month).unwrap()), [Some(58 * DAY * 1_000 + 5)]);
    assert_eq!(integers(&compute(TemporalOp::Sub, &date, &date).unwrap()), [Some(0), None, Some(0)]);
    let hours = compute(TemporalOp::Add, &date, &interval(0, 0, 3_600_000_000_000)).unwrap_err();
    assert!(hours.message().starts_with("1970-01-01 + 1 hours is too fine for date32"), "{hours}");
}

#[test]
fn differences_are_durations() {
    let date = Value::Array(Arc::new(Date32Array::from(vec![1])));
    let result = compute(TemporalOp::Sub, &date, &one(&DataType::Date32, 3)).unwrap();
    assert_eq!((result.data_type(), integers(&result)), (&DataType::Duration(TimeUnit::Second), vec![Some(-2 * DAY)]));
    let result = compute(TemporalOp::Sub, &date, &one(&timestamp(TimeUnit::Millisecond, None), 5)).unwrap();
    assert_eq!(integers(&result), [Some(DAY * 1_000 - 5)]);
    let berlin = one(&timestamp(TimeUnit::Second, Some("Europe/Berlin")), 7);
    let result = compute(TemporalOp::Sub, &berlin, &one(&timestamp(TimeUnit::Nanosecond, Some("UTC")), 1)).unwrap();
    assert_eq!(integers(&result), [Some(6_999_999_999)]);
    let naive = timestamp(TimeUnit::Second, None);
    assert_eq!(temporal_binding(TemporalOp::Sub, berlin.data_type(), &naive), None);
    assert_eq!(temporal_binding(TemporalOp::Add, &naive, &naive), None);
    let result = compute(
        TemporalOp::Sub,
        &one(&DataType::Time32(TimeUnit::Second), 5),
        &one(&DataType::Time64(TimeUnit::Microsecond), 1),
    )
    .unwrap();
    assert_eq!(integers(&result), [Some(4_999_999)]);
}

#[test]
fn zoned_days_have_23_to_25_hours() {
    let zoned = timestamp(TimeUnit::Microsecond, Some("Europe/Berlin"));
    // 2024-03-30T12:00+01:00, the day before the clocks move forward.
    let noon = 1_711_796_400_000_000;
    let value = ticks(&zoned, vec![Some(noon)]);
    let moved = compute(TemporalOp::Add, &value, &interval(0, 1, 0)).unwrap();
    assert_eq!(integers(&moved), [Some(noon + 23 * 3_600 * 1_000_000)]);
    let moved = compute(TemporalOp::Add, &value, &interval(0, 0, DAY * 1_000_000_000)).unwrap();
    assert_eq!(integers(&moved), [Some(noon + DAY * 1_000_000)]);
    let moved = compute(TemporalOp::Add, &value, &interval(1, 0, 1_000)).unwrap();
    assert_eq!(integers(&moved), [Some(noon + (31 * DAY - 3_600) * 1_000_000 + 1)]);
    let fine = compute(TemporalOp::Add, &value, &interval(0, 0, 1)).unwrap_err();
    assert!(fine.message().contains("too fine for timestamp(us, Europe/Berlin)"), "{fine}");
}

#[test]
fn times_go_on_from_midnight() {
    let time = ticks(&DataType::Time64(TimeUnit::Nanosecond), vec![Some(DAY * 1_000_000_000 - 1), None]);
    assert_eq!(integers(&compute(TemporalOp::Add, &time, &interval(3, 4, 2)).unwrap()), [Some(1), None]);
    let second = one(&DataType::Duration(TimeUnit::Second), -1);
    assert_eq!(
        integers(&compute(TemporalOp::Add, &second, &time).unwrap()),
        [Some(DAY * 1_000_000_000 - 1_000_000_001), None]
    );
    let coarse = ticks(&DataType::Time32(TimeUnit::Second), vec![Some(0)]);
    assert_eq!(
        integers(&compute(TemporalOp::Sub, &coarse, &one(&DataType::Duration(TimeUnit::Millisecond), 1_000)).unwrap()),
        [Some(DAY - 1)]
    );
    assert!(compute(TemporalOp::Sub, &coarse, &one(&DataType::Duration(TimeUnit::Millisecond), 1)).is_err());
}

#[test]
fn intervals_and_durations() {
    let sum = compute(TemporalOp::Sub, &interval(1, 2, 3), &one(&DataType::Duration(TimeUnit::Second), 1)).unwrap();
    let expected = IntervalMonthDayNano { months: 1, days: 2, nanoseconds: 3 - 1_000_000_000 };
    assert_eq!(sum.inner().as_primitive::<IntervalMonthDayNanoType>().value(0), expected);
    let three = Value::Scalar(Arc::new(Int64Array::from(vec![-3])));
    let product = compute(TemporalOp::Mul, &three, &interval(1, 2, 3)).unwrap();
    let expected = IntervalMonthDayNano { months: -3, days: -6, nanoseconds: -9 };
    assert_eq!(product.inner().as_primitive::<IntervalMonthDayNanoType>().value(0), expected);
    assert!(compute(TemporalOp::Mul, &three, &interval(i32::MAX, 0, 0)).is_err());
    let (day, hour) =
        (one(&DataType::Duration(TimeUnit::Second), DAY), one(&DataType::Duration(TimeUnit::Millisecond), 3_600_000));
    let ratio = compute(TemporalOp::Div, &day, &hour).unwrap();
    assert_eq!(ratio.inner().as_primitive::<Float64Type>().value(0), 24.0);
}

#[test]
fn limits_are_errors_but_not_under_nulls() {
    for unit in UNITS {
        for zone in [None, Some("UTC"), Some("America/New_York")] {
            let data_type = timestamp(unit, zone);
            for (value, step) in [(i64::MAX, 1), (i64::MIN, -1), (i64::MAX, i32::MAX), (i64::MIN, i32::MIN)] {
                let full = ticks(&data_type, vec![Some(value)]);
                for span in
                    [interval(step, 0, 0), interval(0, step, 0), interval(0, 0, i64::from(step) * 1_000_000_000)]
                {
                    let error = compute(TemporalOp::Add, &full, &span).unwrap_err();
                    assert_eq!(error.code(), pf_base::Code::Arithmetic, "{error}");
                    assert!(error.message().contains("overflows timestamp"), "{error}");
                }
            }
            let nulls = from_ticks(vec![i64::MAX], &data_type, Some(vec![false].into())).unwrap().unwrap();
            let nulls = Value::Array(nulls);
            assert_eq!(integers(&compute(TemporalOp::Add, &nulls, &interval(0, 1, 0)).unwrap()), [None]);
            assert_eq!(
                integers(&compute(TemporalOp::Add, &nulls, &one(&DataType::Duration(unit), 1)).unwrap()),
                [None]
            );
        }
    }
    let date = ticks(&DataType::Date32, vec![Some(i32::MAX.into())]);
    let error = compute(TemporalOp::Add, &date, &interval(0, 1, 0)).unwrap_err();
    assert!(error.message().contains("overflows date32"), "{error}");
    assert!(compute(TemporalOp::Sub, &date, &interval(0, 0, i64::MIN)).is_err());
    let null = Value::Scalar(arrow_array::new_null_array(&INTERVAL, 1));
    assert!(compute(TemporalOp::Add, &date, &null).unwrap().is_null_scalar());
}

proptest! {
    #[test]
    fn naive_calendar_arithmetic_is_chronos(
        rows in prop::collection::vec((prop::option::of(-50_000_000_000_i64..50_000_000_000), -5_000_i32..5_000, -100_000_i32..100_000), 1..30),
        unit in 0..3_usize,
        negate: bool,
    ) {
        let unit = UNITS[unit];
        let per = per_second(unit);
        let value = ticks(&timestamp(unit, None), rows.iter().map(|r| r.0.map(|v| v * per + 1 % per)).collect());
        let spans = rows.iter().map(|r| IntervalMonthDayNano { months: r.1, days: r.2, nanoseconds: 5_000_000_000 });
        let spans = Value::Array(Arc::new(IntervalMonthDayNanoArray::from_iter_values(spans)));
        let op = if negate { TemporalOp::Sub } else { TemporalOp::Add };
        let got = integers(&compute(op, &value, &spans).unwrap());
        let sign = if negate { -1 } else { 1 };
        for (row, got) in rows.iter().zip(got) {
            let expected = row.0.map(|seconds| {
                let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
                let (months, days) = (sign * row.1, sign * row.2);
                let distance = Months::new(months.unsigned_abs());
                let at = if months < 0 { at - distance } else { at + distance };
                let distance = Days::new(days.unsigned_abs().into());
                let at = if days < 0 { at - distance } else { at + distance };
                (at.and_utc().timestamp() + i64::from(sign) * 5) * per + 1 % per
            });
            prop_assert_eq!(got, expected);
        }
    }

    #[test]
    fn nothing_panics(a: i64, b: i64, months: i32, days: i32, nanoseconds: i64, kind in 0..14_usize) {
        let types: Vec<DataType> = [DataType::Date64, DataType::Int64].into_iter()
            .chain(UNITS.map(DataType::Duration))
            .chain(UNITS.map(|u| timestamp(u, Some("Australia/Lord_Howe"))))
            .chain(UNITS.map(|u| timestamp(u, None)))
            .collect();
        let value = ticks(&types[kind], vec![Some(a), None]);
        let others = types.iter().map(|t| one(t, b)).chain([interval(months, days, nanoseconds), interval(0, 0, nanoseconds)]);
        for other in others {
            for op in [TemporalOp::Add, TemporalOp::Sub, TemporalOp::Mul, TemporalOp::Div] {
                if let Some(binding) = temporal_binding(op, value.data_type(), other.data_type())
                    && binding.arguments[0] == *value.data_type() && binding.arguments[1] == *other.data_type()
                {
                    let _ = temporal_arithmetic(op, &value, &other, &binding.result);
                }
            }
        }
    }
}
