//! What a helper may do, and what the sharer says to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// What a helper may do, from least to most.
///
/// The order is meaningful: a grant covers every lesser request. A value this version does not
/// know is an error, so a message that carries one is ignored as a whole.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May see the screen.
    View,
    /// May see the screen and act on it.
    Control,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "view only",
            Self::Control => "full control",
        })
    }
}

/// What a sharer was shown when answering, as its agent states it.
///
/// The service signs it into the record of the consent, which the agent waits for before it carries
/// out any input (S-46, B-05).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Shown {
    /// Names the question: 32 hexadecimal digits, random, never used twice.
    pub nonce: String,
    /// Names the wording of the question, with its version; at most
    /// [`WORD_CHARS`](crate::limits::WORD_CHARS).
    pub wording: String,
    /// The language of the question, a BCP 47 tag; `und` if nobody knows.
    pub language: String,
    /// The fingerprint of the helper's certificate as in the description that was applied (RFC 8122),
    /// such as `sha-256 AB:CD:…`.
    pub helper_fingerprint: Option<String>,
    /// That of the agent's certificate.
    pub sharer_fingerprint: Option<String>,
}

impl Shown {
    /// Whether it is of the form above; what is not is no statement.
    pub fn is_sound(&self) -> bool {
        let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        let word = |text: &str, more: &[u8]| {
            let fits = |c: u8| c.is_ascii_alphanumeric() || more.contains(&c);
            !text.is_empty() && text.len() <= limits::WORD_CHARS && text.bytes().all(fits)
        };
        let fingerprint = |it: &Option<String>| {
            it.as_ref()
                .is_none_or(|text| text.len() <= limits::FINGERPRINT_CHARS && is_fingerprint(text))
        };
        self.nonce.len() == 32
            && self.nonce.bytes().all(hex)
            && word(&self.wording, b"._-")
            && word(&self.language, b"-")
            && fingerprint(&self.helper_fingerprint)
            && fingerprint(&self.sharer_fingerprint)
    }
}

/// `sha-256 AB:CD`: the hash function in small letters, the bytes in capitals.
fn is_fingerprint(text: &str) -> bool {
    let Some((function, bytes)) = text.split_once(' ') else { return false };
    let names = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let hex = |c: u8| c.is_ascii_digit() || (b'A'..=b'F').contains(&c) || c == b':';
    let some = !function.is_empty() && !bytes.is_empty();
    some && function.bytes().all(names) && bytes.bytes().all(hex)
}

/// The sharer's answer to a request.
///
/// Anything that is not exactly `allow` reads as [`Decline`](Self::Decline).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Yes.
    Allow,
    /// No; also silence, and every word that is not understood.
    #[default]
    #[serde(other)]
    Decline,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        Shown {
            nonce: "0f".repeat(16),
            wording: "terminal-1".to_owned(),
            language: "zh-Hant".to_owned(),
            helper_fingerprint: Some("sha-256 AB:CD:01".to_owned()),
            sharer_fingerprint: None,
        }
    }

    /// What goes into a signed record and a log has one form.
    #[test]
    fn a_statement_of_another_form_is_none() {
        assert!(shown().is_sound());
        let long = "x".repeat(limits::FINGERPRINT_CHARS + 1);
        for bad in [
            Shown { nonce: "0F".repeat(16), ..shown() },
            Shown { nonce: "0f".repeat(15), ..shown() },
            Shown { wording: "x".repeat(limits::WORD_CHARS + 1), ..shown() },
            Shown { wording: "a b".to_owned(), ..shown() },
            Shown { language: String::new(), ..shown() },
            Shown { helper_fingerprint: Some("sha-256".to_owned()), ..shown() },
            Shown { helper_fingerprint: Some("sha-256 ab:cd".to_owned()), ..shown() },
            Shown { sharer_fingerprint: Some("sha-256 AB\u{202e}".to_owned()), ..shown() },
            Shown { sharer_fingerprint: Some(format!("sha-256 {long}")), ..shown() },
        ] {
            assert!(!bad.is_sound(), "{bad:?}");
        }
    }
}
