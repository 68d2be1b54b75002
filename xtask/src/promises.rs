//! `cargo xtask promises`: which promises are proven, and by which test.
//!
//! The table is `docs/promises.md`. A test proves a promise by naming its id, such as `S-48`: a
//! Rust test in its doc comment, a test of the pages in its title or in the comment before it.

mod scan;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use scan::Proof;

/// Where the promises are.
const TABLE: &str = "docs/promises.md";

/// Prints what is proven and what is not; with `check` only fails on ids that are no promise.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let path = root.join(TABLE);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {TABLE}"))?;
    let promises = table(&text);
    let proofs = proofs(root)?;
    let strangers: Vec<_> = proofs
        .iter()
        .filter(|(id, _)| !promises.iter().any(|(promise, _)| promise == *id))
        .map(|(id, by)| format!("{id} in {}", by[0]))
        .collect();
    if !strangers.is_empty() {
        bail!("no promise in {TABLE} has this id: {}", strangers.join(", "));
    }
    if !check {
        report(&promises, &proofs);
    }
    Ok(())
}

/// The promises of the table, in its order: rows that begin with an id.
fn table(text: &str) -> Vec<(String, String)> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let id = cells.next()?.trim();
        let promise = cells.next()?.trim_end_matches(" |").trim();
        scan::is_id(id).then(|| (id.to_owned(), promise.to_owned()))
    };
    text.lines().filter_map(row).collect()
}

/// For each id that a test names, those tests.
fn proofs(root: &Path) -> Result<BTreeMap<String, Vec<Proof>>> {
    let mut proofs: BTreeMap<String, Vec<Proof>> = BTreeMap::new();
    for path in crate::sources::tracked(root)? {
        let text = || fs::read_to_string(root.join(&path)).unwrap_or_default();
        let found = match kind(&path) {
            Some(Kind::Rust) => scan::rust(&path, &text()),
            Some(Kind::TypeScript) => scan::typescript(&path, &text()),
            None => Vec::new(),
        };
        for (id, proof) in found {
            proofs.entry(id).or_default().push(proof);
        }
    }
    Ok(proofs)
}

enum Kind {
    Rust,
    TypeScript,
}

fn kind(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_str()?;
    let of_tests = name.contains(".test.") || path.starts_with(PathBuf::from("web/e2e"));
    match path.extension()?.to_str()? {
        // The scanner's own tests hold ids that are none.
        "rs" if !path.ends_with("promises/scan.rs") => Some(Kind::Rust),
        "ts" | "mjs" if of_tests => Some(Kind::TypeScript),
        _ => None,
    }
}

#[expect(clippy::print_stdout, reason = "the list is what the command is for")]
fn report(promises: &[(String, String)], proofs: &BTreeMap<String, Vec<Proof>>) {
    let (proven, open): (Vec<_>, Vec<_>) =
        promises.iter().partition(|(id, _)| proofs.contains_key(id));
    println!("Proven: {} of {}\n", proven.len(), promises.len());
    for (id, promise) in proven {
        println!("{id}  {promise}");
        for proof in &proofs[id] {
            println!("      {proof}");
        }
    }
    println!("\nNot yet proven: {}\n", open.len());
    for (id, promise) in open {
        println!("{id}  {promise}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_kind_of_promise() {
        let text = fs::read_to_string(crate::root().join(TABLE)).unwrap();
        let promises = table(&text);
        let ids: Vec<_> = promises.iter().map(|(id, _)| id.as_str()).collect();
        for id in ["S-01", "S-50", "S-51", "S-64", "M-12", "B-20"] {
            assert!(ids.contains(&id), "{id}");
        }
        assert!(!ids.contains(&"id"));
    }

    #[test]
    fn no_test_names_a_promise_that_was_never_made() {
        run(&crate::root(), true).unwrap();
    }

    #[test]
    fn a_made_up_id_is_noticed() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(TABLE, "| id | promise |\n| S-01 | two roles |\n");
        write("a.rs", "/// S-01: two.\n#[test]\nfn roles() {}\n");
        run(root.path(), true).unwrap();
        write("web/src/a.test.ts", "test('S-99: nothing', () => {});\n");
        let error = run(root.path(), true).unwrap_err().to_string();
        assert!(error.contains("S-99 in web/src/a.test.ts: S-99: nothing"), "{error}");
    }
}
