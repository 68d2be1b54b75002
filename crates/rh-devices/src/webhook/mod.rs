//! What NanoMDM and MicroMDM tell of devices.
//!
//! Both post the same JSON (`service/webhook/event.json` of NanoMDM, *API and webhooks* of MicroMDM): a
//! topic, a time, and what the device sent, a property list of Apple's MDM protocol in base64. NanoMDM
//! signs the body (`-webhook-hmac-key`); MicroMDM can put a password into the address. Enrolment follows
//! from the topics, names from `Authenticate` and answers to `DeviceInformation`, compliance from answers
//! to `SecurityInfo`, as far as the operator says what has to be on.
//!
//! The same event twice, or late, changes nothing: it comes with its time, and the store hears no word
//! that is older than the last. Its secret is the only thing that tells an event from a forged one.

mod event;
mod payload;
mod secret;

use rh_policy::{Compliance, Enrolment};
use rh_records::{DeviceSource, DeviceWord, HardwareId, Timestamp};
use serde::Deserialize;

use event::Event;
use payload::Payload;
pub use secret::Secret;

/// Bytes of the largest event. A list of all applications has some hundred thousand.
pub const EVENT_BYTES: usize = 4 * 1024 * 1024;

/// What has to be on for a device to be compliant; from the answer to `SecurityInfo` (Apple's *Device
/// Management*, `SecurityInfoResponse.SecurityInfo`).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// FileVault: `FDE_Enabled`.
    FileVault,
    /// The firewall: `FirewallSettings.FirewallEnabled`.
    Firewall,
    /// System Integrity Protection: `SystemIntegrityProtectionEnabled`.
    SystemIntegrity,
}

/// What was posted is no event.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotAnEvent {
    /// It is not the JSON of an event.
    #[error("this is no event of NanoMDM or MicroMDM: {0}")]
    Json(String),
    /// The time cannot be read.
    #[error("created_at: {0:?} is no time by RFC 3339")]
    Time(String),
}

/// What an event says of a device; nothing if it says nothing of one. A time after `now` counts as now.
///
/// A payload that cannot be read says nothing; the event around it still does.
///
/// # Errors
///
/// [`NotAnEvent`].
pub fn read(body: &[u8], rules: &[Rule], now: Timestamp) -> Result<Option<DeviceWord>, NotAnEvent> {
    let event: Event =
        serde_json::from_slice(body).map_err(|error| NotAnEvent::Json(error.to_string()))?;
    let time = Timestamp::read(&event.created_at);
    let told = time.map_err(|_| NotAnEvent::Time(short(&event.created_at)))?.min(now);
    let Some(message) = event.message() else { return Ok(None) };
    if !message.is_of_the_device() {
        return Ok(None);
    }
    let payload = Payload::read(&message.raw_payload).unwrap_or_default();
    let udid = message.udid.as_deref().or(payload.udid.as_deref()).and_then(hardware);
    let word = DeviceWord {
        serial: payload.serial.as_deref().and_then(hardware),
        udid,
        name: payload.name.clone(),
        enrolment: enrolment(&event.topic),
        compliance: compliance(&payload, rules),
        reported: Some(told),
        ..DeviceWord::new(DeviceSource::Webhook, told)
    };
    let known = is_known(&event.topic) && word.own_id().is_some();
    Ok(known.then_some(word))
}

fn is_known(topic: &str) -> bool {
    matches!(topic, "mdm.Authenticate" | "mdm.TokenUpdate" | "mdm.CheckOut" | "mdm.Connect")
}

/// A device that asks to be enrolled is so once it has sent its token.
fn enrolment(topic: &str) -> Option<Enrolment> {
    match topic {
        "mdm.TokenUpdate" | "mdm.Connect" => Some(Enrolment::Enrolled),
        "mdm.CheckOut" => Some(Enrolment::Unenrolled),
        _ => None,
    }
}

/// Nothing, unless the event answers what the rules ask.
fn compliance(payload: &Payload, rules: &[Rule]) -> Option<Compliance> {
    let security = payload.security.as_ref().filter(|_| !rules.is_empty())?;
    let on: Vec<_> = rules.iter().map(|rule| security.is_on(*rule)).collect();
    Some(if on.contains(&Some(false)) {
        Compliance::Noncompliant
    } else if on.contains(&None) {
        Compliance::Unknown
    } else {
        Compliance::Compliant
    })
}

fn hardware(text: &str) -> Option<HardwareId> {
    text.parse().ok()
}

/// No more of what somebody wrote than a log should hold.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
