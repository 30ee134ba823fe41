//! The table of kernels: one row each, in the crate that implements it.
//!
//! Defaults, documentation tables, completeness checks of the bindings and the parity runner all read these
//! rows; nothing is listed twice by hand.

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A 64-bit integer.
    I64,
    /// A 64-bit floating-point number.
    F64,
    /// True or false.
    Bool,
    /// UTF-8 text.
    Str,
    /// A list of UTF-8 texts.
    StrList,
}

impl Kind {
    /// The name of the type in messages and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::I64 => "int64",
            Kind::F64 => "float64",
            Kind::Bool => "bool",
            Kind::Str => "string",
            Kind::StrList => "list of strings",
        }
    }
}

/// The default of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// An integer.
    I64(i64),
    /// A number.
    F64(f64),
    /// True or false.
    Bool(bool),
    /// Text.
    Str(&'static str),
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Literal::I64(v) => v.fmt(f),
            Literal::F64(v) => v.fmt(f),
            Literal::Bool(v) => v.fmt(f),
            Literal::Str(v) => v.fmt(f),
        }
    }
}

/// A parameter of a kernel.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// The name, the same in all languages.
    pub name: &'static str,
    /// The type.
    pub kind: Kind,
    /// The default; without one the parameter may be absent (or is required, where `doc` says so).
    pub default: Option<Literal>,
    /// One sentence with range and unit.
    pub doc: &'static str,
}

/// A column of a kernel's result.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name, the same in all languages.
    pub name: &'static str,
    /// The Arrow type, or `id` for the type of the user's vertex ids.
    pub kind: &'static str,
    /// One sentence, with what null means.
    pub doc: &'static str,
}

/// A kernel: what the boundary, the bindings, the documentation and the tests need to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    /// `graph`, `io` …
    pub family: &'static str,
    /// The name that files and functions on every floor bear.
    pub name: &'static str,
    /// The C function.
    pub function: &'static str,
    /// The contract in one sentence.
    pub summary: &'static str,
    /// Where the method was published; empty for what needs no citation.
    pub citation: &'static str,
    /// The parameters that travel as options.
    pub params: &'static [Param],
    /// The columns of the result.
    pub columns: &'static [Column],
}
