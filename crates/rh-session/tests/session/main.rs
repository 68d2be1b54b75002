//! The session as its specification reads, each promise by its id.

mod consent;
mod desktop;
mod leave;
mod model;
mod random;
mod record;
mod walk;

use std::time::{Duration, Instant};

use rh_protocol::{
    Consent, Display, DisplayId, FromHelper, IdentityCard, InputEvent, Key, PeerId, Role, VERSION,
};
use rh_session::{Action, Event, QuestionId, Session};

const ANN: PeerId = PeerId(1);
const BOB: PeerId = PeerId(2);
const MAIN: DisplayId = DisplayId(1);
const SIDE: DisplayId = DisplayId(2);

/// A session with two displays and a clock that moves when told to.
struct Stage {
    session: Session,
    now: Instant,
}

impl Stage {
    fn new() -> Self {
        let mut stage = Self { session: Session::default(), now: first_instant() };
        assert_eq!(stage.on(Event::DisplaysChanged(displays())), []);
        stage
    }

    /// A session in which `peer` was allowed `role` and says hello.
    fn with(peer: PeerId, role: Role) -> Self {
        let mut stage = Self::new();
        stage.allow(peer, role);
        stage
    }

    fn on(&mut self, event: Event) -> Vec<Action> {
        self.session.handle(self.now, event)
    }

    /// Lets time pass, ticking at each deadline as an event loop does.
    fn after(&mut self, time: Duration) -> Vec<Action> {
        let (until, mut todo) = (self.now + time, Vec::new());
        while let Some(due) = self.session.deadline().filter(|due| *due <= until) {
            self.now = due;
            todo.extend(self.session.tick(due));
        }
        self.now = until;
        todo
    }

    /// `peer` joins with a link and says hello.
    fn connect(&mut self, peer: PeerId) {
        self.on(Event::Joined(peer, IdentityCard::default()));
        self.on(Event::LinkUp(peer));
        self.on(hello(peer));
    }

    /// `peer` asks for `role`, and the sharer is asked about it.
    fn ask(&mut self, peer: PeerId, role: Role) -> QuestionId {
        question(&self.on(Event::Requested(peer, role))).expect("a question")
    }

    fn allow(&mut self, peer: PeerId, role: Role) {
        self.connect(peer);
        let question = self.ask(peer, role);
        self.on(Event::Answered(question, Consent::Allow));
        self.on(Event::Recorded(peer, role));
    }
}

#[expect(clippy::disallowed_methods, reason = "a test needs some first instant")]
fn first_instant() -> Instant {
    Instant::now()
}

fn displays() -> Vec<Display> {
    [(MAIN, true), (SIDE, false)].map(|(id, primary)| display(id, primary)).to_vec()
}

fn display(id: DisplayId, primary: bool) -> Display {
    let name = id.to_string();
    Display { id, name, x: 0, y: 0, width: 800, height: 600, scale: 1.0, primary }
}

fn question(todo: &[Action]) -> Option<QuestionId> {
    todo.iter().find_map(|action| {
        let Action::Ask(ask) = action else { return None };
        Some(ask.question)
    })
}

fn hello(peer: PeerId) -> Event {
    Event::Heard(peer, FromHelper::Hello { version: VERSION })
}

/// Presses a key, as the first thing `peer` does.
fn press(peer: PeerId) -> Event {
    Event::Heard(peer, FromHelper::Input { seq: 1, event: key() })
}

fn key() -> InputEvent {
    InputEvent::Key { key: Key::KeyA, down: true }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
