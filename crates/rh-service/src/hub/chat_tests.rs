//! What the two of a session may write to one another.

use proptest::prelude::*;
use rh_policy::{ConditionalAccess, Tenant};
use rh_protocol::policy::{Action, ReasonCode};
use rh_protocol::{Consent, Role, limits};

use super::event::Written;
use super::tests::{AGENT, HELPER, World, caller, refused, tenant};
use super::*;

/// Two in a session in which the sharer allowed something.
fn sharing() -> World {
    let mut world = World::met();
    allow(&mut world, Role::View);
    world
}

fn allow(world: &mut World, role: Role) {
    world.say(HELPER, FromClient::Request { role });
    world.say(AGENT, FromClient::Answer { role, consent: Consent::Allow, shown: None });
}

fn write(world: &mut World, conn: ConnId, text: &str) -> Vec<Effect> {
    world.say(conn, FromClient::Chat { text: text.to_owned() })
}

fn heard(effects: &[Effect], conn: ConnId) -> Vec<(u32, Client, String)> {
    let heard = |effect: &Effect| {
        let Effect::Tell(to, ToClient::Chat { place, from, text }) = effect else { return None };
        (*to == conn).then(|| (*place, *from, text.clone()))
    };
    effects.iter().filter_map(heard).collect()
}

fn kept(effects: &[Effect]) -> Vec<Written> {
    let kept = |effect: &Effect| {
        let Effect::Keep(written) = effect else { return None };
        Some(Written::clone(written))
    };
    effects.iter().filter_map(kept).collect()
}

fn rule(world: &mut World, change: impl FnOnce(&mut Tenant)) {
    let mut rules = tenant("ours");
    change(&mut rules);
    world.happen(Event::Ruled(Box::new(rules)));
}

/// S-16: both sides hear each message with the same place, and it is kept with its author.
#[test]
fn both_hear_what_either_writes() {
    let mut world = sharing();
    for (n, (from, side)) in
        [(HELPER, Client::Helper), (AGENT, Client::Agent), (AGENT, Client::Agent)]
            .into_iter()
            .enumerate()
    {
        let place = u32::try_from(n).unwrap() + 1;
        let effects = write(&mut world, from, &format!(" {place}\r\n"));
        let expected = [(place, side, place.to_string())];
        assert_eq!(heard(&effects, HELPER), expected);
        assert_eq!(heard(&effects, AGENT), expected);
        let author = caller(from).person;
        let [Written { tenant, author: by, text, .. }] = &kept(&effects)[..] else {
            panic!("{effects:?}")
        };
        assert_eq!((tenant, by, text), (&author.tenant, &author.id, &place.to_string()));
    }
}

/// S-46: whoever guesses a code can write to nobody, and nobody is written to who shared nothing.
#[test]
fn nobody_writes_before_the_sharer_allows_something() {
    let mut world = World::met();
    for conn in [HELPER, AGENT] {
        assert_eq!(write(&mut world, conn, "hello"), refused(conn, Refusal::NotAllowed));
    }
    world.say(HELPER, FromClient::Request { role: Role::View });
    assert_eq!(write(&mut world, HELPER, "please"), refused(HELPER, Refusal::NotAllowed));
    allow(&mut world, Role::View);
    assert_eq!(heard(&write(&mut world, HELPER, "thanks"), AGENT).len(), 1);
}

/// S-16: a change of the role does not begin another thread; the next session does.
#[test]
fn a_thread_is_as_long_as_its_session() {
    let mut world = sharing();
    write(&mut world, HELPER, "one");
    allow(&mut world, Role::Control);
    world.say(HELPER, FromClient::Request { role: Role::View });
    assert_eq!(heard(&write(&mut world, AGENT, "two"), HELPER)[0].0, 2);
    world.say(HELPER, FromClient::Leave { reason: EndReason::HelperEnded });
    assert_eq!(write(&mut world, AGENT, "late"), [], "it crosses the goodbye");
    let code = world.code();
    world.join(AGENT, &code);
    allow(&mut world, Role::View);
    assert_eq!(heard(&write(&mut world, AGENT, "again"), HELPER)[0].0, 1);
}

/// M-04: where the organisation has no chat, the helper hears why and the sharer that it is not so.
#[test]
fn an_organisation_without_chat_has_none() {
    let mut world = sharing();
    rule(&mut world, |tenant| tenant.settings.block_chat = true);
    let effects = write(&mut world, HELPER, "hello");
    let [Effect::Tell(HELPER, ToClient::Denied { action: Action::Chat, reasons })] = &effects[..]
    else {
        panic!("{effects:?}")
    };
    assert_eq!(reasons[0].code, ReasonCode::ChatBlocked);
    assert_eq!(write(&mut world, AGENT, "hello"), refused(AGENT, Refusal::NotAllowed));
    rule(&mut world, |_| {});
    assert_eq!(heard(&write(&mut world, AGENT, "hello"), HELPER).len(), 1);
}

/// S-12: where writing asks for a stronger sign-in, there is a chat, and the helper is asked when she
/// writes.
#[test]
fn writing_may_ask_for_a_stronger_sign_in() {
    let mut world = sharing();
    let conditions = [(rh_policy::Action::Chat, "c1".parse().unwrap())].into();
    rule(&mut world, |tenant| tenant.conditions = ConditionalAccess(conditions));
    let asked = ToClient::StepUp { action: Action::Chat, context: "c1".to_owned() };
    assert_eq!(write(&mut world, HELPER, "hello"), [Effect::Tell(HELPER, asked)]);
    assert_eq!(write(&mut world, AGENT, "hello"), refused(AGENT, Refusal::NotAllowed));
    let mut person = caller(HELPER).person;
    person.contexts.insert("c1".parse().unwrap());
    world.happen(Event::Known(HELPER, person));
    for conn in [HELPER, AGENT] {
        assert_eq!(heard(&write(&mut world, conn, "hello"), HELPER).len(), 1);
    }
}

#[test]
fn a_thread_is_full_some_time() {
    let mut world = sharing();
    for _ in 0..limits::CHAT_MESSAGES {
        assert_eq!(kept(&write(&mut world, AGENT, "x")).len(), 1);
    }
    assert_eq!(write(&mut world, AGENT, "x"), refused(AGENT, Refusal::Busy));
}

proptest! {
    /// S-16, S-17: whatever both write, they hear the same messages in the same order, which are
    /// those that are kept; what is no text is refused, and takes no place.
    #[test]
    fn both_sides_have_one_thread(said in proptest::collection::vec((any::<bool>(), ".{0,12}"), 0..40)) {
        let mut world = sharing();
        let mut all = Vec::new();
        for (helper, text) in &said {
            let conn = if *helper { HELPER } else { AGENT };
            let effects = write(&mut world, conn, text);
            if rh_protocol::chat_text(text).is_none() {
                prop_assert_eq!(effects, refused(conn, Refusal::NotAllowed));
                continue;
            }
            all.extend(effects);
        }
        let (one, other) = (heard(&all, HELPER), heard(&all, AGENT));
        prop_assert_eq!(&one, &other);
        let places: Vec<u32> = one.iter().map(|it| it.0).collect();
        prop_assert_eq!(places, (1..=u32::try_from(one.len()).unwrap()).collect::<Vec<_>>());
        let texts: Vec<String> = one.into_iter().map(|it| it.2).collect();
        prop_assert_eq!(texts, kept(&all).into_iter().map(|it| it.text).collect::<Vec<_>>());
    }
}
