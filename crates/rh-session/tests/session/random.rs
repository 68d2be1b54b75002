//! Long random walks among three helpers, held against the model.

use proptest::prelude::*;
use rh_protocol::{
    Consent, DisplayId, EndReason, FromHelper, IdentityCard, PeerId, Point, PointerMove, Role,
};
use rh_session::desktop::DesktopState;
use rh_session::{Event, QuestionId};

use super::model::Model;
use super::{MAIN, SIDE, Stage, display, hello, press, seconds};

fn peer() -> impl Strategy<Value = PeerId> {
    (1u32..=3).prop_map(PeerId)
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::View), Just(Role::Control)]
}

fn message() -> impl Strategy<Value = FromHelper> {
    prop_oneof![
        any::<u16>().prop_map(|version| FromHelper::Hello { version }),
        (0u32..3).prop_map(|id| FromHelper::Select { display: DisplayId(id) }),
        any::<u32>().prop_map(|nonce| FromHelper::Ping { nonce }),
        Just(FromHelper::Bye { reason: EndReason::Declined }),
    ]
}

/// Events such as helpers and sharers cause; the frequent ones lead to control.
fn event() -> impl Strategy<Value = Event> {
    let at = Point::new(MAIN, 0.5, 0.5).expect("on the display");
    let shown = prop::sample::subsequence(vec![display(MAIN, true), display(SIDE, false)], 0..=2);
    let desktop = [DesktopState::Active, DesktopState::SecureInput, DesktopState::Locked];
    prop_oneof![
        8 => peer().prop_map(|id| Event::Joined(id, IdentityCard::default())),
        8 => peer().prop_map(Event::LinkUp),
        8 => peer().prop_map(hello),
        8 => peer().prop_map(press),
        8 => (peer(), role()).prop_map(|(id, role)| Event::Requested(id, role)),
        2 => (peer(), role()).prop_map(|(id, role)| Event::Lowered(id, role)),
        16 => (1u64..12).prop_map(|id| Event::Answered(QuestionId(id), Consent::Allow)),
        4 => (1u64..12).prop_map(|id| Event::Answered(QuestionId(id), Consent::Decline)),
        8 => (peer(), role()).prop_map(|(id, role)| Event::Recorded(id, role)),
        1 => peer().prop_map(Event::Unrecorded),
        2 => (peer(), any::<u32>())
            .prop_map(move |(id, seq)| Event::Pointer(id, PointerMove { seq, at })),
        2 => (peer(), 0.0..9.0).prop_map(|(id, time)| Event::Silent(id, seconds(time))),
        1 => (peer(), message()).prop_map(|(id, message)| Event::Heard(id, message)),
        1 => peer().prop_map(Event::Vanished),
        1 => peer().prop_map(Event::LinkDown),
        1 => peer().prop_map(|id| Event::Left(id, EndReason::HelperLeft)),
        2 => prop::sample::select(desktop.to_vec()).prop_map(Event::DesktopChanged),
        1 => shown.prop_filter("some display", |list| !list.is_empty())
            .prop_map(Event::DisplaysChanged),
        1 => Just(Event::Selected(SIDE)),
        1 => Just(Event::Stopped),
        1 => Just(Event::CaptureFailed),
    ]
}

proptest! {
    /// S-48, S-58, B-03, M-09: nor does any long one.
    #[test]
    fn no_long_sequence_breaks_the_promise(
        script in prop::collection::vec((event(), 0.0..4.0), 1..200),
    ) {
        let (mut stage, mut model) = (Stage::new(), Model::default());
        for (event, pause) in script {
            stage.now += seconds(pause);
            model.note(stage.now, &event);
            let todo = stage.on(event.clone());
            model.check(stage.now, &event, &todo);
            prop_assert!(stage.session.deadline().is_none_or(|due| due > stage.now));
        }
    }
}
