//! The event loop of one share: carries events to the machine and its actions away from it.
//!
//! What to do is decided by [`Session`]; how pictures flow is the media thread's; nothing is decided
//! here.

mod capture;
mod hear;
mod introducing;
mod line;
mod pledge;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use rh_protocol::{
    Consent, Display, DisplayId, EndReason, FromClient, Introduction, PeerId, SessionId, ToClient,
    ToHelper,
};
use rh_session::link::LinkEvent;
use rh_session::{Action, Ask, Event, QuestionId, Session};
use tokio::sync::{Mutex, broadcast, mpsc, watch};
use tokio::task::{AbortHandle, JoinHandle};

use self::introducing::Coming;
use self::line::Line;
use crate::clock::now;
use crate::desktop_watch::Seen;
use crate::input_thread::InputThread;
use crate::joining::Entered;
use crate::media::{MediaEvent, MediaThread};
use crate::parts::Parts;
use crate::peers::Peers;
use crate::{LineSource, Notice, Outcome, Question};

/// How many reports may wait; who reports faster is slowed down.
const WAITING: usize = 1024;
/// How often the capture may be begun anew after its display went away.
const RESTARTS: u32 = 20;
/// Something that the loop is told by the parts around it.
enum Report {
    /// On the line of this helper; `None` once that is lost.
    Service(PeerId, Option<ToClient>),
    Session(Event),
    Link(PeerId, LinkEvent),
    /// From the capture by this number.
    Media(u64, MediaEvent),
    Desktop(Seen),
    Displays(Vec<Display>),
    /// The sharer writes to the helpers.
    Written(String),
    /// A colleague whom a helper brings is there, or will not come.
    Came(Box<Coming>),
}

/// One share: with whoever's code was entered, and those whom they bring.
pub(crate) struct Host {
    parts: Parts,
    session: Session,
    /// Every helper who is here.
    lines: BTreeMap<PeerId, Line>,
    /// Helpers there were so far.
    numbered: u32,
    /// What opens a line for a colleague.
    source: Option<Arc<dyn LineSource>>,
    /// A colleague who is about to come.
    coming: Option<AbortHandle>,
    /// A helper who goes once what was decided is done, having handed over.
    handed_over: Option<PeerId>,
    reports: (mpsc::Sender<Report>, mpsc::Receiver<Report>),
    peers: Peers,
    viewers: BTreeSet<PeerId>,
    questions: BTreeMap<QuestionId, AbortHandle>,
    /// Held by whoever asks: one question at a time, or an answer could be taken for that of another.
    asking: Arc<Mutex<()>>,
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
    /// The sessions that are over, and why the last of them is.
    over: Vec<SessionId>,
    ended: Option<EndReason>,
    /// What the sharer writes.
    written: broadcast::Receiver<String>,
}

impl Host {
    pub(crate) fn new(
        parts: Parts,
        source: Option<Arc<dyn LineSource>>,
        written: broadcast::Receiver<String>,
    ) -> Self {
        Self {
            session: Session::default(),
            lines: BTreeMap::new(),
            numbered: 0,
            source,
            coming: None,
            handed_over: None,
            reports: mpsc::channel(WAITING),
            peers: Peers::default(),
            viewers: BTreeSet::new(),
            questions: BTreeMap::new(),
            asking: Arc::default(),
            media: None,
            capture: 0,
            closing: Vec::new(),
            input: InputThread::new(Arc::clone(&parts.inputs)),
            begin: now(),
            displays: Vec::new(),
            shared: None,
            pictured: None,
            restarts: 0,
            over: Vec::new(),
            ended: None,
            written,
            parts,
        }
    }

    /// Shares with whom `first` led to, until everybody is gone and everything is closed.
    pub(crate) async fn run(mut self, first: Entered, mut stop: watch::Receiver<bool>) -> Outcome {
        let watch = self.watch_desktop();
        self.list_displays();
        let link = self.parts.links.open().await;
        self.admit(first, link, None);
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
        if let Some(coming) = &self.coming {
            coming.abort();
        }
        self.stop_media().await;
        self.input.stop().await;
        self.peers.closed().await;
        let reason = self.ended.unwrap_or(EndReason::Other);
        let session = self.over.pop().unwrap_or(SessionId(0));
        Outcome { session, reason, earlier: self.over }
    }

    /// Waits for what happens next. Fair: whoever never stops talking waits for their turn like the
    /// sharer's answer does.
    async fn report(&mut self) -> Report {
        tokio::select! {
            Some(report) = self.reports.1.recv() => report,
            Ok(text) = self.written.recv() => Report::Written(text),
        }
    }

    fn handle(&mut self, event: Event) {
        for action in self.session.handle(now(), event) {
            self.perform(action);
        }
        if let Some(helper) = self.handed_over.take() {
            self.handle(Event::Left(helper, EndReason::HandedOver));
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
            Action::Answer { peer, role, consent } => {
                self.tell_answer(peer, role, consent);
                if consent == Consent::Allow {
                    self.succeed(peer);
                }
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
            Action::Drop(peer, reason) => self.part(peer, reason),
        }
    }

    fn part(&mut self, peer: PeerId, reason: EndReason) {
        self.peers.close(peer, reason);
        let Some(line) = self.lines.remove(&peer) else { return };
        line.tell(FromClient::Leave { reason });
        self.over.push(line.pledge.session());
        if self.lines.is_empty() {
            self.ended = Some(reason);
            return;
        }
        if let Some((by, _)) = line.by {
            self.tell_introduction(by, Introduction::Gone);
        }
        self.parts.prompt.notice(Notice::Left { helper: line.helper.clone(), reason });
    }

    fn ask(&mut self, ask: Ask) {
        let Some(line) = self.lines.get_mut(&ask.peer) else { return };
        line.pledge.ask(ask.role);
        let question = Question {
            helper: ask.card,
            role: ask.role,
            background: line.background.clone(),
            upgrade: ask.held.is_some(),
            introducer: line.by.as_ref().map(|(_, introducer)| introducer.clone()),
        };
        let (prompt, reports) = (Arc::clone(&self.parts.prompt), self.reports.0.clone());
        let turn = Arc::clone(&self.asking);
        let asking = tokio::spawn(async move {
            let _turn = turn.lock().await;
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
