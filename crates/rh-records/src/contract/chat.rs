//! Chat threads.

use rh_protocol::SessionId;

use super::Ground;
use super::sample::{day, person, second, sign_in, tenant};
use crate::{NewMessage, Timestamp};

const SESSION: SessionId = SessionId(7);

fn message(at: Timestamp, text: &str) -> NewMessage {
    let (tenant, author) = (tenant(), person("sharer"));
    NewMessage { tenant, session: SESSION, at, author, text: text.to_owned() }
}

/// S-16, S-17: one thread, in order and complete, whatever is written in it.
pub(super) async fn a_thread_keeps_order_and_script(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let texts = ["hello", "\u{4f60}\u{597d}", "\u{645}\u{631}\u{62d}\u{628}\u{627} abc", "'; --"];
    for (n, text) in texts.iter().enumerate() {
        // The clock may stand still: the order is that of saying.
        let place = store.say(&message(second(1), text)).await.expect("kept");
        assert_eq!(place, n as u64 + 1);
    }
    let thread = store.thread(&tenant(), SESSION, 0, 100).await.expect("a thread");
    let kept: Vec<_> = thread.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(kept, texts);
    assert_eq!(thread[0].author, person("sharer"));
    let page = store.thread(&tenant(), SESSION, 1, 2).await.expect("a page");
    assert_eq!(page, thread[1..3]);
    let elsewhere = "fabrikam".parse().expect("an id");
    assert_eq!(store.thread(&elsewhere, SESSION, 0, 100).await.expect("a thread"), []);
}

/// M-08: the audit holds metadata only.
pub(super) async fn chat_is_in_no_chain(ground: &dyn Ground) {
    let store = ground.fresh().await;
    store.say(&message(second(1), "hello")).await.expect("kept");
    assert_eq!(store.tenants().await.expect("tenants"), []);
    store.record(&[sign_in(second(2), "ada")]).await.expect("recorded");
    let entries = store.entries(&tenant(), 0, 9).await.expect("entries");
    assert!(entries.len() == 1 && !entries[0].body.contains("hello"));
}

pub(super) async fn threads_have_a_time_of_their_own(ground: &dyn Ground) {
    let store = ground.fresh().await;
    for (n, text) in ["a", "b", "c"].iter().enumerate() {
        store.say(&message(day(n as u64), text)).await.expect("kept");
    }
    assert_eq!(store.forget_messages(&tenant(), day(2)).await.expect("forgotten"), 2);
    let thread = store.thread(&tenant(), SESSION, 0, 9).await.expect("a thread");
    assert_eq!(thread.iter().map(|it| it.place).collect::<Vec<_>>(), [3]);
    assert_eq!(store.say(&message(day(2), "d")).await.expect("kept"), 4);
    let elsewhere = "fabrikam".parse().expect("an id");
    assert_eq!(store.forget_messages(&elsewhere, day(9)).await.expect("none"), 0);
    assert_eq!(store.forget_messages(&tenant(), day(9)).await.expect("forgotten"), 2);
    assert_eq!(store.thread(&tenant(), SESSION, 0, 9).await.expect("a thread"), []);
}
