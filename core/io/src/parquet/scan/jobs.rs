//! Pieces of a scan: rows of a row group that are filtered, then decoded, together.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::BooleanBuffer;
use parquet::basic::Type as Physical;
use parquet::file::metadata::ColumnChunkMetaData;
use pf_base::{Context, Error, Reservation, Result};
use pf_compute_core::{concat, filter_chunks};

use super::file::{DataSource, Group};
use crate::parquet::decode::{self, Column, Decoding, Excess, Filtered, Given, bits_of, first, row_numbers};

/// No piece has more rows, so that what is kept per row stays small.
pub(crate) const MOST_ROWS: usize = 1 << 20;

/// Pieces are not cut further.
pub(crate) const LEAST_ROWS: usize = 1 << 10;

/// Columns of fewer bytes are decoded together with their neighbours.
const UNIT: u64 = 1 << 20;

/// Rows that are decoded at a time where not all of them are wanted.
const BATCH: usize = 32 * 1024;

/// Rows of a row group.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) file: Arc<DataSource>,
    /// The position among the row groups that are read.
    pub(crate) group: usize,
    pub(crate) rows: Range<usize>,
    /// The part of the scan that it is: from where to where, of 0 to 1.
    pub(crate) part: Range<f64>,
}

impl Piece {
    pub(crate) fn group(&self) -> Result<&Group> {
        self.file.groups.get(self.group).ok_or_else(|| Error::internal(format!("no row group {}", self.group)))
    }

    /// The piece in two at a row, counted from its first.
    pub(crate) fn cut(&self, row: usize) -> [Self; 2] {
        let Range { start, end } = self.rows;
        let (middle, share) = (end.min(start + row), row as f64 / self.rows.len().max(1) as f64);
        let part = self.part.start + (self.part.end - self.part.start) * share.min(1.0);
        let first = Self { rows: start..middle, part: self.part.start..part, ..self.clone() };
        [first, Self { rows: middle..end, part: part..self.part.end, ..self.clone() }]
    }

    /// Whether rows have to be tested.
    pub(crate) fn is_tested(&self) -> bool {
        self.group().is_ok_and(|group| !group.steps.is_empty())
    }

    /// The bytes that a row takes once the columns of these slots are decoded, about. At least one.
    pub(crate) fn row_bytes(&self, slots: impl IntoIterator<Item = usize>) -> u64 {
        let bytes: f64 = slots.into_iter().map(|slot| self.slot_bytes(slot)).sum();
        (bytes.ceil() as u64).max(1)
    }

    /// The same of one slot.
    fn slot_bytes(&self, slot: usize) -> f64 {
        let Some(column) = self.file.given.get(slot).and_then(Given::column) else { return 0.0 };
        let Ok(group) = self.group() else { return 0.0 };
        let Ok(chunks) = self.file.source.group(group.index) else { return 0.0 };
        let leaves = column.leaves.iter().filter_map(|leaf| chunks.columns().get(*leaf));
        let size = self.file.source.size;
        let bytes: f64 = leaves.map(|chunk| chunk_bytes(chunk, group.rows, size)).sum();
        let nested = column.target.is_nested();
        let own = if nested { 8.0 } else { column.target.primitive_width().unwrap_or(0) as f64 };
        (bytes / group.rows.max(1) as f64).max(own)
    }

    /// The rows of the piece that may match by what is known of pages.
    fn possible(&self) -> Result<Option<BooleanBuffer>> {
        let pages = self.group()?.pages.as_ref();
        Ok(pages.map(|pages| bits_of(pages, self.rows.clone())))
    }

    /// Tests the rows of the piece, of which the predicate's columns are the first `tested` slots.
    pub(crate) fn filter(&self, tested: usize, ctx: &Context) -> Result<Filtered> {
        let group = self.group()?;
        if !self.is_tested() {
            return Ok(Filtered::new(self.rows.len(), None, tested));
        }
        let possible = Filtered::new(self.rows.len(), self.possible()?, tested);
        let given = self.file.given.get(..tested).unwrap_or_default();
        let (source, rows) = (&self.file.source, self.rows.clone());
        let excess = Excess::beyond(self.row_bytes(0..tested).saturating_mul(rows.len() as u64));
        decode::filter(source, group.index, rows, group.first, possible, &group.steps, given, excess, ctx)
    }
}

/// The bytes that a column chunk of a file of `size` bytes takes once it is decoded, about.
fn chunk_bytes(chunk: &ColumnChunkMetaData, rows: usize, size: u64) -> f64 {
    /// No codec is expected to do better. Sizes that say so are damaged, or will be found to be too small a guess.
    const RATIO: f64 = 1000.0;
    let values = chunk.num_values().max(0) as f64;
    let values = if chunk.column_descr().max_rep_level() > 0 { values } else { rows as f64 };
    match chunk.column_type() {
        Physical::BOOLEAN => values / 8.0,
        Physical::INT32 | Physical::FLOAT => values * 4.0,
        Physical::INT64 | Physical::DOUBLE | Physical::INT96 => values * 8.0,
        Physical::FIXED_LEN_BYTE_ARRAY => values * f64::from(chunk.column_descr().type_length().max(1)),
        Physical::BYTE_ARRAY => {
            let known = chunk.unencoded_byte_array_data_bytes().map(|bytes| bytes.max(0) as f64);
            // Without it: of dictionaries only the packed form is known, and that rows repeat.
            let bytes = known.unwrap_or_else(|| {
                let packed = (chunk.compressed_size().max(0) as f64).min(size as f64);
                (chunk.uncompressed_size().max(0) as f64).min(packed * RATIO).max(values * 8.0)
            });
            bytes + values * 4.0
        }
    }
}

/// The arrays of each slot of a unit, and what they take of the budget beyond what was expected.
pub(crate) type Decoded = (Vec<Vec<ArrayRef>>, Vec<Reservation>);

/// A piece whose rows are known, to be decoded.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) piece: Piece,
    pub(crate) filtered: Filtered,
    /// What the decoded columns in `filtered` take.
    pub(crate) held: Option<Arc<Reservation>>,
}

impl Job {
    /// The slots of the output that are still to be decoded.
    pub(crate) fn missing<'a>(&'a self, outputs: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let is_missing = |slot: &usize| {
            let held = self.filtered.held.get(*slot).is_some_and(Option::is_some);
            !held && self.piece.file.given.get(*slot).is_some_and(|given| given.column().is_some())
        };
        outputs.iter().copied().filter(is_missing)
    }

    /// Bytes that its missing columns take once they are decoded, about.
    pub(crate) fn bytes(&self, outputs: &[usize]) -> u64 {
        self.piece.row_bytes(self.missing(outputs)).saturating_mul(self.filtered.count as u64)
    }

    /// The missing columns in groups that are worth a task of their own; each `alone`, where the dictionaries of many are
    /// too much at a time.
    pub(crate) fn units(&self, outputs: &[usize], alone: bool) -> Vec<Vec<usize>> {
        let mut units: Vec<Vec<usize>> = Vec::new();
        let (mut bytes, mut roots) = (u64::MAX, Vec::new());
        for slot in self.missing(outputs) {
            let Some(column) = self.piece.file.given.get(slot).and_then(Given::column) else { continue };
            // A reader gives a column of the file once.
            if alone || bytes >= UNIT || roots.contains(&column.root) || units.is_empty() {
                units.push(Vec::new());
                (bytes, roots) = (0, Vec::new());
            }
            bytes = bytes.saturating_add(self.piece.row_bytes([slot]).saturating_mul(self.piece.rows.len() as u64));
            roots.push(column.root);
            units.last_mut().into_iter().for_each(|unit| unit.push(slot));
        }
        units
    }

    /// Only the first `count` of its rows.
    pub(crate) fn truncate(&mut self, count: usize) {
        let filtered = &mut self.filtered;
        if count >= filtered.count {
            return;
        }
        match &filtered.keep {
            None => self.piece.rows.end = self.piece.rows.start + count,
            Some(keep) => filtered.keep = Some(first(keep, count)),
        }
        filtered.held.iter_mut().flatten().for_each(|held| *held = held.slice(0, count));
        filtered.count = count;
    }

    /// Two jobs of half the rows of the piece each; itself where it is small.
    pub(crate) fn halves(self) -> Vec<Self> {
        let rows = self.piece.rows.clone();
        let half = (rows.len() / 2).next_multiple_of(64);
        if rows.len() < 2 * LEAST_ROWS || half >= rows.len() {
            return vec![self];
        }
        let mut done = 0;
        let part = |piece: Piece| {
            let rows = piece.rows.clone();
            let start = rows.start - self.piece.rows.start;
            let keep = self.filtered.keep.as_ref().map(|keep| keep.slice(start, rows.len()));
            let mut filtered = Filtered::new(rows.len(), keep, self.filtered.held.len());
            for (slot, held) in self.filtered.held.iter().enumerate() {
                filtered.held[slot] = held.as_ref().map(|held| held.slice(done, filtered.count));
            }
            done += filtered.count;
            Self { piece, filtered, held: self.held.clone() }
        };
        let parts = self.piece.cut(half).map(part);
        parts.into_iter().filter(|job| job.filtered.count > 0).collect()
    }

    /// Decodes the columns of a unit: for each slot its arrays, which are one where rows are chosen, and have `batch`
    /// rows each, but for the last, where all are wanted. What they take beyond what was expected is reserved.
    pub(crate) fn decode(&self, slots: &[usize], batch: usize, ctx: &Context) -> Result<Decoded> {
        let ctx = &ctx.for_work(0);
        let (source, group) = (&self.piece.file.source, self.piece.group()?);
        let given = |slot: &usize| self.piece.file.given.get(*slot).and_then(Given::column);
        let columns: Vec<&Column> = slots.iter().filter_map(given).collect();
        let decoding = Decoding::new(group.rows, self.piece.rows.clone(), self.filtered.keep.as_ref());
        let expected = self.piece.row_bytes(slots.iter().copied()).saturating_mul(self.filtered.count as u64);
        let mut excess = Excess::beyond(expected);
        let Some(wanted) = decoding.wanted.as_ref().filter(|_| self.filtered.keep.is_some()) else {
            // Few rows fit one batch, which needs no joining.
            let whole = self.filtered.keep.is_some();
            let batch = if whole { decoding.rows.clamp(1, 2 * BATCH) } else { batch };
            let mut out: Vec<Vec<ArrayRef>> = vec![Vec::new(); slots.len()];
            decode::read(source, group.index, &columns, &decoding, batch, ctx, |arrays| {
                excess.add(&arrays, ctx)?;
                out.iter_mut().zip(arrays).for_each(|(out, array)| out.push(array));
                Ok(())
            })?;
            if whole {
                for arrays in out.iter_mut().filter(|arrays| arrays.len() > 1) {
                    *arrays = vec![concat(arrays, ctx)?];
                }
            }
            return Ok((out, excess.into_reserved()));
        };
        let mut chunks = Vec::new();
        let mut row = 0;
        decode::read(source, group.index, &columns, &decoding, BATCH, ctx, |arrays| {
            let rows = arrays.first().map_or(0, |array| array.len());
            let mask = wanted.slice(row, rows);
            row += rows;
            if mask.has_true() {
                excess.add(&arrays, ctx)?;
                chunks.push((arrays, BooleanArray::new(mask, None)));
            }
            Ok(())
        })?;
        let columns = filter_chunks(&chunks, ctx)?.into_iter().map(|array| vec![array]).collect();
        Ok((columns, excess.into_reserved()))
    }

    /// The numbers in the file of the rows that are left.
    pub(crate) fn row_numbers(&self) -> Result<ArrayRef> {
        let first = self.piece.group()?.first.saturating_add_unsigned(self.piece.rows.start as u64);
        Ok(row_numbers(first, self.piece.rows.len(), self.filtered.keep.as_ref()))
    }
}
