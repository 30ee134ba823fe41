//! The pages that the page index tells of.

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_array::builder::{BooleanBuilder, Int64Builder, StringBuilder};
use pf_base::{Context, Error, Result};

use super::chunks::Run;
use super::rows::table_of;
use super::{Part, ROW, Source};
use crate::parquet::bytes::read_range;
use crate::parquet::chunk::Place;
use crate::parquet::footer::Footer;
use crate::parquet::statistics::{Leaf, write_text};
use crate::parquet::thrift::{Fault, Walk, Walker, kind};

table_of! {
    /// One row per data page; chunks without an offset index have none.
    Pages {
        path: StringBuilder, false;
        row_group: Int64Builder, false;
        column: StringBuilder, false;
        page: Int64Builder, false;
        offset: Int64Builder, false;
        compressed_size: Int64Builder, false;
        first_row: Int64Builder, false;
        num_rows: Int64Builder, false;
        all_null: BooleanBuilder, true;
        null_count: Int64Builder, true;
        min: StringBuilder, true;
        max: StringBuilder, true;
    }
}

/// Where the indexes of a chunk stand in the file.
struct Indexes {
    leaf: usize,
    offsets: Range<u64>,
    values: Option<Range<u64>>,
}

/// Where a page stands.
#[derive(Default)]
struct Location {
    offset: i64,
    compressed_size: i64,
    first_row: i64,
}

/// What the column index says of each page; lists are as long as the file made them.
#[derive(Default)]
struct Values<'a> {
    null_pages: Vec<bool>,
    min: Vec<&'a [u8]>,
    max: Vec<&'a [u8]>,
    null_counts: Option<Vec<i64>>,
}

impl Pages {
    pub(super) fn table(parts: &[Part<'_>], ctx: &Context) -> Result<RecordBatch> {
        let mut table = Self::default();
        let mut reserved = Vec::new();
        for (source, groups) in parts {
            let footer = &source.footer;
            let file = footer.open()?;
            for group in groups.clone() {
                let rows = footer.index(ctx)?.groups.get(group).map_or(0, |group| group.num_rows);
                let mut indexes = Vec::new();
                for run in Run::read(footer, Some(&file), group, &source.wanted, ctx)? {
                    run.each(footer, |leaf, chunk| {
                        if let Some(offsets) = range(footer, chunk.offset_index)? {
                            indexes.push(Indexes { leaf, offsets, values: range(footer, chunk.column_index)? });
                        }
                        Ok(())
                    })?;
                }
                let offsets = Together::read(footer, &file, indexes.iter().map(|i| i.offsets.clone()), ctx)?;
                let values = Together::read(footer, &file, indexes.iter().filter_map(|i| i.values.clone()), ctx)?;
                for Indexes { leaf, offsets: at, values: values_at } in indexes {
                    ctx.check()?;
                    let Some(leaf) = source.leaves.get(leaf) else { continue };
                    let bytes = offsets.get(footer, &file, at, ctx)?;
                    // A page takes four bytes in the one index and more in the other; a row of the table is larger.
                    let pages = locations(&mut Walker::new(&bytes)).map_err(|fault| footer.damaged(fault))?;
                    reserved.push(ctx.memory().reserve(pages.len() as u64 * ROW, "Parquet page index")?);
                    let bytes = values_at.map(|at| values.get(footer, &file, at, ctx)).transpose()?;
                    let values = bytes.as_deref().map(|bytes| Values::read(bytes, pages.len())).transpose();
                    let values = values.map_err(|fault| footer.damaged(fault))?;
                    table.push(source, group, leaf, rows, &pages, values.as_ref())?;
                }
            }
        }
        table.finish()
    }

    fn push(
        &mut self,
        source: &Source,
        group: usize,
        leaf: &Leaf,
        rows: u64,
        pages: &[Location],
        values: Option<&Values<'_>>,
    ) -> Result<()> {
        for (at, page) in pages.iter().enumerate() {
            let end = pages.get(at + 1).map_or(rows as i64, |next| next.first_row);
            let rows = end.checked_sub(page.first_row).filter(|n| *n >= 0 && page.first_row >= 0);
            let rows = rows.ok_or_else(|| source.footer.damaged(Fault::Bad("pages whose rows are out of order")))?;
            self.path.append_value(&source.path);
            self.row_group.append_value(group as i64);
            self.column.append_value(&leaf.path);
            self.page.append_value(at as i64);
            self.offset.append_value(page.offset);
            self.compressed_size.append_value(page.compressed_size);
            self.first_row.append_value(page.first_row);
            self.num_rows.append_value(rows);
            let all_null = values.and_then(|v| v.null_pages.get(at).copied());
            self.all_null.append_option(all_null);
            let null_count = values.and_then(|v| v.null_counts.as_ref()?.get(at).copied());
            self.null_count.append_option(null_count.filter(|n| *n >= 0));
            let bounds = match values.and_then(|v| Some((v.min.get(at)?, v.max.get(at)?))) {
                Some((min, max)) if all_null == Some(false) => leaf.page_bounds(min, max),
                _ => (None, None),
            };
            for (bound, into) in [(bounds.0, &mut self.min), (bounds.1, &mut self.max)] {
                match bound {
                    Some(bound) if write_text(leaf, bound, into) => into.append_value(""),
                    _ => into.append_null(),
                }
            }
        }
        Ok(())
    }
}

/// The bytes of `place`, which must lie in front of the footer; nothing for what is not there.
fn range(footer: &Footer, place: Place) -> Result<Option<Range<u64>>> {
    let (Some(offset), Some(length)) = (place.offset, place.length) else { return Ok(None) };
    let range = u64::try_from(offset).ok().zip(u64::try_from(length).ok());
    let range = range.and_then(|(offset, length)| Some(offset..offset.checked_add(length)?));
    match range.filter(|range| range.end <= footer.file_size() - footer.footer_size()) {
        Some(range) => Ok(Some(range)),
        None => Err(footer.damaged(Fault::Bad("a page index beyond the file"))),
    }
}

/// Ranges that stand close together, which one read takes in.
struct Together(Option<(u64, Vec<u8>)>);

impl Together {
    fn read(footer: &Footer, file: &File, ranges: impl Iterator<Item = Range<u64>>, ctx: &Context) -> Result<Self> {
        let mut all: Option<Range<u64>> = None;
        let mut wanted = 0u64;
        for range in ranges {
            wanted = wanted.saturating_add(range.end - range.start);
            all = Some(all.map_or(range.clone(), |all| all.start.min(range.start)..all.end.max(range.end)));
        }
        match all {
            Some(all) if all.end - all.start <= wanted.saturating_mul(2) => {
                Ok(Self(Some((all.start, read_range(footer.path(), file, all, ctx)?))))
            }
            _ => Ok(Self(None)),
        }
    }

    fn get(&self, footer: &Footer, file: &File, range: Range<u64>, ctx: &Context) -> Result<Cow<'_, [u8]>> {
        let Some((start, bytes)) = &self.0 else {
            return Ok(Cow::Owned(read_range(footer.path(), file, range, ctx)?));
        };
        let bytes = bytes.get((range.start - start) as usize..(range.end - start) as usize);
        bytes.map(Cow::Borrowed).ok_or_else(|| Error::internal("a page index that was not read"))
    }
}

/// The pages of an offset index.
fn locations(walker: &mut Walker<'_>) -> Walk<Vec<Location>> {
    let mut pages = Vec::new();
    let mut last = 0;
    while let Some(field) = walker.field(&mut last)? {
        if field.id != 1 {
            walker.skip(field.kind)?;
            continue;
        }
        for _ in 0..walker.list_of(field, &[kind::STRUCT])? {
            let (mut page, mut last) = (Location::default(), 0);
            while let Some(field) = walker.field(&mut last)? {
                match field.id {
                    1 => page.offset = walker.integer_of(field)?,
                    2 => page.compressed_size = walker.integer_of(field)?,
                    3 => page.first_row = walker.integer_of(field)?,
                    _ => walker.skip(field.kind)?,
                }
            }
            pages.push(page);
        }
    }
    Ok(pages)
}

impl<'a> Values<'a> {
    /// The column index of a chunk of `pages` pages.
    fn read(bytes: &'a [u8], pages: usize) -> Walk<Self> {
        let mut walker = Walker::new(bytes);
        let mut values = Self::default();
        let mut last = 0;
        while let Some(field) = walker.field(&mut last)? {
            let mut list = |kinds: &[u8]| match walker.list_of(field, kinds)? {
                len if len == pages => Ok(()),
                _ => Err(Fault::Bad("a column index of not as many pages as the offset index")),
            };
            match field.id {
                1 => {
                    list(&[kind::TRUE, kind::FALSE])?;
                    values.null_pages = (0..pages).map(|_| walker.boolean()).collect::<Walk<_>>()?;
                }
                2 => {
                    list(&[kind::BINARY])?;
                    values.min = (0..pages).map(|_| walker.binary()).collect::<Walk<_>>()?;
                }
                3 => {
                    list(&[kind::BINARY])?;
                    values.max = (0..pages).map(|_| walker.binary()).collect::<Walk<_>>()?;
                }
                5 => {
                    list(&[kind::I64])?;
                    values.null_counts = Some((0..pages).map(|_| walker.integer()).collect::<Walk<_>>()?);
                }
                _ => walker.skip(field.kind)?,
            }
        }
        Ok(values)
    }
}
