//! Requests, questions and answers.

use rh_protocol::{
    Consent, EndReason, FromHelper, IdentityCard, InputEvent, Role, ToHelper, VERSION,
};
use rh_session::{Action, Ask, Event, QuestionId};

use super::{ANN, BOB, MAIN, Stage, displays, hello, key, press, question, seconds};

fn answer(role: Role, consent: Consent) -> Action {
    Action::Answer { peer: ANN, role, consent }
}

fn paused(peer: rh_protocol::PeerId, paused: bool) -> Action {
    Action::Tell(peer, ToHelper::InputPaused { paused })
}

fn granted(role: Role) -> Action {
    Action::Tell(ANN, ToHelper::Granted { role })
}

fn listed() -> Action {
    Action::Tell(ANN, ToHelper::Displays { displays: displays(), current: MAIN })
}

/// S-58: a helper may be linked and waiting; not one picture is taken or sent before Allow.
#[test]
fn s58_nothing_is_shared_before_allow() {
    let mut stage = Stage::new();
    let card = IdentityCard { full_name: Some("Ann\u{202e}".into()), ..IdentityCard::default() };
    assert_eq!(stage.on(Event::Joined(ANN, card)), []);

    let clean = IdentityCard { full_name: Some("Ann".into()), ..IdentityCard::default() };
    let role = Role::View;
    let ask = Ask { question: QuestionId(1), peer: ANN, card: clean, role, held: None };
    assert_eq!(stage.on(Event::Requested(ANN, role)), [Action::Ask(ask)]);
    let said = ToHelper::Hello { version: VERSION };
    assert_eq!(stage.on(Event::LinkUp(ANN)), [Action::Tell(ANN, said)]);
    assert_eq!(stage.on(hello(ANN)), []);

    assert_eq!(
        stage.on(Event::Answered(QuestionId(1), Consent::Allow)),
        [
            answer(role, Consent::Allow),
            granted(role),
            listed(),
            Action::StartSharing(MAIN),
            Action::Show(ANN),
        ],
    );
}

/// S-58: consent for one helper shows nothing to another.
#[test]
fn s58_another_helper_sees_nothing_of_what_one_was_allowed() {
    let mut stage = Stage::with(ANN, Role::Control);
    stage.connect(BOB);
    let question = stage.ask(BOB, Role::View);
    let todo = stage.on(Event::Answered(question, Consent::Decline));
    assert!(!todo.contains(&Action::Show(BOB)), "{todo:?}");
    assert!(!todo.contains(&Action::StopSharing), "Ann still sees");
}

/// S-48: a no is told, and ends it.
#[test]
fn s48_a_decline_is_told() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let question = stage.ask(ANN, Role::Control);
    assert_eq!(
        stage.on(Event::Answered(question, Consent::Decline)),
        [answer(Role::Control, Consent::Decline), Action::Drop(ANN, EndReason::Declined)],
    );
    assert_eq!(stage.on(Event::Requested(ANN, Role::Control)), [], "it is over");
}

/// S-48: silence is a no.
#[test]
fn s48_silence_is_a_decline() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let question = stage.ask(ANN, Role::View);
    assert_eq!(stage.after(seconds(59.9)), []);
    assert_eq!(
        stage.after(seconds(0.1)),
        [
            Action::Withdraw(question),
            answer(Role::View, Consent::Decline),
            Action::Drop(ANN, EndReason::NoAnswer),
        ],
    );
    assert_eq!(stage.session.deadline(), None);
}

/// S-48: a click that comes too late allows nothing, even if the caller forgot to tick.
#[test]
fn s48_a_late_yes_is_no_yes() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let question = stage.ask(ANN, Role::View);
    stage.now += seconds(60.0);
    let todo = stage.on(Event::Answered(question, Consent::Allow));
    assert!(todo.contains(&Action::Drop(ANN, EndReason::NoAnswer)), "{todo:?}");
    assert!(!todo.contains(&Action::StartSharing(MAIN)), "{todo:?}");
}

/// S-48: an answer counts for its own question only, however alike two questions are.
#[test]
fn s48_a_click_on_an_old_dialog_answers_no_new_question() {
    let mut stage = Stage::with(ANN, Role::View);
    let old = stage.ask(ANN, Role::Control);
    stage.after(seconds(60.0));
    let new = stage.ask(ANN, Role::Control);
    assert_ne!(old, new);
    assert_eq!(stage.on(Event::Answered(old, Consent::Allow)), []);
    let todo = stage.on(Event::Answered(new, Consent::Allow));
    assert!(todo.contains(&granted(Role::Control)), "{todo:?}");
}

/// S-48: one dialog per helper; asking again does not move its deadline.
#[test]
fn s48_a_repeated_request_is_ignored() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    stage.ask(ANN, Role::View);
    let deadline = stage.session.deadline();
    stage.after(seconds(30.0));
    assert_eq!(stage.on(Event::Requested(ANN, Role::Control)), []);
    assert_eq!(stage.session.deadline(), deadline);
}

/// M-09: from view to control takes a second yes, and the viewing goes on meanwhile.
#[test]
fn m09_an_upgrade_takes_a_second_yes() {
    let mut stage = Stage::with(ANN, Role::View);
    let todo = stage.on(Event::Requested(ANN, Role::Control));
    let Some(Action::Ask(ask)) = todo.last() else { panic!("{todo:?}") };
    assert_eq!((ask.role, ask.held), (Role::Control, Some(Role::View)));
    assert_eq!(todo[..todo.len() - 1], [paused(ANN, true)], "nobody is hidden from");
    assert_eq!(
        stage.on(Event::Answered(ask.question, Consent::Allow)),
        [answer(Role::Control, Consent::Allow), granted(Role::Control), listed()],
        "input waits for the record (S-46)"
    );
    assert_eq!(stage.on(Event::Recorded(ANN, Role::Control)), [paused(ANN, false)]);
    assert_eq!(stage.on(press(ANN)), [Action::Inject(ANN, key())]);
}

/// M-09: a declined upgrade leaves the session as it was.
#[test]
fn m09_a_declined_upgrade_leaves_the_viewing() {
    let mut stage = Stage::with(ANN, Role::View);
    let question = stage.ask(ANN, Role::Control);
    assert_eq!(
        stage.on(Event::Answered(question, Consent::Decline)),
        [answer(Role::Control, Consent::Decline), paused(ANN, false)],
    );
    assert_eq!(stage.on(press(ANN)), []);
}

/// M-09: a helper cannot wear the sharer down with questions.
#[test]
fn m09_after_three_declined_upgrades_no_more_are_asked() {
    let mut stage = Stage::with(ANN, Role::View);
    for _ in 0..3 {
        let question = stage.ask(ANN, Role::Control);
        stage.on(Event::Answered(question, Consent::Decline));
    }
    let todo = stage.on(Event::Requested(ANN, Role::Control));
    assert_eq!(todo, [answer(Role::Control, Consent::Decline)]);
}

/// M-09: less than what is held needs no question, and takes effect at once.
#[test]
fn m09_a_helper_may_give_up_control_unasked() {
    let mut stage = Stage::with(ANN, Role::Control);
    stage.on(press(ANN));
    assert_eq!(
        stage.on(Event::Requested(ANN, Role::View)),
        [
            answer(Role::View, Consent::Allow),
            granted(Role::View),
            listed(),
            Action::ReleaseAll(ANN)
        ],
    );
    assert_eq!(stage.on(press(ANN)), []);
    assert!(question(&stage.on(Event::Requested(ANN, Role::Control))).is_some(), "asked anew");
}

/// S-19: control that the organisation does not allow any more is taken back at once; nothing stays
/// pressed, and the picture stays.
#[test]
fn s19_control_is_taken_back() {
    let mut stage = Stage::with(ANN, Role::Control);
    stage.on(press(ANN));
    let todo = stage.on(Event::Lowered(ANN, Role::View));
    assert_eq!(todo, [granted(Role::View), listed(), Action::ReleaseAll(ANN)]);
    assert_eq!(stage.on(press(ANN)), []);
    assert_eq!(stage.on(Event::Lowered(ANN, Role::View)), [], "there is nothing left to take");
}

/// S-19: a question for control that must not be asked any more is withdrawn, and a click that comes
/// too late allows nothing; less may still be asked for.
#[test]
fn s19_a_question_is_taken_back() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let first = stage.ask(ANN, Role::Control);
    assert_eq!(stage.on(Event::Lowered(ANN, Role::View)), [Action::Withdraw(first)]);
    assert_eq!(stage.on(Event::Answered(first, Consent::Allow)), []);
    let view = stage.ask(ANN, Role::View);
    assert_eq!(stage.on(Event::Lowered(ANN, Role::View)), [], "not a question for no more");
    stage.on(Event::Answered(view, Consent::Allow));
    let more = stage.ask(ANN, Role::Control);
    let todo = stage.on(Event::Lowered(ANN, Role::View));
    assert!(todo.contains(&Action::Withdraw(more)), "{todo:?}");
    assert_eq!(stage.on(Event::Answered(more, Consent::Allow)), []);
    assert_eq!(stage.on(press(ANN)), []);
}

/// B-03: while any question is open, no helper acts and none holds anything down.
#[test]
fn b03_no_input_while_the_sharer_is_asked() {
    let mut stage = Stage::with(ANN, Role::Control);
    stage.on(press(ANN));
    stage.connect(BOB);
    let todo = stage.on(Event::Requested(BOB, Role::View));
    assert_eq!(todo[..2], [Action::ReleaseAll(ANN), paused(ANN, true)]);
    let Some(question) = question(&todo[2..]) else { panic!("{todo:?}") };
    assert_eq!(stage.on(press(ANN)), []);
    let todo = stage.on(Event::Answered(question, Consent::Decline));
    assert!(todo.contains(&paused(ANN, false)), "{todo:?}");
    assert_eq!(stage.on(press(ANN)), [Action::Inject(ANN, key())]);
}

/// B-03: what a helper does before its yes is dropped, not kept for later.
#[test]
fn b03_input_before_consent_is_dropped() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    assert_eq!(stage.on(press(ANN)), []);
    let question = stage.ask(ANN, Role::Control);
    assert_eq!(stage.on(press(ANN)), []);
    let todo = stage.on(Event::Answered(question, Consent::Allow));
    assert!(!todo.iter().any(|action| matches!(action, Action::Inject(..))), "{todo:?}");
}

/// S-48: who was allowed to look does not act.
#[test]
fn s48_a_viewer_never_acts() {
    let mut stage = Stage::with(ANN, Role::View);
    assert_eq!(stage.on(press(ANN)), []);
    let release = FromHelper::Input { seq: 2, event: InputEvent::ReleaseAll };
    assert_eq!(stage.on(Event::Heard(ANN, release)), []);
}

#[test]
fn a_grant_waits_for_the_link_but_not_for_ever() {
    let mut stage = Stage::new();
    stage.on(Event::Joined(ANN, IdentityCard::default()));
    let question = stage.ask(ANN, Role::View);
    let todo = stage.on(Event::Answered(question, Consent::Allow));
    assert_eq!(todo, [answer(Role::View, Consent::Allow), Action::StartSharing(MAIN)]);

    let mut late = Stage { session: stage.session.clone(), now: stage.now };
    let lost = Action::Drop(ANN, EndReason::ConnectionLost);
    assert_eq!(late.after(seconds(20.0)), [Action::StopSharing, lost]);

    let said = Action::Tell(ANN, ToHelper::Hello { version: VERSION });
    let todo = stage.on(Event::LinkUp(ANN));
    assert_eq!(todo, [said, granted(Role::View), listed(), Action::Show(ANN)]);
    assert_eq!(stage.session.deadline(), None);
}

#[test]
fn a_helper_that_speaks_another_version_is_dropped() {
    let mut stage = Stage::with(ANN, Role::Control);
    let other = FromHelper::Hello { version: VERSION + 1 };
    let todo = stage.on(Event::Heard(ANN, other));
    assert_eq!(todo.last(), Some(&Action::Drop(ANN, EndReason::Version)));
}

#[test]
fn input_before_the_hello_does_not_count() {
    let mut stage = Stage::new();
    stage.on(Event::Joined(ANN, IdentityCard::default()));
    stage.on(Event::LinkUp(ANN));
    let question = stage.ask(ANN, Role::Control);
    stage.on(Event::Answered(question, Consent::Allow));
    stage.on(Event::Recorded(ANN, Role::Control));
    assert_eq!(stage.on(press(ANN)), []);
    stage.on(hello(ANN));
    assert_eq!(stage.on(press(ANN)), [Action::Inject(ANN, key())]);
}

#[test]
fn a_heartbeat_is_answered_before_consent() {
    let mut stage = Stage::new();
    stage.connect(ANN);
    let todo = stage.on(Event::Heard(ANN, FromHelper::Ping { nonce: 7 }));
    assert_eq!(todo, [Action::Tell(ANN, ToHelper::Pong { nonce: 7 })]);
}

#[test]
fn a_fourth_helper_is_turned_away() {
    let mut stage = Stage::new();
    let ids = [1, 2, 3, 4].map(rh_protocol::PeerId);
    let todo = ids.map(|id| stage.on(Event::Joined(id, IdentityCard::default())));
    assert_eq!(todo[..3], [const { Vec::new() }; 3]);
    assert_eq!(todo[3], [Action::Drop(ids[3], EndReason::Other)]);
}
