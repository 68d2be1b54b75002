//! The service's program.
#![expect(clippy::print_stdout, reason = "a command-line program")]

mod command;
mod logging;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, value_parser};
use command::Command;
use rh_records::Address;
use rh_service::{Config, LISTEN, LogFormat, MetricsAt, Records, ServeError, Tls, serve};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The service: sign-in, codes, signalling and the web pages.
///
/// People come from a TOML file with one [[person]] each: id, full_name, and, where known,
/// job_title, company, verified_domain and picture (a PNG or JPEG beside the file). A code opens
/// nothing for people of another tenant; those who name none share one.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The configuration (TOML); what is given here beside it goes before it
    #[arg(long, value_name = "FILE", env = "RH_CONFIG")]
    config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8080]; the development sign-in allows loopback only
    #[arg(long, value_name = "ADDRESS", env = "RH_LISTEN")]
    listen: Option<SocketAddr>,
    /// The people who may sign in; without it, two made-up ones: helper and sharer
    #[arg(long, value_name = "FILE", env = "RH_PEOPLE")]
    people: Option<PathBuf>,
    /// The rules of the tenants, as docs/tenants.md describes; without it, everybody may do
    /// everything. Read again at SIGHUP, with effect on running sessions
    #[arg(long, value_name = "FILE", env = "RH_TENANTS")]
    tenants: Option<PathBuf>,
    /// Origin of the pages as browsers see it, such as https://help.example.com; may be repeated
    #[arg(long, value_name = "ORIGIN", env = "RH_PUBLIC_ORIGIN", value_delimiter = ',')]
    public_origin: Vec<String>,
    /// Serve with TLS: the certificate and those that vouch for it (PEM), the server's own first.
    /// Read again at SIGHUP
    #[arg(long, value_name = "FILE", env = "RH_CERTIFICATE", requires = "key")]
    certificate: Option<PathBuf>,
    /// The certificate's key (PEM), without a passphrase
    #[arg(long, value_name = "FILE", env = "RH_KEY", requires = "certificate")]
    key: Option<PathBuf>,
    /// Serve with TLS for a first try: a certificate that browsers warn of, made once in this folder
    #[arg(long, value_name = "DIR", env = "RH_SELF_SIGNED", conflicts_with = "certificate")]
    self_signed: Option<PathBuf>,
    /// Serve the web pages from this folder instead of those built in
    #[arg(long, value_name = "DIR", env = "RH_PAGES")]
    pages: Option<PathBuf>,
    /// Record who helped whom in this SQLite file or postgres://user@host/database; nothing is
    /// recorded without
    #[arg(long, value_name = "FILE|URL", env = "RH_RECORDS", hide_env_values = true)]
    records: Option<Address>,
    /// The key that signs the records; made if missing [default: the SQLite file with .key added]
    #[arg(long, value_name = "FILE", env = "RH_RECORDS_KEY", requires = "records")]
    records_key: Option<PathBuf>,
    /// Days for which records are kept [default: 30]
    #[arg(long, value_name = "DAYS", env = "RH_RECORDS_DAYS", requires = "records")]
    #[arg(value_parser = value_parser!(u32).range(1..))]
    records_days: Option<u32>,
    /// Serve metrics for Prometheus on this loopback address, under /metrics; nowhere without
    #[arg(long, value_name = "ADDRESS", env = "RH_METRICS")]
    metrics: Option<SocketAddr>,
    /// How to write the log, for people or as one JSON object to a line: text or json [default: text]
    #[arg(long, value_name = "FORMAT", env = "RH_LOG_FORMAT")]
    log_format: Option<LogFormat>,
    /// What to log, such as info or rh_service=debug
    #[arg(long, value_name = "FILTER", env = "RH_LOG", default_value = "info")]
    log: EnvFilter,
}

impl Args {
    /// What the file says, and before it what was given on the command line.
    fn config(&self) -> Result<Config, ServeError> {
        let mut config = match &self.config {
            Some(file) => Config::read(file)?,
            None => Config::new(LISTEN),
        };
        config.listen = self.listen.unwrap_or(config.listen);
        config.people = self.people.clone().or(config.people);
        config.tenants = self.tenants.clone().or(config.tenants);
        config.tls = self.tls().or(config.tls);
        config.pages = self.pages.clone().or(config.pages);
        config.records = self.records().or(config.records);
        if let Some(listen) = self.metrics {
            let token = config.metrics.and_then(|at| at.token);
            config.metrics = Some(MetricsAt { listen, token });
        }
        if !self.public_origin.is_empty() {
            config.public_origins.clone_from(&self.public_origin);
        }
        Ok(config)
    }

    /// Where records go, if it was given; the program ends if that is not whole.
    fn records(&self) -> Option<Records> {
        let days = self.records_days.unwrap_or(Records::DAYS);
        let records = Records::new(self.records.clone()?, self.records_key.clone(), days, days);
        Some(records.unwrap_or_else(|| {
            let message = "records in PostgreSQL need --records-key FILE: the key that signs them";
            Self::command().error(ErrorKind::MissingRequiredArgument, message).exit()
        }))
    }

    fn tls(&self) -> Option<Tls> {
        let files = self.certificate.clone().zip(self.key.clone());
        let files = files.map(|(certificate, key)| Tls::Files { certificate, key });
        files
            .or_else(|| self.self_signed.clone().map(|self_signed| Tls::SelfSigned { self_signed }))
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut args = Args::parse();
    if let Some(command) = args.command.take() {
        logging::begin(args.log_format.unwrap_or_default(), args.log);
        return command.run().await;
    }
    let config = args.config();
    // The file may say how to log, so its own errors are logged after it was read.
    let format = config.as_ref().ok().and_then(Config::log_format);
    logging::begin(args.log_format.or(format).unwrap_or_default(), args.log.clone());
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Result<Config, ServeError>) -> anyhow::Result<()> {
    let config = config?;
    let drain = config.drain;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let server = serve(config).await?;
    // On standard output, so that whoever started it with port 0 learns where it is.
    println!("listening on {}", server.origin());
    if let Some(metrics) = server.metrics() {
        println!("metrics on http://{metrics}/metrics");
    }
    let drain = loop {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => break interrupted.map(|()| Duration::ZERO)?,
            _ = terminate.recv() => break drain,
            _ = hang_up.recv() => match server.reload() {
                Ok(()) => tracing::info!("rules and certificate were read again"),
                Err(error) => tracing::error!("it stays as it was: {error}"),
            },
        }
    };
    tracing::info!(seconds = drain.as_secs(), "stopping; what runs may end meanwhile");
    tokio::select! {
        () = server.drain(drain) => {}
        // Whoever asks twice does not want to wait.
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    server.stop().await;
    Ok(())
}
