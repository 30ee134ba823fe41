//! Chunks of a column as one array.

use arrow_array::ArrayRef;
use pf_base::{Context, Error, Result};

use crate::filter::{Selection, select};

/// The rows of all chunks, in order. Chunks are of one type; dictionaries that differ are merged.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for no chunk, chunks of different types, and more bytes or
/// items than the offsets of the type count; [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub fn concat(chunks: &[ArrayRef], ctx: &Context) -> Result<ArrayRef> {
    let first = chunks.first().ok_or_else(|| Error::invalid_argument("nothing to concatenate"))?;
    if let Some(other) = chunks.iter().find(|chunk| chunk.data_type() != first.data_type()) {
        let (a, b) = (first.data_type(), other.data_type());
        return Err(Error::wrong_type(format!("cannot concatenate {a} and {b}; chunks of a column have one type")));
    }
    if chunks.len() == 1 {
        return Ok(first.clone());
    }
    let lengths: Vec<usize> = chunks.iter().map(|chunk| chunk.len()).collect();
    let ctx = &ctx.for_work(lengths.iter().sum::<usize>() as u64);
    select(chunks, &Selection::all(&lengths, ctx)?, ctx)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int8Type;
    use arrow_array::{Array, BinaryArray, DictionaryArray, Int32Array, StringArray};
    use pf_base::Code;

    use super::*;
    use crate::filter::tests::columns;

    #[test]
    fn every_type_as_arrow_concatenates_it() {
        for (sizes, seed) in [(vec![0, 90_000, 0, 1, 70_003], 1), (vec![3, 5], 2), (vec![0, 0], 3)] {
            let chunks: Vec<Vec<ArrayRef>> = sizes
                .iter()
                .zip(seed..)
                .map(|(rows, seed)| columns(rows + 4, seed % 3, seed).iter().map(|c| c.slice(3, *rows)).collect())
                .collect();
            for c in 0..chunks[0].len() {
                let column: Vec<ArrayRef> = chunks.iter().map(|chunk| chunk[c].clone()).collect();
                let parts: Vec<&dyn Array> = column.iter().map(AsRef::as_ref).collect();
                let want = arrow_select::concat::concat(&parts).unwrap();
                for threads in [1, 2, 7] {
                    let got = concat(&column, &Context::default().with_threads(threads)).unwrap();
                    got.to_data().validate_full().unwrap();
                    assert!(got.as_ref() == want.as_ref(), "{}", want.data_type());
                }
            }
        }
    }

    #[test]
    fn different_dictionaries_are_merged() {
        let chunks: Vec<ArrayRef> = [["a", "b", "a"], ["c", "b", "c"]]
            .into_iter()
            .map(|words| Arc::new(words.into_iter().collect::<DictionaryArray<Int8Type>>()) as ArrayRef)
            .collect();
        let got = concat(&chunks, &Context::default()).unwrap();
        let text = arrow_cast::cast(&got, &arrow_schema::DataType::Utf8).unwrap();
        assert!(text.as_ref() == &StringArray::from(vec!["a", "b", "a", "c", "b", "c"]) as &dyn Array);
    }

    #[test]
    fn what_cannot_be_one_array_is_named() {
        let ctx = Context::default();
        assert_eq!(concat(&[], &ctx).unwrap_err().code(), Code::InvalidArgument);
        let (a, b): (ArrayRef, ArrayRef) =
            (Arc::new(Int32Array::from(vec![1])), Arc::new(StringArray::from(vec!["a"])));
        let e = concat(&[a, b], &ctx).unwrap_err();
        assert_eq!(e.message(), "cannot concatenate Int32 and Utf8; chunks of a column have one type");

        // One gigabyte, three times: nothing is copied before the sum is known.
        let big: ArrayRef = Arc::new(BinaryArray::from_iter_values([vec![0u8; 1 << 30]]));
        let e = concat(&[big.clone(), big.clone(), big], &ctx).unwrap_err();
        assert_eq!(e.message(), "3221225472 bytes do not fit one binary array, which ends at 2 GiB; use large_binary");
    }
}
