#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, IntervalMonthDayNanoArray, StringArray};
use arrow_buffer::IntervalMonthDayNano;
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone, Timelike};
use proptest::prelude::*;

use super::ticks::{Ticks, from_ticks, per_second};
use crate::Value;
use crate::functions::testing::{call, call_constants};

const UNITS: [TimeUnit; 4] = [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];
const ZONES: [Option<&str>; 7] = [
    None,
    Some("UTC"),
    Some("+05:30"),
    Some("Europe/Berlin"),
    Some("America/St_Johns"),
    Some("Australia/Lord_Howe"),
    Some("Pacific/Apia"),
];

fn array(data_type: &DataType, values: &[Option<i64>]) -> ArrayRef {
    let plain = Int64Array::from(values.to_vec());
    from_ticks(plain.values().to_vec(), data_type, plain.nulls().cloned()).unwrap().unwrap()
}

fn column(data_type: &DataType, values: &[Option<i64>]) -> Value {
    // A slice of a longer one.
    let longer: Vec<Option<i64>> = [Some(7), None].iter().chain(values).chain(&[Some(1)]).copied().collect();
    Value::Array(array(data_type, &longer).slice(2, values.len()))
}

fn text(value: &str) -> Value {
    Value::Scalar(Arc::new(StringArray::from(vec![value])))
}

fn absent() -> Value {
    Value::Scalar(arrow_array::new_null_array(&DataType::Null, 1))
}

fn integers(value: &Value) -> Vec<Option<i64>> {
    let ticks = Ticks::of(&Value::Array(value.inner().clone())).unwrap();
    (0..value.inner().len()).map(|r| value.inner().is_valid(r).then(|| ticks.get(r))).collect()
}

fn strings(value: &Value) -> Vec<Option<String>> {
    value.inner().as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect()
}

fn timestamp(unit: TimeUnit, zone: Option<&str>) -> DataType {
    DataType::Timestamp(unit, zone.map(Into::into))
}

/// A local time of a zone by chrono.
fn local(seconds: i64, zone: Option<&str>) -> NaiveDateTime {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap();
    match zone {
        None | Some("UTC") => utc.naive_utc(),
        Some("+05:30") => utc.naive_utc() + chrono::TimeDelta::minutes(330),
        Some(name) => utc.with_timezone(&name.parse::<chrono_tz::Tz>().unwrap()).naive_local(),
    }
}

/// The instant of a local time, as the doc says.
fn instant(time: NaiveDateTime, zone: Option<&str>) -> i64 {
    match zone {
        None | Some("UTC") => time.and_utc().timestamp(),
        Some("+05:30") => time.and_utc().timestamp() - 330 * 60,
        Some(name) => {
            let zone: chrono_tz::Tz = name.parse().unwrap();
            zone.from_local_datetime(&time).earliest().map_or_else(
                || {
                    // As many hours after the last time before the gap as were asked for.
                    let mut before = time;
                    while zone.from_local_datetime(&before).earliest().is_none() {
                        before -= chrono::TimeDelta::minutes(15);
                    }
                    let start = zone.from_local_datetime(&before).latest().unwrap().timestamp();
                    start + (time - before).num_seconds()
                },
                |t| t.timestamp(),
            )
        }
    }
}

fn part(t: NaiveDateTime, sub: i64, unit: &str) -> i64 {
    let year = i64::from(t.year());
    let nanosecond = i64::from(t.second()) * 1_000_000_000 + sub;
    match unit {
        "year" => year,
        "quarter" => i64::from(t.month0() / 3 + 1),
        "month" => t.month().into(),
        "week" => t.iso_week().week().into(),
        "isoyear" => t.iso_week().year().into(),
        "day" => t.day().into(),
        "hour" => t.hour().into(),
        "minute" => t.minute().into(),
        "second" => t.second().into(),
        "millisecond" => nanosecond / 1_000_000,
        "microsecond" => nanosecond / 1_000,
        "nanosecond" => nanosecond,
        "dow" => t.weekday().num_days_from_sunday().into(),
        "isodow" => t.weekday().number_from_monday().into(),
        "doy" => t.ordinal().into(),
        "decade" => (year as f64 / 10.0).floor() as i64,
        "century" => {
            if year > 0 {
                (year + 99) / 100
            } else {
                year / 100 - 1
            }
        }
        "millennium" => {
            if year > 0 {
                (year + 999) / 1000
            } else {
                year / 1000 - 1
            }
        }
        _ => panic!("{unit}"),
    }
}

const PARTS: [&str; 18] = [
    "year",
    "quarter",
    "month",
    "week",
    "isoyear",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
    "dow",
    "isodow",
    "doy",
    "decade",
    "century",
    "millennium",
];

fn start(t: NaiveDateTime, unit: &str) -> NaiveDateTime {
    let date = t.date();
    let at = |h, m, s| date.and_hms_opt(h, m, s).unwrap();
    let first = |year: i32, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let year = t.year();
    match unit {
        "second" => at(t.hour(), t.minute(), t.second()),
        "minute" => at(t.hour(), t.minute(), 0),
        "hour" => at(t.hour(), 0, 0),
        "day" => at(0, 0, 0),
        "week" => at(0, 0, 0) - chrono::TimeDelta::days(t.weekday().num_days_from_monday().into()),
        "month" => first(year, t.month()),
        "quarter" => first(year, t.month0() / 3 * 3 + 1),
        "year" => first(year, 1),
        "decade" => first(year.div_euclid(10) * 10, 1),
        "century" => first((year - 1).div_euclid(100) * 100 + 1, 1),
        "millennium" => first((year - 1).div_euclid(1000) * 1000 + 1, 1),
        _ => panic!("{unit}"),
    }
}

const STARTS: [&str; 11] =
    ["second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century", "millennium"];

fn seconds() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        6 => (-500_000_000_000_i64..500_000_000_000).prop_map(Some),
        6 => (0_i64..2_000_000_000).prop_map(Some),
        // Around the changes of clocks in 2024: every quarter of an hour.
        6 => (0_i64..35_000).prop_map(|q| Some(1_704_067_200 + q * 900)),
        2 => Just(None),
    ]
}

proptest! {
    #[test]
    fn parts_and_starts_are_chronos(
        rows in prop::collection::vec(seconds(), 1..40),
        sub in 0..1_000_000_000_i64,
        unit in 0..4_usize,
        zone in 0..ZONES.len(),
    ) {
        let (unit, zone) = (UNITS[unit], ZONES[zone]);
        let per = per_second(unit);
        let rows: Vec<Option<i64>> = rows.into_iter().map(|s| s.map(|s| if per == 1_000_000_000 { s % 9_000_000_000 } else { s })).collect();
        let sub = sub / (1_000_000_000 / per);
        let ticks: Vec<Option<i64>> = rows.iter().map(|s| s.map(|s| s * per + sub)).collect();
        let value = column(&timestamp(unit, zone), &ticks);
        let nanoseconds = sub * (1_000_000_000 / per);
        for name in PARTS {
            let expected: Vec<_> = rows.iter().map(|s| s.map(|s| part(local(s, zone), nanoseconds, name))).collect();
            let got = call_constants("extract", &[text(name), value.clone()]).unwrap();
            prop_assert_eq!(integers(&got), expected, "{}", name);
        }
        let days: Vec<_> = rows.iter().map(|s| s.map(|s| instant(start(local(s, zone), "day"), None) / 86_400)).collect();
        prop_assert_eq!(integers(&call("to_date", &[value.clone(), absent()]).unwrap()), days.clone());
        // The first century and millennium begin before the nanoseconds that an i64 counts.
        let lengths = if unit == TimeUnit::Nanosecond { &STARTS[..9] } else { &STARTS[..] };
        for &name in lengths {
            let got = integers(&call_constants("date_trunc", &[text(name), value.clone()]).unwrap());
            for (s, got) in rows.iter().zip(got) {
                let Some(s) = *s else {
                    prop_assert_eq!(got, None);
                    continue;
                };
                let got = got.unwrap();
                prop_assert_eq!(got.rem_euclid(per), 0);
                let got = got.div_euclid(per);
                // A local time that comes twice is cut to the one that it lies in, where it is in that very hour.
                let cut = start(local(s, zone), name);
                let expected = instant(cut, zone);
                let same = STARTS[..3].contains(&name) && got <= s && s - got < 3_600 && local(got, zone) == cut;
                prop_assert!(got == expected || same, "{} of {:?} in {:?}: {} is not {}", name, s, zone, got, expected);
            }
        }
        // Dates have the same parts.
        for (date, per_day) in [(DataType::Date32, 1), (DataType::Date64, 86_400_000)] {
            let ticks: Vec<_> = days.iter().map(|d| d.map(|d| d * per_day)).collect();
            let value = column(&date, &ticks);
            for name in PARTS.iter().filter(|n| !["hour", "minute"].contains(n) && !n.ends_with("second")) {
                let expected: Vec<_> = rows.iter().map(|s| s.map(|s| part(local(s, zone), 0, name))).collect();
                prop_assert_eq!(integers(&call_constants("extract", &[text(name), value.clone()]).unwrap()), expected);
            }
            for name in &STARTS {
                let at_day = |s| instant(start(start(local(s, zone), "day"), name), None) / 86_400 * per_day;
                let expected: Vec<_> = rows.iter().map(|s| s.map(at_day)).collect();
                let got = call_constants("date_trunc", &[text(name), value.clone()]).unwrap();
                prop_assert_eq!(got.data_type(), &date);
                prop_assert_eq!(integers(&got), expected);
            }
        }
    }

    #[test]
    fn formats_are_chronos(rows in prop::collection::vec(seconds(), 1..20), zone in 0..ZONES.len()) {
        let zone = ZONES[zone];
        let ticks: Vec<Option<i64>> = rows.iter().map(|s| s.map(|s| s * 1_000_000 + 250_000)).collect();
        let value = column(&timestamp(TimeUnit::Microsecond, zone), &ticks);
        for format in ["%Y-%m-%d %H:%M:%S", "%d.%m.%y %H%%", "%a %b %e %j %Y%.3f", "x%Hé", "%F %T%.f"] {
            let expected: Vec<_> = rows.iter().map(|s| {
                s.map(|s| (local(s, zone) + chrono::TimeDelta::milliseconds(250)).format(format).to_string())
            }).collect();
            prop_assert_eq!(strings(&call_constants("strftime", &[value.clone(), text(format)]).unwrap()), expected);
        }
        // What was written is read again.
        if zone.is_none() {
            let format = "%d/%m/%Y %H:%M:%S%.6f";
            let written = call_constants("strftime", &[value, text(format)]).unwrap();
            let years = rows.iter().flatten().all(|s| (0..=9999).contains(&local(*s, None).year()));
            if years {
                let read = call_constants("to_timestamp", &[written, text(format)]).unwrap();
                prop_assert_eq!(integers(&read), ticks);
            }
        }
    }

    #[test]
    fn local_times_there_and_back(rows in prop::collection::vec(seconds(), 1..30), zone in 1..ZONES.len()) {
        let name = ZONES[zone].unwrap();
        let ticks: Vec<Option<i64>> = rows.iter().map(|s| s.map(|s| s * 1_000 + 5)).collect();
        let naive = column(&timestamp(TimeUnit::Millisecond, None), &ticks);
        let zoned = call_constants("at_time_zone", &[naive, text(name)]).unwrap();
        prop_assert_eq!(zoned.data_type(), &timestamp(TimeUnit::Millisecond, Some(name)));
        let expected: Vec<_> = rows.iter().map(|s| s.map(|s| instant(local(s, None), Some(name)) * 1_000 + 5)).collect();
        prop_assert_eq!(integers(&zoned), expected.clone());
        let back = call_constants("at_time_zone", &[zoned, text(name)]).unwrap();
        let expected: Vec<_> =
            expected.iter().map(|v| v.map(|v| instant(local(v.div_euclid(1_000), Some(name)), None) * 1_000 + 5)).collect();
        prop_assert_eq!(integers(&back), expected);
    }

    #[test]
    fn nothing_panics(a: i64, b: i64, format in "[%a-zA-Z0-9:#.+ ]{0,8}", text_of in "[-+0-9TZ: .e]{0,24}") {
        let mut types: Vec<DataType> = vec![DataType::Date64];
        types.extend(UNITS.map(DataType::Duration));
        types.extend([DataType::Time64(TimeUnit::Microsecond), DataType::Time64(TimeUnit::Nanosecond)]);
        for zone in [None, Some("-12:00"), Some("Asia/Kolkata")] {
            types.extend(UNITS.map(|u| timestamp(u, zone)));
        }
        let limits = [Some(a), Some(b), None, Some(i64::MAX), Some(i64::MIN), Some(0)];
        for data_type in &types {
            for limit in limits {
                let value = column(data_type, &[limit, None]);
                for name in PARTS.iter().chain(&["epoch"]) {
                    let _ = call_constants("extract", &[text(name), value.clone()]);
                }
                for name in STARTS {
                    if let Err(error) = call_constants("date_trunc", &[text(name), value.clone()]) {
                        prop_assert!([pf_base::Code::Arithmetic, pf_base::Code::Type].contains(&error.code()), "{}", error);
                    }
                }
                for other in ["strftime", "at_time_zone"] {
                    let _ = call_constants(other, &[value.clone(), text("Asia/Kolkata")]);
                    let _ = call_constants(other, &[value.clone(), text(&format)]);
                }
            }
        }
        for limit in [i32::MIN, i32::MAX] {
            let value = column(&DataType::Date32, &[Some(limit.into())]);
            for name in STARTS {
                let _ = call_constants("extract", &[text(name), value.clone()]);
                let _ = call_constants("date_trunc", &[text(name), value.clone()]);
            }
            let _ = call_constants("strftime", &[value.clone(), text(&format)]);
        }
        for name in ["to_timestamp", "to_date"] {
            let _ = call_constants(name, &[text(&text_of), text(&format)]);
            let _ = call_constants(name, &[text(&text_of), absent()]);
        }
        let integer = |v: i64| Value::Scalar(Arc::new(Int64Array::from(vec![v])));
        let _ = call("make_date", &[integer(a), integer(b.rem_euclid(14)), integer(a.rem_euclid(33))]);
        let _ = call("to_timestamp", &[integer(a), absent()]);
    }
}

#[test]
fn text_becomes_time() {
    let read = |value: &str, format: Value| call_constants("to_timestamp", &[text(value), format]);
    let at = |value: &str| {
        NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M:%S%.f").unwrap().and_utc().timestamp_micros()
    };
    for (value, format, expected) in [
        ("2024-01-31", None, "2024-01-31 00:00:00"),
        ("2024-01-31T10:20:30.1234567+02:00", None, "2024-01-31 08:20:30.123456"),
        ("31.1.2024", Some("%d.%m.%Y"), "2024-01-31 00:00:00"),
        ("2024", Some("%Y"), "2024-01-01 00:00:00"),
        ("Feb 2024 5 PM", Some("%b %Y %I %p"), "2024-02-01 17:00:00"),
        ("2024 060", Some("%Y %j"), "2024-02-29 00:00:00"),
        ("86400", Some("%s"), "1970-01-02 00:00:00"),
        ("2024-01-31 10:20:30 -0130", Some("%Y-%m-%d %H:%M:%S %z"), "2024-01-31 11:50:30"),
    ] {
        let result = read(value, format.map_or_else(absent, text)).unwrap();
        assert_eq!(integers(&result), [Some(at(expected))], "{value}");
        let zone = format.is_some_and(|f| f.contains("%z") || f == "%s").then_some("UTC");
        assert_eq!(*result.data_type(), timestamp(TimeUnit::Microsecond, zone));
    }
    let message = |value: &str, format: Value| read(value, format).unwrap_err().message().to_owned();
    assert!(message("2024-13-01", absent()).starts_with("cannot read '2024-13-01' as a timestamp"));
    assert!(message("x", text("%Y")).contains("of the format '%Y'"));
    assert!(message("2024", text("%Q")).contains("specifier that is not known"));
    let float = |v: f64| call("to_timestamp", &[Value::Scalar(Arc::new(Float64Array::from(vec![v]))), absent()]);
    assert_eq!(integers(&float(-1.5).unwrap()), [Some(-1_500_000)]);
    for bad in [f64::NAN, f64::INFINITY, 1e18] {
        assert_eq!(float(bad).unwrap_err().code(), pf_base::Code::Arithmetic);
    }
    for layout in [DataType::LargeUtf8, DataType::Utf8View] {
        let dates =
            StringArray::from(vec![Some("1970-01-03"), None, Some("+9999-12-31T23:00-05:00"), Some("-9999-01-01")]);
        let dates = Value::Array(cast(&dates, &layout).unwrap());
        let days = call("to_date", &[dates, absent()]).unwrap();
        assert_eq!(days.inner().as_primitive::<Date32Type>().value(2), 2_932_896);
        assert_eq!(integers(&days)[..2], [Some(2), None]);
    }
}

#[test]
fn spans_and_times_of_day() {
    let extract = |unit: &str, value: &Value| call_constants("extract", &[text(unit), value.clone()]);
    let duration = column(&DataType::Duration(TimeUnit::Millisecond), &[Some(-(90_061_001 + 86_400_000)), None]);
    for (unit, expected) in [
        ("day", -2),
        ("hour", -1),
        ("minute", -1),
        ("second", -1),
        ("millisecond", -1001),
        ("nanosecond", -1_001_000_000),
    ] {
        assert_eq!(integers(&extract(unit, &duration).unwrap()), [Some(expected), None], "{unit}");
    }
    let span = IntervalMonthDayNano { months: 29, days: 40, nanoseconds: 90_061_001_000_000 };
    let interval = Value::Scalar(Arc::new(IntervalMonthDayNanoArray::from(vec![span])));
    for (unit, expected) in
        [("year", 2), ("month", 5), ("quarter", 2), ("day", 40), ("hour", 25), ("minute", 1), ("millisecond", 1001)]
    {
        assert_eq!(integers(&extract(unit, &interval).unwrap()), [Some(expected)], "{unit}");
    }
    let epoch = extract("epoch", &interval).unwrap();
    assert_eq!(epoch.inner().as_primitive::<Float64Type>().value(0), (730.5 + 150.0 + 40.0) * 86_400.0 + 90_061.001);
    let time = column(&DataType::Time32(TimeUnit::Millisecond), &[Some(3_723_004)]);
    for (unit, expected) in [("hour", 1), ("minute", 2), ("second", 3), ("microsecond", 3_004_000)] {
        assert_eq!(integers(&extract(unit, &time).unwrap()), [Some(expected)], "{unit}");
    }
    let cut = call_constants("date_trunc", &[text("minute"), time.clone()]).unwrap();
    assert_eq!((cut.data_type(), integers(&cut)), (time.data_type(), vec![Some(3_720_000)]));
    let cut = call_constants("date_trunc", &[text("hour"), duration]).unwrap();
    assert_eq!(integers(&cut), [Some(-(90_000_000 + 86_400_000)), None]);
    assert_eq!(
        strings(&call_constants("strftime", &[time.clone(), text("%H:%M:%S%.3f")]).unwrap()),
        [Some("01:02:03.004".into())]
    );
    for (unit, value) in [("year", &time), ("day", &time), ("week", &interval)] {
        assert_eq!(extract(unit, value).unwrap_err().code(), pf_base::Code::Type);
    }
    assert!(extract("yaer", &time).unwrap_err().message().contains("unknown unit 'yaer'; expected one of nanosecond"));
    assert!(call_constants("date_trunc", &[text("dow"), time.clone()]).is_err());
    assert!(
        call_constants("strftime", &[time, text("%Y")])
            .unwrap_err()
            .message()
            .contains("asks for what the type has not")
    );
}

#[test]
fn zones_in_formats_and_errors() {
    let summer = column(&timestamp(TimeUnit::Second, Some("Europe/Berlin")), &[Some(1_720_000_000)]);
    assert_eq!(
        strings(&call_constants("strftime", &[summer, text("%H %z %Z")]).unwrap()),
        [Some("11 +0200 CEST".into())]
    );
    let naive = column(&timestamp(TimeUnit::Second, None), &[Some(0)]);
    assert!(call_constants("strftime", &[naive.clone(), text("%z")]).is_err());
    let unknown = call_constants("at_time_zone", &[naive.clone(), text("Mars/Olympus")]).unwrap_err();
    assert!(unknown.message().contains("unknown time zone 'Mars/Olympus'"));
    let lower = call_constants("at_time_zone", &[naive, text("asia/tokyo")]).unwrap();
    assert_eq!(*lower.data_type(), timestamp(TimeUnit::Second, Some("Asia/Tokyo")));
    let integer = |v: i64| Value::Scalar(Arc::new(Int64Array::from(vec![v])));
    let date = |y, m, d| call("make_date", &[integer(y), integer(m), integer(d)]);
    assert_eq!(integers(&date(1970, 3, 1).unwrap()), [Some(59)]);
    assert!(date(2023, 2, 29).unwrap_err().message().contains("no month 2, day 29 in the year 2023"));
    assert_eq!(date(5_999_999, 1, 1).unwrap_err().code(), pf_base::Code::Arithmetic);
    assert_eq!(integers(&date(-9999, 1, 1).unwrap()), [Some(-4_371_587)]);
    let early = column(&DataType::Timestamp(TimeUnit::Nanosecond, None), &[Some(i64::MIN)]);
    let error = call_constants("date_trunc", &[text("year"), early]).unwrap_err();
    assert!(error.message().contains("begins before timestamp(ns)"), "{error}");
}
