//! The tree of an expression with its types: every name is found, every conversion is written out.

use arrow_array::ArrayRef;
use arrow_schema::DataType;

use crate::{Function, Position};

/// An expression whose types are known.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What it is.
    pub kind: TypedKind,
    /// The type of its values.
    pub data_type: DataType,
    /// Whether it may be null, as far as the schema tells.
    pub nullable: bool,
    /// Where it stands in the text.
    pub at: Position,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum TypedKind {
    /// A column by its position in the schema, then fields by their positions in the structs below it.
    Column(Vec<usize>),
    /// A value for all rows: an array of one row.
    Literal(ArrayRef),
    /// A call. Arguments have the types that the function asked for, and are as many as it has parameters (more where
    /// the last repeats): defaults are filled in.
    Call {
        /// The function.
        function: &'static Function,
        /// Its arguments.
        arguments: Vec<Typed>,
        /// `DISTINCT`, in an aggregate.
        distinct: bool,
        /// Rows that count, of an aggregate.
        filter: Option<Box<Typed>>,
    },
    /// A conversion to `data_type`.
    Cast {
        /// What is converted.
        value: Box<Typed>,
        /// Null instead of an error.
        try_cast: bool,
    },
}
