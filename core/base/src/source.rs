//! Where record batches come from.

use arrow_array::RecordBatchReader;
use arrow_schema::SchemaRef;

use crate::{Error, Result};

/// Something that yields record batches: a file, a folder, a stream of the host.
///
/// Kernels read sources without knowing formats. A re-openable source can be read more than once, so that a
/// kernel may make two passes instead of holding the data.
pub trait BatchSource {
    /// The schema of every batch.
    fn schema(&self) -> SchemaRef;

    /// Whether [`open`](Self::open) works more than once.
    fn reopenable(&self) -> bool;

    /// A reader from the first batch on.
    ///
    /// # Errors
    /// What the source reports; [`Code::InvalidArgument`](crate::Code::InvalidArgument) when it was opened before and
    /// is not re-openable.
    fn open(&mut self) -> Result<Box<dyn RecordBatchReader + '_>>;
}

/// A reader, which can be read once, as a source.
pub struct StreamSource<R> {
    schema: SchemaRef,
    reader: Option<R>,
}

impl<R: RecordBatchReader> StreamSource<R> {
    /// A source that is `reader`.
    pub fn new(reader: R) -> Self {
        Self { schema: reader.schema(), reader: Some(reader) }
    }
}

impl<R: RecordBatchReader> BatchSource for StreamSource<R> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn reopenable(&self) -> bool {
        false
    }

    fn open(&mut self) -> Result<Box<dyn RecordBatchReader + '_>> {
        match self.reader.take() {
            Some(reader) => Ok(Box::new(reader)),
            None => Err(Error::invalid_argument("a stream can be read only once")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::RecordBatchIterator;
    use arrow_schema::Schema;

    #[test]
    fn a_stream_opens_once() {
        let schema = SchemaRef::new(Schema::empty());
        let mut source = StreamSource::new(RecordBatchIterator::new(std::iter::empty(), schema));
        assert!(!source.reopenable() && source.schema().fields().is_empty());
        assert_eq!(source.open().unwrap().count(), 0);
        assert!(source.open().is_err());
    }
}
