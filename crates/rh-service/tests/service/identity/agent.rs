//! An agent signs in through the system browser (S-45, RFC 8252).

use reqwest::StatusCode;
use rh_identity::{pkce_challenge, random_token};
use rh_protocol::Client;
use serde_json::{Value, json};

use super::world::{Browser, World, location, parameter, world};
use crate::support::{greeted, open};

/// Where a browser is led that an agent with this verifier sent off.
async fn led(world: &World, browser: &Browser, verifier: &str, answer: (&str, &str)) -> String {
    let challenge = pkce_challenge(verifier);
    let path = format!("/auth/agent?port=54321&challenge={challenge}&state=mine");
    let door = browser.to_the_door(world, &path, answer, |it| it).await;
    location(&browser.get(&door).await)
}

async fn fetch(
    world: &World,
    code: &str,
    verifier: &str,
    origin: Option<&str>,
) -> (StatusCode, Value) {
    let body = json!({ "code": code, "verifier": verifier });
    let mut request = reqwest::Client::new().post(world.url("/auth/agent/token")).json(&body);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// S-45: prompted the first time, silent while the provider knows the person.
#[tokio::test]
async fn an_agent_signs_in_through_the_browser() {
    let (world, browser, verifier) = (world("").await, Browser::new(), random_token());
    for answer in [("login", "ann"), ("nobody", "asks")] {
        let back = led(&world, &browser, &verifier, answer).await;
        assert!(back.starts_with("http://127.0.0.1:54321/?"), "{back}");
        assert_eq!(parameter(&back, "state").as_deref(), Some("mine"));
        assert_eq!(browser.me(&world).await, None, "the browser itself is not signed in");
        let code = parameter(&back, "code").unwrap();
        let (status, you) = fetch(&world, &code, &verifier, None).await;
        assert_eq!((status, &you["card"]["full_name"]), (StatusCode::OK, &json!("Ann Example")));
        let bearer = format!("Bearer {}", you["token"].as_str().unwrap());
        let socket = open(&world.server, &[("authorization", &bearer)]).await.unwrap();
        greeted(socket, Client::Agent).await;
    }
}

/// A code that somebody else sees is worth nothing to them, and nothing to anybody afterwards.
#[tokio::test]
async fn a_code_is_for_one_agent_and_once() {
    let (world, browser, verifier) = (world("").await, Browser::new(), random_token());
    let code = async || {
        let back = led(&world, &browser, &verifier, ("login", "ann")).await;
        parameter(&back, "code").unwrap()
    };
    let stolen = code().await;
    assert_eq!(fetch(&world, &stolen, &random_token(), None).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(fetch(&world, &stolen, &verifier, None).await.0, StatusCode::UNAUTHORIZED);
    let page = code().await;
    let origin = Some(world.server.origin());
    assert_eq!(fetch(&world, &page, &verifier, origin).await.0, StatusCode::FORBIDDEN);
    let once = code().await;
    assert_eq!(fetch(&world, &once, &verifier, None).await.0, StatusCode::OK);
    assert_eq!(fetch(&world, &once, &verifier, None).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_agent_hears_of_a_refusal() {
    let (world, browser) = (world("").await, Browser::new());
    let back = led(&world, &browser, &random_token(), ("refuse", "1")).await;
    assert_eq!(back, "http://127.0.0.1:54321/?error=denied&state=mine");
}

/// Nothing in the query leads anywhere but to an agent on the very machine of the browser.
#[tokio::test]
async fn a_browser_is_led_to_agents_only() {
    let (world, browser) = (world("").await, Browser::new());
    let good = pkce_challenge("x");
    for query in [
        format!("port=80&challenge={good}&state=s"),
        format!("port=99999&challenge={good}&state=s"),
        format!("port=54321%40evil.example&challenge={good}&state=s"),
        format!("port=54321&challenge={good}&state=a%26code%3Db"),
        format!("port=54321&challenge={good}&state="),
        "port=54321&challenge=short&state=s".to_owned(),
        "port=54321".to_owned(),
    ] {
        let answer = browser.get(&world.url(&format!("/auth/agent?{query}"))).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

/// With several organisations the page asks which.
#[tokio::test]
async fn a_page_asks_which_organisation() {
    let more = "[[tenant]]\nid = \"other\"\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"x\"";
    let (world, browser) = (world(more).await, Browser::new());
    let query = format!("port=54321&challenge={}&state=s", pkce_challenge("x"));
    let answer = browser.get(&world.url(&format!("/auth/agent?{query}"))).await;
    assert_eq!(location(&answer), format!("/?{query}"));
    let down = browser.get(&world.url(&format!("/auth/agent?{query}&tenant=other"))).await;
    assert_eq!(location(&down), "http://127.0.0.1:54321/?error=provider&state=s");
}
