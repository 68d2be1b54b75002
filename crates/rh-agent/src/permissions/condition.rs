//! What else stands in the way, or is worth knowing.

use rh_protocol::Role;
use serde::Serialize;

/// Something about the machine that is no permission.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "condition", rename_all = "snake_case")]
pub enum Condition {
    /// The screen is locked, or another user is in front.
    ScreenLocked,
    /// A program reads the keyboard alone, as a password field does: typed text does not arrive (B-11).
    SecureInput {
        /// Which program, if macOS tells.
        app: Option<String>,
    },
    /// This is a virtual machine. Sharing works; other products refuse it (S-10).
    Hypervisor,
}

impl Condition {
    /// The roles that do not work as long as it lasts. [`SecureInput`](Self::SecureInput) stops keys,
    /// not the pointer, so it stops none.
    pub const fn stops(&self) -> &'static [Role] {
        match self {
            Self::ScreenLocked => &[Role::View, Role::Control],
            Self::SecureInput { .. } | Self::Hypervisor => &[],
        }
    }

    /// One sentence for a person.
    pub fn notice(&self) -> String {
        match self {
            Self::ScreenLocked => "The screen is locked: unlock it to share.".to_owned(),
            Self::SecureInput { app } => {
                let app = app.as_deref().unwrap_or("A program");
                format!("{app} takes passwords: a helper's keys do not arrive until it is done.")
            }
            Self::Hypervisor => "This is a virtual machine; sharing it works.".to_owned(),
        }
    }
}

/// Whether `/proc/cpuinfo` of Linux tells of a hypervisor: the processor's flag of that name, which
/// x86 hypervisors set (CPUID leaf 1, ECX bit 31).
pub fn hypervisor_in_cpuinfo(text: &str) -> bool {
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let mut flags = fields.filter(|(name, _)| name.trim() == "flags").map(|(_, flags)| flags);
    flags.next().is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"))
}
