//! Why the service does not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the service does not start; each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The development sign-in would be reachable from elsewhere.
    #[error(
        "the development sign-in lets anyone be anyone, so it is refused on {0}, which other \
         machines can reach; listen on a loopback address, such as --listen 127.0.0.1:{port}",
        port = .0.port()
    )]
    NotLoopback(SocketAddr),
    /// The address could not be bound.
    #[error(
        "cannot listen on {address}: {source}; is another service running there? Choose another port with --listen"
    )]
    Listen {
        /// The address wanted.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The address of the metrics could not be bound.
    #[error(
        "cannot serve metrics on {address}: {source}; choose another address with --metrics or \
         `metrics` in [operations]"
    )]
    Metrics {
        /// The address wanted.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Everybody could read the metrics.
    #[error(
        "other machines can reach {0}, where metrics would be served; set `metrics_token` in \
         [operations], or choose a loopback address"
    )]
    MetricsToken(SocketAddr),
    /// A file could not be read.
    #[error("cannot read {}: {source}; {fix}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// What to do.
        fix: &'static str,
    },
    /// The people file says something that cannot be used.
    #[error("{}: {problem}", path.display())]
    People {
        /// The file.
        path: PathBuf,
        /// The key, what is wrong with it, and what to do.
        problem: String,
    },
    /// The tenants file, or an export that it names, says something that cannot be used.
    #[error("{}: {problem}", path.display())]
    Tenants {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The configuration says something that cannot be used.
    #[error("{}:\n{problem}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// Every problem on a line of its own: the key, what is wrong, and what to do.
        problem: String,
    },
    /// An organisation's settings cannot be used.
    #[error("tenant {tenant}: {problem}")]
    Tenant {
        /// The organisation's id.
        tenant: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A public origin is not one.
    #[error(
        "--public-origin {0:?} is not an origin; write scheme, host and port only, in lower case and without a final slash, such as http://127.0.0.1:8080"
    )]
    Origin(String),
    /// The certificate or its key cannot be used.
    #[error("{}: {problem}", path.display())]
    Tls {
        /// The file, or the folder of what is self-signed.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The relay cannot be opened.
    #[error("relay: {0}")]
    Relay(String),
    /// The folder of web pages has no start page.
    #[error("--pages {}: there is no index.html in that folder; run `cargo xtask web` and give web/dist", .0.display())]
    Pages(PathBuf),
    /// The other nodes cannot be joined.
    #[error("[cluster]: {0}; start Redis, or correct `redis` and `password` in the configuration")]
    Cluster(String),
    /// Other nodes sign with another key.
    #[error(
        "[cluster]: this node signs with the key {ours}, and others with another: {nodes}; start all \
         nodes with the same --records-key, or all without records and with the same secret (to \
         change the key, stop all of them first)"
    )]
    OtherKey {
        /// The key of this node.
        ours: rh_records::KeyId,
        /// The nodes that have another.
        nodes: String,
    },
    /// The records cannot be opened.
    #[error("--records: {0}")]
    Records(#[from] rh_records::RecordError),
    /// There is no key to sign the records with.
    #[error("--records-key: {0}")]
    RecordsKey(#[from] rh_records::KeyError),
}
