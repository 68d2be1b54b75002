//! How each product is started, up to a picture in the browser that can be acted on.

mod ours;
mod selkies;
mod vnc;

use std::process::Command;

use anyhow::Result;

use super::browser::Browser;
use super::desktop::Desktop;
use super::ground::Ground;
use super::network::Network;
use super::plan::Product;
use super::probe::View;
use crate::child::Child;

pub(super) use selkies::install as install_selkies;

/// What a product is started on.
pub(super) struct Stage<'a> {
    pub(super) ground: &'a Ground,
    pub(super) network: &'a Network,
    pub(super) source: &'a Desktop,
    pub(super) shown: &'a Desktop,
}

/// A product that shows the sharer's display.
pub(super) struct Opened {
    // The browser ends first, so that no server sees it as an outage.
    pub(super) browser: Browser,
    /// The processes of its server, the one that captures first.
    pub(super) servers: Vec<Child>,
    /// Milliseconds from the sharer's answer to the first picture, where there is a question.
    pub(super) first_ms: Option<f64>,
}

impl<'a> Stage<'a> {
    /// Starts `product`. Plain content must be shown, by which the first picture is known.
    pub(super) fn open(&self, product: Product) -> Result<Opened> {
        match product {
            Product::Ours => ours::open(self),
            Product::TigerVnc => vnc::open(self, vnc::tigervnc),
            Product::X11vnc => vnc::open(self, vnc::x11vnc),
            Product::Selkies => selkies::open(self),
        }
    }

    pub(super) const fn view(&self) -> View<'a> {
        View { ground: self.ground, source: self.source, shown: self.shown }
    }

    /// A command on the sharer's side, with the sharer's display.
    fn server(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.network.inside(program);
        command.env("DISPLAY", &self.source.name).env("HOME", self.ground.scratch.path());
        command
    }
}
