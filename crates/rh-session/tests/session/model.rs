//! Consent in a few lines, and what must be true of every step whatever came before it.
//!
//! The model knows nothing of links that come and go, silence, or reasons: it takes the machine's
//! word for who was dropped and when a question was asked, and holds everything else against it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rh_protocol::{Consent, EndReason, FromHelper, PeerId, Role, ToHelper};
use rh_session::desktop::DesktopState;
use rh_session::{Action, Event, QuestionId};

/// What the sharer has said, and what may therefore be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// The newest yes for each helper.
    pub(crate) allowed: BTreeMap<PeerId, Role>,
    /// The open question for each helper, and when it closes by itself.
    pub(crate) open: BTreeMap<PeerId, (QuestionId, Role, Instant)>,
    desktop: DesktopState,
    /// Helpers of whose newest yes there is a record.
    recorded: BTreeSet<PeerId>,
    /// Helpers whose silence makes it uncertain that they are there.
    silent: BTreeSet<PeerId>,
    captured: bool,
    seeing: BTreeSet<PeerId>,
    pressing: BTreeSet<PeerId>,
}

impl Model {
    /// Consent: yes to an open question, and nothing else, allows; less may always be had.
    pub(crate) fn note(&mut self, now: Instant, event: &Event) {
        self.open.retain(|_, (.., until)| now < *until);
        let before = self.allowed.clone();
        self.allow(event);
        self.recorded.retain(|peer| self.allowed.get(peer) == before.get(peer));
    }

    fn allow(&mut self, event: &Event) {
        match event {
            Event::Answered(id, consent) => {
                let open = self.open.iter().find(|(_, (open, ..))| open == id);
                if let Some((peer, (_, role, _))) = open.map(|(peer, open)| (*peer, *open)) {
                    self.open.remove(&peer);
                    if *consent == Consent::Allow {
                        self.allowed.insert(peer, role);
                    }
                }
            }
            Event::Requested(peer, role) if !self.open.contains_key(peer) => {
                self.allowed.entry(*peer).and_modify(|held| *held = (*held).min(*role));
            }
            Event::Lowered(peer, most) => {
                self.allowed.entry(*peer).and_modify(|held| *held = (*held).min(*most));
            }
            Event::Recorded(peer, role) => {
                self.recorded.remove(peer);
                if self.allowed.get(peer) == Some(role) {
                    self.recorded.insert(*peer);
                }
            }
            Event::Unrecorded(peer) => {
                self.allowed.entry(*peer).and_modify(|held| *held = Role::View);
            }
            Event::Stopped | Event::CaptureFailed => self.allowed.clear(),
            Event::Left(peer, _) | Event::LinkDown(peer) => drop(self.allowed.remove(peer)),
            Event::DesktopChanged(state) => self.desktop = *state,
            Event::Silent(peer, time) if *time >= Duration::from_secs(2) => {
                self.silent.insert(*peer);
            }
            Event::LinkUp(peer)
            | Event::Silent(peer, _)
            | Event::Heard(peer, _)
            | Event::Pointer(peer, _) => {
                self.silent.remove(peer);
            }
            Event::Joined(..)
            | Event::Requested(..)
            | Event::Vanished(_)
            | Event::Selected(_)
            | Event::DisplaysChanged(_) => {}
        }
    }

    /// Holds what the machine does about `event` against the model.
    pub(crate) fn check(&mut self, now: Instant, event: &Event, todo: &[Action]) {
        for action in todo {
            self.step(now, event, action);
        }
        if let Event::Lowered(peer, most) = event {
            assert!(self.open.get(peer).is_none_or(|(_, role, _)| role <= most), "{todo:?}");
        }
        let visible = self.desktop.may_be_seen();
        assert_eq!(self.captured, visible && !self.allowed.is_empty(), "{event:?} -> {todo:?}");
        for peer in &self.seeing {
            assert!(visible && self.allowed.contains_key(peer), "{peer} sees: {event:?}");
        }
        for peer in &self.pressing {
            assert!(self.may_act(*peer), "{peer} holds a key: {event:?} -> {todo:?}");
        }
    }

    fn may_act(&self, peer: PeerId) -> bool {
        self.allowed.get(&peer) == Some(&Role::Control)
            && self.recorded.contains(&peer)
            && self.open.is_empty()
            && self.desktop.may_be_acted_on()
            && !self.silent.contains(&peer)
    }

    fn step(&mut self, now: Instant, event: &Event, action: &Action) {
        match action {
            Action::Ask(ask) => {
                assert_eq!(*event, Event::Requested(ask.peer, ask.role));
                assert_eq!(ask.held, self.allowed.get(&ask.peer).copied());
                assert!(self.pressing.is_empty(), "a dialog opens under a pressed key");
                let until = now + Duration::from_secs(60);
                let open = self.open.insert(ask.peer, (ask.question, ask.role, until));
                assert_eq!(open, None, "one question per helper");
            }
            Action::Withdraw(id) => self.open.retain(|_, (open, ..)| open != id),
            Action::Answer { peer, role, consent: Consent::Allow }
            | Action::Tell(peer, ToHelper::Granted { role }) => {
                assert_eq!(self.allowed.get(peer), Some(role), "{event:?}");
            }
            Action::StartSharing(_) => assert!(!std::mem::replace(&mut self.captured, true)),
            Action::StopSharing => assert!(std::mem::replace(&mut self.captured, false)),
            Action::ShowDisplay(_) => assert!(self.captured),
            Action::Show(peer) => assert!(self.captured && self.seeing.insert(*peer)),
            Action::Hide(peer) => assert!(self.seeing.remove(peer)),
            Action::Inject(peer, _) => {
                let own = matches!(event, Event::Heard(id, FromHelper::Input { .. }) | Event::Pointer(id, _) if id == peer);
                assert!(own && self.may_act(*peer), "unbidden input: {event:?} -> {action:?}");
                self.pressing.insert(*peer);
            }
            Action::ReleaseAll(peer) => drop(self.pressing.remove(peer)),
            Action::Drop(peer, reason) => {
                let told = !self.seeing.contains(peer) && !self.pressing.contains(peer);
                assert!(told, "{peer} is dropped before its rights are");
                assert_ne!(*reason, EndReason::Other);
                self.allowed.remove(peer);
                self.recorded.remove(peer);
                self.open.remove(peer);
                self.silent.remove(peer);
            }
            Action::Answer { consent: Consent::Decline, .. } | Action::Tell(..) => {}
        }
    }
}
