use std::time::{Duration, Instant};

use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SigningKey, date_time_ymd,
};
use rh_policy::Assurance;
use rh_records::DeviceKey;

use super::*;

const ORIGIN: &str = "https://help.example.com";

/// An authority with its key.
struct Ca {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn ca(name: &str) -> Ca {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    Ca { pem, issuer: Issuer::new(params, key) }
}

/// What a device's certificate says.
fn device(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2027, 1, 1);
    params
}

fn authority(ca: &Ca) -> Authority {
    let (field, names) = (NameField::CommonName, Names::Serial);
    Authority::read(ca.pem.as_bytes(), field, names, false).unwrap()
}

/// A proof with a certificate of `ca`; `key` signs.
fn proof(ca: &Ca, params: &CertificateParams, certified: &KeyPair, key: &KeyPair) -> DeviceProof {
    let certificate = params.signed_by(certified, &ca.issuer).unwrap();
    let challenge = "00ff".repeat(16);
    let signature = key.sign(device_statement(ORIGIN, &challenge).as_bytes()).unwrap();
    DeviceProof {
        challenge,
        origin: ORIGIN.to_owned(),
        certificates: vec![STANDARD.encode(certificate.der())],
        algorithm: SignatureAlgorithm::Es256,
        signature: STANDARD.encode(signature),
    }
}

/// In the spring of 2026.
fn spring() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_772_323_200)
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn proven(name: &str) -> Result<Presented, ProofFault> {
    Ok(Presented::Proven(DeviceKey::Serial(name.parse().unwrap()), Assurance::Certificate))
}

#[test]
fn a_certificate_of_the_management_names_the_device() {
    let (ca, key) = (ca("ours"), key());
    let proof = proof(&ca, &device("c02mt66kflhh"), &key, &key);
    assert_eq!(verify(&[authority(&ca)], &proof, spring()), proven("C02MT66KFLHH"));
    let attested = Authority::read(ca.pem.as_bytes(), NameField::CommonName, Names::Udid, true);
    let key = DeviceKey::Udid("C02MT66KFLHH".parse().unwrap());
    let expected = Ok(Presented::Proven(key, Assurance::Attested));
    assert_eq!(verify(&[attested.unwrap()], &proof, spring()), expected);
}

#[test]
fn a_certificate_may_lead_there_by_another() {
    let (root, key, middle) = (ca("ours"), key(), KeyPair::generate().unwrap());
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.distinguished_name.push(DnType::CommonName, "issuing");
    let link = params.signed_by(&middle, &root.issuer).unwrap();
    let issuing = Ca { pem: String::new(), issuer: Issuer::new(params, middle) };
    let mut proof = proof(&issuing, &device("C02"), &key, &key);
    assert_eq!(verify(&[authority(&root)], &proof, spring()), Err(ProofFault::Authority));
    proof.certificates.push(STANDARD.encode(link.der()));
    assert_eq!(verify(&[authority(&root)], &proof, spring()), proven("C02"));
}

#[test]
fn every_algorithm_proves() {
    let ca = ca("ours");
    for (of_key, algorithm) in [
        (&rcgen::PKCS_ECDSA_P256_SHA256, SignatureAlgorithm::Es256),
        (&rcgen::PKCS_ECDSA_P384_SHA384, SignatureAlgorithm::Es384),
        (&rcgen::PKCS_ED25519, SignatureAlgorithm::EdDsa),
    ] {
        let key = KeyPair::generate_for(of_key).unwrap();
        let proof = DeviceProof { algorithm, ..proof(&ca, &device("C02"), &key, &key) };
        assert_eq!(verify(&[authority(&ca)], &proof, spring()), proven("C02"), "{algorithm:?}");
        for other in [SignatureAlgorithm::Ps256, SignatureAlgorithm::Other] {
            let proof = DeviceProof { algorithm: other, ..proof.clone() };
            assert!(verify(&[authority(&ca)], &proof, spring()).is_err());
        }
    }
}

/// S-11: nothing but a good certificate and its key prove anything.
#[test]
fn a_bad_proof_proves_nothing() {
    let (ours, theirs, key) = (ca("ours"), ca("ours"), key());
    let own = [authority(&ours)];
    let good = proof(&ours, &device("C02"), &key, &key);
    assert_eq!(verify(&own, &good, spring()), proven("C02"));
    assert_eq!(verify(&[], &good, spring()), Err(ProofFault::NoAuthority));
    // Another key; another tenant's authority, of the very same name.
    let stolen = proof(&ours, &device("C02"), &key, &KeyPair::generate().unwrap());
    assert_eq!(verify(&own, &stolen, spring()), Err(ProofFault::Signature));
    let strange = proof(&theirs, &device("C02"), &key, &key);
    assert_eq!(verify(&own, &strange, spring()), Err(ProofFault::Authority));
    // A challenge or a service that was not signed.
    let replayed = DeviceProof { challenge: "11".repeat(32), ..good.clone() };
    assert_eq!(verify(&own, &replayed, spring()), Err(ProofFault::Signature));
    let relayed = DeviceProof { origin: "https://evil.example".to_owned(), ..good.clone() };
    assert_eq!(verify(&own, &relayed, spring()), Err(ProofFault::Signature));
    // Time.
    let year = Duration::from_secs(366 * 24 * 3600);
    for then in [spring() - year, spring() + year] {
        assert_eq!(verify(&own, &good, then), Err(ProofFault::Expired));
    }
    // A certificate for something else.
    let mut server = device("C02");
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server = proof(&ours, &server, &key, &key);
    assert_eq!(verify(&own, &server, spring()), Err(ProofFault::Authority));
    let itself = device("C02").self_signed(&key).unwrap();
    let itself = DeviceProof { certificates: vec![STANDARD.encode(itself.der())], ..good };
    assert_eq!(verify(&own, &itself, spring()), Err(ProofFault::Authority));
}

#[test]
fn a_certificate_names_one_device_or_none() {
    let (ca, key) = (ca("ours"), key());
    for name in ["", "Ada's Mac", "C02\u{202e}", &"x".repeat(65)] {
        let proof = proof(&ca, &device(name), &key, &key);
        assert_eq!(
            verify(&[authority(&ca)], &proof, spring()),
            Err(ProofFault::NoDevice),
            "{name}"
        );
    }
    let serial_number = DnType::CustomDnType(vec![2, 5, 4, 5]);
    let mut params = device("Ada's Mac");
    params.distinguished_name.push(serial_number, "C02");
    let proof = proof(&ca, &params, &key, &key);
    let field = NameField::SerialNumber;
    let by_number = Authority::read(ca.pem.as_bytes(), field, Names::Serial, false).unwrap();
    assert_eq!(verify(&[by_number], &proof, spring()), proven("C02"));
}

#[test]
fn a_file_without_a_certificate_is_no_authority() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "nonsense", broken, &key().serialize_pem()] {
        let read = Authority::read(pem.as_bytes(), NameField::default(), Names::default(), false);
        assert_eq!(read.err(), Some(NotAnAuthority), "{pem:?}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test's own clock begins somewhere")]
fn a_challenge_is_new_and_short_lived() {
    let (now, second) = (Instant::now(), Duration::from_secs(1));
    let challenge = Challenge::new([7; 32], now);
    let text = challenge.to_string();
    assert_eq!(text, "07".repeat(32));
    assert!(challenge.is_answered_by(&text, now + 59 * second));
    assert!(!challenge.is_answered_by(&text, now + 60 * second));
    assert!(!challenge.is_answered_by(&Challenge::new([8; 32], now).to_string(), now));
    assert!(!challenge.is_answered_by("", now));
}

proptest! {
    #[test]
    fn garbage_proves_nothing(
        certificates in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 0..10),
        signature in proptest::collection::vec(any::<u8>(), 0..64),
        cut in any::<prop::sample::Index>(),
    ) {
        let (ca, key) = (ca("ours"), key());
        let good = proof(&ca, &device("C02"), &key, &key);
        let own = [authority(&ca)];
        let certificates = certificates.iter().map(|it| STANDARD.encode(it)).collect();
        let garbage = DeviceProof { certificates, ..good.clone() };
        prop_assert!(verify(&own, &garbage, spring()).is_err());
        let garbage = DeviceProof { signature: STANDARD.encode(signature), ..good.clone() };
        prop_assert!(verify(&own, &garbage, spring()).is_err());
        let mut der = STANDARD.decode(&good.certificates[0]).unwrap();
        der.truncate(cut.index(der.len()));
        let garbage = DeviceProof { certificates: vec![STANDARD.encode(der)], ..good };
        prop_assert!(verify(&own, &garbage, spring()).is_err());
    }
}
