//! A short authentication string: six digits that both sides see, and that are the same on both unless
//! somebody stands between them (B-04).
//!
//! As in ZRTP (RFC 6189, section 4.4): the agent commits itself to a nonce, hears the helper's, and
//! reveals its own; the digits are of both nonces and of both certificates of the link. Who stands between
//! two links has other certificates on each, and has to say a nonce on either before the last one is
//! known there: one guess in a million, whatever the service does.

use rh_session::link::Fingerprints;
use sha2::{Digest as _, Sha256};

/// How many strings there are.
const STRINGS: u64 = 1_000_000;

/// The agent's part, for one link.
#[derive(Debug)]
pub(crate) struct Sas {
    nonce: String,
    revealed: bool,
}

impl Sas {
    /// Begins with a nonce of 64 hexadecimal digits that nobody can guess.
    pub(crate) const fn new(nonce: String) -> Self {
        Self { nonce, revealed: false }
    }

    /// What is said first: it binds to the nonce, and tells nothing of it.
    pub(crate) fn commitment(&self) -> String {
        let hash = Sha256::digest(format!("rh.sas.commitment.v1\n{}", self.nonce));
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The own nonce, to be said now that the helper's is known, and the digits. Once: who heard them
    /// could try for others.
    pub(crate) fn reveal(&mut self, theirs: &str, ends: &Fingerprints) -> Option<(String, String)> {
        let is_nonce =
            theirs.len() == 64 && theirs.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if !is_nonce || std::mem::replace(&mut self.revealed, true) {
            return None;
        }
        Some((self.nonce.clone(), digits(ends, theirs, &self.nonce)))
    }
}

fn digits(ends: &Fingerprints, helper: &str, agent: &str) -> String {
    let Fingerprints { helper: one, sharer: other } = ends;
    let hash = Sha256::digest(format!("rh.sas.v1\n{one}\n{other}\n{helper}\n{agent}"));
    let number = hash.iter().take(8).fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    format!("{:06}", number % STRINGS)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn ends(helper: &str, sharer: &str) -> Fingerprints {
        Fingerprints { helper: format!("sha-256 {helper}"), sharer: format!("sha-256 {sharer}") }
    }

    fn nonce(n: u32) -> String {
        format!("{n:064x}")
    }

    #[derive(Deserialize)]
    struct Vector {
        helper: String,
        sharer: String,
        helper_nonce: String,
        sharer_nonce: String,
        commitment: String,
        digits: String,
    }

    /// B-04: the page's tests read the same vectors.
    #[test]
    fn both_languages_agree() {
        let vectors = include_str!("../../rh-protocol/tests/golden/sas.json");
        let vectors: Vec<Vector> = serde_json::from_str(vectors).unwrap();
        assert!(vectors.len() >= 3);
        for it in vectors {
            let mut sas = Sas::new(it.sharer_nonce.clone());
            assert_eq!(sas.commitment(), it.commitment);
            let ends = Fingerprints { helper: it.helper, sharer: it.sharer };
            assert_eq!(sas.reveal(&it.helper_nonce, &ends), Some((it.sharer_nonce, it.digits)));
        }
    }

    /// B-04: a broker that swaps the certificates, and passes everything else on as it is, is seen.
    #[test]
    fn who_swaps_certificates_is_seen() {
        let same = (0..1000).filter(|&n| {
            let (helpers, agents) = (nonce(2 * n), nonce(2 * n + 1));
            let seen_by_helper = digits(&ends("01", "EE"), &helpers, &agents);
            let seen_by_agent = digits(&ends("EE", "02"), &helpers, &agents);
            seen_by_helper == seen_by_agent
        });
        assert!(same.count() <= 1);
    }

    /// B-04: who stands between gets one try at each link.
    #[test]
    fn a_nonce_is_revealed_once() {
        let mut sas = Sas::new(nonce(1));
        let ends = ends("01", "02");
        assert_eq!(sas.reveal("", &ends), None);
        assert_eq!(sas.reveal(&nonce(2).replace('0', "G"), &ends), None);
        assert!(sas.reveal(&nonce(2), &ends).is_some());
        assert_eq!(sas.reveal(&nonce(3), &ends), None);
    }
}
