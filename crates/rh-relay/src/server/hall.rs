//! Where the relayed ends of one session meet without a network between them.
//!
//! Both sides of a session that finds no direct path use this relay, so what one sends to the other
//! leaves it by one relayed port and comes in by another of the same machine. That stays within the
//! process: it works where the public address is not this machine's own (as in most clouds), and no
//! private address has to be opened for it. Ends of different sessions do not meet.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

/// Datagrams that may wait for one end; more are lost, as on any full network.
const WAITING: usize = 256;

/// A datagram and where it came from.
pub(super) type Datagram = (Vec<u8>, SocketAddr);

/// Every relayed port of one relay.
#[derive(Clone, Debug, Default)]
pub(super) struct Hall(Arc<Mutex<HashMap<SocketAddr, End>>>);

#[derive(Debug)]
struct End {
    session: String,
    inbox: mpsc::Sender<Datagram>,
}

/// An end's place in the hall; dropping it gives it up.
#[derive(Debug)]
pub(super) struct Place {
    hall: Hall,
    pub(super) own: SocketAddr,
}

impl Hall {
    /// A place for the end that others know as `own`, and what comes in there.
    pub(super) fn enter(
        &self,
        own: SocketAddr,
        session: &str,
    ) -> (Place, mpsc::Receiver<Datagram>) {
        let (inbox, arriving) = mpsc::channel(WAITING);
        self.ends().insert(own, End { session: session.to_owned(), inbox });
        (Place { hall: self.clone(), own }, arriving)
    }

    fn ends(&self) -> MutexGuard<'_, HashMap<SocketAddr, End>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Brings a datagram to another end of the same session, if there is one at `to`.
    pub(super) fn send(&self, bytes: &[u8], to: SocketAddr) {
        let ends = self.hall.ends();
        let (Some(own), Some(other)) = (ends.get(&self.own), ends.get(&to)) else { return };
        if own.session == other.session {
            // One that does not fit is lost.
            let _ = other.inbox.try_send((bytes.to_vec(), self.own));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hall.ends().remove(&self.own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ends_of_one_session_meet() {
        let hall = Hall::default();
        let at = |port: u16| SocketAddr::from(([203, 0, 113, 7], port));
        let (one, mut to_one) = hall.enter(at(1), "a");
        let (two, mut to_two) = hall.enter(at(2), "a");
        let (other, mut to_other) = hall.enter(at(3), "b");
        one.send(b"hello", at(2));
        assert_eq!(to_two.try_recv().unwrap(), (b"hello".to_vec(), at(1)));
        two.send(b"you", at(1));
        assert_eq!(to_one.try_recv().unwrap(), (b"you".to_vec(), at(2)));
        one.send(b"hello", at(3));
        other.send(b"hello", at(1));
        one.send(b"hello", at(4));
        assert!(to_other.try_recv().is_err() && to_one.try_recv().is_err());
        drop(two);
        one.send(b"hello", at(2));
        assert_eq!(hall.ends().len(), 2);
    }

    #[test]
    fn a_full_end_loses_and_nobody_waits() {
        let hall = Hall::default();
        let at = |port: u16| SocketAddr::from(([203, 0, 113, 7], port));
        let (one, _nothing) = hall.enter(at(1), "a");
        let (_two, mut arriving) = hall.enter(at(2), "a");
        (0..2 * WAITING).for_each(|_| one.send(b"x", at(2)));
        assert_eq!(std::iter::from_fn(|| arriving.try_recv().ok()).count(), WAITING);
    }
}
