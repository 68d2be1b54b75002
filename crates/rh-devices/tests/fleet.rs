//! Fleet's hosts, against a small server that answers as its documentation says. Never run against
//! Fleet itself.

#![cfg(test)]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use rh_devices::contract::{self, Ground, Known};
use rh_devices::fleet::Fleet;
use rh_devices::{DeviceDirectory, DeviceKey, DirectoryError};
use rh_policy::{Compliance, Enrolment};
use serde::Deserialize;
use serde_json::{Value, json};
use support::{Mood, Shared, nobody, serve};
use zeroize::Zeroizing;

#[derive(Deserialize)]
struct Asked {
    page: usize,
    per_page: usize,
    populate_policies: bool,
}

fn mood(state: &Shared, headers: &HeaderMap) -> Option<Response> {
    if headers["authorization"] != "Bearer t0ken" {
        return Some(StatusCode::UNAUTHORIZED.into_response());
    }
    let mood = state.lock().unwrap().mood;
    if mood == Mood::Throttled {
        return Some((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response());
    }
    (mood == Mood::Garbage).then(|| "<html>".into_response())
}

async fn list(
    State(state): State<Shared>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    if let Some(answer) = mood(&state, &headers) {
        return answer;
    }
    assert!(asked.populate_policies);
    let state = state.lock().unwrap();
    let hosts = state.devices.iter().skip(asked.page * asked.per_page).take(asked.per_page);
    Json(json!({ "hosts": hosts.map(host).collect::<Vec<_>>() })).into_response()
}

async fn one(
    State(state): State<Shared>,
    headers: HeaderMap,
    Path(identifier): Path<String>,
) -> Response {
    if let Some(answer) = mood(&state, &headers) {
        return answer;
    }
    let state = state.lock().unwrap();
    // Fleet finds hosts by their names too; here the first is named after the last.
    let named = state
        .devices
        .iter()
        .find(|it| [it.serial.as_str(), it.udid.as_str(), "C999"].contains(&identifier.as_str()));
    match named {
        Some(known) => Json(json!({ "host": host(known) })).into_response(),
        None => {
            let error = json!({ "message": "Resource Not Found", "errors": [] });
            (StatusCode::NOT_FOUND, Json(error)).into_response()
        }
    }
}

fn host(known: &Known) -> Value {
    let response = if known.compliance == Compliance::Compliant { "pass" } else { "fail" };
    let on = known.enrolment == Enrolment::Enrolled;
    json!({
        "id": 7, "uuid": known.udid.as_str(), "hardware_serial": known.serial.as_str(),
        "mdm": { "enrollment_status": if on { "On (automatic)" } else { "Off" } },
        "policies": [{ "id": 1, "response": "pass" }, { "id": 2, "response": response }],
        "last_mdm_checked_in_at": "2023-02-26T22:33:12Z",
    })
}

async fn start(state: Shared) -> SocketAddr {
    let router = Router::new()
        .route("/api/v1/fleet/hosts", get(list))
        .route("/api/v1/fleet/hosts/identifier/{identifier}", get(one));
    serve(router.with_state(state)).await
}

fn fleet(address: SocketAddr, token: &str) -> Fleet {
    let token = Zeroizing::new(token.to_owned());
    Fleet::new("ours".parse().unwrap(), &format!("http://{address}/"), token).unwrap()
}

#[derive(Debug)]
struct Server;

#[async_trait]
impl Ground for Server {
    async fn knowing(&self, devices: &[Known], _: &[Known]) -> Arc<dyn DeviceDirectory> {
        let state = Shared::default();
        state.lock().unwrap().devices = devices.to_vec();
        Arc::new(fleet(start(state).await, "t0ken"))
    }

    async fn down(&self) -> Arc<dyn DeviceDirectory> {
        Arc::new(fleet(nobody().await, "t0ken"))
    }
}

#[tokio::test]
async fn fleet_keeps_the_contract() {
    contract::all(&Server).await;
}

#[tokio::test]
async fn every_failure_has_its_error() {
    let state = Shared::default();
    let address = start(Arc::clone(&state)).await;
    let wrong = fleet(address, "wrong");
    let refused = wrong.all().await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Refused(_)), "{refused}");
    assert!(!format!("{wrong:?}").contains("wrong"));
    state.lock().unwrap().mood = Mood::Garbage;
    let garbage = fleet(address, "t0ken").all().await.unwrap_err();
    assert!(matches!(garbage, DirectoryError::Unavailable(_)), "{garbage}");
    state.lock().unwrap().mood = Mood::Throttled;
    let key = DeviceKey::Serial("C001".parse().unwrap());
    let throttled = fleet(address, "t0ken").find(&key).await;
    assert_eq!(throttled, Err(DirectoryError::Throttled(Duration::from_secs(7))));
}

/// Anybody may name their machine after somebody else's serial number.
#[tokio::test]
async fn a_host_is_not_found_by_its_name() {
    let state = Shared::default();
    let known = Known {
        serial: "C001".parse().unwrap(),
        udid: "U001".parse().unwrap(),
        enrolment: Enrolment::Enrolled,
        compliance: Compliance::Compliant,
    };
    state.lock().unwrap().devices = vec![known];
    let fleet = fleet(start(state).await, "t0ken");
    assert_eq!(fleet.find(&DeviceKey::Serial("C999".parse().unwrap())).await, Ok(None));
    assert_eq!(fleet.find(&DeviceKey::Serial("U001".parse().unwrap())).await, Ok(None));
}
