//! Which devices are shared: looked up when an agent says so, and again while it is connected.
//!
//! For a tenant of which the configuration says where its devices are known. Those of all others are
//! what the tenants file says of people.

mod looked_up;
mod presenting;
mod settings;
mod webhook;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use rh_devices::proof::Authority;
use rh_devices::{DeviceKey, DirectoryError, Lookup, Presented, SignIn, recognise};
use rh_policy::{AuthContext, Device, Person, TenantId};
use rh_records::{DeviceStore, RecordStore};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::http::Origins;
use crate::hub::ConnId;
use crate::socket::Switchboard;
use crate::{ServeError, clock};
pub(crate) use looked_up::LookedUp;
pub(crate) use presenting::Presenting;
pub(crate) use settings::{DeviceSettings, Source};
pub(crate) use webhook::{Untold, Webhook};

/// How long somebody waits who wants to share.
const PATIENCE: Duration = Duration::from_secs(5);

/// Questions to one directory at a time, when all its devices are looked up again.
const AT_ONCE: usize = 8;

/// The devices of every tenant that has a directory.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    tenants: BTreeMap<TenantId, Known>,
    /// The origins under which the service is known.
    origins: Vec<String>,
    /// What connected agents presented.
    presented: Mutex<HashMap<ConnId, Shared>>,
}

/// What one agent shares.
#[derive(Debug)]
struct Shared {
    person: Person,
    presented: Presented,
    /// What was answered last about each device that it presented.
    answers: HashMap<DeviceKey, LookedUp>,
}

/// The devices of one tenant.
#[derive(Debug)]
struct Known {
    source: Source,
    lookup: Lookup,
    refresh: Duration,
    authorities: Vec<Authority>,
    compliant_context: Option<AuthContext>,
    webhook: Option<Webhook>,
}

impl Devices {
    /// As the configuration says; `store` is where the default directory lies.
    pub(crate) fn new(
        settings: &[DeviceSettings],
        store: Option<&Arc<dyn RecordStore>>,
        origins: &Origins,
    ) -> Result<Self, ServeError> {
        let known = |it: &DeviceSettings| {
            let problem = |problem| ServeError::Tenant { tenant: it.tenant.to_string(), problem };
            Ok((it.tenant.clone(), Known::new(it, store).map_err(problem)?))
        };
        let tenants = settings.iter().map(known).collect::<Result<_, ServeError>>()?;
        let origins = origins.iter().map(str::to_owned).collect();
        Ok(Self { tenants, origins, presented: Mutex::default() })
    }

    /// Where a tenant's device management tells of its devices.
    pub(crate) fn webhook(&self, tenant: &TenantId) -> Option<&Webhook> {
        self.tenants.get(tenant)?.webhook.as_ref()
    }

    /// Whether a directory knows this tenant's devices.
    pub(crate) fn serve(&self, tenant: &TenantId) -> bool {
        self.tenants.contains_key(tenant)
    }

    /// The device of somebody who has said nothing of it yet; `None` where there is no directory.
    pub(crate) fn at_sign_in(&self, person: &Person) -> Option<Device> {
        let known = self.tenants.get(&person.tenant)?;
        let (now, nothing) = (clock::wall(), Presented::Nothing);
        Some(recognise(&person.tenant, &nothing, &Ok(None), known.sign_in(person), now))
    }

    /// What is known now of what `person` presented, and what the directory answered if it was asked;
    /// `None` where there is no directory.
    async fn find(
        &self,
        person: &Person,
        presented: &Presented,
    ) -> Option<(Device, Option<LookedUp>)> {
        let known = self.tenants.get(&person.tenant)?;
        let found = match presented.key() {
            Some(key) => timeout(PATIENCE, known.lookup.find(clock::now(), key))
                .await
                .unwrap_or_else(|_| Err(DirectoryError::Unavailable("no answer in time".into()))),
            None => Ok(None),
        };
        if let Err(error) = &found {
            tracing::warn!(alarm = "devices", tenant = %person.tenant, "{error}");
        }
        let sign_in = known.sign_in(person);
        let device = recognise(&person.tenant, presented, &found, sign_in, clock::wall());
        let looked_up =
            presented.key().map(|key| LookedUp::new(key, known.source, &found, &device));
        Some((device, looked_up))
    }

    fn keep(&self, conn: ConnId, person: &Person, presented: Presented) {
        let person = person.clone();
        let mut all = self.presented();
        let answers = all.remove(&conn).map(|shared| shared.answers).unwrap_or_default();
        all.insert(conn, Shared { person, presented, answers });
    }

    /// Whether this is another answer than the last one about the same device on that connection,
    /// which is still there.
    fn is_news(&self, conn: ConnId, answer: &LookedUp) -> bool {
        let mut all = self.presented();
        let Some(shared) = all.get_mut(&conn) else { return false };
        let before = shared.answers.insert(answer.presented.clone(), answer.clone());
        before.as_ref() != Some(answer)
    }

    fn forget(&self, conn: ConnId) {
        self.presented().remove(&conn);
    }

    fn presented(&self) -> MutexGuard<'_, HashMap<ConnId, Shared>> {
        self.presented.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks everything up again and again until the service stops, so that a change of a device takes
    /// effect in running sessions.
    pub(crate) fn watch(
        self: &Arc<Self>,
        board: &Arc<Switchboard>,
        stopped: &watch::Receiver<bool>,
    ) {
        for (tenant, known) in &self.tenants {
            let (devices, board, tenant) = (Arc::clone(self), Arc::clone(board), tenant.clone());
            let (mut stopped, refresh) = (stopped.clone(), known.refresh);
            tokio::spawn(async move {
                let again_and_again = async {
                    let mut ticks = interval(refresh);
                    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                    loop {
                        ticks.tick().await;
                        devices.look_again(&tenant, &board).await;
                    }
                };
                tokio::select! {
                    () = again_and_again => {}
                    _ = stopped.changed() => {}
                }
            });
        }
    }

    async fn look_again(&self, tenant: &TenantId, board: &Switchboard) {
        let ours: Vec<_> = {
            let presented = self.presented();
            let ours = presented.iter().filter(|(_, shared)| shared.person.tenant == *tenant);
            ours.map(|(conn, it)| (*conn, it.person.clone(), it.presented.clone())).collect()
        };
        let one = async |(conn, person, presented): (ConnId, Person, Presented)| {
            if let Some((device, answer)) = self.find(&person, &presented).await {
                if let Some(answer) = answer.filter(|it| self.is_news(conn, it)) {
                    board.looked_up(conn, answer);
                }
                board.found(clock::now(), conn, device);
            }
        };
        stream::iter(ours).map(one).buffer_unordered(AT_ONCE).collect::<()>().await;
    }
}

impl Known {
    fn new(it: &DeviceSettings, store: Option<&Arc<dyn RecordStore>>) -> Result<Self, String> {
        let directory = it.directory(|| {
            let store: &Arc<dyn RecordStore> = store.ok_or(NO_STORE)?;
            Ok(Arc::<dyn RecordStore>::clone(store) as Arc<dyn DeviceStore>)
        })?;
        let refresh = Duration::from_secs(u64::from(it.refresh_seconds));
        // An answer is never as old as to be taken for that of the next look.
        let lookup = Lookup::new(directory, refresh / 2);
        let authorities = it.authorities.iter().map(|it| it.read()).collect::<Result<_, _>>()?;
        let compliant_context = it.compliant_context.clone();
        let webhook = match &it.webhook_secret {
            Some(secret) => {
                let store = Arc::clone(store.ok_or(NO_STORE)?);
                Some(Webhook::new(it.tenant.clone(), secret, it.compliant_if.clone(), store)?)
            }
            None => None,
        };
        let source = it.source;
        Ok(Self { source, lookup, refresh, authorities, compliant_context, webhook })
    }

    fn sign_in(&self, person: &Person) -> SignIn {
        match &self.compliant_context {
            None => SignIn::Silent,
            Some(context) if person.contexts.contains(context) => SignIn::Compliant,
            Some(_) => SignIn::Other,
        }
    }
}

const NO_STORE: &str = "its devices are kept in the records, and there are none; give --records, or \
                        another `source` in [[devices]]";
