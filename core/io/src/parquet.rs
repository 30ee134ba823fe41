//! Parquet files as a stream of record batches.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use pf_base::registry::{Kernel, Kind, Literal, Param};
use pf_base::{BatchSource, Context, Error, Options, Result};

use crate::files;
use crate::projection::projection;
use crate::read_ahead::ReadAhead;

mod write;

pub use write::{PARQUET_WRITE, Written, WrittenFile, write};

/// The registry row of the reader.
pub static PARQUET_READ: Kernel = Kernel {
    family: "io",
    name: "parquet_read",
    function: "pf_parquet_read",
    summary: "A Parquet file, folder or glob as a stream of record batches.",
    citation: "",
    params: &[
        Param {
            name: "columns",
            kind: Kind::StrList,
            default: None,
            doc: "Columns to read, in this order; all by default.",
        },
        Param {
            name: "batch_size",
            kind: Kind::I64,
            default: Some(Literal::I64(65_536)),
            doc: "The most rows of a batch, at least 1.",
        },
    ],
    columns: &[],
};

const EXTENSIONS: &[&str] = &["parquet", "pqt", "parq"];

/// One or more Parquet files of one schema. Re-openable.
#[derive(Clone, Debug)]
pub struct ParquetSource {
    files: Vec<PathBuf>,
    schema: SchemaRef,
    columns: Option<Vec<String>>,
    batch_size: usize,
    context: Context,
}

impl ParquetSource {
    /// Finds the files of `path` and reads the schema of the first.
    ///
    /// # Errors
    /// Those of [`files::find`], of a file that is no Parquet ([`Code::Corrupt`](pf_base::Code::Corrupt)), of the
    /// options.
    pub fn new(path: &str, options: &Options, context: &Context) -> Result<Self> {
        let options = options.bind(&PARQUET_READ)?;
        let batch_size = usize::try_from(options.i64("batch_size")?).ok().filter(|n| *n > 0);
        let batch_size = batch_size.ok_or_else(|| Error::invalid_argument("batch_size must be at least 1"))?;
        let columns = options.opt_str_list("columns").map(<[String]>::to_vec);
        let files: Vec<PathBuf> = files::find(&[path], EXTENSIONS, context)?.into_iter().map(|f| f.path).collect();
        let mut source = Self {
            files,
            schema: SchemaRef::new(arrow_schema::Schema::empty()),
            columns,
            batch_size,
            context: context.clone(),
        };
        if let Some(first) = source.files.first() {
            source.schema = source.open_file(first)?.schema;
        }
        Ok(source)
    }

    /// The files, in the order in which they are read.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The size of all files.
    ///
    /// # Errors
    /// [`Code::Io`](pf_base::Code::Io), [`Code::NotFound`](pf_base::Code::NotFound) for a file that has gone.
    pub fn bytes(&self) -> Result<u64> {
        let size = |path: &PathBuf| path.metadata().map(|m| m.len()).map_err(|e| Error::from_io(path.display(), &e));
        self.files.iter().map(size).sum()
    }

    /// A reader that owns what it needs. What is wrong with a file shows when it is read.
    pub fn into_reader(self) -> ParquetReader {
        ParquetReader { source: self, next_file: 0, current: None, failed: false }
    }

    fn open_file(&self, path: &Path) -> Result<OpenFile> {
        let file = File::open(path).map_err(|e| Error::from_io(path.display(), &e))?;
        guarded(path, || {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| parquet_error(path, &e))?;
            let full = builder.schema().clone();
            let Some(names) = &self.columns else {
                let reader = builder.with_batch_size(self.batch_size).build().map_err(|e| parquet_error(path, &e))?;
                return Ok(OpenFile { path: path.to_owned(), schema: full, order: None, reader });
            };
            let positions =
                projection(&full, names).map_err(|e| Error::new(e.code(), format!("{}: {e}", path.display())))?;
            let mask = ProjectionMask::roots(builder.parquet_schema(), positions.iter().copied());
            // The reader gives columns in the order of the file: where each asked-for one then stands.
            let mut in_file = positions.clone();
            in_file.sort_unstable();
            let order: Vec<usize> = positions.iter().filter_map(|p| in_file.binary_search(p).ok()).collect();
            let schema = SchemaRef::new(full.project(&positions)?);
            let reader = builder
                .with_batch_size(self.batch_size)
                .with_projection(mask)
                .build()
                .map_err(|e| parquet_error(path, &e))?;
            Ok(OpenFile { path: path.to_owned(), schema, order: Some(order), reader })
        })
    }
}

impl BatchSource for ParquetSource {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn reopenable(&self) -> bool {
        true
    }

    /// Where there are threads to spare, one of its own decodes ahead of whoever reads.
    fn open(&mut self) -> Result<Box<dyn RecordBatchReader + '_>> {
        let reader = self.clone().into_reader();
        if self.context.threads() == 1 { Ok(Box::new(reader)) } else { Ok(Box::new(ReadAhead::new(reader)?)) }
    }
}

struct OpenFile {
    path: PathBuf,
    schema: SchemaRef,
    order: Option<Vec<usize>>,
    reader: ParquetRecordBatchReader,
}

impl OpenFile {
    /// The next batch, in the order of the projection and with the schema of the stream (fields may carry metadata of
    /// their own in every file).
    fn next(&mut self, schema: &SchemaRef) -> Result<Option<RecordBatch>> {
        let Self { path, reader, order, .. } = self;
        let batch = guarded(path, || reader.next().transpose().map_err(|e| batch_error(path, e)))?;
        let Some(batch) = batch else { return Ok(None) };
        let columns = match order {
            Some(order) => order.iter().map(|i| batch.column(*i).clone()).collect(),
            None => batch.columns().to_vec(),
        };
        let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(Some(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?))
    }
}

/// Reads the files of a [`ParquetSource`] one after the other. Ends after an error.
pub struct ParquetReader {
    source: ParquetSource,
    next_file: usize,
    current: Option<OpenFile>,
    failed: bool,
}

impl ParquetReader {
    fn step(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            self.source.context.check()?;
            if let Some(file) = &mut self.current {
                match file.next(&self.source.schema)? {
                    Some(batch) => return Ok(Some(batch)),
                    None => self.current = None,
                }
            }
            let Some(path) = self.source.files.get(self.next_file) else { return Ok(None) };
            let file = self.source.open_file(path)?;
            self.next_file += 1;
            same_schema(&self.source, &file)?;
            self.current = Some(file);
        }
    }
}

impl Iterator for ParquetReader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let step = self.step();
        self.failed = step.is_err();
        step.map_err(|e| ArrowError::ExternalError(Box::new(e))).transpose()
    }
}

impl RecordBatchReader for ParquetReader {
    fn schema(&self) -> SchemaRef {
        self.source.schema.clone()
    }
}

/// Files of one source have the columns of the first, by name and type; a column that may hold nulls in one may in all.
fn same_schema(source: &ParquetSource, file: &OpenFile) -> Result<()> {
    let (want, got) = (source.schema.fields(), file.schema.fields());
    let path = file.path.display();
    let first = source.files.first().map(|p| p.display().to_string()).unwrap_or_default();
    if want.len() != got.len() {
        return Err(Error::invalid_argument(format!("{path} has {} columns, {first} has {}", got.len(), want.len())));
    }
    for (w, g) in want.iter().zip(got) {
        if w.name() != g.name() || w.data_type() != g.data_type() || (g.is_nullable() && !w.is_nullable()) {
            return Err(Error::invalid_argument(format!(
                "{path} has column '{}' of type {}{}, where {first} has '{}' of type {}",
                g.name(),
                g.data_type(),
                if g.is_nullable() && !w.is_nullable() { " with nulls" } else { "" },
                w.name(),
                w.data_type()
            )));
        }
    }
    Ok(())
}

/// A damaged file may run the decoder into a panic: that is a fault of the file.
fn guarded<T>(path: &Path, f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| {
        let panic = Error::from_panic(payload);
        Err(Error::corrupt(format!("{}: damaged Parquet data ({panic})", path.display())))
    })
}

fn parquet_error(path: &Path, error: &ParquetError) -> Error {
    let path = path.display();
    let text = error.to_string();
    match error {
        ParquetError::External(source) if source.is::<std::io::Error>() => Error::io(format!("{path}: {text}")),
        ParquetError::NYI(_) => Error::unsupported(format!("{path}: {text}")),
        // Without the crate's encryption feature an encrypted file is reported as a general error.
        _ if text.contains("encrypt") || text.contains("Disabled feature") => {
            Error::unsupported(format!("{path}: {text}"))
        }
        _ => Error::corrupt(format!("{path}: {text}")),
    }
}

fn batch_error(path: &Path, error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(text, _) => Error::io(format!("{}: {text}", path.display())),
        ArrowError::ParquetError(text) if text.contains("not supported") || text.contains("Disabled feature") => {
            Error::unsupported(format!("{}: {text}", path.display()))
        }
        other => Error::corrupt(format!("{}: {other}", path.display())),
    }
}
