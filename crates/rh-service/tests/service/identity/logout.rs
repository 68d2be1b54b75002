//! The provider says that a session is over (OpenID Connect Back-Channel Logout 1.0).

use axum::extract::{Form, State};
use axum::routing::post;
use axum::{Router, http::StatusCode};
use rh_protocol::Client;
use serde_json::json;
use std::collections::HashMap;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::world::{Browser, World, cookie, form, issuer, world, world_with};
use crate::support::{PATIENCE, Socket, greeted, open};

/// Signs in and opens a socket.
async fn connected(world: &World, browser: &Browser) -> Socket {
    let door = browser.to_the_door(world, "/auth/start", ("login", "ann"), |it| it).await;
    let cookie = cookie(&browser.get(&door).await, "rh_session").unwrap();
    let headers = [("cookie", cookie.as_str()), ("origin", world.server.origin())];
    greeted(open(&world.server, &headers).await.unwrap(), Client::Helper).await.0
}

/// Signs out at the provider itself.
async fn leave_the_provider(world: &World, browser: &Browser) {
    let end = format!("{}/session/end?client_id={}", issuer(), world.client);
    let page = browser.get(&end).await.text().await.unwrap();
    let (action, mut fields) = form(&page);
    fields.push(("logout".to_owned(), "yes".to_owned()));
    let answer = browser.submit(&action, &fields).await;
    assert!(answer.status().is_redirection(), "{answer:?}");
}

/// S-18: whoever is signed out at the provider is signed out here, live sockets too; others stay.
#[tokio::test]
async fn a_logout_at_the_provider_ends_a_live_socket() {
    let world = world("").await;
    let (browser, elsewhere) = (Browser::new(), Browser::new());
    let mut socket = connected(&world, &browser).await;
    elsewhere.sign_in(&world, "ann").await;
    leave_the_provider(&world, &browser).await;
    assert_eq!(u16::from(socket.end().await.expect("a close frame").code), 1008);
    assert_eq!(browser.me(&world).await, None);
    assert!(elsewhere.me(&world).await.is_some(), "another session at the provider");
}

/// A logout token is good once.
#[tokio::test]
async fn a_replayed_logout_token_is_refused() {
    let (tokens, mut caught) = mpsc::unbounded_channel();
    let catch = async |State(tokens): State<mpsc::UnboundedSender<String>>,
                       Form(body): Form<HashMap<String, String>>| {
        tokens.send(body["logout_token"].clone()).unwrap();
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let catcher = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(catch)).with_state(tokens);
    tokio::spawn(axum::serve(listener, router).into_future());

    let world = world_with("", "", json!({ "backchannel_logout_uri": catcher })).await;
    let browser = Browser::new();
    let mut socket = connected(&world, &browser).await;
    leave_the_provider(&world, &browser).await;
    let token = timeout(PATIENCE, caught.recv()).await.expect("a logout token").unwrap();
    assert!(browser.me(&world).await.is_some(), "nobody told the service yet");
    for (token, status) in [
        (format!("{token}x"), StatusCode::BAD_REQUEST),
        ("a.b.c".to_owned(), StatusCode::BAD_REQUEST),
        (token.clone(), StatusCode::OK),
        (token, StatusCode::BAD_REQUEST),
    ] {
        let url = world.url("/auth/logout/example");
        let answer = Browser::new().submit(&url, &[("logout_token".to_owned(), token)]).await;
        assert_eq!(answer.status(), status);
    }
    assert!(socket.end().await.is_some());
    assert_eq!(browser.me(&world).await, None);
}

/// What another client of the same provider is told is not for us.
#[tokio::test]
async fn a_logout_is_for_whom_it_names() {
    let (ours, theirs) = (world("").await, world("").await);
    let browser = Browser::new();
    browser.sign_in(&ours, "ann").await;
    let other = Browser::new();
    other.sign_in(&theirs, "ann").await;
    leave_the_provider(&theirs, &other).await;
    assert_eq!(other.me(&theirs).await, None);
    assert!(browser.me(&ours).await.is_some());
}
