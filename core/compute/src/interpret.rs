//! A second evaluator: slow, row by row, and obviously right. It shares no kernel with the first, so that tests can
//! compare both on any expression.
//!
//! It knows literals, columns, conversions and the functions of a row but `hash` and `width_bucket`; what it does not
//! know it says. [`grammar`] makes expressions of any bytes and [`cases`] columns for them, [`agree`] compares both
//! evaluators on them.

mod agree;
mod calendar;
pub(crate) mod cases;
mod cell;
mod convert;
mod decimal;
mod function;
pub(crate) mod grammar;
mod number;
mod text;
mod time;
mod zone;

use arrow_array::ArrayRef;
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::{Implementation, NanPolicy, Settings, Special, Typed, TypedKind};
pub use agree::{Agreement, agree, agree_on};
use cell::Cell;
use convert::convert;
use function::Call;

/// The value of `expr` in one row of `columns`, as an array of one row.
///
/// # Errors
/// What the functions fail with; [`Code::Unsupported`](pf_base::Code::Unsupported) for what it does not know.
pub fn interpret(expr: &Typed, columns: &[ArrayRef], row: usize, settings: Settings) -> Result<ArrayRef> {
    if let (TypedKind::Column(path), DataType::Dictionary(..)) = (&expr.kind, &expr.data_type)
        && let Some(column) = path.first().and_then(|index| columns.get(*index))
        && cell(expr, columns, row, settings)? != Cell::Null
    {
        return Ok(column.slice(row, 1));
    }
    cell(expr, columns, row, settings)?.into_array(&expr.data_type)
}

fn cell(expr: &Typed, columns: &[ArrayRef], row: usize, settings: Settings) -> Result<Cell> {
    match &expr.kind {
        TypedKind::Literal(value) => Cell::read(value, 0),
        TypedKind::Column(path) => {
            let [index] = path.as_slice() else { return Err(Error::unsupported("fields of structs")) };
            let column = columns.get(*index).ok_or_else(|| Error::internal("there is no such column"))?;
            Ok(match Cell::read(column, row)? {
                Cell::Float(x) if x.is_nan() && settings.nan == NanPolicy::Null => Cell::Null,
                cell => cell,
            })
        }
        TypedKind::Cast { value, try_cast } => {
            let from = cell(value, columns, row, settings)?;
            match convert(from, &value.data_type, &expr.data_type) {
                Err(error) if *try_cast && error.code() != pf_base::Code::Unsupported => Ok(Cell::Null),
                other => other,
            }
        }
        TypedKind::Call { function, arguments, .. } => {
            let at = |i: usize| {
                let argument = arguments.get(i).ok_or_else(|| Error::internal("an argument is missing"))?;
                cell(argument, columns, row, settings)
            };
            match function.implementation {
                Implementation::Special(Special::And) => connective(arguments.len(), at, false),
                Implementation::Special(Special::Or) => connective(arguments.len(), at, true),
                Implementation::Special(Special::Case) => {
                    let branches = arguments.len() / 2;
                    for branch in 0..branches {
                        if at(2 * branch)? == Cell::Bool(true) {
                            return at(2 * branch + 1);
                        }
                    }
                    at(2 * branches)
                }
                Implementation::Special(Special::Coalesce) => {
                    for i in 0..arguments.len() {
                        let value = at(i)?;
                        if value != Cell::Null {
                            return Ok(value);
                        }
                    }
                    Ok(Cell::Null)
                }
                _ => {
                    let call = Call {
                        name: function.name,
                        values: (0..arguments.len()).map(at).collect::<Result<_>>()?,
                        types: arguments.iter().map(|a| &a.data_type).collect(),
                        result: &expr.data_type,
                        overflow: settings.overflow,
                    };
                    function::value(call)
                }
            }
        }
    }
}

/// `AND` where `deciding` is false, `OR` where it is true.
fn connective(count: usize, at: impl Fn(usize) -> Result<Cell>, deciding: bool) -> Result<Cell> {
    let mut unknown = false;
    for i in 0..count {
        match at(i)? {
            Cell::Bool(value) if value == deciding => return Ok(Cell::Bool(deciding)),
            Cell::Null => unknown = true,
            _ => {}
        }
    }
    Ok(if unknown { Cell::Null } else { Cell::Bool(!deciding) })
}

#[cfg(test)]
mod tests;
