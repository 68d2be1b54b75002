//! Sign-in at an identity provider: the way there and back.
//!
//! | request | answer |
//! |---|---|
//! | `GET /auth/start?tenant=ID` | to the provider, and back to the page |
//! | `GET /auth/agent?port=P&challenge=C&state=S` | to the provider, and back to the agent on `127.0.0.1:P` |
//! | `POST /auth/agent/token` `{"code", "verifier"}` | `{"id", "card", "token"}` |
//! | `GET /auth/step-up?context=C` | to the provider for a stronger sign-in, and back |
//! | `GET /auth/callback` | where providers send people back to |
//! | `POST /auth/logout/{tenant}` | where a provider says that a session is over |
//! | `POST /auth/device` `{"tenant"}`, `POST /auth/device/token` `{"grant"}` | the device flow, if it is on |
//!
//! Whatever goes wrong on the way is told to the page in its address (`/?sign-in=WORD`), or to the
//! agent (`?error=WORD`), so that a person is never left at an error of HTTP.

mod agent;
mod begin;
mod callback;
mod device;
mod logout;
mod once;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use rh_identity::{Attempts, Identity, Provider, Replays};
use rh_policy::{AuthContext, TenantId};

use super::Origins;
use super::api::Welcome;
use super::openapi::{Api, Redirection};
use crate::people::{Person, Picture};
use crate::settings::Settings;
use crate::sign_in::{SignInId, Who};
use crate::{PersonId, ServeError};
use agent::{AgentWish, Promise};
use device::Device;
use once::Once;

/// How long an agent has to fetch its token.
const CODE_LIFE: Duration = Duration::from_secs(60);

/// Everything about identity providers.
#[derive(Debug)]
pub(crate) struct Desk {
    providers: BTreeMap<TenantId, Provider>,
    attempts: Mutex<Attempts<Wish>>,
    replays: Mutex<Replays>,
    /// Agents that have yet to fetch their token.
    agents: Mutex<Once<Promise>>,
    /// People who sign in on another device; none if that is off.
    devices: Option<Mutex<Once<Device>>>,
}

/// What a sign-in under way is for.
#[derive(Debug)]
struct Wish {
    purpose: Purpose,
    /// Whether this is the second try, after the directory asked for one.
    again: bool,
}

#[derive(Debug)]
enum Purpose {
    /// A page of ours.
    Page,
    /// An agent.
    Agent(AgentWish),
    /// A stronger sign-in of somebody who is signed in.
    StepUp { sign_in: SignInId, person: PersonId, context: AuthContext },
}

impl Desk {
    /// The providers of a configuration; people come back to the first of `origins`.
    pub(crate) fn new(settings: &Settings, origins: &Origins) -> Result<Self, ServeError> {
        let redirect = format!("{}/auth/callback", origins.first());
        let provider = |tenant: &rh_identity::ProviderSettings| {
            let id = tenant.id.clone();
            let provider = Provider::new(tenant.clone(), &redirect);
            provider
                .map(|it| (id.clone(), it))
                .map_err(|problem| ServeError::Tenant { tenant: id.to_string(), problem })
        };
        let device_flow = settings.sign_in.device_flow;
        Ok(Self {
            providers: settings.tenants.iter().map(provider).collect::<Result<_, _>>()?,
            attempts: Mutex::default(),
            replays: Mutex::default(),
            agents: Mutex::default(),
            devices: device_flow.then(Mutex::default),
        })
    }

    /// The organisations, by id and name.
    pub(super) fn tenants(&self) -> impl Iterator<Item = (&TenantId, &str)> {
        self.providers.iter().map(|(id, provider)| (id, provider.settings().shown_name()))
    }

    /// The provider of the tenant named, or the only one.
    fn provider(&self, tenant: Option<&str>) -> Option<&Provider> {
        match tenant {
            Some(tenant) => self.providers.get(&tenant.parse().ok()?),
            None if self.providers.len() == 1 => self.providers.values().next(),
            None => None,
        }
    }
}

/// The routes; without a configuration none of them leads anywhere.
pub(super) fn api(api: Api) -> Api {
    api.of("sign-in at an identity provider")
        .get("/auth/start", "Sends a browser to its provider", begin::page)
        .answers::<Redirection>()
        .get("/auth/agent", "Sends the browser of an agent's person there", begin::agent)
        .answers::<Redirection>()
        .get("/auth/step-up", "Sends a browser there for a stronger sign-in", begin::step_up)
        .answers::<Redirection>()
        .get("/auth/callback", "Where providers send people back to", callback::callback)
        .answers::<Redirection>()
        .post("/auth/agent/token", "Hands an agent its token", agent::token)
        .post("/auth/logout/{tenant}", "Ends what a provider ended", logout::logout)
        .post("/auth/device", "Begins a sign-in by a code", device::begin)
        .post("/auth/device/token", "Asks whether that code was typed", device::token)
        .answers::<Json<Welcome>>()
}

/// Who signed in, as the service keeps it.
fn who(identity: Identity) -> Who {
    let id: PersonId = identity.key.id().as_str().parse().expect("made to fit into a path");
    let mut card = identity.card;
    card.picture = identity.picture.as_ref().map(|_| format!("/api/people/{id}/picture"));
    let picture =
        identity.picture.map(|picture| Picture { media_type: "image/png", bytes: picture.png });
    let person = Arc::new(Person { tenant: identity.tenant, card, picture });
    let (contexts, groups) = (identity.contexts, identity.groups);
    Who { id, person, contexts, groups, from: Some(identity.session) }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
