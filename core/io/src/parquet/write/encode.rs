//! Columns of row groups, encoded apart from each other.

use arrow_array::{Array, ArrayRef, RecordBatch};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::errors::ParquetError;
use pf_base::{Code, Context, Error, Result};

use super::types::Part;
use super::weight::weight;

/// The most rows of a piece that a batch is cut to: a power of two, and a multiple of what the crate looks at at once.
pub(super) const PIECE_ROWS: usize = 16 * 1024;

/// What a column should encode at once, so that what it needs for that stays in the cache and it can be stopped.
const STEP_BYTES: u64 = 1 << 20;

/// A part of a row group's columns, while its rows arrive.
pub(super) struct Column {
    open: Vec<ArrowColumnWriter>,
    done: Vec<ArrowColumnChunk>,
}

impl Column {
    /// A column without rows, as so many Parquet columns.
    pub(super) fn new(open: Vec<ArrowColumnWriter>) -> Self {
        Self { open, done: Vec::new() }
    }

    /// What it holds on the heap.
    pub(super) fn memory(&self) -> u64 {
        self.open.iter().map(|writer| writer.memory_size() as u64).sum()
    }

    /// Appends rows; after the `last` the column is done.
    ///
    /// The cuts depend on the pieces alone, and so do the pages.
    pub(super) fn encode(&mut self, part: &Part, pieces: &[RecordBatch], last: bool, ctx: &Context) -> Result<()> {
        for piece in pieces {
            let column = piece.columns().get(part.root);
            let whole = part.of(column.ok_or_else(|| Error::internal("a batch without a column of its schema"))?)?;
            let step = step(&whole);
            for start in (0..whole.len()).step_by(step) {
                ctx.check()?;
                self.append(part, &whole.slice(start, step.min(whole.len() - start)))?;
            }
        }
        if last {
            self.done = self.open.drain(..).map(ArrowColumnWriter::close).collect::<Result<_, _>>().map_err(failed)?;
        }
        Ok(())
    }

    fn append(&mut self, part: &Part, array: &ArrayRef) -> Result<()> {
        let array = part.stored(array)?;
        let leaves = compute_leaves(&part.field, &array).map_err(failed)?;
        for (writer, leaf) in self.open.iter_mut().zip(&leaves) {
            writer.write(leaf).map_err(failed)?;
        }
        Ok(())
    }

    /// The chunks of a column that is done.
    pub(super) fn into_chunks(self) -> Vec<ArrowColumnChunk> {
        self.done
    }
}

/// How many rows to encode at once: [`PIECE_ROWS`], halved until they are light.
fn step(array: &dyn Array) -> usize {
    let times = weight(array).div_ceil(STEP_BYTES).max(1).next_power_of_two();
    (PIECE_ROWS / usize::try_from(times).unwrap_or(PIECE_ROWS)).max(1)
}

/// What the crate reports of rows: they are not of their schema, or it has a fault.
fn failed(error: ParquetError) -> Error {
    match error {
        ParquetError::ArrowError(text) => Error::invalid_argument(text),
        ParquetError::NYI(text) => Error::unsupported(text),
        other => write_error(&other),
    }
}

/// What the crate reports of a file.
pub(super) fn write_error(error: &ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast_ref::<std::io::Error>() {
            Some(io) if io.kind() == std::io::ErrorKind::OutOfMemory => Error::out_of_memory(io.to_string()),
            Some(io) => Error::io(io.to_string()),
            None => Error::internal(error.to_string()),
        },
        _ => Error::new(Code::Internal, error.to_string()),
    }
}
