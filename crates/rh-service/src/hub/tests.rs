use rh_policy::{
    Assurance, Compliance, Enrolment, Members, RemoteAssistanceState, RoleAssignment,
    RoleDefinition, Scope, Unrecognised,
};
use rh_policy::{Device, Person, Tenant, TenantId};
use rh_protocol::{Consent, IdentityCard, Role};

use super::*;
use crate::clock;

pub(super) const HELPER: ConnId = ConnId(1);
pub(super) const AGENT: ConnId = ConnId(2);
const THIRD: ConnId = ConnId(3);

pub(super) struct World {
    pub(super) hub: Hub,
    pub(super) now: Instant,
}

pub(crate) fn caller(conn: ConnId) -> Caller {
    let name = format!("person-{}", conn.0);
    let card = IdentityCard { full_name: Some(name.clone()), ..IdentityCard::default() };
    let person = Person::new("ours".parse().unwrap(), name.parse().unwrap());
    let device = Some(mac(&person.tenant));
    Caller { person, card, address: [127, 0, 0, 1].into(), device }
}

/// A Mac that is in order.
pub(super) fn mac(tenant: &TenantId) -> Device {
    Device {
        enrolment: Enrolment::Enrolled,
        compliance: Compliance::Compliant,
        age: Some(Duration::ZERO),
        assurance: Assurance::Certificate,
        ..Device::unknown(tenant.clone(), Unrecognised::NothingPresented)
    }
}

/// A tenant that is switched on, with persons 1 and 2 as Help Desk Operators for everybody.
pub(crate) fn tenant(id: &str) -> Tenant {
    let mut tenant = Tenant::new(id.parse().unwrap());
    tenant.settings.remote_assistance_state = RemoteAssistanceState::Enabled;
    let people = [1, 2].map(|n| format!("person-{n}").parse().unwrap()).into();
    tenant.assignments.push(RoleAssignment {
        role: RoleDefinition::help_desk_operator().id,
        members: Members { people, ..Members::default() },
        scope: Scope::AllDevicesAndLicensedUsers,
    });
    tenant
}

pub(super) fn refused(conn: ConnId, refusal: Refusal) -> Vec<Effect> {
    vec![Effect::Tell(conn, ToClient::Refused { refusal, retry_in: None })]
}

impl World {
    /// A helper and two agents that said hello.
    pub(super) fn new() -> Self {
        let hub = Hub::new(Capacity::default(), Box::new(OsRandom));
        let mut world = Self { hub, now: clock::now() };
        world.happen(Event::Ruled(Box::new(tenant("ours"))));
        for (conn, client) in
            [(HELPER, Client::Helper), (AGENT, Client::Agent), (THIRD, Client::Agent)]
        {
            world.happen(Event::Connected(conn, Box::new(caller(conn))));
            world.say(conn, FromClient::Hello { version: VERSION, client });
        }
        world
    }

    /// The helper and the first agent in a session.
    pub(super) fn met() -> Self {
        let mut world = Self::new();
        let code = world.code();
        assert_eq!(world.say(AGENT, FromClient::Join { code }).len(), 2);
        world
    }

    /// What must be done, but for what `crate::shield` does when two meet.
    pub(super) fn happen(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = self.hub.handle(self.now, event);
        effects.retain(|effect| !matches!(effect, Effect::Acquaint(_)));
        effects
    }

    pub(super) fn say(&mut self, conn: ConnId, message: FromClient) -> Vec<Effect> {
        self.happen(Event::Said(conn, message))
    }

    pub(super) fn code(&mut self) -> String {
        let effects = self.say(HELPER, FromClient::NewSession { device: None });
        let [Effect::Tell(HELPER, ToClient::Session { code, expires_in: 600, .. })] = &effects[..]
        else {
            panic!("{effects:?}")
        };
        code.clone()
    }

    pub(super) fn join(&mut self, conn: ConnId, code: &str) -> Vec<Effect> {
        self.say(conn, FromClient::Join { code: code.to_owned() })
    }
}

fn ended(conn: ConnId, reason: EndReason) -> Vec<Effect> {
    vec![Effect::Tell(conn, ToClient::Ended { reason })]
}

/// S-57: each hears who the other is.
#[test]
fn a_right_code_introduces_both() {
    let mut world = World::new();
    let code = world.code();
    let effects = world.join(AGENT, &code);
    let [
        Effect::Tell(HELPER, ToClient::Joined { session: a, peer: sharer }),
        Effect::Tell(AGENT, ToClient::Joined { session: b, peer: helper }),
    ] = &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!((a, sharer, helper), (b, &caller(AGENT).card, &caller(HELPER).card));
}

/// S-46: wrong, expired and used codes answer alike.
#[test]
fn dead_codes_answer_alike() {
    let mut world = World::new();
    let used = world.code();
    let wrong = if used == "00000000" { "00000001" } else { "00000000" };
    assert_eq!(world.join(AGENT, wrong), refused(AGENT, Refusal::Code));
    world.join(AGENT, &used);
    assert_eq!(world.join(THIRD, &used), refused(THIRD, Refusal::Code), "used");
    world.say(HELPER, FromClient::Leave { reason: EndReason::HelperEnded });
    let replaced = world.code();
    let expired = world.code();
    assert_eq!(world.join(THIRD, &replaced), refused(THIRD, Refusal::Code), "replaced");
    world.now += CODE_LIFE;
    assert_eq!(world.join(THIRD, &expired), refused(THIRD, Refusal::Code), "expired");
}

/// S-55: a code dies with its helper's page, and when the helper takes it back.
#[test]
fn a_code_dies_with_its_helper() {
    let mut world = World::new();
    let code = world.code();
    assert_eq!(world.say(HELPER, FromClient::Leave { reason: EndReason::HelperEnded }), []);
    assert_eq!(world.join(AGENT, &code), refused(AGENT, Refusal::Code));
    let code = world.code();
    assert_eq!(world.happen(Event::Closed(HELPER)), []);
    assert_eq!(world.join(AGENT, &code), refused(AGENT, Refusal::Code));
}

/// B-06: after five wrong codes a right one is not even looked at.
#[test]
fn a_guesser_has_to_wait() {
    let mut world = World::new();
    let code = world.code();
    for n in 0..5 {
        let wrong = format!("{:08}", (code.parse::<u32>().unwrap() + 1 + n) % 100_000_000);
        assert_eq!(world.join(AGENT, &wrong), refused(AGENT, Refusal::Code));
    }
    let (refusal, retry_in) = (Refusal::TooManyAttempts, Some(300));
    let wait = vec![Effect::Tell(AGENT, ToClient::Refused { refusal, retry_in })];
    assert_eq!(world.join(AGENT, &code), wait);
    assert_eq!(world.join(AGENT, "nonsense"), refused(AGENT, Refusal::CodeFormat));
    assert_eq!(world.join(THIRD, &code).len(), 2, "someone else may");
}

/// B-06: the wait belongs to the account and not to its socket.
#[test]
fn a_new_socket_does_not_shorten_the_wait() {
    let mut world = World::new();
    for _ in 0..5 {
        world.join(AGENT, "00000000");
    }
    world.happen(Event::Closed(AGENT));
    world.happen(Event::Connected(ConnId(9), Box::new(caller(AGENT))));
    world.say(ConnId(9), FromClient::Hello { version: VERSION, client: Client::Agent });
    let effects = world.join(ConnId(9), "00000000");
    let [Effect::Tell(_, ToClient::Refused { refusal: Refusal::TooManyAttempts, .. })] =
        &effects[..]
    else {
        panic!("{effects:?}")
    };
}

/// Whether all that happens is that both sides may use a relay.
fn agreed(effects: &[Effect]) -> bool {
    matches!(effects, [Effect::Agreed(_, sides)] if sides[..] == [HELPER, AGENT])
}

#[test]
fn one_question_at_a_time_and_only_its_answer() {
    let mut world = World::met();
    let (view, control) = (Role::View, Role::Control);
    let answer = |role| FromClient::Answer { role, consent: Consent::Allow, shown: None };
    assert_eq!(world.say(AGENT, answer(view)), refused(AGENT, Refusal::NotAllowed));
    let asked = world.say(HELPER, FromClient::Request { role: view });
    assert_eq!(asked, [Effect::Tell(AGENT, ToClient::Requested { role: view })]);
    let again = world.say(HELPER, FromClient::Request { role: control });
    assert_eq!(again, refused(HELPER, Refusal::NotAllowed));
    assert_eq!(world.say(AGENT, answer(control)), refused(AGENT, Refusal::NotAllowed));
    assert_eq!(world.say(HELPER, answer(view)), refused(HELPER, Refusal::NotAllowed));
    let (role, consent) = (view, Consent::Allow);
    let told = world.say(AGENT, answer(view));
    assert_eq!(told[0], Effect::Tell(HELPER, ToClient::Answered { role, consent }));
    assert!(agreed(&told[1..]), "{told:?}");
    assert_eq!(world.say(AGENT, answer(view)), refused(AGENT, Refusal::NotAllowed), "twice");
}

#[test]
fn a_decline_and_the_goodbye_after_it_both_arrive() {
    let mut world = World::met();
    let (role, consent) = (Role::View, Consent::Decline);
    world.say(HELPER, FromClient::Request { role });
    let told = [Effect::Tell(HELPER, ToClient::Answered { role, consent })];
    assert_eq!(world.say(AGENT, FromClient::Answer { role, consent, shown: None }), told);
    let reason = EndReason::Declined;
    assert_eq!(world.say(AGENT, FromClient::Leave { reason }), ended(HELPER, reason));
}

#[test]
fn the_helper_offers_and_the_agent_answers() {
    let mut world = World::met();
    let offer = |sdp: &str| Negotiation::Offer { sdp: sdp.to_owned() };
    let answer = |sdp: &str| Negotiation::Answer { sdp: sdp.to_owned() };
    let long = "v".repeat(rh_protocol::limits::SDP_BYTES + 1);
    for (from, step) in [
        (HELPER, answer("v=0")),
        (AGENT, offer("v=0")),
        (HELPER, offer(&long)),
        (AGENT, answer(&long)),
    ] {
        let effects = world.say(from, FromClient::Negotiate { step });
        assert_eq!(effects, refused(from, Refusal::NotAllowed));
    }
    for (from, to, step) in [(HELPER, AGENT, offer("v=0")), (AGENT, HELPER, answer("v=0"))] {
        let effects = world.say(from, FromClient::Negotiate { step: step.clone() });
        assert_eq!(effects, [Effect::Tell(to, ToClient::Negotiate { step })]);
    }
}

/// B-09, B-17: what a relay wants has its time, so a helper whose path broke gets it once more; without
/// consent there is none to be had, and no sharer asks.
#[test]
fn a_relay_is_to_be_had_again_once_the_sharer_agreed() {
    let mut world = World::met();
    let (role, consent) = (Role::View, Consent::Allow);
    world.say(HELPER, FromClient::Request { role });
    assert_eq!(world.say(HELPER, FromClient::Relay), []);
    world.say(AGENT, FromClient::Answer { role, consent, shown: None });
    let again = world.say(HELPER, FromClient::Relay);
    assert!(agreed(&again), "{again:?}");
    assert_eq!(world.say(AGENT, FromClient::Relay), []);
    world.say(HELPER, FromClient::Leave { reason: EndReason::HelperEnded });
    assert_eq!(world.say(HELPER, FromClient::Relay), []);
}

/// S-61: nobody leaves in another's name, nor in the service's.
#[test]
fn a_claimed_reason_is_one_that_its_side_can_know() {
    use EndReason as R;
    for (from, to, claimed, told) in [
        (HELPER, AGENT, R::HelperEnded, R::HelperEnded),
        (HELPER, AGENT, R::HelperLeft, R::HelperLeft),
        (HELPER, AGENT, R::SharerEnded, R::Other),
        (HELPER, AGENT, R::ServiceEnded, R::Other),
        (AGENT, HELPER, R::NoAnswer, R::NoAnswer),
        (AGENT, HELPER, R::CaptureFailed, R::CaptureFailed),
        (AGENT, HELPER, R::HelperEnded, R::Other),
        (AGENT, HELPER, R::ServiceEnded, R::Other),
        (AGENT, HELPER, R::ConnectionLost, R::ConnectionLost),
        (AGENT, HELPER, R::RightRevoked, R::Other),
        (HELPER, AGENT, R::RightRevoked, R::Other),
    ] {
        let effects = World::met().say(from, FromClient::Leave { reason: claimed });
        assert_eq!(effects, ended(to, told), "{from:?} {claimed:?}");
    }
}

/// S-61: a closed socket is a goodbye, a broken one is not.
#[test]
fn a_closed_socket_says_goodbye_and_a_broken_one_does_not() {
    let vanished = |conn| vec![Effect::Tell(conn, ToClient::PeerVanished)];
    assert_eq!(World::met().happen(Event::Closed(HELPER)), ended(AGENT, EndReason::HelperLeft));
    assert_eq!(World::met().happen(Event::Closed(AGENT)), ended(HELPER, EndReason::SharerEnded));
    assert_eq!(World::met().happen(Event::Broke(HELPER)), vanished(AGENT));
    assert_eq!(World::met().happen(Event::Broke(AGENT)), vanished(HELPER));
}

#[test]
fn late_messages_of_a_session_that_is_over_are_dropped() {
    let mut world = World::met();
    world.say(HELPER, FromClient::Leave { reason: EndReason::HelperEnded });
    let step = Negotiation::Answer { sdp: "v=0".to_owned() };
    assert_eq!(world.say(AGENT, FromClient::Negotiate { step }), []);
    assert_eq!(world.say(AGENT, FromClient::Leave { reason: EndReason::SharerEnded }), []);
    let role = Role::View;
    let answer = FromClient::Answer { role, consent: Consent::Allow, shown: None };
    assert_eq!(world.say(AGENT, answer), refused(AGENT, Refusal::NotAllowed));
    assert_eq!(
        world.say(HELPER, FromClient::Request { role }),
        refused(HELPER, Refusal::NotAllowed)
    );
}

/// S-18: before the hello nothing is possible, and each kind of client has its own part.
#[test]
fn a_client_says_only_what_is_its_part() {
    let mut world = World::new();
    let stranger = ConnId(9);
    world.happen(Event::Connected(stranger, Box::new(caller(stranger))));
    let join = || FromClient::Join { code: "12345678".to_owned() };
    for (conn, message) in [
        (stranger, FromClient::NewSession { device: None }),
        (stranger, join()),
        (AGENT, FromClient::NewSession { device: None }),
        (HELPER, join()),
        (HELPER, FromClient::Request { role: Role::View }),
        (HELPER, FromClient::Hello { version: VERSION, client: Client::Agent }),
    ] {
        assert_eq!(world.say(conn, message), refused(conn, Refusal::NotAllowed));
    }
}

#[test]
fn another_version_is_turned_away() {
    let mut world = World::new();
    let conn = ConnId(9);
    world.happen(Event::Connected(conn, Box::new(caller(conn))));
    let hello = FromClient::Hello { version: VERSION + 1, client: Client::Agent };
    let mut expected = refused(conn, Refusal::Version);
    expected.push(Effect::Close(conn, Close::Version));
    assert_eq!(world.say(conn, hello), expected);
    assert_eq!(world.say(conn, FromClient::NewSession { device: None }), []);
}

#[test]
fn whoever_says_no_hello_is_closed() {
    let mut world = World::new();
    let conn = ConnId(9);
    world.happen(Event::Connected(conn, Box::new(caller(conn))));
    assert_eq!(world.hub.tick(world.now + HELLO_WITHIN / 2), []);
    let effects = world.hub.tick(world.now + HELLO_WITHIN);
    assert_eq!(effects, [Effect::Close(conn, Close::NoHello)]);
}

#[test]
fn a_full_hub_says_so() {
    let capacity = Capacity { connections: 2, sessions: 1 };
    let hub = Hub::new(capacity, Box::new(OsRandom));
    let mut world = World { hub, now: clock::now() };
    world.happen(Event::Ruled(Box::new(tenant("ours"))));
    for conn in [HELPER, AGENT] {
        assert_eq!(world.happen(Event::Connected(conn, Box::new(caller(conn)))), []);
        let hello = FromClient::Hello { version: VERSION, client: Client::Helper };
        world.say(conn, hello);
    }
    let mut expected = refused(THIRD, Refusal::Busy);
    expected.push(Effect::Close(THIRD, Close::Busy));
    assert_eq!(world.happen(Event::Connected(THIRD, Box::new(caller(THIRD)))), expected);
    world.code();
    world.code();
    assert_eq!(
        world.say(AGENT, FromClient::NewSession { device: None }),
        refused(AGENT, Refusal::Busy)
    );
    world.now += CODE_LIFE;
    assert_eq!(
        world.say(AGENT, FromClient::NewSession { device: None }).len(),
        1,
        "the code expired"
    );
}
