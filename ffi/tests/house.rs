//! The plan of the house: who may use whom, and that every source file is compiled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// What a crate may depend on among those of this workspace. A new crate needs a row here.
const MAY_USE: &[(&str, &[&str])] = &[
    ("core/base", &[]),
    ("core/compute", &["pf-base"]),
    ("core/io", &["pf-base", "pf-compute-core"]),
    ("core/graph", &["pf-base"]),
    ("ffi", &["pf-base", "pf-compute-core", "pf-io-core", "pf-graph-core"]),
    ("benches", &["pf-base", "pf-compute-core", "pf-io-core", "pf-graph-core"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn crates_use_only_what_stands_below_them() {
    let workspace = read(&root().join("Cargo.toml"));
    let members = workspace.lines().find_map(|l| l.strip_prefix("members = [")).expect("members");
    for member in members.trim_end_matches(']').split(',').map(|m| m.trim().trim_matches('"')) {
        let (_, allowed) =
            MAY_USE.iter().find(|(name, _)| *name == member).unwrap_or_else(|| panic!("no row for {member}"));
        for line in read(&root().join(member).join("Cargo.toml")).lines() {
            let name = line.split([' ', '=']).next().unwrap();
            let ours = name.starts_with("pf-") || name == "parquetframe";
            assert!(!ours || allowed.contains(&name), "{member} must not use {name}");
        }
    }
}

/// Collects the files below a folder.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn every_source_file_is_a_module() {
    for (member, _) in MAY_USE {
        let src = root().join(member).join("src");
        let mut files = Vec::new();
        rust_files(&src, &mut files);
        let all: String = files.iter().map(|f| read(f)).collect();
        for file in files.iter().filter(|f| !f.ends_with("lib.rs")) {
            let module = file.file_stem().unwrap().to_str().unwrap();
            assert!(all.contains(&format!("mod {module};")), "{} is not compiled", file.display());
        }
    }
}

#[test]
fn unsafe_stays_at_the_boundary() {
    for (member, _) in MAY_USE.iter().filter(|(member, _)| *member != "ffi") {
        let mut files = Vec::new();
        rust_files(&root().join(member).join("src"), &mut files);
        for file in files {
            assert!(!read(&file).contains("allow(unsafe_code"), "{} allows unsafe", file.display());
        }
    }
}
