//! What the loop is told, brought to the machine.

use std::sync::Arc;

use rh_protocol::{
    Client, DesktopState, EndReason, FromClient, FromHelper, PeerId, ToClient, ToHelper, chat_text,
};
use rh_session::Event;
use rh_session::link::LinkEvent;

use super::{HELPER, Host, Report};
use crate::Notice;
use crate::desktop_watch::{DesktopWatch, Seen};
use crate::media::{MediaEvent, Order};
use crate::random;
use crate::sas::Sas;

impl Host {
    fn hear_service(&mut self, message: Option<ToClient>) {
        match message {
            Some(ToClient::Requested { role }) => self.handle(Event::Requested(HELPER, role)),
            Some(ToClient::Lowered { role }) => self.handle(Event::Lowered(HELPER, role)),
            Some(ToClient::Denied { reasons, .. }) => {
                self.parts.prompt.notice(Notice::Denied { reasons });
            }
            Some(ToClient::Relay { server, .. }) => self.peers.relay(HELPER, server),
            Some(ToClient::Background { session, background }) => {
                if session == self.pledge.session() {
                    let background = background.cleaned();
                    self.background = Some(background.clone());
                    self.parts.prompt.notice(Notice::Background { background });
                }
            }
            Some(ToClient::Chat { from, text, .. }) => self.hear_chat(from, &text),
            Some(ToClient::Terms { chat: allowed, .. }) => {
                self.parts.prompt.notice(Notice::ChatAllowed { allowed });
            }
            Some(ToClient::Refused { .. }) => self.hear_refusal(),
            Some(ToClient::Recorded { record }) => self.hear_record(&record),
            Some(ToClient::Negotiate { step }) => self.peers.negotiate(HELPER, step),
            Some(ToClient::Ended { reason }) => self.handle(Event::Left(HELPER, reason)),
            Some(ToClient::PeerVanished) => self.handle(Event::Vanished(HELPER)),
            None => {
                self.line_open = false;
                if !self.linked {
                    self.handle(Event::Left(HELPER, EndReason::ConnectionLost));
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

    fn hear_chat(&mut self, from: Client, text: &str) {
        if from == Client::Agent {
            self.written.1 = self.written.1.saturating_sub(1);
        }
        if let Some(text) = chat_text(text) {
            self.parts.prompt.notice(Notice::Chat { from, text });
        }
    }

    /// Of what an agent says in a session, the service refuses what is written, if anything.
    fn hear_refusal(&mut self) {
        if let Some(left) = self.written.1.checked_sub(1) {
            self.written.1 = left;
            self.parts.prompt.notice(Notice::ChatRefused);
        }
    }

    pub(super) fn take(&mut self, report: Report) {
        match report {
            Report::Service(message) => self.hear_service(message),
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
            Report::Written(text) => {
                self.written.1 += 1;
                self.tell_service(FromClient::Chat { text });
            }
        }
    }

    fn hear_link(&mut self, peer: PeerId, event: LinkEvent) {
        match event {
            LinkEvent::Negotiate(step) => {
                self.tell_service(FromClient::Negotiate { step });
                self.look_at_link();
            }
            LinkEvent::Up => {
                self.linked = true;
                self.look_at_link();
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
        let sas = Sas::new(random::hex::<32>());
        self.peers.tell(peer, ToHelper::SasCommitment { commitment: sas.commitment() });
        self.sas = Some(sas);
    }

    fn reveal(&mut self, peer: PeerId, theirs: &str) {
        let ends = self.peers.link(peer).and_then(|link| link.fingerprints());
        let (Some(sas), Some(ends)) = (&mut self.sas, ends) else { return };
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

    /// Makes the agent's end of the link; it comes up while the sharer reads who asks.
    pub(super) async fn open_link(&mut self) {
        match self.parts.links.open().await {
            Ok(link) => {
                let reports = self.reports.0.clone();
                self.peers.admit(HELPER, link, move |event| {
                    let reports = reports.clone();
                    // The loop is gone once the session is over.
                    async move { drop(reports.send(Report::Link(HELPER, event)).await) }
                });
            }
            Err(error) => {
                tracing::error!(error, "no link can be made");
                self.handle(Event::Left(HELPER, EndReason::ConnectionLost));
            }
        }
    }

    /// Watches the desktop until the watch is dropped.
    pub(super) fn watch_desktop(&self) -> Option<DesktopWatch> {
        let reports = self.reports.0.clone();
        let report = move |seen: Seen| reports.blocking_send(Report::Desktop(seen)).is_ok();
        let watch = DesktopWatch::start(Arc::clone(&self.parts.desktops), report);
        watch.inspect_err(|error| tracing::error!(%error, "the desktop is not watched")).ok()
    }

    /// Tells the service, without waiting for it.
    pub(super) fn tell_service(&self, message: FromClient) {
        if self.signalling.outgoing.try_send(message).is_err() {
            tracing::debug!("the line to the service is lost");
        }
    }
}
