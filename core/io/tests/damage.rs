//! Files that are cut off, damaged or made to mislead: rows, or an error that names the file, within the memory limit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, ListBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, StringViewArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion};
use pf_base::{Code, Context, Error, Options, Result, Value};
use pf_io_core::{Footer, Scan, parquet_metadata};
use tempfile::TempDir;

fn table(rows: i64) -> RecordBatch {
    let some = |i: i64| i % 5 != 3;
    let text = |i: i64| some(i).then(|| format!("n{:03}", i * 37 % 50));
    let mut lists = ListBuilder::new(Int32Builder::new());
    for i in 0..rows {
        lists.values().extend((0..i % 4).map(|j| (j != 2).then_some((i * j) as i32)));
        lists.append(i % 7 != 3);
    }
    let columns: [(&str, ArrayRef); 6] = [
        ("id", Arc::new(Int64Array::from_iter_values(0..rows))),
        ("s", Arc::new((0..rows).map(text).collect::<StringArray>())),
        ("v", Arc::new((0..rows).map(text).collect::<StringViewArray>())),
        ("f", Arc::new((0..rows).map(|i| some(i).then_some(i as f64 / 8.0)).collect::<Float64Array>())),
        ("b", Arc::new((0..rows).map(|i| Some(i % 3 == 0)).collect::<BooleanArray>())),
        ("l", Arc::new(lists.finish())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, name != "id"))).unwrap()
}

fn properties(codec: Compression, new: bool, dictionary: bool) -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(codec)
        .set_writer_version(if new { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
        .set_dictionary_enabled(dictionary)
        .set_max_row_group_row_count(Some(30))
        .set_data_page_row_count_limit(10)
        .set_write_batch_size(5)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_bloom_filter_enabled("s".into(), true)
        .set_bloom_filter_max_ndv(20)
}

fn write(path: &Path, batch: &RecordBatch, properties: WriterPropertiesBuilder) {
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// Files of several kinds, by name.
fn kinds() -> Vec<(&'static str, Vec<u8>)> {
    let dir = TempDir::new().unwrap();
    [
        ("plain", properties(Compression::UNCOMPRESSED, false, true)),
        ("plain v2", properties(Compression::UNCOMPRESSED, true, false)),
        ("snappy", properties(Compression::SNAPPY, true, true)),
        ("gzip", properties(Compression::GZIP(GzipLevel::default()), false, false)),
        ("brotli", properties(Compression::BROTLI(BrotliLevel::default()), true, true)),
        ("lz4", properties(Compression::LZ4, false, true)),
        ("zstd", properties(Compression::ZSTD(ZstdLevel::default()), true, false)),
    ]
    .into_iter()
    .map(|(name, properties)| {
        let path = dir.path().join("a.parquet");
        write(&path, &table(60), properties);
        (name, std::fs::read(path).unwrap())
    })
    .collect()
}

fn scan(path: &Path, options: &Options, ctx: &Context) -> Result<Vec<RecordBatch>> {
    let scan = Scan::new(&[path.to_str().unwrap()], options, ctx)?;
    scan.into_reader().map(|batch| batch.map_err(Error::from)).collect()
}

fn rows(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::num_rows).sum()
}

/// A file that takes one content after another.
struct Damaged(TempDir);

impl Damaged {
    fn path(&self) -> PathBuf {
        self.0.path().join("damaged.parquet")
    }

    /// How many of the ways to read it give an answer; the others must refuse it as they should.
    fn answers(&self, bytes: &[u8], what: &str) -> usize {
        let path = self.path();
        std::fs::write(&path, bytes).unwrap();
        let ctx = Context::default().with_threads(1).with_memory_limit(64 << 20);
        let filter = |text: &str| Options::default().with("filter", Value::Str(text.to_owned()));
        let kind = |kind: &str| Options::default().with("kind", Value::Str(kind.to_owned()));
        let footer = Footer::read(&path, &ctx);
        let answers = [
            footer.and_then(|footer| footer.metadata(None, None, &ctx)).map(drop),
            parquet_metadata(path.to_str().unwrap(), &kind("columns"), &ctx).map(drop),
            parquet_metadata(path.to_str().unwrap(), &kind("pages"), &ctx).map(drop),
            scan(&path, &Options::default(), &ctx).map(drop),
            scan(&path, &filter("id > 20 AND s = 'n007' OR f < 2"), &ctx).map(drop),
            scan(&path, &filter("s = 'n001'"), &ctx).map(drop),
        ];
        let refused = answers.iter().filter_map(|answer| answer.as_ref().err()).inspect(|e| {
            match e.code() {
                Code::Corrupt | Code::Unsupported => assert!(e.message().contains("damaged.parquet"), "{what}: {e}"),
                // The names and types of columns may be the damage: the condition does not go with them then.
                Code::OutOfMemory | Code::InvalidArgument | Code::Type => {}
                _ => panic!("{what}: {e:?}"),
            }
        });
        answers.len() - refused.count()
    }
}

#[test]
fn files_that_are_cut_off_are_corrupt() {
    let damaged = Damaged(TempDir::new().unwrap());
    for (name, bytes) in kinds() {
        assert_eq!(damaged.answers(&bytes, name), 6, "{name}");
        let footer = u32::from_le_bytes(*bytes[bytes.len() - 8..].first_chunk().unwrap()) as usize + 8;
        for len in (0..bytes.len()).step_by(bytes.len() / 30) {
            assert_eq!(damaged.answers(&bytes[..len], name), 0, "{name}: {len} bytes were read");
        }
        // Without its end a file says nothing, at no length.
        std::fs::write(damaged.path(), &bytes).unwrap();
        let file = File::options().write(true).open(damaged.path()).unwrap();
        for len in (0..bytes.len()).rev() {
            file.set_len(len as u64).unwrap();
            let error = Footer::read(&damaged.path(), &Context::default()).unwrap_err();
            assert!(error.code() == Code::Corrupt && error.message().contains("damaged.parquet"), "{name}: {error}");
        }
        // The footer is there, and something before it is not.
        let (front, end) = bytes.split_at(bytes.len() - footer);
        for len in (0..front.len()).step_by(front.len() / 25) {
            let kept = [&front[..len], end].concat();
            damaged.answers(&kept, name);
            let kept = [&front[..4], &front[front.len() - len..], end].concat();
            damaged.answers(&kept, name);
        }
    }
}

#[test]
fn flipped_bits_give_rows_or_errors() {
    let damaged = Damaged(TempDir::new().unwrap());
    let mut state = 7u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for (name, bytes) in kinds() {
        for round in 0..100 {
            let mut flipped = bytes.clone();
            // Now and then in the footer, where most bits matter.
            let from = if round % 4 == 0 { bytes.len() * 3 / 4 } else { 0 };
            for _ in 0..=random(3) {
                let at = from + random(bytes.len() - from);
                flipped[at] ^= 1 << random(8);
            }
            damaged.answers(&flipped, name);
        }
    }
}

#[test]
fn damage_that_a_codec_finds_is_corrupt() {
    let damaged = Damaged(TempDir::new().unwrap());
    let ctx = Context::default();
    for (name, mut bytes) in kinds().into_iter().filter(|(name, _)| !name.starts_with("plain")) {
        let path = damaged.path();
        std::fs::write(&path, &bytes).unwrap();
        let metadata = Footer::read(&path, &ctx).unwrap().metadata(Some(&[0]), Some(&[0]), &ctx).unwrap().metadata;
        let (start, len) = metadata.row_group(0).column(0).byte_range();
        // The last bytes of the last page: a checksum, if there is one.
        bytes[(start + len - 6) as usize..(start + len) as usize].fill(0xa5);
        std::fs::write(&path, &bytes).unwrap();
        match scan(&path, &Options::default(), &ctx) {
            // Not all codecs notice.
            Ok(_) => assert!(!name.starts_with("gzip"), "{name}"),
            Err(e) => assert!(e.code() == Code::Corrupt && e.message().contains("row group 0"), "{name}: {e}"),
        }
    }
}

#[test]
fn what_is_no_parquet_file_is_corrupt() {
    let damaged = Damaged(TempDir::new().unwrap());
    assert_eq!(damaged.answers(b"this is not a Parquet file at all", "text"), 0);
    assert_eq!(damaged.answers(b"PAR1PAR1PAR1PAR1PAR1PAR1", "magics"), 0);
}

/// One long text that all rows have: few bytes in the file.
fn repeated(rows: usize, length: usize) -> RecordBatch {
    let text = "x".repeat(length);
    let column: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|_| text.as_str())));
    let id: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows as i64));
    RecordBatch::try_from_iter([("id", id), ("t", column)]).unwrap()
}

#[test]
fn long_values_that_repeat_are_read_a_few_at_a_time() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("long.parquet");
    let (count, length) = (900, 5000);
    for dictionary in [true, false] {
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_dictionary_enabled(dictionary);
        write(&path, &repeated(count, length), properties);
        assert!(path.metadata().unwrap().len() < 40_000);
        let ctx = Context::default().with_threads(2).with_memory_limit(32 << 20);
        for (filter, expected) in
            [(None, count), (Some("id >= 100 AND t > 'w'"), count - 100), (Some("id % 50 = 7"), 18)]
        {
            let mut options = Options::default().with("batch_size", Value::I64(300));
            if let Some(filter) = filter {
                options = options.with("filter", Value::Str(filter.to_owned()));
            }
            let scan = Scan::new(&[path.to_str().unwrap()], &options, &ctx).unwrap();
            let mut seen = 0;
            for batch in scan.into_reader() {
                let batch = batch.unwrap();
                assert!(batch.num_rows() <= 300);
                assert!(batch["t"].as_string::<i32>().iter().all(|text| text.is_some_and(|text| text.len() == length)));
                seen += batch.num_rows();
            }
            assert_eq!(seen, expected, "{filter:?}");
        }
    }
}

#[test]
fn values_that_no_memory_holds_are_refused() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bomb.parquet");
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    write(&path, &repeated(2000, 1_000_000), properties);
    assert!(path.metadata().unwrap().len() < 20_000);
    let ctx = Context::default().with_threads(2).with_memory_limit(32 << 20);
    for filter in [None, Some("t > 'w'")] {
        let mut options = Options::default();
        if let Some(filter) = filter {
            options = options.with("filter", Value::Str(filter.to_owned()));
        }
        let error = scan(&path, &options, &ctx).unwrap_err();
        assert_eq!(error.code(), Code::OutOfMemory, "{error}");
    }
    // The other column is none the worse.
    let id = Options::default().with("columns", Value::StrList(vec!["id".to_owned()]));
    assert_eq!(rows(&scan(&path, &id, &ctx).unwrap()), 2000);
}

#[test]
fn errors_name_row_groups_by_their_numbers_in_the_file() {
    let damaged = Damaged(TempDir::new().unwrap());
    let path = damaged.path();
    write(&path, &table(150), properties(Compression::SNAPPY, false, true));
    let mut bytes = std::fs::read(&path).unwrap();
    let ctx = Context::default();
    let group = |group| {
        let footer = Footer::read(&path, &ctx).unwrap();
        let metadata = footer.metadata(None, Some(&[group]), &ctx).unwrap().metadata;
        metadata.row_group(0).column(1).clone()
    };
    let (third, fourth) = (group(3), group(4));
    // Data of the one, and the page index of the other.
    let (start, len) = third.byte_range();
    bytes[start as usize..(start + len) as usize].fill(0xff);
    let index = fourth.offset_index_offset().unwrap() as usize;
    bytes[index..index + fourth.offset_index_length().unwrap() as usize].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let of = |numbers: &[&str]| {
        Options::default().with("row_groups", Value::StrList(numbers.iter().map(|n| (*n).to_owned()).collect()))
    };
    let error = scan(&path, &of(&["1", "3"]), &ctx).unwrap_err();
    assert!(error.code() == Code::Corrupt && error.message().contains("row group 3"), "{error}");
    let filtered = of(&["2", "4"]).with("filter", Value::Str("s > 'n' AND s <> 'n001'".to_owned()));
    let error = scan(&path, &filtered.with("use_statistics", Value::Bool(false)), &ctx).unwrap_err();
    assert!(error.code() == Code::Corrupt && error.message().contains("row group 4"), "{error}");
}
