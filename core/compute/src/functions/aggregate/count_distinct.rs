//! How many different values there are, exactly, and which is the most frequent.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, PrimitiveArray, new_null_array};
use arrow_row::{RowConverter, SortField};
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Context, Error, Result};

use super::byte_set::ByteSet;
use super::extremes::bytes_row;
use super::word_set::WordSet;
use super::words::{Word, is_word, with_word};
use crate::{Call, Holistic};

/// Rows that a thread takes at a time.
pub(super) const UNIT: usize = 1 << 16;

/// Computes `count_distinct`.
pub(super) fn count_distinct(call: &Call<'_>) -> Result<Box<dyn Holistic>> {
    let from = call.arguments.first().map_or(&DataType::Null, |a| &a.data_type);
    let of = if let DataType::Dictionary(_, values) = from { values } else { from };
    Ok(Box::new(Distinct { values: Values::new(of, false), mode: None }))
}

/// Computes `mode`.
pub(super) fn mode(call: &Call<'_>) -> Result<Box<dyn Holistic>> {
    Ok(Box::new(Distinct { values: Values::new(call.result, true), mode: Some(call.result.clone()) }))
}

/// The different values so far.
enum Values {
    /// None but null.
    None,
    /// How often false and true came.
    Truth([u64; 2]),
    Words(WordSet),
    Bytes(ByteSet),
}

impl Values {
    fn new(data_type: &DataType, counting: bool) -> Self {
        match data_type {
            DataType::Null => Self::None,
            DataType::Boolean => Self::Truth([0; 2]),
            other if is_word(other) => Self::Words(WordSet::new(counting, !other.is_floating())),
            _ => Self::Bytes(ByteSet::new(counting)),
        }
    }
}

struct Distinct {
    values: Values,
    /// The type of the most frequent value, if that is wanted.
    mode: Option<DataType>,
}

/// The values that a dictionary array uses.
fn used(array: &ArrayRef) -> Result<ArrayRef> {
    let Some(dictionary) = array.as_any_dictionary_opt() else { return Ok(array.clone()) };
    let values = dictionary.values();
    let mut used = vec![false; values.len()];
    if !values.is_empty() {
        for (row, key) in dictionary.normalized_keys().into_iter().enumerate() {
            if array.is_valid(row) {
                used[key] = true;
            }
        }
    }
    Ok(arrow_select::filter::filter(values.as_ref(), &BooleanArray::from(used))?)
}

impl Holistic for Distinct {
    fn update(&mut self, pieces: &[Vec<ArrayRef>], ctx: &Context) -> Result<()> {
        let arrays: Vec<&ArrayRef> = pieces.iter().filter_map(|piece| piece.first()).collect();
        let arrays = ctx.map(arrays.len(), |i| used(arrays[i]))?;
        let mut units = Vec::new();
        for array in arrays {
            let starts = (0..array.len()).step_by(UNIT);
            units.extend(starts.map(|start| array.slice(start, UNIT.min(array.len() - start))));
        }
        match &mut self.values {
            Values::None => Ok(()),
            Values::Truth(counts) => {
                for unit in &units {
                    let unit = unit.as_boolean();
                    let yes = unit.true_count() as u64;
                    counts[1] += yes;
                    counts[0] += (unit.len() - unit.null_count()) as u64 - yes;
                }
                Ok(())
            }
            Values::Words(set) => set.add(&units, ctx),
            Values::Bytes(set) => set.add(&units, ctx),
        }
    }

    fn finish(self: Box<Self>, _: &Context) -> Result<ArrayRef> {
        if let Some(result) = &self.mode {
            return self.values.most_frequent(result);
        }
        let count = match &self.values {
            Values::None => 0,
            Values::Truth(counts) => counts.iter().filter(|count| **count > 0).count() as u64,
            Values::Words(set) => set.count(),
            Values::Bytes(set) => set.count(),
        };
        Ok(Arc::new(Int64Array::from(vec![count as i64])))
    }
}

impl Values {
    /// The most frequent value, the least of several.
    fn most_frequent(&self, result: &DataType) -> Result<ArrayRef> {
        match self {
            Self::None => Ok(new_null_array(result, 1)),
            Self::Truth([0, 0]) => Ok(new_null_array(result, 1)),
            Self::Truth([no, yes]) => Ok(Arc::new(BooleanArray::from(vec![yes > no]))),
            Self::Words(set) => {
                let word = set.most_frequent();
                macro_rules! of_type {
                    ($type:ty) => {{
                        let value = word.map(<$type as ArrowPrimitiveType>::Native::value);
                        let array: PrimitiveArray<$type> = [value].into_iter().collect();
                        Ok(Arc::new(array.with_data_type(result.clone())))
                    }};
                }
                with_word!(result, of_type, Err(Error::internal(format!("{result} has no words"))))
            }
            Self::Bytes(set) => {
                let bytes = set.most_frequent();
                match (result, bytes) {
                    (_, None) => Ok(new_null_array(result, 1)),
                    (
                        DataType::Utf8
                        | DataType::LargeUtf8
                        | DataType::Utf8View
                        | DataType::Binary
                        | DataType::LargeBinary
                        | DataType::BinaryView
                        | DataType::FixedSizeBinary(_),
                        bytes,
                    ) => bytes_row(bytes, result),
                    (other, Some(bytes)) => {
                        let converter = RowConverter::new(vec![SortField::new(other.clone())])?;
                        let parser = converter.parser();
                        let mut arrays = converter.convert_rows([parser.parse(bytes)])?;
                        arrays.pop().ok_or_else(|| Error::internal("a row without a column"))
                    }
                }
            }
        }
    }
}
