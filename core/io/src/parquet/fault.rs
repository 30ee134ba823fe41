//! What is said of files that cannot be read: where, and whose fault it is.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use pf_base::{Error, Result};

/// A place in a file, as messages name it: `a.parquet: row group 3, column 'x'`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// The row group.
    pub(crate) group: Option<usize>,
    /// The columns that were being read, by name.
    pub(crate) columns: &'a [&'a str],
}

/// The file as a whole.
impl<'a, P: AsRef<Path> + ?Sized> From<&'a P> for Place<'a> {
    fn from(path: &'a P) -> Self {
        Self { path: path.as_ref(), group: None, columns: &[] }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(group) = self.group {
            write!(f, ": row group {group}")?;
        }
        if let [first, rest @ ..] = self.columns {
            let sign = if self.group.is_some() { "," } else { ":" };
            write!(f, "{sign} column{} '{first}'", if rest.is_empty() { "" } else { "s" })?;
            rest.iter().try_for_each(|name| write!(f, ", '{name}'"))?;
        }
        Ok(())
    }
}

/// Runs the decoder. Damaged data may run it into a panic: that is a fault of the file.
pub(crate) fn guarded<'a, T>(place: impl Into<Place<'a>>, f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| {
        let panic = Error::from_panic(payload);
        Err(Error::corrupt(format!("{}: damaged Parquet data ({panic})", place.into())))
    })
}

/// What the decoder reports. Errors of input and output among it are those of codecs, which read what is in memory:
/// where the system fails, that is kept apart ([`ChunkBytes`](super::decode)).
pub(crate) fn parquet_error<'a>(place: impl Into<Place<'a>>, error: &ParquetError) -> Error {
    let place: Place<'a> = place.into();
    let text = error.to_string();
    match error {
        ParquetError::NYI(_) => Error::unsupported(format!("{place}: {text}")),
        // Without the crate's encryption feature an encrypted file is reported as a general error.
        _ if is_missing_feature(&text) => Error::unsupported(format!("{place}: {text}")),
        _ => Error::corrupt(format!("{place}: {text}")),
    }
}

/// What a reader of batches reports.
pub(crate) fn batch_error(place: Place<'_>, error: ArrowError) -> Error {
    match error {
        ArrowError::ParquetError(text) if is_missing_feature(&text) => Error::unsupported(format!("{place}: {text}")),
        other => Error::corrupt(format!("{place}: {other}")),
    }
}

fn is_missing_feature(text: &str) -> bool {
    ["encrypt", "Disabled feature", "not supported", "NYI"].iter().any(|words| text.contains(words))
}
