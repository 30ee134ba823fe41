use super::*;
use std::path::Path;

use arrow_array::builder::{Int32Builder, MapBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::*;
use arrow_buffer::{IntervalDayTime, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Fields, IntervalUnit, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use pf_base::{Code, Value};
use proptest::prelude::*;

type Rows = Vec<Result<RecordBatch>>;

fn to(batches: Rows, path: &Path, options: &Options, threads: usize) -> Result<Written> {
    let schema = batches.iter().flatten().next().map_or_else(|| Arc::new(Schema::empty()), |b| b.schema());
    let ctx = Context::default().with_threads(threads);
    let written = write(&schema, &mut batches.into_iter(), path.to_str().unwrap(), options, &ctx);
    assert_eq!(ctx.memory().used(), 0);
    written
}

fn read(path: &Path) -> RecordBatch {
    let file = std::fs::File::open(path).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = builder.schema().clone();
    let batches: Vec<_> = builder.build().unwrap().map(std::result::Result::unwrap).collect();
    let schema = batches.first().map_or(schema, |batch| batch.schema());
    let columns: Vec<ArrayRef> = (0..schema.fields().len())
        .map(|c| {
            let chunks: Vec<ArrayRef> = batches.iter().map(|b| b.column(c).clone()).collect();
            pf_compute_core::concat(&chunks, &Context::default())
                .unwrap_or_else(|_| arrow_array::new_empty_array(schema.field(c).data_type()))
        })
        .collect();
    let rows = batches.iter().map(RecordBatch::num_rows).sum();
    RecordBatch::try_new_with_options(schema, columns, &RecordBatchOptions::new().with_row_count(Some(rows))).unwrap()
}

fn metadata(path: &Path) -> ParquetMetaData {
    let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
    reader.parse_and_finish(&std::fs::File::open(path).unwrap()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn text(value: &str) -> Value {
    Value::Str(value.to_owned())
}

fn list(values: &[&str]) -> Value {
    Value::StrList(values.iter().map(|v| (*v).to_owned()).collect())
}

fn numbers(range: std::ops::Range<i64>) -> RecordBatch {
    let ids = Int64Array::from_iter_values(range.clone());
    let names = StringArray::from_iter(range.map(|i| (i % 7 != 0).then(|| format!("name {}", i % 1000))));
    RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(ids) as ArrayRef, false),
        ("name", Arc::new(names), true),
    ])
    .unwrap()
}

/// A column of every type, with nulls, in a batch of 60 rows; those that come back as another type with that.
fn every_type() -> (RecordBatch, Vec<Option<DataType>>) {
    use DataType as D;
    let base: ArrayRef = Arc::new(Int64Array::from_iter((0..60).map(|i| (i % 5 != 3).then_some(i * 3 % 50))));
    let zone = || Some(Arc::<str>::from("Europe/Vienna"));
    let mut columns: Vec<(ArrayRef, Option<D>)> = Vec::new();
    let cast_types = [
        D::Boolean,
        D::Int8,
        D::Int16,
        D::Int32,
        D::Int64,
        D::UInt8,
        D::UInt16,
        D::UInt32,
        D::UInt64,
        D::Float16,
        D::Float32,
        D::Float64,
        D::Utf8,
        D::LargeUtf8,
        D::Utf8View,
        D::Decimal32(9, 2),
        D::Decimal64(18, 3),
        D::Decimal128(38, 10),
        D::Decimal128(5, 0),
        D::Decimal128(12, 4),
        D::Decimal256(76, 20),
        D::Decimal256(38, 2),
        D::Decimal256(7, 2),
        D::Date32,
        D::Time32(TimeUnit::Millisecond),
        D::Time64(TimeUnit::Microsecond),
        D::Time64(TimeUnit::Nanosecond),
        D::Timestamp(TimeUnit::Millisecond, None),
        D::Timestamp(TimeUnit::Microsecond, None),
        D::Timestamp(TimeUnit::Nanosecond, None),
        D::Timestamp(TimeUnit::Millisecond, zone()),
        D::Timestamp(TimeUnit::Microsecond, zone()),
        D::Timestamp(TimeUnit::Nanosecond, zone()),
        D::Duration(TimeUnit::Second),
        D::Duration(TimeUnit::Millisecond),
        D::Duration(TimeUnit::Microsecond),
        D::Duration(TimeUnit::Nanosecond),
    ];
    for to in cast_types {
        let from = if matches!(to, D::Date32 | D::Time32(_)) { cast(&base, &D::Int32).unwrap() } else { base.clone() };
        columns.push((cast(&from, &to).unwrap(), None));
    }
    let strings = cast(&base, &D::Utf8).unwrap();
    for to in [D::Binary, D::LargeBinary, D::BinaryView] {
        columns.push((cast(&strings, &to).unwrap(), None));
    }
    let dates = cast(&cast(&base, &D::Int32).unwrap(), &D::Date32).unwrap();
    columns.push((cast(&dates, &D::Date64).unwrap(), None));
    for zone in [None, zone()] {
        let stored = D::Timestamp(TimeUnit::Millisecond, zone.clone());
        columns.push((cast(&base, &D::Timestamp(TimeUnit::Second, zone)).unwrap(), Some(stored)));
    }
    let seconds = cast(&cast(&base, &D::Int32).unwrap(), &D::Time32(TimeUnit::Second)).unwrap();
    columns.push((seconds, Some(D::Time32(TimeUnit::Millisecond))));
    let months = IntervalYearMonthArray::from_iter((0..60).map(|i| (i % 4 != 0).then_some(i - 5)));
    columns.push((Arc::new(months), None));
    let days = IntervalDayTimeArray::from_iter((0..60).map(|i| (i % 4 != 0).then(|| IntervalDayTime::new(i, -i))));
    columns.push((Arc::new(days), None));
    let fixed =
        FixedSizeBinaryArray::try_from_sparse_iter_with_size((0..60_u8).map(|i| (i % 3 != 0).then_some([i; 5])), 5);
    columns.push((Arc::new(fixed.unwrap()), None));
    columns.push((Arc::new(NullArray::new(60)), None));
    for to in [D::Utf8, D::LargeUtf8, D::Binary, D::Int64, D::Date32, D::Decimal128(20, 2), D::Float32, D::Date64] {
        let from = if matches!(to, D::Date32) { cast(&base, &D::Int32).unwrap() } else { base.clone() };
        let values = match &to {
            D::Binary => cast(&strings, &to).unwrap(),
            D::Date64 => cast(&dates, &to).unwrap(),
            _ => cast(&from, &to).unwrap(),
        };
        let plain = (!matches!(to, D::Utf8 | D::LargeUtf8 | D::Binary)).then(|| to.clone());
        columns.push((cast(&values, &D::Dictionary(Box::new(D::Int16), Box::new(to))).unwrap(), plain));
    }
    let ends = Int32Array::from(vec![10, 30, 60]);
    let runs = RunArray::<Int32Type>::try_new(&ends, &StringArray::from(vec![Some("a"), None, Some("b")])).unwrap();
    columns.push((Arc::new(runs), Some(D::Utf8)));
    let item = |i: i32| (i % 6 != 1).then(|| (0..i % 4).map(|j| (j != 2).then_some(i * j)).collect::<Vec<_>>());
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>((0..60).map(item));
    let large = LargeListArray::from_iter_primitive::<Int32Type, _, _>((0..60).map(item));
    let fixed = FixedSizeListArray::from_iter_primitive::<Int32Type, _, _>(
        (0..60).map(|i| (i % 6 != 1).then(|| vec![Some(i), None])),
        2,
    );
    let fields = Fields::from(vec![
        Field::new("n", D::Int64, true),
        Field::new("lists", lists.data_type().clone(), true),
        Field::new("when", D::Timestamp(TimeUnit::Second, None), true),
    ]);
    let when = cast(&base, &D::Timestamp(TimeUnit::Second, None)).unwrap();
    let validity = NullBuffer::from_iter((0..60).map(|i| i % 9 != 2));
    let inner =
        StructArray::new(fields.clone(), vec![base.clone(), Arc::new(lists.clone()), when], Some(validity.clone()));
    let in_ms = Fields::from(vec![
        fields[0].clone(),
        fields[1].clone(),
        Arc::new(Field::new("when", D::Timestamp(TimeUnit::Millisecond, None), true)),
    ]);
    let outer_of = |inner: Fields| {
        Fields::from(vec![Field::new("inner", D::Struct(inner), true), Field::new("flag", D::Boolean, false)])
    };
    let flags = Arc::new(BooleanArray::from_iter((0..60).map(|i| Some(i % 2 == 0))));
    let outer = StructArray::new(outer_of(fields), vec![Arc::new(inner.clone()), flags], Some(validity));
    let offsets = OffsetBuffer::new(ScalarBuffer::from((0..=30).map(|i| i * 2).collect::<Vec<i32>>()));
    let of_structs =
        ListArray::new(Arc::new(Field::new("item", inner.data_type().clone(), true)), offsets, Arc::new(inner), None);
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for i in 0..60 {
        for j in 0..i % 3 {
            map.keys().append_value(format!("k{j}"));
            map.values().append_option((j != 1).then_some(i));
        }
        map.append(i % 7 != 4).unwrap();
    }
    columns.push((Arc::new(lists), None));
    columns.push((Arc::new(large), None));
    columns.push((Arc::new(fixed), None));
    columns.push((Arc::new(outer), Some(D::Struct(outer_of(in_ms.clone())))));
    let half: ArrayRef = Arc::new(of_structs);
    let twice = pf_compute_core::concat(&[half.clone(), half], &Context::default()).unwrap();
    columns.push((twice, Some(D::List(Arc::new(Field::new("item", D::Struct(in_ms), true))))));
    columns.push((Arc::new(map.finish()), None));
    let fields: Fields = columns
        .iter()
        .enumerate()
        .map(|(i, (a, _))| Field::new(format!("c{i}"), a.data_type().clone(), true))
        .collect();
    let (arrays, types) = columns.into_iter().unzip();
    (RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap(), types)
}

#[test]
fn every_type_comes_back() {
    let (batch, types) = every_type();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    for version in ["1.0", "2.0"] {
        for (dictionary, compliant) in [(true, true), (false, false)] {
            let options = Options::default()
                .with("data_page_version", text(version))
                .with("dictionary", Value::Bool(dictionary))
                .with("compliant_names", Value::Bool(compliant))
                .with("data_page_rows", Value::I64(16));
            let parts = vec![Ok(batch.slice(0, 7)), Ok(batch.slice(7, 0)), Ok(batch.slice(7, 53))];
            let written = to(parts, &path, &options, 2).unwrap();
            assert_eq!((written.rows(), written.row_groups()), (60, 1));
            assert_eq!(written.bytes(), path.metadata().unwrap().len());
            let back = read(&path);
            for ((got, field), (want, to)) in
                back.columns().iter().zip(back.schema().fields()).zip(batch.columns().iter().zip(&types))
            {
                let want = to.as_ref().map_or_else(|| want.clone(), |to| cast(want, to).unwrap());
                let name = field.name();
                assert!(got.data_type().equals_datatype(want.data_type()), "{name}: {got:?} for {want:?}");
                let got = cast(got, want.data_type()).unwrap();
                if let DataType::Dictionary(_, values) = want.data_type() {
                    assert_eq!(&cast(&got, values).unwrap(), &cast(&want, values).unwrap(), "{name}");
                } else {
                    assert_eq!(&got, &want, "{name}");
                }
            }
        }
    }
}

#[test]
fn types_that_parquet_has_not_are_refused_by_column() {
    use DataType as D;
    let union = D::Union(arrow_schema::UnionFields::empty(), arrow_schema::UnionMode::Sparse);
    let deep = D::List(Arc::new(Field::new("item", D::Interval(IntervalUnit::MonthDayNano), true)));
    for data_type in [union, deep, D::Struct(Fields::empty()), D::Decimal128(5, -2), D::FixedSizeBinary(0)] {
        let schema = Arc::new(Schema::new(vec![Field::new("a", D::Int8, true), Field::new("odd", data_type, true)]));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t");
        let error =
            write(&schema, &mut std::iter::empty(), path.to_str().unwrap(), &Options::default(), &Context::default());
        let error = error.unwrap_err();
        assert_eq!(error.code(), Code::Type);
        assert!(error.message().starts_with("column 'odd' of type "), "{error}");
        assert!(names(dir.path()).is_empty());
    }
    let times = Date64Array::from(vec![86_400_001]);
    let batch = RecordBatch::try_from_iter([("t", Arc::new(times) as ArrayRef)]).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let error = to(vec![Ok(batch)], &dir.path().join("t"), &Options::default(), 1).unwrap_err();
    assert_eq!((error.code(), error.message().starts_with("column 't': a Date64")), (Code::Type, true));
}

#[test]
fn a_required_column_with_nulls_and_a_batch_of_another_schema_are_errors() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let batch = numbers(0..10);
    let other = RecordBatch::try_from_iter([("id", Arc::new(Int32Array::from(vec![1])) as ArrayRef)]).unwrap();
    let error = to(vec![Ok(batch.clone()), Ok(other)], &path, &Options::default(), 1).unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::InvalidArgument, "a batch has 1 columns, its stream 2"));
    let strict = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("name", DataType::Utf8, false),
    ]));
    let error =
        write(&strict, &mut [Ok(batch)].into_iter(), path.to_str().unwrap(), &Options::default(), &Context::default());
    let error = error.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().starts_with("column 'name': "), "{error}");
    assert!(names(dir.path()).is_empty());
}

#[test]
fn what_is_asked_for_stands_in_the_metadata() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let options = Options::default()
        .with("compression", text("gzip(3)"))
        .with("column_compression", list(&["name:brotli(1)"]))
        .with("row_group_size", Value::I64(4096))
        .with("data_page_rows", Value::I64(1024))
        .with("bloom_filters", list(&["id"]))
        .with("dictionary_columns", list(&["name"]))
        .with("sorting_columns", list(&["id", "name DESC NULLS FIRST"]))
        .with("check_sorted", Value::Bool(true))
        .with("metadata", list(&["a=b=c", "empty="]));
    let mut batch = numbers(0..10_000);
    let schema = batch.schema().as_ref().clone().with_metadata([("pandas".to_owned(), "{}".to_owned())]);
    batch = batch.with_schema(Arc::new(schema)).unwrap();
    let written = to(vec![Ok(batch)], &path, &options, 2).unwrap();
    assert_eq!(written.row_groups(), 3);
    assert_eq!(
        written.files[0],
        WrittenFile { path: path.clone(), rows: 10_000, bytes: written.bytes(), row_groups: 3 }
    );
    assert_eq!(written.table().unwrap().num_rows(), 1);
    let meta = metadata(&path);
    assert_eq!(meta.row_groups().iter().map(|g| g.num_rows()).collect::<Vec<_>>(), [4096, 4096, 1808]);
    let group = meta.row_group(0);
    assert!(matches!(group.column(0).compression(), Compression::GZIP(_)));
    assert!(matches!(group.column(1).compression(), Compression::BROTLI(_)));
    assert!(group.column(0).bloom_filter_offset().is_some() && group.column(1).bloom_filter_offset().is_none());
    assert!(group.column(0).dictionary_page_offset().is_none() && group.column(1).dictionary_page_offset().is_some());
    let sorting = group.sorting_columns().unwrap();
    let sorting: Vec<_> = sorting.iter().map(|s| (s.column_idx, s.descending, s.nulls_first)).collect();
    assert_eq!(sorting, [(0, false, false), (1, true, true)]);
    let statistics = group.column(0).statistics().unwrap();
    assert_eq!(statistics.min_bytes_opt(), Some(0_i64.to_le_bytes().as_slice()));
    let index = meta.page_index_for_row_group(0);
    assert_eq!((index.num_data_pages(0), index.column_index(1).is_some()), (Some(4), true));
    let pairs = meta.file_metadata().key_value_metadata().unwrap();
    let pairs: Vec<_> = pairs.iter().map(|p| (p.key.as_str(), p.value.as_deref().unwrap_or_default())).collect();
    assert_eq!(&pairs[..3], [("a", "b=c"), ("empty", ""), ("pandas", "{}")]);
    assert_eq!((pairs.len(), pairs[3].0), (4, "ARROW:schema"));
    assert!(meta.file_metadata().created_by().unwrap().starts_with("parquetframe version "));
}

#[test]
fn statistics_and_page_index_are_as_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    for (statistics, index, chunk, columns, offsets) in [
        ("none", true, false, false, true),
        ("none", false, false, false, false),
        ("chunk", true, true, false, true),
        ("chunk", false, true, false, false),
        ("page", true, true, true, true),
        ("page", false, true, false, false),
    ] {
        let options = Options::default()
            .with("statistics", text(statistics))
            .with("page_index", Value::Bool(index))
            .with("statistics_length", Value::I64(3))
            .with("store_schema", Value::Bool(false));
        to(vec![Ok(numbers(0..5000))], &path, &options, 1).unwrap();
        let meta = metadata(&path);
        let column = meta.row_group(0).column(1);
        assert_eq!(column.statistics().is_some(), chunk, "{statistics} {index}");
        assert_eq!(column.column_index_offset().is_some(), columns, "{statistics} {index}");
        assert_eq!(column.offset_index_offset().is_some(), offsets, "{statistics} {index}");
        if let Some(statistics) = column.statistics() {
            assert_eq!(
                (statistics.min_bytes_opt(), statistics.max_bytes_opt()),
                (Some(&b"nam"[..]), Some(&b"nan"[..]))
            );
        }
        assert!(meta.file_metadata().key_value_metadata().is_none());
        assert_eq!(read(&path).num_rows(), 5000);
    }
}

#[test]
fn every_codec_is_read_back_and_levels_have_their_range() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let batch = numbers(0..3000);
    for codec in ["none", "snappy", "gzip", "brotli", "lz4", "zstd", "ZSTD(22)", "gzip(0)", "brotli(11)"] {
        to(vec![Ok(batch.clone())], &path, &Options::default().with("compression", text(codec)), 2).unwrap();
        assert_eq!(read(&path).columns(), batch.columns(), "{codec}");
    }
    for (codec, level) in
        [("gzip", 10), ("brotli", 12), ("zstd", 0), ("zstd", 23), ("snappy", 1), ("lzo", 1), ("none", 0)]
    {
        let options = Options::default().with("compression", text(codec)).with("compression_level", Value::I64(level));
        let error = to(vec![Ok(batch.clone())], &path, &options, 1).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{codec}");
        assert!(error.message().starts_with("compression: "), "{error}");
    }
}

#[test]
fn options_that_are_wrong_are_named_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    for (name, value) in [
        ("row_group_size", Value::I64(0)),
        ("row_group_bytes", Value::I64(-1)),
        ("data_page_size", Value::I64(0)),
        ("data_page_size", Value::I64(i64::MAX)),
        ("data_page_rows", Value::I64(0)),
        ("data_page_version", text("3")),
        ("dictionary_columns", list(&["nope"])),
        ("column_compression", list(&["name"])),
        ("column_compression", list(&["nope:zstd"])),
        ("column_compression", list(&["name:zip"])),
        ("statistics", text("some")),
        ("statistics_length", Value::I64(-1)),
        ("bloom_filters", list(&["nope"])),
        ("bloom_filter_fpp", Value::F64(0.0)),
        ("bloom_filter_fpp", Value::F64(f64::NAN)),
        ("bloom_filter_ndv", Value::I64(0)),
        ("sorting_columns", list(&["nope"])),
        ("sorting_columns", list(&["id + 1"])),
        ("sorting_columns", list(&["id UP"])),
        ("metadata", list(&["x"])),
        ("metadata", list(&["x=1", "x=2"])),
        ("metadata", list(&["ARROW:schema=1"])),
        ("partition_by", list(&["nope"])),
        ("partition_by", list(&["name", "name"])),
        ("partition_by", list(&["name", "id"])),
        ("max_partitions", Value::I64(0)),
        ("max_rows_per_file", Value::I64(0)),
        ("overwrite", text("maybe")),
    ] {
        let options = Options::default().with(name, value.clone());
        let error = to(vec![Ok(numbers(0..10))], &path, &options, 1).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{name} {value:?}");
        assert!(error.message().contains(name), "{name}: {error}");
        assert!(names(dir.path()).is_empty());
    }
    let error = to(vec![], &path, &Options::default().with("nope", Value::I64(1)), 1).unwrap_err();
    assert!(error.message().starts_with("unknown option 'nope'"));
}

#[test]
fn rows_that_are_not_sorted_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let batch = |values: Vec<Option<f64>>| {
        Ok(RecordBatch::try_from_iter_with_nullable([("x", Arc::new(Float64Array::from(values)) as ArrayRef, true)])
            .unwrap())
    };
    let options = |by| Options::default().with("sorting_columns", list(&[by])).with("check_sorted", Value::Bool(true));
    let nan = -f64::NAN;
    let up = || vec![batch(vec![Some(-1.0), Some(0.0)]), batch(vec![Some(-0.0), Some(nan), Some(f64::NAN), None])];
    to(up(), &path, &options("x"), 1).unwrap();
    let error = to(up(), &path, &options("x NULLS FIRST"), 1).unwrap_err();
    assert!(error.message().contains("row 5 "), "{error}");
    let error = to(up(), &path, &options("x DESC"), 1).unwrap_err();
    assert!(error.message().contains("row 1 "), "{error}");
    let error = to(vec![batch(vec![Some(2.0)]), batch(vec![Some(1.0)])], &path, &options("x"), 1).unwrap_err();
    assert_eq!((error.code(), error.message().contains("row 1 ")), (Code::InvalidArgument, true));
}

#[test]
fn the_same_bytes_for_any_number_of_threads_and_memory_for_rounds() {
    let dir = tempfile::tempdir().unwrap();
    let (all, _) = every_type();
    let batches = || -> Rows {
        let rows = (0..40).map(|i| Ok(numbers(i * 2500..(i + 1) * 2500)));
        rows.collect()
    };
    let options = Options::default().with("row_group_size", Value::I64(30_000)).with("bloom_filters", list(&["id"]));
    let path = dir.path().join("t.parquet");
    let mut seen: Option<(Vec<u8>, Vec<u8>)> = None;
    for threads in [1, 2, 7] {
        to(batches(), &path, &options, threads).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        to(vec![Ok(all.clone())], &path, &Options::default(), threads).unwrap();
        let now = (bytes, std::fs::read(&path).unwrap());
        assert!(seen.as_ref().is_none_or(|seen| *seen == now));
        seen = Some(now);
    }
    // Less memory means more rounds, not other bytes, as long as row groups fit.
    let ctx = Context::default().with_memory_limit(24 << 20).with_threads(2);
    let schema = numbers(0..0).schema();
    write(&schema, &mut batches().into_iter(), path.to_str().unwrap(), &options, &ctx).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), seen.unwrap().0);
    assert!(ctx.memory().peak() > 0 && ctx.memory().used() == 0);
    let none = Context::default().with_memory_limit(4096);
    let error = write(&schema, &mut batches().into_iter(), path.to_str().unwrap(), &options, &none).unwrap_err();
    assert_eq!(error.code(), Code::OutOfMemory);
    assert_eq!(names(dir.path()), ["t.parquet"]);
}

#[test]
fn row_groups_end_by_bytes_too_and_early_when_memory_is_short() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let options = Options::default().with("row_group_bytes", Value::I64(100_000));
    let written = to(vec![Ok(numbers(0..20_000))], &path, &options, 2).unwrap();
    assert!((4..=5).contains(&written.row_groups()), "{}", written.row_groups());
    let one = Options::default().with("row_group_bytes", Value::I64(1));
    assert_eq!(to(vec![Ok(numbers(0..20))], &path, &one, 2).unwrap().row_groups(), 20);
    let huge =
        Options::default().with("row_group_size", Value::I64(i64::MAX)).with("row_group_bytes", Value::I64(i64::MAX));
    assert_eq!(to(vec![Ok(numbers(0..20))], &path, &huge, 2).unwrap().row_groups(), 1);
    let noise = |seed: u64| {
        let mut x = seed;
        let values = (0..100_000).map(|_| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            x as i64
        });
        Ok(RecordBatch::try_from_iter([("x", Arc::new(Int64Array::from_iter_values(values)) as ArrayRef)]).unwrap())
    };
    let ctx = Context::default().with_memory_limit(32 << 20);
    let schema = noise(0).unwrap().schema();
    let written = write(&schema, &mut (0..30).map(noise), path.to_str().unwrap(), &huge, &ctx).unwrap();
    assert!(written.row_groups() > 1);
    assert_eq!(read(&path).num_rows(), 3_000_000);
}

#[test]
fn nothing_is_left_and_the_old_file_stays_when_a_write_fails() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    to(vec![Ok(numbers(0..10))], &path, &Options::default(), 1).unwrap();
    let old = std::fs::read(&path).unwrap();
    let folder = Options::default().with("partition_by", list(&["name"]));
    for n in [0, 1, 50] {
        let broken = || {
            let mut rows: Rows = (0..n).map(|i| Ok(numbers(i * 10_000..(i + 1) * 10_000))).collect();
            rows.push(Err(Error::new(Code::Corrupt, "the source broke")));
            rows
        };
        let schema = numbers(0..0).schema();
        let small = Context::default().with_memory_limit(64 << 20).with_threads(2);
        let error = write(&schema, &mut broken().into_iter(), path.to_str().unwrap(), &Options::default(), &small);
        assert_eq!(error.unwrap_err(), Error::corrupt("the source broke"));
        let deep = dir.path().join("new/deep/folder");
        let error = write(&schema, &mut broken().into_iter(), deep.to_str().unwrap(), &folder, &small);
        assert_eq!(error.unwrap_err(), Error::corrupt("the source broke"));
        assert_eq!((names(dir.path()), std::fs::read(&path).unwrap()), (vec!["t.parquet".to_owned()], old.clone()));
    }
    // A panic of the source.
    let mut panics = (0..3).map(|i| if i == 2 { panic!("on purpose") } else { Ok(numbers(0..10)) });
    let schema = numbers(0..0).schema();
    let lost = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        write(&schema, &mut panics, path.to_str().unwrap(), &Options::default(), &Context::default())
    }));
    assert!(lost.is_err());
    // Cancelled between two batches, and in the middle of a round.
    for at in [1, 3] {
        let ctx = Context::default().with_memory_limit(8 << 20).with_threads(2);
        let token = ctx.cancel_token().clone();
        let mut rows = (0..4).map(|i| {
            if i == at {
                token.cancel();
            }
            Ok(numbers(i * 100_000..(i + 1) * 100_000))
        });
        let error = write(&schema, &mut rows, path.to_str().unwrap(), &Options::default(), &ctx).unwrap_err();
        assert_eq!(error.code(), Code::Cancelled);
    }
    assert_eq!((names(dir.path()), std::fs::read(&path).unwrap()), (vec!["t.parquet".to_owned()], old));
}

#[test]
fn tables_without_rows_batches_or_columns() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let empty = numbers(0..0);
    let ctx = Context::default();
    for batches in [vec![], vec![Ok(empty.clone())]] {
        let written =
            write(&empty.schema(), &mut batches.into_iter(), path.to_str().unwrap(), &Options::default(), &ctx);
        assert_eq!((written.as_ref().unwrap().rows(), written.unwrap().row_groups()), (0, 0));
        assert_eq!(read(&path), empty);
    }
    let none = Arc::new(Schema::empty());
    let rows = RecordBatchOptions::new().with_row_count(Some(5));
    let bare = RecordBatch::try_new_with_options(none.clone(), vec![], &rows).unwrap();
    let written = write(&none, &mut [Ok(bare)].into_iter(), path.to_str().unwrap(), &Options::default(), &ctx).unwrap();
    assert_eq!((written.rows(), metadata(&path).file_metadata().num_rows()), (0, 0));
    for (n, options) in [
        Options::default().with("partition_by", list(&["id"])),
        Options::default().with("max_rows_per_file", Value::I64(10)),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = dir.path().join(format!("folder{n}"));
        let written =
            write(&empty.schema(), &mut std::iter::empty(), folder.to_str().unwrap(), &options, &ctx).unwrap();
        assert_eq!((names(&folder), written.files.len()), (vec!["part-0.parquet".to_owned()], 1));
        assert_eq!(read(&folder.join("part-0.parquet")), empty);
    }
}

#[test]
fn columns_of_one_name_and_names_with_dots() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let column = |n: i64| Arc::new(Int64Array::from_iter_values(n..n + 100)) as ArrayRef;
    let fields: Vec<Field> = ["a", "a", "b.c"].map(|name| Field::new(name, DataType::Int64, false)).into();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), vec![column(0), column(5), column(9)]).unwrap();
    let options =
        Options::default().with("bloom_filters", list(&["b.c"])).with("column_compression", list(&["a:none"]));
    to(vec![Ok(batch.clone())], &path, &options, 2).unwrap();
    assert_eq!(read(&path), batch);
    let meta = metadata(&path);
    let group = meta.row_group(0);
    assert!(group.column(2).bloom_filter_offset().is_some());
    assert_eq!(group.column(1).compression(), Compression::UNCOMPRESSED);
}

#[test]
fn columns_have_the_encodings_that_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    let (batch, _) = every_type();
    for (column, name, encoding) in [
        ("c0", "rle", Encoding::RLE),
        ("c4", "delta_binary_packed", Encoding::DELTA_BINARY_PACKED),
        ("c26", "BYTE_STREAM_SPLIT", Encoding::BYTE_STREAM_SPLIT),
        ("c9", "byte_stream_split", Encoding::BYTE_STREAM_SPLIT),
        ("c14", "delta_byte_array", Encoding::DELTA_BYTE_ARRAY),
        ("c12", "delta_length_byte_array", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("c46", "delta_byte_array", Encoding::DELTA_BYTE_ARRAY),
        ("c57", "delta_binary_packed", Encoding::DELTA_BINARY_PACKED),
    ] {
        let position: usize = column[1..].parse().unwrap();
        let batch = batch.project(&[position]).unwrap();
        let options = Options::default().with("column_encoding", list(&[&format!("{column}:{name}")]));
        for version in ["1.0", "2.0"] {
            to(vec![Ok(batch.clone())], &path, &options.clone().with("data_page_version", text(version)), 1).unwrap();
            let meta = metadata(&path);
            let chunk = meta.row_group(0).column(0);
            assert!(chunk.encodings().any(|e| e == encoding) && chunk.dictionary_page_offset().is_none(), "{column}");
            let back = read(&path);
            assert_eq!(&cast(back.column(0), batch.column(0).data_type()).unwrap(), batch.column(0), "{column}");
        }
    }
    for (text, code) in [
        ("c4:rle", Code::Type),
        ("c12:delta_binary_packed", Code::Type),
        ("c12:byte_stream_split", Code::Type),
        ("c4:delta_byte_array", Code::Type),
        ("c4:dictionary", Code::InvalidArgument),
        ("c4", Code::InvalidArgument),
    ] {
        let options = Options::default().with("column_encoding", list(&[text]));
        let error = to(vec![Ok(batch.clone())], &path, &options, 1).unwrap_err();
        assert_eq!((error.code(), error.message().starts_with("column_encoding")), (code, true), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_written_is_read(
        lengths in prop::collection::vec(0_usize..5000, 0..6),
        group in 1_i64..4000,
        bytes in 1000_i64..1_000_000,
        threads in 1_usize..4,
        seed in any::<u64>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.parquet");
        let mut x = seed;
        let mut next = move || { x ^= x << 13; x ^= x >> 7; x ^= x << 17; x };
        let total: usize = lengths.iter().sum();
        let ids = Int64Array::from_iter((0..total).map(|_| { let n = next(); (n % 5 != 0).then_some(n as i64) }));
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>((0..total).map(|i| {
            (i % 7 != 0).then(|| (0..i % 5).map(|j| (j != 1).then_some((i * j) as i32)).collect::<Vec<_>>())
        }));
        let texts = StringViewArray::from_iter((0..total).map(|i| (i % 3 != 0).then(|| "text ".repeat(i % 11))));
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("id", Arc::new(ids) as ArrayRef, true),
            ("lists", Arc::new(lists), true),
            ("text", Arc::new(texts), true),
        ]).unwrap();
        let mut start = 0;
        let mut batches: Rows = Vec::new();
        for length in lengths {
            batches.push(Ok(batch.slice(start, length)));
            start += length;
        }
        let options = Options::default()
            .with("row_group_size", Value::I64(group))
            .with("row_group_bytes", Value::I64(bytes))
            .with("compliant_names", Value::Bool(false));
        let ctx = Context::default().with_threads(threads);
        let written = write(&batch.schema(), &mut batches.into_iter(), path.to_str().unwrap(), &options, &ctx).unwrap();
        prop_assert_eq!(written.rows(), total as u64);
        prop_assert!(metadata(&path).row_groups().iter().all(|g| (1..=group).contains(&g.num_rows())));
        prop_assert_eq!(read(&path), batch);
    }
}

/// Not a check: prints what writing costs.
#[test]
#[ignore = "takes seconds; run it with --release"]
fn speed() {
    let rows = 10_000_000_i64;
    let mut x = 1_u64;
    let mut next = || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x
    };
    let columns: [(&str, ArrayRef); 6] = [
        ("id", Arc::new(Int64Array::from_iter_values(0..rows))),
        ("key", Arc::new(Int32Array::from_iter_values((0..rows).map(|_| (next() % 1000) as i32)))),
        ("price", Arc::new(Float64Array::from_iter_values((0..rows).map(|_| (next() % 1_000_000) as f64 / 100.0)))),
        ("noise", Arc::new(Float64Array::from_iter_values((0..rows).map(|_| next() as f64)))),
        ("text", Arc::new(StringArray::from_iter_values((0..rows).map(|_| format!("item {}", next() % 100_000))))),
        ("when", Arc::new(TimestampMicrosecondArray::from_iter_values((0..rows).map(|i| i * 1_000_000)))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let weight = weight::batch_weight(&batch) as f64 / 1e6;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.parquet");
    for (codec, sync) in
        [("none", false), ("snappy", false), ("lz4", false), ("zstd(1)", false), ("zstd(3)", false), ("zstd(1)", true)]
    {
        let options = Options::default().with("compression", text(codec)).with("sync", Value::Bool(sync));
        let start = std::time::Instant::now();
        let written = to(vec![Ok(batch.clone())], &path, &options, 2).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{codec} sync={sync}: {seconds:.2} s, {:.0} MB/s of {weight:.0} MB, file {:.0} MB",
            weight / seconds,
            written.bytes() as f64 / 1e6
        );
    }
}
