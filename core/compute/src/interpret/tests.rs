//! Both evaluators on arbitrary expressions and columns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Float64Type, Int8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float16Array, Float32Array, Float64Array, Int8Array, Int16Array,
    Int32Array, Int64Array, LargeStringArray, StringArray, StringViewArray, UInt8Array, UInt16Array, UInt32Array,
    UInt64Array,
};
use arrow_schema::{DataType, Field, Schema};
use half::f16;
use pf_base::{Code, Context};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::*;
use crate::{Expr, ExprKind, Literal, Overflow, Position, check, evaluate, functions};

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Int,
    Float,
    Bool,
    Text,
}

use Kind::{Bool, Float, Int, Text};

const KINDS: [Kind; 4] = [Int, Float, Bool, Text];

const INTS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
const FLOATS: [&str; 3] = ["f16", "f32", "f64"];
const BOOLS: [&str; 1] = ["flag"];
const TEXTS: [&str; 4] = ["text", "large", "view", "dictionary"];

/// Functions by what they take and give. `Number` arguments stand for int and float.
const FUNCTIONS: &[(&str, &[Kind], Kind)] = &[
    ("add", &[Int, Int], Int),
    ("sub", &[Int, Int], Int),
    ("mul", &[Int, Int], Int),
    ("floor_div", &[Int, Int], Int),
    ("mod", &[Int, Int], Int),
    ("floor_mod", &[Int, Int], Int),
    ("neg", &[Int], Int),
    ("abs", &[Int], Int),
    ("coalesce", &[Int, Int, Int], Int),
    ("if", &[Bool, Int, Int], Int),
    ("case", &[Bool, Int, Bool, Int, Int], Int),
    ("nullif", &[Int, Int], Int),
    ("greatest", &[Int, Int, Int], Int),
    ("least", &[Int, Int], Int),
    ("length", &[Text], Int),
    ("octet_length", &[Text], Int),
    ("div", &[Int, Int], Float),
    ("div", &[Float, Int], Float),
    ("add", &[Float, Int], Float),
    ("sub", &[Float, Float], Float),
    ("mul", &[Float, Float], Float),
    ("floor_div", &[Float, Float], Float),
    ("mod", &[Float, Float], Float),
    ("floor_mod", &[Float, Int], Float),
    ("neg", &[Float], Float),
    ("abs", &[Float], Float),
    ("floor", &[Float], Float),
    ("ceil", &[Float], Float),
    ("trunc", &[Float], Float),
    ("sqrt", &[Float], Float),
    ("coalesce", &[Float, Float], Float),
    ("if", &[Bool, Float, Int], Float),
    ("nullif", &[Float, Float], Float),
    ("greatest", &[Float, Float], Float),
    ("least", &[Float, Float, Float], Float),
    ("eq", &[Int, Int], Bool),
    ("ne", &[Int, Int], Bool),
    ("lt", &[Int, Int], Bool),
    ("le", &[Int, Float], Bool),
    ("gt", &[Float, Float], Bool),
    ("ge", &[Text, Text], Bool),
    ("eq", &[Float, Float], Bool),
    ("ne", &[Float, Float], Bool),
    ("lt", &[Text, Text], Bool),
    ("eq", &[Text, Text], Bool),
    ("le", &[Bool, Bool], Bool),
    ("distinct_from", &[Float, Float], Bool),
    ("not_distinct_from", &[Int, Int], Bool),
    ("distinct_from", &[Text, Text], Bool),
    ("between", &[Int, Int, Int], Bool),
    ("between", &[Float, Float, Float], Bool),
    ("in", &[Int, Int, Int, Int], Bool),
    ("in", &[Float, Float, Float], Bool),
    ("in", &[Text, Text, Text], Bool),
    ("and", &[Bool, Bool, Bool], Bool),
    ("or", &[Bool, Bool], Bool),
    ("not", &[Bool], Bool),
    ("is_null", &[Int], Bool),
    ("is_not_null", &[Float], Bool),
    ("is_null", &[Text], Bool),
    ("is_true", &[Bool], Bool),
    ("is_not_true", &[Bool], Bool),
    ("is_false", &[Bool], Bool),
    ("is_not_false", &[Bool], Bool),
    ("if", &[Bool, Bool, Bool], Bool),
    ("coalesce", &[Bool, Bool], Bool),
    ("is_nan", &[Float], Bool),
    ("is_finite", &[Float], Bool),
    ("is_infinite", &[Float], Bool),
    ("starts_with", &[Text, Text], Bool),
    ("ends_with", &[Text, Text], Bool),
    ("contains", &[Text, Text], Bool),
    ("lower", &[Text], Text),
    ("upper", &[Text], Text),
    ("reverse", &[Text], Text),
    ("concat", &[Text, Text], Text),
    ("case", &[Bool, Text, Text], Text),
    ("coalesce", &[Text, Text], Text),
    ("nullif", &[Text, Text], Text),
    ("greatest", &[Text, Text], Text),
];

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, at: Position::default() }
}

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    expr(ExprKind::Call { name: name.to_owned(), arguments, named: Vec::new(), distinct: false, filter: None })
}

fn leaf(kind: Kind) -> BoxedStrategy<Expr> {
    let (columns, literals): (&'static [&str], &'static [&str]) = match kind {
        Int => (&INTS, &["0", "1", "2", "7", "127", "300", "9223372036854775807"]),
        Float => (&FLOATS, &["0.0", "0.5", "2.0", "1e300"]),
        Bool => (&BOOLS, &["TRUE", "FALSE"]),
        Text => (&TEXTS, &["", "a", "Straße", "a text of more than twelve bytes"]),
    };
    let literal = move |text: &'static str| {
        expr(ExprKind::Literal(match (kind, text) {
            (Bool, text) => Literal::Boolean(text == "TRUE"),
            (Text, text) => Literal::String(text.to_owned()),
            (_, text) => Literal::Number(text.to_owned()),
        }))
    };
    prop_oneof![
        6 => select(columns).prop_map(|name| expr(ExprKind::Column(vec![name.to_owned()]))),
        3 => select(literals).prop_map(literal),
        1 => Just(expr(ExprKind::Literal(Literal::Null))),
    ]
    .boxed()
}

/// Expressions of each kind, so many levels deep.
fn expressions(depth: usize) -> Vec<BoxedStrategy<Expr>> {
    let mut levels: Vec<BoxedStrategy<Expr>> = KINDS.iter().map(|k| leaf(*k)).collect();
    for _ in 0..depth {
        levels = KINDS
            .iter()
            .map(|kind| {
                let mut choices = vec![(4, leaf(*kind))];
                for (name, takes, gives) in FUNCTIONS {
                    if gives != kind || functions::find(name).is_none() {
                        continue;
                    }
                    let arguments: Vec<_> = takes.iter().map(|k| levels[*k as usize].clone()).collect();
                    choices.push((1, arguments.prop_map(|arguments| call(name, arguments)).boxed()));
                }
                let conversion = |from: Kind, to: DataType, try_cast: bool| {
                    let convert =
                        move |value| expr(ExprKind::Cast { value: Box::new(value), to: to.clone(), try_cast });
                    levels[from as usize].clone().prop_map(convert).boxed()
                };
                match kind {
                    Int => {
                        choices.push((1, conversion(Int, DataType::Int16, true)));
                        choices.push((1, conversion(Float, DataType::Int64, false)));
                        choices.push((1, conversion(Text, DataType::Int32, true)));
                        choices.push((1, conversion(Bool, DataType::Int64, false)));
                    }
                    Float => choices.push((1, conversion(Int, DataType::Float32, false))),
                    Text => choices.push((1, conversion(Int, DataType::Utf8, false))),
                    Bool => {}
                }
                Union::new_weighted(choices).boxed()
            })
            .collect();
    }
    levels
}

fn integer() -> impl Strategy<Value = i128> {
    let edges: Vec<i128> = [7, 8, 15, 16, 31, 32, 63, 64]
        .into_iter()
        .flat_map(|bits| [1_i128 << bits, (1 << bits) - 1, -(1 << bits), -(1 << bits) - 1])
        .chain([0, 0, 1, -1, 2, 3, -7])
        .collect();
    prop_oneof![select(edges), -20..20_i128, any::<i64>().prop_map(i128::from)]
}

fn float() -> impl Strategy<Value = f64> {
    let edges = [f64::NAN, 0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 1.0, -2.5, 0.5, 1e30, 65504.0, 1e-8];
    prop_oneof![2 => select(edges.to_vec()), 1 => -100.0..100.0]
}

fn text() -> impl Strategy<Value = String> {
    let edges = ["", "a", "A", "ab", "Straße", "İ", "12", " 7 ", "a text of more than twelve bytes", "e\u{301}", "ǅ"];
    prop_oneof![3 => select(edges.to_vec()).prop_map(str::to_owned), 1 => "[a-cß ]{0,20}"]
}

/// The columns of a batch, sliced out of longer ones.
fn columns() -> impl Strategy<Value = (Schema, Vec<ArrayRef>)> {
    (0..40_usize, 0..5_usize).prop_flat_map(|(rows, start)| {
        let n = rows + start + 1;
        (
            vec(vec(option::weighted(0.85, integer()), n), INTS.len()),
            vec(vec(option::weighted(0.85, float()), n), FLOATS.len()),
            vec(option::weighted(0.8, any::<bool>()), n),
            vec(vec(option::weighted(0.85, text()), n), TEXTS.len()),
        )
            .prop_map(move |(ints, floats, flags, texts)| {
                // What a type does not hold becomes a value near its edge.
                macro_rules! ints {
                    ($array:ident, $native:ty, $values:expr) => {
                        Arc::new($array::from_iter(
                            $values
                                .iter()
                                .map(|v| v.map(|v| v.clamp(<$native>::MIN.into(), <$native>::MAX.into()) as $native)),
                        )) as ArrayRef
                    };
                }
                let mut all = vec![
                    ints!(Int8Array, i8, ints[0]),
                    ints!(Int16Array, i16, ints[1]),
                    ints!(Int32Array, i32, ints[2]),
                    ints!(Int64Array, i64, ints[3]),
                    ints!(UInt8Array, u8, ints[4]),
                    ints!(UInt16Array, u16, ints[5]),
                    ints!(UInt32Array, u32, ints[6]),
                    ints!(UInt64Array, u64, ints[7]),
                    Arc::new(Float16Array::from_iter(floats[0].iter().map(|v| v.map(f16::from_f64)))),
                    Arc::new(Float32Array::from_iter(floats[1].iter().map(|v| v.map(|v| v as f32)))),
                    Arc::new(Float64Array::from_iter(floats[2].iter().copied())),
                    Arc::new(BooleanArray::from(flags)),
                    Arc::new(StringArray::from_iter(&texts[0])),
                    Arc::new(LargeStringArray::from_iter(&texts[1])),
                    Arc::new(StringViewArray::from_iter(texts[2].iter().map(Option::as_deref))),
                    Arc::new(DictionaryArray::<Int8Type>::from_iter(texts[3].iter().map(Option::as_deref))),
                ];
                all.iter_mut().for_each(|array| *array = array.slice(start, rows));
                let names = INTS.iter().chain(&FLOATS).chain(&BOOLS).chain(&TEXTS);
                let fields = names.zip(&all).map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
                (Schema::new(fields.collect::<Vec<_>>()), all)
            })
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let overflow = select(&[Overflow::Error, Overflow::Error, Overflow::Null, Overflow::Wrap]);
    (overflow, select(&[NanPolicy::Keep, NanPolicy::Null])).prop_map(|(overflow, nan)| Settings { overflow, nan })
}

/// The value of a row for comparison: zeros by sign, all NaN alike.
fn shown(array: &ArrayRef, row: usize) -> String {
    let array = array.slice(row, 1);
    let float = match array.data_type() {
        _ if array.logical_nulls().is_some_and(|n| n.is_null(0)) => None,
        DataType::Float16 => Some(array.as_primitive::<Float16Type>().value(0).to_f64()),
        DataType::Float32 => Some(f64::from(array.as_primitive::<Float32Type>().value(0))),
        DataType::Float64 => Some(array.as_primitive::<Float64Type>().value(0)),
        _ => None,
    };
    match float {
        Some(x) if x.is_nan() => "NaN".to_owned(),
        Some(x) => format!("{x:?}"),
        None if array.data_type().is_null() || array.is_null(0) => "null".to_owned(),
        None => format!("{:?}", Cell::read(&array, 0).unwrap()),
    }
}

fn compare(expr: &Expr, schema: &Schema, columns: &[ArrayRef], settings: Settings) -> Result<(), TestCaseError> {
    let rows = columns[0].len();
    let typed = match check(expr, schema, settings) {
        Ok(typed) => typed,
        // A constant part that fails everywhere; types that do not go together.
        Err(error) => {
            prop_assert!(matches!(error.code(), Code::Arithmetic | Code::Type | Code::InvalidArgument), "{error:?}");
            return Ok(());
        }
    };
    let wanted: Vec<Result<ArrayRef>> = (0..rows).map(|row| interpret(&typed, columns, row, settings)).collect();
    let failures: Vec<Code> = wanted.iter().filter_map(|w| w.as_ref().err().map(|e| e.code())).collect();
    prop_assume!(!failures.contains(&Code::Unsupported));
    match evaluate(&typed, columns, rows, settings, &Context::default().with_threads(1)) {
        Err(error) => {
            prop_assert!(failures.contains(&error.code()), "{expr}: {error:?}, and rows give {failures:?}");
        }
        Ok(got) => {
            prop_assert!(failures.is_empty(), "{expr}: rows fail with {:?}", wanted.iter().find(|w| w.is_err()));
            prop_assert_eq!(got.data_type(), &typed.data_type);
            prop_assert_eq!(got.len(), rows);
            for (row, want) in wanted.into_iter().enumerate() {
                let (got, want) = (shown(&got, row), shown(&want.unwrap(), 0));
                let inputs: Vec<String> = columns.iter().map(|c| shown(c, row)).collect();
                prop_assert_eq!(got, want, "{} in row {} with {:?} of {:?}", expr, row, settings, inputs);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn evaluation_is_the_interpretation_of_every_row(
        expr in Union::new(expressions(3)),
        (schema, columns) in columns(),
        settings in settings(),
    ) {
        compare(&expr, &schema, &columns, settings)?;
    }
}
