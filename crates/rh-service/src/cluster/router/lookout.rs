//! Whether the other nodes live, and what becomes of what lay between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::orders::within;
use super::{Look, Router, Stay, What};
use crate::clock;
use crate::cluster::Unreachable;
use crate::hub::{ConnId, Event, FromNodes, NodeId, Passed, ToNodes};

/// So many looks in a row must miss a node before it counts as gone: after a restart of Redis, all
/// are missed until they have said again that they live.
const LOOKS: u32 = 3;

impl Router {
    /// Says that this node lives, and looks whether those live that it deals with.
    pub(super) fn look(&mut self) {
        self.forget_questions();
        let dealings = self.away.values().chain(self.guests.values());
        let others: BTreeSet<NodeId> = dealings.map(|(node, _)| node.clone()).collect();
        for node in &others {
            self.write((node.clone(), 0), What::Nothing);
        }
        let others: Vec<NodeId> = others.into_iter().collect();
        let (directory, me, looks) =
            (Arc::clone(&self.directory), self.me.clone(), self.looks.clone());
        tokio::spawn(async move {
            let look = async {
                let known = directory.beat(&me).await?;
                Ok(Look { known, absent: directory.absent(others).await? })
            };
            // A look that nobody considers was one too many.
            let _ = looks.try_send(within(look).await);
        });
    }

    pub(super) fn consider(&mut self, look: Result<Look, Unreachable>) {
        let look = match look {
            Ok(look) => look,
            Err(error) => {
                if self.reachable {
                    tracing::error!(alarm = "cluster", "no codes until this ends: {error}");
                }
                self.reachable = false;
                return;
            }
        };
        if !self.reachable {
            tracing::info!("the nodes can be asked again");
        }
        self.reachable = true;
        if !look.known {
            self.missed.clear();
            for (conn, key, until) in self.board.open_codes() {
                self.obey(conn, ToNodes::Open(key, until));
            }
            return;
        }
        let before = std::mem::take(&mut self.missed);
        for node in look.absent {
            let missed = before.get(&node).map_or(1, |looks| looks + 1);
            if missed >= LOOKS {
                self.lose(&node, "it is gone");
            } else {
                self.missed.insert(node, missed);
            }
        }
    }

    /// Nothing that lay between this node and `node` can go on; whoever was met goes on alone.
    pub(super) fn lose(&mut self, node: &NodeId, why: &str) {
        let of = |stays: &BTreeMap<ConnId, Stay>| -> Vec<(ConnId, Stay)> {
            let of = stays.iter().filter(|(_, (at, _))| at == node);
            of.map(|(&conn, stay)| (conn, stay.clone())).collect()
        };
        let (away, guests) = (of(&self.away), of(&self.guests));
        if away.is_empty() && guests.is_empty() {
            return;
        }
        tracing::warn!(%node, away = away.len(), guests = guests.len(), "cut off from a node: {why}");
        for (conn, stay) in away {
            self.write(stay, What::Passed(Passed::Broke));
            self.board.handle(clock::now(), Event::Node(conn, FromNodes::Stranded));
            self.come_back(conn);
        }
        for (conn, stay) in guests {
            self.write(stay, What::Stranded);
            self.part(conn, Event::Broke(conn));
        }
    }
}
