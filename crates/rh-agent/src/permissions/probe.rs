//! What asking and trying showed.

use std::collections::BTreeMap;

use super::{Condition, Permission};

/// What came of really using a permission.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tried {
    /// It worked: a picture came, an event was seen to arrive.
    Works,
    /// macOS refused, or what came was empty.
    Refused,
    /// It was not tried, or what came says nothing: a screen that is locked gives no picture either.
    Unclear,
}

/// One permission, asked and tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reading {
    /// What macOS tells this process. It may remember its first answer for as long as it runs.
    pub told: bool,
    /// What macOS tells a process started just now, if one was started.
    pub told_anew: Option<bool>,
    /// What came of using it.
    pub tried: Tried,
}

/// One look at the whole machine.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Readings {
    /// The permissions that this platform has.
    pub permissions: BTreeMap<Permission, Reading>,
    /// What else was found.
    pub conditions: Vec<Condition>,
}

impl Readings {
    /// Readings of permissions, without conditions.
    pub fn of(permissions: impl IntoIterator<Item = (Permission, Reading)>) -> Self {
        Self { permissions: permissions.into_iter().collect(), conditions: Vec::new() }
    }
}
