use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreHmacKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::json;

use super::*;

const NOW: u64 = 1_800_000_000;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A throw-away key (RFC 8410 10.3).
fn key() -> CoreEdDsaPrivateSigningKey {
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----";
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new("k".to_owned())))
        .unwrap()
}

fn good() -> Value {
    json!({
        "iss": "https://login.example.com", "aud": "help", "iat": NOW - 1, "exp": NOW + 100,
        "jti": "1", "sub": "ann", "sid": "s", "events": { EVENT: {} },
    })
}

fn signed(header: &Value, payload: &Value) -> String {
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    let text = format!("{}.{}", part(header), part(payload));
    let signature = key().sign(&CoreJwsSigningAlgorithm::EdDsa, text.as_bytes()).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn token(change: impl FnOnce(&mut Map<String, Value>)) -> String {
    let mut payload = good();
    change(payload.as_object_mut().unwrap());
    signed(&json!({"alg": "EdDSA", "kid": "k", "typ": "logout+jwt"}), &payload)
}

fn check(token: &str) -> Result<LogoutToken, LogoutFault> {
    let keys = [key().as_verification_key()];
    verify(token, &keys, "https://login.example.com", "help", at(NOW))
}

#[test]
fn a_whole_token_names_who_is_gone() {
    let believed = check(&token(|_| ())).unwrap();
    let ended = Ended { subject: Some("ann".to_owned()), session: Some("s".to_owned()) };
    assert_eq!((believed.ended, believed.id.as_str()), (ended, "1"));
    assert!(check(&token(|it| it["aud"] = json!(["other", "help"]))).is_ok());
    assert!(check(&token(|it| drop(it.remove("sid")))).is_ok());
}

/// Back-Channel Logout 1.0 2.6, one claim at a time.
#[test]
fn what_is_not_whole_is_not_believed() {
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("other")),
        ("aud", json!([])),
        ("iat", json!(NOW + 1000)),
        ("iat", json!(NOW - 1000)),
        ("iat", json!(u64::MAX)),
        ("exp", json!(NOW)),
        ("exp", json!(null)),
        ("jti", json!("")),
        ("jti", json!(null)),
        ("nonce", json!("n")),
        ("events", json!({})),
        ("events", json!({ EVENT: true })),
        ("events", json!("x")),
    ] {
        let wrong = token(|it| drop(it.insert(name.to_owned(), value.clone())));
        assert!(matches!(check(&wrong), Err(LogoutFault::Wrong(_))), "{name}: {value}");
    }
    let nobody = token(|it| {
        it.remove("sub");
        it.remove("sid");
    });
    assert!(check(&nobody).is_err());
}

/// Only the provider's own key counts, and only for its own algorithm.
#[test]
fn what_the_provider_did_not_sign_is_not_believed() {
    let payload = good();
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS256", "kid": "k"}),
        json!({"alg": "RS256", "kid": "k"}),
        json!({"alg": "EdDSA", "kid": "other"}),
        json!({"alg": "EdDSA", "kid": "k", "typ": "at+jwt"}),
        json!({"alg": "EdDSA", "kid": "k", "crit": ["exp"]}),
        json!({"kid": "k"}),
    ] {
        assert!(check(&signed(&header, &payload)).is_err(), "{header}");
    }
    let whole = token(|_| ());
    let (text, _) = whole.rsplit_once('.').unwrap();
    for broken in [text.to_owned(), format!("{text}."), format!("{text}.AAAA"), whole.repeat(50)] {
        assert!(check(&broken).is_err(), "{broken:.40}");
    }
    for garbage in ["", ".", "..", "a.b.c", "\u{0}.\u{0}.\u{0}"] {
        assert!(check(garbage).is_err(), "{garbage:?}");
    }
}

/// A symmetric key among the provider's keys is no reason to accept what anybody could sign.
#[test]
fn a_shared_secret_signs_nothing() {
    let header = json!({"alg": "HS256"});
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    let text = format!("{}.{}", part(&header), part(&good()));
    let hmac = CoreHmacKey::new("secret");
    let signature = hmac.sign(&CoreJwsSigningAlgorithm::HmacSha256, text.as_bytes()).unwrap();
    let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature));
    let keys = [CoreJsonWebKey::new_symmetric(b"secret".to_vec())];
    assert!(verify(&token, &keys, "https://login.example.com", "help", at(NOW)).is_err());
}

#[test]
fn a_token_is_believed_once() {
    let (mut replays, tenant) = (Replays::default(), "example".parse().unwrap());
    let other = "other".parse().unwrap();
    assert!(replays.is_new(at(NOW), &tenant, "1", at(NOW + 100)));
    assert!(!replays.is_new(at(NOW + 99), &tenant, "1", at(NOW + 100)));
    assert!(replays.is_new(at(NOW), &other, "1", at(NOW + 100)));
    assert!(replays.is_new(at(NOW), &tenant, "2", at(NOW + 100)));
}

#[test]
fn a_session_or_a_subject_is_gone() {
    let own = |it: &str| Some(it.to_owned());
    let from = |session: Option<&str>| ProviderSession {
        subject: "ann".to_owned(),
        session: session.map(str::to_owned),
    };
    let session = Ended { subject: own("ann"), session: own("s") };
    assert!(session.concerns(&from(Some("s"))) && !session.concerns(&from(Some("t"))));
    assert!(session.concerns(&from(None)), "its session is not known, so every one of hers");
    let person = Ended { subject: own("ann"), session: None };
    assert!(person.concerns(&from(Some("s"))) && person.concerns(&from(None)));
    assert!(!Ended { subject: own("bob"), session: None }.concerns(&from(Some("s"))));
    let unnamed = Ended { subject: None, session: own("s") };
    assert!(unnamed.concerns(&from(Some("s"))));
    assert!(!unnamed.concerns(&from(None)));
}
