//! What other languages need of the wire, written from rh-protocol.
//!
//! TypeScript for the pages and JSON Schema for everyone else. The files are committed, so that
//! neither a reader nor a build of the pages needs Rust; a test fails when they differ from what
//! [`files`] returns.

mod constants;
mod layout;
mod schema;
mod typescript;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Where the TypeScript is.
const TYPESCRIPT: &str = "web/src/protocol";

/// Where the schemas are.
const SCHEMA: &str = "crates/rh-protocol/schema";

/// First line of every TypeScript file.
const HEADER: &str = "// Written by `cargo xtask gen` from crates/rh-protocol; do not edit.\n\n";

/// Every generated file: its path from the root, and what it says.
pub(crate) fn files() -> Result<Vec<(PathBuf, String)>> {
    let mut files = schema::files(Path::new(SCHEMA))?;
    let index = "export * from \"./constants\";\nexport * from \"./wire\";\n";
    for (name, text) in [
        ("wire.ts", typescript::wire()),
        ("constants.ts", constants::typescript()),
        ("index.ts", index.to_owned()),
    ] {
        files.push((Path::new(TYPESCRIPT).join(name), format!("{HEADER}{text}")));
    }
    Ok(files)
}

/// Writes every generated file that is not up to date, or with `check` only names it.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let stale = stale(root)?;
    if check && !stale.is_empty() {
        let names: Vec<_> = stale.iter().map(|(path, _)| path.display().to_string()).collect();
        bail!("not up to date, run `cargo xtask gen`: {}", names.join(", "));
    }
    for (path, text) in &stale {
        let path = root.join(path);
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        eprintln!("wrote {}", path.display());
    }
    Ok(())
}

/// The generated files that differ from those under `root`.
fn stale(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let differs = |(path, text): &(PathBuf, String)| {
        fs::read_to_string(root.join(path)).ok().as_deref() != Some(text)
    };
    Ok(files()?.into_iter().filter(differs).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_up_to_date() {
        run(&crate::root(), true).unwrap();
    }

    #[test]
    fn a_missing_and_a_changed_file_are_both_noticed_and_mended() {
        let root = tempfile::tempdir().unwrap();
        assert!(run(root.path(), true).is_err());
        run(root.path(), false).unwrap();
        run(root.path(), true).unwrap();
        fs::write(root.path().join(TYPESCRIPT).join("wire.ts"), "export type Role = 1;").unwrap();
        assert_eq!(stale(root.path()).unwrap().len(), 1);
        assert!(run(root.path(), true).unwrap_err().to_string().contains("wire.ts"));
    }
}
