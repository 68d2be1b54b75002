//! What a link does when the network is gone for a while.

use std::time::{Duration, Instant};

use bytes::Bytes;
use rh_protocol::ToHelper;
use rh_session::link::contract::FarEnd;
use rh_session::link::{Link, Shown};

use webrtc::data_channel::DataChannelEvent;

use super::far::{Far, Manners};
use super::{connected, hears, local};

/// How long nothing passes; SCTP's own time-outs come 1, 3 and 7 s after its begin.
const OUTAGE: Duration = Duration::from_secs(5);
/// How soon after that everything is there, on a machine that is busy with other tests.
const SOON: Duration = Duration::from_millis(1_500);

#[expect(clippy::disallowed_methods, reason = "a test measures time")]
fn now() -> Instant {
    Instant::now()
}

/// Paints `count` tiles, and goes on in the middle of an outage.
async fn back_after(count: u16, link: &dyn Link, far: &mut Far) -> Duration {
    let tile = |n: u16| Bytes::from(n.to_be_bytes().repeat(700));
    assert_eq!(link.paint(vec![tile(0)]), Shown::Sent);
    assert_eq!(far.painted().await, tile(0));
    far.cut.set(true);
    for n in 1..=count {
        assert_eq!(link.paint(vec![tile(n)]), Shown::Sent);
        tokio::time::sleep(OUTAGE / u32::from(count)).await;
    }
    far.cut.set(false);
    let end = now();
    for n in 1..=count {
        let painted = tokio::time::timeout(OUTAGE, far.painted()).await.expect("it comes back");
        assert!(painted == tile(n), "tile {n}");
    }
    end.elapsed()
}

/// B-09: an outage is over when the network is back, not when the next time-out comes.
#[tokio::test(flavor = "multi_thread")]
async fn tiles_are_back_soon_after_an_outage() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    far.open_tiles().await;
    while link.backlog().is_none() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for tiles in [1, 50] {
        let back = back_after(tiles, &*link, &mut far).await;
        assert!(back < SOON, "{tiles} tiles: {back:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_helper_is_told_is_back_soon_after_an_outage() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    far.cut.set(true);
    link.tell(&ToHelper::Pong { nonce: 7 }).await.unwrap();
    tokio::time::sleep(OUTAGE).await;
    far.cut.set(false);
    let end = now();
    let told = tokio::time::timeout(OUTAGE, far.told()).await.expect("it comes back");
    assert_eq!(told, Some(ToHelper::Pong { nonce: 7 }));
    assert!(end.elapsed() < SOON, "{:?}", end.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_is_neither_garbage_nor_closed() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    let probe = far.peer.create_data_channel("probe", None).await.unwrap();
    assert!(matches!(probe.poll().await, Some(DataChannelEvent::OnOpen)));
    for content in ["x", "{}", "not a message"] {
        probe.send_text(content).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    hears(&link, &mut far, 1).await;
    let soon = Duration::from_millis(100);
    while let Ok(event) = tokio::time::timeout(soon, probe.poll()).await {
        assert!(matches!(event, Some(DataChannelEvent::OnBufferedAmountLow)), "{event:?}");
    }
}
