//! Column names to column positions.

use arrow_schema::Schema;
use pf_base::{Error, Result};

/// How many names an error message lists.
const NAMED: usize = 20;

/// The positions of the columns `names` in `schema`, in the order of `names`.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a column that is unknown or asked for twice.
pub fn projection(schema: &Schema, names: &[String]) -> Result<Vec<usize>> {
    let mut positions = Vec::with_capacity(names.len());
    for name in names {
        let position = schema.fields().iter().position(|f| f.name() == name).ok_or_else(|| {
            let mut known: Vec<&str> = schema.fields().iter().take(NAMED).map(|f| f.name().as_str()).collect();
            if schema.fields().len() > NAMED {
                known.push("…");
            }
            Error::invalid_argument(format!("unknown column '{name}'; the columns are: {}", known.join(", ")))
        })?;
        if positions.contains(&position) {
            return Err(Error::invalid_argument(format!("column '{name}' is asked for twice")));
        }
        positions.push(position);
    }
    Ok(positions)
}
