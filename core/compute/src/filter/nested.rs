//! Dictionaries, structs, lists and maps.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, FixedSizeListArray, GenericListArray, MapArray, PrimitiveArray, StructArray,
};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, FieldRef, Fields};
use pf_base::{Context, Error, Result};

use super::bytes::Offset;
use super::fixed::{split, values};
use super::{Selection, by_arrow, nulls, select};

/// Dictionaries: the keys are selected, the values stay as they are. Chunks with different values are left to arrow.
pub(crate) fn dictionary(column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<ArrayRef> {
    let dictionary = column[0].as_any_dictionary();
    let shared = column.iter().all(|chunk| same_values(chunk.as_any_dictionary().values(), dictionary.values()));
    if !shared {
        return by_arrow(column, selection);
    }
    let keys = values(column, selection, ctx)?;
    let nulls = nulls(column, selection, ctx)?;
    dictionary_of(&column[0], keys, nulls)
}

/// A dictionary with the values of another and keys of its type.
pub(crate) fn dictionary_of(
    like: &ArrayRef,
    keys: Buffer,
    nulls: Option<arrow_buffer::NullBuffer>,
) -> Result<ArrayRef> {
    let dictionary = like.as_any_dictionary();
    let values = dictionary.values().clone();
    macro_rules! build {
        ($($key:ident => $type:ty),*) => {
            match dictionary.keys().data_type() {
                $(DataType::$key => of_keys::<$type>(keys, nulls, values),)*
                other => Err(Error::wrong_type(format!("keys of a dictionary cannot be {other}"))),
            }
        };
    }
    build!(
        Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type
    )
}

fn same_values(a: &ArrayRef, b: &ArrayRef) -> bool {
    Arc::ptr_eq(a, b) || a.to_data().ptr_eq(&b.to_data())
}

fn of_keys<K: ArrowDictionaryKeyType>(
    keys: Buffer,
    nulls: Option<arrow_buffer::NullBuffer>,
    values: ArrayRef,
) -> Result<ArrayRef> {
    let keys = PrimitiveArray::<K>::try_new(ScalarBuffer::from(keys), nulls)?;
    Ok(Arc::new(DictionaryArray::try_new(keys, values)?))
}

/// Structs: every field is selected.
pub(crate) fn structs(fields: &Fields, column: &[ArrayRef], selection: &Selection, ctx: &Context) -> Result<ArrayRef> {
    let columns = ctx.map(fields.len(), |f| {
        let field: Vec<ArrayRef> = column.iter().map(|chunk| chunk.as_struct().column(f).clone()).collect();
        select(&field, selection, ctx)
    })?;
    let nulls = nulls(column, selection, ctx)?;
    Ok(Arc::new(StructArray::try_new_with_length(fields.clone(), columns, nulls, selection.count())?))
}

/// Lists.
pub(crate) fn list<O: Offset>(
    field: &FieldRef,
    column: &[ArrayRef],
    selection: &Selection,
    ctx: &Context,
) -> Result<ArrayRef> {
    let chunks: Vec<&GenericListArray<O>> = column.iter().map(|chunk| chunk.as_list::<O>()).collect();
    let offsets: Vec<&[O]> = chunks.iter().map(|chunk| chunk.value_offsets()).collect();
    let children: Vec<ArrayRef> = chunks.iter().map(|chunk| chunk.values().clone()).collect();
    let (offsets, values) = items(&offsets, &children, column, selection, ctx)?;
    let nulls = nulls(column, selection, ctx)?;
    Ok(Arc::new(GenericListArray::<O>::try_new(field.clone(), offsets, values, nulls)?))
}

/// Maps.
pub(crate) fn map(
    field: &FieldRef,
    ordered: bool,
    column: &[ArrayRef],
    selection: &Selection,
    ctx: &Context,
) -> Result<ArrayRef> {
    let chunks: Vec<&MapArray> = column.iter().map(|chunk| chunk.as_map()).collect();
    let offsets: Vec<&[i32]> = chunks.iter().map(|chunk| chunk.value_offsets()).collect();
    let children: Vec<ArrayRef> = chunks.iter().map(|chunk| Arc::new(chunk.entries().clone()) as ArrayRef).collect();
    let (offsets, entries) = items(&offsets, &children, column, selection, ctx)?;
    let nulls = nulls(column, selection, ctx)?;
    Ok(Arc::new(MapArray::try_new(field.clone(), offsets, entries.as_struct().clone(), nulls, ordered)?))
}

/// The items of the selected lists, and where each list ends.
fn items<O: Offset>(
    offsets: &[&[O]],
    children: &[ArrayRef],
    column: &[ArrayRef],
    selection: &Selection,
    ctx: &Context,
) -> Result<(OffsetBuffer<O>, ArrayRef)> {
    let inner = selection.children(|chunk, row| offsets[chunk][row].as_usize(), ctx)?;
    if O::try_of(inner.count()).is_none() {
        let (count, name) = (inner.count(), column[0].data_type());
        return Err(Error::invalid_argument(format!("{count} items do not fit one {name}; use a large list")));
    }
    let (mut out, _memory) = ctx.memory().large::<O>(selection.count() + 1, "the lists that a filter keeps")?;
    let pieces = selection.pieces();
    // Lengths first, as each piece knows them alone; then their sums, one after the other.
    ctx.for_each(split(&mut out[1..], selection, 1), |i, out| {
        let from = &offsets[pieces[i].chunk][pieces[i].start..=pieces[i].start + pieces[i].rows];
        let mut at = 0;
        let mut lengths = |first: usize, end: usize| {
            let rows = from[first..=end].windows(2);
            out[at..at + end - first].iter_mut().zip(rows).for_each(|(out, w)| *out = w[1] - w[0]);
            at += end - first;
        };
        match &pieces[i].mask {
            None => lengths(0, pieces[i].rows),
            Some(mask) => crate::bitmap::runs(mask, lengths),
        }
        Ok(())
    })?;
    let mut total = O::zero();
    for offset in out.iter_mut() {
        total += *offset;
        *offset = total;
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(Buffer::from(out.into_bytes())));
    Ok((offsets, select(children, &inner, ctx)?))
}

/// Lists of a fixed size.
pub(crate) fn fixed_list(
    field: &FieldRef,
    size: i32,
    column: &[ArrayRef],
    selection: &Selection,
    ctx: &Context,
) -> Result<ArrayRef> {
    let children: Vec<ArrayRef> = column.iter().map(|chunk| chunk.as_fixed_size_list().values().clone()).collect();
    let width = size as usize;
    let inner = selection.children(|_, row| row * width, ctx)?;
    let values = select(&children, &inner, ctx)?;
    let nulls = nulls(column, selection, ctx)?;
    Ok(Arc::new(FixedSizeListArray::try_new_with_length(field.clone(), size, values, nulls, selection.count())?))
}
