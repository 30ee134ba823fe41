//! The parity cases of `tests/parity`, run on the kernels themselves: every kernel of the registry has a file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::registry::Kernel;
use pf_base::{Context, Error, Options, Result, Value};
use pf_graph_core::{
    BFS, CONNECTED_COMPONENTS, DEGREE, KERNELS, PAGERANK, bfs, connected_components, degree, pagerank,
};
use serde_json::Value as Json;

fn ids(json: &Json, text: bool) -> Ids {
    let list = json.as_array().expect("a list of ids");
    if text {
        Ids::Text(list.iter().map(|v| v.as_str().expect("a string id").to_owned()).collect())
    } else {
        Ids::Int(list.iter().map(|v| v.as_i64().expect("an integer id")).collect())
    }
}

fn numbers(json: &Json) -> Vec<f64> {
    json.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn options(json: &Json) -> Options {
    let mut options = Options::default();
    for (name, value) in json.as_object().expect("options") {
        let value = match value {
            Json::Bool(v) => Value::Bool(*v),
            Json::String(v) => Value::Str(v.clone()),
            Json::Number(v) => v.as_i64().map_or_else(|| Value::F64(v.as_f64().expect("a number")), Value::I64),
            other => panic!("an option of {other}"),
        };
        options.set(name, value);
    }
    options
}

fn run(kernel: &str, case: &Json, threads: usize) -> Result<RecordBatch> {
    let ctx = Context::default().with_threads(threads);
    let g = &case["graph"];
    let text = g["id_type"] == "string";
    let mut build = Options::default().with("directed", Value::Bool(g["directed"].as_bool().unwrap_or(true)));
    if let Some(n) = g["num_vertices"].as_i64() {
        build.set("num_vertices", Value::I64(n));
    }
    let weight = g.get("weight").map(numbers);
    if weight.is_some() {
        build.set("weight", Value::Str("weight".to_owned()));
    }
    let vertices = g.get("vertices").map(|v| ids(v, text));
    let (source, target) = (ids(&g["source"], text), ids(&g["target"], text));
    let graph = graph(&source, &target, weight.as_deref(), vertices.as_ref(), &build, 7, &ctx)?;
    let options = options(&case["options"]);
    match kernel {
        "degree" => degree(&graph, &options, &ctx),
        "bfs" => bfs(&graph, &ids(&case["sources"], text).array(), None, &options, &ctx),
        "connected_components" => connected_components(&graph, &options, &ctx),
        "pagerank" => {
            let jumps = case.get("personalization").map(|p| {
                let weights: ArrayRef = Arc::new(Float64Array::from(numbers(&p["weight"])));
                RecordBatch::try_from_iter([("vertex", ids(&p["vertex"], text).array()), ("weight", weights)])
            });
            let jumps = jumps.transpose().map_err(Error::from)?;
            pagerank(&graph, jumps.as_ref().map(std::slice::from_ref), &options, &ctx)
        }
        other => panic!("no runner for {other}"),
    }
}

fn same(column: &ArrayRef, want: &Json, tolerance: f64) -> bool {
    let want = want.as_array().expect("a column");
    column.len() == want.len()
        && want.iter().enumerate().all(|(i, want)| match want {
            Json::Null => column.is_null(i),
            _ if column.is_null(i) => false,
            Json::String(text) => column.as_string_opt::<i32>().is_some_and(|c| c.value(i) == text),
            number => match column.as_primitive_opt::<Float64Type>() {
                Some(floats) => (floats.value(i) - number.as_f64().expect("a number")).abs() <= tolerance,
                None => column.as_primitive_opt::<Int64Type>().is_some_and(|c| Some(c.value(i)) == number.as_i64()),
            },
        })
}

fn check(kernel: &'static Kernel) {
    let path = format!("{}/../../tests/parity/{}.json", env!("CARGO_MANIFEST_DIR"), kernel.name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let file: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(file["kernel"], kernel.name);
    let cases = file["cases"].as_array().expect("cases");
    assert!(!cases.is_empty());
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let result = run(kernel.name, case, 1);
        for threads in [2, 7] {
            assert_eq!(run(kernel.name, case, threads), result, "{name}: another result with {threads} threads");
        }
        match (case.get("expect_error"), result) {
            (Some(want), Err(error)) => {
                assert_eq!(want["code"], error.code().name(), "{name}: {error}");
                let fragment = want["message_contains"].as_str().unwrap_or_default();
                assert!(error.message().contains(fragment), "{name}: '{error}' does not name '{fragment}'");
            }
            (Some(want), Ok(_)) => panic!("{name}: succeeded, wanted {want}"),
            (None, Err(error)) => panic!("{name}: {error}"),
            (None, Ok(batch)) => {
                let columns = case["expect"]["columns"].as_object().expect("columns");
                for (column, want) in columns {
                    let got = batch.column_by_name(column).unwrap_or_else(|| panic!("{name}: no column {column}"));
                    let tolerance = case["tolerance"].as_f64().unwrap_or(0.0);
                    assert!(same(got, want, tolerance), "{name}: {column} is {got:?}, wanted {want}");
                }
                for (key, want) in case["expect"]["metadata"].as_object().into_iter().flatten() {
                    assert_eq!(batch.schema().metadata().get(key).map(String::as_str), want.as_str(), "{name}: {key}");
                }
            }
        }
    }
}

#[test]
fn bfs_agrees_with_the_oracle() {
    check(&BFS);
}

#[test]
fn connected_components_agree_with_the_oracle() {
    check(&CONNECTED_COMPONENTS);
}

#[test]
fn degree_agrees_with_the_oracle() {
    check(&DEGREE);
}

#[test]
fn pagerank_agrees_with_the_oracle() {
    check(&PAGERANK);
}

#[test]
fn every_kernel_with_a_result_has_parity_cases() {
    for kernel in KERNELS.iter().filter(|k| !k.columns.is_empty()) {
        let path = format!("{}/../../tests/parity/{}.json", env!("CARGO_MANIFEST_DIR"), kernel.name);
        assert!(std::path::Path::new(&path).exists(), "no {path}");
    }
}
