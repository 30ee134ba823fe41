//! How much of a call is done, as it tells while it runs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use pf_base::{Context, Options, Value};
use pf_io_core::{Scan, parquet_metadata, parquet_write};
use tempfile::TempDir;

fn table(rows: std::ops::Range<i64>) -> RecordBatch {
    let column: ArrayRef = Arc::new(Int64Array::from_iter_values(rows));
    RecordBatch::try_from_iter([("id", column)]).unwrap()
}

/// A folder of files of 30,000 rows in ten row groups each.
fn folder(files: i64) -> TempDir {
    let dir = TempDir::new().unwrap();
    for file in 0..files {
        let path = dir.path().join(format!("{file:03}.parquet"));
        write(&path, &[table(file * 30_000..(file + 1) * 30_000)], &Context::default());
    }
    dir
}

fn write(path: &Path, batches: &[RecordBatch], ctx: &Context) {
    let options = Options::default().with("row_group_size", Value::I64(3000)).with("sync", Value::Bool(false));
    let mut all = batches.iter().cloned().map(Ok);
    parquet_write(&batches[0].schema(), &mut all, path.to_str().unwrap(), &options, ctx).unwrap();
}

#[test]
fn scans_tell_how_much_they_have_read() {
    let dir = folder(4);
    let path = dir.path().to_str().unwrap();
    for (threads, filter) in [(1, None), (3, None), (1, Some("id % 7 = 0")), (3, Some("id < 0 OR id % 50000 = 1"))] {
        // Rounds are small under a small limit.
        let ctx = Context::default().with_threads(threads).with_memory_limit(4 << 20);
        let mut options = Options::default().with("batch_size", Value::I64(1000));
        if let Some(filter) = filter {
            options = options.with("filter", Value::Str(filter.to_owned()));
        }
        let scan = Scan::new(&[path], &options, &ctx).unwrap();
        assert!(ctx.fraction() <= 0.0);
        let mut told = vec![0.0];
        let mut rows = 0;
        for batch in scan.into_reader() {
            rows += batch.unwrap().num_rows();
            let fraction = ctx.fraction();
            assert!(fraction <= 1.0 && fraction >= told[told.len() - 1], "{told:?} {fraction}");
            told.push(fraction);
        }
        assert!(rows > 0);
        assert_eq!(ctx.fraction(), 1.0);
        if filter.is_none() {
            told.dedup();
            // Where a thread reads ahead, some of it passes unseen.
            assert!(told.len() > if threads == 1 { 6 } else { 3 }, "{told:?}");
        }
    }
}

#[test]
fn counts_and_limits_come_to_the_end() {
    let dir = folder(3);
    let path = dir.path().to_str().unwrap();
    for options in [
        Options::default(),
        Options::default().with("filter", Value::Str("id % 3 = 0".to_owned())),
        Options::default().with("filter", Value::Str("id < 0".to_owned())),
        Options::default().with("limit", Value::I64(10)),
    ] {
        let ctx = Context::default().with_threads(2);
        Scan::new(&[path], &options, &ctx).unwrap().count().unwrap();
        assert_eq!(ctx.fraction(), 1.0);
        let ctx = Context::default().with_threads(2);
        Scan::new(&[path], &options, &ctx).unwrap().explain().unwrap();
        assert_eq!(ctx.fraction(), 1.0);
        let ctx = Context::default().with_threads(2);
        let rows: usize =
            Scan::new(&[path], &options, &ctx).unwrap().into_reader().map(|b| b.unwrap().num_rows()).sum();
        assert!(ctx.fraction() == 1.0 && rows <= 90_000);
    }
}

#[test]
fn metadata_tells_how_many_files_are_read() {
    let dir = folder(3);
    let ctx = Context::default().with_threads(2);
    parquet_metadata(dir.path().to_str().unwrap(), &Options::default(), &ctx).unwrap();
    assert_eq!(ctx.fraction(), 1.0);
}

#[test]
fn writes_tell_how_much_of_a_known_number_of_batches_is_taken() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.parquet");
    let batches: Vec<RecordBatch> = (0..4).map(|i| table(i * 10..(i + 1) * 10)).collect();
    let told = |known: bool| {
        let ctx = Context::default();
        let mut fractions = Vec::new();
        let mut next = batches.iter().cloned().inspect(|_| fractions.push(ctx.fraction())).map(Ok);
        let mut unknown = std::iter::from_fn(|| next.next());
        let schema = batches[0].schema();
        let path = path.to_str().unwrap();
        if known {
            let mut known = unknown.collect::<Vec<_>>().into_iter().inspect(|_| fractions.push(ctx.fraction()));
            parquet_write(&schema, &mut known, path, &Options::default(), &ctx).unwrap();
        } else {
            parquet_write(&schema, &mut unknown, path, &Options::default(), &ctx).unwrap();
        }
        assert_eq!(ctx.fraction(), 1.0);
        fractions
    };
    assert_eq!(told(false), [-1.0; 4]);
    assert_eq!(told(true)[4..], [-1.0, 0.0, 0.25, 0.5]);
}
