//! How long files and functions may be.

use std::path::Path;

use super::{has_extension, none, texts};

/// Lines of a file, its tests apart: from the first on it is told, above the second it fails.
const FILE: (usize, usize) = (300, 500);

/// Lines of a function, likewise.
const FUNCTION: (usize, usize) = (45, 60);

/// Files that are tables: long, and read line by line.
const TABLES: &[&str] = &[
    "crates/rh-input/src/quartz/keys.rs",
    "crates/rh-input/src/x11/places.rs",
    "web/src/protocol/constants.ts",
    "web/src/protocol/wire.ts",
];

#[test]
fn files_are_short() {
    let long: Vec<_> = texts()
        .into_iter()
        .filter(|(path, _)| is_code(path))
        .map(|(path, text)| (path, code_lines(&text)))
        .filter(|(_, lines)| *lines > FILE.0)
        .map(|(path, lines)| (lines, path.display().to_string()))
        .collect();
    judge("a file is at most 500 lines", FILE.1, long);
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for (path, text) in texts().iter().filter(|(path, _)| is_code(path)) {
        let code = &text[..text.len() - tests(text).len()];
        let functions = functions(code).into_iter().filter(|(lines, _)| *lines > FUNCTION.0);
        long.extend(functions.map(|(lines, it)| (lines, format!("{}: {it}", path.display()))));
    }
    judge("a function is at most 60 lines", FUNCTION.1, long);
}

#[test]
fn every_table_is_still_there() {
    for table in TABLES {
        assert!(crate::root().join(table).is_file(), "{table}");
    }
}

/// Tells what is long, and fails for what is above `most`.
fn judge(rule: &str, most: usize, long: Vec<(usize, String)>) {
    let (faults, told): (Vec<_>, Vec<_>) = long.into_iter().partition(|(lines, _)| *lines > most);
    for (lines, what) in told {
        println!("long: {lines} lines, {what}");
    }
    none(rule, &faults.iter().map(|(lines, what)| format!("{lines} {what}")).collect::<Vec<_>>());
}

/// Whether a file is code, and neither a test nor a table.
fn is_code(path: &Path) -> bool {
    let table = TABLES.iter().any(|table| path == Path::new(table));
    let code = ["rs", "ts", "svelte", "css"].iter().any(|it| has_extension(path, it));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let test = name == "tests.rs" || name.ends_with("_tests.rs") || name.contains(".test.");
    code && !test && !table && !path.iter().any(|folder| folder == "tests" || folder == "e2e")
}

/// Lines of a file without the module of tests at its end.
fn code_lines(text: &str) -> usize {
    text.lines().count() - tests(text).lines().count()
}

/// The module of tests at the end of a file.
fn tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or("", |at| &text[at + 1..])
}

/// The functions of a formatted Rust file with their lines.
///
/// A function ends at the first closing brace that stands below its first letter; rustfmt sees to
/// that, and a function on one line has none.
fn functions(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<_> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let Some((before, rest)) = code.split_once("fn ") else { continue };
        let signature = before.split_whitespace().all(|it| SIGNATURE.contains(&it));
        if !signature || line.ends_with(['}', ';']) {
            continue;
        }
        let indent = line.len() - code.len();
        let closes = |it: &str| {
            it.len() > indent && it.is_char_boundary(indent) && {
                let (space, code) = it.split_at(indent);
                space.trim().is_empty()
                    && (code.starts_with('}') || code.starts_with(')') && code.ends_with(';'))
            }
        };
        let length = lines[start..].iter().position(|it| closes(it)).unwrap_or(0) + 1;
        let name = rest.split(['(', '<']).next().unwrap_or_default();
        found.push((length, name.to_owned()));
    }
    found
}

/// The words that may stand before `fn`.
const SIGNATURE: &[&str] =
    &["pub", "pub(crate)", "pub(super)", "async", "const", "unsafe", "extern", "\"C\""];

#[test]
fn a_function_is_as_long_as_it_looks() {
    let text = "\
impl A {
    pub(crate) fn one(&self) -> u8 { 1 }

    async fn three(
        &self,
    ) -> u8 {
        if x {
        }
    }

    fn declared(&self);
}
fn two() {
}
";
    let expected = [(6, "three".to_owned()), (2, "two".to_owned())];
    assert_eq!(functions(text), expected);
}

#[test]
fn tests_at_the_end_do_not_count() {
    let text = "//! A.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
    assert_eq!(code_lines(text), 3);
    assert_eq!(code_lines("//! A.\n"), 1);
}

#[test]
#[should_panic(expected = "too long")]
fn what_is_too_long_fails() {
    judge("too long", 60, vec![(61, "f".to_owned()), (46, "g".to_owned())]);
}
