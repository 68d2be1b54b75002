//! What an attacker may try with codes, through the hub.

use rh_policy::{
    Action, ConditionalAccess, Device, Enrolment, Person, RoleDefinition, Scope, SharingApp,
    Target, Tenant, Unrecognised,
};
use rh_protocol::{Consent, Role};

use super::tests::{AGENT, HELPER, World, caller, mac, refused, tenant};
use super::*;

/// Connects the `n`th of many sharers, each with an account and a network of their own.
fn sharer(world: &mut World, n: u16, tenant: &str) -> ConnId {
    let conn = ConnId(1000 + u64::from(n));
    let [high, low] = n.to_be_bytes();
    let Caller { person, card, .. } = caller(conn);
    let person = Person { tenant: tenant.parse().unwrap(), ..person };
    let (device, address) = (Some(mac(&person.tenant)), [10, 0, high, low].into());
    world.happen(Event::Connected(conn, Box::new(Caller { person, card, address, device })));
    world.say(conn, FromClient::Hello { version: VERSION, client: Client::Agent });
    conn
}

/// B-06: a thousand accounts at a thousand addresses guess no more than their tenant may in an
/// hour; administrators hear of it once, and another tenant does not notice.
#[test]
fn a_thousand_guessers_share_one_tenants_limit() {
    let mut world = World::new();
    let code = world.code();
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    let guessers: Vec<ConnId> = (0..1000).map(|n| sharer(&mut world, n, "ours")).collect();
    let (mut looked_at, mut alarms) = (0, Vec::new());
    for _ in 0..3 {
        for &guesser in &guessers {
            let effects = world.join(guesser, wrong);
            looked_at += usize::from(effects[..1] == refused(guesser, Refusal::Code));
            alarms.extend(effects.into_iter().skip(1));
        }
    }
    assert_eq!(looked_at, 200);
    let tenant = "ours".parse().unwrap();
    let alarm = Alarm::GuessedCodes { tenant, failures: 200, accounts: 200 };
    assert_eq!(alarms, [Effect::Alarm(alarm)]);

    let (refusal, retry_in) = (Refusal::TooManyAttempts, Some(3600));
    let wait = [Effect::Tell(AGENT, ToClient::Refused { refusal, retry_in })];
    assert_eq!(world.join(AGENT, &code), wait, "a right code is not told from a wrong one");
    let elsewhere = sharer(&mut world, 1001, "theirs");
    assert_eq!(world.join(elsewhere, wrong), refused(elsewhere, Refusal::Code));

    world.now += Duration::from_secs(3600);
    let code = world.code();
    assert_eq!(world.join(AGENT, &code).len(), 2, "the hour is over");
}

/// B-06: a code opens nothing for another tenant, is answered as a wrong one, and stays good.
#[test]
fn a_code_opens_nothing_for_another_tenant() {
    let mut world = World::new();
    let code = world.code();
    let stranger = sharer(&mut world, 0, "theirs");
    assert_eq!(world.join(stranger, &code), refused(stranger, Refusal::Code));
    assert_eq!(world.join(AGENT, &code).len(), 2);
}

/// S-48, B-06: the code alone never suffices. Once it is entered, all that a helper can bring about
/// is a question on the sharer's side; what allows anything is the sharer's own answer, and nobody
/// else can give it.
#[test]
fn a_redeemed_code_gives_nothing_but_a_question() {
    let mut world = World::new();
    let code = world.code();
    let effects = world.join(AGENT, &code);
    let only_names = |effect: &Effect| matches!(effect, Effect::Tell(_, ToClient::Joined { .. }));
    assert!(effects.len() == 2 && effects.iter().all(only_names), "{effects:?}");

    let role = Role::Control;
    let allow = FromClient::Answer { role, consent: Consent::Allow, shown: None };
    let not_allowed = |conn| refused(conn, Refusal::NotAllowed);
    assert_eq!(world.say(HELPER, allow.clone()), not_allowed(HELPER), "before the question");
    assert_eq!(world.say(AGENT, allow.clone()), not_allowed(AGENT), "unasked");
    let asked = world.say(HELPER, FromClient::Request { role });
    assert_eq!(asked, [Effect::Tell(AGENT, ToClient::Requested { role })]);
    assert_eq!(world.say(HELPER, allow.clone()), not_allowed(HELPER), "in the sharer's place");
    let intruder = sharer(&mut world, 0, "ours");
    assert_eq!(world.say(intruder, allow), not_allowed(intruder), "from elsewhere");
    // Silence is no answer either.
    world.now += Duration::from_secs(3600);
    assert_eq!(world.hub.tick(world.now), []);
    let consent = Consent::Decline;
    let told = [Effect::Tell(HELPER, ToClient::Answered { role, consent })];
    assert_eq!(world.say(AGENT, FromClient::Answer { role, consent, shown: None }), told);
}

/// Every combination of what a right code may meet: rules, a device, and where the sharer is from.
fn circumstances() -> impl Iterator<Item = (Tenant, Device, &'static str)> {
    let roles = [
        None,
        Some(RoleDefinition::view_only_helper()),
        Some(RoleDefinition::help_desk_operator()),
        Some(RoleDefinition::tenant_admin()),
    ];
    let scopes = [
        Scope::AllDevices,
        Scope::AllLicensedUsers,
        Scope::ResourceScope { resource_scopes: ["elsewhere".parse().unwrap()].into() },
    ];
    let enrolments = [
        Enrolment::Enrolled,
        Enrolment::Unenrolled,
        Enrolment::Unknown(Unrecognised::NothingPresented),
    ];
    let mut all = Vec::new();
    for (role, scope) in roles.iter().flat_map(|role| scopes.iter().map(move |it| (role, it))) {
        for (enrolment, bits) in enrolments.iter().flat_map(|it| (0..8_u8).map(move |n| (it, n))) {
            let mut rules = tenant("ours");
            rules.assignments[0].scope = scope.clone();
            match role {
                Some(role) => rules.assignments[0].role = role.id.clone(),
                None => rules.assignments.clear(),
            }
            rules.settings.allow_sessions_to_unenrolled_devices = bits & 1 != 0;
            if bits & 2 != 0 {
                let context = "c1".parse().unwrap();
                rules.conditions = ConditionalAccess([(Action::Join, context)].into());
            }
            let from = if bits & 4 != 0 { "theirs" } else { "ours" };
            let device = Device { enrolment: *enrolment, ..mac(&from.parse().unwrap()) };
            all.push((rules, device, from));
        }
    }
    all.into_iter()
}

/// S-46, S-20, B-06: the code alone never suffices. Whatever the circumstances, a right code brings
/// two people together if the rules allow that, and then only; else the sharer hears no name, and
/// the helper no more than why.
#[test]
fn a_right_code_lets_in_only_whom_the_rules_let_in() {
    let (mut met, mut not) = (0, 0);
    for (rules, device, from) in circumstances() {
        let mut world = World::new();
        let code = world.code();
        world.happen(Event::Ruled(Box::new(rules.clone())));
        let Caller { person, card, address, .. } = caller(ConnId(9));
        let person = Person { tenant: from.parse().unwrap(), ..person };
        let (helper, app) = (caller(HELPER).person, SharingApp::Native);
        let target = Target::Sharer { person: &person, device: &device, app };
        let expected = rh_policy::decide(&helper, Action::Join, target, &rules).is_allow();
        let sharer = Caller { person: person.clone(), card, address, device: Some(device.clone()) };
        world.happen(Event::Connected(ConnId(9), Box::new(sharer)));
        world.say(ConnId(9), FromClient::Hello { version: VERSION, client: Client::Agent });
        let effects = world.join(ConnId(9), &code);
        let joined = |it: &Effect| matches!(it, Effect::Tell(_, ToClient::Joined { .. }));
        assert_eq!(effects.iter().filter(|it| joined(it)).count(), 2 * usize::from(expected));
        if expected {
            met += 1;
            continue;
        }
        not += 1;
        let silent = |it: &Effect| {
            matches!(
                it,
                Effect::Tell(HELPER, ToClient::Denied { .. })
                    | Effect::Tell(
                        ConnId(9),
                        ToClient::Refused { refusal: Refusal::Code, .. }
                            | ToClient::Denied { .. }
                            | ToClient::StepUp { .. }
                    )
            )
        };
        assert!(effects.iter().all(silent), "{effects:?}");
        assert!(world.hub.sessions.is_empty());
    }
    assert_eq!((met, met + not), (12, 288));
}

/// CVE-2026-23572 (TeamViewer: control without the confirmation that was set): one yes is for one
/// question. A yes to viewing is none to control, and nothing that a helper says stands for one.
#[test]
fn cve_2026_23572_no_confirmation_is_gone_around() {
    let mut world = World::met();
    let (view, control) = (Role::View, Role::Control);
    let answer = |role| FromClient::Answer { role, consent: Consent::Allow, shown: None };
    world.say(HELPER, FromClient::Request { role: view });
    assert_eq!(world.say(AGENT, answer(control)), refused(AGENT, Refusal::NotAllowed));
    world.say(AGENT, answer(view));
    for message in [answer(control), answer(view)] {
        assert_eq!(world.say(HELPER, message), refused(HELPER, Refusal::NotAllowed));
    }
    let asked = [Effect::Tell(AGENT, ToClient::Requested { role: control })];
    assert_eq!(world.say(HELPER, FromClient::Request { role: control }), asked, "asked anew");
}

/// CVE-2021-41767, CVE-2024-35164 (Guacamole: who knew the id of a connection had it): an id of a
/// session opens nothing. No message carries one, and whoever has heard the code, the id and the
/// names finds every way closed.
#[test]
fn cve_2021_41767_an_id_is_no_capability() {
    let mut world = World::new();
    let code = world.code();
    let effects = world.join(AGENT, &code);
    let [Effect::Tell(_, ToClient::Joined { session, .. }), ..] = &effects[..] else {
        panic!("{effects:?}")
    };
    let third = sharer(&mut world, 1, "ours");
    assert_eq!(world.join(third, &session.to_string()), refused(third, Refusal::CodeFormat));
    assert_eq!(world.join(third, &code), refused(third, Refusal::Code));
    let role = Role::View;
    for message in [
        FromClient::Request { role },
        FromClient::Answer { role, consent: Consent::Allow, shown: None },
        FromClient::NewSession { device: None },
    ] {
        assert_eq!(world.say(third, message), refused(third, Refusal::NotAllowed));
    }
    let step = Negotiation::Offer { sdp: "v=0".to_owned() };
    assert_eq!(world.say(third, FromClient::Negotiate { step }), []);
    assert_eq!(world.say(third, FromClient::Relay), []);
    assert_eq!(world.say(third, FromClient::Leave { reason: EndReason::SharerEnded }), []);
}
