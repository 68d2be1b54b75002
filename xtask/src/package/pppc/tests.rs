use plist::{Dictionary, Value};

use super::*;

/// The services of which the documentation says that only these take
/// `AllowStandardUserToSetSystemService`.
///
/// Source of this and of every rule below, unless it says otherwise: Apple, Device Management,
/// `PrivacyPreferencesPolicyControl` and its `Services.Identity` (in the repository
/// apple/device-management: mdm/profiles/com.apple.TCC.configuration-profile-policy.yaml).
const STANDARD_USER: [&str; 2] = ["ListenEvent", "ScreenCapture"];

/// "Access to the contents can't be given in a profile; it can only be denied": so it says of these.
const NEVER_ALLOWED: [&str; 4] = ["Camera", "ListenEvent", "Microphone", "ScreenCapture"];

/// Every service of the payload.
const KNOWN: [&str; 24] = [
    "Accessibility",
    "AddressBook",
    "AppleEvents",
    "BluetoothAlways",
    "Calendar",
    "Camera",
    "FileProviderPresence",
    "ListenEvent",
    "MediaLibrary",
    "Microphone",
    "Photos",
    "PostEvent",
    "Reminders",
    "ScreenCapture",
    "SpeechRecognition",
    "SystemPolicyAllFiles",
    "SystemPolicyAppBundles",
    "SystemPolicyAppData",
    "SystemPolicyDesktopFolder",
    "SystemPolicyDocumentsFolder",
    "SystemPolicyDownloadsFolder",
    "SystemPolicyNetworkVolumes",
    "SystemPolicyRemovableVolumes",
    "SystemPolicySysAdminFiles",
];

/// The documented keys of an identity, with whether each must be there. `Allowed` is not among them:
/// "Every payload needs to include either `Authorization` or `Allowed`, but not both".
const IDENTITY: [(&str, bool); 6] = [
    ("Authorization", true),
    ("CodeRequirement", true),
    ("Comment", false),
    ("Identifier", true),
    ("IdentifierType", true),
    ("StaticCode", false),
];

fn profile(bypass_alert: bool) -> Value {
    let bundle = "org.example.remotehelp".parse().unwrap();
    let team = "ABCDE12345".parse().unwrap();
    Profile { bundle: &bundle, team: &team, bypass_alert }.to_plist()
}

/// The profile written out and read back.
fn read_back(bypass_alert: bool) -> Value {
    let text = crate::package::xml(&profile(bypass_alert)).unwrap();
    Value::from_reader_xml(text.as_bytes()).unwrap()
}

fn dict(value: &Value) -> Result<&Dictionary, String> {
    value.as_dictionary().ok_or_else(|| format!("not a dictionary: {value:?}"))
}

fn text<'a>(dict: &'a Dictionary, key: &str) -> Result<&'a str, String> {
    let text = dict.get(key).and_then(Value::as_string);
    text.ok_or_else(|| format!("`{key}` is not there, or no string"))
}

fn payloads(profile: &Value) -> Result<Vec<&Dictionary>, String> {
    let content = dict(profile)?.get("PayloadContent").and_then(Value::as_array);
    content.ok_or("`PayloadContent` is required")?.iter().map(dict).collect()
}

fn service<'a>(profile: &'a Value, name: &str) -> &'a Dictionary {
    let payload = payloads(profile).unwrap()[0];
    let services = payload["Services"].as_dictionary().unwrap();
    services[name].as_array().unwrap()[0].as_dictionary().unwrap()
}

/// Holds a profile against the documentation; the first thing that is wrong.
fn validate(profile: &Value) -> Result<(), String> {
    let top = dict(profile)?;
    common(top)?;
    // Apple, Device Management, `TopLevel`: "The only supported value is Configuration".
    if text(top, "PayloadType")? != "Configuration" {
        return Err("the type of a profile is Configuration".to_owned());
    }
    // The same: PayloadScope is System or User; and PPPC has "userchannel: false".
    if text(top, "PayloadScope")? != "System" {
        return Err("privacy preferences are for the whole system".to_owned());
    }
    let payloads = payloads(profile)?;
    let mut ids: Vec<_> = payloads.iter().map(|it| text(it, "PayloadIdentifier")).collect();
    ids.sort();
    ids.dedup();
    // Apple, `CommonPayloadKeys`: "This string must be unique within the profile".
    if ids.len() != payloads.len() {
        return Err("two payloads have one identifier".to_owned());
    }
    for payload in payloads {
        common(payload)?;
        match text(payload, "PayloadType")? {
            TCC => services(payload)?,
            RESTRICTIONS => restrictions(payload)?,
            other => return Err(format!("no rules for {other}")),
        }
    }
    Ok(())
}

/// Apple, Device Management, `CommonPayloadKeys`: these four are required of every payload, and the
/// version is 1.
fn common(payload: &Dictionary) -> Result<(), String> {
    text(payload, "PayloadType")?;
    let identifier = text(payload, "PayloadIdentifier")?;
    identifier.parse::<BundleId>().map_err(|error| error.to_string())?;
    let uuid = text(payload, "PayloadUUID")?;
    uuid.parse::<uuid::Uuid>().map_err(|error| format!("{uuid}: {error}"))?;
    match payload.get("PayloadVersion").and_then(Value::as_signed_integer) {
        Some(1) => Ok(()),
        other => Err(format!("the version of a payload is 1, not {other:?}")),
    }
}

fn services(payload: &Dictionary) -> Result<(), String> {
    let services = dict(payload.get("Services").ok_or("`Services` is required")?)?;
    for (service, identities) in services {
        if !KNOWN.contains(&service.as_str()) {
            return Err(format!("no service is called {service}"));
        }
        for it in identities.as_array().ok_or("a service is an array of identities")? {
            identity(service, dict(it)?).map_err(|error| format!("{service}: {error}"))?;
        }
    }
    Ok(())
}

fn identity(service: &str, identity: &Dictionary) -> Result<(), String> {
    if let Some((key, _)) = IDENTITY.iter().find(|(key, must)| *must && !identity.contains_key(key))
    {
        return Err(format!("`{key}` is required"));
    }
    if let Some(key) = identity.keys().find(|key| !IDENTITY.iter().any(|(known, _)| known == key)) {
        return Err(format!("`{key}` is no key of this service"));
    }
    // "Application bundles must be identified by bundle ID. Nonbundled binaries must be identified
    // by installation path."
    text(identity, "Identifier")?.parse::<BundleId>().map_err(|error| error.to_string())?;
    if text(identity, "IdentifierType")? != "bundleID" {
        return Err("an app is identified by its bundle id".to_owned());
    }
    // "Used only if the process invalidates its dynamic code signature."
    if identity.get("StaticCode").and_then(Value::as_boolean) == Some(true) {
        return Err("a static check is for programs that change their own code".to_owned());
    }
    text(identity, "CodeRequirement")?;
    match text(identity, "Authorization")? {
        "Deny" => Ok(()),
        "Allow" if NEVER_ALLOWED.contains(&service) => Err("no profile can allow it".to_owned()),
        "Allow" => Ok(()),
        // "is only valid for the ListenEvent and ScreenCapture services"
        "AllowStandardUserToSetSystemService" if STANDARD_USER.contains(&service) => Ok(()),
        other => Err(format!("the authorization cannot be {other}")),
    }
}

/// Apple, Device Management, `Restrictions`: `forceBypassScreenCaptureAlert`, a boolean, macOS 15.1
/// and later, supervised (mdm/profiles/com.apple.applicationaccess.yaml).
fn restrictions(payload: &Dictionary) -> Result<(), String> {
    let own = payload.iter().filter(|(key, _)| !key.starts_with("Payload"));
    match own.collect::<Vec<_>>()[..] {
        [(key, Value::Boolean(_))] if key == "forceBypassScreenCaptureAlert" => Ok(()),
        ref others => Err(format!("restricts something else: {others:?}")),
    }
}

/// S-31, S-35
#[test]
fn both_profiles_are_as_apple_documents_them() {
    for bypass_alert in [false, true] {
        assert_eq!(validate(&read_back(bypass_alert)), Ok(()));
        assert_eq!(read_back(bypass_alert), profile(bypass_alert));
    }
    for key in ["PayloadDisplayName", "PayloadDescription"] {
        assert!(!text(profile(false).as_dictionary().unwrap(), key).unwrap().is_empty());
    }
}

/// S-32: Accessibility, and with it PostEvent.
#[test]
fn control_is_allowed_outright() {
    let profile = read_back(false);
    for name in ["Accessibility", "PostEvent"] {
        let identity = service(&profile, name);
        assert_eq!(text(identity, "Authorization"), Ok("Allow"));
        assert_eq!(text(identity, "Identifier"), Ok("org.example.remotehelp"));
        assert_eq!(text(identity, "IdentifierType"), Ok("bundleID"));
        assert_eq!(identity["StaticCode"], Value::Boolean(false));
    }
}

/// S-33, S-36
#[test]
fn only_screen_capture_is_left_to_a_standard_user() {
    let profile = read_back(false);
    let payload = payloads(&profile).unwrap()[0];
    let all = payload["Services"].as_dictionary().unwrap();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["Accessibility", "PostEvent", "ScreenCapture"]);
    for name in all.keys() {
        let standard = "AllowStandardUserToSetSystemService";
        let is = text(service(&profile, name), "Authorization") == Ok(standard);
        assert_eq!(is, name == "ScreenCapture", "{name}");
    }
}

/// S-34
#[test]
fn the_code_requirement_has_the_documented_shape() {
    let expected = "identifier \"org.example.remotehelp\" and anchor apple generic and certificate \
                    1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate \
                    leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate \
                    leaf[subject.OU] = ABCDE12345";
    let profile = read_back(false);
    assert_eq!(text(service(&profile, "ScreenCapture"), "CodeRequirement"), Ok(expected));
}

/// Apple, Code Signing Requirement Language: a string that is not a word that begins with a letter
/// stands in quotes.
#[test]
fn a_team_that_begins_with_a_digit_is_quoted() {
    let requirement =
        code_requirement(&"org.example.a".parse().unwrap(), &"9BCDE12345".parse().unwrap());
    assert!(requirement.ends_with("leaf[subject.OU] = \"9BCDE12345\""), "{requirement}");
}

/// S-31
#[test]
fn the_monthly_question_is_left_out_only_if_asked() {
    let kinds = |profile: Value| -> Vec<String> {
        let payloads = payloads(&profile).unwrap();
        payloads.iter().map(|it| text(it, "PayloadType").unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(read_back(false)), [TCC]);
    assert_eq!(kinds(read_back(true)), [TCC, RESTRICTIONS]);
    let profile = read_back(true);
    let bypass = &payloads(&profile).unwrap()[1]["forceBypassScreenCaptureAlert"];
    assert_eq!(*bypass, Value::Boolean(true));
}

/// S-49
#[test]
fn nothing_is_said_of_microphone_or_camera() {
    let text = crate::package::xml(&profile(true)).unwrap();
    assert!(!text.contains("Microphone") && !text.contains("Camera"));
}

#[test]
fn a_new_profile_replaces_the_old_one() {
    assert_eq!(profile(true), profile(true));
    let uuid = |profile: &Value| text(dict(profile).unwrap(), "PayloadUUID").unwrap().to_owned();
    assert_eq!(uuid(&profile(true)), uuid(&profile(false)));
    assert_eq!(uuid(&profile(true)), "BD9E11E4-F779-5B7D-B119-5756062621FD");
}

/// S-36
#[test]
fn each_rule_notices_what_breaks_it() {
    let change = |service: &str, key: &str, value: Value| {
        let mut profile = profile(false);
        let content = profile.as_dictionary_mut().unwrap().get_mut("PayloadContent").unwrap();
        let payload = content.as_array_mut().unwrap()[0].as_dictionary_mut().unwrap();
        let services = payload.get_mut("Services").unwrap().as_dictionary_mut().unwrap();
        let identity = &mut services.get_mut(service).unwrap().as_array_mut().unwrap()[0];
        identity.as_dictionary_mut().unwrap().insert(key.to_owned(), value);
        validate(&profile).unwrap_err()
    };
    let standard = "AllowStandardUserToSetSystemService";
    let faults = [
        change("Accessibility", "Authorization", standard.into()),
        change("PostEvent", "Authorization", "allow".into()),
        change("ScreenCapture", "Authorization", "Allow".into()),
        change("ScreenCapture", "Allowed", true.into()),
        change("Accessibility", "AEReceiverIdentifier", "com.apple.finder".into()),
        change("Accessibility", "StaticCode", true.into()),
        change("Accessibility", "IdentifierType", "path".into()),
        change("Accessibility", "Identifier", "/usr/bin/true".into()),
    ];
    let expected = [
        format!("Accessibility: the authorization cannot be {standard}"),
        "PostEvent: the authorization cannot be allow".to_owned(),
        "ScreenCapture: no profile can allow it".to_owned(),
        "ScreenCapture: `Allowed` is no key of this service".to_owned(),
        "Accessibility: `AEReceiverIdentifier` is no key of this service".to_owned(),
        "Accessibility: a static check is for programs that change their own code".to_owned(),
        "Accessibility: an app is identified by its bundle id".to_owned(),
    ];
    assert_eq!(faults[..expected.len()], expected);
    assert!(faults[7].starts_with("Accessibility: `/usr/bin/true` is no bundle id"), "{faults:?}");
}
