//! Thrift's compact protocol, in which the metadata of Parquet files is written: a walker over bytes that may be damaged.
//!
//! Every step is checked against the bytes that are there, nesting against [`DEPTH`], and the length of a list against
//! the bytes behind it (an element takes one at least), so that no walk takes longer than its bytes and nothing is
//! allocated on the word of a length. Nothing is allocated at all: texts are borrowed.

/// How deep structs and lists may stand in each other; Parquet's own reach 7.
const DEPTH: usize = 32;

/// Why a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes ended first: there may be more of them elsewhere.
    End,
    /// What no reader can make sense of.
    Bad(&'static str),
}

/// The result of a step.
pub(crate) type Walk<T> = Result<T, Fault>;

/// The types of fields and elements, as the protocol numbers them.
pub(crate) mod kind {
    pub(crate) const TRUE: u8 = 1;
    pub(crate) const FALSE: u8 = 2;
    pub(crate) const BYTE: u8 = 3;
    pub(crate) const I16: u8 = 4;
    pub(crate) const I32: u8 = 5;
    pub(crate) const I64: u8 = 6;
    pub(crate) const DOUBLE: u8 = 7;
    pub(crate) const BINARY: u8 = 8;
    pub(crate) const LIST: u8 = 9;
    pub(crate) const STRUCT: u8 = 12;
}

/// The head of a struct's field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// The number that the format gives it.
    pub(crate) id: i16,
    /// One of [`kind`].
    pub(crate) kind: u8,
}

/// The head of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct List {
    /// The type of the elements, one of [`kind`].
    pub(crate) kind: u8,
    /// How many there are.
    pub(crate) len: usize,
}

/// A place in bytes of the compact protocol.
#[derive(Clone, Debug)]
pub(crate) struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walker<'a> {
    /// The start of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes walked over.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Bytes ahead.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    #[inline]
    fn byte(&mut self) -> Walk<u8> {
        let byte = *self.bytes.get(self.at).ok_or(Fault::End)?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    fn bytes(&mut self, len: usize) -> Walk<&'a [u8]> {
        let end = self.at.checked_add(len).ok_or(Fault::Bad("a length beyond any file"))?;
        let bytes = self.bytes.get(self.at..end).ok_or(Fault::End)?;
        self.at = end;
        Ok(bytes)
    }

    #[inline]
    fn varint(&mut self) -> Walk<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(first.into());
        }
        let mut value = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Fault::Bad("a number of more than 64 bits"))
    }

    /// A signed integer of any width.
    #[inline]
    pub(crate) fn integer(&mut self) -> Walk<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The bytes of a text.
    #[inline]
    pub(crate) fn binary(&mut self) -> Walk<&'a [u8]> {
        let len = self.varint()?;
        self.bytes(usize::try_from(len).map_err(|_| Fault::Bad("a length beyond any file"))?)
    }

    /// An element of a list of booleans: 1 is true, 0 (of old writers) and 2 are false.
    pub(crate) fn boolean(&mut self) -> Walk<bool> {
        match self.byte()? {
            1 => Ok(true),
            0 | 2 => Ok(false),
            _ => Err(Fault::Bad("a boolean that is neither true nor false")),
        }
    }

    /// The next field of a struct, nothing at its end. `last` is the id of the one before, 0 at first.
    #[inline]
    pub(crate) fn field(&mut self, last: &mut i16) -> Walk<Option<Field>> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let id = match head >> 4 {
            0 => i16::try_from(self.integer()?).map_err(|_| Fault::Bad("a field number of more than 16 bits"))?,
            step => last.checked_add(step.into()).ok_or(Fault::Bad("a field number of more than 16 bits"))?,
        };
        *last = id;
        Ok(Some(Field { id, kind: head & 15 }))
    }

    /// The head of a list.
    #[inline]
    pub(crate) fn list(&mut self) -> Walk<List> {
        let list = self.list_head()?;
        if list.len > self.left() { Err(Fault::End) } else { Ok(list) }
    }

    /// The head of a list whose length is not checked yet.
    #[inline]
    pub(crate) fn list_head(&mut self) -> Walk<List> {
        let head = self.byte()?;
        let len = match head >> 4 {
            15 => usize::try_from(self.varint()?).map_err(|_| Fault::Bad("a length beyond any file"))?,
            len => len.into(),
        };
        Ok(List { kind: head & 15, len })
    }

    /// The integer of `field`, which must be one.
    #[inline]
    pub(crate) fn integer_of(&mut self, field: Field) -> Walk<i64> {
        match field.kind {
            kind::I16 | kind::I32 | kind::I64 => self.integer(),
            kind::BYTE => Ok(i64::from(self.byte()? as i8)),
            _ => Err(Fault::Bad("a field of another type, where an integer belongs")),
        }
    }

    /// The text of `field`, which must be one.
    #[inline]
    pub(crate) fn binary_of(&mut self, field: Field) -> Walk<&'a [u8]> {
        match field.kind {
            kind::BINARY => self.binary(),
            _ => Err(Fault::Bad("a field of another type, where a text belongs")),
        }
    }

    /// The truth of `field`, which must be a boolean.
    #[inline]
    pub(crate) fn boolean_of(&mut self, field: Field) -> Walk<bool> {
        match field.kind {
            kind::TRUE => Ok(true),
            kind::FALSE => Ok(false),
            _ => Err(Fault::Bad("a field of another type, where a boolean belongs")),
        }
    }

    /// The length of the list of `field`, whose elements must be of one of `kinds`. An empty list may claim any kind.
    pub(crate) fn list_of(&mut self, field: Field, kinds: &[u8]) -> Walk<usize> {
        if field.kind != kind::LIST {
            return Err(Fault::Bad("a field of another type, where a list belongs"));
        }
        let list = self.list()?;
        if list.len > 0 && !kinds.contains(&list.kind) {
            return Err(Fault::Bad("a list of another type than belongs here"));
        }
        Ok(list.len)
    }

    /// The bytes of a value of type `kind`, walked over as by [`skip`](Self::skip).
    pub(crate) fn span(&mut self, kind: u8) -> Walk<&'a [u8]> {
        let start = self.at;
        self.skip(kind)?;
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    /// Walks over a value of type `kind`.
    ///
    /// Maps, sets and lists of booleans are refused: no footer has them, and readers disagree on how they are written.
    #[inline]
    pub(crate) fn skip(&mut self, kind: u8) -> Walk<()> {
        self.at = skip(self.bytes, self.at, kind, DEPTH)?;
        Ok(())
    }
}

// Most of a walk is skipping: these take a place and give the one behind, so that it stays in a register.

/// The place behind the value of type `kind` at `at`.
fn skip(bytes: &[u8], at: usize, kind: u8, depth: usize) -> Walk<usize> {
    match kind {
        kind::TRUE | kind::FALSE => Ok(at),
        kind::BYTE => skip_bytes(bytes, at, 1),
        kind::I16 | kind::I32 | kind::I64 => skip_varint(bytes, at),
        kind::DOUBLE => skip_bytes(bytes, at, 8),
        kind::BINARY => skip_binary(bytes, at),
        kind::LIST => skip_list(bytes, at, depth),
        kind::STRUCT => skip_struct(bytes, at, depth),
        _ => Err(Fault::Bad("a field of a type that Parquet does not use")),
    }
}

#[inline]
fn skip_bytes(bytes: &[u8], at: usize, len: usize) -> Walk<usize> {
    if len <= bytes.len() - at { Ok(at + len) } else { Err(Fault::End) }
}

#[inline]
fn skip_varint(bytes: &[u8], at: usize) -> Walk<usize> {
    // The usual number ends within eight bytes: its last byte is the first without the high bit.
    if let Some(next) = bytes.get(at..).and_then(|b| b.first_chunk::<8>()) {
        let ends = !u64::from_le_bytes(*next) & 0x8080_8080_8080_8080;
        if ends != 0 {
            return Ok(at + ends.trailing_zeros() as usize / 8 + 1);
        }
    }
    let mut walker = Walker { bytes, at };
    walker.varint()?;
    Ok(walker.at)
}

#[inline]
fn skip_binary(bytes: &[u8], at: usize) -> Walk<usize> {
    let mut walker = Walker { bytes, at };
    let len = walker.varint()?;
    skip_bytes(bytes, walker.at, usize::try_from(len).unwrap_or(usize::MAX))
}

fn skip_struct(bytes: &[u8], mut at: usize, depth: usize) -> Walk<usize> {
    let depth = depth.checked_sub(1).ok_or(Fault::Bad("structs that stand too deep in each other"))?;
    loop {
        let head = *bytes.get(at).ok_or(Fault::End)?;
        at += 1;
        if head == 0 {
            return Ok(at);
        }
        if head < 16 {
            at = skip_varint(bytes, at)?;
        }
        at = match head & 15 {
            kind::I32 | kind::I64 => skip_varint(bytes, at)?,
            kind::BINARY => skip_binary(bytes, at)?,
            kind::TRUE | kind::FALSE => at,
            kind => skip(bytes, at, kind, depth)?,
        };
    }
}

fn skip_list(bytes: &[u8], at: usize, depth: usize) -> Walk<usize> {
    let depth = depth.checked_sub(1).ok_or(Fault::Bad("lists that stand too deep in each other"))?;
    let mut walker = Walker { bytes, at };
    let list = walker.list()?;
    if list.len > 0 && matches!(list.kind, kind::TRUE | kind::FALSE) {
        return Err(Fault::Bad("a list of booleans, which no footer has"));
    }
    let mut at = walker.at;
    for _ in 0..list.len {
        at = skip(bytes, at, list.kind, depth)?;
    }
    Ok(at)
}

/// Writes what a [`Walker`] reads.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes that are written already, as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// The head of a field; `last` as in [`Walker::field`].
    pub(crate) fn field(&mut self, last: &mut i16, id: i16, kind: u8) {
        match u8::try_from(i32::from(id) - i32::from(*last)) {
            Ok(step @ 1..=15) => self.bytes.push(step << 4 | kind),
            _ => {
                self.bytes.push(kind);
                self.integer(id.into());
            }
        }
        *last = id;
    }

    /// The end of a struct.
    pub(crate) fn stop(&mut self) {
        self.bytes.push(0);
    }

    /// A signed integer.
    pub(crate) fn integer(&mut self, value: i64) {
        self.varint(((value << 1) ^ (value >> 63)) as u64);
    }

    /// The bytes of a text.
    pub(crate) fn binary(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }

    /// The head of a list.
    pub(crate) fn list(&mut self, kind: u8, len: usize) {
        if len < 15 {
            self.bytes.push((len as u8) << 4 | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            self.varint(len as u64);
        }
    }
}

/// A number and what follows it; none where it is longer than those of 32 bits.
pub(crate) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests;
