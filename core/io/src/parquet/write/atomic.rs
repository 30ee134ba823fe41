//! What is written stands beside its place until it is whole.

use std::collections::hash_map::RandomState;
use std::fs::{File, Metadata, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use pf_base::{Code, Error, Result};

use super::options::Overwrite;

/// Links on the way to a file, as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Names that are tried before a folder is called full of them.
const TRIES: usize = 100;

/// A file or folder under a hidden name beside its place, which takes the place on [`commit`](Self::commit); dropped
/// before, it goes, with the folders that were made for it.
pub(super) struct Staged {
    target: PathBuf,
    temporary: PathBuf,
    folder: bool,
    overwrite: Overwrite,
    made: Vec<PathBuf>,
    committed: bool,
}

impl Staged {
    /// A file that will stand at `path`, or at what that links to, and is open for writing.
    ///
    /// It gets the permissions of the file it replaces; a new one those of the process.
    ///
    /// # Errors
    /// [`Code::NotFound`] where its folder does not exist; [`Code::AlreadyExists`] where it exists and must not;
    /// [`Code::InvalidArgument`] where something else stands there; [`Code::Io`].
    pub(super) fn file(path: &str, overwrite: Overwrite) -> Result<(Self, File)> {
        let (target, parent) = place(path)?;
        match std::fs::metadata(&parent) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Err(Error::invalid_argument(format!("{} is no folder", parent.display()))),
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return Err(Error::not_found(format!("{path}: the folder {} does not exist", parent.display())));
            }
            Err(e) => return Err(Error::from_io(parent.display(), &e)),
        }
        let old = existing(&target)?;
        match &old {
            Some(old) if old.is_dir() => {
                let what = "is a folder; a file is written unless partition_by or max_rows_per_file is given";
                return Err(Error::invalid_argument(format!("{path} {what}")));
            }
            Some(old) if !old.is_file() => return Err(Error::invalid_argument(format!("{path} is no regular file"))),
            Some(_) if overwrite == Overwrite::Error => return Err(exists(&target)),
            Some(old) if old.permissions().readonly() => {
                return Err(Error::io(format!("{path}: the file may only be read")));
            }
            _ => {}
        }
        let create = |name: &Path| OpenOptions::new().write(true).create_new(true).open(name);
        let (temporary, file) = hidden(&target, &parent, create)?;
        let staged = Self { target, temporary, folder: false, overwrite, made: Vec::new(), committed: false };
        if let Some(old) = old {
            file.set_permissions(old.permissions()).map_err(|e| Error::from_io(path, &e))?;
        }
        Ok((staged, file))
    }

    /// A folder that will stand at `path`, or at what that links to. Folders above it are made where there are none.
    ///
    /// # Errors
    /// [`Code::AlreadyExists`] where a folder that is not empty stands there and must not be replaced;
    /// [`Code::InvalidArgument`] where it holds something that no dataset of Parquet files has, or is a file;
    /// [`Code::Io`].
    pub(super) fn folder(path: &str, overwrite: Overwrite) -> Result<Self> {
        let (target, parent) = place(path)?;
        if let Some(old) = existing(&target)? {
            if !old.is_dir() {
                return Err(Error::invalid_argument(format!("{path} is a file; a folder of files is written")));
            }
            if let Some(inside) = first(&target)? {
                if overwrite == Overwrite::Error {
                    return Err(Error::new(
                        Code::AlreadyExists,
                        format!("{path} exists and holds {}", inside.display()),
                    ));
                }
                if let Some(other) = foreign(&target)? {
                    let why = "is no part of a folder of Parquet files, so the folder is not replaced";
                    return Err(Error::invalid_argument(format!("{} {why}", other.display())));
                }
            }
        }
        let temporary = PathBuf::new();
        let mut staged = Self { target, temporary, folder: true, overwrite, made: Vec::new(), committed: false };
        make(&parent, &mut staged.made)?;
        (staged.temporary, ()) = hidden(&staged.target, &parent, |name| std::fs::create_dir(name))?;
        Ok(staged)
    }

    /// Where it is written.
    pub(super) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Where it will stand.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Whether it is a folder.
    pub(super) fn is_folder(&self) -> bool {
        self.folder
    }

    /// Takes the place; with `sync` the folder it stands in is then on the disk too.
    ///
    /// # Errors
    /// [`Code::AlreadyExists`] where something has come to stand there meanwhile and must not be replaced; [`Code::Io`].
    pub(super) fn commit(mut self, sync: bool) -> Result<()> {
        let failed = |e: std::io::Error| match e.kind() {
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => exists(&self.target),
            _ => Error::from_io(self.target.display(), &e),
        };
        match (self.folder, self.overwrite) {
            (true, Overwrite::Replace) => self.swap()?,
            (false, Overwrite::Error) => match std::fs::hard_link(&self.temporary, &self.target) {
                Ok(()) => {
                    // The name is left over, not the file.
                    let _ = std::fs::remove_file(&self.temporary);
                }
                Err(e) if e.kind() == ErrorKind::AlreadyExists => return Err(failed(e)),
                // There are file systems without links.
                Err(_) if existing(&self.target)?.is_some() => return Err(exists(&self.target)),
                Err(_) => std::fs::rename(&self.temporary, &self.target).map_err(failed)?,
            },
            // The system replaces a file, and an empty folder but no other.
            _ => std::fs::rename(&self.temporary, &self.target).map_err(failed)?,
        }
        self.committed = true;
        if sync {
            let parent = self.target.parent().unwrap_or(Path::new("/"));
            sync_folder(parent)?;
            for made in &self.made {
                sync_folder(made.parent().unwrap_or(Path::new("/")))?;
            }
        }
        Ok(())
    }

    /// Puts the folder where another may stand: that goes aside first, and back where the second step fails.
    fn swap(&self) -> Result<()> {
        let failed = |e: std::io::Error| Error::from_io(self.target.display(), &e);
        if existing(&self.target)?.is_none() {
            return std::fs::rename(&self.temporary, &self.target).map_err(failed);
        }
        let parent = self.target.parent().unwrap_or(Path::new("/"));
        // An empty folder of a new name, which a folder may be renamed to.
        let (aside, ()) = hidden(&self.target, parent, |name| std::fs::create_dir(name))?;
        std::fs::rename(&self.target, &aside).map_err(failed)?;
        if let Err(e) = std::fs::rename(&self.temporary, &self.target) {
            std::fs::rename(&aside, &self.target).map_err(|back| {
                let (path, aside) = (self.target.display(), aside.display());
                Error::io(format!("{path}: {e}; what stood there is now {aside}, for it could not be put back: {back}"))
            })?;
            return Err(failed(e));
        }
        if let Err(e) = std::fs::remove_dir_all(&aside) {
            log::warn!("{}: what was replaced by {} is left: {e}", aside.display(), self.target.display());
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        // There is nobody to tell what fails now.
        let _ = match self.folder {
            _ if self.temporary.as_os_str().is_empty() => Ok(()),
            true => std::fs::remove_dir_all(&self.temporary),
            false => std::fs::remove_file(&self.temporary),
        };
        for made in self.made.iter().rev() {
            let _ = std::fs::remove_dir(made);
        }
    }
}

/// Waits until the entries of a folder are on the disk, where the system can.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let synced = File::open(folder).and_then(|open| open.sync_all());
        return match synced {
            // Network file systems may not.
            Err(e) if e.kind() != ErrorKind::InvalidInput && e.kind() != ErrorKind::Unsupported => {
                Err(Error::from_io(folder.display(), &e))
            }
            _ => Ok(()),
        };
    }
    Ok(())
}

/// Where `path` leads, links followed, and the folder that is in.
fn place(path: &str) -> Result<(PathBuf, PathBuf)> {
    let mut target = PathBuf::from(path);
    for _ in 0..MOST_LINKS {
        if target.file_name().is_none() {
            return Err(Error::invalid_argument(format!("'{path}' names neither a file nor a folder")));
        }
        // A slash at the end would follow a link; the components have none.
        target = target.components().collect();
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match std::fs::read_link(&target) {
            Ok(link) => target = parent.join(link),
            Err(_) => {
                let parent = parent.to_owned();
                return Ok((target, parent));
            }
        }
    }
    Err(Error::io(format!("{path}: too many links")))
}

fn existing(path: &Path) -> Result<Option<Metadata>> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::from_io(path.display(), &e)),
    }
}

fn exists(path: &Path) -> Error {
    Error::new(Code::AlreadyExists, format!("{} exists", path.display()))
}

/// Makes something under a hidden name beside `target` that nothing has yet.
fn hidden<T>(target: &Path, parent: &Path, make: impl Fn(&Path) -> std::io::Result<T>) -> Result<(PathBuf, T)> {
    // Names are limited to 255 bytes; up to four make a character.
    let name: String = target.file_name().unwrap_or_default().to_string_lossy().chars().take(48).collect();
    let mut last = None;
    for _ in 0..TRIES {
        let random = RandomState::new().build_hasher().finish();
        let path = parent.join(format!(".{name}.{random:016x}.tmp"));
        match make(&path) {
            Ok(made) => return Ok((path, made)),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => last = Some(e),
            Err(e) => {
                let (target, parent) = (target.display(), parent.display());
                return Err(Error::io(format!("{target}: nothing can be made in {parent}: {e}")));
            }
        }
    }
    let e = last.unwrap_or_else(|| ErrorKind::AlreadyExists.into());
    Err(Error::io(format!("{}: no free name in {}: {e}", target.display(), parent.display())))
}

/// Makes a folder and those above it, and notes which were made, the highest first.
fn make(folder: &Path, made: &mut Vec<PathBuf>) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match std::fs::metadata(folder) {
        Ok(meta) if meta.is_dir() => return Ok(()),
        Ok(_) => return Err(Error::invalid_argument(format!("{} is no folder", folder.display()))),
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::from_io(folder.display(), &e)),
        Err(_) => {}
    }
    if let Some(above) = folder.parent() {
        make(above, made)?;
    }
    match std::fs::create_dir(folder) {
        Ok(()) => made.push(folder.to_owned()),
        // Somebody else was faster.
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
        Err(e) => return Err(Error::from_io(folder.display(), &e)),
    }
    Ok(())
}

/// Something in a folder.
fn first(folder: &Path) -> Result<Option<PathBuf>> {
    let failed = |e: std::io::Error| Error::from_io(folder.display(), &e);
    let entry = std::fs::read_dir(folder).map_err(failed)?.next().transpose().map_err(failed)?;
    Ok(entry.map(|entry| entry.path()))
}

/// Something in a folder, or below, that is no Parquet file and no hidden one.
fn foreign(folder: &Path) -> Result<Option<PathBuf>> {
    let failed = |e: std::io::Error| Error::from_io(folder.display(), &e);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        if kind.is_dir() {
            if let Some(found) = foreign(&path)? {
                return Ok(Some(found));
            }
        } else if !(kind.is_file() && belongs(&path)) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Whether a file is one that writers of Parquet leave: `_SUCCESS`, `.part-0.parquet.crc` and the like.
fn belongs(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default();
    name.starts_with('_')
        || super::super::EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
        || (name.starts_with('.') && name.ends_with(".crc"))
}

#[cfg(test)]
mod tests;
