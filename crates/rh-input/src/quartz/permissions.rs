//! What the user has to allow.

/// Which permissions this program has, as macOS says without asking the user.
///
/// macOS may say so of a grant that is dead, such as one to an older signature of the program: then
/// events vanish. Only what comes of an event proves a grant.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Permissions {
    /// Privacy & Security, Accessibility (`AXIsProcessTrusted`): may control the machine.
    pub accessibility: bool,
    /// May post events (`CGPreflightPostEventAccess`); a management profile can grant it alone.
    pub post_events: bool,
}

impl Permissions {
    /// Whether events can be posted: either permission will do, since Accessibility holds the other.
    pub fn may_post(self) -> bool {
        self.accessibility || self.post_events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_permission_will_do() {
        for accessibility in [false, true] {
            for post_events in [false, true] {
                let permissions = Permissions { accessibility, post_events };
                assert_eq!(permissions.may_post(), permissions != Permissions::default());
            }
        }
    }
}
