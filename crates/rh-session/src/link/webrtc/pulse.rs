//! What a link reports when time passes and nothing else happens.

use std::future::pending;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use super::super::LinkEvent;
use super::now;
use super::shared::Shared;
use super::silence::Silence;

/// Reports silence and garbage when they are due, for as long as it is polled.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        let sooner = shared.sooner.notified();
        match deadline(&shared) {
            Some(at) => tokio::select! {
                () = tokio::time::sleep_until(at.into()) => tick(&shared, now()),
                () = sooner => {}
            },
            None => tokio::select! { () = pending() => {}, () = sooner => {} },
        }
    }
}

fn deadline(shared: &Shared) -> Option<Instant> {
    let silence = shared.silence.lock().unwrap_or_else(PoisonError::into_inner);
    let garbage = shared.garbage.lock().unwrap_or_else(PoisonError::into_inner);
    silence.as_ref().map(Silence::deadline).into_iter().chain(garbage.deadline()).min()
}

fn tick(shared: &Shared, now: Instant) {
    let mut silence = shared.silence.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lasting) = silence.as_mut().and_then(|silence| silence.tick(now)) {
        shared.events.report(LinkEvent::Silent(lasting));
    }
    drop(silence);
    let mut garbage = shared.garbage.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(count) = garbage.report(now) {
        shared.events.report(LinkEvent::Garbage(count));
    }
}
