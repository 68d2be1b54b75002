//! Requests, questions and answers.

use std::time::{Duration, Instant};

use rh_protocol::{Consent, EndReason, PeerId, Role, ToHelper};

use super::peer::{Link, Standing};
use super::question::{DECLINES, PATIENCE, Question};
use super::{Action, Ask, QuestionId, Session};

/// How long a link may take to come up after consent.
const LINK_PATIENCE: Duration = Duration::from_secs(20);

impl Session {
    /// A helper asks for a role: a question, unless it is no more than what the helper holds.
    pub(super) fn request(&mut self, now: Instant, id: PeerId, role: Role, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        // Whoever asks through the service is connected to it.
        peer.vanished = false;
        match peer.standing {
            Standing::Joined => self.ask(now, id, role, todo),
            Standing::Holding { role: held, more: None, .. } if role <= held => {
                self.grant(now, id, role, todo);
            }
            Standing::Holding { more: None, declines: DECLINES.., .. } => {
                todo.push(Action::Answer { peer: id, role, consent: Consent::Decline });
            }
            Standing::Holding { more: None, .. } => self.ask(now, id, role, todo),
            Standing::Asked(_) | Standing::Holding { more: Some(_), .. } | Standing::Over => {}
        }
    }

    /// Opens a question. Everything that helpers hold down is let go before the sharer sees it, and
    /// nothing that they do is carried out until it is closed (B-03).
    fn ask(&mut self, now: Instant, id: PeerId, role: Role, todo: &mut Vec<Action>) {
        self.asked += 1;
        let question = Question { id: QuestionId(self.asked), role, until: now + PATIENCE };
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let ask = Ask {
            question: question.id,
            peer: id,
            card: peer.card.clone(),
            role,
            held: peer.held(),
        };
        peer.standing = match peer.standing {
            Standing::Joined => Standing::Asked(question),
            Standing::Holding { role, declines, more: None } => {
                Standing::Holding { role, declines, more: Some(question) }
            }
            busy @ (Standing::Asked(_) | Standing::Holding { .. } | Standing::Over) => busy,
        };
        self.settle(todo);
        todo.push(Action::Ask(ask));
    }

    /// The sharer answers; of no effect unless this very question is open.
    pub(super) fn answer(
        &mut self,
        now: Instant,
        id: QuestionId,
        consent: Consent,
        todo: &mut Vec<Action>,
    ) {
        let open = self.peers.iter().find_map(|(peer, state)| {
            state.question().filter(|question| question.id == id).map(|question| (*peer, question))
        });
        let Some((peer, question)) = open else { return };
        match consent {
            Consent::Allow => self.grant(now, peer, question.role, todo),
            Consent::Decline => self.decline(peer, question, EndReason::Declined, todo),
        }
    }

    /// Declines whatever was not answered, and gives up links that never came up.
    pub(super) fn expire(&mut self, now: Instant, todo: &mut Vec<Action>) {
        let due = self.peers.iter().filter(|(_, peer)| peer.deadline().is_some_and(|at| at <= now));
        for id in due.map(|(id, _)| *id).collect::<Vec<_>>() {
            let Some(peer) = self.peers.get(&id) else { continue };
            match peer.question().filter(|question| question.until <= now) {
                Some(question) => {
                    todo.push(Action::Withdraw(question.id));
                    self.decline(id, question, EndReason::NoAnswer, todo);
                }
                None => self.end(&[id], EndReason::ConnectionLost, todo),
            }
        }
    }

    /// The one way to a role.
    fn grant(&mut self, now: Instant, id: PeerId, role: Role, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let declines = match peer.standing {
            Standing::Holding { declines, .. } => declines,
            Standing::Joined | Standing::Asked(_) | Standing::Over => 0,
        };
        // A record is of one yes: what is held anew has none yet.
        peer.recorded &= peer.held() == Some(role);
        peer.standing = Standing::Holding { role, more: None, declines };
        match &mut peer.link {
            Link::Awaited(until) => *until = until.or(Some(now + LINK_PATIENCE)),
            Link::Up { .. } => {}
        }
        todo.push(Action::Answer { peer: id, role, consent: Consent::Allow });
        self.tell_grant(id, todo);
    }

    /// There is a record of `role` (S-46).
    pub(super) fn record(&mut self, id: PeerId, role: Role) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.recorded = peer.held() == Some(role);
        }
    }

    /// A helper may hold no more than `most`: what is more is taken back, or no longer asked.
    pub(super) fn lower(&mut self, id: PeerId, most: Role, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let question = peer.question().filter(|question| question.role > most);
        todo.extend(question.map(|question| Action::Withdraw(question.id)));
        let before = peer.standing;
        peer.standing = match before {
            Standing::Asked(_) if question.is_some() => Standing::Joined,
            Standing::Holding { role, more, declines } => {
                let more = more.filter(|_| question.is_none());
                Standing::Holding { role: role.min(most), more, declines }
            }
            Standing::Joined | Standing::Asked(_) | Standing::Over => before,
        };
        if matches!(before, Standing::Holding { role, .. } if role > most) {
            peer.recorded = false;
            self.tell_grant(id, todo);
        }
    }

    /// Tells a helper with a link what it holds.
    pub(super) fn tell_grant(&self, id: PeerId, todo: &mut Vec<Action>) {
        let Some(peer) = self.peers.get(&id).filter(|peer| peer.linked()) else { return };
        let Some(role) = peer.held() else { return };
        todo.push(Action::Tell(id, ToHelper::Granted { role }));
        todo.extend(self.list().map(|displays| Action::Tell(id, displays)));
    }

    /// A no to the first question ends the session; a no to more leaves what there is (M-09).
    fn decline(
        &mut self,
        id: PeerId,
        question: Question,
        reason: EndReason,
        todo: &mut Vec<Action>,
    ) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let role = question.role;
        todo.push(Action::Answer { peer: id, role, consent: Consent::Decline });
        match &mut peer.standing {
            Standing::Holding { more, declines, .. } => {
                *more = None;
                *declines += 1;
            }
            Standing::Joined | Standing::Asked(_) | Standing::Over => {
                peer.standing = Standing::Joined;
                self.end(&[id], reason, todo);
            }
        }
    }
}
