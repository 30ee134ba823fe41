//! What others write, by arrow's kernels until then.

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pf_base::{Context, Result};

use crate::Value;

pub(crate) fn cast(value: &Value, to: &DataType, try_cast: bool) -> Result<Value> {
    let options = arrow_cast::CastOptions { safe: try_cast, ..Default::default() };
    let array = arrow_cast::cast_with_options(value.inner(), to, &options)?;
    Ok(match value {
        Value::Array(_) => Value::Array(array),
        Value::Scalar(_) => Value::Scalar(array),
    })
}

pub(crate) fn concat(chunks: &[ArrayRef], _: &Context) -> Result<ArrayRef> {
    let chunks: Vec<&dyn Array> = chunks.iter().map(AsRef::as_ref).collect();
    Ok(arrow_select::concat::concat(&chunks)?)
}

pub(crate) fn filter(columns: &[ArrayRef], mask: &arrow_array::BooleanArray, _: &Context) -> Result<Vec<ArrayRef>> {
    columns.iter().map(|c| Ok(arrow_select::filter::filter(c, mask)?)).collect()
}
