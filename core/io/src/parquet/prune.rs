//! Which row groups and pages of a file may hold rows that match a predicate, without reading data.
//!
//! A row group goes through stages, each dearer than the one before: the bounds in the footer, then the dictionary page
//! or the Bloom filter of columns that conditions of equality ask for, then the index of pages. What a stage leaves out
//! holds no row for which the predicate is true; nothing more is promised.
//!
//! The predicate is looked at condition by condition, as `AND` joins them. Where a row group has no match, nobody
//! evaluates the predicate on its rows: what would have failed there fails not.

mod bloom;
mod bounds;
mod bytes;
mod dictionary;
mod pages;
mod predicate;

use std::fs::File;
use std::ops::AddAssign;
use std::path::Path;

use arrow_array::ArrayRef;
use arrow_schema::{DataType, Schema};
use parquet::arrow::arrow_reader::RowSelection;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use pf_base::{Context, Error, Result};
use pf_compute_core::Bound;
pub(crate) use predicate::Predicate;

use super::fault::{Place, guarded};

/// The stages, each on or off. Rows that match are the same either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Switches {
    /// Bounds of column chunks.
    pub(crate) statistics: bool,
    /// Dictionary pages.
    pub(crate) dictionary: bool,
    /// Bloom filters.
    pub(crate) bloom: bool,
    /// Bounds of pages.
    pub(crate) page_index: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self { statistics: true, dictionary: true, bloom: true, page_index: true }
    }
}

/// Where the values of a column of the predicate come from in one file.
#[derive(Clone, Debug)]
pub(crate) enum Supply {
    /// A leaf column of the metadata at hand.
    Leaf {
        /// Its position among the leaf columns.
        leaf: usize,
        /// The type that it is read as.
        data_type: DataType,
        /// The type of the table, where that is another.
        to: Option<DataType>,
    },
    /// One value for all rows, of the table's type.
    Constant(ArrayRef),
    /// Null in all rows.
    Missing,
    /// Nothing is known of it.
    Unknown,
}

/// The position and type of the leaf column at a path of positions in the Arrow schema of a file's metadata; none of
/// columns that hold more than one value, and below lists and maps.
pub(crate) fn leaf(schema: &Schema, metadata: &ParquetMetaData, path: &[usize]) -> Option<(usize, DataType)> {
    let (root, fields) = path.split_first()?;
    let mut leaf: usize = schema.fields().get(..*root)?.iter().map(|f| leaves(f.data_type())).sum();
    let mut data_type = schema.fields().get(*root)?.data_type();
    for field in fields {
        let DataType::Struct(inner) = data_type else { return None };
        leaf += inner.get(..*field)?.iter().map(|f| leaves(f.data_type())).sum::<usize>();
        data_type = inner.get(*field)?.data_type();
    }
    let parquet = metadata.file_metadata().schema_descr();
    let total: usize = schema.fields().iter().map(|f| leaves(f.data_type())).sum();
    let single = !data_type.is_nested() || matches!(data_type, DataType::Dictionary(..));
    let known = single && total == parquet.num_columns() && leaf < total;
    (known && parquet.column(leaf).max_rep_level() == 0).then(|| (leaf, data_type.clone()))
}

/// How many leaf columns a type has.
fn leaves(data_type: &DataType) -> usize {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|f| leaves(f.data_type())).sum(),
        DataType::List(f)
        | DataType::LargeList(f)
        | DataType::ListView(f)
        | DataType::LargeListView(f)
        | DataType::FixedSizeList(f, _)
        | DataType::Map(f, _) => leaves(f.data_type()),
        _ => 1,
    }
}

/// What left a row group out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its bounds in the footer, or what is constant in the file.
    Statistics,
    /// The dictionary of a column has no value that matches.
    Dictionary,
    /// The Bloom filter of a column has not the value.
    Bloom,
    /// No page may match.
    PageIndex,
}

/// What becomes of a row group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// No row matches.
    Skip(Stage),
    /// Some rows may match.
    Read {
        /// The rows that may; none where all may.
        selection: Option<RowSelection>,
        /// The conditions that are not known to be true for all rows, by position. Where there are none, all rows
        /// match.
        conditions: Vec<usize>,
    },
}

/// A decision about a row group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decision {
    /// What becomes of it.
    pub(crate) verdict: Verdict,
    /// The pages of the predicate's columns whose bounds were looked at.
    pub(crate) pages: u64,
    /// Of those, the pages of which no row may match.
    pub(crate) pages_skipped: u64,
}

/// Decisions, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Row groups.
    pub(crate) groups: u64,
    /// Left out by their bounds.
    pub(crate) by_statistics: u64,
    /// Left out by a dictionary page.
    pub(crate) by_dictionary: u64,
    /// Left out by a Bloom filter.
    pub(crate) by_bloom_filter: u64,
    /// Left out because no page may match.
    pub(crate) by_page_index: u64,
    /// All of whose rows match.
    pub(crate) matching: u64,
    /// Pages of the predicate's columns whose bounds were looked at.
    pub(crate) pages: u64,
    /// Of those, pages of which no row may match.
    pub(crate) pages_skipped: u64,
}

impl AddAssign<&Decision> for Counts {
    fn add_assign(&mut self, decision: &Decision) {
        self.groups += 1;
        self.pages += decision.pages;
        self.pages_skipped += decision.pages_skipped;
        match &decision.verdict {
            Verdict::Skip(Stage::Statistics) => self.by_statistics += 1,
            Verdict::Skip(Stage::Dictionary) => self.by_dictionary += 1,
            Verdict::Skip(Stage::Bloom) => self.by_bloom_filter += 1,
            Verdict::Skip(Stage::PageIndex) => self.by_page_index += 1,
            Verdict::Read { conditions, .. } => self.matching += u64::from(conditions.is_empty()),
        }
    }
}

impl AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        self.groups += other.groups;
        self.by_statistics += other.by_statistics;
        self.by_dictionary += other.by_dictionary;
        self.by_bloom_filter += other.by_bloom_filter;
        self.by_page_index += other.by_page_index;
        self.matching += other.matching;
        self.pages += other.pages;
        self.pages_skipped += other.pages_skipped;
    }
}

/// An open file and what its footer says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    /// Where it is, for messages.
    pub(crate) path: &'a Path,
    /// The file; it is read at positions, never moved.
    pub(crate) file: &'a File,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// The metadata, of the predicate's columns at least.
    pub(crate) metadata: &'a ParquetMetaData,
    /// The numbers that its row groups have in the file, where the metadata has not all of them.
    pub(crate) numbers: Option<&'a [usize]>,
}

impl<'a> Input<'a> {
    /// A row group, for messages.
    fn place(&self, group: usize) -> Place<'a> {
        let number = self.numbers.and_then(|numbers| numbers.get(group)).copied();
        Place { path: self.path, group: Some(number.unwrap_or(group)), columns: &[] }
    }
}

/// The stages over one file.
#[derive(Debug)]
pub(crate) struct Pruner<'a> {
    input: Input<'a>,
    predicate: &'a Predicate,
    /// By position in [`Predicate::columns`].
    supplies: Vec<Supply>,
    switches: Switches,
}

impl<'a> Pruner<'a> {
    /// Prepares the stages. `supply` tells of each of the predicate's columns where its values come from.
    pub(crate) fn new(
        input: Input<'a>,
        predicate: &'a Predicate,
        supply: impl Fn(&[usize]) -> Supply,
        switches: Switches,
    ) -> Self {
        let supplies = predicate.columns.iter().map(|path| supply(path)).collect();
        Self { input, predicate, supplies, switches }
    }

    /// What becomes of each row group, in their order; groups are looked at in parallel.
    ///
    /// # Errors
    /// Those of [`group`](Self::group), of the first group that has one.
    pub(crate) fn groups(&self, ctx: &Context) -> Result<Vec<Decision>> {
        // Several groups at a time: most are decided in microseconds.
        const STEP: usize = 8;
        let groups = self.input.metadata.num_row_groups();
        let steps = ctx.map(groups.div_ceil(STEP), |step| {
            let groups = step * STEP..groups.min((step + 1) * STEP);
            groups.map(|group| self.group(group, ctx)).collect::<Result<Vec<_>>>()
        })?;
        Ok(steps.into_iter().flatten().collect())
    }

    /// What becomes of a row group.
    ///
    /// # Errors
    /// [`Code::Corrupt`](pf_base::Code::Corrupt) for a Bloom filter, dictionary or page index that is damaged or lies
    /// outside of the file; [`Code::Io`](pf_base::Code::Io); [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn group(&self, group: usize, ctx: &Context) -> Result<Decision> {
        let found = self.input.metadata.row_groups().get(group);
        let meta = found.ok_or_else(|| Error::internal(format!("{}: is not there", self.input.place(group))))?;
        guarded(self.input.place(group), || Group { pruner: self, meta, number: group, ctx }.decide())
    }
}

/// A row group while it is looked at.
struct Group<'a> {
    pruner: &'a Pruner<'a>,
    meta: &'a RowGroupMetaData,
    number: usize,
    ctx: &'a Context,
}

impl Group<'_> {
    fn decide(&self) -> Result<Decision> {
        let rows = usize::try_from(self.meta.num_rows())
            .map_err(|_| self.corrupt(format_args!("has {} rows", self.meta.num_rows())))?;
        let skip = |stage| Ok(Decision { verdict: Verdict::Skip(stage), pages: 0, pages_skipped: 0 });
        if rows == 0 {
            return skip(Stage::Statistics);
        }
        let Pruner { predicate, switches, .. } = self.pruner;
        let bounds: Vec<Bound> = (0..predicate.columns.len()).map(|column| self.bound(column)).collect();
        let mut open = Vec::new();
        for (i, condition) in predicate.conditions.iter().enumerate() {
            let truth = condition.outlook.truth(&|path| bound_of(&predicate.columns, &bounds, path));
            if !truth.may_be_true {
                return skip(Stage::Statistics);
            }
            if !truth.is_always_true() {
                open.push(i);
            }
        }
        let mut filters = bloom::Filters::new();
        for condition in open.iter().filter_map(|i| predicate.conditions.get(*i)) {
            if switches.dictionary
                && let Some(matches) = self.dictionary_matches(condition, &bounds)?
            {
                // It holds all values there are: a Bloom filter knows no more.
                match matches {
                    true => continue,
                    false => return skip(Stage::Dictionary),
                }
            }
            if switches.bloom && self.is_absent(&condition.typed, &mut filters)? {
                return skip(Stage::Bloom);
            }
        }
        match switches.page_index && !open.is_empty() {
            true => self.pages(rows, &bounds, open),
            false => {
                let verdict = Verdict::Read { selection: None, conditions: open };
                Ok(Decision { verdict, pages: 0, pages_skipped: 0 })
            }
        }
    }

    /// What the footer says of a column.
    fn bound(&self, column: usize) -> Bound {
        match self.pruner.supplies.get(column) {
            Some(Supply::Constant(value)) => Bound::constant(value.as_ref()),
            Some(Supply::Missing) => Bound::NULL,
            Some(Supply::Leaf { leaf, data_type, to }) if self.pruner.switches.statistics => {
                let Some(chunk) = self.meta.columns().get(*leaf) else { return Bound::UNKNOWN };
                let order = self.pruner.order(*leaf);
                converted(bounds::of_chunk(chunk, order, self.meta.num_rows(), data_type), data_type, to.as_ref())
            }
            _ => Bound::UNKNOWN,
        }
    }

    /// The column chunk behind a column of the predicate, and the types that it is read as and converted to.
    fn chunk(&self, column: usize) -> Option<(&ColumnChunkMetaData, usize, &DataType, Option<&DataType>)> {
        let Supply::Leaf { leaf, data_type, to } = self.pruner.supplies.get(column)? else { return None };
        Some((self.meta.columns().get(*leaf)?, *leaf, data_type, to.as_ref()))
    }

    fn place(&self) -> Place<'_> {
        self.pruner.input.place(self.number)
    }

    fn corrupt(&self, what: impl std::fmt::Display) -> Error {
        Error::corrupt(format!("{} {what}", self.place()))
    }
}

impl Pruner<'_> {
    /// The order of a leaf column's bounds.
    fn order(&self, leaf: usize) -> parquet::basic::ColumnOrder {
        let orders = self.input.metadata.file_metadata().column_orders();
        orders.and_then(|o| o.get(leaf).copied()).unwrap_or(parquet::basic::ColumnOrder::UNDEFINED)
    }
}

/// A bound of a file's column in the type of the table.
fn converted(bound: Bound, from: &DataType, to: Option<&DataType>) -> Bound {
    match to {
        Some(to) => bound.cast(from, to),
        None => bound,
    }
}

fn bound_of(columns: &[Vec<usize>], bounds: &[Bound], path: &[usize]) -> Bound {
    let at = columns.iter().position(|column| column == path);
    at.and_then(|at| bounds.get(at)).cloned().unwrap_or(Bound::UNKNOWN)
}

#[cfg(test)]
mod tests;
