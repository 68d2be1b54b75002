//! What the loop is told, brought to the machine.

use std::sync::Arc;

use rh_protocol::{
    Client, DesktopState, EndReason, FromClient, FromHelper, PeerId, ToClient, ToHelper, chat_text,
};
use rh_session::Event;
use rh_session::link::LinkEvent;

use super::{Host, Report};
use crate::Notice;
use crate::desktop_watch::{DesktopWatch, Seen};
use crate::media::{MediaEvent, Order};
use crate::random;
use crate::sas::Sas;

impl Host {
    fn hear_service(&mut self, from: PeerId, message: Option<ToClient>) {
        let Some(line) = self.lines.get_mut(&from) else { return };
        match message {
            Some(ToClient::Requested { role }) => self.handle(Event::Requested(from, role)),
            Some(ToClient::Lowered { role }) => self.handle(Event::Lowered(from, role)),
            Some(ToClient::Denied { reasons, .. }) => {
                self.parts.prompt.notice(Notice::Denied { reasons });
            }
            Some(ToClient::Relay { server, .. }) => self.peers.relay(from, server),
            Some(ToClient::Background { session, background }) => {
                if session == line.pledge.session() {
                    let background = background.cleaned();
                    line.background = Some(background.clone());
                    self.parts.prompt.notice(Notice::Background { background });
                }
            }
            Some(ToClient::Chat { from: side, text, .. }) => self.hear_chat(from, side, &text),
            Some(ToClient::Terms { chat: allowed, .. }) => {
                self.parts.prompt.notice(Notice::ChatAllowed { allowed });
            }
            Some(ToClient::Introduced { code, stays }) => self.introduce(from, code, stays),
            Some(ToClient::Refused { .. }) => self.hear_refusal(from),
            Some(ToClient::Recorded { record }) => self.hear_record(from, &record),
            Some(ToClient::Negotiate { step }) => self.peers.negotiate(from, step),
            Some(ToClient::Ended { reason }) => self.handle(Event::Left(from, reason)),
            Some(ToClient::PeerVanished) => self.handle(Event::Vanished(from)),
            None => {
                if !line.linked {
                    self.handle(Event::Left(from, EndReason::ConnectionLost));
                }
            }
            Some(
                ToClient::Welcome { .. }
                | ToClient::Session { .. }
                | ToClient::Challenge { .. }
                | ToClient::Device { .. }
                | ToClient::Joined { .. }
                | ToClient::Answered { .. }
                | ToClient::StepUp { .. },
            ) => {}
        }
    }

    /// What the sharer wrote comes back on each line that it went out by, and is shown once.
    fn hear_chat(&mut self, line: PeerId, side: Client, text: &str) {
        let first = self.lines.keys().next() == Some(&line);
        let Some(line) = self.lines.get_mut(&line) else { return };
        let helper = match side {
            Client::Helper => Some(line.helper.clone()),
            Client::Agent => {
                line.unheard = line.unheard.saturating_sub(1);
                None
            }
        };
        if let Some(text) = chat_text(text)
            && (helper.is_some() || first)
        {
            self.parts.prompt.notice(Notice::Chat { helper, text });
        }
    }

    /// Of what an agent says in a session, the service refuses what is written, if anything.
    fn hear_refusal(&mut self, line: PeerId) {
        let Some(line) = self.lines.get_mut(&line) else { return };
        if let Some(left) = line.unheard.checked_sub(1) {
            line.unheard = left;
            self.parts.prompt.notice(Notice::ChatRefused);
        }
    }

    /// Writes to those who were allowed something; if nobody was, the service says that it goes nowhere.
    fn write(&mut self, text: &str) {
        let allowed: Vec<PeerId> =
            self.session.helpers().filter(|(.., held)| held.is_some()).map(|(id, ..)| id).collect();
        for (id, line) in &mut self.lines {
            if allowed.is_empty() || allowed.contains(id) {
                line.unheard += 1;
                line.tell(FromClient::Chat { text: text.to_owned() });
            }
        }
    }

    pub(super) fn take(&mut self, report: Report) {
        match report {
            Report::Service(from, message) => self.hear_service(from, message),
            Report::Session(event) => {
                if let Event::Answered(question, _) = event {
                    self.questions.remove(&question);
                }
                self.handle(event);
            }
            Report::Link(peer, event) => self.hear_link(peer, event),
            Report::Media(capture, event) if capture == self.capture => self.hear_media(event),
            // Of a capture that is closed.
            Report::Media(..) => {}
            Report::Desktop(Seen::State(state)) => self.hear_desktop(state),
            Report::Desktop(Seen::Displays) => self.list_displays(),
            Report::Displays(displays) => self.arrange(displays),
            Report::Written(text) => self.write(&text),
            Report::Came(coming) => self.receive(*coming),
        }
    }

    fn hear_link(&mut self, peer: PeerId, event: LinkEvent) {
        match event {
            LinkEvent::Negotiate(step) => {
                if let Some(line) = self.lines.get(&peer) {
                    line.tell(FromClient::Negotiate { step });
                }
                self.look_at_link(peer);
            }
            LinkEvent::Up => {
                if let Some(line) = self.lines.get_mut(&peer) {
                    line.linked = true;
                }
                self.look_at_link(peer);
                self.handle(Event::LinkUp(peer));
                self.commit(peer);
            }
            LinkEvent::Heard(message) => {
                if let FromHelper::SasNonce { nonce } = &message {
                    self.reveal(peer, nonce);
                }
                self.handle(Event::Heard(peer, message));
            }
            LinkEvent::Pointer(to) => self.handle(Event::Pointer(peer, to)),
            LinkEvent::Garbage(count) => {
                tracing::warn!(%peer, count, "ignored what is no message");
            }
            LinkEvent::KeyFrameWanted => self.order(Order::KeyFrame),
            LinkEvent::Capacity(bits) => self.order(Order::Capacity(peer, bits)),
            LinkEvent::Silent(silence) => self.handle(Event::Silent(peer, silence)),
            LinkEvent::Down => self.handle(Event::LinkDown(peer)),
        }
    }

    /// Begins the comparison of a link that came up (B-04).
    fn commit(&mut self, peer: PeerId) {
        let Some(line) = self.lines.get_mut(&peer) else { return };
        let sas = Sas::new(random::hex::<32>());
        self.peers.tell(peer, ToHelper::SasCommitment { commitment: sas.commitment() });
        line.sas = Some(sas);
    }

    fn reveal(&mut self, peer: PeerId, theirs: &str) {
        let ends = self.peers.link(peer).and_then(|link| link.fingerprints());
        let sas = self.lines.get_mut(&peer).and_then(|line| line.sas.as_mut());
        let (Some(sas), Some(ends)) = (sas, ends) else { return };
        if let Some((nonce, digits)) = sas.reveal(theirs, &ends) {
            self.peers.tell(peer, ToHelper::SasNonce { nonce });
            self.parts.prompt.notice(Notice::Sas { digits });
        }
    }

    fn hear_media(&mut self, event: MediaEvent) {
        match event {
            MediaEvent::Cursor(message) => {
                for &viewer in &self.viewers {
                    self.peers.tell(viewer, message.clone());
                }
            }
            MediaEvent::Path(viewer, why) => {
                self.peers.tell(viewer, ToHelper::Path { why });
            }
            MediaEvent::Shown(display) => {
                self.pictured = Some(display);
                self.show_input();
            }
            MediaEvent::DisplayLost(lost) => {
                tracing::info!(id = %lost, "the display is gone");
                self.close_media();
                self.list_displays();
            }
            MediaEvent::Stopped => {
                tracing::info!("the sharer ended the capture in the system's menu");
                self.handle(Event::Stopped);
            }
            MediaEvent::Failed(why) => {
                tracing::error!(why, "the screen cannot be captured");
                self.close_media();
                self.handle(Event::CaptureFailed);
            }
        }
    }

    /// B-11: the sharer is told too, once there is somebody to whom it matters.
    fn hear_desktop(&mut self, state: DesktopState) {
        if self.session.desktop() != state
            && self.session.helpers().any(|(.., held)| held.is_some())
        {
            self.parts.prompt.notice(Notice::Desktop { state });
        }
        self.handle(Event::DesktopChanged(state));
    }

    /// Watches the desktop until the watch is dropped.
    pub(super) fn watch_desktop(&self) -> Option<DesktopWatch> {
        let reports = self.reports.0.clone();
        let report = move |seen: Seen| reports.blocking_send(Report::Desktop(seen)).is_ok();
        let watch = DesktopWatch::start(Arc::clone(&self.parts.desktops), report);
        watch.inspect_err(|error| tracing::error!(%error, "the desktop is not watched")).ok()
    }
}
