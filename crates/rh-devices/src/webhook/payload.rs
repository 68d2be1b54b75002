//! The property list that the device sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plist::{Dictionary, Value};

use super::Rule;

/// Dictionaries and lists of the largest payload that is read. One may lie in the other, and reading
/// and dropping them takes a piece of the stack for each.
const NESTED: usize = 512;

/// Characters of the longest name.
const NAME_CHARS: usize = 128;

/// What of it says anything of the device.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub(super) udid: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) name: Option<String>,
    pub(super) security: Option<Security>,
}

/// The answer to `SecurityInfo`.
#[derive(Debug)]
pub(super) struct Security(Dictionary);

impl Payload {
    /// Reads one; nothing if it is none, or one of an answer that is of no use here.
    pub(super) fn read(base64: &str) -> Option<Self> {
        let bytes = STANDARD.decode(base64).ok()?;
        let xml = std::str::from_utf8(&bytes).ok()?;
        if xml.matches("<dict").count() + xml.matches("<array").count() > NESTED {
            return None;
        }
        // Devices send XML; the binary form may refer to itself.
        let root = Value::from_reader_xml(xml.as_bytes()).ok()?.into_dictionary()?;
        // Names lie at the root of a check-in, and in the answer to DeviceInformation.
        let answers = root.get("QueryResponses").and_then(Value::as_dictionary);
        let text = |name: &str| {
            let found = answers.and_then(|it| it.get(name)).or_else(|| root.get(name));
            found.and_then(Value::as_string).filter(|it| !it.is_empty()).map(str::to_owned)
        };
        let security = root.get("SecurityInfo").and_then(Value::as_dictionary);
        Some(Self {
            udid: text("UDID"),
            serial: text("SerialNumber"),
            name: text("DeviceName").map(|name| cleaned(&name)),
            security: security.cloned().map(Security),
        })
    }
}

impl Security {
    /// Whether what the rule asks for is on, if the device says.
    pub(super) fn is_on(&self, rule: Rule) -> Option<bool> {
        let Self(info) = self;
        let value = match rule {
            Rule::FileVault => info.get("FDE_Enabled"),
            Rule::SystemIntegrity => info.get("SystemIntegrityProtectionEnabled"),
            Rule::Firewall => info.get("FirewallSettings")?.as_dictionary()?.get("FirewallEnabled"),
        };
        value?.as_boolean()
    }
}

/// A name that anybody chose, without what has no place in one.
fn cleaned(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect()
}
