//! Computes an expression on columns.
//!
//! Rows go through all of an expression in blocks that stay in the cache ([`Compiled`]); pieces of such blocks run in
//! parallel and are written in place into one output. What needs all rows at once — window functions, and aggregates
//! inside an expression — is computed first and stands as a column or a literal afterwards.

mod column;
mod lazy;
mod node;
mod whole;

use arrow_array::ArrayRef;
use pf_base::{Context, Result};

use crate::assemble::assemble;
use crate::{Settings, Typed, TypedKind, Value};
pub(crate) use lazy::truths;
use node::Node;
pub(crate) use node::{Rows, argument};
pub(crate) use whole::{Whole, columns_of, is_aggregate, needs_all_rows};

/// Rows that go through an expression at a time: a few columns of them fit into the second cache.
pub(crate) const BLOCK: usize = 8 * 1024;

/// Rows that a thread takes at a time. A multiple of [`BLOCK`] and of 64, so that pieces write whole words of bitmaps.
pub(crate) const PIECE: usize = 64 * 1024;

/// An expression whose kernels are made: patterns are compiled, literals are read. Threads share it.
#[derive(Debug)]
pub struct Compiled {
    root: Node,
}

impl Compiled {
    /// Makes the kernels of `expr`.
    ///
    /// # Errors
    /// What the functions say of their literals; [`Code::Unsupported`](pf_base::Code::Unsupported) for window functions
    /// and aggregates, which need all rows.
    pub fn new(expr: &Typed, settings: Settings) -> Result<Self> {
        Self::over(expr, settings, usize::MAX)
    }

    /// The same where columns from `inputs` on are results: what [`Settings::nan`] says of columns does not hold there.
    pub(crate) fn over(expr: &Typed, settings: Settings, inputs: usize) -> Result<Self> {
        Ok(Self { root: Node::new(expr, settings, inputs)? })
    }

    /// The value on one block of rows: `columns` are those of the schema, `rows` long each.
    ///
    /// # Errors
    /// What the functions fail with.
    pub fn block(&self, columns: &[ArrayRef], rows: usize) -> Result<Value> {
        self.root.value(&Rows { columns, start: 0, len: rows })
    }

    /// The value on some rows of longer columns.
    pub(crate) fn at(&self, columns: &[ArrayRef], start: usize, len: usize) -> Result<Value> {
        self.root.value(&Rows { columns, start, len })
    }

    /// The value on all rows of `columns`, in parallel.
    pub(crate) fn all(&self, columns: &[ArrayRef], rows: usize, ctx: &Context) -> Result<ArrayRef> {
        if let Some(array) = self.root.bare(columns, rows) {
            return Ok(array);
        }
        assemble(self.root.data_type(columns)?, rows, ctx, |start, len| self.at(columns, start, len))
    }
}

/// The value of `expr` on all `rows` rows of `columns`, which are those of the schema it was checked against.
///
/// A bare column is handed on without a copy.
///
/// # Errors
/// What the functions fail with, of the lowest piece of rows; [`Code::OutOfMemory`](pf_base::Code::OutOfMemory);
/// [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn evaluate(
    expr: &Typed,
    columns: &[ArrayRef],
    rows: usize,
    settings: Settings,
    ctx: &Context,
) -> Result<ArrayRef> {
    if !needs_all_rows(expr) {
        return Compiled::new(expr, settings)?.all(columns, rows, ctx);
    }
    let mut whole = Whole::new(columns, rows, settings, ctx);
    let expr = whole.replace(expr)?;
    if let TypedKind::Column(path) = &expr.kind
        && let ([index], true) = (path.as_slice(), whole.is_result(path))
    {
        return Ok(whole.columns()[*index].clone());
    }
    Compiled::over(&expr, settings, columns.len())?.all(whole.columns(), rows, ctx)
}

#[cfg(test)]
pub(crate) mod tests;
