//! Clients that misbehave harm themselves only.

use std::time::Duration;

use futures_util::SinkExt;
use rh_protocol::{FromClient, Negotiation, Role, ToClient};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Socket, agent, helper, pair, service};

/// The two still speak with one another.
async fn works(helper: &mut Socket, agent: &mut Socket) {
    let step = Negotiation::Offer { sdp: "v=0".to_owned() };
    helper.say(&FromClient::Negotiate { step: step.clone() }).await;
    assert_eq!(agent.hear().await, ToClient::Negotiate { step });
}

/// Ten megabytes close the socket they come on, and no other.
#[tokio::test]
async fn a_huge_message_closes_its_own_socket_only() {
    let server = service().await;
    let (mut one, mut other) = pair(&server).await;
    let mut huge = agent(&server).await;
    // Writing fails once the service has closed; how far it gets does not matter.
    let _ = huge.stream.send(Message::text("x".repeat(10_000_000))).await;
    if let Some(frame) = huge.end().await {
        assert_eq!(u16::from(frame.code), 1009);
    }
    works(&mut one, &mut other).await;
}

/// A message just above the limit is told so.
#[tokio::test]
async fn a_message_above_64_kib_is_told_so() {
    let server = service().await;
    let mut long = agent(&server).await;
    long.stream.send(Message::text("x".repeat(64 * 1024 + 1))).await.unwrap();
    assert_eq!(u16::from(long.end().await.expect("a close frame").code), 1009);
}

/// Garbage is ignored and counted; too much of it closes the socket.
#[tokio::test]
async fn garbage_is_ignored_until_it_is_too_much() {
    let server = service().await;
    let (mut one, mut other) = pair(&server).await;
    let garbage = [
        "",
        "{",
        "null",
        "[]",
        "\u{0}",
        r#"{"type":"join"}"#,
        r#"{"type":"join","code":12345678}"#,
        r#"{"type":"request","role":"root"}"#,
        r#"{"type":"from_the_future","x":[[[[]]]]}"#,
        &"[".repeat(60_000),
    ];
    for text in garbage {
        one.stream.send(Message::text(text)).await.unwrap();
    }
    one.stream.send(Message::binary(vec![0xff; 1000])).await.unwrap();
    works(&mut one, &mut other).await;
    for _ in 0..40 {
        // The service may close while this is written.
        let _ = one.stream.send(Message::text("garbage")).await;
    }
    assert_eq!(u16::from(one.end().await.expect("a close frame").code), 1008);
    assert_eq!(other.hear().await, ToClient::PeerVanished);
}

#[tokio::test]
async fn a_flood_closes_its_own_socket_only() {
    let server = service().await;
    let (mut one, mut other) = pair(&server).await;
    let mut flood = helper(&server).await;
    for _ in 0..1000 {
        if flood.stream.send(Message::text(r#"{"type":"new_session"}"#)).await.is_err() {
            break;
        }
    }
    // A close frame may be lost behind what was still being written.
    if let Some(frame) = flood.end().await {
        assert_eq!(u16::from(frame.code), 1008);
    }
    works(&mut one, &mut other).await;
}

/// One who does not read is cut off; nothing piles up, and nobody waits for them.
#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off() {
    let server = service().await;
    let (mut one, mut other) = pair(&server).await;
    let (mut talker, _deaf) = pair(&server).await;
    let step = Negotiation::Offer { sdp: "v".repeat(32 * 1024) };
    let offer = FromClient::Negotiate { step };
    let talking = async {
        let mut said = 0_u32;
        loop {
            talker.say(&offer).await;
            said += 1;
            // Below the rate limit: a burst, then fifty a second.
            let patience = if said < 150 { 0 } else { 25 };
            match talker.hear_within(Duration::from_millis(patience)).await {
                Some(notice) => return notice,
                None => sleep(Duration::from_millis(1)).await,
            }
        }
    };
    let notice = timeout(Duration::from_secs(20), talking).await.expect("cut off");
    assert_eq!(notice, ToClient::PeerVanished);
    works(&mut one, &mut other).await;
}

/// Two sessions at once never hear one another.
#[tokio::test]
async fn two_sessions_never_mix() {
    let server = service().await;
    let (mut helper_a, mut agent_a) = pair(&server).await;
    let (mut helper_b, mut agent_b) = pair(&server).await;
    helper_a.say(&FromClient::Request { role: Role::View }).await;
    helper_b.say(&FromClient::Request { role: Role::Control }).await;
    assert_eq!(agent_a.hear().await, ToClient::Requested { role: Role::View });
    assert_eq!(agent_b.hear().await, ToClient::Requested { role: Role::Control });
    drop(agent_a);
    assert_eq!(helper_a.hear().await, ToClient::PeerVanished);
    let quiet = Duration::from_millis(300);
    assert_eq!(helper_b.hear_within(quiet).await, None);
    assert_eq!(agent_b.hear_within(quiet).await, None);
}
