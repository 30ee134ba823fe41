//! Expressions over Arrow arrays, and the kernels that evaluate them.
//!
//! Text goes through four steps, a file each: `parse` makes an [`Expr`] of it (and `print` text of the expression),
//! `check` gives every part of it a type of the schema and so makes a [`Typed`], `evaluate` computes it, block by block
//! and in parallel, with the functions of [`functions`]. That table is all there is of the language: the documentation,
//! the bindings and the tests read it too.

#![cfg_attr(
    test,
    allow(
        clippy::type_complexity,
        clippy::manual_is_multiple_of,
        clippy::cloned_ref_to_slice_refs,
        clippy::redundant_closure,
        reason = "tables of cases read better as they are"
    )
)]

mod aggregate;
mod arithmetic;
mod assemble;
mod binning;
mod bitmap;
mod block;
mod bounds;
mod calendar;
mod cast;
mod catalogue;
mod check;
mod compare;
mod concat;
mod cumulative;
mod decimals;
mod evaluate;
mod expr;
mod fill;
mod filter;
mod function;
pub mod functions;
mod hash;
#[cfg(any(test, feature = "testing"))]
mod interpret;
mod iso;
mod kernels;
mod like;
mod names;
mod operands;
mod operators;
mod parse;
mod pieces;
mod print;
mod project;
mod rank;
mod regexp;
mod rolling;
mod rows;
mod scratch;
mod select;
mod settings;
mod shift;
mod simd;
mod simplify;
mod sort;
mod strftime;
mod tables;
mod take;
#[cfg(test)]
mod testing;
mod text;
mod timezone;
mod typed;
pub mod types;
mod unique;
mod value;

pub use aggregate::aggregate;
pub use bounds::{Bound, Outlook, Scalar, Truth, truth};
pub use cast::cast;
pub use catalogue::{catalogue, type_rules};
pub use check::check;
pub use concat::concat;
pub use evaluate::{Compiled, evaluate};
pub use expr::{Expr, ExprKind, Literal, Named, Position, SortKey};
pub use filter::{filter, filter_chunks};
pub use function::{
    Accumulator, Aggregate, Argument, Binding, Call, Function, Holistic, Implementation, Parameter, ScalarKernel,
    Special, WindowKernel,
};
pub use hash::hash;
#[cfg(any(test, feature = "testing"))]
pub use interpret::{Agreement, agree, agree_on, interpret};
pub use kernels::{AGGREGATE, EVALUATE, FILTER, KERNELS, SORT, TAKE, UNIQUE, VALUE_COUNTS};
pub use parse::{MAX_DEPTH, MAX_TEXT, parse, parse_named, parse_sort_key, parse_type};
pub use print::type_name;
pub use project::Project;
pub use rows::{sort, take_rows, unique_rows, value_counts, whole_columns};
pub use settings::{NanPolicy, Overflow, Settings};
pub use sort::{SortColumn, argsort, sort_values};
pub use tables::{
    aggregate_table, condition, evaluate_table, expressions, filter_table, filtered, projected, schema_of,
};
pub use take::take;
pub use typed::{Typed, TypedKind};
pub use unique::{Unique, unique};
pub use value::Value;
