//! The hash of values.

use std::sync::Arc;

use arrow_schema::DataType;
use pf_base::{Context, Result};

use crate::hash::{hash, is_hashed};
use crate::types::{refuse, value_type};
use crate::{Binding, Function, Implementation, Parameter, Value};

/// The family.
pub(crate) static FUNCTIONS: &[Function] = &[Function {
    name: "hash",
    aliases: &[],
    family: "numeric",
    syntax: "",
    parameters: &[Parameter::many("x", "number, boolean, string, binary, date or time")],
    doc: "A number of 64 bits for the values, as uint64, that is the same in all versions and on all machines. Integers \
          of all types, floats of both, decimals of all scales and text of all layouts hash alike where they are equal; \
          all NaN are one value, -0.0 is 0.0, and null has a hash of its own. Not for secrets: whoever chooses the \
          values can make them collide.",
    examples: &[("hash(1) = hash(1::smallint)", "TRUE"), ("hash('a', 1) = hash('a', 2)", "FALSE")],
    bind: |arguments, _| {
        if !arguments.iter().all(|a| is_hashed(&a.data_type)) {
            return Err(refuse(arguments, "number, boolean, string, binary, date or time"));
        }
        let types = arguments.iter().map(|a| value_type(&a.data_type)).collect();
        Ok(Binding { arguments: types, result: DataType::UInt64 })
    },
    implementation: Implementation::Scalar(|_| {
        // A block at a time, on the thread of the block.
        let ctx = Context::default().with_threads(1);
        Ok(Box::new(move |values, rows| {
            let scalar = values.iter().all(|v| matches!(v, Value::Scalar(_)));
            let rows = if scalar { 1 } else { rows };
            let columns = values.iter().map(|v| v.clone().into_array(rows)).collect::<Result<Vec<_>>>()?;
            let hashes = Arc::new(hash(&columns, &ctx)?);
            Ok(if scalar { Value::Scalar(hashes) } else { Value::Array(hashes) })
        }))
    }),
}];
