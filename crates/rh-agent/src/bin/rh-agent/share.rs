//! `rh-agent share`.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use rh_agent::{Account, Agent, AgentError, Chat, Outcome, invited};
use rh_protocol::{Consent, DisplayId, SessionId};
use tokio::sync::{Notify, OnceCell};

use crate::account::AccountArgs;
use crate::backends::Backends;
use crate::device::DeviceArgs;
use crate::lines::Lines;
use crate::terminal::{Terminal, consent, is_report};

/// The account, once somebody signed in through the browser.
type SignedIn = OnceCell<Account>;

/// With whom, and what.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    account: AccountArgs,
    /// The code your helper reads out, or a link with it; asked for if left out.
    #[arg(long)]
    code: Option<String>,
    /// Which display to share first; see `rh-agent displays`.
    #[arg(long)]
    display: Option<u32>,
    /// Keep the signed receipt of each session in this folder; `rh-service receipt verify` checks it.
    #[arg(long, value_name = "DIR")]
    receipts: Option<PathBuf>,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    backends: Backends,
}

/// Shares once if a code was given, else asks for codes until the input ends or Ctrl-C.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let lines = Arc::new(Lines::new().context("cannot read the terminal")?);
    let signed_in = SignedIn::new();
    if let Some(given) = &args.code {
        let Some(code) = code_of(&args, &lines, given).await? else { return Ok(()) };
        return share(&args, &lines, &signed_in, &code, &mut None).await.map(|_| ());
    }
    let mut last = None;
    while let Some(code) = ask_for_code(&lines).await? {
        if is_report(&code) {
            match &last {
                Some((account, session)) => report(account, *session).await,
                None => println!("There was no session yet."),
            }
            continue;
        }
        let code = match code_of(&args, &lines, &code).await {
            Ok(Some(code)) => code,
            Ok(None) => continue,
            Err(error) => {
                println!("{error:#}");
                continue;
            }
        };
        match share(&args, &lines, &signed_in, &code, &mut last).await {
            // What a helper typed into this terminal is no code.
            Ok(Went::On) => lines.forget().await,
            Ok(Went::Stopped) => break,
            Err(error) => println!("{error:#}"),
        }
    }
    Ok(())
}

/// The code that was given: as it is, or in a link whose use the sharer confirms (M-12). `None` if not.
async fn code_of(args: &Args, lines: &Lines, given: &str) -> anyhow::Result<Option<String>> {
    if !given.contains(':') {
        return Ok(Some(given.to_owned()));
    }
    let code = invited(given, &args.account.service)?;
    let (head, tail) = code.split_at(4);
    print!(
        "Use the code {head} {tail} of this link? Do so only if you asked for help. Type y and Enter to \
         use it; anything else does not [y/N]: "
    );
    std::io::stdout().flush().context("cannot write to the terminal")?;
    let answer = lines.next().await.unwrap_or_default();
    Ok((consent(&answer) == Consent::Allow).then_some(code))
}

/// How a session went, as far as the next one is concerned.
enum Went {
    On,
    Stopped,
}

async fn ask_for_code(lines: &Lines) -> anyhow::Result<Option<String>> {
    println!(
        "\nEnter the 8-digit code your helper gave you, or the link, or report to report the last helper (an \
         empty line or Ctrl-C quits):"
    );
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
    last: &mut Option<(Account, SessionId)>,
) -> anyhow::Result<Went> {
    let reported = Arc::new(Notify::new());
    let agent = assemble(args, Terminal::new(Arc::clone(lines), Arc::clone(&reported)))?;
    let (stopper, chat) = (agent.stopper(), agent.chat());
    let beginning = async {
        match args.account.sign_in {
            true => signed_in.get_or_try_init(|| args.account.sign_in()).await.cloned(),
            false => args.account.sign_in().await,
        }
    };
    let account = tokio::select! {
        begun = beginning => begun?,
        () = wait_for_stop() => return Ok(Went::Stopped),
    };
    let sharing = agent.share_on(Arc::new(account.clone()), code);
    tokio::pin!(sharing);
    let (went, reporting) = tokio::select! {
        biased;
        () = reported.notified() => (Went::On, true),
        outcome = &mut sharing => return finish(args, account, outcome, last).await,
        () = wait_for_stop() => (Went::Stopped, false),
        () = converse(lines, &chat, &reported) => (Went::Stopped, false),
    };
    stopper.stop();
    let outcome = sharing.await;
    if let (true, Ok(Outcome { session, .. })) = (reporting, &outcome) {
        report(&account, *session).await;
    }
    finish(args, account, outcome, last).await.map(|_| went)
}

fn assemble(args: &Args, prompt: Terminal) -> anyhow::Result<Agent> {
    let builder = Agent::builder().service(&args.account.service).prompt(prompt);
    let mut builder = args.backends.apply(builder)?;
    if let Some(display) = args.display {
        builder = builder.display(DisplayId(display));
    }
    if let Some(device) = args.device.identity(&args.account.service)? {
        builder = builder.device(device);
    }
    Ok(builder.build()?)
}

/// Writes to the helper what is typed and is no answer to a question; the end of the input is the end of
/// nothing.
async fn converse(lines: &Lines, chat: &Chat, reported: &Notify) {
    while let Some(line) = lines.unasked().await {
        if is_report(&line) {
            reported.notify_one();
        } else if !line.trim().is_empty() && !chat.write(&line) {
            println!("That was not sent: nobody is there yet, or it is too long.");
        }
    }
    std::future::pending().await
}

/// What is to be done about a session that is over.
async fn finish(
    args: &Args,
    account: Account,
    outcome: Result<Outcome, AgentError>,
    last: &mut Option<(Account, SessionId)>,
) -> anyhow::Result<Went> {
    match outcome {
        Ok(Outcome { session, earlier, .. }) => {
            *last = Some((account.clone(), session));
            for session in earlier.into_iter().chain([session]) {
                keep_receipt(args, &account, session).await?;
            }
        }
        Err(AgentError::Stopped) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Went::On)
}

/// Reports the helper of a session (B-05), and says what came of it.
async fn report(account: &Account, session: SessionId) {
    match account.report(session).await {
        Ok(()) => println!(
            "Reported. This helper cannot help anybody until your organisation has looked at it."
        ),
        Err(error) => println!("{error:#}"),
    }
}

/// Keeps the receipt, if it is wanted (B-13).
async fn keep_receipt(args: &Args, account: &Account, session: SessionId) -> anyhow::Result<()> {
    let Some(folder) = &args.receipts else { return Ok(()) };
    let receipt = account.receipt(session).await?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("receipt-{session}.json"));
    std::fs::write(&path, &receipt.text)
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!(
        "Your receipt of this session, signed with the key {}: {}",
        receipt.key,
        path.display()
    );
    Ok(())
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
