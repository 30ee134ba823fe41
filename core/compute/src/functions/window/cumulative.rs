//! Running sums, products, extremes and counts.

use arrow_array::Array;
use arrow_schema::DataType;
use pf_base::Result;

use crate::cumulative::{counts, extremes, products, row_numbers, sums};
use crate::pieces::each_native;
use crate::types::{Class, class, refuse, value_type};
use crate::{Argument, Binding, Function, Implementation, Parameter};

use super::summed;

const NUMBER: [Parameter; 1] = [Parameter::new("x", "number")];
const COMPARED: &str = "number, date, time, timestamp or duration";

/// The family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "cum_sum",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &NUMBER,
        doc: "The sum of the rows up to this one. Null rows give null and are passed over; NaN stays from its row on. \
              Integers give int64 or uint64, and a sum that does not fit is an error, or as the setting of overflow \
              says; floats give float64, with an error of few roundings however many rows there are.",
        examples: &[("cum_sum(2)", "2"), ("cum_sum(NULL)", "NULL")],
        bind: |arguments, _| {
            let t = summed(arguments, "integer, float or decimal of at most 38 digits")?;
            Ok(Binding { arguments: vec![t.clone()], result: t })
        },
        implementation: Implementation::Window(|call| {
            let (overflow, result) = (call.settings.overflow, call.result.clone());
            Ok(Box::new(move |columns, ctx| sums(&columns[0], &result, overflow, ctx)))
        }),
    },
    Function {
        name: "cum_product",
        aliases: &["cum_prod"],
        family: "window",
        syntax: "",
        parameters: &NUMBER,
        doc: "The product of the rows up to this one. Null rows give null and are passed over. Integers give int64 or \
              uint64, and a product that does not fit is an error, or as the setting of overflow says; all else gives \
              float64.",
        examples: &[("cum_product(3)", "3"), ("cum_product(0.5::double)", "0.5::double")],
        bind: |arguments, _| {
            let t = match class(&arguments[0].data_type) {
                Class::Decimal => DataType::Float64,
                _ => summed(arguments, "number")?,
            };
            Ok(Binding { arguments: vec![t.clone()], result: t })
        },
        implementation: Implementation::Window(|call| {
            let (overflow, result) = (call.settings.overflow, call.result.clone());
            Ok(Box::new(move |columns, ctx| products(&columns[0], &result, overflow, ctx)))
        }),
    },
    Function {
        name: "cum_min",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", COMPARED)],
        doc: "The least of the rows up to this one. Null rows give null and are passed over; NaN counts only where there \
              is nothing else.",
        examples: &[("cum_min(3)", "3")],
        bind: |arguments, _| compared(arguments),
        implementation: Implementation::Window(|_| Ok(Box::new(|columns, ctx| extremes(&columns[0], false, ctx)))),
    },
    Function {
        name: "cum_max",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", COMPARED)],
        doc: "The greatest of the rows up to this one. Null rows give null and are passed over; NaN counts only where \
              there is nothing else.",
        examples: &[("cum_max(3)", "3")],
        bind: |arguments, _| compared(arguments),
        implementation: Implementation::Window(|_| Ok(Box::new(|columns, ctx| extremes(&columns[0], true, ctx)))),
    },
    Function {
        name: "cum_count",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[Parameter::new("x", "any type")],
        doc: "How many of the rows up to this one are not null; never null itself.",
        examples: &[("cum_count('a')", "1"), ("cum_count(NULL)", "0")],
        bind: |arguments, _| {
            Ok(Binding { arguments: vec![value_type(&arguments[0].data_type)], result: DataType::Int64 })
        },
        implementation: Implementation::Window(|_| Ok(Box::new(|columns, ctx| counts(&columns[0], ctx)))),
    },
    Function {
        name: "row_number",
        aliases: &[],
        family: "window",
        syntax: "",
        parameters: &[],
        doc: "The number of the row, from 1.",
        examples: &[("row_number()", "1")],
        bind: |_, _| Ok(Binding { arguments: vec![], result: DataType::Int64 }),
        // What has no arguments is given a column of nulls for the number of rows.
        implementation: Implementation::Window(|_| {
            Ok(Box::new(|columns, ctx| row_numbers(columns.first().map_or(0, |c| c.len()), ctx)))
        }),
    },
];

fn compared(arguments: &[Argument]) -> Result<Binding> {
    let from = match value_type(&arguments[0].data_type) {
        DataType::Null => DataType::Int64,
        other => other,
    };
    let native = each_native!(&from, N => size_of::<N>() > 0, _ => false);
    match class(&from) {
        Class::Interval => Err(refuse(arguments, COMPARED)),
        _ if native => Ok(Binding { arguments: vec![from.clone()], result: from }),
        _ => Err(refuse(arguments, COMPARED)),
    }
}
