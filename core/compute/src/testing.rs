//! What the tests of function rows share: calls of a row as the checker and evaluation make them.

use arrow_array::ArrayRef;
use arrow_cast::cast;
use arrow_schema::DataType;
use pf_base::Result;

use crate::{Argument, Call, Implementation, Overflow, Settings, Value, functions};

/// An argument of a test.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// A column.
    Column(ArrayRef),
    /// A literal, of one row.
    Literal(ArrayRef),
}

/// The settings with this overflow.
pub(crate) fn on_overflow(overflow: Overflow) -> Settings {
    Settings { overflow, ..Settings::default() }
}

/// What a scalar function gives of `rows` rows, with its arguments converted.
pub(crate) fn call(name: &str, given: &[Given], rows: usize, settings: Settings) -> Result<ArrayRef> {
    let function = functions::all().find(|f| f.name == name).unwrap();
    let argument = |g: &Given| match g {
        Given::Column(array) => Argument { data_type: array.data_type().clone(), constant: None, adapts: false },
        Given::Literal(array) => {
            Argument { data_type: array.data_type().clone(), constant: Some(array.clone()), adapts: false }
        }
    };
    let mut arguments: Vec<Argument> = given.iter().map(argument).collect();
    let binding = (function.bind)(&arguments, settings)?;
    assert_eq!(binding.arguments.len(), arguments.len());
    let convert = |array: &ArrayRef, to: &DataType| {
        if array.data_type() == to { array.clone() } else { cast(array, to).unwrap() }
    };
    let mut values = Vec::new();
    for ((given, argument), to) in given.iter().zip(&mut arguments).zip(&binding.arguments) {
        argument.data_type = to.clone();
        values.push(match given {
            Given::Column(array) => Value::Array(convert(array, to)),
            Given::Literal(array) => Value::Scalar(convert(array, to)),
        });
        argument.constant = argument.constant.as_ref().map(|array| convert(array, to));
    }
    let Implementation::Scalar(make) = function.implementation else { unreachable!("{name} is not scalar") };
    let kernel = make(&Call { arguments: &arguments, result: &binding.result, settings })?;
    let value = kernel(&values, rows)?;
    if let Value::Array(array) = &value {
        assert_eq!(array.len(), rows, "{name}");
    }
    assert_eq!(*value.data_type(), binding.result, "{name}");
    value.into_array(rows)
}
