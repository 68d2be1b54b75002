//! What comes over a link.

use std::time::Duration;

use rh_protocol::{EndReason, FromHelper, InputEvent, PeerId, PointerMove, ToHelper, VERSION};

use super::peer::Link;
use super::{Action, Session};

impl Session {
    pub(super) fn link_up(&mut self, id: PeerId, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id).filter(|peer| !peer.linked()) else { return };
        peer.link = Link::Up { greeted: false, silence: Duration::ZERO };
        todo.push(Action::Tell(id, ToHelper::Hello { version: VERSION }));
        self.tell_grant(id, todo);
    }

    pub(super) fn hear(&mut self, id: PeerId, message: FromHelper, todo: &mut Vec<Action>) {
        if !self.is_heard(id, todo) {
            return;
        }
        match message {
            FromHelper::Hello { version } => self.greet(id, version, todo),
            FromHelper::Input { seq, event } => self.input(id, seq, event, todo),
            FromHelper::Select { display } => {
                if self.peers.get(&id).is_some_and(|peer| peer.held().is_some()) {
                    self.select(display, todo);
                }
            }
            FromHelper::Ping { nonce } => todo.push(Action::Tell(id, ToHelper::Pong { nonce })),
            // Of the link, and not of who may do what.
            FromHelper::SasNonce { .. } => {}
            FromHelper::Bye { reason } => self.end(&[id], own_reason(reason), todo),
        }
    }

    /// A pointer move counts only if no newer input came before it.
    pub(super) fn point(&mut self, id: PeerId, to: PointerMove, todo: &mut Vec<Action>) {
        if !self.is_heard(id, todo) {
            return;
        }
        let newest = self.peers.get(&id).and_then(|peer| peer.newest);
        if newest.is_none_or(|newest| to.seq > newest) {
            self.input(id, to.seq, InputEvent::Move { at: to.at }, todo);
        }
    }

    /// Notes that a helper is not silent; says whether it has a link at all.
    fn is_heard(&mut self, id: PeerId, todo: &mut Vec<Action>) -> bool {
        match self.peers.get_mut(&id).map(|peer| &mut peer.link) {
            Some(Link::Up { silence, .. }) => *silence = Duration::ZERO,
            Some(Link::Awaited(_)) | None => return false,
        }
        self.settle(todo);
        true
    }

    fn greet(&mut self, id: PeerId, said: u16, todo: &mut Vec<Action>) {
        if said != VERSION {
            return self.end(&[id], EndReason::Version, todo);
        }
        match self.peers.get_mut(&id).map(|peer| &mut peer.link) {
            Some(Link::Up { greeted, .. }) => *greeted = true,
            Some(Link::Awaited(_)) | None => {}
        }
    }

    /// Carries out input only of a helper whose input counts at this moment.
    fn input(&mut self, id: PeerId, seq: u32, event: InputEvent, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.newest = peer.newest.max(Some(seq));
        if peer.rights.acts {
            todo.push(Action::Inject(id, event));
        }
    }
}

/// The reason for which a helper goes, as far as it can know it.
fn own_reason(claimed: EndReason) -> EndReason {
    match claimed {
        EndReason::HelperLeft => EndReason::HelperLeft,
        EndReason::HelperEnded
        | EndReason::Declined
        | EndReason::NoAnswer
        | EndReason::SharerEnded
        | EndReason::Crashed
        | EndReason::ConnectionLost
        | EndReason::CaptureFailed
        | EndReason::Version
        | EndReason::ServiceEnded
        | EndReason::RightRevoked
        | EndReason::HandedOver
        | EndReason::AdministratorEnded
        | EndReason::Other => EndReason::HelperEnded,
    }
}
