//! Scans of Parquet files: which columns of which rows are read, and how.

mod columns;
mod explain;
mod file;
mod jobs;
mod join;
mod options;
mod predicate;
mod reader;
mod rounds;
mod types;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_array::RecordBatchReader;
use arrow_schema::{Schema, SchemaRef};
use pf_base::{BatchSource, Context, Error, Options, Result};

use super::EXTENSIONS;
use super::footer::Footer;
use crate::dataset::Dataset;
use crate::files;
pub(crate) use columns::Shape;
use columns::{Chosen, choose};
use jobs::Piece;
pub use options::PARQUET_READ;
use options::ScanOptions;
use predicate::Predicate;
pub use reader::ParquetReader;
use rounds::Rounds;

/// Rows and columns of one or more Parquet files, as one table. Re-openable.
///
/// Making a scan finds the files and reads the schema; rows are read by [`into_reader`](Self::into_reader) or
/// [`open`](BatchSource::open). Options are those of [`PARQUET_READ`]. Of the files
///
/// - *partitions* whose values exclude the predicate are never opened;
/// - *row groups* are left out by their statistics, the dictionaries of their columns and bloom filters, *pages* by the
///   page index;
/// - of what is left the columns of the predicate are decoded first, condition by condition, the cheapest first, and
///   the other columns for the rows that are left.
///
/// Rows come in the order of the files, for any number of threads. Null counts as false in the predicate. A condition
/// that fails for a value (an overflow, a division by zero) is an error only where a row is tested: not in what was left
/// out, nor where a condition before it is not true. Memory: a few parts of 64 MiB or of a sixteenth of the memory
/// limit, whichever is less, however large the files and their row groups are.
#[derive(Clone, Debug)]
pub struct Scan {
    plan: Arc<Plan>,
    context: Context,
    tally: Arc<Tally>,
}

/// What is read.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) dataset: Dataset,
    /// The files that are left by their partitions, by their numbers in the dataset.
    pub(crate) files: Vec<usize>,
    /// Columns of the table that are needed: those of the predicate, `tested` of them, then the others.
    pub(crate) slots: Vec<Chosen>,
    pub(crate) tested: usize,
    /// The slots of the predicate.
    predicate_slots: Vec<usize>,
    /// The slots of the output's columns.
    pub(crate) outputs: Vec<usize>,
    /// The schema of the output.
    pub(crate) schema: SchemaRef,
    pub(crate) predicate: Option<Arc<Predicate>>,
    pub(crate) limit: Option<u64>,
    pub(crate) row_groups: Option<Vec<usize>>,
    pub(crate) batch_size: usize,
    pub(crate) options: ScanOptions,
}

impl Plan {
    /// Which of the predicate's slots the output has too.
    pub(crate) fn is_output(&self) -> Vec<bool> {
        (0..self.tested).map(|slot| self.outputs.contains(&slot)).collect()
    }

    /// The slots that are decoded first of a piece: of the predicate where its rows are tested.
    pub(crate) fn slots_of(&self, piece: &Piece) -> impl Iterator<Item = usize> + '_ {
        let slots = if piece.is_tested() { &self.predicate_slots } else { &self.outputs };
        slots.iter().copied()
    }

    /// The types in which a file is read.
    pub(crate) fn file_schema(&self, footer: &Footer, ctx: &Context) -> Result<SchemaRef> {
        file_schema(&self.options, footer, ctx)
    }

    /// The same without output: for counting.
    fn without_output(&self) -> Self {
        let slots = self.slots[..self.tested].to_vec();
        Self { slots, outputs: Vec::new(), schema: Arc::new(Schema::empty()), ..self.clone() }
    }
}

fn file_schema(options: &ScanOptions, footer: &Footer, ctx: &Context) -> Result<SchemaRef> {
    Ok(options.types.of_file(&footer.schema(ctx)?, footer.parquet_schema(ctx)?.as_ref()))
}

/// What was done by all readers of a scan so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Bytes that were read of column chunks.
    pub(crate) read: Arc<AtomicU64>,
    /// Rows that the predicate was tested on.
    pub(crate) tested: AtomicU64,
    /// Rows that were returned.
    pub(crate) returned: AtomicU64,
}

impl Scan {
    /// A scan of what `paths`, and then the option of that name, name: files, folders (which are searched recursively)
    /// and globs, in this order.
    ///
    /// # Errors
    /// [`Code::NotFound`](pf_base::Code::NotFound), [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) and
    /// [`Code::Type`](pf_base::Code::Type) for options, columns and predicates that do not go with the files;
    /// [`Code::Corrupt`](pf_base::Code::Corrupt) for what is no Parquet file, [`Code::Unsupported`](pf_base::Code) for an
    /// encrypted one; [`Code::Io`](pf_base::Code::Io). What is wrong with files whose schemas are not read shows when
    /// they are.
    pub fn new(paths: &[&str], options: &Options, context: &Context) -> Result<Self> {
        let bound = options.bind(&PARQUET_READ)?;
        let further = bound.opt_str_list("paths").unwrap_or_default();
        let paths: Vec<&str> = paths.iter().copied().chain(further.iter().map(String::as_str)).collect();
        let options = ScanOptions::new(&bound)?;
        let files = files::find(&paths, EXTENSIONS, context)?;
        let schema_of = |path: &std::path::Path| file_schema(&options, &*Footer::read(path, context)?, context);
        let dataset = Dataset::new(files, schema_of, &options.dataset, context)?;
        let predicate = options.filter.as_ref();
        let predicate =
            predicate.map(|text| Predicate::new(text, &dataset.schema, options.settings)).transpose()?.map(Arc::new);
        let chosen = match &options.columns {
            Some(names) => choose(&dataset.schema, names)?,
            None => (0..dataset.schema.fields().len()).map(|column| Chosen { column, shape: Shape::All }).collect(),
        };
        let mut slots = predicate.as_deref().map(Predicate::columns).unwrap_or_default();
        let tested = slots.len();
        let mut outputs = Vec::with_capacity(chosen.len());
        for column in &chosen {
            // All columns of the predicate are near the front.
            let known = slots[..tested].iter().position(|slot| slot == column);
            outputs.push(known.unwrap_or(slots.len()));
            if known.is_none() {
                slots.push(column.clone());
            }
        }
        let field = |chosen: &Chosen| chosen.shape.of_field(dataset.schema.field(chosen.column));
        let fields: Vec<_> = chosen.iter().map(field).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, dataset.schema.metadata().clone()));
        let files = match &predicate {
            Some(predicate) => dataset.prune_files(&predicate.typed, options.settings, context)?,
            None => (0..dataset.files.len()).collect(),
        };
        let plan = Plan {
            dataset,
            files,
            slots,
            tested,
            predicate_slots: (0..tested).collect(),
            outputs,
            schema,
            predicate,
            limit: options.limit,
            row_groups: options.row_groups.clone(),
            batch_size: options.batch_size,
            options,
        };
        Ok(Self { plan: Arc::new(plan), context: context.clone(), tally: Arc::default() })
    }

    /// The schema of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.plan.schema.clone()
    }

    /// The files that the paths name, in the order in which they are read.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &PathBuf> {
        self.plan.dataset.files.iter().map(|file| &file.path)
    }

    /// The size of all files together.
    ///
    /// # Errors
    /// [`Code::Io`](pf_base::Code::Io), [`Code::NotFound`](pf_base::Code::NotFound) for a file that has gone.
    pub fn bytes(&self) -> Result<u64> {
        let size = |path: &PathBuf| path.metadata().map(|m| m.len()).map_err(|e| Error::from_io(path.display(), &e));
        self.files().map(size).sum()
    }

    /// How many rows the reader would give. Decodes the columns of the predicate alone, and nothing without one: the
    /// footers tell.
    ///
    /// # Errors
    /// As the reader's.
    pub fn count(&self) -> Result<u64> {
        let plan = Arc::new(self.plan.without_output());
        Rounds::new(Self { plan, ..self.clone() }).count()
    }

    /// A reader that owns what it needs. Where there are threads to spare it works ahead of whoever reads, by at most
    /// one part of what memory it may take.
    pub fn into_reader(self) -> ParquetReader {
        ParquetReader::new(self)
    }
}

impl BatchSource for Scan {
    fn schema(&self) -> SchemaRef {
        self.plan.schema.clone()
    }

    fn reopenable(&self) -> bool {
        true
    }

    fn open(&mut self) -> Result<Box<dyn RecordBatchReader + '_>> {
        Ok(Box::new(self.clone().into_reader()))
    }
}

#[cfg(test)]
mod tests;
