use super::*;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn put(path: &Path, overwrite: Overwrite, text: &str) -> Result<()> {
    let (staged, mut file) = Staged::file(path.to_str().unwrap(), overwrite)?;
    file.write_all(text.as_bytes()).unwrap();
    staged.commit(true)
}

#[test]
fn a_file_appears_whole_with_the_permissions_it_had() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.parquet");
    let plain = dir.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    let usual = plain.metadata().unwrap().permissions().mode();
    put(&path, Overwrite::Error, "one").unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode(), usual);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    put(&path, Overwrite::Replace, "two").unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(put(&path, Overwrite::Error, "three").unwrap_err().code(), Code::AlreadyExists);
    drop(Staged::file(path.to_str().unwrap(), Overwrite::Replace).unwrap());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o440)).unwrap();
    assert_eq!(put(&path, Overwrite::Replace, "x").unwrap_err().code(), Code::Io);
    assert_eq!(names(dir.path()), ["a.parquet", "plain"]);
}

#[test]
fn whoever_comes_first_keeps_the_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let (staged, _file) = Staged::file(path.to_str().unwrap(), Overwrite::Error).unwrap();
    std::fs::write(&path, "other").unwrap();
    assert_eq!(staged.commit(true).unwrap_err().code(), Code::AlreadyExists);
    let folder = dir.path().join("f");
    let staged = Staged::folder(folder.to_str().unwrap(), Overwrite::Error).unwrap();
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("x.parquet"), "").unwrap();
    assert_eq!(staged.commit(true).unwrap_err().code(), Code::AlreadyExists);
    assert_eq!((std::fs::read_to_string(&path).unwrap(), names(dir.path()).len()), ("other".to_owned(), 2));
}

#[test]
fn links_are_followed_and_stay() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    std::fs::create_dir(root.join("real")).unwrap();
    symlink("real/a", root.join("first")).unwrap();
    symlink(root.join("first"), root.join("second")).unwrap();
    put(&root.join("second"), Overwrite::Replace, "1").unwrap();
    put(&root.join("second"), Overwrite::Replace, "2").unwrap();
    assert_eq!(std::fs::read_to_string(root.join("real/a")).unwrap(), "2");
    assert!(root.join("first").is_symlink() && names(&root.join("real")) == ["a"]);
    symlink("circle", root.join("circle")).unwrap();
    assert_eq!(put(&root.join("circle"), Overwrite::Replace, "").unwrap_err().code(), Code::Io);
}

#[test]
fn what_is_no_file_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    std::fs::create_dir(root.join("folder")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
    std::fs::write(root.join("file"), "").unwrap();
    for (path, code) in [
        ("folder", Code::InvalidArgument),
        ("socket", Code::InvalidArgument),
        ("none/a", Code::NotFound),
        ("folder/..", Code::InvalidArgument),
        ("file/a", Code::InvalidArgument),
    ] {
        let error = put(&root.join(path), Overwrite::Replace, "").unwrap_err();
        assert_eq!(error.code(), code, "{path}: {error}");
    }
    assert_eq!(Staged::file("", Overwrite::Replace).err().unwrap().code(), Code::InvalidArgument);
    let missing = put(&root.join("none/a"), Overwrite::Replace, "").unwrap_err();
    assert!(missing.message().ends_with(&format!("the folder {} does not exist", root.join("none").display())));
    assert_eq!(names(root), ["file", "folder", "socket"]);
    let long = root.join("ü".repeat(127));
    put(&long, Overwrite::Replace, "").unwrap();
}

#[test]
fn folders_replace_folders_of_parquet_files_only() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("deep/data");
    let make = |overwrite, name: &str| -> Result<()> {
        let staged = Staged::folder(target.to_str().unwrap(), overwrite)?;
        std::fs::write(staged.temporary().join(name), "x").unwrap();
        staged.commit(true)
    };
    drop(Staged::folder(target.to_str().unwrap(), Overwrite::Error).unwrap());
    assert!(names(dir.path()).is_empty());
    std::fs::create_dir_all(&target).unwrap();
    make(Overwrite::Error, "a.parquet").unwrap();
    assert_eq!(make(Overwrite::Error, "b.parquet").unwrap_err().code(), Code::AlreadyExists);
    std::fs::create_dir(target.join("k=1")).unwrap();
    std::fs::write(target.join("k=1/_SUCCESS"), "").unwrap();
    make(Overwrite::Replace, "b.parquet").unwrap();
    assert_eq!(names(&target), ["b.parquet"]);
    std::fs::write(target.join("notes.txt"), "mine").unwrap();
    let error = make(Overwrite::Replace, "c.parquet").unwrap_err();
    assert_eq!((error.code(), error.message().contains("notes.txt")), (Code::InvalidArgument, true));
    assert_eq!((names(&target).len(), names(&dir.path().join("deep"))), (2, vec!["data".to_owned()]));
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Staged::folder(file.to_str().unwrap(), Overwrite::Replace).err().unwrap();
    assert_eq!(error.code(), Code::InvalidArgument);
}
