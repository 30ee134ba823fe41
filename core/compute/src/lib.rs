//! Expressions over Arrow arrays, and the kernels that evaluate them.
//!
//! Text goes through four steps, a file each: `parse` makes an [`Expr`] of it (and `print` text of the expression),
//! `check` gives every part of it a type of the schema and so makes a [`Typed`], `evaluate` computes it, block by block
//! and in parallel, with the functions of [`functions`]. That table is all there is of the language: the documentation,
//! the bindings and the tests read it too.

mod block;
mod calendar;
mod expr;
mod function;
pub mod functions;
mod like;
mod regexp;
mod settings;
mod text;
mod timezone;
mod typed;
pub mod types;
mod value;

pub use expr::{Expr, ExprKind, Literal, Named, Position, SortKey};
pub use function::{
    Accumulator, Aggregate, Argument, Binding, Call, Function, Holistic, Implementation, Parameter, ScalarKernel,
    Special, WindowKernel,
};
pub use settings::{NanPolicy, Overflow, Settings};
pub use typed::{Typed, TypedKind};
pub use value::Value;
