//! Rows that arrive are cut to row groups and encoded in rounds, all columns of all files in parallel.

use std::fs::File;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use pf_base::{Code, Context, Error, Reservation, Result};

use super::dictionaries::Factories;
use super::encode::{Column, PIECE_ROWS};
use super::file::{FileWriter, Format, Sink, WrittenFile};
use super::types::Part;
use super::weight::batch_weight;

/// Bytes of rows that are encoded together: enough to occupy many threads.
const ROUND_BYTES: u64 = 64 << 20;

/// Encoded bytes of row groups that still take rows, over all files, from which on the largest are written.
const OPEN_BYTES: u64 = 512 << 20;

/// What a file that is open holds beside its columns, and a column beside its values.
const FILE_BYTES: u64 = 16 << 10;
const LEAF_BYTES: u64 = 2 << 10;

/// The files of a call while they are written.
pub(super) struct Rounds<'a> {
    format: &'a Format,
    ctx: &'a Context,
    group_rows: usize,
    group_bytes: u64,
    /// Whether many files are written, of which few can be open.
    many: bool,
    factories: Factories,
    files: Vec<Option<FileWriter>>,
    done: Vec<(usize, WrittenFile)>,
    waiting: u64,
    /// For rows that wait and what they are encoded to, and for row groups that are not in their files.
    reserved: Vec<Reservation>,
    encoded: Option<Reservation>,
}

impl<'a> Rounds<'a> {
    /// No files yet; row groups get so many rows and bytes at most.
    pub(super) fn new(format: &'a Format, group_rows: usize, group_bytes: u64, many: bool, ctx: &'a Context) -> Self {
        Self {
            format,
            ctx,
            group_rows,
            group_bytes,
            many,
            factories: Factories::default(),
            files: Vec::new(),
            done: Vec::new(),
            waiting: 0,
            reserved: Vec::new(),
            encoded: None,
        }
    }

    /// Starts a file and gives its number: see [`FileWriter::new`].
    pub(super) fn start(&mut self, path: PathBuf, shown: PathBuf, file: Option<File>) -> Result<usize> {
        // Rows of few batches may go to thousands of folders.
        self.ctx.check()?;
        let leaves: usize = self.format.parts.iter().map(|part| part.leaves).sum();
        let bytes = FILE_BYTES + LEAF_BYTES * leaves as u64;
        let reserved = self.ctx.memory().reserve(bytes, "a Parquet file that is written")?;
        self.files.push(Some(FileWriter::new(path, shown, file, self.format, reserved)?));
        Ok(self.files.len() - 1)
    }

    /// Appends rows to a file. They are held until their round comes.
    pub(super) fn push(&mut self, file: usize, batch: &RecordBatch) -> Result<()> {
        if batch.num_columns() == 0 {
            return Ok(());
        }
        for start in (0..batch.num_rows()).step_by(PIECE_ROWS) {
            let mut rest = batch.slice(start, PIECE_ROWS.min(batch.num_rows() - start));
            while rest.num_rows() > 0 {
                let rows = self.take(file, &rest)?;
                rest = rest.slice(rows, rest.num_rows() - rows);
            }
            if self.waiting >= ROUND_BYTES.min(self.ctx.memory().limit() / 8) {
                self.round()?;
            }
        }
        Ok(())
    }

    /// Gives the current row group as many of the first rows as it takes: at least one.
    fn take(&mut self, file: usize, rows: &RecordBatch) -> Result<usize> {
        let bytes = batch_weight(rows);
        let Some(Some(writer)) = self.files.get_mut(file) else { return Err(Error::internal("a file that has ended")) };
        let mut group = writer.group();
        let each = bytes.div_ceil(rows.num_rows() as u64).max(1);
        if group.rows > 0 && self.group_bytes.saturating_sub(group.bytes) < each {
            group.full = true;
            group = writer.group();
        }
        let light = self.group_bytes.saturating_sub(group.bytes) / each;
        let room = usize::try_from(light).unwrap_or(usize::MAX).min(self.group_rows - group.rows).max(1);
        let taken = rows.slice(0, room.min(rows.num_rows()));
        let (count, bytes) = (taken.num_rows(), batch_weight(&taken));
        // The rows, and what they are encoded to, which is no more than that but for levels.
        self.reserved.push(self.ctx.memory().reserve(2 * bytes, "rows that are written to Parquet")?);
        group.waiting.push(taken);
        group.rows += count;
        group.bytes += bytes;
        group.full = group.rows >= self.group_rows;
        self.waiting += bytes;
        Ok(count)
    }

    /// No more rows come for a file.
    pub(super) fn end(&mut self, file: usize) {
        if let Some(Some(writer)) = self.files.get_mut(file) {
            writer.ended = true;
            writer.groups.iter_mut().for_each(|group| group.full = true);
        }
    }

    /// Ends all files; what was written, in the order in which the files were started.
    pub(super) fn finish(mut self) -> Result<Vec<WrittenFile>> {
        (0..self.files.len()).for_each(|file| self.end(file));
        // What is encoded now is appended then.
        self.encode()?;
        self.encode()?;
        self.done.sort_by_key(|(number, _)| *number);
        Ok(self.done.into_iter().map(|(_, written)| written).collect())
    }

    /// Encodes what waits. Open row groups that hold too much are closed early.
    fn round(&mut self) -> Result<()> {
        self.encode()?;
        let groups = self.files.iter_mut().flatten().flat_map(|file| &mut file.groups);
        let mut groups: Vec<_> = groups.map(|group| (group.memory(), group)).collect();
        let mut open: u64 = groups.iter().map(|(memory, _)| memory).sum();
        let limit = self.ctx.memory().limit() / 4;
        let limit = limit.min(OPEN_BYTES.max(2 * self.group_bytes));
        if open > limit {
            // Stable, so that equal ones go in the order of their files.
            groups.sort_by_key(|(memory, _)| std::cmp::Reverse(*memory));
            for (memory, group) in groups {
                if open <= limit / 2 {
                    break;
                }
                open -= memory;
                group.full = true;
            }
            self.encode()?;
        }
        Ok(())
    }

    /// Encodes what waits, while what was encoded before is appended to its files.
    fn encode(&mut self) -> Result<()> {
        let (format, ctx, many) = (self.format, self.ctx, self.many);
        let mut units = Vec::new();
        for (number, slot) in self.files.iter_mut().enumerate() {
            if slot.as_ref().is_some_and(|file| file.ended && file.groups.is_empty()) {
                units.push(Unit::Finish(number, slot));
                continue;
            }
            let Some(FileWriter { groups, sink, .. }) = slot else { continue };
            if sink.is_behind() {
                units.push(Unit::Append(sink));
            }
            for group in groups {
                if group.columns.is_empty()
                    && let Some(rows) = group.waiting.first()
                {
                    group.columns = self.factories.columns(format, rows, ctx)?;
                }
                if !group.waiting.is_empty() || group.full {
                    let pieces = group.waiting.as_slice();
                    let columns = group.columns.iter_mut().zip(&format.parts);
                    units.extend(columns.map(|(column, part)| Unit::Encode { column, part, pieces, last: group.full }));
                }
            }
        }
        let finished = ctx.map_mut(&mut units, |_, unit| unit.run(format, many, ctx))?;
        self.done.extend(finished.into_iter().flatten());
        self.files.iter_mut().flatten().for_each(FileWriter::encoded);
        self.waiting = 0;
        self.reserved.clear();
        self.encoded = None;
        let held = self.files.iter().flatten().map(FileWriter::memory).sum();
        self.encoded = Some(ctx.memory().reserve(held, "row groups that are written to Parquet")?);
        Ok(())
    }
}

/// What is done at the same time as others.
enum Unit<'a> {
    /// A column of a row group takes rows.
    Encode { column: &'a mut Column, part: &'a Part, pieces: &'a [RecordBatch], last: bool },
    /// A file gets the row groups that are encoded.
    Append(&'a mut Sink),
    /// A file, with its number, gets its footer, and is no more.
    Finish(usize, &'a mut Option<FileWriter>),
}

impl Unit<'_> {
    fn run(&mut self, format: &Format, many: bool, ctx: &Context) -> Result<Option<(usize, WrittenFile)>> {
        match self {
            Unit::Encode { column, part, pieces, last } => {
                column.encode(part, pieces, *last, ctx).map_err(|e| match e.code() {
                    Code::Cancelled => e,
                    code => Error::new(code, format!("column '{}': {e}", part.field.name())),
                })?;
                Ok(None)
            }
            Unit::Append(sink) => sink.append(format, many).map(|()| None),
            Unit::Finish(number, slot) => match slot.take() {
                Some(file) => Ok(Some((*number, file.sink.finish(format)?))),
                None => Ok(None),
            },
        }
    }
}
