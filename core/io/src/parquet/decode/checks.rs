//! What is known of a column chunk, against what its pages say of themselves: the decoder allocates that.
//!
//! A few bytes can stand for any number of values, and a value for any number of bytes: runs of levels, counts of
//! packed lengths, a long text of a dictionary that every row has. Counts are held against what else is known of the
//! page and its column chunk; where values may come to more than a small part of the budget, the decoder is stopped
//! before it takes them up, and made anew to decode fewer rows at a time.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::Page;
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescPtr;
use pf_base::{Memory, Reservation};

use super::bytes::{ChunkBytes, PARTS};

/// How many rows are decoded at a time, and how many it should have been; 0 as long as that is not too many.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) at_once: usize,
    fewer: Arc<AtomicUsize>,
}

impl Rows {
    pub(super) fn new(at_once: usize) -> Self {
        Self { at_once, fewer: Arc::default() }
    }

    /// How many rows should be decoded at a time, where the decoder was stopped because it is at too many.
    pub(super) fn fewer(&self) -> Option<usize> {
        Some(self.fewer.swap(0, Ordering::Relaxed)).filter(|fewer| *fewer > 0)
    }

    /// Asks for fewer rows at a time.
    fn ask(&self, fewer: usize) -> ParquetError {
        self.fewer.store(fewer.max(1), Ordering::Relaxed);
        ParquetError::General(format!("{} rows at a time are too many", self.at_once))
    }
}

/// What is known of a column chunk, and the last of its pages.
pub(super) struct Checks {
    pub(super) descriptor: ColumnDescPtr,
    /// Rows of the row group.
    pub(super) group_rows: usize,
    /// Values that the column chunk has still, as its metadata counts them.
    pub(super) left: u64,
    /// Bytes of the longest value of the dictionary.
    pub(super) longest: usize,
    pub(super) rows: Rows,
    pub(super) bytes: ChunkBytes,
    pub(super) memory: Memory,
    /// What the decoded dictionary takes, and what is made of the page beside its values.
    pub(super) reserved: [Option<Reservation>; 2],
}

impl Checks {
    /// Looks at a page before the decoder does.
    ///
    /// # Errors
    /// For one that contradicts itself or what is known of its chunk; where memory or a smaller number of rows at a time is
    /// wanting, that is kept for who reads.
    pub(super) fn check(&mut self, page: &Page) -> Result<()> {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => self.check_dictionary(buf, *num_values as usize),
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, .. } => {
                let count = self.count(*num_values)?;
                let mut rest = buf.as_ref();
                for (most, encoding) in [
                    (self.descriptor.max_rep_level(), *rep_level_encoding),
                    (self.descriptor.max_def_level(), *def_level_encoding),
                ] {
                    rest = behind_levels(rest, most, encoding, count).ok_or_else(|| bad("its levels pass its end"))?;
                }
                self.check_values(rest, count, *encoding)
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let count = self.count(*num_values)?;
                let levels = (*def_levels_byte_len as usize).saturating_add(*rep_levels_byte_len as usize);
                let rest = buf.get(levels..).ok_or_else(|| bad("its levels pass its end"))?;
                self.check_values(rest, count, *encoding)
            }
        }
    }

    /// The number of values of a data page, nulls among them.
    fn count(&mut self, count: u32) -> Result<usize> {
        let is_nested = self.descriptor.max_rep_level() > 0;
        let most = if is_nested { self.left } else { self.group_rows as u64 };
        let left = most.checked_sub(count.into());
        self.left = left.ok_or_else(|| bad("it has more values than its column chunk is said to have"))?;
        Ok(count as usize)
    }

    fn check_dictionary(&mut self, bytes: &Bytes, count: usize) -> Result<()> {
        let room = match self.descriptor.physical_type() {
            Type::BYTE_ARRAY => {
                self.longest = longest(bytes, count).ok_or_else(|| bad("it has fewer values than it says"))?;
                // The decoder copies them, and makes an offset or a view of each.
                bytes.len() + count.saturating_mul(16)
            }
            other => {
                let bits = match other {
                    Type::BOOLEAN => 1,
                    Type::INT32 | Type::FLOAT => 32,
                    Type::INT96 => 96,
                    Type::FIXED_LEN_BYTE_ARRAY => 8 * usize::try_from(self.descriptor.type_length()).unwrap_or(0),
                    _ => 64,
                };
                // Values of no bytes have no dictionary.
                let needed = count.checked_mul(bits).filter(|_| bits > 0 || count == 0);
                if needed.is_none_or(|needed| needed > bytes.len().saturating_mul(8)) {
                    return Err(bad("it has fewer values than it says"));
                }
                bytes.len()
            }
        };
        self.reserved[0] = None;
        self.reserved[0] = Some(self.reserve(room, "a dictionary of a column chunk")?);
        Ok(())
    }

    /// Looks at the values of a data page: `count` of them, without those that are null.
    fn check_values(&mut self, bytes: &[u8], count: usize, encoding: Encoding) -> Result<()> {
        self.reserved[1] = None;
        let is_text = self.descriptor.physical_type() == Type::BYTE_ARRAY;
        let lengths = match encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => usize::from(delta(bytes, count)?.is_some()),
            Encoding::DELTA_BYTE_ARRAY => match delta(bytes, count)? {
                Some(prefixes) => {
                    delta(bytes.get(prefixes.end..).unwrap_or_default(), count)?;
                    2
                }
                None => 0,
            },
            _ => 0,
        };
        if lengths > 0 {
            let room = count.saturating_mul(4 * lengths);
            self.reserved[1] = Some(self.reserve(room, "lengths of a page of a column chunk")?);
        }
        let longest = match encoding {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY if is_text => self.longest,
            // A value may repeat all that stands before it.
            Encoding::DELTA_BYTE_ARRAY if is_text => bytes.len(),
            _ => return Ok(()),
        };
        self.check_longest(longest, count)
    }

    /// Makes sure that values of so many bytes are a small part of the budget together.
    fn check_longest(&mut self, longest: usize, count: usize) -> Result<()> {
        let enough = usize::try_from(self.memory.limit() / PARTS).unwrap_or(usize::MAX);
        let is_nested = self.descriptor.max_rep_level() > 0;
        // A row of lists may have all of them.
        let values = if is_nested { count } else { count.min(self.rows.at_once).min(self.group_rows) };
        let all = longest.saturating_mul(values);
        if all <= enough {
            return Ok(());
        }
        if self.rows.at_once > 1 {
            let fewer = if is_nested { 1 } else { enough / longest.max(1) };
            return Err(self.rows.ask(fewer.min(self.rows.at_once - 1)));
        }
        // There are no fewer: it is there, or is not.
        let lengths = self.reserved[1].take();
        let all = self.reserve(all, "values of a column chunk")?;
        self.reserved[1] = Some(all);
        drop(lengths);
        Ok(())
    }

    fn reserve(&self, bytes: usize, what: &str) -> Result<Reservation> {
        self.memory.reserve(bytes as u64, what).map_err(|error| self.bytes.failed(error))
    }
}

fn bad(what: &str) -> ParquetError {
    ParquetError::General(format!("a page is damaged: {what}"))
}

/// What is behind the levels of a page of the first kind.
fn behind_levels(bytes: &[u8], most: i16, encoding: Encoding, count: usize) -> Option<&[u8]> {
    if most == 0 {
        return Some(bytes);
    }
    #[allow(deprecated, reason = "old files have levels in it")]
    if encoding == Encoding::BIT_PACKED {
        let bits = (u16::BITS - most.unsigned_abs().leading_zeros()) as usize;
        return bytes.get(count.checked_mul(bits)?.div_ceil(8)..);
    }
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..)
}

/// The bytes of the longest of `count` values, which stand behind their lengths; nothing where there are fewer.
fn longest(mut bytes: &[u8], count: usize) -> Option<usize> {
    let mut longest = 0;
    for _ in 0..count {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        bytes = rest.get(length..)?;
        longest = longest.max(length);
    }
    Some(longest)
}

/// Where numbers that are packed as differences stand, of which there may be `most`; nothing where there is no number.
fn delta(bytes: &[u8], most: usize) -> Result<Option<Range<usize>>> {
    let damaged = || bad("its lengths make no sense");
    let mut at = 0;
    let number = |at: &mut usize| -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *bytes.get(*at)?;
            *at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    };
    let mut size = || number(&mut at).and_then(|size| usize::try_from(size).ok()).ok_or_else(damaged);
    let (block, parts, count) = (size()?, size()?, size()?);
    // The first of the numbers.
    number(&mut at).ok_or_else(damaged)?;
    if count > most {
        return Err(bad("it has more lengths than values"));
    }
    // Blocks are made of parts of a multiple of 32 numbers.
    if parts == 0 || block == 0 || !block.is_multiple_of(parts) || !(block / parts).is_multiple_of(32) {
        return Err(damaged());
    }
    let part = block / parts;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        number(&mut at).ok_or_else(damaged)?;
        let widths = at.checked_add(parts).and_then(|end| bytes.get(at..end)).ok_or_else(damaged)?;
        at += parts;
        for width in widths {
            // Parts behind the last number have no bytes.
            if left == 0 {
                break;
            }
            let len = usize::from(*width).checked_mul(part / 8).ok_or_else(damaged)?;
            at = at.checked_add(len).ok_or_else(damaged)?;
            left = left.saturating_sub(part);
        }
    }
    Ok((count > 0).then_some(0..at))
}

#[cfg(test)]
mod tests;
