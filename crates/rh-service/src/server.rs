//! Starts and stops the service.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rh_records::RecordStore;
use rh_signed::SigningKey;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

use crate::ServeError;
use crate::clock;
use crate::cluster::{self, ClusterSettings};
use crate::devices::Devices;
use crate::http::{self, App, Archive, Desk, MetricsAt, Origins, Pages};
use crate::hub::Capacity;
use crate::observe::{Alarms, Observers};
use crate::people::People;
use crate::port::{Port, Tls, TlsPort};
use crate::recorder::{Keeper, Records};
use crate::relaying;
use crate::settings::{LogFormat, RecordSettings, Settings};
use crate::shield;
use crate::socket::Switchboard;
use crate::tenants::Tenants;

/// How long clients have to take leave when the service stops.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// How often a service that drains looks whether it is done.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Connections that need not be WebSockets.
const BESIDE_SOCKETS: usize = 2048;

/// Where to listen unless told otherwise.
pub const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// How a service is to run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one. Loopback only, with the development sign-in.
    pub listen: SocketAddr,
    /// The people who may sign in (a TOML file), or two made-up ones.
    pub people: Option<PathBuf>,
    /// The rules of the tenants (a JSON file), or made-up ones in which everybody may do everything.
    pub tenants: Option<PathBuf>,
    /// The origins of the service's own pages, or those of `listen` and `localhost`.
    pub public_origins: Vec<String>,
    /// The certificate; without one there is no TLS, as on loopback or behind a proxy that has it.
    pub tls: Option<Tls>,
    /// A folder of web pages, or those built in.
    pub pages: Option<PathBuf>,
    /// How much the service takes.
    pub capacity: Capacity,
    /// Where it is recorded who helped whom; nowhere without.
    pub records: Option<Records>,
    /// Where metrics are served; nowhere without.
    pub metrics: Option<MetricsAt>,
    /// How long [`Server::drain`] waits at most; not at all unless a file says so.
    pub drain: Duration,
    /// What else a configuration file says.
    pub settings: Option<Arc<Settings>>,
}

impl Config {
    /// Two made-up people and the built-in pages on `listen`.
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            people: None,
            tenants: None,
            public_origins: Vec::new(),
            tls: None,
            pages: None,
            capacity: Capacity::default(),
            records: None,
            metrics: None,
            drain: Duration::ZERO,
            settings: None,
        }
    }

    /// As the configuration `file` says (TOML). What is set afterwards goes before it.
    ///
    /// # Errors
    ///
    /// [`ServeError`]: everything that is wrong with the file, each with its key and what to do.
    pub fn read(file: &Path) -> Result<Self, ServeError> {
        let settings = Settings::read(file)?;
        let listen = settings.listen.unwrap_or(LISTEN);
        let wrong = |key: &str, problem: &str| ServeError::Settings {
            path: file.to_owned(),
            problem: format!("{key}: {problem}"),
        };
        let metrics = settings.operations.metrics();
        let metrics = metrics.map_err(|problem| wrong("operations.metrics_token", &problem))?;
        let records = settings.records.as_ref().map(RecordSettings::records).transpose();
        Ok(Self {
            metrics,
            records: records.map_err(|problem| wrong(&problem.key, &problem.text))?,
            drain: settings.operations.drain(),
            people: settings.people(),
            tenants: settings.rules.clone(),
            public_origins: settings.public_origins.clone(),
            tls: settings.tls.clone(),
            pages: settings.pages.clone(),
            capacity: settings.capacity,
            settings: Some(Arc::new(settings)),
            ..Self::new(listen)
        })
    }

    /// Reads everything that it refers to, and starts nothing.
    ///
    /// # Errors
    ///
    /// [`ServeError`]; every message says what to do.
    pub fn check(&self) -> Result<(), ServeError> {
        let people = self.people()?;
        self.rules(&people)?;
        // A certificate of our own making is made when the service starts.
        if let Some(Tls::Files { .. }) = &self.tls {
            self.tls(&Origins::new(&self.public_origins, self.listen, true)?)?;
        }
        Pages::open(self.pages.as_deref()).map(drop)
    }

    /// How the file wants the log written, if there is one.
    pub fn log_format(&self) -> Option<LogFormat> {
        self.settings.as_ref().map(|settings| settings.operations.log_format)
    }

    /// Whether one may simply choose who to be.
    fn development(&self) -> bool {
        self.settings.as_ref().is_none_or(|settings| settings.development.is_some())
    }

    /// What the service signs with: the key of the records, that of its nodes, or one that lives as long
    /// as the service.
    fn key(&self) -> Result<SigningKey, ServeError> {
        match (&self.records, self.cluster()) {
            (Some(records), _) => Ok(SigningKey::read_or_make(&records.key)?),
            (None, Some(cluster)) => cluster.signing_key(),
            (None, None) => Ok(SigningKey::generate()?),
        }
    }

    fn cluster(&self) -> Option<&ClusterSettings> {
        self.settings.as_ref()?.cluster.as_ref()
    }

    fn rules(&self, people: &People) -> Result<Tenants, ServeError> {
        match &self.tenants {
            Some(path) => Tenants::read(path),
            None => Ok(Tenants::made_up(people)),
        }
    }

    fn tls(&self, origins: &Origins) -> Result<Option<Arc<TlsPort>>, ServeError> {
        let open = |tls: &Tls| tls.open(origins.iter(), clock::both().wall).map(Arc::new);
        self.tls.as_ref().map(open).transpose()
    }

    fn people(&self) -> Result<People, ServeError> {
        match &self.people {
            _ if !self.development() => Ok(People::nobody()),
            Some(path) => People::read(path),
            None => Ok(People::built_in()),
        }
    }
}

/// A running service; it stops when dropped, though [`stop`](Self::stop) does so in order.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    origin: String,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    tls: Option<Arc<TlsPort>>,
    tenants: Option<PathBuf>,
    metrics: Option<SocketAddr>,
    app: Arc<App>,
}

/// Starts a service on the current tokio runtime; it serves once this returns.
///
/// # Errors
///
/// [`ServeError`]; every message says what to do.
pub async fn serve(config: Config) -> Result<Server, ServeError> {
    if config.development() && !config.listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(config.listen));
    }
    let people = config.people()?;
    let tenants = config.rules(&people)?;
    let pages = Pages::open(config.pages.as_deref())?;
    let cannot_listen = |source| ServeError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let origins = Origins::new(&config.public_origins, address, config.tls.is_some())?;
    let tls = config.tls(&origins)?;
    let origin = origins.first().to_owned();

    let (stop, stopped) = watch::channel(false);
    let key = Arc::new(config.key()?);
    let (observers, store) = observers(config.records.as_ref(), &key, &stopped).await?;
    let relay_settings = config.settings.as_ref().and_then(|it| it.relay.as_ref());
    let (cluster, ours) = (config.cluster(), stopped.clone());
    let relay = relaying::open(relay_settings, cluster, tls.is_some(), address, ours).await?;
    let board = Switchboard::new(config.capacity, Arc::clone(&key))
        .observed_by(Arc::clone(&observers))
        .relayed_by(relay.clone());
    let (board, others) = cluster::join(cluster, board, &stopped).await?;
    if let Some(store) = &store {
        shield::raise(&board, store, &stopped).await?;
    }
    let archive = store.clone().map(|store| Archive { store, key });
    let mut app = App::new(people, tenants, origins, board, stopped.clone())
        .observed_by(observers, archive)
        .among(others)
        .with_port(tls.is_some(), relay.clone());
    if let Some(settings) = &config.settings {
        let desk = Desk::new(settings, &app.origins)?;
        app = app.with_desk(desk, settings.life());
    }
    let named = config.settings.as_ref().map_or(&[][..], |settings| &settings.devices[..]);
    let devices = Arc::new(Devices::new(named, store.as_ref(), &app.origins)?);
    devices.watch(&app.board, &stopped);
    let app = app.with_devices(devices);
    app.take_rules().await?;
    let app = Arc::new(app);
    tokio::spawn(http::keep_rules(Arc::clone(&app), stopped.clone()));
    let metrics = match &config.metrics {
        Some(at) => Some(http::serve_metrics(at, Arc::clone(&app), stopped.clone()).await?),
        None => None,
    };
    tokio::spawn(keep_time(Arc::clone(&app), stopped.clone()));
    let router = http::router(Arc::clone(&app), &pages);
    let places = config.capacity.connections + BESIDE_SOCKETS;
    let port = Port::new(tls.clone(), relay, router, stopped, places);
    let serving = tokio::spawn(port.run(listener));
    Ok(Server { address, origin, stop, serving, tls, tenants: config.tenants, metrics, app })
}

/// Everybody who hears what happens, and the store of records if there is one.
async fn observers(
    records: Option<&Records>,
    key: &Arc<SigningKey>,
    stopped: &watch::Receiver<bool>,
) -> Result<(Arc<Observers>, Option<Arc<dyn RecordStore>>), ServeError> {
    let alarms = Arc::<Alarms>::default();
    let Some(records) = records else {
        return Ok((Arc::new(Observers::new(alarms, None)), None));
    };
    let kept =
        Keeper::start(records, Arc::clone(key), stopped.clone(), Arc::clone(&alarms)).await?;
    let (recorder, store) = kept;
    Ok((Arc::new(Observers::new(alarms, Some(recorder))), Some(store)))
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser, such as `http://127.0.0.1:8080`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where metrics are served, if anywhere.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Takes nothing new from now on, and says so: `/readyz` answers 503, and who asks for a code is
    /// told to come back. Returns once every session is over and every code used or expired, or
    /// after `within` at the latest; [`stop`](Self::stop) then ends no one's session early.
    pub async fn drain(&self, within: Duration) {
        self.app.drain();
        let until = clock::now() + within;
        let mut looks = interval(LOOK_EVERY);
        while clock::now() < until && self.app.board.load(clock::now()).is_busy() {
            looks.tick().await;
        }
    }

    /// Reads the certificate and the tenants file again, if there are any. From now on they count:
    /// whatever a running session may not do any more ends at once.
    ///
    /// # Errors
    ///
    /// [`ServeError`] if a file cannot be used; then what it says stays as it was.
    pub fn reload(&self) -> Result<(), ServeError> {
        if let Some(tls) = &self.tls {
            tls.reload(clock::both().wall)?;
        }
        let Some(path) = &self.tenants else { return Ok(()) };
        self.app.rule(Tenants::read(path)?);
        Ok(())
    }

    /// Tells every client (close 1012) and stops, within two seconds. Sessions go on over their own
    /// links.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        drop(self.app);
        // Every socket, every request and the clock hold a receiver until they are done.
        if timeout(STOP_WITHIN, self.stop.closed()).await.is_err() {
            tracing::warn!("some clients did not take leave in time");
        }
        self.serving.abort();
    }
}

async fn keep_time(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = seconds.tick() => {
                app.board.tick(clock::now());
                app.tick();
            }
            _ = stopped.changed() => return,
        }
    }
}
