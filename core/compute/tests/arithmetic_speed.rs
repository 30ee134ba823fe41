//! Speed of arithmetic and comparison, one thread, block by block:
//! `cargo test --release -p pf-compute-core --test arithmetic_speed -- --ignored --nocapture`, with `ROWS` (10^8 unless
//! given) in the environment.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{Array, ArrayRef, Float64Array, Int32Array, Int64Array, StringArray, StringViewArray};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use pf_compute_core::{Argument, Call, Implementation, ScalarKernel, Settings, Value, functions};

const BLOCK: usize = 8192;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn kernel(name: &str, values: &[Value]) -> ScalarKernel {
    let function = functions::find(name).unwrap();
    let arguments: Vec<Argument> = values
        .iter()
        .map(|v| Argument {
            data_type: v.data_type().clone(),
            constant: matches!(v, Value::Scalar(_)).then(|| v.inner().clone()),
            adapts: false,
        })
        .collect();
    let binding = (function.bind)(&arguments, Settings::default()).unwrap();
    assert!(binding.arguments.iter().zip(values).all(|(t, v)| t == v.data_type()), "{binding:?}");
    let Implementation::Scalar(make) = function.implementation else { panic!("{name}") };
    make(&Call { arguments: &arguments, result: &binding.result, settings: Settings::default() }).unwrap()
}

fn time(label: &str, name: &str, values: &[Value], rows: usize, bytes: f64) {
    let kernel = kernel(name, values);
    let mut least = f64::INFINITY;
    for _ in 0..number("RUNS", 5) {
        let start = Instant::now();
        for at in (0..rows).step_by(BLOCK) {
            let len = BLOCK.min(rows - at);
            let block: Vec<Value> = values
                .iter()
                .map(|v| match v {
                    Value::Array(array) => Value::Array(array.slice(at, len)),
                    scalar @ Value::Scalar(_) => scalar.clone(),
                })
                .collect();
            black_box(kernel(&block, len).unwrap());
        }
        least = least.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{label:32} {least:7.4} s {:6.2} ns/row {:6.1} GB/s read",
        least * 1e9 / rows as f64,
        bytes * rows as f64 / least / 1e9
    );
}

#[test]
#[ignore = "a measurement"]
fn times() {
    let rows = number("ROWS", 100_000_000);
    let only = std::env::var("ONLY").unwrap_or_default();
    let run = |label: &str, name: &str, values: &[Value], bytes: f64| {
        if label.contains(&only) {
            time(label, name, values, rows, bytes);
        }
    };
    let column = |array: ArrayRef| Value::Array(array);
    let one = |array: ArrayRef| Value::Scalar(array);
    let a = column(Arc::new(Int64Array::from_iter_values((0..rows as i64).map(|i| i * 7919 % 1_000_003))));
    let i32s = column(Arc::new(Int32Array::from_iter_values((0..rows as i32).map(|i| i.wrapping_mul(7919) % 1000))));
    let seven = one(Arc::new(Int64Array::from(vec![7])));
    run("add i64 i64", "add", &[a.clone(), a.clone()], 16.0);
    run("add i64 7", "add", &[a.clone(), seven.clone()], 8.0);
    run("mul i64 i64", "mul", &[a.clone(), a.clone()], 16.0);
    run("mul i32 i32", "mul", &[i32s.clone(), i32s.clone()], 8.0);
    run("div i64 7", "div", &[a.clone(), seven.clone()], 8.0);
    run("floor_div i64 7", "floor_div", &[a.clone(), seven.clone()], 8.0);
    run("floor_div i32 7", "floor_div", &[i32s.clone(), one(Arc::new(Int32Array::from(vec![7])))], 4.0);
    run("mod i64 7", "mod", &[a.clone(), seven.clone()], 8.0);
    run("lt i64 500000", "lt", &[a.clone(), one(Arc::new(Int64Array::from(vec![500_000])))], 8.0);
    run("eq i64 i64", "eq", &[a.clone(), a.clone()], 16.0);
    run("lt i32 500", "lt", &[i32s.clone(), one(Arc::new(Int32Array::from(vec![500])))], 4.0);
    run("in i64 3", "in", &[a.clone(), seven.clone(), seven.clone(), one(Arc::new(Int64Array::from(vec![9])))], 8.0);
    drop((a, i32s));
    let x = column(Arc::new(Float64Array::from_iter_values((0..rows).map(|i| (i % 1000) as f64 - 500.0))));
    let half = one(Arc::new(Float64Array::from(vec![0.5])));
    run("mul f64 f64", "mul", &[x.clone(), x.clone()], 16.0);
    run("mul f64 0.5", "mul", &[x.clone(), half.clone()], 8.0);
    run("div f64 0.5", "div", &[x.clone(), half.clone()], 8.0);
    run("gt f64 0.5", "gt", &[x.clone(), half.clone()], 8.0);
    run("between f64", "between", &[x.clone(), half.clone(), half.clone()], 8.0);
    run("sqrt f64", "sqrt", std::slice::from_ref(&x), 8.0);
    run("round f64", "floor", std::slice::from_ref(&x), 8.0);
    run("exp f64", "exp", std::slice::from_ref(&x), 8.0);
    drop(x);
    let mut values = Vec::with_capacity(7 * rows);
    (0..rows).for_each(|i| values.extend_from_slice(format!("key{:04}", i * 7919 % 10_000).as_bytes()));
    let offsets = OffsetBuffer::new(ScalarBuffer::from((0..=rows as i32).map(|i| 7 * i).collect::<Vec<_>>()));
    let text: ArrayRef = Arc::new(StringArray::new(offsets, Buffer::from_vec(values), None));
    let key = || one(Arc::new(StringArray::from(vec!["key0042"])));
    run("eq utf8 key", "eq", &[column(text.clone()), key()], 11.0);
    run("lt utf8 key", "lt", &[column(text.clone()), key()], 11.0);
    run("eq utf8 utf8", "eq", &[column(text.clone()), column(text.clone())], 22.0);
    run(
        "in utf8 2 keys",
        "in",
        &[column(text.clone()), key(), one(Arc::new(StringArray::from(vec!["key0077"])))],
        11.0,
    );
    let view: ArrayRef = Arc::new(StringViewArray::from_iter_values(
        text.slice(0, rows / 4).as_any().downcast_ref::<StringArray>().unwrap().iter().flatten(),
    ));
    drop(text);
    if "eq view key".contains(&only) {
        time(
            "eq view key",
            "eq",
            &[column(view), one(Arc::new(StringViewArray::from(vec!["key0042"])))],
            rows / 4,
            16.0,
        );
    }
}
