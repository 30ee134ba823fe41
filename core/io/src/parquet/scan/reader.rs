//! The reader of a scan.

use std::collections::VecDeque;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use pf_base::{Context, Result};

use super::Scan;
use super::rounds::{Held, Rounds};
use crate::read_ahead::ReadAhead;

/// The batches of a [`Scan`], in the order of its files. Ends after an error.
pub struct ParquetReader {
    schema: SchemaRef,
    context: Context,
    ready: VecDeque<Held>,
    work: Work,
}

/// Where the next batches come from.
enum Work {
    /// This thread makes them.
    Here(Box<Rounds>),
    /// Another thread makes them while this one works on those before.
    Ahead(ReadAhead<Vec<Held>>),
    /// There are none.
    Done,
}

impl ParquetReader {
    pub(super) fn new(scan: Scan) -> Self {
        let (schema, context) = (scan.schema(), scan.context.clone());
        Self { schema, context, ready: VecDeque::new(), work: Work::Here(Box::new(Rounds::new(scan))) }
    }

    fn step(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if self.ready.is_empty() && matches!(self.work, Work::Done) {
                return Ok(None);
            }
            self.context.check()?;
            if let Some(Held { batch, reserved }) = self.ready.pop_front() {
                drop(reserved);
                return Ok(Some(batch));
            }
            let round = match &mut self.work {
                Work::Here(rounds) => rounds.next(),
                Work::Ahead(ahead) => ahead.next(),
                Work::Done => None,
            };
            let Some(round) = round.transpose()? else { return Ok(None) };
            self.ready.extend(round);
            // The first round is small: what fits it is not worth a thread.
            self.work = match std::mem::replace(&mut self.work, Work::Done) {
                Work::Here(rounds) if rounds.is_done() => Work::Done,
                Work::Here(rounds) if self.context.threads() > 1 => Work::Ahead(ReadAhead::new(*rounds)?),
                work => work,
            };
        }
    }
}

impl Iterator for ParquetReader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.ready.clear();
            self.work = Work::Done;
        }
        step.map_err(|e| ArrowError::ExternalError(Box::new(e))).transpose()
    }
}

impl RecordBatchReader for ParquetReader {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
