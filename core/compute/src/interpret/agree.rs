//! Whether both evaluators agree.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float16Type, Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Schema};
use pf_base::{Code, Context, Result};

use super::cases::{Case, Source};
use super::cell::Cell;
use super::grammar::expression;
use super::interpret;
use crate::{Settings, evaluate};

/// What came of a comparison of both evaluators that found no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The text is no expression, or has types that do not go together.
    Refused,
    /// The interpreter does not know a part of it.
    Unknown,
    /// Both gave the same values, or failed with the same code.
    Same,
}

/// Compares both evaluators on an expression, settings and columns that these bytes decide.
///
/// # Errors
/// What they differ in.
pub fn agree(bytes: &[u8]) -> Result<Agreement, String> {
    let mut source = Source(bytes);
    let settings = source.settings();
    let text = expression(&mut source);
    compare(&text, settings, &mut source)
}

/// Compares both evaluators on a text that is given; the bytes decide the rest.
///
/// # Errors
/// What they differ in.
pub fn agree_on(text: &str, bytes: &[u8]) -> Result<Agreement, String> {
    let mut source = Source(bytes);
    let settings = source.settings();
    compare(text, settings, &mut source)
}

fn compare(text: &str, settings: Settings, source: &mut Source<'_>) -> Result<Agreement, String> {
    let fail = |what: String| Err(format!("{text}\nwith {settings:?}: {what}"));
    let Case { schema, typed, columns } = match Case::new(text, settings, source, 20) {
        Ok(case) => case,
        Err(error) if error.code() == Code::Internal => return fail(format!("no kernels: {error}")),
        // Types that do not go together; patterns that are wrong; aggregates and window functions.
        Err(_) => return Ok(Agreement::Refused),
    };
    let rows = columns.first().map_or(0, |c| c.len());
    let wanted: Vec<Result<ArrayRef>> = (0..rows).map(|row| interpret(&typed, &columns, row, settings)).collect();
    let failures: Vec<Code> = wanted.iter().filter_map(|w| w.as_ref().err().map(|e| e.code())).collect();
    let context = Context::default().with_threads(1).with_memory_limit(1 << 30);
    let got = evaluate(&typed, &columns, rows, settings, &context);
    if let Err(error) = &got
        && error.code() == Code::Internal
    {
        return fail(format!("evaluation fails: {error}"));
    }
    if let Ok(got) = &got
        && (*got.data_type() != typed.data_type || got.len() != rows)
    {
        return fail(format!("{} values of {}, not {rows} of {}", got.len(), got.data_type(), typed.data_type));
    }
    if failures.contains(&Code::Unsupported) {
        return Ok(Agreement::Unknown);
    }
    match got {
        Err(error) if error.code() == Code::OutOfMemory => return Ok(Agreement::Unknown),
        Err(error) if failures.contains(&error.code()) => {}
        // Parts that are the same for all rows fail without rows too.
        Err(_) if rows == 0 => return Ok(Agreement::Refused),
        Err(error) => {
            return fail(format!(
                "evaluation fails with {error}; rows give {wanted:?} of {}",
                inputs(&columns, &schema)
            ));
        }
        Ok(got) => {
            for (row, want) in wanted.into_iter().enumerate() {
                let want = want.map_or_else(|e| format!("{e}"), |w| shown(&w, 0));
                let got = shown(&got, row);
                if got != want {
                    let row: Vec<ArrayRef> = columns.iter().map(|c| c.slice(row, 1)).collect();
                    return fail(format!("evaluated {got}, interpreted {want}, of {}", inputs(&row, &schema)));
                }
            }
        }
    }
    Ok(Agreement::Same)
}

/// The value of a row: zeros by sign, all NaN alike.
fn shown(array: &ArrayRef, row: usize) -> String {
    let array = array.slice(row, 1);
    let float = match array.data_type() {
        _ if array.logical_nulls().is_some_and(|n| n.is_null(0)) => None,
        DataType::Float16 => Some(array.as_primitive::<Float16Type>().value(0).to_f64()),
        DataType::Float32 => Some(f64::from(array.as_primitive::<Float32Type>().value(0))),
        DataType::Float64 => Some(array.as_primitive::<Float64Type>().value(0)),
        _ => None,
    };
    match float {
        Some(x) if x.is_nan() => "NaN".to_owned(),
        Some(x) => format!("{x:?}"),
        None => format!("{:?}", Cell::read(&array, 0)),
    }
}

/// The values that are not null, by column.
fn inputs(columns: &[ArrayRef], schema: &Schema) -> String {
    let mut out = String::new();
    for (column, field) in columns.iter().zip(schema.fields()) {
        if column.logical_null_count() < column.len() {
            let rows: Vec<String> = (0..column.len()).map(|row| shown(column, row)).collect();
            out.push_str(&format!("\n  {} {}: {}", field.name(), field.data_type(), rows.join(", ")));
        }
    }
    out
}
