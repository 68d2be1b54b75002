//! A service that is told to stop while people work.

use std::time::Duration;

use reqwest::StatusCode;
use rh_protocol::{EndReason, FromClient, Negotiation, Refusal, Role, ToClient};
use tokio::time::{Instant, timeout};

use crate::support::{PATIENCE, Socket, agent, helper, pair, service};

/// Long enough to see that nobody waits for it.
const LONG: Duration = Duration::from_secs(60);

async fn refuses_codes(helper: &mut Socket) {
    helper.say(&FromClient::NewSession { device: None }).await;
    let (refusal, retry_in) = (Refusal::Stopping, Some(60));
    assert_eq!(helper.hear().await, ToClient::Refused { refusal, retry_in });
}

/// New codes are refused with a reason; what runs goes on, and its end is the end of the waiting.
#[tokio::test]
async fn what_runs_goes_on_and_nothing_new_begins() {
    let server = service().await;
    let ready =
        || async { reqwest::get(format!("{}/readyz", server.origin())).await.unwrap().status() };
    let (mut one, mut other) = pair(&server).await;
    let mut waiting = helper(&server).await;
    let (_, code) = waiting.code().await;
    assert_eq!(ready().await, StatusCode::OK);

    let scene = async {
        refuses_codes(&mut helper(&server).await).await;
        assert_eq!(ready().await, StatusCode::SERVICE_UNAVAILABLE);
        let step = Negotiation::Offer { sdp: "v=0".to_owned() };
        one.say(&FromClient::Negotiate { step: step.clone() }).await;
        assert_eq!(other.hear().await, ToClient::Negotiate { step });
        one.say(&FromClient::Request { role: Role::View }).await;
        assert_eq!(other.hear().await, ToClient::Requested { role: Role::View });
        // A code that somebody was told on the telephone is still good, and asking for another
        // leaves it so.
        refuses_codes(&mut waiting).await;
        let mut late = agent(&server).await;
        late.say(&FromClient::Join { code }).await;
        assert!(matches!(late.hear().await, ToClient::Joined { .. }));
        assert!(matches!(waiting.hear().await, ToClient::Joined { .. }));
        for helper in [&mut one, &mut waiting] {
            helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
        }
        assert!(matches!(other.hear().await, ToClient::Ended { .. }));
        // Until everything is over everybody stays.
        late
    };
    let both = async { tokio::join!(server.drain(LONG), scene) };
    let ((), mut late) = timeout(PATIENCE, both).await.expect("it ends with the last session");
    server.stop().await;
    assert!(matches!(late.hear().await, ToClient::Ended { .. }));
    assert_eq!(u16::from(late.end().await.expect("a close frame").code), 1012);
}

/// Nobody can hold the service up: at the deadline it stops, and sessions go on over their links.
#[tokio::test]
async fn the_deadline_ends_the_waiting() {
    let server = service().await;
    let (_one, mut other) = pair(&server).await;
    let begun = Instant::now();
    server.drain(Duration::from_millis(300)).await;
    let waited = begun.elapsed();
    assert!((300..1300).contains(&waited.as_millis()), "{waited:?}");
    server.stop().await;
    assert_eq!(u16::from(other.end().await.expect("a close frame").code), 1012);
}

#[tokio::test]
async fn an_idle_service_need_not_wait() {
    let server = service().await;
    let _idle = agent(&server).await;
    timeout(Duration::from_secs(1), server.drain(LONG))
        .await
        .expect("there is nothing to wait for");
}
