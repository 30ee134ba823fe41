//! One Parquet file: row groups in the order of their rows, and the footer.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::ArrowRowGroupWriterFactory;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::TypePtr;
use pf_base::{Error, Result};

use super::encode::{Column, write_error};
use super::options::Settings;
use super::types::{Part, Stored, parts};

/// What the files of a call have in common.
pub(super) struct Format {
    /// The schema of the arrays that are encoded.
    pub(super) schema: SchemaRef,
    /// How it stands in Parquet.
    pub(super) root: TypePtr,
    /// The settings of the crate.
    pub(super) properties: WriterPropertiesPtr,
    /// What is encoded apart from each other.
    pub(super) parts: Vec<Part>,
    /// Whether page indexes that the crate made are left out.
    pub(super) drops_page_index: bool,
}

impl Format {
    /// The format of files of `schema`.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for a column that Parquet cannot hold; those of the settings.
    pub(super) fn new(schema: &Schema, settings: &Settings<'_>) -> Result<Self> {
        let Stored { schema: stored, embedded } = Stored::new(schema)?;
        let converter = ArrowSchemaConverter::new().with_coerce_types(settings.compliant_names);
        let parquet = converter.convert(&stored).map_err(|e| Error::wrong_type(e.to_string()))?;
        Ok(Self {
            root: parquet.root_schema_ptr(),
            properties: settings.properties(schema, &embedded, &parquet)?,
            parts: parts(schema, &stored),
            drops_page_index: settings.drops_page_index(),
            schema: stored,
        })
    }
}

/// A row group whose rows arrive.
#[derive(Default)]
pub(super) struct Group {
    /// Its columns; none until rows are encoded.
    pub(super) columns: Vec<Column>,
    /// Rows that are not encoded yet.
    pub(super) waiting: Vec<RecordBatch>,
    /// All rows, and their bytes.
    pub(super) rows: usize,
    pub(super) bytes: u64,
    /// Whether it takes no more.
    pub(super) full: bool,
}

/// A file that is written.
pub(super) struct FileWriter {
    /// Where it will stand.
    shown: PathBuf,
    writer: SerializedFileWriter<Appender>,
    factory: ArrowRowGroupWriterFactory,
    /// Row groups that are not written yet: all but the last are full.
    pub(super) groups: VecDeque<Group>,
    begun: usize,
    rows: u64,
    /// Whether no more rows come.
    pub(super) ended: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where it stands.
    pub path: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its row groups.
    pub row_groups: usize,
}

impl FileWriter {
    /// Starts a file at `path`, which must not exist unless it is given open, and which will then stand at `shown`.
    pub(super) fn new(path: PathBuf, shown: PathBuf, file: Option<File>, format: &Format) -> Result<Self> {
        let appender = Appender { path, file, created: false };
        let (root, properties) = (format.root.clone(), format.properties.clone());
        let writer = SerializedFileWriter::new(appender, root, properties).map_err(|e| write_error(&e))?;
        let factory = ArrowRowGroupWriterFactory::new(&writer, format.schema.clone());
        Ok(Self { shown, writer, factory, groups: VecDeque::new(), begun: 0, rows: 0, ended: false })
    }

    /// The row group that takes the next rows.
    pub(super) fn group(&mut self) -> &mut Group {
        if self.groups.back().is_none_or(|group| group.full) {
            self.groups.push_back(Group::default());
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    /// Makes the columns of groups that have rows to encode and none yet.
    pub(super) fn begin_groups(&mut self, format: &Format) -> Result<()> {
        for group in self.groups.iter_mut().filter(|group| group.columns.is_empty() && group.rows > 0) {
            let mut writers = self.factory.create_column_writers(self.begun).map_err(|e| write_error(&e))?.into_iter();
            self.begun += 1;
            group.columns =
                format.parts.iter().map(|part| Column::new(writers.by_ref().take(part.leaves).collect())).collect();
        }
        Ok(())
    }

    /// Appends the full groups, whose columns are done, to the file.
    pub(super) fn write_groups(&mut self, format: &Format) -> Result<()> {
        while self.groups.front().is_some_and(|group| group.full) {
            let Some(group) = self.groups.pop_front() else { break };
            self.rows += group.rows as u64;
            self.write_group(group, format).map_err(|e| self.named(&write_error(&e)))?;
        }
        Ok(())
    }

    fn write_group(&mut self, group: Group, format: &Format) -> Result<(), ParquetError> {
        let mut to = self.writer.next_row_group()?;
        for mut chunk in group.columns.into_iter().flat_map(Column::into_chunks) {
            if format.drops_page_index {
                chunk.close_mut().column_index = None;
                chunk.close_mut().offset_index = None;
            }
            chunk.append_to_row_group(&mut to)?;
        }
        to.close()?;
        Ok(())
    }

    /// Closes the handle of the system until the next row group.
    pub(super) fn release(&mut self) -> Result<()> {
        self.writer.flush().map_err(|e| Error::from_io(self.shown.display(), &e))?;
        self.writer.inner_mut().file = None;
        Ok(())
    }

    /// Writes the footer.
    pub(super) fn finish(mut self) -> Result<WrittenFile> {
        self.writer.finish().map_err(|e| self.named(&write_error(&e)))?;
        let (bytes, row_groups) = (self.writer.bytes_written() as u64, self.begun);
        Ok(WrittenFile { path: self.shown, rows: self.rows, bytes, row_groups })
    }

    /// An error with the file it is of.
    pub(super) fn named(&self, error: &Error) -> Error {
        Error::new(error.code(), format!("{}: {error}", self.shown.display()))
    }
}

/// A file that is open while it is written to, so that there may be more than the system lets be open.
struct Appender {
    path: PathBuf,
    file: Option<File>,
    created: bool,
}

impl Appender {
    fn open(&mut self) -> std::io::Result<&mut File> {
        let file = match self.file.take() {
            Some(file) => file,
            None if self.created => OpenOptions::new().append(true).open(&self.path)?,
            None => OpenOptions::new().write(true).create_new(true).open(&self.path)?,
        };
        self.created = true;
        Ok(self.file.insert(file))
    }
}

impl Write for Appender {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.open()?.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
