//! Things to record.

use std::time::Duration;

use rh_policy::{PersonId, TenantId};
use rh_protocol::{Consent, EndReason, Role, SessionId};

use crate::{Event, Fact, Party, Shown, SigningKey, Timestamp, Trust};

pub(super) fn tenant() -> TenantId {
    "contoso".parse().expect("an id")
}

pub(super) fn person(id: &str) -> PersonId {
    id.parse().expect("an id")
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

pub(super) fn trust() -> Trust {
    Trust::Only([key().public().id()].into())
}

/// So many seconds after the beginning of a day in March.
pub(super) fn second(n: u64) -> Timestamp {
    let begin = 1_772_323_200_000;
    Timestamp::from_millis(begin + n as i64 * 1000).expect("a time")
}

/// So many days later.
pub(super) fn day(n: u64) -> Timestamp {
    second(n * 24 * 60 * 60)
}

pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) fn fact(at: Timestamp, event: Event) -> Fact {
    Fact { tenant: tenant(), at, event }
}

/// Something small.
pub(super) fn sign_in(at: Timestamp, id: &str) -> Fact {
    fact(at, Event::SignedIn { person: person(id), address: None })
}

pub(super) fn party(id: &str, name: &str) -> Party {
    let verified_domain = Some("example.com".to_owned());
    Party { id: person(id), full_name: Some(name.to_owned()), verified_domain }
}

pub(super) fn start(at: Timestamp, session: SessionId) -> Fact {
    let helper = party("helper", "Hana Helper");
    let sharer = party("sharer", "Sami \u{202b}Sharer \u{1f600}");
    let device = Some("mac-7".parse().expect("an id"));
    fact(at, Event::SessionStarted { session, helper, sharer, device })
}

pub(super) fn answer(at: Timestamp, session: SessionId, role: Role, consent: Consent) -> Fact {
    let shown = Shown {
        nonce: None,
        wording: Some("1".to_owned()),
        language: Some("en".to_owned()),
        helper_fingerprint: Some("sha-256 AB:CD".to_owned()),
        sharer_fingerprint: None,
    };
    fact(at, Event::Consented { session, role, consent, shown })
}

pub(super) fn end(at: Timestamp, session: SessionId) -> Fact {
    fact(at, Event::SessionEnded { session, reason: EndReason::HelperLeft })
}
