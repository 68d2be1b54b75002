//! The person at the terminal: questions, answers, notices.

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;

use async_trait::async_trait;
use rh_agent::{Notice, Prompt, Question};
use rh_protocol::{Consent, IdentityCard, Role};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Lines from standard input. One thread reads for the whole life of the program, since a read of
/// the terminal cannot be called off.
#[derive(Debug)]
pub(crate) struct Lines(tokio::sync::Mutex<UnboundedReceiver<String>>);

impl Lines {
    /// Begins to read.
    pub(crate) fn new() -> Self {
        let (lines, inbox) = unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { break };
                if lines.send(line).is_err() {
                    break;
                }
            }
        });
        Self(tokio::sync::Mutex::new(inbox))
    }

    /// The next line; `None` at the end of input.
    pub(crate) async fn next(&self) -> Option<String> {
        self.0.lock().await.recv().await
    }

    /// Forgets what was typed so far: it answers nothing that is yet to be asked.
    async fn forget(&self) {
        let mut inbox = self.0.lock().await;
        while inbox.try_recv().is_ok() {}
    }
}

/// Asks in the terminal; only a typed `y` or `yes` is a yes.
#[derive(Debug)]
pub(crate) struct Terminal {
    lines: Arc<Lines>,
}

impl Terminal {
    pub(crate) fn new(lines: Arc<Lines>) -> Self {
        Self { lines }
    }
}

#[async_trait]
impl Prompt for Terminal {
    async fn ask(&self, question: Question) -> Consent {
        self.lines.forget().await;
        let what = match question.role {
            Role::View => "see your screen",
            Role::Control => "see your screen and control your mouse and keyboard",
        };
        let name = question.helper.full_name.as_deref().unwrap_or("The helper (no name given)");
        let more = if question.upgrade { " now also" } else { "" };
        println!("\n{name} asks{more} to {what}.");
        print!("Allow? Type y and Enter to allow; anything else declines [y/N]: ");
        let _ = std::io::stdout().flush();
        let answer = self.lines.next().await.unwrap_or_default();
        consent(&answer)
    }

    fn notice(&self, notice: Notice) {
        match notice {
            Notice::Joined { helper } => println!("{}", card(&helper)),
            Notice::Withdrawn => println!("\nThe question is withdrawn; nothing was allowed."),
            Notice::SharingStarted => {
                println!("You are SHARING your screen. Ctrl-C stops at once.")
            }
            Notice::SharingStopped => println!("Your screen is not shared any more."),
            Notice::Granted { role } => println!("Allowed: {role}."),
            Notice::Ended { reason } => println!("The session is over: {reason}."),
            _ => {}
        }
    }
}

/// What a typed line means.
fn consent(line: &str) -> Consent {
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Consent::Allow,
        _ => Consent::Decline,
    }
}

/// The five fields of who the helper is, absent ones said to be absent (S-47).
fn card(helper: &IdentityCard) -> String {
    let field = |value: &Option<String>| value.clone().unwrap_or_else(|| "not given".to_owned());
    let picture = if helper.picture.is_some() { "on file with the service" } else { "not given" };
    format!(
        "\nYour helper, as the service knows them:\n  \
         Name      {}\n  Job title {}\n  Company   {}\n  Domain    {} (verified)\n  Picture   {picture}\n\
         Did you contact this person yourself? If not, decline.",
        field(&helper.full_name),
        field(&helper.job_title),
        field(&helper.company),
        field(&helper.verified_domain),
    )
    .replace("not given (verified)", "not given")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-48: the default is not Allow.
    #[test]
    fn only_a_deliberate_yes_allows() {
        for line in ["y", "Y", " yes "] {
            assert_eq!(consent(line), Consent::Allow, "{line:?}");
        }
        for line in ["", "n", "no", "yy", "ja", "y n", "\u{1b}y"] {
            assert_eq!(consent(line), Consent::Decline, "{line:?}");
        }
    }

    /// S-47: each of the five fields is there, or said to be missing.
    #[test]
    fn the_card_shows_all_five_fields() {
        let some = |text: &str| Some(text.to_owned());
        let helper = IdentityCard {
            full_name: some("Hana Helper"),
            job_title: some("Support engineer"),
            company: some("Example Ltd"),
            picture: some("/api/people/helper/picture"),
            verified_domain: some("example.com"),
        };
        let shown = card(&helper);
        for text in ["Hana Helper", "Support engineer", "Example Ltd", "example.com", "on file"] {
            assert!(shown.contains(text), "{text} is not in {shown}");
        }
        assert_eq!(card(&IdentityCard::default()).matches("not given").count(), 5);
    }
}
