//! What the device management tells, over HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use reqwest::StatusCode;
use rh_protocol::policy::{Unrecognised, WarningCode};
use rh_protocol::{DeviceAssurance, EndReason, ToClient};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::devices::{Managed, join, say, serial, warnings};

const SECRET: &str = "correct horse";

const WEBHOOK: &str = "webhook_secret = { file = \"secret\" }\ncompliant_if = [\"file_vault\"]";

const UDID: &str = "66ADE930-5FDF-5EC4-8429-15640684C489";

async fn managed() -> Managed {
    let prepare = |folder: &std::path::Path| std::fs::write(folder.join("secret"), SECRET).unwrap();
    Managed::with(WEBHOOK, prepare).await
}

fn event(topic: &str, second: u32, inside: &str) -> String {
    let kind = if topic == "mdm.Connect" { "acknowledge_event" } else { "checkin_event" };
    let plist = format!("<plist version=\"1.0\"><dict>{inside}</dict></plist>");
    let message = json!({
        "ids": { "id": UDID, "type": "Device" },
        "udid": UDID,
        "status": "Acknowledged",
        "raw_payload": STANDARD.encode(plist),
    });
    let at = format!("2026-03-01T00:00:{second:02}.5Z");
    json!({ "topic": topic, "event_id": "1", "created_at": at, kind: message }).to_string()
}

fn authenticate() -> String {
    event("mdm.Authenticate", 1, "<key>SerialNumber</key><string>c01</string>")
}

fn security(second: u32, vault: bool) -> String {
    let inside = format!("<key>SecurityInfo</key><dict><key>FDE_Enabled</key><{vault}/></dict>");
    event("mdm.Connect", second, &inside)
}

fn signature(body: &str) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Posts an event as the device management of `tenant` does; the header may be another.
async fn post(managed: &Managed, tenant: &str, header: (&str, &str), body: String) -> StatusCode {
    let url = format!("{}/api/devices/{tenant}/webhook", managed.server.origin());
    let request = reqwest::Client::new().post(url).header(header.0, header.1).body(body);
    let answer = request.send().await.unwrap();
    let status = answer.status();
    if !status.is_success() {
        let failure: Value = answer.json().await.unwrap();
        assert!(!failure["message"].as_str().unwrap().is_empty());
    }
    status
}

async fn tell(managed: &Managed, body: String) {
    let signature = signature(&body);
    let header = ("x-hmac-signature", signature.as_str());
    assert_eq!(post(managed, "ours", header, body).await, StatusCode::NO_CONTENT);
}

/// S-11, S-13: a device enrols, loses its encryption and leaves; what is told counts at once, however
/// often it is told, and in a session that runs.
#[tokio::test]
async fn what_the_management_tells_counts() {
    let managed = managed().await;
    let (mut helper, mut agent, code) = managed.pair("ours").await;
    let state = (DeviceAssurance::Claimed, None::<Unrecognised>, None);
    tell(&managed, authenticate()).await;
    for _ in 0..2 {
        tell(&managed, event("mdm.TokenUpdate", 2, "")).await;
    }
    tell(&managed, security(3, true)).await;
    assert_eq!(say(&mut agent, serial("C01")).await, state);
    assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }));
    let first = warnings(&mut helper).await;
    assert!(!first.contains(&WarningCode::NotCompliant), "{first:?}");
    tell(&managed, security(4, false)).await;
    assert!(warnings(&mut helper).await.contains(&WarningCode::NotCompliant));
    // Late: it tells of a time before the last word.
    tell(&managed, security(3, true)).await;
    tell(&managed, event("mdm.CheckOut", 5, "")).await;
    tell(&managed, event("mdm.TokenUpdate", 2, "")).await;
    assert!(matches!(helper.hear().await, ToClient::Denied { .. }));
    assert_eq!(helper.hear().await, ToClient::Ended { reason: EndReason::RightRevoked });
}

/// Whoever has not the tenant's secret changes nothing, and learns nothing of tenants.
#[tokio::test]
async fn only_the_management_may_tell() {
    let managed = managed().await;
    let body = authenticate;
    let basic = format!("Basic {}", STANDARD.encode(format!("mdm:{SECRET}")));
    let bearer = format!("Bearer {SECRET}");
    for good in [basic.as_str(), bearer.as_str()] {
        let status = post(&managed, "ours", ("authorization", good), body()).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{good}");
    }
    let right = signature(&body());
    let other = signature("another body");
    for (tenant, header) in [
        ("ours", ("x-hmac-signature", other.as_str())),
        ("ours", ("x-hmac-signature", "")),
        ("ours", ("authorization", "Bearer correct hors")),
        ("ours", ("accept", "*/*")),
        ("theirs", ("x-hmac-signature", right.as_str())),
        ("theirs", ("authorization", bearer.as_str())),
        ("nobody", ("x-hmac-signature", right.as_str())),
        ("%20", ("x-hmac-signature", right.as_str())),
    ] {
        let status = post(&managed, tenant, header, body()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{tenant} {header:?}");
    }
}

/// Whatever a management with the secret sends, the service goes on.
#[tokio::test]
async fn hostile_events_harm_nothing() {
    let managed = managed().await;
    let nest = "<array>".repeat(100_000);
    for (body, status) in [
        (String::new(), StatusCode::BAD_REQUEST),
        ("[".repeat(100_000), StatusCode::BAD_REQUEST),
        ("{\"topic\": 7}".to_owned(), StatusCode::BAD_REQUEST),
        (event("mdm.Connect", 99, ""), StatusCode::BAD_REQUEST),
        (event("mdm.Connect", 1, &nest), StatusCode::NO_CONTENT),
        (event("<img onerror=alert(1)>", 1, ""), StatusCode::NO_CONTENT),
        ("x".repeat(4 * 1024 * 1024 + 1), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let signature = signature(&body);
        let shown: String = body.chars().take(60).collect();
        let header = ("x-hmac-signature", signature.as_str());
        assert_eq!(post(&managed, "ours", header, body).await, status, "{shown}");
    }
    tell(&managed, authenticate()).await;
}
