//! What one client says of the device that it shares.

use std::sync::Arc;

use rh_devices::proof::{self, Challenge};
use rh_devices::{DeviceKey, Presented};
use rh_policy::{Assurance, Device, Enrolment, Person};
use rh_protocol::{DeviceAssurance, DeviceClaim, DeviceProof, ProofFault, Refusal, ToClient};

use super::{Devices, LookedUp};
use crate::clock;
use crate::hub::{ConnId, OsRandom, random, unrecognised};

/// Questions of one connection about devices; each costs the directory one.
const MOST: u32 = 64;

/// What is known of a device, and what the directory answered, if that is news.
type Known = (Device, Option<LookedUp>);

/// One connection's side of it. Nothing is kept of a connection once this is dropped.
#[derive(Debug)]
pub(crate) struct Presenting {
    devices: Arc<Devices>,
    conn: ConnId,
    person: Person,
    challenge: Option<Challenge>,
    left: u32,
}

impl Presenting {
    pub(crate) fn new(devices: Arc<Devices>, conn: ConnId, person: Person) -> Self {
        Self { devices, conn, person, challenge: None, left: MOST }
    }

    /// The client wants something to sign.
    pub(crate) fn challenge(&mut self) -> ToClient {
        if !self.counts() {
            return refused();
        }
        let challenge = Challenge::new(random::bytes(&mut OsRandom), clock::now());
        let text = challenge.to_string();
        self.challenge = Some(challenge);
        ToClient::Challenge { challenge: text }
    }

    /// The client says which device it shares; what to answer, and what is known of that device, with
    /// what is to be recorded of that.
    pub(crate) async fn device(&mut self, claim: &DeviceClaim) -> (ToClient, Option<Known>) {
        if !self.counts() {
            return (refused(), None);
        }
        let (presented, fault) = self.presented(claim);
        let known = self.devices.find(&self.person, &presented).await;
        self.devices.keep(self.conn, &self.person, presented);
        let known = known.map(|(device, answer)| {
            (device, answer.filter(|it| self.devices.is_news(self.conn, it)))
        });
        let device = known.as_ref().map(|(device, _)| device);
        let why = device.and_then(|device| match device.enrolment {
            Enrolment::Unknown(why) => Some(unrecognised(why)),
            Enrolment::Enrolled | Enrolment::Unenrolled => None,
        });
        let assurance = device.map_or(Assurance::Claimed, |device| device.assurance);
        (ToClient::Device { assurance: shown(assurance), why, fault }, known)
    }

    /// What counts of what the client says. A proof that fails leaves the claim, which is one.
    fn presented(&mut self, claim: &DeviceClaim) -> (Presented, Option<ProofFault>) {
        let fault = match &claim.proof {
            None => None,
            Some(proof) => match self.proven(proof) {
                Ok(proven) => return (proven, None),
                Err(fault) => Some(fault),
            },
        };
        if let Some(fault) = fault {
            let (person, tenant) = (&self.person.id, &self.person.tenant);
            tracing::warn!(%person, %tenant, ?fault, "a device proved nothing");
        }
        let serial = claim.serial.as_ref().and_then(|it| it.parse().ok()).map(DeviceKey::Serial);
        let udid = claim.udid.as_ref().and_then(|it| it.parse().ok()).map(DeviceKey::Udid);
        (serial.or(udid).map_or(Presented::Nothing, Presented::Claimed), fault)
    }

    fn proven(&mut self, proof: &DeviceProof) -> Result<Presented, ProofFault> {
        let now = clock::both();
        // Taken away whatever comes of it: one challenge, one answer.
        let challenge = self.challenge.take();
        if !challenge.is_some_and(|it| it.is_answered_by(&proof.challenge, now.instant)) {
            return Err(ProofFault::Challenge);
        }
        if !self.devices.origins.contains(&proof.origin) {
            return Err(ProofFault::Origin);
        }
        let known = self.devices.tenants.get(&self.person.tenant);
        let known = known.ok_or(ProofFault::NoAuthority)?;
        proof::verify(&known.authorities, proof, now.wall)
    }

    /// Whether the client may go on asking.
    fn counts(&mut self) -> bool {
        let before = self.left;
        self.left = before.saturating_sub(1);
        before > 0
    }
}

impl Drop for Presenting {
    fn drop(&mut self) {
        self.devices.forget(self.conn);
    }
}

fn refused() -> ToClient {
    ToClient::Refused { refusal: Refusal::NotAllowed, retry_in: None }
}

fn shown(assurance: Assurance) -> DeviceAssurance {
    match assurance {
        Assurance::Claimed => DeviceAssurance::Claimed,
        Assurance::SignIn => DeviceAssurance::SignIn,
        Assurance::Certificate => DeviceAssurance::Certificate,
        Assurance::Attested => DeviceAssurance::Attested,
    }
}
