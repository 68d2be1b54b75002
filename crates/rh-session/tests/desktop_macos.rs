//! The desktop of a real Mac keeps the contract.
//!
//! Nothing can unlock a Mac but its user, so that one asks: `cargo test -p rh-session --features
//! desktop --test desktop_macos -- --ignored --nocapture`.

#![cfg(target_os = "macos")]
#![expect(clippy::print_stdout, reason = "somebody is asked to do something")]

use std::process::Command;
use std::thread;
use std::time::Duration;

use rh_session::desktop::contract::{self, Subject};
use rh_session::desktop::macos::{Awake, MacDesktop};
use rh_session::desktop::{Desktop, DesktopError};

/// Whoever sits at the Mac.
struct User;

impl User {
    /// Asks them, and waits until `output` of `command` is as `done` says.
    fn ask(please: &str, command: &[&str], done: impl Fn(&str) -> bool) {
        println!("please {please}");
        for _ in 0..240 {
            if done(&output(command)) {
                return;
            }
            thread::sleep(Duration::from_millis(250));
        }
        panic!("nobody did: {please}");
    }
}

/// The registry of IOKit says by itself whether the console is locked.
const LOCKED: &str = "\"IOConsoleLocked\" = Yes";
const CONSOLE: [&str; 4] = ["ioreg", "-n", "Root", "-d1"];
const DISPLAYS: [&str; 2] = ["system_profiler", "SPDisplaysDataType"];

impl Subject for User {
    fn open(&mut self) -> Result<Box<dyn Desktop>, DesktopError> {
        Ok(Box::new(MacDesktop::open()?))
    }

    fn lock(&mut self) {
        Self::ask("lock the screen (Control-Command-Q)", &CONSOLE, |said| said.contains(LOCKED));
    }

    fn unlock(&mut self) {
        Self::ask("unlock the screen", &CONSOLE, |said| !said.contains(LOCKED));
    }

    fn rearrange(&mut self) {
        let before = output(&DISPLAYS);
        Self::ask("choose another resolution", &DISPLAYS, |said| said != before);
    }
}

fn output(command: &[&str]) -> String {
    let run = Command::new(command[0]).args(&command[1..]).output();
    let stdout = run.unwrap_or_else(|error| panic!("{}: {error}", command[0])).stdout;
    String::from_utf8_lossy(&stdout).into_owned()
}

/// B-11.
#[test]
#[ignore = "somebody has to lock and unlock the screen"]
fn the_desktop_of_a_mac_keeps_the_contract() {
    contract::check(&mut User);
}

/// A Mac stays awake for a session and no longer.
#[test]
fn a_mac_is_kept_awake_until_the_session_ends() {
    let why = format!("a test of process {}", std::process::id());
    let listed = || output(&["pmset", "-g", "assertions"]).contains(&why);
    let awake = Awake::hold(&why).expect("macOS stays awake when asked");
    assert!(listed());
    drop(awake);
    assert!(!listed());
}
