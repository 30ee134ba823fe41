//! Bytes of a file: positioned reads, and a window that slides over a range too long to hold.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::ops::Range;
use std::path::Path;
use std::time::SystemTime;

use pf_base::{Context, Error, Reservation, Result};

use super::thrift::{Fault, Field, Walk, Walker, kind};

/// What tells whether a path still names the file that it named before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) size: u64,
    pub(crate) modified: Option<SystemTime>,
    /// Device and inode, where the system has them: a file moved into the place of another may be as long and as old.
    node: (u64, u64),
}

impl Identity {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let node = {
            use std::os::unix::fs::MetadataExt;
            (metadata.dev(), metadata.ino())
        };
        #[cfg(not(unix))]
        let node = (0, 0);
        Self { size: metadata.len(), modified: metadata.modified().ok(), node }
    }
}

/// Opens `path`, which must still be the file of `identity`.
pub(crate) fn open(path: &Path, identity: &Identity) -> Result<File> {
    let file = File::open(path).map_err(|e| Error::from_io(path.display(), &e))?;
    let now = file.metadata().map_err(|e| Error::from_io(path.display(), &e))?;
    if Identity::of(&now) == *identity { Ok(file) } else { Err(changed(path)) }
}

fn changed(path: &Path) -> Error {
    Error::io(format!("{}: the file changed while it was read", path.display()))
}

/// Fills `into` from the bytes at `offset`; they must be there.
pub(crate) fn read_at(path: &Path, file: &File, offset: u64, into: &mut [u8]) -> Result<()> {
    read_exact_at(file, offset, into).map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => changed(path),
        _ => Error::from_io(path.display(), &e),
    })
}

/// Fills `into` from the bytes at `offset`, wherever other threads read of the same handle.
#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, offset: u64, into: &mut [u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
}

/// Fills `into` from the bytes at `offset`, wherever other threads read of the same handle.
#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, mut offset: u64, mut into: &mut [u8]) -> std::io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, offset)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => {
                into = &mut into[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

/// The bytes of `range`, which must lie in the file.
pub(crate) fn read_range(path: &Path, file: &File, range: Range<u64>, ctx: &Context) -> Result<Vec<u8>> {
    let len = usize::try_from(range.end - range.start).map_err(|_| too_long(path, &range))?;
    let mut bytes = ctx.zeroed::<u8>(len, "Parquet metadata")?.into_vec();
    read_at(path, file, range.start, &mut bytes)?;
    Ok(bytes)
}

fn too_long(path: &Path, range: &Range<u64>) -> Error {
    Error::out_of_memory(format!("{}: {} bytes of metadata", path.display(), range.end - range.start))
}

/// A walk over a footer, from its front to its end, in memory that depends on its widest item alone.
pub(crate) struct Window<'a> {
    path: &'a Path,
    /// Where more bytes come from; nothing where all of them are here.
    file: Option<&'a File>,
    /// Where in the file the footer begins.
    base: u64,
    /// Length of the footer.
    len: usize,
    /// Bytes taken in at once.
    step: usize,
    held: Cow<'a, [u8]>,
    reserved: Option<Reservation>,
    /// Where in the footer `held` begins.
    start: usize,
    /// The next item, in `held`.
    at: usize,
}

impl<'a> Window<'a> {
    /// A walk over bytes that are all here.
    pub(crate) fn whole(path: &'a Path, bytes: &'a [u8], at: usize) -> Self {
        Self {
            path,
            file: None,
            base: 0,
            len: bytes.len(),
            step: 0,
            held: Cow::Borrowed(bytes),
            reserved: None,
            start: 0,
            at,
        }
    }

    /// A walk over the bytes `range` of the file, from `at` on, of which `step` are taken in at once.
    pub(crate) fn sliding(path: &'a Path, file: &'a File, range: Range<u64>, at: usize, step: usize) -> Self {
        let (base, len) = (range.start, (range.end - range.start) as usize);
        Self { path, file: Some(file), base, len, step, held: Cow::Owned(Vec::new()), reserved: None, start: at, at: 0 }
    }

    /// The place in the footer of the next item.
    pub(crate) fn at(&self) -> usize {
        self.start + self.at
    }

    /// Bytes of the footer ahead.
    pub(crate) fn left(&self) -> usize {
        self.len - self.at()
    }

    /// Reads an item. `read` may be called again, with more bytes, where it came to the end of those that are here.
    #[inline]
    pub(crate) fn item<T>(&mut self, ctx: &Context, read: impl Fn(&mut Walker<'_>) -> Walk<T>) -> Result<T> {
        loop {
            let mut walker = Walker::new(self.held.get(self.at..).unwrap_or_default());
            match read(&mut walker) {
                Ok(item) => {
                    self.at += walker.at();
                    return Ok(item);
                }
                Err(fault) => self.refill(fault, ctx)?,
            }
        }
    }

    /// The length of the list of structs that `field` is: not more than bytes of the footer behind it.
    pub(crate) fn list(&mut self, field: Field, ctx: &Context) -> Result<usize> {
        if field.kind != kind::LIST {
            return Err(self.error(Fault::Bad("a field of another type, where a list belongs")));
        }
        let list = self.item(ctx, |w| w.list_head())?;
        if list.len > self.left() {
            return Err(self.error(Fault::End));
        }
        if list.len > 0 && list.kind != kind::STRUCT {
            return Err(self.error(Fault::Bad("a list of another type than belongs here")));
        }
        Ok(list.len)
    }

    /// The error for `fault` at the next item.
    pub(crate) fn error(&self, fault: Fault) -> Error {
        damaged(self.path, self.at(), fault)
    }

    /// Moves on to the next item and takes in as many bytes again, more where the item needs them.
    #[cold]
    fn refill(&mut self, fault: Fault, ctx: &Context) -> Result<()> {
        ctx.check()?;
        let here = self.held.len() - self.at;
        let (Fault::End, Some(file)) = (fault, self.file) else { return Err(self.error(fault)) };
        let wanted = self.step.max(here.saturating_mul(2)).min(self.left());
        if wanted <= here {
            return Err(self.error(fault));
        }
        let place = self.base + (self.at() + here) as u64;
        if wanted > self.held.len() {
            self.reserved = None;
            self.reserved = Some(ctx.memory().reserve(wanted as u64, "Parquet metadata")?);
        }
        let held = self.held.to_mut();
        held.drain(..self.at);
        held.try_reserve_exact(wanted - here)
            .map_err(|_| Error::out_of_memory(format!("{}: {wanted} bytes of metadata", self.path.display())))?;
        held.resize(wanted, 0);
        self.start += self.at;
        self.at = 0;
        read_at(self.path, file, place, &mut held[here..])
    }
}

/// The error for a footer that does not make sense at byte `at`.
pub(crate) fn damaged(path: &Path, at: usize, fault: Fault) -> Error {
    let what = match fault {
        Fault::End => "it ends early",
        Fault::Bad(what) => what,
    };
    Error::corrupt(format!("{}: damaged Parquet metadata, byte {at}: {what}", path.display()))
}
