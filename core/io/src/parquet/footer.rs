//! The footer of a Parquet file, of which no more is decoded than is asked for.
//!
//! What stands in front of the row groups (version, schema, number of rows and of row groups) is read when the footer
//! is. Behind it may come hundreds of bytes for each column of each row group: those are walked over once, when they or
//! what stands behind them are wanted, and only where each begins is kept. A long footer is never held as a whole.

mod index;
mod reduce;

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow_schema::SchemaRef;
use parquet::arrow::ARROW_SCHEMA_META_KEY;
use parquet::schema::types::SchemaDescPtr;
use pf_base::{Context, Error, Result};

pub(crate) use index::Index;
pub use reduce::ColumnsMetadata;

use super::bytes::{Identity, Window, open, read_at, read_range};
use super::cache;
use super::thrift::{Fault, kind};
use super::tree::Tree;

/// How a footer is read.
#[derive(Clone, Copy, Debug)]
struct Steps {
    /// How many bytes at the end of a file are read at first.
    last: u64,
    /// Up to this length a footer is held in memory; of a longer one the parts that are asked for are read again.
    held: usize,
    /// How much of a long footer is looked at at once: what the caches hold.
    window: usize,
}

const STEPS: Steps = match cfg!(feature = "testing") {
    false => Steps { last: 64 << 10, held: 1 << 20, window: 256 << 10 },
    true => Steps { last: 64, held: 1 << 10, window: 64 },
};

/// Behind a footer: its length in four bytes, and the magic. Before everything: the magic.
const TAIL: u64 = 8;
const MAGIC: &[u8; 4] = b"PAR1";
const MAGIC_ENCRYPTED: &[u8; 4] = b"PARE";

/// The footer of one Parquet file.
#[derive(Debug)]
pub struct Footer {
    path: PathBuf,
    identity: Identity,
    /// Where in the file the footer begins, and its length.
    base: u64,
    len: usize,
    held: Option<Vec<u8>>,
    /// Of a footer that is not held, how much is looked at at once.
    window: usize,
    version: i32,
    num_rows: u64,
    num_row_groups: usize,
    tree: Tree,
    /// Where in the footer the first row group begins.
    first_group: usize,
    index: OnceLock<Index>,
    parquet_schema: OnceLock<SchemaDescPtr>,
    /// The Arrow view, and whether the file's own Arrow schema had a part in it.
    schema: OnceLock<(SchemaRef, bool)>,
}

/// What stands in front of the row groups.
struct Head {
    version: i32,
    num_rows: u64,
    num_row_groups: usize,
    tree: Tree,
    first_group: usize,
}

impl Footer {
    /// The footer of the file `path`, from the cache where the file has not changed since.
    ///
    /// One read of the file's last 64 KiB, a second where the footer is longer.
    ///
    /// # Errors
    /// [`Code::Corrupt`](pf_base::Code::Corrupt) for what is no Parquet file or a damaged one,
    /// [`Code::Unsupported`](pf_base::Code::Unsupported) for an encrypted footer,
    /// [`Code::NotFound`](pf_base::Code::NotFound), [`Code::Io`](pf_base::Code::Io),
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for a path that is no file.
    pub fn read(path: &Path, ctx: &Context) -> Result<Arc<Self>> {
        cache::footer(path, ctx)
    }

    /// Reads the footer of `path`, past the cache.
    pub(crate) fn load(path: &Path, identity: Identity, ctx: &Context) -> Result<Self> {
        Self::load_by(STEPS, path, identity, ctx)
    }

    fn load_by(steps: Steps, path: &Path, identity: Identity, ctx: &Context) -> Result<Self> {
        let file = open(path, &identity)?;
        let size = identity.size;
        let not_parquet = |what: String| Error::corrupt(format!("{}: not a Parquet file: {what}", path.display()));
        if size < TAIL + MAGIC.len() as u64 {
            return Err(not_parquet(format!("{size} bytes, where 12 are the least")));
        }
        let mut last = vec![0; size.min(steps.last) as usize];
        read_at(path, &file, size - last.len() as u64, &mut last)?;
        let Some((front, [a, b, c, d, magic @ ..])) = last.split_last_chunk::<8>() else {
            return Err(Error::internal("a footer of no length"));
        };
        if magic == MAGIC_ENCRYPTED {
            return Err(Error::unsupported(format!("{}: encrypted footer", path.display())));
        }
        if magic != MAGIC {
            return Err(not_parquet("it does not end with PAR1".to_owned()));
        }
        let len = u32::from_le_bytes([*a, *b, *c, *d]);
        if u64::from(len) > size - TAIL - MAGIC.len() as u64 {
            return Err(not_parquet(format!("a footer of {len} bytes in a file of {size}")));
        }
        let (base, len) = (size - TAIL - u64::from(len), len as usize);
        let held = match front.len().checked_sub(len) {
            Some(before) => Some(front.get(before..).unwrap_or_default().to_vec()),
            None if len <= steps.held => Some(read_range(path, &file, base..base + len as u64, ctx)?),
            None => None,
        };
        let mut window = match &held {
            Some(bytes) => Window::whole(path, bytes, 0),
            None => Window::sliding(path, &file, base..base + len as u64, 0, steps.window),
        };
        let Head { version, num_rows, num_row_groups, tree, first_group } = Head::read(&mut window, ctx)?;
        let footer = Self {
            path: path.to_owned(),
            identity,
            base,
            len,
            version,
            num_rows,
            num_row_groups,
            tree,
            first_group,
            held,
            window: steps.window,
            index: OnceLock::new(),
            parquet_schema: OnceLock::new(),
            schema: OnceLock::new(),
        };
        if footer.held.is_some() {
            footer.index(ctx)?;
        }
        Ok(footer)
    }

    /// The path under which the file was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The size of the file in bytes.
    pub fn file_size(&self) -> u64 {
        self.identity.size
    }

    /// The length of the footer in bytes, without what stands behind it.
    pub fn footer_size(&self) -> u64 {
        self.len as u64
    }

    /// The version of the format that the file names: 1 or 2.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// Rows of all row groups.
    pub fn num_rows(&self) -> u64 {
        self.num_rows
    }

    /// How many row groups there are.
    pub fn num_row_groups(&self) -> usize {
        self.num_row_groups
    }

    /// How many leaf columns there are; those of nested columns count one by one.
    pub fn num_leaves(&self) -> usize {
        self.tree.num_leaves
    }

    /// The leaf columns of each top-level column, in the order of [`schema`](Self::schema).
    pub fn leaves_of_roots(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        self.tree.roots.iter().map(|root| root.leaves.clone())
    }

    /// Who wrote the file, where it says so.
    ///
    /// # Errors
    /// Those of the walk over the row groups, which is done once: [`Code::Corrupt`](pf_base::Code::Corrupt),
    /// [`Code::Io`](pf_base::Code::Io), [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub fn created_by(&self, ctx: &Context) -> Result<Option<&str>> {
        Ok(self.index(ctx)?.created_by.as_deref())
    }

    /// The key-value metadata, in the file's order; a key may have no value, and may come twice.
    ///
    /// # Errors
    /// As [`created_by`](Self::created_by).
    pub fn key_value(&self, ctx: &Context) -> Result<&[(String, Option<String>)]> {
        Ok(&self.index(ctx)?.key_value)
    }

    /// The file, opened again.
    ///
    /// # Errors
    /// [`Code::Io`](pf_base::Code::Io), also where the path names another file by now, or the file was written to;
    /// [`Code::NotFound`](pf_base::Code::NotFound).
    pub fn open(&self) -> Result<File> {
        open(&self.path, &self.identity)
    }

    /// Where each column chunk's metadata begins, and what is said of each row group.
    pub(crate) fn index(&self, ctx: &Context) -> Result<&Index> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = match &self.held {
            Some(bytes) => Index::read(&mut Window::whole(&self.path, bytes, self.first_group), self, ctx)?,
            None => {
                let file = self.open()?;
                let range = self.base..self.base + self.len as u64;
                let window = Window::sliding(&self.path, &file, range, self.first_group, self.window);
                Index::read(&mut { window }, self, ctx)?
            }
        };
        Ok(self.index.get_or_init(|| index))
    }

    /// The bytes of the metadata of the chunks of `leaves` in row group `group`.
    pub(crate) fn chunk_bytes(
        &self,
        file: Option<&File>,
        group: usize,
        leaves: Range<usize>,
        ctx: &Context,
    ) -> Result<Cow<'_, [u8]>> {
        let range = self.index(ctx)?.chunks(group, leaves, self.tree.num_leaves);
        match (&self.held, file) {
            (Some(bytes), _) => Ok(Cow::Borrowed(bytes.get(range).unwrap_or_default())),
            (None, Some(file)) => {
                let range = self.base + range.start as u64..self.base + range.end as u64;
                Ok(Cow::Owned(read_range(&self.path, file, range, ctx)?))
            }
            (None, None) => Err(Error::internal("a footer that is neither held nor open")),
        }
    }

    /// The file, where [`chunk_bytes`](Self::chunk_bytes) needs it.
    pub(crate) fn open_for_chunks(&self) -> Result<Option<File>> {
        if self.held.is_some() { Ok(None) } else { self.open().map(Some) }
    }

    /// Whether the columns of `other` are the same, by name, type and order.
    pub(crate) fn same_columns(&self, other: &Self, ctx: &Context) -> Result<bool> {
        let (a, b) = (self.index(ctx)?, other.index(ctx)?);
        Ok(self.tree == other.tree
            && a.orders == b.orders
            && a.value(ARROW_SCHEMA_META_KEY) == b.value(ARROW_SCHEMA_META_KEY))
    }

    /// The error for what does not make sense.
    pub(crate) fn damaged(&self, fault: Fault) -> Error {
        let what = match fault {
            Fault::End => "it ends early",
            Fault::Bad(what) => what,
        };
        Error::corrupt(format!("{}: damaged Parquet metadata: {what}", self.path.display()))
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Bytes that this takes now; it may grow when more is asked for.
    pub(crate) fn memory(&self) -> usize {
        // The types of a column, in both views, are guessed: they are many small allocations.
        let column = 300;
        let views = usize::from(self.parquet_schema.get().is_some()) + usize::from(self.schema.get().is_some());
        size_of::<Self>()
            + self.held.as_ref().map_or(0, Vec::len)
            + self.tree.memory()
            + self.index.get().map_or(0, Index::memory)
            + views * column * self.tree.num_leaves
    }
}

impl Head {
    fn read(window: &mut Window<'_>, ctx: &Context) -> Result<Self> {
        let (mut version, mut tree, mut num_rows) = (None, None, None);
        let mut last = 0;
        loop {
            let before = last;
            let (field, now) = window.item(ctx, |w| {
                let mut last = before;
                Ok((w.field(&mut last)?, last))
            })?;
            last = now;
            let Some(field) = field else { return Err(window.error(Fault::Bad("a footer without row groups"))) };
            match field.id {
                1 => version = Some(window.item(ctx, |w| w.integer_of(field))?),
                2 => {
                    if field.kind != kind::LIST {
                        return Err(window.error(Fault::Bad("a schema that is no list")));
                    }
                    let read = |w: &mut super::thrift::Walker<'_>| w.span(kind::LIST).map(<[u8]>::to_vec);
                    let bytes = window.item(ctx, read)?;
                    tree = Some(Tree::read(bytes).map_err(|fault| window.error(fault))?);
                }
                3 => num_rows = Some(window.item(ctx, |w| w.integer_of(field))?),
                4 => {
                    // Lengths are checked against the bytes behind them: those of the footer, not of the window.
                    let num_row_groups = window.list(field, ctx)?;
                    let missing = |what| window.error(Fault::Bad(what));
                    let version = version.ok_or_else(|| missing("no version before the row groups"))?;
                    let num_rows = num_rows.ok_or_else(|| missing("no number of rows before the row groups"))?;
                    return Ok(Self {
                        version: i32::try_from(version).map_err(|_| missing("a version out of range"))?,
                        num_rows: u64::try_from(num_rows).map_err(|_| missing("a negative number of rows"))?,
                        num_row_groups,
                        tree: tree.ok_or_else(|| missing("no schema before the row groups"))?,
                        first_group: window.at(),
                    });
                }
                _ => window.item(ctx, |w| w.skip(field.kind))?,
            }
        }
    }
}

#[cfg(test)]
mod tests;
