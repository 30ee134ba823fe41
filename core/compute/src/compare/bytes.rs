//! Comparison of strings and binaries, however they are stored: lengths and the first eight bytes decide most rows.

use std::cmp::Ordering;

use arrow_array::cast::AsArray;
use arrow_array::types::ByteArrayType;
use arrow_array::{Array, GenericByteArray};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::Comparison;
use crate::Value;
use crate::simd::{Level, bits, pack, test, word};

/// Rows of bytes.
pub(super) trait Rows {
    /// How many.
    fn len(&self) -> usize;
    /// The bytes of a row.
    fn get(&self, i: usize) -> &[u8];
    /// The first eight bytes of a row, with zeros after its end, as a number in their order.
    fn head(&self, i: usize) -> u64;
    /// A bit per row that is equal to `needle`.
    fn equal(&self, level: Level, needle: &[u8]) -> BooleanBuffer;
}

/// The first eight bytes with zeros after the end, the first byte lowest.
#[inline(always)]
fn head_of(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(first) => u64::from_le_bytes(*first),
        None => bytes.iter().rev().fold(0, |w, b| w << 8 | u64::from(*b)),
    }
}

/// The bits of the first `len` bytes, the first byte lowest.
#[inline(always)]
fn mask(len: usize) -> u64 {
    if len >= 8 { u64::MAX } else { !(u64::MAX << (8 * len)) }
}

/// Rows between offsets.
pub(crate) struct Offsets<'a, O> {
    offsets: &'a [O],
    values: &'a [u8],
}

impl<'a, O: ArrowNativeType> Offsets<'a, O> {
    /// The rows of an array.
    pub(crate) fn new<T: ByteArrayType<Offset = O>>(array: &'a GenericByteArray<T>) -> Self {
        Self { offsets: array.value_offsets(), values: array.value_data() }
    }

    /// Eight bytes of a row after the first `skip`, with zeros after its end, as a number in their order; and how many bytes
    /// the row has after these first ones.
    #[inline(always)]
    pub(crate) fn head_after(&self, i: usize, skip: usize) -> (u64, usize) {
        let (start, end) = (self.offsets[i].as_usize(), self.offsets[i + 1].as_usize());
        let start = end.min(start + skip);
        ((self.load(start) & mask(end - start)).to_be(), end - start)
    }

    /// Eight bytes from `start`, with zeros after the end of all values, the first byte lowest.
    #[inline(always)]
    fn load(&self, start: usize) -> u64 {
        match self.values.get(start..).and_then(|v| v.first_chunk::<8>()) {
            Some(eight) => u64::from_le_bytes(*eight),
            None => head_of(self.values.get(start..).unwrap_or(&[])),
        }
    }
}

impl<O: ArrowNativeType + PartialEq + std::ops::Sub<Output = O>> Rows for Offsets<'_, O> {
    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    #[inline(always)]
    fn get(&self, i: usize) -> &[u8] {
        &self.values[self.offsets[i].as_usize()..self.offsets[i + 1].as_usize()]
    }

    #[inline(always)]
    fn head(&self, i: usize) -> u64 {
        self.head_after(i, 0).0
    }

    fn equal(&self, level: Level, needle: &[u8]) -> BooleanBuffer {
        let rows = self.len();
        let Some(length) = O::from_usize(needle.len()) else { return BooleanBuffer::new_unset(rows) };
        let (starts, ends) = (&self.offsets[..rows], &self.offsets[1..]);
        let (mask, key) = (mask(needle.len()), head_of(needle));
        let tail = needle.get(8..).unwrap_or(&[]);
        let rest = |start: usize| tail.is_empty() || self.values[start + 8..].starts_with(tail);
        let words = level.run(
            #[inline(always)]
            || {
                let ((starts, last_starts), (ends, last_ends)) = (starts.as_chunks::<64>(), ends.as_chunks::<64>());
                let mut words = Vec::with_capacity(starts.len() + 1);
                for (starts, ends) in starts.iter().zip(ends) {
                    let lengths = word(
                        #[inline(always)]
                        |i| ends[i] - starts[i] == length,
                    );
                    words.push(match lengths {
                        0 => 0,
                        _ if mask == 0 => lengths,
                        _ => self.heads(starts, lengths, mask, key, rest),
                    });
                }
                if !last_starts.is_empty() {
                    let pairs = last_starts.iter().zip(last_ends).enumerate();
                    words.push(pairs.fold(0, |w, (i, (start, end))| {
                        let equal = &self.values[start.as_usize()..end.as_usize()] == needle;
                        w | u64::from(equal) << i
                    }));
                }
                words
            },
        );
        bits(words, rows)
    }
}

impl<O: ArrowNativeType> Offsets<'_, O> {
    /// Of 64 rows, of which `candidates` have the right length, those whose bytes are right too.
    #[inline(always)]
    fn heads(&self, starts: &[O; 64], candidates: u64, mask: u64, key: u64, rest: impl Fn(usize) -> bool) -> u64 {
        let mut equal = 0;
        if candidates.count_ones() > 16 {
            for (i, start) in starts.iter().enumerate() {
                equal |= u64::from(self.load(start.as_usize()) & mask == key) << i;
            }
            equal &= candidates;
        } else {
            let mut left = candidates;
            while left != 0 {
                let i = left.trailing_zeros() as usize;
                equal |= u64::from(self.load(starts[i].as_usize()) & mask == key) << i;
                left &= left - 1;
            }
        }
        let mut left = equal;
        while mask == u64::MAX && left != 0 {
            let i = left.trailing_zeros() as usize;
            if !rest(starts[i].as_usize()) {
                equal &= !(1 << i);
            }
            left &= left - 1;
        }
        equal
    }
}

/// Rows of views: the length, then the bytes, or the first four of them and where the rest is.
pub(super) struct Views<'a> {
    views: &'a [u128],
    buffers: &'a [Buffer],
}

impl Rows for Views<'_> {
    fn len(&self) -> usize {
        self.views.len()
    }

    #[inline(always)]
    fn get(&self, i: usize) -> &[u8] {
        let view = &self.views[i];
        let length = *view as u32 as usize;
        if length <= 12 {
            return bytemuck::bytes_of(view).get(4..4 + length).unwrap_or(&[]);
        }
        let (buffer, start) = ((view >> 64) as u32 as usize, (view >> 96) as u32 as usize);
        // What lies beneath a null may point anywhere.
        self.buffers.get(buffer).and_then(|b| b.get(start..start + length)).unwrap_or(&[])
    }

    #[inline(always)]
    fn head(&self, i: usize) -> u64 {
        let view = self.views[i];
        // Views are padded with zeros.
        if view as u32 <= 12 { ((view >> 32) as u64).to_be() } else { head_of(self.get(i)).to_be() }
    }

    fn equal(&self, level: Level, needle: &[u8]) -> BooleanBuffer {
        let key = bytemuck::cast::<u128, [u64; 2]>(view_of(needle));
        let views: &[[u64; 2]] = bytemuck::cast_slice(self.views);
        // Little-endian, as Arrow is: the first half is the length and four bytes.
        if needle.len() <= 12 {
            return test(level, views, move |v| (v[0] ^ key[0]) | (v[1] ^ key[1]) == 0);
        }
        let heads = test(level, views, move |v| v[0] == key[0]);
        pack(views.len(), |i| heads.value(i) && self.get(i) == needle)
    }
}

/// The view of some bytes, whole up to twelve; beyond, only its first half means anything.
fn view_of(bytes: &[u8]) -> u128 {
    let kept = if bytes.len() <= 12 { bytes } else { &bytes[..4] };
    kept.iter().enumerate().fold(bytes.len() as u128, |v, (i, b)| v | u128::from(*b) << (32 + 8 * i))
}

/// Rows of one width.
pub(super) struct Fixed<'a> {
    width: usize,
    values: &'a [u8],
    rows: usize,
}

impl Rows for Fixed<'_> {
    fn len(&self) -> usize {
        self.rows
    }

    #[inline(always)]
    fn get(&self, i: usize) -> &[u8] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    #[inline(always)]
    fn head(&self, i: usize) -> u64 {
        head_of(self.get(i)).to_be()
    }

    fn equal(&self, _: Level, needle: &[u8]) -> BooleanBuffer {
        pack(self.rows, |i| self.get(i) == needle)
    }
}

/// Runs `$body` with `$rows` the rows of an array of strings or binaries; another type is an error.
macro_rules! with_rows {
    ($array:expr, $rows:ident => $body:expr) => {{
        let array: &dyn Array = $array;
        match array.data_type() {
            DataType::Utf8 => {
                let $rows = Offsets::new(array.as_string::<i32>());
                $body
            }
            DataType::LargeUtf8 => {
                let $rows = Offsets::new(array.as_string::<i64>());
                $body
            }
            DataType::Binary => {
                let $rows = Offsets::new(array.as_binary::<i32>());
                $body
            }
            DataType::LargeBinary => {
                let $rows = Offsets::new(array.as_binary::<i64>());
                $body
            }
            DataType::Utf8View => {
                let array = array.as_string_view();
                let $rows = Views { views: array.views(), buffers: array.data_buffers() };
                $body
            }
            DataType::BinaryView => {
                let array = array.as_binary_view();
                let $rows = Views { views: array.views(), buffers: array.data_buffers() };
                $body
            }
            DataType::FixedSizeBinary(width) => {
                let array = array.as_fixed_size_binary();
                let width = usize::try_from(*width).unwrap_or(0);
                let $rows = Fixed { width, values: array.value_data(), rows: array.len() };
                $body
            }
            other => Err(Error::internal(format!("{other} is compared as bytes"))),
        }
    }};
}

/// Compares rows of bytes with others, or with one value; both have one type.
pub(super) fn compare(level: Level, comparison: Comparison, a: &Value, b: &Value) -> Result<BooleanBuffer> {
    with_rows!(a.inner().as_ref(), rows => with_rows!(b.inner().as_ref(), others => {
        Ok(match b {
            Value::Scalar(_) => with_one(level, comparison, &rows, others.get(0)),
            Value::Array(_) => with_others(comparison, &rows, &others),
        })
    }))
}

fn with_one(level: Level, comparison: Comparison, rows: &impl Rows, needle: &[u8]) -> BooleanBuffer {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne, Same};
    let head = head_of(needle).to_be();
    // The head decides, unless it is the same.
    let less = || {
        pack(rows.len(), |i| match rows.head(i).cmp(&head) {
            Ordering::Equal => rows.get(i) < needle,
            order => order.is_lt(),
        })
    };
    let less_or_equal = || {
        pack(rows.len(), |i| match rows.head(i).cmp(&head) {
            Ordering::Equal => rows.get(i) <= needle,
            order => order.is_lt(),
        })
    };
    match comparison {
        Eq | Same => rows.equal(level, needle),
        Ne => !&rows.equal(level, needle),
        Lt => less(),
        Le => less_or_equal(),
        Gt => !&less_or_equal(),
        Ge => !&less(),
    }
}

fn with_others(comparison: Comparison, rows: &impl Rows, others: &impl Rows) -> BooleanBuffer {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne, Same};
    let equal = || pack(rows.len(), |i| rows.get(i) == others.get(i));
    let less = || {
        pack(rows.len(), |i| match rows.head(i).cmp(&others.head(i)) {
            Ordering::Equal => rows.get(i) < others.get(i),
            order => order.is_lt(),
        })
    };
    let greater = || {
        pack(rows.len(), |i| match rows.head(i).cmp(&others.head(i)) {
            Ordering::Equal => rows.get(i) > others.get(i),
            order => order.is_gt(),
        })
    };
    match comparison {
        Eq | Same => equal(),
        Ne => !&equal(),
        Lt => less(),
        Le => !&greater(),
        Gt => greater(),
        Ge => !&less(),
    }
}

/// A bit per row of whether `test` holds of its bytes.
pub(super) fn test_each(array: &dyn Array, test: impl Fn(&[u8]) -> bool) -> Result<BooleanBuffer> {
    with_rows!(array, rows => Ok(pack(rows.len(), |i| test(rows.get(i)))))
}

/// The least or the greatest of the rows that are not null.
pub(crate) fn extreme<const MAX: bool>(array: &dyn Array) -> Result<Option<Vec<u8>>> {
    let nulls = array.nulls();
    with_rows!(array, rows => Ok(extreme_row::<MAX>(&rows, nulls).map(|i| rows.get(i).to_vec())))
}

fn extreme_row<const MAX: bool>(rows: &impl Rows, nulls: Option<&NullBuffer>) -> Option<usize> {
    let is_valid = |i: &usize| nulls.is_none_or(|nulls| nulls.is_valid(*i));
    let mut best = (0..rows.len()).find(is_valid)?;
    let mut head = rows.head(best);
    for i in best + 1..rows.len() {
        let other = rows.head(i);
        // The head decides, unless it is the same.
        if if MAX { other < head } else { other > head } {
            continue;
        }
        let (a, b) = if MAX { (best, i) } else { (i, best) };
        if is_valid(&i) && (other != head || rows.get(a) < rows.get(b)) {
            (best, head) = (i, other);
        }
    }
    Some(best)
}

/// The bytes of each row.
pub(super) fn each(array: &dyn Array) -> Result<Vec<Vec<u8>>> {
    with_rows!(array, rows => Ok((0..rows.len()).map(|i| rows.get(i).to_vec()).collect()))
}

/// A bit per row that is equal to the one value of `literal`.
pub(super) fn equal(level: Level, array: &dyn Array, literal: &dyn Array) -> Result<BooleanBuffer> {
    with_rows!(array, rows => with_rows!(literal, others => Ok(rows.equal(level, others.get(0)))))
}
