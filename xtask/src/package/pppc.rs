//! The management profile that settles beforehand what a profile can settle (S-31).
//!
//! Privacy Preferences Policy Control (PPPC): Accessibility and PostEvent are allowed outright. Screen
//! capture cannot be granted by any profile; this one lets people without administrator rights allow
//! it themselves. Nothing is said about the microphone, the camera or files.

#[cfg(test)]
mod tests;

use plist::{Dictionary, Value};

use super::ids::{BundleId, TeamId, uuid};

/// The payload type of PPPC.
const TCC: &str = "com.apple.TCC.configuration-profile-policy";

/// The payload type of restrictions.
const RESTRICTIONS: &str = "com.apple.applicationaccess";

/// What this profile says of each service, by the services' names in the payload.
const SERVICES: [(&str, &str); 3] = [
    ("Accessibility", "Allow"),
    ("PostEvent", "Allow"),
    ("ScreenCapture", "AllowStandardUserToSetSystemService"),
];

/// What the profile is for.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    /// The app.
    pub(crate) bundle: &'a BundleId,
    /// Who signed it.
    pub(crate) team: &'a TeamId,
    /// Whether macOS 15.1 and later are told to leave out their monthly question about screen capture,
    /// for every app; only supervised Macs heed it.
    pub(crate) bypass_alert: bool,
}

impl Profile<'_> {
    /// The profile as a property list.
    pub(crate) fn to_plist(&self) -> Value {
        let mut payloads = vec![self.privacy()];
        if self.bypass_alert {
            payloads.push(self.restrictions());
        }
        let name = "Remote Help: privacy permissions";
        let mut profile = self.payload("Configuration", "pppc", name);
        let description = "Lets Remote Help control this Mac in a session that its user has allowed, \
                           and lets standard users allow it to record the screen.";
        profile.insert("PayloadDescription".into(), description.into());
        profile.insert("PayloadScope".into(), "System".into());
        profile.insert("PayloadContent".into(), Value::Array(payloads));
        Value::Dictionary(profile)
    }

    fn privacy(&self) -> Value {
        let services = SERVICES.map(|(service, authorization)| {
            (service.to_owned(), Value::Array(vec![self.identity(authorization)]))
        });
        let mut payload = self.payload(TCC, "pppc.tcc", "Remote Help: what it may do");
        payload.insert("Services".into(), Value::Dictionary(services.into_iter().collect()));
        Value::Dictionary(payload)
    }

    fn identity(&self, authorization: &str) -> Value {
        let mut identity = Dictionary::new();
        identity.insert("Authorization".into(), authorization.into());
        identity.insert("CodeRequirement".into(), code_requirement(self.bundle, self.team).into());
        identity.insert("Identifier".into(), self.bundle.to_string().into());
        identity.insert("IdentifierType".into(), "bundleID".into());
        identity.insert("StaticCode".into(), false.into());
        Value::Dictionary(identity)
    }

    fn restrictions(&self) -> Value {
        let name = "Remote Help: no monthly question about screen capture";
        let mut payload = self.payload(RESTRICTIONS, "pppc.restrictions", name);
        payload.insert("forceBypassScreenCaptureAlert".into(), true.into());
        Value::Dictionary(payload)
    }

    /// What every payload has.
    ///
    /// Ids depend on the app alone, so that a later profile replaces an earlier one and never stands
    /// beside it.
    fn payload(&self, kind: &str, part: &str, name: &str) -> Dictionary {
        let identifier = self.bundle.with(part);
        let mut payload = Dictionary::new();
        payload.insert("PayloadType".into(), kind.into());
        payload.insert("PayloadVersion".into(), 1.into());
        payload.insert("PayloadUUID".into(), uuid(&identifier).into());
        payload.insert("PayloadIdentifier".into(), identifier.into());
        payload.insert("PayloadDisplayName".into(), name.into());
        payload
    }
}

/// What a program must be signed with to count as the app (S-34).
///
/// The designated requirement that `codesign` gives to Developer ID code: Apple's anchor, the
/// intermediate certificate for Developer ID, a leaf for Developer ID Application, and the team.
fn code_requirement(bundle: &BundleId, team: &TeamId) -> String {
    // Quoted where it begins with a digit: the requirement language takes a bare word only else.
    let team = team.to_string();
    let team = match team.starts_with(|it: char| it.is_ascii_digit()) {
        true => format!("\"{team}\""),
        false => team,
    };
    format!(
        "identifier \"{bundle}\" and anchor apple generic \
         and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ \
         and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ \
         and certificate leaf[subject.OU] = {team}"
    )
}
