//! Shows content in a window that covers a display.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::shm::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, Gcontext, ImageFormat, InputFocus,
    Window, WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;

use crate::canvas::{Canvas, Rect};
use crate::clock::now;
use crate::content::{Content, Kind, Shape};
use crate::display::Display;
use crate::marks;
use crate::shm::Segment;

/// How fast, and whether the steps are counted in the picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Steps a second; none is a picture that stays.
    pub(crate) rate: Option<u32>,
    pub(crate) counted: bool,
}

/// Shows `kind` on `display` until somebody ends the process.
pub(crate) fn play(display: &Display, kind: Kind, shape: Shape, pace: Pace) -> Result<()> {
    let mut stage = Stage::new(display)?;
    let mut content = kind.content(shape);
    stage.draw(|canvas| {
        content.begin(canvas);
        if kind != Kind::Plain {
            marks::draw_marks(canvas);
        }
        if pace.counted {
            marks::draw_counters(canvas, 0);
        }
        vec![canvas.area()]
    })?;
    crate::cli::say(&serde_json::json!({ "showing": true }))?;
    run(&mut stage, content.as_mut(), pace)
}

fn run(stage: &mut Stage<'_>, content: &mut dyn Content, pace: Pace) -> Result<()> {
    let interval = pace.rate.map(|rate| Duration::from_secs(1) / rate.max(1));
    let mut next = interval.map(|interval| now() + interval);
    let mut count: u16 = 0;
    loop {
        while let Some(event) = stage.display.conn.poll_for_event()? {
            if matches!(event, Event::KeyPress(_) | Event::ButtonPress(_)) {
                stage.draw(|canvas| content.input(canvas))?;
            } else if matches!(event, Event::Expose(_)) {
                stage.draw(|canvas| vec![canvas.area()])?;
            }
        }
        if let (Some(due), Some(interval)) = (next, interval)
            && now() >= due
        {
            count = count.wrapping_add(1);
            stage.draw(|canvas| step(content, canvas, pace.counted.then_some(count)))?;
            // Who is late does not hurry: there is no burst to catch up.
            next = Some((due + interval).max(now()));
        }
        stage.wait(next)?;
    }
}

fn step(content: &mut dyn Content, canvas: &mut Canvas<'_>, count: Option<u16>) -> Vec<Rect> {
    let mut changed = content.step(canvas);
    if changed.iter().any(|rect| *rect == canvas.area()) {
        marks::draw_marks(canvas);
    }
    if let Some(count) = count {
        marks::draw_counters(canvas, count);
        changed.extend(marks::counters(canvas.width, canvas.height));
    }
    changed
}

/// A window over all of the display, with its pixels in shared memory.
struct Stage<'a> {
    display: &'a Display,
    window: Window,
    gc: Gcontext,
    segment: Segment,
    seg: shm::Seg,
}

impl<'a> Stage<'a> {
    fn new(display: &'a Display) -> Result<Self> {
        let (conn, screen) = (&display.conn, &display.screen);
        let (width, height) = display.size();
        let (segment, seg) = display.share(width * height * 4)?;
        let (window, gc) = (conn.generate_id()?, conn.generate_id()?);
        let events = EventMask::KEY_PRESS | EventMask::BUTTON_PRESS | EventMask::EXPOSURE;
        let aux = CreateWindowAux::new().override_redirect(1).event_mask(events);
        let [w, h] = [screen.width_in_pixels, screen.height_in_pixels];
        let (depth, visual) = (screen.root_depth, screen.root_visual);
        let class = WindowClass::INPUT_OUTPUT;
        conn.create_window(depth, window, screen.root, 0, 0, w, h, 0, class, visual, &aux)?;
        conn.create_gc(gc, window, &CreateGCAux::new())?;
        conn.map_window(window)?.check()?;
        let focus = conn.set_input_focus(InputFocus::POINTER_ROOT, window, x11rb::CURRENT_TIME)?;
        focus.check().context("the window cannot have the keyboard")?;
        Ok(Self { display, window, gc, segment, seg })
    }

    /// Lets `draw` draw, and shows what it says has changed.
    fn draw(&mut self, draw: impl FnOnce(&mut Canvas<'_>) -> Vec<Rect>) -> Result<()> {
        let (width, height) = self.display.size();
        let changed = draw(&mut Canvas::new(width, height, self.segment.bytes_mut()));
        let [total_width, total_height] = [u16::try_from(width)?, u16::try_from(height)?];
        let conn = &self.display.conn;
        for Rect { x, y, w, h } in changed {
            let [left, top, w, h] = [x, y, w, h].map(|it| u16::try_from(it).unwrap_or(u16::MAX));
            let [x, y] = [i16::try_from(x)?, i16::try_from(y)?];
            let (depth, format) = (self.display.screen.root_depth, ImageFormat::Z_PIXMAP.into());
            conn.shm_put_image(
                self.window,
                self.gc,
                total_width,
                total_height,
                left,
                top,
                w,
                h,
                x,
                y,
                depth,
                format,
                false,
                self.seg,
                0,
            )?;
        }
        // The server is done with the memory when it answers.
        Ok(conn.sync()?)
    }

    /// Waits for an event, or until `next`.
    fn wait(&self, next: Option<Instant>) -> Result<()> {
        let left = next.map(|next| next.saturating_duration_since(now()));
        let timeout = left.map(Timespec::try_from).transpose()?;
        let stream = self.display.conn.stream();
        poll(&mut [PollFd::new(stream, PollFlags::IN)], timeout.as_ref())?;
        Ok(())
    }
}
