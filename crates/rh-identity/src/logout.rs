//! Logout tokens (OpenID Connect Back-Channel Logout 1.0).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey as _;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use rh_policy::TenantId;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{IdentityError, Now, Provider, ProviderSession};

/// The event that makes a token a logout token (2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How old a logout token may be, and how far its clock may be off.
const FRESH: Duration = Duration::from_secs(120);

/// Bytes of the longest logout token; a token of a real provider has less than one and a half
/// thousand.
const TOKEN_BYTES: usize = 16 * 1024;

/// Logout tokens that are remembered at one time; none is believed while more wait to be forgotten.
const MOST: usize = 100_000;

/// Which sessions are over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ended {
    subject: Option<String>,
    session: Option<String>,
}

impl Ended {
    /// Whether a sign-in that came from `from` is over. Without a session id on both sides, every
    /// session of the subject is.
    pub fn concerns(&self, from: &ProviderSession) -> bool {
        let same_subject = self.subject.as_ref().is_none_or(|it| *it == from.subject);
        match (&self.session, &from.session) {
            (Some(named), Some(session)) => named == session && same_subject,
            (_, None) | (None, _) => self.subject.as_ref() == Some(&from.subject),
        }
    }
}

/// The logout tokens that were believed, so that none is twice.
#[derive(Debug, Default)]
pub struct Replays(HashMap<(TenantId, String), SystemTime>);

impl Replays {
    /// Whether the token `id` of `tenant`, good until `until`, is new; it no longer is afterwards.
    pub fn is_new(
        &mut self,
        now: SystemTime,
        tenant: &TenantId,
        id: &str,
        until: SystemTime,
    ) -> bool {
        self.0.retain(|_, until| now < *until);
        let key = (tenant.clone(), id.to_owned());
        if self.0.len() >= MOST || self.0.contains_key(&key) {
            return false;
        }
        self.0.insert(key, until);
        true
    }
}

impl Provider {
    /// Believes a logout token that has never been believed before, and tells whose sessions are
    /// over.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Token`], or [`IdentityError::Provider`] if the provider's keys are not to be
    /// had.
    pub async fn ended(
        &self,
        now: Now,
        token: &str,
        replays: &Mutex<Replays>,
    ) -> Result<Ended, IdentityError> {
        let LogoutToken { ended, id, until } = self.read_logout(now, token).await?;
        let mut replays = replays.lock().unwrap_or_else(PoisonError::into_inner);
        if replays.is_new(now.wall, &self.settings().id, &id, until) {
            return Ok(ended);
        }
        Err(IdentityError::Token("this logout token was used before".to_owned()))
    }
}

/// What a logout token says, its signature verified.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct LogoutToken {
    pub(crate) ended: Ended,
    pub(crate) id: String,
    pub(crate) until: SystemTime,
}

/// Why a logout token is not believed.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum LogoutFault {
    /// Its key is not among the provider's; fetched anew they may hold it.
    #[error("no key of the provider verifies it")]
    Key,
    /// It is not what it should be.
    #[error("{0}")]
    Wrong(&'static str),
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Payload {
    iss: String,
    aud: OneOrMore,
    iat: u64,
    exp: u64,
    jti: String,
    events: Map<String, Value>,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn contains(&self, wanted: &str) -> bool {
        match self {
            Self::One(one) => one == wanted,
            Self::More(more) => more.iter().any(|it| it == wanted),
        }
    }
}

/// Reads a logout token and does every check of section 2.6 but that on replay.
pub(crate) fn verify(
    token: &str,
    keys: &[CoreJsonWebKey],
    issuer: &str,
    client: &str,
    now: SystemTime,
) -> Result<LogoutToken, LogoutFault> {
    if token.len() > TOKEN_BYTES {
        return Err(LogoutFault::Wrong("it is too long"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(LogoutFault::Wrong("it is no token"))?;
    let (header, payload) = signed.split_once('.').ok_or(LogoutFault::Wrong("it is no token"))?;
    verify_signature(&decode(header)?, signed, signature, keys)?;
    believe(&decode(payload)?, issuer, client, now)
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, LogoutFault> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| LogoutFault::Wrong("it is no token"))?;
    serde_json::from_slice(&bytes).map_err(|_| LogoutFault::Wrong("a claim is missing or wrong"))
}

fn verify_signature(
    header: &Header,
    signed: &str,
    signature: &str,
    keys: &[CoreJsonWebKey],
) -> Result<(), LogoutFault> {
    let type_fits =
        |it: &str| it.eq_ignore_ascii_case("logout+jwt") || it.eq_ignore_ascii_case("jwt");
    if !header.typ.as_deref().is_none_or(type_fits) || header.crit.is_some() {
        return Err(LogoutFault::Wrong("it is a token of another kind"));
    }
    if !KEY_PAIR_ALGORITHMS.contains(&header.alg) {
        return Err(LogoutFault::Wrong("it is not signed by a key of the provider"));
    }
    let signature = URL_SAFE_NO_PAD.decode(signature);
    let signature = signature.map_err(|_| LogoutFault::Wrong("it is no token"))?;
    let named = |key: &&CoreJsonWebKey| match (&header.kid, key.key_id()) {
        (Some(wanted), Some(id)) => wanted == id.as_str(),
        (Some(_), None) => false,
        (None, _) => true,
    };
    let verifies = |key: &CoreJsonWebKey| {
        key.verify_signature(&header.alg, signed.as_bytes(), &signature).is_ok()
    };
    if keys.iter().filter(named).any(verifies) { Ok(()) } else { Err(LogoutFault::Key) }
}

/// The algorithms for which the private half of a key pair is needed: neither `none` nor a shared
/// secret.
pub(crate) const KEY_PAIR_ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

fn believe(
    payload: &Payload,
    issuer: &str,
    client: &str,
    now: SystemTime,
) -> Result<LogoutToken, LogoutFault> {
    let at = |seconds: u64| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    let far_off = LogoutFault::Wrong("its time is far off");
    let (Some(issued), Some(expires)) = (at(payload.iat), at(payload.exp)) else {
        return Err(far_off);
    };
    let fault = if payload.iss != issuer {
        Some("it is another issuer's")
    } else if !payload.aud.contains(client) {
        Some("it is for another client")
    } else if now >= expires {
        Some("it has expired")
    } else if issued > now + FRESH || issued + FRESH * 2 < now {
        Some("its time is far off")
    } else if payload.nonce.is_some() {
        Some("it has a nonce, as only ID tokens do")
    } else if !payload.events.get(EVENT).is_some_and(Value::is_object) {
        Some("it does not say that it is about a logout")
    } else if payload.sub.is_none() && payload.sid.is_none() {
        Some("it names neither a subject nor a session")
    } else if payload.jti.is_empty() {
        Some("it has no id")
    } else {
        None
    };
    if let Some(fault) = fault {
        return Err(LogoutFault::Wrong(fault));
    }
    let ended = Ended { subject: payload.sub.clone(), session: payload.sid.clone() };
    // Once it is this old it is not believed anyway.
    let until = expires.min(now + FRESH * 3);
    Ok(LogoutToken { ended, id: payload.jti.clone(), until })
}

#[cfg(test)]
mod tests;
