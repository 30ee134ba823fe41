//! The tree of kernels that an expression becomes.

use std::fmt;

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::{column, lazy};
use crate::{
    Argument, Call, Implementation, NanPolicy, ScalarKernel, Settings, Special, Typed, TypedKind, Value, cast, types,
};

/// Some rows of columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) columns: &'a [ArrayRef],
    pub(crate) start: usize,
    pub(crate) len: usize,
}

/// A part of an expression, ready to be computed.
pub(crate) enum Node {
    Column { index: usize, fields: Vec<usize>, nan_is_null: bool },
    Literal(ArrayRef),
    Kernel { name: &'static str, kernel: ScalarKernel, arguments: Vec<Node>, result: DataType },
    Special { special: Special, arguments: Vec<Node>, result: DataType },
    Cast { value: Box<Node>, to: DataType, try_cast: bool },
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Column { index, fields, .. } => write!(f, "column {index} {fields:?}"),
            Node::Literal(value) => write!(f, "literal {value:?}"),
            Node::Kernel { name, arguments, .. } => write!(f, "{name} {arguments:?}"),
            Node::Special { special, arguments, .. } => write!(f, "{special:?} {arguments:?}"),
            Node::Cast { value, to, .. } => write!(f, "cast {value:?} {to}"),
        }
    }
}

impl Node {
    /// Makes the kernels. Columns from `inputs` on are results, in which NaN is a value.
    pub(crate) fn new(expr: &Typed, settings: Settings, inputs: usize) -> Result<Self> {
        Ok(match &expr.kind {
            TypedKind::Column(path) => {
                let (index, fields) = path.split_first().ok_or_else(|| Error::internal("a column has no position"))?;
                let nan_is_null =
                    settings.nan == NanPolicy::Null && *index < inputs && types::is_float(&expr.data_type);
                Node::Column { index: *index, fields: fields.to_vec(), nan_is_null }
            }
            TypedKind::Literal(value) if value.len() == 1 => Node::Literal(value.clone()),
            TypedKind::Literal(value) => {
                return Err(Error::internal(format!("a literal has {} values", value.len())));
            }
            TypedKind::Cast { value, try_cast } => Node::Cast {
                value: Box::new(Self::new(value, settings, inputs)?),
                to: expr.data_type.clone(),
                try_cast: *try_cast,
            },
            TypedKind::Call { function, arguments, .. } => {
                let nodes = arguments.iter().map(|a| Self::new(a, settings, inputs)).collect::<Result<Vec<_>>>()?;
                let result = expr.data_type.clone();
                match function.implementation {
                    Implementation::Scalar(make) => {
                        let facts: Vec<Argument> = arguments.iter().map(argument).collect();
                        let kernel = make(&Call { arguments: &facts, result: &result, settings })?;
                        Node::Kernel { name: function.name, kernel, arguments: nodes, result }
                    }
                    Implementation::Special(special) => Node::Special { special, arguments: nodes, result },
                    Implementation::Aggregate(_) | Implementation::Holistic(_) | Implementation::Window(_) => {
                        let what = format!("{} at {} needs all rows", function.name, expr.at);
                        return Err(Error::unsupported(what));
                    }
                }
            }
        })
    }

    /// The value on some rows.
    pub(crate) fn value(&self, rows: &Rows<'_>) -> Result<Value> {
        match self {
            Node::Column { index, fields, nan_is_null } => {
                column::read(rows, *index, fields, *nan_is_null).map(Value::Array)
            }
            Node::Literal(value) => Ok(Value::Scalar(value.clone())),
            Node::Kernel { name, kernel, arguments, result } => {
                let arguments = arguments.iter().map(|a| a.value(rows)).collect::<Result<Vec<_>>>()?;
                checked(kernel(&arguments, rows.len)?, name, result, rows.len)
            }
            Node::Special { special, arguments, result } => lazy::value(*special, arguments, result, rows),
            Node::Cast { value, to, try_cast } => {
                checked(cast(&value.value(rows)?, to, *try_cast)?, "cast", to, rows.len)
            }
        }
    }

    /// The column itself, where the expression is no more than that.
    pub(crate) fn bare(&self, columns: &[ArrayRef], rows: usize) -> Option<ArrayRef> {
        match self {
            Node::Column { index, fields, nan_is_null: false } if fields.is_empty() => {
                columns.get(*index).filter(|c| c.len() == rows).cloned()
            }
            _ => None,
        }
    }

    /// The type of its values.
    pub(crate) fn data_type<'a>(&'a self, columns: &'a [ArrayRef]) -> Result<&'a DataType> {
        match self {
            Node::Column { index, fields, .. } => column::data_type(columns, *index, fields),
            Node::Literal(value) => Ok(value.data_type()),
            Node::Kernel { result, .. } | Node::Special { result, .. } => Ok(result),
            Node::Cast { to, .. } => Ok(to),
        }
    }

    /// Adds the positions of the columns that are read.
    pub(crate) fn columns(&self, out: &mut Vec<usize>) {
        match self {
            Node::Column { index, .. } if !out.contains(index) => out.push(*index),
            Node::Column { .. } | Node::Literal(_) => {}
            Node::Kernel { arguments, .. } | Node::Special { arguments, .. } => {
                arguments.iter().for_each(|a| a.columns(out));
            }
            Node::Cast { value, .. } => value.columns(out),
        }
    }
}

/// What is known of an argument before any row is seen.
pub(crate) fn argument(expr: &Typed) -> Argument {
    let constant = match &expr.kind {
        TypedKind::Literal(value) => Some(value.clone()),
        _ => None,
    };
    Argument { data_type: expr.data_type.clone(), constant, adapts: false }
}

/// A result, if it is what the function promised: what follows relies on its type and length.
#[inline]
fn checked(value: Value, name: &str, result: &DataType, rows: usize) -> Result<Value> {
    let len = value.inner().len();
    let expected = if matches!(value, Value::Scalar(_)) { 1 } else { rows };
    if value.data_type() == result && len == expected {
        return Ok(value);
    }
    Err(Error::internal(format!("{name} gave {len} values of {} for {expected} of {result}", value.data_type())))
}
