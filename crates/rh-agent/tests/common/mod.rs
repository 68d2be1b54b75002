//! An agent on a desk of glass: every backend is a mock that tells what is done to it, and the far
//! ends of the service and of the link are in the test's hands.
#![allow(dead_code, reason = "no test uses all of it")]
#![expect(clippy::unwrap_used, reason = "a world that does not come about fails the test")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use rh_agent::{
    Agent, AgentError, DesktopSource, EncoderSource, InputSource, LinkSource, Notice, Outcome,
    Prompt, Question, ScreenSource, Signalling, SignallingPeer, Stopper,
};
use rh_capture::{CaptureError, Cursor, Frame, Screen};
use rh_codec::{EncodeError, Encoder};
use rh_input::{Injector, InputError, Recorder, Stroke};
use rh_protocol::{
    Consent, Display, DisplayId, FromClient, FromHelper, IdentityCard, Role, SessionId, ToClient,
    ToHelper, VERSION,
};
use rh_session::desktop::{Desktop, DesktopError, Script};
use rh_session::link::Link;
use rh_session::link::mock::{self, MockHelper};
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

/// A running agent and everything around it.
pub(crate) struct World {
    pub(crate) service: SignallingPeer,
    pub(crate) helper: MockHelper,
    pub(crate) glass: Arc<Glass>,
    pub(crate) hands: Arc<Hands>,
    /// Locks the desktop, and so on.
    pub(crate) desktop: Script,
    pub(crate) questions: mpsc::UnboundedReceiver<Question>,
    pub(crate) answers: mpsc::UnboundedSender<Consent>,
    pub(crate) notices: mpsc::UnboundedReceiver<Notice>,
    pub(crate) withdrawn: Arc<Notify>,
    pub(crate) stopper: Stopper,
    pub(crate) outcome: JoinHandle<Result<Outcome, AgentError>>,
}

impl World {
    /// An agent that has entered a good code; the link is up and has exchanged hellos.
    pub(crate) async fn new() -> Self {
        Self::with(Glass::default()).await
    }

    /// As [`new`](Self::new), with this screen.
    pub(crate) async fn with(glass: Glass) -> Self {
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
        let agent = Agent::builder()
            .prompt(prompt)
            .screens(Arc::clone(&glass) as Arc<dyn ScreenSource>)
            .encoders(Arc::new(Encoders))
            .inputs(Arc::clone(&hands) as Arc<dyn InputSource>)
            .desktops(Arc::new(Desk(Mutex::new(Some(desk)))))
            .links(Arc::new(Links(Mutex::new(vec![Arc::new(link)]))))
            .build()
            .unwrap();
        let stopper = agent.stopper();
        let (signalling, mut service) = Signalling::pair();
        let outcome = tokio::spawn(async move { agent.share_over(signalling, "12345678").await });
        assert!(matches!(service.outgoing.recv().await, Some(FromClient::Join { .. })));
        let peer = IdentityCard { full_name: Some("Hana".to_owned()), ..IdentityCard::default() };
        let joined = ToClient::Joined { session: SessionId(1), peer };
        service.incoming.send(joined).await.unwrap();
        helper.connect();
        helper.say(FromHelper::Hello { version: VERSION });
        Self {
            service,
            helper,
            glass,
            hands,
            desktop,
            questions: asked,
            answers,
            notices: noticed,
            withdrawn,
            stopper,
            outcome,
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
        let expected = FromClient::Answer { role, consent };
        while self.service_hears().await != expected {}
    }

    /// The next message to the service.
    pub(crate) async fn service_hears(&mut self) -> FromClient {
        timeout(SOON, self.service.outgoing.recv()).await.expect("a message in time").unwrap()
    }

    /// Waits until the helper is told something that `wanted` accepts.
    pub(crate) async fn told(&mut self, wanted: impl Fn(&ToHelper) -> bool) -> ToHelper {
        loop {
            let told = timeout(SOON, self.helper.told()).await.expect("told in time");
            let told = told.expect("the link is open");
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
