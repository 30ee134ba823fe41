//! What an expression can give, seen from bounds of its columns: the part of pruning that knows no file.
//!
//! An [`Outlook`] computes on intervals instead of rows. What it says is sound, not complete: it never excludes what a
//! row can give, but may allow more. A function that keeps the order of one argument is computed by its own kernel at
//! both ends of the interval ([`monotone`]); what is not known to be such may give anything.
//!
//! Only rows that have a value count. A predicate may fail on a row (an overflow, a text that is no number): where all
//! other rows are known not to match, nobody looks at that row, and the error is not raised. SQL engines do the same.

mod monotone;
mod node;
mod scalar;
#[cfg(test)]
mod tests;

use arrow_array::Array;
use arrow_schema::DataType;

use crate::types::is_float;
use crate::{Settings, Typed};
use node::Node;
pub use scalar::Scalar;

/// What the values of a column, or of an expression, can be in some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// What no value is less than. Nulls and NaN do not count; none where it is not known.
    pub min: Option<Scalar>,
    /// What no value is greater than.
    pub max: Option<Scalar>,
    /// There may be values that are neither null nor NaN.
    pub values: bool,
    /// There may be nulls.
    pub nulls: bool,
    /// There may be NaN. Of other types than floats it says nothing.
    pub nan: bool,
}

impl Bound {
    /// Anything.
    pub const UNKNOWN: Bound = Bound { min: None, max: None, values: true, nulls: true, nan: true };

    /// Nulls alone.
    pub const NULL: Bound = Bound { min: None, max: None, values: false, nulls: true, nan: false };

    /// No row at all.
    pub(crate) const NOTHING: Bound = Bound { min: None, max: None, values: false, nulls: false, nan: false };

    /// Values between two others, where these are known. Bounds that exclude every value are taken for mistakes: then
    /// nothing is known of the values.
    pub fn between(min: Option<Scalar>, max: Option<Scalar>, nulls: bool, nan: bool) -> Self {
        let wrong = matches!((&min, &max), (Some(min), Some(max)) if min.partial_cmp(max).is_none_or(|o| o.is_gt()));
        let (min, max) = if wrong { (None, None) } else { (min, max) };
        Self { min, max, values: true, nulls, nan }
    }

    /// The one value of an array of one row.
    pub fn constant(array: &dyn Array) -> Self {
        if array.data_type().is_null() || array.logical_nulls().is_some_and(|n| n.is_null(0)) {
            return Self::NULL;
        }
        match Scalar::read(array) {
            Some(value) => Self { min: Some(value.clone()), max: Some(value), values: true, nulls: false, nan: false },
            None if is_float(array.data_type()) => Self { nan: true, ..Self::NOTHING },
            None => Self { nulls: false, ..Self::UNKNOWN },
        }
    }

    /// What these values are once they are converted from one type to another, as `CAST` does.
    pub fn cast(&self, from: &DataType, to: &DataType) -> Self {
        node::cast(self, from, to)
    }

    /// What the rows of both can be.
    pub(crate) fn or(self, other: Self) -> Self {
        let end = |a: Option<Scalar>, b: Option<Scalar>, greatest: bool| {
            let (a, b) = (a?, b?);
            let order = a.partial_cmp(&b)?;
            Some(if order.is_ge() == greatest { a } else { b })
        };
        let (min, max) = match (self.values, other.values) {
            (false, _) => (other.min, other.max),
            (_, false) => (self.min, self.max),
            _ => (end(self.min, other.min, false), end(self.max, other.max, true)),
        };
        Self {
            min,
            max,
            values: self.values || other.values,
            nulls: self.nulls || other.nulls,
            nan: self.nan || other.nan,
        }
    }
}

/// What a predicate can be in some rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth {
    /// It may be true for a row.
    pub may_be_true: bool,
    /// It may be false for a row.
    pub may_be_false: bool,
    /// It may be null for a row.
    pub may_be_null: bool,
}

impl Truth {
    /// Anything.
    pub const UNKNOWN: Truth = Truth { may_be_true: true, may_be_false: true, may_be_null: true };

    /// Whether every row matches.
    pub fn is_always_true(self) -> bool {
        !self.may_be_false && !self.may_be_null
    }
}

/// An expression that was taken apart once, to be looked at with the bounds of many row groups or pages.
#[derive(Debug)]
pub struct Outlook {
    root: Node,
}

impl Outlook {
    /// Takes an expression apart. What is not understood may give anything; there are no errors.
    pub fn new(expr: &Typed, settings: Settings) -> Self {
        Self { root: Node::new(expr, settings) }
    }

    /// What a predicate can be, given what its columns can be. `column` is asked by the position in the schema and the
    /// positions of fields below it, of the type that the predicate was checked with; where a struct is null its
    /// fields are.
    ///
    /// Takes as many steps as the predicate has parts; an `IN` counts the logarithm of its literals.
    pub fn truth(&self, column: &dyn Fn(&[usize]) -> Bound) -> Truth {
        self.root.truth(column)
    }

    /// What the values of an expression can be.
    pub fn bound(&self, column: &dyn Fn(&[usize]) -> Bound) -> Bound {
        self.root.bound(column)
    }

    /// The columns whose bounds make a difference, each once.
    pub fn columns(&self) -> Vec<Vec<usize>> {
        let mut out = Vec::new();
        self.root.columns(&mut out);
        out
    }
}

/// [`Outlook::truth`] of a predicate that is looked at once.
pub fn truth(predicate: &Typed, column: &dyn Fn(&[usize]) -> Bound, settings: Settings) -> Truth {
    Outlook::new(predicate, settings).truth(column)
}
