//! The files of the project.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold what others wrote, or what a build makes.
const FOREIGN: &[&str] = &[".git", "target", "node_modules", "dist", "test-results"];

/// Every file of the project, as a path from `root`, in order.
///
/// Read from the disk and not from git, so that it holds in an unpacked archive as well.
pub(crate) fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let (mut folders, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            let foreign = FOREIGN.iter().any(|name| entry.file_name() == *name);
            match entry.file_type()? {
                kind if kind.is_dir() && !foreign => folders.push(entry.path()),
                kind if kind.is_file() && !foreign => {
                    files.push(entry.path().strip_prefix(root)?.to_owned());
                }
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}
