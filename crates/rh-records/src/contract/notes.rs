//! Notes of helpers.

use rh_protocol::SessionId;

use super::Ground;
use super::sample::{day, person, second, tenant};
use crate::{Note, Timestamp};

fn note(session: u128, about: &str, at: Timestamp, text: &str) -> Note {
    Note {
        tenant: tenant(),
        session: SessionId(session),
        about: person(about),
        author: person("helper"),
        name: Some("Hana \u{1f600} Helper".to_owned()),
        at,
        text: text.to_owned(),
    }
}

/// B-20: one note for each session; those about a person are found, the newest first.
pub(super) async fn notes_are_found_by_whom_they_are_about(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let first = note(1, "sharer", second(1), "\u{4f60}\u{597d} '; --");
    let second_one = note(2, "sharer", second(2), "printer");
    for kept in [&first, &note(3, "other", second(3), "screen"), &second_one] {
        store.keep_note(kept).await.expect("kept");
    }
    let notes = store.notes(&tenant(), &person("sharer"), 9).await.expect("notes");
    assert_eq!(notes, [second_one.clone(), first.clone()]);
    let newest = store.notes(&tenant(), &person("sharer"), 1).await.expect("notes");
    assert_eq!(newest, notes[..1]);
    let nameless = Note { name: None, at: second(4), text: "again".to_owned(), ..first };
    store.keep_note(&nameless).await.expect("changed");
    let notes = store.notes(&tenant(), &person("sharer"), 9).await.expect("notes");
    assert_eq!(notes, [nameless, second_one]);
    let elsewhere = "fabrikam".parse().expect("an id");
    assert_eq!(store.notes(&elsewhere, &person("sharer"), 9).await.expect("notes"), []);
}

pub(super) async fn a_note_without_text_is_none(ground: &dyn Ground) {
    let store = ground.fresh().await;
    store.keep_note(&note(1, "sharer", second(1), "printer")).await.expect("kept");
    store.keep_note(&note(1, "sharer", second(2), "")).await.expect("taken away");
    assert_eq!(store.notes(&tenant(), &person("sharer"), 9).await.expect("notes"), []);
}

pub(super) async fn notes_have_their_time(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for n in 0..3 {
        let noted = note(n.into(), "sharer", day(n), "noted");
        store.keep_note(&noted).await.expect("kept");
    }
    let elsewhere = "fabrikam".parse().expect("an id");
    assert_eq!(store.forget_notes(&elsewhere, day(9)).await.expect("none"), 0);
    assert_eq!(store.forget_notes(&tenant(), day(2)).await.expect("forgotten"), 2);
    assert_eq!(store.notes(&tenant(), &person("sharer"), 9).await.expect("notes").len(), 1);
}
