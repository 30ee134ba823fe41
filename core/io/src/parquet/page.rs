//! Headers of pages, looked at before the decoder is given them: it allocates what they say.

use super::shape::{PAGE_HEADER, check};
use super::thrift::{Fault, Field, Walk, Walker, kind};

/// What a header says of the page behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// Bytes of the header itself.
    pub(crate) len: usize,
    /// Bytes of the page in the file.
    pub(crate) packed: usize,
    /// Bytes of the page once it is unpacked.
    pub(crate) unpacked: usize,
    /// Bytes at its front, levels, that are not packed.
    pub(crate) levels: usize,
    /// Whether what is behind them is packed at all, if the column has a codec.
    pub(crate) is_packed: bool,
}

impl Header {
    /// The header that `bytes` begin with. [`Fault::End`] where it goes on behind them.
    pub(crate) fn read(bytes: &[u8]) -> Walk<Self> {
        // The decoder trusts the types of fields.
        check(&mut Walker::new(bytes), PAGE_HEADER)?;
        let mut walker = Walker::new(bytes);
        let mut header = Self { is_packed: true, ..Self::default() };
        let mut last = 0;
        while let Some(field) = walker.field(&mut last)? {
            match field.id {
                2 => header.unpacked = size(&mut walker, field)?,
                3 => header.packed = size(&mut walker, field)?,
                8 => header.read_version_2(&mut walker)?,
                _ => walker.skip(field.kind)?,
            }
        }
        header.len = walker.at();
        if header.levels > header.unpacked.max(header.packed) {
            return Err(Fault::Bad("a page of more levels than bytes"));
        }
        Ok(header)
    }

    /// What a header of the second kind of data pages says of levels.
    fn read_version_2(&mut self, walker: &mut Walker<'_>) -> Walk<()> {
        self.levels = 0;
        let mut last = 0;
        while let Some(field) = walker.field(&mut last)? {
            match field.id {
                5 | 6 => self.levels = self.levels.saturating_add(size(walker, field)?),
                7 => self.is_packed = field.kind == kind::TRUE,
                _ => walker.skip(field.kind)?,
            }
        }
        Ok(())
    }
}

fn size(walker: &mut Walker<'_>, field: Field) -> Walk<usize> {
    let size = walker.integer_of(field)?;
    i32::try_from(size).ok().and_then(|size| usize::try_from(size).ok()).ok_or(Fault::Bad("a page of a negative size"))
}

/// The same, as errors of the decoder have it; nothing where the header goes on behind the bytes.
pub(crate) fn header(bytes: &[u8]) -> parquet::errors::Result<Option<Header>> {
    match Header::read(bytes) {
        Ok(header) => Ok(Some(header)),
        Err(Fault::End) => Ok(None),
        Err(Fault::Bad(what)) => {
            Err(parquet::errors::ParquetError::General(format!("the header of a page has {what}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parquet::thrift::Writer;

    fn header(fields: &[(i16, i64)], levels: Option<[i64; 2]>) -> Vec<u8> {
        let mut writer = Writer::default();
        let mut last = 0;
        for (id, value) in fields {
            writer.field(&mut last, *id, kind::I32);
            writer.integer(*value);
        }
        if let Some([definition, repetition]) = levels {
            writer.field(&mut last, 8, kind::STRUCT);
            let mut last = 0;
            for (id, value) in [(1, 4), (2, 0), (3, 4), (4, 0), (5, definition), (6, repetition)] {
                writer.field(&mut last, id, kind::I32);
                writer.integer(value);
            }
            writer.field(&mut last, 7, kind::FALSE);
            writer.stop();
        }
        writer.stop();
        writer.into_bytes()
    }

    #[test]
    fn headers_are_read_in_any_order_of_fields() {
        let bytes = header(&[(3, 70), (2, 2_000_000), (1, 0)], None);
        let read = Header::read(&[bytes.as_slice(), b"data"].concat()).unwrap();
        let expected = Header { len: bytes.len(), packed: 70, unpacked: 2_000_000, levels: 0, is_packed: true };
        assert_eq!(read, expected);
        for len in 0..bytes.len() {
            assert_eq!(Header::read(&bytes[..len]), Err(Fault::End));
        }
        let read = Header::read(&header(&[(1, 3), (2, 90), (3, 70)], Some([6, 5]))).unwrap();
        assert_eq!((read.levels, read.is_packed), (11, false));
    }

    #[test]
    fn what_no_page_has_is_refused() {
        for bytes in [
            header(&[(2, -1)], None),
            header(&[(3, 1 << 31)], None),
            header(&[(1, 3), (2, 5), (3, 5)], Some([4, 2])),
            header(&[(1, 3), (2, 90), (3, 70)], Some([-4, 2])),
            // A text where a number belongs.
            vec![0x28, 1, b'x', 0],
        ] {
            assert!(matches!(Header::read(&bytes), Err(Fault::Bad(_))), "{bytes:?}");
        }
    }
}
