//! The parts of an expression that need all rows at once: window functions, and aggregates inside an expression.

use std::sync::Arc;

use arrow_array::{ArrayRef, NullArray};
use pf_base::{Context, Error, Result};

use super::Compiled;
use super::node::argument;
use crate::aggregate::aggregate_calls;
use crate::{Argument, Call, Implementation, Settings, Typed, TypedKind};

/// Whether a part of the expression is a window function or an aggregate.
pub(crate) fn needs_all_rows(expr: &Typed) -> bool {
    match &expr.kind {
        TypedKind::Column(_) | TypedKind::Literal(_) => false,
        TypedKind::Cast { value, .. } => needs_all_rows(value),
        TypedKind::Call { function, arguments, .. } => match function.implementation {
            Implementation::Scalar(_) | Implementation::Special(_) => arguments.iter().any(needs_all_rows),
            Implementation::Aggregate(_) | Implementation::Holistic(_) | Implementation::Window(_) => true,
        },
    }
}

/// Whether the expression is the call of an aggregate.
pub(crate) fn is_aggregate(expr: &Typed) -> bool {
    let TypedKind::Call { function, .. } = &expr.kind else { return false };
    matches!(function.implementation, Implementation::Aggregate(_) | Implementation::Holistic(_))
}

/// Adds the positions of the columns that the expression reads.
pub(crate) fn columns_of(expr: &Typed, out: &mut Vec<usize>) {
    match &expr.kind {
        TypedKind::Column(path) => {
            if let Some(index) = path.first().filter(|i| !out.contains(i)) {
                out.push(*index);
            }
        }
        TypedKind::Literal(_) => {}
        TypedKind::Cast { value, .. } => columns_of(value, out),
        TypedKind::Call { arguments, filter, .. } => {
            arguments.iter().for_each(|a| columns_of(a, out));
            filter.iter().for_each(|f| columns_of(f, out));
        }
    }
}

/// All rows of an input, and the columns that were computed of them.
pub(crate) struct Whole<'a> {
    columns: Vec<ArrayRef>,
    inputs: usize,
    rows: usize,
    settings: Settings,
    ctx: &'a Context,
}

impl<'a> Whole<'a> {
    /// Nothing computed yet.
    pub(crate) fn new(columns: &[ArrayRef], rows: usize, settings: Settings, ctx: &'a Context) -> Self {
        Self { columns: columns.to_vec(), inputs: columns.len(), rows, settings, ctx }
    }

    /// The columns of the input, then the computed ones.
    pub(crate) fn columns(&self) -> &[ArrayRef] {
        &self.columns
    }

    /// Whether a column is a computed one.
    pub(crate) fn is_result(&self, path: &[usize]) -> bool {
        path.first().is_some_and(|index| *index >= self.inputs)
    }

    /// The expression with window functions and aggregates computed: columns and literals stand for them.
    pub(crate) fn replace(&mut self, expr: &Typed) -> Result<Typed> {
        let TypedKind::Call { function, arguments, distinct, filter } = &expr.kind else {
            return match &expr.kind {
                TypedKind::Cast { value, try_cast } => {
                    let value = Box::new(self.replace(value)?);
                    Ok(Typed { kind: TypedKind::Cast { value, try_cast: *try_cast }, ..expr.clone() })
                }
                _ => Ok(expr.clone()),
            };
        };
        if !needs_all_rows(expr) {
            return Ok(expr.clone());
        }
        let replaced = arguments.iter().map(|a| self.replace(a)).collect::<Result<Vec<_>>>()?;
        match function.implementation {
            Implementation::Window(make) => {
                let facts: Vec<Argument> = replaced.iter().map(argument).collect();
                let kernel = make(&Call { arguments: &facts, result: &expr.data_type, settings: self.settings })?;
                let columns = replaced.iter().enumerate().map(|(i, a)| match &a.kind {
                    // Read once, not once per row.
                    TypedKind::Literal(value) if function.is_constant(i) => Ok(value.clone()),
                    _ => self.value(a),
                });
                let mut columns = columns.collect::<Result<Vec<_>>>()?;
                if columns.is_empty() {
                    columns.push(Arc::new(NullArray::new(self.rows)));
                }
                let column = kernel(&columns, self.ctx)?;
                if column.len() != self.rows || column.data_type() != &expr.data_type {
                    return Err(Error::internal(format!(
                        "{} gave {} rows of {} for {} of {}",
                        function.name,
                        column.len(),
                        column.data_type(),
                        self.rows,
                        expr.data_type
                    )));
                }
                self.columns.push(column);
                Ok(Typed { kind: TypedKind::Column(vec![self.columns.len() - 1]), nullable: true, ..expr.clone() })
            }
            Implementation::Aggregate(_) | Implementation::Holistic(_) => {
                let filter = filter.as_ref().map(|f| self.replace(f).map(Box::new)).transpose()?;
                let kind = TypedKind::Call { function, arguments: replaced, distinct: *distinct, filter };
                let call = Typed { kind, ..expr.clone() };
                let value =
                    aggregate_calls(&[&call], &self.columns, self.rows, self.inputs, self.settings, self.ctx)?.pop();
                let value = value.ok_or_else(|| Error::internal("an aggregate has no value"))?;
                Ok(Typed { kind: TypedKind::Literal(value), ..expr.clone() })
            }
            Implementation::Scalar(_) | Implementation::Special(_) => {
                let kind = TypedKind::Call { function, arguments: replaced, distinct: *distinct, filter: None };
                Ok(Typed { kind, ..expr.clone() })
            }
        }
    }

    /// A call with its arguments and filter replaced, but not itself.
    pub(crate) fn replace_parts(&mut self, expr: &Typed) -> Result<Typed> {
        let TypedKind::Call { function, arguments, distinct, filter } = &expr.kind else {
            return self.replace(expr);
        };
        let arguments = arguments.iter().map(|a| self.replace(a)).collect::<Result<Vec<_>>>()?;
        let filter = filter.as_ref().map(|f| self.replace(f).map(Box::new)).transpose()?;
        Ok(Typed { kind: TypedKind::Call { function, arguments, distinct: *distinct, filter }, ..expr.clone() })
    }

    /// The value of a scalar expression over the columns and results.
    pub(crate) fn value(&self, expr: &Typed) -> Result<ArrayRef> {
        let compiled = Compiled::over(expr, self.settings, self.inputs)?;
        compiled.all(&self.columns, self.rows, self.ctx)
    }
}
