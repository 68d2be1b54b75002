//! Clients that mean harm harm themselves only.

use std::net::SocketAddr;

use rh_relay::frame::for_stream;
use rh_relay::server::{Embedded, Limits, Reach, Relay as _, Secret, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::world::{ELSEWHERE, PATIENCE, QUIET, Side, World, pass};

/// A stream to a relay, and the end of its being served.
fn stream() -> (DuplexStream, JoinHandle<()>) {
    let relay = Embedded::new(Settings {
        secret: Secret::new("secret"),
        address: ELSEWHERE.into(),
        reach: Reach::default(),
        limits: Limits::default(),
    });
    let (near, far) = duplex(4096);
    let from = SocketAddr::from(([192, 0, 2, 1], 1));
    (near, tokio::spawn(async move { relay.serve(Box::new(far), from).await }))
}

/// An Allocate request without credentials.
fn allocate(number: u8) -> Vec<u8> {
    let mut request = vec![0, 3, 0, 8, 0x21, 0x12, 0xA4, 0x42];
    request.extend([number; 12]);
    // REQUESTED-TRANSPORT: UDP.
    request.extend([0, 0x19, 0, 4, 17, 0, 0, 0]);
    request
}

#[tokio::test]
async fn what_is_no_turn_ends_its_stream() {
    for garbage in [&b"\0\x01GET / HTTP/1.1\r\n\r\n"[..], &[0x40, 0, 0xFF, 0xFF], &[0xFF; 64]] {
        let (mut near, served) = stream();
        near.write_all(garbage).await.unwrap();
        timeout(PATIENCE, served).await.expect("it ends").unwrap();
    }
}

/// A request that comes byte by byte is a request.
#[tokio::test]
async fn a_request_in_pieces_is_answered() {
    let (mut near, _served) = stream();
    for byte in allocate(1) {
        near.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut head = [0; 20];
    timeout(PATIENCE, near.read_exact(&mut head)).await.expect("an answer").unwrap();
    assert_eq!(head[..2], [0x01, 0x13], "an error response to Allocate");
    assert_eq!(head[8..], [1; 12]);
}

/// Backpressure: a client that sends and never reads is made to wait, and keeps no memory growing.
#[tokio::test]
async fn a_client_that_never_reads_has_to_wait() {
    let (mut near, _served) = stream();
    let request = for_stream(allocate(2));
    let flood = async {
        for _ in 0..100_000 {
            if near.write_all(&request).await.is_err() {
                break;
            }
        }
    };
    // Requests beyond the burst are dropped, so it is either let through or waits; never an answer
    // for each.
    let _ = timeout(PATIENCE, flood).await;
    let mut answers = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(Ok(length @ 1..)) = timeout(QUIET, near.read(&mut buffer)).await {
        answers.extend_from_slice(&buffer[..length]);
    }
    assert!(answers.len() < 200 * 200, "{} bytes of answers", answers.len());
}

/// Over UDP only a request for an allocation makes a client; garbage is answered by nothing.
#[tokio::test(flavor = "multi_thread")]
async fn garbage_over_udp_is_answered_by_nothing() {
    let world = World::new().await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for garbage in [&b"hello"[..], &[0; 20], &[0x40, 0, 0, 0], &[0xFF; 1500], &[0; 2000]] {
        socket.send_to(garbage, world.udp).await.unwrap();
    }
    let mut buffer = [0; 2000];
    assert!(timeout(QUIET, socket.recv_from(&mut buffer)).await.is_err());
    socket.send_to(&allocate(3), world.udp).await.unwrap();
    let (length, _) = timeout(PATIENCE, socket.recv_from(&mut buffer)).await.unwrap().unwrap();
    assert!(length >= 20 && buffer[..2] == [0x01, 0x13]);
}

/// While others flood, a session goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_goes_on_while_others_flood() {
    let world = World::new().await;
    let flood = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let udp = world.udp;
    let flooding = tokio::spawn(async move {
        let request = allocate(4);
        loop {
            for _ in 0..50 {
                let _ = flood.send_to(&request, udp).await;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    });
    let credentials = world.credentials("session");
    let bridge = world.bridge().await;
    let one = Side::new(bridge.addresses()[0], &credentials).await.unwrap();
    let other = Side::new(world.udp, &credentials).await.unwrap();
    assert_eq!(pass(&one, &other, b"hello").await, Some(one.address));
    flooding.abort();
}
