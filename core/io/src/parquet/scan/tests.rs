use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float32Array,
    Float64Array, Int32Array, Int64Array, PrimitiveArray, RecordBatch, RecordBatchReader, StringArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use arrow_select::concat::concat_batches;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use pf_base::{BatchSource, Code, Context, Error, Options, Result, Value};
use pf_compute_core::{Settings, filter_table};
use proptest::prelude::*;

use super::*;

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.next(n) == 0
    }
}

/// A table with columns of all sorts, and nulls in most of them.
fn table(rows: usize, seed: u64) -> RecordBatch {
    let mut r = Random(seed | 1);
    let maybe = |value: i64, r: &mut Random| (!r.one_in(9)).then_some(value);
    let id: Int64Array = (0..rows as i64).collect();
    let i: Int32Array = (0..rows).map(|_| maybe(r.next(100) as i64, &mut r).map(|v| v as i32)).collect();
    let runs: Int64Array = (0..rows).map(|row| (row % 700 > 30).then_some((row / 97) as i64)).collect();
    let f: Float64Array = (0..rows)
        .map(|_| match r.next(12) {
            0 => None,
            1 => Some(f64::NAN),
            2 => Some(-0.0),
            _ => Some(r.next(1000) as f64 / 100.0 - 5.0),
        })
        .collect();
    let g: Float32Array = (0..rows).map(|_| r.next(10) as f32).collect();
    let b: BooleanArray = (0..rows).map(|_| maybe(r.next(2) as i64, &mut r).map(|v| v == 1)).collect();
    let s: StringArray = (0..rows).map(|_| maybe(r.next(60) as i64, &mut r).map(|v| format!("k{v}"))).collect();
    let t: StringArray =
        (0..rows).map(|_| Some("x".repeat(r.next(40) as usize) + &r.next(1_000_000).to_string())).collect();
    let d: Decimal128Array = (0..rows).map(|_| maybe(r.next(10_000) as i64, &mut r).map(i128::from)).collect();
    let day: Date32Array = (0..rows).map(|row| Some(18_000 + (row / 11) as i32)).collect();
    let ts: TimestampMicrosecondArray = (0..rows).map(|row| Some(row as i64 * 1_000_000)).collect();
    let dict: DictionaryArray<Int32Type> =
        (0..rows).map(|_| maybe(r.next(5) as i64, &mut r).map(|v| ["a", "b", "c", "d", "e"][v as usize])).collect();
    let x: Int32Array = (0..rows).map(|_| maybe(r.next(50) as i64, &mut r).map(|v| v as i32)).collect();
    let y: StringArray = (0..rows).map(|_| Some(format!("y{}", r.next(9)))).collect();
    let st = StructArray::from(vec![
        (Arc::new(Field::new("x", DataType::Int32, true)), Arc::new(x) as ArrayRef),
        (Arc::new(Field::new("y", DataType::Utf8, true)), Arc::new(y) as ArrayRef),
    ]);
    let mut l = ListBuilder::new(Int32Builder::new());
    for _ in 0..rows {
        match r.next(5) {
            0 => l.append_null(),
            n => l.append_value((0..n - 1).map(|v| (!r.one_in(7)).then_some(v as i32))),
        }
    }
    let uuid = (0..rows).map(|_| (0..16).map(|_| r.next(256) as u8).collect::<Vec<u8>>());
    let uuid = FixedSizeBinaryArray::try_from_iter(uuid.chain([vec![0; 16]])).unwrap().slice(0, rows);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(id)),
        ("i", Arc::new(i)),
        ("runs", Arc::new(runs)),
        ("f", Arc::new(f)),
        ("g", Arc::new(g)),
        ("b", Arc::new(b)),
        ("s", Arc::new(s)),
        ("t", Arc::new(t)),
        ("d", Arc::new(d.with_precision_and_scale(12, 2).unwrap())),
        ("day", Arc::new(day)),
        ("ts", Arc::new(ts)),
        ("dict", Arc::new(dict)),
        ("st", Arc::new(st)),
        ("l", Arc::new(l.finish())),
        ("uuid", Arc::new(uuid)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, c)| (name, c, name != "id"))).unwrap()
}

/// How a file is written.
#[derive(Clone, Debug)]
struct Layout {
    group: usize,
    page: usize,
    dictionary: bool,
    v2: bool,
    statistics: EnabledStatistics,
    bloom: bool,
    packed: bool,
}

impl Default for Layout {
    fn default() -> Self {
        let statistics = EnabledStatistics::Page;
        Self { group: 500, page: 100, dictionary: true, v2: false, statistics, bloom: false, packed: true }
    }
}

fn layouts() -> impl Strategy<Value = Layout> {
    let statistics = prop::sample::select(vec![
        EnabledStatistics::Page,
        EnabledStatistics::Page,
        EnabledStatistics::Chunk,
        EnabledStatistics::None,
    ]);
    (prop::sample::select(vec![16usize, 64, 333, 5000]), prop::sample::select(vec![10usize, 100, 10_000]), statistics)
        .prop_flat_map(|(group, page, statistics)| {
            (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
                move |(dictionary, v2, bloom, packed)| Layout {
                    group,
                    page,
                    dictionary,
                    v2,
                    statistics,
                    bloom,
                    packed,
                },
            )
        })
}

fn write(path: &Path, batch: &RecordBatch, layout: &Layout) {
    let version = if layout.v2 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(layout.group))
        .set_data_page_row_count_limit(layout.page)
        .set_write_batch_size(layout.page.min(64))
        .set_dictionary_enabled(layout.dictionary)
        .set_writer_version(version)
        .set_statistics_enabled(layout.statistics)
        .set_bloom_filter_enabled(layout.bloom)
        .set_compression(if layout.packed { Compression::SNAPPY } else { Compression::UNCOMPRESSED })
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn text(value: &str) -> Value {
    Value::Str(value.to_owned())
}

fn names(names: &[&str]) -> Value {
    Value::StrList(names.iter().map(|name| (*name).to_owned()).collect())
}

fn scan(path: &Path, options: &Options, ctx: &Context) -> Result<Scan> {
    Scan::new(&[path.to_str().unwrap()], options, ctx)
}

fn batches(scan: Scan) -> Result<Vec<RecordBatch>> {
    scan.into_reader().map(|batch| batch.map_err(Error::from)).collect()
}

/// All rows as one batch.
fn rows(scan: Scan) -> Result<RecordBatch> {
    let schema = scan.schema();
    let batches = batches(scan)?;
    assert!(batches.iter().all(|batch| batch.schema() == schema && batch.num_rows() > 0));
    if schema.fields().is_empty() {
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows));
        return Ok(RecordBatch::try_new_with_options(schema, vec![], &options).unwrap());
    }
    Ok(concat_batches(&schema, &batches).unwrap())
}

/// The same rows, whatever is said of fields beside their types.
fn assert_same(got: &RecordBatch, want: &RecordBatch, what: &str) {
    assert_eq!(got.num_rows(), want.num_rows(), "{what}");
    assert_eq!(got.num_columns(), want.num_columns(), "{what}");
    for (i, field) in got.schema().fields().iter().enumerate() {
        assert_eq!(field.name(), want.schema().field(i).name(), "{what}");
        assert!(got.column(i) == want.column(i), "{what}: column '{}'", field.name());
    }
}

const PREDICATES: &[&str] = &[
    "i < 10",
    "i >= 95 OR i IS NULL",
    "i = 42",
    "i IN (3, 5, 77)",
    "i BETWEEN 20 AND 30",
    "i <> 50",
    "runs = 7",
    "runs > 3 AND runs < 9",
    "runs IS NULL",
    "runs IS NOT NULL AND id < 900",
    "f > 4.5",
    "f <> f",
    "f = 0",
    "NOT (f < 0)",
    "g = 3",
    "b",
    "NOT b",
    "b IS NULL",
    "s = 'k7'",
    "s LIKE 'k1%'",
    "s IN ('k3', 'nope', 'k50')",
    "s > 'k5' AND i < 50",
    "upper(s) = 'K12'",
    "t LIKE '%99%'",
    "d > 50.5",
    "d = 17.25",
    "day = DATE '2019-05-01'",
    "ts < TIMESTAMP '1970-01-01 00:05:00'",
    "dict = 'c'",
    "dict IN ('a', 'e') AND s = 'k1'",
    "st.x > 45",
    "st.y = 'y3' AND st.x < 10",
    "st IS NULL",
    "id % 100 = 5",
    "id = 1234",
    "id > 100000",
    "TRUE",
    "FALSE",
    "NULL",
    "id >= 0",
    "10 / (i + 1) > 3 AND i > 0",
];

const COLUMNS: &[&[&str]] = &[
    &["id"],
    &["i", "s"],
    &["t", "st", "l"],
    &[],
    &["uuid", "dict", "f", "id"],
    &["id", "i", "runs", "f", "g", "b", "s", "t", "d", "day", "ts", "dict", "st", "l", "uuid"],
];

/// A predicate, alone or with others.
fn predicates() -> impl Strategy<Value = String> {
    let one = prop::sample::select(PREDICATES).prop_map(|text| format!("({text})"));
    one.prop_recursive(2, 4, 2, |inner| {
        (inner.clone(), inner, 0..3).prop_map(|(a, b, how)| match how {
            0 => format!("({a} AND {b})"),
            1 => format!("({a} OR {b})"),
            _ => format!("(NOT {a})"),
        })
    })
}

fn flag(options: Options, name: &str, on: bool) -> Options {
    options.with(name, Value::Bool(on))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn scans_are_full_reads_filtered(
        size in prop::sample::select(vec![0usize, 1, 63, 1000, 4000]),
        seed in any::<u64>(),
        layout in layouts(),
        tests in prop::collection::vec(
            (predicates(), prop::sample::select(COLUMNS), prop::option::of(0..2000i64), any::<[bool; 4]>(),
             prop::sample::select(vec![1usize, 2, 7]), prop::sample::select(vec![3i64, 100, 65_536]),
             prop::sample::select(vec![0u64, 0, 6 << 20])),
            6,
        ),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.parquet");
        let all = table(size, seed);
        write(&path, &all, &layout);
        for (predicate, columns, limit, switches, threads, batch_size, memory) in tests {
            let what = format!("{size} rows of {seed}, {layout:?}: {predicate}, {columns:?}, limit {limit:?}, {switches:?}, \
                                {threads} threads, batches of {batch_size}, {memory} bytes");
            let mut options = Options::default().with("filter", text(&predicate)).with("columns", names(columns));
            let switch = ["use_statistics", "use_dictionaries", "use_bloom_filters", "use_page_index"];
            for (name, on) in switch.into_iter().zip(switches) {
                options = flag(options, name, on);
            }
            options = options.with("batch_size", Value::I64(batch_size));
            if let Some(limit) = limit {
                options = options.with("limit", Value::I64(limit));
            }
            let ctx = Context::default().with_threads(threads).with_memory_limit(memory);
            let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
            let want = filter_table(&all, &predicate, Some(&columns), Settings::default(), &Context::default()).unwrap();
            let limit = limit.map_or(usize::MAX, |limit| limit as usize);
            let want = want.slice(0, want.num_rows().min(limit));
            let scan = scan(&path, &options, &ctx).unwrap();
            prop_assert_eq!(scan.count().unwrap(), want.num_rows() as u64, "{}", what);
            scan.explain().unwrap();
            let got = rows(scan.clone()).unwrap();
            assert_same(&got, &want, &what);
            prop_assert!(batches(scan).unwrap().iter().all(|batch| batch.num_rows() <= batch_size as usize));
            prop_assert_eq!(ctx.memory().used(), 0);
        }
    }

    #[test]
    fn full_scans_give_what_was_written(
        size in prop::sample::select(vec![0usize, 1, 1000, 5000]), seed in any::<u64>(), layout in layouts(),
        threads in 1..8usize, batch_size in prop::sample::select(vec![1000i64, 10, 1 << 40]),
        memory in prop::sample::select(vec![0u64, 6 << 20]),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.parquet");
        let all = table(size, seed);
        write(&path, &all, &layout);
        let ctx = Context::default().with_threads(threads).with_memory_limit(memory);
        let options = Options::default().with("batch_size", Value::I64(batch_size));
        let scan = scan(&path, &options, &ctx).unwrap();
        prop_assert_eq!(scan.count().unwrap(), size as u64);
        assert_same(&rows(scan).unwrap(), &all, &format!("{size} rows of {seed}, {layout:?}"));
    }
}

#[test]
fn row_groups_larger_than_the_budget_are_read_in_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let all = table(60_000, 5);
    write(&path, &all, &Layout { group: 60_000, page: 5000, ..Layout::default() });
    let bytes: usize = all.columns().iter().map(|column| column.get_array_memory_size()).sum();
    let limit = 4 << 20;
    assert!(bytes as u64 > 2 * limit);
    for threads in [1, 2, 7] {
        for predicate in [None, Some("id > 10"), Some("i < 3"), Some("t LIKE '%7'")] {
            let ctx = Context::default().with_threads(threads).with_memory_limit(limit);
            let mut options = Options::default().with("batch_size", Value::I64(4096));
            if let Some(predicate) = predicate {
                options = options.with("filter", text(predicate));
            }
            // One batch at a time: what was handed on is the consumer's.
            let want = match predicate {
                Some(predicate) => {
                    filter_table(&all, predicate, None, Settings::default(), &Context::default()).unwrap()
                }
                None => all.clone(),
            };
            let mut start = 0;
            for batch in scan(&path, &options, &ctx).unwrap().into_reader() {
                let batch = batch.unwrap();
                assert_same(&batch, &want.slice(start, batch.num_rows()), "a piece");
                start += batch.num_rows();
            }
            assert_eq!(start, want.num_rows());
            assert!(ctx.memory().peak() <= limit && ctx.memory().used() == 0);
        }
    }
}

#[test]
fn a_limit_reads_no_more_row_groups_than_it_needs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &table(10_000, 3), &Layout { group: 1000, page: 100, ..Layout::default() });
    let options = Options::default().with("limit", Value::I64(1500)).with("columns", names(&["t"]));
    let limited = scan(&path, &options, &Context::default()).unwrap();
    assert_eq!(rows(limited.clone()).unwrap().num_rows(), 1500);
    let all = scan(&path, &Options::default().with("columns", names(&["t"])), &Context::default()).unwrap();
    rows(all.clone()).unwrap();
    let read = |scan: &Scan| scan.tally.read.load(std::sync::atomic::Ordering::Relaxed);
    assert!(read(&limited) * 4 < read(&all), "{} of {}", read(&limited), read(&all));
    let none = scan(&path, &Options::default().with("limit", Value::I64(0)), &Context::default()).unwrap();
    assert!(rows(none.clone()).unwrap().num_rows() == 0 && none.count().unwrap() == 0 && read(&none) == 0);
}

#[test]
fn only_the_columns_that_are_needed_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &table(10_000, 3), &Layout { group: 10_000, page: 1000, dictionary: false, ..Layout::default() });
    let read = |filter: &str, columns: &[&str]| {
        let options = Options::default().with("filter", text(filter)).with("columns", names(columns));
        let options = flag(flag(options, "use_statistics", false), "use_page_index", false);
        let scan = scan(&path, &options, &Context::default()).unwrap();
        rows(scan.clone()).unwrap();
        scan.tally.read.load(std::sync::atomic::Ordering::Relaxed)
    };
    let (id, t) = (read("id >= 0", &["id"]), read("t > ''", &["t"]));
    assert!(t > id);
    // Nothing matches: the other column is never touched.
    assert_eq!(read("id = 77777", &["t"]), id);
    // One row: a page of it.
    let one = read("id = 7777", &["t"]);
    assert!(one > id && one < id + t / 3, "{one} bytes with {id} and {t}");
    // The cheaper condition goes first.
    assert_eq!(read("t = 'nope' AND id = 77777", &["uuid"]), id);
}

#[test]
fn nested_columns_are_structs_of_the_fields_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let all = table(1000, 3);
    write(&path, &all, &Layout::default());
    let structs = all["st"].as_struct();
    let options = Options::default().with("columns", names(&["st.y", "id"])).with("filter", text("st.x = 7"));
    let got = rows(scan(&path, &options, &Context::default()).unwrap()).unwrap();
    let x = structs.column(0).as_primitive::<Int32Type>();
    let want: Vec<usize> = (0..1000).filter(|row| x.is_valid(*row) && x.value(*row) == 7).collect();
    let DataType::Struct(fields) = got.schema().field(0).data_type().clone() else { panic!("no struct") };
    assert_eq!(fields.iter().map(|field| field.name().as_str()).collect::<Vec<_>>(), ["y"]);
    assert_eq!(got["id"].as_primitive::<Int64Type>().values().iter().map(|id| *id as usize).collect::<Vec<_>>(), want);
    let y = got["st"].as_struct().column(0).as_string::<i32>();
    assert!(want.iter().zip(y.iter()).all(|(row, y)| y == Some(structs.column(1).as_string::<i32>().value(*row))));
    let error = scan(&path, &Options::default().with("columns", names(&["st.z"])), &Context::default()).unwrap_err();
    assert!(error.code() == Code::InvalidArgument && error.message().contains("st.z"), "{error}");
}

#[test]
fn partitions_paths_and_row_numbers_are_columns() {
    let dir = tempfile::tempdir().unwrap();
    for (year, start) in [(2023, 0), (2024, 300), (2025, 600)] {
        let folder = dir.path().join(format!("year={year}"));
        std::fs::create_dir(&folder).unwrap();
        write(
            &folder.join("part.parquet"),
            &table(900, 3).slice(start, 300),
            &Layout { group: 100, ..Layout::default() },
        );
    }
    let base = Options::default()
        .with("columns", names(&["id", "year", "file", "row"]))
        .with("file_path", text("file"))
        .with("row_number", text("row"));
    let got = rows(scan(dir.path(), &base, &Context::default()).unwrap()).unwrap();
    assert_eq!(got.num_rows(), 900);
    let filtered = base.clone().with("filter", text("year >= 2024 AND row IN (7, 150) AND file LIKE '%part%'"));
    for options in [filtered.clone(), filtered.clone().with("row_groups", names(&["1"]))] {
        let scan = scan(dir.path(), &options, &Context::default()).unwrap();
        let explained = scan.explain().unwrap();
        assert!(explained.contains("files: 2 of 3 opened, 1 left out by partitions"), "{explained}");
        let got = rows(scan).unwrap();
        let ids = got["id"].as_primitive::<Int64Type>().values().to_vec();
        let row = got["row"].as_primitive::<Int64Type>().values().to_vec();
        if options == filtered {
            assert_eq!((ids, row), (vec![307, 450, 607, 750], vec![7, 150, 7, 150]));
        } else {
            assert_eq!((ids, row), (vec![450, 750], vec![150, 150]));
        }
        let file = arrow_cast::cast(&got["file"], &DataType::Utf8).unwrap();
        let last = file.as_string::<i32>().value(got.num_rows() - 1).to_owned();
        assert_eq!(PathBuf::from(last), dir.path().join("year=2025").join("part.parquet"));
    }
    let none = rows(scan(dir.path(), &base.with("filter", text("year = 1999")), &Context::default()).unwrap()).unwrap();
    assert_eq!(none.num_rows(), 0);
}

#[test]
fn row_groups_are_chosen_by_number() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &table(1000, 3), &Layout { group: 100, ..Layout::default() });
    let options =
        |numbers: &[&str]| Options::default().with("row_groups", names(numbers)).with("columns", names(&["id"]));
    let got = rows(scan(&path, &options(&["7", "2", "2"]), &Context::default()).unwrap()).unwrap();
    let want: Vec<i64> = (200..300).chain(700..800).collect();
    assert_eq!(got["id"].as_primitive::<Int64Type>().values(), &want);
    let error = scan(&path, &options(&["10"]), &Context::default()).unwrap().count().unwrap_err();
    assert!(error.code() == Code::InvalidArgument && error.message().contains("no row group 10; it has 10"), "{error}");
    assert_eq!(scan(&path, &options(&["x"]), &Context::default()).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn text_comes_in_the_form_that_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let all = table(1000, 3);
    write(&path, &all, &Layout::default());
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    for (options, s, dict) in [
        (Options::default(), DataType::Utf8, dictionary.clone()),
        (Options::default().with("dictionaries", text("keep")), dictionary.clone(), dictionary.clone()),
        (Options::default().with("dictionaries", text("values")), DataType::Utf8, DataType::Utf8),
        (flag(Options::default(), "string_views", true), DataType::Utf8View, dictionary.clone()),
        (
            flag(Options::default().with("dictionaries", text("values")), "string_views", true),
            DataType::Utf8View,
            DataType::Utf8View,
        ),
    ] {
        for filter in ["s = 'k3' OR dict = 'b'", "id % 2 = 0"] {
            let options = options.clone().with("columns", names(&["s", "dict", "id"])).with("filter", text(filter));
            let got = rows(scan(&path, &options, &Context::default()).unwrap()).unwrap();
            assert_eq!((got["s"].data_type(), got["dict"].data_type()), (&s, &dict));
            let columns = ["s", "dict", "id"].map(str::to_owned);
            let want = filter_table(&all, filter, Some(&columns), Settings::default(), &Context::default()).unwrap();
            for name in ["s", "dict"] {
                let plain = |batch: &RecordBatch| arrow_cast::cast(&batch[name], &DataType::Utf8).unwrap();
                assert!(plain(&got) == plain(&want));
            }
        }
    }
}

#[test]
fn int96_is_a_timestamp_and_overflow_an_error() {
    use parquet::data_type::{Int96, Int96Type};
    use parquet::file::writer::SerializedFileWriter;
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, days: &[u32]| {
        let path = dir.path().join(name);
        let schema = parquet::schema::parser::parse_message_type("message m { required int96 at; }").unwrap();
        let mut writer =
            SerializedFileWriter::new(File::create(&path).unwrap(), Arc::new(schema), Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let value = |day: &u32| {
            let mut value = Int96::new();
            value.set_data(1_500_000_123, 0, 2_440_588 + day);
            value
        };
        let values: Vec<Int96> = days.iter().map(value).collect();
        column.typed::<Int96Type>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        path
    };
    let at = |day: i64| day * 86_400_000_000_000 + 1_500_000_123;
    let fine =
        rows(scan(&write("a.parquet", &[0, 3, 20_000]), &Options::default(), &Context::default()).unwrap()).unwrap();
    assert_eq!(fine.schema().field(0).data_type(), &DataType::Timestamp(TimeUnit::Nanosecond, None));
    let values = |batch: &RecordBatch| batch.column(0).to_data().buffer::<i64>(0)[..batch.num_rows()].to_vec();
    assert_eq!(values(&fine), [at(0), at(3), at(20_000)]);
    let far = write("b.parquet", &[1, 200_000]);
    let error = rows(scan(&far, &Options::default(), &Context::default()).unwrap()).unwrap_err();
    assert!(error.code() == Code::Arithmetic && error.message().contains("column 'at'"), "{error}");
    let coarse = Options::default().with("int96", text("us"));
    let coarse = rows(scan(&far, &coarse, &Context::default()).unwrap()).unwrap();
    assert_eq!(coarse.schema().field(0).data_type(), &DataType::Timestamp(TimeUnit::Microsecond, None));
    assert_eq!(values(&coarse), [86_400_000_000 + 1_500_000, 200_000 * 86_400_000_000 + 1_500_000]);
}

#[test]
fn errors_of_values_show_where_rows_are_tested() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &table(100, 3), &Layout::default());
    let read = |filter: &str| rows(scan(&path, &Options::default().with("filter", text(filter)), &Context::default())?);
    assert_eq!(read("10 / (id - 50) > 1").unwrap_err().code(), Code::Arithmetic);
    assert_eq!(read("id <> 50 AND 10 / (id - 50) > 1").unwrap().num_rows(), 9);
    assert_eq!(read("sum(id) > 1").unwrap_err().code(), Code::Unsupported);
    assert_eq!(read("id").unwrap_err().code(), Code::Type);
    assert_eq!(read("nope = 1").unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn a_scan_opens_again_and_a_reader_knows_its_schema() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    write(&path, &table(100, 3), &Layout::default());
    let mut source =
        scan(&path, &Options::default().with("columns", names(&["s", "id"])), &Context::default()).unwrap();
    assert!(source.reopenable() && source.files().len() == 1 && source.bytes().unwrap() > 1000);
    for _ in 0..2 {
        let schema = source.schema();
        let reader = source.open().unwrap();
        assert_eq!(reader.schema(), schema);
        assert_eq!(reader.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 100);
    }
}

#[test]
fn decimals_of_all_physical_types_and_odd_types() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let decimal = |precision: u8| -> ArrayRef {
        let values: PrimitiveArray<Decimal128Type> = (0..300).map(|i| (i % 7 != 0).then_some(i as i128 * 31)).collect();
        Arc::new(values.with_precision_and_scale(precision, 2).unwrap())
    };
    let half: arrow_array::Float16Array = (0..300).map(|i| Some(half::f16::from_f32(i as f32))).collect();
    let views =
        arrow_array::StringViewArray::from_iter_values((0..300).map(|i| format!("a rather long text number {i}")));
    let large = arrow_array::LargeStringArray::from_iter_values((0..300).map(|i| format!("large {i}")));
    let all = RecordBatch::try_from_iter_with_nullable([
        ("int32", decimal(7), true),
        ("int64", decimal(15), true),
        ("fixed", decimal(30), true),
        ("half", Arc::new(half) as ArrayRef, true),
        ("views", Arc::new(views) as ArrayRef, true),
        ("large", Arc::new(large) as ArrayRef, false),
        ("null", Arc::new(arrow_array::NullArray::new(300)) as ArrayRef, true),
    ])
    .unwrap();
    write(&path, &all, &Layout::default());
    assert_same(&rows(scan(&path, &Options::default(), &Context::default()).unwrap()).unwrap(), &all, "all");
    for predicate in
        ["int32 > 20.5", "int64 = 31.93", "fixed BETWEEN 10 AND 20", "half < 7", "views LIKE '%9'", "large = 'large 7'"]
    {
        let options = Options::default().with("filter", text(predicate));
        let want = filter_table(&all, predicate, None, Settings::default(), &Context::default()).unwrap();
        assert!(want.num_rows() > 0);
        assert_same(&rows(scan(&path, &options, &Context::default()).unwrap()).unwrap(), &want, predicate);
    }
}

#[test]
fn files_without_columns_or_row_groups() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.parquet");
    let none = RecordBatch::new_empty(Arc::new(Schema::new(vec![Field::new("a", DataType::Int64, true)])));
    ArrowWriter::try_new(File::create(&path).unwrap(), none.schema(), None).unwrap().close().unwrap();
    let got = scan(&path, &Options::default().with("filter", text("a > 1")), &Context::default()).unwrap();
    assert_eq!((got.count().unwrap(), got.schema().fields().len()), (0, 1));
    assert_eq!(rows(got).unwrap().num_rows(), 0);
    let empty = Arc::new(Schema::empty());
    ArrowWriter::try_new(File::create(&path).unwrap(), empty, None).unwrap().close().unwrap();
    let got = scan(&path, &Options::default(), &Context::default()).unwrap();
    assert!(got.count().unwrap() == 0 && rows(got).unwrap().num_columns() == 0);
}
