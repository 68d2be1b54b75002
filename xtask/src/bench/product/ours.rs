//! Our own: a real session with its code, its question and its answer.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

use super::{Opened, Stage};
use crate::bench::browser::{Browser, Page};
use crate::bench::forward::forward;

const PATIENCE: Duration = Duration::from_secs(20);

/// The service on loopback, as the pages' browser needs it; the agent reaches it through the cable.
pub(super) fn open(stage: &Stage<'_>) -> Result<Opened> {
    let ground = stage.ground;
    let mut service = Command::new(ground.program("rh-service"));
    let service = ground.start("service", service.args(["--listen", "127.0.0.1:0"]))?;
    let address = service.says("listening on http://", PATIENCE)?;
    let port = forward(&stage.network.near_address, &address)?;

    let url = format!("http://{address}");
    let (browser, mut page) = Browser::open(ground, stage.shown, &url)?;
    let code = sign_in(&mut page)?;
    let mut agent = stage.server(ground.program("rh-agent"));
    let service_url = format!("http://{}:{port}", stage.network.near_address);
    agent.args(["share", "--service", &service_url, "--as", "sharer", "--code", &code]);
    let mut agent = ground.start("agent", agent.args(["--screen", "x11"]))?;
    page.click(r#"[data-testid="role-control"]"#)?;
    page.click(r#"[data-testid="ask"]"#)?;

    agent.says("asks to see your screen and", PATIENCE).context("the agent does not ask")?;
    let middle = format!("{},{}", stage.shown.size.0 / 2, stage.shown.size.1 / 2);
    let first = stage.view().first(&middle)?;
    // Whoever reads the question takes longer than this; the probe is at work by then.
    ground.sleep(Duration::from_millis(500))?;
    let answered = monotonic_us();
    agent.tell("y")?;
    let seen: Value = stage.view().answer(&first)?;
    let seen = seen["at_us"].as_u64().context("the time of the first picture")?;
    page.until(r#"document.querySelector('[data-testid="watching"]') !== null"#)?;
    page.click(r#"[data-testid="actual-size"]"#)?;
    let first_ms = Some(seen.saturating_sub(answered) as f64 / 1000.0);
    Ok(Opened { browser, servers: vec![agent, service], first_ms })
}

/// Signs in as the helper and makes a session; returns its code.
fn sign_in(page: &mut Page<'_>) -> Result<String> {
    page.click(r#"[data-testid="person"][data-person="helper"]"#)?;
    page.click(r#"[data-testid="new-session"]"#)?;
    let code = page.until(r#"document.querySelector('[data-testid="code"]')?.dataset.code"#)?;
    Ok(code.as_str().context("a code")?.to_owned())
}

/// The clock that the probe tells the time by.
fn monotonic_us() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    (time.tv_sec * 1_000_000 + time.tv_nsec / 1000).unsigned_abs()
}
