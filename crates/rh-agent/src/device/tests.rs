use rcgen::{CertificateParams, KeyPair};
use rh_protocol::policy::Unrecognised;

use super::*;
use crate::SignallingPeer;

/// A key of that kind and its certificate, as files.
fn files(kind: &'static rcgen::SignatureAlgorithm) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = KeyPair::generate_for(kind).unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap();
    std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
    std::fs::write(folder.path().join("certificate.pem"), certificate.pem()).unwrap();
    folder
}

fn read(folder: &tempfile::TempDir) -> Result<DeviceKey, DeviceKeyError> {
    let file = |name| folder.path().join(name);
    DeviceKey::read("https://Help.example.com:443/", &file("key.pem"), &file("certificate.pem"))
}

#[test]
fn every_usual_key_signs_for_one_service() {
    for (kind, algorithm) in [
        (&rcgen::PKCS_ECDSA_P256_SHA256, SignatureAlgorithm::Es256),
        (&rcgen::PKCS_ECDSA_P384_SHA384, SignatureAlgorithm::Es384),
        (&rcgen::PKCS_ED25519, SignatureAlgorithm::EdDsa),
    ] {
        let key = read(&files(kind)).unwrap();
        let proof = key.prove("00".repeat(32)).unwrap();
        assert_eq!((proof.algorithm, proof.certificates.len()), (algorithm, 1));
        assert_eq!(proof.origin, "https://help.example.com");
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }
}

/// Whoever starts the agent learns at once what is wrong with the files.
#[test]
fn files_that_do_not_fit_are_named() {
    let (one, other) = (files(&rcgen::PKCS_ED25519), files(&rcgen::PKCS_ED25519));
    std::fs::copy(other.path().join("key.pem"), one.path().join("key.pem")).unwrap();
    let error = read(&one).unwrap_err().to_string();
    assert!(error.contains("not the key of") && error.contains("certificate.pem"), "{error}");
    for (name, text) in [("certificate.pem", ""), ("key.pem", "nonsense")] {
        let folder = files(&rcgen::PKCS_ED25519);
        std::fs::write(folder.path().join(name), text).unwrap();
        let error = read(&folder).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("PEM"), "{error}");
    }
}

/// Presents a device; returns what the service hears, which sends this challenge.
async fn presented(identity: DeviceIdentity, challenge: &str) -> DeviceClaim {
    let (mut signalling, mut service): (Signalling, SignallingPeer) = Signalling::pair();
    let presenting = tokio::spawn(async move { identity.present(&mut signalling).await });
    let device = loop {
        let said = service.outgoing.recv().await.unwrap();
        if let FromClient::Device { device } = said {
            break device;
        }
        assert_eq!(said, FromClient::Challenge);
        let challenge = challenge.to_owned();
        service.incoming.send(ToClient::Challenge { challenge }).await.unwrap();
    };
    let (assurance, fault) = (DeviceAssurance::Claimed, Some(ProofFault::Expired));
    let why = Some(Unrecognised::NotInPortal);
    service.incoming.send(ToClient::Device { assurance, why, fault }).await.unwrap();
    presenting.await.unwrap();
    device
}

#[tokio::test]
async fn a_challenge_is_answered_and_nothing_else_is_signed() {
    let serial = Some("C02".to_owned());
    let key = Some(read(&files(&rcgen::PKCS_ED25519)).unwrap());
    let identity = DeviceIdentity { serial, udid: None, key };
    let right = "0f".repeat(32);
    let device = presented(identity.clone(), &right).await;
    assert_eq!(device.proof.unwrap().challenge, right);
    for wrong in ["", "I owe you 5", &"0f".repeat(31), &"0g".repeat(32), &"0f".repeat(33)] {
        let device = presented(identity.clone(), wrong).await;
        assert_eq!((device.proof, device.serial.as_deref()), (None, Some("C02")));
    }
    let claim = DeviceIdentity { key: None, ..identity };
    assert_eq!(presented(claim, "").await.proof, None);
}

/// A service of before there were devices says nothing; the code is entered all the same.
#[tokio::test(start_paused = true)]
async fn a_service_that_says_nothing_is_not_waited_for_long() {
    let (mut signalling, _service) = Signalling::pair();
    let key = Some(read(&files(&rcgen::PKCS_ED25519)).unwrap());
    let identity = DeviceIdentity { key, ..DeviceIdentity::default() };
    timeout(2 * PATIENCE, identity.present(&mut signalling)).await.unwrap();
}
