//! VNC servers that share a display that is there already, seen with noVNC.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Opened, Stage};
use crate::bench::browser::Browser;

/// Debian's noVNC.
const NOVNC: &str = "/usr/share/novnc";

/// A page with nothing but noVNC, pixel by pixel, at the quality its own page has by default.
const PAGE: &str = r#"<!doctype html><title>noVNC</title>
<style>html, body, #screen { margin: 0; height: 100%; background: #101216 }</style>
<div id="screen"></div>
<script type="module">
  import RFB from "./core/rfb.js";
  const rfb = new RFB(document.getElementById("screen"), `ws://${location.host}/websockify`);
  rfb.scaleViewport = false;
  rfb.qualityLevel = 6;
  rfb.compressionLevel = 2;
  rfb.addEventListener("connect", () => (document.title = "connected"));
</script>
"#;

/// The port of the VNC server, and that of its pages; in a namespace of their own nobody else has
/// them.
const PORTS: (&str, &str) = ("5900", "6080");

/// TigerVNC's server for a display that is there already.
pub(super) fn tigervnc(stage: &Stage<'_>) -> Command {
    let mut command = stage.server("X0tigervnc");
    command.args(["-display", &stage.source.name, "-rfbport", PORTS.0, "-localhost=1"]);
    command.args(["-SecurityTypes", "None", "-FrameRate", "60", "-PollingCycle", "16"]);
    command
}

/// x11vnc, with the shortest waits that its manual recommends.
pub(super) fn x11vnc(stage: &Stage<'_>) -> Command {
    let mut command = stage.server("x11vnc");
    command.args(["-display", &stage.source.name, "-rfbport", PORTS.0, "-localhost", "-forever"]);
    command.args(["-shared", "-nopw", "-wait", "16", "-defer", "5", "-noxrecord"]);
    command
}

/// Starts a server, websockify before it, and noVNC in the browser.
pub(super) fn open(stage: &Stage<'_>, server: fn(&Stage<'_>) -> Command) -> Result<Opened> {
    let ground = stage.ground;
    let pages = tempfile::tempdir_in(ground.scratch.path())?.keep();
    fs::write(pages.join("index.html"), PAGE)?;
    for folder in ["core", "vendor"] {
        symlink(format!("{NOVNC}/{folder}"), pages.join(folder)).context("noVNC is missing")?;
    }
    let server = ground.start("VNC server", &mut server(stage))?;
    let mut proxy = stage.server("websockify");
    let (target, listen) = (format!("127.0.0.1:{}", PORTS.0), format!("0.0.0.0:{}", PORTS.1));
    proxy.arg("--web").arg(&pages).args([listen, target]);
    let proxy = ground.start("websockify", &mut proxy)?;
    let address = format!("{}:{}", stage.network.far_address, PORTS.1);
    let patience = Duration::from_secs(10);
    ground.until("websockify listens", patience, || {
        Ok(std::net::TcpStream::connect(&address).ok())
    })?;
    ground.sleep(Duration::from_secs(1))?;
    let (browser, mut page) = Browser::open(ground, stage.shown, &format!("http://{address}/"))?;
    page.until("document.title === 'connected'").context("noVNC does not connect")?;
    Ok(Opened { browser, servers: vec![server, proxy], first_ms: None })
}
