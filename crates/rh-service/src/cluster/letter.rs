//! Letters between nodes: sealed, and numbered.

use std::collections::HashMap;
use std::fmt;

use hmac::{Hmac, Mac};
use rh_protocol::{SessionId, ToClient};
use rh_relay::server::Secret as RelaySecret;
use rh_signed::SigningKey;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::asking::{Answer, Question};
use crate::hub::{Caller, CodeKey, NodeId, Passed};

/// Hexadecimal digits of a seal.
const SEAL_CHARS: usize = 64;

/// One letter.
#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Letter {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    /// How many letters went from the one to the other before.
    pub(super) number: u64,
    /// The stay at the owner, or the question, that it is about, as the node counts them where it
    /// began.
    pub(super) visit: u64,
    pub(super) what: What,
}

/// What a letter says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// To the owner: somebody comes with this code.
    Arrive(CodeKey, Box<Caller>),
    /// To the owner: this happened on the socket.
    Passed(Passed),
    /// To the visitor's node: tell the client this.
    Told(ToClient),
    /// To the visitor's node: the client may use its relay for this session.
    Agreed(SessionId),
    /// To the visitor's node: the stay is over.
    Dismissed,
    /// To the visitor's node: the stay cannot go on, since letters about it were lost.
    Stranded,
    /// To any: an administrator wants this.
    Asked(Question),
    /// To who asked.
    Answered(Answer),
    /// To any: there is nothing to say. Its number shows what is missing.
    Nothing,
}

/// What letters are sealed with (HMAC-SHA-256), and codes hashed with; `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct ClusterKey {
    letters: [u8; 32],
    codes: [u8; 32],
    consents: [u8; 32],
    relay: [u8; 32],
}

impl ClusterKey {
    /// The keys that come of the nodes' one secret.
    pub(crate) fn new(secret: &str) -> Self {
        let derived = |what: &str| mac(secret.as_bytes(), what).finalize().into_bytes().into();
        Self {
            letters: derived("letters between nodes"),
            codes: derived("codes"),
            consents: derived("consents"),
            relay: derived("credentials of the relay"),
        }
    }

    /// What codes are hashed with.
    pub(crate) fn codes(&self) -> [u8; 32] {
        self.codes
    }

    /// What nodes without records sign consents with: an agent knows the key of its own node, and
    /// the record comes from the helper's.
    pub(super) fn consents(&self) -> SigningKey {
        SigningKey::from_seed(&self.consents)
    }

    /// What the nodes' relays take credentials by, whichever node made them.
    pub(super) fn relay(&self) -> RelaySecret {
        RelaySecret::new(self.relay)
    }

    /// The letter as it travels.
    pub(super) fn seal(&self, letter: &Letter) -> String {
        let body = serde_json::to_string(letter).expect("letters are JSON");
        let seal = mac(&self.letters, &body).finalize().into_bytes();
        format!("{}{body}", hex::encode(seal))
    }

    /// Reads what travelled; nothing if it was not sealed with this key.
    pub(super) fn open(&self, text: &str) -> Option<Letter> {
        let (seal, body) = text.split_at_checked(SEAL_CHARS)?;
        let seal = hex::decode(seal).ok()?;
        mac(&self.letters, body).verify_slice(&seal).ok()?;
        serde_json::from_str(body).ok()
    }
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(text)
}

impl fmt::Debug for ClusterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterKey(…)")
    }
}

/// Numbers of letters that came and went, by the other node.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<NodeId, u64>);

/// Whether a letter is the next one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    Next,
    /// It came before.
    Again,
    /// Others should have come before it, and never will.
    AfterLoss,
}

impl Numbers {
    /// The number of the next letter to `node`.
    pub(super) fn take(&mut self, node: &NodeId) -> u64 {
        let next = self.0.entry(node.clone()).or_default();
        *next += 1;
        *next - 1
    }

    /// Takes note of a letter from `node`.
    pub(super) fn heard(&mut self, node: &NodeId, number: u64) -> Turn {
        let expected = self.0.entry(node.clone()).or_default();
        let turn = match number {
            _ if number < *expected => return Turn::Again,
            _ if number == *expected => Turn::Next,
            _ => Turn::AfterLoss,
        };
        *expected = number + 1;
        turn
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn letter(number: u64) -> Letter {
        let [from, to] = ["a", "b"].map(|id| id.parse().unwrap());
        Letter { from, to, number, visit: 7, what: What::Dismissed }
    }

    #[test]
    fn a_letter_is_read_with_its_key_alone() {
        let key = ClusterKey::new("hunter2");
        let text = key.seal(&letter(1));
        assert_eq!(key.open(&text), Some(letter(1)));
        assert_eq!(ClusterKey::new("hunter3").open(&text), None);
        assert!(!format!("{key:?}").contains("hunter2"));
    }

    /// B-17: behind one name, a client may come to another node's relay than that of the node that gave it
    /// credentials.
    #[test]
    fn credentials_of_one_node_are_those_of_all() {
        let minted =
            |secret: &str| ClusterKey::new(secret).relay().mint("s", SystemTime::UNIX_EPOCH);
        assert_eq!(minted("hunter2"), minted("hunter2"));
        assert_ne!(minted("hunter2"), minted("hunter3"));
    }

    /// Whoever gets at Redis can make up or change no letter.
    #[test]
    fn a_changed_letter_is_none() {
        let key = ClusterKey::new("hunter2");
        let text = key.seal(&letter(1));
        assert_eq!(key.open(&text.replace("\"number\":1", "\"number\":2")), None);
        for garbage in ["", "{}", &"0".repeat(64), &"é".repeat(64), &text[..70], &text[1..]] {
            assert_eq!(key.open(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn what_came_before_and_what_is_missing_shows() {
        let (mut numbers, node) = (Numbers::default(), "a".parse().unwrap());
        let turns = [0, 1, 1, 0, 2, 4, 3, 5].map(|number| numbers.heard(&node, number));
        use Turn::{AfterLoss, Again, Next};
        assert_eq!(turns, [Next, Next, Again, Again, Next, AfterLoss, Again, Next]);
        assert_eq!([numbers.take(&node), numbers.take(&node)], [6, 7]);
    }
}
