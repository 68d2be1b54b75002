//! Leave notices, timed (S-61, B-01).

use std::time::Duration;

use rh_protocol::{EndReason, FromClient, ToClient};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Socket, pair, service};

/// What the other side hears, which must come within a second.
async fn at_once(socket: &mut Socket) -> ToClient {
    socket.hear_within(Duration::from_secs(1)).await.expect("a notice within a second")
}

async fn close(socket: &mut Socket, code: Option<CloseCode>) {
    let frame = code.map(|code| CloseFrame { code, reason: "".into() });
    socket.stream.close(frame).await.unwrap();
}

/// S-61, B-01: a leave is known at once, with its reason.
#[tokio::test]
async fn a_leave_is_heard_at_once() {
    let server = service().await;
    let (mut helper, mut agent) = pair(&server).await;
    agent.say(&FromClient::Leave { reason: EndReason::SharerEnded }).await;
    assert_eq!(at_once(&mut helper).await, ToClient::Ended { reason: EndReason::SharerEnded });
    let (mut helper, mut agent) = pair(&server).await;
    helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
    assert_eq!(at_once(&mut agent).await, ToClient::Ended { reason: EndReason::HelperEnded });
}

/// S-61: a closed page.
#[tokio::test]
async fn a_closed_socket_is_heard_at_once() {
    let server = service().await;
    for code in [None, Some(CloseCode::Normal), Some(CloseCode::Away)] {
        let (mut helper, mut agent) = pair(&server).await;
        close(&mut helper, code).await;
        assert_eq!(at_once(&mut agent).await, ToClient::Ended { reason: EndReason::HelperLeft });
        let (mut helper, mut agent) = pair(&server).await;
        close(&mut agent, code).await;
        assert_eq!(at_once(&mut helper).await, ToClient::Ended { reason: EndReason::SharerEnded });
    }
}

/// S-61: a killed program's socket breaks without a word.
#[tokio::test]
async fn a_broken_socket_is_heard_at_once() {
    let server = service().await;
    let (helper, mut agent) = pair(&server).await;
    drop(helper);
    assert_eq!(at_once(&mut agent).await, ToClient::PeerVanished);
    let (mut helper, agent) = pair(&server).await;
    drop(agent);
    assert_eq!(at_once(&mut helper).await, ToClient::PeerVanished);
}

/// S-61: a frozen program, or a cut network, is known within ten seconds.
#[tokio::test]
async fn a_silent_socket_is_given_up_within_ten_seconds() {
    let server = service().await;
    let (mut helper, _frozen) = pair(&server).await;
    let start = Instant::now();
    let notice = helper.hear_within(Duration::from_secs(10)).await;
    assert_eq!(notice, Some(ToClient::PeerVanished));
    assert!(start.elapsed() > Duration::from_secs(3), "too early: {:?}", start.elapsed());
}

/// A session that is over leaves both free for the next one.
#[tokio::test]
async fn the_side_that_stays_can_meet_someone_else() {
    let server = service().await;
    let (mut helper, agent) = pair(&server).await;
    drop(agent);
    assert_eq!(at_once(&mut helper).await, ToClient::PeerVanished);
    let mut next = crate::support::agent(&server).await;
    let (_, code) = helper.code().await;
    next.say(&FromClient::Join { code }).await;
    assert!(matches!(at_once(&mut helper).await, ToClient::Joined { .. }));
}
