//! The programs that the tests need, and how to get them.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::program;

/// Something the tests need: it is there if one of the programs or files is.
struct Need {
    programs: &'static [&'static str],
    files: &'static [&'static str],
    /// The Debian package that holds it.
    package: &'static str,
}

impl Need {
    const fn program(programs: &'static [&'static str], package: &'static str) -> Self {
        Self { programs, files: &[], package }
    }

    const fn file(files: &'static [&'static str], package: &'static str) -> Self {
        Self { programs: &[], files, package }
    }

    fn met(&self) -> bool {
        program::find(self.programs).is_some()
            || self.files.iter().any(|file| Path::new(file).exists())
    }
}

/// Debian keeps the programs of PostgreSQL in a folder of their version, off the path.
const POSTGRES: &[&str] = &[
    "/usr/lib/postgresql/15/bin/initdb",
    "/usr/lib/postgresql/16/bin/initdb",
    "/usr/lib/postgresql/17/bin/initdb",
    "/usr/lib/postgresql/18/bin/initdb",
];

const REDIS: Need = Need::program(&["redis-server"], "redis-server");

/// Everything, in the order in which it is told.
const NEEDS: &[Need] = &[
    Need::program(&["cc"], "gcc"),
    Need::program(&["c++"], "g++"),
    // Without it openh264 is built in plain C, which is several times slower.
    Need::program(&["nasm"], "nasm"),
    Need::program(&["node"], "nodejs"),
    Need::program(&["npm"], "npm"),
    Need::program(&["Xvfb"], "xvfb"),
    Need::program(&["chromium", "chromium-browser", "google-chrome"], "chromium"),
    Need::program(&["openbox"], "openbox"),
    Need::program(&["xterm"], "xterm"),
    Need::program(&["mousepad"], "mousepad"),
    Need::program(&["xdotool"], "xdotool"),
    Need::program(&["xrandr"], "x11-xserver-utils"),
    Need::program(&["xprop"], "x11-utils"),
    Need::program(&["xclip"], "xclip"),
    Need::program(&["xinput"], "xinput"),
    Need::program(&["setxkbmap"], "x11-xkb-utils"),
    Need::program(&["import"], "imagemagick"),
    Need::program(&["dbus-run-session"], "dbus-daemon"),
    Need::program(&["kill"], "procps"),
    Need::program(&["chrt"], "util-linux"),
    Need::program(&["valgrind"], "valgrind"),
    Need::program(&["ip"], "iproute2"),
    Need::program(&["iptables"], "iptables"),
    Need::program(&["turnserver"], "coturn"),
    Need::file(POSTGRES, "postgresql"),
    REDIS,
    Need::file(&["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"], "fonts-dejavu-core"),
    Need::file(&["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"], "fonts-noto-cjk"),
    Need::file(&["/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"], "fonts-noto-color-emoji"),
];

/// What `cargo xtask bench media` needs beside: other products, and the network.
const BENCH_NEEDS: &[Need] = &[
    Need::program(&["X0tigervnc"], "tigervnc-scraping-server"),
    Need::program(&["x11vnc"], "x11vnc"),
    Need::program(&["websockify"], "websockify"),
    Need::file(&["/usr/share/novnc/core/rfb.js"], "novnc"),
    Need::program(&["python3"], "python3-venv"),
];

/// Installs what the tests need, or says how to.
///
/// # Errors
///
/// If something is missing and this user may not install it, with the command that would.
pub(crate) fn run() -> Result<()> {
    install(NEEDS)
}

/// Installs what the bench needs, or says how to.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn for_bench() -> Result<()> {
    install(NEEDS)?;
    install(BENCH_NEEDS)
}

/// Installs what `cargo xtask bench service` needs, or says how to.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn for_service_bench() -> Result<()> {
    install(&[REDIS])
}

fn install(needs: &[Need]) -> Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        eprintln!("everything needed is there");
        return Ok(());
    }
    let list = missing.join(" ");
    eprintln!("missing: {list}");
    if program::find(&["apt-get"]).is_none() {
        bail!("install what these Debian packages hold, then run this again: {list}");
    }
    if !program::is_root() {
        bail!(
            "install it and run this again:\n    sudo apt-get update && sudo apt-get install --no-install-recommends {list}"
        );
    }
    program::run(&mut apt(&["update"]))?;
    program::run(apt(&["install", "--yes", "--no-install-recommends"]).args(&missing))
}

/// The packages of the needs that are not met.
fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !need.met()).map(|need| need.package).collect()
}

fn apt(args: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_named() {
        let needs = [
            Need::program(&["sh"], "dash"),
            Need::program(&["no-such-program", "neither"], "imaginary"),
            Need::file(&["/"], "base-files"),
            Need::file(&["/no/such/file"], "unreal"),
        ];
        assert_eq!(missing(&needs), ["imaginary", "unreal"]);
    }
}
