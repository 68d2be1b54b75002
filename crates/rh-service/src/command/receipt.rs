//! `rh-service receipt verify`.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use rh_protocol::{Consent, limits, safe_text};
use rh_records::{Party, Receipt, Signed};

use super::{Failure, Keys, read};

/// Checks a receipt.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The receipt
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let opened = Signed::<Receipt>::open(&read(&self.file)?, &self.keys.trust());
        let (receipt, key) =
            opened.map_err(|error| Failure::Broken(format!("{}: {error}", self.file.display())))?;
        println!("this receipt is genuine, signed with the key {key}{}", self.keys.advice());
        print!("{}", facts(&receipt).expect("a String takes every text"));
        Ok(())
    }
}

/// The facts, a line each.
fn facts(receipt: &Receipt) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let it = &mut text;
    writeln!(it, "organisation  {}", receipt.tenant)?;
    writeln!(it, "session       {}", receipt.session)?;
    writeln!(it, "helper        {}", person(&receipt.helper))?;
    writeln!(it, "sharer        {}", person(&receipt.sharer))?;
    if let Some(device) = &receipt.device {
        writeln!(it, "device        {device}")?;
    }
    writeln!(it, "from          {}", receipt.started)?;
    writeln!(it, "to            {} ({})", receipt.ended.at, receipt.ended.reason)?;
    for asked in &receipt.consents {
        let answer = match asked.consent {
            Consent::Allow => "allowed",
            Consent::Decline => "declined",
        };
        writeln!(it, "asked         {} {}: {answer}", asked.at, asked.role)?;
    }
    let allowed = receipt.role.map_or("nothing".to_owned(), |role| role.to_string());
    writeln!(it, "allowed       {allowed}")?;
    writeln!(it, "issued        {}, at entry {} of the audit log", receipt.issued, receipt.seq)?;
    Ok(text)
}

/// A person, with nothing in the name that could rewrite the terminal.
fn person(party: &Party) -> String {
    let shown = |text: &String| safe_text(text, limits::NAME_CHARS);
    let name = party.full_name.as_ref().map(shown).unwrap_or_default();
    let domain = party.verified_domain.as_ref().map(shown);
    match domain {
        Some(domain) => format!("{name} ({}) of {domain}", party.id),
        None => format!("{name} ({})", party.id),
    }
}
