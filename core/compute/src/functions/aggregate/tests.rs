//! What all aggregates are tested with: cut the rows anywhere, merge, and compare with a slow reference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::any::Any;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, new_null_array};
use arrow_schema::DataType;
use pf_base::{Context, Result};

use super::FUNCTIONS;
use crate::{Argument, Call, Function, Implementation, Settings, Value};

/// An argument of a test: a column, or a literal.
#[derive(Clone)]
pub(super) enum Given {
    Column(ArrayRef),
    Literal(ArrayRef),
}

pub(super) fn find(name: &str) -> &'static Function {
    FUNCTIONS.iter().find(|f| f.name == name).unwrap()
}

/// The result over the rows cut before each of `cuts`, in columns of the types that `bind` asks for.
pub(super) fn run(name: &str, given: &[Given], cuts: &[usize], ctx: &Context, settings: Settings) -> Result<ArrayRef> {
    let function = find(name);
    let as_argument = |given: &Given| match given {
        Given::Column(array) => Argument { data_type: array.data_type().clone(), constant: None, adapts: false },
        Given::Literal(array) => {
            Argument { data_type: array.data_type().clone(), constant: Some(array.clone()), adapts: true }
        }
    };
    let mut arguments: Vec<Argument> = given.iter().map(as_argument).collect();
    let binding = (function.bind)(&arguments, settings)?;
    let convert = |array: &ArrayRef, to: &DataType| arrow_cast::cast(array, to).unwrap();
    let given: Vec<Given> = given
        .iter()
        .zip(&binding.arguments)
        .map(|(given, to)| match given {
            Given::Column(array) => Given::Column(convert(array, to)),
            Given::Literal(array) => Given::Literal(convert(array, to)),
        })
        .collect();
    for (argument, (given, to)) in arguments.iter_mut().zip(given.iter().zip(&binding.arguments)) {
        argument.data_type = to.clone();
        if let Given::Literal(array) = given {
            argument.constant = Some(array.clone());
        }
    }
    let rows = given.iter().find_map(|g| match g {
        Given::Column(array) => Some(array.len()),
        Given::Literal(_) => None,
    });
    let rows = rows.unwrap_or(1);
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (rows + 1)).collect();
    ends.extend([0, rows]);
    ends.sort_unstable();
    let call = Call { arguments: &arguments, result: &binding.result, settings };
    let values = |from: usize, to: usize| -> Vec<Value> {
        let value = |given: &Given| match given {
            Given::Column(array) => Value::Array(array.slice(from, to - from)),
            Given::Literal(array) => Value::Scalar(array.clone()),
        };
        given.iter().map(value).collect()
    };
    let result = match function.implementation {
        Implementation::Aggregate(make) => {
            let aggregate = make(&call)?;
            let states = ctx.map(ends.len() - 1, |i| {
                let mut state = aggregate.start();
                // In two updates, as blocks come.
                let middle = ends[i].midpoint(ends[i + 1]);
                state.update(&values(ends[i], middle), middle - ends[i])?;
                state.update(&values(middle, ends[i + 1]), ends[i + 1] - middle)?;
                Ok(state)
            })?;
            let mut states = states.into_iter();
            let mut all = states.next().unwrap();
            for state in states {
                let state: Box<dyn Any> = state;
                all.merge(state)?;
            }
            all.finish()?
        }
        Implementation::Holistic(make) => {
            let mut all = make(&call)?;
            let pieces: Vec<Vec<ArrayRef>> = ends
                .windows(2)
                .map(|end| {
                    let rows = end[1] - end[0];
                    values(end[0], end[1]).into_iter().map(|v| v.into_array(rows).unwrap()).collect()
                })
                .collect();
            for pieces in pieces.chunks(3) {
                all.update(pieces, ctx)?;
            }
            all.finish(ctx)?
        }
        _ => panic!("no aggregate"),
    };
    assert_eq!((result.len(), result.data_type()), (1, &binding.result), "{name}");
    Ok(result)
}

/// The result over one column.
pub(super) fn over(name: &str, column: &ArrayRef) -> ArrayRef {
    run(name, &[Given::Column(column.clone())], &[], &Context::default().with_threads(1), Settings::default()).unwrap()
}

/// The result as a double; none for null.
pub(super) fn double(name: &str, column: &ArrayRef) -> Option<f64> {
    let result = over(name, column);
    result.as_primitive::<Float64Type>().iter().next().unwrap()
}

pub(super) fn literal(value: i64) -> Given {
    Given::Literal(Arc::new(Int64Array::from(vec![value])))
}

#[test]
fn nothing_gives_null_and_counts_zero() {
    let empty: ArrayRef = Arc::new(Float64Array::from(Vec::<f64>::new()));
    let nulls = new_null_array(&DataType::Float64, 70);
    for function in FUNCTIONS {
        let mut given = Vec::new();
        for parameter in function.parameters.iter().filter(|p| p.default.is_none() || p.name == "x") {
            given.push(match parameter.name {
                "q" => Given::Literal(Arc::new(Float64Array::from(vec![0.5]))),
                _ if parameter.accepts == "bool" => Given::Column(new_null_array(&DataType::Boolean, 0)),
                _ => Given::Column(empty.clone()),
            });
        }
        for rows in [&empty, &nulls] {
            for given in &mut given {
                if let Given::Column(array) = given {
                    *array = new_null_array(array.data_type(), rows.len());
                }
            }
            let ctx = Context::default().with_threads(1);
            let Ok(result) = run(function.name, &given, &[3], &ctx, Settings::default()) else {
                assert!(function.parameters.len() > given.len(), "{}", function.name);
                continue;
            };
            if function.name.contains("count") {
                let expected = if function.name == "count_null" { rows.len() } else { 0 };
                assert_eq!(result.as_primitive::<arrow_array::types::Int64Type>().value(0), expected as i64);
            } else {
                assert!(result.is_null(0), "{}", function.name);
            }
        }
    }
}

#[test]
fn medians_of_values_far_apart() {
    let median = |values: [f64; 2]| {
        let given = [Given::Column(Arc::new(Float64Array::from(values.to_vec())))];
        let ctx = Context::default().with_threads(1);
        let made = run("median", &given, &[], &ctx, Settings::default()).unwrap();
        made.as_primitive::<arrow_array::types::Float64Type>().value(0)
    };
    assert_eq!(median([-1.7e308, 1.7e308]), 0.0);
    assert_eq!(median([f64::MAX, f64::MAX]), f64::MAX);
    assert_eq!(median([1.0, f64::INFINITY]), f64::INFINITY);
    assert_eq!(median([f64::NEG_INFINITY, 1.0]), f64::NEG_INFINITY);
    assert!(median([f64::NEG_INFINITY, f64::INFINITY]).is_nan());
}

#[path = "properties.rs"]
mod properties;
