//! Helpers that mean harm, or are broken.

use std::time::Duration;

use bytes::BytesMut;
use rh_protocol::{
    DisplayId, FromHelper, IceCandidate, Negotiation, Point, ToHelper, encode, limits,
};
use rh_session::link::contract::{self, FarEnd};
use rh_session::link::webrtc::WebrtcLink;
use rh_session::link::{Gone, Link, LinkEvent};
use webrtc::data_channel::{DataChannel, DataChannelEvent};

use super::far::{Far, Manners};
use super::{connected, ends, hears, local};

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_by_another_name_or_a_second_one_is_closed() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    for label in ["shell", "", "control", "pointer", &"x".repeat(10_000)] {
        let channel = far.peer.create_data_channel(label, None).await.unwrap();
        until(&*channel, |event| matches!(event, DataChannelEvent::OnClose)).await;
    }
    hears(&link, &mut far, 1).await;
}

/// The library loses what shares a datagram with words on a channel that was just closed, so the
/// helper says on the proper channel again what was not heard.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_on_a_channel_by_another_name_is_not_heard() {
    for label in ["shell", "control", "pointer"] {
        let (link, mut far) = connected(local(), Manners::default()).await;
        let channel = far.peer.create_data_channel(label, None).await.unwrap();
        until(&*channel, |event| matches!(event, DataChannelEvent::OnOpen)).await;
        let there = encode(&FromHelper::Ping { nonce: 1 });
        let _ = channel.send(BytesMut::from(there.as_bytes())).await;
        let here = FromHelper::Ping { nonce: 2 };
        let mut heard = Err(());
        for _ in 0..5 {
            far.say(encode(&here).as_bytes()).await;
            let next = contract::next(&*link, &mut far);
            heard = tokio::time::timeout(Duration::from_secs(2), next).await.map_err(|_| ());
            if heard.is_ok() {
                break;
            }
        }
        assert_eq!(heard, Ok(Some(LinkEvent::Heard(here))), "{label}");
    }
}

/// Waits until `channel` reports what is `wanted`, ten seconds at most.
async fn until(channel: &dyn DataChannel, wanted: fn(&DataChannelEvent) -> bool) {
    let wait = async { while !wanted(&channel.poll().await.expect("a channel that is there")) {} };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("it is reported");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_garbage_closes_the_link() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    for _ in 0..1_001 {
        far.say(b"\x00garbage").await;
    }
    let mut reports = 0;
    loop {
        match contract::next(&*link, &mut far).await {
            Some(LinkEvent::Garbage(_)) => reports += 1,
            Some(LinkEvent::Down) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(reports < 100, "{reports} reports");
    assert_eq!(link.next().await, None);
}

/// A message of 10 MB is no message; the link lives on, and its memory does not follow.
#[tokio::test(flavor = "multi_thread")]
async fn a_huge_message_does_no_harm() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    let control = far.control.clone();
    let rude = tokio::spawn(async move { control.send(BytesMut::zeroed(10 * 1024 * 1024)).await });
    tokio::time::sleep(Duration::from_secs(2)).await;
    rude.abort();
    let frame = contract::frame(1, true, 5_000);
    link.show(&frame);
    assert!(far.shown().await == frame.data, "the picture goes on");
    link.close(rh_protocol::EndReason::SharerEnded).await;
    while let Some(event) = link.next().await {
        assert!(
            matches!(
                event,
                LinkEvent::Silent(_)
                    | LinkEvent::Garbage(1)
                    | LinkEvent::Down
                    | LinkEvent::Negotiate(_)
                    | LinkEvent::Capacity(_)
            ),
            "{event:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_that_never_reads_loses_the_link_before_memory_does() {
    let (link, _far) = connected(local(), Manners { deaf: true, ..Manners::default() }).await;
    let large = ToHelper::CursorShape { png: "A".repeat(60_000), hot_x: 0, hot_y: 0 };
    let mut taken = 0;
    let telling = async {
        while link.tell(&large).await.is_ok() {
            taken += 1;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), telling).await.expect("it is given up");
    // What both ends hold, of which ours is less than half.
    let bytes = taken * 60_000;
    assert!(bytes < 80_000_000, "{bytes} bytes were taken in");
    assert_eq!(link.tell(&large).await, Err(Gone));
}

#[tokio::test(flavor = "multi_thread")]
async fn cursor_positions_never_cost_the_link() {
    let (link, _far) = connected(local(), Manners { deaf: true, ..Manners::default() }).await;
    let at = Some(Point::new(DisplayId(0), 0.5, 0.5).unwrap());
    for _ in 0..50_000 {
        link.tell(&ToHelper::CursorAt { at }).await.unwrap();
    }
    link.tell(&ToHelper::InputPaused { paused: true }).await.unwrap();
}

/// An offer that cannot be answered ends the link; none makes it panic.
#[tokio::test(flavor = "multi_thread")]
async fn broken_offers_end_the_link_or_are_answered() {
    let mut far = Far::new(Manners::default()).await;
    let Negotiation::Offer { sdp } = far.step().await else { panic!("an offer comes first") };
    let mut offers = vec![
        String::new(),
        "v=0".to_owned(),
        "\0\0\0".to_owned(),
        "m=video".to_owned(),
        "x".repeat(limits::SDP_BYTES + 1),
        sdp.replace("m=video", "m=m=m="),
        sdp.replace("a=fingerprint", "a=finger"),
        sdp.replace("a=ice-ufrag", "a=ice"),
        sdp.replace("a=mid:", "a=mid:9"),
        sdp.replace("a=setup:actpass", "a=setup:holdconn"),
        sdp.replace("H264/90000", "H264/-1"),
        sdp.replace("UDP/", "TCP/"),
        sdp.replace("BUNDLE", "BUNDLE BUNDLE"),
    ];
    let lines: Vec<&str> = sdp.split_inclusive("\r\n").collect();
    for without in 0..lines.len() {
        let kept = lines.iter().enumerate().filter(|(n, _)| *n != without);
        offers.push(kept.map(|(_, line)| *line).collect());
        offers.push(lines[..without].concat());
        offers.push(
            [&lines[..without], &lines[without..=without], &lines[without..]].concat().concat(),
        );
    }
    let mut refused = 0;
    for (n, sdp) in offers.into_iter().enumerate() {
        let link = WebrtcLink::new(&local()).await.unwrap();
        let answer = link.negotiate(Negotiation::Offer { sdp }).await;
        if answer.is_err() {
            refused += 1;
            assert_eq!(link.next().await, Some(LinkEvent::Down), "offer {n}");
            assert_eq!(link.next().await, None, "offer {n}");
        } else {
            let first = link.next().await;
            let answered = matches!(first, Some(LinkEvent::Negotiate(Negotiation::Answer { .. })));
            assert!(answered, "offer {n} leads to {first:?}");
        }
    }
    assert!(refused >= 5, "only {refused} were refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_candidates_are_ignored() {
    let (link, mut far) = ends(local(), Manners::default()).await;
    let offer = far.step().await;
    let lines =
        ["", "x", "candidate:", "candidate:1 1 udp", "candidate:1 1 udp 1 a.local 1 typ host"];
    for round in 0..2 {
        for line in lines.iter().cycle().take(30) {
            let candidate = IceCandidate {
                candidate: (*line).to_owned(),
                sdp_mid: None,
                sdp_m_line_index: None,
            };
            link.negotiate(Negotiation::Candidate { candidate }).await.unwrap();
        }
        if round == 0 {
            link.negotiate(offer.clone()).await.unwrap();
        }
    }
    contract::connect(&*link, &mut far).await;
}
