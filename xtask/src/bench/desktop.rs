//! The two X displays: the sharer's, and the one that the helper's browser draws on.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::ground::Ground;
use super::plan::Product;
use crate::child::Child;

/// Width and height of the sharer's display.
const SOURCE: (u32, u32) = (1920, 1080);

/// The helper's is larger, so that the picture fits with everything that is around it.
const SHOWN: (u32, u32) = (2048, 1300);

/// An X server without a screen.
pub(super) struct Desktop {
    pub(super) name: String,
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    /// Its window manager, where it has one; ends before the server.
    manager: Option<Child>,
    server: Child,
}

impl Desktop {
    /// The sharer's, which holds nothing but content.
    pub(super) fn source(ground: &Ground) -> Result<Self> {
        Self::start(ground, SOURCE)
    }

    /// The helper's, with a window manager, without which browsers do not fill the screen.
    pub(super) fn shown(ground: &Ground, product: Product) -> Result<Self> {
        let mut desktop = Self::start(ground, Self::shown_size(product))?;
        let mut manager = Command::new("openbox");
        manager.arg("--sm-disable").env("DISPLAY", &desktop.name);
        desktop.manager = Some(ground.start("openbox", &mut manager)?);
        ground.sleep(Duration::from_millis(300))?;
        Ok(desktop)
    }

    /// The page of Selkies stretches its picture over all of the window: there is no room around it.
    const fn shown_size(product: Product) -> (u32, u32) {
        match product {
            Product::Ours | Product::TigerVnc | Product::X11vnc => SHOWN,
            Product::Selkies => SOURCE,
        }
    }

    fn start(ground: &Ground, size: (u32, u32)) -> Result<Self> {
        let (width, height) = size;
        let screen = format!("{width}x{height}x24");
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        let server = ground.start("Xvfb", &mut server)?;
        let number = |line: &str| line.trim().parse::<u32>().ok();
        let number = ground.hear(&server, Duration::from_secs(10), number)?;
        Ok(Self { name: format!(":{number}"), size, manager: None, server })
    }

    /// The number of its process.
    pub(super) fn pid(&self) -> u32 {
        self.server.pid()
    }
}
