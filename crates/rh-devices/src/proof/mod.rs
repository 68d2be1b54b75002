//! Proof of which device it is.
//!
//! The service sends a [`Challenge`]; the device signs it, together with the service's origin, with a
//! key whose certificate an [`Authority`] of its organisation issued. The certificate names the
//! device. No list of revoked certificates is asked: a device that its management has let go of is
//! unenrolled in the directory, and its certificate does not help it.

mod authority;
mod challenge;

pub use authority::{Authority, NameField, Names, NotAnAuthority};
pub use challenge::Challenge;

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rh_protocol::{DeviceProof, ProofFault, SignatureAlgorithm, device_statement, limits};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{EndEntityCert, Error, ring};

use crate::Presented;

/// What a proof proves, to an organisation with these authorities, at `now`.
///
/// The challenge and the origin that the proof names have to be looked at before: this looks at the
/// certificates and the signature.
///
/// # Errors
///
/// [`ProofFault`]: then it proves nothing.
pub fn verify(
    authorities: &[Authority],
    proof: &DeviceProof,
    now: SystemTime,
) -> Result<Presented, ProofFault> {
    if authorities.is_empty() {
        return Err(ProofFault::NoAuthority);
    }
    if proof.certificates.len() > limits::CERTIFICATES {
        return Err(ProofFault::Malformed);
    }
    let certificates = proof.certificates.iter().map(|text| decode(text).map(CertificateDer::from));
    let certificates = certificates.collect::<Result<Vec<_>, _>>()?;
    let (own, rest) = certificates.split_first().ok_or(ProofFault::Malformed)?;
    let end = EndEntityCert::try_from(own).map_err(|_| ProofFault::Malformed)?;
    // First of all, since this needs the key: nothing is said of a certificate that anybody may show.
    let statement = device_statement(&proof.origin, &proof.challenge);
    let signed = decode(&proof.signature)?;
    let algorithm = algorithm(proof.algorithm).ok_or(ProofFault::Malformed)?;
    end.verify_signature(algorithm, statement.as_bytes(), &signed)
        .map_err(|_| ProofFault::Signature)?;
    // A clock before 1970 is wrong, and no certificate is good then.
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = UnixTime::since_unix_epoch(now);
    let mut fault = ProofFault::Authority;
    for authority in authorities {
        match authority.trusts(&end, rest, now) {
            Ok(()) => return authority.device(own).ok_or(ProofFault::NoDevice),
            Err(Error::CertExpired { .. } | Error::CertNotValidYet { .. }) => {
                fault = ProofFault::Expired;
            }
            Err(_) => {}
        }
    }
    Err(fault)
}

fn decode(text: &str) -> Result<Vec<u8>, ProofFault> {
    STANDARD.decode(text).map_err(|_| ProofFault::Malformed)
}

fn algorithm(named: SignatureAlgorithm) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    match named {
        SignatureAlgorithm::Es256 => Some(ring::ECDSA_P256_SHA256),
        SignatureAlgorithm::Es384 => Some(ring::ECDSA_P384_SHA384),
        SignatureAlgorithm::Ps256 => Some(ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY),
        SignatureAlgorithm::EdDsa => Some(ring::ED25519),
        SignatureAlgorithm::Other => None,
    }
}

#[cfg(test)]
mod tests;
