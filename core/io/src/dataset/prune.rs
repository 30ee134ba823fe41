//! Which files a predicate leaves, before any is opened.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, NullArray, StringArray};
use arrow_schema::DataType;
use pf_base::{Code, Context, Result};
use pf_compute_core::{Implementation, Settings, Special, Typed, TypedKind, Value, cast, evaluate};

use super::Dataset;

impl Dataset {
    /// The files for whose rows a predicate over the columns of the table may be true, in their order.
    ///
    /// Parts of it that need no more than partitions and the path of the file are computed; of `AND` and `OR` around
    /// them what follows is taken, all else may be true. A part that fails for a file keeps it: whether it fails for
    /// any row shows when the file is read. So does a predicate with aggregates or window functions, which sees all
    /// rows. Time and memory are in proportion to the number of files.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`], [`Code::Cancelled`].
    pub fn prune_files(&self, predicate: &Typed, settings: Settings, ctx: &Context) -> Result<Vec<usize>> {
        let all = (0..self.files.len()).collect();
        if predicate.data_type != DataType::Boolean || needs_all_rows(predicate) {
            return Ok(all);
        }
        let pruning = Pruning { dataset: self, columns: self.known_columns(predicate)?, settings, ctx };
        let possible = pruning.possible(predicate)?;
        Ok(all.into_iter().filter(|file| possible.as_ref().is_none_or(|p| p[*file])).collect())
    }

    /// The columns of the table, a row per file: partitions and the path if it is asked for, else nothing.
    fn known_columns(&self, predicate: &Typed) -> Result<Vec<ArrayRef>> {
        let nothing: ArrayRef = Arc::new(NullArray::new(self.files.len()));
        let mut columns = vec![nothing; self.schema.fields().len()];
        for (column, values) in columns[self.file_columns..].iter_mut().zip(&self.partitions) {
            *column = values.clone();
        }
        if let Some(index) = self.file_path
            && reads(predicate, index)
        {
            let paths: ArrayRef =
                Arc::new(StringArray::from_iter_values(self.files.iter().map(|f| f.path.to_string_lossy())));
            columns[index] = cast(&Value::Array(paths), self.schema.field(index).data_type(), false)?.inner().clone();
        }
        Ok(columns)
    }

    /// Whether a column is known before a file is opened.
    fn is_known(&self, column: usize) -> bool {
        column >= self.file_columns && self.row_number != Some(column)
    }
}

struct Pruning<'a> {
    dataset: &'a Dataset,
    columns: Vec<ArrayRef>,
    settings: Settings,
    ctx: &'a Context,
}

impl Pruning<'_> {
    /// For each file whether the condition may be true of a row; none where nothing is known.
    fn possible(&self, expr: &Typed) -> Result<Option<Vec<bool>>> {
        if parts(expr, &|path| self.dataset.is_known(path)) {
            return self.known(expr).map(Some);
        }
        let TypedKind::Call { function, arguments, .. } = &expr.kind else { return Ok(None) };
        match function.implementation {
            Implementation::Special(Special::And) => {
                let mut all: Option<Vec<bool>> = None;
                for argument in arguments {
                    all = match (all, self.possible(argument)?) {
                        (Some(l), Some(r)) => Some(l.iter().zip(r).map(|(l, r)| *l && r).collect()),
                        (one, other) => one.or(other),
                    };
                }
                Ok(all)
            }
            Implementation::Special(Special::Or) => {
                let mut any = vec![false; self.dataset.files.len()];
                for argument in arguments {
                    let Some(possible) = self.possible(argument)? else { return Ok(None) };
                    any.iter_mut().zip(possible).for_each(|(any, p)| *any |= p);
                }
                Ok(Some(any))
            }
            _ => Ok(None),
        }
    }

    /// For each file whether the condition, which needs no more than is known, is true.
    fn known(&self, expr: &Typed) -> Result<Vec<bool>> {
        let files = self.dataset.files.len();
        match self.truths(expr, &self.columns, files) {
            Ok(truths) => Ok(truths),
            Err(e) if is_final(e.code()) => Err(e),
            // It fails for one of them at least: file by file.
            Err(_) => self.ctx.map(files, |file| {
                let row: Vec<ArrayRef> = self.columns.iter().map(|c| c.slice(file, 1)).collect();
                match self.truths(expr, &row, 1) {
                    Ok(truths) => Ok(truths.first().copied().unwrap_or(true)),
                    Err(e) if is_final(e.code()) => Err(e),
                    Err(_) => Ok(true),
                }
            }),
        }
    }

    fn truths(&self, expr: &Typed, columns: &[ArrayRef], rows: usize) -> Result<Vec<bool>> {
        let truths = evaluate(expr, columns, rows, self.settings, self.ctx)?;
        match truths.as_boolean_opt() {
            Some(truths) => Ok(truths.iter().map(|t| t == Some(true)).collect()),
            None => Ok(vec![true; rows]),
        }
    }
}

/// Whether the call as a whole has failed.
fn is_final(code: Code) -> bool {
    matches!(code, Code::Cancelled | Code::OutOfMemory | Code::Internal)
}

/// Whether all columns of an expression are such.
fn parts(expr: &Typed, is: &dyn Fn(usize) -> bool) -> bool {
    match &expr.kind {
        TypedKind::Column(path) => path.first().is_some_and(|column| is(*column)),
        TypedKind::Literal(_) => true,
        TypedKind::Cast { value, .. } => parts(value, is),
        TypedKind::Call { arguments, filter, .. } => {
            arguments.iter().all(|a| parts(a, is)) && filter.as_ref().is_none_or(|f| parts(f, is))
        }
    }
}

fn reads(expr: &Typed, column: usize) -> bool {
    !parts(expr, &|other| other != column)
}

fn needs_all_rows(expr: &Typed) -> bool {
    match &expr.kind {
        TypedKind::Column(_) | TypedKind::Literal(_) => false,
        TypedKind::Cast { value, .. } => needs_all_rows(value),
        TypedKind::Call { function, arguments, .. } => match function.implementation {
            Implementation::Scalar(_) | Implementation::Special(_) => arguments.iter().any(needs_all_rows),
            Implementation::Aggregate(_) | Implementation::Holistic(_) | Implementation::Window(_) => true,
        },
    }
}
