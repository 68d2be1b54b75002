//! Clients over UDP.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::client::{self, WAITING};
use super::embedded::Inner;
use super::guard::Guard;
use crate::frame::LONGEST;

/// Clients at a time.
const ALL: usize = 4096;
/// Clients at a time from one address, behind which may be a whole office.
const FROM_ONE: usize = 256;

/// Everybody who came over one socket.
#[derive(Default)]
struct Clients {
    lines: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
    from: HashMap<IpAddr, usize>,
}

impl Clients {
    /// A line for a new client, if there is room.
    fn admit(&mut self, from: SocketAddr) -> Option<mpsc::Receiver<Vec<u8>>> {
        let here = self.from.get(&from.ip()).copied().unwrap_or_default();
        if self.lines.len() >= ALL || here >= FROM_ONE {
            return None;
        }
        self.from.insert(from.ip(), here + 1);
        let (line, incoming) = mpsc::channel(WAITING);
        self.lines.insert(from, line);
        Some(incoming)
    }

    fn remove(&mut self, from: SocketAddr) {
        if self.lines.remove(&from).is_some()
            && let Some(here) = self.from.get_mut(&from.ip())
        {
            *here -= 1;
            if *here == 0 {
                self.from.remove(&from.ip());
            }
        }
    }
}

/// Serves everybody who sends to `socket`. Only a request for an allocation makes a client.
pub(super) async fn serve(relay: Arc<Inner>, socket: UdpSocket) {
    let socket = Arc::new(socket);
    let mut clients = Clients::default();
    let mut tasks = JoinSet::new();
    // One byte more shows what is too long.
    let mut buffer = [0; LONGEST + 1];
    loop {
        let (length, from) = tokio::select! {
            received = socket.recv_from(&mut buffer) => match received {
                Ok(received) => received,
                // An answer of the network to what was sent before (ICMP).
                Err(_) => continue,
            },
            Some(gone) = tasks.join_next() => {
                if let Ok(from) = gone {
                    clients.remove(from);
                }
                continue;
            }
        };
        let message = &buffer[..length];
        if let Some(line) = clients.lines.get(&from) {
            // What does not fit is lost.
            let _ = line.try_send(message.to_vec());
        } else if Guard::opens(message)
            && let Some(incoming) = clients.admit(from)
        {
            let _ = clients.lines[&from].try_send(message.to_vec());
            let (relay, socket) = (Arc::clone(&relay), Arc::clone(&socket));
            tasks.spawn(async move {
                visit(relay, &socket, from, incoming).await;
                from
            });
        }
    }
}

async fn visit(
    relay: Arc<Inner>,
    socket: &UdpSocket,
    from: SocketAddr,
    incoming: mpsc::Receiver<Vec<u8>>,
) {
    let (outgoing, mut leaving) = mpsc::channel::<Vec<u8>>(WAITING);
    let sending = async {
        while let Some(message) = leaving.recv().await {
            // What cannot be sent is lost.
            let _ = socket.send_to(&message, from).await;
        }
    };
    tokio::select! {
        () = client::serve(relay, from, incoming, outgoing) => {}
        () = sending => {}
    }
}
