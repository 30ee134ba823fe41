//! Conversions between types.

use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::DataType;
use pf_base::Result;

use crate::Value;

/// Whether there is a conversion.
pub(crate) fn can_cast(from: &DataType, to: &DataType) -> bool {
    can_cast_types(from, to)
}

/// The values in another type.
///
/// # Errors
/// Values that cannot be converted, unless `try_cast`.
pub fn cast(value: &Value, to: &DataType, try_cast: bool) -> Result<Value> {
    let options = CastOptions { safe: try_cast, ..Default::default() };
    let array = cast_with_options(value.inner(), to, &options)?;
    Ok(match value {
        Value::Array(_) => Value::Array(array),
        Value::Scalar(_) => Value::Scalar(array),
    })
}
