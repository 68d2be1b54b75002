//! Every short sequence of events among two helpers, held against the model.
//!
//! Sequences that lead to the same state are followed once. The state holds the ids of questions,
//! so a click on any dialog that was ever open is tried in every state.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use rh_protocol::{Consent, EndReason, IdentityCard, PeerId, Role};
use rh_session::desktop::DesktopState;
use rh_session::{Action, Event, QuestionId};

use super::model::Model;
use super::{ANN, BOB, Stage, hello, press, seconds};

/// A state that some sequence leads to.
struct Reached {
    stage: Stage,
    model: Model,
    asked: u64,
}

impl Reached {
    fn start() -> Self {
        Self { stage: Stage::new(), model: Model::default(), asked: 0 }
    }

    fn after(&self, event: &Event) -> Self {
        let mut next = Self {
            stage: Stage { session: self.stage.session.clone(), now: self.stage.now },
            model: self.model.clone(),
            asked: self.asked,
        };
        next.model.note(next.stage.now, event);
        let todo = next.stage.on(event.clone());
        next.model.check(next.stage.now, event, &todo);
        next.asked = next.model.open.values().map(|(id, ..)| id.0).fold(next.asked, u64::max);
        next
    }

    /// The clock at the next deadline; the event that follows is the first to come late.
    fn overdue(&self) -> Option<Self> {
        let now = self.stage.session.deadline()?;
        let stage = Stage { session: self.stage.session.clone(), now };
        Some(Self { stage, model: self.model.clone(), asked: self.asked })
    }

    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let now = self.stage.now;
        format!("{:?} {:?} {now:?}", self.stage.session, self.model).hash(&mut hasher);
        hasher.finish()
    }
}

fn events(asked: u64) -> Vec<Event> {
    let answers = (1..=asked).map(QuestionId).flat_map(|id| {
        [Consent::Allow, Consent::Decline].map(|consent| Event::Answered(id, consent))
    });
    let desktop = [DesktopState::Locked, DesktopState::Active].map(Event::DesktopChanged);
    [ANN, BOB]
        .into_iter()
        .flat_map(of_one)
        .chain(answers)
        .chain(desktop)
        .chain([Event::Stopped])
        .collect()
}

fn of_one(id: PeerId) -> [Event; 13] {
    [
        Event::Joined(id, IdentityCard::default()),
        Event::Requested(id, Role::View),
        Event::Requested(id, Role::Control),
        Event::Lowered(id, Role::View),
        Event::Recorded(id, Role::Control),
        Event::LinkUp(id),
        hello(id),
        press(id),
        Event::Silent(id, seconds(2.0)),
        Event::Silent(id, seconds(8.0)),
        Event::Vanished(id),
        Event::LinkDown(id),
        Event::Left(id, EndReason::HelperLeft),
    ]
}

/// Follows every sequence of `length` events from `start`; returns how many steps that were.
fn walk(start: Reached, length: usize) -> usize {
    let (mut seen, mut steps) = (HashSet::new(), 0);
    let mut level = vec![start];
    for _ in 0..length {
        let mut next = Vec::new();
        for reached in &level {
            for from in [reached.overdue().as_ref(), Some(reached)].into_iter().flatten() {
                let after = events(from.asked).into_iter().map(|event| from.after(&event));
                next.extend(after.filter(|after| seen.insert(after.fingerprint())));
                steps += events(from.asked).len();
            }
        }
        level = next;
    }
    steps
}

/// S-48, S-58, B-03, M-09: no short sequence of events breaks the model.
#[test]
fn no_sequence_from_the_beginning_breaks_the_promise() {
    assert!(walk(Reached::start(), 9) > 500_000);
}

/// S-48, S-58, B-03, M-09: nor does any that follows once two helpers control.
#[test]
fn no_sequence_between_two_controlling_helpers_breaks_the_promise() {
    let mut both = Reached::start();
    for (id, question) in [(ANN, QuestionId(1)), (BOB, QuestionId(2))] {
        let card = IdentityCard::default();
        both = both.after(&Event::Joined(id, card));
        both = both.after(&Event::LinkUp(id));
        both = both.after(&hello(id));
        both = both.after(&Event::Requested(id, Role::Control));
        both = both.after(&Event::Answered(question, Consent::Allow));
        both = both.after(&Event::Recorded(id, Role::Control));
        both = both.after(&press(id));
    }
    assert_eq!(both.model.allowed.len(), 2);
    assert!(walk(both, 7) > 170_000);
}

/// The model is worth something: it objects to a machine that was tampered with.
#[test]
#[should_panic(expected = "unbidden input")]
fn the_model_objects_to_input_without_consent() {
    let mut reached = Reached::start();
    for event in [Event::Joined(ANN, IdentityCard::default()), Event::LinkUp(ANN), hello(ANN)] {
        reached = reached.after(&event);
    }
    let forged = [Action::Inject(ANN, super::key())];
    reached.model.check(reached.stage.now, &press(ANN), &forged);
}
