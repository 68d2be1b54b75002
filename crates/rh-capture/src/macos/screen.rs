//! The picture of one display, by the port.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use objc2_screen_capture_kit::SCContentFilter;
use rh_protocol::DisplayId;

use super::buffer::PixelBuffer;
use super::content::{self, Content, refused};
use super::output::Inlet;
use super::picker::Picked;
use super::pointer::Pointer;
use super::stream::{Failure, Stream};
use super::{ScreenCapture, displays};
use crate::apple::arrangement::Facts;
use crate::apple::attachment::DirtyRects;
use crate::apple::exclusion::Exclusions;
use crate::apple::pace::Pace;
use crate::apple::slot::{Picture, Slot};
use crate::{CaptureError, Cursor, Frame, Pixels, Screen};

/// How long the system may take to list what can be captured.
const LIST: Duration = Duration::from_secs(5);

/// How long the first picture may take. A stream that started and delivers nothing has a grant that
/// is dead, as after an update.
const FIRST: Duration = Duration::from_secs(2);

/// A screen of one display.
#[derive(Debug)]
pub(super) struct MacScreen {
    settings: ScreenCapture,
    display: DisplayId,
    facts: Facts,
    exclusions: Exclusions,
    listing: Option<Receiver<Result<Content, CaptureError>>>,
    refiltered: Option<Receiver<Option<Failure>>>,
    stream: Stream,
    inlet: Arc<Inlet>,
    /// The first picture, until it is asked for.
    first: Option<Picture<PixelBuffer>>,
    shown: Option<Picture<PixelBuffer>>,
    pointer: Pointer,
    pace: Pace,
}

impl MacScreen {
    pub(super) fn open(settings: &ScreenCapture, display: DisplayId) -> Result<Self, CaptureError> {
        let listed = content::request(display).recv_timeout(LIST);
        let content = listed.map_err(|_| refused(None, display, "list the screens"))??;
        let mut exclusions =
            Exclusions::new(std::process::id().cast_signed(), settings.excluded.clone());
        exclusions.look(&content.apps());
        let filter = content.filter(display, &exclusions)?;
        Self::begin(settings, display, &filter, exclusions)
    }

    pub(super) fn open_picked(
        settings: &ScreenCapture,
        picked: &Picked,
    ) -> Result<Self, CaptureError> {
        if !settings.excluded.is_empty() {
            return Err(CaptureError::Unavailable {
                backend: "ScreenCaptureKit",
                detail: "what was picked is shown with all applications".to_owned(),
            });
        }
        Self::begin(settings, picked.display(), picked.filter(), Exclusions::none())
    }

    /// Starts to capture what `filter` shows of `display`, and waits for the first picture.
    fn begin(
        settings: &ScreenCapture,
        display: DisplayId,
        filter: &SCContentFilter,
        exclusions: Exclusions,
    ) -> Result<Self, CaptureError> {
        let facts = displays::find(display)?;
        let inlet = Arc::new(Inlet {
            slot: Arc::new(Slot::default()),
            display,
            opened: now(),
            scale: Mutex::new(facts.scale()),
            dirty: Mutex::new(DirtyRects::default()),
        });
        let stream = Stream::start(filter, settings, facts.pixels(), &inlet)?;
        let first = inlet.slot.take(FIRST)?;
        let first = first.ok_or_else(|| match displays::presence(display) {
            (false, _) => CaptureError::NoDisplay(display),
            (_, true) => CaptureError::Asleep,
            _ => CaptureError::Denied,
        })?;
        Ok(Self {
            settings: settings.clone(),
            display,
            facts,
            exclusions,
            listing: None,
            refiltered: None,
            stream,
            inlet,
            first: Some(first),
            shown: None,
            pointer: Pointer::new(&facts),
            pace: Pace::default(),
        })
    }

    /// Looks at what macOS does not announce; whether the pointer moved.
    fn look(&mut self, at: Duration) -> Result<bool, CaptureError> {
        if self.pace.display_is_due(at) {
            self.look_at_display()?;
        }
        self.look_at_apps(at)?;
        let moved = self.pointer.look(&self.facts);
        if moved {
            self.pace.pointer_moved(at);
        }
        Ok(moved)
    }

    /// Follows a change of mode or place.
    fn look_at_display(&mut self) -> Result<(), CaptureError> {
        let facts = displays::find(self.display).map_err(|error| {
            let (_, asleep) = displays::presence(self.display);
            if asleep { CaptureError::Asleep } else { error }
        })?;
        if facts.pixels() != self.facts.pixels() {
            *self.inlet.scale.lock().unwrap_or_else(PoisonError::into_inner) = facts.scale();
            self.stream.resize(&self.settings, facts.pixels());
        }
        self.facts = facts;
        Ok(())
    }

    /// Makes the filter anew when an application to be left out came or went. A filter that cannot
    /// be set is an error: better no picture than one that shows what it must not.
    fn look_at_apps(&mut self, at: Duration) -> Result<(), CaptureError> {
        if let Some(answer) = self.refiltered.as_ref().and_then(|done| done.try_recv().ok()) {
            self.refiltered = None;
            if let Some(Failure(error)) = answer {
                return Err(refused(
                    Some(&error),
                    self.display,
                    "leave windows out of the picture",
                ));
            }
        }
        if let Some(answer) = self.listing.as_ref().and_then(|listing| listing.try_recv().ok()) {
            self.listing = None;
            let content = answer?;
            if self.exclusions.look(&content.apps()) {
                let filter = content.filter(self.display, &self.exclusions)?;
                self.refiltered = Some(self.stream.refilter(&filter));
            }
        }
        let idle = self.listing.is_none() && !self.exclusions.is_final();
        if idle && self.pace.apps_are_due(at) {
            self.listing = Some(content::request(self.display));
        }
        Ok(())
    }
}

impl Screen for MacScreen {
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        let start = now();
        loop {
            let at = self.inlet.opened.elapsed();
            let moved = self.look(at)?;
            let left =
                if moved { Duration::ZERO } else { patience.saturating_sub(start.elapsed()) };
            let picture = match self.first.take() {
                Some(first) => Some(first),
                None => self.inlet.slot.take(left.min(self.pace.nap(at)))?,
            };
            if picture.is_some() {
                self.shown = picture;
                break;
            }
            if left.is_zero() {
                return Ok(None);
            }
        }
        Ok(self.shown.as_ref().map(|picture| Frame {
            size: picture.size,
            damage: &picture.damage,
            at: picture.at,
            pixels: Pixels::Surface(&picture.pixels),
        }))
    }

    fn cursor(&mut self) -> Option<Cursor> {
        self.pointer.take()
    }
}

#[expect(clippy::disallowed_methods, reason = "waiting for the window server is real")]
fn now() -> Instant {
    Instant::now()
}
