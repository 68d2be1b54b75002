//! coturn, as Debian has it, knows the same credentials and the same framing (B-17).

use std::net::{SocketAddr, UdpSocket};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use rh_relay::server::{External, Here, Relay as _, Secret};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::world::{Identity, Side, pass};

/// Two ports that were free a moment ago.
fn free_ports() -> [u16; 2] {
    let sockets = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
    sockets.map(|socket| socket.local_addr().unwrap().port())
}

/// A running coturn, over UDP and over TLS.
async fn coturn(folder: &TempDir, identity: &Identity) -> (Child, [SocketAddr; 2]) {
    let [certificate, key] = identity.write(folder.path());
    let [udp, tls] = free_ports();
    let mut command = Command::new("turnserver");
    command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.args(["-n", "--no-cli", "--use-auth-secret", "--static-auth-secret=secret"]);
    command.args(["--realm=test", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"]);
    // Two sides of a test are on one machine.
    command.args(["--allow-loopback-peers", "--no-dtls", "--log-file=stdout"]);
    command.arg(format!("--listening-port={udp}")).arg(format!("--tls-listening-port={tls}"));
    command.arg(format!("--cert={}", certificate.display()));
    command.arg(format!("--pkey={}", key.display()));
    command.arg(format!("--pidfile={}", folder.path().join("pid").display()));
    command.current_dir(folder.path());
    let child = command.spawn().expect("install the package coturn");
    let addresses = [udp, tls].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(addresses[1]).await.is_ok() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    (child, addresses)
}

/// The service's credentials open coturn, over UDP and, through a bridge, over TLS; expired ones and
/// those of another secret do not.
#[tokio::test(flavor = "multi_thread")]
async fn coturn_takes_the_credentials_of_the_service() {
    let (folder, identity) = (TempDir::new().unwrap(), Identity::new());
    let (_coturn, [udp, tls]) = coturn(&folder, &identity).await;
    let named = vec![format!("turns:{tls}?transport=tcp")];
    let relay = External { secret: Secret::new("secret"), urls: named.clone() };
    assert_eq!(relay.urls(&Here::new("elsewhere.example.com", true).unwrap()), named);
    let fine = relay.mint("session", SystemTime::now());

    let bridge = identity.bridge(tls).await;
    let one = Side::new(bridge.addresses()[0], &fine).await.expect("over TLS");
    let other = Side::new(udp, &fine).await.expect("over UDP");
    assert_eq!(pass(&one, &other, b"hello").await, Some(one.address));
    assert_eq!(pass(&other, &one, b"hello yourself").await, Some(other.address));

    let hour = Duration::from_secs(3600);
    let expired = relay.mint("session", SystemTime::now() - hour);
    assert!(Side::new(udp, &expired).await.is_err());
    let strange = Secret::new("another").mint("session", SystemTime::now());
    assert!(Side::new(udp, &strange).await.is_err());
}
