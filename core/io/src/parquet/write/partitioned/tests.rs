use super::super::{Written, write};
use super::*;
use arrow_array::*;
use pf_base::{Code, Options, Value};
use std::path::Path;
use std::sync::Arc;

fn options(by: &[&str]) -> Options {
    Options::default().with("partition_by", Value::StrList(by.iter().map(|s| (*s).to_owned()).collect()))
}

fn put(batch: &RecordBatch, path: &Path, options: &Options, threads: usize) -> Result<Written> {
    let ctx = Context::default().with_threads(threads);
    let mut batches = [Ok(batch.clone())].into_iter();
    write(&batch.schema(), &mut batches, path.to_str().unwrap(), options, &ctx)
}

fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn table(rows: i64) -> RecordBatch {
    let text = ["a b", "x/y=1", NULL, "", "ü%", "."];
    RecordBatch::try_from_iter_with_nullable([
        ("n", Arc::new(Int64Array::from_iter_values(0..rows)) as ArrayRef, false),
        (
            "k:1",
            Arc::new(StringArray::from_iter((0..rows).map(|i| text.get(i as usize % 7).copied()))) as ArrayRef,
            true,
        ),
        ("flag", Arc::new(BooleanArray::from_iter((0..rows).map(|i| Some(i % 2 == 0)))) as ArrayRef, true),
    ])
    .unwrap()
}

#[test]
fn folders_are_named_as_hive_names_them_whatever_the_threads() {
    let dir = tempfile::tempdir().unwrap();
    let batch = table(1000);
    let mut seen = None;
    for threads in [1, 2, 7] {
        let path = dir.path().join(threads.to_string());
        let written = put(&batch, &path, &options(&["flag", "k:1"]), threads).unwrap();
        assert_eq!((written.rows(), written.files.len()), (1000, 14));
        let files = tree(&path);
        assert_eq!(files.len(), 14);
        assert!(seen.as_ref().is_none_or(|seen| *seen == files));
        seen = Some(files);
        let first = &written.files[0];
        assert_eq!(first.path, path.join("flag=true/k%3A1=a b/part-0.parquet"));
        assert_eq!(first.bytes, first.path.metadata().unwrap().len());
    }
    let names: Vec<String> =
        seen.unwrap().into_iter().map(|(name, _)| name).filter(|n| n.starts_with("flag=true")).collect();
    let mut names: Vec<&str> =
        names.iter().map(|n| n["flag=true/k%3A1=".len()..].strip_suffix("/part-0.parquet").unwrap()).collect();
    let mut want = ["a b", "x%2Fy%3D1", "%5F_HIVE_DEFAULT_PARTITION__", "", "ü%25", ".", NULL];
    names.sort_unstable();
    want.sort_unstable();
    assert_eq!(names, want);
}

#[test]
fn rows_keep_their_order_and_files_their_size() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t");
    let rows = DIVIDED_ROWS as i64 + 1000;
    let options = options(&["flag"]).with("max_rows_per_file", Value::I64(40_000));
    let written = put(&table(rows), &path, &options, 2).unwrap();
    for flag in [true, false] {
        let mut next = i64::from(!flag);
        for number in 0..2 {
            let file = path.join(format!("flag={flag}/part-{number}.parquet"));
            let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(
                std::fs::File::open(&file).unwrap(),
                999,
            );
            for batch in reader.unwrap() {
                let batch = batch.unwrap();
                let n: &Int64Array = batch.column(0).as_any().downcast_ref().unwrap();
                assert_eq!(batch.schema().fields().len(), 2);
                for value in n.values() {
                    assert_eq!(*value, next);
                    next += 2;
                }
            }
            let rows = written.files.iter().find(|w| w.path == file).unwrap().rows;
            assert!(rows == 40_000 || number == 1);
        }
        assert!(next >= rows);
    }
    assert_eq!((written.rows(), written.files.len()), (rows as u64, 4));
}

#[test]
fn values_of_all_kinds_are_written_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let dictionary: DictionaryArray<types::Int8Type> = vec![Some("d"), None].into_iter().collect();
    let zone = "+02:00";
    let columns: Vec<(&str, ArrayRef, [&str; 2])> = vec![
        ("i", Arc::new(Int8Array::from(vec![-5, 7])), ["-5", "7"]),
        ("f", Arc::new(Float64Array::from(vec![0.5, f64::NAN])), ["0.5", "NaN"]),
        ("day", Arc::new(Date32Array::from(vec![Some(1), None])), ["1970-01-02", NULL]),
        ("day64", Arc::new(Date64Array::from(vec![86_400_000, 0])), ["1970-01-02", "1970-01-01"]),
        (
            "t",
            Arc::new(TimestampMicrosecondArray::from(vec![0, 1_500_000])),
            ["1970-01-01 00%3A00%3A00", "1970-01-01 00%3A00%3A01.500"],
        ),
        (
            "tz",
            Arc::new(TimestampSecondArray::from(vec![0, 1]).with_timezone(zone)),
            ["1970-01-01 02%3A00%3A00+02%3A00", "1970-01-01 02%3A00%3A01+02%3A00"],
        ),
        (
            "dec",
            Arc::new(Decimal128Array::from(vec![150, -1]).with_precision_and_scale(10, 2).unwrap()),
            ["1.50", "-0.01"],
        ),
        ("d", Arc::new(dictionary), ["d", NULL]),
        ("view", Arc::new(StringViewArray::from(vec!["v", "w"])), ["v", "w"]),
    ];
    for (name, column, want) in columns {
        let rest: ArrayRef = Arc::new(Int8Array::from(vec![1, 2]));
        let batch = RecordBatch::try_from_iter_with_nullable([(name, column, true), ("rest", rest, true)]).unwrap();
        let path = dir.path().join(name);
        put(&batch, &path, &options(&[name]), 1).unwrap();
        let mut want = want.map(|value| format!("{name}={value}/part-0.parquet"));
        want.sort();
        assert_eq!(tree(&path).into_iter().map(|(name, _)| name).collect::<Vec<_>>(), want);
    }
    let batch = RecordBatch::try_from_iter([
        ("b", Arc::new(BinaryArray::from_vec(vec![b"x"])) as ArrayRef),
        ("c", Arc::new(Int8Array::from(vec![1]))),
    ])
    .unwrap();
    assert_eq!(put(&batch, &dir.path().join("b"), &options(&["b"]), 1).unwrap_err().code(), Code::Type);
}

#[test]
fn many_folders_share_memory_and_their_number_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let rows = 200_000;
    let batch = RecordBatch::try_from_iter([
        ("k", Arc::new(Int32Array::from_iter_values((0..rows).map(|i| i % 300))) as ArrayRef),
        ("v", Arc::new(Int64Array::from_iter_values((0..rows).map(i64::from)))),
    ])
    .unwrap();
    let (path, ctx) = (dir.path().join("t"), Context::default().with_memory_limit(64 << 20).with_threads(2));
    let write = |most| {
        let options = options(&["k"]).with("max_partitions", Value::I64(most));
        write(&batch.schema(), &mut [Ok(batch.clone())].into_iter(), path.to_str().unwrap(), &options, &ctx)
    };
    let error = write(299).unwrap_err();
    assert_eq!((error.code(), error.message().contains("k=299;")), (Code::InvalidArgument, true), "{error}");
    assert!(tree(dir.path()).is_empty());
    let written = write(300).unwrap();
    assert_eq!((written.rows(), written.files.len(), ctx.memory().used()), (rows as u64, 300, 0));
}
