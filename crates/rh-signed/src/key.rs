//! The service's signing key, and whose signatures count.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Hash;

/// An Ed25519 key (RFC 8032) that signs for the service.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The public half of a [`SigningKey`]; 32 bytes, in base64 as text.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

/// Names a public key: the SHA-256 of its 32 bytes, so an id vouches for the key it goes with.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct KeyId(Hash);

/// Whose signatures count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Trust {
    /// Those of every key; who asks compares the key's id by another way.
    Any,
    /// Those of these keys.
    Only(BTreeSet<KeyId>),
}

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the signing key {}: {source}; see that the service may read and write there", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "{} holds no signing key (44 characters of base64); restore it, or move it away to begin \
         with a new key", .0.display()
    )]
    Malformed(PathBuf),
    /// Others can read the file.
    #[error("others can read the signing key {path}; run: chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// The system has no randomness.
    #[error("the system gives no randomness: {0}")]
    Random(getrandom::Error),
}

impl SigningKey {
    /// A fresh key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Random`].
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(KeyError::Random)?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of this seed (RFC 8032 5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The key in the file `path`: its seed in base64. Makes a fresh one if there is no such file.
    ///
    /// # Errors
    ///
    /// [`KeyError`]; a file that others may read is one.
    pub fn read_or_make(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.to_owned(), source };
        match std::fs::read_to_string(path).map(Zeroizing::new) {
            Ok(text) => {
                if is_open(path).map_err(failed)? {
                    return Err(KeyError::Open(path.to_owned()));
                }
                seed(&text)
                    .map(|seed| Self::from_seed(&seed))
                    .ok_or(KeyError::Malformed(path.into()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let key = Self::generate()?;
                let text = Zeroizing::new(STANDARD.encode(key.0.as_bytes()));
                write(path, &text).map_err(failed)?;
                Ok(key)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The half that everyone may know.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The signature over `message`.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

fn seed(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).ok()?);
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}

/// Whether the group or others have any right on the file.
fn is_open(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// Writes a file that was not there, for the owner alone, and sees it to the disk.
fn write(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

impl PublicKey {
    /// Its name.
    pub fn id(self) -> KeyId {
        use sha2::{Digest, Sha256};
        KeyId(Hash(Sha256::digest(self.0).into()))
    }

    /// Whether `signature` over `message` is of this key; weak keys and malleable signatures are
    /// not (`verify_strict`).
    pub(crate) fn signed(self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        ed25519_dalek::VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
    }
}

impl Trust {
    /// Whether signatures of `key` count.
    pub fn covers(&self, key: KeyId) -> bool {
        match self {
            Self::Any => true,
            Self::Only(keys) => keys.contains(&key),
        }
    }
}

/// The text is not the base64 of 32 bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a public key is the base64 of 32 bytes")]
pub struct NotAKey;

impl TryFrom<String> for PublicKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        let bytes = STANDARD.decode(text).map_err(|_| NotAKey)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| NotAKey)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        STANDARD.encode(key.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().id())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for KeyId {
    type Err = crate::NotAHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.key");
        let made = SigningKey::read_or_make(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(SigningKey::read_or_make(&path).unwrap().public(), made.public());

        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        assert!(matches!(SigningKey::read_or_make(&path), Err(KeyError::Open(_))));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        std::fs::write(&path, "no key").unwrap();
        assert!(matches!(SigningKey::read_or_make(&path), Err(KeyError::Malformed(_))));
        let nowhere = folder.path().join("no/such/folder");
        assert!(matches!(SigningKey::read_or_make(&nowhere), Err(KeyError::File { .. })));
    }

    #[test]
    fn the_secret_is_in_no_debug_output() {
        let key = SigningKey::from_seed(&[7; 32]);
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SigningKey({})", key.public().id()));
    }

    /// RFC 8032 7.1, test 1.
    #[test]
    fn signatures_are_those_of_the_rfc() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let key = SigningKey::from_seed(&seed.parse::<Hash>().unwrap().0);
        let signature = key.sign(b"");
        assert!(hex::encode(signature).starts_with("e5564300c360ac729086e2cc806e828a"));
        assert!(key.public().signed(b"", &signature));
        assert!(!key.public().signed(b"x", &signature));
    }
}
