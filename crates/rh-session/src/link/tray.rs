//! The tiles between the media thread and the network.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// Holds tile messages in their order until they are sent, and counts what has not arrived.
///
/// Nothing is left out here: what has no business in a queue is not put in (see
/// [`Link::paint`](super::Link::paint)).
#[derive(Debug, Default)]
pub(super) struct Tray {
    state: Mutex<State>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct State {
    open: bool,
    messages: VecDeque<Bytes>,
    /// Bytes in `messages`.
    waiting: usize,
    /// Bytes on their way.
    travelling: usize,
}

impl Tray {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes messages from now on.
    pub(super) fn open(&self) {
        self.state().open = true;
    }

    /// Takes no message any more and forgets those that wait.
    pub(super) fn shut(&self) {
        *self.state() = State::default();
    }

    /// Bytes that have not arrived yet; `None` while it is shut.
    pub(super) fn backlog(&self) -> Option<usize> {
        let state = self.state();
        state.open.then_some(state.waiting + state.travelling)
    }

    /// Puts messages in; says whether it is open.
    pub(super) fn put(&self, messages: Vec<Bytes>) -> bool {
        let mut state = self.state();
        if state.open {
            state.waiting += messages.iter().map(Bytes::len).sum::<usize>();
            state.messages.extend(messages);
        }
        let open = state.open;
        drop(state);
        self.filled.notify_one();
        open
    }

    /// Takes the next message, which then travels; waits for one.
    pub(super) async fn take(&self) -> Bytes {
        loop {
            let filled = self.filled.notified();
            if let Some(message) = self.next() {
                return message;
            }
            filled.await;
        }
    }

    fn next(&self) -> Option<Bytes> {
        let mut state = self.state();
        let message = state.messages.pop_front()?;
        state.waiting -= message.len();
        state.travelling += message.len();
        Some(message)
    }

    /// Notes that so many bytes are on their way.
    pub(super) fn travelling(&self, bytes: usize) {
        let mut state = self.state();
        state.travelling = if state.open { bytes } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_has_not_arrived_is_counted() {
        let tray = Tray::default();
        assert_eq!(tray.backlog(), None);
        tray.open();
        assert!(tray.put(vec![Bytes::from_static(b"one"), Bytes::from_static(b"three")]));
        assert_eq!(tray.backlog(), Some(8));
        assert_eq!(tray.take().await, "one");
        assert_eq!(tray.backlog(), Some(8), "it travels");
        tray.travelling(0);
        assert_eq!(tray.backlog(), Some(5));
        assert_eq!(tray.take().await, "three");
        tray.travelling(2);
        assert_eq!(tray.backlog(), Some(2));
    }

    /// S-58: nothing is kept for later while nobody may see it.
    #[test]
    fn a_tray_that_is_shut_keeps_nothing() {
        let tray = Tray::default();
        assert!(!tray.put(vec![Bytes::from_static(b"early")]));
        tray.open();
        assert!(tray.put(vec![Bytes::from_static(b"late")]));
        tray.shut();
        tray.travelling(4);
        tray.open();
        assert_eq!(tray.backlog(), Some(0));
        assert!(tray.next().is_none());
    }
}
