//! Keys and certificates of many agents, made quickly.
//!
//! MeshCentral knows an agent by the SHA-384 of its RSA public key, which is a modulus and an exponent.
//! So one modulus serves all: each agent has a public exponent of its own, and the private exponent that
//! goes with it. Who has one key could find the others: they are for a bench alone.

use anyhow::{Result, bail};
use rcgen::{CertificateParams, PKCS_RSA_SHA384, PublicKeyData, SignatureAlgorithm, SigningKey};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::rand_core::OsRng;
use rsa::traits::PrivateKeyParts;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha384};

/// Bits of the modulus.
const BITS: usize = 2048;

/// An agent's key, and a certificate that it signed itself.
#[derive(Debug)]
pub(super) struct Identity {
    key: Key,
    pub(super) certificate: Vec<u8>,
}

impl Identity {
    fn new(key: RsaPrivateKey) -> Result<Self> {
        let public = key.to_public_key().to_pkcs1_der()?.as_bytes().to_vec();
        let key = Key { key, public };
        let certificate = CertificateParams::default().self_signed(&key)?.der().to_vec();
        Ok(Self { key, certificate })
    }

    /// Signs with PKCS #1 v1.5 and SHA-384.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        Ok(self.key.sign(message)?)
    }
}

#[derive(Debug)]
struct Key {
    key: RsaPrivateKey,
    /// PKCS #1's `RSAPublicKey`.
    public: Vec<u8>,
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA384
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signed = self.key.sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message));
        signed.map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// So many identities of one modulus, of which no two are the same.
pub(super) fn many(count: usize) -> Result<Vec<Identity>> {
    let first = RsaPrivateKey::new(&mut OsRng, BITS)?;
    let [p, q] = first.primes() else { bail!("not a key of two primes") };
    // An exponent that shares a divisor with p - 1 or q - 1 has no private one.
    let keys = (65_537_u32..)
        .step_by(2)
        .filter_map(|it| RsaPrivateKey::from_p_q(p.clone(), q.clone(), BigUint::from(it)).ok());
    keys.take(count).map(Identity::new).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rsa::RsaPublicKey;
    use rsa::pkcs1::DecodeRsaPublicKey;

    use super::*;

    #[test]
    fn each_identity_is_another_and_signs_as_itself_alone() {
        let identities = many(4).unwrap();
        let keys: BTreeSet<_> = identities.iter().map(|it| &it.key.public).collect();
        assert_eq!(keys.len(), 4);
        let (message, digest) = (b"a nonce", Sha384::digest(b"a nonce"));
        for signer in &identities {
            let signature = signer.sign(message).unwrap();
            for other in &identities {
                let public = RsaPublicKey::from_pkcs1_der(&other.key.public).unwrap();
                let verified = public.verify(Pkcs1v15Sign::new::<Sha384>(), &digest, &signature);
                assert_eq!(verified.is_ok(), other.key.public == signer.key.public);
            }
        }
    }
}
