//! The few frames between the media thread and the network.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rh_protocol::EncodedFrame;
use tokio::sync::Notify;

/// Holds frames that wait to be sent, and keeps every reference intact: once one frame was left
/// out, only a key frame is taken.
#[derive(Debug)]
pub(super) struct Mailbox {
    state: Mutex<State>,
    slots: usize,
    filled: Notify,
}

#[derive(Debug)]
struct State {
    frames: VecDeque<EncodedFrame>,
    open: bool,
    chain: Chain,
}

/// Whether the next frame has its reference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Chain {
    Whole,
    /// A frame is missing; nobody was told.
    Broken,
    /// A frame is missing; a key frame was asked for.
    Asked,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Put {
    /// It waits to be sent.
    Taken,
    /// It was left out.
    Refused,
    /// It was left out, and the encoder has to be asked for a key frame.
    Broke,
}

impl Mailbox {
    /// A closed mailbox with room for `slots` frames.
    pub(super) fn new(slots: usize) -> Self {
        let state = State { frames: VecDeque::new(), open: false, chain: Chain::Broken };
        Self { state: Mutex::new(state), slots, filled: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes frames from now on.
    pub(super) fn open(&self) {
        self.state().open = true;
    }

    /// Takes no frame any more and forgets those that wait.
    pub(super) fn shut(&self) {
        let mut state = self.state();
        state.open = false;
        state.frames.clear();
    }

    /// Whether a frame would be taken without leaving another out.
    pub(super) fn has_room(&self) -> bool {
        let state = self.state();
        state.open && state.frames.len() < self.slots
    }

    /// Puts a frame in; a key frame replaces those that wait if there is no room.
    pub(super) fn put(&self, frame: &EncodedFrame) -> Put {
        let mut state = self.state();
        if !state.open {
            state.chain = Chain::Broken;
            return Put::Refused;
        }
        let full = state.frames.len() >= self.slots;
        if frame.key {
            if full {
                state.frames.clear();
            }
            state.chain = Chain::Whole;
        } else if full || state.chain != Chain::Whole {
            return state.leave_out();
        }
        state.frames.push_back(frame.clone());
        drop(state);
        self.filled.notify_one();
        Put::Taken
    }

    /// Leaves a frame out that would not get on from here.
    #[cfg(any(test, feature = "webrtc"))]
    pub(super) fn leave_out(&self) -> Put {
        self.state().leave_out()
    }

    /// Waits for the next frame.
    pub(super) async fn take(&self) -> EncodedFrame {
        loop {
            let filled = self.filled.notified();
            if let Some(frame) = self.state().frames.pop_front() {
                return frame;
            }
            filled.await;
        }
    }
}

impl State {
    fn leave_out(&mut self) -> Put {
        let asked = std::mem::replace(&mut self.chain, Chain::Asked) == Chain::Asked;
        if asked { Put::Refused } else { Put::Broke }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;

    fn frame(n: u8, key: bool) -> EncodedFrame {
        EncodedFrame { data: Bytes::from(vec![n]), at: Duration::ZERO, key }
    }

    /// S-58: nothing is kept for later while nobody may see it.
    #[tokio::test]
    async fn a_closed_mailbox_keeps_nothing() {
        let mailbox = Mailbox::new(1);
        assert_eq!(mailbox.put(&frame(0, true)), Put::Refused);
        mailbox.open();
        assert!(mailbox.has_room());
        assert_eq!(mailbox.put(&frame(1, true)), Put::Taken);
        assert_eq!(mailbox.take().await.data[0], 1);
    }

    #[tokio::test]
    async fn after_a_loss_only_a_key_frame_is_taken_and_asked_for_once() {
        let mailbox = Mailbox::new(1);
        mailbox.open();
        assert_eq!(mailbox.put(&frame(0, false)), Put::Broke, "no reference yet");
        assert_eq!(mailbox.put(&frame(1, true)), Put::Taken);
        assert_eq!(mailbox.put(&frame(2, false)), Put::Broke, "no room");
        assert_eq!(mailbox.take().await.data[0], 1);
        assert_eq!(mailbox.put(&frame(3, false)), Put::Refused, "its reference is missing");
        assert_eq!(mailbox.put(&frame(4, true)), Put::Taken);
        assert_eq!(mailbox.put(&frame(5, true)), Put::Taken, "the newest key frame wins");
        assert_eq!(mailbox.take().await.data[0], 5);
        assert_eq!(mailbox.put(&frame(6, false)), Put::Taken);
        assert_eq!(mailbox.take().await.data[0], 6);
        assert_eq!(mailbox.leave_out(), Put::Broke);
        assert_eq!(mailbox.put(&frame(7, false)), Put::Refused, "its reference is missing");
    }
}
