//! Typed statistics: one row per row group, the bounds of each column in its own Arrow type.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pf_base::{Context, Error, Reservation, Result};

use super::chunks::Run;
use super::{CHUNKS, Source};
use crate::parquet::chunk::ChunkStatistics;
use crate::parquet::statistics::{Bounds, Leaf, array};

/// The columns of the table, which the first files set.
#[derive(Default)]
pub(super) struct Typed {
    columns: Vec<Leaf>,
    schema: Option<SchemaRef>,
    /// What values of a fixed size take, which a damaged file may make as large as it likes.
    reserved: Vec<Reservation>,
}

/// Files whose row groups are rows of one batch.
struct Block<'a> {
    sources: &'a [Source],
    rows: usize,
}

/// A cell of the table before it is typed.
#[derive(Clone, Copy, Default)]
struct Cell<'a> {
    null_count: Option<i64>,
    distinct_count: Option<i64>,
    bounds: Bounds<'a>,
}

impl Typed {
    /// The batches of some more files. Those of the first call set the columns: what is wanted of any of them, in the order
    /// in which it turns up.
    pub(super) fn tables(&mut self, sources: &[Source], ctx: &Context) -> Result<Vec<RecordBatch>> {
        if self.schema.is_none() {
            self.columns = wanted(sources);
            self.schema = Some(schema(&self.columns));
        }
        let Some(schema) = self.schema.clone() else { return Ok(Vec::new()) };
        let width = self.columns.len();
        let rows: usize = sources.iter().map(|source| source.footer.num_row_groups()).sum();
        let sizes = self.columns.iter().filter_map(|leaf| match leaf.data_type {
            DataType::FixedSizeBinary(size) => u64::try_from(size).ok(),
            _ => None,
        });
        // The least and the greatest of each row.
        let bytes = sizes.sum::<u64>().saturating_mul(2).saturating_mul(rows as u64);
        self.reserved.push(ctx.memory().reserve(bytes, "Parquet statistics")?);
        // Where each column stands in each file; neighbours that have the same columns share the answer.
        let mut places: Vec<Arc<Vec<Option<usize>>>> = Vec::new();
        for (at, source) in sources.iter().enumerate() {
            let same = at.checked_sub(1).and_then(|before| sources.get(before));
            match (places.last(), same.filter(|before| Arc::ptr_eq(&before.leaves, &source.leaves))) {
                (Some(place), Some(_)) => places.push(place.clone()),
                _ => places.push(Arc::new(self.places(source)?)),
            }
        }
        let blocks = blocks(sources, width);
        let mut pieces: Vec<(usize, usize, Range<usize>)> = Vec::new();
        let mut first = 0;
        for (at, block) in blocks.iter().enumerate() {
            let step = (CHUNKS / block.rows.max(1)).max(1);
            pieces.extend((0..width).step_by(step).map(|start| (at, first, start..width.min(start + step))));
            first += block.sources.len();
        }
        let arrays = ctx.map(pieces.len(), |i| {
            let Some((block, first, columns)) = pieces.get(i).cloned() else { return Ok(Vec::new()) };
            let Some(block) = blocks.get(block) else { return Ok(Vec::new()) };
            let places = places.get(first..).unwrap_or_default();
            self.arrays(block, places, columns, ctx)
        })?;
        let mut arrays = pieces.iter().map(|(block, ..)| *block).zip(arrays).peekable();
        let mut batches = Vec::with_capacity(blocks.len());
        for (at, block) in blocks.iter().enumerate() {
            let mut columns = row_columns(block, ctx)?;
            while let Some((_, more)) = arrays.next_if(|(of, _)| *of == at) {
                columns.extend(more);
            }
            let options = RecordBatchOptions::new().with_row_count(Some(block.rows));
            batches.push(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?);
        }
        Ok(batches)
    }

    /// Where in the leaves of a file each column of the table stands.
    fn places(&self, source: &Source) -> Result<Vec<Option<usize>>> {
        let mut in_file: HashMap<&str, usize> = HashMap::with_capacity(source.leaves.len());
        for (at, leaf) in source.leaves.iter().enumerate() {
            // Of columns of one name the first is meant, here as where the columns of the table are set.
            in_file.entry(leaf.path.as_str()).or_insert(at);
        }
        let place = |column: &Leaf| {
            let Some(at) = in_file.get(column.path.as_str()).copied() else { return Ok(None) };
            match source.leaves.get(at) {
                Some(leaf) if leaf.data_type != column.data_type => Err(Error::wrong_type(format!(
                    "{} has column '{}' of type {}, where a file before has {}; statistics of both are not of one type",
                    source.path, column.path, leaf.data_type, column.data_type
                ))),
                _ => Ok(Some(at)),
            }
        };
        self.columns.iter().map(place).collect()
    }

    /// The arrays of `columns` for the rows of a block.
    fn arrays(
        &self,
        block: &Block<'_>,
        places: &[Arc<Vec<Option<usize>>>],
        columns: Range<usize>,
        ctx: &Context,
    ) -> Result<Vec<ArrayRef>> {
        let mut runs: Vec<(usize, &Source, &[Option<usize>], Run<'_>)> = Vec::new();
        let mut row = 0;
        for (source, places) in block.sources.iter().zip(places) {
            let places = places.get(columns.clone()).unwrap_or_default();
            let mut leaves: Vec<usize> = places.iter().flatten().copied().collect();
            leaves.sort_unstable();
            let file = source.footer.open_for_chunks()?;
            for group in 0..source.footer.num_row_groups() {
                ctx.check()?;
                for run in Run::read(&source.footer, file.as_ref(), group, &leaves, ctx)? {
                    runs.push((row, source, places, run));
                }
                row += 1;
            }
        }
        let mut cells = vec![Cell::default(); columns.len() * block.rows];
        for (row, source, places, run) in &runs {
            // Mostly the leaves of a run are the columns in their order: the place after the last one found.
            let mut next = 0;
            run.each(&source.footer, |leaf, chunk| {
                let found = if places.get(next) == Some(&Some(leaf)) {
                    Some(next)
                } else {
                    places.iter().position(|place| *place == Some(leaf))
                };
                let (Some(column), Some(described)) = (found, source.leaves.get(leaf)) else { return Ok(()) };
                next = column + 1;
                if let Some(cell) = cells.get_mut(column * block.rows + row) {
                    *cell = Cell::new(described, &chunk.statistics.unwrap_or_default());
                }
                Ok(())
            })?;
        }
        let mut arrays = Vec::with_capacity(columns.len() * 6);
        for (at, leaf) in self.columns.get(columns).unwrap_or_default().iter().enumerate() {
            let cells = || cells.get(at * block.rows..(at + 1) * block.rows).unwrap_or_default().iter();
            arrays.push(Arc::new(cells().map(|cell| cell.null_count).collect::<Int64Array>()) as ArrayRef);
            arrays.push(Arc::new(cells().map(|cell| cell.distinct_count).collect::<Int64Array>()));
            arrays.push(array(leaf, cells().map(|cell| cell.bounds.min)));
            arrays.push(array(leaf, cells().map(|cell| cell.bounds.max)));
            arrays.push(Arc::new(cells().map(|cell| cell.bounds.min_exact).collect::<BooleanArray>()));
            arrays.push(Arc::new(cells().map(|cell| cell.bounds.max_exact).collect::<BooleanArray>()));
        }
        Ok(arrays)
    }
}

impl<'a> Cell<'a> {
    fn new(leaf: &Leaf, statistics: &ChunkStatistics<'a>) -> Self {
        Self {
            null_count: statistics.null_count.filter(|n| *n >= 0),
            distinct_count: statistics.distinct_count.filter(|n| *n >= 0),
            bounds: leaf.bounds(statistics),
        }
    }
}

/// The wanted columns of the files, each once.
fn wanted(sources: &[Source]) -> Vec<Leaf> {
    let mut columns = Vec::new();
    let mut seen = HashSet::new();
    for (at, source) in sources.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| sources.get(before));
        if before.is_none_or(|before| !Arc::ptr_eq(&before.leaves, &source.leaves)) {
            let leaves = source.wanted.iter().filter_map(|at| source.leaves.get(*at));
            columns.extend(leaves.filter(|leaf| seen.insert(leaf.path.as_str())).cloned());
        }
    }
    columns
}

fn schema(columns: &[Leaf]) -> SchemaRef {
    let mut fields = vec![
        Field::new("path", DataType::Utf8, false),
        Field::new("row_group", DataType::Int64, false),
        Field::new("num_rows", DataType::Int64, false),
    ];
    for Leaf { path, data_type, .. } in columns {
        for (name, data_type) in [
            ("null_count", DataType::Int64),
            ("distinct_count", DataType::Int64),
            ("min", data_type.clone()),
            ("max", data_type.clone()),
            ("min_exact", DataType::Boolean),
            ("max_exact", DataType::Boolean),
        ] {
            fields.push(Field::new(format!("{path}.{name}"), data_type, true));
        }
    }
    Arc::new(Schema::new(fields))
}

/// The files in blocks of like size.
fn blocks(sources: &[Source], width: usize) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut start, mut rows) = (0, 0);
    for (at, source) in sources.iter().enumerate() {
        rows += source.footer.num_row_groups();
        if rows.saturating_mul(width.max(1)) >= CHUNKS || at + 1 == sources.len() {
            blocks.push(Block { sources: sources.get(start..=at).unwrap_or_default(), rows });
            (start, rows) = (at + 1, 0);
        }
    }
    blocks
}

/// The columns that tell of which row group a row is.
fn row_columns(block: &Block<'_>, ctx: &Context) -> Result<Vec<ArrayRef>> {
    let (mut paths, mut groups, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for source in block.sources {
        for (at, group) in source.footer.index(ctx)?.groups.iter().enumerate() {
            paths.push(source.path.as_str());
            groups.push(at as i64);
            rows.push(group.num_rows as i64);
        }
    }
    Ok(vec![Arc::new(StringArray::from(paths)), Arc::new(Int64Array::from(groups)), Arc::new(Int64Array::from(rows))])
}
