//! What MeshCentral and its agents say to each other.

use anyhow::{Context, Result};

/// The kind of agent, as MeshCentral numbers them: macOS on ARM.
const KIND: u32 = 29;

/// The kind of computer: a desktop.
const PLATFORM: u32 = 1;

/// Desktop, terminal, files, console and JavaScript.
const CAPABILITIES: u32 = 31;

/// The hash that a custom build or core is said to have.
const CUSTOM: [u8; 48] = [0; 48];

const HELLO: u16 = 1;
const PROOF: u16 = 2;
const AGENT: u16 = 3;
const WELCOME: u16 = 4;
const CORE_HASH: u16 = 11;
const BUILD_HASH: u16 = 12;

/// What the server said.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Heard {
    /// The hash of its web certificate, as the agent said it, and a nonce.
    Hello { hash: [u8; 48], nonce: [u8; 48] },
    /// It knows the agent.
    Welcome,
    /// It asks for the hash of the agent's core (11) or build (12).
    Hash(u16),
    /// It asks whether the agent is there.
    Ping,
    /// Something that takes no answer of an agent without a core.
    Other,
}

/// What a message says.
pub(super) fn heard(message: &[u8]) -> Heard {
    match command(message) {
        Some((HELLO, rest)) => hello_of(rest).unwrap_or(Heard::Other),
        Some((WELCOME, [])) => Heard::Welcome,
        Some((what @ (CORE_HASH | BUILD_HASH), _)) => Heard::Hash(what),
        _ if message == br#"{"action":"ping"}"# => Heard::Ping,
        _ => Heard::Other,
    }
}

fn command(message: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = message.split_first_chunk()?;
    Some((u16::from_be_bytes(*number), rest))
}

fn hello_of(rest: &[u8]) -> Option<Heard> {
    let (hash, nonce) = rest.split_first_chunk()?;
    Some(Heard::Hello { hash: *hash, nonce: nonce.try_into().ok()? })
}

/// What the agent answers, if anything.
pub(super) fn answer(heard: &Heard) -> Option<Vec<u8>> {
    match heard {
        Heard::Hash(what) => Some([&what.to_be_bytes()[..], &[0, 0], &CUSTOM].concat()),
        Heard::Ping => Some(br#"{"action":"pong"}"#.to_vec()),
        Heard::Hello { .. } | Heard::Welcome | Heard::Other => None,
    }
}

/// The agent's first message.
pub(super) fn hello(hash: &[u8; 48], nonce: &[u8; 48]) -> Vec<u8> {
    [&HELLO.to_be_bytes()[..], hash, nonce].concat()
}

/// Its certificate, and its signature of the server's hash, the server's nonce and its own.
///
/// # Errors
///
/// If the certificate is too long for the protocol.
pub(super) fn proof(certificate: &[u8], signature: &[u8]) -> Result<Vec<u8>> {
    let length = u16::try_from(certificate.len()).context("too long a certificate")?;
    Ok([&PROOF.to_be_bytes()[..], &length.to_be_bytes(), certificate, signature].concat())
}

/// What kind of agent it is, of which device group, and its computer's name.
pub(super) fn agent(group: &[u8; 48], name: &str) -> Vec<u8> {
    const FORM: u32 = 1;
    const VERSION: u32 = 0;
    let mut message = AGENT.to_be_bytes().to_vec();
    for number in [FORM, KIND, VERSION, PLATFORM] {
        message.extend(number.to_be_bytes());
    }
    message.extend(group);
    message.extend(CAPABILITIES.to_be_bytes());
    message.extend((name.len() as u16).to_be_bytes());
    message.extend(name.as_bytes());
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_is_known_and_garbage_is_nothing() {
        let hello = hello(&[7; 48], &[9; 48]);
        assert_eq!(hello.len(), 98);
        assert_eq!(heard(&hello), Heard::Hello { hash: [7; 48], nonce: [9; 48] });
        assert_eq!(heard(&[0, 4]), Heard::Welcome);
        assert_eq!(heard(&[0, 11, 0, 0]), Heard::Hash(11));
        assert_eq!(heard(br#"{"action":"ping"}"#), Heard::Ping);
        for garbage in [&[][..], &[0], &[0, 1], &hello[..97], &[0, 1, 2], b"{", &[255; 300]] {
            assert_eq!(heard(garbage), Heard::Other, "{garbage:?}");
        }
    }

    #[test]
    fn hashes_and_pings_are_answered() {
        assert_eq!(answer(&Heard::Hash(12)).unwrap().len(), 52);
        assert_eq!(answer(&Heard::Ping).unwrap(), br#"{"action":"pong"}"#);
        assert_eq!(answer(&Heard::Other), None);
    }

    #[test]
    fn an_agent_is_described_where_the_server_looks() {
        let message = agent(&[5; 48], "crowd-1");
        assert_eq!((&message[..2], &message[18..66]), (&[0, 3][..], &[5; 48][..]));
        assert_eq!((&message[66..72], &message[72..]), (&[0, 0, 0, 31, 0, 7][..], &b"crowd-1"[..]));
    }
}
