//! The functions of the language as a table, from which documentation and bindings are made.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::DataType;
use pf_base::Result;

use crate::Argument;
use crate::functions::all;
use crate::types::{self, Operator};

/// What is no function of the table, because it takes a type: name, how it is written, contract, example and what that
/// gives.
const CASTS: [[&str; 5]; 2] = [
    [
        "cast",
        "CAST(x AS type)",
        "The value in another type; `x::type` is the same. Null stays null. A float becomes an integer without its \
         fraction; a decimal with fewer digits is rounded half away from zero; texts of dates and times are those of \
         ISO 8601, with blanks around them if need be. A timestamp with a zone becomes a date, time, text or timestamp \
         without a zone in the local time of its zone. Fails for a value that does not fit and a text that is none.",
        "CAST('12' AS int64)",
        "12",
    ],
    [
        "try_cast",
        "TRY_CAST(x AS type)",
        "As `cast`, but null where a value cannot be converted.",
        "TRY_CAST('twelve' AS int64)",
        "NULL",
    ],
];

/// The names of the columns of [`catalogue`].
const COLUMNS: [&str; 7] = ["family", "function", "item", "name", "type", "default", "doc"];

/// A row per function ("function": its name, how it is written, its contract), and rows for its parameters ("parameter":
/// name, what is accepted, default, and as doc "constant" or "repeats"), other names ("alias") and examples ("example":
/// the text, and as default what it gives).
///
/// # Errors
/// None but of arrow.
pub fn catalogue() -> Result<RecordBatch> {
    let mut rows: Vec<[Option<&str>; 7]> = Vec::new();
    for f in all() {
        let mut add = |item, name, kind, default, doc| {
            rows.push([Some(f.family), Some(f.name), Some(item), Some(name), Some(kind), default, Some(doc)]);
        };
        add("function", f.name, f.syntax, None, f.doc);
        for p in f.parameters {
            let doc = match (p.constant, p.repeats) {
                (true, _) => "constant",
                (_, true) => "repeats",
                _ => "",
            };
            add("parameter", p.name, p.accepts, p.default, doc);
        }
        f.aliases.iter().for_each(|alias| add("alias", alias, "", None, ""));
        f.examples.iter().for_each(|(text, gives)| add("example", text, "", Some(gives), ""));
    }
    for [name, syntax, doc, text, gives] in CASTS {
        let mut add = |item, part, kind, default, doc| {
            rows.push([Some("conversion"), Some(name), Some(item), Some(part), Some(kind), default, Some(doc)]);
        };
        add("function", name, syntax, None, doc);
        add("parameter", "x", "any type", None, "");
        add("parameter", "type", "name of a type", None, "constant");
        add("example", text, "", Some(gives), "");
    }
    let column = |i: usize| Arc::new(rows.iter().map(|row| row[i]).collect::<StringArray>()) as ArrayRef;
    let columns = COLUMNS.iter().enumerate().map(|(i, name)| (*name, column(i), *name == "default"));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

/// What every pair of number types gives.
///
/// Columns, all strings: "left", "right", "add" (the type of the result of `+` and `-`), "mul", "div", "floor_div",
/// "mod", "comparison" (the type in which both are compared) and "common" (that of `CASE` and `COALESCE`).
///
/// # Errors
/// None that data could cause.
pub fn type_rules() -> Result<RecordBatch> {
    use DataType as D;
    let numbers = [
        D::Int8,
        D::Int16,
        D::Int32,
        D::Int64,
        D::UInt8,
        D::UInt16,
        D::UInt32,
        D::UInt64,
        D::Float16,
        D::Float32,
        D::Float64,
        D::Decimal128(10, 2),
        D::Decimal256(40, 4),
    ];
    const COLUMNS: [&str; 9] = ["left", "right", "add", "mul", "div", "floor_div", "mod", "comparison", "common"];
    let mut columns: [Vec<Option<String>>; 9] = Default::default();
    let argument = |t: &D| Argument { data_type: t.clone(), constant: None, adapts: false };
    for left in &numbers {
        for right in &numbers {
            let pair = [argument(left), argument(right)];
            let of = |operator| types::arithmetic(operator, &pair[0], &pair[1]).map(|b| b.result);
            let row = [
                Some(left.clone()),
                Some(right.clone()),
                of(Operator::Add),
                of(Operator::Mul),
                of(Operator::Div),
                of(Operator::FloorDiv),
                of(Operator::Mod),
                types::comparison(&pair),
                types::common(&pair),
            ];
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(cell.as_ref().map(types::name));
            }
        }
    }
    let columns = columns.into_iter().map(|c| Arc::new(StringArray::from(c)) as ArrayRef);
    Ok(RecordBatch::try_from_iter(COLUMNS.into_iter().zip(columns))?)
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::*;

    #[test]
    fn every_function_has_a_row() {
        let table = catalogue().unwrap();
        let items = table["item"].as_any().downcast_ref::<StringArray>().unwrap();
        assert_eq!(items.iter().filter(|item| *item == Some("function")).count(), all().count() + CASTS.len());
    }

    #[test]
    fn every_pair_of_numbers_has_types() {
        let table = type_rules().unwrap();
        assert_eq!(table.num_rows(), 13 * 13);
        assert!(table.columns().iter().all(|c| c.null_count() == 0));
    }
}
