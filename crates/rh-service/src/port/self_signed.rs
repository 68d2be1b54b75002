//! A certificate for a first try, made once and then kept, so that its fingerprint stays.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rcgen::{CertificateParams, DnType, KeyPair};
use time::{Duration, OffsetDateTime};

use super::certificate::wrong;
use crate::ServeError;

/// As long as Apple's systems accept (support.apple.com/HT211025 names the limit of 825 days).
const LIFE: Duration = Duration::days(825);

/// The two files in `folder`, made for `names` if they are not there.
pub(super) fn files(
    folder: &Path,
    names: &[String],
    now: SystemTime,
) -> Result<(PathBuf, PathBuf), ServeError> {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    if !certificate.exists() && !key.exists() {
        let (public, private) = make(names, now).map_err(|error| wrong(folder, error))?;
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| write(&key, &private, 0o600))
            .and_then(|()| write(&certificate, &public, 0o644));
        written.map_err(|error| {
            wrong(folder, format!("{error}; give a folder in which this account may write"))
        })?;
    }
    Ok((certificate, key))
}

fn make(names: &[String], now: SystemTime) -> Result<(String, String), String> {
    let failed = |error: rcgen::Error| format!("no certificate can be made: {error}");
    let mut wanted = CertificateParams::new(names).map_err(failed)?;
    let begin = OffsetDateTime::from(now);
    (wanted.not_before, wanted.not_after) = (begin - Duration::days(1), begin + LIFE);
    wanted.distinguished_name.push(DnType::CommonName, "Remote Help, for a first try");
    let key = KeyPair::generate().map_err(failed)?;
    let made = wanted.self_signed(&key).map_err(failed)?;
    Ok((made.pem(), key.serialize_pem()))
}

fn write(path: &Path, text: &str, mode: u32) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(text.as_bytes())
}
