//! Expressions over Arrow arrays, and the kernels that evaluate them.
//!
//! Text goes through four steps, a file each: `parse` makes an [`Expr`] of it (and `print` text of the expression),
//! `check` gives every part of it a type of the schema and so makes a [`Typed`], `evaluate` computes it, block by block
//! and in parallel, with the functions of [`functions`]. That table is all there is of the language: the documentation,
//! the bindings and the tests read it too.

mod aggregate;
mod arithmetic;
mod assemble;
mod binning;
mod bitmap;
mod block;
mod calendar;
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
mod operands;
mod operators;
mod parse;
mod pieces;
mod print;
mod project;
mod rank;
mod rolling;
mod select;
mod settings;
mod shift;
mod shim;
mod simd;
mod sort;
#[cfg(test)]
mod testing;
mod timezone;
mod typed;
pub mod types;
mod unique;
mod value;

pub use aggregate::aggregate;
pub use concat::concat;
pub use evaluate::{Compiled, evaluate};
pub use expr::{Expr, ExprKind, Literal, Named, Position, SortKey};
pub use filter::{filter, filter_chunks};
pub use function::{
    Accumulator, Aggregate, Argument, Binding, Call, Function, Holistic, Implementation, Parameter, ScalarKernel,
    Special, WindowKernel,
};
pub use hash::hash;
pub use parse::{MAX_DEPTH, MAX_TEXT, parse, parse_named, parse_sort_key, parse_type};
pub use print::type_name;
pub use settings::{NanPolicy, Overflow, Settings};
use shim::cast;
pub use sort::{SortColumn, argsort, sort_values};
pub use typed::{Typed, TypedKind};
pub use unique::{Unique, unique};
pub use value::Value;
