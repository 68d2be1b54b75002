//! Rules about the source as a whole, kept by `cargo test -p xtask`.
//!
//! What a compiler or clippy can hold is not here. Each rule is a function of text, so that a test
//! shows it fail.

mod arrows;
mod names;
mod newer;
mod shape;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// Every text file of the project, with its path from the root.
fn texts() -> Vec<(PathBuf, String)> {
    let root = crate::root();
    let files = crate::sources::tracked(&root).expect("the project can be read");
    let text = |path: PathBuf| fs::read_to_string(root.join(&path)).ok().map(|text| (path, text));
    files.into_iter().filter_map(text).collect()
}

/// The Rust files of the project.
fn rust() -> impl Iterator<Item = (PathBuf, String)> {
    texts().into_iter().filter(|(path, _)| has_extension(path, "rs"))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it == extension)
}

/// Fails with one line for each of `faults`.
fn none(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{rule}:\n{}", faults.join("\n"));
}
