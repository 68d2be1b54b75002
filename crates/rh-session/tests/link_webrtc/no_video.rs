//! Helpers whose browser has no H.264.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use rh_protocol::Negotiation;
use rh_session::link::contract::{self, FarEnd, frame};
use rh_session::link::webrtc::WebrtcLink;
use rh_session::link::{Link, LinkEvent, Shown};

use super::far::{Far, Manners, Video};
use super::{ends, hears, local};

/// Answers the helper's offer; returns the answer.
async fn answered(link: &WebrtcLink, far: &mut Far) -> String {
    link.negotiate(far.step().await).await.unwrap();
    let Some(LinkEvent::Negotiate(Negotiation::Answer { sdp })) = link.next().await else {
        panic!("an answer comes first");
    };
    far.take(Negotiation::Answer { sdp: sdp.clone() }).await;
    sdp
}

/// Returns the answer to the offer.
async fn is_painted_for(video: Video) -> String {
    let (link, mut far) = ends(local(), Manners { video, ..Manners::default() }).await;
    let answer = answered(&link, &mut far).await;
    assert!(!answer.contains("H264"), "{answer}");
    contract::connect(&*link, &mut far).await;
    assert!(!link.shows_video());
    far.open_tiles().await;
    while link.backlog().is_none() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let tile = Bytes::from_static(b"a tile");
    assert_eq!(link.paint(vec![tile.clone()]), Shown::Sent);
    assert_eq!(far.painted().await, tile);
    assert_eq!(link.show(&frame(1, true, 5_000)), Shown::Dropped);
    hears(&link, &mut far, 1).await;
    assert_eq!(far.wire.packets.load(Ordering::Relaxed), 0);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_who_asks_for_no_video_is_painted_for() {
    let answer = is_painted_for(Video::None).await;
    assert!(!answer.contains("m=video"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_who_asks_for_video_that_is_not_h264_is_painted_for() {
    let answer = is_painted_for(Video::Vp8).await;
    // Refused (RFC 3264, section 6).
    assert!(answer.contains("m=video 0 "), "{answer}");
}
