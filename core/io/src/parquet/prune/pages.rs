//! The index of pages: which rows of a row group may match.

use std::ops::Range;

use parquet::arrow::arrow_reader::RowSelection;
use parquet::file::page_index::index_reader::{decode_column_index, decode_offset_index};
use pf_base::Result;
use pf_compute_core::Bound;

use super::super::shape::{COLUMN_INDEX, OFFSET_INDEX, check};
use super::super::thrift::Walker;
use super::{Decision, Group, Stage, Verdict, bound_of, bounds, converted};
use crate::parquet::parquet_error;

/// The pages of a column of the predicate.
struct Pages {
    /// The position of the column in the predicate.
    column: usize,
    /// The first row of each, and the number of rows after the last.
    starts: Vec<usize>,
    bounds: Vec<Bound>,
}

impl Group<'_> {
    /// The rows that may match, by the bounds of pages of the columns that `open` conditions look at.
    ///
    /// Pages of several columns begin at different rows: the rows between two beginnings lie in one page of each column,
    /// and its bounds are those of these rows.
    pub(super) fn pages(&self, rows: usize, bounds: &[Bound], open: Vec<usize>) -> Result<Decision> {
        let predicate = self.pruner.predicate;
        let conditions = || open.iter().filter_map(|i| predicate.conditions.get(*i));
        let mut columns: Vec<usize> = conditions().flat_map(|c| &c.looks_at).copied().collect();
        columns.sort_unstable();
        columns.dedup();
        let mut indexed = Vec::new();
        for column in columns {
            indexed.extend(self.pages_of(column, rows)?);
        }
        let mut starts: Vec<usize> = indexed.iter().flat_map(|pages| &pages.starts).copied().collect();
        starts.sort_unstable();
        starts.dedup();
        let mut bounds = bounds.to_vec();
        let mut kept: Vec<Range<usize>> = Vec::new();
        for (step, segment) in starts.windows(2).enumerate() {
            if step % 1024 == 0 {
                self.ctx.check()?;
            }
            let (from, to) = (segment[0], segment[1]);
            for pages in &indexed {
                let page = pages.starts.partition_point(|start| *start <= from) - 1;
                if let (Some(bound), Some(known)) = (bounds.get_mut(pages.column), pages.bounds.get(page))
                    // As long as the page is the same, so are the bounds.
                    && pages.starts.get(page) == Some(&from)
                {
                    bound.clone_from(known);
                }
            }
            let may_match = |path: &[usize]| bound_of(&predicate.columns, &bounds, path);
            if conditions().all(|condition| condition.outlook.truth(&may_match).may_be_true) {
                match kept.last_mut() {
                    Some(last) if last.end == from => last.end = to,
                    _ => kept.push(from..to),
                }
            }
        }
        let (pages, pages_skipped) = count(&indexed, &kept);
        let all = starts.is_empty() || kept.first().is_some_and(|first| *first == (0..rows));
        let verdict = match (all, kept.is_empty()) {
            (true, _) => Verdict::Read { selection: None, conditions: open },
            (false, true) => Verdict::Skip(Stage::PageIndex),
            (false, false) => {
                let selection = RowSelection::from_consecutive_ranges(kept.into_iter(), rows);
                Verdict::Read { selection: Some(selection), conditions: open }
            }
        };
        Ok(Decision { verdict, pages, pages_skipped })
    }

    /// The pages of a column; none where the file has no index of them, or where there is but one.
    fn pages_of(&self, column: usize, rows: usize) -> Result<Option<Pages>> {
        let Some((chunk, leaf, data_type, to)) = self.chunk(column) else { return Ok(None) };
        let has = |offset: Option<i64>, length: Option<i32>| offset.zip(length).is_some_and(|(_, length)| length != 0);
        if !has(chunk.column_index_offset(), chunk.column_index_length())
            || !has(chunk.offset_index_offset(), chunk.offset_index_length())
        {
            return Ok(None);
        }
        let failed = |e| parquet_error(self.place(), &e);
        let bytes =
            self.read(chunk.offset_index_offset(), chunk.offset_index_length().map(Into::into), "an offset index")?;
        // Decoders trust the types of fields, and make room for as many elements as lists say.
        if check(&mut Walker::new(&bytes.bytes), OFFSET_INDEX).is_err() {
            return Err(self.corrupt("has a damaged offset index"));
        }
        let offsets = decode_offset_index(&bytes.bytes).map_err(failed)?;
        let mut starts = Vec::with_capacity(offsets.page_locations().len() + 1);
        for location in offsets.page_locations() {
            let start = usize::try_from(location.first_row_index).ok().filter(|start| *start < rows);
            match (start, starts.last()) {
                (Some(0), None) => starts.push(0),
                (Some(start), Some(last)) if *last < start => starts.push(start),
                _ => return Err(self.corrupt("has an offset index whose pages are not in the order of rows")),
            }
        }
        if starts.len() < 2 {
            return Ok(None);
        }
        let bytes =
            self.read(chunk.column_index_offset(), chunk.column_index_length().map(Into::into), "a column index")?;
        if check(&mut Walker::new(&bytes.bytes), COLUMN_INDEX).is_err() {
            return Err(self.corrupt("has a damaged column index"));
        }
        let index = decode_column_index(&bytes.bytes, chunk.column_type()).map_err(failed)?;
        if usize::try_from(index.num_pages()) != Ok(starts.len()) {
            return Err(self.corrupt(format_args!(
                "has a column index of {} pages and an offset index of {}",
                index.num_pages(),
                starts.len()
            )));
        }
        let order = self.pruner.order(leaf);
        let bounds = bounds::of_pages(&index, chunk.column_descr(), order, data_type);
        let bounds = bounds.into_iter().map(|bound| converted(bound, data_type, to)).collect();
        starts.push(rows);
        Ok(Some(Pages { column, starts, bounds }))
    }
}

/// All pages, and those of which no row is kept.
fn count(indexed: &[Pages], kept: &[Range<usize>]) -> (u64, u64) {
    let (mut all, mut skipped) = (0, 0);
    for pages in indexed {
        let mut ranges = kept.iter().peekable();
        for page in pages.starts.windows(2) {
            while ranges.next_if(|range| range.end <= page[0]).is_some() {}
            all += 1;
            skipped += u64::from(ranges.peek().is_none_or(|range| range.start >= page[1]));
        }
    }
    (all, skipped)
}
