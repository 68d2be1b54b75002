//! `rh-agent doctor`, as other programs use it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// The doctor on a desktop in memory; its service is a port that nobody listens on.
fn doctor(args: &[&str]) -> Child {
    let service = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", service.local_addr().expect("it has an address"));
    drop(service);
    let mut command = Command::new(env!("CARGO_BIN_EXE_rh-agent"));
    command.args(["doctor", "--screen", "virtual-desktop", "--service", &address]).args(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// B-02
#[test]
fn its_json_holds_permissions_conditions_and_checks() {
    let output = doctor(&["--json"]).wait_with_output().expect("it ends");
    assert!(!output.status.success(), "the service does not answer");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(json["conditions"].is_array());
    let permissions = json["permissions"].as_array().expect("a list").len();
    assert_eq!(permissions, if cfg!(target_os = "macos") { 3 } else { 0 });
    let checks = json["checks"].as_array().expect("a list");
    let states: Vec<_> = checks.iter().map(|check| check["state"].as_str()).collect();
    let works = Some("works");
    assert_eq!(states, [works, works, works, works, Some("fails")]);
}

/// B-02: it goes on as long as something is left to do, and ends when interrupted.
#[test]
fn it_watches_until_interrupted() {
    let mut child = doctor(&["--json", "--watch"]);
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("a first line");
    serde_json::from_str::<serde_json::Value>(&line).expect("one line of JSON");
    // Longer than the pause between two looks: nothing changed, so nothing is said.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert!(child.try_wait().expect("a state").is_none(), "it still watches");
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.is_ok_and(|it| it.success()));
    assert!(!child.wait().expect("it ends").success());
    let mut rest = String::new();
    lines.read_to_string(&mut rest).expect("the rest");
    assert_eq!(rest, "");
    let mut said = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut said).expect("its last words");
    assert!(said.contains("1 left to do"), "{said}");
}
