//! Links over real sockets, to a helper made with the same library.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    missing_docs,
    missing_debug_implementations,
    reason = "a test's helpers are part of the test"
)]

mod cut;
mod far;
mod hostile;
mod no_video;
mod outage;
mod picture;
mod restart;

use std::sync::Arc;

use rh_protocol::{FromHelper, Negotiation, encode};
use rh_session::link::contract::{self, FarEnd};
use rh_session::link::webrtc::{Config, WebrtcLink};
use rh_session::link::{Link, LinkEvent};

use self::far::{Far, Manners};

pub fn local() -> Config {
    Config { loopback: true, ..Config::default() }
}

pub async fn ends(config: Config, manners: Manners) -> (Arc<WebrtcLink>, Far) {
    (Arc::new(WebrtcLink::new(&config).await.unwrap()), Far::new(manners).await)
}

pub async fn connected(config: Config, manners: Manners) -> (Arc<WebrtcLink>, Far) {
    let (link, mut far) = ends(config, manners).await;
    contract::connect(&*link, &mut far).await;
    (link, far)
}

pub async fn hears(link: &WebrtcLink, far: &mut Far, nonce: u32) {
    let ping = FromHelper::Ping { nonce };
    far.say(encode(&ping).as_bytes()).await;
    assert_eq!(contract::next(link, far).await, Some(LinkEvent::Heard(ping)));
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_the_contract_of_links() {
    contract::check(|| async {
        let (link, far) = ends(local(), Manners::default()).await;
        (link as Arc<dyn Link>, Box::new(far) as Box<dyn FarEnd>)
    })
    .await;
}

/// S-02: where no UDP passes, TCP does.
#[tokio::test(flavor = "multi_thread")]
async fn connects_over_tcp_alone() {
    let config = Config { udp: false, ..local() };
    let (link, mut far) = connected(config, Manners { tcp: true, ..Manners::default() }).await;
    hears(&link, &mut far, 1).await;
    let frame = contract::frame(1, true, 50_000);
    link.show(&frame);
    assert!(far.shown().await == frame.data);
}

#[tokio::test(flavor = "multi_thread")]
async fn candidates_may_come_before_the_offer() {
    let (link, mut far) = ends(local(), Manners::default()).await;
    let offer = far.step().await;
    let candidate = far.step().await;
    assert!(matches!(candidate, Negotiation::Candidate { .. }));
    link.negotiate(candidate).await.unwrap();
    link.negotiate(offer).await.unwrap();
    contract::connect(&*link, &mut far).await;
}
