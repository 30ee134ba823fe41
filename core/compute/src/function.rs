//! What a function is: a row of the table in [`functions`](crate::functions).

use std::any::Any;
use std::fmt;

use arrow_array::ArrayRef;
use arrow_schema::DataType;
use pf_base::{Context, Error, Result};

use crate::{Settings, Value};

/// A function or operator of the language.
#[derive(Debug)]
pub struct Function {
    /// The name that the tree, the bindings and the documentation use.
    pub name: &'static str,
    /// Other names for it in text, as other dialects have them.
    pub aliases: &'static [&'static str],
    /// The section of the documentation: "arithmetic", "comparison", "logic", "conditional", "numeric", "string",
    /// "temporal", "conversion", "aggregate", "window".
    pub family: &'static str,
    /// How it is written, where that is not `name(parameters)`: "a + b", "a IS NULL".
    pub syntax: &'static str,
    /// The parameters. Where the last one repeats, any number of arguments may follow.
    pub parameters: &'static [Parameter],
    /// The contract in one sentence, then what null, NaN and the edges give, and what it fails with.
    pub doc: &'static str,
    /// Expressions without columns and what they give, as literals of the language: a test evaluates them.
    pub examples: &'static [(&'static str, &'static str)],
    /// The types that arguments of these types are converted to, and the type of the result. Arguments are as many as
    /// in [`Typed`](crate::Typed). An error's message says which types are accepted; the caller adds name and place.
    pub bind: fn(&[Argument], Settings) -> Result<Binding>,
    /// What computes it.
    pub implementation: Implementation,
}

impl Function {
    /// Whether argument `i` must be a literal. Whole columns of such an argument have one row.
    pub(crate) fn is_constant(&self, i: usize) -> bool {
        let parameter = self.parameters.get(i).or_else(|| self.parameters.last().filter(|p| p.repeats));
        parameter.is_some_and(|p| p.constant)
    }
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name, for `name => value` and for the documentation.
    pub name: &'static str,
    /// The types that are accepted, for people: "number", "string".
    pub accepts: &'static str,
    /// The default as text of the language; without one the argument is required.
    pub default: Option<&'static str>,
    /// The argument must be a literal.
    pub constant: bool,
    /// Any number of arguments, at least one.
    pub repeats: bool,
}

impl Parameter {
    /// A required argument.
    pub const fn new(name: &'static str, accepts: &'static str) -> Self {
        Self { name, accepts, default: None, constant: false, repeats: false }
    }

    /// A literal with a default.
    pub const fn option(name: &'static str, accepts: &'static str, default: &'static str) -> Self {
        Self { name, accepts, default: Some(default), constant: true, repeats: false }
    }

    /// A required literal.
    pub const fn literal(name: &'static str, accepts: &'static str) -> Self {
        Self { name, accepts, default: None, constant: true, repeats: false }
    }

    /// Any number of arguments, at least one.
    pub const fn many(name: &'static str, accepts: &'static str) -> Self {
        Self { name, accepts, default: None, constant: false, repeats: true }
    }
}

/// An argument, as far as it is known before any row is seen.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its type; [`DataType::Null`] for the literal `NULL`.
    pub data_type: DataType,
    /// Its value as an array of one row, where it is a literal.
    pub constant: Option<ArrayRef>,
    /// A literal number: its type follows what stands beside it.
    pub adapts: bool,
}

/// What a function makes of the types of its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The types that the arguments are converted to, one each.
    pub arguments: Vec<DataType>,
    /// The type of the result.
    pub result: DataType,
}

/// A call that is about to be computed: arguments are converted.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The arguments.
    pub arguments: &'a [Argument],
    /// The type that [`Function::bind`] gave the result.
    pub result: &'a DataType,
    /// What holds for the whole expression.
    pub settings: Settings,
}

impl Call<'_> {
    /// The value of a literal argument.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) where it is no literal.
    pub fn constant(&self, i: usize) -> Result<&ArrayRef> {
        let value = self.arguments.get(i).and_then(|a| a.constant.as_ref());
        value.ok_or_else(|| Error::invalid_argument(format!("argument {} must be a literal", i + 1)))
    }
}

/// What computes a function. Each is made once per expression, so that patterns are compiled and literals read once.
#[derive(Clone, Copy)]
pub enum Implementation {
    /// Row by row: a block of values per argument gives a block of values.
    Scalar(fn(&Call<'_>) -> Result<ScalarKernel>),
    /// Evaluates its own arguments, and only on the rows that need them.
    Special(Special),
    /// All rows to one value, piece by piece.
    Aggregate(fn(&Call<'_>) -> Result<Box<dyn Aggregate>>),
    /// All rows to one value, all pieces at once.
    Holistic(fn(&Call<'_>) -> Result<Box<dyn Holistic>>),
    /// A value per row that depends on other rows.
    Window(fn(&Call<'_>) -> Result<WindowKernel>),
}

impl fmt::Debug for Implementation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Implementation::Scalar(_) => "Scalar",
            Implementation::Special(_) => "Special",
            Implementation::Aggregate(_) => "Aggregate",
            Implementation::Holistic(_) => "Holistic",
            Implementation::Window(_) => "Window",
        })
    }
}

/// Functions that look at their arguments one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// `AND`: what is false already needs no more.
    And,
    /// `OR`: what is true already needs no more.
    Or,
    /// `CASE`: condition, value, condition, value … and the last value for all other rows.
    Case,
    /// `COALESCE`: the first that is not null.
    Coalesce,
}

/// Values per argument, and the number of rows: the result has so many, or is a scalar. Called from several threads.
pub type ScalarKernel = Box<dyn Fn(&[Value], usize) -> Result<Value> + Send + Sync>;

/// Whole columns of equal length to a column of that length, in parallel; literals have one row. What has no arguments
/// gets a column of nulls, for its length. An argument that must be a literal has one
/// row.
pub type WindowKernel = Box<dyn Fn(&[ArrayRef], &Context) -> Result<ArrayRef> + Send + Sync>;

/// An aggregate whose state is small: pieces of rows are aggregated side by side, and merged in the order of rows.
pub trait Aggregate: Any + Send + Sync {
    /// The state before any row.
    fn start(&self) -> Box<dyn Accumulator>;
}

/// The state of an [`Aggregate`].
pub trait Accumulator: Any + Send {
    /// Takes in the next rows: a value per argument.
    ///
    /// # Errors
    /// What the aggregate fails with.
    fn update(&mut self, arguments: &[Value], rows: usize) -> Result<()>;

    /// Takes in what another state of the same aggregate saw, of rows after those that this one saw.
    ///
    /// # Errors
    /// What the aggregate fails with.
    fn merge(&mut self, later: Box<dyn Any>) -> Result<()>;

    /// The result, one row.
    ///
    /// # Errors
    /// What the aggregate fails with.
    fn finish(self: Box<Self>) -> Result<ArrayRef>;
}

/// An aggregate whose state grows with the data: it sees many pieces at a time and uses the threads itself.
pub trait Holistic: Send {
    /// Takes in the next rows: per piece, an array per argument, of one row where the argument must be a literal. What
    /// it holds is reserved from the budget.
    ///
    /// # Errors
    /// What the aggregate fails with.
    fn update(&mut self, pieces: &[Vec<ArrayRef>], ctx: &Context) -> Result<()>;

    /// The result, one row.
    ///
    /// # Errors
    /// What the aggregate fails with.
    fn finish(self: Box<Self>, ctx: &Context) -> Result<ArrayRef>;
}
