//! How long scans take: `cargo test --release -p pf-io-core --test scan_speed -- --ignored --nocapture`.
//!
//! The file is made on the fly, with as many rows as the environment variable `SCAN_ROWS` says; `SCAN_FILE` keeps it
//! under a name, or names one that is there. `SCAN_ONLY` is a part of the names of the cases that run, `SCAN_THREADS`
//! the number of threads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use pf_base::{Context, Options, Value};
use pf_io_core::Scan;

fn hash(i: u64) -> u64 {
    let x = (i ^ (i >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    let x = (x ^ (x >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d);
    x ^ (x >> 33)
}

fn batch(rows: std::ops::Range<u64>) -> RecordBatch {
    let integers = |f: &dyn Fn(u64) -> i64| Arc::new(rows.clone().map(f).collect::<Int64Array>()) as ArrayRef;
    let texts = |f: &dyn Fn(u64) -> String| Arc::new(StringArray::from_iter_values(rows.clone().map(f))) as ArrayRef;
    let y = |i: u64| (!hash(i + 3).is_multiple_of(10)).then_some((hash(i + 3) % 1000) as f64);
    RecordBatch::try_from_iter([
        ("id", integers(&|i| i as i64)),
        ("u", integers(&|i| (hash(i) % 1_000_000) as i64)),
        ("ts", integers(&|i| 1_600_000_000_000 + (i * 37) as i64)),
        ("small", Arc::new(rows.clone().map(|i| (hash(i + 1) % 50) as i32).collect::<Int32Array>()) as ArrayRef),
        ("x", Arc::new(rows.clone().map(|i| hash(i + 2) as f64 / 1e9).collect::<Float64Array>())),
        ("y", Arc::new(rows.clone().map(y).collect::<Float64Array>())),
        ("city", texts(&|i| format!("city {}", hash(i + 4) % 500))),
        ("code", texts(&|i| format!("{:016x}", hash(i + 5)))),
        ("flag", Arc::new(rows.clone().map(|i| Some(hash(i + 6).is_multiple_of(3))).collect::<BooleanArray>())),
    ])
    .unwrap()
}

fn write(path: &Path, rows: u64) {
    const BATCH: u64 = 1 << 20;
    let properties =
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_max_row_group_row_count(Some(122_880));
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch(0..1).schema(), Some(properties.build())).unwrap();
    for start in (0..rows).step_by(BATCH as usize) {
        writer.write(&batch(start..(start + BATCH).min(rows))).unwrap();
    }
    writer.close().unwrap();
}

/// Name, filter, columns; `*` counts.
const CASES: &[(&str, &str, &[&str])] = &[
    ("full", "", &[]),
    ("3 columns", "", &["id", "x", "small"]),
    ("texts", "", &["city", "code"]),
    ("u 0.01 %", "u < 100", &[]),
    ("u 1 %", "u < 10000", &[]),
    ("u 10 %", "u < 100000", &[]),
    ("u 50 %", "u < 500000", &[]),
    ("ts 0.01 %", "ts < 1600000074000", &[]),
    ("ts 10 %", "ts < 1600074000000", &[]),
    ("id =", "id = 12345678", &[]),
    ("city =", "city = 'city 77'", &[]),
    ("code like", "code LIKE '%abc%'", &["id", "code"]),
    ("three", "small = 7 AND y < 100 AND flag", &["x", "id"]),
    ("count u", "u < 10000", &["*"]),
];

#[test]
#[ignore = "measures"]
fn scans() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let dir = tempfile::tempdir().unwrap();
    let path = std::env::var("SCAN_FILE").map_or_else(|_| dir.path().join("speed.parquet"), PathBuf::from);
    if !path.exists() {
        write(&path, number("SCAN_ROWS").unwrap_or(20_000_000) as u64);
    }
    println!("{} MB", path.metadata().unwrap().len() / 1_000_000);
    let only = std::env::var("SCAN_ONLY").unwrap_or_default();
    for (name, filter, columns) in CASES.iter().filter(|(name, ..)| name.contains(&only)) {
        let mut options = Options::default();
        if !filter.is_empty() {
            options.set("filter", Value::Str((*filter).to_owned()));
        }
        let counts = *columns == ["*"];
        if !columns.is_empty() && !counts {
            options.set("columns", Value::StrList(columns.iter().map(|c| (*c).to_owned()).collect()));
        }
        let (mut times, mut rows, mut peak) = (Vec::new(), 0, 0);
        for _ in 0..5 {
            let ctx = Context::default().with_threads(number("SCAN_THREADS").unwrap_or(0));
            let start = Instant::now();
            let scan = Scan::new(&[path.to_str().unwrap()], &options, &ctx).unwrap();
            rows = if counts {
                scan.count().unwrap()
            } else {
                // All batches are kept, as a table keeps them.
                let batches: Vec<RecordBatch> = scan.into_reader().map(Result::unwrap).collect();
                batches.iter().map(|batch| batch.num_rows() as u64).sum()
            };
            times.push(start.elapsed().as_secs_f64() * 1e3);
            peak = ctx.memory().peak() / 1_000_000;
        }
        times.sort_by(f64::total_cmp);
        println!("{name:>10}: {:8.1} ms ({:.1} to {:.1}), {rows} rows, {peak} MB", times[2], times[0], times[4]);
    }
}
