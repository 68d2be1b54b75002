//! The device flow (RFC 8628).

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, Url};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::world::{Browser, World, form, issuer, world, world_with};

async fn post(world: &World, path: &str, body: Value) -> Response {
    Client::new().post(world.url(path)).json(&body).send().await.unwrap()
}

#[tokio::test]
async fn the_device_flow_is_off_by_default() {
    let world = world("").await;
    let answer = post(&world, "/auth/device", json!({})).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_signs_in_on_another_device() {
    let world = world_with("", "[sign_in]\ndevice_flow = true", json!({})).await;
    let begun: Value = post(&world, "/auth/device", json!({})).await.json().await.unwrap();
    let grant = json!({ "grant": begun["grant"] });
    let asked = post(&world, "/auth/device/token", grant.clone()).await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);

    let browser = Browser::new();
    let address = begun["address"].as_str().unwrap();
    assert!(address.starts_with(issuer()), "{address}");
    let (action, mut fields) = form(&browser.get(address).await.text().await.unwrap());
    fields.retain(|(name, _)| name != "user_code");
    fields.push(("user_code".to_owned(), begun["code"].as_str().unwrap().to_owned()));
    let confirm = browser.submit(&action, &fields).await.text().await.unwrap();
    let (action, fields) = form(&confirm);
    let led = browser.submit(&action, &fields).await;
    let next = Url::parse(&action).unwrap().join(&super::world::location(&led)).unwrap();
    let back = browser.go(next.as_str(), ("login", "bob"), &format!("{}/device/", issuer())).await;
    assert!(browser.get(&back).await.text().await.unwrap().contains("Done"));

    let token = async {
        loop {
            let answer = post(&world, "/auth/device/token", grant.clone()).await;
            if answer.status() != StatusCode::ACCEPTED {
                return answer;
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    let answer = timeout(Duration::from_secs(20), token).await.expect("a token in time");
    let you: Value = answer.json().await.unwrap();
    assert_eq!(you["card"]["full_name"], "Bob Example");
    let again = post(&world, "/auth/device/token", grant).await;
    assert_eq!(again.status(), StatusCode::UNAUTHORIZED, "once");
}
