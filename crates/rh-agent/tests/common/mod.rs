//! An agent on a desk of glass: every backend is a mock that tells what is done to it, and the far
//! ends of the service and of the link are in the test's hands.
#![allow(dead_code, reason = "no test uses all of it")]
#![expect(clippy::unwrap_used, reason = "a world that does not come about fails the test")]

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use rh_agent::{
    Agent, AgentError, Chat, DesktopSource, EncoderSource, InputSource, LineSource, LinkSource,
    Notice, Outcome, Prompt, Question, ScreenSource, Signalling, SignallingPeer, Stopper,
};
use rh_capture::{CaptureError, Cursor, Frame, Screen};
use rh_codec::{EncodeError, Encoder};
use rh_input::{Injector, InputError, Recorder, Stroke};
use rh_protocol::{
    Consent, Display, DisplayId, FromClient, FromHelper, IdentityCard, Role, SessionId, Shown,
    ToClient, ToHelper, VERSION,
};
use rh_session::desktop::{Desktop, DesktopError, Script};
use rh_session::link::Link;
use rh_session::link::mock::{self, MockHelper};
use rh_signed::{ConsentRecord, Party, PublicKey, Signed, SigningKey, Timestamp};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than anything here takes, shorter than a test run.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// A pattern screen that counts how often it was opened, and knows whether it is open.
#[derive(Debug, Default)]
pub(crate) struct Glass {
    pub(crate) opened: AtomicUsize,
    pub(crate) open: Arc<AtomicBool>,
    /// Whether no screen can be had.
    pub(crate) broken: AtomicBool,
    /// Whether pictures are kept back.
    pub(crate) held: Arc<AtomicBool>,
}

struct Pane {
    inner: Box<dyn Screen>,
    open: Arc<AtomicBool>,
    held: Arc<AtomicBool>,
}

impl Screen for Pane {
    fn next(&mut self, patience: Duration) -> Result<Option<Frame<'_>>, CaptureError> {
        std::thread::sleep(Duration::from_millis(5));
        if self.held.load(Ordering::SeqCst) {
            return Ok(None);
        }
        self.inner.next(patience)
    }

    fn cursor(&mut self) -> Option<Cursor> {
        self.inner.cursor()
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        self.open.store(false, Ordering::SeqCst);
    }
}

impl ScreenSource for Glass {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(CaptureError::Denied);
        }
        rh_capture::Backend::Pattern.displays()
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            return Err(CaptureError::Denied);
        }
        self.open.store(true, Ordering::SeqCst);
        let inner = rh_capture::Backend::Pattern.open(display)?;
        Ok(Box::new(Pane { inner, open: Arc::clone(&self.open), held: Arc::clone(&self.held) }))
    }
}

/// Makes mock encoders.
pub(crate) struct Encoders;

impl EncoderSource for Encoders {
    fn open(&self) -> Result<Box<dyn Encoder>, EncodeError> {
        rh_codec::Backend::Mock.open(rh_codec::Settings::default())
    }
}

/// Hands out one recorder, and counts how often.
#[derive(Debug, Default)]
pub(crate) struct Hands {
    pub(crate) opened: AtomicUsize,
    pub(crate) recorder: Recorder,
    /// How long each stroke takes.
    pub(crate) slowness: Mutex<Duration>,
}

struct SlowHand {
    recorder: Recorder,
    slowness: Duration,
}

impl Injector for SlowHand {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        std::thread::sleep(self.slowness);
        self.recorder.inject(stroke)
    }
}

impl InputSource for Hands {
    fn open(&self) -> Result<Box<dyn Injector>, InputError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        let slowness = *self.slowness.lock().unwrap();
        Ok(Box::new(SlowHand { recorder: self.recorder.clone(), slowness }))
    }
}

/// Hands out the one desktop there is.
struct Desk(Mutex<Option<rh_session::desktop::Mock>>);

impl DesktopSource for Desk {
    fn open(&self) -> Result<Box<dyn Desktop>, DesktopError> {
        Ok(Box::new(self.0.lock().unwrap().take().unwrap()))
    }
}

/// Hands out the agent's ends of mock links.
struct Lines(Mutex<Vec<Signalling>>);

#[async_trait]
impl LineSource for Lines {
    async fn open(&self) -> Result<Signalling, AgentError> {
        self.0.lock().unwrap().pop().ok_or(AgentError::LineLost)
    }
}

/// Somebody whom the helper may bring: the service's end of another line, and another browser.
pub(crate) struct Colleague {
    pub(crate) service: SignallingPeer,
    pub(crate) helper: MockHelper,
}

struct Links(Mutex<Vec<Arc<dyn Link>>>);

#[async_trait]
impl LinkSource for Links {
    async fn open(&self) -> Result<Arc<dyn Link>, String> {
        self.0.lock().unwrap().pop().ok_or_else(|| "no link left".to_owned())
    }
}

/// A prompt whose answers come from the test.
pub(crate) struct Asked {
    questions: mpsc::UnboundedSender<Question>,
    answers: tokio::sync::Mutex<mpsc::UnboundedReceiver<Consent>>,
    notices: mpsc::UnboundedSender<Notice>,
    withdrawn: Arc<Notify>,
}

#[async_trait]
impl Prompt for Asked {
    async fn ask(&self, question: Question) -> Consent {
        self.questions.send(question).unwrap();
        self.answers.lock().await.recv().await.unwrap_or_default()
    }

    fn notice(&self, notice: Notice) {
        if notice == Notice::Withdrawn {
            self.withdrawn.notify_one();
        }
        let _ = self.notices.send(notice);
    }
}

/// What the service signs with.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

/// The session of every world.
pub(crate) const SESSION: SessionId = SessionId(1);

/// The record of a yes as an honest service makes it.
pub(crate) fn record(role: Role, shown: Shown) -> ConsentRecord {
    let party = |id: &str, name: &str| Party {
        id: id.parse().unwrap(),
        full_name: Some(name.to_owned()),
        verified_domain: None,
    };
    ConsentRecord {
        tenant: "ours".parse().unwrap(),
        session: SESSION,
        helper: party("hana", "Hana"),
        sharer: party("sami", "Sami"),
        role,
        consent: Consent::Allow,
        shown: shown.into(),
        at: Timestamp::from_millis(1_772_323_200_000).unwrap(),
    }
}

/// A running agent and everything around it.
pub(crate) struct World {
    pub(crate) service: SignallingPeer,
    pub(crate) helper: MockHelper,
    pub(crate) colleague: Colleague,
    pub(crate) glass: Arc<Glass>,
    pub(crate) hands: Arc<Hands>,
    /// Locks the desktop, and so on.
    pub(crate) desktop: Script,
    pub(crate) questions: mpsc::UnboundedReceiver<Question>,
    pub(crate) answers: mpsc::UnboundedSender<Consent>,
    pub(crate) notices: mpsc::UnboundedReceiver<Notice>,
    pub(crate) withdrawn: Arc<Notify>,
    pub(crate) stopper: Stopper,
    pub(crate) chat: Chat,
    pub(crate) outcome: JoinHandle<Result<Outcome, AgentError>>,
    told_before: VecDeque<ToHelper>,
}

impl World {
    /// An agent that has entered a good code; the link is up and has exchanged hellos.
    pub(crate) async fn new() -> Self {
        Self::with(Glass::default()).await
    }

    /// As [`new`](Self::new), with this screen.
    pub(crate) async fn with(glass: Glass) -> Self {
        Self::made(glass, Some(key().public())).await
    }

    /// As [`new`](Self::new), with a service that does not say what it signs with.
    pub(crate) async fn without_key() -> Self {
        Self::made(Glass::default(), None).await
    }

    async fn made(glass: Glass, key: Option<PublicKey>) -> Self {
        let (link, mut helper) = mock::pair();
        let (questions, asked) = mpsc::unbounded_channel();
        let (answers, answered) = mpsc::unbounded_channel();
        let (notices, noticed) = mpsc::unbounded_channel();
        let withdrawn = Arc::new(Notify::new());
        let prompt = Asked {
            questions,
            answers: tokio::sync::Mutex::new(answered),
            notices,
            withdrawn: Arc::clone(&withdrawn),
        };
        let (glass, hands) = (Arc::new(glass), Arc::new(Hands::default()));
        let (desk, desktop) = rh_session::desktop::Mock::scripted();
        let (second, colleague) = mock::pair();
        let agent = Agent::builder()
            .prompt(prompt)
            .screens(Arc::clone(&glass) as Arc<dyn ScreenSource>)
            .encoders(Arc::new(Encoders))
            .inputs(Arc::clone(&hands) as Arc<dyn InputSource>)
            .desktops(Arc::new(Desk(Mutex::new(Some(desk)))))
            .links(Arc::new(Links(Mutex::new(vec![Arc::new(second), Arc::new(link)]))))
            .build()
            .unwrap();
        let (stopper, chat) = (agent.stopper(), agent.chat());
        let (mut signalling, mut service) = Signalling::pair();
        let (mut beside, second) = Signalling::pair();
        (signalling.key, beside.key) = (key, key);
        let lines = Arc::new(Lines(Mutex::new(vec![beside, signalling])));
        let outcome = tokio::spawn(async move { agent.share_on(lines, "12345678").await });
        assert!(matches!(service.outgoing.recv().await, Some(FromClient::Join { .. })));
        let peer = IdentityCard { full_name: Some("Hana".to_owned()), ..IdentityCard::default() };
        let joined = ToClient::Joined { session: SESSION, peer };
        service.incoming.send(joined).await.unwrap();
        helper.connect();
        helper.say(FromHelper::Hello { version: VERSION });
        Self {
            service,
            helper,
            colleague: Colleague { service: second, helper: colleague },
            glass,
            hands,
            desktop,
            questions: asked,
            answers,
            notices: noticed,
            withdrawn,
            stopper,
            chat,
            outcome,
            told_before: VecDeque::new(),
        }
    }

    /// The helper asks for a role, through the service; returns what the sharer is asked.
    pub(crate) async fn request(&mut self, role: Role) -> Question {
        self.service.incoming.send(ToClient::Requested { role }).await.unwrap();
        timeout(SOON, self.questions.recv()).await.expect("a question in time").unwrap()
    }

    /// As [`request`](Self::request), and the sharer answers.
    pub(crate) async fn request_and_answer(&mut self, role: Role, consent: Consent) {
        self.request(role).await;
        self.answers.send(consent).unwrap();
        let (answered, shown) = self.answer().await;
        assert_eq!(answered, (role, consent));
        if let (Consent::Allow, Some(shown)) = (consent, shown) {
            self.record(&record(role, shown)).await;
        }
        if (role, consent) == (Role::Control, Consent::Allow) {
            self.hear_until(|told| *told == ToHelper::InputPaused { paused: false }).await;
        }
    }

    /// Waits until the helper is told something; what it was told before is still to be had.
    async fn hear_until(&mut self, wanted: impl Fn(&ToHelper) -> bool) {
        let mut before = VecDeque::new();
        loop {
            let told = self.next_told().await;
            if wanted(&told) {
                break;
            }
            before.push_back(told);
        }
        self.told_before = before;
    }

    async fn next_told(&mut self) -> ToHelper {
        if let Some(told) = self.told_before.pop_front() {
            return told;
        }
        let told = timeout(SOON, self.helper.told()).await.expect("told in time");
        told.expect("the link is open")
    }

    /// The agent's next answer, and what it states.
    pub(crate) async fn answer(&mut self) -> ((Role, Consent), Option<Shown>) {
        loop {
            if let FromClient::Answer { role, consent, shown } = self.service_hears().await {
                return ((role, consent), shown);
            }
        }
    }

    /// The service hands the agent this record, signed.
    pub(crate) async fn record(&self, record: &ConsentRecord) {
        let record = Signed::new(record, &key()).to_line();
        self.service.incoming.send(ToClient::Recorded { record }).await.unwrap();
    }

    /// The next message to the service.
    pub(crate) async fn service_hears(&mut self) -> FromClient {
        timeout(SOON, self.service.outgoing.recv()).await.expect("a message in time").unwrap()
    }

    /// Waits until the helper is told something that `wanted` accepts.
    pub(crate) async fn told(&mut self, wanted: impl Fn(&ToHelper) -> bool) -> ToHelper {
        loop {
            let told = self.next_told().await;
            if wanted(&told) {
                return told;
            }
        }
    }

    /// How the session ended.
    pub(crate) async fn ended(&mut self) -> Outcome {
        timeout(SOON, &mut self.outcome).await.expect("ends in time").unwrap().unwrap()
    }

    /// Everything that reached the desktop.
    pub(crate) fn strokes(&self) -> Vec<Stroke> {
        self.hands.recorder.strokes()
    }

    /// Sends a ping and waits for its answer: all that was sent before has been heard.
    pub(crate) async fn settled(&mut self) {
        let nonce = 4711;
        self.helper.say(FromHelper::Ping { nonce });
        self.told(|told| *told == ToHelper::Pong { nonce }).await;
    }
}
