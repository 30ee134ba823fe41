//! Expressions over Arrow arrays, and the kernels that evaluate them.
//!
//! Text goes through four steps, a file each: `parse` makes an [`Expr`] of it (and `print` text of the expression),
//! `check` gives every part of it a type of the schema and so makes a [`Typed`], `evaluate` computes it, block by block
//! and in parallel, with the functions of [`functions`]. That table is all there is of the language: the documentation,
//! the bindings and the tests read it too.

mod bitmap;
mod concat;
mod expr;
mod filter;
mod function;
pub mod functions;
mod settings;
mod take;
mod typed;
mod value;

pub use concat::concat;
pub use expr::{Expr, ExprKind, Literal, Named, Position, SortKey};
pub use filter::{filter, filter_chunks};
pub use function::{
    Accumulator, Aggregate, Argument, Binding, Call, Function, Holistic, Implementation, Parameter, ScalarKernel,
    Special, WindowKernel,
};
pub use settings::{NanPolicy, Overflow, Settings};
pub use take::take;
pub use typed::{Typed, TypedKind};
pub use value::Value;
