//! Content and measurements together: one display is both the sharer's and the browser's, so what is
//! shown is the source itself.
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A process that ends with the test.
struct Running(Child, BufReader<ChildStdout>);

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Self(child, output)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.1.read_line(&mut line).expect("it speaks");
        line.trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn probe(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rh-probe"));
    command.args(args);
    command
}

fn answer(args: &[&str]) -> Value {
    let output = probe(args).stderr(Stdio::inherit()).output().expect("it runs");
    assert!(output.status.success(), "{args:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

struct World {
    content: Option<Running>,
    display: String,
    _server: Running,
}

impl World {
    fn new() -> Self {
        let screen = ["-screen", "0", "1280x900x24"];
        // A server resets itself whenever its last client leaves, and turns away who comes then.
        let ways = ["-displayfd", "1", "-nolisten", "tcp", "-noreset"];
        let found = Command::new("Xvfb").arg("-help").stderr(Stdio::null()).status();
        assert!(found.is_ok(), "Xvfb is missing: install the package xvfb");
        let mut server =
            Running::start(Command::new("Xvfb").args(screen).args(ways).stderr(Stdio::null()));
        let display = format!(":{}", server.line());
        Self { content: None, display, _server: server }
    }

    fn show(&mut self, args: &[&str]) -> String {
        self.content = None;
        let mut command = probe(&["content", "--source", &self.display]);
        let mut content = Running::start(command.args(args));
        assert_eq!(content.line(), r#"{"showing":true}"#);
        let pid = content.0.id().to_string();
        self.content = Some(content);
        pid
    }

    fn measure(&self, what: &str, args: &[&str]) -> Value {
        let displays = ["--source", &self.display, "--shown", &self.display, "--at", "0,0"];
        answer(&[&[what][..], &displays, args].concat())
    }
}

/// Work that gives way to all other, for each processor: a virtual one that has gone to sleep may take
/// so long to wake up that no picture is looked at in time.
fn awake() -> Vec<Running> {
    let processors = std::thread::available_parallelism().expect("they are counted").get();
    let spin = ["--idle", "0", "sh", "-c", "while [ -d /proc/$PPID ]; do :; done"];
    (0..processors).map(|_| Running::start(Command::new("chrt").args(spin))).collect()
}

#[test]
fn what_is_shown_is_found_counted_timed_and_compared() {
    let mut world = World::new();
    let display = world.display.clone();
    world.show(&["plain"]);
    assert!(answer(&["first", "--shown", &display, "--at", "640,450"])["at_us"].is_u64());

    world.show(&["page"]);
    let place = answer(&["locate", "--source", &display, "--shown", &display]);
    assert_eq!(place, serde_json::json!({ "x": 0, "y": 0 }));

    world.show(&["flip", "--block", "40,30", "--film", "320,200", "--rate", "30"]);
    for press in ["key", "click"] {
        let args = ["--press", press, "--presses", "5", "--block", "40,30"];
        let photon = world.measure("photon", &args);
        let times = photon["ms"].as_array().unwrap();
        assert!(times.len() == 5 && times.iter().all(Value::is_f64), "{press}: {photon}");
    }

    let _awake = awake();
    let pid = world.show(&["terminal", "--rate", "30"]);
    // Single seconds are not whole where others take the machine's time.
    let whole = |frames: &Value| {
        let shown = frames["shown"].as_u64().unwrap();
        (10..=32).contains(&shown) && frames["drawn"] == shown
    };
    let mut seconds: Vec<Value> = Vec::new();
    while !seconds.last().is_some_and(whole) {
        assert!(seconds.len() < 10, "{seconds:?}");
        seconds.push(world.measure("frames", &["--seconds", "1"]));
    }
    let rest = world.measure("rest", &["--pid", &pid]);
    assert_eq!(rest["differing"], 0, "{rest}");
    assert!(rest["equal_after_ms"].is_f64(), "{rest}");
}
