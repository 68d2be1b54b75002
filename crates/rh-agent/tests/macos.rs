//! A whole session with the screen, the encoder and the hands of a real Mac; the service and the
//! network are in the test.
//!
//! It needs Screen Recording and Accessibility for the program that runs it, and moves the pointer.
#![cfg(target_os = "macos")]
#![expect(clippy::unwrap_used, reason = "what does not come about fails the test")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rh_agent::{Agent, LinkSource, Prompt, Question, Signalling};
use rh_codec::annexb;
use rh_protocol::{
    Consent, EndReason, Fraction, FromClient, FromHelper, IdentityCard, InputEvent, Point, Role,
    SessionId, ToClient, ToHelper, VERSION,
};
use rh_session::link::Link;
use rh_session::link::mock::{self, MockHelper};
use rh_signed::{ConsentRecord, Party, Signed, SigningKey, Timestamp};
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);

struct Yes;

#[async_trait]
impl Prompt for Yes {
    async fn ask(&self, _: Question) -> Consent {
        Consent::Allow
    }
}

struct OneLink(Mutex<Option<Arc<dyn Link>>>);

#[async_trait]
impl LinkSource for OneLink {
    async fn open(&self) -> Result<Arc<dyn Link>, String> {
        self.0.lock().unwrap().take().ok_or_else(|| "the link is taken".to_owned())
    }
}

/// What the agent tells, up to the first that is `wanted`.
async fn told<T>(helper: &mut MockHelper, wanted: impl Fn(ToHelper) -> Option<T>) -> T {
    loop {
        let message = timeout(SOON, helper.told()).await.expect("the agent tells it");
        if let Some(found) = wanted(message.expect("the link is up")) {
            return found;
        }
    }
}

fn apart(one: Fraction, other: Fraction) -> f32 {
    (f32::from(one) - f32::from(other)).abs()
}

/// S-58, S-61: the screen is seen after Allow, the pointer goes where the helper points, and Stop
/// ends all of it within a second.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it shares the real screen and moves the real pointer"]
#[expect(clippy::disallowed_methods, reason = "the second is a real one")]
async fn a_session_with_this_mac() {
    let (link, mut helper) = mock::pair();
    let agent = Agent::builder()
        .prompt(Yes)
        .screens(Arc::new(rh_capture::Backend::ScreenCaptureKit))
        .encoders(Arc::new(rh_codec::Backend::VideoToolbox))
        .inputs(Arc::new(rh_input::Backend::CgEvent))
        .desktops(Arc::new(rh_session::desktop::Backend::MacOs))
        .links(Arc::new(OneLink(Mutex::new(Some(Arc::new(link))))))
        .build()
        .unwrap();
    let stopper = agent.stopper();
    let (mut signalling, mut service) = Signalling::pair();
    let key = SigningKey::from_seed(&[3; 32]);
    signalling.key = Some(key.public());
    let sharing = tokio::spawn(async move { agent.share_over(signalling, "12345678").await });
    assert!(matches!(service.outgoing.recv().await, Some(FromClient::Join { .. })));
    let joined = ToClient::Joined { session: SessionId(1), peer: IdentityCard::default() };
    service.incoming.send(joined).await.unwrap();
    helper.connect();
    helper.say(FromHelper::Hello { version: VERSION });
    service.incoming.send(ToClient::Requested { role: Role::Control }).await.unwrap();
    let record = loop {
        let said = timeout(SOON, service.outgoing.recv()).await.expect("an answer").unwrap();
        if let FromClient::Answer { role, consent, shown: Some(shown) } = said {
            let nobody =
                || Party { id: "nobody".parse().unwrap(), full_name: None, verified_domain: None };
            let (tenant, at) = ("ours".parse().unwrap(), Timestamp::from_millis(0).unwrap());
            let (helper, sharer, session) = (nobody(), nobody(), SessionId(1));
            let shown = shown.into();
            let it = ConsentRecord { tenant, session, helper, sharer, role, consent, shown, at };
            break Signed::new(&it, &key).to_line();
        }
    };
    service.incoming.send(ToClient::Recorded { record }).await.unwrap();

    let current = told(&mut helper, |message| {
        let ToHelper::Displays { current, .. } = message else { return None };
        Some(current)
    })
    .await;
    let first = timeout(SOON, helper.shown()).await.expect("a first picture");
    assert!(first.key && annexb::is_entry(&first.data));
    let at = Point::new(current, 0.25, 0.75).unwrap();
    helper.say(FromHelper::Input { seq: 1, event: InputEvent::Move { at } });
    told(&mut helper, |message| {
        let ToHelper::CursorAt { at: Some(seen) } = message else { return None };
        (apart(seen.x, at.x) < 0.01 && apart(seen.y, at.y) < 0.01).then_some(())
    })
    .await;

    let begun = Instant::now();
    stopper.stop();
    let outcome = timeout(SOON, sharing).await.expect("it ends").unwrap().unwrap();
    assert_eq!(outcome.reason, EndReason::SharerEnded);
    assert!(begun.elapsed() < Duration::from_secs(1), "took {:?}", begun.elapsed());
}
