//! One device of a file, as written.

use std::collections::BTreeSet;

use rh_policy::{Compliance, Enrolment, GroupId, Unrecognised};
use rh_records::{DeviceSource, DeviceWord, Timestamp};

/// Characters of the longest name.
const NAME_CHARS: usize = 128;

/// Every column, in the order in which they are told.
pub(super) const COLUMNS: [&str; 9] =
    ["serial", "udid", "id", "name", "person", "groups", "enrolment", "compliance", "reported"];

/// The fields of one device; what is empty was left out.
#[derive(Debug, Default)]
pub(super) struct Entry {
    texts: [Option<String>; COLUMNS.len()],
    pub(super) groups: Option<Vec<String>>,
}

type Checked<T> = Result<Option<T>, String>;

impl Entry {
    /// Sets a column; `false` if there is none of that name.
    pub(super) fn set(&mut self, column: &str, text: &str) -> bool {
        let Some(place) = COLUMNS.iter().position(|it| *it == column) else { return false };
        let text = text.trim();
        self.texts[place] = (!text.is_empty()).then(|| text.to_owned());
        true
    }

    fn text(&self, column: &str) -> Option<&str> {
        let place = COLUMNS.iter().position(|it| *it == column)?;
        self.texts[place].as_deref()
    }

    /// What it says.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with what to do.
    pub(super) fn word(&self, told: Timestamp) -> Result<DeviceWord, Vec<String>> {
        let mut faults = Vec::new();
        let word = DeviceWord {
            id: take(self.parsed("id", "an id is 1 to 512 visible ASCII characters"), &mut faults),
            serial: take(self.parsed("serial", HARDWARE), &mut faults),
            udid: take(self.parsed("udid", HARDWARE), &mut faults),
            name: take(self.name("name"), &mut faults),
            person: take(self.name("person"), &mut faults),
            groups: take(self.group_ids(), &mut faults),
            enrolment: take(self.enrolment(), &mut faults),
            compliance: take(self.compliance(), &mut faults),
            reported: take(self.reported(), &mut faults),
            ..DeviceWord::new(DeviceSource::Import, told)
        };
        if faults.is_empty() && word.serial.is_none() && word.udid.is_none() {
            faults.push("neither serial nor udid; write at least one".to_owned());
        }
        if faults.is_empty() { Ok(word) } else { Err(faults) }
    }

    fn parsed<T: std::str::FromStr>(&self, column: &str, fix: &str) -> Checked<T> {
        let Some(text) = self.text(column) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| wrong(column, text, fix))
    }

    fn name(&self, column: &str) -> Checked<String> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let fits = text.chars().count() <= NAME_CHARS && !text.chars().any(char::is_control);
        let fix = format!("write at most {NAME_CHARS} characters, and no control characters");
        if fits { Ok(Some(text.to_owned())) } else { Err(wrong(column, text, &fix)) }
    }

    fn group_ids(&self) -> Checked<BTreeSet<GroupId>> {
        let own = self.text("groups").map(|text| text.split(';').map(str::to_owned).collect());
        let Some(groups): Option<Vec<String>> = self.groups.clone().or(own) else {
            return Ok(None);
        };
        let fix = "a group's id is 1 to 512 visible ASCII characters, with ; between two";
        let group = |text: &String| {
            let text = text.trim();
            text.parse::<GroupId>().map_err(|_| wrong("groups", text, fix))
        };
        groups.iter().map(group).collect::<Result<_, _>>().map(Some)
    }

    fn enrolment(&self) -> Checked<Enrolment> {
        Ok(Some(match self.text("enrolment") {
            None | Some("enrolled") => Enrolment::Enrolled,
            Some("unenrolled") => Enrolment::Unenrolled,
            Some("not_in_portal") => Enrolment::Unknown(Unrecognised::NotInPortal),
            Some("no_user_affinity") => Enrolment::Unknown(Unrecognised::NoUserAffinity),
            Some(other) => {
                let fix = "write enrolled, unenrolled, not_in_portal or no_user_affinity";
                return Err(wrong("enrolment", other, fix));
            }
        }))
    }

    fn compliance(&self) -> Checked<Compliance> {
        Ok(Some(match self.text("compliance") {
            None => return Ok(None),
            Some("compliant") => Compliance::Compliant,
            Some("noncompliant") => Compliance::Noncompliant,
            Some("conflict") => Compliance::Conflict,
            Some("error") => Compliance::Error,
            Some("inGracePeriod") => Compliance::InGracePeriod,
            Some("configManager") => Compliance::ConfigManager,
            Some("unknown") => Compliance::Unknown,
            Some(other) => {
                let fix = "write compliant, noncompliant, conflict, error, inGracePeriod, \
                           configManager or unknown";
                return Err(wrong("compliance", other, fix));
            }
        }))
    }

    fn reported(&self) -> Checked<Timestamp> {
        let Some(text) = self.text("reported") else { return Ok(None) };
        let fix = "write a time such as 2026-03-01T09:30:00Z";
        Timestamp::read(text).map(Some).map_err(|_| wrong("reported", text, fix))
    }
}

const HARDWARE: &str = "write 1 to 64 letters, digits, '.', '_' and '-'";

fn wrong(column: &str, text: &str, fix: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    format!("{column}: {shown:?} cannot be used; {fix}")
}

fn take<T>(checked: Checked<T>, faults: &mut Vec<String>) -> Option<T> {
    checked.unwrap_or_else(|fault| {
        faults.push(fault);
        None
    })
}
