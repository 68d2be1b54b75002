//! B-07: nothing stays pressed when the process that pressed it is killed or frozen.
//!
//! The processes are this very program, started again as one of its ignored tests.

#![cfg(target_os = "linux")]

mod desktop;

use std::io::{BufReader, stdin};
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use desktop::{Desktop, Program, wait_for};
use rh_input::keeper::{self, BEAT, Keeper, SILENCE};
use rh_input::x11::Xtest;
use rh_input::{Guard, Injector, Stroke};
use rh_protocol::{Button, Display, DisplayId, InputEvent, Key, Point};

/// Says which display the processes act on; without it they are not meant.
const ROLE_DISPLAY: &str = "RH_TEST_DISPLAY";

/// This program, as one of the roles below.
fn role(name: &str, display: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", name, "--ignored", "--nocapture"]).env(ROLE_DISPLAY, display);
    command
}

fn display_of_role() -> String {
    std::env::var(ROLE_DISPLAY).expect("started by a test of this file")
}

/// An agent that holds Shift, A and the left button, drags, and lives on.
#[test]
#[ignore = "a role of other tests"]
fn an_agent_that_holds() {
    let display = display_of_role();
    let keeper = Keeper::start(&mut role("a_keeper", &display)).expect("this program starts");
    let mut guard = Guard::new(Xtest::open(Some(&display)).expect("XTEST")).kept_by(keeper);
    let id = DisplayId(0);
    let name = "test".to_owned();
    guard.show(&Display { id, name, x: 0, y: 0, width: 9, height: 9, scale: 1.0, primary: true });
    let at = Point::new(id, 0.5, 0.5).expect("a share");
    let left = InputEvent::Button { button: Button::Left, down: true, at };
    let key = |key| InputEvent::Key { key, down: true };
    for event in [key(Key::ShiftLeft), key(Key::KeyA), left] {
        guard.inject(&event).expect("it can be pressed");
    }
    // First it drags, for longer than the keeper bears silence: every move counts as a beat.
    for _ in 0..20 {
        thread::sleep(SILENCE / 10);
        guard.inject(&InputEvent::Move { at }).expect("it can be moved");
    }
    loop {
        thread::sleep(BEAT);
        guard.beat().expect("the keeper lives");
    }
}

/// The process beside it.
#[test]
#[ignore = "a role of other tests"]
fn a_keeper() {
    let injector = Xtest::open(Some(&display_of_role())).expect("XTEST");
    keeper::run(BufReader::new(stdin()), injector, SILENCE).expect("everything is let go of");
}

/// A process that has characters bound to spare keys.
#[test]
#[ignore = "a role of other tests"]
fn a_typist() {
    let mut injector = Xtest::open(Some(&display_of_role())).expect("XTEST");
    loop {
        injector.inject(&Stroke::Text("漢🙂".to_owned())).expect("it can be typed");
    }
}

/// An agent that holds three things, for longer than the keeper bears silence.
fn holding(desktop: &Desktop) -> Program {
    let agent = desktop.run(&mut role("an_agent_that_holds", &desktop.name));
    wait_for("everything to be pressed", || (counted(desktop) == (2, true)).then_some(()));
    for _ in 0..10 {
        thread::sleep(SILENCE * 4 / 10);
        assert_eq!(counted(desktop), (2, true), "moves and beats keep it pressed");
    }
    agent
}

/// How many keys are down, and whether a button is.
fn counted(desktop: &Desktop) -> (usize, bool) {
    (desktop.keycodes_down().len(), desktop.buttons_down() != 0)
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(status.expect("kill is installed").success());
}

fn nothing_is_down_within(desktop: &Desktop, limit: Duration) {
    let step = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    while counted(desktop) != (0, false) {
        assert!(waited < limit, "still down after {limit:?}: {:?}", counted(desktop));
        thread::sleep(step);
        waited += step;
    }
}

#[test]
fn a_killed_agent_leaves_nothing_pressed() {
    let desktop = Desktop::start();
    let mut agent = holding(&desktop);
    agent.0.kill().expect("it runs");
    nothing_is_down_within(&desktop, Duration::from_secs(3));
}

#[test]
fn a_frozen_agent_leaves_nothing_pressed() {
    let desktop = Desktop::start();
    let agent = holding(&desktop);
    signal(&agent.0, "-STOP");
    nothing_is_down_within(&desktop, Duration::from_secs(3));
}

/// Ctrl-C in a terminal reaches the whole process group of the agent; the keeper is not in it.
#[test]
fn an_interrupted_agent_leaves_nothing_pressed() {
    use std::os::unix::process::CommandExt;
    let desktop = Desktop::start();
    let held = role("an_agent_that_holds", &desktop.name);
    // A test run in the background of a script ignores interrupts, and so would its children.
    let mut agent = Command::new("env");
    agent.args(["--default-signal=INT", "--"]).arg(held.get_program()).args(held.get_args());
    agent.env(ROLE_DISPLAY, &desktop.name);
    let agent = desktop.run(agent.process_group(0));
    wait_for("everything to be pressed", || (counted(&desktop) == (2, true)).then_some(()));
    let group = format!("-{}", agent.0.id());
    let status = Command::new("kill").args(["-INT", "--", &group]).status();
    assert!(status.expect("kill is installed").success());
    nothing_is_down_within(&desktop, Duration::from_secs(3));
}

/// The key map that a killed process left behind is put back by the next one.
#[test]
fn a_killed_typist_leaves_no_key_map_behind_for_long() {
    let desktop = Desktop::start();
    let before = desktop.keyboard_mapping().keysyms;
    let mut typist = desktop.run(&mut role("a_typist", &desktop.name));
    let changed = || desktop.keyboard_mapping().keysyms != before;
    wait_for("characters to be bound", || changed().then_some(()));

    // While it lives, nobody takes its characters away.
    drop(Xtest::open(Some(&desktop.name)).expect("XTEST"));
    assert!(changed());

    typist.0.kill().expect("it runs");
    typist.0.wait().expect("it ran");
    assert!(changed());
    wait_for("the key map to be put back", || {
        drop(Xtest::open(Some(&desktop.name)).expect("XTEST"));
        (!changed()).then_some(())
    });
}
