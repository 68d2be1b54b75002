//! What a decision costs: the session stands between every input event and the desktop.

use std::hint::black_box;
use std::time::Instant;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rh_protocol::{
    Consent, Display, DisplayId, FromHelper, IdentityCard, InputEvent, Key, PeerId, Point,
    PointerMove, Role, VERSION,
};
use rh_session::{Event, QuestionId, Session};

const MAIN: DisplayId = DisplayId(1);

#[expect(clippy::disallowed_methods, reason = "a bench needs some first instant")]
fn first_instant() -> Instant {
    Instant::now()
}

/// A session on one display, with so many helpers who may act.
fn controlled_by(helpers: u32, now: Instant) -> Session {
    let name = "main".to_owned();
    let (width, height) = (1920, 1080);
    let display = Display { id: MAIN, name, x: 0, y: 0, width, height, scale: 1.0, primary: true };
    let mut session = Session::default();
    session.handle(now, Event::DisplaysChanged(vec![display]));
    for id in 1..=helpers {
        join(&mut session, now, PeerId(id));
        session.handle(now, Event::Requested(PeerId(id), Role::Control));
        session.handle(now, Event::Answered(QuestionId(id.into()), Consent::Allow));
        session.handle(now, Event::Recorded(PeerId(id), Role::Control));
    }
    session
}

fn join(session: &mut Session, now: Instant, id: PeerId) {
    session.handle(now, Event::Joined(id, IdentityCard::default()));
    session.handle(now, Event::LinkUp(id));
    session.handle(now, Event::Heard(id, FromHelper::Hello { version: VERSION }));
}

fn input(c: &mut Criterion) {
    let (mut group, now) = (c.benchmark_group("session/input"), first_instant());
    for helpers in [1, 3] {
        let mut session = controlled_by(helpers, now);
        let event = InputEvent::Key { key: Key::KeyA, down: true };
        let press = Event::Heard(PeerId(1), FromHelper::Input { seq: 0, event });
        assert_eq!(session.handle(now, press.clone()).len(), 1, "it is carried out");
        group.bench_function(format!("key/{helpers}-helpers"), |b| {
            b.iter(|| session.handle(now, black_box(&press).clone()));
        });

        let at = Point::new(MAIN, 0.5, 0.5).expect("on the display");
        let mut seq = 0;
        group.bench_function(format!("pointer/{helpers}-helpers"), |b| {
            b.iter(|| {
                seq += 1;
                session.handle(now, Event::Pointer(PeerId(1), PointerMove { seq, at }))
            });
        });
    }
}

fn ask(c: &mut Criterion) {
    let (mut group, now) = (c.benchmark_group("session/ask"), first_instant());
    let mut waiting = controlled_by(0, now);
    join(&mut waiting, now, PeerId(1));
    group.bench_function("request-allow-stop", |b| {
        b.iter_batched_ref(
            || waiting.clone(),
            |session| {
                session.handle(now, Event::Requested(PeerId(1), Role::Control));
                session.handle(now, Event::Answered(QuestionId(1), Consent::Allow));
                session.handle(now, Event::Stopped)
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, input, ask);
criterion_main!(benches);
