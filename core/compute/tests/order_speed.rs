//! Times of sorting and of window functions, against which rivals are measured:
//! `ROWS=10000000 cargo test --release -p pf-compute-core --test order_speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::*;
use arrow_schema::DataType;
use pf_base::Context;
use pf_compute_core::{
    Argument, Call, Implementation, Settings, SortColumn, argsort, functions, hash, sort_values, unique,
};

fn mix(i: u64) -> u64 {
    let x = (i ^ (i >> 30)).wrapping_add(0x9E37_79B9).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn time<T>(name: &str, mut f: impl FnMut() -> T) {
    let mut best = f64::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let result = f();
        best = best.min(start.elapsed().as_secs_f64());
        drop(result);
    }
    println!("{name:40} {best:8.4} s");
}

fn window(name: &str, column: &ArrayRef, literals: &[ArrayRef], ctx: &Context) -> ArrayRef {
    let function = functions::all().find(|f| f.name == name).unwrap();
    let mut columns = vec![Arc::clone(column)];
    columns.extend(literals.iter().cloned());
    let mut arguments: Vec<Argument> = columns
        .iter()
        .enumerate()
        .map(|(i, c)| Argument {
            data_type: c.data_type().clone(),
            constant: (i > 0).then(|| Arc::clone(c)),
            adapts: false,
        })
        .collect();
    let binding = (function.bind)(&arguments, Settings::default()).unwrap();
    for ((argument, column), to) in arguments.iter_mut().zip(&mut columns).zip(&binding.arguments) {
        if argument.data_type != *to {
            *column = arrow_cast::cast(column, to).unwrap();
            argument.data_type = to.clone();
            argument.constant = argument.constant.as_ref().map(|_| Arc::clone(column));
        }
    }
    let Implementation::Window(make) = function.implementation else { panic!("{name}") };
    let call = Call { arguments: &arguments, result: &binding.result, settings: Settings::default() };
    make(&call).unwrap()(&columns, ctx).unwrap()
}

#[test]
#[ignore = "measures"]
fn times() {
    let rows: u64 = std::env::var("ROWS").map_or(10_000_000, |r| r.parse().unwrap());
    let ctx = Context::default().with_threads(2);
    let ints: ArrayRef = Arc::new(Int64Array::from_iter_values((0..rows).map(|i| mix(i) as i64)));
    let floats: ArrayRef = Arc::new(Float64Array::from_iter_values((0..rows).map(|i| {
        let unit = |x: u64| (x >> 11) as f64 / (1u64 << 53) as f64;
        (-2.0 * unit(mix(i) | 1 << 20).ln()).sqrt() * (std::f64::consts::TAU * unit(mix(i + rows))).cos()
    })));
    let nulls: ArrayRef = Arc::new(Int64Array::from_iter((0..rows).map(|i| (i % 10 != 0).then(|| mix(i) as i64))));
    let small: ArrayRef = Arc::new(Int32Array::from_iter_values((0..rows).map(|i| (mix(i) % 1_000_000) as i32)));
    let few: ArrayRef = Arc::new(Int64Array::from_iter_values((0..rows).map(|i| (mix(i) % 1000) as i64)));
    let sorted: ArrayRef = Arc::new(Int64Array::from_iter_values((0..rows).map(|i| i as i64)));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..rows / 2).map(|i| format!("customer-{:09}", mix(i) % 1_000_000_000)),
    ));
    let words: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|i| format!("word{}", mix(i) % 1000))));
    let key = |values: &ArrayRef, descending| SortColumn { values: Arc::clone(values), descending, nulls_first: false };
    println!("{rows} rows");
    for (name, column) in [
        ("int64", &ints),
        ("float64", &floats),
        ("int64 nulls", &nulls),
        ("int32 1e6", &small),
        ("int64 1e3", &few),
        ("sorted", &sorted),
        ("strings/2", &texts),
        ("words", &words),
    ] {
        time(&format!("argsort {name}"), || argsort(&[key(column, false)], None, &ctx).unwrap());
        time(&format!("top 100 {name}"), || argsort(&[key(column, true)], Some(100), &ctx).unwrap());
        if !name.contains("s/2") && !name.contains("words") {
            time(&format!("sort_values {name}"), || sort_values(column, false, false, &ctx).unwrap());
        }
        time(&format!("unique {name}"), || unique(std::slice::from_ref(column), &ctx).unwrap());
        time(&format!("hash {name}"), || hash(std::slice::from_ref(column), &ctx).unwrap());
    }
    time("argsort int64 1e3, float64", || argsort(&[key(&few, false), key(&floats, true)], None, &ctx).unwrap());
    time("argsort words, int64", || argsort(&[key(&words, false), key(&ints, true)], None, &ctx).unwrap());
    time("top 100 words, int64", || argsort(&[key(&words, false), key(&ints, true)], Some(100), &ctx).unwrap());
    let int = |v: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![v])) };
    let null = new_null_array(&DataType::Null, 1);
    let no: ArrayRef = Arc::new(BooleanArray::from(vec![false]));
    let text = |t: &str| -> ArrayRef { Arc::new(StringArray::from(vec![t])) };
    for name in ["cum_sum", "cum_max", "cum_product", "cum_count"] {
        time(&format!("{name} float64"), || window(name, &floats, &[], &ctx));
    }
    time("cum_sum int64 1e3", || window("cum_sum", &few, &[], &ctx));
    time("shift", || window("shift", &floats, &[int(1), null.clone()], &ctx));
    time("diff", || window("diff", &floats, &[int(1)], &ctx));
    time("rank", || window("rank", &floats, &[text("average"), no.clone()], &ctx));
    time("forward_fill", || window("forward_fill", &nulls, std::slice::from_ref(&null), &ctx));
    time("qcut 10", || window("qcut", &floats, &[int(10)], &ctx));
    for name in ["rolling_sum", "rolling_mean", "rolling_min", "rolling_var", "rolling_median"] {
        time(&format!("{name} 100"), || {
            window(name, &floats, &[int(100), null.clone(), no.clone(), null.clone()], &ctx)
        });
    }
}
