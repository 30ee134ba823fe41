//! Each stage alone: it leaves out what it can, and nothing that matches.

use std::io::{Seek, SeekFrom, Write};

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float16Array,
    Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, StringArray, StructArray, TimestampMicrosecondArray,
    UInt8Array, UInt32Array, UInt64Array,
};
use arrow_schema::Fields;
use half::f16;
use parquet::file::metadata::{ParquetMetaDataBuilder, ParquetMetaDataReader};
use parquet::schema::types::ColumnPath;
use pf_base::Code;

use super::*;

/// Rows 0 to 999 in groups of 100 and pages of 10; `n` and others rise with the row.
fn rising() -> Written {
    let n = || 0..1000_i32;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("n", Arc::new(Int32Array::from_iter_values(n()))),
        ("maybe", Arc::new(Int32Array::from_iter(n().map(|v| (v >= 300 && v % 2 == 0).then_some(v))))),
        (
            "x",
            Arc::new(Float64Array::from_iter_values(
                n().map(|v| if v % 100 == 7 { f64::NAN } else { f64::from(v) / 2.0 }),
            )),
        ),
        ("u", Arc::new(UInt32Array::from_iter_values(n().map(|v| v as u32 + (1 << 31) - 500)))),
        ("t", Arc::new(StringArray::from_iter_values(n().map(|v| format!("key {v:04} {}", "x".repeat(100)))))),
        ("day", Arc::new(Date32Array::from_iter_values(n().map(|v| 19_000 + v)))),
        (
            "d",
            Arc::new(
                Decimal128Array::from_iter_values(n().map(|v| i128::from(v) - 500))
                    .with_precision_and_scale(20, 2)
                    .unwrap(),
            ),
        ),
    ];
    Written::new(columns, small(100, 10).set_dictionary_enabled(false))
}

#[test]
fn bounds_leave_row_groups_out() {
    let file = rising();
    let only = Switches { statistics: true, ..OFF };
    let skipped = [
        ("n = 250", 9),
        ("n < 100", 9),
        ("n >= 1000", 10),
        ("maybe IS NOT NULL", 3),
        ("maybe = 350", 9),
        ("x > 495", 9),
        ("u >= 2147483648", 5),
        ("t = 'key 0250'", 9),
        ("t = 'lock'", 10),
        ("t LIKE 'key 02%'", 9),
        ("t LIKE 'key 0%'", 0),
        ("day BETWEEN '2022-02-01' AND '2022-02-02'", 9),
        ("EXTRACT(year FROM day) = 2024", 7),
        ("d < -4.00", 9),
        ("n = 250 OR n = 350", 8),
        ("n + 1 > 500 AND t < 'key 06'", 9),
        ("n > 100 AND row < 200", 9),
    ];
    for (text, groups) in skipped {
        let counts = file.counts(text, only);
        assert_eq!((counts.groups, counts.by_statistics), (10, groups), "{text}");
        assert_eq!(file.rows(text, only), file.all_rows(text), "{text}");
    }
    assert_eq!(file.counts("n >= 1000", OFF).by_statistics, 0);
}

#[test]
fn rows_that_all_match_need_no_predicate() {
    let file = rising();
    let only = Switches { statistics: true, ..OFF };
    assert_eq!(file.counts("n >= 300", only).matching, 7);
    assert_eq!(file.counts("n >= 0", only).matching, 10);
    // Nulls do not match, nor does NaN; that there is none the footer says too.
    assert_eq!(file.counts("maybe >= 0", only).matching, 0);
    assert_eq!(file.counts("x >= 0", only).matching, 0);
    let decisions = file.decisions("n >= 250 AND x <> 1000", only);
    assert_eq!(decisions[2].verdict, Verdict::Read { selection: None, conditions: vec![0] });
    assert_eq!(decisions[3].verdict, Verdict::Read { selection: None, conditions: vec![] });
    for text in ["n >= 300", "maybe >= 0", "x >= 0", "n >= 250 AND x <> 1000"] {
        assert_eq!(file.rows(text, only), file.all_rows(text), "{text}");
    }
}

#[test]
fn pages_leave_rows_out() {
    let file = rising();
    for statistics in [true, false] {
        let switches = Switches { statistics, page_index: true, ..OFF };
        let left = |text: &str| -> usize {
            let rows = |decision: Decision| match decision.verdict {
                Verdict::Read { selection: Some(selection), .. } => selection.row_count(),
                Verdict::Read { selection: None, .. } => 100,
                Verdict::Skip(_) => 0,
            };
            file.decisions(text, switches).into_iter().map(rows).sum()
        };
        let kept = [
            ("n = 250", 10),
            ("n BETWEEN 255 AND 262", 20),
            ("n = 250 OR n = 270", 20),
            ("maybe = 352", 10),
            ("x = 100.5", 10),
            ("t LIKE 'key 025%'", 10),
            ("n >= 250 AND t < 'key 0260'", 10),
            ("d = -2.41", 10),
            ("n = maybe", 700),
            ("n % 7 = 1", 1000),
            ("day = '2023-01-01' AND n < 0", 0),
        ];
        for (text, rows) in kept {
            assert_eq!(left(text), rows, "{text}");
            assert_eq!(file.rows(text, switches), file.all_rows(text), "{text}");
        }
    }
    let counts = file.counts("n = 250", Switches { page_index: true, ..OFF });
    assert_eq!((counts.pages, counts.pages_skipped, counts.by_page_index), (100, 99, 9));
    let counts = file.counts("n = 250", Switches::default());
    assert_eq!((counts.pages, counts.pages_skipped, counts.by_statistics), (10, 9, 9));
}

/// Pages of columns that begin at different rows.
#[test]
fn pages_of_columns_overlap_as_they_are() {
    let n = Int32Array::from_iter_values(0..1000);
    let m = Int32Array::from_iter_values((0..1000).map(|v| 999 - v));
    let wide = StringArray::from_iter_values((0..1000).map(|v| format!("{v:04}{}", "y".repeat(v % 90))));
    let properties = small(1000, 64)
        .set_column_data_page_size_limit(ColumnPath::from("wide"), 700)
        .set_dictionary_enabled(false)
        .set_write_batch_size(7);
    let file = Written::new(vec![("n", Arc::new(n)), ("m", Arc::new(m)), ("wide", Arc::new(wide))], properties);
    let only = Switches { page_index: true, ..OFF };
    for text in [
        "n > 500 AND m > 300",
        "wide > '0700' AND n < 720",
        "wide = '0003' OR m = 5",
        "n = m + 1",
        "n < m AND wide > '04'",
    ] {
        assert_eq!(file.rows(text, only), file.all_rows(text), "{text}");
        assert!(file.counts(text, only).pages_skipped > 0, "{text}");
    }
}

/// Columns of many types whose values lie far apart, in one row group, with Bloom filters.
fn sparse() -> Written {
    let n = || (0..400_i64).map(|v| v * 3);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("i16", Arc::new(Int16Array::from_iter_values(n().map(|v| v as i16)))),
        ("i32", Arc::new(Int32Array::from_iter(n().map(|v| (v != 6).then_some(v as i32))))),
        ("i64", Arc::new(Int64Array::from_iter_values(n()))),
        ("u8", Arc::new(UInt8Array::from_iter_values(n().map(|v| (v / 3 % 2 * 200) as u8)))),
        ("u32", Arc::new(UInt32Array::from_iter_values(n().map(|v| v as u32 + (1 << 31))))),
        ("u64", Arc::new(UInt64Array::from_iter_values(n().map(|v| v as u64 + (1 << 63))))),
        ("f16", Arc::new(Float16Array::from_iter_values(n().map(|v| f16::from_f64(v as f64))))),
        ("f32", Arc::new(Float32Array::from_iter_values(n().map(|v| v as f32)))),
        ("f64", Arc::new(Float64Array::from_iter_values(n().map(|v| v as f64)))),
        ("t", Arc::new(StringArray::from_iter_values(n().map(|v| format!("{v:05}"))))),
        ("b", Arc::new(FixedSizeBinaryArray::try_from_iter(n().map(|v| v.to_be_bytes())).unwrap())),
        ("day", Arc::new(Date32Array::from_iter_values(n().map(|v| v as i32)))),
        ("us", Arc::new(TimestampMicrosecondArray::from_iter_values(n()))),
        ("d9", decimal(9, 2)),
        ("d18", decimal(18, 2)),
        ("d30", decimal(30, 2)),
    ];
    Written::new(columns, small(400, 400).set_dictionary_enabled(false).set_bloom_filter_enabled(true))
}

fn decimal(precision: u8, scale: i8) -> ArrayRef {
    let values = (0..400_i128).map(|v| v * 3 - 600);
    Arc::new(Decimal128Array::from_iter_values(values).with_precision_and_scale(precision, scale).unwrap())
}

#[test]
fn bloom_filters_know_what_is_missing() {
    let file = sparse();
    let only = Switches { statistics: true, bloom: true, ..OFF };
    let absent = [
        "i16 = 4",
        "i32 = 7",
        "i32 = 6",
        "7 = i32",
        "i64 = 301",
        "i32 IN (1, 2, 4)",
        "u8 = 17",
        "u32 = 2147483649",
        "u64 = 9223372036854775809",
        "f16 = 4",
        "f32 = 4",
        "f64 = 4.5",
        "t = '00004'",
        "t IN ('00001', '00002')",
        "b = X'0000000000000004'",
        "day = '1970-01-03'",
        "us = TIMESTAMP '1970-01-01 00:00:00.000004'",
        "d9 = 0.01",
        "d18 = -0.01",
        "d30 = -0.01",
        "i64 = 4 AND f64 > 2",
        "i64 = 4 OR t = '00004'",
        "i32 IS NOT DISTINCT FROM 4",
        "CAST(i32 AS int64) = 4",
        "CAST(i16 AS decimal(10, 2)) = 4",
        "CAST(t AS binary) = X'3030303034'",
        "CAST(day AS timestamp(us)) = TIMESTAMP '1970-01-03 00:00:00'",
        "i16 = i64 OR i32 = 4 AND i64 = 4",
        "t = '00003' AND t = '00004'",
    ];
    for text in absent {
        let (all, counts) = (file.all_rows(text).unwrap(), file.counts(text, only));
        // Columns that are compared are no equality with a literal.
        assert_eq!(counts.by_bloom_filter, u64::from(all.is_empty()), "{text}");
        assert_eq!(file.rows(text, only), Some(all), "{text}");
    }
    let present = [
        "i16 = 3",
        "i32 = 9",
        "i64 = 300",
        "u8 = 200",
        "u32 = 2147483651",
        "u64 = 9223372036854775811",
        "f16 = 3",
        "f32 = 3",
        "f64 = 3.0",
        "f64 = 0",
        "f64 = -0.0",
        "t = '00003'",
        "b = X'0000000000000003'",
        "day = '1970-01-04'",
        "d9 = 0.03",
        "d18 = -0.03",
        "d30 = -0.03",
        "us = TIMESTAMP '1970-01-01 00:00:00.000003'",
        "i64 = 4 OR t = '00003'",
        "i32 IN (1, 3)",
        "CAST(i32 AS int64) = 3",
        "NOT (i64 = 3)",
        "i64 <> 4",
        "CAST(f64 AS int64) = 3",
        "CAST(d30 AS decimal(9, 1)) = 0.0",
        "CAST(i64 AS float64) = 3",
        "i32 IS NOT DISTINCT FROM NULL",
    ];
    for text in present {
        let all = file.all_rows(text).unwrap();
        assert!(!all.is_empty(), "{text}");
        assert_eq!(file.rows(text, only), Some(all), "{text}");
    }
    assert_eq!(file.counts("i64 = 4", Switches { statistics: true, ..OFF }).by_bloom_filter, 0);
}

/// Columns of few values, spread over all row groups.
fn repeated() -> Written {
    let n = || 0..2000_usize;
    let words = ["alpha", "beta", "gamma", "omega"];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("t", Arc::new(StringArray::from_iter_values(n().map(|v| words[v % 4])))),
        ("maybe", Arc::new(StringArray::from_iter(n().map(|v| (v % 5 > 0).then_some(words[v % 4]))))),
        ("packed", Arc::new(n().map(|v| Some(words[v % 4])).collect::<DictionaryArray<Int32Type>>())),
        ("i8", Arc::new(Int8Array::from_iter_values(n().map(|v| (v % 4 * 10) as i8 - 20)))),
        ("u32", Arc::new(UInt32Array::from_iter_values(n().map(|v| (v % 4 * 1_000_000_000) as u32)))),
        ("i64", Arc::new(Int64Array::from_iter_values(n().map(|v| (v % 4 * 10) as i64)))),
        ("x", Arc::new(Float64Array::from_iter_values(n().map(|v| (v % 4) as f64)))),
        ("day", Arc::new(Date32Array::from_iter_values(n().map(|v| (v % 4 * 100) as i32)))),
        (
            "us",
            Arc::new(
                TimestampMicrosecondArray::from_iter_values(n().map(|v| (v % 4 * 100) as i64)).with_timezone("UTC"),
            ),
        ),
        (
            "d5",
            Arc::new(
                Decimal128Array::from_iter_values(n().map(|v| (v % 4 * 100) as i128))
                    .with_precision_and_scale(5, 2)
                    .unwrap(),
            ),
        ),
        (
            "d30",
            Arc::new(
                Decimal128Array::from_iter_values(n().map(|v| -((v % 4 * 100) as i128)))
                    .with_precision_and_scale(30, 2)
                    .unwrap(),
            ),
        ),
        ("b", Arc::new(FixedSizeBinaryArray::try_from_iter(n().map(|v| [(v % 4) as u8, 9])).unwrap())),
        ("unique", Arc::new(StringArray::from_iter_values(n().map(|v| format!("{v:050}"))))),
        ("flag", Arc::new(BooleanArray::from_iter(n().map(|v| Some(v % 2 == 0))))),
    ];
    Written::new(columns, small(1000, 100))
}

#[test]
fn dictionaries_know_all_values() {
    let file = repeated();
    let only = Switches { statistics: true, dictionary: true, ..OFF };
    let absent = [
        "t = 'delta'",
        "t LIKE '%x%'",
        "contains(t, 'q')",
        "lower(t) = 'x'",
        "length(t) = 9",
        "t ~ 'z$'",
        "packed = 'delta'",
        "maybe = 'delta'",
        "i8 = 5",
        "i8 % 10 = 3",
        "u32 = 5",
        "i64 IN (1, 2)",
        "i64 * i64 = 3",
        "x = 1.5",
        "day = '1970-01-05'",
        "EXTRACT(dow FROM day) = 5",
        "us = TIMESTAMP '1970-01-01 00:00:00.00015Z'",
        "d5 = 1.5",
        "d30 = -1.5",
        "b = X'0109ff'",
        "b = X'0208'",
        "t IN ('b', 'c') OR t = 'p'",
        "t = 'delta' AND unique > ''",
    ];
    for text in absent {
        let counts = file.counts(text, only);
        assert_eq!(counts.by_dictionary + counts.by_statistics, 2, "{text}");
        assert_eq!(file.all_rows(text), Some(vec![]), "{text}");
    }
    let present = [
        "t = 'beta'",
        "contains(t, 'mm')",
        "packed = 'beta'",
        "maybe IS NULL",
        "coalesce(maybe, 'none') = 'none'",
        "i8 = 10",
        "u32 = 3000000000",
        "i64 % 20 = 10",
        "x = 2",
        "d5 = 1",
        "d30 = -2",
        "b = X'0109'",
        "EXTRACT(month FROM day) = 4",
        "us > TIMESTAMP '1970-01-01 00:00:00.00015Z'",
        "t <> 'beta'",
        "lower(maybe) = 'omega'",
        "unique LIKE '%19'",
        "flag",
    ];
    for text in present {
        let all = file.all_rows(text).unwrap();
        assert!(!all.is_empty(), "{text}");
        assert_eq!(file.counts(text, only).by_dictionary, 0, "{text}");
        assert_eq!(file.rows(text, only), Some(all), "{text}");
    }
    // A dictionary that most pages do not refer to, or that is as large as the data, is not read.
    assert_eq!(file.counts("unique LIKE '%q%'", only).by_dictionary, 0);
}

#[test]
fn a_condition_that_fails_on_a_value_is_left_to_the_rows() {
    let file = repeated();
    let only = Switches { dictionary: true, ..OFF };
    assert_eq!(file.counts("CAST(t AS int64) = 5", only).by_dictionary, 0);
    assert_eq!(file.counts("10 / x = 7 AND 10 // i64 = 7", only).by_dictionary, 2);
    assert_eq!(file.counts("10 // i64 = 7", only).by_dictionary, 0);
}

#[test]
fn values_that_are_no_columns_of_the_file() {
    let file = rising();
    let field = |name, data_type| Field::new(name, data_type, true);
    let table = Schema::new(vec![
        field("n", DataType::Float64),
        field("year", DataType::Int32),
        field("gone", DataType::Utf8),
        field("odd", DataType::Utf8),
    ]);
    let supply = |path: &[usize]| match path[0] {
        0 => Supply::Leaf { leaf: 0, data_type: DataType::Int32, to: Some(DataType::Float64) },
        1 => Supply::Constant(Arc::new(Int32Array::from(vec![2024]))),
        2 => Supply::Missing,
        _ => Supply::Unknown,
    };
    let skipped = |text: &str| {
        let typed = condition(text, &table, Settings::default()).unwrap();
        let predicate = Predicate::new(&typed, Settings::default());
        let pruner = Pruner::new(file.input(), &predicate, supply, Switches::default());
        let decisions = pruner.groups(&Context::default()).unwrap();
        decisions.iter().filter(|d| matches!(d.verdict, Verdict::Skip(_))).count()
    };
    assert_eq!(skipped("year = 2023"), 10);
    assert_eq!(skipped("year = 2024"), 0);
    assert_eq!(skipped("year = 2024 AND n > 449.5"), 4);
    assert_eq!(skipped("gone = 'a'"), 10);
    assert_eq!(skipped("gone IS NULL AND n = 250.5"), 9);
    assert_eq!(skipped("gone IS NULL AND n = 259.5"), 10);
    assert_eq!(skipped("odd = 'a' AND n = 250"), 9);
    assert_eq!(skipped("odd = 'a'"), 0);
}

#[test]
fn fields_of_structs() {
    let inner = Int32Array::from_iter((0..100).map(|v| (v % 3 > 0).then_some(v)));
    let other = StringArray::from_iter_values((0..100).map(|v| format!("{v:03}")));
    let fields = Fields::from(vec![Field::new("a", DataType::Int32, true), Field::new("b", DataType::Utf8, false)]);
    let valid = arrow_buffer::NullBuffer::from_iter((0..100).map(|v| v % 10 > 0));
    let both = StructArray::try_new(fields, vec![Arc::new(inner), Arc::new(other)], Some(valid)).unwrap();
    let rows = Int64Array::from_iter_values(0..100);
    let file = Written::of_batch(
        &batch_of(vec![
            (Field::new("s", both.data_type().clone(), true), Arc::new(both)),
            (Field::new(ROW, DataType::Int64, false), Arc::new(rows)),
        ]),
        small(50, 10),
    );
    let metadata = file.reader.metadata();
    assert_eq!(leaf(file.schema(), metadata, &[0, 1]), Some((1, DataType::Utf8)));
    assert_eq!(leaf(file.schema(), metadata, &[1]), Some((2, DataType::Int64)));
    assert_eq!(leaf(file.schema(), metadata, &[0]), None);
    assert_eq!(leaf(file.schema(), metadata, &[2]), None);
    for text in ["s.a > 60", "s.b = '070'", "s.b IS NULL", "s.a IS NULL AND s.b < '020'", "s IS NULL", "s.b >= '000'"] {
        for switches in every_switch() {
            assert_eq!(file.rows(text, switches), file.all_rows(text), "{text} {switches:?}");
        }
    }
    assert_eq!(file.counts("s.a > 60", Switches::default()).by_statistics, 1);
}

#[test]
fn groups_and_columns_without_anything() {
    let columns: Vec<(&str, ArrayRef)> = vec![("n", Arc::new(Int32Array::from_iter_values(0..100)))];
    let plain = WriterProperties::builder()
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_dictionary_enabled(false);
    let file = Written::new(columns, plain);
    assert_eq!(file.counts("n = 500", Switches::default()), Counts { groups: 1, ..Counts::default() });
    let empty = batch_of(vec![(Field::new(ROW, DataType::Int64, true), Arc::new(Int64Array::from(vec![None; 0])))]);
    let file = Written::of_batch(&empty, WriterProperties::builder());
    assert_eq!(file.counts("row = 1", Switches::default()).groups, 0);
}

/// A file with one part of its metadata changed.
fn changed(file: &mut Written, change: impl Fn(ColumnChunkMetaData) -> ColumnChunkMetaData) {
    let mut builder = ParquetMetaDataBuilder::new_from_metadata(file.reader.metadata().as_ref().clone());
    let groups = builder.take_row_groups().into_iter().map(|group| {
        let mut group = group.into_builder();
        let columns = group.take_columns().into_iter().map(&change).collect();
        group.set_column_metadata(columns).build().unwrap()
    });
    let metadata = builder.set_row_groups(groups.collect()).build();
    file.reader = ArrowReaderMetadata::try_new(Arc::new(metadata), ArrowReaderOptions::new()).unwrap();
}

fn failure(file: &Written, text: &str, switches: Switches) -> Code {
    let predicate = file.predicate(text);
    let pruner = Pruner::new(file.input(), &predicate, |path| file.supply(path), switches);
    let error = pruner.groups(&Context::default()).unwrap_err();
    assert!(error.message().contains("a.parquet"), "{error}");
    error.code()
}

#[test]
fn what_lies_outside_of_the_file_is_damage() {
    type Change = fn(ColumnChunkMetaData) -> ColumnChunkMetaData;
    let lies: [(Change, &str, Switches); 6] = [
        (
            |c| c.into_builder().set_bloom_filter_offset(Some(i64::MAX)).build().unwrap(),
            "i64 = 4",
            Switches { bloom: true, ..OFF },
        ),
        (
            |c| c.into_builder().set_bloom_filter_offset(Some(-1)).build().unwrap(),
            "i64 = 4",
            Switches { bloom: true, ..OFF },
        ),
        (
            |c| c.into_builder().set_bloom_filter_length(Some(-5)).build().unwrap(),
            "i64 = 4",
            Switches { bloom: true, ..OFF },
        ),
        (
            |c| c.into_builder().set_column_index_offset(Some(1 << 40)).build().unwrap(),
            "n = 4",
            Switches { page_index: true, ..OFF },
        ),
        (
            |c| c.into_builder().set_offset_index_length(Some(i32::MAX)).build().unwrap(),
            "n = 4",
            Switches { page_index: true, ..OFF },
        ),
        (
            |c| c.into_builder().set_offset_index_offset(Some(4)).build().unwrap(),
            "n = 4",
            Switches { page_index: true, ..OFF },
        ),
    ];
    for (change, text, switches) in lies {
        let mut file = if text.starts_with('i') { sparse() } else { rising() };
        changed(&mut file, change);
        assert_eq!(failure(&file, text, switches), Code::Corrupt, "{text}");
    }
}

#[test]
fn a_filter_without_its_length_is_found() {
    let mut file = sparse();
    changed(&mut file, |c| c.into_builder().set_bloom_filter_length(None).build().unwrap());
    let only = Switches { bloom: true, ..OFF };
    assert_eq!(file.counts("i64 = 4", only).by_bloom_filter, 1);
    assert_eq!(file.counts("i64 = 6", only).by_bloom_filter, 0);
}

#[test]
fn damaged_bytes_give_errors_or_rows() {
    let seed = |i: u64| i.wrapping_mul(6_364_136_223_846_793_005).rotate_left(23);
    for (text, file) in
        [("i64 = 4 OR t = '00005'", sparse()), ("t = 'delta'", repeated()), ("n = 4 AND t > 'k'", rising())]
    {
        let original = std::fs::read(&file.path).unwrap();
        // All that is not the footer, which others read.
        let end =
            original.len() - 8 - u32::from_le_bytes(original[original.len() - 8..][..4].try_into().unwrap()) as usize;
        let predicate = file.predicate(text);
        for i in 0..300_u64 {
            let mut bytes = original.clone();
            for flip in 0..1 + seed(i) % 3 {
                let at = (seed(i * 31 + flip) >> 8) as usize % (end / 2) + end / 2;
                bytes[at] ^= 1 << (seed(i + flip) % 8);
            }
            let mut out = std::fs::OpenOptions::new().write(true).open(&file.path).unwrap();
            out.seek(SeekFrom::Start(0)).unwrap();
            out.write_all(&bytes).unwrap();
            let pruner = Pruner::new(file.input(), &predicate, |path| file.supply(path), Switches::default());
            if let Err(error) = pruner.groups(&Context::default().with_threads(1)) {
                assert!(matches!(error.code(), Code::Corrupt | Code::Unsupported), "{error}");
            }
        }
    }
}

#[test]
fn an_index_is_held_within_the_budget() {
    let file = sparse();
    let predicate = file.predicate("i64 = 4");
    let pruner = Pruner::new(file.input(), &predicate, |path| file.supply(path), Switches { bloom: true, ..OFF });
    let error = pruner.groups(&Context::default().with_memory_limit(16)).unwrap_err();
    assert_eq!(error.code(), Code::OutOfMemory);
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file.file).unwrap();
    assert_eq!(metadata.num_row_groups(), 1);
}
