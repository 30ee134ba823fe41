#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, Int64Array, StringArray};
use arrow_cast::cast;
use proptest::prelude::*;

use super::*;
use crate::functions::testing::{call, call_constants};

type Row = (Option<String>, Option<i64>, Option<String>);

fn texts(values: &[Option<&str>]) -> Value {
    Value::Array(Arc::new(StringArray::from(values.to_vec())))
}

fn text(value: &str) -> Value {
    Value::Scalar(Arc::new(StringArray::from(vec![value])))
}

fn integer(value: i64) -> Value {
    Value::Scalar(Arc::new(Int64Array::from(vec![value])))
}

/// The text of a result, whatever its layout.
fn read(value: &Value) -> Vec<Option<String>> {
    let array = cast(value.inner(), &DataType::Utf8).unwrap();
    array.as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect()
}

fn flags(value: &Value) -> Vec<Option<bool>> {
    value.inner().as_boolean().iter().collect()
}

fn numbers(value: &Value) -> Vec<Option<i64>> {
    value.inner().as_primitive::<Int64Type>().iter().collect()
}

/// A value of each layout, once as it is and once as a slice of a longer array.
fn layouts(value: &Value) -> Vec<Value> {
    let Value::Array(array) = value else { return vec![value.clone()] };
    let junk = StringArray::from(vec![Some("junk é"), None]);
    let longer = arrow_select::concat::concat(&[&junk, array.as_ref(), &junk]).unwrap();
    [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View]
        .iter()
        .flat_map(|to| {
            let slice = cast(&longer, to).unwrap().slice(2, array.len());
            [Value::Array(cast(array, to).unwrap()), Value::Array(slice)]
        })
        .collect()
}

/// Calls with the first argument in all layouts, and says whether all gave what is expected.
fn check<T: PartialEq + std::fmt::Debug>(
    name: &str,
    arguments: &[Value],
    read: fn(&Value) -> Vec<T>,
    expected: &[T],
) -> Result<(), TestCaseError> {
    for first in layouts(&arguments[0]) {
        let mut arguments = arguments.to_vec();
        arguments[0] = first;
        let result = call(name, &arguments).unwrap();
        if *result.data_type() != DataType::Boolean && *result.data_type() != DataType::Int64 {
            prop_assert_eq!(result.data_type(), arguments[0].data_type());
        }
        let got = read(&result);
        prop_assert_eq!(got.as_slice(), expected, "{} of {:?}", name, arguments);
    }
    Ok(())
}

/// Columns of text, integers and text.
fn columns(rows: &[Row]) -> (Value, Value, Value) {
    let texts = |values: Vec<Option<&str>>| Value::Array(Arc::new(StringArray::from(values)));
    (
        texts(rows.iter().map(|r| r.0.as_deref()).collect()),
        Value::Array(Arc::new(Int64Array::from_iter(rows.iter().map(|r| r.1)))),
        texts(rows.iter().map(|r| r.2.as_deref()).collect()),
    )
}

/// What `of` makes of the rows that are not null.
fn expect<T>(rows: &[Row], of: impl Fn(&str, i64, &str) -> T) -> Vec<Option<T>> {
    rows.iter().map(|r| Some(of(r.0.as_deref()?, r.1?, r.2.as_deref()?))).collect()
}

fn slow_substr(text: &str, start: i64, length: i64) -> String {
    let places = (1_i64..).zip(text.chars());
    places.filter(|(i, _)| *i >= start && *i < start.saturating_add(length)).map(|(_, c)| c).collect()
}

fn slow_left(text: &str, n: i64) -> String {
    let all = text.chars().count() as i64;
    let n = if n < 0 { all.saturating_add(n) } else { n };
    slow_substr(text, 1, n.max(0))
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

fn slow_pad(text: &str, n: i64, fill: &str, before: bool) -> String {
    let cut = slow_left(text, n.max(0));
    let missing = (n.max(0) as usize).saturating_sub(cut.chars().count());
    let padding: String = fill.chars().cycle().take(if fill.is_empty() { 0 } else { missing }).collect();
    if before { padding + &cut } else { cut + &padding }
}

fn slow_part(text: &str, n: i64, delimiter: &str) -> String {
    let parts: Vec<&str> = match (delimiter, n) {
        ("", _) => vec![text],
        (_, 0..) => text.split(delimiter).collect(),
        // Delimiters that overlap are found from the end.
        _ => text.rsplit(delimiter).collect(),
    };
    parts.get(n.unsigned_abs() as usize - 1).copied().unwrap_or_default().to_owned()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let ascii = "[abAB \\n]{0,14}".prop_map(Some).boxed();
    let any = "[abéßΣİ漢🦀 ]{0,6}".prop_map(Some).boxed();
    let long = "[a-c]{10,20}".prop_map(Some).boxed();
    let some = |texts: BoxedStrategy<Option<String>>| prop_oneof![4 => texts, 1 => Just(None)].boxed();
    let row = |texts: BoxedStrategy<Option<String>>| {
        let second = prop_oneof![4 => "[abé]{0,2}".prop_map(Some), 1 => Just(None)];
        prop::collection::vec((texts, prop::option::weighted(0.9, -9_i64..12), second), 0..20)
    };
    prop_oneof![row(some(ascii)), row(some(any.clone())), row(prop_oneof![any, long].boxed())]
}

proptest! {
    #[test]
    fn whole_texts(rows in rows()) {
        let (text, _, _) = columns(&rows);
        let of = |f: &dyn Fn(&str) -> String| rows.iter().map(|r| r.0.as_deref().map(f)).collect::<Vec<_>>();
        check("lower", &[text.clone()], read, &of(&str::to_lowercase))?;
        check("upper", &[text.clone()], read, &of(&str::to_uppercase))?;
        check("reverse", &[text.clone()], read, &of(&reversed))?;
        let lengths: Vec<_> = rows.iter().map(|r| r.0.as_ref().map(|t| t.chars().count() as i64)).collect();
        check("length", &[text.clone()], numbers, &lengths)?;
        let lengths: Vec<_> = rows.iter().map(|r| r.0.as_ref().map(|t| t.len() as i64)).collect();
        check("octet_length", &[text], numbers, &lengths)?;
    }

    #[test]
    fn parts_of_texts(rows in rows()) {
        let (first, n, second) = columns(&rows);
        let lengths = Value::Array(Arc::new(Int64Array::from_iter(rows.iter().map(|r| r.1.map(i64::abs)))));
        let of = |f: &dyn Fn(&str, i64) -> String| {
            rows.iter().map(|r| Some(f(r.0.as_deref()?, r.1?))).collect::<Vec<_>>()
        };
        check("substr", &[first.clone(), n.clone(), lengths], read, &of(&|t, n| slow_substr(t, n, n.abs())))?;
        check("left", &[first.clone(), n.clone()], read, &of(&slow_left))?;
        check("right", &[first.clone(), n.clone()], read, &of(&|t, n| reversed(&slow_left(&reversed(t), n))))?;
        check("repeat", &[first.clone(), n.clone()], read, &of(&|t, n| t.repeat(n.max(0) as usize)))?;
        check("lpad", &[first.clone(), n.clone(), second.clone()], read, &expect(&rows, |t, n, f| slow_pad(t, n, f, true)))?;
        check("rpad", &[first.clone(), n.clone(), second.clone()], read, &expect(&rows, |t, n, f| slow_pad(t, n, f, false)))?;
        let nonzero: Vec<Row> = rows.iter().map(|r| (r.0.clone(), r.1.map(|n| if n == 0 { 1 } else { n }), r.2.clone())).collect();
        let (first, n, second) = columns(&nonzero);
        check("split_part", &[first.clone(), second, n.clone()], read, &expect(&nonzero, |t, n, d| slow_part(t, n, d)))?;
        let parts = nonzero.iter().map(|r| Some(slow_part(r.0.as_deref()?, r.1?, "a"))).collect::<Vec<_>>();
        check("split_part", &[first, text("a"), n], read, &parts)?;
    }

    #[test]
    fn texts_in_texts(rows in rows()) {
        let (first, _, second) = columns(&rows);
        let pairs = |f: &dyn Fn(&str, &str) -> bool| {
            rows.iter().map(|r| Some(f(r.0.as_deref()?, r.2.as_deref()?))).collect::<Vec<_>>()
        };
        let strings = |f: &dyn Fn(&str, &str) -> String| {
            rows.iter().map(|r| Some(f(r.0.as_deref()?, r.2.as_deref()?))).collect::<Vec<_>>()
        };
        let both = [first.clone(), second.clone()];
        check("contains", &both, flags, &pairs(&|a, b| a.contains(b)))?;
        check("starts_with", &both, flags, &pairs(&|a, b| a.starts_with(b)))?;
        check("ends_with", &both, flags, &pairs(&|a, b| a.ends_with(b)))?;
        check("regexp_like", &both, flags, &pairs(&|a, b| a.contains(b)))?;
        check("like", &[first.clone(), second.clone(), text("\\")], flags, &pairs(&|a, b| a == b))?;
        let place = |a: &str, b: &str| a.find(b).map_or(0, |at| a[..at].chars().count() as i64 + 1);
        let places: Vec<_> = rows.iter().map(|r| Some(place(r.0.as_deref()?, r.2.as_deref()?))).collect();
        check("strpos", &both, numbers, &places)?;
        let trimmed = strings(&|a, set| a.trim_matches(|c| set.contains(c)).to_owned());
        check("trim", &both, read, &trimmed)?;
        let trimmed = strings(&|a, set| a.trim_start_matches(|c| set.contains(c)).to_owned());
        check("ltrim", &both, read, &trimmed)?;
        let replaced = strings(&|a, b| if b.is_empty() { a.to_owned() } else { a.replace(b, "xyz") });
        check("replace", &[first.clone(), second.clone(), text("xyz")], read, &replaced)?;
        // One part for all rows: found in all rows at once.
        for part in ["a", "aa", "ab", "aba", "é", "", "bc"] {
            let all: Vec<_> = rows.iter().map(|r| r.0.as_ref().map(|t| t.contains(part))).collect();
            check("contains", &[first.clone(), text(part)], flags, &all)?;
            let pattern = format!("a%{part}%b");
            let like = |t: &String| t.len() > 1 && t.starts_with('a') && t.ends_with('b') && t[1..t.len() - 1].contains(part);
            let all: Vec<_> = rows.iter().map(|r| r.0.as_ref().map(like)).collect();
            check("like", &[first.clone(), text(&pattern), text("\\")], flags, &all)?;
        }
    }

    #[test]
    fn texts_put_together(rows in rows()) {
        let (first, _, second) = columns(&rows);
        let together = |a: &str, b: &str| format!("{a}-{b}");
        let expected: Vec<_> = rows.iter().map(|r| Some(together(r.0.as_deref()?, r.2.as_deref()?))).collect();
        for layout in layouts(&first) {
            prop_assert_eq!(read(&call("concat", &[layout, text("-"), second.clone()]).unwrap()), expected.clone());
        }
        let replaced: Vec<_> = rows.iter().map(|r| r.0.as_ref().map(|t| t.replace("ab", "ba"))).collect();
        check("regexp_replace", &[first.clone(), text("(a)(b)"), text("$2${1}")], read, &replaced)?;
        let extracted: Vec<_> = rows.iter().map(|r| r.0.as_ref().and_then(|t| t.contains("ab").then(|| "b".to_owned()))).collect();
        check("regexp_extract", &[first, text("(a)(b)"), integer(2)], read, &extracted)?;
    }
}

#[test]
fn scalars_and_nulls() {
    let null = Value::Scalar(arrow_array::new_null_array(&DataType::Utf8, 1));
    let two = texts(&[Some("a"), None]);
    assert!(call("concat", &[two.clone(), null.clone()]).unwrap().is_null_scalar());
    assert!(call("lower", &[null]).unwrap().is_null_scalar());
    assert!(matches!(call("upper", &[text("a")]).unwrap(), Value::Scalar(_)));
    assert_eq!(read(&call("concat", &[text("x"), two.clone()]).unwrap()), [Some("xa".into()), None]);
    let absent = Value::Scalar(arrow_array::new_null_array(&DataType::Null, 1));
    assert_eq!(read(&call("substr", &[two, integer(1), absent]).unwrap()), [Some("a".into()), None]);
}

#[test]
fn wrong_arguments_are_told() {
    let message = |name: &str, arguments: &[Value]| call(name, arguments).unwrap_err().message().to_owned();
    assert!(message("substr", &[text("a"), integer(1), integer(-1)]).contains("the length is -1"));
    assert!(message("split_part", &[text("a"), text(","), integer(0)]).contains("counted from 1"));
    assert!(message("repeat", &[text("ab"), integer(i64::MAX)]).contains("at most 2147483647"));
    assert!(message("lpad", &[text("ab"), integer(i64::MAX), text("é")]).contains("at most 2147483647"));
    assert!(message("regexp_like", &[text("ab"), text("(")]).contains("unclosed group"));
    assert!(message("regexp_like", &[text("ab"), text("\\w{2000}{200}")]).contains("size limit"));
    assert!(message("regexp_extract", &[text("ab"), text("a"), integer(1)]).contains("groups are 0 to 0"));
    assert!(message("like", &[text("ab"), text("a\\"), text("\\")]).contains("ends in its escape"));
    assert!(message("lower", &[integer(1)]).contains("cannot take int64; takes string"));
    // Literals are read when the kernel is made.
    assert!(call_constants("regexp_like", &[texts(&[]), text("(")]).is_err());
    assert!(call_constants("like", &[texts(&[]), text("a"), text("xy")]).is_err());
    assert_eq!(flags(&call_constants("like", &[texts(&[Some("a_")]), text("a!_"), text("!")]).unwrap()), [Some(true)]);
}
