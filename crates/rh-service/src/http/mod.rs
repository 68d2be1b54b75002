//! The HTTP side: routes, sign-in, headers and pages.

mod api;
mod failure;
mod headers;
mod identity;
mod origin;
mod pages;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, map_response_with_state};
use axum::routing::{any, get, post};
use axum::{Router, response::IntoResponse};
use rh_policy::{AuthContext, Person};
use tokio::sync::watch;

use crate::PersonId;
use crate::clock;
use crate::hub::Caller;
use crate::people::{self, People};
use crate::sign_in::SignIns;
use crate::socket::Switchboard;
use crate::tenants::Tenants;
use failure::Failure;
pub(crate) use origin::Origins;
pub(crate) use pages::Pages;

/// Bytes of a request's body.
const BODY_BYTES: usize = 4 * 1024;

/// What every request may need.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) people: People,
    pub(crate) origins: Origins,
    pub(crate) board: Arc<Switchboard>,
    pub(crate) stop: watch::Receiver<bool>,
    tenants: Mutex<Tenants>,
    sign_ins: Mutex<SignIns>,
}

impl App {
    pub(crate) fn new(
        people: People,
        tenants: Tenants,
        origins: Origins,
        board: Arc<Switchboard>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        tell(&tenants);
        board.rule(clock::now(), tenants.iter().cloned());
        let tenants = Mutex::new(tenants);
        Self { people, origins, board, stop, tenants, sign_ins: Mutex::default() }
    }

    /// Takes new rules in the place of those that were.
    pub(crate) fn rule(&self, new: Tenants) {
        let mut tenants = self.tenants();
        let rules = new.instead_of(&tenants);
        tell(&new);
        *tenants = new;
        let now = clock::now();
        self.board.rule(now, rules);
        self.board.know(now, |person| {
            let (tenant, id) = (&person.tenant, &person.id);
            let known = Person { contexts: person.contexts.clone(), ..tenants.person(tenant, id) };
            (known, tenants.device(tenant, id))
        });
    }

    /// Who speaks on a new connection of `id`.
    fn caller(
        &self,
        id: &PersonId,
        known: &people::Person,
        contexts: BTreeSet<AuthContext>,
        address: IpAddr,
    ) -> Caller {
        let (tenants, id) = (self.tenants(), id.into());
        let person = Person { contexts, ..tenants.person(&known.tenant, &id) };
        let device = tenants.device(&known.tenant, &id);
        Caller { person, card: known.card.clone(), address, device }
    }

    fn tenants(&self) -> MutexGuard<'_, Tenants> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sign_ins(&self) -> MutexGuard<'_, SignIns> {
        self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner)
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
    Router::new()
        .route("/api/people", get(api::people))
        .route("/api/people/{id}/picture", get(api::picture))
        .route("/api/sign-in", post(api::sign_in))
        .route("/api/sign-out", post(api::sign_out))
        .route("/api/step-up", post(api::step_up))
        .route("/api/me", get(api::me))
        .route("/api/version", get(api::version))
        .route("/api", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .route("/ws", any(api::socket))
        .route("/healthz", get("ok\n"))
        .merge(pages.router())
        .layer(from_fn(headers::cache))
        .layer(map_response_with_state(policy, headers::secure))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(app)
}

async fn nothing() -> impl IntoResponse {
    Failure::NotFound
}
