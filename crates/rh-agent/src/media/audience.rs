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
pub(super) struct Audience(Arc<Mutex<Vec<Onlooker>>>);

/// Everybody's link.
pub(super) type Links = Vec<(PeerId, Arc<dyn Link>)>;

/// Somebody who looks on.
struct Onlooker {
    id: PeerId,
    link: Arc<dyn Link>,
    /// Whether the last frame was not for them, so that the next has nothing to build on.
    missed: bool,
}

/// Somebody who looks on, as things are at this moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub(super) id: PeerId,
    /// Whether a frame of the video would go out at once.
    pub(super) ready: bool,
    /// Whether they can be shown video at all.
    pub(super) video: bool,
    /// Bytes of tiles that have not arrived yet; `None` if they take no tiles.
    pub(super) backlog: Option<usize>,
}

impl Audience {
    fn lock(&self) -> MutexGuard<'_, Vec<Onlooker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has these people look on, and nobody else from now on.
    pub(super) fn seat(&self, links: Links) {
        let sit = |(id, link)| Onlooker { id, link, missed: false };
        *self.lock() = links.into_iter().map(sit).collect();
    }

    /// Everybody, as things are now.
    pub(super) fn seats(&self) -> Vec<Seat> {
        let seat = |one: &Onlooker| Seat {
            id: one.id,
            ready: one.is_ready(),
            video: one.link.shows_video(),
            backlog: one.link.backlog(),
        };
        self.lock().iter().map(seat).collect()
    }

    /// Whether a frame of the video would go out to anybody at once.
    pub(super) fn any_ready(&self) -> bool {
        self.lock().iter().any(Onlooker::is_ready)
    }

    /// Whether anybody can take anything: a frame of the video, or a tile.
    pub(super) fn takes_any(&self) -> bool {
        let has_room = |one: &Onlooker| one.link.backlog().is_some_and(|backlog| backlog < FULL);
        self.lock().iter().any(|one| one.is_ready() || has_room(one))
    }

    /// Whether anybody who was left out could go on with a key frame now. One who cannot is no
    /// reason to burden the others with it.
    pub(super) fn needs_key(&self) -> bool {
        self.lock().iter().any(|one| one.missed && one.is_ready())
    }

    /// Shows a frame of the video to everybody who can see video; whether it goes out to anybody.
    pub(super) fn show(&self, frame: &EncodedFrame) -> bool {
        // Held, so that none is shown to somebody who was taken away.
        let mut sent = false;
        for one in self.lock().iter_mut().filter(|one| one.link.shows_video()) {
            one.missed = one.link.show(frame) == Shown::Dropped;
            sent |= !one.missed;
        }
        sent
    }

    /// Paints what is in the parcels; whether anything was.
    pub(super) fn paint(&self, parcels: &[Parcel]) -> bool {
        let mut painted = false;
        let links = self.lock();
        for parcel in parcels.iter().filter(|it| !it.messages.is_empty()) {
            if let Some(Onlooker { link, .. }) = links.iter().find(|one| one.id == parcel.to) {
                let messages = parcel.messages.iter().map(TileMessage::encode).collect();
                painted |= link.paint(messages) == Shown::Sent;
            }
        }
        painted
    }
}

impl Onlooker {
    /// Whether a frame of the video would go out at once.
    fn is_ready(&self) -> bool {
        self.link.shows_video() && self.link.ready()
    }
}
