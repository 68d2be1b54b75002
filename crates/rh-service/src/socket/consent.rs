//! The signed record of a consent.

use rh_protocol::{Consent, ToClient};
use rh_signed::{ConsentRecord, Signed, SigningKey, Timestamp};

use crate::hub::{Consented, Effect};

/// Signs what was allowed at `at`; both sides are told.
pub(super) fn recorded(consented: Consented, at: Timestamp, key: &SigningKey) -> [Effect; 2] {
    let Consented { helper, agent, session, tenant, parties, role, shown } = consented;
    let [helping, sharing] = parties;
    let record = ConsentRecord {
        tenant,
        session,
        helper: helping,
        sharer: sharing,
        role,
        consent: Consent::Allow,
        shown: shown.into(),
        at,
    };
    let record = Signed::new(&record, key).to_line();
    [agent, helper].map(|to| Effect::Tell(to, ToClient::Recorded { record: record.clone() }))
}
