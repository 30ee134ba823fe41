use proptest::prelude::*;

use super::*;

fn found<S: AsRef<str>>(paths: &[S]) -> Result<Vec<Listed>> {
    find(paths, &["parquet"], &Context::default())
}

fn names(path: &str) -> Vec<String> {
    let name = |f: Listed| f.path.file_name().unwrap().to_string_lossy().into_owned();
    found(&[path]).unwrap().into_iter().map(name).collect()
}

/// A folder with these files.
fn tree(files: &[&str]) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let file = dir.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, b"").unwrap();
    }
    let root = dir.path().to_str().unwrap().to_owned();
    (dir, root)
}

/// The paths below `root`, and what of each is below what was given.
fn below(root: &str, path: &str) -> Vec<(String, String)> {
    let text = |p: &Path| p.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let one = |f: Listed| {
        let rest: PathBuf = f.path.components().skip(f.root).collect();
        (text(&f.path), rest.to_str().unwrap().to_owned())
    };
    found(&[path]).unwrap().into_iter().map(one).collect()
}

#[test]
fn folders_globs_and_odd_names() {
    let files =
        ["2.parquet", "1.PARQUET", "b/3.parquet", "b/_temporary/x.parquet", ".h.parquet", "note.txt", "a[1].parquet"];
    let (_dir, root) = tree(&files);
    #[cfg(unix)]
    std::os::unix::fs::symlink(&root, format!("{root}/b/circle")).unwrap();
    assert_eq!(names(&root), ["1.PARQUET", "2.parquet", "a[1].parquet", "3.parquet"]);
    assert_eq!(names(&format!("{root}/[12].*")), ["1.PARQUET", "2.parquet"]);
    assert_eq!(names(&format!("{root}/a[1].parquet")), ["a[1].parquet"]);
    assert_eq!(names(&format!("{root}/note.txt")), ["note.txt"]);
    for (path, code) in [
        (format!("{root}/*.nope"), Code::NotFound),
        (format!("{root}/nope.parquet"), Code::NotFound),
        (format!("{root}/nope/*/x"), Code::NotFound),
        (format!("{root}/2.parquet/*"), Code::NotFound),
        (format!("{root}/[*"), Code::InvalidArgument),
        (format!("{root}/***"), Code::InvalidArgument),
        (format!("{root}/b**"), Code::InvalidArgument),
        (String::new(), Code::NotFound),
        ("a\0b".to_owned(), Code::Io),
    ] {
        let e = found(&[&path]).unwrap_err();
        assert!(e.code() == code && e.message().contains(&path), "{path}: {e}");
    }
    assert_eq!(found::<&str>(&[]).unwrap_err().code(), Code::InvalidArgument);
    #[cfg(unix)]
    {
        let socket = format!("{root}/socket.parquet");
        std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(found(&[&socket]).unwrap_err().code(), Code::InvalidArgument);
        assert!(names(&root).iter().all(|name| name != "socket.parquet"));
        std::fs::remove_file(socket).unwrap();
    }
    assert!(names(&format!("{root}/*")).iter().all(|name| !name.starts_with('.')));
    std::fs::create_dir(format!("{root}/empty")).unwrap();
    assert_eq!(found(&[format!("{root}/empty")]).unwrap_err().code(), Code::NotFound);
}

#[test]
fn globs_know_which_folders_were_given() {
    let (_dir, root) = tree(&["y=1/m=1/a.parquet", "y=1/m=2/b.parquet", "y=2/m=1/c.parquet", "y=2/m=1/note.txt"]);
    let pair = |(path, rest): &(&str, &str)| ((*path).to_owned(), (*rest).to_owned());
    for (path, expected) in [
        (
            "",
            &[
                ("y=1/m=1/a.parquet", "y=1/m=1/a.parquet"),
                ("y=1/m=2/b.parquet", "y=1/m=2/b.parquet"),
                ("y=2/m=1/c.parquet", "y=2/m=1/c.parquet"),
            ][..],
        ),
        ("/y=1", &[("y=1/m=1/a.parquet", "m=1/a.parquet"), ("y=1/m=2/b.parquet", "m=2/b.parquet")]),
        ("/y=1/m=*/*.parquet", &[("y=1/m=1/a.parquet", "m=1/a.parquet"), ("y=1/m=2/b.parquet", "m=2/b.parquet")]),
        (
            "/y=*/m=1/*.parquet",
            &[("y=1/m=1/a.parquet", "y=1/m=1/a.parquet"), ("y=2/m=1/c.parquet", "y=2/m=1/c.parquet")],
        ),
        // A glob means what it says, a folder that it means is searched.
        ("/y=2/m=1/*", &[("y=2/m=1/c.parquet", "c.parquet"), ("y=2/m=1/note.txt", "note.txt")]),
        ("/y=2*", &[("y=2/m=1/c.parquet", "y=2/m=1/c.parquet")]),
        ("/**/[ab].parquet", &[("y=1/m=1/a.parquet", "y=1/m=1/a.parquet"), ("y=1/m=2/b.parquet", "y=1/m=2/b.parquet")]),
        ("/**/m=2/**", &[("y=1/m=2/b.parquet", "y=1/m=2/b.parquet")]),
        ("/**/**/c.parquet", &[("y=2/m=1/c.parquet", "y=2/m=1/c.parquet")]),
        ("/y=2/m=1/c.parquet", &[("y=2/m=1/c.parquet", "")]),
        ("/*/m=1/", &[("y=1/m=1/a.parquet", "y=1/m=1/a.parquet"), ("y=2/m=1/c.parquet", "y=2/m=1/c.parquet")]),
    ] {
        let expected: Vec<_> = expected.iter().map(pair).collect();
        assert_eq!(below(&root, &format!("{root}{path}")), expected, "{path}");
    }
}

#[test]
fn two_stars_enter_what_the_search_of_a_folder_enters() {
    let (_dir, root) = tree(&["a.parquet", "b/a.parquet", "_log/a.parquet", ".git/a.parquet", "b/_x/a.parquet"]);
    #[cfg(unix)]
    for link in ["circle", "b/circle", "b/other"] {
        std::os::unix::fs::symlink(&root, format!("{root}/{link}")).unwrap();
    }
    let paths = |glob: &str| -> Vec<String> {
        below(&root, &format!("{root}{glob}")).into_iter().map(|(path, _)| path).collect()
    };
    assert_eq!(paths("/**/*.parquet"), ["a.parquet", "b/a.parquet"]);
    assert_eq!(paths("/**"), ["a.parquet", "b/a.parquet"]);
    assert_eq!(paths("/_log/*"), ["_log/a.parquet"]);
    #[cfg(unix)]
    assert_eq!(paths("/circle/b/*.parquet"), ["circle/b/a.parquet"]);
}

#[test]
fn a_list_keeps_its_order_and_sorts_within() {
    let (_dir, root) = tree(&["b/2.parquet", "b/1.parquet", "a/3.parquet"]);
    let list = [format!("{root}/b"), format!("{root}/a/*"), format!("{root}/b/1.parquet")];
    let files: Vec<_> = found(&list).unwrap();
    let files: Vec<_> = files.iter().map(|f| f.path.strip_prefix(&root).unwrap().to_str().unwrap()).collect();
    assert_eq!(files, ["b/1.parquet", "b/2.parquet", "a/3.parquet", "b/1.parquet"]);
    let e = found(&[format!("{root}/b"), format!("{root}/c")]).unwrap_err();
    assert!(e.code() == Code::NotFound && e.message().ends_with("/c"), "{e}");
}

#[test]
fn urls_are_files_or_refused() {
    let (_dir, root) = tree(&["a b.parquet"]);
    assert_eq!(names(&format!("file://{root}/a%20b.parquet")), ["a b.parquet"]);
    assert_eq!(names(&format!("file://localhost{root}")), ["a b.parquet"]);
    for (scheme, rest) in [("s3", "key:secret@bucket/x"), ("http", "secret/*"), ("file", "secret/x"), ("a+b", "secret")]
    {
        let e = found(&[format!("{scheme}://{rest}")]).unwrap_err();
        assert!(e.code() == Code::Unsupported && !e.message().contains("secret"), "{e}");
        assert!(e.message().starts_with(&format!("{scheme}:// URLs are not supported")), "{e}");
    }
    assert_eq!(found(&["1x://y"]).unwrap_err().code(), Code::NotFound);
    assert_eq!(found(&["file:///%ff"]).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn a_search_can_be_cancelled() {
    let (_dir, root) = tree(&["a.parquet"]);
    let ctx = Context::default();
    ctx.cancel_token().cancel();
    assert_eq!(find(&[root], &["parquet"], &ctx).unwrap_err().code(), Code::Cancelled);
}

#[test]
fn percent_codes() {
    for (text, expected) in [
        ("", Some("")),
        ("a%20b%2Fc%3d", Some("a b/c=")),
        ("%C3%A4", Some("ä")),
        ("100%", Some("100%")),
        ("%4", Some("%4")),
        ("%zz%25", Some("%zz%")),
        ("%+1%41", Some("%+1A")),
        ("é%é", Some("é%é")),
        ("%ff", None),
    ] {
        assert_eq!(percent_decoded(text).as_deref(), expected, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A folder, and the globs that say the same, mean the files that a plain walk finds.
    #[test]
    fn a_folder_is_a_walk(files in prop::collection::btree_set("([_.]?[ab]=?/){0,3}[_.]?[ab]{1,2}\\.(parquet|txt)", 1..12)) {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let (_dir, root) = tree(&files);
        let mut expected: Vec<PathBuf> = files
            .iter()
            .filter(|f| f.ends_with(".parquet") && f.split('/').all(|name| !name.starts_with(['_', '.'])))
            .map(PathBuf::from)
            .collect();
        expected.sort();
        let mut seen = Vec::new();
        for path in [root.clone(), format!("{root}/**"), format!("{root}/**/[!_]*.parquet")] {
            let paths = match found(&[path]) {
                Ok(files) => files.iter().map(|f| f.path.strip_prefix(&root).unwrap().to_owned()).collect(),
                Err(e) => { prop_assert_eq!(e.code(), Code::NotFound); Vec::new() }
            };
            seen.push(paths);
        }
        prop_assert!(seen.iter().all(|s| *s == expected), "{:?} {:?}", seen, expected);
    }
}
