//! Columns of files in the types of the table.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, GenericListArray, MapArray, OffsetSizeTrait, StructArray, new_null_array,
};
use arrow_buffer::{ArrowNativeType, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, FieldRef, Fields};
use pf_base::{Code, Error, Result};
use pf_compute_core::{Value, cast};

use super::evolution::{matching, names, widens};

/// The values of a column in a type that its own widens to (see [`Dataset`](super::Dataset)): fields of structs go by
/// name, and are null where they are not there.
///
/// The order of values is kept, so bounds of a column can be brought to the type of the table in the same way. What
/// has the type already is handed on without a copy; else the memory of the result is the caller's to account for.
///
/// # Errors
/// [`Code::Type`] where the type does not widen; [`Code::Arithmetic`] for a value that does not fit, such as the year
/// 3000 in nanoseconds; [`Code::InvalidArgument`] for a null where the type has none.
pub fn adapt(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    use DataType as D;
    let from = array.data_type();
    match (from, to) {
        _ if from == to => Ok(array.clone()),
        (D::Null, _) => Ok(new_null_array(to, array.len())),
        (D::Struct(_), D::Struct(fields)) => Ok(Arc::new(structure(array.as_struct(), fields)?)),
        (D::FixedSizeList(_, n), D::FixedSizeList(item, m)) if n == m => {
            let list = array.as_fixed_size_list();
            let values = adapt(list.values(), item.data_type())?;
            let nulls = list.nulls().cloned();
            Ok(Arc::new(FixedSizeListArray::try_new_with_length(item.clone(), *m, values, nulls, list.len())?))
        }
        (D::List(_) | D::LargeList(_) | D::FixedSizeList(..), D::List(item)) => list::<i32>(array, item),
        (D::List(_) | D::LargeList(_) | D::FixedSizeList(..), D::LargeList(item)) => list::<i64>(array, item),
        (D::Map(_, sorted), D::Map(entries, to_sorted)) if *sorted || !*to_sorted => {
            map(array.as_map(), entries, *to_sorted)
        }
        _ if widens(from, to) => Ok(cast(&Value::Array(array.clone()), to, false)?.inner().clone()),
        _ => {
            let (from, to) = names(from, to);
            Err(Error::wrong_type(format!("{from} does not widen to {to}")))
        }
    }
}

fn structure(array: &StructArray, fields: &Fields) -> Result<StructArray> {
    let columns = fields.iter().zip(matching(array.fields(), fields)).map(|(field, place)| match place {
        Some(place) => adapt(array.column(place), field.data_type())
            .map_err(|e| Error::new(e.code(), format!("field '{}': {}", field.name(), e.message()))),
        None => Ok(new_null_array(field.data_type(), array.len())),
    });
    let (columns, nulls) = (columns.collect::<Result<_>>()?, array.nulls().cloned());
    Ok(StructArray::try_new_with_length(fields.clone(), columns, nulls, array.len())?)
}

/// Any list as one with offsets of another size.
fn list<O: OffsetSizeTrait>(array: &ArrayRef, item: &FieldRef) -> Result<ArrayRef> {
    let (offsets, values) = match array.data_type() {
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            parts(list.value_offsets(), |start, len| list.values().slice(start, len))?
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            parts(list.value_offsets(), |start, len| list.values().slice(start, len))?
        }
        _ => {
            let list = array.as_fixed_size_list();
            let size = list.value_length().as_usize();
            let offsets = (0..=list.len()).map(|row| offset(row * size)).collect::<Result<ScalarBuffer<O>>>()?;
            (OffsetBuffer::new(offsets), list.values().clone())
        }
    };
    let values = adapt(&values, item.data_type())?;
    Ok(Arc::new(GenericListArray::<O>::try_new(item.clone(), offsets, values, array.nulls().cloned())?))
}

fn map(array: &MapArray, entries: &FieldRef, sorted: bool) -> Result<ArrayRef> {
    let DataType::Struct(fields) = entries.data_type() else {
        return Err(Error::internal(format!("the entries of a map are {}", entries.data_type())));
    };
    let (offsets, pairs) = parts::<i32, i32, _>(array.value_offsets(), |start, len| array.entries().slice(start, len))?;
    let columns = pairs.columns().iter().zip(fields).map(|(column, field)| adapt(column, field.data_type()));
    let columns = columns.collect::<Result<_>>()?;
    let pairs = StructArray::try_new_with_length(fields.clone(), columns, pairs.nulls().cloned(), pairs.len())?;
    Ok(Arc::new(MapArray::try_new(entries.clone(), offsets, pairs, array.nulls().cloned(), sorted)?))
}

/// Offsets from zero, and the values that they speak of: those of other slices are nobody's business here.
fn parts<I: OffsetSizeTrait, O: OffsetSizeTrait, T>(
    offsets: &[I],
    slice: impl Fn(usize, usize) -> T,
) -> Result<(OffsetBuffer<O>, T)> {
    let (first, last) = (offsets.first().copied().unwrap_or_default(), offsets.last().copied().unwrap_or_default());
    let moved = offsets.iter().map(|o| offset((*o - first).as_usize())).collect::<Result<ScalarBuffer<O>>>()?;
    Ok((OffsetBuffer::new(moved), slice(first.as_usize(), (last - first).as_usize())))
}

fn offset<O: OffsetSizeTrait>(value: usize) -> Result<O> {
    O::from_usize(value)
        .ok_or_else(|| Error::new(Code::Arithmetic, format!("{value} values do not fit one list array")))
}

#[cfg(test)]
mod tests;
