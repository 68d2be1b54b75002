//! What tells an event of the device management from anybody else's.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The secret that the device management and the service share.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes it into keeping.
    pub fn new(secret: &str) -> Self {
        Self(Zeroizing::new(secret.as_bytes().to_vec()))
    }

    /// Whether `signature`, NanoMDM's header `X-Hmac-Signature`, is that of `body`: HMAC-SHA-256 in
    /// base64.
    pub fn signed(&self, body: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
        self.mac(body).verify_slice(&signature).is_ok()
    }

    /// Whether `authorization`, the header of that name, brings the secret itself: as a bearer token,
    /// or as the password of any user (RFC 7617), which is what an address with one in it makes.
    pub fn brought(&self, authorization: &str) -> bool {
        let brought = match authorization.split_once(' ') {
            Some(("Bearer", token)) => Zeroizing::new(token.trim().as_bytes().to_vec()),
            Some(("Basic", both)) => {
                let Ok(both) = STANDARD.decode(both.trim()) else { return false };
                let both = Zeroizing::new(both);
                let Some(colon) = both.iter().position(|byte| *byte == b':') else { return false };
                Zeroizing::new(both[colon + 1..].to_vec())
            }
            Some(_) | None => return false,
        };
        // Compared by their digests, so that time says nothing of how much is right.
        self.mac(&self.0).verify_slice(&self.mac(&brought).finalize().into_bytes()).is_ok()
    }

    fn mac(&self, of: &[u8]) -> Hmac<Sha256> {
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0);
        let mut mac = mac.expect("a key may have any length");
        mac.update(of);
        mac
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_lets_in() {
        let secret = Secret::new("hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert!(secret.brought("Bearer hunter2"));
        assert!(secret.brought(&basic("mdm:hunter2")) && secret.brought(&basic(":hunter2")));
        for bad in
            ["", "hunter2", "Bearer", "Bearer ", "Bearer hunter", "Bearer hunter22", "Basic !"]
        {
            assert!(!secret.brought(bad), "{bad}");
        }
        for bad in ["hunter2", "hunter2:", "mdm:hunter2:x"] {
            assert!(!secret.brought(&basic(bad)), "{bad}");
        }
    }

    /// The value is that of RFC 4231 4.3 (test case 2).
    #[test]
    fn a_signature_is_of_the_body() {
        let secret = Secret::new("Jefe");
        let body = b"what do ya want for nothing?";
        let right = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        assert!(secret.signed(body, right));
        assert!(!secret.signed(b"what do ya want for something?", right));
        for bad in ["", "=", "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTs", &right.to_lowercase()] {
            assert!(!secret.signed(body, bad), "{bad}");
        }
    }
}
