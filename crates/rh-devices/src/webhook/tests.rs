use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const UDID: &str = "66ADE930-5FDF-5EC4-8429-15640684C489";

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_772_323_200_000 + second * 1000).unwrap()
}

fn plist(inside: &str) -> String {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST \
         1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\
         <dict>{inside}</dict></plist>"
    );
    STANDARD.encode(xml)
}

/// As NanoMDM posts it.
fn event(topic: &str, payload: &str) -> Value {
    let kind = if topic == "mdm.Connect" { "acknowledge_event" } else { "checkin_event" };
    json!({
        "topic": topic,
        "event_id": "09fd3348-24c8-43cf-91d7-1a5d5d599012",
        "created_at": "2026-03-01T00:00:10.491166786Z",
        kind: {
            "ids": { "id": UDID, "type": "Device" },
            "udid": UDID,
            "status": "Acknowledged",
            "url_params": null,
            "raw_payload": payload,
        },
    })
}

fn say(event: &Value) -> Option<DeviceWord> {
    read(event.to_string().as_bytes(), &[Rule::FileVault, Rule::Firewall], at(60)).unwrap()
}

const AUTHENTICATE: &str = "<key>MessageType</key><string>Authenticate</string>\
     <key>DeviceName</key><string>Fruit\u{7}</string><key>SerialNumber</key><string>c02mt66kflhh</string>\
     <key>UDID</key><string>66ADE930-5FDF-5EC4-8429-15640684C489</string>";

#[test]
fn enrolment_follows_from_the_topics() {
    let first = say(&event("mdm.Authenticate", &plist(AUTHENTICATE))).unwrap();
    assert_eq!(first.serial, Some("C02MT66KFLHH".parse().unwrap()));
    assert_eq!(first.udid, Some(UDID.parse().unwrap()));
    assert_eq!((first.enrolment, first.source), (None, DeviceSource::Webhook));
    assert_eq!(first.told.to_string(), "2026-03-01T00:00:10.491Z");
    for (topic, enrolment) in [
        ("mdm.TokenUpdate", Enrolment::Enrolled),
        ("mdm.Connect", Enrolment::Enrolled),
        ("mdm.CheckOut", Enrolment::Unenrolled),
    ] {
        // Without a payload that can be read there is still what the event itself says.
        for payload in [plist("<key>Status</key><string>Idle</string>"), String::new(), "!".into()]
        {
            let word = say(&event(topic, &payload)).unwrap();
            assert_eq!(word.enrolment, Some(enrolment), "{topic}");
            assert_eq!((word.udid, word.reported), (first.udid.clone(), Some(word.told)));
        }
    }
}

/// MicroMDM posts the same without NanoMDM's ids.
#[test]
fn micromdm_says_the_same() {
    for topic in ["mdm.Authenticate", "mdm.TokenUpdate", "mdm.CheckOut", "mdm.Connect"] {
        let nano = event(topic, &plist(AUTHENTICATE));
        let mut micro = nano.clone();
        for kind in ["checkin_event", "acknowledge_event"] {
            micro.get_mut(kind).and_then(Value::as_object_mut).map(|it| it.remove("ids"));
        }
        assert_eq!(say(&micro), say(&nano));
    }
}

#[test]
fn an_answer_names_the_device() {
    let answer = "<key>RequestType</key><string>DeviceInformation</string><key>QueryResponses</key>\
         <dict><key>DeviceName</key><string>Pear</string><key>SerialNumber</key>\
         <string>C03</string></dict>";
    let word = say(&event("mdm.Connect", &plist(answer))).unwrap();
    assert_eq!(word.name.as_deref(), Some("Pear"));
    assert_eq!(word.serial, Some("C03".parse().unwrap()));
    assert_eq!(word.compliance, None);
}

#[test]
fn compliance_follows_from_what_has_to_be_on() {
    let security = |vault: &str, wall: &str| {
        let firewall =
            format!("<key>FirewallSettings</key><dict><key>FirewallEnabled</key>{wall}</dict>");
        let vault = format!("<key>FDE_Enabled</key>{vault}");
        plist(&format!("<key>SecurityInfo</key><dict>{vault}{firewall}</dict>"))
    };
    for (vault, wall, expected) in [
        ("<true/>", "<true/>", Compliance::Compliant),
        ("<true/>", "<false/>", Compliance::Noncompliant),
        ("<false/>", "<string>?</string>", Compliance::Noncompliant),
        ("<true/>", "<string>true</string>", Compliance::Unknown),
    ] {
        let posted = event("mdm.Connect", &security(vault, wall));
        assert_eq!(say(&posted).unwrap().compliance, Some(expected), "{vault} {wall}");
        let free = read(posted.to_string().as_bytes(), &[], at(60)).unwrap().unwrap();
        assert_eq!(free.compliance, None, "without rules nothing follows");
    }
}

/// A user's channel is not the device's, and neither is a topic of which nothing is known.
#[test]
fn what_says_nothing_of_the_device_is_left_alone() {
    for kind in ["User", "Shared iPad", "User Enrollment", "Fridge"] {
        let mut posted = event("mdm.CheckOut", &plist(AUTHENTICATE));
        posted["checkin_event"]["ids"]["type"] = json!(kind);
        assert_eq!(say(&posted), None, "{kind}");
    }
    for topic in ["mdm.GetToken", "mdm.SetBootstrapToken", "", "checkout"] {
        assert_eq!(say(&event(topic, &plist(AUTHENTICATE))), None, "{topic}");
    }
    let nobody = json!({ "topic": "mdm.CheckOut", "created_at": "2026-03-01T00:00:00Z" });
    assert_eq!(say(&nobody), None);
    let nameless = json!({ "topic": "mdm.CheckOut", "created_at": "2026-03-01T00:00:00Z",
        "checkin_event": { "raw_payload": "" } });
    assert_eq!(say(&nameless), None);
}

/// A time from the future would silence everything that comes after it.
#[test]
fn an_event_is_never_told_later_than_now() {
    let mut posted = event("mdm.CheckOut", "");
    posted["created_at"] = json!("9999-01-01T00:00:00Z");
    assert_eq!(say(&posted).unwrap().told, at(60));
    for bad in [json!("soon"), json!(""), json!("x".repeat(9999))] {
        posted["created_at"] = bad;
        let error = read(posted.to_string().as_bytes(), &[], at(60)).unwrap_err();
        assert!(matches!(&error, NotAnEvent::Time(text) if text.len() <= 40), "{error}");
    }
}

/// Neither a nest without end nor an entity that grows is followed.
#[test]
fn a_payload_cannot_exhaust_the_service() {
    let nest =
        |open: &str, n| STANDARD.encode(format!("<plist version=\"1.0\">{}", open.repeat(n)));
    let bomb = "<!DOCTYPE plist [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><plist><dict>\
         <key>SerialNumber</key><string>&b;</string></dict></plist>";
    let file = "<!DOCTYPE plist [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><plist><dict>\
         <key>DeviceName</key><string>&f;</string></dict></plist>";
    let payloads = [
        nest("<array>", 400_000),
        nest("<array>", 500),
        nest("<dict><key>a</key>", 100_000),
        nest("<a>", 100_000),
        STANDARD.encode(bomb),
        STANDARD.encode(file),
        STANDARD.encode(b"bplist00\xd1\x01\x00\x00"),
        STANDARD.encode("\u{feff}<plist><dict>"),
    ];
    for payload in payloads {
        let word = say(&event("mdm.Connect", &payload)).unwrap();
        assert_eq!((word.serial, word.name), (None, None));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..256),
        damage in any::<prop::sample::Index>(),
    ) {
        let _ = read(&bytes, &[], at(0));
        let _ = Payload::read(&STANDARD.encode(&bytes));
        let mut posted = event("mdm.Authenticate", &plist(AUTHENTICATE)).to_string().into_bytes();
        let place = damage.index(posted.len());
        posted[place] ^= bytes.first().copied().unwrap_or(1);
        let _ = read(&posted, &[], at(0));
        posted.truncate(place);
        prop_assert!(read(&posted, &[], at(0)).is_err());
    }
}
