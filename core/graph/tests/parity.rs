//! The parity cases of `tests/parity`, run on the kernels themselves: every kernel of the registry has a file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Context, Error, Options, Result, Value};
use pf_graph_core::KERNELS;
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

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(v) => Value::Bool(*v),
        Json::String(v) => Value::Str(v.clone()),
        Json::Number(v) => v.as_i64().map_or_else(|| Value::F64(v.as_f64().expect("a number")), Value::I64),
        other => panic!("an option of {other}"),
    }
}

fn run(kernel: &str, case: &Json, threads: usize) -> Result<RecordBatch> {
    let ctx = Context::default().with_threads(threads);
    let g = &case["graph"];
    let text = g["id_type"] == "string";
    let mut build = Options::default();
    for name in ["directed", "num_vertices", "duplicates", "self_loops", "edge_ids"] {
        if let Some(given) = g.get(name) {
            build.set(name, value(given));
        }
    }
    let weight = g.get("weight").map(numbers);
    if weight.is_some() {
        build.set("weight", Value::Str("weight".to_owned()));
    }
    let vertices = g.get("vertices").map(|v| ids(v, text));
    let (source, target) = (ids(&g["source"], text), ids(&g["target"], text));
    let graph = graph(&source, &target, weight.as_deref(), vertices.as_ref(), &build, 7, &ctx)?;
    let mut options = Options::default();
    for (name, given) in case["options"].as_object().expect("options") {
        options.set(name, value(given));
    }
    let given = |name: &str| case.get(name).map(|v| ids(v, text).array());
    let needed = |name: &str| given(name).unwrap_or_else(|| panic!("{kernel} has no {name}"));
    let one = |name: &str| ids(&Json::Array(vec![case[name].clone()]), text).array();
    match kernel {
        "betweenness" => pf_graph_core::betweenness(&graph, given("sources").as_ref(), &options, &ctx),
        "bfs" => pf_graph_core::bfs(&graph, &needed("sources"), given("targets").as_ref(), &options, &ctx),
        "closeness" => pf_graph_core::closeness(&graph, given("sources").as_ref(), &options, &ctx),
        "clustering_coefficient" => pf_graph_core::clustering_coefficient(&graph, &options, &ctx),
        "condensation" => pf_graph_core::condensation(&graph, &options, &ctx),
        "connected_components" => pf_graph_core::connected_components(&graph, &options, &ctx),
        "core_number" => pf_graph_core::core_number(&graph, &options, &ctx),
        "degree" => pf_graph_core::degree(&graph, &options, &ctx),
        "degree_centrality" => pf_graph_core::degree_centrality(&graph, &options, &ctx),
        "dfs" => pf_graph_core::dfs(&graph, given("sources").as_ref(), &options, &ctx),
        "edges" => pf_graph_core::edges(&graph, &options, &ctx),
        "find_cycle" => pf_graph_core::find_cycle(&graph, &options, &ctx),
        "has_edge" => pf_graph_core::has_edge(&graph, &needed("sources"), &needed("targets"), &options, &ctx),
        "neighbors" => pf_graph_core::neighbors(&graph, &needed("vertices"), &options, &ctx),
        "path" => pf_graph_core::path(&graph, &one("source"), &one("target"), &options, &ctx),
        "shortest_path" => {
            pf_graph_core::shortest_path(&graph, &needed("sources"), given("targets").as_ref(), &options, &ctx)
        }
        "strongly_connected_components" => pf_graph_core::strongly_connected_components(&graph, &options, &ctx),
        "topological_sort" => pf_graph_core::topological_sort(&graph, &options, &ctx),
        "triangles" => pf_graph_core::triangles(&graph, &options, &ctx),
        "pagerank" => {
            let jumps = case.get("personalization").map(|p| {
                let weights: ArrayRef = Arc::new(Float64Array::from(numbers(&p["weight"])));
                RecordBatch::try_from_iter([("vertex", ids(&p["vertex"], text).array()), ("weight", weights)])
            });
            let jumps = jumps.transpose().map_err(Error::from)?;
            pf_graph_core::pagerank(&graph, jumps.as_ref().map(std::slice::from_ref), &options, &ctx)
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
            Json::Bool(truth) => column.as_boolean_opt().is_some_and(|c| c.value(i) == *truth),
            Json::String(text) => column.as_string_opt::<i32>().is_some_and(|c| c.value(i) == text),
            number => match column.as_primitive_opt::<Float64Type>() {
                Some(floats) => (floats.value(i) - number.as_f64().expect("a number")).abs() <= tolerance,
                None => column.as_primitive_opt::<Int64Type>().is_some_and(|c| Some(c.value(i)) == number.as_i64()),
            },
        })
}

/// Whether the rows are a cycle of the graph: every step uses an edge of its own, and no vertex comes twice.
fn is_cycle(column: &ArrayRef, graph: &Json) -> bool {
    let cycle: Vec<Json> = match column.as_primitive_opt::<Int64Type>() {
        Some(ids) => ids.values().iter().map(|v| Json::from(*v)).collect(),
        None => column.as_string::<i32>().iter().map(Json::from).collect(),
    };
    let list = |name: &str| graph[name].as_array().expect("ids").iter();
    let mut edges: Vec<_> = list("source").zip(list("target")).collect();
    let directed = graph["directed"].as_bool().expect("true or false");
    !cycle.is_empty()
        && cycle.iter().enumerate().all(|(i, from)| {
            let to = &cycle[(i + 1) % cycle.len()];
            let used = edges.iter().position(|e| *e == (from, to) || (!directed && *e == (to, from)));
            used.map(|row| edges.swap_remove(row)).is_some() && !cycle[..i].contains(from)
        })
}

/// Whether a fact is the text that was wanted, or the number to the tolerance.
fn same_fact(got: Option<&String>, want: &Json, tolerance: f64) -> bool {
    match want.as_f64() {
        Some(number) => got.and_then(|g| g.parse::<f64>().ok()).is_some_and(|g| (g - number).abs() <= tolerance),
        None => got.map(String::as_str) == want.as_str(),
    }
}

fn check_result(name: &str, case: &Json, batch: &RecordBatch) {
    let expect = &case["expect"];
    let tolerance = case["tolerance"].as_f64().unwrap_or(0.0);
    let columns = expect["columns"].as_object().expect("columns");
    assert_eq!(batch.num_columns(), columns.len(), "{name}: {:?}", batch.schema());
    for (column, want) in columns {
        let got = batch.column_by_name(column).unwrap_or_else(|| panic!("{name}: no column {column}"));
        match expect["verify"].as_str() {
            Some("cycle") => assert!(is_cycle(got, &case["graph"]), "{name}: {got:?} is no cycle"),
            Some(other) => panic!("{name}: this runner cannot verify a {other}"),
            None => assert!(same(got, want, tolerance), "{name}: {column} is {got:?}, wanted {want}"),
        }
    }
    for (key, want) in expect["metadata"].as_object().into_iter().flatten() {
        let schema = batch.schema();
        let got = schema.metadata().get(key);
        assert!(same_fact(got, want, tolerance), "{name}: {key} is {got:?}, wanted {want}");
    }
}

fn check(kernel: &str) {
    let path = format!("{}/../../tests/parity/{kernel}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let file: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(file["kernel"], kernel);
    let cases = file["cases"].as_array().expect("cases");
    assert!(!cases.is_empty());
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let result = run(kernel, case, 1);
        for threads in [2, 7] {
            assert_eq!(run(kernel, case, threads), result, "{name}: another result with {threads} threads");
        }
        match (case.get("expect_error"), result) {
            (Some(want), Err(error)) => {
                assert_eq!(want["code"], error.code().name(), "{name}: {error}");
                let fragment = want["message_contains"].as_str().unwrap_or_default();
                assert!(error.message().contains(fragment), "{name}: '{error}' does not name '{fragment}'");
            }
            (Some(want), Ok(_)) => panic!("{name}: succeeded, wanted {want}"),
            (None, Err(error)) => panic!("{name}: {error}"),
            (None, Ok(batch)) => check_result(name, case, &batch),
        }
    }
}

macro_rules! parity {
    ($($kernel:ident),* $(,)?) => {
        /// The kernels whose cases are run.
        const CHECKED: &[&str] = &[$(stringify!($kernel)),*];

        mod agrees_with_the_oracle {
            $(#[test]
            fn $kernel() {
                super::check(stringify!($kernel));
            })*
        }
    };
}

parity!(
    betweenness,
    bfs,
    closeness,
    clustering_coefficient,
    condensation,
    connected_components,
    core_number,
    degree,
    degree_centrality,
    dfs,
    edges,
    find_cycle,
    has_edge,
    neighbors,
    pagerank,
    path,
    shortest_path,
    strongly_connected_components,
    topological_sort,
    triangles,
);

#[test]
fn every_kernel_with_a_result_is_checked() {
    for kernel in KERNELS.iter().filter(|k| !k.columns.is_empty()) {
        assert!(CHECKED.contains(&kernel.name), "no cases of {}", kernel.name);
    }
}
