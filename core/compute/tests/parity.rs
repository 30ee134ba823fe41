//! The parity cases of `tests/parity/compute_*.json`, run on the kernels themselves, for several numbers of threads and
//! cuts of the rows into batches. Every function of the language is in cases with nulls and in cases with edge values.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, RecordBatchReader,
    StringArray,
};
use arrow_schema::{DataType, Field, Schema};
use arrow_select::concat::concat_batches;
use pf_base::{Context, Options, Result, Value};
use pf_compute_core::{
    AGGREGATE, EVALUATE, Expr, ExprKind, FILTER, Settings, aggregate_table, evaluate_table, filter_table, filtered,
    functions, parse, parse_named, parse_sort_key, projected, sort, take_rows, unique_rows, value_counts,
};
use serde_json::Value as Json;

const FAMILIES: &[&str] = &[
    "arithmetic",
    "comparison",
    "logic",
    "conditional",
    "numeric",
    "string",
    "temporal",
    "conversion",
    "aggregate",
    "window",
    "rows",
];

fn cases(family: &str) -> Vec<Json> {
    let path = format!("{}/../../tests/parity/compute_{family}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut file: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(file["family"], family);
    match file["cases"].take() {
        Json::Array(cases) if !cases.is_empty() => cases,
        other => panic!("{path}: cases are {other}"),
    }
}

/// A number, or the text of one that JSON has not.
fn float(json: &Json) -> f64 {
    match json.as_str() {
        Some("NaN") => f64::NAN,
        Some("Infinity") => f64::INFINITY,
        Some("-Infinity") => f64::NEG_INFINITY,
        Some("-0.0") => -0.0,
        Some(other) => panic!("a number is '{other}'"),
        None => json.as_f64().expect("a number"),
    }
}

fn integers(values: &[Json]) -> ArrayRef {
    Arc::new(values.iter().map(|v| (!v.is_null()).then(|| v.as_i64().expect("an integer"))).collect::<Int64Array>())
}

fn column(json: &Json) -> ArrayRef {
    let values = json["values"].as_array().expect("values");
    match json["type"].as_str() {
        Some("int64") => integers(values),
        Some("float64") => Arc::new(values.iter().map(|v| (!v.is_null()).then(|| float(v))).collect::<Float64Array>()),
        Some("bool") => Arc::new(values.iter().map(Json::as_bool).collect::<BooleanArray>()),
        Some("string") => Arc::new(values.iter().map(Json::as_str).collect::<StringArray>()),
        other => panic!("a column of {other:?}"),
    }
}

fn table(json: &Json) -> RecordBatch {
    let columns = json["columns"].as_array().expect("columns");
    let arrays: Vec<ArrayRef> = columns.iter().map(column).collect();
    let names = columns.iter().map(|c| c["name"].as_str().expect("a name"));
    let fields: Vec<Field> = names.zip(&arrays).map(|(n, a)| Field::new(n, a.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a table")
}

/// The table in batches of so many rows, with one of none among them.
fn cut(table: &RecordBatch, rows: usize) -> Vec<RecordBatch> {
    let starts = (0..table.num_rows()).step_by(rows);
    let mut batches: Vec<_> = starts.map(|start| table.slice(start, rows.min(table.num_rows() - start))).collect();
    batches.insert(batches.len() / 2, table.slice(0, 0));
    batches
}

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(v) => Value::Bool(*v),
        Json::String(v) => Value::Str(v.clone()),
        Json::Array(v) => Value::StrList(v.iter().map(|s| s.as_str().expect("a string").to_owned()).collect()),
        Json::Number(v) => v.as_i64().map_or_else(|| Value::F64(v.as_f64().expect("a number")), Value::I64),
        other => panic!("an option of {other}"),
    }
}

fn texts<'a>(case: &'a Json, name: &str) -> Vec<&'a str> {
    case[name].as_array().into_iter().flatten().map(|t| t.as_str().expect("a text")).collect()
}

/// What a reader gives, as one batch.
fn collected(reader: impl RecordBatchReader) -> Result<RecordBatch> {
    let schema = reader.schema();
    let batches = reader.collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(concat_batches(&schema, &batches)?)
}

/// The result of a case; over whole columns, or over batches of so many rows.
fn run(case: &Json, threads: usize, rows: Option<usize>) -> Result<RecordBatch> {
    let ctx = Context::default().with_threads(threads);
    let table = table(&case["table"]);
    let schema = table.schema();
    let batches = rows.map_or_else(|| vec![table.clone()], |rows| cut(&table, rows));
    let reader = || RecordBatchIterator::new(batches.clone().into_iter().map(Ok), schema.clone());
    let mut options = Options::default();
    for (name, given) in case["options"].as_object().expect("options") {
        options.set(name, value(given));
    }
    match case["call"].as_str() {
        Some("evaluate") => {
            let settings = Settings::from_options(&options.bind(&EVALUATE)?)?;
            let expressions = texts(case, "expressions");
            match rows {
                None => evaluate_table(&table, &expressions, settings, &ctx),
                Some(_) => collected(projected(Box::new(reader()), &expressions, settings, &ctx)?),
            }
        }
        Some("filter") => {
            let options = options.bind(&FILTER)?;
            let (settings, columns) = (Settings::from_options(&options)?, options.opt_str_list("columns"));
            let predicate = case["predicate"].as_str().expect("a predicate");
            match rows {
                None => filter_table(&table, predicate, columns, settings, &ctx),
                Some(_) => collected(filtered(Box::new(reader()), predicate, columns, settings, &ctx)?),
            }
        }
        Some("aggregate") => {
            let options = options.bind(&AGGREGATE)?;
            let (settings, condition) = (Settings::from_options(&options)?, options.opt_str("where"));
            let source = batches.into_iter().map(Ok);
            aggregate_table(source, &schema, &texts(case, "expressions"), condition, settings, &ctx)
        }
        Some("sort") => sort(&batches, &schema, &texts(case, "keys"), &options, &ctx),
        Some("take") => {
            let indices = integers(case["indices"].as_array().expect("indices"));
            take_rows(&batches, &schema, &indices, &options, &ctx)
        }
        Some("unique") => unique_rows(&batches, &schema, &options, &ctx),
        Some("value_counts") => value_counts(&batches, &schema, &options, &ctx),
        other => panic!("no runner for {other:?}"),
    }
}

/// Equal to a share of the number; at no tolerance the sign of zero counts too. All NaN are equal.
fn same_float(got: f64, want: f64, tolerance: f64) -> bool {
    if got.is_nan() || want.is_nan() {
        return got.is_nan() && want.is_nan();
    }
    if tolerance == 0.0 || got.is_infinite() || want.is_infinite() {
        return got == want && got.is_sign_negative() == want.is_sign_negative();
    }
    (got - want).abs() <= tolerance * want.abs().max(1.0)
}

/// The first row that is not what was wanted.
fn difference(got: &ArrayRef, want: &Json, tolerance: f64) -> Option<String> {
    let (kind, wanted) = (want["type"].as_str().expect("a type"), want["values"].as_array().expect("values"));
    let right_type = match kind {
        "int64" => DataType::Int64,
        "uint64" => DataType::UInt64,
        "float64" => DataType::Float64,
        "bool" => DataType::Boolean,
        "string" => DataType::Utf8,
        other => panic!("a column of {other}"),
    };
    if *got.data_type() != right_type {
        return Some(format!("the type is {}, wanted {kind}", got.data_type()));
    }
    if got.len() != wanted.len() {
        return Some(format!("there are {} rows, wanted {}", got.len(), wanted.len()));
    }
    let same = |row: usize, want: &Json| match kind {
        _ if want.is_null() || got.is_null(row) => want.is_null() && got.is_null(row),
        "int64" => want.as_i64() == Some(got.as_primitive::<Int64Type>().value(row)),
        "uint64" => want.as_u64() == Some(got.as_primitive::<UInt64Type>().value(row)),
        "float64" => same_float(got.as_primitive::<Float64Type>().value(row), float(want), tolerance),
        "bool" => want.as_bool() == Some(got.as_boolean().value(row)),
        _ => want.as_str() == Some(got.as_string::<i32>().value(row)),
    };
    let row = wanted.iter().enumerate().find(|(row, want)| !same(*row, want)).map(|(row, _)| row)?;
    let shown = format!("{:?}", got.slice(row, 1)).replace('\n', " ");
    Some(format!("row {row} is {shown}, wanted {}", wanted[row]))
}

/// What is wrong with the result of a case.
fn faults(case: &Json, result: &Result<RecordBatch>) -> Vec<String> {
    let wanted_error = case.get("expect_error");
    let batch = match (wanted_error, result) {
        (Some(want), Err(error)) => {
            let fragment = want["message_contains"].as_str().expect("a text");
            let right = want["code"] == error.code().name() && error.message().contains(fragment);
            return if right { vec![] } else { vec![format!("{:?}: {error}, wanted {want}", error.code())] };
        }
        (Some(want), Ok(_)) => return vec![format!("succeeded, wanted {want}")],
        (None, Err(error)) => return vec![format!("{:?}: {error}", error.code())],
        (None, Ok(batch)) => batch,
    };
    let columns = case["expect"]["columns"].as_array().expect("columns");
    let tolerance = case["tolerance"].as_f64().expect("a tolerance");
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let wanted: Vec<&str> = columns.iter().map(|c| c["name"].as_str().expect("a name")).collect();
    if names != wanted {
        return vec![format!("the columns are {names:?}, wanted {wanted:?}")];
    }
    let of_column = |(i, want): (usize, &Json)| {
        let text = case["expressions"][i].as_str().unwrap_or(wanted[i]);
        difference(batch.column(i), want, tolerance).map(|what| format!("{text}: {what}"))
    };
    columns.iter().enumerate().filter_map(of_column).collect()
}

/// Aggregates of distances from the mean.
const ROUNDED: [&str; 4] = ["skew(", "kurt", "covar", "corr("];

/// The columns of which another run gave other bits, or that one failed and the other did not.
///
/// Sums of distances from the mean are rounded where batches end, so that such aggregates are the same for any
/// number of threads only.
fn changed(case: &Json, result: &Result<RecordBatch>, other: &Result<RecordBatch>, is_cut: bool) -> Vec<String> {
    let (batch, other) = match (result, other) {
        (Ok(batch), Ok(other)) => (batch, other),
        // Which of several faults is met first may depend on the batches.
        (Err(error), Err(other)) if is_cut || error == other => return vec![],
        (_, Err(other)) => return vec![format!("failed: {other}")],
        (Err(error), _) => return vec![format!("did not fail: {error}")],
    };
    let name = |i: usize| case["expressions"][i].as_str().unwrap_or("a column").to_owned();
    let rounded = |i: &usize| is_cut && ROUNDED.iter().any(|start| name(*i).starts_with(start));
    let same = |i: &usize| batch.column(*i) == other.column(*i);
    (0..batch.num_columns()).filter(|i| !same(i) && !rounded(i)).map(name).collect()
}

fn check(family: &str) {
    let mut wrong = Vec::new();
    for case in cases(family) {
        let name = case["name"].as_str().expect("a name");
        let want = run(&case, 1, None);
        wrong.extend(faults(&case, &want).into_iter().map(|fault| format!("{name}: {fault}")));
        for (threads, rows) in [(2, None), (7, None), (1, Some(1)), (2, Some(3)), (7, Some(64))] {
            let result = run(&case, threads, rows);
            let mut found = changed(&case, &want, &result, rows.is_some());
            if rows.is_some() && faults(&case, &want).is_empty() {
                found.extend(faults(&case, &result));
            }
            let how = |fault| format!("{name}: with {threads} threads and batches of {rows:?} rows: {fault}");
            wrong.extend(found.into_iter().map(how));
        }
    }
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), wrong.join("\n"));
}

macro_rules! parity {
    ($($family:ident),* $(,)?) => {
        mod agrees_with_the_oracle {
            $(#[test]
            fn $family() {
                super::check(stringify!($family));
            })*

            #[test]
            fn all_families() {
                assert_eq!(super::FAMILIES, [$(stringify!($family)),*]);
            }
        }
    };
}

parity!(arithmetic, comparison, logic, conditional, numeric, string, temporal, conversion, aggregate, window, rows,);

/// The functions that an expression calls, by their own names.
fn called(expr: &Expr, found: &mut BTreeSet<&'static str>) {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) => {}
        ExprKind::Cast { value, try_cast, .. } => {
            found.insert(if *try_cast { "try_cast" } else { "cast" });
            called(value, found);
        }
        ExprKind::Call { name, arguments, named, distinct, filter } => {
            let name = if *distinct && name == "count" { "count_distinct" } else { name.as_str() };
            found.insert(functions::find(name).unwrap_or_else(|| panic!("no function {name}")).name);
            let inside = arguments.iter().chain(named.iter().map(|(_, e)| e)).chain(filter.as_deref());
            inside.for_each(|e| called(e, found));
        }
    }
}

/// The functions that a case with a result calls.
fn called_by(case: &Json) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for text in texts(case, "expressions") {
        called(&parse_named(text).expect("an expression").expr, &mut found);
    }
    for text in texts(case, "keys") {
        called(&parse_sort_key(text).expect("a key").expr, &mut found);
    }
    for text in [&case["predicate"], &case["options"]["where"]].into_iter().filter_map(Json::as_str) {
        called(&parse(text).expect("a condition"), &mut found);
    }
    found
}

fn is_edge(column: &Json) -> bool {
    let values = column["values"].as_array().expect("values");
    let edge = |v: &Json| match v {
        Json::String(text) => text.is_empty() || !text.is_ascii() || column["type"] == "float64",
        Json::Number(n) => n.as_i64().is_some_and(|n| n == i64::MAX || n == i64::MIN),
        _ => false,
    };
    values.is_empty() || values.iter().any(edge)
}

#[test]
fn every_function_has_cases_with_nulls_with_edges_and_with_rows() {
    let [mut with_rows, mut with_nulls, mut with_edges] = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    for case in FAMILIES.iter().flat_map(|family| cases(family)) {
        if case.get("expect").is_none() {
            continue;
        }
        let found = called_by(&case);
        let columns = case["table"]["columns"].as_array().expect("columns");
        let has = |test: &dyn Fn(&Json) -> bool| columns.iter().any(test);
        if has(&|c| c["values"].as_array().is_some_and(|v| v.len() > 1)) {
            with_rows.extend(&found);
        }
        if has(&|c| c["values"].as_array().is_some_and(|v| v.contains(&Json::Null))) {
            with_nulls.extend(&found);
        }
        if has(&is_edge) {
            with_edges.extend(&found);
        }
    }
    let all: BTreeSet<&str> = functions::all().map(|f| f.name).chain(["cast", "try_cast"]).collect();
    for (what, found) in [("rows", with_rows), ("nulls", with_nulls), ("edge values", with_edges)] {
        let missing: Vec<_> = all.difference(&found).collect();
        assert!(missing.is_empty(), "no case with {what} of {missing:?}");
    }
}
