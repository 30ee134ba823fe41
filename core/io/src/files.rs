//! Which files a path means: a file, a folder of files, a glob, or a list of those.

use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use pf_base::{Code, Context, Error, Result};

/// How names are matched: with regard to case, and a star does not stand for a leading dot.
const MATCH: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Entries of a folder between two looks at the cancellation.
const ENTRIES_PER_CHECK: usize = 1024;

/// A file that was found, and which folders above it were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The file.
    pub path: PathBuf,
    /// How many leading components of the path were given: the folder that was searched, the part of a glob before
    /// its first wildcard, all of a file that was named. Hive partitions are what follows.
    pub root: usize,
}

impl From<PathBuf> for Listed {
    /// A file that was named itself.
    fn from(path: PathBuf) -> Self {
        Self { root: path.components().count(), path }
    }
}

/// The files that `paths` mean: for each path, in the order of the list, its files in the order of their own paths.
///
/// A folder is searched recursively for files with one of `extensions` (compared without case); names that begin with
/// `_` or `.` are left out, as are links to folders (they may be circles). A file that is named directly, or by a glob,
/// may have any name. In a glob `*`, `?` and `[...]` stand for parts of one name, but not for a leading dot; `**`
/// stands for any folders, none too, that the search of a folder would enter. What exists under the name of a glob is
/// no glob. A file that two paths of the list mean is there twice. `file://` is a path; other schemes are refused.
///
/// # Errors
/// [`Code::NotFound`] when a path means no file, [`Code::InvalidArgument`] for a glob that is none, what is neither
/// file nor folder, or an empty list, [`Code::Unsupported`] for a URL, [`Code::Io`], [`Code::Cancelled`].
pub fn find<S: AsRef<str>>(paths: &[S], extensions: &[&str], ctx: &Context) -> Result<Vec<Listed>> {
    if paths.is_empty() {
        return Err(Error::invalid_argument("the list of paths is empty; it must name a file, folder or glob"));
    }
    let mut all = Vec::new();
    for path in paths {
        let path = local(path.as_ref())?;
        // A file may be called `a[1].parquet`: what exists is no glob.
        let glob = has_wildcard(&path) && !Path::new(&path).exists();
        let mut search = Search { extensions, ctx, found: Vec::new() };
        let root = if glob {
            let (prefix, parts) = pattern(&path)?;
            search.glob(Path::new(prefix), &parts)?;
            prefix
        } else {
            search.named(PathBuf::from(&path))?;
            path.as_str()
        };
        let mut found = search.found;
        if found.is_empty() {
            let what = if glob { "no file matches" } else { "no Parquet file in folder" };
            return Err(Error::new(Code::NotFound, format!("{what}: {path}")));
        }
        found.sort();
        found.dedup();
        let root = Path::new(root).components().count();
        all.extend(found.into_iter().map(|path| Listed { path, root }));
    }
    Ok(all)
}

/// The path on this machine that a text means.
fn local(path: &str) -> Result<String> {
    let Some((scheme, rest)) = path.split_once("://") else { return Ok(path.to_owned()) };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !is_scheme {
        return Ok(path.to_owned());
    }
    if scheme.eq_ignore_ascii_case("file") {
        let rest = rest.strip_prefix("localhost").unwrap_or(rest);
        if rest.starts_with('/') {
            return percent_decoded(rest)
                .ok_or_else(|| Error::invalid_argument(format!("'{path}' is not the URL of a file: it is not UTF-8")));
        }
    }
    // The rest of a URL may hold a password.
    Err(Error::unsupported(format!("{scheme}:// URLs are not supported: a path is a file, folder or glob here")))
}

/// The text with `%41` and the like replaced by the bytes they stand for; what is no such code stays. None where the
/// bytes are not UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((16 * high + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// A name in a glob.
enum Part {
    /// This name.
    Name(String),
    /// Names like this.
    Like(Pattern),
    /// `**`: the folder itself and all below it.
    Folders,
}

/// The part of a glob before its first name with a wildcard, and the names from there on.
fn pattern(path: &str) -> Result<(&str, Vec<Part>)> {
    let mut start = 0;
    let mut prefix = None;
    let mut parts = Vec::new();
    for name in path.split(std::path::is_separator) {
        if has_wildcard(name) {
            prefix.get_or_insert(start);
            if name != "**" {
                let like = Pattern::new(name).map_err(|e| {
                    Error::invalid_argument(format!("path '{path}' is not a glob: {} at {}", e.msg, start + e.pos))
                })?;
                parts.push(Part::Like(like));
            } else if !matches!(parts.last(), Some(Part::Folders)) {
                parts.push(Part::Folders);
            }
        } else if prefix.is_some() {
            parts.push(Part::Name(name.to_owned()));
        }
        start += name.len() + 1;
    }
    Ok((&path[..prefix.unwrap_or(path.len())], parts))
}

struct Search<'a> {
    extensions: &'a [&'a str],
    ctx: &'a Context,
    found: Vec<PathBuf>,
}

impl Search<'_> {
    /// A file, or the files of a folder.
    fn named(&mut self, path: PathBuf) -> Result<()> {
        let meta = std::fs::metadata(&path).map_err(|e| Error::from_io(path.display(), &e))?;
        if meta.is_dir() {
            return self.folder(&path);
        }
        if !meta.is_file() {
            // Opening a pipe would wait for whoever writes to it.
            return Err(Error::invalid_argument(format!("{} is neither a file nor a folder", path.display())));
        }
        self.found.push(path);
        Ok(())
    }

    /// The files of a folder, and of the folders below it.
    fn folder(&mut self, path: &Path) -> Result<()> {
        for (name, kind) in self.entries(path)? {
            if is_hidden(&name) {
                continue;
            }
            let path = path.join(name);
            if kind.is_dir() {
                self.folder(&path)?;
            } else if self.is_wanted(&path) && (kind.is_file() || path.is_file()) {
                self.found.push(path);
            }
        }
        Ok(())
    }

    /// What the rest of a glob means in a folder.
    fn glob(&mut self, folder: &Path, parts: &[Part]) -> Result<()> {
        let Some((part, rest)) = parts.split_first() else { return self.named(folder.to_owned()) };
        match part {
            Part::Name(name) => {
                let path = folder.join(name);
                match path.metadata() {
                    Ok(_) => self.glob(&path, rest),
                    Err(e) if is_absent(&e) => Ok(()),
                    Err(e) => Err(Error::from_io(path.display(), &e)),
                }
            }
            Part::Like(like) => {
                for (name, _) in self.entries(folder)? {
                    let path = folder.join(&name);
                    if like.matches_with(&name.to_string_lossy(), MATCH) && (rest.is_empty() || path.is_dir()) {
                        self.glob(&path, rest)?;
                    }
                }
                Ok(())
            }
            Part::Folders if rest.is_empty() => self.folder(folder),
            Part::Folders => {
                self.glob(folder, rest)?;
                for (name, kind) in self.entries(folder)? {
                    if kind.is_dir() && !is_hidden(&name) {
                        self.glob(&folder.join(name), parts)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// What stands in a folder; nothing where it does not exist. The folder is closed again: their depth is not bounded
    /// by how many files a process may have open.
    fn entries(&self, folder: &Path) -> Result<Vec<(OsString, FileType)>> {
        self.ctx.check()?;
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = match std::fs::read_dir(here) {
            Ok(entries) => entries,
            Err(e) if is_absent(&e) => return Ok(Vec::new()),
            Err(e) => return Err(Error::from_io(here.display(), &e)),
        };
        let mut all = Vec::new();
        for entry in entries {
            if all.len() % ENTRIES_PER_CHECK == 0 {
                self.ctx.check()?;
            }
            let entry = entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?)));
            all.push(entry.map_err(|e| Error::from_io(here.display(), &e))?);
        }
        Ok(all)
    }

    fn is_wanted(&self, path: &Path) -> bool {
        path.extension().is_some_and(|e| self.extensions.iter().any(|wanted| e.eq_ignore_ascii_case(wanted)))
    }
}

/// Names that are left out of folders: of what others write beside the data, or are still writing.
fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with(['_', '.'])
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests;
