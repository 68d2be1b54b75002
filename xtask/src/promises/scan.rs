//! Finds the tests that name a promise.

use std::fmt;
use std::path::{Path, PathBuf};

/// A test that proves something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Proof {
    file: PathBuf,
    test: String,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.test)
    }
}

/// The ids in the doc comments of the tests of a Rust file.
///
/// A test is a function with an attribute that ends in `test`, such as `#[tokio::test]`.
pub(super) fn rust(file: &Path, text: &str) -> Vec<(String, Proof)> {
    let (mut found, mut named, mut is_test) = (Vec::new(), Vec::new(), false);
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            named.extend(ids(doc));
        } else if let Some(attribute) = line.strip_prefix("#[") {
            let name = attribute.split([']', '(']).next().unwrap_or_default();
            is_test |= name.ends_with("test");
        } else {
            if let Some(test) = function(line).filter(|_| is_test) {
                let proof = Proof { file: file.to_owned(), test: test.to_owned() };
                found.extend(named.drain(..).map(|id| (id, proof.clone())));
            }
            named.clear();
            is_test = false;
        }
    }
    found
}

/// The ids in the titles of the tests of a TypeScript file, and in the comments before them.
pub(super) fn typescript(file: &Path, text: &str) -> Vec<(String, Proof)> {
    let (mut found, mut named) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark)) {
            named.extend(ids(line));
            continue;
        }
        if let Some(title) = title(line) {
            named.extend(ids(title));
            let proof = Proof { file: file.to_owned(), test: title.to_owned() };
            found.extend(named.drain(..).map(|id| (id, proof.clone())));
        }
        named.clear();
    }
    found
}

/// Whether `text` is the id of a promise: `S-`, `M-` or `B-` and two digits.
pub(super) fn is_id(text: &str) -> bool {
    matches!(text.as_bytes(), [b'S' | b'M' | b'B', b'-', tens, ones]
        if tens.is_ascii_digit() && ones.is_ascii_digit())
}

fn ids(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| is_id(word)).map(str::to_owned)
}

/// The name of the function that `line` begins.
fn function(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let plain = before.split_whitespace().all(|word| matches!(word, "async" | "pub" | "const"));
    plain.then(|| rest.split(['(', '<']).next().unwrap_or_default())
}

/// The title of the test or group of tests that `line` begins.
fn title(line: &str) -> Option<&str> {
    let call = ["test", "it", "describe"].iter().find_map(|name| line.strip_prefix(name))?;
    let (modifier, rest) = call.split_once('(')?;
    if !modifier.is_empty() && !modifier.starts_with('.') {
        return None;
    }
    let quote = rest.chars().next().filter(|c| "\"'`".contains(*c))?;
    rest[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(found: Vec<(String, Proof)>) -> Vec<(String, String)> {
        found.into_iter().map(|(id, proof)| (id, proof.test)).collect()
    }

    fn pair(id: &str, test: &str) -> (String, String) {
        (id.to_owned(), test.to_owned())
    }

    #[test]
    fn a_rust_test_is_named_by_its_function() {
        let text = "
            /// S-48, B-03: no is the default.
            #[tokio::test(start_paused = true)]
            async fn silence_is_no() {
            /// S-01 of a helper function proves nothing.
            fn helper() {}
            /// S-02
            #[test]
            #[cfg(unix)]
            fn second() {}";
        let expected =
            [pair("S-48", "silence_is_no"), pair("B-03", "silence_is_no"), pair("S-02", "second")];
        assert_eq!(pairs(rust(Path::new("a.rs"), text)), expected);
    }

    #[test]
    fn a_page_test_is_named_by_its_title() {
        let text = "
            // S-55: the code alone.
            test(\"copies\", () => {});
            it.each([1])('S-60', f);
            describe('S-61: leaving', () => {
            const s = \"S-03\";
            // S-04, of nothing
            const t = 1;
            testing('S-05');";
        let expected = [pair("S-55", "copies"), pair("S-61", "S-61: leaving")];
        assert_eq!(pairs(typescript(Path::new("a.test.ts"), text)), expected);
    }

    #[test]
    fn an_id_is_whole() {
        assert!(["S-48", "M-07", "B-20"].iter().all(|id| is_id(id)));
        assert!(!["S-4", "X-48", "S-480", "s-48", "S_48"].iter().any(|id| is_id(id)));
    }
}
