//! Reads columns: a part of the rows, a field of a struct, NaN as null.

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float16Type, Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, PrimitiveArray, make_array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::Rows;

/// The rows of a column, or of a field below it.
pub(super) fn read(rows: &Rows<'_>, index: usize, fields: &[usize], nan_is_null: bool) -> Result<ArrayRef> {
    let column = rows.columns.get(index).ok_or_else(|| missing(index))?;
    let end = rows.start.checked_add(rows.len).filter(|end| *end <= column.len());
    let end = end.ok_or_else(|| Error::internal(format!("column {index} has only {} rows", column.len())))?;
    let mut array = if end - rows.start == column.len() { column.clone() } else { column.slice(rows.start, rows.len) };
    for field in fields {
        array = child(&array, *field)?;
    }
    Ok(if nan_is_null { without_nan(&array) } else { array })
}

/// The type of a column, or of a field below it.
pub(super) fn data_type<'a>(columns: &'a [ArrayRef], index: usize, fields: &[usize]) -> Result<&'a DataType> {
    let mut data_type = columns.get(index).ok_or_else(|| missing(index))?.data_type();
    for field in fields {
        let DataType::Struct(all) = data_type else { return Err(no_field(data_type, *field)) };
        data_type = all.get(*field).ok_or_else(|| no_field(data_type, *field))?.data_type();
    }
    Ok(data_type)
}

fn missing(index: usize) -> Error {
    Error::internal(format!("there is no column {index}"))
}

fn no_field(data_type: &DataType, field: usize) -> Error {
    Error::internal(format!("{data_type} has no field {field}"))
}

/// A field of a struct; where the struct is null the field is.
fn child(array: &ArrayRef, field: usize) -> Result<ArrayRef> {
    let parent = array.as_struct_opt().filter(|s| field < s.num_columns());
    let parent = parent.ok_or_else(|| no_field(array.data_type(), field))?;
    let child = parent.column(field);
    match parent.nulls().filter(|n| n.null_count() > 0) {
        None => Ok(child.clone()),
        Some(nulls) => {
            let nulls = NullBuffer::union(Some(nulls), child.nulls());
            Ok(make_array(child.to_data().into_builder().nulls(nulls).build()?))
        }
    }
}

/// The same numbers with NaN as null; the very array where there is none.
pub(crate) fn without_nan(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Float16 => mask_nan::<Float16Type>(array, |v| v.is_nan()),
        DataType::Float32 => mask_nan::<Float32Type>(array, f32::is_nan),
        DataType::Float64 => mask_nan::<Float64Type>(array, f64::is_nan),
        // The values are few; rows that point to a null are null.
        DataType::Dictionary(_, values) if values.is_floating() => {
            let dictionary = array.as_any_dictionary();
            dictionary.with_values(without_nan(dictionary.values()))
        }
        _ => array.clone(),
    }
}

fn mask_nan<T: ArrowPrimitiveType>(array: &ArrayRef, is_nan: impl Fn(T::Native) -> bool) -> ArrayRef {
    let floats: &PrimitiveArray<T> = array.as_primitive();
    let values = floats.values();
    if !values.iter().fold(false, |any, v| any | is_nan(*v)) {
        return array.clone();
    }
    let numbers = NullBuffer::new(BooleanBuffer::collect_bool(values.len(), |i| !is_nan(values[i])));
    let nulls = NullBuffer::union(Some(&numbers), floats.nulls());
    std::sync::Arc::new(PrimitiveArray::<T>::new(values.clone(), nulls))
}
