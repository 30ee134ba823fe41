//! Calls of functions of the table by name, for tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use pf_base::Result;

use super::all;
use crate::{Argument, Call, Implementation, Settings, Value};

/// Calls a function of rows; none of its arguments is known before.
pub(crate) fn call(name: &str, arguments: &[Value]) -> Result<Value> {
    run(name, arguments, |_| false)
}

/// Calls a function of rows with its scalars as literals.
pub(crate) fn call_constants(name: &str, arguments: &[Value]) -> Result<Value> {
    run(name, arguments, |value| matches!(value, Value::Scalar(_)))
}

fn run(name: &str, values: &[Value], constant: fn(&Value) -> bool) -> Result<Value> {
    let function = all().find(|f| f.name == name).expect("a function of this name");
    let argument = |(i, value): (usize, &Value)| {
        let parameter = function.parameters.get(i).or(function.parameters.last()).unwrap();
        let literal = constant(value) || parameter.constant;
        Argument {
            data_type: value.data_type().clone(),
            constant: literal.then(|| value.inner().clone()),
            adapts: false,
        }
    };
    let arguments: Vec<Argument> = values.iter().enumerate().map(argument).collect();
    let binding = (function.bind)(&arguments, Settings::default())?;
    let convert = |(value, to): (&Value, &arrow_schema::DataType)| {
        let array = if value.data_type() == to { value.inner().clone() } else { arrow_cast::cast(value.inner(), to)? };
        Ok(if matches!(value, Value::Array(_)) { Value::Array(array) } else { Value::Scalar(array) })
    };
    let values = values.iter().zip(&binding.arguments).map(convert).collect::<Result<Vec<Value>>>()?;
    let rows = values.iter().find(|v| matches!(v, Value::Array(_))).map_or(1, |v| v.inner().len());
    let Implementation::Scalar(make) = function.implementation else { panic!("{name} is no function of rows") };
    let kernel = make(&Call { arguments: &arguments, result: &binding.result, settings: Settings::default() })?;
    let result = kernel(&values, rows)?;
    assert_eq!(*result.data_type(), binding.result, "{name}");
    assert_eq!(result.inner().len(), if matches!(result, Value::Array(_)) { rows } else { 1 }, "{name}");
    Ok(result)
}
