//! Files for tests.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::types::Int32Type;
use arrow_array::*;
use arrow_buffer::i256;
use arrow_schema::{DataType, Field, Fields};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};

/// A column of every sort, with nulls, `rows` long.
pub(crate) fn typed(rows: usize) -> RecordBatch {
    macro_rules! numbers {
        ($type:ident, $value:expr) => {
            Arc::new($type::from_iter((0..rows).map(|i| (i % 7 != 3).then(|| $value(i))))) as ArrayRef
        };
    }
    let half = |i: usize| <types::Float16Type as types::ArrowPrimitiveType>::Native::from_f32(i as f32 - 2.5);
    let text: StringArray = (0..rows).map(|i| (i % 5 != 1).then(|| format!("wört {i:03}"))).collect();
    let mut lists = ListBuilder::new(Int64Builder::new());
    for i in 0..rows {
        lists.values().extend((0..i % 3).map(|j| Some((i * j) as i64 - 5)));
        lists.append(i % 4 != 0);
    }
    let inner: Fields = vec![Field::new("a", DataType::Int64, true), Field::new("b", DataType::Utf8, true)].into();
    let pair = StructArray::new(
        inner,
        vec![numbers!(Int64Array, |i| i as i64), Arc::new(text.clone())],
        Some((0..rows).map(|i| i % 6 != 2).collect::<Vec<bool>>().into()),
    );
    let words = ["x", "yy", "zzz"];
    let dictionary: DictionaryArray<Int32Type> = (0..rows).map(|i| words.get(i % 3).copied()).collect();
    let fixed = (0..rows).map(|i| Some([i as u8; 4]));
    let signed = |i: usize| 7 - 3 * i as i64;
    RecordBatch::try_from_iter_with_nullable([
        ("bool", Arc::new(BooleanArray::from_iter((0..rows).map(|i| Some(i % 2 == 0)))) as ArrayRef, true),
        ("i8", numbers!(Int8Array, |i| signed(i) as i8), true),
        ("i16", numbers!(Int16Array, |i| signed(i) as i16), true),
        ("i32", numbers!(Int32Array, |i| signed(i) as i32), true),
        ("i64", numbers!(Int64Array, signed), true),
        ("u8", numbers!(UInt8Array, |i| i as u8), true),
        ("u32", numbers!(UInt32Array, |i| u32::MAX - i as u32), true),
        ("u64", numbers!(UInt64Array, |i| u64::MAX - i as u64), true),
        ("f16", numbers!(Float16Array, half), true),
        ("f32", numbers!(Float32Array, |i| i as f32 * 0.1 - 1.0), true),
        ("f64", numbers!(Float64Array, |i| if i == 5 { f64::NAN } else { i as f64 * 1e-7 - 3.0 }), true),
        ("date32", numbers!(Date32Array, |i| 18_000 - i as i32), true),
        ("date64", numbers!(Date64Array, |i| 86_400_000 * i as i64), true),
        ("time32", numbers!(Time32MillisecondArray, |i| i as i32), true),
        ("time64", numbers!(Time64NanosecondArray, |i| i as i64), true),
        ("ts_s", numbers!(TimestampSecondArray, |i| i as i64), true),
        ("ts_ms", numbers!(TimestampMillisecondArray, signed), true),
        (
            "ts_us",
            Arc::new(TimestampMicrosecondArray::from_iter_values((0..rows).map(signed)).with_timezone("+01:00")),
            true,
        ),
        ("ts_ns", numbers!(TimestampNanosecondArray, signed), true),
        ("duration", numbers!(DurationMillisecondArray, signed), true),
        (
            "d32",
            Arc::new(
                Decimal128Array::from_iter((0..rows).map(|i| Some(i128::from(signed(i)))))
                    .with_precision_and_scale(5, 2)
                    .unwrap(),
            ),
            true,
        ),
        (
            "d128",
            Arc::new(
                Decimal128Array::from_iter((0..rows).map(|i| Some(i128::from(signed(i)) << 60)))
                    .with_precision_and_scale(38, 10)
                    .unwrap(),
            ),
            true,
        ),
        (
            "d256",
            Arc::new(
                Decimal256Array::from_iter((0..rows).map(|i| Some(i256::from_i128(i128::from(signed(i)) << 90))))
                    .with_precision_and_scale(60, 3)
                    .unwrap(),
            ),
            true,
        ),
        ("text", Arc::new(text.clone()), true),
        ("large_text", Arc::new(LargeStringArray::from_iter(text.iter())), true),
        ("text_view", Arc::new(StringViewArray::from_iter(text.iter())), true),
        ("binary", Arc::new(BinaryArray::from_iter((0..rows).map(|i| Some(vec![i as u8, 255])))), true),
        ("fixed", Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(fixed, 4).unwrap()), false),
        ("dictionary", Arc::new(dictionary), true),
        ("list", Arc::new(lists.finish()), true),
        ("pair", Arc::new(pair), true),
        ("none", Arc::new(Int64Array::new_null(rows)), true),
    ])
    .unwrap()
}

/// A table of `columns` columns of floats, integers and texts by turns.
pub(crate) fn wide(columns: usize, rows: usize) -> RecordBatch {
    let column = |c: usize| -> ArrayRef {
        match c % 4 {
            0 | 1 => Arc::new(Float64Array::from_iter_values((0..rows).map(|i| (c * i) as f64 * 0.37))),
            2 => Arc::new(Int64Array::from_iter_values((0..rows).map(|i| (c + i) as i64))),
            _ => Arc::new(StringArray::from_iter_values((0..rows).map(|i| format!("v{}", c * i % 50)))),
        }
    };
    let name = |c: usize| format!("feature_group_{:03}.col_{c:05}", c / 100);
    RecordBatch::try_from_iter_with_nullable((0..columns).map(|c| (name(c), column(c), true))).unwrap()
}

/// Small row groups and pages, and a page index.
pub(crate) fn properties(group: usize) -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_data_page_row_count_limit(4)
        .set_write_batch_size(2)
        .set_statistics_enabled(EnabledStatistics::Page)
}

/// Writes the rows `times` times.
pub(crate) fn write(path: &Path, batch: &RecordBatch, times: usize, properties: WriterProperties) {
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    for _ in 0..times {
        writer.write(batch).unwrap();
    }
    writer.close().unwrap();
}
