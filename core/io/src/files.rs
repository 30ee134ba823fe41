//! Which files a path means: a file, a folder of files, or a glob.

use std::path::{Path, PathBuf};

use glob::MatchOptions;
use pf_base::{Code, Error, Result};

/// The files that `path` means, in the order of their paths.
///
/// A folder is searched recursively for files with one of `extensions` (compared without case); names that begin with
/// `_` or `.` are left out, as are links to folders (they may be circles). A file that is named directly, or by a
/// glob, may have any name; a star does not stand for a leading dot.
///
/// # Errors
/// [`Code::NotFound`] when there is none, [`Code::InvalidArgument`] for a glob that is none, [`Code::Io`].
pub(crate) fn list(path: &str, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let literal = Path::new(path);
    // A file may be called `a[1].parquet`: what exists is no glob.
    let is_glob = path.contains(['*', '?', '[']) && !literal.exists();
    let mut files = Vec::new();
    if is_glob {
        let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
        let matches = glob::glob_with(path, options)
            .map_err(|e| Error::invalid_argument(format!("path '{path}' is not a glob: {} at {}", e.msg, e.pos)))?;
        for entry in matches {
            let entry = entry.map_err(|e| Error::from_io(e.path().display(), e.error()))?;
            expand(entry, extensions, &mut files)?;
        }
    } else {
        expand(literal.to_owned(), extensions, &mut files)?;
    }
    files.sort();
    files.dedup();
    if files.is_empty() {
        let what = if is_glob { "no file matches" } else { "no Parquet file in folder" };
        return Err(Error::new(Code::NotFound, format!("{what}: {path}")));
    }
    Ok(files)
}

fn expand(path: PathBuf, extensions: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    let meta = std::fs::metadata(&path).map_err(|e| Error::from_io(path.display(), &e))?;
    if meta.is_file() {
        files.push(path);
        return Ok(());
    }
    if !meta.is_dir() {
        // Opening a pipe would wait for whoever writes to it.
        return Err(Error::invalid_argument(format!("{} is neither a file nor a folder", path.display())));
    }
    let entries = std::fs::read_dir(&path).map_err(|e| Error::from_io(path.display(), &e))?;
    for entry in entries {
        let entry = entry.map_err(|e| Error::from_io(path.display(), &e))?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(['_', '.']) {
            continue;
        }
        let kind = entry.file_type().map_err(|e| Error::from_io(entry.path().display(), &e))?;
        let entry = entry.path();
        if kind.is_dir() {
            expand(entry, extensions, files)?;
        } else if has_extension(&entry, extensions) && entry.is_file() {
            files.push(entry);
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|e| extensions.iter().any(|wanted| e.eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str) -> Vec<String> {
        let name = |p: PathBuf| p.file_name().unwrap().to_string_lossy().into_owned();
        list(path, &["parquet"]).unwrap().into_iter().map(name).collect()
    }

    #[test]
    fn folders_globs_and_odd_names() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        std::fs::create_dir_all(root.join("b/_temporary")).unwrap();
        for file in [
            "2.parquet",
            "1.PARQUET",
            "b/3.parquet",
            "b/_temporary/x.parquet",
            ".h.parquet",
            "note.txt",
            "a[1].parquet",
        ] {
            std::fs::write(root.join(file), b"").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("b/circle")).unwrap();
        let root = root.to_str().unwrap();
        assert_eq!(names(root), ["1.PARQUET", "2.parquet", "a[1].parquet", "3.parquet"]);
        assert_eq!(names(&format!("{root}/[12].*")), ["1.PARQUET", "2.parquet"]);
        assert_eq!(names(&format!("{root}/a[1].parquet")), ["a[1].parquet"]);
        assert_eq!(names(&format!("{root}/note.txt")), ["note.txt"]);
        for (path, code) in [
            (format!("{root}/*.nope"), Code::NotFound),
            (format!("{root}/nope.parquet"), Code::NotFound),
            (format!("{root}/[*"), Code::InvalidArgument),
        ] {
            assert_eq!(list(&path, &["parquet"]).unwrap_err().code(), code, "{path}");
        }
        #[cfg(unix)]
        {
            let socket = format!("{root}/socket.parquet");
            std::os::unix::net::UnixListener::bind(&socket).unwrap();
            assert_eq!(list(&socket, &["parquet"]).unwrap_err().code(), Code::InvalidArgument);
            assert!(names(root).iter().all(|name| name != "socket.parquet"));
            std::fs::remove_file(socket).unwrap();
        }
        assert!(names(&format!("{root}/*")).iter().all(|name| !name.starts_with('.')));
        std::fs::create_dir(format!("{root}/empty")).unwrap();
        assert_eq!(list(&format!("{root}/empty"), &["parquet"]).unwrap_err().code(), Code::NotFound);
    }
}
