//! What the tests of function rows share: calls of a row as the checker and evaluation make them.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow_buffer::NullBuffer;
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

/// A column of values, of which some are null over what is given, cut out of a longer one.
pub(crate) fn column<T: ArrowPrimitiveType>(rows: &[(T::Native, bool)], offset: usize) -> ArrayRef {
    let before = (0..offset).map(|i| (T::Native::default(), i % 2 == 0));
    let all: Vec<(T::Native, bool)> = before.chain(rows.iter().copied()).collect();
    let nulls = NullBuffer::from(all.iter().map(|r| r.1).collect::<Vec<_>>());
    let values = all.iter().map(|r| r.0).collect::<Vec<_>>();
    let array = PrimitiveArray::<T>::new(values.into(), Some(nulls).filter(|n| n.null_count() > 0));
    Arc::new(array.slice(offset, rows.len()))
}

/// The rows of an array of primitive values.
pub(crate) fn rows_of<T: ArrowPrimitiveType>(array: &ArrayRef) -> Vec<Option<T::Native>> {
    array.as_primitive::<T>().iter().collect()
}

/// Two arguments in all forms: rows with rows, and either as a literal of its first row. With the rows of each.
pub(crate) fn forms(a: &ArrayRef, b: &ArrayRef) -> Vec<(Given, Given)> {
    let (column, literal) = (|a: &ArrayRef| Given::Column(a.clone()), |a: &ArrayRef| Given::Literal(a.slice(0, 1)));
    let mut all = vec![(column(a), column(b))];
    if !a.is_empty() {
        all.extend([(column(a), literal(b)), (literal(a), column(b)), (literal(a), literal(b))]);
    }
    all
}

/// The value of a row.
pub(crate) fn at<T: Copy>(given: &Given, rows: &[Option<T>], i: usize) -> Option<T> {
    match given {
        Given::Column(_) => rows[i],
        Given::Literal(_) => rows[0],
    }
}
