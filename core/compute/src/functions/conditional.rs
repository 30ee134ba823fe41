//! One value or another, as conditions, nulls and order say.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray};
use arrow_buffer::BooleanBuffer;
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::select::select;
use crate::types::{Accepts, bind_common, common, is_ordered, refuse};
use crate::{Argument, Binding, Call, Function, Implementation, Parameter, ScalarKernel, Special, Value};

const VALUES: &[Parameter] = &[Parameter::many("x", "any type")];

/// The rows of this family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "case",
        aliases: &[],
        family: "conditional",
        syntax: "CASE WHEN condition THEN value … ELSE value END",
        parameters: &[
            Parameter::new("condition", "boolean"),
            Parameter::new("value", "any type"),
            Parameter::many("more", "boolean and value by turns, and the value for all other rows"),
        ],
        doc: "The value after the first condition that is true, else the last value. A value or condition that a row \
              does not need raises nothing for that row.",
        examples: &[
            ("CASE WHEN FALSE THEN 1 WHEN TRUE THEN 2 ELSE 3 END", "2"),
            ("CASE WHEN NULL THEN 1 ELSE 3 END", "3"),
            ("CASE WHEN FALSE THEN 1 END", "NULL"),
        ],
        bind: |arguments, _| bind_case(arguments),
        implementation: Implementation::Special(Special::Case),
    },
    Function {
        name: "if",
        aliases: &["iff"],
        family: "conditional",
        syntax: "",
        parameters: &[
            Parameter::new("condition", "boolean"),
            Parameter::new("value", "any type"),
            Parameter::new("otherwise", "any type"),
        ],
        doc: "The second argument where the condition is true, else the third. A value that a row does not need raises \
              nothing for that row.",
        examples: &[("if(TRUE, 1, 2)", "1"), ("if(NULL, 1, 2)", "2")],
        bind: |arguments, _| bind_case(arguments),
        implementation: Implementation::Special(Special::Case),
    },
    Function {
        name: "coalesce",
        aliases: &["ifnull", "nvl", "fill_null"],
        family: "conditional",
        syntax: "",
        parameters: VALUES,
        doc: "The first argument that is not null; null where all are. An argument that a row does not need raises \
              nothing for that row.",
        examples: &[("coalesce(NULL, 2, 3)", "2"), ("coalesce(1, 2)", "1"), ("coalesce(NULL, NULL)", "NULL")],
        bind: |arguments, _| bind_common(arguments),
        implementation: Implementation::Special(Special::Coalesce),
    },
    Function {
        name: "nullif",
        aliases: &[],
        family: "conditional",
        syntax: "",
        parameters: &[Parameter::new("x", "any type with an order"), Parameter::new("y", "any type with an order")],
        doc: "Null where both are equal, else the first argument. NaN equals nothing.",
        examples: &[("nullif(1, 1)", "NULL"), ("nullif(1, 2)", "1"), ("nullif(1, NULL)", "1")],
        bind: |arguments, _| bind_ordered(arguments),
        implementation: Implementation::Scalar(nullif),
    },
    Function {
        name: "greatest",
        aliases: &[],
        family: "conditional",
        syntax: "",
        parameters: &[Parameter::many("x", "any type with an order")],
        doc: "The greatest argument. Nulls and NaN are skipped: null where all are null, NaN where all others are \
              null.",
        examples: &[("greatest(1, 3, 2)", "3"), ("greatest(1, NULL)", "1"), ("greatest('a', 'b')", "'b'")],
        bind: |arguments, _| bind_ordered(arguments),
        implementation: Implementation::Scalar(|call| extreme(call, true)),
    },
    Function {
        name: "least",
        aliases: &[],
        family: "conditional",
        syntax: "",
        parameters: &[Parameter::many("x", "any type with an order")],
        doc: "The least argument. Nulls and NaN are skipped: null where all are null, NaN where all others are null.",
        examples: &[("least(1, 3, 2)", "1"), ("least(1, NULL)", "1"), ("least('a', 'b')", "'a'")],
        bind: |arguments, _| bind_ordered(arguments),
        implementation: Implementation::Scalar(|call| extreme(call, false)),
    },
];

fn bind_case(arguments: &[Argument]) -> Result<Binding> {
    let takes = "condition and value by turns, and a last value";
    let [branches @ .., last] = arguments else { return Err(refuse(arguments, takes)) };
    if branches.is_empty() || branches.len() % 2 != 0 {
        return Err(refuse(arguments, takes));
    }
    let mut values: Vec<Argument> = branches.iter().skip(1).step_by(2).cloned().collect();
    values.push(last.clone());
    if let Some(other) = branches.iter().step_by(2).find(|c| Accepts::Boolean.convert(c).is_none()) {
        return Err(refuse(std::slice::from_ref(other), "a boolean as condition"));
    }
    let result = bind_common(&values)?.result;
    let mut types: Vec<DataType> = branches.chunks_exact(2).flat_map(|_| [DataType::Boolean, result.clone()]).collect();
    types.push(result.clone());
    Ok(Binding { arguments: types, result })
}

fn bind_ordered(arguments: &[Argument]) -> Result<Binding> {
    let to = common(arguments).filter(is_ordered);
    let to =
        to.ok_or_else(|| refuse(arguments, "values of one type with an order, or of types that convert to one"))?;
    Ok(Binding { arguments: vec![to.clone(); arguments.len()], result: to })
}

/// Calls `f` with the values of two arguments of a float type, as float64.
fn floats(a: &Value, b: &Value, f: impl Fn(f64, f64) -> bool) -> Option<BooleanBuffer> {
    fn of<T: ArrowPrimitiveType>(
        a: &Value,
        b: &Value,
        to: impl Fn(T::Native) -> f64,
        f: impl Fn(f64, f64) -> bool,
    ) -> BooleanBuffer {
        let (x, y) = (a.inner().as_primitive::<T>().values(), b.inner().as_primitive::<T>().values());
        let rows = if matches!(a, Value::Scalar(_)) { y.len() } else { x.len() };
        let at = |value: &Value, i| if matches!(value, Value::Scalar(_)) { 0 } else { i };
        BooleanBuffer::collect_bool(rows, |i| f(to(x[at(a, i)]), to(y[at(b, i)])))
    }
    Some(match a.data_type() {
        DataType::Float16 => of::<Float16Type>(a, b, f64::from, f),
        DataType::Float32 => of::<Float32Type>(a, b, f64::from, f),
        DataType::Float64 => of::<Float64Type>(a, b, |v| v, f),
        _ => return None,
    })
}

/// Both as long as the longer; two scalars stay one row.
fn rows_of(values: &[Value], rows: usize) -> usize {
    if values.iter().all(|v| matches!(v, Value::Scalar(_))) { 1 } else { rows }
}

fn finish(values: &[Value], array: ArrayRef) -> Value {
    if values.iter().all(|v| matches!(v, Value::Scalar(_))) { Value::Scalar(array) } else { Value::Array(array) }
}

fn nullif(_: &Call<'_>) -> Result<ScalarKernel> {
    Ok(Box::new(|arguments, rows| {
        let [a, b] = arguments else { return Err(Error::internal("nullif takes two arguments")) };
        if a.data_type().is_null() {
            return Ok(a.clone());
        }
        let equal = match floats(a, b, |x, y| x == y) {
            Some(equal) => {
                let known = known(b, equal.len());
                &equal & &known
            }
            None => {
                let equal = arrow_ord::cmp::eq(a, b)?;
                match equal.nulls() {
                    Some(nulls) => equal.values() & nulls.inner(),
                    None => equal.values().clone(),
                }
            }
        };
        let array = a.clone().into_array(rows_of(arguments, rows))?;
        let array = arrow_select::nullif::nullif(&array, &BooleanArray::new(equal, None))?;
        Ok(finish(arguments, array))
    }))
}

/// The rows that are not null.
fn known(value: &Value, rows: usize) -> BooleanBuffer {
    let array = value.inner();
    match value {
        Value::Scalar(_) if array.is_null(0) => BooleanBuffer::new_unset(rows),
        Value::Array(_) => array.nulls().map_or_else(|| BooleanBuffer::new_set(rows), |n| n.inner().clone()),
        Value::Scalar(_) => BooleanBuffer::new_set(rows),
    }
}

#[allow(clippy::unnecessary_wraps, reason = "kernels are made so")]
fn extreme(call: &Call<'_>, greatest: bool) -> Result<ScalarKernel> {
    let result = call.result.clone();
    Ok(Box::new(move |arguments, rows| {
        let [first, rest @ ..] = arguments else { return Err(Error::internal("an argument is missing")) };
        if result.is_null() {
            return Ok(first.clone());
        }
        rest.iter().try_fold(first.clone(), |best, next| {
            let pair = [best, next.clone()];
            let [best, next] = &pair;
            let n = rows_of(&pair, rows);
            // An order of numbers: NaN loses against all of them, -0.0 is less than 0.0.
            let wins = |x: f64, y: f64| {
                let order = if greatest { x.total_cmp(&y).is_ge() } else { x.total_cmp(&y).is_le() };
                y.is_nan() || (!x.is_nan() && order)
            };
            let wins = match floats(best, next, wins) {
                Some(wins) => wins,
                None if greatest => arrow_ord::cmp::gt_eq(best, next)?.values().clone(),
                None => arrow_ord::cmp::lt_eq(best, next)?.values().clone(),
            };
            let (mine, other) = (known(best, n), known(next, n));
            let keep = &mine & &(&wins | &!&other);
            Ok(finish(&pair, select(&keep, best, next, &result)?))
        })
    }))
}
