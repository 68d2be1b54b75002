//! A certificate and its key, read from files and looked over before anybody is served with them.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::client::verify_server_name;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::ServeError;

/// From when on the log says that a certificate is about to expire.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Reads a certificate chain and its key, both PEM.
///
/// # Errors
///
/// [`ServeError::Tls`], which names the file and what to do.
pub(super) fn read(
    certificate: &Path,
    key: &Path,
    now: SystemTime,
) -> Result<CertifiedKey, ServeError> {
    let chain = chain(certificate)?;
    let private = private_key(key)?;
    in_its_time(&chain[0], now).map_err(|problem| wrong(certificate, problem))?;
    CertifiedKey::from_der(chain, private, &default_provider()).map_err(|error| {
        if error == Error::InconsistentKeys(InconsistentKeys::KeyMismatch) {
            let other = certificate.display();
            let fix = "give the key that the certificate was requested with";
            return wrong(
                key,
                format!("this key does not belong to the certificate {other}; {fix}"),
            );
        }
        wrong(key, format!("this key cannot be used: {error}; give an RSA or EC key"))
    })
}

/// The names among `hosts` that the certificate is not for.
pub(super) fn missing(own: &CertifiedKey, hosts: &[String]) -> Vec<String> {
    let Some(parsed) = own.cert.first().and_then(|it| ParsedCertificate::try_from(it).ok()) else {
        return hosts.to_vec();
    };
    let covered = |host: &&String| {
        ServerName::try_from(host.as_str()).is_ok_and(|it| verify_server_name(&parsed, &it).is_ok())
    };
    hosts.iter().filter(|host| !covered(host)).cloned().collect()
}

/// The host of an origin, without brackets.
pub(super) fn host(origin: &str) -> Option<String> {
    let (_, rest) = origin.split_once("://")?;
    let host = match rest.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.0,
        None => rest.split(':').next()?,
    };
    let host = host.parse().map_or_else(|_| host.to_owned(), |ip: IpAddr| ip.to_string());
    (!host.is_empty()).then_some(host)
}

pub(super) fn wrong(path: &Path, problem: impl Into<String>) -> ServeError {
    ServeError::Tls { path: path.to_owned(), problem: problem.into() }
}

fn text(path: &Path, what: &'static str) -> Result<Vec<u8>, ServeError> {
    std::fs::read(path).map_err(|source| ServeError::Read {
        path: PathBuf::from(path),
        source,
        fix: what,
    })
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, ServeError> {
    let pem = text(path, "give the certificate's PEM file, which this account can read")?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let fix = "give a PEM file in which the server's own certificate comes first";
    match chain {
        Ok(chain) if chain.is_empty() => {
            Err(wrong(path, format!("there is no certificate in it; {fix}")))
        }
        Ok(chain) => Ok(chain),
        Err(error) => Err(wrong(path, format!("it is no PEM file: {error}; {fix}"))),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, ServeError> {
    let pem = text(path, "give the key's PEM file, which this account can read")?;
    PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
        let encrypted = b"ENCRYPTED".as_slice();
        if pem.windows(encrypted.len()).any(|it| it == encrypted) {
            let fix = "write it without: openssl pkey -in KEY -out KEY.plain";
            return wrong(path, format!("the key asks for a passphrase; {fix}"));
        }
        let fix = "give a PEM file with a key in PKCS #8, PKCS #1 or SEC 1";
        wrong(path, format!("there is no private key in it ({error}); {fix}"))
    })
}

/// Whether the certificate is valid now (RFC 5280, section 4.1.2.5).
fn in_its_time(own: &CertificateDer<'_>, now: SystemTime) -> Result<(), String> {
    let (_, parsed) = X509Certificate::from_der(own)
        .map_err(|error| format!("the first certificate cannot be read: {error}; renew it"))?;
    let validity = parsed.validity();
    let seconds = |time: i64| UNIX_EPOCH + Duration::from_secs(u64::try_from(time).unwrap_or(0));
    let (begin, end) =
        (seconds(validity.not_before.timestamp()), seconds(validity.not_after.timestamp()));
    if end <= now {
        return Err(format!("the certificate expired on {}; renew it", validity.not_after));
    }
    if begin > now {
        let begin = validity.not_before;
        return Err(format!(
            "the certificate is valid from {begin} on; check this machine's clock"
        ));
    }
    if end <= now + SOON {
        tracing::warn!(until = %validity.not_after, "the certificate expires soon; renew it");
    }
    Ok(())
}
