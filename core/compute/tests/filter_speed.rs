//! Times of filter, take and concat: `cargo test --release -p pf-compute-core --test filter_speed -- --ignored --nocapture`,
//! with `ROWS` (10^8 unless given) and `THREADS` (2) in the environment.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use pf_base::Context;
use pf_compute_core::{concat, filter, take};

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A generator of numbers: a step of the counter of splitmix64.
fn random(i: u64) -> u64 {
    let mut z = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn mask(rows: usize, per_thousand: u64, cluster: u64) -> BooleanArray {
    BooleanArray::new(BooleanBuffer::collect_bool(rows, |i| random(i as u64 / cluster) % 1000 < per_thousand), None)
}

/// Seconds of processor time that all threads have used, which do not count what else the machine does meanwhile.
fn processor() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let used = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    used.filter_map(|text| text.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() / 1e9
}

fn time<T>(name: &str, mut f: impl FnMut() -> T) {
    let (mut least, mut least_used) = (f64::INFINITY, f64::INFINITY);
    let mut first = 0.0;
    for run in 0..number("RUNS", 5) {
        let (start, used) = (Instant::now(), processor());
        let result = black_box(f());
        let (seconds, used) = (start.elapsed().as_secs_f64(), processor() - used);
        if run == 0 {
            first = seconds;
        }
        (least, least_used) = (least.min(seconds), least_used.min(used));
        drop(result);
    }
    println!("{name:44} first {first:7.4} s, least {least:7.4} s, processor {least_used:7.4} s");
}

fn strings(rows: usize) -> ArrayRef {
    let mut values = Vec::with_capacity(7 * rows);
    (0..rows).for_each(|i| values.extend_from_slice(&[b'a' + (random(i as u64) % 26) as u8; 7]));
    let offsets: Vec<i32> = (0..=rows as i32).map(|i| 7 * i).collect();
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Arc::new(StringArray::new(offsets, Buffer::from_vec(values), None))
}

#[test]
#[ignore = "a measurement"]
fn times() {
    let (rows, threads) = (number("ROWS", 100_000_000), number("THREADS", 2));
    let only = std::env::var("ONLY").unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|o| o == name);
    let ctx = Context::default().with_threads(threads);
    let ints: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows as i64));
    let floats: ArrayRef = Arc::new(Float64Array::from_iter_values((0..rows).map(|i| i as f64)));
    println!("{rows} rows, {threads} threads");
    if wanted("numbers") {
        let columns = [ints.clone(), floats.clone()];
        for (per_thousand, cluster) in [(0, 1), (1, 1), (10, 1), (100, 1), (500, 1), (500, 1000), (900, 1), (990, 1)] {
            let mask = mask(rows, per_thousand, cluster);
            let name = format!("i64 + f64, {:.1} %, runs of {cluster}", per_thousand as f64 / 10.0);
            time(&name, || filter(&columns, &mask, &ctx).unwrap());
            if number("ARROW", 0) == 1 {
                time("    arrow-select, one thread", || {
                    columns.each_ref().map(|c| arrow_select::filter::filter(c.as_ref(), &mask).unwrap())
                });
            }
        }
    }
    if wanted("nulls") {
        let valid = NullBuffer::new(BooleanBuffer::collect_bool(rows, |i| i % 7 != 3));
        let values: ScalarBuffer<i64> = ints.to_data().buffers()[0].clone().into();
        let column: ArrayRef = Arc::new(Int64Array::new(values, Some(valid)));
        for per_thousand in [10, 100, 500] {
            let mask = mask(rows, per_thousand, 1);
            time(&format!("i64 with nulls, {} %", per_thousand / 10), || {
                filter(std::slice::from_ref(&column), &mask, &ctx).unwrap()
            });
        }
    }
    if wanted("strings") {
        let column = strings(rows);
        for per_thousand in [1, 10, 100, 500, 900] {
            let mask = mask(rows, per_thousand, 1);
            let name = format!("utf8 of 7 bytes, {:.1} %", per_thousand as f64 / 10.0);
            time(&name, || filter(std::slice::from_ref(&column), &mask, &ctx).unwrap());
            if number("ARROW", 0) == 1 {
                time("    arrow-select, one thread", || arrow_select::filter::filter(column.as_ref(), &mask).unwrap());
            }
        }
    }
    if wanted("take") {
        let n = rows / 4;
        let scattered = UInt32Array::from_iter_values((0..n).map(|i| (random(i as u64) % rows as u64) as u32));
        let rising = UInt32Array::from_iter_values((0..n).map(|i| 4 * i as u32));
        time("take i64, a quarter, scattered", || take(std::slice::from_ref(&ints), &scattered, &ctx).unwrap());
        time("take i64, every fourth", || take(std::slice::from_ref(&ints), &rising, &ctx).unwrap());
        if number("ARROW", 0) == 1 {
            time("    arrow-select, scattered", || arrow_select::take::take(ints.as_ref(), &scattered, None).unwrap());
        }
        let column = strings(rows);
        time("take utf8, a quarter, scattered", || take(std::slice::from_ref(&column), &scattered, &ctx).unwrap());
        if number("ARROW", 0) == 1 {
            time("    arrow-select, scattered", || {
                arrow_select::take::take(column.as_ref(), &scattered, None).unwrap()
            });
        }
    }
    if wanted("concat") {
        let chunks: Vec<ArrayRef> = (0..100).map(|i| ints.slice(i * (rows / 100), rows / 100)).collect();
        time("concat i64, 100 chunks", || concat(&chunks, &ctx).unwrap());
        let column = strings(rows);
        let chunks: Vec<ArrayRef> = (0..100).map(|i| column.slice(i * (rows / 100), rows / 100)).collect();
        time("concat utf8, 100 chunks", || concat(&chunks, &ctx).unwrap());
        if number("ARROW", 0) == 1 {
            let parts: Vec<&dyn Array> = chunks.iter().map(AsRef::as_ref).collect();
            time("    arrow-select, one thread", || arrow_select::concat::concat(&parts).unwrap());
        }
    }
}
