//! Two sides that find no direct path meet at the relay.

use rh_relay::server::Limits;

use crate::world::{ELSEWHERE, QUIET, Side, World, pass};

/// S-02, B-17: over TLS alone, through bridges, though the relay's address is not this machine's.
#[tokio::test(flavor = "multi_thread")]
async fn two_sides_meet_over_tls() {
    let world = World::new().await;
    let credentials = world.credentials("session");
    let (near, far) = (world.bridge().await, world.bridge().await);
    let one = Side::new(near.addresses()[0], &credentials).await.unwrap();
    let other = Side::new(far.addresses()[0], &credentials).await.unwrap();
    assert_eq!(one.address.ip(), std::net::IpAddr::from(ELSEWHERE));
    assert_eq!(pass(&one, &other, b"hello").await, Some(one.address));
    assert_eq!(pass(&other, &one, &[7; 1200]).await, Some(other.address));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_side_over_udp_and_one_over_tls_meet() {
    let world = World::new().await;
    let credentials = world.credentials("session");
    let bridge = world.bridge().await;
    let one = Side::new(world.udp, &credentials).await.unwrap();
    let other = Side::new(bridge.addresses()[0], &credentials).await.unwrap();
    assert_eq!(pass(&one, &other, b"hello").await, Some(one.address));
}

/// Who has credentials for a session meets that session's other side, and no other.
#[tokio::test(flavor = "multi_thread")]
async fn sides_of_different_sessions_do_not_meet() {
    let world = World::new().await;
    let one = Side::new(world.udp, &world.credentials("one")).await.unwrap();
    let other = Side::new(world.udp, &world.credentials("other")).await.unwrap();
    for _ in 0..3 {
        other.send(b"open", one.address).await;
        one.send(b"hello", other.address).await;
        assert_eq!(other.hear(QUIET).await, None);
    }
}

/// Nothing of a bridge stays when it is dropped, and the relay forgets its clients.
#[tokio::test(flavor = "multi_thread")]
async fn a_side_that_goes_leaves_its_place() {
    let world = World::with(&[], Limits { allocations: 1, ..Limits::default() }).await;
    let credentials = world.credentials("session");
    let bridge = world.bridge().await;
    let side = Side::new(bridge.addresses()[0], &credentials).await.unwrap();
    assert!(Side::new(world.udp, &credentials).await.is_err(), "the quota is reached");
    drop((side, bridge));
    for _ in 0..50 {
        if Side::new(world.udp, &credentials).await.is_ok() {
            return;
        }
        tokio::time::sleep(QUIET).await;
    }
    panic!("the place is still taken");
}
