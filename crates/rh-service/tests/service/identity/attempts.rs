//! Sign-ins that somebody meddles with.

use std::time::{Duration, SystemTime};

use reqwest::Url;
use rh_identity::{Answer, Attempt, IdentityError, Now, Provider, ProviderSettings};
use tokio::time::Instant;

use super::world::{Browser, World, issuer, location, parameter, register, with_parameter, world};

/// Where a sign-in leads that is changed on its way to the provider.
async fn changed(world: &World, name: &str, value: &str) -> String {
    let browser = Browser::new();
    let change = |url: Url| with_parameter(&url, name, Some(value));
    let door = browser.to_the_door(world, "/auth/start", ("login", "ann"), change).await;
    let led = location(&browser.get(&door).await);
    assert_eq!(browser.me(world).await, None);
    led
}

#[tokio::test]
async fn a_wrong_nonce_is_refused() {
    assert_eq!(changed(&world("").await, "nonce", "another").await, "/?sign-in=token");
}

/// RFC 7636: a code that was asked for with another challenge is not ours to redeem.
#[tokio::test]
async fn a_wrong_verifier_is_refused() {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let led = changed(&world("").await, "code_challenge", challenge).await;
    assert_eq!(led, "/?sign-in=denied");
}

#[tokio::test]
async fn a_replayed_answer_is_refused() {
    let (world, browser) = (world("").await, Browser::new());
    let door = browser.to_the_door(&world, "/auth/start", ("login", "ann"), |it| it).await;
    assert_eq!(location(&browser.get(&door).await), "/");
    assert_eq!(location(&browser.get(&door).await), "/?sign-in=expired");
    let unknown = with_parameter(&door.parse().unwrap(), "state", Some("0"));
    assert_eq!(location(&browser.get(unknown.as_str()).await), "/?sign-in=expired");
}

/// Login CSRF: an answer is good in the browser that asked for it, and nowhere else.
#[tokio::test]
async fn an_answer_in_another_browser_is_refused() {
    let (world, attacker, victim) = (world("").await, Browser::new(), Browser::new());
    let door = attacker.to_the_door(&world, "/auth/start", ("login", "ann"), |it| it).await;
    assert_eq!(location(&victim.get(&door).await), "/?sign-in=other_browser");
    assert_eq!(victim.me(&world).await, None);
    assert_eq!(location(&attacker.get(&door).await), "/?sign-in=expired", "it is used up");
}

/// RFC 9207: an answer says whose it is, and that must be the one that was asked.
#[tokio::test]
async fn an_answer_of_another_issuer_is_refused() {
    let world = world("").await;
    for iss in [Some("https://evil.example"), Some(""), None] {
        let browser = Browser::new();
        let door = browser.to_the_door(&world, "/auth/start", ("login", "ann"), |it| it).await;
        assert_eq!(parameter(&door, "iss").as_deref(), Some(issuer()));
        let mixed_up = with_parameter(&door.parse().unwrap(), "iss", iss);
        let led = location(&browser.get(mixed_up.as_str()).await);
        assert_eq!(led, "/?sign-in=mixed_up", "{iss:?}");
        assert_eq!(browser.me(&world).await, None);
    }
}

#[tokio::test]
async fn a_person_may_say_no() {
    let (world, browser) = (world("").await, Browser::new());
    let door = browser.to_the_door(&world, "/auth/start", ("refuse", "1"), |it| it).await;
    assert_eq!(location(&browser.get(&door).await), "/?sign-in=denied");
}

/// A token counts until its time is over, by the clock that is given.
#[tokio::test]
async fn an_expired_token_is_refused() {
    let origin = "http://127.0.0.1:1";
    register("expiring", origin, serde_json::json!({"token_endpoint_auth_method": "none"})).await;
    let settings = serde_json::json!({
        "id": "example", "issuer": issuer(), "client_id": "expiring",
    });
    let settings: ProviderSettings = serde_json::from_value(settings).unwrap();
    let provider = Provider::new(settings, &format!("{origin}/auth/callback")).unwrap();
    for (later, good) in [(0, true), (2 * 3600, false)] {
        let attempt = Attempt::new("example".parse().unwrap(), ());
        let address = provider.address(now(0), &attempt, None).await.unwrap();
        let door = Browser::new().go(&address, ("login", "ann"), origin).await;
        let answer = Answer {
            code: parameter(&door, "code"),
            iss: parameter(&door, "iss"),
            ..Answer::default()
        };
        match provider.finish(now(later), &attempt, answer).await {
            Ok(identity) => assert!(good, "{identity:?}"),
            Err(IdentityError::Token(why)) => assert!(!good && why.contains("xpired"), "{why}"),
            Err(error) => panic!("{error}"),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the provider's tokens have the time of this machine"
)]
fn now(later: u64) -> Now {
    let wall = SystemTime::now() + Duration::from_secs(later);
    Now { instant: Instant::now().into_std(), wall }
}
