//! What is typed at the terminal, and what it is for.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::time::Duration;

use rustix::termios::{QueueSelector, tcflush};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

/// How long what a helper typed into this terminal may still be on its way through it.
const ON_ITS_WAY: Duration = Duration::from_millis(300);

/// Lines from standard input. One thread reads for the whole life of the program, since a read of
/// the terminal cannot be called off.
#[derive(Debug)]
pub(crate) struct Lines {
    input: File,
    inbox: tokio::sync::Mutex<UnboundedReceiver<String>>,
    /// Whether a question is open, whose answer the next line is.
    asked: watch::Sender<bool>,
}

/// A question that is open; until it is dropped, what is typed is its answer.
#[derive(Debug)]
pub(crate) struct Open<'a>(&'a watch::Sender<bool>);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

impl Lines {
    /// Begins to read.
    pub(crate) fn new() -> io::Result<Self> {
        Self::of(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }

    fn of(input: File) -> io::Result<Self> {
        let (lines, inbox) = unbounded_channel();
        let reader = BufReader::new(input.try_clone()?);
        std::thread::spawn(move || {
            for line in reader.lines() {
                let Ok(line) = line else { break };
                if lines.send(line).is_err() {
                    break;
                }
            }
        });
        let asked = watch::Sender::new(false);
        Ok(Self { input, inbox: tokio::sync::Mutex::new(inbox), asked })
    }

    /// The next line; `None` at the end of input.
    pub(crate) async fn next(&self) -> Option<String> {
        self.inbox.lock().await.recv().await
    }

    /// The next line that answers no question; `None` at the end of input.
    pub(crate) async fn unasked(&self) -> Option<String> {
        let mut asked = self.asked.subscribe();
        loop {
            // Neither fails: the sender is here.
            let _ = asked.wait_for(|asked| !asked).await;
            tokio::select! {
                biased;
                _ = asked.wait_for(|asked| *asked) => {}
                line = self.next() => return line,
            }
        }
    }

    /// A question is open from now on.
    pub(crate) fn open(&self) -> Open<'_> {
        self.asked.send_replace(true);
        Open(&self.asked)
    }

    /// Forgets what was typed so far: it answers nothing that is yet to be asked (B-03). A helper in
    /// control could have typed it, or half of it, so that the sharer's Enter would say yes.
    pub(crate) async fn forget(&self) {
        tokio::time::sleep(ON_ITS_WAY).await;
        // What is no terminal holds no half line back.
        let _ = tcflush(&self.input, QueueSelector::IFlush);
        let mut inbox = self.inbox.lock().await;
        while inbox.try_recv().is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use rustix::fs::{Mode, OFlags, open};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    /// A terminal: what is typed goes into the file.
    fn terminal() -> (File, Lines) {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let input = open(&name, OFlags::RDONLY | OFlags::NOCTTY, Mode::empty()).unwrap();
        (File::from(keyboard), Lines::of(File::from(input)).unwrap())
    }

    /// B-03: a `y` that stands in the terminal before the question does not turn Enter, which
    /// declines, into a yes.
    #[tokio::test]
    async fn half_a_line_from_before_is_no_part_of_the_answer() {
        let (mut keyboard, lines) = terminal();
        keyboard.write_all(b"yes\ny").unwrap();
        lines.forget().await;
        keyboard.write_all(b"\n").unwrap();
        assert_eq!(lines.next().await.as_deref(), Some(""));
    }

    /// B-03: nor does what a helper typed before the question and comes through late.
    #[tokio::test]
    async fn a_line_that_comes_late_answers_nothing() {
        let (mut keyboard, lines) = terminal();
        let late = async {
            tokio::time::sleep(ON_ITS_WAY / 3).await;
            keyboard.write_all(b"y\n").unwrap();
        };
        tokio::join!(lines.forget(), late);
        keyboard.write_all(b"n\n").unwrap();
        assert_eq!(lines.next().await.as_deref(), Some("n"));
    }

    /// B-03: what was typed before a question was asked is written to the helper and answers nothing; what
    /// is typed while it is open is its answer and written to nobody.
    #[tokio::test]
    async fn a_line_is_either_an_answer_or_written_to_the_helper() {
        let (mut keyboard, lines) = terminal();
        keyboard.write_all(b"hello\n").unwrap();
        assert_eq!(lines.unasked().await.as_deref(), Some("hello"));
        let open = lines.open();
        let answer = async {
            keyboard.write_all(b"y\n").unwrap();
            let answer = lines.next().await;
            drop(open);
            keyboard.write_all(b"thanks\n").unwrap();
            answer
        };
        let (answer, written) = tokio::join!(answer, lines.unasked());
        assert_eq!((answer.as_deref(), written.as_deref()), (Some("y"), Some("thanks")));
    }
}
