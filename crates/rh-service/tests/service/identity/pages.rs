//! A browser signs in.

use reqwest::StatusCode;
use reqwest::header::COOKIE;
use serde_json::{Value, json};

use super::world::{Browser, cookie, location, world, world_with};
use crate::support::{greeted, open};

const OID: &str = "directory = { claim = \"tid\", value = \"directory\" }\n\
                   [tenant.claims]\nobject_id = \"oid\"";

/// S-18: whoever the provider vouches for is signed in, with what it says of them.
#[tokio::test]
async fn a_person_signs_in_at_the_provider() {
    let (world, browser) = (world(OID).await, Browser::new());
    assert_eq!(browser.me(&world).await, None);
    assert_eq!(browser.sign_in(&world, "ann").await, "/");
    let me = browser.me(&world).await.unwrap();
    let card = &me["card"];
    assert_eq!(card["full_name"], "Ann Example");
    assert_eq!(card["job_title"], "Support");
    assert_eq!(card["company"], "Example Ltd");
    assert_eq!(card["verified_domain"], "example.com");
    assert!(!me.to_string().contains("object-ann"), "{me}");

    let again = Browser::new();
    again.sign_in(&world, "ann").await;
    assert_eq!(again.me(&world).await.unwrap()["id"], me["id"], "the same person tomorrow");
    let other = Browser::new();
    other.sign_in(&world, "bob").await;
    assert_ne!(other.me(&world).await.unwrap()["id"], me["id"]);
}

/// S-47: the picture is fetched and made anew by the service, and shown to colleagues only.
#[tokio::test]
async fn a_picture_comes_from_the_service_itself() {
    let (world, browser) = (world("").await, Browser::new());
    browser.sign_in(&world, "ann").await;
    let me = browser.me(&world).await.unwrap();
    let path = me["card"]["picture"].as_str().unwrap();
    assert!(path.starts_with("/api/people/p"), "{path}");
    let picture = browser.get(&world.url(path)).await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
    let stranger = Browser::new().get(&world.url(path)).await;
    assert_eq!(stranger.status(), StatusCode::NOT_FOUND);
}

/// The token is new at each sign-in, and the one from before opens nothing any more.
#[tokio::test]
async fn signing_in_changes_the_token() {
    let (world, browser) = (world("").await, Browser::new());
    let sign_in = async || {
        let door = browser.to_the_door(&world, "/auth/start", ("login", "ann"), |it| it).await;
        let answer = browser.get(&door).await;
        let flags = answer.headers().get_all("set-cookie").iter();
        for flags in flags.map(|it| it.to_str().unwrap()) {
            assert!(flags.contains("HttpOnly; SameSite=Lax; Path=/"), "{flags}");
        }
        assert_eq!(cookie(&answer, "rh_attempt").as_deref(), Some("rh_attempt="));
        cookie(&answer, "rh_session").unwrap()
    };
    let (first, second) = (sign_in().await, sign_in().await);
    let me = async |cookie: &str| {
        let request = reqwest::Client::new().get(world.url("/api/me")).header(COOKIE, cookie);
        request.send().await.unwrap().status()
    };
    assert_eq!(me(&first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&second).await, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_it() {
    let (world, browser) = (world("").await, Browser::new());
    browser.sign_in(&world, "ann").await;
    assert_eq!(browser.post(&world, "/api/sign-out").await, StatusCode::NO_CONTENT);
    assert_eq!(browser.me(&world).await, None);
}

/// A page that came from the provider opens its socket as before.
#[tokio::test]
async fn a_signed_in_page_gets_its_socket() {
    let (world, browser) = (world("").await, Browser::new());
    let door = browser.to_the_door(&world, "/auth/start", ("login", "ann"), |it| it).await;
    let cookie = cookie(&browser.get(&door).await, "rh_session").unwrap();
    let headers = [("cookie", cookie.as_str()), ("origin", world.server.origin())];
    let socket = open(&world.server, &headers).await.unwrap();
    let (_, you) = greeted(socket, rh_protocol::Client::Helper).await;
    assert_eq!(you.full_name.as_deref(), Some("Ann Example"));
}

/// S-20: an account of another directory at the same provider is refused.
#[tokio::test]
async fn another_organisations_account_is_refused() {
    let world = world("directory = { claim = \"tid\", value = \"another\" }").await;
    let browser = Browser::new();
    assert_eq!(browser.sign_in(&world, "ann").await, "/?sign-in=other_directory");
    assert_eq!(browser.me(&world).await, None);
}

/// With a provider nobody chooses who to be, unless the operator says so.
#[tokio::test]
async fn the_development_sign_in_is_off_beside_a_provider() {
    for (top, development) in [("", false), ("[development]", true)] {
        let world = world_with("", top, json!({})).await;
        let ways: Value =
            Browser::new().get(&world.url("/api/sign-in")).await.json().await.unwrap();
        let tenants = json!([{"id": "example", "name": "Example Ltd"}]);
        assert_eq!(ways, json!({"development": development, "tenants": tenants}));
        let request = reqwest::Client::new().post(world.url("/api/sign-in"));
        let request = request.json(&json!({"person": "helper", "client": "agent"}));
        assert_eq!(request.send().await.unwrap().status().is_success(), development);
    }
}

/// A provider that is down is no error of HTTP for the person, and others go on.
#[tokio::test]
async fn a_provider_that_is_down_is_told_to_the_page() {
    let down = "[[tenant]]\nid = \"down\"\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"x\"";
    let (world, browser) = (world(down).await, Browser::new());
    let answer = browser.get(&world.url("/auth/start?tenant=down")).await;
    assert_eq!(location(&answer), "/?sign-in=provider");
    let unnamed = browser.get(&world.url("/auth/start")).await;
    assert_eq!(unnamed.status(), StatusCode::NOT_FOUND, "which of the two?");
    let there = browser.get(&world.url("/auth/start?tenant=example")).await;
    assert!(location(&there).starts_with(super::world::issuer()));
}
