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
