//! The listening end.

use std::io::BufRead;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::Line;
use crate::{Held, Injector, InputError};

/// Keeps watch over what the process at the other end of `input` holds, until `input` ends.
///
/// Everything still down is let go of through `injector`, the last pressed first, when `input`
/// ends, and when it stays silent for `silence` while something is down; watching goes on after
/// that. Lines that are none are skipped. While nothing is down it sleeps.
///
/// # Errors
///
/// [`InputError`] if something could not be let go of at the end.
pub fn run(
    input: impl BufRead + Send + 'static,
    mut injector: impl Injector,
    silence: Duration,
) -> Result<(), InputError> {
    let lines = read_aside(input);
    let mut held = Held::default();
    loop {
        let heard = if held.is_empty() {
            lines.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            lines.recv_timeout(silence)
        };
        match heard {
            Ok(Line::Press(press)) => {
                held.press(press);
            }
            Ok(Line::Release(press)) => {
                held.release(press);
            }
            Ok(Line::Beat) => {}
            Err(RecvTimeoutError::Timeout) => {
                // A failure may pass: what is still down is tried again after the next silence.
                let _ = let_go(&mut held, &mut injector);
            }
            Err(RecvTimeoutError::Disconnected) => return let_go(&mut held, &mut injector),
        }
    }
}

/// Reads on a thread of its own, so that silence can be timed.
fn read_aside(input: impl BufRead + Send + 'static) -> Receiver<Line> {
    let (tell, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in input.lines().map_while(Result::ok) {
            let Ok(line) = serde_json::from_str(&line) else { continue };
            if tell.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Lets go of everything in `held`; what fails stays in it.
fn let_go(held: &mut Held, injector: &mut impl Injector) -> Result<(), InputError> {
    let mut outcome = Ok(());
    let pressed: Vec<_> = held.iter().rev().collect();
    for press in pressed {
        let done = injector.inject(&press.up());
        if done.is_ok() {
            held.release(press);
        }
        outcome = outcome.and(done);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use rh_protocol::{Button, Key};

    use super::*;
    use crate::{Press, Recorder};

    const SHIFT: Press = Press::Key(Key::ShiftLeft);
    const LEFT: Press = Press::Button(Button::Left);

    fn line(line: Line) -> String {
        serde_json::to_string(&line).unwrap() + "\n"
    }

    /// B-07: the end of the input lets go, the last pressed first, of what is down and no more.
    #[test]
    fn lets_go_at_the_end_of_the_input() {
        let told = [
            line(Line::Press(SHIFT)),
            line(Line::Press(Press::Key(Key::KeyA))),
            "not a line\n{\"press\":\"all\"}\n".to_owned(),
            line(Line::Press(LEFT)),
            line(Line::Release(Press::Key(Key::KeyA))),
        ];
        let recorder = Recorder::default();

        run(Cursor::new(told.concat()), recorder.clone(), Duration::from_secs(60)).unwrap();

        assert_eq!(recorder.strokes(), [LEFT.up(), SHIFT.up()]);
    }

    /// B-07: silence lets go, beats prevent it, and watching goes on.
    #[test]
    fn lets_go_when_it_hears_nothing() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let recorder = Recorder::default();
        let silence = Duration::from_millis(400);
        let (run_recorder, input) = (recorder.clone(), std::io::BufReader::new(reader));
        let keeper = thread::spawn(move || run(input, run_recorder, silence));
        let mut tell = |what| std::io::Write::write_all(&mut writer, line(what).as_bytes());

        tell(Line::Press(SHIFT)).unwrap();
        for _ in 0..8 {
            thread::sleep(silence / 4);
            tell(Line::Beat).unwrap();
        }
        assert_eq!(recorder.strokes(), []);

        thread::sleep(silence * 2);
        assert_eq!(recorder.strokes(), [SHIFT.up()]);

        tell(Line::Press(LEFT)).unwrap();
        drop(writer);
        keeper.join().unwrap().unwrap();
        assert_eq!(recorder.strokes(), [SHIFT.up(), LEFT.up()]);
    }

    #[test]
    fn bytes_that_are_no_text_end_the_watch_and_let_go() {
        let told = line(Line::Press(LEFT)).into_bytes();
        let input = std::io::BufReader::new(Cursor::new(told).chain(&b"\xff\xfe\n"[..]));
        let recorder = Recorder::default();

        run(input, recorder.clone(), Duration::from_secs(60)).unwrap();

        assert_eq!(recorder.strokes(), [LEFT.up()]);
    }
}
