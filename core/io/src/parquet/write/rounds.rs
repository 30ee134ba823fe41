//! Rows that arrive are cut to row groups and encoded in rounds, all columns of all files in parallel.

use std::fs::File;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use pf_base::{Context, Error, Reservation, Result};

use super::encode::{Column, PIECE_ROWS};
use super::file::{FileWriter, Format, WrittenFile};
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
    files: Vec<Option<FileWriter>>,
    done: Vec<(usize, WrittenFile)>,
    waiting: u64,
    /// For rows that wait and what they are encoded to, for open row groups, and for files.
    reserved: Vec<Reservation>,
    encoded: Option<Reservation>,
    handles: Vec<Reservation>,
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
            files: Vec::new(),
            done: Vec::new(),
            waiting: 0,
            reserved: Vec::new(),
            encoded: None,
            handles: Vec::new(),
        }
    }

    /// Starts a file and gives its number: see [`FileWriter::new`].
    pub(super) fn start(&mut self, path: PathBuf, shown: PathBuf, file: Option<File>) -> Result<usize> {
        let leaves: usize = self.format.parts.iter().map(|part| part.leaves).sum();
        let bytes = FILE_BYTES + LEAF_BYTES * leaves as u64;
        self.handles.push(self.ctx.memory().reserve(bytes, "a Parquet file that is written")?);
        self.files.push(Some(FileWriter::new(path, shown, file, self.format)?));
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
            if self.waiting >= self.budget(ROUND_BYTES, 8) {
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
        self.round()?;
        self.done.sort_by_key(|(number, _)| *number);
        Ok(self.done.into_iter().map(|(_, written)| written).collect())
    }

    /// Encodes what waits and writes the row groups that are full. Open ones that hold too much are closed early.
    fn round(&mut self) -> Result<()> {
        self.encode()?;
        let open = self.open_bytes();
        let limit = self.budget(OPEN_BYTES.max(2 * self.group_bytes), 4);
        if open > limit {
            let mut groups: Vec<_> = self.files.iter_mut().flatten().flat_map(|f| f.groups.iter_mut()).collect();
            // Stable, so that equal ones go in the order of their files.
            groups.sort_by_key(|group| std::cmp::Reverse(group.columns.iter().map(Column::memory).sum::<u64>()));
            let mut kept = open;
            for group in groups {
                if kept <= limit / 2 {
                    break;
                }
                kept = kept.saturating_sub(group.columns.iter().map(Column::memory).sum());
                group.full = true;
            }
            self.encode()?;
        }
        self.encoded = None;
        self.encoded = Some(self.ctx.memory().reserve(self.open_bytes(), "row groups that are written to Parquet")?);
        Ok(())
    }

    fn encode(&mut self) -> Result<()> {
        let (format, ctx) = (self.format, self.ctx);
        let mut units = Vec::new();
        for writer in self.files.iter_mut().flatten() {
            writer.begin_groups(format)?;
            for group in &mut writer.groups {
                if !group.waiting.is_empty() || group.full {
                    let pieces = group.waiting.as_slice();
                    let columns = group.columns.iter_mut().zip(&format.parts);
                    units.extend(columns.map(|(column, part)| Unit { column, part, pieces, last: group.full }));
                }
            }
        }
        ctx.map_mut(&mut units, |_, unit| unit.encode(ctx))?;
        for (number, slot) in self.files.iter_mut().enumerate() {
            let Some(writer) = slot else { continue };
            writer.groups.iter_mut().for_each(|group| group.waiting.clear());
            writer.write_groups(format)?;
            if self.many {
                writer.release()?;
            }
            if writer.ended
                && let Some(writer) = slot.take()
            {
                self.done.push((number, writer.finish()?));
            }
            ctx.check()?;
        }
        self.waiting = 0;
        self.reserved.clear();
        Ok(())
    }

    /// What open row groups hold.
    fn open_bytes(&self) -> u64 {
        let groups = self.files.iter().flatten().flat_map(|file| &file.groups);
        groups.flat_map(|group| &group.columns).map(Column::memory).sum()
    }

    /// So many bytes, or a part of a small memory limit.
    fn budget(&self, bytes: u64, part: u64) -> u64 {
        bytes.min(self.ctx.memory().limit() / part)
    }
}

/// A column of a row group, and the rows it takes.
struct Unit<'a> {
    column: &'a mut Column,
    part: &'a Part,
    pieces: &'a [RecordBatch],
    last: bool,
}

impl Unit<'_> {
    fn encode(&mut self, ctx: &Context) -> Result<()> {
        let encoded = self.column.encode(self.part, self.pieces, self.last, ctx);
        encoded.map_err(|e| match e.code() {
            pf_base::Code::Cancelled => e,
            code => Error::new(code, format!("column '{}': {e}", self.part.field.name())),
        })
    }
}
