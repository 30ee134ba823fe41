//! Dictionary pages: the values of a chunk, where all of its pages refer to one.

use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, FixedSizeBinaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{
    ArrayRef, Decimal128Array, Float16Array, Float32Array, Float64Array, Int32Array, Int64Array, UInt32Array,
    UInt64Array, new_null_array,
};
use arrow_schema::DataType;
use half::f16;
use parquet::basic::{Encoding, PageType, Type};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescriptor;
use pf_base::Result;
use pf_compute_core::{Bound, Compiled, Value, cast};

use super::super::{expand, page};
use super::Group;
use super::bounds::{Raw, decimal};
use super::predicate::Condition;
use crate::parquet::parquet_error;

/// Dictionaries of more bytes are not looked at.
const MOST: i64 = 1 << 20;

/// Nor those that are unpacked to more.
const MOST_UNPACKED: u64 = 8 << 20;

impl Group<'_> {
    /// Whether a value of the only column that a condition reads makes it true; none where the column chunk has no
    /// dictionary of all of its values, or one that is not worth looking at.
    pub(super) fn dictionary_matches(&self, condition: &Condition, bounds: &[Bound]) -> Result<Option<bool>> {
        let Some((column, test)) = &condition.alone else { return Ok(None) };
        let Some((chunk, _, data_type, to)) = self.chunk(*column) else { return Ok(None) };
        let Some(length) = self.length_of(chunk) else { return Ok(None) };
        let Some(mut values) = self.values(chunk, length, data_type)? else { return Ok(None) };
        for to in [Some(data_type), to].into_iter().flatten() {
            match cast(&Value::Array(values), to, false) {
                Ok(value) => values = value.inner().clone(),
                Err(_) => return Ok(None),
            }
        }
        let nulls = bounds.get(*column).is_none_or(|bound| bound.nulls);
        let null = nulls.then(|| new_null_array(values.data_type(), 1));
        Ok(Some([Some(values), null].into_iter().flatten().any(|values| any_matches(test, values))))
    }

    /// The length of the dictionary page of a chunk, if all of its data pages refer to it and it is small beside what
    /// it may save.
    fn length_of(&self, chunk: &ColumnChunkMetaData) -> Option<i64> {
        let length = chunk.data_page_offset().checked_sub(chunk.dictionary_page_offset()?)?;
        let small = length > 0 && length <= MOST.min(self.meta.compressed_size() / 4);
        (small && refers_to_dictionary(chunk)).then_some(length)
    }

    /// The values of the dictionary in a type from which there is a conversion to `data_type`; none where there is no
    /// such type.
    fn values(&self, chunk: &ColumnChunkMetaData, length: i64, data_type: &DataType) -> Result<Option<ArrayRef>> {
        let held = self.read(chunk.dictionary_page_offset(), Some(length), "a dictionary page")?;
        let failed = |e| parquet_error(self.place(), &e);
        // The decoder allocates what the header says.
        let Some(header) = page::header(&held.bytes).map_err(failed)? else { return Ok(None) };
        let unpacked = header.unpacked as u64;
        let Some(page) = held.bytes.get(header.len..).filter(|_| unpacked <= MOST_UNPACKED) else { return Ok(None) };
        let room = expand::check(chunk.compression(), &header, page.get(..header.packed).unwrap_or(page), 0);
        let room = room.map_err(failed)?;
        let _room = self.ctx.memory().reserve(4 * unpacked + room, "a dictionary page")?;
        let mut reader = SerializedPageReader::new(Arc::new(held), chunk, 0, None).map_err(failed)?;
        match reader.get_next_page().map_err(failed)? {
            Some(Page::DictionaryPage {
                buf,
                num_values,
                encoding: Encoding::PLAIN | Encoding::PLAIN_DICTIONARY,
                ..
            }) => {
                let values = decode(&buf, chunk.column_descr(), data_type);
                Ok(values.filter(|values| u32::try_from(values.len()) == Ok(num_values)))
            }
            _ => Ok(None),
        }
    }
}

/// Whether a condition is true for a value. One that fails on a value is to fail where rows have it.
fn any_matches(test: &Compiled, values: ArrayRef) -> bool {
    let rows = values.len();
    match test.block(&[values], rows) {
        Ok(value) => value.inner().as_boolean_opt().is_none_or(|found| found.true_count() > 0),
        Err(_) => true,
    }
}

/// Whether all data pages of a chunk are known to refer to its dictionary.
fn refers_to_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    let refers = |encoding| matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY);
    if let Some(mask) = chunk.page_encoding_stats_mask() {
        return mask.as_i32() != 0 && mask.encodings().all(refers);
    }
    let Some(pages) = chunk.page_encoding_stats() else { return false };
    let mut data =
        pages.iter().filter(|p| matches!(p.page_type, PageType::DATA_PAGE | PageType::DATA_PAGE_V2)).peekable();
    data.peek().is_some() && data.all(|page| page.count == 0 || refers(page.encoding))
}

/// Plain values of a column as an array of their own type, or of one from which there is a conversion that keeps what
/// they mean; none where there is no such type.
fn decode(bytes: &[u8], column: &ColumnDescriptor, data_type: &DataType) -> Option<ArrayRef> {
    use DataType as D;
    let data_type = match data_type {
        D::Dictionary(_, values) => values,
        other => other,
    };
    let width = usize::try_from(column.type_length()).ok().filter(|width| *width > 0);
    Some(match (column.physical_type(), data_type) {
        (Type::INT32, D::UInt8 | D::UInt16 | D::UInt32) => {
            Arc::new(UInt32Array::from_iter_values(fixed(bytes)?.map(u32::from_le_bytes)))
        }
        (Type::INT32, D::Decimal32(p, s) | D::Decimal64(p, s) | D::Decimal128(p, s)) => {
            decimals(fixed(bytes)?.map(|v| Some(i32::from_le_bytes(v).into())), *p, *s)?
        }
        (Type::INT32, D::Date64) => {
            let days: ArrayRef = Arc::new(Int32Array::from_iter_values(fixed(bytes)?.map(i32::from_le_bytes)));
            cast(&Value::Array(days), &D::Date32, false).ok()?.inner().clone()
        }
        (Type::INT32, D::Int8 | D::Int16 | D::Int32 | D::Date32 | D::Time32(_)) => {
            Arc::new(Int32Array::from_iter_values(fixed(bytes)?.map(i32::from_le_bytes)))
        }
        (Type::INT64, D::UInt64) => Arc::new(UInt64Array::from_iter_values(fixed(bytes)?.map(u64::from_le_bytes))),
        (Type::INT64, D::Decimal64(p, s) | D::Decimal128(p, s)) => {
            decimals(fixed(bytes)?.map(|v| Some(i64::from_le_bytes(v).into())), *p, *s)?
        }
        (Type::INT64, D::Int64 | D::Date64 | D::Time64(_) | D::Timestamp(..) | D::Duration(_)) => {
            Arc::new(Int64Array::from_iter_values(fixed(bytes)?.map(i64::from_le_bytes)))
        }
        (Type::FLOAT, D::Float32) => Arc::new(Float32Array::from_iter_values(fixed(bytes)?.map(f32::from_le_bytes))),
        (Type::DOUBLE, D::Float64) => Arc::new(Float64Array::from_iter_values(fixed(bytes)?.map(f64::from_le_bytes))),
        (Type::BYTE_ARRAY, D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Binary | D::LargeBinary | D::BinaryView) => {
            texts(bytes)?
        }
        (Type::FIXED_LEN_BYTE_ARRAY, D::Float16) if width == Some(2) => {
            Arc::new(Float16Array::from_iter_values(fixed(bytes)?.map(f16::from_le_bytes)))
        }
        (Type::FIXED_LEN_BYTE_ARRAY, D::Decimal128(p, s)) => {
            let digits = bytes.chunks_exact(width?);
            let whole = digits.remainder().is_empty();
            decimals(digits.map(|v| decimal(Raw::Bytes(v), column)).take_while(|_| whole), *p, *s)?
        }
        (Type::FIXED_LEN_BYTE_ARRAY, D::FixedSizeBinary(size)) if usize::try_from(*size).ok() == width => {
            let mut values = FixedSizeBinaryBuilder::with_capacity(bytes.len().div_ceil(width?.max(1)), *size);
            bytes.chunks(width?).try_for_each(|value| values.append_value(value)).ok()?;
            Arc::new(values.finish())
        }
        _ => return None,
    })
}

/// The values of so many bytes each; none where bytes are left over.
fn fixed<const N: usize>(bytes: &[u8]) -> Option<impl Iterator<Item = [u8; N]>> {
    let (values, rest) = bytes.as_chunks::<N>();
    rest.is_empty().then(|| values.iter().copied())
}

fn decimals(values: impl Iterator<Item = Option<i128>>, precision: u8, scale: i8) -> Option<ArrayRef> {
    let values: Option<Vec<i128>> = values.collect();
    Some(Arc::new(Decimal128Array::from(values?).with_precision_and_scale(precision, scale).ok()?))
}

/// Values that stand behind their lengths.
fn texts(mut bytes: &[u8]) -> Option<ArrayRef> {
    let mut values = BinaryBuilder::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        values.append_value(value);
        bytes = rest;
    }
    Some(Arc::new(values.finish()))
}
