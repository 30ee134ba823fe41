//! Texts of expressions over columns of every type: checking never panics, and evaluation gives the promised type.

#![no_main]

use std::fmt::Write;
use std::sync::Arc;

use arbitrary::{Arbitrary, Unstructured};
use arrow_array::{ArrayRef, new_null_array};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use libfuzzer_sys::fuzz_target;
use pf_base::Context;
use pf_compute_core::functions::all;
use pf_compute_core::{NanPolicy, Overflow, Settings, check, evaluate, parse};

fuzz_target!(|data: &[u8]| {
    let mut source = Unstructured::new(data);
    let mut text = String::new();
    if expression(&mut source, &mut text, 0).is_err() {
        return;
    }
    let overflow = source.choose(&[Overflow::Error, Overflow::Null, Overflow::Wrap]).copied().unwrap_or_default();
    let nan = source.choose(&[NanPolicy::Keep, NanPolicy::Null]).copied().unwrap_or_default();
    let settings = Settings { overflow, nan };
    let Ok(expr) = parse(&text) else { return };
    let schema = schema();
    let Ok(typed) = check(&expr, &schema, settings) else { return };
    for rows in [0, 3] {
        let columns: Vec<ArrayRef> = schema.fields().iter().map(|f| column(f.data_type(), rows)).collect();
        let ctx = Context::default().with_threads(1).with_memory_limit(1 << 28);
        if let Ok(array) = evaluate(&typed, &columns, rows, settings, &ctx) {
            assert_eq!(*array.data_type(), typed.data_type, "{text}");
            assert_eq!(array.len(), rows, "{text}");
        }
    }
});

/// A column of every sort of type, each with a name of its own.
fn schema() -> Schema {
    use DataType as D;
    let types = [
        D::Boolean,
        D::Int8,
        D::Int64,
        D::UInt8,
        D::UInt64,
        D::Float16,
        D::Float32,
        D::Float64,
        D::Decimal128(10, 2),
        D::Decimal256(50, 4),
        D::Utf8,
        D::LargeUtf8,
        D::Utf8View,
        D::Binary,
        D::Date32,
        D::Date64,
        D::Time64(TimeUnit::Microsecond),
        D::Timestamp(TimeUnit::Second, None),
        D::Timestamp(TimeUnit::Nanosecond, Some("Europe/Berlin".into())),
        D::Duration(TimeUnit::Millisecond),
        D::Dictionary(Box::new(D::Int32), Box::new(D::Utf8)),
        D::List(Arc::new(Field::new("item", D::Int64, true))),
        D::Null,
    ];
    let field = |(i, t): (usize, D)| Field::new(format!("c{i}"), t, true);
    Schema::new(types.into_iter().enumerate().map(field).collect::<Vec<_>>())
}

/// Ones where a one can be cast to the type, and nulls.
fn column(data_type: &DataType, rows: usize) -> ArrayRef {
    let ones: ArrayRef = Arc::new(arrow_array::Int64Array::from_iter((0..rows).map(|i| (i != 1).then_some(1))));
    arrow_cast::cast(&ones, data_type).unwrap_or_else(|_| new_null_array(data_type, rows))
}

fn expression(source: &mut Unstructured<'_>, out: &mut String, depth: usize) -> arbitrary::Result<()> {
    const LITERALS: &[&str] = &[
        "NULL",
        "TRUE",
        "0",
        "1",
        "-1",
        "300",
        "1.5",
        "1e300",
        "9223372036854775808",
        "99999999999999999999",
        "''",
        "'a'",
        "'2020-01-31'",
        "'day'",
        "'UTC'",
        "'('",
        "DATE '2020-01-31'",
        "TIMESTAMP '2020-01-31 12:00:00'",
        "X'00FF'",
        "INTERVAL '1 month 2 days'",
    ];
    const TYPES: &[&str] = &["bool", "int8", "uint64", "float32", "decimal(10, 2)", "utf8", "date32", "timestamp(us)"];
    let kind = if depth > 4 { u8::arbitrary(source)? % 2 } else { u8::arbitrary(source)? % 8 };
    match kind {
        0 => out.push_str(source.choose(LITERALS)?),
        1 => {
            let _ = write!(out, "c{}", u8::arbitrary(source)? % 23);
        }
        2 => {
            out.push_str(if bool::arbitrary(source)? { "TRY_CAST(" } else { "CAST(" });
            expression(source, out, depth + 1)?;
            let _ = write!(out, " AS {})", source.choose(TYPES)?);
        }
        3 => {
            let operators = ["+", "-", "*", "/", "//", "%", "=", "<>", "<", ">=", "AND", "OR", "||", "LIKE", "~"];
            out.push('(');
            expression(source, out, depth + 1)?;
            let _ = write!(out, " {} ", source.choose(&operators)?);
            expression(source, out, depth + 1)?;
            out.push(')');
        }
        4 => {
            out.push_str("CASE WHEN ");
            expression(source, out, depth + 1)?;
            out.push_str(" THEN ");
            expression(source, out, depth + 1)?;
            out.push_str(" ELSE ");
            expression(source, out, depth + 1)?;
            out.push_str(" END");
        }
        _ => {
            let functions: Vec<_> = all().collect();
            let function = source.choose(&functions)?;
            let most = function.parameters.len() + usize::from(function.parameters.last().is_some_and(|p| p.repeats));
            // The names of operators are words of the grammar: they are quoted.
            let _ = write!(out, "\"{}\"(", function.name);
            for i in 0..source.int_in_range(0..=most)? {
                if i > 0 {
                    out.push_str(", ");
                }
                expression(source, out, depth + 1)?;
            }
            out.push(')');
        }
    }
    Ok(())
}
