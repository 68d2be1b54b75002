//! Proof of which device is shared, against whoever has none.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SigningKey, date_time_ymd,
};
use rh_protocol::policy::{Unrecognised, WarningCode};
use rh_protocol::{
    DeviceAssurance, DeviceClaim, DeviceProof, FromClient, ProofFault, SignatureAlgorithm,
    ToClient, device_statement,
};

use crate::devices::{Managed, join, say, serial, warnings};
use crate::support::Socket;

/// The device management of one organisation.
struct Management {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Management {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Device Authority");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A device of that serial number, with a certificate until that year.
    fn device(&self, serial: &str, until: i32) -> Device {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, serial);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Device { certificate: STANDARD.encode(certificate.der()), key }
    }
}

struct Device {
    certificate: String,
    key: KeyPair,
}

impl Device {
    /// Answers a challenge for the service at `origin`.
    fn sign(&self, challenge: &str, origin: &str) -> DeviceClaim {
        let statement = device_statement(origin, challenge);
        let proof = DeviceProof {
            challenge: challenge.to_owned(),
            origin: origin.to_owned(),
            certificates: vec![self.certificate.clone()],
            algorithm: SignatureAlgorithm::Es256,
            signature: STANDARD.encode(self.key.sign(statement.as_bytes()).unwrap()),
        };
        DeviceClaim { proof: Some(proof), ..DeviceClaim::default() }
    }
}

/// A service that trusts `ours` with the devices of the tenant of that name.
async fn managed(ours: &Management) -> Managed {
    let prepare = |folder: &Path| std::fs::write(folder.join("ca.pem"), &ours.pem).unwrap();
    let managed = Managed::with("[[devices.authority]]\nfile = \"ca.pem\"", prepare).await;
    let csv = "serial,compliance,reported\nc01,compliant,2099-01-01T00:00:00Z\n";
    for tenant in ["ours", "theirs"] {
        managed.import(tenant, csv).await;
    }
    managed
}

async fn challenge(agent: &mut Socket) -> String {
    agent.say(&FromClient::Challenge).await;
    let answer = agent.hear().await;
    let ToClient::Challenge { challenge } = answer else { panic!("{answer:?}") };
    challenge
}

/// S-15: what a certificate of the management proves is told without a warning, whatever else is claimed.
#[tokio::test]
async fn a_certificate_proves_which_device_it_is() {
    let ours = Management::new();
    let managed = managed(&ours).await;
    let (mut helper, mut agent, code) = managed.pair("ours").await;
    let sent = challenge(&mut agent).await;
    let claim = ours.device("C01", 2090).sign(&sent, managed.server.origin());
    let claim = DeviceClaim { serial: Some("c99".to_owned()), ..claim };
    assert_eq!(say(&mut agent, claim).await, (DeviceAssurance::Certificate, None, None));
    assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }));
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    helper.say(&FromClient::NewSession { device: None }).await;
    let next = helper.hear().await;
    assert!(matches!(next, ToClient::Refused { .. }), "no warning comes before that: {next:?}");
    // S-25: the management's certificate, and no record of the device.
    let (_, mut agent, _) = managed.pair("ours").await;
    let sent = challenge(&mut agent).await;
    let claim = ours.device("C77", 2090).sign(&sent, managed.server.origin());
    let expected = (DeviceAssurance::Certificate, Some(Unrecognised::NotInPortal), None);
    assert_eq!(say(&mut agent, claim).await, expected);
}

/// CVE-2026-30789 (RustDesk, a proof that could be sent again), CVE-2026-32253 (Sunshine, certificates):
/// whoever has not the key, or not now, or not for this service, has proven nothing, and what they
/// claim beside it stays a claim.
#[tokio::test]
async fn cve_2026_30789_a_bad_proof_is_a_claim_at_most() {
    let (ours, theirs) = (Management::new(), Management::new());
    let managed = managed(&ours).await;
    let origin = managed.server.origin();
    let (mut helper, mut agent, code) = managed.pair("ours").await;
    let good = ours.device("C01", 2090);
    let stolen =
        Device { key: KeyPair::generate().unwrap(), certificate: good.certificate.clone() };
    for (device, fault) in [
        (&stolen, ProofFault::Signature),
        (&ours.device("C01", 2021), ProofFault::Expired),
        (&theirs.device("C01", 2090), ProofFault::Authority),
        (&ours.device("Ada's Mac", 2090), ProofFault::NoDevice),
    ] {
        let claim = device.sign(&challenge(&mut agent).await, origin);
        let claimed = DeviceClaim { serial: Some("c01".to_owned()), ..claim };
        let expected = (DeviceAssurance::Claimed, None, Some(fault));
        assert_eq!(say(&mut agent, claimed).await, expected);
    }
    // Another service's, which somebody in between passed on.
    let relayed = good.sign(&challenge(&mut agent).await, "https://evil.example");
    assert_eq!(say(&mut agent, relayed).await.2, Some(ProofFault::Origin));
    // One of before, one of another connection, one of nobody's, and the same twice.
    let old = challenge(&mut agent).await;
    challenge(&mut agent).await;
    assert_eq!(say(&mut agent, good.sign(&old, origin)).await.2, Some(ProofFault::Challenge));
    let (_, mut other, _) = managed.pair("ours").await;
    let elsewhere = good.sign(&challenge(&mut other).await, origin);
    challenge(&mut agent).await;
    assert_eq!(say(&mut agent, elsewhere.clone()).await.2, Some(ProofFault::Challenge));
    assert_eq!(say(&mut other, elsewhere.clone()).await.0, DeviceAssurance::Certificate);
    let (_, _, fault) = say(&mut other, elsewhere).await;
    assert_eq!(fault, Some(ProofFault::Challenge));
    assert_eq!(say(&mut agent, good.sign("", origin)).await.2, Some(ProofFault::Challenge));
    // What is left is the claim, and it is shown as one.
    say(&mut agent, serial("c01")).await;
    assert!(matches!(join(&mut agent, &code).await, ToClient::Joined { .. }));
    assert_eq!(warnings(&mut helper).await, [WarningCode::DeviceUnverified]);
}

/// S-20: an authority counts for its own tenant.
#[tokio::test]
async fn an_authority_counts_for_its_own_tenant() {
    let ours = Management::new();
    let managed = managed(&ours).await;
    let (_, mut agent, _) = managed.pair("theirs").await;
    let sent = challenge(&mut agent).await;
    let claim = ours.device("C01", 2090).sign(&sent, managed.server.origin());
    let expected = (DeviceAssurance::Claimed, Some(Unrecognised::NothingPresented));
    let (assurance, why, fault) = say(&mut agent, claim).await;
    assert_eq!((assurance, why), expected);
    assert_eq!(fault, Some(ProofFault::NoAuthority));
}

/// Nothing in a proof that is none harms the service.
#[tokio::test]
async fn garbage_is_no_proof() {
    let ours = Management::new();
    let managed = managed(&ours).await;
    let (_helper, mut agent, code) = managed.pair("ours").await;
    let good = ours.device("C01", 2090);
    let der = STANDARD.decode(&good.certificate).unwrap();
    let cut = STANDARD.encode(&der[..der.len() / 2]);
    for certificates in [
        vec![],
        vec!["!".to_owned()],
        vec![String::new()],
        vec![cut],
        vec![good.certificate.clone(); 9],
        vec![STANDARD.encode(vec![0x30; 8000])],
    ] {
        let sent = challenge(&mut agent).await;
        let mut claim = good.sign(&sent, managed.server.origin());
        claim.proof.as_mut().unwrap().certificates = certificates;
        assert_eq!(say(&mut agent, claim).await.2, Some(ProofFault::Malformed));
    }
    assert!(matches!(join(&mut agent, &code).await, ToClient::Denied { .. }));
}
