//! What is newer than the oldest macOS that we support is used behind a guard.
//!
//! No compiler sees it: objc2 looks classes and methods up when they are used, and LLD links
//! against stubs that hold everything. A guard stands in the same function, before the use:
//! - `available!(macos = 14.0)` of objc2 or `at_least(14, 0)`, of that version or a later one;
//! - `respondsToSelector` or `responds_to` with the method, or `AnyClass::get` with the class;
//! - or the function says `Needs macOS 14.0` in its documentation; then its callers need a guard.
//!
//! Looked at are the files below a folder `macos` in `crates/`, and `tests/macos.rs`.

mod symbols;

use std::path::Path;

use super::{none, rust};
use symbols::{CLASSES, LINKED, METHODS, Version, WITHDRAWN};

#[test]
fn what_is_newer_is_guarded() {
    let files = rust().filter(|(path, _)| is_macos(path));
    let files: Vec<_> =
        files.map(|(path, text)| (path.display().to_string(), code(&text))).collect();
    none("something newer than macOS 12.3 without a guard", &faults(&files));
}

/// Whether a file is compiled for macOS alone.
fn is_macos(path: &Path) -> bool {
    let macos = path.iter().any(|it| it == "macos") || path.ends_with("macos.rs");
    path.starts_with("crates") && macos
}

/// A text without its comments, apart from those that state a need.
fn code(text: &str) -> String {
    let kept = text.lines().map(|line| match line.find("//") {
        Some(at) if !line.contains(NEED) => &line[..at],
        _ => line,
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// What we support without any guard.
const OLDEST: Version = (12, 3);

/// What the documentation of a function says that leaves the guard to its callers.
const NEED: &str = "Needs macOS ";

/// What is wrong in `files`, each a name and its code.
fn faults(files: &[(String, String)]) -> Vec<String> {
    let mut needs = Vec::new();
    for function in files.iter().flat_map(|(_, text)| functions(text)) {
        let later = function.need.filter(|version| *version > OLDEST);
        needs.extend(later.map(|version| (version, function.name)));
    }
    let mut faults = Vec::new();
    for (file, text) in files {
        let fault = |(what, version): (&str, Version)| {
            format!("{file}: {what} is there since macOS {}.{}", version.0, version.1)
        };
        faults.extend(
            named(LINKED, text)
                .map(|it| fault(it) + "; a program that names it does not start before"),
        );
        let withdrawn = WITHDRAWN.iter().filter(|name| word(text, name).is_some());
        faults.extend(withdrawn.map(|name| format!("{file}: {name} makes macOS warn the person")));
        for function in functions(text) {
            let unguarded = uses(function.text, &needs)
                .into_iter()
                .filter(|(_, version, at)| !function.guards(*version, *at));
            let inside = |(what, version, _)| fault((what, version)) + ", in " + function.name;
            faults.extend(unguarded.map(inside));
        }
    }
    faults
}

/// The names of a table that stand in `text`.
fn named<'a>(
    table: &'a [(Version, &[&str])],
    text: &str,
) -> impl Iterator<Item = (&'a str, Version)> {
    let all = table.iter().flat_map(|(version, names)| names.iter().map(|name| (*name, *version)));
    all.filter(|(name, _)| word(text, name).is_some())
}

/// What newer `text` uses first where, of the system and of our own.
fn uses<'a>(text: &str, needs: &[(Version, &'a str)]) -> Vec<(&'a str, Version, usize)> {
    let mut found = Vec::new();
    for (version, names) in CLASSES {
        let places = names.iter().filter_map(|name| Some((*name, *version, text.find(name)?)));
        found.extend(places);
    }
    for (version, names) in METHODS {
        let places = names.iter().filter_map(|name| Some((*name, *version, method(text, name)?)));
        found.extend(places);
    }
    for (version, name) in needs {
        found.extend(call(text, name).map(|at| (*name, *version, at)));
    }
    found
}

/// Where `name` stands as a whole word.
fn word(text: &str, name: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with(part) && !text[at + name.len()..].starts_with(part))
}

/// Where the method `name` of Objective-C, or its setter, is called or its selector made.
fn method(text: &str, name: &str) -> Option<usize> {
    let (first, rest) = name.split_at(1);
    let setter = format!("set{}{rest}", first.to_uppercase());
    let calls = [name, &setter].into_iter().flat_map(|it| {
        [format!(".{it}("), format!("::{it}("), format!(", {it}]"), format!(", {it}:")]
    });
    calls.filter_map(|it| text.find(&it)).min()
}

/// Where our own function `name` is called.
fn call(text: &str, name: &str) -> Option<usize> {
    let call = format!("{name}(");
    let places = text.match_indices(&call).map(|(at, _)| at);
    let mut calls = places.filter(|at| !text[..*at].ends_with("fn "));
    calls.find(|at| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// A function with its documentation.
struct Function<'a> {
    name: &'a str,
    text: &'a str,
    /// What its documentation says that it needs.
    need: Option<Version>,
}

impl Function<'_> {
    /// Whether what is newer and stands at `at` is reached on `version` and later alone.
    fn guards(&self, version: Version, at: usize) -> bool {
        let before = &self.text[..at];
        let line = at + self.text[at..].find('\n').unwrap_or(self.text.len() - at);
        let asked = ["respondsToSelector", "responds_to", "AnyClass::get"];
        let versions = ["available!(", "at_least("].iter().flat_map(|guard| {
            before
                .match_indices(guard)
                .filter_map(|(at, it)| first_version(&before[at + it.len()..]))
        });
        self.need.into_iter().chain(versions).any(|it| it >= version)
            || asked.iter().any(|it| self.text[..line].contains(it))
    }
}

/// The version at the start of `text`: `14, 0`, `14.0`, `macos = 14.0`.
fn first_version(text: &str) -> Option<Version> {
    let text = text.split([')', '\n']).next().unwrap_or_default();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|it| it.parse().ok());
    Some((numbers.next()?, numbers.next().unwrap_or(0)))
}

/// The functions of formatted code; one that stands in another is a part of it.
fn functions(text: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut need = None;
    while at < text.len() {
        let end =
            |from: usize| from + text[from..].find('\n').map_or(text.len() - from, |it| it + 1);
        let line = &text[at..end(at)];
        let body = line.trim_start();
        if let Some((_, version)) = line.split_once(NEED).filter(|_| body.starts_with("///")) {
            need = first_version(version);
        } else if let Some(name) = function_name(body) {
            let indent = line.len() - body.len();
            let start = at;
            while at < text.len() && !closes(&text[at..end(at)], indent) {
                at = end(at);
            }
            found.push(Function { name, text: &text[start..end(at.min(text.len()))], need });
            need = None;
        }
        at = if at < text.len() { end(at) } else { at };
    }
    found
}

/// Whether a line ends what began with `indent` spaces before it.
fn closes(line: &str, indent: usize) -> bool {
    let body = line.trim();
    let one_line = body.contains("fn ") && body.ends_with(['}', ';']);
    let spaces = line.len() - line.trim_start().len();
    one_line || spaces == indent && (body == "}" || body == ");" || body.ends_with(") -> Self;"))
}

/// The name of the function that this line begins.
fn function_name(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let words = |it: &str| it.chars().all(|c| c.is_alphanumeric() || "()_\"-".contains(c));
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (before.split_whitespace().all(words) && !name.is_empty()).then_some(name)
}

mod tests;
