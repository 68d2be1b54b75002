//! Devices from a file: CSV or JSON.
//!
//! The whole file is read before anything is told to the store, and every fault names its line and
//! what to do, several at once. An unknown column or field is a fault, so that a misspelt one is not
//! silently left out.
//!
//! | column | what |
//! |---|---|
//! | `serial`, `udid` | what names the device; at least one |
//! | `id` | what names it in scopes and in the audit log, else `serial` or `udid` |
//! | `name`, `person` | what people call it, and whose it is |
//! | `groups` | the groups it is in; in CSV with `;` between them |
//! | `enrolment` | `enrolled` (the default), `unenrolled`, `not_in_portal` or `no_user_affinity` |
//! | `compliance` | Microsoft Graph's `complianceState`: `compliant`, `noncompliant`, `conflict`, `error`, `inGracePeriod`, `configManager` or `unknown` |
//! | `reported` | when it last reported to its management, RFC 3339 |
//!
//! In CSV the first line names the columns. JSON is a list of objects with the same names. What is left
//! empty or out changes nothing of what is known already.

mod csv;
mod entry;
mod json;

use std::collections::BTreeMap;
use std::fmt;

use rh_records::{DeviceWord, HardwareId, Timestamp};

use entry::Entry;

/// Faults that are told of one file.
const FAULTS: usize = 20;

/// Devices of one file.
const DEVICES: usize = 1_000_000;

/// How a file is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// RFC 4180, with a line of names.
    Csv,
    /// A list of objects.
    Json,
}

/// What is wrong with a file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", lines(.0))]
pub struct NotDevices(Vec<Fault>);

/// One fault of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, and what to do.
    pub text: String,
}

impl NotDevices {
    /// The faults, in order; at least one and at most 20.
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a file says of devices at `told`.
///
/// # Errors
///
/// [`NotDevices`], with every fault up to the 20th.
pub fn read(bytes: &[u8], format: Format, told: Timestamp) -> Result<Vec<DeviceWord>, NotDevices> {
    let text = text(bytes).map_err(|fault| NotDevices(vec![fault]))?;
    let mut reader = Reader { told, words: Vec::new(), faults: Vec::new(), seen: BTreeMap::new() };
    match format {
        Format::Csv => csv::read(text, &mut reader),
        Format::Json => json::read(text, &mut reader),
    }
    if reader.words.is_empty() && reader.faults.is_empty() {
        reader.fault(1, "there is no device in it; add one, or give another file".to_owned());
    }
    if reader.faults.is_empty() { Ok(reader.words) } else { Err(NotDevices(reader.faults)) }
}

/// UTF-8, without the mark that some programs begin it with.
fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line =
            1 + bytes[..error.valid_up_to()].iter().filter(|it| **it == b'\n').count() as u64;
        Fault { line, text: "this is not UTF-8; save the file in that encoding".to_owned() }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// What was read until now.
struct Reader {
    told: Timestamp,
    words: Vec<DeviceWord>,
    faults: Vec<Fault>,
    /// On which line each device was named.
    seen: BTreeMap<(Name, HardwareId), u64>,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Name {
    Serial,
    Udid,
}

impl Reader {
    /// Whether enough is wrong already.
    fn is_done(&self) -> bool {
        self.faults.len() >= FAULTS
    }

    fn fault(&mut self, line: u64, text: String) {
        if !self.is_done() {
            self.faults.push(Fault { line, text });
        }
    }

    fn entry(&mut self, line: u64, entry: &Entry) {
        let told = self.told;
        let word = match entry.word(told) {
            Ok(word) => word,
            Err(texts) => return texts.into_iter().for_each(|text| self.fault(line, text)),
        };
        let names = [(Name::Serial, &word.serial), (Name::Udid, &word.udid)];
        for (name, hardware) in names {
            let Some(hardware) = hardware.clone() else { continue };
            if let Some(first) = self.seen.insert((name, hardware.clone()), line) {
                let fix = "keep one of the two";
                self.fault(line, format!("{hardware} is on line {first} already; {fix}"));
            }
        }
        if self.words.len() == DEVICES {
            let fix = "import the rest as a second file";
            return self.fault(line, format!("more than {DEVICES} devices; {fix}"));
        }
        self.words.push(word);
    }
}

#[cfg(test)]
mod tests;
