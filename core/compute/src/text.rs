//! Text of all three layouts: how kernels read a row of it, and how they write rows of it.

use std::fmt;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, GenericStringArray, LargeStringArray, OffsetSizeTrait, StringArray, StringViewArray,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use pf_base::{Error, Result};

use crate::block::{Block, mask_of};
use crate::types::name;
use crate::{Argument, Call, Value};

/// The longest text of a row, as other engines have it.
const LONGEST: usize = i32::MAX as usize;

/// The text of a value.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    pub(crate) layout: Layout<'a>,
    mask: usize,
}

/// How text is stored.
#[derive(Clone, Copy)]
pub(crate) enum Layout<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    /// The text of a value.
    ///
    /// # Errors
    /// [`Code::Type`](pf_base::Code::Type) for other types.
    pub(crate) fn of(value: &'a Value) -> Result<Self> {
        let array = value.inner();
        let layout = match array.data_type() {
            DataType::Utf8 => Layout::Small(array.as_string()),
            DataType::LargeUtf8 => Layout::Large(array.as_string()),
            DataType::Utf8View => Layout::View(array.as_string_view()),
            other => return Err(Error::wrong_type(format!("cannot take {}; takes string", name(other)))),
        };
        Ok(Self { layout, mask: mask_of(value) })
    }

    /// The text of a row, which is not null.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> &'a str {
        let row = row & self.mask;
        match self.layout {
            Layout::Small(array) => array.value(row),
            Layout::Large(array) => array.value(row),
            Layout::View(array) => array.value(row),
        }
    }

    /// The text, where it is the same for all rows.
    pub(crate) fn scalar(&self) -> Option<&'a str> {
        (self.mask == 0).then(|| self.get(0))
    }

    /// The bytes of all rows, where they lie one after the other.
    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        fn of<O: OffsetSizeTrait>(array: &GenericStringArray<O>) -> &[u8] {
            let offsets = array.value_offsets();
            &array.value_data()[offsets[0].as_usize()..offsets[array.len()].as_usize()]
        }
        match self.layout {
            Layout::Small(array) => Some(of(array)),
            Layout::Large(array) => Some(of(array)),
            Layout::View(_) => None,
        }
    }

    /// Whether all text is known to be ASCII: then bytes are characters.
    pub(crate) fn is_ascii(&self) -> bool {
        self.bytes().is_some_and(<[u8]>::is_ascii)
    }

    /// A bit per row. Views of null rows may point anywhere, so they are not looked at.
    pub(crate) fn bits(&self, block: &Block, test: impl Fn(&str) -> bool) -> BooleanBuffer {
        match self.layout {
            Layout::Small(a) => BooleanBuffer::collect_bool(block.rows, |row| test(a.value(row & self.mask))),
            Layout::Large(a) => BooleanBuffer::collect_bool(block.rows, |row| test(a.value(row & self.mask))),
            Layout::View(a) => {
                BooleanBuffer::collect_bool(block.rows, |row| block.is_valid(row) && test(a.value(row & self.mask)))
            }
        }
    }

    /// An integer per row.
    pub(crate) fn numbers(&self, block: &Block, number: impl Fn(&str) -> i64) -> ScalarBuffer<i64> {
        match self.layout {
            Layout::Small(a) => (0..block.rows).map(|row| number(a.value(row & self.mask))).collect(),
            Layout::Large(a) => (0..block.rows).map(|row| number(a.value(row & self.mask))).collect(),
            Layout::View(a) => {
                let value = |row| if block.is_valid(row) { number(a.value(row & self.mask)) } else { 0 };
                (0..block.rows).map(value).collect()
            }
        }
    }
}

/// Text that is being written, row after row.
pub(crate) struct Output {
    bytes: Vec<u8>,
    start: usize,
}

impl Output {
    /// Appends to the row.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), or [`Code::InvalidArgument`](pf_base::Code::InvalidArgument)
    /// for a row beyond 2 GiB.
    #[inline]
    pub(crate) fn push(&mut self, text: &str) -> Result<()> {
        self.push_bytes(text.as_bytes())
    }

    /// [`push`](Self::push) of bytes that are part of a text.
    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.reserve(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Room for so many bytes more in this row; fails as [`push`](Self::push).
    #[inline]
    pub(crate) fn reserve(&mut self, bytes: usize) -> Result<()> {
        if bytes <= self.bytes.capacity() - self.bytes.len()
            && bytes <= LONGEST - (self.bytes.len() - self.start).min(LONGEST)
        {
            return Ok(());
        }
        self.grow(bytes)
    }

    #[cold]
    fn grow(&mut self, bytes: usize) -> Result<()> {
        let row = (self.bytes.len() - self.start).saturating_add(bytes);
        if row > LONGEST {
            return Err(Error::invalid_argument(format!(
                "the resulting text has at least {row} bytes; at most {LONGEST} are possible"
            )));
        }
        let all = self.bytes.len() + bytes;
        self.bytes.try_reserve(bytes).map_err(|_| Error::out_of_memory(format!("no memory for {all} bytes of text")))
    }

    /// What the row has so far, to be changed in place.
    pub(crate) fn row(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }
}

impl fmt::Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text).map_err(|_| fmt::Error)
    }
}

/// Text row by row: `write` appends what a row holds; it says false where the row is null. Null rows of the block are
/// not written.
///
/// # Errors
/// What `write` fails with, and [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub(crate) fn write_rows(
    block: &Block,
    layout: &DataType,
    mut write: impl FnMut(usize, &mut Output) -> Result<bool>,
) -> Result<ArrayRef> {
    let mut output = Output { bytes: Vec::new(), start: 0 };
    output.reserve(block.rows * 8)?;
    let mut ends = Vec::with_capacity(block.rows + 1);
    ends.push(0);
    let mut absent: Vec<usize> = Vec::new();
    for row in 0..block.rows {
        if block.is_valid(row) {
            output.start = output.bytes.len();
            if !write(row, &mut output)? {
                absent.push(row);
            }
        }
        ends.push(output.bytes.len());
    }
    let nulls = if absent.is_empty() {
        block.nulls.clone()
    } else {
        let mut bits = vec![true; block.rows];
        for row in absent {
            bits[row] = false;
        }
        NullBuffer::union(block.nulls.as_ref(), Some(&NullBuffer::from(bits)))
    };
    assemble(&ends, Buffer::from_vec(output.bytes), layout, nulls)
}

/// Text of these bytes; `ends` begins with 0.
fn assemble(ends: &[usize], bytes: Buffer, layout: &DataType, nulls: Option<NullBuffer>) -> Result<ArrayRef> {
    if *layout == DataType::LargeUtf8 {
        let offsets = ends.iter().map(|&e| e as i64).collect();
        return Ok(Arc::new(LargeStringArray::try_new(OffsetBuffer::new(offsets), bytes, nulls)?));
    }
    if bytes.len() > LONGEST {
        return Err(Error::out_of_memory(format!(
            "{} rows of a result hold {} bytes, more than the offsets of {} count; cast the text to large_string",
            ends.len() - 1,
            bytes.len(),
            name(layout),
        )));
    }
    let offsets = ends.iter().map(|&e| e as i32).collect();
    let small = StringArray::try_new(OffsetBuffer::new(offsets), bytes, nulls)?;
    if *layout == DataType::Utf8View { Ok(Arc::new(StringViewArray::from(&small))) } else { Ok(Arc::new(small)) }
}

/// Text whose rows have the lengths of `texts`, with other bytes; none where its bytes lie not one after the other.
///
/// # Errors
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
pub(crate) fn map_bytes(texts: &Texts<'_>, block: &Block, map: impl FnOnce(&mut [u8])) -> Result<Option<ArrayRef>> {
    let Some(bytes) = texts.bytes() else { return Ok(None) };
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len())
        .map_err(|_| Error::out_of_memory(format!("no memory for {} bytes of text", bytes.len())))?;
    copy.extend_from_slice(bytes);
    map(&mut copy);
    fn of<O: OffsetSizeTrait>(
        array: &GenericStringArray<O>,
        bytes: Vec<u8>,
        nulls: Option<NullBuffer>,
    ) -> Result<ArrayRef> {
        let first = array.value_offsets()[0];
        let offsets: ScalarBuffer<O> = array.value_offsets().iter().map(|&o| o - first).collect();
        Ok(Arc::new(GenericStringArray::try_new(OffsetBuffer::new(offsets), bytes.into(), nulls)?))
    }
    let nulls = block.nulls.clone();
    Ok(match texts.layout {
        Layout::Small(array) => Some(of(array, copy, nulls)?),
        Layout::Large(array) => Some(of(array, copy, nulls)?),
        Layout::View(_) => None,
    })
}

/// Where the character of this number begins; the end of the text where it has not so many.
#[inline]
pub(crate) fn byte_of(text: &str, characters: usize, ascii: bool) -> usize {
    if ascii || characters == 0 {
        return characters.min(text.len());
    }
    if characters >= text.len() {
        return text.len();
    }
    text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte)
}

/// How many characters a text has.
#[inline]
pub(crate) fn characters(text: &str) -> usize {
    text.chars().count()
}

/// The text of an argument that is a literal, but not null.
pub(crate) fn constant_text(call: &Call<'_>, i: usize) -> Option<String> {
    constant_of(call.arguments.get(i)?)
}

/// The text of a literal that is not null.
pub(crate) fn constant_of(argument: &Argument) -> Option<String> {
    let value = Value::Scalar(argument.constant.clone()?);
    if value.is_null_scalar() || value.data_type().is_null() {
        return None;
    }
    Some(Texts::of(&value).ok()?.get(0).to_owned())
}
