//! A stronger sign-in for an action (conditional access).

use reqwest::StatusCode;
use reqwest::header::COOKIE;
use serde_json::json;

use super::world::{Browser, World, cookie, location, parameter, world_with};

const PATH: &str = "/auth/step-up?context=c1";

/// A service whose provider grants these.
async fn asking(grants: &[&str]) -> World {
    world_with("", "", json!({ "rh": { "grants": grants } })).await
}

/// The context is asked for at the action, shown afterwards, and the token from before is worth
/// nothing any more.
#[tokio::test]
async fn a_step_up_is_granted() {
    let (world, browser) = (asking(&["c1"]).await, Browser::new());
    let door = browser.to_the_door(&world, "/auth/start", ("login", "ann"), |it| it).await;
    let before = cookie(&browser.get(&door).await, "rh_session").unwrap();
    assert!(browser.me(&world).await.unwrap().get("contexts").is_none());

    let door = browser.to_the_door(&world, PATH, ("login", "ann"), |url| {
        let claims = parameter(url.as_str(), "claims").unwrap();
        assert_eq!(claims, r#"{"id_token":{"acrs":{"essential":true,"value":"c1"}}}"#);
        url
    });
    assert_eq!(location(&browser.get(&door.await).await), "/?step-up=granted");
    assert_eq!(browser.me(&world).await.unwrap()["contexts"], json!(["c1"]));
    let stale = reqwest::Client::new().get(world.url("/api/me")).header(COOKIE, before);
    assert_eq!(stale.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);

    let again = browser.get(&world.url(PATH)).await;
    assert_eq!(location(&again), "/?step-up=granted", "nobody is asked twice");
}

#[tokio::test]
async fn a_step_up_that_the_provider_does_not_confirm_is_refused() {
    let (world, browser) = (asking(&["c2"]).await, Browser::new());
    browser.sign_in(&world, "ann").await;
    let door = browser.to_the_door(&world, PATH, ("login", "ann"), |it| it).await;
    assert_eq!(location(&browser.get(&door).await), "/?step-up=step_up");
    let me = browser.me(&world).await.expect("still signed in");
    assert!(me.get("contexts").is_none(), "{me}");
}

/// What somebody else proves is not proven.
#[tokio::test]
async fn another_persons_step_up_is_refused() {
    let (world, browser) = (asking(&["c1"]).await, Browser::new());
    browser.sign_in(&world, "ann").await;
    let there = location(&browser.get(&world.url(PATH)).await);
    let stop = world.url("/auth/callback");
    let door = Browser::new().go(&there, ("login", "bob"), &stop).await;
    assert_eq!(location(&browser.get(&door).await), "/?step-up=step_up");
    assert!(browser.me(&world).await.unwrap().get("contexts").is_none());
}

#[tokio::test]
async fn whoever_is_not_signed_in_steps_nowhere() {
    let (world, browser) = (asking(&["c1"]).await, Browser::new());
    assert_eq!(browser.get(&world.url(PATH)).await.status(), StatusCode::UNAUTHORIZED);
    browser.sign_in(&world, "ann").await;
    let nothing = browser.get(&world.url("/auth/step-up?context=")).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
}
