//! How a helper goes, and what the sharer and the service are told about it (S-61).
//!
//! Two connections tell a crash from a cut: a helper whose WebSocket broke and whose link is silent
//! has died, one whose link alone is silent is cut off, and one whose WebSocket alone broke is well.

use std::time::Duration;

use rh_protocol::{EndReason, PeerId};

use super::peer::{Link, Standing};
use super::{Action, Session};

/// After this silence a helper whose WebSocket broke is dead; at rest it says something once a second.
const CRASHED: Duration = Duration::from_secs(2);

/// After this silence a helper is cut off.
const CUT_OFF: Duration = Duration::from_secs(8);

impl Session {
    /// A helper's WebSocket broke; one without a link is then gone.
    pub(super) fn vanish(&mut self, id: PeerId, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.vanished = true;
        match peer.link {
            Link::Awaited(_) => self.end(&[id], EndReason::Crashed, todo),
            Link::Up { silence, .. } => self.silent(id, silence, todo),
        }
    }

    /// A helper is silent, or not any more. That it may be gone suffices to let go of what it
    /// holds; [`settle`](Self::settle) sees to that.
    pub(super) fn silent(&mut self, id: PeerId, heard_ago: Duration, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        match &mut peer.link {
            Link::Awaited(_) => return,
            Link::Up { silence, .. } => *silence = heard_ago,
        }
        if peer.vanished && heard_ago >= CRASHED {
            self.end(&[id], EndReason::Crashed, todo);
        } else if heard_ago >= CUT_OFF {
            self.end(&[id], EndReason::ConnectionLost, todo);
        }
    }

    pub(super) fn link_down(&mut self, id: PeerId, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get(&id) else { return };
        let crashed = peer.vanished;
        let reason = if crashed { EndReason::Crashed } else { EndReason::ConnectionLost };
        self.end(&[id], reason, todo);
    }

    /// Ends it for everybody.
    pub(super) fn end_all(&mut self, reason: EndReason, todo: &mut Vec<Action>) {
        let everybody: Vec<_> = self.peers.keys().copied().collect();
        self.end(&everybody, reason, todo);
    }

    /// Ends it for `leaving`: first everything they could see and do, then their questions, then
    /// they are told.
    pub(super) fn end(&mut self, leaving: &[PeerId], reason: EndReason, todo: &mut Vec<Action>) {
        let mut questions = Vec::new();
        for id in leaving {
            let Some(peer) = self.peers.get_mut(id) else { continue };
            questions.extend(peer.question().map(|question| Action::Withdraw(question.id)));
            peer.standing = Standing::Over;
        }
        self.settle(todo);
        todo.append(&mut questions);
        let known = leaving.iter().filter(|id| self.peers.remove(id).is_some());
        todo.extend(known.map(|id| Action::Drop(*id, reason)));
    }
}
