//! Times of evaluation and aggregation, per 10^8 rows. Run with
//! `cargo test --release -p pf-compute-core --test evaluate_speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch};
use pf_base::Context;
use pf_compute_core::{Settings, Typed, aggregate, check, evaluate, parse};

const RUNS: usize = 7;

fn rows() -> usize {
    std::env::var("ROWS").ok().and_then(|v| v.parse().ok()).unwrap_or(20_000_000)
}

fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    }
}

/// Seconds of processor time that all threads have used, which do not count what else the machine does meanwhile.
fn processor() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let used = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    used.filter_map(|text| text.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() / 1e9
}

/// The first and the least time, and the least processor time, all per 10^8 rows.
fn time<T>(name: &str, threads: usize, rows: usize, mut f: impl FnMut() -> T) {
    let (mut first, mut least, mut least_used) = (None, f64::INFINITY, f64::INFINITY);
    let scale = 1e8 / rows as f64;
    for _ in 0..RUNS {
        let (start, used) = (Instant::now(), processor());
        let result = std::hint::black_box(f());
        let (seconds, used) = (start.elapsed().as_secs_f64() * scale, (processor() - used) * scale);
        drop(result);
        first.get_or_insert(seconds);
        (least, least_used) = (least.min(seconds), least_used.min(used));
    }
    let first = first.unwrap_or_default();
    println!("{threads} threads  {name:42} first {first:.3} s, least {least:.3} s, processor {least_used:.3} s");
}

#[test]
#[ignore = "measures"]
fn times() {
    let n = rows();
    let float = |seed| {
        let mut next = random(seed);
        Arc::new(Float64Array::from_iter_values((0..n).map(|_| next() as f64 / 1e9 - 1.0))) as ArrayRef
    };
    let mut next = random(9);
    let small: ArrayRef = Arc::new(Int32Array::from_iter_values((0..n).map(|_| (next() % 1000) as i32)));
    let holes: ArrayRef = Arc::new(Int64Array::from_iter((0..n).map(|_| {
        let v = next();
        (!v.is_multiple_of(10)).then_some(v as i64)
    })));
    let table = RecordBatch::try_from_iter([
        ("a", float(1)),
        ("b", float(2)),
        ("c", float(3)),
        ("d", float(4)),
        ("i", small),
        ("n", holes),
    ])
    .unwrap();
    let typed = |text: &str| -> Typed { check(&parse(text).unwrap(), &table.schema(), Settings::default()).unwrap() };
    for threads in [1, 2] {
        let ctx = Context::default().with_threads(threads);
        for text in [
            "a * b",
            "(a * b + c) / d",
            "n + i",
            "i < 500",
            "a < b",
            "(i < 500) AND (a > 0) AND n IS NOT NULL",
            "coalesce(n, 0)",
            "CASE WHEN a > 0 THEN b ELSE c END",
            "a",
        ] {
            let expr = typed(text);
            time(text, threads, n, || evaluate(&expr, table.columns(), n, Settings::default(), &ctx).unwrap());
        }
        for (texts, filter) in [
            (vec!["count()"], Some("(i < 500) AND (a > 0) AND n IS NOT NULL")),
            (vec!["sum(a)"], None),
            (vec!["sum(a)", "mean(a)", "min(a)", "max(a)", "var(a)"], None),
            (vec!["sum(a * b)"], None),
            (vec!["sum(a)"], Some("i < 500")),
        ] {
            let exprs: Vec<Typed> = texts.iter().map(|t| typed(t)).collect();
            let filter = filter.map(typed);
            let run = || {
                aggregate(&exprs, std::iter::once(Ok(table.clone())), filter.as_ref(), Settings::default(), &ctx)
                    .unwrap()
            };
            time(&texts.join(","), threads, n, run);
        }
    }
}
