use proptest::prelude::*;
use rh_policy::{Compliance, Enrolment, Unrecognised};

use super::*;

fn now() -> Timestamp {
    Timestamp::from_millis(1_772_323_200_000).unwrap()
}

fn csv(text: &str) -> Result<Vec<DeviceWord>, String> {
    read(text.as_bytes(), Format::Csv, now()).map_err(|error| error.to_string())
}

fn json(text: &str) -> Result<Vec<DeviceWord>, String> {
    read(text.as_bytes(), Format::Json, now()).map_err(|error| error.to_string())
}

#[test]
fn both_formats_say_the_same() {
    let from_csv = csv("\u{feff}serial,name,groups,enrolment,compliance,reported,person\r\n\
         c02mt66kflhh,\"Ada's, \"\"old\"\" Mac\",macs;sales,no_user_affinity,inGracePeriod,2026-02-28T10:00:00+01:00,ada@example.com\r\n\
         c02mt66kflh2,,,,,,\r\n")
    .unwrap();
    let from_json = json(
        r#"[
          {"serial": "C02MT66KFLHH", "name": "Ada's, \"old\" Mac", "groups": ["macs", "sales"],
           "enrolment": "no_user_affinity", "compliance": "inGracePeriod",
           "reported": "2026-02-28T09:00:00Z", "person": "ada@example.com", "udid": null},
          {"serial": "C02MT66KFLH2"}
        ]"#,
    )
    .unwrap();
    assert_eq!(from_csv, from_json);
    let [first, second] = from_csv.as_slice() else { panic!("{from_csv:?}") };
    assert_eq!(first.enrolment, Some(Enrolment::Unknown(Unrecognised::NoUserAffinity)));
    assert_eq!(first.compliance, Some(Compliance::InGracePeriod));
    assert_eq!(first.reported.unwrap().to_string(), "2026-02-28T09:00:00.000Z");
    assert_eq!(first.groups.as_ref().unwrap().len(), 2);
    assert_eq!(second.enrolment, Some(Enrolment::Enrolled));
    assert_eq!((&second.compliance, &second.groups, &second.name), (&None, &None, &None));
}

/// Every fault names its line and what to do, and all of them are told at once.
#[test]
fn every_fault_names_line_and_fix() {
    for (text, line, named, fix) in [
        ("", 1, "neither", "name the columns"),
        ("serial\n", 1, "no device", "add one"),
        ("sreial,name\nC02,x\n", 1, "\"sreial\"", "write one of serial"),
        ("serial,serial\nC02,C03\n", 1, "twice", "take one out"),
        ("serial,name\nC02,x\nC03\n", 3, "1 fields", "quotes"),
        ("serial,name\nC02,x\n,y\n", 3, "neither", "at least one"),
        ("serial\nC02\n\nC 3\n", 4, "serial: \"C 3\"", "letters"),
        ("serial\nC02\nc02\n", 3, "line 2", "keep one"),
        ("serial,compliance\nC02,ok\n", 2, "compliance: \"ok\"", "write compliant"),
        ("serial,enrolment\nC02,yes\n", 2, "enrolment: \"yes\"", "write enrolled"),
        ("serial,reported\nC02,yesterday\n", 2, "reported:", "2026-03-01"),
        ("serial,name\nC02,a\u{1b}[2J\n", 2, "name:", "control"),
        ("serial,groups\nC02,a;\u{202e}b\n", 2, "groups:", "visible"),
    ] {
        let error = csv(text).unwrap_err();
        let begin = format!("line {line}: ");
        assert!(error.starts_with(&begin), "{text:?}: {error}");
        assert!(error.contains(named) && error.contains(fix), "{text:?}: {error}");
        assert!(!error.contains('\u{1b}'), "{error:?}");
    }
    for (text, line, named, fix) in [
        ("{}", 1, "no list", "list of objects"),
        ("", 1, "no list", "list of objects"),
        ("[]", 1, "no device", "add one"),
        ("[\n{\"serial\": \"C02\"},\n", 3, "does not end", "list of objects"),
        ("[\n{\"serial\": \"C02\"}\n{}]", 3, "does not end", "list of objects"),
        ("[{\"serial\": \"C02\"}] x", 1, "does not end", "list of objects"),
        ("[\n{\"serial\":\n\"C02\",}]", 3, "trailing comma", "list of objects"),
        ("[\n{\"serial\": \"C02\"},\n{\"sreial\": \"C03\"}]", 3, "\"sreial\"", "one of serial"),
        ("[\n\n{\"serial\": 7}]", 3, "serial:", "text"),
        ("[{\"serial\": \"C02\", \"groups\": [7]}]", 1, "groups:", "list of texts"),
        ("[7]", 1, "no device", "an object"),
    ] {
        let error = json(text).unwrap_err();
        assert!(error.starts_with(&format!("line {line}: ")), "{text:?}: {error}");
        assert!(error.contains(named) && error.contains(fix), "{text:?}: {error}");
    }
    let error = csv("serial,compliance\nC02,ok\nC 3,compliant\nC04,fine\n").unwrap_err();
    assert_eq!(error.lines().count(), 3, "{error}");
    let error = read(b"serial\nC02\nC\xff\n", Format::Csv, now()).unwrap_err();
    assert_eq!(error.faults()[0].line, 3);
    let many = format!("serial\n{}", "-?\n".repeat(1000));
    assert_eq!(read(many.as_bytes(), Format::Csv, now()).unwrap_err().faults().len(), FAULTS);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        for format in [Format::Csv, Format::Json] {
            let _ = read(&bytes, format, now());
            let _ = read(&[b"serial,groups,reported\n", bytes.as_slice()].concat(), format, now());
            let _ = read(&[b"[{\"serial\":\"", bytes.as_slice(), b"\"}]"].concat(), format, now());
        }
    }
}
