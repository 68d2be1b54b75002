//! The picture on its way.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rh_protocol::{DisplayId, FromHelper, Point, ToHelper, encode};
use rh_session::link::contract::{self, FarEnd, frame, until_ready};
use rh_session::link::{Link, LinkEvent, Shown};

use super::far::Manners;
use super::{connected, local};

/// S-58: not one packet of a picture, not an empty one either, before one is shown.
#[tokio::test(flavor = "multi_thread")]
async fn not_one_packet_before_a_frame_is_shown() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    let at = Point::new(DisplayId(0), 0.5, 0.5).unwrap();
    for nonce in 0..30 {
        far.say(encode(&FromHelper::Ping { nonce }).as_bytes()).await;
        link.tell(&ToHelper::Pong { nonce }).await.unwrap();
        link.tell(&ToHelper::CursorAt { at: Some(at) }).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(far.wire.packets.load(Ordering::Relaxed), 0);
    assert_eq!(link.show(&frame(1, true, 5_000)), Shown::Sent);
    far.shown().await;
    assert!(far.wire.packets.load(Ordering::Relaxed) >= 5, "the count counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_packet_says_that_it_is_not_to_be_held_back() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    for n in 0..5 {
        until_ready(&*link).await;
        link.show(&frame(n, n == 0, 20_000));
        far.shown().await;
    }
    assert!(far.wire.packets.load(Ordering::Relaxed) > 50);
    assert_eq!(far.wire.delayed.load(Ordering::Relaxed), 0);
}

/// What the path cannot take is dropped at the source; nothing piles up, and what was sent arrives.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_frames_is_dropped_and_mended_with_a_key_frame() {
    // On a machine that does not keep up, the system drops some of a flood's packets for good.
    for _ in 0..5 {
        if arrives_of_a_flood().await {
            return;
        }
    }
    panic!("what was sent never arrives");
}

/// Whether the frame that was sent at the head of a flood arrives before the key frame that ends it.
async fn arrives_of_a_flood() -> bool {
    let (link, mut far) = connected(local(), Manners::default()).await;
    let large = frame(1, true, 1_000_000);
    assert_eq!(link.show(&large), Shown::Sent);
    let next = frame(2, false, 1_000_000);
    let sent = (0..200).filter(|_| link.show(&next) == Shown::Sent).count();
    assert!(sent <= 2, "{sent} frames pile up");
    assert!(!link.ready());
    assert_eq!(contract::next(&*link, &mut far).await, Some(LinkEvent::KeyFrameWanted));
    let key = frame(3, true, 10_000);
    let keys = async {
        loop {
            until_ready(&*link).await;
            assert_eq!(link.show(&key), Shown::Sent);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    let arrives = async {
        let mut arrived = false;
        loop {
            let shown = far.shown().await;
            if shown == key.data {
                return arrived;
            }
            assert!(shown == large.data || shown == next.data);
            arrived |= shown == large.data;
        }
    };
    tokio::select! { () = keys => false, arrived = arrives => arrived }
}

/// The estimate of the path reaches the encoder.
#[tokio::test(flavor = "multi_thread")]
async fn capacity_is_reported() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    for n in 0..50 {
        until_ready(&*link).await;
        link.show(&frame(n, n == 0, 20_000));
        far.shown().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let waiting = async {
        loop {
            match link.next().await {
                Some(LinkEvent::Capacity(bitrate)) => return bitrate,
                Some(_) => {}
                None => panic!("the link is up"),
            }
        }
    };
    let bitrate = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("a report");
    assert!((300_000..=40_000_000).contains(&bitrate), "{bitrate}");
}
