//! Which device an agent shares, and how it proves that.
//!
//! A serial number or UDID alone is a claim. A proof is a signature over something new from the
//! service, with a key whose certificate the device management issued.

use serde::{Deserialize, Serialize};

/// What an agent says of the device that it shares.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct DeviceClaim {
    /// Its serial number.
    pub serial: Option<String>,
    /// Its UDID.
    pub udid: Option<String>,
    /// What proves which one it is; it names the device itself, whatever is claimed beside it.
    pub proof: Option<DeviceProof>,
}

/// A signature over [`device_statement`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct DeviceProof {
    /// The challenge that is answered, as the service sent it.
    pub challenge: String,
    /// The service that is answered, as an origin: a signature for one is none for another.
    pub origin: String,
    /// The certificate of the key, and those that lead from it to the authority without that itself:
    /// X.509 DER in base64; at most [`CERTIFICATES`](crate::limits::CERTIFICATES).
    pub certificates: Vec<String>,
    /// How it is signed.
    pub algorithm: SignatureAlgorithm,
    /// The signature, in base64, in the form that X.509 and TLS use.
    pub signature: String,
}

/// How a proof is signed, under the names of RFC 7518 and RFC 8037.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub enum SignatureAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA with P-384 and SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// One that this version does not know; no proof.
    #[serde(other)]
    Other,
}

/// What shows which device it is, from most to least.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceAssurance {
    /// A certificate for a key in hardware that the maker attests.
    Attested,
    /// A certificate of the device management.
    Certificate,
    /// The identity provider saw a device that is managed.
    SignIn,
    /// Its own word; also for a word that this version does not know.
    #[serde(other)]
    Claimed,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProofFault {
    /// The organisation names no authority whose certificates count.
    NoAuthority,
    /// The challenge is not the one that was sent, was answered before, or is too old.
    Challenge,
    /// It is meant for another service.
    Origin,
    /// The certificate does not lead to an authority of the organisation.
    Authority,
    /// A certificate has expired, or is not valid yet.
    Expired,
    /// The signature is not of the certificate's key.
    Signature,
    /// The certificate names no device.
    NoDevice,
    /// It cannot be read, or for another reason that this version does not know.
    #[serde(other)]
    Malformed,
}

/// What a device signs to answer `challenge` of the service at `origin`.
///
/// `origin` is a scheme, a host and a port if it is not the scheme's own, such as
/// `https://help.example.com` (RFC 6454 6.2). Neither has a line break, so no two pairs are one text.
pub fn device_statement(origin: &str, challenge: &str) -> String {
    format!("rh-device-proof.v1\n{origin}\n{challenge}\n")
}
