//! How many bytes the rows of an array hold, whatever else its buffers do.

use arrow_array::cast::AsArray;
use arrow_array::types::{BinaryViewType, ByteViewType, StringViewType};
use arrow_array::{Array, GenericByteViewArray, OffsetSizeTrait, RecordBatch};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;

/// The bytes of all rows of a batch. Time grows with the rows of string views and with the number of arrays.
pub(super) fn batch_weight(batch: &RecordBatch) -> u64 {
    batch.columns().iter().map(|column| weight(column)).sum()
}

/// The bytes of the rows of `array`: values, offsets and validity, of slices only what they show.
///
/// Rows of a dictionary count with their keys and their share of the values, as if every value were used alike.
pub(super) fn weight(array: &dyn Array) -> u64 {
    let rows = array.len() as u64;
    let validity = if array.nulls().is_some() { rows.div_ceil(8) } else { 0 };
    let values = match array.data_type() {
        DataType::Utf8 => spanned(array.as_string::<i32>().value_offsets()),
        DataType::LargeUtf8 => spanned(array.as_string::<i64>().value_offsets()),
        DataType::Binary => spanned(array.as_binary::<i32>().value_offsets()),
        DataType::LargeBinary => spanned(array.as_binary::<i64>().value_offsets()),
        DataType::Utf8View => viewed(array.as_byte_view::<StringViewType>()),
        DataType::BinaryView => viewed(array.as_byte_view::<BinaryViewType>()),
        DataType::List(_) => below(array.as_list::<i32>().values().as_ref(), array.as_list::<i32>().value_offsets()),
        DataType::LargeList(_) => {
            below(array.as_list::<i64>().values().as_ref(), array.as_list::<i64>().value_offsets())
        }
        DataType::Map(_, _) => below(array.as_map().entries(), array.as_map().value_offsets()),
        DataType::FixedSizeList(_, _) => weight(array.as_fixed_size_list().values().as_ref()),
        DataType::ListView(_) => {
            let list = array.as_list_view::<i32>();
            share(list.values().as_ref(), total(list.sizes())) + 8 * rows
        }
        DataType::LargeListView(_) => {
            let list = array.as_list_view::<i64>();
            share(list.values().as_ref(), total(list.sizes())) + 16 * rows
        }
        DataType::Struct(_) => array.as_struct().columns().iter().map(|child| weight(child)).sum(),
        DataType::Dictionary(keys, _) => {
            let dictionary = array.as_any_dictionary();
            let width = keys.primitive_width().unwrap_or(8) as u64;
            share(dictionary.values().as_ref(), rows) + width * rows
        }
        DataType::Boolean => rows.div_ceil(8),
        DataType::FixedSizeBinary(width) => rows * u64::try_from(*width).unwrap_or(0),
        other => match other.primitive_width() {
            Some(width) => rows * width as u64,
            // Run ends, and whatever is still to come.
            None => array.get_buffer_memory_size() as u64,
        },
    };
    values + validity
}

/// Offsets and the bytes between the first and the last.
fn spanned<O: OffsetSizeTrait>(offsets: &[O]) -> u64 {
    let (first, last) = (offsets.first(), offsets.last());
    let bytes = first.zip(last).map_or(0, |(first, last)| last.as_usize() - first.as_usize());
    bytes as u64 + size_of_val(offsets) as u64
}

fn viewed<T: ByteViewType + ?Sized>(array: &GenericByteViewArray<T>) -> u64 {
    // The length is the low half of a view; up to twelve bytes stand in it.
    let outside = |view: &u128| u64::from(*view as u32);
    let bytes: u64 = array.views().iter().map(outside).filter(|length| *length > 12).sum();
    bytes + 16 * array.len() as u64
}

fn below<O: OffsetSizeTrait>(values: &dyn Array, offsets: &[O]) -> u64 {
    let (Some(first), Some(last)) = (offsets.first(), offsets.last()) else { return 0 };
    let (first, last) = (first.as_usize(), last.as_usize());
    weight(values.slice(first, last - first).as_ref()) + size_of_val(offsets) as u64
}

/// What so many of the values weigh.
fn share(values: &dyn Array, rows: u64) -> u64 {
    let all = values.len() as u64;
    if all == 0 { 0 } else { (u128::from(weight(values)) * u128::from(rows) / u128::from(all)) as u64 }
}

fn total<O: OffsetSizeTrait>(sizes: &ScalarBuffer<O>) -> u64 {
    sizes.iter().map(|size| size.as_usize() as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::types::Int32Type;
    use arrow_array::{
        ArrayRef, DictionaryArray, Int8Array, Int64Array, ListArray, StringArray, StringViewArray, StructArray,
    };
    use arrow_schema::Field;
    use std::sync::Arc;

    #[test]
    fn only_what_a_slice_shows_counts() {
        let numbers = Int64Array::from_iter((0..100).map(|i| (i % 2 == 0).then_some(i)));
        assert_eq!(weight(&numbers.slice(10, 16)), 16 * 8 + 2);
        let text = StringArray::from_iter_values((0..100).map(|i| "x".repeat(i)));
        assert_eq!(weight(&text.slice(1, 3)), 1 + 2 + 3 + 4 * 4);
        let views = StringViewArray::from_iter_values(["short", "a text that is longer"]);
        assert_eq!(weight(&views), 21 + 32);
        assert_eq!(weight(&views.slice(0, 1)), 16);
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>((0..10).map(|i| Some(vec![Some(7); i])));
        let shown = lists.slice(2, 2);
        assert_eq!(weight(&shown) - weight(&shown.slice(0, 0)), 5 * 4 + 2 * 4);
        let field = Arc::new(Field::new("a", numbers.data_type().clone(), true));
        let outer = StructArray::from(vec![(field, Arc::new(numbers) as ArrayRef)]);
        assert_eq!(weight(&outer.slice(0, 8)), 64 + 1);
        let few = DictionaryArray::new(Int8Array::from(vec![0, 1, 1, 0]), Arc::new(Int64Array::from(vec![1, 2])));
        assert_eq!(weight(&few), 4 + 4 * 8);
    }
}
