//! The HTTP side: routes, sign-in, headers and pages.

mod admin;
mod api;
mod auth;
mod check;
mod cookies;
mod failure;
mod headers;
mod health;
mod identity;
mod metrics;
mod notes;
mod openapi;
mod origin;
mod own;
mod pages;
mod read;
mod receipts;
mod relay;
mod reports;
mod rules;
mod threads;
mod webhook;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use rh_policy::{Device, Person, TenantId, Unrecognised};
use rh_records::{Event as Recorded, RecordStore, SigningKey};
use rh_relay::server::Relay;
use tokio::sync::watch;

use crate::clock;
use crate::cluster::OtherNodes;
use crate::devices::Devices;
use crate::hub::{Caller, OsRandom};
use crate::observe::Observers;
use crate::people::People;
use crate::sign_in::{Life, SignInId, SignIns, Who};
use crate::socket::Switchboard;
use crate::tenants::Tenants;
use api::Welcome;
pub(crate) use auth::Desk;
pub(crate) use cookies::Cookies;
use failure::Failure;
use health::Pulse;
pub use metrics::MetricsAt;
pub(crate) use metrics::serve as serve_metrics;
use openapi::{Api, Bytes, Upgrade};
pub(crate) use origin::{Origins, is_origin};
pub(crate) use pages::Pages;
pub(crate) use receipts::Archive;
pub(crate) use rules::keep as keep_rules;

/// Bytes of a request's body.
const BODY_BYTES: usize = 4 * 1024;

/// What every request may need.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) people: People,
    pub(crate) origins: Origins,
    pub(crate) board: Arc<Switchboard>,
    others: OtherNodes,
    pub(crate) stop: watch::Receiver<bool>,
    tenants: Mutex<Tenants>,
    pub(crate) devices: Arc<Devices>,
    /// Ways to sign in at identity providers, if there are any.
    pub(crate) desk: Option<Desk>,
    pub(crate) cookies: Cookies,
    /// Whether the service has TLS itself.
    pub(crate) tls: bool,
    /// What relays sessions.
    pub(crate) relay: Option<Arc<dyn Relay>>,
    sign_ins: Mutex<SignIns>,
    pub(crate) observers: Arc<Observers>,
    pulse: Pulse,
    /// What administrators were refused and when, so that nobody floods the records.
    refusals: admin::Refusals,
    /// How often each tenant's rules were changed, as far as this service has seen.
    versions: Mutex<BTreeMap<TenantId, u64>>,
    draining: AtomicBool,
    /// Where it is recorded who helped whom, if it is.
    archive: Option<Archive>,
}

impl App {
    /// With the development sign-in alone.
    pub(crate) fn new(
        people: People,
        tenants: Tenants,
        origins: Origins,
        board: Arc<Switchboard>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        tell(&tenants);
        board.rule(clock::now(), tenants.iter().cloned());
        for (id, person) in people.iter() {
            let name = person.card.full_name.as_deref().unwrap_or_default();
            board.know_name(&person.tenant, &id.into(), name);
        }
        let tenants = Mutex::new(tenants);
        let sign_ins = Mutex::new(SignIns::new(Life::DEVELOPMENT));
        let (cookies, devices) = (Cookies::DEVELOPMENT, Arc::default());
        Self {
            people,
            origins,
            board,
            others: OtherNodes::default(),
            stop,
            tenants,
            devices,
            desk: None,
            cookies,
            tls: false,
            relay: None,
            sign_ins,
            observers: Arc::default(),
            pulse: Pulse::default(),
            refusals: admin::Refusals::default(),
            versions: Mutex::default(),
            draining: AtomicBool::new(false),
            archive: None,
        }
    }

    /// Observed, and with records if they are kept.
    pub(crate) fn observed_by(self, observers: Arc<Observers>, archive: Option<Archive>) -> Self {
        Self { observers, archive, ..self }
    }

    /// One node of several, of which these are the others.
    pub(crate) fn among(self, others: OtherNodes) -> Self {
        Self { others, ..self }
    }

    /// With identity providers too.
    pub(crate) fn with_desk(self, desk: Desk, life: Life) -> Self {
        let cookies = Cookies::new(&self.origins);
        Self { desk: Some(desk), cookies, sign_ins: Mutex::new(SignIns::new(life)), ..self }
    }

    /// With what its port has.
    pub(crate) fn with_port(self, tls: bool, relay: Option<Arc<dyn Relay>>) -> Self {
        Self { tls, relay, ..self }
    }

    /// With directories of devices.
    pub(crate) fn with_devices(self, devices: Arc<Devices>) -> Self {
        Self { devices, ..self }
    }

    /// Takes new rules in the place of those that were.
    pub(crate) fn rule(&self, new: Tenants) {
        let mut tenants = self.tenants();
        let new = new.made_as(&tenants);
        let rules = new.instead_of(&tenants);
        tell(&new);
        *tenants = new;
        let now = clock::now();
        self.board.rule(now, rules);
        self.board.know(now, |person| {
            let (tenant, id) = (&person.tenant, &person.id);
            let mut known = tenants.person(tenant, id);
            known.contexts.clone_from(&person.contexts);
            known.groups.extend(self.sign_ins().groups(tenant, id));
            let unknown = || Device::unknown(tenant.clone(), Unrecognised::NothingPresented);
            let device = || tenants.device(tenant, id).unwrap_or_else(unknown);
            let device = (!self.devices.serve(tenant)).then(device);
            (known, device)
        });
    }

    /// Who speaks on a new connection: what the directory and the rules say together.
    fn caller(&self, who: &Who, address: IpAddr) -> Caller {
        let person = self.person(who);
        let listed = || self.tenants().device(&person.tenant, &person.id);
        let device = self.devices.at_sign_in(&person).or_else(listed);
        Caller { person, card: who.person.card.clone(), address, device }
    }

    /// Who somebody is to the rules.
    fn person(&self, who: &Who) -> Person {
        let mut person = self.tenants().person(&who.person.tenant, &(&who.id).into());
        person.contexts.clone_from(&who.contexts);
        person.groups.extend(who.groups.iter().cloned());
        person
    }

    /// Where records are kept.
    fn store(&self) -> Result<&Arc<dyn RecordStore>, Failure> {
        self.archive.as_ref().map(|archive| &archive.store).ok_or(Failure::NoRecords)
    }

    /// What records are signed with.
    fn signing_key(&self) -> Result<&SigningKey, Failure> {
        self.archive.as_ref().map(|archive| &*archive.key).ok_or(Failure::NoRecords)
    }

    fn tenants(&self) -> MutexGuard<'_, Tenants> {
        lock(&self.tenants)
    }

    /// Takes nothing new from now on; what runs goes on.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        self.board.drain();
    }

    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Signs a person in and returns the token; `None` if there is no room.
    fn sign_in(&self, who: Who) -> Option<String> {
        tracing::info!(person = %who.id, tenant = %who.person.tenant, "signed in");
        let (tenant, person) = (who.person.tenant.clone(), (&who.id).into());
        let token = self.sign_ins().add(clock::now(), who, &mut OsRandom)?;
        self.board.record(tenant, Recorded::SignedIn { person, address: None });
        Some(token)
    }

    /// Signs out and closes what was opened so.
    fn sign_out(&self, id: SignInId, who: &Who) {
        self.sign_ins().remove(id);
        self.signed_out(id, who);
    }

    /// Closes what was opened by a sign-in that is over, and records that it is.
    fn signed_out(&self, id: SignInId, who: &Who) {
        self.board.sign_out(id);
        let event = Recorded::SignedOut { person: (&who.id).into() };
        self.board.record(who.person.tenant.clone(), event);
    }

    /// Lets time pass: who is connected is not idle, and who is signed out is disconnected.
    pub(crate) fn tick(&self) {
        let now = clock::now();
        let connected = self.board.connected();
        let gone = {
            let mut sign_ins = self.sign_ins();
            sign_ins.keep(now, &connected);
            sign_ins.expire(now)
        };
        for (id, who) in gone {
            self.signed_out(id, &who);
        }
    }

    fn sign_ins(&self) -> MutexGuard<'_, SignIns> {
        lock(&self.sign_ins)
    }
}

/// Tells what of an import means nothing here.
fn tell(tenants: &Tenants) {
    for ignored in &tenants.ignored {
        tracing::warn!(?ignored, "left out of the imported roles");
    }
}

/// Everything that is served.
pub(crate) fn router(app: Arc<App>, pages: &Pages) -> Router {
    let policy = headers::Policy::new(&app.origins);
    let (routes, _) = api().finish();
    routes
        .route("/api", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .merge(pages.router())
        .layer(from_fn_with_state(Arc::clone(&app), metrics::count))
        .layer(from_fn(headers::cache))
        .layer(map_response_with_state(policy, headers::secure))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(app)
}

/// Every route but those of the pages.
fn api() -> Api {
    let api = Api::new().of("service");
    let api = api
        .get("/healthz", "Whether the process answers", health::alive)
        .get("/readyz", "Whether new work should be sent here", health::ready)
        .get("/api/version", "Which versions run", api::version)
        .get("/api/relay", "Where sessions are relayed", relay::urls)
        .get("/api/openapi.json", "This description", openapi)
        .answers::<Json<serde_json::Value>>()
        .get("/ws/check", "A WebSocket that says one word", check::socket)
        .answers::<Upgrade>()
        .any("/ws", "The WebSocket of pages and agents", api::socket)
        .answers::<Upgrade>();
    let api = api
        .of("people")
        .get("/api/people", "Whom the development sign-in knows", api::people)
        .get("/api/people/{id}/picture", "Somebody's picture", api::picture)
        .answers::<Bytes>()
        .open()
        .get("/api/sign-in", "The ways to sign in", api::ways)
        .post("/api/sign-in", "Signs in without a password; in development only", api::sign_in)
        .answers::<Json<Welcome>>()
        .post("/api/sign-out", "Signs out, and closes what was opened so", api::sign_out)
        .answers::<StatusCode>()
        .get("/api/threads/{session}", "What was written in an own session", threads::thread)
        .get("/api/notes/{session}", "What was noted of the sharer of an own session", notes::notes)
        .put("/api/notes/{session}", "Notes something of an own session", notes::keep)
        .answers::<StatusCode>()
        .post("/api/step-up", "Gives a development sign-in a context", api::step_up)
        .get("/api/me", "Who is signed in", api::me);
    let api = api
        .of("sharers")
        .get("/api/receipts/{session}", "The signed receipt of an own session", receipts::receipt)
        .answers::<Json<serde_json::Value>>()
        .post("/api/reports", "Reports the helper of an own session", reports::report)
        .answers::<StatusCode>();
    admin::api(auth::api(webhook::api(api)))
}

/// The description of the HTTP interface, as JSON.
pub(crate) fn description() -> String {
    let (_, document) = api().finish();
    format!("{document:#}\n")
}

static DESCRIPTION: LazyLock<String> = LazyLock::new(description);

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION.as_str()).into_response()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn nothing() -> impl IntoResponse {
    Failure::NotFound
}
