//! Joins the hub to the sockets.

mod delivery;
mod nodes;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rh_policy::{AuthContext, Device, Person, PersonId, Tenant, TenantId};
use rh_protocol::SessionId;
use rh_records::Event as Recorded;
use rh_relay::server::{Here, Relay};
use rh_signed::{KeyId, SigningKey};
use tokio::sync::mpsc;

use crate::Close;
use crate::clock::wall;
use crate::cluster::Order;
use crate::devices::LookedUp;
use crate::hub::{Caller, Capacity, ConnId, Effect, Event, Hub, Load, OsRandom, Running};
use crate::observe::Observers;
use crate::recorder::Notes;
use crate::shield::{Acquaintance, Names};
use crate::sign_in::SignInId;

/// Messages that may wait for one client; a client that lets more pile up is closed.
const OUTBOX: usize = 64;

/// What a socket must do next.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// Send this message.
    Say(String),
    /// Close.
    Close(Close),
}

/// The hub, and the way to every socket.
///
/// Effects are handed out under the hub's lock, so every client hears things in the order in which
/// they happened; handing out never waits.
#[derive(Debug)]
pub(crate) struct Switchboard(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    hub: Hub,
    key: Arc<SigningKey>,
    names: Names,
    /// Where it is looked up whether two met before.
    acquaintances: Option<mpsc::Sender<Acquaintance>>,
    lines: HashMap<ConnId, Line>,
    next: u64,
    notes: Notes,
    observers: Arc<Observers>,
    relay: Option<Arc<dyn Relay>>,
    /// Takes what other nodes must hear, if there are any.
    orders: Option<mpsc::UnboundedSender<Order>>,
}

#[derive(Debug)]
struct Line {
    sign_in: SignInId,
    /// Who is there, as the hub knows.
    person: Person,
    outbox: mpsc::Sender<Outgoing>,
    /// How the client reached the service.
    here: Option<Here>,
}

impl Switchboard {
    /// A board that signs with `key`.
    pub(crate) fn new(capacity: Capacity, key: Arc<SigningKey>) -> Self {
        let hub = Hub::new(capacity, Box::new(OsRandom)).signing_with(key.public().into());
        let (lines, notes, observers) = (HashMap::new(), Notes::default(), Arc::default());
        let (names, acquaintances, relay) = (Names::default(), None, None);
        let inner = Inner {
            hub,
            key,
            names,
            acquaintances,
            lines,
            next: 0,
            notes,
            observers,
            relay,
            orders: None,
        };
        Self(Mutex::new(inner))
    }

    /// Has what happens told to the log, the counters and the records.
    pub(crate) fn observed_by(self, observers: Arc<Observers>) -> Self {
        self.lock().observers = observers;
        self
    }

    /// Has sessions relayed that find no direct path, if there is a relay.
    pub(crate) fn relayed_by(self, relay: Option<Arc<dyn Relay>>) -> Self {
        self.lock().relay = relay;
        self
    }

    /// Has it looked up whether those who meet had done so before.
    pub(crate) fn be_acquainted_by(&self, queue: mpsc::Sender<Acquaintance>) {
        self.lock().acquaintances = Some(queue);
    }

    /// Somebody of a tenant has this name.
    pub(crate) fn know_name(&self, tenant: &TenantId, person: &PersonId, name: &str) {
        self.lock().names.note(tenant, person, name);
    }

    /// Whom `sharer` is being helped by in a session that runs.
    pub(crate) fn helper_in(
        &self,
        session: SessionId,
        tenant: &TenantId,
        sharer: &PersonId,
    ) -> Option<PersonId> {
        self.lock().hub.helper_in(session, tenant, sharer)
    }

    /// A sharer reported a helper, who is suspended at once.
    pub(crate) fn report(
        &self,
        now: Instant,
        tenant: &TenantId,
        helper: &PersonId,
        by: &PersonId,
        session: SessionId,
    ) {
        let (person, by) = (helper.clone(), by.clone());
        let mut inner = self.lock();
        let reported = Recorded::Reported { session, by, person: person.clone() };
        inner.note(tenant, reported);
        inner.note(tenant, Recorded::Suspended { person: person.clone(), session: Some(session) });
        inner.handle(now, Event::Suspended(tenant.clone(), person));
    }

    /// Hands out what was found beside the hub.
    pub(crate) fn carry_out(&self, now: Instant, effects: impl IntoIterator<Item = Effect>) {
        self.lock().carry_out(now, effects);
    }

    /// Tells what happened beside the sockets.
    pub(crate) fn record(&self, tenant: TenantId, event: Recorded) {
        self.lock().note(&tenant, event);
    }

    /// What it signs with.
    pub(crate) fn key(&self) -> KeyId {
        self.lock().key.public().id()
    }

    /// How much there is at the moment.
    pub(crate) fn load(&self, now: Instant) -> Load {
        self.lock().hub.load(now)
    }

    /// What `see` makes of each session of a tenant that runs.
    pub(crate) fn running<T>(&self, tenant: &TenantId, see: impl Fn(Running<'_>) -> T) -> Vec<T> {
        self.lock().hub.running(tenant).map(see).collect()
    }

    /// Ends a tenant's session for an administrator; whether there was one.
    pub(crate) fn end(&self, now: Instant, tenant: &TenantId, session: SessionId) -> bool {
        let mut inner = self.lock();
        let Some(effects) = inner.hub.end(tenant, session) else { return false };
        inner.carry_out(now, effects);
        true
    }

    /// Makes no more codes; what runs goes on.
    pub(crate) fn drain(&self) {
        self.lock().hub.drain();
    }

    /// Takes a new socket in; what it must do comes through the receiver, whose end means that the
    /// client was too slow.
    pub(crate) fn connect(
        &self,
        now: Instant,
        sign_in: SignInId,
        caller: Caller,
        here: Option<Here>,
    ) -> (ConnId, mpsc::Receiver<Outgoing>) {
        let (outbox, inbox) = mpsc::channel(OUTBOX);
        let mut inner = self.lock();
        if let Some(name) = caller.card.cleaned().full_name {
            inner.names.note(&caller.person.tenant, &caller.person.id, &name);
        }
        let conn = inner.new_conn();
        let person = caller.person.clone();
        inner.lines.insert(conn, Line { sign_in, person, outbox, here });
        inner.handle(now, Event::Connected(conn, Box::new(caller)));
        (conn, inbox)
    }

    /// Passes on what happened on a socket.
    pub(crate) fn handle(&self, now: Instant, event: Event) {
        self.lock().handle(now, event);
    }

    /// The socket is done; `event` says how.
    pub(crate) fn disconnect(&self, now: Instant, conn: ConnId, event: Event) {
        let mut inner = self.lock();
        inner.lines.remove(&conn);
        inner.handle(now, event);
    }

    /// Lets time pass.
    pub(crate) fn tick(&self, now: Instant) {
        let mut inner = self.lock();
        let effects = inner.hub.tick(now);
        inner.carry_out(now, effects);
    }

    /// Takes in the rules of tenants, new or changed.
    pub(crate) fn rule(&self, now: Instant, tenants: impl IntoIterator<Item = Tenant>) {
        let mut inner = self.lock();
        for tenant in tenants {
            inner.handle(now, Event::Ruled(Box::new(tenant)));
        }
    }

    /// A directory was asked about the device at the other end of `conn`.
    pub(crate) fn looked_up(&self, conn: ConnId, answer: LookedUp) {
        let inner = self.lock();
        if let Some(fact) = inner.notes.looked_up(wall(), conn, answer) {
            inner.observers.hear(fact);
        }
    }

    /// Takes in what is known now of the device at the other end of `conn`.
    pub(crate) fn found(&self, now: Instant, conn: ConnId, device: Device) {
        self.lock().handle(now, Event::Found(conn, device));
    }

    /// Takes in what `known` says now of everybody who is connected, and of the devices where it says
    /// anything of them.
    pub(crate) fn know(&self, now: Instant, known: impl Fn(&Person) -> (Person, Option<Device>)) {
        let mut inner = self.lock();
        let conns: Vec<ConnId> = inner.lines.keys().copied().collect();
        for conn in conns {
            // An earlier one's news may have cut this one off.
            let Some(line) = inner.lines.get_mut(&conn) else { continue };
            let (person, device) = known(&line.person);
            line.person = person.clone();
            inner.handle(now, Event::Known(conn, person));
            if let Some(device) = device {
                inner.handle(now, Event::Found(conn, device));
            }
        }
    }

    /// A sign-in has these authentication contexts now.
    pub(crate) fn step_up(
        &self,
        now: Instant,
        sign_in: SignInId,
        contexts: &BTreeSet<AuthContext>,
    ) {
        let mut inner = self.lock();
        let lines = inner.lines.iter_mut().filter(|(_, line)| line.sign_in == sign_in);
        let news: Vec<Event> = lines
            .map(|(&conn, line)| {
                line.person.contexts.clone_from(contexts);
                Event::Known(conn, line.person.clone())
            })
            .collect();
        for event in news {
            inner.handle(now, event);
        }
    }

    /// The sign-ins that have a socket open.
    pub(crate) fn connected(&self) -> HashSet<SignInId> {
        self.lock().lines.values().map(|line| line.sign_in).collect()
    }

    /// Closes the sockets of a sign-in that is over.
    pub(crate) fn sign_out(&self, sign_in: SignInId) {
        for line in self.lock().lines.values().filter(|line| line.sign_in == sign_in) {
            // A full outbox means that this client is being closed as too slow.
            let _ = line.outbox.try_send(Outgoing::Close(Close::SignedOut));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
