//! Evaluation on trees that are made by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, NullArray, StringArray,
    StringViewArray, StructArray,
};
use arrow_schema::{DataType, Field};
use pf_base::{Code, Context};

use super::*;
use crate::{Argument, NanPolicy, Position};

/// A column.
pub(crate) fn column(index: usize, data_type: DataType) -> Typed {
    Typed { kind: TypedKind::Column(vec![index]), data_type, nullable: true, at: Position::default() }
}

/// A literal.
pub(crate) fn literal(value: impl Array + 'static) -> Typed {
    let value: ArrayRef = Arc::new(value);
    let data_type = value.data_type().clone();
    Typed { kind: TypedKind::Literal(value), data_type, nullable: true, at: Position::default() }
}

/// A conversion, if it is one.
pub(crate) fn to(value: Typed, data_type: DataType) -> Typed {
    if value.data_type == data_type {
        return value;
    }
    let kind = TypedKind::Cast { value: Box::new(value), try_cast: false };
    Typed { kind, data_type, nullable: true, at: Position::default() }
}

/// A call, with the conversions that the function asks for.
pub(crate) fn call(name: &str, arguments: Vec<Typed>) -> Typed {
    let function = crate::functions::all().find(|f| f.name == name).unwrap_or_else(|| panic!("no function {name}"));
    let facts: Vec<Argument> = arguments.iter().map(argument).collect();
    let binding = (function.bind)(&facts, Settings::default()).unwrap();
    let arguments = arguments.into_iter().zip(binding.arguments).map(|(a, t)| to(a, t)).collect();
    let kind = TypedKind::Call { function, arguments, distinct: false, filter: None };
    Typed { kind, data_type: binding.result, nullable: true, at: Position::default() }
}

fn run(expr: &Typed, columns: &[ArrayRef], threads: usize) -> Result<ArrayRef> {
    let rows = columns.first().map_or(3, |c| c.len());
    let array = evaluate(expr, columns, rows, Settings::default(), &Context::default().with_threads(threads))?;
    array.to_data().validate_full().unwrap();
    assert_eq!((array.len(), array.data_type()), (rows, &expr.data_type));
    Ok(array)
}

fn some(i: usize, n: usize) -> bool {
    i * 2_654_435_761 % 1000 < n
}

#[test]
fn results_of_every_layout_are_put_together() {
    for rows in [0, 1, 63, 64, BLOCK, BLOCK + 1, PIECE, 3 * PIECE + 77] {
        let condition: BooleanArray = (0..rows).map(|i| some(i, 950).then_some(some(i + 7, 500))).collect();
        let ints: Int64Array = (0..rows).map(|i| some(i, 900).then_some(i as i64)).collect();
        let wide: Int64Array = (0..rows).map(|i| Some(-(i as i64))).collect();
        let strings: StringArray = (0..rows).map(|i| some(i, 900).then_some(format!("s{i}"))).collect();
        let views: StringViewArray = (0..rows).map(|i| Some(format!("a longer string {i}"))).collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(condition),
            Arc::new(ints),
            Arc::new(wide),
            Arc::new(strings.clone()),
            Arc::new(strings),
            Arc::new(views),
        ];
        let at = |i: usize| column(i, columns[i].data_type().clone());
        for (x, y) in [(1, 2), (0, 0), (3, 4), (5, 5)] {
            let expr = call("if", vec![at(0), at(x), at(y)]);
            let want = (0..rows).map(|i| {
                let c = columns[0].as_boolean();
                let from = if c.is_valid(i) && c.value(i) { x } else { y };
                (from, i)
            });
            let want: Vec<(usize, usize)> = want.map(|(from, i)| (usize::from(from == y), i)).collect();
            let want =
                arrow_select::interleave::interleave(&[columns[x].as_ref(), columns[y].as_ref()], &want).unwrap();
            for threads in [1, 2, 7] {
                assert_eq!(&run(&expr, &columns, threads).unwrap(), &want, "{rows} rows");
            }
            // The same of columns that begin elsewhere.
            let start = rows / 3;
            let parts: Vec<ArrayRef> = columns.iter().map(|c| c.slice(start, rows - start)).collect();
            assert_eq!(&run(&expr, &parts, 2).unwrap(), &want.slice(start, rows - start));
        }
    }
}

#[test]
fn a_bare_column_is_not_copied_and_a_literal_is_repeated() {
    let ints: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100_000));
    let got = run(&column(0, DataType::Int64), std::slice::from_ref(&ints), 2).unwrap();
    assert!(got.to_data().ptr_eq(&ints.to_data()));
    let got = run(&literal(Int32Array::from(vec![7])), std::slice::from_ref(&ints), 2).unwrap();
    assert!(got.as_primitive::<Int32Type>().values().iter().all(|v| *v == 7));
    let got = run(&literal(Int32Array::from(vec![None])), std::slice::from_ref(&ints), 2).unwrap();
    assert_eq!(got.null_count(), 100_000);
    let got = run(&literal(NullArray::new(1)), std::slice::from_ref(&ints), 2).unwrap();
    assert_eq!(got.data_type(), &DataType::Null);
    let got = run(&literal(BooleanArray::from(vec![true])), std::slice::from_ref(&ints), 2).unwrap();
    assert_eq!(got.as_boolean().true_count(), 100_000);
    let got = run(&literal(StringArray::from(vec!["x"])), &[ints], 2).unwrap();
    assert!(got.as_string::<i32>().iter().all(|v| v == Some("x")));
}

#[test]
fn dictionaries_are_computed_as_their_values() {
    let words: DictionaryArray<Int32Type> = vec![Some("a"), None, Some("b"), Some("a")].into_iter().collect();
    let words: ArrayRef = Arc::new(words);
    let expr = call("coalesce", vec![column(0, words.data_type().clone()), literal(StringArray::from(vec!["?"]))]);
    let got = run(&expr, &[words], 1).unwrap();
    let want: ArrayRef = Arc::new(StringArray::from(vec!["a", "?", "b", "a"]));
    assert_eq!(&got, &want);
}

#[test]
fn nan_in_columns_can_be_null() {
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), Some(f64::NAN), None, Some(-0.0)]));
    let fields = vec![Arc::new(Field::new("x", DataType::Float64, true))];
    let nested: ArrayRef =
        Arc::new(StructArray::new(fields.into(), vec![floats.clone()], Some(vec![true, true, true, false].into())));
    let settings = Settings { nan: NanPolicy::Null, ..Settings::default() };
    let ctx = Context::default();
    let x = column(0, DataType::Float64);
    let got = evaluate(&x, std::slice::from_ref(&floats), 4, settings, &ctx).unwrap();
    let want: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None, None, Some(-0.0)]));
    assert_eq!(&got, &want);
    let field = Typed { kind: TypedKind::Column(vec![0, 0]), ..x.clone() };
    let got = evaluate(&field, std::slice::from_ref(&nested), 4, settings, &ctx).unwrap();
    let want: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None, None, None]));
    assert_eq!(&got, &want);
    let got = evaluate(&field, &[nested], 4, Settings::default(), &ctx).unwrap();
    assert_eq!(got.null_count(), 2);
    let encoded =
        arrow_cast::cast(&floats, &DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Float64)));
    let encoded = encoded.unwrap();
    let x = column(0, encoded.data_type().clone());
    let got = evaluate(&x, &[encoded], 4, settings, &ctx).unwrap();
    let nulls = got.logical_nulls().unwrap();
    assert_eq!((0..4).map(|i| nulls.is_null(i)).collect::<Vec<_>>(), [false, true, true, false]);
}

#[test]
fn three_valued_logic_of_columns_and_literals() {
    let values = [None, Some(false), Some(true)];
    let x: BooleanArray = (0..9).map(|i| values[i / 3]).collect();
    let y: BooleanArray = (0..9).map(|i| values[i % 3]).collect();
    let columns: Vec<ArrayRef> = vec![Arc::new(x), Arc::new(y)];
    let and = |a: Option<bool>, b: Option<bool>| match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    let or = |a: Option<bool>, b: Option<bool>| and(a.map(|a| !a), b.map(|b| !b)).map(|v| !v);
    let column = |i| column(i, DataType::Boolean);
    for (name, f) in [("and", &and as &dyn Fn(_, _) -> _), ("or", &or)] {
        let got = run(&call(name, vec![column(0), column(1)]), &columns, 1).unwrap();
        let want: Vec<Option<bool>> = (0..9).map(|i| f(values[i / 3], values[i % 3])).collect();
        assert_eq!(got.as_boolean().iter().collect::<Vec<_>>(), want, "{name}");
        for a in values {
            let one = || literal(BooleanArray::from(vec![a]));
            for arguments in [vec![one(), column(1)], vec![column(1), one()], vec![one(), column(1), one()]] {
                let got = run(&call(name, arguments), &columns, 1).unwrap();
                let want: Vec<Option<bool>> = (0..9).map(|i| f(values[i % 3], a)).collect();
                assert_eq!(got.as_boolean().iter().collect::<Vec<_>>(), want, "{name} {a:?}");
            }
            for b in values {
                let got = run(&call(name, vec![one(), literal(BooleanArray::from(vec![b]))]), &[], 1).unwrap();
                assert_eq!(got.as_boolean().iter().next().unwrap(), f(a, b), "{name} {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn arguments_that_no_row_needs_raise_nothing() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("1"), Some("x"), None, Some("4")]));
    let good: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), Some(true), Some(true)]));
    let columns = [texts, good];
    let number = || to(column(0, DataType::Utf8), DataType::Int64);
    let good = || column(1, DataType::Boolean);
    let bad = || call("not", vec![good()]);
    assert!(run(&number(), &columns, 1).is_err());
    let ints = |expr: Typed| {
        let got = run(&expr, &columns, 1).unwrap();
        got.as_primitive::<Int64Type>().iter().collect::<Vec<_>>()
    };
    let flags = |expr: Typed| {
        let got = run(&expr, &columns, 1).unwrap();
        got.as_boolean().iter().collect::<Vec<_>>()
    };
    let zero = || literal(Int64Array::from(vec![0]));
    let want = [Some(1), Some(0), None, Some(4)];
    assert_eq!(ints(call("case", vec![good(), number(), zero()])), want);
    assert_eq!(ints(call("case", vec![bad(), zero(), number()])), want);
    // A condition that only the rest of the rows needs.
    let present = || call("is_not_null", vec![number()]);
    assert_eq!(
        ints(call("case", vec![bad(), zero(), present(), number(), literal(Int64Array::from(vec![9]))])),
        [Some(1), Some(0), Some(9), Some(4)]
    );
    let gaps = || call("case", vec![bad(), zero(), literal(Int64Array::from(vec![None]))]);
    assert_eq!(ints(call("coalesce", vec![gaps(), number()])), want);
    assert_eq!(flags(call("and", vec![good(), present()])), [Some(true), Some(false), Some(false), Some(true)]);
    assert_eq!(flags(call("or", vec![bad(), present()])), [Some(true), Some(true), Some(false), Some(true)]);
    // A row that needs it fails.
    let everywhere = call("case", vec![bad(), number(), zero()]);
    assert!(run(&everywhere, &columns, 1).is_err());
    assert!(run(&call("or", vec![good(), present()]), &columns, 1).is_err());
}

#[test]
fn the_first_failing_piece_is_reported_and_a_wrong_tree_is_an_error() {
    let texts: StringArray =
        (0..2 * PIECE).map(|i| Some(if i % 1000 == 999 { format!("x{i}") } else { "1".into() })).collect();
    let columns: [ArrayRef; 1] = [Arc::new(texts)];
    let expr = to(column(0, DataType::Utf8), DataType::Int64);
    for threads in [1, 2] {
        let error = run(&expr, &columns, threads).unwrap_err();
        assert!(error.message().contains("x999"), "{error}");
    }
    let error = evaluate(&column(3, DataType::Int64), &columns, 5, Settings::default(), &Context::default());
    assert_eq!(error.unwrap_err().code(), Code::Internal);
    let ctx = Context::default();
    ctx.cancel_token().cancel();
    let expr = call("is_null", vec![column(0, DataType::Utf8)]);
    assert_eq!(evaluate(&expr, &columns, 5, Settings::default(), &ctx).unwrap_err().code(), Code::Cancelled);
}

#[test]
fn the_budget_is_asked_and_given_back() {
    let ints: [ArrayRef; 1] = [Arc::new(Int64Array::from_iter((0..200_000).map(|i| (i % 3 > 0).then_some(i))))];
    let expr = call("coalesce", vec![column(0, DataType::Int64), literal(Int64Array::from(vec![5]))]);
    let ctx = Context::default().with_memory_limit(1 << 20);
    let error = evaluate(&expr, &ints, 200_000, Settings::default(), &ctx).unwrap_err();
    assert_eq!(error.code(), Code::OutOfMemory);
    let ctx = Context::default().with_memory_limit(2 << 20);
    evaluate(&expr, &ints, 200_000, Settings::default(), &ctx).unwrap();
    assert_eq!(ctx.memory().used(), 0);
    assert!(ctx.memory().peak() >= 1_600_000);
}
