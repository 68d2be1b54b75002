//! Whose certificates count.

use rh_policy::Assurance;
use rh_records::{DeviceKey, HardwareId};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use serde::Deserialize;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};
use x509_parser::oid_registry::{OID_X509_COMMON_NAME, OID_X509_SERIALNUMBER};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::Presented;

/// An authority that issues certificates to the devices of one organisation, and to nothing else.
#[derive(Debug)]
pub struct Authority {
    anchors: Vec<TrustAnchor<'static>>,
    field: NameField,
    names: Names,
    assurance: Assurance,
}

/// Where a certificate names its device: an attribute of its subject (RFC 5280 4.1.2.6), of which
/// there has to be exactly one.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum NameField {
    /// `CN`.
    #[default]
    CommonName,
    /// `serialNumber` (2.5.4.5); not the certificate's own number.
    SerialNumber,
}

/// What that name is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// The device's serial number.
    #[default]
    Serial,
    /// Its UDID.
    Udid,
}

/// The file holds no authority.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no certificate in it that can be read; give the authority's, as PEM")]
pub struct NotAnAuthority;

impl Authority {
    /// The authority, or several, of a PEM file.
    ///
    /// `attested` says that it issues certificates only for keys in hardware whose maker attests which
    /// device they are in (ACME `device-attest-01`).
    ///
    /// # Errors
    ///
    /// [`NotAnAuthority`].
    pub fn read(
        pem: &[u8],
        field: NameField,
        names: Names,
        attested: bool,
    ) -> Result<Self, NotAnAuthority> {
        let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let anchor = |it: &CertificateDer<'_>| anchor_from_trusted_cert(it).map(|it| it.to_owned());
        let anchors = certificates.map_err(|_| NotAnAuthority)?.iter().map(anchor).collect();
        let anchors: Vec<_> = Result::map_err(anchors, |_: Error| NotAnAuthority)?;
        if anchors.is_empty() {
            return Err(NotAnAuthority);
        }
        let assurance = if attested { Assurance::Attested } else { Assurance::Certificate };
        Ok(Self { anchors, field, names, assurance })
    }

    /// Whether `end` was issued by this authority, by way of `rest`, and is good at `now`.
    pub(super) fn trusts(
        &self,
        end: &EndEntityCert<'_>,
        rest: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let (algorithms, usage) = (ALL_VERIFICATION_ALGS, KeyUsage::client_auth());
        end.verify_for_usage(algorithms, &self.anchors, rest, now, usage, None, None).map(drop)
    }

    /// The device that a trusted certificate names.
    pub(super) fn device(&self, certificate: &CertificateDer<'_>) -> Option<Presented> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let oid = match self.field {
            NameField::CommonName => OID_X509_COMMON_NAME,
            NameField::SerialNumber => OID_X509_SERIALNUMBER,
        };
        let mut names = certificate.subject().iter_by_oid(&oid);
        let (Some(name), None) = (names.next(), names.next()) else { return None };
        let hardware: HardwareId = name.as_str().ok()?.parse().ok()?;
        let key = match self.names {
            Names::Serial => DeviceKey::Serial(hardware),
            Names::Udid => DeviceKey::Udid(hardware),
        };
        Some(Presented::Proven(key, self.assurance))
    }
}
