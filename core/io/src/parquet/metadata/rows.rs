//! Tables whose rows are built one after the other.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Int32Builder, Int64Builder, ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::schema::types::ColumnDescriptor;
use pf_base::{Context, Error, Result};

use super::chunks::Run;
use super::pages::Pages;
use super::{Kind, Part, Source};
use crate::parquet::chunk::{Chunk, Place};
use crate::parquet::statistics::write_text;

/// Declares a table: builders of its columns, by name, each with whether it may hold nulls.
macro_rules! table_of {
    ($(#[$doc:meta])* $name:ident { $($column:ident: $builder:ty, $nullable:literal;)* }) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(super) struct $name {
            $(pub(super) $column: $builder,)*
        }

        impl $name {
            pub(super) fn finish(mut self) -> pf_base::Result<arrow_array::RecordBatch> {
                let columns: Vec<(&str, arrow_array::ArrayRef, bool)> =
                    vec![$((stringify!($column), std::sync::Arc::new(self.$column.finish()), $nullable)),*];
                Ok(arrow_array::RecordBatch::try_from_iter_with_nullable(columns)?)
            }
        }
    };
}
pub(super) use table_of;

table_of! {
    /// One row per file, of what stands in front of the row groups.
    Counts {
        path: StringBuilder, false;
        num_rows: Int64Builder, false;
        num_row_groups: Int64Builder, false;
        num_columns: Int64Builder, false;
        file_size: Int64Builder, false;
        metadata_size: Int64Builder, false;
        version: Int32Builder, false;
    }
}

table_of! {
    /// One row per key-value pair of a file.
    KeyValues {
        path: StringBuilder, false;
        key: StringBuilder, false;
        value: StringBuilder, true;
    }
}

table_of! {
    /// One row per leaf column of a file.
    Schemas {
        path: StringBuilder, false;
        column: StringBuilder, false;
        physical_type: StringBuilder, false;
        logical_type: StringBuilder, true;
        converted_type: StringBuilder, true;
        arrow_type: StringBuilder, false;
        nullable: BooleanBuilder, false;
        max_definition_level: Int32Builder, false;
        max_repetition_level: Int32Builder, false;
        type_length: Int32Builder, true;
        precision: Int32Builder, true;
        scale: Int32Builder, true;
        field_id: Int32Builder, true;
    }
}

table_of! {
    /// One row per row group.
    RowGroups {
        path: StringBuilder, false;
        row_group: Int64Builder, false;
        num_rows: Int64Builder, false;
        total_byte_size: Int64Builder, false;
        total_compressed_size: Int64Builder, true;
        file_offset: Int64Builder, true;
        sorting_columns: ListBuilder<StringBuilder>, false;
    }
}

table_of! {
    /// One row per column chunk.
    Chunks {
        path: StringBuilder, false;
        row_group: Int64Builder, false;
        column: StringBuilder, false;
        physical_type: StringBuilder, false;
        num_values: Int64Builder, false;
        codec: StringBuilder, false;
        encodings: ListBuilder<StringBuilder>, false;
        compressed_size: Int64Builder, false;
        uncompressed_size: Int64Builder, false;
        data_page_offset: Int64Builder, false;
        dictionary_page_offset: Int64Builder, true;
        has_dictionary: BooleanBuilder, false;
        has_column_index: BooleanBuilder, false;
        has_offset_index: BooleanBuilder, false;
        bloom_filter_offset: Int64Builder, true;
        bloom_filter_length: Int64Builder, true;
        null_count: Int64Builder, true;
        distinct_count: Int64Builder, true;
        min: StringBuilder, true;
        max: StringBuilder, true;
        min_exact: BooleanBuilder, true;
        max_exact: BooleanBuilder, true;
    }
}

/// The table of `kind` for some row groups of some files.
pub(super) fn table(kind: Kind, parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
    match kind {
        Kind::Counts => counts(parts),
        Kind::Files => files(parts, ctx),
        Kind::KeyValue => key_values(parts, ctx),
        Kind::Schema => schemas(parts, ctx),
        Kind::RowGroups => row_groups(parts, ctx),
        Kind::Columns => chunks(parts, ctx),
        Kind::Pages => Pages::table(parts, ctx),
        Kind::Statistics | Kind::Summary => Err(Error::internal("statistics are no table of rows")),
    }
}

fn counts(parts: &[Part<'_>]) -> Result<RecordBatch> {
    let mut table = Counts::default();
    for (Source { path, footer, .. }, _) in parts {
        table.path.append_value(path);
        table.num_rows.append_value(footer.num_rows() as i64);
        table.num_row_groups.append_value(footer.num_row_groups() as i64);
        table.num_columns.append_value(footer.num_leaves() as i64);
        table.file_size.append_value(footer.file_size() as i64);
        table.metadata_size.append_value(footer.footer_size() as i64);
        table.version.append_value(footer.version());
    }
    table.finish()
}

fn files(parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
    let counts = counts(parts)?;
    let mut created_by = StringBuilder::new();
    let mut key_value = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for (Source { footer, .. }, _) in parts {
        created_by.append_option(footer.created_by(ctx)?);
        for (key, value) in footer.key_value(ctx)? {
            key_value.keys().append_value(key);
            key_value.values().append_option(value.as_deref());
        }
        key_value.append(true)?;
    }
    let mut columns: Vec<(String, ArrayRef, bool)> = Vec::new();
    for (field, column) in counts.schema().fields().iter().zip(counts.columns()) {
        columns.push((field.name().clone(), column.clone(), false));
    }
    columns.push(("created_by".to_owned(), Arc::new(created_by.finish()), true));
    columns.push(("key_value".to_owned(), Arc::new(key_value.finish()), false));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

fn key_values(parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
    let mut table = KeyValues::default();
    for (Source { path, footer, .. }, _) in parts {
        for (key, value) in footer.key_value(ctx)? {
            table.path.append_value(path);
            table.key.append_value(key);
            table.value.append_option(value.as_deref());
        }
    }
    table.finish()
}

fn schemas(parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
    let mut table = Schemas::default();
    for (Source { path, footer, leaves, wanted, .. }, _) in parts {
        let schema = footer.parquet_schema(ctx)?;
        for at in wanted {
            let (Some(column), Some(leaf)) = (schema.columns().get(*at), leaves.get(*at)) else { continue };
            let tp = column.self_type();
            let info = tp.get_basic_info();
            let converted = column.converted_type();
            let decimal = matches!(column.logical_type_ref(), Some(LogicalType::Decimal(_)))
                || converted == ConvertedType::DECIMAL;
            table.path.append_value(path);
            table.column.append_value(&leaf.path);
            table.physical_type.append_value(leaf.physical.to_string());
            table.logical_type.append_option(logical_text(column));
            table.converted_type.append_option((converted != ConvertedType::NONE).then(|| converted.to_string()));
            table.arrow_type.append_value(leaf.data_type.to_string());
            table.nullable.append_value(tp.is_optional());
            table.max_definition_level.append_value(column.max_def_level().into());
            table.max_repetition_level.append_value(column.max_rep_level().into());
            table.type_length.append_option(Some(column.type_length()).filter(|n| *n > 0));
            table.precision.append_option(decimal.then(|| column.type_precision()));
            table.scale.append_option(decimal.then(|| column.type_scale()));
            table.field_id.append_option(info.has_id().then(|| info.id()));
        }
    }
    table.finish()
}

/// The logical type as the format's own documentation writes it.
fn logical_text(column: &ColumnDescriptor) -> Option<String> {
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => "MILLIS",
        TimeUnit::MICROS => "MICROS",
        TimeUnit::NANOS => "NANOS",
    };
    Some(match column.logical_type_ref()? {
        LogicalType::Integer(int) => format!("INTEGER({},{})", int.bit_width, int.is_signed),
        LogicalType::Decimal(decimal) => format!("DECIMAL({},{})", decimal.precision, decimal.scale),
        LogicalType::Timestamp(time) => format!("TIMESTAMP({},{})", unit(&time.unit), time.is_adjusted_to_u_t_c),
        LogicalType::Time(time) => format!("TIME({},{})", unit(&time.unit), time.is_adjusted_to_u_t_c),
        LogicalType::Variant(_) => "VARIANT".to_owned(),
        LogicalType::Geometry(_) => "GEOMETRY".to_owned(),
        LogicalType::Geography(_) => "GEOGRAPHY".to_owned(),
        LogicalType::_Unknown { field_id } => format!("UNKNOWN({field_id})"),
        other => format!("{other:?}").to_uppercase(),
    })
}

fn row_groups(parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
    let mut table = RowGroups::default();
    for (Source { path, footer, .. }, groups) in parts {
        let index = footer.index(ctx)?;
        for (at, group) in groups.clone().zip(index.groups.get(groups.clone()).unwrap_or_default()) {
            table.path.append_value(path);
            table.row_group.append_value(at as i64);
            table.num_rows.append_value(group.num_rows as i64);
            table.total_byte_size.append_value(group.total_byte_size);
            table.total_compressed_size.append_option(group.total_compressed_size);
            table.file_offset.append_option(group.file_offset);
            for sorting in &group.sorting {
                let schema = footer.parquet_schema(ctx)?;
                let column = usize::try_from(sorting.leaf).ok().and_then(|leaf| schema.columns().get(leaf).cloned());
                let column = column.map_or_else(|| format!("#{}", sorting.leaf), |column| column.path().string());
                let order = if sorting.descending { "DESC" } else { "ASC" };
                let nulls = if sorting.nulls_first { "FIRST" } else { "LAST" };
                table.sorting_columns.values().append_value(format!("{column} {order} NULLS {nulls}"));
            }
            table.sorting_columns.append(true);
        }
    }
    table.finish()
}

fn chunks(parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
    let mut table = Chunks::default();
    for (source, groups) in parts {
        let file = source.footer.open_for_chunks()?;
        for group in groups.clone() {
            ctx.check()?;
            for run in Run::read(&source.footer, file.as_ref(), group, &source.wanted, ctx)? {
                run.each(&source.footer, |leaf, chunk| {
                    table.push(source, group, leaf, &chunk);
                    Ok(())
                })?;
            }
        }
    }
    table.finish()
}

impl Chunks {
    fn push(&mut self, source: &Source, group: usize, leaf: usize, chunk: &Chunk<'_>) {
        let Some(leaf) = source.leaves.get(leaf) else { return };
        self.path.append_value(&source.path);
        self.row_group.append_value(group as i64);
        self.column.append_value(&leaf.path);
        self.physical_type.append_value(physical_text(leaf.physical));
        self.num_values.append_value(chunk.num_values);
        self.codec.append_value(if chunk.encrypted { "ENCRYPTED" } else { codec_text(chunk.codec) });
        for encoding in (0..u32::BITS).filter(|bit| chunk.encodings >> bit & 1 == 1) {
            self.encodings.values().append_value(encoding_text(encoding));
        }
        self.encodings.append(true);
        self.compressed_size.append_value(chunk.compressed);
        self.uncompressed_size.append_value(chunk.uncompressed);
        self.data_page_offset.append_value(chunk.data_page);
        self.dictionary_page_offset.append_option(chunk.dictionary_page);
        // Some writers say 0 where there is none; others name none and have one, which the encodings tell.
        let dictionary = chunk.dictionary_page.is_some_and(|at| at > 0) || chunk.encodings & DICTIONARIES != 0;
        self.has_dictionary.append_value(dictionary);
        let there = |place: Place| place.offset.is_some() && place.length.is_some();
        self.has_column_index.append_value(there(chunk.column_index));
        self.has_offset_index.append_value(there(chunk.offset_index));
        self.bloom_filter_offset.append_option(chunk.bloom_filter.offset);
        self.bloom_filter_length.append_option(chunk.bloom_filter.length);
        let statistics = chunk.statistics.unwrap_or_default();
        self.null_count.append_option(statistics.null_count.filter(|n| *n >= 0));
        self.distinct_count.append_option(statistics.distinct_count.filter(|n| *n >= 0));
        let bounds = leaf.bounds(&statistics);
        let text = |value: Option<&[u8]>, into: &mut StringBuilder| match value {
            Some(value) if write_text(leaf, value, into) => into.append_value(""),
            _ => into.append_null(),
        };
        text(bounds.min, &mut self.min);
        text(bounds.max, &mut self.max);
        self.min_exact.append_option(bounds.min_exact);
        self.max_exact.append_option(bounds.max_exact);
    }
}

/// The encodings of data pages whose values stand in a dictionary.
const DICTIONARIES: u32 = 1 << 2 | 1 << 8;

pub(super) fn physical_text(physical: parquet::basic::Type) -> &'static str {
    use parquet::basic::Type as T;
    match physical {
        T::BOOLEAN => "BOOLEAN",
        T::INT32 => "INT32",
        T::INT64 => "INT64",
        T::INT96 => "INT96",
        T::FLOAT => "FLOAT",
        T::DOUBLE => "DOUBLE",
        T::BYTE_ARRAY => "BYTE_ARRAY",
        T::FIXED_LEN_BYTE_ARRAY => "FIXED_LEN_BYTE_ARRAY",
    }
}

fn codec_text(codec: i64) -> &'static str {
    let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];
    usize::try_from(codec).ok().and_then(|codec| names.get(codec).copied()).unwrap_or("UNKNOWN")
}

fn encoding_text(encoding: u32) -> &'static str {
    match encoding {
        0 => "PLAIN",
        2 => "PLAIN_DICTIONARY",
        3 => "RLE",
        4 => "BIT_PACKED",
        5 => "DELTA_BINARY_PACKED",
        6 => "DELTA_LENGTH_BYTE_ARRAY",
        7 => "DELTA_BYTE_ARRAY",
        8 => "RLE_DICTIONARY",
        9 => "BYTE_STREAM_SPLIT",
        _ => "UNKNOWN",
    }
}
