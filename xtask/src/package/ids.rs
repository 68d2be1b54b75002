//! The two names by which macOS knows an app: its bundle and the team that signed it.

use std::fmt;
use std::str::FromStr;

use anyhow::{Error, Result, bail};
use uuid::Uuid;

/// The longest uniform type identifier, which a bundle id is: 255 characters.
const LONGEST: usize = 255;

/// A bundle id, such as `org.example.remotehelp`.
///
/// Reverse-DNS: at least two parts of letters, digits and hyphens, joined by periods (Apple, Bundle
/// Resources, `CFBundleIdentifier`). Here a part neither begins nor ends with a hyphen either, as in DNS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct BundleId(String);

impl BundleId {
    /// This id with one more part.
    pub(crate) fn with(&self, part: &str) -> String {
        format!("{}.{part}", self.0)
    }
}

impl FromStr for BundleId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.len() > LONGEST {
            bail!("a bundle id has at most {LONGEST} characters, not {}", text.len());
        }
        if !text.contains('.') {
            bail!("`{text}` is no bundle id: it is reverse-DNS, such as org.example.remotehelp");
        }
        if let Some(part) = text.split('.').find(|part| !is_label(part)) {
            bail!(
                "`{text}` is no bundle id: its part `{part}` is not made of letters, digits and \
                 inner hyphens"
            );
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_label(part: &str) -> bool {
    let letters = part.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    letters && !part.is_empty() && !part.starts_with('-') && !part.ends_with('-')
}

/// A developer team id, such as `ABCDE12345`: ten upper-case letters or digits that Apple gave.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct TeamId(String);

impl FromStr for TeamId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let valid = |it: u8| it.is_ascii_uppercase() || it.is_ascii_digit();
        if text.len() != 10 || !text.bytes().all(valid) {
            bail!(
                "`{text}` is no team id: it is ten upper-case letters or digits, such as ABCDE12345; \
                 `codesign -dv --verbose=4 APP` shows it as TeamIdentifier"
            );
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for TeamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The UUID of what is called `name`: always the same one, in the upper case of Apple's `uuidgen`.
///
/// Version 5 (RFC 9562, section 5.5) in the namespace of domain names, which a bundle id is, reversed.
pub(crate) fn uuid(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_DNS, name.as_bytes()).to_string().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-03
    #[test]
    fn a_bundle_id_is_reverse_dns() {
        for id in ["org.example.remotehelp", "de.Example-1.a", "a.b"] {
            assert_eq!(id.parse::<BundleId>().unwrap().to_string(), id);
        }
        let long = format!("org.{}", "a".repeat(LONGEST));
        for bad in
            ["", "remotehelp", "org..a", ".org.a", "org.a.", "org.a b", "org.ä", "org.-a", &long]
        {
            assert!(bad.parse::<BundleId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_would_end_the_string_in_a_code_requirement_is_refused() {
        for bad in ["org.a\" or anchor apple", "org.a\\", "org.a/*", "org.a\n", "org.a_b"] {
            assert!(bad.parse::<BundleId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_team_id_is_ten_upper_case_letters_or_digits() {
        assert_eq!("ABCDE12345".parse::<TeamId>().unwrap().to_string(), "ABCDE12345");
        for bad in ["", "ABCDE1234", "ABCDE123456", "abcde12345", "ABCDE 1234", "ÄBCDE1234"] {
            let error = bad.parse::<TeamId>().unwrap_err().to_string();
            assert!(error.contains("ten upper-case"), "{error}");
        }
    }

    /// The example of Python's documentation of `uuid.uuid5`.
    #[test]
    fn a_uuid_is_that_of_its_name() {
        assert_eq!(uuid("python.org"), "886313E1-3B8A-5372-9B90-0C9AEE199E5D");
    }
}
