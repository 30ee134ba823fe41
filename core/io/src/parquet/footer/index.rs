//! Where the parts of a footer stand, and what it says of row groups and of the file as a whole.

use std::ops::Range;

use pf_base::{Context, Error, Result};

use super::Footer;
use crate::parquet::bytes::Window;
use crate::parquet::thrift::{Fault, Field, Walk, Walker, kind};

/// What the walk over a footer leaves behind: four bytes for each column chunk, and what is not of columns.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Where in the footer each chunk's metadata begins: for each row group one place for each leaf column, and one for
    /// the end of the last. A footer is shorter than 4 GiB: its length has four bytes.
    starts: Vec<u32>,
    pub(crate) groups: Vec<Group>,
    pub(crate) key_value: Vec<(String, Option<String>)>,
    pub(crate) created_by: Option<String>,
    /// The order of each leaf column's minimum and maximum: the number in the format's union, 0 for none of them.
    pub(crate) orders: Option<Vec<u8>>,
}

/// What a footer says of a row group, apart from its columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub(crate) num_rows: u64,
    pub(crate) total_byte_size: i64,
    pub(crate) total_compressed_size: Option<i64>,
    pub(crate) file_offset: Option<i64>,
    pub(crate) ordinal: Option<i16>,
    pub(crate) sorting: Box<[Sorting]>,
}

/// A column by which the rows of a row group are sorted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sorting {
    pub(crate) leaf: i64,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

impl Index {
    /// Walks over the row groups and what stands behind them.
    pub(super) fn read(window: &mut Window<'_>, footer: &Footer, ctx: &Context) -> Result<Self> {
        let leaves = footer.tree.num_leaves;
        let (groups, left) = (footer.num_row_groups, window.left());
        // A chunk takes a byte at least: more of them than bytes are none.
        let places = (leaves + 1).checked_mul(groups).filter(|_| leaves.checked_mul(groups).is_some_and(|n| n <= left));
        let places = places.ok_or_else(|| window.error(Fault::Bad("more column chunks than bytes")))?;
        let bytes = places * size_of::<u32>() + groups * size_of::<Group>();
        let _reserved = ctx.memory().reserve(bytes as u64, "index of a Parquet footer")?;
        let mut index = Self::default();
        let room = index.starts.try_reserve_exact(places).and_then(|()| index.groups.try_reserve_exact(groups));
        room.map_err(|_| Error::out_of_memory(format!("{}: {bytes} bytes of metadata", footer.path.display())))?;
        for _ in 0..groups {
            index.read_group(window, leaves, ctx)?;
        }
        let rows = index.groups.iter().try_fold(0u64, |sum, group| sum.checked_add(group.num_rows));
        if rows != Some(footer.num_rows) {
            return Err(window.error(Fault::Bad("the row groups have not as many rows as the file")));
        }
        index.read_rest(window, leaves, ctx)?;
        Ok(index)
    }

    fn read_group(&mut self, window: &mut Window<'_>, leaves: usize, ctx: &Context) -> Result<()> {
        let mut group = Group::default();
        let (mut columns, mut num_rows, mut last) = (false, None, 0);
        while let Some(field) = next_field(window, &mut last, ctx)? {
            match field.id {
                1 if !columns => {
                    columns = true;
                    if window.list(field, ctx)? != leaves {
                        return Err(window.error(Fault::Bad("a row group that has not as many columns as the schema")));
                    }
                    for _ in 0..leaves {
                        self.starts.push(window.at() as u32);
                        window.item(ctx, |w| w.skip(kind::STRUCT))?;
                    }
                    self.starts.push(window.at() as u32);
                }
                1 => return Err(window.error(Fault::Bad("a row group with two lists of columns"))),
                2 => group.total_byte_size = window.item(ctx, |w| w.integer_of(field))?,
                3 => num_rows = Some(window.item(ctx, |w| w.integer_of(field))?),
                4 => group.sorting = window.item(ctx, |w| sorting(w, field, leaves))?,
                5 => group.file_offset = Some(window.item(ctx, |w| w.integer_of(field))?),
                6 => group.total_compressed_size = Some(window.item(ctx, |w| w.integer_of(field))?),
                7 => group.ordinal = i16::try_from(window.item(ctx, |w| w.integer_of(field))?).ok(),
                _ => window.item(ctx, |w| w.skip(field.kind))?,
            }
        }
        let num_rows = num_rows.and_then(|n| u64::try_from(n).ok());
        group.num_rows = num_rows.ok_or_else(|| window.error(Fault::Bad("a row group without a number of rows")))?;
        if !columns {
            return Err(window.error(Fault::Bad("a row group without columns")));
        }
        self.groups.push(group);
        Ok(())
    }

    fn read_rest(&mut self, window: &mut Window<'_>, leaves: usize, ctx: &Context) -> Result<()> {
        let mut last = 4;
        while let Some(field) = next_field(window, &mut last, ctx)? {
            match field.id {
                5 => {
                    let len = window.list(field, ctx)?;
                    let bytes = (len * size_of::<(String, Option<String>)>() + window.left()) as u64;
                    let _reserved = ctx.memory().reserve(bytes, "key-value metadata of a Parquet footer")?;
                    for _ in 0..len {
                        let pair = window.item(ctx, key_value)?;
                        self.key_value.push(pair);
                    }
                }
                6 => self.created_by = Some(window.item(ctx, |w| w.binary_of(field).map(text))?),
                7 => {
                    let len = window.list(field, ctx)?;
                    if len != leaves {
                        return Err(window.error(Fault::Bad("not as many column orders as columns")));
                    }
                    let mut orders = Vec::new();
                    for _ in 0..len {
                        orders.push(window.item(ctx, order)?);
                    }
                    self.orders = Some(orders);
                }
                _ => window.item(ctx, |w| w.skip(field.kind))?,
            }
        }
        Ok(())
    }

    /// Where in the footer the chunks of `leaves` in row group `group` stand; nothing for what does not exist.
    pub(super) fn chunks(&self, group: usize, leaves: Range<usize>, num_leaves: usize) -> Range<usize> {
        let place = |leaf| self.starts.get(group * (num_leaves + 1) + leaf).map_or(0, |at| *at as usize);
        place(leaves.start)..place(leaves.end)
    }

    /// The value of `key` in the key-value metadata, the last where it comes more than once.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.key_value.iter().rfind(|(at, _)| at == key)?.1.as_deref()
    }

    /// Bytes that this takes.
    pub(super) fn memory(&self) -> usize {
        let text = |(key, value): &(String, Option<String>)| key.len() + value.as_ref().map_or(0, String::len) + 48;
        let groups: usize =
            self.groups.iter().map(|g| size_of::<Group>() + g.sorting.len() * size_of::<Sorting>()).sum();
        self.starts.len() * size_of::<u32>()
            + groups
            + self.key_value.iter().map(text).sum::<usize>()
            + self.orders.as_ref().map_or(0, Vec::len)
    }
}

fn next_field(window: &mut Window<'_>, last: &mut i16, ctx: &Context) -> Result<Option<Field>> {
    let before = *last;
    let (field, now) = window.item(ctx, |w| {
        let mut last = before;
        Ok((w.field(&mut last)?, last))
    })?;
    *last = now;
    Ok(field)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn key_value(walker: &mut Walker<'_>) -> Walk<(String, Option<String>)> {
    let (mut key, mut value, mut last) = (None, None, 0);
    while let Some(field) = walker.field(&mut last)? {
        match field.id {
            1 => key = Some(walker.binary_of(field).map(text)?),
            2 => value = Some(walker.binary_of(field).map(text)?),
            _ => walker.skip(field.kind)?,
        }
    }
    Ok((key.ok_or(Fault::Bad("metadata without a key"))?, value))
}

fn order(walker: &mut Walker<'_>) -> Walk<u8> {
    let (mut order, mut last) = (0, 0);
    while let Some(field) = walker.field(&mut last)? {
        order = u8::try_from(field.id).unwrap_or(0);
        walker.skip(field.kind)?;
    }
    Ok(order)
}

fn sorting(walker: &mut Walker<'_>, field: Field, leaves: usize) -> Walk<Box<[Sorting]>> {
    let mut columns = Vec::new();
    let len = walker.list_of(field, &[kind::STRUCT])?;
    if len > leaves {
        return Err(Fault::Bad("more sorting columns than columns"));
    }
    for _ in 0..len {
        let (mut column, mut last) = (Sorting::default(), 0);
        while let Some(field) = walker.field(&mut last)? {
            match field.id {
                1 => column.leaf = walker.integer_of(field)?,
                2 => column.descending = walker.boolean_of(field)?,
                3 => column.nulls_first = walker.boolean_of(field)?,
                _ => walker.skip(field.kind)?,
            }
        }
        columns.push(column);
    }
    Ok(columns.into())
}
