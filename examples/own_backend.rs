//! Shares a screen of your own making: a plug-in backend.
//!
//! ```sh
//! cargo run --bin rh-service &
//! cargo run --example own_backend -- 12345678
//! ```
//!
//! A screen is anything that can be asked for its newest picture. This one shows a bar that moves
//! down, as a video wall, a test rig or a headless app might show its own content. View only: it
//! brings an injector that refuses everything.
#![expect(clippy::print_stdout, reason = "an example prints what happens")]
#![expect(clippy::disallowed_methods, reason = "an example may look at the clock")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rh_agent::{Agent, InputSource, Prompt, Question, ScreenSource};
use rh_capture::{CaptureError, Cursor, Frame, Pixels, Rect, Screen, Size};
use rh_input::{Injector, InputError, Stroke};
use rh_protocol::{Consent, Display, DisplayId, Role};

const SIZE: Size = Size { width: 640, height: 360 };
const BAR: u32 = 20;
const PERIOD: Duration = Duration::from_millis(100);

/// A bar that moves down by its own height ten times a second.
struct Bar {
    pixels: Vec<u8>,
    damage: Vec<Rect>,
    begin: Instant,
    shown: u32,
}

impl Bar {
    fn fill(&mut self, top: u32, value: u8) {
        let row = SIZE.width as usize * 4;
        let start = top as usize * row;
        self.pixels[start..start + BAR as usize * row].fill(value);
        self.damage.push(Rect { x: 0, y: top, width: SIZE.width, height: BAR });
    }
}

impl Screen for Bar {
    /// Waits for the bar's next step, then lends the whole picture and says what changed in it. A
    /// truthful `damage` is what keeps an idle screen free: only that is converted.
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        let due = self.begin + PERIOD * self.shown;
        let wait = due.saturating_duration_since(Instant::now());
        if wait > patience {
            std::thread::sleep(patience);
            return Ok(None);
        }
        std::thread::sleep(wait);

        let rows = SIZE.height / BAR;
        self.damage.clear();
        if self.shown == 0 {
            self.damage.push(Rect { x: 0, y: 0, width: SIZE.width, height: SIZE.height });
        } else {
            self.fill((self.shown - 1) % rows * BAR, 0x30);
        }
        self.fill(self.shown % rows * BAR, 0xd0);
        self.shown += 1;

        let pixels = Pixels::Bgrx { data: &self.pixels, stride: SIZE.width as usize * 4 };
        Ok(Some(Frame { size: SIZE, damage: &self.damage, at: self.begin.elapsed(), pixels }))
    }

    /// This screen has no pointer.
    fn cursor(&mut self) -> Option<Cursor> {
        None
    }
}

/// Lists and opens the one display there is. Opened after Allow, closed at the end.
struct Wall;

impl ScreenSource for Wall {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        Ok(vec![Display {
            id: DisplayId(0),
            name: "wall".to_owned(),
            x: 0,
            y: 0,
            width: SIZE.width,
            height: SIZE.height,
            scale: 1.0,
            primary: true,
        }])
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        if display != DisplayId(0) {
            return Err(CaptureError::NoDisplay(display));
        }
        let pixels = vec![0x30; SIZE.width as usize * SIZE.height as usize * 4];
        Ok(Box::new(Bar { pixels, damage: Vec::new(), begin: Instant::now(), shown: 0 }))
    }
}

/// Refuses every action.
struct HandsOff;

impl Injector for HandsOff {
    fn inject(&mut self, _: &Stroke) -> Result<(), InputError> {
        Err(InputError::Unsupported("this screen is for looking only".to_owned()))
    }
}

impl InputSource for HandsOff {
    fn open(&self) -> Result<Box<dyn Injector>, InputError> {
        Ok(Box::new(Self))
    }
}

/// Allows whoever has the code to look, and nobody to act.
struct LookOnly;

#[async_trait]
impl Prompt for LookOnly {
    async fn ask(&self, question: Question) -> Consent {
        match question.role {
            Role::View => Consent::Allow,
            Role::Control => Consent::Decline,
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let code = std::env::args().nth(1);
    let code = code.ok_or_else(|| anyhow::anyhow!("usage: own_backend CODE"))?;
    let agent = Agent::builder()
        .service("http://127.0.0.1:8080")
        .sign_in_as("sharer")
        .screens(Arc::new(Wall))
        .inputs(Arc::new(HandsOff))
        .prompt(LookOnly)
        .build()?;
    println!("{}", agent.share(&code).await?.reason);
    Ok(())
}
