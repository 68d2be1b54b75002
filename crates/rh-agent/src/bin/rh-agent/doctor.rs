//! `rh-agent doctor`.

use std::mem::discriminant;
use std::time::Duration;

use rh_agent::doctor::{Check, Finding, check_backends, screen_tried};
use rh_agent::network;
use rh_agent::permissions::{Monitor, Permission, Report, Row, readings, system};
use serde::Serialize;

use crate::account::AccountArgs;
use crate::backends::Backends;

/// What to try.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: AccountArgs,
    /// Prints the findings as JSON, for other programs; with --watch one line for each change.
    #[arg(long)]
    json: bool,
    /// Looks again every two seconds and prints what changed, until nothing is left to do.
    #[arg(long)]
    watch: bool,
    /// Tries the network alone: which ways to the service and its relay work from here.
    #[arg(long)]
    network: bool,
    #[command(flatten)]
    backends: Backends,
}

/// How long `--watch` waits before it looks again.
const PAUSE: Duration = Duration::from_secs(2);

/// Everything that was found.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
struct Findings {
    #[serde(flatten)]
    report: Report,
    checks: Vec<Check>,
}

impl Findings {
    /// How many things are left to do.
    fn left(&self) -> usize {
        let rows = self.report.permissions.iter().filter(|row| !row.is_granted()).count();
        rows + self.checks.iter().filter(|check| !check.works()).count()
    }

    /// Whether a check with this outcome is among them; how it is worded may vary.
    fn has(&self, check: &Check) -> bool {
        let same = |it: &Check| {
            it.name == check.name && discriminant(&it.finding) == discriminant(&check.finding)
        };
        self.checks.iter().any(same)
    }

    fn is_green(&self) -> bool {
        self.left() == 0 && self.report.is_green()
    }
}

/// Prints what was found; fails if anything does not work.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let mut monitor = Monitor::new(system());
    let mut findings = look(&args, &mut monitor).await?;
    show(&args, &Findings::default(), &findings)?;
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    while args.watch && !findings.is_green() {
        tokio::select! {
            done = &mut interrupted => {
                done?;
                break;
            }
            () = tokio::time::sleep(PAUSE) => {}
        }
        let before = std::mem::replace(&mut findings, look(&args, &mut monitor).await?);
        show(&args, &before, &findings)?;
    }
    anyhow::ensure!(findings.is_green(), "{} left to do", findings.left());
    Ok(())
}

/// Tries everything once.
async fn look(args: &Args, monitor: &mut Monitor) -> anyhow::Result<Findings> {
    if args.network {
        let checks = network::check(&args.account.service).await;
        return Ok(Findings { checks, ..Findings::default() });
    }
    let sources = args.backends.sources()?;
    let backends = tokio::task::spawn_blocking(move || {
        check_backends(&*sources.screens, &*sources.encoders, &*sources.inputs)
    });
    let mut checks = backends.await?;
    let mut readings = readings();
    // The picture that was just taken, or refused, is what proves the permission.
    if let Some(it) = readings.permissions.get_mut(&Permission::ScreenRecording) {
        it.tried = screen_tried(&checks);
    }
    checks.push(check_service(&args.account).await);
    Ok(Findings { report: monitor.update(&readings), checks })
}

async fn check_service(account: &AccountArgs) -> Check {
    let connected = async { account.sign_in().await?.connect().await };
    let finding = match connected.await {
        Ok((_, you)) => {
            let name = you.full_name.unwrap_or_else(|| "somebody without a name".to_owned());
            Finding::Works { seen: format!("signed in as {name}") }
        }
        Err(error) => Finding::Fails {
            why: error.to_string(),
            fix: "start the service, or name it with --service and the person with --as".to_owned(),
            denied: false,
        },
    };
    Check { name: "the service", finding }
}

/// Prints what is different from `before`, nothing if nothing is.
fn show(args: &Args, before: &Findings, now: &Findings) -> anyhow::Result<()> {
    let changed: Vec<_> = now.checks.iter().filter(|check| !before.has(check)).collect();
    if !args.json {
        let report = &now.report;
        report.changes_since(&before.report).iter().for_each(|line| println!("{line}"));
        let rows = report.permissions.iter().filter(|it| !before.report.permissions.contains(it));
        rows.for_each(advise);
        changed.into_iter().for_each(print);
    } else if !args.watch {
        println!("{}", serde_json::to_string_pretty(now)?);
    } else if !changed.is_empty() || now.report != before.report {
        println!("{}", serde_json::to_string(now)?);
    }
    Ok(())
}

/// What to do about a permission.
fn advise(row: &Row) {
    if let Some(fix) = &row.fix {
        println!("        -> {}: {fix}\n           open \"{}\"", row.name, row.settings);
    }
}

fn print(check: &Check) {
    match &check.finding {
        Finding::Works { seen } => println!("works   {}: {seen}", check.name),
        Finding::Fails { why, fix, .. } => {
            println!("FAILS   {}: {why}\n        -> {fix}", check.name);
        }
        Finding::NotTried => println!("skipped {}: something before it failed", check.name),
    }
}
