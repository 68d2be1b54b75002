//! The board of one node among several.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rh_policy::TenantId;
use rh_protocol::SessionId;
use tokio::sync::mpsc;

use super::{Inner, Switchboard};
use crate::cluster::Order;
use crate::hub::{Alarm, Caller, CodeKey, ConnId, Effect, Event, FromNodes, ToNodes};

impl Switchboard {
    /// Makes it one node of several; what they must hear goes to `orders`.
    pub(crate) fn among_nodes(self, codes: [u8; 32], orders: mpsc::UnboundedSender<Order>) -> Self {
        let mut inner = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        inner.hub = inner.hub.among_nodes(codes);
        inner.orders = Some(orders);
        Self(Mutex::new(inner))
    }

    /// Takes a guest in whose socket is at another node.
    pub(crate) fn arrive(&self, now: Instant, code: CodeKey, caller: Caller) -> ConnId {
        let mut inner = self.lock();
        let conn = inner.new_conn();
        inner.handle(now, Event::Node(conn, FromNodes::Arrived(code, Box::new(caller))));
        conn
    }

    /// Whether a tenant's session runs at this node.
    pub(crate) fn runs(&self, tenant: &TenantId, session: SessionId) -> bool {
        self.running(tenant, |it| it.session).contains(&session)
    }

    /// The codes that wait for a sharer, and until when.
    pub(crate) fn open_codes(&self) -> Vec<(ConnId, CodeKey, Instant)> {
        self.lock().hub.open_codes()
    }

    /// Raises an alarm that the nodes found together.
    pub(crate) fn alarm(&self, now: Instant, alarm: Alarm) {
        self.lock().carry_out(now, vec![Effect::Alarm(alarm)]);
    }
}

impl Inner {
    /// Hands an order to the task that deals with other nodes, in order.
    pub(super) fn order(&self, conn: ConnId, order: ToNodes) {
        if let Some(orders) = &self.orders {
            // A service that stops has no such task any more.
            let _ = orders.send((conn, order));
        }
    }
}
