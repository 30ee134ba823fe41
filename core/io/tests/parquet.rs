//! Parquet sources: what is read, in which order, and what is said about files that are damaged or do not fit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, RecordBatchReader, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;
use pf_base::{BatchSource, Code, Context, Error, Options, Result, Value};
use pf_io_core::Scan;

fn rows(range: std::ops::Range<i64>) -> RecordBatch {
    let id: ArrayRef = Arc::new(Int64Array::from_iter_values(range.clone()));
    let name: ArrayRef = Arc::new(StringArray::from_iter_values(range.clone().map(|i| format!("n{i}"))));
    let even: ArrayRef = Arc::new(range.map(|i| (i % 2 == 0).then_some(i)).collect::<Int64Array>());
    RecordBatch::try_from_iter_with_nullable([("id", id, false), ("name", name, false), ("even", even, true)]).unwrap()
}

fn write(path: &Path, batch: &RecordBatch, compression: Compression) {
    let properties =
        WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(40)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path, options: &Options) -> Result<Vec<RecordBatch>> {
    let source = Scan::new(&[path.to_str().unwrap()], options, &Context::default())?;
    source.into_reader().map(|batch| batch.map_err(Error::from)).collect()
}

fn ids(batches: &[RecordBatch]) -> Vec<i64> {
    batches.iter().flat_map(|b| b["id"].as_primitive::<Int64Type>().values().to_vec()).collect()
}

#[test]
fn a_folder_is_read_in_the_order_of_its_paths() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("b.parquet"), &rows(100..200), Compression::SNAPPY);
    write(&dir.path().join("a.parquet"), &rows(0..100), Compression::UNCOMPRESSED);
    let options = Options::default().with("batch_size", Value::I64(30));
    let batches = read(dir.path(), &options).unwrap();
    assert!(batches.iter().all(|b| b.num_rows() <= 30));
    assert_eq!(ids(&batches), (0..200).collect::<Vec<_>>());
    let mut source = Scan::new(&[dir.path().to_str().unwrap()], &options, &Context::default()).unwrap();
    assert!(source.reopenable() && source.files().len() == 2 && source.schema().fields().len() == 3);
    for _ in 0..2 {
        assert_eq!(source.open().unwrap().map(|b| b.unwrap().num_rows()).sum::<usize>(), 200);
    }
}

#[test]
fn every_codec_of_the_build_is_read() {
    let dir = tempfile::tempdir().unwrap();
    for (i, codec) in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ]
    .into_iter()
    .enumerate()
    {
        let path = dir.path().join(format!("{i}.parquet"));
        write(&path, &rows(0..99), codec);
        assert_eq!(ids(&read(&path, &Options::default()).unwrap()), (0..99).collect::<Vec<_>>(), "{codec:?}");
    }
}

#[test]
fn columns_come_in_the_order_that_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &rows(0..5), Compression::SNAPPY);
    let columns = |names: &[&str]| {
        Options::default().with("columns", Value::StrList(names.iter().map(|n| (*n).to_owned()).collect()))
    };
    let batches = read(&path, &columns(&["even", "id"])).unwrap();
    let names: Vec<String> = batches[0].schema().fields().iter().map(|f| f.name().clone()).collect();
    assert_eq!(names, ["even", "id"]);
    assert_eq!(ids(&batches), [0, 1, 2, 3, 4]);
    let none = read(&path, &columns(&[])).unwrap();
    assert_eq!(none.iter().map(RecordBatch::num_rows).sum::<usize>(), 5);
    for (names, fragment) in
        [(&["nope"][..], "unknown column 'nope'; the columns are: id, name, even"), (&["id", "id"], "twice")]
    {
        let e = read(&path, &columns(names)).unwrap_err();
        assert_eq!(e.code(), Code::InvalidArgument);
        assert!(e.message().contains(fragment), "{e}");
    }
}

#[test]
fn files_of_another_schema_are_named() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("1.parquet"), &rows(0..3), Compression::SNAPPY);
    let id: ArrayRef = Arc::new(StringArray::from(vec!["x"]));
    write(&dir.path().join("2.parquet"), &RecordBatch::try_from_iter([("id", id)]).unwrap(), Compression::SNAPPY);
    let e = read(dir.path(), &Options::default()).unwrap_err();
    assert!(e.code() == Code::Type && e.message().contains("2.parquet: column 'id' is string"), "{e}");
    // Other columns than those that are read do not matter: what a file has not is null.
    let names = Options::default().with("columns", Value::StrList(vec!["name".to_owned()]));
    let read = read(dir.path(), &names).unwrap();
    let nulls: usize = read.iter().map(|b| b["name"].null_count()).sum();
    assert_eq!((read.iter().map(RecordBatch::num_rows).sum::<usize>(), nulls), (4, 1));
}

#[test]
fn bad_calls_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &rows(0..3), Compression::SNAPPY);
    for size in [0, -1] {
        let e = read(&path, &Options::default().with("batch_size", Value::I64(size))).unwrap_err();
        assert!(e.code() == Code::InvalidArgument && e.message().contains("batch_size"), "{e}");
    }
    assert_eq!(read(&dir.path().join("y.parquet"), &Options::default()).unwrap_err().code(), Code::NotFound);
    assert!(read(&path, &Options::default().with("colums", Value::Bool(true))).is_err());
}

#[test]
fn a_cancelled_read_ends() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &rows(0..100), Compression::SNAPPY);
    let ctx = Context::default();
    let source = Scan::new(&[path.to_str().unwrap()], &Options::default(), &ctx).unwrap();
    let mut reader = source.into_reader();
    assert_eq!(reader.schema().fields().len(), 3);
    ctx.cancel_token().cancel();
    assert_eq!(Error::from(reader.next().unwrap().unwrap_err()).code(), Code::Cancelled);
    assert!(reader.next().is_none());
}
