//! What sharing needs, each thing really tried (B-02).

use std::time::Duration;

use rh_capture::{CaptureError, Pixels};
use rh_codec::EncodeError;
use rh_input::{InputError, Stroke};
use rh_protocol::{Display, DisplayId};

use crate::permissions::Tried;
use crate::sources::{EncoderSource, InputSource, ScreenSource};

/// One thing tried.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
pub struct Check {
    /// What was tried.
    pub name: &'static str,
    /// What was seen, or what is wrong.
    #[serde(flatten)]
    pub finding: Finding,
}

/// What trying it showed.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Finding {
    /// It works.
    Works {
        /// What was seen.
        seen: String,
    },
    /// It does not work.
    Fails {
        /// What is wrong.
        why: String,
        /// What to do about it.
        fix: String,
        /// Whether the platform refused it for want of a permission.
        denied: bool,
    },
    /// It could not be tried, since something before it failed.
    NotTried,
}

impl Check {
    /// Whether it works.
    pub fn works(&self) -> bool {
        matches!(self.finding, Finding::Works { .. })
    }
}

/// What to do about what nobody knows more about.
const AGAIN: &str = "try again; if it stays, report it with this text";
const DISPLAYS: &str = "displays";
const PICTURE: &str = "one picture";
/// How long a first picture may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Tries the backends of this machine: the displays, one picture, that picture compressed, and one
/// input event that changes nothing. Blocks for a moment.
pub fn check_backends(
    screens: &dyn ScreenSource,
    encoders: &dyn EncoderSource,
    inputs: &dyn InputSource,
) -> Vec<Check> {
    let displays = screens.displays();
    let main = displays.as_ref().ok().and_then(|all| main_display(all));
    let listed = match &displays {
        Ok(all) if all.is_empty() => fails("no display is connected", "connect or wake a display"),
        Ok(all) => works(format!("{} found", all.len())),
        Err(error) => capture_fails(error),
    };
    let (picture, compressed, pointer) = match main {
        Some(display) => try_picture(display.id, screens, encoders),
        None => (Finding::NotTried, Finding::NotTried, None),
    };
    let place = main.and_then(|display| {
        let (x, y) = pointer?;
        Some((display.x + x as i32, display.y + y as i32))
    });
    vec![
        Check { name: DISPLAYS, finding: listed },
        Check { name: PICTURE, finding: picture },
        Check { name: "one compressed picture", finding: compressed },
        Check { name: "one input event", finding: try_input(inputs, place) },
    ]
}

/// What these checks say of the permission to see the screen.
pub fn screen_tried(checks: &[Check]) -> Tried {
    let screen = checks.iter().filter(|check| matches!(check.name, DISPLAYS | PICTURE));
    let denied = |check: &Check| matches!(check.finding, Finding::Fails { denied: true, .. });
    match screen.clone().any(denied) {
        true => Tried::Refused,
        false if screen.clone().any(|check| check.name == PICTURE && check.works()) => Tried::Works,
        false => Tried::Unclear,
    }
}

/// The main display, or else the first.
pub(crate) fn main_display(displays: &[Display]) -> Option<&Display> {
    displays.iter().find(|display| display.primary).or_else(|| displays.first())
}

type Pointer = Option<(u32, u32)>;

fn try_picture(
    display: DisplayId,
    screens: &dyn ScreenSource,
    encoders: &dyn EncoderSource,
) -> (Finding, Finding, Pointer) {
    let mut screen = match screens.open(display) {
        Ok(screen) => screen,
        Err(error) => return (capture_fails(&error), Finding::NotTried, None),
    };
    let (picture, compressed) = match screen.next(PATIENCE) {
        Ok(Some(frame)) => {
            let seen = match frame.pixels.in_memory(uniform) {
                Ok(true) => "all of one colour: if the screen is not, another program hides it",
                Ok(false) => "with content",
                Err(error) => return (capture_fails(&error), Finding::NotTried, None),
            };
            let seen = format!("{}x{}, {seen}", frame.size.width, frame.size.height);
            let compressed = match encoders.open().and_then(|mut it| it.encode(&frame, true)) {
                Ok(encoded) => works(format!("{} bytes", encoded.data.len())),
                Err(error) => encode_fails(&error),
            };
            (works(seen), compressed)
        }
        Ok(None) => {
            (fails("no picture came", "unlock the screen and wake the display"), Finding::NotTried)
        }
        Err(error) => (capture_fails(&error), Finding::NotTried),
    };
    let pointer = screen.cursor().and_then(|cursor| cursor.at);
    (picture, compressed, pointer)
}

/// Moves the pointer to where it is, or only opens the backend if that is not known.
fn try_input(inputs: &dyn InputSource, place: Option<(i32, i32)>) -> Finding {
    let opened = inputs.open().and_then(|mut injector| match place {
        Some((x, y)) => injector.inject(&Stroke::Move { x, y }).map(|()| "sent"),
        None => Ok("possible; not sent, since the pointer's place is not known"),
    });
    match opened {
        Ok(seen) => works(seen.to_owned()),
        Err(error) => {
            let fix = match &error {
                InputError::Denied => "allow control of this computer in the system's settings",
                InputError::Unavailable { .. } => {
                    "use a desktop that this program can control; \
                     on X11 the server needs its XTEST extension and DISPLAY must name it"
                }
                InputError::Unsupported(_) | InputError::Platform { .. } | _ => AGAIN,
            };
            fails(&error.to_string(), fix)
        }
    }
}

fn uniform(pixels: Pixels<'_>) -> bool {
    match pixels {
        Pixels::Bgrx { data, .. } => {
            let mut pixels = data.chunks_exact(4).map(|pixel| &pixel[..3]);
            let first = pixels.next();
            pixels.all(|pixel| Some(pixel) == first)
        }
        Pixels::Nv12 { luma, chroma, .. } => one_value(luma, 1) && one_value(chroma, 2),
        Pixels::Surface(_) | _ => false,
    }
}

/// Whether all samples of a plane, `size` bytes each, are the same.
fn one_value(plane: &[u8], size: usize) -> bool {
    let mut samples = plane.chunks_exact(size);
    let first = samples.next();
    samples.all(|sample| Some(sample) == first)
}

fn works(seen: String) -> Finding {
    Finding::Works { seen }
}

fn fails(why: &str, fix: &str) -> Finding {
    Finding::Fails { why: why.to_owned(), fix: fix.to_owned(), denied: false }
}

fn capture_fails(error: &CaptureError) -> Finding {
    let fix = match error {
        CaptureError::Denied => "allow screen recording for this program in the system's settings",
        CaptureError::NoDisplay(_) => "choose another display: `rh-agent displays` lists them",
        CaptureError::Unavailable { .. } => {
            "run it in the desktop session to be shared (on X11, \
             with DISPLAY set), or choose another backend with --screen"
        }
        CaptureError::Platform { .. } | _ => AGAIN,
    };
    let denied = matches!(error, CaptureError::Denied);
    Finding::Fails { why: error.to_string(), fix: fix.to_owned(), denied }
}

fn encode_fails(error: &EncodeError) -> Finding {
    let fix = match error {
        EncodeError::Size { .. } => "share another display, or lower this one's resolution",
        EncodeError::Unavailable { .. } => "choose another encoder with --encoder",
        EncodeError::Codec { .. } | _ => AGAIN,
    };
    fails(&error.to_string(), fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B-02: a permission is what a picture says of it.
    #[test]
    fn a_picture_proves_the_permission_and_only_a_denial_refutes_it() {
        let checks = |displays: Finding, picture: Finding| {
            [(DISPLAYS, displays), (PICTURE, picture)]
                .map(|(name, finding)| Check { name, finding })
        };
        let fine = || works("2 found".to_owned());
        let denied = || capture_fails(&CaptureError::Denied);
        assert_eq!(screen_tried(&checks(fine(), fine())), Tried::Works);
        assert_eq!(screen_tried(&checks(fine(), denied())), Tried::Refused);
        assert_eq!(screen_tried(&checks(denied(), Finding::NotTried)), Tried::Refused);
        assert_eq!(screen_tried(&checks(fine(), fails("no picture came", ""))), Tried::Unclear);
    }
}
