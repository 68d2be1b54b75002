//! A program that runs beside this one and never outlives it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How long a program may take to end by itself when it is asked to.
const GRACE: Duration = Duration::from_secs(3);

/// A running program; dropping it ends it, with all that it started.
pub(crate) struct Child {
    name: &'static str,
    process: std::process::Child,
    lines: Receiver<String>,
    /// Whether it leads a process group of its own.
    group: bool,
}

impl Child {
    /// Starts `command` in the background, apart from the terminal: Ctrl-C does not reach it.
    ///
    /// Its output is shown line by line, with `name` before it.
    pub(crate) fn spawn(name: &'static str, command: &mut Command) -> Result<Self> {
        Self::start(name, command.stdin(Stdio::null()), None)
    }

    /// Starts `command` in the background; what it says goes into `log`, and [`Child::tell`] reaches it.
    pub(crate) fn spawn_quiet(
        name: &'static str,
        command: &mut Command,
        log: &Arc<File>,
    ) -> Result<Self> {
        Self::start(name, command.stdin(Stdio::piped()), Some(log))
    }

    fn start(name: &'static str, command: &mut Command, log: Option<&Arc<File>>) -> Result<Self> {
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let spawned = piped.process_group(0).spawn();
        let mut process = spawned.with_context(|| format!("cannot start the {name}"))?;
        let (sender, lines) = channel();
        if let Some(output) = process.stdout.take() {
            forward(name, output, sender.clone(), log.cloned());
        }
        if let Some(output) = process.stderr.take() {
            forward(name, output, sender, log.cloned());
        }
        Ok(Self { name, process, lines, group: true })
    }

    /// Starts `command` with our terminal as its own.
    pub(crate) fn spawn_on_terminal(name: &'static str, command: &mut Command) -> Result<Self> {
        // A group of its own would stop at its first read from the terminal.
        let process = command.spawn().with_context(|| format!("cannot start the {name}"))?;
        let (_, lines) = channel();
        Ok(Self { name, process, lines, group: false })
    }

    /// Waits for a line with `words` in it; returns what follows them, up to white space.
    ///
    /// # Errors
    ///
    /// If no such line comes within `patience`, or the program ends.
    pub(crate) fn says(&self, words: &str, patience: Duration) -> Result<String> {
        loop {
            // Each line renews the patience: who speaks is alive.
            match self.lines.recv_timeout(patience) {
                Ok(line) => {
                    let rest = line.split_once(words).map(|(_, rest)| rest);
                    if let Some(word) = rest.and_then(|rest| rest.split_whitespace().next()) {
                        return Ok(word.trim_end_matches('/').to_owned());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(anyhow!("the {} ended before it said {words:?}", self.name));
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("the {} did not say {words:?} within {patience:?}", self.name);
                }
            }
        }
    }

    /// The next line it says; none if it says nothing for so long.
    ///
    /// # Errors
    ///
    /// If it has ended and said all it had to say.
    pub(crate) fn line(&self, patience: Duration) -> Result<Option<String>> {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Ok(Some(line)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("the {} ended", self.name),
        }
    }

    /// Writes a line to its standard input.
    ///
    /// # Errors
    ///
    /// If it does not listen any more.
    pub(crate) fn tell(&mut self, line: &str) -> Result<()> {
        let input =
            self.process.stdin.as_mut().with_context(|| format!("the {} is deaf", self.name))?;
        writeln!(input, "{line}").with_context(|| format!("the {} does not listen", self.name))
    }

    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// How it ended, if it has.
    pub(crate) fn exited(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.process.try_wait()?)
    }

    /// Ends it: politely first, then without asking.
    pub(crate) fn end(self) {
        drop(self);
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        // Whoever is gone already needs no signal.
        let _ = match pid {
            Some(pid) if self.group => kill_process_group(pid, signal),
            Some(pid) => kill_process(pid, signal),
            None => Ok(()),
        };
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        const STEP: Duration = Duration::from_millis(20);
        if let Ok(None) = self.process.try_wait() {
            self.signal(Signal::TERM);
            // Who was stopped hears that only once it goes on.
            self.signal(Signal::CONT);
        }
        let mut waited = Duration::ZERO;
        while waited < GRACE && matches!(self.process.try_wait(), Ok(None)) {
            thread::sleep(STEP);
            waited += STEP;
        }
        let running = matches!(self.process.try_wait(), Ok(None));
        // Its own children may outlive it within its group.
        if running || self.group {
            self.signal(Signal::KILL);
        }
        let _ = self.process.wait();
    }
}

/// Shows each line of `output`, or writes it into `log`, and sends it on.
fn forward(
    name: &'static str,
    output: impl Read + Send + 'static,
    to: Sender<String>,
    log: Option<Arc<File>>,
) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            match &log {
                // A log that cannot be written is no reason to stop.
                Some(log) => drop(writeln!(&**log, "{name}: {line}")),
                None => eprintln!("{name}: {line}"),
            }
            // Nobody may be waiting for a word of it any more.
            let _ = to.send(line);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn shell(script: &str) -> Child {
        Child::spawn("shell", Command::new("sh").args(["-c", script])).unwrap()
    }

    fn alive(pid: &str) -> bool {
        crate::program::succeeds(Command::new("kill").args(["-0", pid]))
    }

    #[test]
    fn the_address_is_read_from_what_it_says() {
        let child = shell("echo starting; echo listening on http://127.0.0.1:7/ now; sleep 60");
        assert_eq!(child.says("listening on ", PATIENCE).unwrap(), "http://127.0.0.1:7");
    }

    #[test]
    fn an_early_end_and_silence_are_told_apart() {
        let ended = shell("echo sorry >&2").says("listening on ", PATIENCE).unwrap_err();
        assert!(ended.to_string().contains("ended"), "{ended}");
        let silent = shell("sleep 60").says("listening", Duration::from_millis(50)).unwrap_err();
        assert!(silent.to_string().contains("did not say"), "{silent}");
    }

    #[test]
    fn a_quiet_one_hears_what_it_is_told_and_speaks_into_its_log() {
        let path = tempfile::NamedTempFile::new().unwrap();
        let log = Arc::new(path.reopen().unwrap());
        let mut command = Command::new("sh");
        command.args(["-c", "read word; echo heard $word"]);
        let mut child = Child::spawn_quiet("shell", &mut command, &log).unwrap();
        child.tell("this").unwrap();
        assert_eq!(child.says("heard ", PATIENCE).unwrap(), "this");
        assert_eq!(std::fs::read_to_string(path.path()).unwrap(), "shell: heard this\n");
    }

    #[test]
    fn it_and_what_it_started_are_gone_when_it_is_dropped() {
        let child = shell("sleep 60 & echo child $!; trap '' TERM; wait; wait");
        let grandchild = child.says("child ", PATIENCE).unwrap();
        let own = child.process.id().to_string();
        assert!(alive(&grandchild) && alive(&own));
        drop(child);
        assert!(!alive(&own));
        // The grandchild's remains are collected by init, in its own time.
        for _ in 0..100 {
            if !alive(&grandchild) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{grandchild} is still there");
    }
}
