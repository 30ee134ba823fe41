//! Truth values: the connectives, and what asks for null, true and false.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray};
use arrow_buffer::BooleanBuffer;
use pf_base::{Error, Result};

use crate::types::{bind_any_to_boolean, bind_booleans};
use crate::{Call, Function, Implementation, Parameter, ScalarKernel, Special, Value};

const BOOLEAN: &[Parameter] = &[Parameter::new("x", "boolean")];

const ANY: &[Parameter] = &[Parameter::new("x", "any type")];

/// The rows of this family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "and",
        aliases: &[],
        family: "logic",
        syntax: "a AND b",
        parameters: &[Parameter::many("x", "boolean")],
        doc: "True where all are true, false where one is false, else null. An argument that a row does not need \
              raises nothing for that row.",
        examples: &[("TRUE AND FALSE", "FALSE"), ("NULL AND FALSE", "FALSE"), ("NULL AND TRUE", "NULL")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Special(Special::And),
    },
    Function {
        name: "or",
        aliases: &[],
        family: "logic",
        syntax: "a OR b",
        parameters: &[Parameter::many("x", "boolean")],
        doc: "True where one is true, false where all are false, else null. An argument that a row does not need \
              raises nothing for that row.",
        examples: &[("TRUE OR FALSE", "TRUE"), ("NULL OR TRUE", "TRUE"), ("NULL OR FALSE", "NULL")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Special(Special::Or),
    },
    Function {
        name: "not",
        aliases: &[],
        family: "logic",
        syntax: "NOT a",
        parameters: BOOLEAN,
        doc: "True where the argument is false, false where it is true, null where it is null.",
        examples: &[("NOT TRUE", "FALSE"), ("NOT FALSE", "TRUE"), ("NOT NULL", "NULL")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Scalar(not),
    },
    Function {
        name: "is_null",
        aliases: &[],
        family: "logic",
        syntax: "a IS NULL",
        parameters: ANY,
        doc: "True where the argument is null, else false. `a IS UNKNOWN` is the same.",
        examples: &[("NULL IS NULL", "TRUE"), ("1 IS NULL", "FALSE")],
        bind: |arguments, _| bind_any_to_boolean(arguments),
        implementation: Implementation::Scalar(|_| presence(false)),
    },
    Function {
        name: "is_not_null",
        aliases: &[],
        family: "logic",
        syntax: "a IS NOT NULL",
        parameters: ANY,
        doc: "False where the argument is null, else true.",
        examples: &[("NULL IS NOT NULL", "FALSE"), ("1 IS NOT NULL", "TRUE")],
        bind: |arguments, _| bind_any_to_boolean(arguments),
        implementation: Implementation::Scalar(|_| presence(true)),
    },
    Function {
        name: "is_true",
        aliases: &[],
        family: "logic",
        syntax: "a IS TRUE",
        parameters: BOOLEAN,
        doc: "True where the argument is true, else false: never null.",
        examples: &[("TRUE IS TRUE", "TRUE"), ("NULL IS TRUE", "FALSE")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Scalar(|_| test(true, false)),
    },
    Function {
        name: "is_not_true",
        aliases: &[],
        family: "logic",
        syntax: "a IS NOT TRUE",
        parameters: BOOLEAN,
        doc: "False where the argument is true, else true: never null.",
        examples: &[("TRUE IS NOT TRUE", "FALSE"), ("NULL IS NOT TRUE", "TRUE")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Scalar(|_| test(true, true)),
    },
    Function {
        name: "is_false",
        aliases: &[],
        family: "logic",
        syntax: "a IS FALSE",
        parameters: BOOLEAN,
        doc: "True where the argument is false, else false: never null.",
        examples: &[("FALSE IS FALSE", "TRUE"), ("NULL IS FALSE", "FALSE")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Scalar(|_| test(false, false)),
    },
    Function {
        name: "is_not_false",
        aliases: &[],
        family: "logic",
        syntax: "a IS NOT FALSE",
        parameters: BOOLEAN,
        doc: "False where the argument is false, else true: never null.",
        examples: &[("FALSE IS NOT FALSE", "FALSE"), ("NULL IS NOT FALSE", "TRUE")],
        bind: |arguments, _| bind_booleans(arguments),
        implementation: Implementation::Scalar(|_| test(false, true)),
    },
];

fn only(arguments: &[Value]) -> Result<&Value> {
    arguments.first().ok_or_else(|| Error::internal("an argument is missing"))
}

fn booleans(value: &Value) -> Result<&BooleanArray> {
    let array = value.inner();
    array.as_boolean_opt().ok_or_else(|| Error::internal(format!("{} is not boolean", array.data_type())))
}

/// A value per row, or one, as the argument is.
fn like(argument: &Value, array: BooleanArray) -> Value {
    match argument {
        Value::Array(_) => Value::Array(Arc::new(array)),
        Value::Scalar(_) => Value::Scalar(Arc::new(array)),
    }
}

fn not(_: &Call<'_>) -> Result<ScalarKernel> {
    Ok(Box::new(|arguments, _| {
        let x = booleans(only(arguments)?)?;
        Ok(like(&arguments[0], BooleanArray::new(!x.values(), x.nulls().cloned())))
    }))
}

/// Whether there is a value (`present`) or none.
#[allow(clippy::unnecessary_wraps, reason = "kernels are made so")]
fn presence(present: bool) -> Result<ScalarKernel> {
    Ok(Box::new(move |arguments, _| {
        let array = only(arguments)?.inner();
        let values = match array.logical_nulls().filter(|n| n.null_count() > 0) {
            None if present => BooleanBuffer::new_set(array.len()),
            None => BooleanBuffer::new_unset(array.len()),
            Some(nulls) if present => nulls.into_inner(),
            Some(nulls) => !nulls.inner(),
        };
        Ok(like(&arguments[0], BooleanArray::new(values, None)))
    }))
}

/// Whether the argument is `wanted`, or with `negated` whether it is anything else.
#[allow(clippy::unnecessary_wraps, reason = "kernels are made so")]
fn test(wanted: bool, negated: bool) -> Result<ScalarKernel> {
    Ok(Box::new(move |arguments, _| {
        let x = booleans(only(arguments)?)?;
        let mut values = if wanted { x.values().clone() } else { !x.values() };
        if let Some(nulls) = x.nulls().filter(|n| n.null_count() > 0) {
            values = &values & nulls.inner();
        }
        if negated {
            values = !&values;
        }
        Ok(like(&arguments[0], BooleanArray::new(values, None)))
    }))
}
