//! `rh-agent share`.

use std::sync::Arc;

use anyhow::Context as _;
use rh_agent::{Account, Agent, AgentError};
use rh_protocol::DisplayId;
use tokio::sync::OnceCell;

use crate::account::AccountArgs;
use crate::backends::Backends;
use crate::device::DeviceArgs;
use crate::terminal::{Lines, Terminal};

/// The account, once somebody signed in through the browser.
type SignedIn = OnceCell<Account>;

/// With whom, and what.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: AccountArgs,
    /// The code your helper reads out; asked for if left out.
    #[arg(long)]
    code: Option<String>,
    /// Which display to share first; see `rh-agent displays`.
    #[arg(long)]
    display: Option<u32>,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    backends: Backends,
}

/// Shares once if a code was given, else asks for codes until the input ends or Ctrl-C.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let lines = Arc::new(Lines::new().context("cannot read the terminal")?);
    let signed_in = SignedIn::new();
    if let Some(code) = &args.code {
        return share(&args, &lines, &signed_in, code).await.map(|_| ());
    }
    while let Some(code) = ask_for_code(&lines).await? {
        match share(&args, &lines, &signed_in, &code).await {
            // What a helper typed into this terminal is no code.
            Ok(Went::On) => lines.forget().await,
            Ok(Went::Stopped) => break,
            Err(error) => println!("{error:#}"),
        }
    }
    Ok(())
}

/// How a session went, as far as the next one is concerned.
enum Went {
    On,
    Stopped,
}

async fn ask_for_code(lines: &Lines) -> anyhow::Result<Option<String>> {
    println!("\nEnter the 8-digit code your helper gave you (an empty line or Ctrl-C quits):");
    let line = tokio::select! {
        line = lines.next() => line,
        stop = tokio::signal::ctrl_c() => { stop.context("cannot listen for Ctrl-C")?; None }
    };
    Ok(line.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()))
}

async fn share(
    args: &Args,
    lines: &Arc<Lines>,
    signed_in: &SignedIn,
    code: &str,
) -> anyhow::Result<Went> {
    let builder = Agent::builder()
        .service(&args.account.service)
        .sign_in_as(&args.account.person)
        .prompt(Terminal::new(Arc::clone(lines)));
    let mut builder = args.backends.apply(builder)?;
    if let Some(display) = args.display {
        builder = builder.display(DisplayId(display));
    }
    if let Some(device) = args.device.identity(&args.account.service)? {
        builder = builder.device(device);
    }
    let agent = builder.build()?;
    let stopper = agent.stopper();
    let sharing = async {
        if !args.account.sign_in {
            return agent.share(code).await;
        }
        let account = signed_in.get_or_try_init(|| args.account.sign_in()).await?;
        let (signalling, _) = account.connect().await?;
        agent.share_over(signalling, code).await
    };
    tokio::pin!(sharing);
    let went = tokio::select! {
        outcome = &mut sharing => return outcome.map(|_| Went::On).map_err(Into::into),
        () = wait_for_stop() => Went::Stopped,
    };
    stopper.stop();
    match sharing.await {
        Ok(_) | Err(AgentError::Stopped) => Ok(went),
        Err(error) => Err(error.into()),
    }
}

/// Ctrl-C, the end of the terminal, or a polite kill.
async fn wait_for_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut hup), Ok(mut term)) =
            (signal(SignalKind::hangup()), signal(SignalKind::terminate()))
        else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = hup.recv() => {}
            _ = term.recv() => {}
        }
    }
}
