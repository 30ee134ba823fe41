//! The operators of comparison.

use std::sync::Arc;

use arrow_arith::boolean::{and_kleene, or_kleene};
use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::compare::{Comparison, Lookup, Members, compare, compare_rows, within};
use crate::operands::{all_scalars, finish, null, nulls, rows_of};
use crate::simd::Level;
use crate::types::{self, bind_comparison, is_integer, is_signed};
use crate::{Argument, Binding, Call, Function, Implementation, Parameter, ScalarKernel, Value};

const VALUES: &str = "number, string, binary, boolean, date, time, timestamp or duration";

const TWO: [Parameter; 2] = [Parameter::new("a", VALUES), Parameter::new("b", VALUES)];

macro_rules! comparison {
    ($name:literal, $syntax:literal, $comparison:ident, $doc:literal, $examples:expr) => {
        Function {
            name: $name,
            aliases: &[],
            family: "comparison",
            syntax: $syntax,
            parameters: &TWO,
            doc: $doc,
            examples: $examples,
            bind: |a, _| bind_two(a),
            implementation: Implementation::Scalar(|call| kernel(Comparison::$comparison, call)),
        }
    };
}

/// The operators of comparison.
pub(crate) static FUNCTIONS: &[Function] = &[
    comparison!(
        "eq",
        "a = b",
        Eq,
        "Whether both are equal. Null where either is null. NaN equals nothing, -0.0 equals 0.0; integers of all types \
         and decimals of all scales are compared exactly, strings by their bytes.",
        &[("1 = 1.0", "TRUE"), ("'a' = 'A'", "FALSE"), ("NULL = 1", "NULL")]
    ),
    comparison!(
        "ne",
        "a <> b",
        Ne,
        "Whether both differ. Null where either is null. NaN differs from everything, itself too.",
        &[("1 <> 2", "TRUE"), ("'a' <> 'a'", "FALSE")]
    ),
    comparison!(
        "lt",
        "a < b",
        Lt,
        "Whether the first is less. Null where either is null, false where either is NaN. Strings are ordered by code \
         points, false comes before true.",
        &[("1 < 2", "TRUE"), ("'b' < 'abc'", "FALSE"), ("FALSE < TRUE", "TRUE")]
    ),
    comparison!(
        "le",
        "a <= b",
        Le,
        "Whether the first is less or equal. Null and NaN as in `lt`.",
        &[("2 <= 2", "TRUE"), ("3 <= 2", "FALSE")]
    ),
    comparison!(
        "gt",
        "a > b",
        Gt,
        "Whether the first is greater. Null and NaN as in `lt`.",
        &[("2 > 1", "TRUE"), ("DATE '2024-01-01' > DATE '2024-01-02'", "FALSE")]
    ),
    comparison!(
        "ge",
        "a >= b",
        Ge,
        "Whether the first is greater or equal. Null and NaN as in `lt`.",
        &[("2 >= 2", "TRUE"), ("1 >= 2", "FALSE")]
    ),
    Function {
        name: "distinct_from",
        aliases: &[],
        family: "comparison",
        syntax: "a IS DISTINCT FROM b",
        parameters: &TWO,
        doc: "Whether both differ, where null is a value like others: never null. NaN is not distinct from NaN, nor \
              -0.0 from 0.0.",
        examples: &[
            ("NULL IS DISTINCT FROM NULL", "FALSE"),
            ("1 IS DISTINCT FROM NULL", "TRUE"),
            ("1 IS DISTINCT FROM 1", "FALSE"),
        ],
        bind: |a, _| bind_two(a),
        implementation: Implementation::Scalar(|_| Ok(distinct(true))),
    },
    Function {
        name: "not_distinct_from",
        aliases: &[],
        family: "comparison",
        syntax: "a IS NOT DISTINCT FROM b",
        parameters: &TWO,
        doc: "Whether both are equal, where null is a value like others: never null. NaN equals NaN here.",
        examples: &[("NULL IS NOT DISTINCT FROM NULL", "TRUE"), ("1 IS NOT DISTINCT FROM NULL", "FALSE")],
        bind: |a, _| bind_two(a),
        implementation: Implementation::Scalar(|_| Ok(distinct(false))),
    },
    Function {
        name: "between",
        aliases: &[],
        family: "comparison",
        syntax: "x BETWEEN low AND high",
        parameters: &[Parameter::new("x", VALUES), Parameter::new("low", VALUES), Parameter::new("high", VALUES)],
        doc: "`x >= low AND x <= high`: a null bound leaves unknown only what the other bound does not decide.",
        examples: &[("2 BETWEEN 1 AND 2", "TRUE"), ("2 BETWEEN 3 AND NULL", "FALSE"), ("2 BETWEEN 1 AND NULL", "NULL")],
        bind: |a, _| bind_comparison(a),
        implementation: Implementation::Scalar(|_| Ok(Box::new(between))),
    },
    Function {
        name: "in",
        aliases: &[],
        family: "comparison",
        syntax: "x IN (a, b)",
        parameters: &[Parameter::new("x", VALUES), Parameter::many("items", VALUES)],
        doc: "Whether `x` equals one of the items. Null where `x` is null, or where none equals it and one of them is \
              null. NaN equals nothing.",
        examples: &[
            ("2 IN (1, 2)", "TRUE"),
            ("'c' IN ('a', 'b')", "FALSE"),
            ("2 IN (1, NULL)", "NULL"),
            ("2 IN (2, NULL)", "TRUE"),
        ],
        bind: |a, _| bind_in(a),
        implementation: Implementation::Scalar(member),
    },
];

/// The dictionary types among arguments of which all others are literals: those are tested value by value.
fn keeps_dictionary(arguments: &[Argument]) -> Option<usize> {
    let is_dictionary = |a: &Argument| matches!(a.data_type, DataType::Dictionary(..));
    let i = arguments.iter().position(is_dictionary)?;
    arguments.iter().enumerate().all(|(k, a)| k == i || a.constant.is_some()).then_some(i)
}

/// The binding `b`, with the dictionary kept where its values need no conversion.
fn with_dictionary(arguments: &[Argument], mut b: Binding) -> Binding {
    if let Some(i) = keeps_dictionary(arguments)
        && let DataType::Dictionary(_, values) = &arguments[i].data_type
        && **values == b.arguments[i]
    {
        b.arguments[i] = arguments[i].data_type.clone();
    }
    b
}

fn bind_two(arguments: &[Argument]) -> Result<Binding> {
    if let [left, right] = arguments {
        let (l, r) = (types::value_type(&left.data_type), types::value_type(&right.data_type));
        let mixed = |a: &DataType, b: &DataType| *a == DataType::UInt64 && is_integer(b) && is_signed(b);
        let adapts = left.adapts || right.adapts;
        if !adapts && (mixed(&l, &r) || mixed(&r, &l)) {
            let exact = |t: DataType| if t == DataType::UInt64 { t } else { DataType::Int64 };
            return Ok(Binding { arguments: vec![exact(l), exact(r)], result: DataType::Boolean });
        }
    }
    Ok(with_dictionary(arguments, bind_comparison(arguments)?))
}

fn bind_in(arguments: &[Argument]) -> Result<Binding> {
    let binding = bind_comparison(arguments)?;
    Ok(match keeps_dictionary(arguments) {
        Some(0) => with_dictionary(arguments, binding),
        _ => binding,
    })
}

/// The result of a test of rows: `rows` is one where all arguments are scalars.
fn boolean(bits: BooleanBuffer, nulls: Option<NullBuffer>, arguments: &[Value]) -> Value {
    finish(Arc::new(BooleanArray::new(bits, nulls)), arguments)
}

fn two(arguments: &[Value]) -> Result<(&Value, &Value)> {
    match arguments {
        [a, b] => Ok((a, b)),
        _ => Err(Error::internal("a comparison of two values")),
    }
}

fn is_dictionary(value: &Value) -> bool {
    matches!(value.data_type(), DataType::Dictionary(..))
}

/// The dictionary among two values and the other; whether they were swapped.
fn dictionary<'a>(a: &'a Value, b: &'a Value) -> Option<(&'a Value, &'a Value, bool)> {
    if is_dictionary(a) {
        return Some((a, b, false));
    }
    is_dictionary(b).then_some((b, a, true))
}

fn kernel(comparison: Comparison, _: &Call<'_>) -> Result<ScalarKernel> {
    let lookup = Lookup::default();
    Ok(Box::new(move |arguments, rows| {
        let (a, b) = two(arguments)?;
        if a.is_null_scalar() || b.is_null_scalar() || *a.data_type() == DataType::Null {
            return Ok(null(&DataType::Boolean));
        }
        if let Some((dictionary, other, swapped)) = dictionary(a, b) {
            let comparison = if swapped { comparison.swapped() } else { comparison };
            let found = lookup.test(dictionary.inner().as_ref(), |values| {
                let values = Value::Array(Arc::clone(values));
                compare_rows(comparison, &values, other, values.inner().len())
            })?;
            return Ok(finish(Arc::new(found), arguments));
        }
        let bits = compare(Level::best(), comparison, a, b, rows_of(arguments, rows))?;
        Ok(boolean(bits, nulls(arguments), arguments))
    }))
}

fn is_valid_bits(value: &Value, rows: usize) -> BooleanBuffer {
    match value {
        Value::Scalar(array) if array.logical_null_count() == 0 => BooleanBuffer::new_set(rows),
        Value::Scalar(_) => BooleanBuffer::new_unset(rows),
        Value::Array(array) => {
            array.logical_nulls().map_or_else(|| BooleanBuffer::new_set(rows), NullBuffer::into_inner)
        }
    }
}

fn distinct(negated: bool) -> ScalarKernel {
    let lookup = Lookup::default();
    Box::new(move |arguments, rows| {
        let (a, b) = two(arguments)?;
        let rows = rows_of(arguments, rows);
        let (left, right) = (is_valid_bits(a, rows), is_valid_bits(b, rows));
        let both = &left & &right;
        let same = if !both.has_true() {
            BooleanBuffer::new_unset(rows)
        } else if let Some((dictionary, other, _)) = dictionary(a, b) {
            let found = lookup.test(dictionary.inner().as_ref(), |values| {
                let values = Value::Array(Arc::clone(values));
                compare_rows(Comparison::Same, &values, other, values.inner().len())
            })?;
            found.values().clone()
        } else {
            compare(Level::best(), Comparison::Same, a, b, rows)?
        };
        // Equal values, or both null.
        let same = &(&same & &both) | &!&(&left | &right);
        Ok(boolean(if negated { !&same } else { same }, None, arguments))
    })
}

fn between(arguments: &[Value], rows: usize) -> Result<Value> {
    let [x, low, high] = arguments else { return Err(Error::internal("a value between two")) };
    if x.is_null_scalar() || *x.data_type() == DataType::Null {
        return Ok(null(&DataType::Boolean));
    }
    let rows = rows_of(arguments, rows);
    if !low.is_null_scalar()
        && !high.is_null_scalar()
        && let Some(bits) = within(Level::best(), x, low, high)?
    {
        return Ok(boolean(bits, nulls(arguments), arguments));
    }
    let above = compare_rows(Comparison::Ge, x, low, rows)?;
    let below = compare_rows(Comparison::Le, x, high, rows)?;
    Ok(finish(Arc::new(and_kleene(&above, &below)?), arguments))
}

fn member(call: &Call<'_>) -> Result<ScalarKernel> {
    let literals: Option<Vec<&ArrayRef>> = call.arguments.iter().skip(1).map(|a| a.constant.as_ref()).collect();
    let of_one_type = |l: &Vec<&ArrayRef>| l.windows(2).all(|w| w[0].data_type() == w[1].data_type());
    let Some(literals) = literals.filter(of_one_type) else { return Ok(Box::new(member_of_rows)) };
    let literal_type = literals.first().map(|l| l.data_type().clone());
    let members = Members::new(&literals)?;
    let lookup = Lookup::default();
    Ok(Box::new(move |arguments, rows| {
        let [x, ..] = arguments else { return Err(Error::internal("a value and items")) };
        if x.is_null_scalar() || *x.data_type() == DataType::Null {
            return Ok(null(&DataType::Boolean));
        }
        let array = x.inner();
        let found = match array.data_type() {
            DataType::Dictionary(_, values) if Some(values.as_ref()) == literal_type.as_ref() => {
                lookup.test(array.as_ref(), |values| members.find(Level::best(), values.as_ref()))?
            }
            other if Some(other) == literal_type.as_ref() => members.find(Level::best(), array.as_ref())?,
            _ => return member_of_rows(arguments, rows),
        };
        Ok(match x {
            Value::Scalar(_) => Value::Scalar(Arc::new(found)),
            Value::Array(_) => Value::Array(Arc::new(found)),
        })
    }))
}

/// Items that are known only row by row.
fn member_of_rows(arguments: &[Value], rows: usize) -> Result<Value> {
    let [x, items @ ..] = arguments else { return Err(Error::internal("a value and items")) };
    if x.is_null_scalar() || *x.data_type() == DataType::Null {
        return Ok(null(&DataType::Boolean));
    }
    let rows = rows_of(arguments, rows);
    let mut found = BooleanArray::new(BooleanBuffer::new_unset(rows), None);
    for item in items {
        found = or_kleene(&found, &compare_rows(Comparison::Eq, x, item, rows)?)?;
    }
    Ok(if all_scalars(arguments) { Value::Scalar(Arc::new(found)) } else { Value::Array(Arc::new(found)) })
}

#[cfg(test)]
mod tests;
