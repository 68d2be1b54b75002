//! What the rules allow, and what becomes of a session when they change.

use rh_policy::{
    Compliance, ConditionalAccess, Device, Enrolment, RoleDefinition, Tenant, Unrecognised,
};
use rh_protocol::policy::{Action, FixCode, ReasonCode, WarningCode, Who};
use rh_protocol::{Consent, Role};

use super::tests::{AGENT, HELPER, World, caller, mac, refused, tenant};
use super::*;

/// A world whose rules are `change`d before anything happens.
fn world(change: impl FnOnce(&mut Tenant)) -> World {
    let mut world = World::new();
    rule(&mut world, change);
    world
}

/// Rules like those of the world, `change`d; what that leads to.
fn rule(world: &mut World, change: impl FnOnce(&mut Tenant)) -> Vec<Effect> {
    let mut rules = tenant("ours");
    change(&mut rules);
    world.happen(Event::Ruled(Box::new(rules)))
}

fn only_view(tenant: &mut Tenant) {
    tenant.assignments[0].role = RoleDefinition::view_only_helper().id;
}

fn nobody(tenant: &mut Tenant) {
    tenant.assignments.clear();
}

fn device(change: impl FnOnce(&mut Device)) -> Event {
    let mut device = mac(&"ours".parse().unwrap());
    change(&mut device);
    Event::Found(AGENT, device)
}

/// What `conn` is told may not be done, and why.
fn denials(effects: &[Effect], conn: ConnId) -> Vec<(Action, Vec<ReasonCode>)> {
    let denied = |effect: &Effect| {
        let Effect::Tell(to, ToClient::Denied { action, reasons }) = effect else { return None };
        let codes = reasons.iter().map(|reason| reason.code).collect();
        (*to == conn).then_some((*action, codes))
    };
    effects.iter().filter_map(denied).collect()
}

fn warnings(effects: &[Effect]) -> Option<Vec<WarningCode>> {
    effects.iter().find_map(|effect| {
        let Effect::Tell(HELPER, ToClient::Terms { warnings, .. }) = effect else { return None };
        Some(warnings.iter().map(|warning| warning.code).collect())
    })
}

fn ends(conn: ConnId) -> Effect {
    Effect::Tell(conn, ToClient::Ended { reason: EndReason::RightRevoked })
}

fn allow(world: &mut World, role: Role) {
    world.say(HELPER, FromClient::Request { role });
    world.say(AGENT, FromClient::Answer { role, consent: Consent::Allow, shown: None });
}

/// S-09: a tenant that nobody set up is switched off, and says what to turn.
#[test]
fn a_fresh_tenant_is_switched_off() {
    let mut world = world(|tenant| *tenant = Tenant::new(tenant.id.clone()));
    let effects = world.say(HELPER, FromClient::NewSession { device: None });
    assert_eq!(denials(&effects, HELPER), [(Action::MakeCode, vec![ReasonCode::TenantDisabled])]);
    let [Effect::Tell(_, ToClient::Denied { reasons, .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    let fix = &reasons[0].fixes[0];
    assert_eq!((fix.code, fix.who), (FixCode::SwitchOn, Who::Administrator));
    assert_eq!(fix.setting.as_deref(), Some("remoteAssistanceState"));
}

/// S-19, M-01: the code of a helper who loses the right to make one is void at once, and stays so.
#[test]
fn a_code_is_void_once_its_helper_may_not_make_it() {
    let mut world = World::new();
    let code = world.code();
    let effects = rule(&mut world, nobody);
    let [(Action::MakeCode, reasons)] = &denials(&effects, HELPER)[..] else {
        panic!("{effects:?}")
    };
    assert!(reasons.contains(&ReasonCode::PermissionMissing));
    assert_eq!(world.join(AGENT, &code), refused(AGENT, Refusal::Code));
    rule(&mut world, |_| {});
    assert_eq!(world.join(AGENT, &code), refused(AGENT, Refusal::Code), "as a wrong code");
    let fresh = world.code();
    assert_eq!(world.join(AGENT, &fresh).len(), 2);
}

/// S-54: a code may be for one device. The helper is warned of another, and of one that nobody knows, as
/// long as it is shared; a later code is for any.
#[test]
fn a_code_is_for_the_device_it_was_made_for() {
    let wants = |world: &mut World, device: Option<&str>| {
        let device = device.map(str::to_owned);
        let effects = world.say(HELPER, FromClient::NewSession { device });
        let [Effect::Tell(_, ToClient::Session { code, .. })] = &effects[..] else {
            panic!("{effects:?}")
        };
        code.clone()
    };
    let named = |id: Option<&str>| device(|it| it.id = id.map(|id| id.parse().unwrap()));
    let other = Some(vec![WarningCode::OtherDevice]);
    let mut world = World::new();
    world.happen(named(Some("mac-7")));
    let code = wants(&mut world, Some("mac-7"));
    assert_eq!(warnings(&world.join(AGENT, &code)), None);
    assert_eq!(warnings(&world.happen(named(Some("mac-8")))), other);
    assert_eq!(warnings(&world.happen(named(Some("mac-7")))), Some(vec![]));
    assert_eq!(warnings(&world.happen(named(None))), other, "nobody knows which");
    world.say(HELPER, FromClient::Leave { reason: EndReason::HelperEnded });
    let code = wants(&mut world, None);
    assert_eq!(warnings(&world.join(AGENT, &code)), None);

    let mut world = World::new();
    let device = Some("no id at all: \u{e9}".to_owned());
    let told = world.say(HELPER, FromClient::NewSession { device });
    assert_eq!(told, refused(HELPER, Refusal::NotAllowed));
}

/// S-11, B-18: an unenrolled device is refused, both hear why, and a tenant may allow it (S-15).
#[test]
fn an_unenrolled_device_is_refused_unless_the_tenant_allows_it() {
    let mut world = World::new();
    let code = world.code();
    world.happen(device(|it| it.enrolment = Enrolment::Unenrolled));
    let effects = world.join(AGENT, &code);
    for side in [AGENT, HELPER] {
        assert_eq!(denials(&effects, side), [(Action::Join, vec![ReasonCode::Unenrolled])]);
    }
    rule(&mut world, |it| it.settings.allow_sessions_to_unenrolled_devices = true);
    let effects = world.join(AGENT, &code);
    assert_eq!(warnings(&effects), Some(vec![WarningCode::Unenrolled]));
}

/// B-06: a sharer hears nothing of the helper's roles, even beside what is wrong with the device.
#[test]
fn a_sharer_hears_nothing_of_the_helpers_roles() {
    let mut world = World::new();
    let code = world.code();
    rule(&mut world, nobody);
    world.happen(device(|it| it.enrolment = Enrolment::Unenrolled));
    let effects = world.join(AGENT, &code);
    assert_eq!(effects[..1], refused(AGENT, Refusal::Code));
    assert_eq!(denials(&effects, AGENT), []);
}

/// S-13, S-14: a device that does not keep the rules warns before the session and never blocks it;
/// what changes during the session is told at once.
#[test]
fn compliance_warns_and_never_blocks() {
    let mut world = World::new();
    let code = world.code();
    world.happen(device(|it| it.compliance = Compliance::Noncompliant));
    assert_eq!(warnings(&world.join(AGENT, &code)), Some(vec![WarningCode::NotCompliant]));
    let role = Role::Control;
    let asked = world.say(HELPER, FromClient::Request { role });
    assert_eq!(asked, [Effect::Tell(AGENT, ToClient::Requested { role })]);
    assert_eq!(warnings(&world.happen(device(|_| {}))), Some(vec![]));
    assert_eq!(world.happen(device(|_| {})), [], "nothing new, nothing told");
    let effects = world.happen(device(|it| it.compliance = Compliance::InGracePeriod));
    assert_eq!(warnings(&effects), Some(vec![WarningCode::InGracePeriod]));
}

/// S-15: what is known of a device grows old by itself, and the helper is told within a minute.
#[test]
fn a_report_that_grows_old_is_told() {
    let mut world = World::met();
    world.hub.tick(world.now);
    world.now += Duration::from_secs(24 * 3600 + 1);
    assert_eq!(warnings(&world.hub.tick(world.now)), Some(vec![WarningCode::RecordStale]));
}

/// S-19: view only is as far as a view-only helper gets, and asking does not open a question.
#[test]
fn a_mode_is_refused_when_it_is_asked_for() {
    let mut world = world(only_view);
    let code = world.code();
    world.join(AGENT, &code);
    let effects = world.say(HELPER, FromClient::Request { role: Role::Control });
    let denied = [(Action::Control, vec![ReasonCode::PermissionMissing])];
    assert_eq!(denials(&effects, HELPER), denied);
    assert_eq!(effects.len(), 1, "the sharer is not asked");
    allow(&mut world, Role::View);
    let effects = world.say(HELPER, FromClient::Request { role: Role::Control });
    assert_eq!(denials(&effects, HELPER)[0].0, Action::Upgrade);
}

/// S-19: control that is taken back falls to viewing at once, and the helper hears why.
#[test]
fn control_that_is_revoked_falls_back_to_viewing() {
    let mut world = World::met();
    allow(&mut world, Role::Control);
    let effects = rule(&mut world, only_view);
    let denied = [(Action::Control, vec![ReasonCode::PermissionMissing])];
    assert_eq!(denials(&effects, HELPER), denied);
    assert_eq!(effects[1..], [Effect::Tell(AGENT, ToClient::Lowered { role: Role::View })]);
    assert_eq!(rule(&mut world, only_view), [], "said once");
    assert_eq!(rule(&mut world, nobody).last(), Some(&ends(AGENT)));
}

/// S-19: a question for control that is not allowed any more is taken back; its answer is refused.
#[test]
fn a_question_that_is_revoked_is_taken_back() {
    let mut world = World::met();
    let (role, consent) = (Role::Control, Consent::Allow);
    world.say(HELPER, FromClient::Request { role });
    let effects = rule(&mut world, only_view);
    assert_eq!(effects[1..], [Effect::Tell(AGENT, ToClient::Lowered { role: Role::View })]);
    let answer = FromClient::Answer { role, consent, shown: None };
    assert_eq!(world.say(AGENT, answer), refused(AGENT, Refusal::NotAllowed));
    allow(&mut world, Role::View);
}

/// S-19, S-20: whatever right goes, the session ends at once with its reason, for both.
#[test]
fn a_revoked_right_ends_the_session() {
    type Change = fn(&mut Tenant);
    let changes: [(Change, ReasonCode); 2] = [
        (nobody, ReasonCode::PermissionMissing),
        (|it| *it = Tenant::new(it.id.clone()), ReasonCode::TenantDisabled),
    ];
    for (change, code) in changes {
        for role in [None, Some(Role::View), Some(Role::Control)] {
            let mut world = World::met();
            role.into_iter().for_each(|role| allow(&mut world, role));
            let effects = rule(&mut world, change);
            assert!(denials(&effects, HELPER)[0].1.contains(&code), "{effects:?}");
            assert_eq!(effects[1..], [ends(HELPER), ends(AGENT)]);
            let step = Negotiation::Offer { sdp: "v=0".to_owned() };
            assert_eq!(world.say(HELPER, FromClient::Negotiate { step }), [], "it is over");
            rule(&mut world, |_| {});
            let code = world.code();
            assert_eq!(world.join(AGENT, &code).len(), 2, "both are free again");
        }
    }
}

/// S-11, B-18: a device that is no longer enrolled ends the session, and its sharer hears why.
#[test]
fn a_device_that_leaves_the_management_ends_the_session() {
    let mut world = World::met();
    allow(&mut world, Role::View);
    let why = Unrecognised::NotInPortal;
    let effects = world.happen(device(|it| it.enrolment = Enrolment::Unknown(why)));
    for (side, action) in [(HELPER, Action::View), (AGENT, Action::Join)] {
        assert_eq!(denials(&effects, side), [(action, vec![ReasonCode::EnrolmentUnknown])]);
        assert!(effects.contains(&ends(side)));
    }
}

/// S-19: whatever nobody reported is found within a minute: every session is asked about again.
#[test]
fn every_session_is_asked_about_every_minute() {
    let mut world = World::met();
    world.hub.tick(world.now);
    // As if the news of it had been lost.
    world.hub.rules.set({
        let mut rules = tenant("ours");
        nobody(&mut rules);
        rules
    });
    world.now += RECHECK_EVERY - Duration::from_millis(1);
    assert_eq!(world.hub.tick(world.now), []);
    world.now += Duration::from_millis(1);
    assert_eq!(world.hub.tick(world.now)[1..], [ends(HELPER), ends(AGENT)]);
    assert!(RECHECK_EVERY <= Duration::from_secs(60));
}

fn conditions(json: &str) -> ConditionalAccess {
    serde_json::from_str(json).unwrap()
}

fn step_up(to: ConnId, action: Action) -> Vec<Effect> {
    vec![Effect::Tell(to, ToClient::StepUp { action, context: "c1".to_owned() })]
}

/// Signs in more strongly on `conn`.
fn stronger(world: &mut World, conn: ConnId) -> Vec<Effect> {
    let mut person = caller(conn).person;
    person.contexts.insert("c1".parse().unwrap());
    world.happen(Event::Known(conn, person))
}

/// S-12: an action asks for its stronger sign-in; the session waits for it, and goes on.
#[test]
fn the_session_waits_for_a_stronger_sign_in() {
    let json = r#"{"session.make_code": "c1", "session.join": "c1", "session.upgrade": "c1"}"#;
    let mut world = world(|tenant| tenant.conditions = conditions(json));
    assert_eq!(
        world.say(HELPER, FromClient::NewSession { device: None }),
        step_up(HELPER, Action::MakeCode)
    );
    stronger(&mut world, HELPER);
    let code = world.code();
    for _ in 0..9 {
        assert_eq!(world.join(AGENT, &code), step_up(AGENT, Action::Join), "costs no attempt");
    }
    stronger(&mut world, AGENT);
    assert_eq!(world.join(AGENT, &code).len(), 2);
    allow(&mut world, Role::View);
    world.happen(Event::Known(HELPER, caller(HELPER).person));
    let role = Role::Control;
    let request = FromClient::Request { role };
    assert_eq!(world.say(HELPER, request.clone()), step_up(HELPER, Action::Upgrade));
    assert_eq!(stronger(&mut world, HELPER), []);
    let asked = [Effect::Tell(AGENT, ToClient::Requested { role })];
    assert_eq!(world.say(HELPER, request), asked);
}

/// S-20: nobody becomes somebody else on an open connection.
#[test]
fn a_connection_keeps_its_person() {
    let mut world = World::new();
    rule(&mut world, |tenant| tenant.assignments[0].members.people.clear());
    for other in [caller(AGENT).person, {
        let person = caller(HELPER).person;
        rh_policy::Person { tenant: "theirs".parse().unwrap(), ..person }
    }] {
        assert_eq!(world.happen(Event::Known(HELPER, other)), []);
        let before = &world.hub.conns[&HELPER].caller.person;
        assert_eq!(*before, caller(HELPER).person);
    }
}

/// M-04: a tenant without chat says so to both, before anything is shared and when it changes.
#[test]
fn both_hear_whether_they_may_chat() {
    let mut world = world(|tenant| tenant.settings.block_chat = true);
    let code = world.code();
    let terms = |to, chat| Effect::Tell(to, ToClient::Terms { warnings: Vec::new(), chat });
    assert_eq!(world.join(AGENT, &code)[2..], [terms(HELPER, false), terms(AGENT, false)]);
    assert_eq!(rule(&mut world, |_| {}), [terms(HELPER, true), terms(AGENT, true)]);
}
