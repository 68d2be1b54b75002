//! An exported audit log in a file, checked by `rh-service audit verify --file`.

use std::path::PathBuf;
use std::process::Command;

use reqwest::Method;
use rh_records::chain::link;
use rh_records::{Hash, SigningKey};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::world::World;

/// What the program says of files.
struct Checked {
    code: i32,
    out: String,
    err: String,
}

/// Exports of the tenant `strict`, and the key that its service signs with.
struct Exports {
    world: World,
    folder: TempDir,
    key: String,
}

impl Exports {
    async fn new() -> Self {
        let world = World::new().await;
        world.session("strict").await;
        world.recorded("strict", "session_ended", 1).await;
        let key = SigningKey::read_or_make(&world.ruled.folder().join("records.key")).unwrap();
        let key = key.public().id().to_string();
        Self { world, folder: tempfile::tempdir().unwrap(), key }
    }

    /// The lines of an export of what comes after an entry.
    async fn lines(&self, after: u64) -> Vec<String> {
        let body = json!({ "after": after });
        let sent = self.world.send("strict-auditor", Method::POST, "audit/export", Some(&body));
        let text = sent.await.error_for_status().unwrap().text().await.unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn write(&self, name: &str, lines: &[String]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        path
    }

    /// Checks files with more arguments.
    fn check(&self, files: &[&[String]], more: &[&str]) -> Checked {
        let mut program = Command::new(env!("CARGO_BIN_EXE_rh-service"));
        program.args(["audit", "verify"]).args(more);
        for (nth, lines) in files.iter().enumerate() {
            program.arg("--file").arg(self.write(&format!("{nth}.jsonl"), lines));
        }
        let output = program.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        Checked { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// That a file is refused, at that line and for that reason.
    fn refused(&self, lines: &[String], at: usize, why: &str) {
        let Checked { code, out, err } = self.check(&[lines], &["--key", &self.key]);
        assert_eq!((code, out.as_str()), (1, ""), "{why}");
        assert!(err.contains(&format!("0.jsonl: line {at}: ")), "{why}: {err}");
        assert!(err.contains(why), "{err}");
        assert!(err.contains("export the log again"), "{err}");
    }
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

fn kind(line: &str) -> String {
    parsed(line)["type"].as_str().unwrap().to_owned()
}

/// The place of the first entry among the lines.
fn first_entry(lines: &[String]) -> usize {
    lines.iter().position(|line| kind(line) == "entry").unwrap()
}

/// Hashes all entries anew, as a forger would who has no key.
fn rehash(lines: &mut [String]) {
    let mut prev = Hash([0; 32]);
    for line in lines {
        let Value::Object(mut fields) = parsed(line) else { panic!("{line}") };
        if fields["type"] == "entry" {
            let body = rh_records::jcs::canonical(&fields["body"]).unwrap();
            let hash = link(prev, &body);
            fields["prev"] = json!(prev);
            fields["hash"] = json!(hash);
            prev = hash;
        } else if fields["type"] == "end" {
            fields["hash"] = json!(prev);
        }
        *line = Value::Object(fields).to_string();
    }
}

/// B-13: an export holds with nothing but the key's id; without that, the key is to be compared.
#[tokio::test]
async fn an_export_holds_offline() {
    let exports = Exports::new().await;
    let lines = exports.lines(0).await;
    let last = parsed(lines.last().unwrap())["seq"].as_u64().unwrap();
    let Checked { code, out, err } = exports.check(&[&lines], &["--key", &exports.key]);
    let key = &exports.key;
    let expected =
        format!("strict: entries 1 to {last} hold; sealed up to {last} with the key {key}\n");
    assert_eq!((code, out, err), (0, expected, String::new()));
    let said = exports.check(&[&lines], &[]);
    assert!(said.code == 0 && said.out.contains("compare it with"), "{}", said.out);
    let said = exports.check(&[&lines], &["--tenant", "open"]);
    assert!(said.code == 1 && said.err.contains("this is of strict"), "{}", said.err);
}

/// B-13: what was cut off, moved or edited is refused, and the line is named.
#[tokio::test]
async fn a_file_that_was_meddled_with_is_refused() {
    let exports = Exports::new().await;
    let lines = exports.lines(0).await;
    let (first, end) = (first_entry(&lines), lines.len() - 1);
    exports.refused(&lines[..end], end, "the file is cut off after entry");
    exports.refused(&lines[..first], first, "the file is cut off before its first entry");
    exports.refused(&[], 1, "this is no line of an export");

    let mut gone = lines.clone();
    gone.remove(first + 1);
    exports.refused(&gone, first + 2, "entry 2 is missing");
    let mut swapped = lines.clone();
    swapped.swap(first, first + 1);
    exports.refused(&swapped, first + 1, "entry 1 is missing");
    let mut twice = lines.clone();
    twice.insert(first, lines[first].clone());
    exports.refused(&twice, first + 2, "entry 1 does not belong where it is");
    let mut moved = lines.clone();
    moved[..=first].rotate_right(1);
    exports.refused(&moved, 2, "a checkpoint stands behind entries");
    let mut longer = lines.clone();
    longer.push(lines[end].clone());
    exports.refused(&longer, end + 2, "something follows the line that ends an export");

    let edited: Vec<_> =
        lines.iter().map(|it| it.replace("strict-desk", "strict-nobody")).collect();
    let at = edited.iter().zip(&lines).position(|(a, b)| a != b).unwrap();
    exports.refused(&edited, at + 1, "was changed after it was written");
    // A member that is there twice is read differently by different programs.
    let mut doubled = lines.clone();
    doubled[first] = lines[first].replace("\"body\":{", "\"body\":{\"seq\":9,");
    exports.refused(&doubled, first + 1, "was changed after it was written");
    let mut short = lines.clone();
    short.remove(end - 1);
    exports.refused(&short, end, "is missing");
    let mut other = lines;
    other[end - 1] = "{\"type\":\"entry\"}".to_owned();
    exports.refused(&other, end, "this is no line of an export");
}

/// B-13: whoever has no key cannot hash everything anew, nor do without checkpoints, nor bring a key.
#[tokio::test]
async fn a_file_that_was_written_anew_is_refused() {
    let exports = Exports::new().await;
    let lines = exports.lines(0).await;
    let end = lines.len() - 1;
    let mut forged: Vec<_> =
        lines.iter().map(|it| it.replace("strict-desk", "strict-nobody")).collect();
    rehash(&mut forged);
    let said = exports.check(&[&forged], &["--key", &exports.key]);
    assert!(said.code == 1 && said.err.contains("is not the one that was sealed"), "{}", said.err);
    // Cut back to an earlier entry, with an end to it.
    let mut cut = lines.clone();
    cut.remove(end - 1);
    rehash(&mut cut);
    cut[end - 1] = parsed(&cut[end - 1]).to_string();
    let before = parsed(&cut[end - 2])["seq"].clone();
    let mut fields = parsed(&cut[end - 1]);
    fields["seq"] = before;
    cut[end - 1] = fields.to_string();
    exports.refused(&cut, end, "is missing");
    // Without checkpoints nobody vouches for anything.
    forged.retain(|line| kind(line) != "checkpoint");
    exports.refused(&forged, forged.len(), "no checkpoint is about entries 1 to");
    let stranger = SigningKey::from_seed(&[4; 32]).public().id().to_string();
    let said = exports.check(&[&lines], &["--key", &stranger]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("line 1: ") && said.err.contains("not one of yours"), "{}", said.err);
}

/// An export that goes on where another ended holds together with that, and not alone.
#[tokio::test]
async fn exports_that_follow_one_another_are_checked_together() {
    let exports = Exports::new().await;
    let one = exports.lines(0).await;
    let ended = parsed(one.last().unwrap())["seq"].as_u64().unwrap();
    let two = exports.lines(ended).await;
    let last = parsed(two.last().unwrap())["seq"].as_u64().unwrap();
    let key = ["--key", exports.key.as_str()];
    let said = exports.check(&[&one, &two], &key);
    let expected = format!("strict: entries 1 to {last} hold; sealed up to {last} with");
    assert!(said.code == 0 && said.out.starts_with(&expected), "{} {}", said.out, said.err);
    exports.refused(&two, first_entry(&two) + 1, "give that one first");
    assert_eq!(exports.check(&[&two, &one], &key).code, 1);
    assert_eq!(exports.check(&[&one, &one], &key).code, 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_so() {
    let exports = Exports::new().await;
    let missing = exports.folder.path().join("missing");
    let said = exports.check(&[], &["--file", missing.to_str().unwrap()]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("give an exported file that can be read"), "{}", said.err);
}
