//! What an attacker may try with codes, through the hub.

use rh_policy::Person;

use super::tests::{AGENT, HELPER, World, caller, mac, refused};
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
    let allow = FromClient::Answer { role, consent: Consent::Allow };
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
    assert_eq!(world.say(AGENT, FromClient::Answer { role, consent }), told);
}
