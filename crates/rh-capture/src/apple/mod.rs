//! The judgement of the macOS backend, in plain values.
//!
//! Compiled everywhere, so that it is tested everywhere; what calls the frameworks is in
//! `crate::macos`. Absent on purpose: every type of Apple's.

pub(crate) mod arrangement;
pub(crate) mod arrow;
pub(crate) mod attachment;
pub(crate) mod exclusion;
pub(crate) mod pace;
pub(crate) mod slot;
pub(crate) mod stop;
