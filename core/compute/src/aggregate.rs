//! Computes aggregates over batches.
//!
//! Arguments are evaluated block by block and fed to the aggregates while they are in the cache. Pieces of 65,536 rows
//! run in parallel, each with states of its own that are merged in the order of rows. A piece begins where the one
//! before ended, whatever batches the rows came in, so that results hardly depend on how the input was cut.

mod plan;
mod run;

use arrow_array::{ArrayRef, RecordBatch};
use pf_base::{Context, Error, Result};

use crate::evaluate::{Compiled, Whole, is_aggregate, needs_all_rows};
use crate::{Implementation, Settings, Typed, TypedKind, concat};
use plan::Plan;
use run::Run;

/// The value of each of `exprs`, one row, over the rows of all batches for which `filter` is true.
///
/// Every column in `exprs` stands inside an aggregate. All batches have the schema that the expressions were checked
/// against. They are taken from `source` on the calling thread, a few at a time.
///
/// # Errors
/// Those of `source` and of the functions; [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a column
/// outside all aggregates; [`Code::OutOfMemory`](pf_base::Code::OutOfMemory);
/// [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn aggregate(
    exprs: &[Typed],
    source: impl Iterator<Item = Result<RecordBatch>>,
    filter: Option<&Typed>,
    settings: Settings,
    ctx: &Context,
) -> Result<Vec<ArrayRef>> {
    let mut calls = Vec::new();
    let outer = exprs.iter().map(|e| split(e, &mut calls)).collect::<Result<Vec<_>>>()?;
    let batches = source.map(|batch| {
        let batch = batch?;
        Ok((batch.num_rows(), batch.columns().to_vec()))
    });
    let inner = calls.iter().flat_map(|c| parts(c)).chain(filter);
    let values = if inner.into_iter().any(needs_all_rows) {
        let (columns, rows) = collect(batches, ctx)?;
        let (columns, rows) = match filter {
            Some(filter) => kept(filter, columns, rows, settings, ctx)?,
            None => (columns, rows),
        };
        let mut whole = Whole::new(&columns, rows, settings, ctx);
        let calls = calls.iter().map(|c| whole.replace_parts(c)).collect::<Result<Vec<_>>>()?;
        let calls: Vec<&Typed> = calls.iter().collect();
        aggregate_calls(&calls, whole.columns(), rows, columns.len(), settings, ctx)?
    } else {
        let (plan, holistic) = Plan::new(&calls, filter, settings, usize::MAX)?;
        let mut run = Run::new(&plan, holistic, ctx);
        for batch in batches {
            let (rows, columns) = batch?;
            run.add(columns, rows)?;
        }
        run.finish()?
    };
    // What is left are expressions over one row, the values of the aggregates.
    let finished = outer.iter().map(|e| Compiled::over(e, settings, 0)?.block(&values, 1)?.into_array(1));
    finished.collect()
}

/// The values of calls of aggregates over all rows of columns, of which those from `inputs` on are results.
pub(crate) fn aggregate_calls(
    calls: &[&Typed],
    columns: &[ArrayRef],
    rows: usize,
    inputs: usize,
    settings: Settings,
    ctx: &Context,
) -> Result<Vec<ArrayRef>> {
    let (plan, holistic) = Plan::new(calls, None, settings, inputs)?;
    let mut run = Run::new(&plan, holistic, ctx);
    run.add(columns.to_vec(), rows)?;
    run.finish()
}

/// The expression over the values of its aggregates, which are added to `calls`: the first is column 0.
fn split<'a>(expr: &'a Typed, calls: &mut Vec<&'a Typed>) -> Result<Typed> {
    if is_aggregate(expr) {
        let index = calls.iter().position(|c| plan::same(c, expr)).unwrap_or_else(|| {
            calls.push(expr);
            calls.len() - 1
        });
        return Ok(Typed { kind: TypedKind::Column(vec![index]), ..expr.clone() });
    }
    let kind = match &expr.kind {
        TypedKind::Literal(value) => TypedKind::Literal(value.clone()),
        TypedKind::Cast { value, try_cast } => {
            TypedKind::Cast { value: Box::new(split(value, calls)?), try_cast: *try_cast }
        }
        TypedKind::Call { function, .. } if matches!(function.implementation, Implementation::Window(_)) => {
            let what =
                format!("{} at {} gives a value per row and must stand inside an aggregate", function.name, expr.at);
            return Err(Error::invalid_argument(what));
        }
        TypedKind::Call { function, arguments, distinct, .. } => {
            let arguments = arguments.iter().map(|a| split(a, calls)).collect::<Result<Vec<_>>>()?;
            TypedKind::Call { function, arguments, distinct: *distinct, filter: None }
        }
        TypedKind::Column(_) => {
            let what = format!("the column at {} must stand inside an aggregate", expr.at);
            return Err(Error::invalid_argument(what));
        }
    };
    Ok(Typed { kind, ..expr.clone() })
}

/// The arguments and the filter of a call.
fn parts(call: &Typed) -> Vec<&Typed> {
    match &call.kind {
        TypedKind::Call { arguments, filter, .. } => arguments.iter().chain(filter.as_deref()).collect(),
        _ => Vec::new(),
    }
}

/// All rows of all batches.
fn collect(
    batches: impl Iterator<Item = Result<(usize, Vec<ArrayRef>)>>,
    ctx: &Context,
) -> Result<(Vec<ArrayRef>, usize)> {
    let mut rows = 0;
    let mut columns: Vec<Vec<ArrayRef>> = Vec::new();
    let mut reserved = Vec::new();
    for batch in batches {
        let (n, batch) = batch?;
        let bytes: usize = batch.iter().map(crate::project::size_of_rows).sum();
        reserved.push(ctx.memory().reserve(bytes as u64, "the rows of all batches")?);
        columns.resize_with(batch.len(), Vec::new);
        columns.iter_mut().zip(batch).for_each(|(all, column)| all.push(column));
        rows += n;
    }
    let columns = columns.iter().map(|chunks| match chunks.as_slice() {
        [one] => Ok(one.clone()),
        chunks => concat(chunks, ctx),
    });
    Ok((columns.collect::<Result<Vec<_>>>()?, rows))
}

/// The rows for which the filter is true.
fn kept(
    filter: &Typed,
    columns: Vec<ArrayRef>,
    rows: usize,
    settings: Settings,
    ctx: &Context,
) -> Result<(Vec<ArrayRef>, usize)> {
    let mask = crate::evaluate(filter, &columns, rows, settings, ctx)?;
    crate::project::keep(&columns, &mask, ctx)
}

#[cfg(test)]
mod tests;
