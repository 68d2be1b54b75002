//! What the log says of facts: one line each, with the session's id to filter by.
//!
//! Names, addresses and what was typed are not in it; those who may know them find them in the
//! records. Alarms are lines at the level `warn` with a field `alarm`.

use rh_records::{Event, Fact};

/// Writes one line, or none for what is told elsewhere already.
pub(super) fn write(Fact { tenant, event, .. }: &Fact) {
    match event {
        Event::SessionStarted { session, .. } => {
            tracing::info!(%session, %tenant, "session started");
        }
        Event::Consented { session, role, consent, .. } => {
            tracing::info!(%session, %tenant, ?role, ?consent, "sharer answered");
        }
        Event::Introduced { session, stays } => {
            tracing::info!(%session, %tenant, stays, "helper brings a colleague");
        }
        Event::Lowered { session, role } => {
            tracing::info!(%session, %tenant, ?role, "rules took full control back");
        }
        Event::SessionEnded { session, reason } => {
            tracing::info!(%session, %tenant, %reason, "session ended");
        }
        Event::Administered { action, about, .. } => {
            tracing::info!(%tenant, %action, about, "an administrator acted");
        }
        Event::GuessedCodes { failures, accounts } => tracing::warn!(
            alarm = "guessed_codes",
            %tenant,
            failures,
            accounts,
            "so many wrong codes were entered that everyone in this tenant has to wait"
        ),
        Event::Reported { session, by, person } => tracing::warn!(
            alarm = "reported",
            %tenant,
            %session,
            %by,
            %person,
            "a sharer reported this helper, who is suspended until an administrator lifts that"
        ),
        // Sign-ins are told where they are made, directories that fail where they do, refusals to whom they concern, and losses where
        // they happen.
        Event::SignedIn { .. }
        | Event::Suspended { .. }
        | Event::Reinstated { .. }
        | Event::SignedOut { .. }
        | Event::DeviceLookedUp { .. }
        | Event::Refused { .. }
        | Event::Lost { .. } => {}
    }
}
