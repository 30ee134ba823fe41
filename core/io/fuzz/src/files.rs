//! Small files with columns, encodings, codecs and indexes of all sorts, made by the code at hand.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use arrow_array::builder::{Int32Builder, ListBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float32Array, Float64Array,
    Int32Array, Int64Array, RecordBatch, StringArray, StringViewArray, StructArray,
};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};

/// Rows of every file, in two row groups.
const ROWS: usize = 96;

/// Bytes of a long value: a row group of them is more than a small part of the memory limit.
const LONG: usize = 20_000;

/// A file that is whole.
pub struct Base {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where column chunks and Bloom filters stand.
    pub data: Vec<Range<usize>>,
    /// Where column indexes and offset indexes stand.
    pub indexes: Vec<Range<usize>>,
    /// Where the footer stands, without its length and the magic.
    pub footer: Range<usize>,
}

/// The files: for every codec one with dictionaries and one with the other encodings, and both with long values.
pub fn bases() -> &'static [Base] {
    static BASES: OnceLock<Vec<Base>> = OnceLock::new();
    BASES.get_or_init(|| {
        let codecs = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::BROTLI(BrotliLevel::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
            Compression::ZSTD(ZstdLevel::default()),
        ];
        let kinds = [(false, true), (false, false), (true, true), (true, false)];
        let plain = kinds.map(|(new, dictionary)| (Compression::UNCOMPRESSED, new, dictionary));
        let packed = codecs.iter().skip(1).enumerate();
        let packed = packed.flat_map(|(i, codec)| [(*codec, i % 2 == 0, true), (*codec, i % 2 == 1, false)]);
        let bases = plain.into_iter().chain(packed).map(|(codec, new, dictionary)| base(codec, new, dictionary, 4));
        let zstd = Compression::ZSTD(ZstdLevel::default());
        bases.chain([true, false].map(|dictionary| base(zstd, true, dictionary, LONG))).collect()
    })
}

fn base(codec: Compression, new: bool, dictionary: bool, length: usize) -> Base {
    let table = table(length);
    let mut properties = WriterProperties::builder()
        .set_compression(codec)
        .set_writer_version(if new { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
        .set_dictionary_enabled(dictionary)
        .set_max_row_group_row_count(Some(ROWS / 2))
        .set_data_page_row_count_limit(12)
        .set_write_batch_size(6)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_bloom_filter_enabled("id".into(), true)
        .set_column_bloom_filter_enabled("s".into(), true)
        .set_bloom_filter_max_ndv(20);
    if !dictionary {
        for (column, encoding) in [
            ("id", Encoding::DELTA_BINARY_PACKED),
            ("i", Encoding::DELTA_BINARY_PACKED),
            ("s", Encoding::DELTA_BYTE_ARRAY),
            ("t", Encoding::DELTA_LENGTH_BYTE_ARRAY),
            ("v", Encoding::DELTA_BYTE_ARRAY),
            ("w", Encoding::DELTA_LENGTH_BYTE_ARRAY),
            ("f", Encoding::BYTE_STREAM_SPLIT),
            ("b", Encoding::RLE),
            ("d", Encoding::DELTA_BYTE_ARRAY),
            ("z", Encoding::DELTA_BYTE_ARRAY),
        ] {
            properties = properties.set_column_encoding(column.into(), encoding);
        }
    }
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, table.schema(), Some(properties.build())).expect("a writer");
    writer.write(&table).expect("rows that fit");
    writer.close().expect("a footer");
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&bytes::Bytes::from(bytes.clone()))
        .expect("a file that is whole");
    let (data, indexes) = regions(&metadata);
    let end = bytes.len() - 8;
    let len = bytes[end..].first_chunk().map_or(0, |len| u32::from_le_bytes(*len) as usize);
    Base { bytes, data, indexes, footer: end - len..end }
}

fn regions(metadata: &ParquetMetaData) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (mut data, mut indexes) = (Vec::new(), Vec::new());
    let range = |start: Option<i64>, len: Option<i32>| {
        let start = usize::try_from(start?).ok()?;
        Some(start..start + usize::try_from(len?).ok()?)
    };
    for chunk in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let (start, len) = chunk.byte_range();
        data.push(start as usize..(start + len) as usize);
        data.extend(range(chunk.bloom_filter_offset(), chunk.bloom_filter_length()));
        indexes.extend(range(chunk.offset_index_offset(), chunk.offset_index_length()));
        indexes.extend(range(chunk.column_index_offset(), chunk.column_index_length()));
    }
    (data, indexes)
}

fn table(length: usize) -> RecordBatch {
    let word = |i: usize| ["alpha", "beta", "gamma", "delta"][i % 4];
    let some = |i: &usize| !i.is_multiple_of(5);
    let rows = || 0..ROWS;
    let mut lists = ListBuilder::new(Int32Builder::new());
    for i in rows() {
        lists.values().extend((0..i % 4).map(|j| (j != 2).then_some((i * j) as i32)));
        lists.append(i % 7 != 3);
    }
    let x: Int32Array = rows().map(|i| some(&i).then_some(i as i32)).collect();
    let y: StringArray = rows().map(|i| some(&i).then(|| word(i))).collect();
    let pair = StructArray::from(vec![
        (Arc::new(Field::new("x", DataType::Int32, true)), Arc::new(x) as ArrayRef),
        (Arc::new(Field::new("y", DataType::Utf8, true)), Arc::new(y) as ArrayRef),
    ]);
    let fixed = FixedSizeBinaryArray::try_from_iter(rows().map(|i| [i as u8, 7, 9])).expect("values of one length");
    let decimals: Decimal128Array = rows().map(|i| Some((i as i128 - 40) << 70)).collect();
    let text = |i: usize| format!("{}-{:05}", word(i), i * 37 % 100);
    let dictionary: DictionaryArray<Int32Type> = rows().map(|i| some(&i).then(|| word(i / 3))).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from_iter_values(rows().map(|i| i as i64)))),
        ("i", Arc::new(rows().map(|i| some(&i).then_some(i as i32 * 7 % 50)).collect::<Int32Array>())),
        ("s", Arc::new(rows().map(|i| some(&i).then(|| word(i / 2))).collect::<StringArray>())),
        ("t", Arc::new(rows().map(|i| some(&i).then(|| text(i))).collect::<StringArray>())),
        ("v", Arc::new(rows().map(|i| some(&i).then(|| text(i))).collect::<StringViewArray>())),
        ("w", Arc::new(rows().map(|i| some(&i).then(|| text(i))).collect::<StringViewArray>())),
        ("f", Arc::new(rows().map(|i| some(&i).then_some(i as f64 / 8.0)).collect::<Float64Array>())),
        ("g", Arc::new(rows().map(|i| Some(i as f32)).collect::<Float32Array>())),
        ("b", Arc::new(rows().map(|i| some(&i).then_some(i % 3 == 0)).collect::<BooleanArray>())),
        ("d", Arc::new(decimals.with_precision_and_scale(38, 4).expect("a precision that fits"))),
        ("x", Arc::new(fixed)),
        ("k", Arc::new(dictionary)),
        ("l", Arc::new(lists.finish())),
        ("p", Arc::new(pair)),
        ("z", Arc::new(rows().map(|i| some(&i).then(|| "z".repeat(length + i % 2))).collect::<StringArray>())),
    ];
    let columns = columns.into_iter().map(|(name, column)| (name, column, name != "id"));
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}
