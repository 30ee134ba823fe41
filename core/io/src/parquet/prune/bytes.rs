//! Ranges of a file's bytes.

use std::fmt::Display;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use pf_base::{Context, Error, Reservation, Result};

use super::super::bytes::read_exact_at;
use super::{Group, Input};

/// Bytes of a file that are held, counted in the budget.
pub(super) struct Held {
    pub(super) bytes: Bytes,
    start: u64,
    _reserved: Reservation,
}

impl Group<'_> {
    /// The bytes of a range; an offset and length as the footer has them.
    pub(super) fn read(&self, offset: Option<i64>, length: Option<i64>, what: impl Display) -> Result<Held> {
        let Input { path, file, size, .. } = self.pruner.input;
        let range = offset.zip(length).and_then(|(offset, length)| {
            let start = u64::try_from(offset).ok()?;
            let end = start.checked_add(u64::try_from(length).ok()?)?;
            (end <= size).then_some(start..end)
        });
        let Some(range) = range else {
            let shown = |v: Option<i64>| v.map_or_else(|| "?".to_owned(), |v| v.to_string());
            return Err(self.corrupt(format_args!(
                "has {what} of {} bytes at {}, outside of the file of {size} bytes",
                shown(length),
                shown(offset)
            )));
        };
        read_range(path, file, range, self.ctx)
    }
}

fn read_range(path: &Path, file: &File, range: Range<u64>, ctx: &Context) -> Result<Held> {
    let len = range.end - range.start;
    let (mut bytes, reserved) = match usize::try_from(len) {
        Ok(len) => ctx.zeroed::<u8>(len, "an index of a Parquet file")?.into_parts(),
        Err(_) => return Err(Error::out_of_memory(format!("{}: {len} bytes of an index", path.display()))),
    };
    read_exact_at(file, range.start, &mut bytes).map_err(|e| Error::from_io(path.display(), &e))?;
    Ok(Held { bytes: bytes.into(), start: range.start, _reserved: reserved })
}

/// The file, as far as it is held.
impl Length for Held {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Held {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        let rest = self.from(start)?;
        if length > rest.len() {
            return Err(outside(start, length));
        }
        Ok(rest.slice(..length))
    }
}

impl Held {
    fn from(&self, start: u64) -> parquet::errors::Result<Bytes> {
        let skip = start.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        let skip = skip.filter(|skip| *skip <= self.bytes.len()).ok_or_else(|| outside(start, 0))?;
        Ok(self.bytes.slice(skip..))
    }
}

fn outside(start: u64, length: usize) -> ParquetError {
    ParquetError::EOF(format!("{length} bytes at {start} are outside of what was read"))
}
