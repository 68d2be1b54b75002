//! The log of the program, on standard error.

use std::io::{self, IsTerminal};

use rh_service::LogFormat;
use tracing::subscriber::set_global_default;
use tracing_subscriber::EnvFilter;

/// Begins to log what `filter` lets through.
///
/// Not with `init`: that would also take in records of the `log` crate, and with those, at the most
/// talkative level, every frame with the codes in it.
pub(crate) fn begin(format: LogFormat, filter: EnvFilter) {
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let begun = match format {
        LogFormat::Text => set_global_default(log.with_ansi(io::stderr().is_terminal()).finish()),
        LogFormat::Json => set_global_default(log.json().flatten_event(true).finish()),
    };
    begun.expect("this is the first subscriber");
}
