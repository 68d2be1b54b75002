//! `cargo xtask demo`: a whole session on this machine.

mod desktop;
mod smoke;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::child::Child;
use crate::{program, web};
use desktop::Desktop;

pub(crate) use smoke::run as smoke;

/// Builds the two programs and nothing else.
pub(crate) const PROGRAMS: &[&str] = &["build", "-p", "rh-service", "-p", "rh-agent"];

/// How long a service may take to say where it listens.
const SERVICE_START: Duration = Duration::from_secs(20);

/// How long an agent may take to end by itself after Ctrl-C.
const AGENT_END: Duration = Duration::from_secs(3);

/// Builds everything, starts the service and an agent on loopback, and leaves the terminal to the
/// agent until it ends.
pub(crate) fn run(root: &Path) -> Result<()> {
    let stop = stop_wanted()?;
    let programs = build(root, PROGRAMS)?;
    let desktop = Desktop::choose(&programs.join("rh-agent"));

    let mut service = Command::new(programs.join("rh-service"));
    let service = Child::spawn("service", service.args(["--listen", "127.0.0.1:0"]))?;
    let url = format!("http://{}", service.says("http://", SERVICE_START)?);
    explain(&url, desktop);

    let mut agent = Command::new(programs.join("rh-agent"));
    agent.args(["share", "--service", &url, "--as", "sharer"]).args(desktop.arguments());
    let agent = Child::spawn_on_terminal("agent", &mut agent)?;
    let ended = wait(agent, &stop);
    service.end();
    ended
}

/// Builds the pages, and by `cargo` at least the two programs; returns the programs' folder.
pub(crate) fn build(root: &Path, cargo: &[&str]) -> Result<PathBuf> {
    web::build(root, false)?;
    program::run(program::cargo(root).args(cargo))?;
    let here = env::current_exe()?;
    // Cargo puts all programs of a workspace beside one another, and this is one of them.
    Ok(here.parent().context("a program is in a folder")?.to_owned())
}

fn explain(url: &str, desktop: Desktop) {
    eprintln!(
        "
  Helper's page   {url}
  Shared desktop  {desktop}

  1. Open the helper's page in a browser and sign in as the helper.
  2. Press New session: the page shows a code of eight digits.
  3. Type the code here. You are the sharer; allow or decline what the helper asks for.
  Ctrl-C ends everything.
"
    );
}

/// Set when the user or the system wants this program to end.
pub(crate) fn stop_wanted() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    ctrlc::set_handler(move || set.store(true, Ordering::Relaxed))?;
    Ok(stop)
}

/// Waits for the agent; once `stop` is set it has [`AGENT_END`] to end by itself.
///
/// Ctrl-C reaches the agent without us, since it shares our terminal; then it releases what it
/// holds and says goodbye.
fn wait(mut agent: Child, stop: &AtomicBool) -> Result<()> {
    const STEP: Duration = Duration::from_millis(50);
    let mut left = AGENT_END;
    loop {
        if let Some(status) = agent.exited()? {
            if status.success() || stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            bail!("the agent failed: {status}");
        }
        if stop.load(Ordering::Relaxed) {
            left = left.saturating_sub(STEP);
            if left.is_zero() {
                agent.end();
                return Ok(());
            }
        }
        sleep(STEP);
    }
}
