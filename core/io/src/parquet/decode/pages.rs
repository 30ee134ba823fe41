//! Pages on their way to the decoder: they are looked at first ([`Checks`]).

use std::sync::Arc;

use parquet::arrow::arrow_reader::RowGroups;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::Result;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use pf_base::Memory;

use super::bytes::ChunkBytes;
use super::checks::{Checks, Rows};

/// One row group, as the decoder takes it.
pub(super) struct Guarded {
    pub(super) bytes: ChunkBytes,
    pub(super) metadata: Arc<ParquetMetaData>,
    /// Its position in the metadata, where it must be.
    pub(super) group: usize,
    pub(super) rows: Rows,
    pub(super) memory: Memory,
}

impl RowGroups for Guarded {
    fn num_rows(&self) -> usize {
        usize::try_from(self.metadata.row_group(self.group).num_rows()).unwrap_or(0)
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>> {
        let chunk = self.metadata.row_group(self.group).column(column);
        let reader = SerializedPageReader::new(Arc::new(self.bytes.clone()), chunk, self.num_rows(), None)?;
        let descriptor = chunk.column_descr_ptr();
        let checks = Checks {
            left: u64::try_from(chunk.num_values()).unwrap_or(0),
            group_rows: self.num_rows(),
            descriptor,
            longest: 0,
            rows: self.rows.clone(),
            bytes: self.bytes.clone(),
            memory: self.memory.clone(),
            reserved: [None, None],
        };
        Ok(Box::new(Once(Some(Box::new(Pages { inner: reader, checks })))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.metadata.row_group(self.group)))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// The pages of one column chunk, and no other.
struct Once(Option<Box<dyn PageReader>>);

impl Iterator for Once {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageIterator for Once {}

struct Pages {
    inner: SerializedPageReader<ChunkBytes>,
    checks: Checks,
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        page.as_ref().map(|page| self.checks.check(page)).transpose()?;
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.inner.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        let page = self.inner.take_deferred_dictionary()?;
        page.as_ref().map(|page| self.checks.check(page)).transpose()?;
        Ok(page)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.inner.at_record_boundary()
    }
}
