//! The JSON of an event. Unknown fields are those of later versions.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub(super) topic: String,
    pub(super) created_at: String,
    #[serde(default)]
    checkin_event: Option<Message>,
    #[serde(default)]
    acknowledge_event: Option<Message>,
}

/// What the device sent.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    pub(super) udid: Option<String>,
    /// Of NanoMDM only.
    #[serde(default)]
    ids: Option<Ids>,
    /// A property list in base64.
    #[serde(default)]
    pub(super) raw_payload: String,
}

#[derive(Debug, Deserialize)]
struct Ids {
    #[serde(default, rename = "type")]
    kind: String,
}

impl Event {
    pub(super) fn message(&self) -> Option<&Message> {
        self.checkin_event.as_ref().or(self.acknowledge_event.as_ref())
    }
}

impl Message {
    /// Whether it came over the channel of the device. That of a user says nothing of enrolment: when a
    /// user signs out of it, the device stays.
    pub(super) fn is_of_the_device(&self) -> bool {
        self.ids.as_ref().is_none_or(|ids| {
            matches!(ids.kind.as_str(), "" | "Device" | "User Enrollment (Device)")
        })
    }
}
