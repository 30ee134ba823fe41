//! Figures, in release: `cargo nextest run --release -p pf-compute-core --run-ignored only measure --no-capture`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, StringArray};
use arrow_buffer::NullBuffer;
use pf_base::Context;

use super::tests::find;
use super::words::mix;
use crate::{Accumulator, Argument, Call, Implementation, Settings, Value};

const ROWS: usize = 100_000_000;
const PIECE: usize = 1 << 16;
const BLOCK: usize = 1 << 13;

/// Calls of these names over one column, block by block as the driver does it; the least of three times.
fn time(what: &str, names: &[&str], column: &ArrayRef, threads: usize) {
    let ctx = Context::default().with_threads(threads);
    let argument = |array: ArrayRef, constant: bool| Argument {
        data_type: array.data_type().clone(),
        constant: constant.then_some(array),
        adapts: false,
    };
    let one: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let half: ArrayRef = Arc::new(Float64Array::from(vec![0.5]));
    let mut best = f64::INFINITY;
    let mut result = String::new();
    for _ in 0..3 {
        let start = Instant::now();
        result.clear();
        let mut aggregates = Vec::new();
        for name in names {
            let function = find(name);
            let mut arguments = vec![argument(column.slice(0, 1), false)];
            arguments[0].constant = None;
            match *name {
                "var" | "std" => arguments.push(argument(one.clone(), true)),
                "approx_quantile" => arguments.push(argument(half.clone(), true)),
                _ => {}
            }
            let binding = (function.bind)(&arguments, Settings::default()).unwrap();
            let call = Call { arguments: &arguments, result: &binding.result, settings: Settings::default() };
            match function.implementation {
                Implementation::Aggregate(make) => aggregates.push(make(&call).unwrap()),
                Implementation::Holistic(make) => {
                    let mut all = make(&call).unwrap();
                    let pieces: Vec<Vec<ArrayRef>> = (0..column.len())
                        .step_by(PIECE)
                        .map(|i| vec![column.slice(i, PIECE.min(column.len() - i))])
                        .collect();
                    all.update(&pieces, &ctx).unwrap();
                    result += &format!("{:?} ", all.finish(&ctx).unwrap().to_data().buffers()[0].as_slice());
                }
                _ => panic!("no aggregate"),
            }
        }
        if !aggregates.is_empty() {
            let states = ctx
                .map(column.len().div_ceil(PIECE), |i| {
                    let mut states: Vec<_> = aggregates.iter().map(|a| a.start()).collect();
                    let piece = column.slice(i * PIECE, PIECE.min(column.len() - i * PIECE));
                    for from in (0..piece.len()).step_by(BLOCK) {
                        let rows = BLOCK.min(piece.len() - from);
                        let block = [Value::Array(piece.slice(from, rows))];
                        for state in &mut states {
                            state.update(&block, rows)?;
                        }
                    }
                    Ok(states)
                })
                .unwrap();
            let mut states = states.into_iter();
            let mut all = states.next().unwrap();
            for states in states {
                for (all, state) in all.iter_mut().zip(states) {
                    let state: Box<dyn std::any::Any> = state;
                    all.merge(state).unwrap();
                }
            }
            for state in all {
                let state: Box<dyn Accumulator> = state;
                result += &format!("{:?} ", state.finish().unwrap().to_data().buffers()[0].as_slice());
            }
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    let _ = result;
    println!("{what} {names:?}, {threads} threads: {best:.3} s, {} MB of the budget", ctx.memory().peak() >> 20);
}

fn random(i: usize) -> u64 {
    mix(i as u64)
}

/// Half a normal distribution would do; this is uniform with a sign, and 5 % nulls.
fn floats() -> ArrayRef {
    let values: Vec<f64> = (0..ROWS)
        .map(|i| {
            let parts = random(i);
            let unit = |bits: u64| (bits & 0xffff_ffff) as f64 / 4_294_967_296.0 + 1e-10;
            (-2.0 * unit(parts).ln()).sqrt() * (std::f64::consts::TAU * unit(parts >> 32)).cos()
        })
        .collect();
    let nulls: NullBuffer = (0..ROWS).map(|i| random(i + ROWS) % 20 != 0).collect();
    Arc::new(Float64Array::new(values.into(), Some(nulls)))
}

#[test]
#[ignore = "measures"]
fn measure_floats() {
    let column = floats();
    let start = Instant::now();
    let _ = std::hint::black_box(column.as_any().downcast_ref::<Float64Array>().unwrap().values().iter().sum::<f64>());
    println!("a plain loop: {:.3} s", start.elapsed().as_secs_f64());
    for threads in [1, 2] {
        for names in [
            &["sum", "min", "max", "mean", "std"][..],
            &["sum"],
            &["min"],
            &["std"],
            &["skew"],
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
    time("f64", &["median"], &dense, 2);
    time("f64", &["count_distinct"], &dense, 2);
}

#[test]
#[ignore = "measures"]
fn measure_integers() {
    for (what, scale) in [("10^6 near", 1i64), ("10^6 far", 1 << 40)] {
        let values: Vec<i64> = (0..ROWS).map(|i| (random(i) % 1_000_000) as i64 * scale).collect();
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
        let values = (0..ROWS / 10).map(|i| format!("customer-{}", random(i) % distinct));
        let column: ArrayRef = Arc::new(StringArray::from_iter_values(values));
        time(&format!("10^7 strings, {distinct} different"), &["count_distinct"], &column, 2);
        time(&format!("10^7 strings, {distinct} different"), &["mode"], &column, 2);
        time(&format!("10^7 strings, {distinct} different"), &["min", "max"], &column, 2);
    }
}
