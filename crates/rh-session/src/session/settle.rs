//! What follows from the state: who sees, who acts, and what is captured.

use rh_protocol::{DesktopState, PeerId, Role, ToHelper};

use super::peer::{Peer, Rights};
use super::{Action, Session};

impl Session {
    /// Brings about what the state calls for. The one place that starts or stops anything, so
    /// that no path through the machine can forget to: first takes, then shares, then gives.
    pub(super) fn settle(&mut self, todo: &mut Vec<Action>) {
        let listens = self.listens();
        let visible = self.desktop.may_be_seen() && self.chosen.is_some();
        for (id, peer) in &mut self.peers {
            let due = rights(peer, self.desktop, visible, listens);
            take(*id, &mut peer.rights, due, todo);
        }
        self.share(visible, todo);
        // A helper for whom it is over is told why, and nothing else.
        for (id, peer) in self.peers.iter_mut().filter(|(_, peer)| peer.held().is_some()) {
            let due = rights(peer, self.desktop, visible, listens);
            give(*id, &mut peer.rights, due, todo);
        }
    }

    /// Whether any helper's input is carried out: never while the sharer is being asked (B-03).
    fn listens(&self) -> bool {
        let asked = self.peers.values().any(|peer| peer.question().is_some());
        self.desktop.may_be_acted_on() && !asked
    }

    /// Captures exactly while somebody may look (S-58).
    fn share(&mut self, visible: bool, todo: &mut Vec<Action>) {
        let allowed = self.peers.values().any(|peer| peer.held().is_some());
        let due = self.chosen.filter(|_| visible && allowed);
        match (self.shared, due) {
            (None, Some(display)) => todo.push(Action::StartSharing(display)),
            (Some(_), None) => todo.push(Action::StopSharing),
            (Some(old), Some(new)) if old != new => todo.push(Action::ShowDisplay(new)),
            (Some(_), Some(_)) | (None, None) => {}
        }
        self.shared = due;
    }
}

/// What a helper is due.
fn rights(peer: &Peer, desktop: DesktopState, visible: bool, listens: bool) -> Rights {
    let told = peer.linked() && peer.held().is_some();
    // Nobody acts on what cannot be seen, or without a record that they may (S-46).
    let unrecorded = peer.held() == Some(Role::Control) && !peer.recorded;
    let listens = listens && visible && !peer.hesitates() && !unrecorded;
    Rights {
        sees: told && visible,
        acts: told && listens && peer.greeted() && peer.held() == Some(Role::Control),
        paused: told && !listens,
        desktop: if told { desktop } else { peer.rights.desktop },
    }
}

/// Takes away what is no longer due.
fn take(id: PeerId, rights: &mut Rights, due: Rights, todo: &mut Vec<Action>) {
    if rights.acts && !due.acts {
        todo.push(Action::ReleaseAll(id));
    }
    if due.paused && !rights.paused {
        todo.push(Action::Tell(id, ToHelper::InputPaused { paused: true }));
    }
    // B-11: why, before it happens.
    if due.desktop > rights.desktop {
        tell_desktop(id, rights, due.desktop, todo);
    }
    if rights.sees && !due.sees {
        todo.push(Action::Hide(id));
    }
    rights.acts &= due.acts;
    rights.paused |= due.paused;
    rights.sees &= due.sees;
}

/// Gives what is due anew.
fn give(id: PeerId, rights: &mut Rights, due: Rights, todo: &mut Vec<Action>) {
    if due.sees && !rights.sees {
        todo.push(Action::Show(id));
    }
    if rights.paused && !due.paused {
        todo.push(Action::Tell(id, ToHelper::InputPaused { paused: false }));
    }
    if due.desktop != rights.desktop {
        tell_desktop(id, rights, due.desktop, todo);
    }
    *rights = due;
}

fn tell_desktop(id: PeerId, rights: &mut Rights, state: DesktopState, todo: &mut Vec<Action>) {
    rights.desktop = state;
    todo.push(Action::Tell(id, ToHelper::Desktop { state }));
}
