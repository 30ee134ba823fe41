//! The tree of an expression as it was written: names and literals, not yet types.

use std::fmt;

use arrow_array::ArrayRef;
use arrow_schema::DataType;

/// Where in the text something stands, from 1; 0 where it was not read from text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

/// Two expressions are the same wherever they stand.
impl PartialEq for Position {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub at: Position,
}

/// What an expression is. Operators are calls: `a + b` is `add`, `a IS NULL` is `is_null`, `CASE` is `case`.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A column, and the fields of structs on the way down from it.
    Column(Vec<String>),
    /// A literal.
    Literal(Literal),
    /// A call of a function or operator.
    Call {
        /// Its name in the table of functions.
        name: String,
        /// The arguments by position.
        arguments: Vec<Expr>,
        /// The arguments by name, after them.
        named: Vec<(String, Expr)>,
        /// `DISTINCT`, in an aggregate.
        distinct: bool,
        /// `FILTER (WHERE …)`, of an aggregate.
        filter: Option<Box<Expr>>,
    },
    /// `CAST` and `TRY_CAST`.
    Cast {
        /// What is converted.
        value: Box<Expr>,
        /// To this type.
        to: DataType,
        /// Null instead of an error.
        try_cast: bool,
    },
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `NULL`, of any type.
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// A number as it was written, without a sign: its type depends on what stands beside it.
    Number(String),
    /// Text.
    String(String),
    /// A value of a type of its own, as an array of one row: `DATE '2020-01-31'`, `INTERVAL '3 days'`, `X'00FF'`.
    Typed(ArrayRef),
}

/// An expression with the name of its result: `price * qty AS total`.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The name after `AS`.
    pub name: Option<String>,
    /// The expression.
    pub expr: Expr,
}

/// What rows are ordered by: `price DESC NULLS LAST`.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// The key.
    pub expr: Expr,
    /// From the greatest down.
    pub descending: bool,
    /// Nulls before all values; after them by default.
    pub nulls_first: bool,
}
