//! The person at the terminal: questions, answers, notices.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rh_agent::{Introducer, Notice, Prompt, Question, Wording, rules};
use rh_protocol::limits::CHAT_BYTES;
use rh_protocol::{
    Background, Consent, DesktopState, IdentityCard, Oddity, OddityCode, Role, safe_text,
};
use tokio::sync::Notify;

use crate::lines::Lines;

/// The wording of the questions below; counted up with every change of what they say.
const WORDING: &str = "terminal-2";

/// Asks in the terminal; only a typed `y` or `yes` is a yes.
#[derive(Debug)]
pub(crate) struct Terminal {
    lines: Arc<Lines>,
    /// Told when the sharer reports the helper.
    reported: Arc<Notify>,
    /// The digits that both sides see, until they are shown.
    digits: Mutex<Option<String>>,
}

impl Terminal {
    /// Asks through `lines`; `reported` is told when the sharer reports the helper.
    pub(crate) fn new(lines: Arc<Lines>, reported: Arc<Notify>) -> Self {
        Self { lines, reported, digits: Mutex::default() }
    }

    /// The digits, if they are known and not shown yet. Not as soon as they are known: they would come in
    /// between a question and its answer.
    fn digits(&self) -> String {
        let digits = self.digits.lock().unwrap_or_else(PoisonError::into_inner).take();
        digits.map(|digits| compared(&digits)).unwrap_or_default()
    }
}

#[async_trait]
impl Prompt for Terminal {
    async fn ask(&self, question: Question) -> Consent {
        let _open = self.lines.open();
        self.lines.forget().await;
        let what = match question.role {
            Role::View => "see your screen",
            Role::Control => "see your screen and control your mouse and keyboard",
        };
        let more = if question.upgrade { " now also" } else { "" };
        println!("\n{} asks{more} to {what}.", name(&question.helper));
        if let Some(Introducer { helper, stays: false }) = &question.introducer {
            println!("If you allow this, {} leaves.", name(helper));
        }
        print!("{}", self.digits());
        if let Some(background) = &question.background {
            print!("{}", caution(background));
        }
        print!(
            "Allow? Type y and Enter to allow, report to report this person; anything else \
             declines [y/N]: "
        );
        let _ = io::stdout().flush();
        let answer = self.lines.next().await.unwrap_or_default();
        if is_report(&answer) {
            self.reported.notify_one();
        }
        consent(&answer)
    }

    fn wording(&self) -> Wording {
        Wording { version: WORDING.to_owned(), language: "en".to_owned() }
    }

    fn notice(&self, notice: Notice) {
        match notice {
            Notice::Introduced { introducer } => println!("{}", brings(&introducer)),
            Notice::Left { helper, reason } => println!("{} left: {reason}.", name(&helper)),
            Notice::Joined { helper, .. } => println!("{}", card(&helper)),
            Notice::Background { background } => print!("{}", told(&background)),
            Notice::Withdrawn => println!("\nThe question is withdrawn; nothing was allowed."),
            Notice::SharingStarted => {
                println!("You are SHARING your screen. Ctrl-C stops at once.")
            }
            Notice::SharingStopped => println!("Your screen is not shared any more."),
            Notice::Sas { digits } => {
                *self.digits.lock().unwrap_or_else(PoisonError::into_inner) = Some(digits);
            }
            Notice::Granted { role } => {
                println!("Allowed: {role}. Type a line and Enter to write to your helper.");
                print!("{}", self.digits());
            }
            Notice::Chat { helper, text } => print!("{}", chat(helper.as_ref(), &text)),
            Notice::ChatRefused => println!("Your helper does not get what you wrote last."),
            Notice::ChatAllowed { allowed } => print!("{}", chat_allowed(allowed)),
            Notice::Desktop { state } => println!("{}", desktop(state)),
            Notice::Denied { reasons } => println!("{}", rules::text(&reasons)),
            Notice::Ended { reason } => println!("The session is over: {reason}."),
            _ => {}
        }
    }
}

/// What a helper is called.
fn name(helper: &IdentityCard) -> &str {
    helper.full_name.as_deref().unwrap_or("The helper (no name given)")
}

/// Who comes besides, and by whom (B-20).
fn brings(introducer: &Introducer) -> String {
    let name = name(&introducer.helper);
    match introducer.stays {
        true => format!("\n{name} brings a colleague, who may ask you next."),
        false => format!(
            "\n{name} wants to hand over to a colleague, who may ask you next. {name} leaves once you \
             allow that."
        ),
    }
}

/// Whether a typed line reports the helper.
pub(crate) fn is_report(line: &str) -> bool {
    line.trim().eq_ignore_ascii_case("report")
}

/// What there is to know of the helper beside the card (B-05).
fn told(background: &Background) -> String {
    let made = background.code_age.map(|seconds| match seconds {
        0..60 => "This code was made less than a minute ago.\n".to_owned(),
        60..120 => "This code was made a minute ago.\n".to_owned(),
        _ => format!("This code was made {} minutes ago.\n", seconds / 60),
    });
    made.unwrap_or_default() + &caution(background)
}

/// What of it calls for caution.
fn caution(background: &Background) -> String {
    let mut text = String::new();
    if background.met_before == Some(false) {
        text += "! You have not worked with this person before.\n";
    }
    for Oddity { code, like } in &background.oddities {
        let like = like.as_deref().unwrap_or("another name");
        text += &match code {
            OddityCode::LooksAlike => format!(
                "! The name looks like {like}, who is somebody else in your organisation.\n"
            ),
            OddityCode::SameName => {
                "! Somebody else in your organisation has the same name.\n".to_owned()
            }
            OddityCode::NotAPerson => {
                format!("! This is not the name of a person, but looks like {like}.\n")
            }
            OddityCode::MixedScripts => {
                "! The name mixes letters of several scripts, as made-up names do.\n".to_owned()
            }
            OddityCode::Other => "! There is something odd about this name.\n".to_owned(),
        };
    }
    text
}

/// What a typed line means.
pub(crate) fn consent(line: &str) -> Consent {
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Consent::Allow,
        _ => Consent::Decline,
    }
}

/// What the state of the desktop means for what is shared (B-11).
const fn desktop(state: DesktopState) -> &'static str {
    match state {
        DesktopState::Active => "The session goes on.",
        DesktopState::SecureInput => {
            "The helper's mouse and keyboard wait while a field for passwords has the keyboard."
        }
        DesktopState::Locked | DesktopState::OtherUser | DesktopState::Asleep => {
            "Sharing waits: nothing is shown until you are back at your desktop."
        }
    }
}

/// A message of the chat. Each line of it says whose it is, so that none looks like one of the agent's.
fn chat(helper: Option<&IdentityCard>, text: &str) -> String {
    let who = match helper.map(|helper| helper.full_name.as_deref()) {
        Some(Some(name)) => format!("Helper {name}"),
        Some(None) => "Helper".to_owned(),
        None => "You".to_owned(),
    };
    text.lines().map(|line| format!("{who} | {}\n", safe_text(line, CHAT_BYTES))).collect()
}

/// What the digits are for (B-04).
fn compared(digits: &str) -> String {
    let (head, tail) = digits.split_at(digits.len() / 2);
    format!(
        "Check number: {head} {tail}. Your helper's page shows the same one; if it shows another, or \
         none, somebody may stand between you: decline, or press Ctrl-C.\n"
    )
}

/// Whether the two may write to one another (M-04); they may unless it is said that they may not.
const fn chat_allowed(allowed: bool) -> &'static str {
    match allowed {
        true => "You and your helper may write to one another.\n",
        false => "Your organisation does not let you and your helper write to one another.\n",
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
        for line in ["", "n", "no", "yy", "ja", "y n", "\u{1b}y", "report"] {
            assert_eq!(consent(line), Consent::Decline, "{line:?}");
        }
    }

    /// S-17: what the helper writes is text of any script; no line of it is a command to the terminal, or
    /// looks like one of the agent's own.
    #[test]
    fn every_line_of_a_chat_says_whose_it_is() {
        let text = "你好 👩🏽‍💻\n\u{202e}?wollA\u{1b}[2J\nAllow? [y/N]:";
        let hana = IdentityCard { full_name: Some("Hana".to_owned()), ..IdentityCard::default() };
        let shown = "Helper Hana | 你好 👩🏽‍💻\nHelper Hana | ?wollA[2J\nHelper Hana | Allow? [y/N]:\n";
        assert_eq!(chat(Some(&hana), text), shown);
        assert_eq!(chat(Some(&IdentityCard::default()), "hi"), "Helper | hi\n");
        assert_eq!(chat(None, "e\u{301}"), "You | e\u{301}\n");
    }

    /// B-05: who made this code and when, the first contact, and names that deceive.
    #[test]
    fn the_sharer_is_cautioned() {
        let oddity = |code| Oddity { code, like: Some("Hana Helper".to_owned()) };
        let background = Background {
            code_age: Some(185),
            met_before: Some(false),
            oddities: vec![oddity(OddityCode::LooksAlike), oddity(OddityCode::MixedScripts)],
        };
        let shown = told(&background);
        for text in
            ["3 minutes ago", "not worked with", "looks like Hana Helper", "several scripts"]
        {
            assert!(shown.contains(text), "{text} is not in {shown}");
        }
        assert_eq!(told(&Background { met_before: Some(true), ..Background::default() }), "");
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
