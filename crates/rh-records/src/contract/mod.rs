//! What every backend of [`RecordStore`] does; their tests run [`all`] on each.

mod alarms;
mod audit;
mod chain;
mod chat;
mod devices;
mod notes;
mod people;
mod retention;
mod rules;
mod sample;
mod sessions;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use crate::RecordStore;

/// A place where stores can be made, and tampered with behind their backs.
#[async_trait]
pub trait Ground: Debug + Send + Sync {
    /// A store without records, apart from all others of this ground.
    async fn fresh(&self) -> Arc<dyn RecordStore>;

    /// Runs `sql` on the store that was last made, as somebody with the database but not the key.
    async fn tamper(&self, sql: &str);
}

/// Runs every check, each on a fresh store.
///
/// # Panics
///
/// If the backend does not keep the contract.
pub async fn all(ground: &dyn Ground) {
    chain::entries_follow_one_another(ground).await;
    chain::a_clock_may_step_back(ground).await;
    chain::a_batch_is_kept_whole_or_not_at_all(ground).await;
    chain::tenants_have_chains_of_their_own(ground).await;
    chain::writers_at_once_make_one_chain(ground).await;
    sessions::a_session_is_reported(ground).await;
    sessions::sessions_come_newest_first(ground).await;
    sessions::pages_of_sessions_have_no_gap(ground).await;
    sessions::a_receipt_says_what_was_recorded(ground).await;
    sessions::there_is_no_receipt_before_the_end(ground).await;
    people::a_first_contact_is_known(ground).await;
    people::names_are_those_of_sessions(ground).await;
    people::a_suspension_stays_until_it_is_lifted(ground).await;
    chat::a_thread_keeps_order_and_script(ground).await;
    chat::chat_is_in_no_chain(ground).await;
    chat::threads_have_a_time_of_their_own(ground).await;
    notes::notes_are_found_by_whom_they_are_about(ground).await;
    notes::a_note_without_text_is_none(ground).await;
    notes::notes_have_their_time(ground).await;
    devices::a_word_changes_what_it_says_and_no_more(ground).await;
    devices::one_device_has_one_record(ground).await;
    devices::an_old_word_is_not_heard(ground).await;
    devices::tenants_have_devices_of_their_own(ground).await;
    devices::words_are_kept_whole_or_not_at_all(ground).await;
    devices::words_at_once_are_all_heard(ground).await;
    devices::what_a_source_no_longer_names_goes(ground).await;
    devices::devices_come_in_pages(ground).await;
    retention::old_entries_go_and_the_rest_holds(ground).await;
    retention::everything_may_be_old(ground).await;
    retention::what_reports_need_goes_too(ground).await;
    alarms::what_to_look_at_is_found(ground).await;
    alarms::old_alarms_go(ground).await;
    rules::rules_change_with_their_entry(ground).await;
    rules::one_change_wins(ground).await;
    audit::a_growing_chain_holds(ground).await;
    audit::tampering_is_noticed(ground).await;
    audit::nothing_is_deleted_from_a_broken_chain(ground).await;
}
