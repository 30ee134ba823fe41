//! The functions of the language as a table, from which documentation and bindings are made.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use pf_base::Result;

use crate::functions::all;

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
    let column = |i: usize| Arc::new(rows.iter().map(|row| row[i]).collect::<StringArray>()) as ArrayRef;
    let columns = COLUMNS.iter().enumerate().map(|(i, name)| (*name, column(i), *name == "default"));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_a_row() {
        let table = catalogue().unwrap();
        let items = table["item"].as_any().downcast_ref::<StringArray>().unwrap();
        assert_eq!(items.iter().filter(|item| *item == Some("function")).count(), all().count());
    }
}
