//! Which device this is, and how it proves that to the service.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rh_protocol::{
    DeviceAssurance, DeviceClaim, DeviceProof, FromClient, ProofFault, SignatureAlgorithm,
    ToClient, device_statement,
};
use rustls::SignatureScheme;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, Signer};
use tokio::time::timeout;

use crate::Signalling;

/// How long the service may take with the device; one of before there were any says nothing at all.
const PATIENCE: Duration = Duration::from_secs(8);

/// What this agent can sign with, best first.
const SCHEMES: [(SignatureScheme, SignatureAlgorithm); 4] = [
    (SignatureScheme::ED25519, SignatureAlgorithm::EdDsa),
    (SignatureScheme::ECDSA_NISTP256_SHA256, SignatureAlgorithm::Es256),
    (SignatureScheme::ECDSA_NISTP384_SHA384, SignatureAlgorithm::Es384),
    (SignatureScheme::RSA_PSS_SHA256, SignatureAlgorithm::Ps256),
];

/// Which device this is. A serial number or UDID is a claim; a [`DeviceKey`] proves it.
#[derive(Clone, Debug, Default)]
pub struct DeviceIdentity {
    /// Its serial number.
    pub serial: Option<String>,
    /// Its UDID.
    pub udid: Option<String>,
    /// The key that the device management certified.
    pub key: Option<DeviceKey>,
}

/// A key whose certificate the organisation's device management issued, for one service.
#[derive(Clone)]
pub struct DeviceKey {
    origin: String,
    certified: Arc<CertifiedKey>,
}

/// The key and its certificate cannot be used; the text says what to do.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct DeviceKeyError(String);

impl std::fmt::Debug for DeviceKey {
    /// Leaves the key out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceKey").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl DeviceKey {
    /// Reads a key and its certificate, with those that lead from it to the authority, from PEM files.
    ///
    /// It answers the service at `service` only, so that nobody can pass a challenge on.
    ///
    /// # Errors
    ///
    /// [`DeviceKeyError`] for files that cannot be read, and for a key of another certificate.
    pub fn read(service: &str, key: &Path, certificate: &Path) -> Result<Self, DeviceKeyError> {
        let fault = |path: &Path, what: &str| DeviceKeyError(format!("{}: {what}", path.display()));
        let origin = reqwest::Url::parse(service).map(|url| url.origin().ascii_serialization());
        let origin = origin.map_err(|e| DeviceKeyError(format!("{service}: {e}")))?;
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| fault(certificate, &format!("{e}; give certificates as PEM")))?;
        if chain.is_empty() {
            return Err(fault(certificate, "there is no certificate in it; give one as PEM"));
        }
        let read = PrivateKeyDer::from_pem_file(key);
        let read = read.map_err(|e| fault(key, &format!("{e}; give a private key as PEM")))?;
        let certified = CertifiedKey::from_der(chain, read, &ring::default_provider());
        let certified = certified.map_err(|e| {
            fault(key, &format!("it is not the key of {}: {e}", certificate.display()))
        })?;
        Ok(Self { origin, certified: Arc::new(certified) })
    }

    /// Answers a challenge.
    fn prove(&self, challenge: String) -> Option<DeviceProof> {
        let schemes = SCHEMES.map(|(scheme, _)| scheme);
        let signer = self.certified.key.choose_scheme(&schemes)?;
        let algorithm = algorithm(&*signer)?;
        let statement = device_statement(&self.origin, &challenge);
        let signature = STANDARD.encode(signer.sign(statement.as_bytes()).ok()?);
        let certificates = self.certified.cert.iter().map(|it| STANDARD.encode(it)).collect();
        Some(DeviceProof {
            challenge,
            origin: self.origin.clone(),
            certificates,
            algorithm,
            signature,
        })
    }
}

fn algorithm(signer: &dyn Signer) -> Option<SignatureAlgorithm> {
    SCHEMES.into_iter().find(|(scheme, _)| *scheme == signer.scheme()).map(|(_, named)| named)
}

impl DeviceIdentity {
    /// Tells the service which device this is, before a code is entered. What comes of it is logged:
    /// whether the device may be shared is said when the code is.
    pub(crate) async fn present(&self, signalling: &mut Signalling) {
        let proof = match &self.key {
            Some(key) => challenge(signalling).await.and_then(|it| key.prove(it)),
            None => None,
        };
        let (serial, udid) = (self.serial.clone(), self.udid.clone());
        let device = DeviceClaim { serial, udid, proof };
        // A line that is gone is noticed by whoever enters the code.
        if signalling.outgoing.send(FromClient::Device { device }).await.is_err() {
            return;
        }
        let answer = hear(signalling, |message| {
            let ToClient::Device { assurance, fault, .. } = message else { return None };
            Some((assurance, fault))
        });
        match answer.await {
            Some((_, Some(fault))) => {
                tracing::warn!(
                    ?fault,
                    "the service does not take the device's proof: {}",
                    fix(fault)
                );
            }
            Some((DeviceAssurance::Claimed | DeviceAssurance::SignIn, None)) => {
                tracing::debug!("the service knows which device this is by its word");
            }
            Some((DeviceAssurance::Certificate | DeviceAssurance::Attested, None)) => {
                tracing::debug!("the service knows which device this is by its certificate");
            }
            None => tracing::warn!("the service takes no note of devices"),
        }
    }
}

/// Asks for something to sign.
async fn challenge(signalling: &mut Signalling) -> Option<String> {
    signalling.outgoing.send(FromClient::Challenge).await.ok()?;
    let challenge = hear(signalling, |message| {
        let ToClient::Challenge { challenge } = message else { return None };
        Some(challenge)
    });
    // What is signed is what the service made, and no text of somebody's choice.
    let hex = |text: &String| text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit());
    challenge.await.filter(hex)
}

/// The first message that `wanted` takes; nothing if the service is silent.
async fn hear<T>(signalling: &mut Signalling, wanted: impl Fn(ToClient) -> Option<T>) -> Option<T> {
    let heard = async {
        loop {
            if let Some(found) = wanted(signalling.incoming.recv().await?) {
                return Some(found);
            }
        }
    };
    timeout(PATIENCE, heard).await.ok().flatten()
}

/// What to do about it.
fn fix(fault: ProofFault) -> &'static str {
    match fault {
        ProofFault::NoAuthority => "the organisation has set up no authority for certificates",
        ProofFault::Challenge => "it took too long; try again",
        ProofFault::Origin => "it knows itself under another address; use that",
        ProofFault::Authority => "the certificate is not from an authority of the organisation",
        ProofFault::Expired => "a certificate has expired or is not valid yet; renew it",
        ProofFault::Signature => "the signature is not of the certificate's key",
        ProofFault::NoDevice => {
            "the certificate does not name a device as the organisation expects"
        }
        ProofFault::Malformed => "it cannot be read",
    }
}

#[cfg(test)]
mod tests;
