use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::*;
use arrow_schema::DataType;
use pf_base::{Code, Context, Result};
use proptest::prelude::*;

use crate::{Argument, Call, Implementation, Overflow, Settings, functions};

/// A column, then literals.
pub(super) fn call(
    name: &str,
    column: &ArrayRef,
    literals: &[ArrayRef],
    settings: Settings,
    threads: usize,
) -> Result<ArrayRef> {
    call_by(name, column, literals, None, settings, threads)
}

/// The same with a column in the end.
pub(super) fn call_by(
    name: &str,
    column: &ArrayRef,
    literals: &[ArrayRef],
    by: Option<&ArrayRef>,
    settings: Settings,
    threads: usize,
) -> Result<ArrayRef> {
    let function = functions::all().find(|f| f.name == name).unwrap();
    let fact = |array: &ArrayRef, constant: bool| Argument {
        data_type: array.data_type().clone(),
        constant: constant.then(|| Arc::clone(array)),
        adapts: false,
    };
    let mut columns = vec![Arc::clone(column)];
    let mut arguments = vec![fact(column, false)];
    for literal in literals {
        columns.push(Arc::clone(literal));
        arguments.push(fact(literal, true));
    }
    if let Some(by) = by {
        columns.push(Arc::clone(by));
        arguments.push(fact(by, false));
    }
    let binding = (function.bind)(&arguments, settings)?;
    for ((argument, column), to) in arguments.iter_mut().zip(&mut columns).zip(&binding.arguments) {
        *column = arrow_cast::cast(column, to).unwrap();
        argument.data_type = to.clone();
        if argument.constant.is_some() {
            argument.constant = Some(Arc::clone(column));
        }
    }
    let call = Call { arguments: &arguments, result: &binding.result, settings };
    let Implementation::Window(make) = function.implementation else { panic!("{name}") };
    let result = make(&call)?(&columns, &Context::default().with_threads(threads))?;
    assert_eq!((result.data_type(), result.len()), (&binding.result, column.len()));
    result.to_data().validate_full().unwrap();
    Ok(result)
}

pub(super) fn int(value: i64) -> ArrayRef {
    Arc::new(Int64Array::from(vec![value]))
}

pub(super) fn ints(array: &ArrayRef) -> Vec<Option<i64>> {
    array.as_primitive::<Int64Type>().iter().collect()
}

pub(super) fn floats(array: &ArrayRef) -> Vec<Option<f64>> {
    array.as_primitive::<Float64Type>().iter().collect()
}

fn on(overflow: Overflow) -> Settings {
    Settings { overflow, ..Settings::default() }
}

#[test]
fn sums_and_products_at_their_limits() {
    let column: ArrayRef = Arc::new(Int64Array::from(vec![Some(i64::MAX), None, Some(1), Some(-1), Some(i64::MIN)]));
    let run = |name, overflow| call(name, &column, &[], on(overflow), 1);
    let e = run("cum_sum", Overflow::Error).unwrap_err();
    assert_eq!(
        (e.code(), e.message()),
        (Code::Arithmetic, "cum_sum: the sum 9223372036854775808 in row 2 overflows int64")
    );
    let max = Some(i64::MAX);
    assert_eq!(ints(&run("cum_sum", Overflow::Null).unwrap()), [max, None, None, max, Some(-1)]);
    assert_eq!(ints(&run("cum_sum", Overflow::Wrap).unwrap()), [max, None, Some(i64::MIN), max, Some(-1)]);
    let column: ArrayRef = Arc::new(Int64Array::from(vec![1 << 62, 2, -1, 2, 0, 5]));
    let run = |overflow| call("cum_product", &column, &[], on(overflow), 1);
    assert_eq!(run(Overflow::Error).unwrap_err().code(), Code::Arithmetic);
    let want = [Some(1 << 62), None, Some(i64::MIN), None, Some(0), Some(0)];
    assert_eq!(ints(&run(Overflow::Null).unwrap()), want);
    let decimals = Decimal128Array::from(vec![10i128.pow(38) - 1, -5, 5, 1]).with_precision_and_scale(38, 0).unwrap();
    let decimals: ArrayRef = Arc::new(decimals);
    assert_eq!(call("cum_sum", &decimals, &[], Settings::default(), 1).unwrap_err().code(), Code::Arithmetic);
    let sums = call("cum_sum", &decimals, &[], on(Overflow::Null), 1).unwrap();
    assert_eq!((sums.null_count(), sums.is_null(3)), (1, true));
}

#[test]
fn running_floats() {
    let column: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::INFINITY, 2.0, f64::NEG_INFINITY, 1.0]));
    let sums = floats(&call("cum_sum", &column, &[], Settings::default(), 2).unwrap());
    assert!(sums[..3] == [Some(1.0), Some(f64::INFINITY), Some(f64::INFINITY)] && sums[4].unwrap().is_nan());
    let column: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN, 2.0, f64::NAN, 1.0, 3.0]));
    let least = floats(&call("cum_min", &column, &[], Settings::default(), 2).unwrap());
    assert!(least[0].unwrap().is_nan() && least[1..] == [Some(2.0), Some(2.0), Some(1.0), Some(1.0)]);
    // Many small numbers after a large one, as exactly as integers.
    let many: Vec<f64> = (0..300_000).map(|i| if i == 0 { 1e9 } else { 0.1 }).collect();
    let column: ArrayRef = Arc::new(Float64Array::from(many));
    let one = call("cum_sum", &column, &[], Settings::default(), 1).unwrap();
    assert!((floats(&one)[299_999].unwrap() - (1e9 + 29_999.9)).abs() < 3e-7);
    for threads in [2, 7] {
        assert_eq!(&call("cum_sum", &column, &[], Settings::default(), threads).unwrap(), &one);
    }
}

#[test]
fn pieces_make_no_difference() {
    let column = Int64Array::from_iter((0..200_000i64).map(|i| (i % 11 != 3).then_some((i * 7919) % 1001 - 500)));
    let (mut sum, mut low, mut high, mut count) = (0, i64::MAX, i64::MIN, 0);
    let mut want: [Vec<Option<i64>>; 4] = Default::default();
    for value in &column {
        if let Some(v) = value {
            (sum, low, high, count) = (sum + v, low.min(v), high.max(v), count + 1);
        }
        want[0].push(value.map(|_| sum));
        want[1].push(value.map(|_| low));
        want[2].push(value.map(|_| high));
        want[3].push(Some(count));
    }
    let column: ArrayRef = Arc::new(column);
    for threads in [1, 2, 7] {
        for (name, want) in ["cum_sum", "cum_min", "cum_max", "cum_count"].into_iter().zip(&want) {
            assert!(ints(&call(name, &column, &[], Settings::default(), threads).unwrap()) == *want, "{name}");
        }
    }
}

#[test]
fn every_shift_of_every_type() {
    let numbers = vec![Some(1), None, Some(3), Some(-4), Some(5)];
    let column: ArrayRef = Arc::new(Int64Array::from(numbers.clone()));
    let dictionary = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Int64));
    let types = [
        DataType::Int8,
        DataType::Float32,
        DataType::Utf8,
        DataType::Utf8View,
        DataType::Decimal128(9, 0),
        dictionary,
        DataType::Boolean,
    ];
    for n in [0, 1, 2, -1, -3, 5, -5, 6, i64::MAX, i64::MIN] {
        let at = |i: usize| usize::try_from(i as i128 - i128::from(n)).ok().filter(|o| *o < 5);
        let want: Vec<Option<i64>> = (0..5).map(|i| at(i).and_then(|o| numbers[o])).collect();
        for (source, want) in [
            (column.clone(), want.clone()),
            (
                column.slice(2, 3),
                (0..3)
                    .map(|i| {
                        usize::try_from(i as i128 - i128::from(n)).ok().filter(|o| *o < 3).and_then(|o| numbers[o + 2])
                    })
                    .collect(),
            ),
        ] {
            let null = new_null_array(&DataType::Null, 1);
            for t in &types {
                let typed = arrow_cast::cast(&source, t).unwrap();
                let got = call("shift", &typed, &[int(n), null.clone()], Settings::default(), 2).unwrap();
                let want = arrow_cast::cast(&Int64Array::from(want.clone()), got.data_type()).unwrap();
                assert!(got.as_ref() == want.as_ref(), "{t} by {n}");
            }
        }
        let filled: Vec<Option<i64>> = (0..5).map(|i| at(i).map_or(Some(9), |o| numbers[o])).collect();
        assert_eq!(ints(&call("shift", &column, &[int(n), int(9)], Settings::default(), 2).unwrap()), filled);
        let diffs: Vec<Option<i64>> = (0..5).map(|i| Some(numbers[i]? - numbers[at(i)?]?)).collect();
        assert_eq!(ints(&call("diff", &column, &[int(n)], Settings::default(), 2).unwrap()), diffs);
        let changes: Vec<Option<f64>> =
            (0..5).map(|i| Some(numbers[i]? as f64 / numbers[at(i)?]? as f64 - 1.0)).collect();
        assert_eq!(floats(&call("pct_change", &column, &[int(n)], Settings::default(), 2).unwrap()), changes);
    }
}

#[test]
fn differences_of_other_types() {
    let days: ArrayRef = Arc::new(Date32Array::from(vec![10, 12]));
    let got = call("diff", &days, &[int(1)], Settings::default(), 1).unwrap();
    assert_eq!(got.as_ref(), &DurationSecondArray::from(vec![None, Some(2 * 86_400)]));
    let large: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX, 0, 5]));
    assert_eq!(call("diff", &large, &[int(1)], Settings::default(), 1).unwrap_err().code(), Code::Arithmetic);
    assert_eq!(ints(&call("diff", &large, &[int(1)], on(Overflow::Wrap), 1).unwrap()), [None, Some(1), Some(5)]);
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    assert_eq!(call("diff", &text, &[int(1)], Settings::default(), 1).unwrap_err().code(), Code::Type);
}

proptest! {
    #[test]
    fn cumulative_products(values in prop::collection::vec(prop::option::of(-3..4i64), 0..200)) {
        let column: ArrayRef = Arc::new(Int64Array::from(values.clone()));
        let mut product = 1i64;
        let mut wrapped = |v: i64| { product = product.wrapping_mul(v); product };
        let want: Vec<Option<i64>> = values.iter().map(|v| v.map(&mut wrapped)).collect();
        prop_assert_eq!(ints(&call("cum_product", &column, &[], on(Overflow::Wrap), 2).unwrap()), want);
    }
}

/// The rows of a window, by the book.
fn windows(rows: usize, window: usize, center: bool) -> Vec<std::ops::Range<usize>> {
    let ahead = if center { (window - 1) / 2 } else { 0 };
    (0..rows).map(|i| (i + 1 + ahead).saturating_sub(window).min(rows)..(i + 1 + ahead).min(rows)).collect()
}

const ROLLING: [&str; 8] = ["sum", "mean", "min", "max", "count", "var", "std", "median"];

/// The results over windows, value by value.
fn naive(
    what: &str,
    values: &[Option<f64>],
    windows: &[std::ops::Range<usize>],
    min_periods: usize,
) -> Vec<Option<f64>> {
    let of = |window: &std::ops::Range<usize>| {
        let all: Vec<f64> = values[window.clone()].iter().flatten().copied().collect();
        let n = all.len() as f64;
        if all.len() < min_periods {
            return None;
        }
        let sum: f64 = all.iter().sum();
        let mean = sum / n;
        let var = all.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
        let best = |better: fn(f64, f64) -> bool| {
            all.iter().copied().reduce(|a, b| if a.is_nan() || better(b, a) { b } else { a })
        };
        let median = || {
            if all.iter().any(|v| v.is_nan()) {
                return f64::NAN;
            }
            let mut sorted = all.clone();
            sorted.sort_by(f64::total_cmp);
            let (low, high) = (sorted[(all.len() - 1) / 2], sorted[all.len() / 2]);
            if low == high { low } else { (low + high) / 2.0 }
        };
        match what {
            "count" => Some(n),
            _ if all.is_empty() => None,
            "sum" => Some(sum),
            "mean" => Some(mean),
            "min" => best(|b, a| b < a),
            "max" => best(|b, a| b > a),
            "var" | "std" if all.len() < 2 => None,
            "var" => Some(var),
            "std" => Some(var.sqrt()),
            _ => Some(median()),
        }
    };
    windows.iter().map(of).collect()
}

fn close(a: &[Option<f64>], b: &[Option<f64>], context: &str) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let same = match (a, b) {
            (Some(a), Some(b)) => {
                a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
            }
            (a, b) => a.is_none() && b.is_none(),
        };
        assert!(same, "{context} row {i}: {a:?} and {b:?}");
    }
}

fn as_floats(array: &ArrayRef) -> Vec<Option<f64>> {
    floats(&arrow_cast::cast(array, &DataType::Float64).unwrap())
}

fn literals(window: ArrayRef, min_periods: Option<i64>, center: bool) -> [ArrayRef; 3] {
    let min_periods: ArrayRef = Arc::new(Int64Array::from(vec![min_periods]));
    [window, min_periods, Arc::new(BooleanArray::from(vec![center]))]
}

fn no_by(rows: usize) -> ArrayRef {
    Arc::new(NullArray::new(rows))
}

fn check_rolling(values: &[Option<f64>], window: usize, min_periods: Option<i64>, center: bool, threads: usize) {
    let column: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
    for what in ROLLING {
        let wanted = min_periods.map_or(if what == "count" { 0 } else { window }, |m| m as usize);
        let want = naive(what, values, &windows(values.len(), window, center), wanted);
        let literals = literals(int(window as i64), min_periods, center);
        let name = format!("rolling_{what}");
        let by = no_by(values.len());
        let got = call_by(&name, &column, &literals, Some(&by), Settings::default(), threads).unwrap();
        close(&as_floats(&got), &want, &format!("{name} {window} {min_periods:?} {center}"));
    }
}

#[test]
fn windows_over_pieces_are_the_same_for_all_threads() {
    let column: ArrayRef = Arc::new(Float64Array::from_iter(
        (0..150_000u64).map(|i| (i % 13 != 5).then(|| ((i * 7919) % 10_007) as f64 / 7.0 - 300.0)),
    ));
    let values = floats(&column);
    check_rolling(&values, 10, Some(1), true, 2);
    for window in [100, 20_000, 1_000_000] {
        for what in ["sum", "var", "max", "mean"] {
            let literals = literals(int(window), Some(1), false);
            let run = |threads| {
                let by = no_by(150_000);
                call_by(&format!("rolling_{what}"), &column, &literals, Some(&by), Settings::default(), threads)
                    .unwrap()
            };
            let one = run(1);
            assert!([2, 7].into_iter().all(|threads| run(threads).as_ref() == one.as_ref()));
            let some = windows(150_000, window as usize, false);
            let rows = [0, 1, 65_535, 65_536, 131_072, 149_999];
            let picked: Vec<_> = rows.iter().map(|r| some[*r].clone()).collect();
            let got: Vec<Option<f64>> = rows.iter().map(|r| floats(&one)[*r]).collect();
            close(&got, &naive(what, &values, &picked, 1), what);
        }
    }
}

#[test]
fn windows_of_time() {
    let times = [0, 0, 1, 5, 5, 9, 20, 20, 21].map(|t| t * 1_000_000);
    let values: Vec<Option<f64>> = [1.0, 2.0, f64::INFINITY, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
        .into_iter()
        .enumerate()
        .map(|(i, v)| (i != 7).then_some(v))
        .collect();
    let column: ArrayRef = Arc::new(Float64Array::from(values.clone()));
    let by: ArrayRef = Arc::new(TimestampMicrosecondArray::from(times.to_vec()));
    for width in [1, 4, 5, 100] {
        let window: ArrayRef = Arc::new(DurationSecondArray::from(vec![width]));
        let ranges: Vec<_> =
            (0..9).map(|i| (0..=i).find(|j| times[*j] > times[i] - width * 1_000_000).unwrap()..i + 1).collect();
        for what in ROLLING {
            let least = usize::from(what != "count");
            let got = call_by(
                &format!("rolling_{what}"),
                &column,
                &literals(window.clone(), None, false),
                Some(&by),
                Settings::default(),
                2,
            );
            close(&as_floats(&got.unwrap()), &naive(what, &values, &ranges, least), what);
        }
    }
    let window: ArrayRef = Arc::new(DurationSecondArray::from(vec![1]));
    let unsorted: ArrayRef = Arc::new(Date32Array::from(vec![1, 2, 3, 2, 5, 6, 7, 8, 9]));
    let e = call_by(
        "rolling_sum",
        &column,
        &literals(window.clone(), None, false),
        Some(&unsorted),
        Settings::default(),
        2,
    );
    assert!(e.unwrap_err().message().contains("row 3 is before row 2"));
    let e = call_by("rolling_sum", &column, &literals(int(3), None, false), Some(&by), Settings::default(), 2);
    assert_eq!(e.unwrap_err().code(), Code::Type);
    let days: ArrayRef = Arc::new(Date32Array::from((0..9).collect::<Vec<_>>()));
    let got = call_by("rolling_count", &column, &literals(window, None, false), Some(&days), Settings::default(), 2);
    assert_eq!(ints(&got.unwrap()), [1, 1, 1, 1, 1, 1, 1, 0, 1].map(Some));
}

#[test]
fn windows_of_other_types() {
    let column: ArrayRef = Arc::new(Int64Array::from(vec![Some(i64::MAX), Some(1), None, Some(-5)]));
    let by = no_by(4);
    let run = |name: &str, column: &ArrayRef, settings| {
        call_by(name, column, &literals(int(2), Some(1), false), Some(&by), settings, 1)
    };
    assert_eq!(run("rolling_sum", &column, Settings::default()).unwrap_err().code(), Code::Arithmetic);
    let sums = run("rolling_sum", &column, on(Overflow::Null)).unwrap();
    assert_eq!(ints(&sums), [Some(i64::MAX), None, Some(1), Some(-5)]);
    assert_eq!(
        ints(&run("rolling_min", &column, Settings::default()).unwrap()),
        [Some(i64::MAX), Some(1), Some(1), Some(-5)]
    );
    let dates: ArrayRef = Arc::new(Date32Array::from(vec![Some(3), Some(1), None, Some(2)]));
    let most = run("rolling_max", &dates, Settings::default()).unwrap();
    assert_eq!(most.as_ref(), &Date32Array::from(vec![3, 3, 1, 2]));
    for (window, min_periods) in [(0, None), (-1, None), (2, Some(3)), (2, Some(-1))] {
        let e = call_by(
            "rolling_sum",
            &column,
            &literals(int(window), min_periods, false),
            Some(&by),
            Settings::default(),
            1,
        );
        assert_eq!(e.unwrap_err().code(), Code::InvalidArgument);
    }
}

fn rank_of(column: &ArrayRef, method: &str, descending: bool, threads: usize) -> Vec<Option<f64>> {
    let literals: [ArrayRef; 2] =
        [Arc::new(StringArray::from(vec![method])), Arc::new(BooleanArray::from(vec![descending]))];
    as_floats(&call("rank", column, &literals, Settings::default(), threads).unwrap())
}

fn naive_rank(values: &[Option<i64>], method: &str, descending: bool) -> Vec<Option<f64>> {
    let before = |a: i64, b: i64| if descending { a > b } else { a < b };
    let all: Vec<i64> = values.iter().flatten().copied().collect();
    let one = |i: usize| {
        let v = values[i]?;
        let less = all.iter().filter(|o| before(**o, v)).count();
        let same = all.iter().filter(|o| **o == v).count();
        let mut smaller: Vec<i64> = all.iter().copied().filter(|o| before(*o, v)).collect();
        smaller.sort_unstable();
        smaller.dedup();
        let earlier = values[..i].iter().filter(|o| **o == Some(v)).count();
        Some(match method {
            "average" => less as f64 + (same as f64 + 1.0) / 2.0,
            "min" => less as f64 + 1.0,
            "max" => (less + same) as f64,
            "dense" => smaller.len() as f64 + 1.0,
            _ => (less + earlier) as f64 + 1.0,
        })
    };
    (0..values.len()).map(one).collect()
}

#[test]
fn ranks_over_pieces() {
    let rows = 150_000;
    for span in [1, 3, 120_000] {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values((0..rows).map(|i| (i * 7919) % span)));
        let values = ints(&column);
        let mut sorted: Vec<i64> = values.iter().flatten().copied().collect();
        sorted.sort_unstable();
        let mut distinct = sorted.clone();
        distinct.dedup();
        let want: Vec<[f64; 4]> = values
            .iter()
            .flatten()
            .map(|v| {
                let (low, high) = (sorted.partition_point(|s| s < v) as f64, sorted.partition_point(|s| s <= v) as f64);
                [(low + 1.0 + high) / 2.0, low + 1.0, high, distinct.partition_point(|s| s <= v) as f64]
            })
            .collect();
        for threads in [1, 2, 7] {
            for (k, method) in ["average", "min", "max", "dense"].into_iter().enumerate() {
                let got = rank_of(&column, method, false, threads);
                assert!(got.iter().zip(&want).all(|(got, want)| *got == Some(want[k])), "{method}");
            }
            let mut ordinal: Vec<i64> =
                rank_of(&column, "ordinal", true, threads).iter().map(|v| v.unwrap() as i64).collect();
            ordinal.sort_unstable();
            assert!(ordinal.into_iter().eq(1..=rows));
        }
    }
    let column: ArrayRef =
        Arc::new(Float64Array::from(vec![Some(f64::NAN), Some(0.0), None, Some(-0.0), Some(-f64::NAN)]));
    assert_eq!(rank_of(&column, "average", false, 1), [Some(3.5), Some(1.5), None, Some(1.5), Some(3.5)]);
}

#[test]
fn bins_as_pandas_cuts_them() {
    let column: ArrayRef =
        Arc::new(Float64Array::from(vec![Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), Some(f64::NAN), Some(5.0)]));
    let cut = |column: &ArrayRef, count| ints(&call("qcut", column, &[int(count)], Settings::default(), 2).unwrap());
    assert_eq!(cut(&column, 2), [Some(0), Some(0), None, Some(0), Some(1), None, Some(1)]);
    assert_eq!(cut(&column, 4), [Some(0), Some(0), None, Some(1), Some(2), None, Some(3)]);
    let same: ArrayRef = Arc::new(Int64Array::from(vec![7, 7, 7, 7, 9]));
    assert_eq!(cut(&same, 4), [0, 0, 0, 0, 0].map(Some));
    assert_eq!(cut(&(Arc::new(Int64Array::from(Vec::<i64>::new())) as ArrayRef), 4), []);
    let e = call("qcut", &same, &[int(0)], Settings::default(), 1).unwrap_err();
    assert_eq!(e.code(), Code::InvalidArgument);
}

fn naive_fill(values: &[Option<i64>], forward: bool, limit: usize) -> Vec<Option<i64>> {
    let one = |i: usize| {
        let near = |d: usize| if forward { i.checked_sub(d) } else { Some(i + d).filter(|j| *j < values.len()) };
        (0..=limit.min(values.len())).filter_map(near).find_map(|j| values[j])
    };
    (0..values.len()).map(one).collect()
}

#[test]
fn fills_over_pieces() {
    let column: ArrayRef = Arc::new(Int64Array::from_iter(
        (0..200_000i64).map(|i| (i % 1000 == 7 || (70_000..70_010).contains(&i)).then_some(i)),
    ));
    let values = ints(&column);
    for (name, forward) in [("forward_fill", true), ("backward_fill", false)] {
        for limit in [1, 20, 100_000] {
            let one = call(name, &column, &[int(limit)], Settings::default(), 1).unwrap();
            // Up to the last few nulls at an end all rows have a value as soon as the limit is large.
            assert!(limit > 20 || ints(&one) == naive_fill(&values, forward, limit as usize));
            for threads in [2, 7] {
                let got = call(name, &column, &[int(limit)], Settings::default(), threads).unwrap();
                assert_eq!(got.as_ref(), one.as_ref());
            }
            let first = ints(&one)[if forward { 69_999 } else { 71_000 }];
            assert!(limit <= 20 || first == Some(if forward { 69_007 } else { 71_007 }));
        }
    }
}

proptest! {
    #[test]
    fn rolling_is_as_by_the_book(
        values in prop::collection::vec(
            prop::option::weighted(0.8, prop_oneof![-100.0..100.0f64, Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), -3.0..3.0f64]),
            0..80,
        ),
        window in 1..90usize,
        least in prop::option::of(0..4i64),
        center: bool,
    ) {
        check_rolling(&values, window, least.map(|l| l.min(window as i64)), center, 1);
    }

    #[test]
    fn ranks_and_fills(values in prop::collection::vec(prop::option::of(-5..5i64), 0..100), limit in prop::option::of(0..6i64), descending: bool) {
        let column: ArrayRef = Arc::new(Int64Array::from(values.clone()));
        for method in ["average", "min", "max", "dense", "ordinal"] {
            prop_assert_eq!(rank_of(&column, method, descending, 2), naive_rank(&values, method, descending));
        }
        let literal: ArrayRef = Arc::new(Int64Array::from(vec![limit]));
        let texts = arrow_cast::cast(&column, &DataType::Utf8View).unwrap();
        for (name, forward) in [("forward_fill", true), ("backward_fill", false)] {
            let want = naive_fill(&values, forward, limit.map_or(usize::MAX, |l| l as usize));
            let got = call(name, &column, std::slice::from_ref(&literal), Settings::default(), 2).unwrap();
            prop_assert_eq!(ints(&got), want.clone());
            let got = call(name, &texts, std::slice::from_ref(&literal), Settings::default(), 2).unwrap();
            prop_assert_eq!(ints(&arrow_cast::cast(&got, &DataType::Int64).unwrap()), want);
        }
    }
}

#[test]
fn examples_are_true() {
    let schema = arrow_schema::Schema::empty();
    let ctx = Context::default();
    let evaluate = |text: &str| {
        let typed = crate::check(&crate::parse(text).unwrap(), &schema, Settings::default()).unwrap();
        crate::evaluate(&typed, &[], 1, Settings::default(), &ctx).unwrap()
    };
    for function in functions::all().filter(|f| f.family == "window" || f.name == "hash") {
        for (text, want) in function.examples {
            let (got, want) = (evaluate(text), evaluate(want));
            let want = arrow_cast::cast(&want, got.data_type()).unwrap();
            assert!(got.as_ref() == want.as_ref(), "{text} gave {got:?}");
        }
    }
}
