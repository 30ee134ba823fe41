//! Places in the order of values, and nulls that take the value beside them.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::binning::qcut;
use crate::fill::fill_beside;
use crate::rank::{Method, rank};
use crate::types::{Accepts, always, bind, is_ordered, refuse, value_type};
use crate::{Argument, Binding, Call, Function, Implementation, Parameter, WindowKernel};

use super::{boolean, integer, required};

const LIMIT: [Parameter; 2] = [Parameter::new("x", "any type"), Parameter::option("limit", "integer", "NULL")];

/// The family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "rank",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[
            Parameter::new("x", "any type with an order"),
            Parameter::option("method", "string", "'average'"),
            Parameter::option("descending", "boolean", "FALSE"),
        ],
        doc: "The place of the row in the order of x, from 1. Equal values get the mean of their places with 'average', \
              as float64; else int64: their first place with 'min', their last with 'max', the number of different \
              values up to theirs with 'dense', places in the order of rows with 'ordinal'. Null gives null; NaN is the \
              greatest number, zeros of both signs are equal.",
        examples: &[("rank(7)", "1::double"), ("rank('a', 'min')", "1"), ("rank(NULL)", "NULL")],
        bind: |arguments, _| {
            let from = value_type(&arguments[0].data_type);
            if !is_ordered(&from) {
                return Err(refuse(arguments, "any type with an order"));
            }
            let average = method(&arguments[1])? == Method::Average;
            let result = if average { DataType::Float64 } else { DataType::Int64 };
            Ok(Binding { arguments: vec![from, DataType::Utf8, DataType::Boolean], result })
        },
        implementation: Implementation::Window(|call| {
            let (method, descending) = (method(&call.arguments[1])?, boolean(call, 2, "descending")?);
            Ok(Box::new(move |columns, ctx| rank(&columns[0], method, descending, ctx)))
        }),
    },
    Function {
        name: "forward_fill",
        aliases: &["ffill"],
        family: "window",
        syntax: "",
        parameters: &LIMIT,
        doc: "The value, or that of the last row before it that is not null, at most limit rows away. Null where there \
              is none.",
        examples: &[("forward_fill(1)", "1"), ("forward_fill(NULL::bigint)", "NULL")],
        bind: |arguments, _| filled(arguments),
        implementation: Implementation::Window(|call| fill(call, true)),
    },
    Function {
        name: "backward_fill",
        aliases: &["bfill"],
        family: "window",
        syntax: "",
        parameters: &LIMIT,
        doc: "The value, or that of the next row after it that is not null, at most limit rows away. Null where there \
              is none.",
        examples: &[("backward_fill(1)", "1")],
        bind: |arguments, _| filled(arguments),
        implementation: Implementation::Window(|call| fill(call, false)),
    },
    Function {
        name: "qcut",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", "number"), Parameter::literal("count", "integer")],
        doc: "The number of the bin of x, from 0, of count bins with as many rows each as can be. Edges are quantiles \
              by linear interpolation, bins are closed on the right, and the first has the least value too; an edge \
              that stands twice counts once, so that there may be fewer bins. Null and NaN give null.",
        examples: &[("qcut(7, 4)", "0"), ("qcut(NULL, 4)", "NULL")],
        bind: |arguments, _| bind(arguments, &[Accepts::Float64, Accepts::Int64], &always(DataType::Int64)),
        implementation: Implementation::Window(|call| {
            let count = required(call, 1, "count")?;
            let bins = u64::try_from(count).ok().filter(|c| (1..=1 << 32).contains(c)).ok_or_else(|| {
                Error::invalid_argument(format!("count must be between 1 and 4294967296, not {count}"))
            })?;
            Ok(Box::new(move |columns, ctx| qcut(&columns[0], bins, ctx)))
        }),
    },
];

fn method(argument: &Argument) -> Result<Method> {
    let text = argument.constant.as_ref().and_then(|c| match c.data_type() {
        DataType::Utf8 => Some(c.as_string::<i32>()),
        _ => None,
    });
    match text {
        Some(text) if text.len() == 1 && !text.is_null(0) => Method::from_name(text.value(0)),
        _ => Err(Error::invalid_argument("method must be a string")),
    }
}

fn filled(arguments: &[Argument]) -> Result<Binding> {
    let from = value_type(&arguments[0].data_type);
    Ok(Binding { arguments: vec![from.clone(), DataType::Int64], result: from })
}

fn fill(call: &Call<'_>, forward: bool) -> Result<WindowKernel> {
    let limit = match integer(call, 1)? {
        None => usize::MAX,
        Some(limit) => usize::try_from(limit)
            .map_err(|_| Error::invalid_argument(format!("limit must not be negative, but is {limit}")))?,
    };
    Ok(Box::new(move |columns, ctx| fill_beside(&columns[0], forward, limit, ctx)))
}
