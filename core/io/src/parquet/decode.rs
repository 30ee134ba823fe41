//! Decoding: rows of a row group's columns as arrays.
//!
//! Every call is on its own: it opens the column chunks, steps to its rows, and gives batches of them. So pieces of a
//! row group can be decoded in any order and by any thread, and none has to be kept open.

mod bytes;
mod checks;
mod column;
mod filter;
mod pages;
mod selection;
mod weight;

use std::fs::File;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use pf_base::{Code, Context, Error, Result};
use pf_compute_core::concat;

use super::fault::{Place, batch_error, guarded, parquet_error};
use bytes::ChunkBytes;
use checks::Rows;
pub(crate) use column::{Column, Constant, Given, row_numbers};
pub(crate) use filter::{Filtered, Step, filter};
use pages::Guarded;
use selection::behind;
pub(crate) use selection::{Decoding, bits_of, first};
pub(crate) use weight::{Excess, Weight};

/// A file that is open, with what is known of its columns.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its handle.
    pub(crate) file: Arc<File>,
    /// Its bytes.
    pub(crate) size: u64,
    /// Of the columns that are read, at least.
    pub(crate) metadata: ArrowReaderMetadata,
    /// The numbers that its row groups have in the file, where the metadata has not all of them.
    pub(crate) numbers: Option<Vec<usize>>,
    /// Counts the bytes that are read.
    pub(crate) read: Arc<AtomicU64>,
}

impl Source {
    /// What is known of a row group.
    pub(crate) fn group(&self, group: usize) -> Result<&RowGroupMetaData> {
        let groups = self.metadata.metadata().row_groups();
        groups.get(group).ok_or_else(|| Error::internal(format!("{}: no row group {group}", self.path.display())))
    }

    /// A row group, for messages.
    pub(crate) fn place<'a>(&'a self, group: usize, columns: &'a [&'a str]) -> Place<'a> {
        let number = self.numbers.as_ref().and_then(|numbers| numbers.get(group)).copied();
        Place { path: &self.path, group: Some(number.unwrap_or(group)), columns }
    }

    /// The rows of a row group.
    ///
    /// # Errors
    /// [`Code::Corrupt`](pf_base::Code::Corrupt) for a number that is none.
    pub(crate) fn rows(&self, group: usize) -> Result<usize> {
        let rows = self.group(group)?.num_rows();
        usize::try_from(rows).map_err(|_| Error::corrupt(format!("{}: has {rows} rows", self.place(group, &[]))))
    }

    /// The bytes of the column chunks of `columns`, packed; what is damaged counts as none.
    pub(crate) fn packed<'a>(&self, group: usize, columns: impl IntoIterator<Item = &'a Column>) -> u64 {
        let Ok(group) = self.group(group) else { return 0 };
        let leaves = columns.into_iter().flat_map(|column| &column.leaves);
        let size = |leaf: &usize| u64::try_from(group.columns().get(*leaf)?.compressed_size()).ok();
        leaves.filter_map(size).fold(0, u64::saturating_add)
    }

    /// Where the bytes of a column chunk are.
    fn range(&self, chunk: &ColumnChunkMetaData, place: Place<'_>) -> Result<Range<u64>> {
        if chunk.file_path().is_some_and(|path| !path.is_empty()) {
            return Err(Error::unsupported(format!("{place}: the data stands in another file")));
        }
        let (start, len) = guarded(place, || Ok(chunk.byte_range()))?;
        match start.checked_add(len) {
            Some(end) if end <= self.size => Ok(start..end),
            _ => {
                Err(Error::corrupt(format!("{place}: {len} bytes at {start} are expected, the file has {}", self.size)))
            }
        }
    }
}

/// Decodes rows of a row group, and hands them to `each` in batches of `batch` rows (the last may have fewer): an array
/// per column, in the types of the table. No two columns have the same root.
///
/// # Errors
/// [`Code::Corrupt`](pf_base::Code::Corrupt) and [`Code::Unsupported`](pf_base::Code::Unsupported) with the place,
/// [`Code::Io`](pf_base::Code::Io), [`Code::OutOfMemory`](pf_base::Code::OutOfMemory),
/// [`Code::Cancelled`](pf_base::Code::Cancelled), and those of `each`.
pub(crate) fn read(
    source: &Source,
    group: usize,
    columns: &[&Column],
    decoding: &Decoding,
    batch: usize,
    ctx: &Context,
    mut each: impl FnMut(Vec<ArrayRef>) -> Result<()>,
) -> Result<()> {
    if decoding.rows == 0 {
        return Ok(());
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let place = source.place(group, &names);
    let mut batches = Batches::open(source, group, columns, decoding, batch, &source.metadata, place, ctx)?;
    // The reader gives columns in the order of the file: where each one then stands.
    let mut in_file: Vec<usize> = columns.iter().map(|column| column.root).collect();
    in_file.sort_unstable();
    let order: Vec<usize> = columns.iter().filter_map(|column| in_file.binary_search(&column.root).ok()).collect();
    let mut checks = Vec::new();
    for (i, column) in columns.iter().enumerate() {
        if let Some(seconds) = &column.seconds {
            checks.push((i, Batches::open(source, group, &[column], decoding, batch, seconds, place, ctx)?));
        }
    }
    let mut done = 0;
    while done < decoding.rows {
        ctx.check()?;
        let decoded = batches.next(decoding.rows - done)?;
        done += decoded.num_rows();
        let arrays: Vec<&ArrayRef> = order.iter().filter_map(|i| decoded.columns().get(*i)).collect();
        for (i, check) in &mut checks {
            let seconds = check.next(decoded.num_rows())?;
            column::check_seconds(&arrays[*i].to_data(), &seconds.column(0).to_data())
                .map_err(|e| Error::new(e.code(), format!("{place}: {}", e.message())))?;
        }
        let arrays = arrays.iter().zip(columns).map(|(array, column)| {
            let place = Place { columns: &[column.name.as_str()], ..place };
            column.finish(array).map_err(|e| Error::new(e.code(), format!("{place}: {}", e.message())))
        });
        each(arrays.collect::<Result<_>>()?)?;
    }
    Ok(())
}

/// The decoder's batches.
struct Batches<'a> {
    source: &'a Source,
    group: usize,
    leaves: Vec<usize>,
    decoding: &'a Decoding,
    metadata: &'a ArrowReaderMetadata,
    place: Place<'a>,
    ctx: &'a Context,
    /// Rows of a batch.
    batch: usize,
    /// Rows that were decoded.
    done: usize,
    /// Rows that were decoded and are of the next batch.
    ahead: Option<RecordBatch>,
    rows: Rows,
    decoder: Decoder,
}

/// The decoder, and the bytes that it reads.
struct Decoder {
    reader: ParquetRecordBatchReader,
    bytes: ChunkBytes,
}

impl<'a> Batches<'a> {
    #[allow(clippy::too_many_arguments, reason = "what is read, and how")]
    fn open(
        source: &'a Source,
        group: usize,
        columns: &[&Column],
        decoding: &'a Decoding,
        batch: usize,
        metadata: &'a ArrowReaderMetadata,
        place: Place<'a>,
        ctx: &'a Context,
    ) -> Result<Self> {
        let leaves: Vec<usize> = columns.iter().flat_map(|column| column.leaves.iter().copied()).collect();
        let rows = Rows::new(batch.min(decoding.rows).max(1));
        let decoder = Decoder::new(source, group, &leaves, decoding, 0, &rows, metadata, place, ctx)?;
        Ok(Self { source, group, leaves, decoding, metadata, place, ctx, batch, done: 0, ahead: None, rows, decoder })
    }

    /// The next rows, of which there are `left`.
    fn next(&mut self, left: usize) -> Result<RecordBatch> {
        let wanted = self.batch.min(left);
        let mut parts = Vec::new();
        let mut rows = 0;
        let mut excess = Excess::beyond(0);
        while rows < wanted {
            let part = match self.ahead.take() {
                Some(part) => part,
                None => self.decode(left - rows)?,
            };
            if parts.is_empty() && (self.rows.at_once >= wanted || part.num_rows() == wanted) {
                return Ok(part);
            }
            let (here, room) = (part.num_rows(), wanted - rows);
            if here > room {
                self.ahead = Some(part.slice(room, here - room));
            }
            let part = part.slice(0, here.min(room));
            excess.add(part.columns(), self.ctx)?;
            rows += part.num_rows();
            parts.push(part);
        }
        self.joined(&parts)
    }

    /// What was decoded in parts as one batch.
    fn joined(&self, parts: &[RecordBatch]) -> Result<RecordBatch> {
        let place = self.place;
        let first = parts.first().ok_or_else(|| Error::internal(format!("{place}: a batch of no rows")))?;
        let columns = (0..first.num_columns()).map(|column| {
            let chunks: Vec<ArrayRef> = parts.iter().map(|part| part.column(column).clone()).collect();
            let bytes = Weight::of(&chunks);
            let _room = self.ctx.memory().reserve(bytes, "a decoded column")?;
            // Fewer rows may fit the offsets of the type.
            concat(&chunks, self.ctx).map_err(|e| match e.code() {
                Code::InvalidArgument => Error::out_of_memory(format!("{place}: {}", e.message())),
                _ => e,
            })
        });
        Ok(RecordBatch::try_new(first.schema(), columns.collect::<Result<_>>()?)?)
    }

    /// The next rows that the decoder gives, of which there are `left`.
    fn decode(&mut self, left: usize) -> Result<RecordBatch> {
        let place = self.place;
        loop {
            let Decoder { reader, bytes } = &mut self.decoder;
            let batch = guarded(place, || reader.next().transpose().map_err(|e| batch_error(place, e)));
            let batch = match (batch, self.rows.fewer()) {
                (Err(_), Some(fewer)) => {
                    self.rows = Rows::new(fewer);
                    let Self { source, group, leaves, decoding, done, rows, metadata, ctx, .. } = self;
                    self.decoder = Decoder::new(source, *group, leaves, decoding, *done, rows, metadata, place, ctx)?;
                    continue;
                }
                (batch, _) => batch.map_err(|error| at(bytes.failure(), place).unwrap_or(error))?,
            };
            return match batch {
                Some(batch) if (1..=left).contains(&batch.num_rows()) => {
                    self.done += batch.num_rows();
                    Ok(batch)
                }
                Some(batch) => Err(Error::corrupt(format!("{place}: {} rows where {left} are left", batch.num_rows()))),
                None => Err(Error::corrupt(format!("{place}: {left} rows are missing"))),
            };
        }
    }
}

impl Decoder {
    /// A decoder of the rows behind the first `done`.
    #[allow(clippy::too_many_arguments, reason = "what is read, and how")]
    fn new(
        source: &Source,
        group: usize,
        leaves: &[usize],
        decoding: &Decoding,
        done: usize,
        rows: &Rows,
        metadata: &ArrowReaderMetadata,
        place: Place<'_>,
        ctx: &Context,
    ) -> Result<Self> {
        let chunks = source.group(group)?;
        let mut ranges = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            let chunk = chunks.columns().get(*leaf);
            let chunk = chunk.ok_or_else(|| Error::corrupt(format!("{place}: has no column {leaf}")))?;
            ranges.push((source.range(chunk, place)?, chunk.compression()));
        }
        let (file, read) = (source.file.clone(), source.read.clone());
        let bytes = ChunkBytes::new(file, source.size, ranges, decoding.sparse, ctx.memory(), read);
        let selection = match done {
            0 => decoding.selection.clone(),
            done => Some(behind(decoding.selection.as_ref(), source.rows(group)?, done)),
        };
        let pages = Guarded {
            bytes: bytes.clone(),
            metadata: metadata.metadata().clone(),
            group,
            rows: rows.clone(),
            memory: ctx.memory().clone(),
        };
        let reader = guarded(place, || {
            let schema = metadata.parquet_schema();
            let mask = ProjectionMask::leaves(schema, leaves.iter().copied());
            let types = parquet_to_arrow_field_levels(schema, mask, Some(metadata.schema().fields()))
                .map_err(|e| parquet_error(place, &e))?;
            ParquetRecordBatchReader::try_new_with_row_groups(&types, &pages, rows.at_once, selection)
                .map_err(|e| parquet_error(place, &e))
        });
        match reader {
            Ok(reader) => Ok(Self { reader, bytes }),
            Err(error) => Err(at(bytes.failure(), place).unwrap_or(error)),
        }
    }
}

fn at(error: Option<Error>, place: Place<'_>) -> Option<Error> {
    error.map(|e| Error::new(e.code(), format!("{place}: {}", e.message())))
}
