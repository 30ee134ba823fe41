#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int8Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array};
use arrow_schema::{TimeUnit, UnionFields, UnionMode};
use pf_base::Code;

use super::*;
use crate::types::{Accepts, Operator, always, same_as};
use crate::{Argument, Binding, Implementation, Literal, Parameter, ScalarKernel, Special, Value};

/// A small table of functions, so that these tests are of the checker alone.
static TABLE: &[Function] = &[
    Function { name: "add", bind: bind_add, implementation: Implementation::Scalar(make_add), ..BLANK },
    Function {
        name: "neg",
        parameters: &[Parameter::new("x", "number")],
        bind: |a, _| types::bind(a, &[Accepts::Number], &same_as(0)),
        ..BLANK
    },
    Function { name: "lt", bind: |a, _| types::bind_comparison(a), ..BLANK },
    Function { name: "eq", bind: |a, _| types::bind_comparison(a), ..BLANK },
    Function {
        name: "and",
        parameters: &[Parameter::many("x", "boolean")],
        implementation: Implementation::Special(Special::And),
        bind: |a, _| types::bind_booleans(a),
        ..BLANK
    },
    Function {
        name: "coalesce",
        parameters: &[Parameter::many("x", "any type")],
        implementation: Implementation::Special(Special::Coalesce),
        bind: |a, _| types::bind_common(a),
        ..BLANK
    },
    Function {
        name: "case",
        parameters: &[Parameter::many("x", "any type")],
        implementation: Implementation::Special(Special::Case),
        bind: bind_case,
        ..BLANK
    },
    Function {
        name: "not",
        parameters: &[Parameter::new("x", "boolean")],
        bind: |a, _| types::bind_booleans(a),
        ..BLANK
    },
    Function {
        name: "round",
        parameters: &[Parameter::new("x", "number"), Parameter::option("digits", "integer", "0")],
        bind: |a, _| types::bind(a, &[Accepts::Number, Accepts::Int64], &same_as(0)),
        ..BLANK
    },
    Function {
        name: "sum",
        aliases: &["total"],
        family: "aggregate",
        parameters: &[Parameter::new("x", "number")],
        bind: |a, _| types::bind(a, &[Accepts::Number], &same_as(0)),
        implementation: Implementation::Aggregate(|_| Err(Error::unsupported("not made here"))),
        ..BLANK
    },
    Function { name: "count", ..COUNT },
    Function { name: "count_distinct", ..COUNT },
];

const BLANK: Function = Function {
    name: "blank",
    aliases: &[],
    family: "arithmetic",
    syntax: "",
    parameters: &[Parameter::new("a", "number"), Parameter::new("b", "number")],
    doc: "Nothing.",
    examples: &[],
    bind: |_, _| Err(Error::wrong_type("never")),
    implementation: Implementation::Scalar(|_| Ok(Box::new(|_, _| Err(Error::unsupported("not computed here"))))),
};

const COUNT: Function = Function {
    family: "aggregate",
    parameters: &[Parameter::new("x", "any type")],
    bind: |a, _| types::bind(a, &[Accepts::Any], &always(DataType::Int64)),
    implementation: Implementation::Window(|_| Ok(Box::new(|_, _| Err(Error::unsupported("not made here"))))),
    ..BLANK
};

fn bind_add(arguments: &[Argument], _: Settings) -> Result<Binding> {
    types::arithmetic(Operator::Add, &arguments[0], &arguments[1]).ok_or_else(|| types::refuse(arguments, "number"))
}

fn bind_case(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let values: Vec<Argument> = arguments.iter().skip(1).step_by(2).chain(arguments.last()).cloned().collect();
    let to = types::common(&values).ok_or_else(|| types::refuse(&values, "values of one type"))?;
    let mut all = Vec::new();
    for i in 0..arguments.len() {
        all.push(if i % 2 == 0 && i + 1 < arguments.len() { DataType::Boolean } else { to.clone() });
    }
    Ok(Binding { arguments: all, result: to })
}

fn make_add(call: &crate::Call<'_>) -> Result<ScalarKernel> {
    let result = call.result.clone();
    Ok(Box::new(move |values, _| {
        let sum = arrow_arith::numeric::add(&values[0], &values[1])?;
        cast_to(&sum, &result).map(Value::Array)
    }))
}

fn cast_to(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    Ok(crate::cast(&Value::Array(array.clone()), to, false)?.inner().clone())
}

fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|f| f.name == name || f.aliases.contains(&name))
}

fn schema() -> Schema {
    let inner = Field::new("y", DataType::Struct(Fields::from(vec![Field::new("z", DataType::Utf8, true)])), false);
    Schema::new(vec![
        Field::new("i8", DataType::Int8, false),
        Field::new("i64", DataType::Int64, true),
        Field::new("u64", DataType::UInt64, false),
        Field::new("f32", DataType::Float32, false),
        Field::new("text", DataType::Utf8, true),
        Field::new("dec", DataType::Decimal128(10, 2), false),
        Field::new("day", DataType::Date32, false),
        Field::new("flag", DataType::Boolean, false),
        Field::new("price", DataType::Float64, false),
        Field::new("prices", DataType::Float64, false),
        Field::new("a.b", DataType::Int64, false),
        Field::new("s", DataType::Struct(Fields::from(vec![inner])), true),
        Field::new("code", DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8)), false),
        Field::new("twice", DataType::Int64, false),
        Field::new("twice", DataType::Int64, false),
        Field::new("odd", DataType::Union(UnionFields::empty(), UnionMode::Sparse), false),
    ])
}

fn at(kind: ExprKind) -> Expr {
    Expr { kind, at: Position { line: 1, column: 3 } }
}

fn column(path: &[&str]) -> Expr {
    at(ExprKind::Column(path.iter().map(|&p| p.to_owned()).collect()))
}

fn number(text: &str) -> Expr {
    at(ExprKind::Literal(Literal::Number(text.to_owned())))
}

fn text(text: &str) -> Expr {
    at(ExprKind::Literal(Literal::String(text.to_owned())))
}

fn boolean(value: bool) -> Expr {
    at(ExprKind::Literal(Literal::Boolean(value)))
}

fn null() -> Expr {
    at(ExprKind::Literal(Literal::Null))
}

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let name = name.to_owned();
    at(ExprKind::Call { name, arguments, named: vec![], distinct: false, filter: None })
}

fn convert(value: Expr, to: DataType) -> Expr {
    at(ExprKind::Cast { value: Box::new(value), to, try_cast: false })
}

fn checked_with(expr: &Expr, settings: Settings) -> Result<Typed> {
    let schema = schema();
    let checker = Checker { schema: &schema, settings, find };
    Ok(checker.expr(expr, Scope::default())?.typed)
}

fn checked(expr: &Expr) -> Result<Typed> {
    checked_with(expr, Settings::default())
}

fn typed(expr: &Expr) -> DataType {
    checked(expr).unwrap().data_type
}

fn message(expr: &Expr) -> String {
    checked(expr).unwrap_err().to_string()
}

fn constant(expr: &Expr) -> ArrayRef {
    match checked(expr).unwrap().kind {
        TypedKind::Literal(array) => array,
        other => panic!("not a literal: {other:?}"),
    }
}

fn arguments(expr: &Expr) -> Vec<Typed> {
    match checked(expr).unwrap().kind {
        TypedKind::Call { arguments, .. } => arguments,
        other => panic!("not a call: {other:?}"),
    }
}

#[test]
fn columns_are_found_by_exact_name_and_path() {
    assert_eq!(typed(&column(&["i8"])), DataType::Int8);
    assert_eq!(typed(&column(&["a.b"])), DataType::Int64);
    let z = checked(&column(&["s", "y", "z"])).unwrap();
    assert!(matches!(z.kind, TypedKind::Column(ref path) if *path == [11, 0, 0]));
    assert!(z.nullable, "a field of a struct that may be null");
    assert_eq!(message(&column(&["prcie"])), "unknown column 'prcie' at line 1, column 3; nearest: price, prices");
    assert_eq!(message(&column(&["I8"])), "unknown column 'I8' at line 1, column 3; nearest: i8");
    assert_eq!(message(&column(&["a", "b"])), "unknown column 'a' at line 1, column 3; nearest: \"a.b\", in quotes");
    assert_eq!(message(&column(&["s", "x"])), "unknown field 'x' at line 1, column 3; fields: y");
    assert_eq!(message(&column(&["i8", "x"])), "'i8' at line 1, column 3 is int8: it has no field 'x'");
    assert!(message(&column(&["twice"])).contains("is ambiguous: 2 columns"));
    assert!(message(&column(&["nothing near"])).ends_with("; columns: i8, i64, u64, f32, text, dec, day, flag, …"));
    assert_eq!(checked(&column(&["odd"])).unwrap_err().code(), Code::Type);
}

#[test]
fn literal_numbers_have_the_smallest_type_that_holds_them() {
    for (text, expected) in [
        ("1", DataType::Int64),
        ("9223372036854775807", DataType::Int64),
        ("9223372036854775808", DataType::UInt64),
        ("18446744073709551616", DataType::Decimal128(38, 0)),
        ("99999999999999999999999999999999999999", DataType::Decimal128(38, 0)),
        ("100000000000000000000000000000000000000", DataType::Float64),
        ("1.5", DataType::Float64),
        ("1e3", DataType::Float64),
    ] {
        assert_eq!(typed(&number(text)), expected, "{text}");
    }
    assert_eq!(typed(&call("neg", vec![number("9223372036854775808")])), DataType::Int64);
    assert_eq!(message(&number("1e999")), "'1e999' at line 1, column 3 is not a number of float64");
    assert!(checked(&number("nan")).is_err());
}

#[test]
fn literals_adapt_to_what_stands_beside_them() {
    let sum = |name: &str, other: &str| typed(&call("add", vec![column(&[name]), number(other)]));
    assert_eq!(sum("i8", "1"), DataType::Int8);
    assert_eq!(sum("i8", "300"), DataType::Int64);
    assert_eq!(sum("i8", "1.0"), DataType::Float64);
    assert_eq!(sum("f32", "1.5"), DataType::Float32);
    assert_eq!(sum("f32", "0.1"), DataType::Float64);
    assert_eq!(sum("u64", "1"), DataType::UInt64);
    assert_eq!(sum("dec", "1.5"), DataType::Decimal128(11, 2));
    assert_eq!(typed(&call("add", vec![column(&["u64"]), call("neg", vec![number("1")])])), DataType::Int64);
    let least = arguments(&call("add", vec![column(&["i8"]), call("neg", vec![number("128")])]));
    assert!(matches!(&least[1].kind, TypedKind::Literal(a) if a.as_primitive::<Int8Type>().value(0) == -128));
    let exact = arguments(&call(
        "eq",
        vec![convert(column(&["dec"]), DataType::Decimal128(38, 4)), number("12345678901234567890123456.78")],
    ));
    let TypedKind::Literal(value) = &exact[1].kind else { panic!("{exact:?}") };
    assert_eq!(value.as_primitive::<Decimal128Type>().value(0), 123456789012345678901234567800);
    let day = arguments(&call("lt", vec![column(&["day"]), text("2020-01-31")]));
    assert_eq!(day[1].data_type, DataType::Date32);
    let bad = call("lt", vec![column(&["day"]), text("soon")]);
    assert!(message(&bad).starts_with("lt at line 1, column 3: "), "{}", message(&bad));
}

#[test]
fn conversions_are_written_into_the_tree() {
    let mixed = arguments(&call("lt", vec![column(&["i64"]), column(&["u64"])]));
    for side in &mixed {
        assert_eq!(side.data_type, DataType::Decimal128(20, 0));
        assert!(matches!(side.kind, TypedKind::Cast { try_cast: false, .. }));
    }
    let null = Settings { overflow: crate::Overflow::Null, ..Settings::default() };
    let sum = checked_with(&call("add", vec![column(&["u64"]), column(&["i8"])]), null).unwrap();
    let TypedKind::Call { arguments, .. } = &sum.kind else { panic!("{sum:?}") };
    assert!(matches!(arguments[0].kind, TypedKind::Cast { try_cast: true, .. }), "overflow is null");
    let code = super::tests::arguments(&call("eq", vec![column(&["code"]), text("x")]));
    assert_eq!(code[0].data_type, DataType::Utf8);
    assert!(matches!(code[0].kind, TypedKind::Cast { .. }), "a dictionary is computed as its values");
    assert_eq!(typed(&column(&["code"])), schema().field(12).data_type().clone());
}

#[test]
fn arguments_find_their_parameters() {
    let named = |arguments: Vec<Expr>, named: Vec<(&str, Expr)>| {
        let named = named.into_iter().map(|(n, e)| (n.to_owned(), e)).collect();
        at(ExprKind::Call { name: "round".to_owned(), arguments, named, distinct: false, filter: None })
    };
    let x = || column(&["price"]);
    for expr in [named(vec![x()], vec![]), named(vec![], vec![("X", x())])] {
        let filled = arguments(&expr);
        assert!(matches!(&filled[1].kind, TypedKind::Literal(a) if a.as_primitive::<Int64Type>().value(0) == 0));
    }
    let signed = arguments(&named(vec![x()], vec![("digits", call("neg", vec![number("2")]))]));
    assert!(matches!(&signed[1].kind, TypedKind::Literal(a) if a.as_primitive::<Int64Type>().value(0) == -2));
    for (expr, expected) in [
        (named(vec![], vec![]), "takes 1 to 2 arguments (x, digits), got none"),
        (named(vec![], vec![("digits", number("1"))]), "takes 1 to 2 arguments (x, digits), but 'x' is missing"),
        (named(vec![x(), x(), x()], vec![]), "takes 1 to 2 arguments (x, digits), not 3"),
        (named(vec![x()], vec![("x", x())]), "parameter 'x' is given twice"),
        (named(vec![x()], vec![("digit", x())]), "unknown parameter 'digit'; nearest: digits"),
        (named(vec![x(), column(&["i64"])], vec![]), "'digits' must be a literal"),
    ] {
        assert_eq!(message(&expr), format!("round at line 1, column 3: {expected}"));
    }
    let wrong = call("add", vec![column(&["text"]), column(&["i64"])]);
    assert_eq!(message(&wrong), "add at line 1, column 3: cannot take string and int64; takes number");
    assert!(
        message(&call("no_such_function", vec![]))
            .starts_with("unknown function 'no_such_function' at line 1, column 3")
    );
}

#[test]
fn aggregates_stand_where_they_may() {
    let inner = call("sum", vec![call("sum", vec![column(&["i64"])])]);
    assert_eq!(message(&inner), "sum at line 1, column 3: an aggregate cannot stand inside another (sum)");
    let with = |name: &str, distinct: bool, filter: Option<Expr>| {
        let (name, arguments) = (name.to_owned(), vec![column(&["i64"])]);
        at(ExprKind::Call { name, arguments, named: vec![], distinct, filter: filter.map(Box::new) })
    };
    assert_eq!(checked(&with("sum", true, None)).unwrap_err().code(), Code::Unsupported);
    assert_eq!(message(&with("neg", true, None)), "neg at line 1, column 3: DISTINCT is for aggregates only");
    assert_eq!(
        message(&with("neg", false, Some(boolean(true)))),
        "neg at line 1, column 3: FILTER is for aggregates only"
    );
    assert_eq!(
        message(&with("sum", false, Some(number("1")))),
        "sum at line 1, column 3: FILTER cannot take int64; takes boolean"
    );
}

#[test]
fn constants_are_folded_and_fail_where_all_rows_would() {
    let sum = |a, b| call("add", vec![a, b]);
    assert_eq!(constant(&sum(number("1"), number("2"))).as_ref(), &Int64Array::from(vec![3]));
    let too_much = || sum(number("9223372036854775807"), number("1"));
    let error = checked(&too_much()).unwrap_err();
    assert_eq!(error.code(), Code::Arithmetic);
    assert!(error.message().starts_with("add at line 1, column 3: "), "{error}");
    let lazy = call("case", vec![column(&["flag"]), too_much(), number("1")]);
    assert_eq!(typed(&lazy), DataType::Int64);
    let lazy = call("coalesce", vec![column(&["i64"]), too_much()]);
    assert!(matches!(&arguments(&lazy)[1].kind, TypedKind::Call { .. }));
    assert!(checked(&call("coalesce", vec![too_much(), column(&["i64"])])).is_err());
}

#[test]
fn what_is_known_is_left_out() {
    let flag = || column(&["flag"]);
    let and = |all: Vec<Expr>| call("and", all);
    assert!(matches!(checked(&and(vec![flag(), boolean(true)])).unwrap().kind, TypedKind::Column(_)));
    assert_eq!(constant(&and(vec![boolean(true), boolean(true)])).as_ref(), &BooleanArray::from(vec![true]));
    assert_eq!(constant(&and(vec![boolean(false), flag()])).as_ref(), &BooleanArray::from(vec![false]));
    assert_eq!(arguments(&and(vec![flag(), and(vec![flag(), flag()]), flag()])).len(), 4);
    assert_eq!(arguments(&and(vec![flag(), null()])).len(), 2, "null AND false is false");
    assert!(matches!(checked(&call("not", vec![call("not", vec![flag()])])).unwrap().kind, TypedKind::Column(_)));
    let i64 = || column(&["i64"]);
    assert_eq!(typed(&call("coalesce", vec![null(), i64(), null()])), DataType::Int64);
    assert!(matches!(checked(&call("coalesce", vec![null(), i64(), null()])).unwrap().kind, TypedKind::Column(_)));
    assert_eq!(arguments(&call("coalesce", vec![i64(), column(&["a.b"]), i64()])).len(), 2);
    let case =
        call("case", vec![boolean(false), i64(), null(), i64(), flag(), i64(), boolean(true), number("1"), i64()]);
    assert_eq!(arguments(&case).len(), 3);
    let unknown = constant(&call("eq", vec![i64(), null()]));
    assert!(unknown.is_null(0) && *unknown.data_type() == DataType::Boolean);
}

#[test]
fn casts_of_literals_are_read_from_their_text() {
    let to = DataType::Decimal128(38, 10);
    let value = constant(&convert(number("1234567890123456789012345678.0123456789"), to));
    assert_eq!(value.as_primitive::<Decimal128Type>().value(0), 12345678901234567890123456780123456789);
    assert_eq!(typed(&convert(null(), DataType::Date32)), DataType::Date32);
    assert!(message(&convert(number("300"), DataType::Int8)).starts_with("cast at line 1, column 3: "));
    let wrong = convert(column(&["flag"]), DataType::Date32);
    assert_eq!(message(&wrong), "cast at line 1, column 3: cannot convert bool to date32");
    assert_eq!(
        typed(&convert(column(&["day"]), DataType::Timestamp(TimeUnit::Second, None))).to_string(),
        "Timestamp(s)"
    );
}

#[test]
fn the_deepest_tree_fits_a_small_stack() {
    let mut expr = column(&["i64"]);
    for _ in 0..256 {
        expr = call("add", vec![expr, number("1")]);
    }
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let thread = small.spawn(move || {
        let typed = checked(&expr).unwrap();
        let same = typed.clone();
        (typed.data_type.clone(), same.nullable)
    });
    assert_eq!(thread.unwrap().join().unwrap(), (DataType::Int64, true));
    let mut expr = column(&["i64"]);
    for _ in 0..600 {
        expr = convert(expr, DataType::Int64);
    }
    let deep = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(move || message(&expr));
    assert_eq!(deep.unwrap().join().unwrap(), "the expression has more than 512 levels");
}

#[test]
fn nulls_are_known_where_the_schema_tells() {
    let nullable = |e: &Expr| checked(e).unwrap().nullable;
    assert!(!nullable(&call("lt", vec![column(&["i8"]), column(&["u64"])])));
    assert!(nullable(&call("lt", vec![column(&["i8"]), column(&["i64"])])));
    assert!(nullable(&column(&["code"])), "a dictionary may have nulls among its values");
    let null = Settings { nan: NanPolicy::Null, ..Settings::default() };
    assert!(checked_with(&column(&["price"]), null).unwrap().nullable);
    assert!(!nullable(&column(&["price"])));
}
