//! PageRank against the solution of its equation, on degenerate graphs and on long, uneven rows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "shared by several test programs")]
mod common;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use common::{Ids, graph};
use pf_base::{Context, Options, Value};
use pf_graph_core::{Graph, pagerank};
use proptest::prelude::*;

type Edge = (i64, i64, f64);

fn build(edges: &[Edge], n: i64, directed: bool, ctx: &Context) -> Graph {
    let options = Options::default()
        .with("num_vertices", Value::I64(n))
        .with("directed", Value::Bool(directed))
        .with("weight", Value::Str("weight".to_owned()));
    let source = Ids::Int(edges.iter().map(|e| e.0).collect());
    let target = Ids::Int(edges.iter().map(|e| e.1).collect());
    let weight: Vec<f64> = edges.iter().map(|e| e.2).collect();
    graph(&source, &target, Some(&weight), None, &options, 65_536, ctx).unwrap()
}

fn ranks(batch: &RecordBatch) -> Vec<f64> {
    batch["rank"].as_primitive::<Float64Type>().values().to_vec()
}

fn fact(batch: &RecordBatch, name: &str) -> String {
    batch.schema().metadata()[&format!("parquetframe.{name}")].clone()
}

/// Solves rank = damping * (transposed transitions) * rank + jumps by elimination.
fn solved(edges: &[Edge], n: usize, directed: bool, damping: f64, jumps: &[f64]) -> Vec<f64> {
    let mut flow = vec![vec![0.0; n]; n];
    for (s, t, w) in edges {
        flow[*s as usize][*t as usize] += w;
        if !directed && s != t {
            flow[*t as usize][*s as usize] += w;
        }
    }
    let mut system: Vec<Vec<f64>> = (0..n).map(|_| vec![0.0; n + 1]).collect();
    for s in 0..n {
        let total: f64 = flow[s].iter().sum();
        for t in 0..n {
            let share = if total > 0.0 { flow[s][t] / total } else { jumps[t] };
            system[t][s] = f64::from(u8::from(s == t)) - damping * share;
        }
    }
    (0..n).for_each(|t| system[t][n] = (1.0 - damping) * jumps[t]);
    for column in 0..n {
        let best = (column..n).max_by(|a, b| system[*a][column].abs().total_cmp(&system[*b][column].abs())).unwrap();
        system.swap(column, best);
        let pivot = system[column].clone();
        for (r, row) in system.iter_mut().enumerate().filter(|(r, _)| *r != column) {
            assert!(r < n);
            let factor = row[column] / pivot[column];
            row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
        }
    }
    (0..n).map(|v| system[v][n] / system[v][v]).collect()
}

fn arbitrary() -> impl Strategy<Value = (i64, Vec<Edge>, bool)> {
    (1..25i64).prop_flat_map(|n| {
        let weight = prop_oneof![Just(0.0), Just(1.0), 0.1..9.0f64];
        (Just(n), prop::collection::vec((0..n, 0..n, weight), 0..90), any::<bool>())
    })
}

proptest! {
    #[test]
    fn converges_to_the_solution(
        (n, edges, directed) in arbitrary(),
        damping in 0.05..0.9f64,
        weighted: bool,
        picks in prop::collection::vec((0..25i64, 0.1..5.0f64), 0..4),
    ) {
        let used: Vec<Edge> = edges.iter().map(|e| (e.0, e.1, if weighted { e.2 } else { 1.0 })).collect();
        let mut jumps = vec![0.0; n as usize];
        picks.iter().for_each(|(v, w)| jumps[(v % n) as usize] += w);
        let total: f64 = jumps.iter().sum();
        jumps.iter_mut().for_each(|j| *j = if total > 0.0 { *j / total } else { 1.0 / n as f64 });
        let want = solved(&used, n as usize, directed, damping, &jumps);

        let personalization = (!picks.is_empty()).then(|| {
            let vertices: ArrayRef = Arc::new(picks.iter().map(|p| p.0 % n).collect::<Int64Array>());
            let weights: ArrayRef = Arc::new(picks.iter().map(|p| p.1).collect::<Float64Array>());
            vec![RecordBatch::try_from_iter([("vertex", vertices), ("weight", weights)]).unwrap()]
        });
        let mut options = Options::default()
            .with("damping", Value::F64(damping))
            .with("tolerance", Value::F64(1e-13))
            .with("max_iterations", Value::I64(1000));
        if weighted {
            options.set("weight", Value::Str("weight".to_owned()));
        }
        let all = [1, 2, 7].map(|threads| {
            let ctx = Context::default().with_threads(threads);
            let g = build(&edges, n, directed, &ctx);
            let got = pagerank(&g, personalization.as_deref(), &options, &ctx).unwrap();
            assert_eq!(ctx.memory().used(), 0);
            got
        });
        prop_assert_eq!(fact(&all[0], "converged"), "true");
        let got = ranks(&all[0]);
        prop_assert!(got.iter().zip(&want).all(|(g, w)| (g - w).abs() < 1e-11), "{:?} {:?}", got, want);
        prop_assert!(all.iter().all(|other| *other == all[0]));
    }
}

/// The equation of every vertex, on a graph that is too large to be solved.
#[test]
fn uneven_rows_satisfy_the_equation_in_the_same_bits() {
    let n = 40_000i64;
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64
    };
    // A few vertices receive from nearly all, many from none, others from one to hundreds.
    let target = |r: i64, s: i64| match r % 4 {
        0 => r / 4 % 3,
        1 => (r / 4) % (1 + (r / 4) % 700),
        _ => (r / 4) % (1 + s),
    };
    let edges: Vec<Edge> = (0..200_000)
        .map(|_| {
            let s = random() % n;
            (s, target(random(), s), 1.0)
        })
        .collect();
    let options = Options::default().with("tolerance", Value::F64(1e-12)).with("max_iterations", Value::I64(200));
    let all = [1, 2, 7].map(|threads| {
        let ctx = Context::default().with_threads(threads);
        pagerank(&build(&edges, n, true, &ctx), None, &options, &ctx).unwrap()
    });
    assert!(all.iter().all(|other| *other == all[0]));
    let got = ranks(&all[0]);
    let mut degrees = vec![0.0; n as usize];
    edges.iter().for_each(|e| degrees[e.0 as usize] += 1.0);
    let ended: f64 = (0..n as usize).filter(|v| degrees[*v] == 0.0).map(|v| got[v]).sum();
    let mut want = vec![(0.15 + 0.85 * ended) / n as f64; n as usize];
    edges.iter().for_each(|e| want[e.1 as usize] += 0.85 * got[e.0 as usize] / degrees[e.0 as usize]);
    assert!((got.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(got.iter().zip(&want).all(|(g, w)| (g - w).abs() < 1e-12));
}

#[test]
fn degenerate_graphs() {
    let ctx = Context::default().with_threads(2);
    let run = |edges: &[Edge], n, directed| {
        let options = Options::default().with("tolerance", Value::F64(1e-13)).with("max_iterations", Value::I64(300));
        ranks(&pagerank(&build(edges, n, directed, &ctx), None, &options, &ctx).unwrap())
    };
    assert_eq!(run(&[], 0, true), []);
    assert_eq!(run(&[], 1, true), [1.0]);
    let alike = |got: Vec<f64>| got.iter().all(|r| (r - 1.0 / got.len() as f64).abs() < 1e-13);
    assert!(alike(run(&[], 7, true)));
    assert!(alike(run(&(0..7).map(|v| (v, v, 1.0)).collect::<Vec<_>>(), 7, true)));
    let complete: Vec<Edge> = (0..300).flat_map(|u| (0..u).map(move |v| (u, v, 1.0))).collect();
    assert!(alike(run(&complete, 300, false)));
    // All leaves of a star send to its centre: more edges than a block of anything holds.
    let leaves = 40_000;
    let star: Vec<Edge> = (1..=leaves).map(|v| (v, 0, 1.0)).collect();
    let got = run(&star, leaves + 1, true);
    let leaf = got[1];
    assert!(got[2..].iter().all(|r| *r == leaf));
    assert!((got[0] - leaf - 0.85 * leaf * leaves as f64).abs() < 1e-12);
}
