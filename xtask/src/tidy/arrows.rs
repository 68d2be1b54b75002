//! Who may use whom, and what never reaches the pure crates.

use std::collections::BTreeSet;

use serde_json::Value;

use super::none;
use crate::program;

/// The arrows between our crates, as `ARCHITECTURE.md` draws them; nothing else may be.
const ARROWS: &[(&str, &[&str])] = &[
    ("rh-protocol", &[]),
    ("rh-capture", &["rh-protocol"]),
    ("rh-codec", &["rh-capture", "rh-protocol"]),
    ("rh-input", &["rh-protocol"]),
    ("rh-session", &["rh-protocol"]),
    (
        "rh-agent",
        &[
            "rh-capture",
            "rh-codec",
            "rh-input",
            "rh-protocol",
            "rh-relay",
            "rh-session",
            "rh-signed",
        ],
    ),
    ("rh-policy", &["rh-protocol"]),
    ("rh-signed", &["rh-policy", "rh-protocol"]),
    ("rh-records", &["rh-policy", "rh-protocol", "rh-signed"]),
    ("rh-identity", &["rh-policy", "rh-protocol"]),
    ("rh-relay", &[]),
    ("rh-devices", &["rh-policy", "rh-protocol", "rh-records"]),
    (
        "rh-service",
        &[
            "rh-devices",
            "rh-identity",
            "rh-policy",
            "rh-protocol",
            "rh-records",
            "rh-relay",
            "rh-signed",
        ],
    ),
];

/// The only crate that may use each of these.
const ONLY: &[(&str, &str)] =
    &[("webrtc", "rh-session"), ("rtc", "rh-session"), ("turn", "rh-relay")];

/// What must never reach the pure crates.
const IMPURE: &[&str] = &["tokio", "webrtc", "rtc", "axum", "async-trait", "futures-util"];

#[test]
fn arrows_are_as_drawn() {
    let metadata = metadata();
    let faults: Vec<_> =
        ARROWS.iter().flat_map(|(name, allowed)| strays(&metadata, name, allowed)).collect();
    none("an arrow that is not in ARCHITECTURE.md", &faults);
}

#[test]
fn every_crate_has_its_arrows() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let names = packages.iter().filter_map(|it| it["name"].as_str());
    let crates: BTreeSet<_> = names
        .filter(|it| {
            !matches!(*it, "xtask" | "rh-examples" | "rh-benches" | "rh-crowd" | "rh-probe")
        })
        .collect();
    assert_eq!(crates, ARROWS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn the_link_alone_knows_its_stack() {
    let metadata = metadata();
    let mut faults = Vec::new();
    for (name, _) in ARROWS {
        let used = dependencies(&metadata, name);
        for (stack, owner) in ONLY.iter().filter(|(_, owner)| owner != name) {
            if used.contains(*stack) {
                faults.push(format!("{name} uses {stack}; only {owner} may"));
            }
        }
    }
    none("webrtc is the link's own affair", &faults);
}

#[test]
fn the_core_is_pure() {
    for name in ["rh-protocol", "rh-policy", "rh-relay", "rh-session"] {
        let args = ["tree", "--no-default-features", "--edges", "normal", "--prefix", "none"];
        let output = program::cargo(&crate::root()).args(args).args(["--package", name]).output();
        let output = output.expect("cargo runs");
        let tree = String::from_utf8_lossy(&output.stdout);
        assert!(tree.starts_with(name), "{}", String::from_utf8_lossy(&output.stderr));
        none("a pure crate does no I/O", &impure(name, &tree));
    }
}

/// The crates of ours that `name` uses, test dependencies apart, and may not.
fn strays(metadata: &Value, name: &str, allowed: &[&str]) -> Vec<String> {
    let ours = dependencies(metadata, name).into_iter().filter(|it| it.starts_with("rh-"));
    let strays = ours.filter(|it| it != name && !allowed.contains(&it.as_str()));
    strays.map(|it| format!("{name} -> {it}")).collect()
}

/// The lines of `tree` that name something impure.
fn impure(name: &str, tree: &str) -> Vec<String> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let found = names.filter(|it| IMPURE.contains(it));
    found.map(|it| format!("{name} without features uses {it}")).collect()
}

/// All that a package uses, optional ones too, test dependencies apart.
fn dependencies(metadata: &Value, package: &str) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|it| it["name"] == package).expect("it is a member");
    let dependencies = package["dependencies"].as_array().expect("dependencies");
    let used = dependencies.iter().filter(|it| it["kind"] != "dev");
    used.filter_map(|it| it["name"].as_str()).map(str::to_owned).collect()
}

fn metadata() -> Value {
    let mut cargo = program::cargo(&crate::root());
    let output = cargo.args(["metadata", "--no-deps", "--format-version=1"]).output();
    serde_json::from_slice(&output.expect("cargo runs").stdout).expect("cargo speaks JSON")
}

#[test]
fn a_stray_arrow_is_noticed() {
    let metadata = serde_json::json!({ "packages": [{ "name": "rh-service", "dependencies": [
        { "name": "rh-protocol", "kind": null },
        { "name": "rh-input", "kind": null, "optional": true },
        { "name": "rh-codec", "kind": "dev" },
    ]}]});
    assert_eq!(strays(&metadata, "rh-service", &["rh-protocol"]), ["rh-service -> rh-input"]);
    let tree = "rh-session v0.1.0\nserde v1.0.0\ntokio v1.2.3\n";
    assert_eq!(impure("rh-session", tree).len(), 1);
}
