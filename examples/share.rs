//! Shares this machine's screen: an agent assembled by hand.
//!
//! ```sh
//! cargo run --bin rh-service &
//! cargo run --example share -- 12345678
//! ```
//!
//! An agent needs little: the address of a service, who to sign in as, and a way to ask the person at
//! the machine. Everything else (screen, encoder, input, link) defaults to what this machine has. A
//! graphical app would put its dialog where [`Asker`] prints.
#![expect(clippy::print_stdout, reason = "an example prints what happens")]

use std::io::Write as _;

use async_trait::async_trait;
use rh_agent::{Agent, Notice, Prompt, Question};
use rh_protocol::Consent;

/// Asks in the terminal.
struct Asker;

#[async_trait]
impl Prompt for Asker {
    /// The future is dropped when the question is withdrawn, so a prompt needs no time-out of its
    /// own. Whatever is not a deliberate yes must come back as `Decline`.
    async fn ask(&self, question: Question) -> Consent {
        let helper = &question.helper;
        println!("{} asks for {}.", helper.full_name.as_deref().unwrap_or("?"), question.role);
        print!("Allow? [y/N] ");
        let _ = std::io::stdout().flush();
        let answer = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map(|_| line)
        });
        match answer.await {
            Ok(Ok(line)) if line.trim() == "y" => Consent::Allow,
            _ => Consent::Decline,
        }
    }

    /// What a graphical app would show in its "you are sharing" bar.
    fn notice(&self, notice: Notice) {
        println!("{notice:?}");
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let code = std::env::args().nth(1);
    let code = code.ok_or_else(|| anyhow::anyhow!("usage: share CODE"))?;

    let agent = Agent::builder()
        .service("http://127.0.0.1:8080")
        .sign_in_as("sharer")
        .prompt(Asker)
        .build()?;

    // The sharer's Stop: from a button, a shortcut, or here Ctrl-C.
    let stopper = agent.stopper();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopper.stop();
        }
    });

    let outcome = agent.share(&code).await?;
    println!("{}", outcome.reason);
    Ok(())
}
