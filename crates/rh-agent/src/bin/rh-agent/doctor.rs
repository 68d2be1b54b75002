//! `rh-agent doctor`.

use rh_agent::doctor::{Check, Finding, check_backends};

use crate::account::AccountArgs;
use crate::backends::Backends;

/// What to try.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: AccountArgs,
    /// Prints the findings as JSON, for other programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    backends: Backends,
}

/// Prints what was found; fails if anything does not work.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let sources = args.backends.sources()?;
    let backends = tokio::task::spawn_blocking(move || {
        check_backends(&*sources.screens, &*sources.encoders, &*sources.inputs)
    });
    let mut checks = backends.await?;
    checks.push(check_service(&args.account).await);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&checks)?);
    } else {
        checks.iter().for_each(print);
    }
    let broken = checks.iter().filter(|check| !check.works()).count();
    anyhow::ensure!(broken == 0, "{broken} of {} do not work", checks.len());
    Ok(())
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
        },
    };
    Check { name: "the service", finding }
}

fn print(check: &Check) {
    match &check.finding {
        Finding::Works { seen } => println!("works   {}: {seen}", check.name),
        Finding::Fails { why, fix } => println!("FAILS   {}: {why}\n        -> {fix}", check.name),
        Finding::NotTried => println!("skipped {}: something before it failed", check.name),
    }
}
