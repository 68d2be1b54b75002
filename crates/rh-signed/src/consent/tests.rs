use super::*;
use crate::SigningKey;

const SESSION: SessionId = SessionId(7);

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn shown() -> Shown {
    Shown {
        nonce: Some("11".repeat(16)),
        wording: Some("terminal-1".to_owned()),
        language: Some("en".to_owned()),
        helper_fingerprint: Some("sha-256 AA:AA".to_owned()),
        sharer_fingerprint: Some("sha-256 BB:BB".to_owned()),
    }
}

fn card() -> IdentityCard {
    IdentityCard { full_name: Some("Hana Helper".to_owned()), ..IdentityCard::default() }
}

fn party(id: &str, name: &str) -> Party {
    Party { id: id.parse().unwrap(), full_name: Some(name.to_owned()), verified_domain: None }
}

fn record() -> ConsentRecord {
    ConsentRecord {
        tenant: "contoso".parse().unwrap(),
        session: SESSION,
        helper: party("helper", "Hana Helper"),
        sharer: party("sharer", "Sami Sharer"),
        role: Role::Control,
        consent: Consent::Allow,
        shown: shown(),
        at: "2026-03-01T09:30:00.000Z".parse().unwrap(),
    }
}

/// What the agent that gave the consent says of a record.
fn judged(text: &str) -> Result<ConsentRecord, Mismatch> {
    judged_for(text, &shown())
}

fn judged_for(text: &str, shown: &Shown) -> Result<ConsentRecord, Mismatch> {
    let given = Given { session: SESSION, helper: &card(), role: Role::Control, shown };
    check(text, key().public(), given)
}

fn signed(record: &ConsentRecord) -> String {
    Signed::new(record, &key()).to_line()
}

#[test]
fn the_record_of_what_was_given_counts() {
    assert_eq!(judged(&signed(&record())).unwrap(), record());
}

/// S-46, B-05: a record of anything else counts for nothing, however well it is signed.
#[test]
fn a_record_of_anything_else_does_not_count() {
    let other = |change: fn(&mut ConsentRecord)| {
        let mut it = record();
        change(&mut it);
        let judged = judged(&signed(&it));
        let Err(Mismatch::Another(what)) = judged else { panic!("{judged:?}") };
        what
    };
    assert_eq!(other(|it| it.session = SessionId(8)), "session");
    assert_eq!(other(|it| it.role = Role::View), "mode");
    assert_eq!(other(|it| it.consent = Consent::Decline), "answer");
    assert_eq!(other(|it| it.helper = party("eve", "Eve")), "helper");
    assert_eq!(other(|it| it.shown.helper_fingerprint = Some("sha-256 EE".into())), "fingerprint");
    assert_eq!(other(|it| it.shown.sharer_fingerprint = None), "fingerprint");
    assert_eq!(other(|it| it.shown.nonce = Some("22".repeat(16))), "question");
    assert_eq!(other(|it| it.shown.nonce = None), "question");
    assert_eq!(other(|it| it.shown.wording = Some("terminal-0".into())), "question");
}

/// A record that binds nothing would do for every link and question.
#[test]
fn nothing_counts_that_is_bound_to_nothing() {
    for unbound in [
        Shown { nonce: None, ..shown() },
        Shown { helper_fingerprint: None, ..shown() },
        Shown { sharer_fingerprint: None, ..shown() },
    ] {
        let text = signed(&ConsentRecord { shown: unbound.clone(), ..record() });
        assert!(matches!(judged_for(&text, &unbound), Err(Mismatch::Another(_))));
    }
}

#[test]
fn a_record_of_another_signer_does_not_count() {
    let theirs = Signed::new(&record(), &SigningKey::from_seed(&[4; 32])).to_line();
    assert!(matches!(judged(&theirs), Err(Mismatch::NotGenuine(NotGenuine::Stranger(_)))));
    let forged = signed(&record()).replace("\"control\"", "\"view\"");
    assert!(matches!(judged(&forged), Err(Mismatch::NotGenuine(NotGenuine::Forged))));
    let long = format!("{}{}", signed(&record()), " ".repeat(limits::RECORD_BYTES));
    assert!(matches!(judged(&long), Err(Mismatch::TooLong)));
    assert!(matches!(judged("{}"), Err(Mismatch::NotGenuine(NotGenuine::Unreadable(_)))));
}
