//! Expressions and filters over streams of batches.
//!
//! Batches are pulled on the calling thread, in groups that give work to all threads: one batch of a hundred million
//! rows and ten thousand of eight thousand run alike.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, NullArray, RecordBatch, RecordBatchOptions, RecordBatchReader, new_empty_array,
};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use pf_base::{Context, Error, Reservation, Result};

use crate::evaluate::{Compiled, columns_of, evaluate, needs_all_rows};
use crate::{NanPolicy, Settings, Typed, TypedKind, concat, filter, filter_chunks, types};

/// Rows that are pulled before they are worked on.
const GROUP_ROWS: usize = 1 << 20;

/// Bytes after which fewer rows are enough.
const GROUP_BYTES: usize = 64 << 20;

/// A reader of expressions over the batches of another reader, for the rows that a condition is true of.
///
/// Rows keep their order; batches without rows are left out. It owns all it needs, and pulls from its source only in
/// [`next`](Iterator::next), on the thread that calls it. After an error it ends.
pub struct Project {
    source: Box<dyn RecordBatchReader + Send>,
    condition: Option<Typed>,
    outputs: Vec<Typed>,
    /// Kernels, made once; none where an expression needs all rows of the source.
    compiled: Option<Stage>,
    /// Outputs are columns that are handed on as they are: NaN stays NaN.
    chosen: bool,
    /// The columns that the outputs read.
    needed: Vec<usize>,
    schema: SchemaRef,
    settings: Settings,
    ctx: Context,
    ready: VecDeque<RecordBatch>,
    ended: bool,
}

struct Stage {
    condition: Option<Compiled>,
    outputs: Vec<Compiled>,
}

impl Project {
    /// A reader of `outputs`, by name, over the rows of `source` for which `condition` is true (all without one). A
    /// window function or an aggregate in an output sees those rows.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for a condition that is not boolean; what functions say of their literals.
    pub fn new(
        source: Box<dyn RecordBatchReader + Send>,
        condition: Option<Typed>,
        outputs: Vec<(String, Typed)>,
        settings: Settings,
        ctx: Context,
    ) -> Result<Self> {
        if let Some(c) = condition.as_ref().filter(|c| c.data_type != arrow_schema::DataType::Boolean) {
            let got = crate::types::name(&c.data_type);
            return Err(Error::wrong_type(format!("a filter is boolean, not {got}")));
        }
        let input = source.schema();
        let fields: Vec<Field> = outputs.iter().map(|(name, e)| field(name, e, &input, settings)).collect();
        let schema = SchemaRef::new(Schema::new_with_metadata(fields, input.metadata().clone()));
        let outputs: Vec<Typed> = outputs.into_iter().map(|(_, e)| e).collect();
        let mut needed = Vec::new();
        outputs.iter().for_each(|e| columns_of(e, &mut needed));
        let compiled = if outputs.iter().chain(&condition).any(needs_all_rows) {
            None
        } else {
            let compile = |e: &Typed| Compiled::new(e, settings);
            Some(Stage {
                condition: condition.as_ref().map(compile).transpose()?,
                outputs: outputs.iter().map(compile).collect::<Result<_>>()?,
            })
        };
        let ready = VecDeque::new();
        let (chosen, ended) = (false, false);
        Ok(Self { source, condition, outputs, compiled, chosen, needed, schema, settings, ctx, ready, ended })
    }

    /// A reader of some columns of `source` (all without `columns`), of the rows for which `condition` is true.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a column that is not there.
    pub fn filter(
        source: Box<dyn RecordBatchReader + Send>,
        condition: Typed,
        columns: Option<&[usize]>,
        settings: Settings,
        ctx: Context,
    ) -> Result<Self> {
        let schema = source.schema();
        let all: Vec<usize> = (0..schema.fields().len()).collect();
        let outputs = columns.unwrap_or(&all).iter().map(|index| {
            let field = schema.fields().get(*index);
            let field = field.ok_or_else(|| Error::invalid_argument(format!("there is no column {index}")))?;
            let kind = TypedKind::Column(vec![*index]);
            let (data_type, nullable) = (field.data_type().clone(), field.is_nullable());
            Ok((field.name().clone(), Typed { kind, data_type, nullable, at: crate::Position::default() }))
        });
        let mut made = Self::new(source, Some(condition), outputs.collect::<Result<_>>()?, settings, ctx)?;
        made.chosen = true;
        made.schema = SchemaRef::new(schema.project(columns.unwrap_or(&all))?);
        if let Some(stage) = &mut made.compiled {
            let plain = |e: &Typed| Compiled::over(e, settings, 0);
            stage.outputs = made.outputs.iter().map(plain).collect::<Result<_>>()?;
        }
        Ok(made)
    }

    /// Pulls the next group and makes its batches.
    fn step(&mut self) -> Result<()> {
        self.ctx.check()?;
        let mut group = Vec::new();
        let (mut rows, mut bytes) = (0, 0);
        let mut reserved: Vec<Reservation> = Vec::new();
        while self.compiled.is_none() || (rows < GROUP_ROWS && bytes < GROUP_BYTES) {
            let Some(batch) = self.source.next() else {
                self.ended = true;
                break;
            };
            let batch = batch?;
            let size: usize = batch.columns().iter().map(size_of_rows).sum();
            if self.compiled.is_none() {
                self.ctx.check()?;
                reserved.push(self.ctx.memory().reserve(size as u64, "the rows of all batches")?);
            }
            rows += batch.num_rows();
            bytes += size;
            if batch.num_rows() > 0 {
                group.push(batch);
            }
        }
        if group.is_empty() {
            return Ok(());
        }
        match &self.compiled {
            Some(stage) => {
                let ctx = self.ctx.for_work(rows as u64);
                let made = self.group(stage, &group, &ctx)?;
                self.ready.extend(made.into_iter().filter(|b| b.num_rows() > 0));
            }
            None => {
                let made = self.whole(&group, rows)?;
                self.ready.extend(Some(made).filter(|b| b.num_rows() > 0));
            }
        }
        Ok(())
    }

    fn group(&self, stage: &Stage, group: &[RecordBatch], ctx: &Context) -> Result<Vec<RecordBatch>> {
        let (schema, needed) = (&self.schema, &self.needed);
        let outputs = |columns: &[ArrayRef], rows: usize| {
            let arrays = stage.outputs.iter().map(|e| e.all(columns, rows, ctx)).collect::<Result<Vec<_>>>()?;
            table(schema, arrays, rows)
        };
        let Some(condition) = &stage.condition else {
            return ctx.map(group.len(), |i| outputs(group[i].columns(), group[i].num_rows()));
        };
        let chunks = ctx.map(group.len(), |i| {
            let mask = condition.all(group[i].columns(), group[i].num_rows(), ctx)?;
            let columns: Vec<ArrayRef> = needed.iter().map(|c| group[i].column(*c).clone()).collect();
            Ok((columns, boolean(&mask)?.clone()))
        })?;
        let rows = chunks.iter().map(|(_, mask)| mask.true_count()).sum();
        if rows == 0 {
            return Ok(Vec::new());
        }
        let kept = match chunks.as_slice() {
            [(columns, mask)] => filter(columns, mask, ctx)?,
            chunks => filter_chunks(chunks, ctx)?,
        };
        let width = group.first().map_or(0, RecordBatch::num_columns);
        Ok(vec![outputs(&self.placed(kept, width, rows), rows)?])
    }

    /// The needed columns in their positions; what is not needed is left empty.
    fn placed(&self, needed: Vec<ArrayRef>, width: usize, rows: usize) -> Vec<ArrayRef> {
        let nothing: ArrayRef = Arc::new(NullArray::new(rows));
        let mut columns = vec![nothing; width];
        for (index, column) in self.needed.iter().zip(needed) {
            columns[*index] = column;
        }
        columns
    }

    /// Evaluates on the rows of all batches at once.
    fn whole(&self, group: &[RecordBatch], rows: usize) -> Result<RecordBatch> {
        let mut read = self.needed.clone();
        self.condition.iter().for_each(|c| columns_of(c, &mut read));
        let width = group.first().map_or(0, RecordBatch::num_columns);
        let nothing: ArrayRef = Arc::new(NullArray::new(rows));
        let mut columns = vec![nothing; width];
        for index in read {
            let chunks: Vec<ArrayRef> = group.iter().map(|b| b.column(index).clone()).collect();
            columns[index] = match chunks.as_slice() {
                [] => new_empty_array(self.source.schema().field(index).data_type()),
                [one] => one.clone(),
                chunks => concat(chunks, &self.ctx)?,
            };
        }
        let size: usize = columns.iter().map(size_of_rows).sum();
        let _held = match group {
            [_] => None,
            _ => Some(self.ctx.memory().reserve(size as u64, "the rows of all batches")?),
        };
        let mut rows = rows;
        if let Some(condition) = &self.condition {
            let mask = evaluate(condition, &columns, rows, self.settings, &self.ctx)?;
            let needed: Vec<ArrayRef> = self.needed.iter().map(|c| columns[*c].clone()).collect();
            let (kept, count) = keep(&needed, &mask, &self.ctx)?;
            columns = self.placed(kept, width, count);
            rows = count;
        }
        let arrays = self.outputs.iter().map(|e| {
            if self.chosen {
                Compiled::over(e, self.settings, 0)?.all(&columns, rows, &self.ctx)
            } else {
                evaluate(e, &columns, rows, self.settings, &self.ctx)
            }
        });
        table(&self.schema, arrays.collect::<Result<_>>()?, rows)
    }
}

impl std::fmt::Debug for Project {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Project").field("condition", &self.condition).field("outputs", &self.outputs).finish()
    }
}

impl Iterator for Project {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Some(Ok(batch));
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.step() {
                self.ended = true;
                return Some(Err(ArrowError::ExternalError(Box::new(error))));
            }
        }
    }
}

impl RecordBatchReader for Project {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// The field of an output: a bare column keeps what its field says beside the name.
fn field(name: &str, expr: &Typed, input: &Schema, settings: Settings) -> Field {
    if let TypedKind::Column(path) = &expr.kind
        && let [index] = path.as_slice()
        && let Some(field) = input.fields().get(*index)
    {
        let nullable = field.is_nullable() || (settings.nan == NanPolicy::Null && types::is_float(&expr.data_type));
        return field.as_ref().clone().with_name(name).with_nullable(nullable);
    }
    let null = match &expr.kind {
        TypedKind::Literal(value) => value.data_type().is_null() || value.null_count() > 0,
        // What overflows may become null even if no column has a null.
        _ => true,
    };
    Field::new(name, expr.data_type.clone(), null)
}

fn boolean(mask: &ArrayRef) -> Result<&BooleanArray> {
    mask.as_boolean_opt().ok_or_else(|| Error::internal(format!("a filter is {}", mask.data_type())))
}

/// The rows where the mask is true, and how many they are.
pub(crate) fn keep(columns: &[ArrayRef], mask: &ArrayRef, ctx: &Context) -> Result<(Vec<ArrayRef>, usize)> {
    let mask = boolean(mask)?;
    Ok((filter(columns, mask, ctx)?, mask.true_count()))
}

/// Bytes that the rows of an array take, without the rest of what it is a slice of.
pub(crate) fn size_of_rows(array: &ArrayRef) -> usize {
    array.to_data().get_slice_memory_size().unwrap_or_else(|_| array.get_buffer_memory_size())
}

fn table(schema: &SchemaRef, arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?)
}

#[cfg(test)]
mod tests;
