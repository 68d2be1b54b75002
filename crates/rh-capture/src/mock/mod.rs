//! Screens that are not there, for tests and for machines without a display.

mod pattern;
mod virtual_desktop;

pub use pattern::Pattern;
pub use virtual_desktop::{VirtualDesktop, VirtualScreen};
