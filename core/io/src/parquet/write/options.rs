//! What a call asks for: its options, read and checked before anything is touched.

use std::sync::Arc;

use arrow_schema::Schema;
use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, Type, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::schema::types::{ColumnPath, SchemaDescriptor};
use pf_base::{Bound, Error, Options, Result};
use pf_compute_core::{ExprKind, SortKey, parse_sort_key};

use super::PARQUET_WRITE;
use crate::projection::projection;

/// The program that wrote a file, as `parquet-mr` and its readers take it apart.
const CREATED_BY: &str = concat!("parquetframe version ", env!("CARGO_PKG_VERSION"), " (build parquet-rs)");

/// What happens to what stands at the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overwrite {
    /// It is an error.
    Error,
    /// It is replaced.
    Replace,
}

/// The options of a call, in types of their own.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    bound: Bound<'a>,
    /// The most rows of a row group.
    pub(super) group_rows: usize,
    /// The most bytes of Arrow data of a row group.
    pub(super) group_bytes: u64,
    /// The columns that rows are sorted by.
    pub(super) sorting: Vec<SortKey>,
    /// Whether the order is verified.
    pub(super) check_sorted: bool,
    /// The columns whose values name folders.
    pub(super) partition_by: &'a [String],
    /// The most folders.
    pub(super) max_partitions: usize,
    /// The most rows of a file, where a folder of files is written.
    pub(super) file_rows: Option<u64>,
    /// What happens to what stands at the path; without an answer it depends on whether a file or a folder is written.
    pub(super) overwrite: Option<Overwrite>,
    /// Whether to wait until the disk has it.
    pub(super) sync: bool,
    /// Whether nested names are those of the specification.
    pub(super) compliant_names: bool,
    statistics: EnabledStatistics,
    page_index: bool,
    compression: Compression,
}

impl<'a> Settings<'a> {
    /// Reads all options that need no schema to be understood.
    pub(super) fn new(options: &'a Options) -> Result<Self> {
        let bound = options.bind(&PARQUET_WRITE)?;
        let statistics = match bound.str("statistics")? {
            "none" => EnabledStatistics::None,
            "chunk" => EnabledStatistics::Chunk,
            "page" => EnabledStatistics::Page,
            other => return Err(unknown("statistics", other, "none, chunk or page")),
        };
        let overwrite = match bound.opt_str("overwrite") {
            None => None,
            Some("error") => Some(Overwrite::Error),
            Some("replace") => Some(Overwrite::Replace),
            Some(other) => return Err(unknown("overwrite", other, "error or replace")),
        };
        let file_rows = bound.opt_i64("max_rows_per_file").map(|_| count(bound, "max_rows_per_file")).transpose()?;
        Ok(Self {
            bound,
            group_rows: usize::try_from(count(bound, "row_group_size")?).unwrap_or(usize::MAX),
            group_bytes: count(bound, "row_group_bytes")?,
            sorting: bound
                .opt_str_list("sorting_columns")
                .unwrap_or_default()
                .iter()
                .map(|text| parse_sort_key(text).map_err(|e| of("sorting_columns", &e)))
                .collect::<Result<_>>()?,
            check_sorted: bound.bool("check_sorted")?,
            partition_by: bound.opt_str_list("partition_by").unwrap_or_default(),
            max_partitions: size(bound, "max_partitions")?,
            file_rows,
            overwrite,
            sync: bound.bool("sync")?,
            compliant_names: bound.bool("compliant_names")?,
            statistics,
            page_index: bound.bool("page_index")?,
            compression: codec(bound.str("compression")?, bound.opt_i64("compression_level"))
                .map_err(|e| of("compression", &e))?,
        })
    }

    /// Whether a folder of files is written.
    pub(super) fn folder(&self) -> bool {
        !self.partition_by.is_empty() || self.file_rows.is_some()
    }

    /// Whether page indexes are left out although the crate makes them where pages have statistics.
    pub(super) fn drops_page_index(&self) -> bool {
        !self.page_index && self.statistics == EnabledStatistics::Page
    }

    /// The crate's settings for a file of `schema`, stored as `parquet`; `embedded` is the Arrow schema to keep with it.
    pub(super) fn properties(
        &self,
        schema: &Schema,
        embedded: &Schema,
        parquet: &SchemaDescriptor,
    ) -> Result<Arc<WriterProperties>> {
        let bound = self.bound;
        let version = match bound.str("data_page_version")? {
            "1.0" => WriterVersion::PARQUET_1_0,
            "2.0" => WriterVersion::PARQUET_2_0,
            other => return Err(unknown("data_page_version", other, "1.0 or 2.0")),
        };
        let truncate = match bound.i64("statistics_length")? {
            0 => None,
            _ => Some(size(bound, "statistics_length")?),
        };
        let dictionary = bound.opt_str_list("dictionary_columns");
        let mut builder = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_writer_version(version)
            // With pages of version 2 the crate would take delta encodings, which not all readers know.
            .set_encoding(Encoding::PLAIN)
            .set_compression(self.compression)
            // Row groups are cut here; the crate sizes bloom filters by it.
            .set_max_row_group_row_count(Some(self.group_rows))
            .set_data_page_size_limit(size(bound, "data_page_size")?)
            .set_data_page_row_count_limit(size(bound, "data_page_rows")?)
            .set_dictionary_page_size_limit(size(bound, "dictionary_page_size")?)
            .set_dictionary_enabled(bound.bool("dictionary")? && dictionary.is_none())
            .set_statistics_enabled(self.statistics)
            .set_write_page_header_statistics(self.drops_page_index())
            .set_offset_index_disabled(!self.page_index)
            .set_statistics_truncate_length(truncate)
            .set_column_index_truncate_length(truncate)
            .set_sorting_columns(self.sorting_columns(schema, parquet)?)
            .set_key_value_metadata(self.key_values(embedded)?);
        for column in dictionary.unwrap_or_default() {
            for leaf in leaves(schema, parquet, column, "dictionary_columns")? {
                builder = builder.set_column_dictionary_enabled(leaf, true);
            }
        }
        for text in bound.opt_str_list("column_encoding").unwrap_or_default() {
            let option = "column_encoding";
            let (column, name) = text.rsplit_once(':').ok_or_else(|| unknown(option, text, "column:encoding"))?;
            for leaf in leaves(schema, parquet, column, option)? {
                let encoding = encoding(name, &leaf, parquet).map_err(|e| of(option, &e))?;
                builder =
                    builder.set_column_encoding(leaf.clone(), encoding).set_column_dictionary_enabled(leaf, false);
            }
        }
        for text in bound.opt_str_list("column_compression").unwrap_or_default() {
            let option = "column_compression";
            let (column, name) = text.rsplit_once(':').ok_or_else(|| unknown(option, text, "column:codec"))?;
            let codec = codec(name, None).map_err(|e| of(option, &e))?;
            for leaf in leaves(schema, parquet, column, option)? {
                builder = builder.set_column_compression(leaf, codec);
            }
        }
        Ok(Arc::new(self.bloom_filters(builder, schema, parquet)?.build()))
    }

    fn bloom_filters(
        &self,
        mut builder: WriterPropertiesBuilder,
        schema: &Schema,
        parquet: &SchemaDescriptor,
    ) -> Result<WriterPropertiesBuilder> {
        let rate = self.bound.f64("bloom_filter_fpp")?;
        if !(rate > 0.0 && rate < 1.0) {
            return Err(unknown("bloom_filter_fpp", rate, "between 0 and 1"));
        }
        let distinct = self.bound.opt_i64("bloom_filter_ndv");
        let distinct = distinct.map(|_| count(self.bound, "bloom_filter_ndv")).transpose()?;
        for column in self.bound.opt_str_list("bloom_filters").unwrap_or_default() {
            for leaf in leaves(schema, parquet, column, "bloom_filters")? {
                builder = builder.set_column_bloom_filter_fpp(leaf.clone(), rate);
                if let Some(distinct) = distinct {
                    builder = builder.set_column_bloom_filter_max_ndv(leaf, distinct);
                }
            }
        }
        Ok(builder)
    }

    fn sorting_columns(&self, schema: &Schema, parquet: &SchemaDescriptor) -> Result<Option<Vec<SortingColumn>>> {
        let mut columns = Vec::with_capacity(self.sorting.len());
        for key in &self.sorting {
            let column = self.sort_column(key, schema)?;
            let leaf = (0..parquet.num_columns()).find(|leaf| parquet.get_column_root_idx(*leaf) == column);
            columns.push(SortingColumn {
                column_idx: leaf.and_then(|leaf| i32::try_from(leaf).ok()).unwrap_or_default(),
                descending: key.descending,
                nulls_first: key.nulls_first,
            });
        }
        Ok((!columns.is_empty()).then_some(columns))
    }

    /// The position of the column of a key, which must be a column that has an order of its own.
    pub(super) fn sort_column(&self, key: &SortKey, schema: &Schema) -> Result<usize> {
        let ExprKind::Column(path) = &key.expr.kind else {
            return Err(Error::invalid_argument("sorting_columns takes columns, not expressions"));
        };
        let position = match path.as_slice() {
            [name] => position(schema, name, "sorting_columns")?,
            _ => return Err(Error::invalid_argument("sorting_columns takes whole columns, not fields of structs")),
        };
        if schema.field(position).data_type().is_nested() {
            let (name, data_type) = (schema.field(position).name(), schema.field(position).data_type());
            return Err(Error::wrong_type(format!(
                "sorting_columns: column '{name}' of type {data_type} has no order"
            )));
        }
        Ok(position)
    }

    /// The user's pairs, then those of the schema (where pandas keeps its index), then the schema itself.
    fn key_values(&self, embedded: &Schema) -> Result<Option<Vec<KeyValue>>> {
        let mut pairs: Vec<KeyValue> = Vec::new();
        let mut add = |key: &str, value: &str| {
            let known = pairs.iter().any(|pair| pair.key == key);
            if !known {
                pairs.push(KeyValue::new(key.to_owned(), value.to_owned()));
            }
            !known
        };
        for text in self.bound.opt_str_list("metadata").unwrap_or_default() {
            let (key, value) = text.split_once('=').ok_or_else(|| unknown("metadata", text, "key=value"))?;
            if key == parquet::arrow::ARROW_SCHEMA_META_KEY {
                return Err(Error::invalid_argument(format!("metadata: the key '{key}' is taken")));
            }
            if !add(key, value) {
                return Err(Error::invalid_argument(format!("metadata: the key '{key}' is given twice")));
            }
        }
        for (key, value) in embedded.metadata() {
            add(key, value);
        }
        if self.bound.bool("store_schema")? {
            add(parquet::arrow::ARROW_SCHEMA_META_KEY, &parquet::arrow::encode_arrow_schema(embedded));
        }
        Ok((!pairs.is_empty()).then_some(pairs))
    }
}

/// The codec of `name` or `name(level)`.
fn codec(text: &str, level: Option<i64>) -> Result<Compression> {
    let text = text.trim();
    let (name, level) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((name, inner)) => {
            let inner = inner.trim().parse().map_err(|_| Error::invalid_argument(format!("'{inner}' is no level")))?;
            (name.trim(), Some(inner))
        }
        None => (text, level),
    };
    let name = name.to_ascii_lowercase();
    let range = match name.as_str() {
        "gzip" => 0..=9,
        "brotli" => 0..=11,
        "zstd" => 1..=22,
        "none" | "uncompressed" | "snappy" | "lz4" | "lz4_raw" => {
            let plain = match name.as_str() {
                "snappy" => Compression::SNAPPY,
                "lz4" | "lz4_raw" => Compression::LZ4_RAW,
                _ => Compression::UNCOMPRESSED,
            };
            return match level {
                None => Ok(plain),
                Some(_) => Err(Error::invalid_argument(format!("{name} has no levels"))),
            };
        }
        _ => {
            return Err(Error::invalid_argument(format!(
                "unknown codec '{text}'; there are: none, snappy, gzip, brotli, lz4, zstd"
            )));
        }
    };
    let refused = || {
        let (low, high) = (range.start(), range.end());
        Error::invalid_argument(format!("levels of {name} go from {low} to {high}"))
    };
    let level = match level {
        Some(level) if range.contains(&level) => Some(u8::try_from(level).map_err(|_| refused())?),
        Some(_) => return Err(refused()),
        None => None,
    };
    let made = match (name.as_str(), level) {
        ("gzip", level) => GzipLevel::try_new(u32::from(level.unwrap_or(6))).map(Compression::GZIP),
        ("brotli", level) => BrotliLevel::try_new(u32::from(level.unwrap_or(4))).map(Compression::BROTLI),
        (_, level) => ZstdLevel::try_new(i32::from(level.unwrap_or(1))).map(Compression::ZSTD),
    };
    made.map_err(|_| refused())
}

/// The encoding of `name`, which must be one for the values of a column.
fn encoding(name: &str, column: &ColumnPath, parquet: &SchemaDescriptor) -> Result<Encoding> {
    const NAMES: [(&str, Encoding); 6] = [
        ("plain", Encoding::PLAIN),
        ("rle", Encoding::RLE),
        ("delta_binary_packed", Encoding::DELTA_BINARY_PACKED),
        ("delta_length_byte_array", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("delta_byte_array", Encoding::DELTA_BYTE_ARRAY),
        ("byte_stream_split", Encoding::BYTE_STREAM_SPLIT),
    ];
    let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
    let (name, encoding) = *known.ok_or_else(|| {
        let names = NAMES.map(|(name, _)| name).join(", ");
        Error::invalid_argument(format!("unknown encoding '{name}'; there are: {names}"))
    })?;
    let physical = parquet.columns().iter().find(|c| c.path() == column).map(|c| c.physical_type());
    let fits = match encoding {
        Encoding::PLAIN => true,
        Encoding::RLE => matches!(physical, Some(Type::BOOLEAN)),
        Encoding::DELTA_BINARY_PACKED => matches!(physical, Some(Type::INT32 | Type::INT64)),
        Encoding::DELTA_LENGTH_BYTE_ARRAY => matches!(physical, Some(Type::BYTE_ARRAY)),
        Encoding::DELTA_BYTE_ARRAY => matches!(physical, Some(Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY)),
        _ => !matches!(physical, Some(Type::BOOLEAN | Type::BYTE_ARRAY | Type::INT96)),
    };
    match physical {
        Some(physical) if !fits => {
            Err(Error::wrong_type(format!("{name} is no encoding of {physical}, which '{}' is", column.string())))
        }
        _ => Ok(encoding),
    }
}

/// The Parquet columns that `name` means: all of a column, or those below a dotted path.
fn leaves(schema: &Schema, parquet: &SchemaDescriptor, name: &str, option: &str) -> Result<Vec<ColumnPath>> {
    let whole = schema.fields().iter().any(|field| field.name() == name);
    let below = format!("{name}.");
    let named = |path: &ColumnPath| {
        if whole {
            path.parts().first().is_some_and(|root| root == name)
        } else {
            let text = path.string();
            text == name || text.starts_with(&below)
        }
    };
    let found: Vec<ColumnPath> =
        parquet.columns().iter().map(|c| c.path()).filter(|path| named(path)).cloned().collect();
    if found.is_empty() {
        position(schema, name, option)?;
    }
    Ok(found)
}

/// Where the column `name` stands.
pub(super) fn position(schema: &Schema, name: &str, option: &str) -> Result<usize> {
    let positions = projection(schema, &[name.to_owned()]).map_err(|e| of(option, &e))?;
    positions.first().copied().ok_or_else(|| Error::internal("a column without a position"))
}

/// A count that must be at least 1.
fn count(bound: Bound<'_>, name: &str) -> Result<u64> {
    let value = bound.i64(name)?;
    u64::try_from(value).ok().filter(|n| *n > 0).ok_or_else(|| unknown(name, value, "at least 1"))
}

/// A count of what stands in memory.
fn size(bound: Bound<'_>, name: &str) -> Result<usize> {
    let value = count(bound, name)?;
    // The crate adds to what it is given.
    usize::try_from(value).ok().filter(|n| *n <= usize::MAX / 4).ok_or_else(|| unknown(name, value, "smaller"))
}

fn unknown(option: &str, got: impl std::fmt::Display, expected: &str) -> Error {
    Error::invalid_argument(format!("{option} must be {expected}, not '{got}'"))
}

fn of(option: &str, error: &Error) -> Error {
    Error::new(error.code(), format!("{option}: {error}"))
}

#[cfg(test)]
mod tests;
