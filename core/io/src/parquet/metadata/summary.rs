//! Statistics of columns over all files and row groups.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_array::builder::{BooleanBuilder, Int64Builder, StringBuilder};
use pf_base::{Context, Error, Result};

use super::chunks::Run;
use super::rows::{physical_text, table_of};
use super::{CHUNKS, Source};
use crate::parquet::chunk::Chunk;
use crate::parquet::statistics::{Leaf, write_text};

table_of! {
    /// One row per column.
    Rows {
        column: StringBuilder, false;
        physical_type: StringBuilder, false;
        arrow_type: StringBuilder, false;
        num_values: Int64Builder, false;
        null_count: Int64Builder, true;
        distinct_count: Int64Builder, true;
        min: StringBuilder, true;
        max: StringBuilder, true;
        min_exact: BooleanBuilder, true;
        max_exact: BooleanBuilder, true;
        compressed_size: Int64Builder, false;
        uncompressed_size: Int64Builder, false;
    }
}

/// The columns seen so far, in the order in which they turned up.
#[derive(Default)]
pub(super) struct Summary {
    columns: Vec<Total>,
    by_path: HashMap<String, usize>,
}

/// What is known of a column as a whole.
struct Total {
    leaf: Leaf,
    chunks: u64,
    num_values: i64,
    /// Nothing once a chunk does not say.
    null_count: Option<i64>,
    /// That of the only chunk: values of two may be the same.
    distinct_count: Option<i64>,
    min: Edge,
    max: Edge,
    compressed: i64,
    uncompressed: i64,
}

/// The smallest or largest value so far.
enum Edge {
    /// No value yet.
    Empty,
    /// A chunk has values and does not say which.
    Unknown,
    Value {
        value: Vec<u8>,
        exact: Option<bool>,
    },
}

impl Summary {
    /// Takes in some more files.
    pub(super) fn add(&mut self, sources: &[Source], ctx: &Context) -> Result<()> {
        let mut pieces: Vec<(&Source, Range<usize>)> = Vec::new();
        for source in sources {
            let width = source.wanted.len();
            let step = (CHUNKS / source.footer.num_row_groups().max(1)).max(1);
            pieces.extend((0..width).step_by(step).map(|start| (source, start..width.min(start + step))));
        }
        let totals = ctx.map(pieces.len(), |i| match pieces.get(i) {
            Some((source, columns)) => totals(source, columns.clone(), ctx),
            None => Ok(Vec::new()),
        })?;
        // Of columns of one name the first of a file is meant.
        let mut seen: (Option<&Source>, HashSet<String>) = (None, HashSet::new());
        for ((source, _), totals) in pieces.iter().zip(totals) {
            if !seen.0.is_some_and(|before| std::ptr::eq(before, *source)) {
                seen = (Some(source), HashSet::new());
            }
            for total in totals {
                if seen.1.insert(total.leaf.path.clone()) {
                    self.merge(source, total)?;
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, source: &Source, other: Total) -> Result<()> {
        let Some(total) = self.by_path.get(&other.leaf.path).and_then(|at| self.columns.get_mut(*at)) else {
            self.by_path.insert(other.leaf.path.clone(), self.columns.len());
            self.columns.push(other);
            return Ok(());
        };
        if !total.leaf.compares_as(&other.leaf) {
            return Err(Error::wrong_type(format!(
                "{} has column '{}' of type {}, where a file before has {}; statistics of both are not of one type",
                source.path, other.leaf.path, other.leaf.data_type, total.leaf.data_type
            )));
        }
        total.merge(other);
        Ok(())
    }

    /// The table.
    pub(super) fn table(self) -> Result<RecordBatch> {
        let mut table = Rows::default();
        for Total { leaf, num_values, null_count, distinct_count, min, max, compressed, uncompressed, .. } in
            self.columns
        {
            table.column.append_value(&leaf.path);
            table.physical_type.append_value(physical_text(leaf.physical));
            table.arrow_type.append_value(leaf.data_type.to_string());
            table.num_values.append_value(num_values);
            table.null_count.append_option(null_count);
            table.distinct_count.append_option(distinct_count);
            min.push(&leaf, &mut table.min, &mut table.min_exact);
            max.push(&leaf, &mut table.max, &mut table.max_exact);
            table.compressed_size.append_value(compressed);
            table.uncompressed_size.append_value(uncompressed);
        }
        table.finish()
    }
}

/// The totals of the wanted columns `columns` of a file.
fn totals(source: &Source, columns: Range<usize>, ctx: &Context) -> Result<Vec<Total>> {
    let wanted = source.wanted.get(columns).unwrap_or_default();
    let mut totals: Vec<Total> =
        wanted.iter().filter_map(|at| source.leaves.get(*at)).map(|leaf| Total::new(leaf.clone())).collect();
    let file = source.footer.open_for_chunks()?;
    for group in 0..source.footer.num_row_groups() {
        ctx.check()?;
        let mut at = 0;
        for run in Run::read(&source.footer, file.as_ref(), group, wanted, ctx)? {
            run.each(&source.footer, |_, chunk| {
                if let Some(total) = totals.get_mut(at) {
                    total.add(&chunk);
                }
                at += 1;
                Ok(())
            })?;
        }
    }
    Ok(totals)
}

impl Total {
    fn new(leaf: Leaf) -> Self {
        Self {
            leaf,
            chunks: 0,
            num_values: 0,
            null_count: Some(0),
            distinct_count: None,
            min: Edge::Empty,
            max: Edge::Empty,
            compressed: 0,
            uncompressed: 0,
        }
    }

    fn add(&mut self, chunk: &Chunk<'_>) {
        let statistics = chunk.statistics.unwrap_or_default();
        let null_count = statistics.null_count.filter(|n| *n >= 0);
        self.chunks += 1;
        self.num_values = self.num_values.saturating_add(chunk.num_values);
        self.null_count = self.null_count.zip(null_count).and_then(|(a, b)| a.checked_add(b));
        self.distinct_count = statistics.distinct_count.filter(|n| *n >= 0 && self.chunks == 1);
        self.compressed = self.compressed.saturating_add(chunk.compressed);
        self.uncompressed = self.uncompressed.saturating_add(chunk.uncompressed);
        if chunk.num_values == 0 || null_count == Some(chunk.num_values) {
            return;
        }
        let bounds = self.leaf.bounds(&statistics);
        self.min.take(bounds.min, bounds.min_exact, |new, old| self.leaf.less(new, old));
        self.max.take(bounds.max, bounds.max_exact, |new, old| self.leaf.less(old, new));
    }

    /// Takes in the same column of another file.
    fn merge(&mut self, other: Self) {
        self.distinct_count = match (self.chunks, other.chunks) {
            (_, 0) => self.distinct_count,
            (0, _) => other.distinct_count,
            _ => None,
        };
        self.chunks += other.chunks;
        self.num_values = self.num_values.saturating_add(other.num_values);
        self.null_count = self.null_count.zip(other.null_count).and_then(|(a, b)| a.checked_add(b));
        self.compressed = self.compressed.saturating_add(other.compressed);
        self.uncompressed = self.uncompressed.saturating_add(other.uncompressed);
        self.min.merge(other.min, |new, old| self.leaf.less(new, old));
        self.max.merge(other.max, |new, old| self.leaf.less(old, new));
    }
}

impl Edge {
    fn take(&mut self, bound: Option<&[u8]>, exact: Option<bool>, better: impl Fn(&[u8], &[u8]) -> bool) {
        match (&mut *self, bound) {
            (Self::Unknown, _) => {}
            (_, None) => *self = Self::Unknown,
            (Self::Value { value, .. }, Some(bound)) if !better(bound, value) => {}
            (Self::Empty | Self::Value { .. }, Some(bound)) => *self = Self::Value { value: bound.to_vec(), exact },
        }
    }

    fn merge(&mut self, other: Self, better: impl Fn(&[u8], &[u8]) -> bool) {
        match other {
            Self::Empty => {}
            Self::Unknown => *self = Self::Unknown,
            Self::Value { value, exact } => self.take(Some(&value), exact, better),
        }
    }

    fn push(&self, leaf: &Leaf, text: &mut StringBuilder, exact_column: &mut BooleanBuilder) {
        match self {
            Self::Value { value, exact } if write_text(leaf, value, text) => {
                text.append_value("");
                exact_column.append_option(*exact);
            }
            _ => {
                text.append_null();
                exact_column.append_null();
            }
        }
    }
}
