//! The configuration, as an operator meets it.

use std::fs;
use std::process::{Command, Output};

const FILE: &str = "[[tenant]]\nid = \"example\"\nissuer = \"https://login.example.com\"\n\
                    client_id = \"help\"\nclient_secret = { env = \"RH_TEST_SECRET\" }\n";

fn check(text: &str, secret: Option<&str>) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("service.toml");
    fs::write(&file, text).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_rh-service"));
    program.arg("check-config").arg(&file).env_remove("RH_TEST_SECRET");
    if let Some(secret) = secret {
        program.env("RH_TEST_SECRET", secret);
    }
    program.output().unwrap()
}

#[test]
fn a_good_file_is_said_to_be_good() {
    let output = check(FILE, Some("hunter2"));
    assert!(output.status.success(), "{output:?}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("hunter2"));
}

/// Every problem names its key and what to do.
#[test]
fn a_bad_file_is_said_to_be_bad() {
    let misspelt = FILE.replace("client_id", "clientid");
    let plain = FILE.replace("https", "http");
    for (text, secret, named) in [
        (FILE, None, "client_secret: the environment variable RH_TEST_SECRET is not set"),
        (misspelt.as_str(), Some("x"), "clientid"),
        (plain.as_str(), Some("x"), "issuer:"),
        ("", None, "[[tenant]]"),
    ] {
        let output = check(text, secret);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(named), "{said}");
    }
}
