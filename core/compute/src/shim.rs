//! What others write, by arrow's kernels until then.

use arrow_schema::DataType;
use pf_base::Result;

use crate::Value;

pub(crate) fn cast(value: &Value, to: &DataType, try_cast: bool) -> Result<Value> {
    let options = arrow_cast::CastOptions { safe: try_cast, ..Default::default() };
    let array = arrow_cast::cast_with_options(value.inner(), to, &options)?;
    Ok(match value {
        Value::Array(_) => Value::Array(array),
        Value::Scalar(_) => Value::Scalar(array),
    })
}
