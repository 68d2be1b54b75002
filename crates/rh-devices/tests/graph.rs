//! Microsoft Graph's `managedDevices`, against a small server that pages, throttles and challenges as
//! its documentation says. Never run against Graph itself.

#![cfg(test)]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rh_devices::contract::{self, Ground, Known};
use rh_devices::graph::{Client, ClientSecret, Graph};
use rh_devices::{DeviceDirectory, DeviceKey, DirectoryError};
use rh_policy::{Compliance, Enrolment};
use serde::Deserialize;
use serde_json::{Value, json};
use support::{Mood, Shared, nobody, serve, word};
use zeroize::Zeroizing;

const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;

const PAGE: usize = 100;

#[derive(Deserialize)]
struct Wanted {
    client_secret: String,
    scope: String,
    claims: Option<String>,
}

async fn token(State(state): State<Shared>, Form(wanted): Form<Wanted>) -> Response {
    let mut state = state.lock().unwrap();
    state.asked.push(format!("token {}", wanted.claims.as_deref().unwrap_or("-")));
    if wanted.client_secret != "hunter2" || !wanted.scope.ends_with("/.default") {
        let error = json!({ "error": "invalid_client" });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    let met = state.mood == Mood::Challenging && wanted.claims.as_deref() == Some(CLAIMS);
    if met || state.mood == Mood::Revoked {
        state.mood = Mood::Good;
    }
    Json(json!({ "token_type": "Bearer", "access_token": "t0ken", "expires_in": 3599 }))
        .into_response()
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "$filter")]
    filter: Option<String>,
    #[serde(rename = "$select")]
    select: Option<String>,
    #[serde(rename = "$skiptoken")]
    skip: Option<usize>,
}

async fn devices(
    State(state): State<Shared>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let mut state = state.lock().unwrap();
    state.asked.push(asked.filter.clone().unwrap_or_default());
    assert_eq!(headers["authorization"], "Bearer t0ken");
    match state.mood {
        Mood::Throttled => {
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "60")]).into_response();
        }
        Mood::Challenging | Mood::AlwaysChallenging => {
            let claims = STANDARD.encode(CLAIMS);
            let challenge = format!(
                "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common\", \
                 error=\"insufficient_claims\", claims=\"{claims}\""
            );
            return (StatusCode::UNAUTHORIZED, [("www-authenticate", challenge)]).into_response();
        }
        Mood::Revoked => return StatusCode::UNAUTHORIZED.into_response(),
        Mood::Forbidden => return StatusCode::FORBIDDEN.into_response(),
        Mood::Broken => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mood::Garbage => return "<html>".into_response(),
        Mood::Endless => return Body::from(vec![b' '; 17 * 1024 * 1024]).into_response(),
        Mood::Good | Mood::Elsewhere | Mood::Unfiltered => {}
    }
    let filter = asked.filter.clone().filter(|_| state.mood != Mood::Unfiltered);
    let wanted = |known: &&Known| {
        let entra = known.udid.as_str().to_lowercase();
        filter.as_ref().is_none_or(|filter| {
            *filter == format!("serialNumber eq '{}'", known.serial)
                || *filter == format!("azureADDeviceId eq '{entra}'")
        })
    };
    let all: Vec<_> = state.devices.iter().filter(wanted).map(device).collect();
    let skip = asked.skip.unwrap_or(0);
    let mut page = json!({ "value": all.iter().skip(skip).take(PAGE).collect::<Vec<_>>() });
    // A next link is whole, and says all that has to be asked.
    assert!(asked.select.is_some() || asked.skip.is_some());
    if skip + PAGE < all.len() {
        let host = if state.mood == Mood::Elsewhere {
            "evil.example"
        } else {
            headers["host"].to_str().unwrap()
        };
        let next = skip + PAGE;
        let path = "v1.0/deviceManagement/managedDevices";
        page["@odata.nextLink"] = json!(format!("http://{host}/{path}?$skiptoken={next}"));
    }
    Json(page).into_response()
}

fn device(known: &Known) -> Value {
    let registered = if known.enrolment == Enrolment::Enrolled { "registered" } else { "revoked" };
    json!({
        "id": format!("id-{}", known.serial),
        "serialNumber": known.serial.as_str(),
        "azureADDeviceId": known.udid.as_str().to_lowercase(),
        "deviceName": "Mac", "userId": "u", "userPrincipalName": "ada@example.com",
        "complianceState": word(known.compliance),
        "deviceRegistrationState": registered,
        "lastSyncDateTime": "2026-03-01T00:02:49.3205976-08:00",
    })
}

async fn start(state: Shared) -> SocketAddr {
    let router = Router::new()
        .route("/directory/oauth2/v2.0/token", post(token))
        .route("/v1.0/deviceManagement/managedDevices", get(devices));
    serve(router.with_state(state)).await
}

fn graph(address: SocketAddr, secret: &str) -> Graph {
    let client = Client {
        graph: format!("http://{address}/v1.0/"),
        login: format!("http://{address}"),
        directory: "directory".to_owned(),
        id: "client".to_owned(),
        secret: ClientSecret(Zeroizing::new(secret.to_owned())),
    };
    assert!(!format!("{client:?}").contains(secret));
    Graph::new("ours".parse().unwrap(), client).unwrap()
}

#[derive(Debug)]
struct Server;

#[async_trait]
impl Ground for Server {
    async fn knowing(&self, devices: &[Known], _: &[Known]) -> Arc<dyn DeviceDirectory> {
        let state = Shared::default();
        state.lock().unwrap().devices = devices.to_vec();
        Arc::new(graph(start(state).await, "hunter2"))
    }

    async fn down(&self) -> Arc<dyn DeviceDirectory> {
        Arc::new(graph(nobody().await, "hunter2"))
    }
}

#[tokio::test]
async fn graph_keeps_the_contract() {
    contract::all(&Server).await;
}

/// A server with 250 devices in that mood, and the last of them.
async fn moody(mood: Mood) -> (Graph, Shared, DeviceKey) {
    let state = Shared::default();
    let known = |n| Known {
        serial: format!("C{n:03}").parse().unwrap(),
        udid: format!("U{n:03}").parse().unwrap(),
        enrolment: Enrolment::Enrolled,
        compliance: Compliance::Compliant,
    };
    state.lock().unwrap().devices = (0..250).map(known).collect();
    state.lock().unwrap().mood = mood;
    let key = DeviceKey::Serial(known(249).serial);
    (graph(start(Arc::clone(&state)).await, "hunter2"), state, key)
}

fn questions(state: &Shared) -> usize {
    state.lock().unwrap().asked.len()
}

/// Whoever is told to wait waits, and says for how long.
#[tokio::test]
async fn a_throttled_directory_is_left_alone() {
    let (graph, state, key) = moody(Mood::Throttled).await;
    let throttled = graph.find(&key).await;
    assert_eq!(throttled, Err(DirectoryError::Throttled(Duration::from_secs(60))));
    let before = questions(&state);
    state.lock().unwrap().mood = Mood::Good;
    let again = graph.all().await;
    assert!(matches!(again, Err(DirectoryError::Throttled(_))), "{again:?}");
    assert_eq!(questions(&state), before);
}

/// A claims challenge is answered with a token for those claims, and told if that does not help.
#[tokio::test]
async fn a_claims_challenge_is_replayed_and_surfaced() {
    let (graph, state, key) = moody(Mood::Challenging).await;
    assert!(graph.find(&key).await.unwrap().is_some());
    assert!(state.lock().unwrap().asked.contains(&format!("token {CLAIMS}")));
    state.lock().unwrap().mood = Mood::AlwaysChallenging;
    let challenged = Err(DirectoryError::ClaimsChallenge(CLAIMS.to_owned()));
    assert_eq!(graph.find(&key).await, challenged);
}

#[tokio::test]
async fn a_token_is_kept_until_it_is_refused() {
    let (graph, state, key) = moody(Mood::Good).await;
    for _ in 0..3 {
        assert!(graph.find(&key).await.unwrap().is_some());
    }
    assert_eq!(questions(&state), 4, "one for a token, three for devices");
    state.lock().unwrap().mood = Mood::Revoked;
    assert!(graph.find(&key).await.unwrap().is_some());
    assert_eq!(questions(&state), 7);
}

/// What is no answer is none, and the secret is in no error.
#[tokio::test]
async fn every_failure_has_its_error() {
    for (mood, unavailable) in [
        (Mood::Forbidden, false),
        (Mood::Broken, true),
        (Mood::Garbage, true),
        (Mood::Endless, true),
        (Mood::Elsewhere, true),
    ] {
        let (graph, _, _) = moody(mood).await;
        let error = graph.all().await.unwrap_err();
        assert_eq!(matches!(error, DirectoryError::Unavailable(_)), unavailable, "{error}");
        assert_eq!(matches!(error, DirectoryError::Refused(_)), !unavailable, "{error}");
        assert!(!format!("{error} {error:?}").contains("t0ken"));
    }
    let address = start(Shared::default()).await;
    let error = graph(address, "wrong").all().await.unwrap_err();
    assert!(matches!(error, DirectoryError::Refused(_)), "{error}");
}

/// A server that does not filter does not make somebody else's device this one.
#[tokio::test]
async fn only_the_device_that_was_asked_for_is_found() {
    let (graph, _, key) = moody(Mood::Unfiltered).await;
    let found = graph.find(&key).await.unwrap().unwrap();
    assert_eq!(Some(key), found.serial.map(DeviceKey::Serial));
    let unknown = DeviceKey::Serial("C999".parse().unwrap());
    assert_eq!(graph.find(&unknown).await, Ok(None));
}
