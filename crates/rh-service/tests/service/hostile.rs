//! Hostile requests to every route that there is: the list is the description of the interface, so
//! that a route cannot be forgotten here.

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::rules::Ruled;
use crate::support::{cookie, token};

/// One operation of the description.
struct Operation {
    method: Method,
    path: String,
    signed_in: bool,
    body: Option<String>,
}

/// Every operation but the WebSocket, which has tests of its own.
fn operations() -> Vec<Operation> {
    let described: Value = serde_json::from_str(&rh_service::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object();
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                signed_in: operation.get("security").is_some(),
                body: content.and_then(|it| it.keys().next().cloned()),
            });
        }
    }
    found.retain(|it| it.path != "/ws");
    assert!(found.len() >= 25, "{}", found.len());
    found
}

/// A service, and who asks it.
struct World {
    ruled: Ruled,
    client: Client,
}

impl World {
    async fn new() -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { ruled: Ruled::recorded().await, client: client.build().unwrap() }
    }

    /// A request to an operation, with `id` where its path has a place.
    fn request(&self, operation: &Operation, id: &str) -> reqwest::RequestBuilder {
        let mut path = operation.path.clone();
        while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
            path.replace_range(open..=close, id);
        }
        let url = format!("{}{path}", self.ruled.server.origin());
        self.client.request(operation.method.clone(), url)
    }
}

/// A refusal in the one form that all have; returns its word.
async fn refused(response: Response, case: &str) -> (StatusCode, String) {
    let (status, text) = (response.status(), response.text().await.unwrap());
    assert!(status.is_client_error(), "{case}: {status} {text}");
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{case}: {text}"));
    assert!(body["message"].as_str().is_some_and(|it| !it.is_empty()), "{case}: {text}");
    (status, body["error"].as_str().unwrap().to_owned())
}

/// Without a sign-in, or with one of somebody's own making, nothing that asks for one answers, nor is
/// anything changed (CVE-2026-30792, RustDesk, took rules from strangers).
#[tokio::test]
async fn who_is_not_signed_in_gets_nothing() {
    let world = World::new().await;
    let own = world.ruled.server.origin().to_owned();
    for operation in operations().iter().filter(|it| it.signed_in) {
        let made_up = "0".repeat(64);
        let cookies = [format!("rh_session={made_up}"), "rh_session=".to_owned(), made_up.clone()];
        for cookie in &cookies {
            let request = world.request(operation, "x").header("cookie", cookie);
            let request = request.header("origin", &own).json(&json!({}));
            let answer = refused(request.send().await.unwrap(), &operation.path).await;
            assert_eq!(answer, (StatusCode::UNAUTHORIZED, "signed_out".to_owned()));
        }
        for bearer in ["Bearer ", "Bearer 0", "Basic aGVscGVyOg==", "Bearer \u{e9}"] {
            let request = world.request(operation, "x").header("authorization", bearer.as_bytes());
            let answer = refused(request.json(&json!({})).send().await.unwrap(), bearer).await;
            assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{bearer}");
        }
    }
}

/// CVE-2025-53095: nothing acts for another page, whatever cookie its browser sends along.
#[tokio::test]
async fn nothing_acts_for_another_origin() {
    let world = World::new().await;
    let cookie = cookie(&world.ruled.server, "strict-admin").await;
    let acting = |it: &&Operation| it.signed_in && it.method != Method::GET;
    let operations = operations();
    assert!(operations.iter().filter(acting).count() >= 4);
    for operation in operations.iter().filter(acting) {
        for origin in ["null", "https://evil.example", "http://127.0.0.1", ""] {
            let request = world.request(operation, "x").header("cookie", &cookie);
            let request = request.header("origin", origin).json(&json!({ "context": "c1" }));
            let (status, word) = refused(request.send().await.unwrap(), &operation.path).await;
            let expected = (StatusCode::FORBIDDEN, "origin");
            assert_eq!((status, word.as_str()), expected, "{} {origin}", operation.path);
        }
    }
}

/// Bodies that are none, too long, too deep, of another type, or with fields that nobody asked for.
#[tokio::test]
async fn no_body_does_harm() {
    let world = World::new().await;
    let server = &world.ruled.server;
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    let long = format!("{{\"x\":\"{}\"}}", "y".repeat(200_000));
    let bodies = ["", "{", "null", "[]", "7", "\"x\"", "{\"__proto__\":{}}", "\u{0}", &deep, &long];
    for operation in operations().iter().filter(|it| it.body.is_some()) {
        let right = operation.body.as_deref().unwrap();
        for media_type in [right, "text/plain", "application/xml", "application/json; x"] {
            for body in bodies {
                let token = token(server, "strict-admin").await;
                let request = world.request(operation, "x").bearer_auth(token);
                let request = request.header("content-type", media_type).body(body.to_owned());
                let case = format!("{} {media_type} {:.20}", operation.path, body);
                // A body that is cut off while it is sent is refused too.
                let Ok(answer) = request.send().await else { continue };
                refused(answer, &case).await;
            }
        }
    }
}

/// Ids and queries that are none.
#[tokio::test]
async fn no_path_does_harm() {
    let world = World::new().await;
    let ids = ["%00", "..%2f..%2fetc%2fpasswd", "%ff", "'%20OR%201=1--", "%3Cimg%20src=x%3E"];
    let long = "9".repeat(3000);
    for operation in operations() {
        let hostile: Vec<&str> = ids.iter().copied().chain([long.as_str()]).collect();
        for id in hostile {
            // One of these signs out.
            let token = token(&world.ruled.server, "strict-admin").await;
            let request = world.request(&operation, id).bearer_auth(token);
            let request = request.query(&[("after", "'\"\u{202e}\0"), ("limit", "-1"), ("x", id)]);
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let harmless = !status.is_server_error() || operation.path == "/readyz";
            assert!(harmless, "{} {id} {status}", operation.path);
            let text = answer.text().await.unwrap();
            assert!(!text.contains("<img") && !text.contains("root:"), "{} {text}", operation.path);
        }
    }
}
