//! What a link has to report, in order and bounded.

use std::collections::VecDeque;
use std::mem::discriminant;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::LinkEvent;

/// Most messages of the helper that wait; further ones are not read until there is room.
const ROOM: usize = 256;

/// A queue that a hostile helper cannot make grow: its messages wait for room, its pointer is
/// dropped, and news that supersede one another replace one another.
#[derive(Debug, Default)]
pub(super) struct Events {
    state: Mutex<State>,
    arrived: Notify,
    taken: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<LinkEvent>,
    ended: bool,
}

impl Events {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports `event` at once; nothing is reported after the end.
    pub(super) fn report(&self, event: LinkEvent) {
        let mut state = self.state();
        if state.ended {
            return;
        }
        let kind = discriminant(&event);
        let full = state.queue.len() >= ROOM;
        let earlier = match &event {
            LinkEvent::KeyFrameWanted
            | LinkEvent::Capacity(_)
            | LinkEvent::Silent(_)
            | LinkEvent::Garbage(_) => state.queue.iter_mut().find(|e| discriminant(*e) == kind),
            // Only the last: a move must not overtake a click.
            LinkEvent::Pointer(_) => state.queue.back_mut().filter(|e| discriminant(*e) == kind),
            LinkEvent::Negotiate(_) | LinkEvent::Up | LinkEvent::Heard(_) | LinkEvent::Down => None,
        };
        match earlier {
            Some(earlier) => *earlier = event,
            None if full && matches!(event, LinkEvent::Pointer(_)) => {}
            None => state.queue.push_back(event),
        }
        drop(state);
        self.arrived.notify_one();
    }

    /// Reports `event` once there is room.
    pub(super) async fn report_in_turn(&self, event: LinkEvent) {
        loop {
            let taken = self.taken.notified();
            let full = {
                let state = self.state();
                !state.ended && state.queue.len() >= ROOM
            };
            if !full {
                return self.report(event);
            }
            taken.await;
        }
    }

    /// Reports the end; the first call does.
    pub(super) fn end(&self) {
        let mut state = self.state();
        if !std::mem::replace(&mut state.ended, true) {
            state.queue.push_back(LinkEvent::Down);
        }
        drop(state);
        self.arrived.notify_one();
        self.taken.notify_waiters();
    }

    /// Whether the end was reported.
    pub(super) fn ended(&self) -> bool {
        self.state().ended
    }

    /// Takes the next event; `None` after the end.
    pub(super) async fn next(&self) -> Option<LinkEvent> {
        loop {
            let arrived = self.arrived.notified();
            {
                let mut state = self.state();
                if let Some(event) = state.queue.pop_front() {
                    drop(state);
                    self.taken.notify_waiters();
                    return Some(event);
                }
                if state.ended {
                    // Whoever else waits is to see the end too.
                    self.arrived.notify_one();
                    return None;
                }
            }
            arrived.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rh_protocol::{DisplayId, FromHelper, Point, PointerMove};

    use super::*;

    fn ping(nonce: u32) -> LinkEvent {
        LinkEvent::Heard(FromHelper::Ping { nonce })
    }

    fn pointer(seq: u32) -> LinkEvent {
        LinkEvent::Pointer(PointerMove { seq, at: Point::new(DisplayId(0), 0.5, 0.5).unwrap() })
    }

    #[tokio::test]
    async fn later_news_replace_earlier_ones() {
        let events = Events::default();
        events.report(LinkEvent::Capacity(1));
        events.report(LinkEvent::KeyFrameWanted);
        events.report(LinkEvent::Capacity(2));
        events.report(LinkEvent::KeyFrameWanted);
        events.end();
        events.end();
        assert_eq!(events.next().await, Some(LinkEvent::Capacity(2)));
        assert_eq!(events.next().await, Some(LinkEvent::KeyFrameWanted));
        assert_eq!(events.next().await, Some(LinkEvent::Down));
        assert_eq!(events.next().await, None);
        assert_eq!(events.next().await, None);
    }

    /// Whoever takes the end at once and waits on must not wait forever.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_end_is_seen_whenever_it_comes() {
        for _ in 0..2_000 {
            let events = Arc::new(Events::default());
            let ending = [Arc::clone(&events), Arc::clone(&events)]
                .map(|events| tokio::spawn(async move { events.end() }));
            assert_eq!(events.next().await, Some(LinkEvent::Down));
            assert_eq!(events.next().await, None);
            for end in ending {
                end.await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn a_pointer_never_overtakes_a_message() {
        let events = Events::default();
        events.report(pointer(1));
        events.report(pointer(2));
        events.report(ping(3));
        events.report(pointer(4));
        assert_eq!(events.next().await, Some(pointer(2)));
        assert_eq!(events.next().await, Some(ping(3)));
        assert_eq!(events.next().await, Some(pointer(4)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_messages_waits_for_room_and_loses_none() {
        let events = Arc::new(Events::default());
        let flood = Arc::clone(&events);
        let flooding = tokio::spawn(async move {
            for nonce in 0..10_000 {
                flood.report_in_turn(ping(nonce)).await;
            }
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(events.state().queue.len(), ROOM);
        for nonce in 0..10_000 {
            assert_eq!(events.next().await, Some(ping(nonce)));
        }
        flooding.await.unwrap();
    }
}
