//! An offer on a link that is up: when it is taken, and when the path that there is goes on.

use std::time::Duration;

use rh_protocol::{FromHelper, Negotiation, encode};
use rh_session::link::contract::{self, FarEnd};
use rh_session::link::webrtc::WebrtcLink;
use rh_session::link::{Link, LinkEvent};

use super::far::{Far, Manners};
use super::{connected, hears, local};

/// Longer than the silence after which a path is taken to be broken.
const SILENT: Duration = Duration::from_millis(1_700);

/// An offer that restarts ICE, made by a helper who goes on as before until it is answered.
async fn offer_anew(far: &Far) -> String {
    far.peer.restart_ice().await.unwrap();
    far.peer.create_offer(None).await.unwrap().sdp
}

/// Whether the link answers an offer.
async fn answers(link: &WebrtcLink, sdp: String) -> bool {
    link.negotiate(Negotiation::Offer { sdp }).await.unwrap();
    let answered = async {
        loop {
            match link.next().await {
                Some(LinkEvent::Negotiate(Negotiation::Answer { .. })) => break,
                other => assert!(other.is_some(), "the link is down"),
            }
        }
    };
    tokio::time::timeout(Duration::from_millis(500), answered).await.is_ok()
}

/// Takes in the next step of either side; says whether it was the link's answer.
async fn exchange(link: &WebrtcLink, far: &mut Far) -> bool {
    tokio::select! {
        step = far.step() => link.negotiate(step).await.unwrap(),
        event = link.next() => match event {
            Some(LinkEvent::Negotiate(step)) => {
                let answered = matches!(step, Negotiation::Answer { .. });
                far.take(step).await;
                return answered;
            }
            other => assert!(matches!(other, Some(LinkEvent::Silent(_)))),
        },
    }
    false
}

/// B-09: an ICE restart moves a link whose path broke to the network there is now; nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_ice_restart_keeps_the_link_up() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    hears(&link, &mut far, 1).await;
    tokio::time::sleep(SILENT).await;
    far.peer.restart_ice().await.unwrap();
    far.offer().await;
    let answered = async { while !exchange(&link, &mut far).await {} };
    tokio::time::timeout(Duration::from_secs(10), answered).await.expect("an answer");
    // The rest of the candidates of both sides.
    let rest = async {
        loop {
            exchange(&link, &mut far).await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), rest).await;
    let ping = FromHelper::Ping { nonce: 2 };
    far.say(encode(&ping).as_bytes()).await;
    loop {
        match contract::next(&*link, &mut far).await {
            Some(LinkEvent::Silent(_)) => {}
            other => {
                assert_eq!(other, Some(LinkEvent::Heard(ping)));
                break;
            }
        }
    }
    let frame = contract::frame(1, true, 50_000);
    link.show(&frame);
    assert!(far.shown().await == frame.data);
}

/// B-09: no path is given up over which the helper is heard.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_well_is_not_given_up() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    hears(&link, &mut far, 1).await;
    assert!(!answers(&link, offer_anew(&far).await).await);
    hears(&link, &mut far, 2).await;
}

/// B-09: a helper who is heard just after an offer came has the path back.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_comes_back_is_not_given_up() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    hears(&link, &mut far, 1).await;
    tokio::time::sleep(SILENT).await;
    let sdp = offer_anew(&far).await;
    let (answered, ()) = tokio::join!(answers(&link, sdp), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        far.say(encode(&FromHelper::Ping { nonce: 2 }).as_bytes()).await;
    });
    assert!(!answered);
    hears(&link, &mut far, 3).await;
}

/// S-46: a link stays between the two certificates that it came up between.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_of_another_certificate_is_refused() {
    let (link, mut far) = connected(local(), Manners::default()).await;
    hears(&link, &mut far, 1).await;
    tokio::time::sleep(SILENT).await;
    let ends = link.fingerprints().expect("the link is up");
    let sdp = offer_anew(&far).await;
    let other = sdp.lines().map(|line| match line.starts_with("a=fingerprint:") {
        true => "a=fingerprint:sha-256 AB:CD\r\n".to_owned(),
        false => format!("{line}\r\n"),
    });
    let other: String = other.collect();
    assert!(!answers(&link, other).await);
    assert_eq!(link.fingerprints(), Some(ends));
    assert!(answers(&link, sdp).await, "the own one is taken");
}
