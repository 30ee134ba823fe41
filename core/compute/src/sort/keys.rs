//! What rows are ordered by, as a sequence of 64-bit keys: those of later steps are needed only where earlier ones tie.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, GenericByteArray, GenericByteViewArray, types::ByteArrayType, types::ByteViewType};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use pf_base::{Context, Error, Result};

use super::SortColumn;
use super::codes::{Codes, codes_of};
use super::radix::BLOCK;
use crate::compare::Offsets;

/// Rows that are looked at at a time.
const PIECE: usize = 1 << 16;

/// The keys of the rows of some columns.
pub(crate) struct Plan {
    pub(crate) levels: Vec<Level>,
    pub(crate) rows: usize,
}

/// The keys that some of the columns give.
pub(crate) enum Level {
    /// Codes of columns of fixed width side by side.
    Fixed(Vec<Part>),
    /// Seven bytes of a text at a time, and how many of them there are.
    Text(Text),
}

/// Some bits of a key.
pub(crate) struct Part {
    codes: Arc<dyn Codes>,
    highest: u64,
    /// The lowest bits are left to another part.
    drop: u32,
    /// Only the lowest bit.
    last: bool,
    nulls: Option<NullBuffer>,
    /// Codes are one higher than they would be: null is 0.
    nulls_first: bool,
    descending: bool,
    bits: u32,
}

/// A column of texts or other bytes.
pub(crate) struct Text {
    bytes: Box<dyn Bytes>,
    /// So many bytes are the same in all rows.
    common: usize,
    nulls: Option<NullBuffer>,
    nulls_first: bool,
    descending: bool,
}

/// Where in the keys of a row a comparison has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) level: usize,
    depth: usize,
}

/// Bytes of a text in a key; the eighth says how many there are.
pub(super) const CHUNK: usize = 7;

impl Plan {
    /// The keys of `columns`.
    pub(crate) fn new(columns: &[SortColumn], ctx: &Context) -> Result<Self> {
        let rows = columns.first().map_or(0, |c| c.values.len());
        let mut levels = Vec::new();
        for column in columns {
            let SortColumn { values, descending, nulls_first } = column;
            if values.len() != rows {
                return Err(Error::invalid_argument(format!(
                    "columns have {rows} and {} rows; expected as many in each",
                    values.len()
                )));
            }
            let (descending, nulls_first) = (*descending, *nulls_first);
            if let Some(column) = codes_of(values, ctx)? {
                for (codes, highest) in column.words {
                    let (nulls, codes) = (column.nulls.clone(), Arc::from(codes));
                    let part = Part { codes, highest, drop: 0, last: false, nulls, nulls_first, descending, bits: 0 };
                    push(&mut levels, part);
                }
            } else if let Some(bytes) = bytes_of(values) {
                let nulls = values.logical_nulls().filter(|n| n.null_count() > 0);
                let common = common_prefix(&*bytes, rows, nulls.as_ref(), ctx)?;
                levels.push(Level::Text(Text { bytes, common, nulls, nulls_first, descending }));
            } else {
                return Err(Error::wrong_type(format!(
                    "{} has no order; expected numbers, booleans, strings, binary, dates or times",
                    values.data_type()
                )));
            }
        }
        Ok(Self { levels, rows })
    }

    /// The number of bits of the keys of a level.
    pub(crate) fn bits(&self, level: usize) -> u32 {
        match self.levels.get(level) {
            None => 0,
            Some(Level::Text(_)) => 64,
            Some(Level::Fixed(parts)) => parts.iter().map(|p| p.bits).sum(),
        }
    }

    /// Whether the first keys say all.
    pub(crate) fn single(&self) -> bool {
        self.levels.len() <= 1 && !matches!(self.levels.first(), Some(Level::Text(_)))
    }

    /// The key of a row.
    pub(crate) fn key(&self, step: Step, row: usize) -> u64 {
        match self.levels.get(step.level) {
            None => 0,
            Some(Level::Text(text)) => text.key(row, step.depth),
            Some(Level::Fixed(parts)) => parts.iter().fold(0, |key, part| join(key, part.at(row), part.bits)),
        }
    }

    /// The first keys of the rows from `start` on.
    pub(crate) fn fill(&self, start: usize, out: &mut [u64]) {
        self.fill_level(0, start, out);
    }

    /// The first keys of a level.
    pub(crate) fn fill_level(&self, level: usize, start: usize, out: &mut [u64]) {
        match self.levels.get(level) {
            None => out.fill(0),
            Some(Level::Text(text)) => text.fill(start, out),
            Some(Level::Fixed(parts)) => match &parts[..] {
                [part] => part.fill(start, out),
                parts => {
                    out.fill(0);
                    let mut codes = [0; 512];
                    for (i, out) in out.chunks_mut(512).enumerate() {
                        for part in parts {
                            let codes = &mut codes[..out.len()];
                            part.fill(start + i * 512, codes);
                            out.iter_mut().zip(codes).for_each(|(o, code)| *o = join(*o, *code, part.bits));
                        }
                    }
                }
            },
        }
    }

    /// What decides between rows whose keys at `step` are all `key`; nothing where they are equal.
    pub(crate) fn next(&self, step: Step, key: u64) -> Option<Step> {
        if let Some(Level::Text(text)) = self.levels.get(step.level)
            && !text.ended(key)
        {
            return Some(Step { depth: step.depth + 1, ..step });
        }
        (step.level + 1 < self.levels.len()).then_some(Step { level: step.level + 1, depth: 0 })
    }

    /// Which of two rows comes first by what is left after `step`, where their keys are `key`.
    pub(crate) fn compare_after(&self, step: Step, key: u64, a: usize, b: usize) -> std::cmp::Ordering {
        let mut at = (step, key);
        while let Some(step) = self.next(at.0, at.1) {
            let keys = (self.key(step, a), self.key(step, b));
            if keys.0 != keys.1 {
                return keys.0.cmp(&keys.1);
            }
            at = (step, keys.0);
        }
        std::cmp::Ordering::Equal
    }

    /// Whether two rows are equal in all columns; null equals null.
    pub(crate) fn equal(&self, a: usize, b: usize) -> bool {
        self.levels.iter().all(|level| match level {
            Level::Fixed(parts) => parts.iter().all(|p| p.at(a) == p.at(b)),
            Level::Text(text) => match &text.nulls {
                Some(n) if n.is_null(a) || n.is_null(b) => n.is_null(a) && n.is_null(b),
                _ => text.bytes.at(a) == text.bytes.at(b),
            },
        })
    }

    /// The bytes of a text at a level, [`None`] for a null; the codes are in [`key`](Self::key).
    pub(crate) fn text(&self, level: usize, row: usize) -> Option<Option<&[u8]>> {
        match self.levels.get(level) {
            Some(Level::Text(text)) => {
                Some(text.nulls.as_ref().is_none_or(|n| n.is_valid(row)).then(|| text.bytes.at(row)))
            }
            _ => None,
        }
    }
}

fn join(key: u64, code: u64, bits: u32) -> u64 {
    if bits == 64 { code } else { key << bits | code }
}

/// Adds a part to the last level, or begins another. A column that needs 64 bits and has nulls leaves its last bit
/// to a part of its own.
fn push(levels: &mut Vec<Level>, mut part: Part) {
    if part.nulls.is_some() && part.highest > u64::MAX - 2 {
        let last = Part { codes: Arc::clone(&part.codes), nulls: part.nulls.clone(), highest: 1, last: true, ..part };
        part.drop = 1;
        part.highest >>= 1;
        push(levels, part);
        push(levels, last);
        return;
    }
    part.bits = u64::BITS - (part.highest + u64::from(part.nulls.is_some())).leading_zeros();
    if part.bits == 0 {
        return;
    }
    match levels.last_mut() {
        Some(Level::Fixed(parts)) if parts.iter().map(|p| p.bits).sum::<u32>() + part.bits <= u64::BITS => {
            parts.push(part);
        }
        _ => levels.push(Level::Fixed(vec![part])),
    }
}

impl Part {
    #[inline(always)]
    fn code(&self, code: u64) -> u64 {
        let code = if self.last { code & 1 } else { code >> self.drop };
        if self.descending { self.highest.wrapping_sub(code) } else { code }
    }

    fn null(&self) -> u64 {
        if self.nulls_first { 0 } else { self.highest + 1 }
    }

    fn at(&self, row: usize) -> u64 {
        match &self.nulls {
            Some(nulls) if nulls.is_null(row) => self.null(),
            Some(_) => self.code(self.codes.at(row)) + u64::from(self.nulls_first),
            None => self.code(self.codes.at(row)),
        }
    }

    fn fill(&self, start: usize, out: &mut [u64]) {
        self.codes.fill(start, out);
        if self.last || self.drop > 0 || self.descending {
            out.iter_mut().for_each(|o| *o = self.code(*o));
        }
        if let Some(nulls) = &self.nulls {
            let (null, first) = (self.null(), u64::from(self.nulls_first));
            for (row, out) in (start..).zip(out) {
                *out = if nulls.is_null(row) { null } else { out.wrapping_add(first) };
            }
        }
    }
}

impl Text {
    /// Seven bytes, then how many there are and one more; a null has a key that no text has.
    fn key(&self, row: usize, depth: usize) -> u64 {
        if self.nulls.as_ref().is_some_and(|n| n.is_null(row)) {
            return self.null();
        }
        let key = self.bytes.key(row, self.common + depth * CHUNK);
        if self.descending { !key } else { key }
    }

    /// The first keys of the rows from `start` on.
    fn fill(&self, start: usize, out: &mut [u64]) {
        self.bytes.fill(start, self.common, out);
        if self.descending {
            out.iter_mut().for_each(|key| *key = !*key);
        }
        if let Some(nulls) = &self.nulls {
            for (row, key) in (start..).zip(out) {
                *key = if nulls.is_null(row) { self.null() } else { *key };
            }
        }
    }

    fn null(&self) -> u64 {
        if self.nulls_first { 0 } else { u64::MAX }
    }

    /// Whether texts with this key have no more bytes.
    fn ended(&self, key: u64) -> bool {
        if self.nulls.is_some() && (key == 0 || key == u64::MAX) {
            return true;
        }
        let key = if self.descending { !key } else { key };
        key & 0xff <= CHUNK as u64 + 1
    }
}

/// A column of texts or other bytes.
pub(crate) trait Bytes: Send + Sync {
    /// The bytes of a row.
    fn at(&self, row: usize) -> &[u8];

    /// Seven bytes of a row after the first `skip`, then how many there are, of more eight, and one more.
    fn key(&self, row: usize, skip: usize) -> u64 {
        let rest = self.at(row).get(skip..).unwrap_or_default();
        let mut chunk = [0; 8];
        let kept = rest.len().min(8);
        chunk[..kept].copy_from_slice(&rest[..kept]);
        key_of(u64::from_be_bytes(chunk), rest.len())
    }

    /// The same of the rows from `start` on.
    fn fill(&self, start: usize, skip: usize, out: &mut [u64]) {
        for (row, out) in (start..).zip(out) {
            *out = self.key(row, skip);
        }
    }
}

/// The key of some bytes, of which `head` has the first eight.
#[inline(always)]
fn key_of(head: u64, len: usize) -> u64 {
    head & !0xff | (len.min(CHUNK + 1) as u64 + 1)
}

impl<T: ByteArrayType> Bytes for GenericByteArray<T> {
    fn at(&self, row: usize) -> &[u8] {
        self.value(row).as_ref()
    }

    #[inline(always)]
    fn key(&self, row: usize, skip: usize) -> u64 {
        let (head, len) = Offsets::new(self).head_after(row, skip);
        key_of(head, len)
    }
}

impl<T: ByteViewType + ?Sized> Bytes for GenericByteViewArray<T> {
    fn at(&self, row: usize) -> &[u8] {
        self.value(row).as_ref()
    }
}

impl Bytes for arrow_array::FixedSizeBinaryArray {
    fn at(&self, row: usize) -> &[u8] {
        self.value(row)
    }
}

/// The texts of a column; nothing for other types.
pub(crate) fn bytes_of(array: &ArrayRef) -> Option<Box<dyn Bytes>> {
    Some(match array.data_type() {
        DataType::Utf8 => Box::new(array.as_string::<i32>().clone()),
        DataType::LargeUtf8 => Box::new(array.as_string::<i64>().clone()),
        DataType::Utf8View => Box::new(array.as_string_view().clone()),
        DataType::Binary => Box::new(array.as_binary::<i32>().clone()),
        DataType::LargeBinary => Box::new(array.as_binary::<i64>().clone()),
        DataType::BinaryView => Box::new(array.as_binary_view().clone()),
        DataType::FixedSizeBinary(_) => Box::new(array.as_fixed_size_binary().clone()),
        _ => return None,
    })
}

/// How many bytes all texts begin with alike.
pub(super) fn common_prefix(
    bytes: &dyn Bytes,
    rows: usize,
    nulls: Option<&NullBuffer>,
    ctx: &Context,
) -> Result<usize> {
    let Some(first) = (0..rows).find(|row| nulls.is_none_or(|n| n.is_valid(*row))) else { return Ok(0) };
    let mut common = 0;
    loop {
        let key = bytes.key(first, common);
        // The bits in which keys differ, and the shortest rest.
        let pieces = ctx.map(rows.div_ceil(PIECE), |piece| {
            let (mut differing, mut shortest) = (0, CHUNK);
            let mut keys = [0; BLOCK];
            let end = rows.min((piece + 1) * PIECE);
            for start in (piece * PIECE..end).step_by(BLOCK) {
                let keys = &mut keys[..BLOCK.min(end - start)];
                bytes.fill(start, common, keys);
                for (row, other) in (start..).zip(keys) {
                    if nulls.is_none_or(|n| n.is_valid(row)) {
                        differing |= key ^ *other;
                        shortest = shortest.min((*other & 0xff) as usize - 1);
                    }
                }
                if differing.leading_zeros() < u8::BITS || shortest == 0 {
                    return Ok(0);
                }
            }
            Ok(shortest.min(differing.leading_zeros() as usize / 8))
        })?;
        let alike = pieces.into_iter().min().unwrap_or(0);
        common += alike;
        if alike < CHUNK {
            return Ok(common);
        }
    }
}
