//! Parquet files from record batches: encoded in parallel, and in their place only when they are whole.
//!
//! `options` reads what is asked for, `types` what Arrow types become, `rounds` cuts rows to row groups and has their
//! columns encoded (`encode`, `dictionaries`) and appended to their files (`file`); `partitioned` divides rows by folder, `sorted`
//! verifies their order, `atomic` puts what is whole in its place.

mod atomic;
mod dictionaries;
mod encode;
mod file;
mod options;
mod output;
mod partitioned;
mod rounds;
mod sorted;
mod types;
mod weight;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{Schema, SchemaRef};
use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Context, Error, Options, Result};

use atomic::Staged;
use file::Format;
pub use file::WrittenFile;
use options::{Overwrite, Settings};
use output::{Output, sync};
use partitioned::{DIVIDED_ROWS, Partitions};
use sorted::Order;

const fn param(name: &'static str, kind: Kind, default: Option<Literal>, doc: &'static str) -> Param {
    Param { name, kind, default, doc }
}

/// The registry row of the writer.
pub static PARQUET_WRITE: Kernel = Kernel {
    family: "io",
    name: "parquet_write",
    function: "pf_parquet_write",
    summary: "Writes a stream of record batches to a Parquet file, or to a folder of them.",
    citation: "",
    params: &[
        param(
            "compression",
            Kind::Str,
            Some(Literal::Str("zstd")),
            "none, snappy, gzip, brotli, lz4 (LZ4_RAW) or zstd; a level may follow: zstd(3).",
        ),
        param(
            "compression_level",
            Kind::I64,
            None,
            "gzip 0 to 9 (6 by default), brotli 0 to 11 (4), zstd 1 to 22 (1); other codecs have none.",
        ),
        param("column_compression", Kind::StrList, None, "Codecs of single columns: column:codec, text:zstd(9)."),
        param("row_group_size", Kind::I64, Some(Literal::I64(524_288)), "The most rows of a row group, at least 1."),
        param(
            "row_group_bytes",
            Kind::I64,
            Some(Literal::I64(256 << 20)),
            "The most bytes of a row group before it is encoded, as Arrow data; it has at least one row.",
        ),
        param("data_page_size", Kind::I64, Some(Literal::I64(1 << 20)), "Bytes of a data page, about."),
        param("data_page_rows", Kind::I64, Some(Literal::I64(20_000)), "The most rows of a data page, about."),
        param("data_page_version", Kind::Str, Some(Literal::Str("1.0")), "1.0, or 2.0."),
        param(
            "dictionary",
            Kind::Bool,
            Some(Literal::Bool(true)),
            "Whether columns are dictionary-encoded of which the first rows show that it pays.",
        ),
        param("dictionary_columns", Kind::StrList, None, "The columns that are dictionary-encoded, and no others."),
        param(
            "dictionary_page_size",
            Kind::I64,
            Some(Literal::I64(1 << 20)),
            "Bytes of a dictionary beyond which the rest of a row group is written plain.",
        ),
        param(
            "column_encoding",
            Kind::StrList,
            None,
            "Encodings of single columns, which then have no dictionary: column:encoding, with plain, rle (booleans), \
             delta_binary_packed (integers), delta_length_byte_array, delta_byte_array (text) or byte_stream_split \
             (numbers).",
        ),
        param(
            "statistics",
            Kind::Str,
            Some(Literal::Str("page")),
            "none, chunk (per row group), or page (per page too, in the column index).",
        ),
        param(
            "statistics_length",
            Kind::I64,
            Some(Literal::I64(64)),
            "Bytes to which the bounds of texts and binaries are cut, still being bounds; 0 keeps them whole.",
        ),
        param(
            "page_index",
            Kind::Bool,
            Some(Literal::Bool(true)),
            "Whether pages can be found and skipped; without it statistics of pages stand in their headers.",
        ),
        param("bloom_filters", Kind::StrList, None, "Columns that get a bloom filter."),
        param(
            "bloom_filter_fpp",
            Kind::F64,
            Some(Literal::F64(0.01)),
            "The share of absent values that bloom filters take for present, between 0 and 1.",
        ),
        param(
            "bloom_filter_ndv",
            Kind::I64,
            None,
            "Distinct values of a row group that bloom filters are made for, row_group_size by default; they are \
             folded to what they hold.",
        ),
        param(
            "sorting_columns",
            Kind::StrList,
            None,
            "What rows are sorted by, as the file records it: 'day', 'price DESC NULLS FIRST'; nulls are last by \
             default. Rows are not sorted.",
        ),
        param(
            "check_sorted",
            Kind::Bool,
            Some(Literal::Bool(false)),
            "Whether rows that are not in that order are an error.",
        ),
        param("metadata", Kind::StrList, None, "Pairs for the footer: key=value."),
        param(
            "store_schema",
            Kind::Bool,
            Some(Literal::Bool(true)),
            "Whether the Arrow schema is kept in the footer, so that types come back that Parquet has not.",
        ),
        param(
            "compliant_names",
            Kind::Bool,
            Some(Literal::Bool(true)),
            "Whether items of lists and maps are named as the Parquet specification says.",
        ),
        param(
            "partition_by",
            Kind::StrList,
            None,
            "Columns whose values become folders, year=2024/country=AT, in a folder at the path.",
        ),
        param(
            "max_partitions",
            Kind::I64,
            Some(Literal::I64(1024)),
            "The most folders that partition_by may make; each needs memory.",
        ),
        param(
            "max_rows_per_file",
            Kind::I64,
            None,
            "The most rows of a file; with it a folder of part-0.parquet, part-1.parquet … is written.",
        ),
        param(
            "overwrite",
            Kind::Str,
            None,
            "error, or replace what stands at the path; a file is replaced by default, a folder is not.",
        ),
        param(
            "sync",
            Kind::Bool,
            Some(Literal::Bool(true)),
            "Whether to wait until the disk has all of it; else the system writes it when it likes.",
        ),
    ],
    columns: &[
        Column { name: "path", kind: "utf8", doc: "The file." },
        Column { name: "rows", kind: "uint64", doc: "Its rows." },
        Column { name: "bytes", kind: "uint64", doc: "Its size." },
        Column { name: "row_groups", kind: "uint64", doc: "Its row groups." },
    ],
};

/// What a call has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The files, in the order in which their first rows came.
    pub files: Vec<WrittenFile>,
}

impl Written {
    /// The rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The size of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// The row groups of all files.
    pub fn row_groups(&self) -> usize {
        self.files.iter().map(|file| file.row_groups).sum()
    }

    /// A row per file, with the columns of [`PARQUET_WRITE`].
    ///
    /// # Errors
    /// Those of building a batch.
    pub fn table(&self) -> Result<RecordBatch> {
        let path = |file: &WrittenFile| file.path.to_string_lossy().into_owned();
        let count = |of: fn(&WrittenFile) -> u64| Arc::new(UInt64Array::from_iter_values(self.files.iter().map(of)));
        let columns: [(&str, ArrayRef); 4] = [
            ("path", Arc::new(StringArray::from_iter_values(self.files.iter().map(path)))),
            ("rows", count(|file| file.rows)),
            ("bytes", count(|file| file.bytes)),
            ("row_groups", count(|file| file.row_groups as u64)),
        ];
        Ok(RecordBatch::try_from_iter(columns)?)
    }
}

/// Writes `batches`, which are of `schema`, to a Parquet file at `path`, or to a folder of them where `partition_by` or
/// `max_rows_per_file` is given.
///
/// **Whole or not at all.** A file is written under a hidden name beside its place (`.name.….tmp`), flushed to the disk
/// and then renamed: a reader sees the old file or the new one. After an error, a cancellation or a panic nothing is
/// left and what was there is untouched; a process that is killed leaves the hidden file, which no reader of folders
/// takes up. A link is followed, and stays. The permissions of a replaced file are kept, not its owner or other names of
/// it (hard links). A folder is written and renamed likewise. Where it replaces one (`overwrite = "replace"`), the old
/// folder is first renamed aside, so that for a moment there is none at the path, and then deleted; it goes back where
/// the new one cannot take its place. A folder that holds anything but Parquet files is not replaced. With
/// `sync = false` all of this holds but for a crash of the system.
///
/// **Types.** All Arrow types but unions, intervals of nanoseconds, binaries of width 0, structs without fields and
/// decimals of negative scale. With the schema stored they come back as they were, except that timestamps and times of
/// seconds come back in milliseconds, which Parquet has; run-end encoded columns, and dictionaries of anything but text
/// and bytes, come back plain; and items of lists are named `element`, unless `compliant_names` is false. Durations are
/// integers to readers that do not know Arrow. Rows without columns cannot be stored: such a file is empty.
///
/// **Folders.** Names are Hive's: values as text, `%` and two digits for what a name cannot hold,
/// `__HIVE_DEFAULT_PARTITION__` for null. Timestamps with a zone stand in it with its offset. Files are numbered in
/// every folder from 0. Without any row there is one empty file with all columns.
///
/// The bytes depend on the rows, how they are cut into batches, the options and (where it is small) the memory limit,
/// never on the number of threads. Memory: some 64 MiB of rows at a time, and the encoded row groups that are open
/// (512 MiB over all folders at most, then the largest are written early); both less under a small limit.
///
/// **Progress.** The part of the batches that were taken, where `batches` tells how many there are (its size hint is
/// exact); else none until all is written.
///
/// # Errors
/// What `batches` reports; [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for options, columns that are
/// unknown, a batch that is not of the schema, and nulls where it has none; [`Code::Type`](pf_base::Code::Type);
/// [`Code::NotFound`](pf_base::Code::NotFound) where the folder for a file does not exist (those of a folder are made);
/// [`Code::AlreadyExists`](pf_base::Code::AlreadyExists); [`Code::Io`](pf_base::Code::Io) with the path, where the disk
/// is full for one; [`Code::OutOfMemory`](pf_base::Code::OutOfMemory);
/// [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn write(
    schema: &SchemaRef,
    batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    path: &str,
    options: &Options,
    ctx: &Context,
) -> Result<Written> {
    ctx.check()?;
    let settings = Settings::new(options)?;
    let mut partitions = match settings.partition_by {
        [] => None,
        _ => Some(Partitions::new(schema, &settings)?),
    };
    let in_files = partitions.as_ref().map_or(schema, |partitions| &partitions.schema);
    let format = Format::new(in_files, &settings)?;
    let mut order = if settings.check_sorted { Some(Order::new(schema, &settings)?) } else { None };
    let (staged, file) = if settings.folder() {
        (Staged::folder(path, settings.overwrite.unwrap_or(Overwrite::Error))?, None)
    } else {
        let (staged, file) = Staged::file(path, settings.overwrite.unwrap_or(Overwrite::Replace))?;
        (staged, Some(file))
    };
    let mut output = Output::new(&staged, file, &format, &settings, ctx);
    let total = total(batches);
    for (number, batch) in batches.enumerate() {
        ctx.check()?;
        if let Some(total) = total {
            ctx.advance(number as f64 / total as f64);
        }
        let batch = batch?;
        conforms(&batch, schema)?;
        if let Some(order) = &mut order {
            order.check(&batch, ctx)?;
        }
        let Some(partitions) = &mut partitions else {
            output.push(0, "", &batch)?;
            continue;
        };
        for start in (0..batch.num_rows()).step_by(DIVIDED_ROWS) {
            let rows = batch.slice(start, DIVIDED_ROWS.min(batch.num_rows() - start));
            for (number, rows) in partitions.divide(&rows, ctx)? {
                output.push(number, partitions.folder(number), &rows)?;
            }
        }
    }
    let files = if partitions.is_some() && output.is_empty() {
        let format = Format::new(schema, &settings)?;
        Output::new(&staged, None, &format, &settings, ctx).finish()?
    } else {
        output.finish()?
    };
    if settings.sync {
        sync(&staged, &files, ctx)?;
    }
    ctx.check()?;
    staged.commit(settings.sync)?;
    ctx.advance(1.0);
    Ok(Written { files })
}

/// How many batches come, where that is known.
fn total(batches: &dyn Iterator<Item = Result<RecordBatch>>) -> Option<usize> {
    let (least, most) = batches.size_hint();
    most.filter(|most| *most == least && least > 0)
}

/// Fails where a batch is not of the schema of its stream.
fn conforms(batch: &RecordBatch, schema: &Schema) -> Result<()> {
    let (got, want) = (batch.num_columns(), schema.fields().len());
    if got != want {
        return Err(Error::invalid_argument(format!("a batch has {got} columns, its stream {want}")));
    }
    for (column, field) in batch.columns().iter().zip(schema.fields()) {
        if !column.data_type().equals_datatype(field.data_type()) {
            let (name, want, got) = (field.name(), field.data_type(), column.data_type());
            return Err(Error::invalid_argument(format!("column '{name}' of type {want} has a batch of type {got}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
