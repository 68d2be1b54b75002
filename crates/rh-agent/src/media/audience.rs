//! Who looks on at this moment, and what each can take.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rh_codec::tiles::Parcel;
use rh_protocol::tile::TileMessage;
use rh_protocol::{EncodedFrame, PeerId};
use rh_session::link::{Link, Shown};

/// Bytes of tiles on their way from which on nobody looks what is new.
const FULL: usize = 16 * 1024;

/// Whom pictures may be shown to at this moment.
#[derive(Clone, Default)]
pub(super) struct Audience(Arc<Mutex<Links>>);

/// Everybody's link.
pub(super) type Links = Vec<(PeerId, Arc<dyn Link>)>;

/// Somebody who looks on, as things are at this moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub(super) id: PeerId,
    /// Whether a frame of the video would go out at once.
    pub(super) ready: bool,
    /// Whether they can be shown video.
    pub(super) video: bool,
    /// Bytes of tiles that have not arrived yet; `None` if they take no tiles.
    pub(super) backlog: Option<usize>,
}

impl Audience {
    fn lock(&self) -> MutexGuard<'_, Links> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has these people look on, and nobody else from now on.
    pub(super) fn seat(&self, links: Links) {
        *self.lock() = links;
    }

    /// Everybody, as things are now.
    pub(super) fn seats(&self) -> Vec<Seat> {
        let seat = |(id, link): &(PeerId, Arc<dyn Link>)| Seat {
            id: *id,
            ready: link.ready(),
            video: link.shows_video(),
            backlog: link.backlog(),
        };
        self.lock().iter().map(seat).collect()
    }

    /// Whether a frame of the video would go out to anybody at once.
    pub(super) fn any_ready(&self) -> bool {
        self.lock().iter().any(|(_, link)| link.ready())
    }

    /// Whether anybody can take anything: a frame of the video, or a tile.
    pub(super) fn takes_any(&self) -> bool {
        self.lock()
            .iter()
            .any(|(_, link)| link.ready() || link.backlog().is_some_and(|backlog| backlog < FULL))
    }

    /// Shows a frame of the video to everybody; whether it goes out to anybody, and whether
    /// anybody was left out, so that what follows has nothing to build on.
    pub(super) fn show(&self, frame: &EncodedFrame) -> (bool, bool) {
        // Held, so that none is shown to somebody who was taken away.
        let shown: Vec<_> = self.lock().iter().map(|(_, link)| link.show(frame)).collect();
        (shown.contains(&Shown::Sent), shown.contains(&Shown::Dropped))
    }

    /// Paints what is in the parcels; whether anything was.
    pub(super) fn paint(&self, parcels: &[Parcel]) -> bool {
        let mut painted = false;
        let links = self.lock();
        for parcel in parcels.iter().filter(|it| !it.messages.is_empty()) {
            if let Some((_, link)) = links.iter().find(|(id, _)| *id == parcel.to) {
                let messages = parcel.messages.iter().map(TileMessage::encode).collect();
                painted |= link.paint(messages) == Shown::Sent;
            }
        }
        painted
    }
}
