//! Figures, in release: `cargo nextest run --release -p pf-compute-core --run-ignored only measure --no-capture`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_buffer::NullBuffer;
use pf_base::Context;

use super::words::mix;
use crate::{Settings, Typed};

fn rows() -> usize {
    std::env::var("ROWS").ok().and_then(|v| v.parse().ok()).unwrap_or(100_000_000)
}

/// Aggregates of these names over one column, together; the least of several times.
fn time(what: &str, names: &[&str], column: &ArrayRef, threads: usize) {
    let ctx = Context::default().with_threads(threads);
    let table = RecordBatch::try_from_iter_with_nullable([("x", column.clone(), true)]).unwrap();
    let check = |name: &&str| {
        let text = match *name {
            "approx_quantile" => "approx_quantile(x, 0.5)".to_owned(),
            "count(*)" => "count(*)".to_owned(),
            name => format!("{name}(x)"),
        };
        crate::check(&crate::parse(&text).unwrap(), &table.schema(), Settings::default()).unwrap()
    };
    let exprs: Vec<Typed> = names.iter().map(check).collect();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        let source = std::iter::once(Ok(table.clone()));
        std::hint::black_box(crate::aggregate(&exprs, source, None, Settings::default(), &ctx).unwrap());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{what} {names:?}, {threads} threads: {:.3} s per 10^8, {} MB of the budget",
        best * 1e8 / column.len() as f64,
        ctx.memory().peak() >> 20
    );
}

fn random(i: usize) -> u64 {
    mix(i as u64)
}

/// Half a normal distribution would do; this is uniform with a sign, and 5 % nulls.
fn floats() -> ArrayRef {
    let values: Vec<f64> = (0..rows())
        .map(|i| {
            let parts = random(i);
            let unit = |bits: u64| (bits & 0xffff_ffff) as f64 / 4_294_967_296.0 + 1e-10;
            (-2.0 * unit(parts).ln()).sqrt() * (std::f64::consts::TAU * unit(parts >> 32)).cos()
        })
        .collect();
    let nulls: NullBuffer = (0..rows()).map(|i| random(i + rows()) % 20 != 0).collect();
    Arc::new(Float64Array::new(values.into(), Some(nulls)))
}

#[test]
#[ignore = "measures"]
fn measure_floats() {
    let column = floats();
    let start = Instant::now();
    let _ = std::hint::black_box(column.as_any().downcast_ref::<Float64Array>().unwrap().values().iter().sum::<f64>());
    println!("a plain loop: {:.3} s", start.elapsed().as_secs_f64());
    for threads in [2] {
        for names in [
            &["sum", "min", "max", "mean", "std"][..],
            &["sum"],
            &["min"],
            &["std"],
            &["skew", "kurtosis"],
            &["count(*)"],
            &["median"],
            &["approx_quantile"],
            &["approx_count_distinct"],
        ] {
            time("f64, 5 % null", names, &column, threads);
        }
    }
    let dense: ArrayRef =
        Arc::new(Float64Array::new(column.as_any().downcast_ref::<Float64Array>().unwrap().values().clone(), None));
    time("f64", &["sum", "min", "max", "mean", "std"], &dense, 2);
    time("f64", &["sum"], &dense, 2);
    time("f64", &["median"], &dense, 2);
    time("f64", &["count_distinct"], &dense, 2);
}

#[test]
#[ignore = "measures"]
fn measure_integers() {
    for (what, scale) in [("10^6 near", 1i64), ("10^6 far", 1 << 40)] {
        let values: Vec<i64> = (0..rows()).map(|i| (random(i) % 1_000_000) as i64 * scale).collect();
        let column: ArrayRef = Arc::new(Int64Array::from(values));
        for threads in [1, 2] {
            time(what, &["count_distinct"], &column, threads);
        }
        time(what, &["sum", "min", "max", "mean"], &column, 2);
        time(what, &["mode"], &column, 2);
        time(what, &["median"], &column, 2);
    }
}

#[test]
#[ignore = "measures"]
fn measure_strings() {
    for distinct in [1000, 1_000_000] {
        let values = (0..rows() / 10).map(|i| format!("customer-{}", random(i) % distinct));
        let column: ArrayRef = Arc::new(StringArray::from_iter_values(values));
        time(&format!("10^7 strings, {distinct} different"), &["count_distinct"], &column, 2);
        time(&format!("10^7 strings, {distinct} different"), &["mode"], &column, 2);
        time(&format!("10^7 strings, {distinct} different"), &["min", "max"], &column, 2);
    }
}
