//! Whom the relay does not serve, and where it does not go.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use rh_relay::server::{Credentials, LIFE, Limits};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::world::{PATIENCE, QUIET, Side, World};

/// Only fresh credentials of this service, whatever is wrong with others.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_served_without_fresh_credentials() {
    let world = World::new().await;
    let fine = world.credentials("session");
    let long_ago = SystemTime::now() - LIFE - Duration::from_secs(5);
    let later = format!("9{}", fine.username);
    for wrong in [
        Credentials { password: "guess".to_owned(), ..fine.clone() },
        Credentials { username: later, ..fine.clone() },
        Credentials { username: "session".to_owned(), ..fine.clone() },
        world.secret.mint("session", long_ago),
        rh_relay::server::Secret::new("another").mint("session", SystemTime::now()),
    ] {
        assert!(Side::new(world.udp, &wrong).await.is_err(), "{wrong:?}");
    }
    assert!(Side::new(world.udp, &fine).await.is_ok());
}

/// What is sent through a relay to `to` and what is heard there.
async fn heard(world: &World, listener: &UdpSocket, to: SocketAddr) -> Option<Vec<u8>> {
    let side = Side::new(world.udp, &world.credentials("session")).await.unwrap();
    side.send(b"hello", to).await;
    let mut buffer = [0; 100];
    let (length, _) = timeout(QUIET, listener.recv_from(&mut buffer)).await.ok()?.unwrap();
    Some(buffer[..length].to_vec())
}

/// CVE-2020-26262: what is behind the firewall, and the relay's own machine, is not reached, unless
/// the operator said so.
#[tokio::test(flavor = "multi_thread")]
async fn the_inside_is_not_reached() {
    let listener = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let inside = listener.local_addr().unwrap();
    let world = World::new().await;
    assert_eq!(heard(&world, &listener, inside).await, None);
    let mapped = SocketAddr::new("::ffff:127.0.0.1".parse().unwrap(), inside.port());
    assert_eq!(heard(&world, &listener, mapped).await, None);

    let world = World::with(&["127.0.0.0/8"], Limits::default()).await;
    assert_eq!(heard(&world, &listener, inside).await, Some(b"hello".to_vec()));
}

/// And nothing from there comes in.
#[tokio::test(flavor = "multi_thread")]
async fn the_inside_does_not_come_in() {
    let world = World::new().await;
    let side = Side::new(world.udp, &world.credentials("session")).await.unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    side.send(b"open", sender.local_addr().unwrap()).await;
    sender.send_to(b"hello", ("127.0.0.1", side.address.port())).await.unwrap();
    assert_eq!(side.hear(QUIET).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_gets_no_more_ports_than_its_quota() {
    let world = World::with(&[], Limits { allocations: 2, ..Limits::default() }).await;
    let credentials = world.credentials("session");
    let one = Side::new(world.udp, &credentials).await;
    let two = Side::new(world.udp, &credentials).await;
    assert!(one.is_ok() && two.is_ok());
    assert!(Side::new(world.udp, &credentials).await.is_err());
    assert!(Side::new(world.udp, &world.credentials("another")).await.is_ok());
}

/// A session that floods loses its own datagrams, and nobody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_gets_no_more_bytes_than_its_quota() {
    let limits = Limits { bytes_per_second: 20_000, ..Limits::default() };
    let world = World::with(&["127.0.0.0/8"], limits).await;
    let listener = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let to = listener.local_addr().unwrap();
    let side = Side::new(world.udp, &world.credentials("session")).await.unwrap();
    for _ in 0..100 {
        side.send(&[1; 1000], to).await;
    }
    let mut heard = 0;
    let mut buffer = [0; 2000];
    while timeout(QUIET, listener.recv_from(&mut buffer)).await.is_ok() {
        heard += 1;
    }
    assert!((10..60).contains(&heard), "{heard} of 100");
    let other = Side::new(world.udp, &world.credentials("another")).await.unwrap();
    other.send(b"hello", to).await;
    assert!(timeout(PATIENCE, listener.recv_from(&mut buffer)).await.is_ok());
}
