//! Words that do not belong in the project.

use std::path::Path;

use super::{none, texts};

/// Notes to oneself: what is not done is an issue, not a line.
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Paths that exist on one machine only.
const MACHINES: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// Where packages come from is for the package managers to know.
const REGISTRIES: &[&str] =
    &[concat!("crates", ".io"), concat!("npmjs", ".org"), concat!("pypi", ".org")];

/// Files that package managers write or read.
const MANAGED: &[&str] = &["Cargo.lock", "package-lock.json", "deny.toml"];

/// Where every package of the pages comes from.
const NPM: &str = concat!("https://registry.", "npmjs", ".org/");

#[test]
fn nothing_is_left_to_do_between_the_lines() {
    none("a note to oneself", &faults(NOTES, |_| true));
}

#[test]
fn no_machine_is_named() {
    none("a path of one machine", &faults(MACHINES, |_| true));
}

#[test]
fn no_registry_is_named() {
    none("the host of a registry", &faults(REGISTRIES, |path| !is_managed(path)));
}

#[test]
fn the_pages_packages_come_from_the_public_registry() {
    let files = texts().into_iter().filter(|(path, _)| path.ends_with("package-lock.json"));
    let faults: Vec<_> = files.flat_map(|(_, text)| strangers(&text)).collect();
    none("a package from elsewhere", &faults);
}

fn is_managed(path: &Path) -> bool {
    MANAGED.iter().any(|name| path.ends_with(name))
}

/// Where any of `words` stands, in the files that `looks_at`.
fn faults(words: &[&str], looks_at: impl Fn(&Path) -> bool) -> Vec<String> {
    let files = texts().into_iter().filter(|(path, _)| looks_at(path) && !is_managed(path));
    files.flat_map(|(path, text)| places(&path, &text, words)).collect()
}

fn places(path: &Path, text: &str, words: &[&str]) -> Vec<String> {
    let guilty = |(_, line): &(usize, &str)| words.iter().any(|word| line.contains(word));
    let lines = text.lines().enumerate().filter(guilty);
    lines.map(|(at, line)| format!("{}:{}: {}", path.display(), at + 1, line.trim())).collect()
}

/// The addresses in a lock file that are not the public registry's.
fn strangers(lock: &str) -> Vec<String> {
    let addresses = lock.lines().filter_map(|line| line.trim().strip_prefix("\"resolved\": \""));
    addresses.filter(|it| !it.starts_with(NPM)).map(str::to_owned).collect()
}

#[test]
fn a_word_is_found_with_its_place() {
    let found = places(Path::new("a.rs"), "fn a() {}\n// x: mend\n", &["x:"]);
    assert_eq!(found, ["a.rs:2: // x: mend"]);
    assert!(places(Path::new("a.rs"), "fn a() {}\n", &["x:"]).is_empty());
}

#[test]
fn a_package_from_elsewhere_is_noticed() {
    let here = format!("\"resolved\": \"{NPM}a.tgz\",\n");
    assert!(strangers(&here).is_empty());
    assert_eq!(strangers("  \"resolved\": \"http://10.0.0.1/a.tgz\",").len(), 1);
}
