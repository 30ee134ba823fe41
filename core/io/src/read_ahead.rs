//! Reading on a thread of its own, ahead of whoever needs the batches.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, JoinHandle};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use pf_base::{Error, Result};

/// Batches that wait at most: enough to decode while a reader works on a million rows.
const AHEAD: usize = 16;

/// The batches of a reader, in its order. Ends with it, also at an error; dropping this ends the thread at its next
/// batch.
pub(crate) struct ReadAhead {
    schema: SchemaRef,
    /// Taken when dropped, so that the thread, which then cannot send, ends.
    batches: Option<Receiver<Result<RecordBatch, ArrowError>>>,
    thread: Option<JoinHandle<()>>,
}

impl ReadAhead {
    /// Starts to read.
    ///
    /// # Errors
    /// [`Code::Io`](pf_base::Code::Io) when the system gives no thread.
    pub(crate) fn new(mut reader: impl RecordBatchReader + Send + 'static) -> Result<Self> {
        let schema = reader.schema();
        let (send, batches) = sync_channel(AHEAD);
        let thread = Builder::new()
            .name("parquetframe-read".to_owned())
            .spawn(move || {
                // Nobody to send to: whoever read has gone.
                let _ = reader.try_for_each(|batch| send.send(batch));
            })
            .map_err(|e| Error::io(format!("cannot start a thread: {e}")))?;
        Ok(Self { schema, batches: Some(batches), thread: Some(thread) })
    }
}

impl Iterator for ReadAhead {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Ok(batch) = self.batches.as_ref()?.recv() {
            return Some(batch);
        }
        // The end, unless the thread was lost.
        self.batches = None;
        let lost = self.thread.take()?.join().err()?;
        Some(Err(ArrowError::ExternalError(Box::new(Error::from_panic(lost)))))
    }
}

impl RecordBatchReader for ReadAhead {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Int64Array, RecordBatchIterator};
    use pf_base::Code;
    use std::sync::Arc;

    fn batch(value: i64) -> RecordBatch {
        RecordBatch::try_from_iter([("x", Arc::new(Int64Array::from(vec![value])) as _)]).unwrap()
    }

    fn ahead(batches: Vec<Result<RecordBatch, ArrowError>>) -> ReadAhead {
        ReadAhead::new(RecordBatchIterator::new(batches, batch(0).schema())).unwrap()
    }

    #[test]
    fn batches_come_in_order_and_the_end_once() {
        let mut reader = ahead((0..100).map(|i| Ok(batch(i))).collect());
        assert_eq!(reader.schema(), batch(0).schema());
        let got: Vec<RecordBatch> = reader.by_ref().map(Result::unwrap).collect();
        assert_eq!(got, (0..100).map(batch).collect::<Vec<_>>());
        assert!(reader.next().is_none() && reader.next().is_none());
    }

    #[test]
    fn errors_arrive_and_a_reader_that_is_left_ends_its_thread() {
        let broken = || Err(ArrowError::ComputeError("broken".to_owned()));
        let mut reader = ahead(vec![Ok(batch(1)), broken()]);
        assert!(reader.next().unwrap().is_ok());
        assert!(reader.next().unwrap().unwrap_err().to_string().contains("broken"));
        assert!(reader.next().is_none());
        let mut reader = ahead((0..1000).map(|i| Ok(batch(i))).collect());
        assert!(reader.next().unwrap().is_ok());
        drop(reader);
    }

    #[test]
    fn a_thread_that_is_lost_is_an_error() {
        let schema = batch(0).schema();
        let panics = (0..3).map(|i| if i == 2 { panic!("lost on purpose") } else { Ok(batch(i)) });
        let mut reader = ReadAhead::new(RecordBatchIterator::new(panics, schema)).unwrap();
        assert!(reader.next().unwrap().is_ok() && reader.next().unwrap().is_ok());
        let Err(ArrowError::ExternalError(e)) = reader.next().unwrap() else { panic!("no error of ours") };
        assert_eq!(e.downcast::<Error>().unwrap().code(), Code::Internal);
        assert!(reader.next().is_none());
    }
}
