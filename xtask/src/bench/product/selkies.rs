//! Selkies, where Python's package manager can install it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{Opened, Stage};
use crate::bench::browser::Browser;
use crate::bench::ground::quietly;

/// The version that is measured.
const PACKAGE: &str = "selkies==2.1.0";

const PORT: &str = "8082";

/// Installs it into `folder`, once.
///
/// # Errors
///
/// With the package manager's reason, if it cannot.
pub(in crate::bench) fn install(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("selkies");
    let program = home.join("bin/selkies");
    if !program.is_file() {
        quietly("python3", ["-m".as_ref(), "venv".as_ref(), home.as_os_str()])?;
        let mut pip = Command::new(home.join("bin/pip"));
        let output = pip.args(["install", "--quiet", PACKAGE]).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{PACKAGE} does not install: {}", said.trim());
    }
    Ok(program)
}

/// Starts it without what has nothing to do with the picture.
pub(super) fn open(stage: &Stage<'_>) -> Result<Opened> {
    let ground = stage.ground;
    let program = install(&ground.folder)?;
    let mut server = stage.server(program);
    server.args(["--addr", "0.0.0.0", "--port", PORT, "--mode", "webrtc", "--framerate", "60"]);
    server.args(["--encoder", "x264enc", "--use-cpu", "true", "--enable-https", "false"]);
    server.args(["--enable-basic-auth", "false", "--audio-enabled", "false"]);
    server.args(["--microphone-enabled", "false", "--gamepad-enabled", "false"]);
    server.args(["--enable-resize", "false", "--use-css-scaling", "false"]);
    let server = ground.start("selkies", &mut server)?;
    let address = format!("{}:{PORT}", stage.network.far_address);
    ground.until("selkies listens", Duration::from_secs(30), || {
        Ok(std::net::TcpStream::connect(&address).ok())
    })?;
    let (browser, mut page) = Browser::open(ground, stage.shown, &format!("http://{address}/"))?;
    page.until("[...document.querySelectorAll('video, canvas')].some((it) => it.clientWidth > 0)")
        .context("its page shows no picture")?;
    Ok(Opened { browser, servers: vec![server], first_ms: None })
}
