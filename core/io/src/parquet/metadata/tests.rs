use std::fs::File;
use std::path::Path;

use super::*;
use crate::parquet::testfiles::{properties, typed, wide, write};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Int32Array, Int64Array, StringArray};
use arrow_cast::display::array_value_to_string;
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::basic::Compression;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, SortingColumn};
use pf_base::{Code, Value};
use proptest::prelude::*;
use tempfile::TempDir;

fn options(kind: &str) -> Options {
    Options::default().with("kind", Value::Str(kind.to_owned()))
}

fn columns(kind: &str, names: &[&str]) -> Options {
    options(kind).with("columns", Value::StrList(names.iter().map(|n| (*n).to_owned()).collect()))
}

fn get(path: &Path, options: &Options) -> RecordBatch {
    metadata(path.to_str().unwrap(), options, &Context::default()).unwrap()
}

fn crates(path: &Path) -> ParquetMetaData {
    let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Required);
    reader.parse_and_finish(&File::open(path).unwrap()).unwrap()
}

fn int(batch: &RecordBatch, name: &str, row: usize) -> Option<i64> {
    let column = batch[name].as_primitive::<Int64Type>();
    column.is_valid(row).then(|| column.value(row))
}

fn text<'a>(batch: &'a RecordBatch, name: &str, row: usize) -> Option<&'a str> {
    let column = batch[name].as_string::<i32>();
    column.is_valid(row).then(|| column.value(row))
}

fn typed_file(dir: &TempDir) -> (PathBuf, RecordBatch) {
    let path = dir.path().join("a.parquet");
    let batch = typed(25);
    let sorting = [(3, true, false), (4, false, true)];
    let sorting =
        sorting.map(|(column_idx, descending, nulls_first)| SortingColumn { column_idx, descending, nulls_first });
    let properties = properties(10)
        .set_sorting_columns(Some(sorting.to_vec()))
        .set_compression(Compression::ZSTD(Default::default()))
        .set_column_bloom_filter_enabled("i64".into(), true)
        .set_created_by("a test".to_owned());
    write(&path, &batch, 1, properties.build());
    (path, batch)
}

#[test]
fn files_row_groups_and_schemas() {
    let dir = TempDir::new().unwrap();
    let (path, batch) = typed_file(&dir);
    let expected = crates(&path);
    let files = get(&path, &Options::default());
    assert_eq!(
        files.schema().fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>(),
        PARQUET_METADATA.columns.iter().map(|c| c.name).collect::<Vec<_>>()
    );
    assert_eq!(text(&files, "path", 0), path.to_str());
    assert_eq!((int(&files, "num_rows", 0), int(&files, "num_row_groups", 0)), (Some(25), Some(3)));
    assert_eq!(int(&files, "file_size", 0), Some(std::fs::metadata(&path).unwrap().len() as i64));
    assert_eq!(text(&files, "created_by", 0), Some("a test"));
    assert_eq!(files["key_value"].as_map().value(0).column(0).as_string::<i32>().value(0), "ARROW:schema");
    let counts = get(&path, &options("counts"));
    assert_eq!(counts, files.project(&[0, 1, 2, 3, 4, 5, 6]).unwrap());
    assert_eq!(text(&get(&path, &options("key_value")), "key", 0), Some("ARROW:schema"));

    let groups = get(&path, &options("row_groups"));
    for (row, group) in expected.row_groups().iter().enumerate() {
        assert_eq!(int(&groups, "row_group", row), Some(row as i64));
        assert_eq!(int(&groups, "num_rows", row), Some(group.num_rows()));
        assert_eq!(int(&groups, "total_byte_size", row), Some(group.total_byte_size()));
        assert_eq!(int(&groups, "total_compressed_size", row), Some(group.compressed_size()));
        assert_eq!(int(&groups, "file_offset", row), group.file_offset());
        let sorting = groups["sorting_columns"].as_list::<i32>().value(row);
        assert_eq!(
            sorting.as_ref(),
            &StringArray::from(vec!["i32 DESC NULLS LAST", "i64 ASC NULLS FIRST"]) as &dyn Array
        );
    }

    let schema = get(&path, &options("schema"));
    let leaves = expected.file_metadata().schema_descr().columns();
    assert_eq!(schema.num_rows(), leaves.len());
    for (row, leaf) in leaves.iter().enumerate() {
        assert_eq!(text(&schema, "column", row), Some(leaf.path().string().as_str()));
        assert_eq!(text(&schema, "physical_type", row), Some(leaf.physical_type().to_string().as_str()));
        let levels = schema["max_repetition_level"].as_primitive::<Int32Type>().value(row);
        assert_eq!(levels, i32::from(leaf.max_rep_level()));
    }
    let row = |name: &str| (0..leaves.len()).find(|row| text(&schema, "column", *row) == Some(name)).unwrap();
    let cell = |name, of| text(&schema, of, row(name));
    assert_eq!(cell("text", "logical_type"), Some("STRING"));
    assert_eq!(cell("ts_us", "logical_type"), Some("TIMESTAMP(MICROS,true)"));
    assert_eq!(cell("d32", "logical_type"), Some("DECIMAL(5,2)"));
    assert_eq!(cell("u8", "logical_type"), Some("INTEGER(8,false)"));
    assert_eq!(cell("f64", "logical_type"), None);
    assert_eq!(cell("pair.b", "arrow_type"), Some("Utf8"));
    assert_eq!(cell("list.list.item", "arrow_type"), Some("Int64"));
    let number = |name, of: &str| schema[of].as_primitive::<Int32Type>().value(row(name));
    assert_eq!((number("d32", "precision"), number("d32", "scale"), number("fixed", "type_length")), (5, 2, 4));
    assert!(schema["precision"].is_null(row("i64")) && !schema["nullable"].as_boolean().value(row("fixed")));
    assert_eq!(get(&path, &columns("schema", &["pair", "i8"])).num_rows(), 3);
    assert_eq!(batch.num_columns(), 32);
}

#[test]
fn column_chunks() {
    let dir = TempDir::new().unwrap();
    let (path, _) = typed_file(&dir);
    let table = get(&path, &options("columns"));
    let mut row = 0;
    for (at, group) in crates(&path).row_groups().iter().enumerate() {
        for chunk in group.columns() {
            assert_eq!(int(&table, "row_group", row), Some(at as i64));
            assert_eq!(text(&table, "column", row), Some(chunk.column_path().string().as_str()));
            assert_eq!(text(&table, "codec", row), Some("ZSTD"));
            let encodings: Vec<String> = chunk.encodings().map(|e| e.to_string()).collect();
            let listed = table["encodings"].as_list::<i32>().value(row);
            assert_eq!(listed.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), encodings);
            assert_eq!(int(&table, "num_values", row), Some(chunk.num_values()));
            assert_eq!(int(&table, "compressed_size", row), Some(chunk.compressed_size()));
            assert_eq!(int(&table, "uncompressed_size", row), Some(chunk.uncompressed_size()));
            assert_eq!(int(&table, "data_page_offset", row), Some(chunk.data_page_offset()));
            assert_eq!(int(&table, "dictionary_page_offset", row), chunk.dictionary_page_offset());
            assert_eq!(int(&table, "bloom_filter_offset", row), chunk.bloom_filter_offset());
            assert_eq!(int(&table, "bloom_filter_length", row), chunk.bloom_filter_length().map(i64::from));
            let is = |name: &str| table[name].as_boolean().value(row);
            assert_eq!(is("has_dictionary"), chunk.dictionary_page_offset().is_some());
            assert_eq!(is("has_column_index"), chunk.column_index_range().is_some());
            assert_eq!(is("has_offset_index"), chunk.offset_index_range().is_some());
            let statistics = chunk.statistics().unwrap();
            assert_eq!(int(&table, "null_count", row), statistics.null_count_opt().map(|n| n as i64));
            assert_eq!(int(&table, "distinct_count", row), statistics.distinct_count_opt().map(|n| n as i64));
            row += 1;
        }
    }
    assert_eq!(table.num_rows(), row);
}

#[test]
fn typed_statistics_are_those_of_the_crate() {
    let dir = TempDir::new().unwrap();
    let (path, batch) = typed_file(&dir);
    let expected = crates(&path);
    let table = get(&path, &options("statistics"));
    let chunks = get(&path, &options("columns"));
    let parquet = expected.file_metadata().schema_descr();
    for field in batch.schema().fields() {
        let name = field.name();
        if matches!(field.data_type(), DataType::List(_) | DataType::Struct(_)) {
            continue;
        }
        let (min, max) = (&table[format!("{name}.min").as_str()], &table[format!("{name}.max").as_str()]);
        let schema = batch.schema();
        let converter = StatisticsConverter::try_new(name, &schema, parquet).unwrap();
        // Durations the crate leaves out.
        if !matches!(field.data_type(), DataType::Duration(_)) {
            assert_eq!(min, &converter.row_group_mins(expected.row_groups()).unwrap(), "{name}");
            assert_eq!(max, &converter.row_group_maxes(expected.row_groups()).unwrap(), "{name}");
        }
        assert_eq!(min.null_count(), if name == "none" { 3 } else { 0 }, "{name}");
        let nulls = converter.row_group_null_counts(expected.row_groups()).unwrap();
        for row in 0..3 {
            assert_eq!(int(&table, &format!("{name}.null_count"), row), Some(nulls.value(row) as i64));
            // The text of a value is what Arrow displays.
            let of = |r: &usize| {
                text(&chunks, "column", *r) == Some(name) && int(&chunks, "row_group", *r) == Some(row as i64)
            };
            let chunk = (0..chunks.num_rows()).find(of).unwrap();
            for (side, values) in [("min", min), ("max", max)] {
                let shown = values.is_valid(row).then(|| array_value_to_string(values, row).unwrap());
                assert_eq!(text(&chunks, side, chunk), shown.as_deref(), "{name}");
            }
        }
    }
    let some = get(&path, &columns("statistics", &["i64", "list", "text"]));
    let names = some.schema().fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>().join(" ");
    assert!(
        names.starts_with("path row_group num_rows i64.null_count i64.distinct_count i64.min i64.max i64.min_exact")
    );
    assert_eq!(some.num_columns(), 3 + 3 * 6);
    assert_eq!(some["list.list.item.max"].as_primitive::<Int64Type>().value(0), 0);
    assert_eq!(&some["i64.min"], &table["i64.min"]);
}

#[test]
fn summaries_are_of_all_row_groups() {
    let dir = TempDir::new().unwrap();
    let (path, batch) = typed_file(&dir);
    let aggregate = |options: Options| options.with("aggregate", Value::Bool(true));
    let table = get(&path, &aggregate(options("statistics")));
    assert_eq!(table.num_rows(), 33);
    let row = |name: &str| (0..33).find(|row| text(&table, "column", *row) == Some(name)).unwrap();
    let cell = |name, of| text(&table, of, row(name));
    assert_eq!((cell("i64", "min"), cell("i64", "max")), (Some("-62"), Some("7")));
    assert_eq!((cell("d32", "min"), cell("d32", "max")), (Some("-0.65"), Some("0.07")));
    assert_eq!((cell("u32", "min"), cell("u32", "max")), (Some("4294967272"), Some("4294967295")));
    assert_eq!((cell("text", "min"), cell("text", "max")), (Some("wört 000"), Some("wört 024")));
    assert_eq!((cell("bool", "min"), cell("none", "min")), (Some("false"), None));
    assert_eq!(int(&table, "null_count", row("i64")), Some(batch["i64"].null_count() as i64));
    assert_eq!(int(&table, "num_values", row("i64")), Some(25));
    // Twice the same file: the same bounds, twice the counts.
    std::fs::copy(&path, dir.path().join("b.parquet")).unwrap();
    let both = get(dir.path(), &aggregate(options("statistics")));
    assert_eq!((&both["min"], &both["max"]), (&table["min"], &table["max"]));
    assert_eq!(int(&both, "num_values", row("i64")), Some(50));
    assert_eq!(get(dir.path(), &aggregate(columns("statistics", &["pair.a"]))).num_rows(), 1);
}

#[test]
fn pages_are_those_of_the_index() {
    let dir = TempDir::new().unwrap();
    let (path, _) = typed_file(&dir);
    let expected = crates(&path);
    let table = get(&path, &options("pages"));
    let mut row = 0;
    for (at, group) in expected.row_groups().iter().enumerate() {
        let index = expected.page_index_for_row_group(at);
        for (leaf, chunk) in group.columns().iter().enumerate() {
            let locations = index.page_locations(leaf).unwrap();
            let values = index.column_index(leaf);
            for (page, location) in locations.iter().enumerate() {
                assert_eq!(int(&table, "row_group", row), Some(at as i64));
                assert_eq!(text(&table, "column", row), Some(chunk.column_path().string().as_str()));
                assert_eq!(int(&table, "page", row), Some(page as i64));
                assert_eq!(int(&table, "offset", row), Some(location.offset));
                assert_eq!(int(&table, "compressed_size", row), Some(location.compressed_page_size.into()));
                assert_eq!(int(&table, "first_row", row), Some(location.first_row_index));
                let end = locations.get(page + 1).map_or(group.num_rows(), |next| next.first_row_index);
                assert_eq!(int(&table, "num_rows", row), Some(end - location.first_row_index));
                assert_eq!(int(&table, "null_count", row), values.and_then(|v| v.null_count(page)));
                assert_eq!(table["all_null"].as_boolean().value(row), values.unwrap().is_null_page(page));
                row += 1;
            }
        }
    }
    assert_eq!(table.num_rows(), row);
    let some = get(&path, &columns("pages", &["text"]));
    let minima: Vec<_> = (0..some.num_rows()).map(|row| text(&some, "min", row).unwrap()).collect();
    assert_eq!(
        minima,
        ["wört 000", "wört 004", "wört 008", "wört 010", "wört 014", "wört 018", "wört 020", "wört 024"]
    );
}

#[test]
fn many_files_come_in_order_for_any_number_of_threads() {
    let dir = TempDir::new().unwrap();
    for i in 0..40 {
        let batch = wide(3 + i % 2, 5 + i);
        write(&dir.path().join(format!("{i:02}.parquet")), &batch, 1, properties(4).build());
    }
    let path = dir.path().to_str().unwrap();
    for kind in ["counts", "files", "schema", "row_groups", "columns", "statistics", "pages", "key_value"] {
        let get = |threads| metadata(path, &options(kind), &Context::default().with_threads(threads)).unwrap();
        let one = get(1);
        assert_eq!(one, get(3), "{kind}");
        let paths: Vec<_> = (0..one.num_rows()).map(|row| text(&one, "path", row).unwrap()).collect();
        assert!(paths.is_sorted() && paths.first() != paths.last(), "{kind}");
    }
    let table = get(dir.path(), &options("counts"));
    assert_eq!(
        (0..40).map(|row| int(&table, "num_rows", row).unwrap()).collect::<Vec<_>>(),
        (5..45).collect::<Vec<_>>()
    );
    // A column that not every file has.
    let fourth = "feature_group_000.col_00003";
    assert_eq!(get(dir.path(), &columns("schema", &[fourth])).num_rows(), 20);
    let aggregate = columns("statistics", &[fourth]).with("aggregate", Value::Bool(true));
    assert_eq!(get(dir.path(), &aggregate).num_rows(), 1);
    let error = metadata(path, &columns("columns", &["nope"]), &Context::default()).unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.message().contains("'nope'") && error.message().contains("col_00001"), "{error}");
}

#[test]
fn statistics_of_files_that_differ() {
    let dir = TempDir::new().unwrap();
    let one = |name: &str, array: ArrayRef| {
        let batch = RecordBatch::try_from_iter_with_nullable([("x", array, true)]).unwrap();
        write(&dir.path().join(name), &batch, 1, properties(4).build());
    };
    one("a.parquet", Arc::new(Int64Array::from(vec![1, 2])));
    write(&dir.path().join("b.parquet"), &wide(2, 3), 1, properties(2).build());
    let table = get(dir.path(), &options("statistics"));
    assert_eq!(table["x.max"].as_primitive::<Int64Type>(), &Int64Array::from(vec![Some(2), None, None]));
    assert_eq!(table["feature_group_000.col_00001.max"].null_count(), 1);
    one("c.parquet", Arc::new(Int32Array::from(vec![7])));
    for aggregate in [false, true] {
        let options = options("statistics").with("aggregate", Value::Bool(aggregate));
        let error = metadata(dir.path().to_str().unwrap(), &options, &Context::default()).unwrap_err();
        assert!(error.code() == Code::Type && error.message().contains("c.parquet"), "{error}");
    }
}

#[test]
fn of_columns_of_one_name_the_first_is_meant() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.parquet");
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from(vec![3, 4])),
        Arc::new(arrow_array::StringArray::from(vec!["a", "b"])),
        Arc::new(Int32Array::from(vec![50, 60])),
    ];
    let fields = columns.iter().map(|column| Field::new("x", column.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    write(&path, &RecordBatch::try_new(schema, columns).unwrap(), 1, properties(4).build());
    let typed = get(&path, &options("statistics"));
    assert_eq!((typed.num_columns(), int(&typed, "x.null_count", 0)), (9, Some(0)));
    let min: &Int32Array = typed["x.min"].as_primitive();
    assert_eq!(min.value(0), 3);
    let aggregate = get(&path, &options("statistics").with("aggregate", Value::Bool(true)));
    assert_eq!((aggregate.num_rows(), int(&aggregate, "num_values", 0)), (1, Some(2)));
}

#[test]
fn values_of_any_size_that_a_file_claims_need_room() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.parquet");
    let huge = Schema::new(vec![Field::new("x", DataType::FixedSizeBinary(2_000_000_000), true)]);
    write(&path, &RecordBatch::new_empty(Arc::new(huge)), 1, properties(4).build());
    let of = |kind, limit| {
        let ctx = Context::default().with_memory_limit(limit);
        metadata(path.to_str().unwrap(), &options(kind), &ctx).map(|table| table.num_rows())
    };
    let error = of("schema", 1 << 30).unwrap_err();
    assert!(error.code() == Code::OutOfMemory && error.message().contains("a.parquet"), "{error}");
    assert_eq!((of("schema", 1 << 32), of("statistics", 1 << 32)), (Ok(1), Ok(0)));
}

#[test]
fn options_are_checked() {
    let dir = TempDir::new().unwrap();
    let (path, _) = typed_file(&dir);
    let aggregate = options("columns").with("aggregate", Value::Bool(true));
    for options in [options("nope"), columns("files", &["a"]), aggregate] {
        let error = metadata(path.to_str().unwrap(), &options, &Context::default()).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{error}");
    }
    let small = Context::default().with_memory_limit(1000);
    let error = metadata(path.to_str().unwrap(), &options("columns"), &small).unwrap_err();
    assert_eq!(error.code(), Code::OutOfMemory);
    let cancelled = Context::default();
    cancelled.cancel_token().cancel();
    let error = metadata(path.to_str().unwrap(), &options("columns"), &cancelled).unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
}

#[test]
fn tables_without_rows() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.parquet");
    let empty = RecordBatch::new_empty(Arc::new(Schema::new(vec![Field::new("x", DataType::Int64, true)])));
    write(&path, &empty, 1, properties(4).build());
    for (kind, rows) in [
        ("files", 1),
        ("schema", 1),
        ("row_groups", 0),
        ("columns", 0),
        ("statistics", 0),
        ("pages", 0),
        ("key_value", 1),
    ] {
        assert_eq!(get(&path, &options(kind)).num_rows(), rows, "{kind}");
    }
    assert_eq!(get(&path, &columns("statistics", &["x"])).schema().field(5).data_type(), &DataType::Int64);
    let aggregate = get(&path, &options("statistics").with("aggregate", Value::Bool(true)));
    assert_eq!((aggregate.num_rows(), int(&aggregate, "num_values", 0)), (1, Some(0)));
    let exact: &BooleanArray = aggregate["min_exact"].as_boolean();
    assert!(exact.is_null(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_files(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        thread_local! {
            static FILE: Vec<u8> = {
                let dir = TempDir::new().unwrap();
                let path = dir.path().join("a.parquet");
                write(&path, &typed(12), 1, properties(6).build());
                std::fs::read(path).unwrap()
            };
        }
        let mut bytes = FILE.with(Clone::clone);
        // Page indexes and footer stand in the second half.
        let half = bytes.len() / 2;
        for (at, value) in flips {
            let at = half + at.index(bytes.len() - half - 8);
            bytes[at] = value;
        }
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a.parquet");
        std::fs::write(&path, &bytes).unwrap();
        let ctx = Context::default().with_threads(1).with_memory_limit(1 << 28);
        for kind in ["counts", "files", "schema", "row_groups", "columns", "statistics", "summary", "pages", "key_value"] {
            let options = match kind {
                "summary" => options("statistics").with("aggregate", Value::Bool(true)),
                kind => options(kind),
            };
            if let Err(e) = metadata(path.to_str().unwrap(), &options, &ctx) {
                prop_assert!(matches!(e.code(), Code::Corrupt | Code::Unsupported), "{kind}: {e:?}");
                prop_assert!(e.message().contains("a.parquet"), "{kind}: {e}");
            }
        }
    }
}

/// The measure of the wide file and of many files: `cargo test --release -- --ignored measure --nocapture`.
#[test]
#[ignore = "takes a minute; measures"]
fn measure() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("wide.parquet");
    let properties = || parquet::file::properties::WriterProperties::builder().set_dictionary_enabled(false);
    write(&path, &wide(5000, 1000), 1, properties().set_max_row_group_row_count(Some(20)).build());
    let many = dir.path().join("many");
    std::fs::create_dir(&many).unwrap();
    for i in 0..1000 {
        write(&many.join(format!("{i:04}.parquet")), &wide(10, 100), 1, properties().build());
    }
    for entry in std::fs::read_dir(&many).unwrap() {
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
        File::options().write(true).open(entry.unwrap().path()).unwrap().set_modified(then).unwrap();
    }
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = |name: &str| {
            status.lines().find_map(|l| l.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        };
        (line("VmRSS:").unwrap() / 1024, line("VmHWM:").unwrap() / 1024)
    };
    let ctx = Context::default().with_threads(2);
    let time = |name: &str, f: &dyn Fn() -> usize| {
        let mut times = Vec::new();
        let mut peak = 0;
        let mut rows = 0;
        for _ in 0..5 {
            crate::clear_footer_cache();
            let _ = std::fs::write("/proc/self/clear_refs", "5");
            let before = resident().0;
            let start = std::time::Instant::now();
            rows = f();
            times.push(start.elapsed());
            peak = peak.max(resident().1.saturating_sub(before));
        }
        times.sort();
        println!("{name:40} {:>10.3?} first of sorted, {:>10.3?} median, {peak} MB, {rows} rows", times[0], times[2]);
    };
    let of = |path: &Path, options: Options| {
        let batches = metadata_batches(&[path.to_str().unwrap()], &options, &ctx).unwrap();
        batches.iter().map(RecordBatch::num_rows).sum()
    };
    println!("footer {} bytes", Footer::read(&path, &ctx).unwrap().footer_size());
    time("wide counts", &|| of(&path, options("counts")));
    time("wide files", &|| of(&path, options("files")));
    time("wide arrow schema", &|| Footer::read(&path, &ctx).unwrap().schema(&ctx).unwrap().fields().len());
    time("wide walk", &|| Footer::read(&path, &ctx).unwrap().index(&ctx).unwrap().groups.len());
    time("wide metadata of 3", &|| {
        let footer = Footer::read(&path, &ctx).unwrap();
        footer.metadata(Some(&[7, 2511, 4999]), None, &ctx).unwrap().metadata.num_row_groups()
    });
    time("wide schema", &|| of(&path, options("schema")));
    time("wide columns", &|| of(&path, options("columns")));
    time("wide statistics", &|| of(&path, options("statistics")));
    time("wide summary", &|| of(&path, options("statistics").with("aggregate", Value::Bool(true))));
    time("wide statistics of 3", &|| {
        of(
            &path,
            columns(
                "statistics",
                &["feature_group_000.col_00007", "feature_group_025.col_02511", "feature_group_049.col_04999"],
            ),
        )
    });
    for kind in ["counts", "files", "columns", "statistics"] {
        time(&format!("many {kind}"), &|| of(&many, options(kind)));
    }
    time("crate: whole footer", &|| crates(&path).num_row_groups());
}
