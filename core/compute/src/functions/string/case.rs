//! Functions that change or measure the whole of a text: lower, upper, length, reverse.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::kernel;
use crate::text::{Texts, characters, map_bytes, write_rows};
use crate::types::name;
use crate::{Call, ScalarKernel};

pub(super) fn lower(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(change_case(call, <[u8]>::make_ascii_lowercase, str::to_lowercase))
}

pub(super) fn upper(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(change_case(call, <[u8]>::make_ascii_uppercase, str::to_uppercase))
}

fn change_case(call: &Call<'_>, ascii: fn(&mut [u8]), all: fn(&str) -> String) -> ScalarKernel {
    kernel(call, move |values, block, result| {
        let texts = Texts::of(&values[0])?;
        if texts.is_ascii()
            && let Some(array) = map_bytes(&texts, block, ascii)?
        {
            return Ok(array);
        }
        write_rows(block, result, |row, output| {
            let text = texts.get(row);
            if text.is_ascii() {
                output.push(text)?;
                ascii(output.row());
            } else {
                output.push(&all(text))?;
            }
            Ok(true)
        })
    })
}

pub(super) fn reverse(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, result| {
        let texts = Texts::of(&values[0])?;
        let ascii = texts.is_ascii();
        write_rows(block, result, |row, output| {
            let text = texts.get(row);
            if ascii || text.is_ascii() {
                output.push(text)?;
                output.row().reverse();
            } else {
                for character in text.chars().rev() {
                    output.push(character.encode_utf8(&mut [0; 4]))?;
                }
            }
            Ok(true)
        })
    }))
}

pub(super) fn length(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, _| {
        let texts = Texts::of(&values[0])?;
        let counts = if texts.is_ascii() {
            byte_lengths(values[0].inner())?
        } else {
            texts.numbers(block, |text| characters(text) as i64)
        };
        Ok(Arc::new(Int64Array::try_new(counts, block.nulls.clone())?))
    }))
}

pub(super) fn octet_length(call: &Call<'_>) -> Result<ScalarKernel> {
    Ok(kernel(call, |values, block, _| {
        let lengths = byte_lengths(values[0].inner())?;
        Ok(Arc::new(Int64Array::try_new(lengths, block.nulls.clone())?))
    }))
}

fn byte_lengths(array: &ArrayRef) -> Result<ScalarBuffer<i64>> {
    fn small(offsets: &[i32]) -> ScalarBuffer<i64> {
        offsets.windows(2).map(|w| i64::from(w[1] - w[0])).collect()
    }
    fn large(offsets: &[i64]) -> ScalarBuffer<i64> {
        offsets.windows(2).map(|w| w[1] - w[0]).collect()
    }
    // The lowest 32 bits of a view are its length.
    fn view(views: &[u128]) -> ScalarBuffer<i64> {
        views.iter().map(|&v| i64::from(v as u32)).collect()
    }
    Ok(match array.data_type() {
        DataType::Utf8 => small(array.as_string::<i32>().value_offsets()),
        DataType::Binary => small(array.as_binary::<i32>().value_offsets()),
        DataType::LargeUtf8 => large(array.as_string::<i64>().value_offsets()),
        DataType::LargeBinary => large(array.as_binary::<i64>().value_offsets()),
        DataType::Utf8View => view(array.as_string_view().views()),
        DataType::BinaryView => view(array.as_binary_view().views()),
        DataType::FixedSizeBinary(size) => std::iter::repeat_n(i64::from(*size), array.len()).collect(),
        other => return Err(Error::wrong_type(format!("cannot take {}; takes string or binary", name(other)))),
    })
}
