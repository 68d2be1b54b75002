//! The relay of this service: the one that is built in, or what the configuration names.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;

use rh_relay::server::{Embedded, External, Limits, Reach, Relay, Secret, Settings};
use tokio::sync::watch;

use crate::ServeError;
use crate::cluster::ClusterSettings;
use crate::settings::RelaySettings;

/// The relay, if there is to be one: with TLS of its own, since the relay shares its port, or where
/// the configuration asks for it.
pub(crate) async fn open(
    settings: Option<&RelaySettings>,
    cluster: Option<&ClusterSettings>,
    tls: bool,
    bound: SocketAddr,
    stop: watch::Receiver<bool>,
) -> Result<Option<Arc<dyn Relay>>, ServeError> {
    if settings.is_some_and(|it| it.off) || (settings.is_none() && !tls) {
        return Ok(None);
    }
    let unset = RelaySettings::default();
    let settings = settings.unwrap_or(&unset);
    let secret = match (&settings.secret, cluster) {
        (Some(source), _) => Secret::new(source.read().map_err(ServeError::Relay)?.expose()),
        // Behind one name, a client may come to the relay of any node.
        (None, Some(cluster)) => cluster.relay_secret()?,
        (None, None) => Secret::random().map_err(|error| {
            ServeError::Relay(format!("there is no secret: {error}; give relay.secret"))
        })?,
    };
    if !settings.urls.is_empty() {
        return Ok(Some(Arc::new(External { secret, urls: settings.urls.clone() })));
    }
    let address = settings.address.unwrap_or_else(|| own_address(bound.ip()));
    let reach = Reach { also: settings.reach() };
    let relay = Embedded::new(Settings { secret, address, reach, limits: Limits::default() });
    let udp = settings.udp.unwrap_or(bound);
    match relay.listen(udp, until(stop)).await {
        Ok(udp) => tracing::info!(%address, %udp, "sessions without a direct path are relayed"),
        Err(source) if settings.udp.is_some() => return Err(refused(udp, &source)),
        Err(error) => tracing::warn!(%udp, %error, "nothing is relayed over UDP, only over TLS"),
    }
    Ok(Some(Arc::new(relay)))
}

fn refused(udp: SocketAddr, error: &io::Error) -> ServeError {
    ServeError::Relay(format!("cannot listen on {udp}: {error}; choose another relay.udp"))
}

async fn until(mut stop: watch::Receiver<bool>) {
    // An error means that the server was dropped, which stops it too.
    let _ = stop.changed().await;
}

/// The address that others know this machine by, as far as it can tell by itself. Relayed ends of one
/// session find each other by any.
fn own_address(listening: IpAddr) -> IpAddr {
    if !listening.is_unspecified() {
        return listening;
    }
    // Nothing is sent: it only shows which address would be used (TEST-NET-1, RFC 5737).
    let probe = UdpSocket::bind(("0.0.0.0", 0)).and_then(|socket| {
        socket.connect(("192.0.2.1", 9))?;
        socket.local_addr()
    });
    probe.map_or(IpAddr::from([127, 0, 0, 1]), |own| own.ip())
}
