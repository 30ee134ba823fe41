#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod bounds;
mod random;
mod stages;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use pf_compute_core::{Settings, Typed, condition, evaluate};

use super::*;

/// The name of a column with the number of the row.
const ROW: &str = "row";

/// A file that was written for a test.
struct Written {
    _folder: tempfile::TempDir,
    path: PathBuf,
    file: File,
    reader: ArrowReaderMetadata,
}

/// Properties with small row groups and pages.
fn small(group: usize, page: usize) -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_data_page_row_count_limit(page)
        .set_write_batch_size(page)
        .set_statistics_enabled(EnabledStatistics::Page)
}

impl Written {
    fn new(columns: Vec<(&str, ArrayRef)>, properties: WriterPropertiesBuilder) -> Self {
        let rows: ArrayRef = Arc::new(Int64Array::from_iter_values(0..columns[0].1.len() as i64));
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, array)| (name, array, true)).chain([(ROW, rows, false)]),
        );
        Self::of_batch(&batch.unwrap(), properties)
    }

    fn of_batch(batch: &RecordBatch, properties: WriterPropertiesBuilder) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let file = File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
        let file = File::open(&path).unwrap();
        let reader = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).unwrap();
        Self { _folder: folder, path, file, reader }
    }

    fn schema(&self) -> &SchemaRef {
        self.reader.schema()
    }

    fn input(&self) -> Input<'_> {
        Input {
            path: &self.path,
            file: &self.file,
            size: self.file.metadata().unwrap().len(),
            metadata: self.reader.metadata(),
            numbers: None,
        }
    }

    fn supply(&self, path: &[usize]) -> Supply {
        match leaf(self.schema(), self.reader.metadata(), path) {
            Some((leaf, data_type)) => Supply::Leaf { leaf, data_type, to: None },
            None => Supply::Unknown,
        }
    }

    fn predicate(&self, text: &str) -> Predicate {
        Predicate::new(&condition(text, self.schema(), Settings::default()).unwrap(), Settings::default())
    }

    fn decisions(&self, text: &str, switches: Switches) -> Vec<Decision> {
        let predicate = self.predicate(text);
        let pruner = Pruner::new(self.input(), &predicate, |path| self.supply(path), switches);
        pruner.groups(&Context::default().with_threads(2)).unwrap()
    }

    fn counts(&self, text: &str, switches: Switches) -> Counts {
        let mut counts = Counts::default();
        self.decisions(text, switches).iter().for_each(|decision| counts += decision);
        counts
    }

    /// The numbers of the rows for which a predicate is true, read as the stages say; none where it fails.
    fn rows(&self, text: &str, switches: Switches) -> Option<Vec<i64>> {
        let typed = condition(text, self.schema(), Settings::default()).unwrap();
        let mut found = Vec::new();
        for (group, decision) in self.decisions(text, switches).into_iter().enumerate() {
            let Verdict::Read { selection, conditions } = decision.verdict else { continue };
            let all = conditions.is_empty();
            let builder =
                ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.try_clone().unwrap(), self.reader.clone())
                    .with_row_groups(vec![group]);
            let builder = match selection {
                Some(selection) => builder.with_row_selection(selection),
                None => builder,
            };
            for batch in builder.build().unwrap() {
                found.extend(matching(&batch.unwrap(), (!all).then_some(&typed))?);
            }
        }
        Some(found)
    }

    /// The same, read without any stage.
    fn all_rows(&self, text: &str) -> Option<Vec<i64>> {
        let typed = condition(text, self.schema(), Settings::default()).unwrap();
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.try_clone().unwrap(), self.reader.clone());
        let mut found = Vec::new();
        for batch in builder.build().unwrap() {
            found.extend(matching(&batch.unwrap(), Some(&typed))?);
        }
        Some(found)
    }
}

fn matching(batch: &RecordBatch, typed: Option<&Typed>) -> Option<Vec<i64>> {
    let rows = batch.column_by_name(ROW).unwrap().as_primitive::<Int64Type>();
    let Some(typed) = typed else { return Some(rows.values().to_vec()) };
    let ctx = Context::default().with_threads(1);
    let found = evaluate(typed, batch.columns(), batch.num_rows(), Settings::default(), &ctx).ok()?;
    let found = found.as_boolean();
    Some(rows.values().iter().zip(found).filter(|(_, is)| *is == Some(true)).map(|(row, _)| *row).collect())
}

const OFF: Switches = Switches { statistics: false, dictionary: false, bloom: false, page_index: false };

/// All sixteen.
fn every_switch() -> impl Iterator<Item = Switches> {
    (0..16).map(|bits| Switches {
        statistics: bits & 1 != 0,
        dictionary: bits & 2 != 0,
        bloom: bits & 4 != 0,
        page_index: bits & 8 != 0,
    })
}

fn batch_of(columns: Vec<(Field, ArrayRef)>) -> RecordBatch {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}
