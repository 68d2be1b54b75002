//! What is named where.

use std::path::Path;

use super::{none, rust};

/// The one place where the WebRTC stack is named.
const STACK: &str = "crates/rh-session/src/link/webrtc";

/// The far ends of the tests of that place, which are made of the same stack.
const FAR_ENDS: &str = "crates/rh-session/tests/link_webrtc";

/// Where the module of that name is declared and its items are passed on.
const PARENT: &str = "crates/rh-session/src/link/mod.rs";

#[test]
fn the_webrtc_stack_is_named_in_one_place() {
    let placed = |path: &Path| [STACK, FAR_ENDS].iter().any(|place| path.starts_with(place));
    let files = rust().filter(|(path, _)| !placed(path) && path != Path::new(PARENT));
    let faults: Vec<_> = files
        .filter(|(path, _)| !path.starts_with("xtask/src/tidy"))
        .filter(|(_, text)| text.lines().any(names_the_stack))
        .map(|(path, _)| path.display().to_string())
        .collect();
    none(&format!("the stack is named outside {STACK}"), &faults);
}

#[test]
fn every_file_says_what_it_holds() {
    // A file of tests holds those of the module above it.
    let tests = |path: &Path| path.ends_with("tests.rs");
    let faults: Vec<_> = rust()
        .filter(|(path, text)| !tests(path) && !text.starts_with("//! "))
        .map(|(path, _)| path.display().to_string())
        .collect();
    none("a file begins with a line of documentation", &faults);
}

/// Whether code on this line names the crates `webrtc` or `rtc`; a module of ours may be called so.
fn names_the_stack(line: &str) -> bool {
    if line.trim_start().starts_with("//") {
        return false;
    }
    ["webrtc::", "rtc::"].iter().any(|name| {
        line.match_indices(name).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '"')
        })
    })
}

#[test]
fn the_stack_is_recognised() {
    for line in ["use webrtc::api;", "    let x: rtc::Packet = y;", "fn f(_: &webrtc::A)"] {
        assert!(names_the_stack(line), "{line}");
    }
    for line in ["// webrtc::api", "use rh_session::link::webrtc::Link;", "use webrtc_ours::A;"] {
        assert!(!names_the_stack(line), "{line}");
    }
}
