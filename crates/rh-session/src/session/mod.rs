//! The state machine.
//!
//! Absent on purpose: I/O, a clock, pictures, and every way to be allowed something other than an
//! [`Event::Answered`] with the id of the question that is open.

mod action;
mod consent;
mod event;
mod hear;
mod leave;
mod peer;
mod question;
mod settle;

use std::collections::BTreeMap;
use std::time::Instant;

pub use action::{Action, Ask};
pub use event::Event;
pub use question::QuestionId;
use rh_protocol::{Display, DisplayId, EndReason, IdentityCard, PeerId, Role, ToHelper, limits};

use self::peer::Peer;
use crate::desktop::DesktopState;

/// Most helpers at a time.
const HELPERS: usize = 3;

/// Who may do what on the sharer's machine, and when.
///
/// One lasts as long as the agent: helpers come and go, and the ids of questions never return.
#[derive(Clone, Debug, Default)]
pub struct Session {
    peers: BTreeMap<PeerId, Peer>,
    /// Questions asked so far.
    asked: u64,
    desktop: DesktopState,
    displays: Vec<Display>,
    /// The display that is or would be shown.
    chosen: Option<DisplayId>,
    /// The display that is captured.
    shared: Option<DisplayId>,
}

impl Session {
    /// Takes note of `event`; returns what to do about it, in order.
    ///
    /// What is overdue at `now` happens before the event does: an answer that comes after its time
    /// is too late, however late the caller ticks.
    pub fn handle(&mut self, now: Instant, event: Event) -> Vec<Action> {
        let mut todo = self.tick(now);
        match event {
            Event::Joined(id, card) => self.join(id, &card, &mut todo),
            Event::Requested(id, role) => self.request(now, id, role, &mut todo),
            Event::Lowered(id, most) => self.lower(id, most, &mut todo),
            Event::Recorded(id, role) => self.record(id, role),
            Event::Unrecorded(id) => self.lower(id, Role::View, &mut todo),
            Event::Vanished(id) => self.vanish(id, &mut todo),
            Event::Left(id, reason) => self.end(&[id], reason, &mut todo),
            Event::LinkUp(id) => self.link_up(id, &mut todo),
            Event::Heard(id, message) => self.hear(id, message, &mut todo),
            Event::Pointer(id, to) => self.point(id, to, &mut todo),
            Event::Silent(id, silence) => self.silent(id, silence, &mut todo),
            Event::LinkDown(id) => self.link_down(id, &mut todo),
            Event::Answered(question, consent) => self.answer(now, question, consent, &mut todo),
            Event::Selected(display) => self.select(display, &mut todo),
            Event::Stopped => self.end_all(EndReason::SharerEnded, &mut todo),
            Event::DesktopChanged(state) => self.desktop = state,
            Event::DisplaysChanged(displays) => self.arrange(displays, &mut todo),
            Event::CaptureFailed => self.end_all(EndReason::CaptureFailed, &mut todo),
        }
        self.settle(&mut todo);
        todo
    }

    /// Lets time pass; returns what to do about it, in order.
    pub fn tick(&mut self, now: Instant) -> Vec<Action> {
        let mut todo = Vec::new();
        self.expire(now, &mut todo);
        self.settle(&mut todo);
        todo
    }

    /// When to [`tick`](Self::tick) at the latest; `None` if time changes nothing.
    pub fn deadline(&self) -> Option<Instant> {
        self.peers.values().filter_map(Peer::deadline).min()
    }

    /// What the desktop is doing, as it was told last.
    pub fn desktop(&self) -> DesktopState {
        self.desktop
    }

    /// The helpers in the session, and what each holds; a helper without a role waits for consent.
    pub fn helpers(&self) -> impl Iterator<Item = (PeerId, &IdentityCard, Option<Role>)> {
        self.peers.iter().map(|(id, peer)| (*id, &peer.card, peer.held()))
    }

    fn join(&mut self, id: PeerId, card: &IdentityCard, todo: &mut Vec<Action>) {
        if self.peers.contains_key(&id) {
            return;
        }
        if self.peers.len() == HELPERS {
            todo.push(Action::Drop(id, EndReason::Other));
            return;
        }
        self.peers.insert(id, Peer::new(card.cleaned()));
    }

    fn select(&mut self, display: DisplayId, todo: &mut Vec<Action>) {
        let known = self.displays.iter().any(|known| known.id == display);
        if known && self.chosen != Some(display) {
            self.chosen = Some(display);
            self.tell_displays(todo);
        }
    }

    /// Keeps the chosen display if it is still there, else falls back on the main one.
    fn arrange(&mut self, mut displays: Vec<Display>, todo: &mut Vec<Action>) {
        displays.truncate(limits::DISPLAYS);
        let chosen = displays.iter().find(|display| Some(display.id) == self.chosen);
        let main = || displays.iter().find(|display| display.primary);
        let display = chosen.or_else(main).or(displays.first());
        self.chosen = display.map(|display| display.id);
        self.displays = displays;
        self.tell_displays(todo);
    }

    fn tell_displays(&self, todo: &mut Vec<Action>) {
        let shown_to = |peer: &Peer| peer.linked() && peer.held().is_some();
        let peers = self.peers.iter().filter(|(_, peer)| shown_to(peer));
        todo.extend(peers.filter_map(|(id, _)| Some(Action::Tell(*id, self.list()?))));
    }

    /// The displays as a helper is told of them; `None` if there is none.
    fn list(&self) -> Option<ToHelper> {
        self.chosen.map(|current| ToHelper::Displays { displays: self.displays.clone(), current })
    }
}
