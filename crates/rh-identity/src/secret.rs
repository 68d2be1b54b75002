//! Secrets, and where they come from.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use zeroize::Zeroizing;

/// A text that is never shown and is wiped from memory when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into keeping.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for where it must be said.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Where a secret is kept: `{ file = "PATH" }` or `{ env = "NAME" }`, never in the configuration.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum SecretSource {
    /// A file; white space around the secret is left out.
    File(PathBuf),
    /// An environment variable.
    Env(String),
}

impl SecretSource {
    /// Reads the secret.
    ///
    /// # Errors
    ///
    /// What is wrong and what to do; never the secret.
    pub fn read(&self) -> Result<Secret, String> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|e| format!("cannot read {}: {e}; correct the path", path.display()))?,
            Self::Env(name) => std::env::var(name).map_err(|_| {
                format!("the environment variable {name} is not set, or is no text; set it")
            })?,
        };
        let secret = Secret::new(text.trim().to_owned());
        drop(Zeroizing::new(text));
        if secret.expose().is_empty() {
            return Err("the secret is empty; write it there".to_owned());
        }
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new("hunter2".to_owned());
        assert!(!format!("{secret:?} {secret:#?}").contains("hunter2"));
    }

    #[test]
    fn a_missing_secret_is_named_with_its_fix() {
        let error = SecretSource::Env("RH_NO_SUCH_VARIABLE".to_owned()).read().unwrap_err();
        assert!(error.contains("RH_NO_SUCH_VARIABLE") && error.contains("set it"), "{error}");
        let error = SecretSource::File("/no/such/file".into()).read().unwrap_err();
        assert!(error.contains("/no/such/file"), "{error}");
    }
}
