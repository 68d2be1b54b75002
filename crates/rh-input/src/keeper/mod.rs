//! Lets go for a process that no longer can.
//!
//! What XTEST or Quartz presses stays pressed when the process that pressed it is killed or
//! freezes. So a small second process is told of every press before it happens and of every
//! release after, over its standard input: [`Keeper`] is the telling end, [`run`] the listening
//! end. Should the input end, or stay silent while something is down, the second process lets go
//! through an injector of its own.

mod run;

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use run::run;

use crate::{InputError, Press};

/// How often [`Keeper::beat`] is due while something is held.
pub const BEAT: Duration = Duration::from_millis(500);

/// How long a [`run`] should bear silence while something is held: three missed beats.
pub const SILENCE: Duration = Duration::from_millis(1500);

/// One line to the keeping process, as JSON.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// This goes down next.
    Press(Press),
    /// This has gone up.
    Release(Press),
    /// The telling process is alive.
    Beat,
}

/// The telling end: a child process that runs [`run`].
///
/// Dropping it ends the child's input, and with it the child, which is waited for.
#[derive(Debug)]
pub struct Keeper {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Keeper {
    /// Starts `command`, whose process calls [`run`] on its standard input.
    ///
    /// It becomes a process group of its own, so that Ctrl-C in a terminal does not end it before
    /// it has let go.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] if the process cannot be started.
    pub fn start(command: &mut Command) -> Result<Self, InputError> {
        let spawned = command.stdin(Stdio::piped()).process_group(0).spawn();
        let mut child = spawned.map_err(|e| failure("starting the input keeper", &e))?;
        let stdin = child.stdin.take();
        Ok(Self { child, stdin })
    }

    /// Says that `press` goes down next.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] if the keeper is gone: then nothing should be pressed.
    pub fn press(&mut self, press: Press) -> Result<(), InputError> {
        self.tell(Line::Press(press))
    }

    /// Says that `press` has gone up.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] if the keeper is gone.
    pub fn release(&mut self, press: Press) -> Result<(), InputError> {
        self.tell(Line::Release(press))
    }

    /// Says that this process is alive; due every [`BEAT`] while something is held.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] if the keeper is gone.
    pub fn beat(&mut self) -> Result<(), InputError> {
        self.tell(Line::Beat)
    }

    fn tell(&mut self, line: Line) -> Result<(), InputError> {
        let json = serde_json::to_string(&line).expect("a line is plain JSON") + "\n";
        let sent = match &mut self.stdin {
            Some(stdin) => stdin.write_all(json.as_bytes()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        sent.map_err(|e| failure("telling the input keeper", &e))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It ends by itself at the end of its input; waiting only collects it.
        let _ = self.child.wait();
    }
}

fn failure(context: &'static str, error: &io::Error) -> InputError {
    InputError::Platform { context, detail: error.to_string() }
}
