//! Literals as arrays of one row.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, NullArray, StringArray, UInt64Array,
    new_null_array,
};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::{Checked, place};
use crate::types;
use crate::{Expr, ExprKind, Literal, Position, Typed, TypedKind, Value};

/// An array of one row as a part of the tree.
pub(super) fn of(array: ArrayRef, at: Position) -> Typed {
    let (data_type, nullable) = (array.data_type().clone(), array.is_nullable() || array.data_type().is_null());
    Typed { kind: TypedKind::Literal(array), data_type, nullable, at }
}

/// `NULL`.
pub(super) fn null(at: Position) -> Checked {
    of(Arc::new(NullArray::new(1)), at).into()
}

/// A literal in the type that it has when nothing stands beside it.
#[inline(never)]
pub(super) fn typed(literal: &Literal, negative: bool, at: Position) -> Result<Checked> {
    let array: ArrayRef = match literal {
        Literal::Null => return Ok(null(at)),
        Literal::Boolean(value) => Arc::new(BooleanArray::from(vec![*value])),
        Literal::String(text) => Arc::new(StringArray::from(vec![text.as_str()])),
        Literal::Typed(array) if array.len() == 1 => array.clone(),
        Literal::Typed(array) => {
            return Err(Error::invalid_argument(format!("a literal of {} rows{}", array.len(), place(at))));
        }
        Literal::Number(text) => {
            let text = if negative { format!("-{text}") } else { text.clone() };
            let array = number(&text)
                .ok_or_else(|| Error::invalid_argument(format!("'{text}'{} is not a number of float64", place(at))))?;
            return Ok(Checked { typed: of(array, at), number: Some(text) });
        }
    };
    if !types::is_known(array.data_type()) {
        return Err(Error::wrong_type(format!("a literal of type {}{}", array.data_type(), place(at))));
    }
    Ok(of(array, at).into())
}

/// The smallest of int64, uint64 and decimal128(38, 0) for an integer; float64 for the rest.
fn number(text: &str) -> Option<ArrayRef> {
    if let Ok(value) = text.parse::<i64>() {
        return Some(Arc::new(Int64Array::from(vec![value])));
    }
    if let Ok(value) = text.parse::<u64>() {
        return Some(Arc::new(UInt64Array::from(vec![value])));
    }
    if let Ok(value) = text.parse::<i128>()
        && value.unsigned_abs() < 10_u128.pow(38)
    {
        let array = Decimal128Array::from(vec![value]).with_precision_and_scale(38, 0).ok()?;
        return Some(Arc::new(array));
    }
    // Only digits make a number: "inf" and "nan" are names.
    let value = text.parse::<f64>().ok().filter(|v| v.is_finite() && text.contains(|c: char| c.is_ascii_digit()))?;
    Some(Arc::new(Float64Array::from(vec![value])))
}

/// The number after a minus: a minus before a literal number is its sign, so that the least integer can be written.
fn negated(expr: &Expr) -> Option<&Literal> {
    let ExprKind::Call { name, arguments, named, distinct: false, filter: None } = &expr.kind else { return None };
    match arguments.as_slice() {
        [Expr { kind: ExprKind::Literal(number @ Literal::Number(_)), .. }] if name == "neg" && named.is_empty() => {
            Some(number)
        }
        _ => None,
    }
}

/// Whether it is a literal number with a minus.
pub(super) fn is_negative(expr: &Expr) -> bool {
    negated(expr).is_some()
}

/// A literal number with a minus.
pub(super) fn negative(expr: &Expr) -> Result<Checked> {
    let number = negated(expr).ok_or_else(|| Error::internal("a number was expected"))?;
    typed(number, true, expr.at)
}

/// A literal in another type, read from its text where it is a number.
pub(super) fn convert(array: &ArrayRef, number: Option<&str>, to: &DataType, try_cast: bool) -> Result<ArrayRef> {
    if array.data_type().is_null() || array.is_null(0) {
        return Ok(new_null_array(to, 1));
    }
    let from = match number {
        // The digits that float64 has no room for count.
        Some(text) if types::is_decimal(to) => Arc::new(StringArray::from(vec![text])),
        _ => array.clone(),
    };
    Ok(crate::cast::cast(&Value::Scalar(from), to, try_cast)?.inner().clone())
}

/// The literal that is the default of a parameter; none where the text is no literal.
pub(crate) fn default_literal(text: &str) -> Option<Checked> {
    let at = Position::default();
    let literal = match text {
        "NULL" => Literal::Null,
        "TRUE" => Literal::Boolean(true),
        "FALSE" => Literal::Boolean(false),
        _ => match text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
            Some(inner) => Literal::String(inner.replace("''", "'")),
            None => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                return typed(&Literal::Number(digits.to_owned()), digits != text, at).ok();
            }
        },
    };
    typed(&literal, false, at).ok()
}

/// [`default_literal`] as a function sees it.
#[cfg(test)]
pub(crate) fn default_argument(text: &str) -> Option<crate::Argument> {
    let Checked { typed, number } = default_literal(text)?;
    let TypedKind::Literal(array) = typed.kind else { return None };
    Some(crate::Argument { data_type: typed.data_type, constant: Some(array), adapts: number.is_some() })
}
