//! Which columns of a row group are dictionary-encoded.
//!
//! The crate begins every column with a dictionary and gives it up once it is too large, after most of the time has
//! gone into it. Here a few rows tell before the first is encoded.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, OffsetSizeTrait, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_writer::ArrowRowGroupWriterFactory;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use pf_base::{Context, Error, Result};

use super::encode::{Column, write_error};
use super::file::Format;
use super::weight::weight;

/// Rows that are looked at, and how they are spread over the first of a row group.
const BLOCKS: usize = 16;
const BLOCK_ROWS: usize = 64;

/// Factories that are kept, one per choice of columns.
const MOST_FACTORIES: usize = 16;

/// Makes the columns of row groups.
#[derive(Default)]
pub(super) struct Factories(HashMap<Vec<bool>, ArrowRowGroupWriterFactory>);

impl Factories {
    /// The columns of a row group that begins with `rows`.
    pub(super) fn columns(&mut self, format: &Format, rows: &RecordBatch, ctx: &Context) -> Result<Vec<Column>> {
        let choice = choice(format, rows, ctx)?;
        if self.0.len() >= MOST_FACTORIES && !self.0.contains_key(&choice) {
            self.0.clear();
        }
        let factory = match self.0.entry(choice) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let made = factory(format, place.key()).map_err(|e| write_error(&e))?;
                place.insert(made)
            }
        };
        let mut writers = factory.create_column_writers(0).map_err(|e| write_error(&e))?.into_iter();
        Ok(format.parts.iter().map(|part| Column::new(writers.by_ref().take(part.leaves).collect())).collect())
    }
}

/// A factory of columns some of which have no dictionary whatever the settings say.
fn factory(format: &Format, dictionaries: &[bool]) -> Result<ArrowRowGroupWriterFactory, ParquetError> {
    let mut properties = format.properties.clone();
    if dictionaries.contains(&false) {
        let mut builder = properties.as_ref().clone().into_builder();
        for (leaf, _) in format.leaves.iter().zip(dictionaries).filter(|(_, dictionary)| !**dictionary) {
            builder = builder.set_column_dictionary_enabled(leaf.clone(), false);
        }
        properties = builder.build().into();
    }
    // Only a writer gives the schema and the settings to a factory; what this one writes goes nowhere.
    let writer = SerializedFileWriter::new(std::io::sink(), format.root.clone(), properties)?;
    Ok(ArrowRowGroupWriterFactory::new(&writer, format.schema.clone()))
}

/// For every leaf whether it may have a dictionary.
fn choice(format: &Format, rows: &RecordBatch, ctx: &Context) -> Result<Vec<bool>> {
    let Some(limit) = format.dictionary_limit else { return Ok(vec![true; format.leaves.len()]) };
    let ctx = &ctx.for_work((format.parts.len() * BLOCKS * BLOCK_ROWS) as u64);
    let of_parts = ctx.map(format.parts.len(), |number| {
        let part = &format.parts[number];
        let column = rows.columns().get(part.root).ok_or_else(|| Error::internal("a batch without its column"))?;
        let mut found = Vec::with_capacity(part.leaves);
        leaves(&part.of(column)?, &mut found);
        let fits = |leaf: Option<ArrayRef>| leaf.is_none_or(|leaf| fits(&leaf, limit, ctx));
        let mut choice: Vec<bool> = found.into_iter().map(fits).collect();
        choice.resize(part.leaves, true);
        Ok(choice)
    })?;
    Ok(of_parts.concat())
}

/// The arrays without children below `array`; none where its rows are not as they stand in Parquet.
fn leaves(array: &ArrayRef, found: &mut Vec<Option<ArrayRef>>) {
    match array.data_type() {
        DataType::Struct(_) => array.as_struct().columns().iter().for_each(|child| leaves(child, found)),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            leaves(&shown(list.values().as_ref(), list.value_offsets()), found);
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            leaves(&shown(list.values().as_ref(), list.value_offsets()), found);
        }
        DataType::FixedSizeList(_, _) => leaves(array.as_fixed_size_list().values(), found),
        DataType::Map(_, _) => {
            let map = array.as_map();
            leaves(&shown(map.entries(), map.value_offsets()), found);
        }
        // Of one leaf all the same, or of several for which nothing is found.
        other if other.is_nested() || matches!(other, DataType::Dictionary(_, _)) => found.push(None),
        _ => found.push(Some(array.clone())),
    }
}

/// The values that a list shows.
fn shown<O: OffsetSizeTrait>(values: &dyn Array, offsets: &[O]) -> ArrayRef {
    let (first, last) = (offsets.first(), offsets.last());
    let (first, last) = first.zip(last).map_or((0, 0), |(first, last)| (first.as_usize(), last.as_usize()));
    values.slice(first, last - first)
}

/// Whether the distinct values of a column probably fit into a dictionary of `limit` bytes.
///
/// Their number is estimated from how many values of a sample occur once and how many twice: A. Chao, "Nonparametric
/// Estimation of the Number of Classes in a Population", Scandinavian Journal of Statistics 11 (1984).
fn fits(leaf: &ArrayRef, limit: u64, ctx: &Context) -> bool {
    let rows = leaf.len();
    let step = (rows / BLOCKS).max(BLOCK_ROWS);
    let mut hashes = Vec::with_capacity(BLOCKS * BLOCK_ROWS);
    for start in (0..rows).step_by(step).take(BLOCKS) {
        let block = leaf.slice(start, BLOCK_ROWS.min(rows - start));
        // Types without hashes keep what the crate does.
        let Ok(block_hashes) = pf_compute_core::hash(std::slice::from_ref(&block), ctx) else { return true };
        hashes.extend((0..block.len()).filter(|row| block.is_valid(*row)).map(|row| block_hashes.value(row)));
    }
    if hashes.is_empty() {
        return true;
    }
    hashes.sort_unstable();
    let (mut distinct, mut once, mut twice) = (0_u64, 0_u64, 0_u64);
    for equal in hashes.chunk_by(|a, b| a == b) {
        distinct += 1;
        once += u64::from(equal.len() == 1);
        twice += u64::from(equal.len() == 2);
    }
    let unseen = once * once.saturating_sub(1) / (2 * (twice + 1));
    let valid = (rows - leaf.null_count()).max(1) as u64;
    let width = weight(leaf).div_ceil(valid);
    (distinct + unseen) * width <= limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float32Array, Int64Array, ListArray, NullArray, StringArray, types::Float32Type};
    use std::sync::Arc;

    fn fit(array: impl Array + 'static) -> bool {
        let mut found = Vec::new();
        leaves(&(Arc::new(array) as ArrayRef), &mut found);
        found.pop().flatten().is_none_or(|leaf| fits(&leaf, 1 << 20, &Context::default()))
    }

    #[test]
    fn unique_values_have_no_dictionary_and_few_have_one() {
        let numbers = |distinct: i64| Int64Array::from_iter_values((0..16_384).map(|i| i * 7919 % distinct));
        assert!(fit(numbers(1000)) && !fit(numbers(1 << 40)));
        // Runs of a column that is sorted.
        assert!(fit(Int64Array::from_iter_values((0..16_384).map(|i| i / 10))));
        let texts =
            |distinct: usize| StringArray::from_iter_values((0..16_384).map(|i| format!("{}", i * 7919 % distinct)));
        assert!(fit(texts(500)) && !fit(texts(1 << 40)));
        let vectors = (0..2000).map(|i| Some((0..16).map(|j| Some((i * 16 + j) as f32)).collect::<Vec<_>>()));
        let vectors = ListArray::from_iter_primitive::<Float32Type, _, _>(vectors);
        assert!(fit(vectors.slice(7, 1)) && !fit(vectors));
        assert!(fit(Float32Array::new_null(1000)) && fit(NullArray::new(5)) && fit(numbers(7).slice(0, 0)));
        assert!(fit(numbers(1 << 40).slice(3, 20)), "a table of few rows");
    }
}
