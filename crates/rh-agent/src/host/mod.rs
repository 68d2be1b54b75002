//! The event loop of one session: carries events to the machine and its actions away from it.
//!
//! What to do is decided by [`Session`]; how pictures flow is the media thread's; nothing is decided
//! here.

mod capture;
mod hear;
mod pledge;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use rh_protocol::{
    Background, Display, DisplayId, EndReason, FromClient, IdentityCard, PeerId, SessionId,
    ToClient, ToHelper,
};
use rh_session::link::LinkEvent;
use rh_session::{Action, Ask, Event, QuestionId, Session};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::{AbortHandle, JoinHandle};

use self::pledge::Pledge;
use crate::clock::now;
use crate::desktop_watch::Seen;
use crate::input_thread::InputThread;
use crate::media::{MediaEvent, MediaThread};
use crate::parts::Parts;
use crate::peers::Peers;
use crate::sas::Sas;
use crate::{Notice, Outcome, Question, Signalling};

/// How many reports may wait; who reports faster is slowed down.
const WAITING: usize = 1024;
/// How often the capture may be begun anew after its display went away.
const RESTARTS: u32 = 20;
/// The one helper whom a code brings.
const HELPER: PeerId = PeerId(1);

/// Something that the loop is told by the parts around it.
enum Report {
    /// `None` once the line is lost.
    Service(Option<ToClient>),
    Session(Event),
    Link(PeerId, LinkEvent),
    /// From the capture by this number.
    Media(u64, MediaEvent),
    Desktop(Seen),
    Displays(Vec<Display>),
    /// The sharer writes to the helper.
    Written(String),
}

/// One session with one helper.
pub(crate) struct Host {
    parts: Parts,
    session: Session,
    signalling: Signalling,
    line_open: bool,
    reports: (mpsc::Sender<Report>, mpsc::Receiver<Report>),
    peers: Peers,
    viewers: BTreeSet<PeerId>,
    questions: BTreeMap<QuestionId, AbortHandle>,
    media: Option<MediaThread>,
    /// The number of the capture that counts.
    capture: u64,
    /// Captures that are being closed.
    closing: Vec<JoinHandle<()>>,
    input: InputThread,
    begin: Instant,
    displays: Vec<Display>,
    shared: Option<DisplayId>,
    /// The display whose picture the helpers have.
    pictured: Option<DisplayId>,
    restarts: u32,
    linked: bool,
    ended: Option<EndReason>,
    helper: IdentityCard,
    background: Option<Background>,
    pledge: Pledge,
    /// For the link that is up.
    sas: Option<Sas>,
    /// What the sharer writes, and how much of it has not come back yet.
    written: (broadcast::Receiver<String>, usize),
}

impl Host {
    pub(crate) fn new(
        parts: Parts,
        signalling: Signalling,
        session: SessionId,
        helper: IdentityCard,
        written: broadcast::Receiver<String>,
    ) -> Self {
        Self {
            written: (written, 0),
            sas: None,
            pledge: Pledge::new(signalling.key, session, helper.clone()),
            background: None,
            session: Session::default(),
            signalling,
            line_open: true,
            reports: mpsc::channel(WAITING),
            peers: Peers::default(),
            viewers: BTreeSet::new(),
            questions: BTreeMap::new(),
            media: None,
            capture: 0,
            closing: Vec::new(),
            input: InputThread::new(Arc::clone(&parts.inputs)),
            begin: now(),
            displays: Vec::new(),
            shared: None,
            pictured: None,
            restarts: 0,
            linked: false,
            ended: None,
            helper,
            parts,
        }
    }

    /// Runs until the session is over and everything is closed.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) -> Outcome {
        let watch = self.watch_desktop();
        self.list_displays();
        self.handle(Event::Joined(HELPER, self.helper.clone()));
        self.open_link().await;
        while self.ended.is_none() {
            let deadline = self.session.deadline();
            let late = async {
                match deadline {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                // An agent that is gone cannot be stopped, so its session ends.
                _ = stop.wait_for(|stop| *stop) => self.handle(Event::Stopped),
                () = late => self.tick(),
                report = self.report() => self.take(report),
            }
        }
        drop(watch);
        self.stop_media().await;
        self.input.stop().await;
        self.peers.closed().await;
        let reason = self.ended.unwrap_or(EndReason::Other);
        Outcome { session: self.pledge.session(), reason }
    }

    /// Waits for what happens next. Fair: neither the service nor a helper who never stops talking
    /// drowns the sharer's answer.
    async fn report(&mut self) -> Report {
        tokio::select! {
            message = self.signalling.incoming.recv(), if self.line_open => {
                Report::Service(message)
            }
            Some(report) = self.reports.1.recv() => report,
            Ok(text) = self.written.0.recv() => Report::Written(text),
        }
    }

    fn handle(&mut self, event: Event) {
        for action in self.session.handle(now(), event) {
            self.perform(action);
        }
    }

    fn tick(&mut self) {
        for action in self.session.tick(now()) {
            self.perform(action);
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Ask(ask) => self.ask(ask),
            Action::Withdraw(question) => self.withdraw(question),
            Action::Answer { peer: _, role, consent } => {
                self.tell_answer(role, consent);
            }
            Action::Tell(peer, message) => {
                if let ToHelper::Granted { role } = message {
                    self.parts.prompt.notice(Notice::Granted { role });
                }
                self.peers.tell(peer, message);
            }
            Action::StartSharing(display) => {
                self.parts.prompt.notice(Notice::SharingStarted);
                self.share(display);
            }
            Action::ShowDisplay(display) => self.share(display),
            Action::StopSharing => {
                self.shared = None;
                self.close_media();
                self.parts.prompt.notice(Notice::SharingStopped);
            }
            Action::Show(peer) => {
                self.viewers.insert(peer);
                self.tell_viewers();
            }
            Action::Hide(peer) => {
                self.viewers.remove(&peer);
                self.tell_viewers();
            }
            Action::Inject(_, event) => self.input.inject(event),
            Action::ReleaseAll(_) => self.input.release_all(),
            Action::Drop(peer, reason) => {
                self.peers.close(peer, reason);
                self.tell_service(FromClient::Leave { reason });
                self.ended = Some(reason);
            }
        }
    }

    fn ask(&mut self, ask: Ask) {
        self.pledge.ask(ask.role);
        let question = Question {
            helper: ask.card,
            role: ask.role,
            background: self.background.clone(),
            upgrade: ask.held.is_some(),
        };
        let (prompt, reports) = (Arc::clone(&self.parts.prompt), self.reports.0.clone());
        let asking = tokio::spawn(async move {
            let consent = prompt.ask(question).await;
            let _ = reports.send(Report::Session(Event::Answered(ask.question, consent))).await;
        });
        self.questions.insert(ask.question, asking.abort_handle());
    }

    fn withdraw(&mut self, question: QuestionId) {
        if let Some(asking) = self.questions.remove(&question) {
            asking.abort();
            self.parts.prompt.notice(Notice::Withdrawn);
        }
    }
}
