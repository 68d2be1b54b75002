//! Putting the key map back after text that the layout lacks.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::server::Server;
use super::slots::{self, Slots};

/// How long symbols stay after the last of them was typed: programs look them up that late.
const LINGER: Duration = Duration::from_millis(700);

/// The spare keys of a server, with a thread that puts the key map back.
///
/// The thread sleeps without a timeout while nothing is bound. Dropping this waits until the key
/// map is back.
#[derive(Debug)]
pub(super) struct Spares {
    slots: Arc<Mutex<Slots>>,
    /// Says that something is bound; `None` only while dropping.
    bound: Option<Sender<()>>,
    restorer: Option<JoinHandle<()>>,
}

impl Spares {
    /// Spare keys of `server`; none is known until [`Slots::adopt`].
    pub(super) fn new(server: Arc<Server>) -> Self {
        let slots = Arc::<Mutex<Slots>>::default();
        let (bound, news) = mpsc::channel();
        let restorer = thread::spawn({
            let slots = slots.clone();
            move || {
                while news.recv().is_ok() {
                    while news.recv_timeout(LINGER) == Ok(()) {}
                    restore(&server, &slots);
                }
            }
        });
        Self { slots, bound: Some(bound), restorer: Some(restorer) }
    }

    /// Takes the spare keys for one text; the key map is not put back meanwhile.
    pub(super) fn take(&self) -> MutexGuard<'_, Slots> {
        lock(&self.slots)
    }

    /// Gives them back; the key map is put back soon.
    pub(super) fn give_back(&self, slots: MutexGuard<'_, Slots>) {
        let busy = slots.are_bound();
        drop(slots);
        if let Some(bound) = self.bound.as_ref().filter(|_| busy) {
            // The thread listens for as long as this exists.
            let _ = bound.send(());
        }
    }
}

impl Drop for Spares {
    fn drop(&mut self) {
        drop(self.bound.take());
        if let Some(restorer) = self.restorer.take() {
            // A panic there has been reported already.
            let _ = restorer.join();
        }
    }
}

/// Puts the key map back, [`LINGER`] after the last use.
fn restore(server: &Server, slots: &Mutex<Slots>) {
    let mut slots = lock(slots);
    if let Some(used) = slots.last_used() {
        thread::sleep(LINGER.saturating_sub(slots::now().duration_since(used)));
    }
    // A failure means that the server is gone, and the key map with it.
    let _ = slots.unbind(server);
}

fn lock(slots: &Mutex<Slots>) -> MutexGuard<'_, Slots> {
    // A slot is noted before its key is bound, so the list is right whoever panicked.
    slots.lock().unwrap_or_else(PoisonError::into_inner)
}
