//! One screen on its way to the viewers, by two paths: exact tiles, and video.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use rh_capture::{CaptureError, Cursor, Screen};
use rh_codec::EncodeError;
use rh_codec::tiles::Parcel;
use rh_protocol::{DisplayId, PeerId, Size};

use super::audience::{Audience, Seat};
use super::canvas::Canvas;
use super::film::{Film, Wanted};
use super::paths::Paths;
use super::{BUSY, End, MediaEvent};
use crate::clock::now;
use crate::cursor::CursorTeller;
use crate::sources::{EncoderSource, ScreenSource};

/// One screen, its encoder and what is painted, from opening to the end of any.
pub(super) struct Stream {
    begin: Instant,
    display: DisplayId,
    screen: Box<dyn Screen>,
    canvas: Canvas,
    film: Film,
    /// Whether anybody looks at the video, and whether anybody sees nothing else.
    watched: (bool, bool),
    paths: Paths,
    teller: CursorTeller,
    size: Option<Size>,
    cursor: Option<Cursor>,
    cursor_told: bool,
    /// Whether anybody was shown a picture.
    shown: bool,
}

impl Stream {
    /// Opens the screen and makes its encoder; pictures are timed from `begin`.
    pub(super) fn open(
        begin: Instant,
        display: DisplayId,
        screens: &dyn ScreenSource,
        encoders: &dyn EncoderSource,
    ) -> Result<Self, End> {
        Ok(Self {
            begin,
            display,
            screen: screens.open(display).map_err(end_of)?,
            canvas: Canvas::new(display),
            film: Film::new(encoders.open().map_err(retry)?),
            watched: (true, true),
            paths: Paths::default(),
            teller: CursorTeller::default(),
            size: None,
            cursor: None,
            cursor_told: true,
            shown: false,
        })
    }

    /// Somebody needs a key frame. Of a video that nobody looks at, nobody does: a browser asks for
    /// one when none of its frames came for a while.
    pub(super) fn want_key(&mut self) {
        if self.watched.0 {
            self.film.pace.want_key();
        }
    }

    /// Somebody new looks on.
    pub(super) fn start_over(&mut self) {
        self.film.pace.want_key();
        self.canvas.start_over();
        self.paths.start_over();
        self.teller.start_over();
        self.cursor_told = false;
    }

    /// The networks can carry this many bits per second.
    pub(super) fn set_capacities(&mut self, capacities: &BTreeMap<PeerId, u32>, seats: &[Seat]) {
        self.film.share.believe(capacities);
        self.film.keep_to_share(self.elapsed(), self.watched.0, &self.canvas.measured(seats));
    }

    fn elapsed(&self) -> Duration {
        now().saturating_duration_since(self.begin)
    }

    /// Delivers one picture, or waits for one in vain.
    pub(super) fn step(
        &mut self,
        audience: &Audience,
        report: &impl Fn(MediaEvent),
    ) -> Result<(), End> {
        let rests = self.rest();
        let patience = self.patience(self.elapsed(), audience.any_ready());
        let frame = if rests { self.screen.next(patience).map_err(end_of)? } else { None };
        let at = now().saturating_duration_since(self.begin);
        if let Some(frame) = &frame {
            self.size = Some(frame.size);
            self.film.note(frame);
        }
        let seats = audience.seats();
        let parcels = self.canvas.look(frame.as_ref(), at, &seats, self.film.share.believed());
        let painted = audience.paint(&parcels);
        if painted && frame.is_some() {
            self.film.pace.painted(at);
        }
        self.paths.news(&parcels, at).for_each(|(to, why)| report(MediaEvent::Path(to, why)));
        self.watched = watched(&seats, &parcels);
        if !rests {
            // The video has its own pace.
            return Ok(());
        }
        self.film.keep_to_share(at, self.watched.0, &self.canvas.measured(&seats));
        let ready = seats.iter().any(|seat| seat.ready);
        if self.watched.0 && ready {
            self.film.set_area(self.canvas.video().filter(|_| !self.watched.1));
        }
        let wanted = Wanted { shown: self.watched.0, alone: self.watched.1, ready };
        if audience.needs_key() {
            // What follows builds on what was left out.
            self.film.pace.want_key();
        }
        let kept = self.canvas.picture();
        if wanted.shown && ready && self.film.is_behind() && frame.is_none() && kept.is_none() {
            return Err(End::Anew);
        }
        let encoded = self.film.next(frame.as_ref(), kept, at, wanted).map_err(retry)?;
        let sent = encoded.is_some_and(|encoded| audience.show(&encoded));
        if (sent || painted) && !std::mem::replace(&mut self.shown, true) {
            report(MediaEvent::Shown(self.display));
        }
        self.tell_cursor(report);
        Ok(())
    }

    /// Leaves the screen alone for as long as it must be; whether that is over, or there is something to
    /// paint before.
    fn rest(&self) -> bool {
        let now = self.elapsed();
        let hold = self.film.pace.hold(now);
        let paint = self.canvas.deadline().map(|at| at.saturating_sub(now).max(BUSY));
        thread::sleep(paint.map_or(hold, |paint| hold.min(paint)));
        paint.is_none_or(|paint| hold <= paint)
    }

    /// How long to wait for a change.
    fn patience(&self, now: Duration, ready: bool) -> Duration {
        let (shown, alone) = self.watched;
        let film = match (shown, ready) {
            (true, false) => BUSY,
            (true, true) if self.film.is_behind() => Duration::ZERO,
            _ => self.film.pace.patience(now, shown, alone),
        };
        let canvas = self.canvas.deadline().map(|at| at.saturating_sub(now));
        canvas.map_or(film, |canvas| film.min(canvas.max(BUSY)))
    }

    fn tell_cursor(&mut self, report: &impl Fn(MediaEvent)) {
        if let Some(cursor) = self.screen.cursor() {
            cursor.at.into_iter().for_each(|at| self.canvas.point_at(at));
            self.cursor = Some(cursor);
            self.cursor_told = false;
        }
        if self.cursor_told {
            return;
        }
        if let (Some(cursor), Some(size)) = (&self.cursor, self.size) {
            self.cursor_told = true;
            for message in self.teller.tell(cursor, self.display, size) {
                report(MediaEvent::Cursor(message));
            }
        }
    }
}

/// Whether anybody looks at the video, and whether anybody sees nothing else.
fn watched(seats: &[Seat], parcels: &[Parcel]) -> (bool, bool) {
    let parcel = |seat: &Seat| parcels.iter().find(|parcel| parcel.to == seat.id);
    let mut videos = seats.iter().filter(|seat| seat.video).map(parcel);
    let alone = videos.clone().any(|parcel| parcel.is_none());
    (alone || videos.any(|parcel| parcel.is_some_and(|it| it.video)), alone)
}

fn end_of(error: CaptureError) -> End {
    match error {
        CaptureError::NoDisplay(_) => End::DisplayLost,
        CaptureError::Asleep => End::Asleep,
        CaptureError::Stopped => End::Stopped,
        CaptureError::Denied
        | CaptureError::Unavailable { .. }
        | CaptureError::Platform { .. }
        | _ => End::Retry(error.to_string()),
    }
}

fn retry(error: EncodeError) -> End {
    End::Retry(error.to_string())
}
