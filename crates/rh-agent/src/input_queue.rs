//! What waits to be carried out on the desktop: in order, bounded, and forgotten at a word.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rh_protocol::{Display, InputEvent};

/// Most actions that wait. A helper who is so far ahead of the desktop is no person at a keyboard.
const WAITING: usize = 1024;
/// Characters of a text that are carried out in one go, so that its rest can be called off.
const PIECE: usize = 32;

/// Something to carry out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Order {
    /// Take points to be those of this display.
    Show(Display),
    /// Carry out what the helper did.
    Inject(InputEvent),
    /// Let go of every key and button.
    ReleaseAll,
}

/// What comes out of the queue.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// The next order.
    Order(Order),
    /// There was none in time.
    Late,
    /// There will be none any more.
    Closed,
}

/// Orders on their way to the one thread that carries them out.
#[derive(Debug, Default)]
pub(crate) struct InputQueue {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct State {
    orders: VecDeque<Order>,
    closed: bool,
}

impl State {
    fn release_all(&mut self) {
        self.orders.retain(|order| matches!(order, Order::Show(_)));
        self.orders.push_back(Order::ReleaseAll);
    }
}

impl InputQueue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts `display` last; points before it are those of another.
    pub(crate) fn show(&self, display: Display) {
        self.lock().orders.push_back(Order::Show(display));
        self.arrived.notify_one();
    }

    /// Puts `event` last. A move replaces one that waits right before it; when too much waits,
    /// everything is forgotten and let go of.
    pub(crate) fn inject(&self, event: InputEvent) {
        let mut state = self.lock();
        let is_move = |event: &InputEvent| matches!(event, InputEvent::Move { .. });
        let full = state.orders.len() >= WAITING;
        match state.orders.back_mut() {
            Some(Order::Inject(last)) if is_move(last) && is_move(&event) => *last = event,
            _ if full => {
                tracing::warn!("the helper's input is too much for the desktop; it is left out");
                state.release_all();
            }
            _ => state.orders.push_back(Order::Inject(event)),
        }
        drop(state);
        self.arrived.notify_one();
    }

    /// Forgets all input that waits, and has everything let go of: from now on nothing is carried
    /// out that the helper did before.
    pub(crate) fn release_all(&self) {
        self.lock().release_all();
        self.arrived.notify_one();
    }

    /// Forgets everything; nothing comes out any more.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.orders.clear();
        state.closed = true;
        drop(state);
        self.arrived.notify_one();
    }

    /// Waits for the next order, for ever or for `patience`.
    pub(crate) fn next(&self, patience: Option<Duration>) -> Next {
        let state = self.lock();
        let waits = |state: &mut State| state.orders.is_empty() && !state.closed;
        let mut state = match patience {
            None => self.arrived.wait_while(state, waits).unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                let waited = self.arrived.wait_timeout_while(state, patience, waits);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        match state.orders.pop_front() {
            Some(Order::Inject(InputEvent::Text { text })) => {
                let (piece, rest) = cut(text);
                if let Some(text) = rest {
                    state.orders.push_front(Order::Inject(InputEvent::Text { text }));
                }
                Next::Order(Order::Inject(InputEvent::Text { text: piece }))
            }
            Some(order) => Next::Order(order),
            None if state.closed => Next::Closed,
            None => Next::Late,
        }
    }
}

/// The first piece of a text, and what is left of it.
fn cut(mut text: String) -> (String, Option<String>) {
    match text.char_indices().nth(PIECE) {
        Some((end, _)) => {
            let rest = text.split_off(end);
            (text, Some(rest))
        }
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use rh_protocol::{DisplayId, Key, Point};

    use super::*;

    fn key(down: bool) -> InputEvent {
        InputEvent::Key { key: Key::KeyA, down }
    }

    fn text(text: &str) -> InputEvent {
        InputEvent::Text { text: text.to_owned() }
    }

    fn drain(queue: &InputQueue) -> Vec<Order> {
        std::iter::from_fn(|| match queue.next(Some(Duration::ZERO)) {
            Next::Order(order) => Some(order),
            Next::Late | Next::Closed => None,
        })
        .collect()
    }

    /// B-03: a question to the sharer calls off what the helper did before, the rest of a text that
    /// is being typed included.
    #[test]
    fn a_word_calls_off_what_waits() {
        let queue = InputQueue::default();
        queue.inject(text(&"y".repeat(1_000)));
        queue.inject(key(true));
        assert_eq!(
            queue.next(None),
            Next::Order(Order::Inject(text(&"y".repeat(PIECE)))),
            "a text comes in pieces"
        );
        queue.release_all();
        queue.inject(key(false));
        assert_eq!(drain(&queue), [Order::ReleaseAll, Order::Inject(key(false))]);
    }

    #[test]
    fn a_text_comes_whole_and_in_order() {
        let queue = InputQueue::default();
        let long: String = ('a'..='z').chain("é漢🎉".chars()).cycle().take(500).collect();
        queue.inject(text(&long));
        queue.inject(text("!"));
        let piece = |order| match order {
            Order::Inject(InputEvent::Text { text }) => Some(text),
            Order::Inject(_) | Order::Show(_) | Order::ReleaseAll => None,
        };
        let typed: String = drain(&queue).into_iter().filter_map(piece).collect();
        assert_eq!(typed, format!("{long}!"));
    }

    /// B-07: input that is lost leaves no key down.
    #[test]
    fn a_flood_is_left_out_and_lets_go() {
        let queue = InputQueue::default();
        for n in 0..100_000 {
            queue.inject(key(n % 2 == 0));
            assert!(queue.lock().orders.len() <= WAITING + 1);
        }
        assert!(drain(&queue).contains(&Order::ReleaseAll));
    }

    #[test]
    fn only_the_newest_move_waits_and_never_overtakes() {
        let at = |x| InputEvent::Move { at: Point::new(DisplayId(0), x, 0.0).unwrap() };
        let queue = InputQueue::default();
        for event in [at(0.1), at(0.2), key(true), at(0.3), at(0.4)] {
            queue.inject(event);
        }
        assert_eq!(drain(&queue), [at(0.2), key(true), at(0.4)].map(Order::Inject));
    }

    #[test]
    fn nothing_comes_out_once_it_is_closed() {
        let queue = InputQueue::default();
        queue.inject(key(true));
        queue.close();
        assert_eq!(queue.next(None), Next::Closed);
    }
}
