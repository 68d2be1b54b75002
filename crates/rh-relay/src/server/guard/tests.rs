use proptest::prelude::*;

use super::*;

const OWN: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

#[expect(clippy::disallowed_methods, reason = "a beginning to count from")]
fn guard() -> (Guard, Instant) {
    let now = Instant::now();
    (Guard::new(Reach::default(), OWN, now), now)
}

fn stun(method: u16, attributes: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in attributes {
        body.extend(kind.to_be_bytes());
        body.extend((value.len() as u16).to_be_bytes());
        body.extend(value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    let mut message = Vec::from(method.to_be_bytes());
    message.extend((body.len() as u16).to_be_bytes());
    message.extend([0x21, 0x12, 0xA4, 0x42]);
    message.extend([5; 12]);
    message.extend(body);
    message
}

fn to(address: &str) -> (u16, Vec<u8>) {
    let key: Vec<u8> = [0x21, 0x12, 0xA4, 0x42].into_iter().chain([5; 12]).collect();
    let (family, octets) = match address.parse().unwrap() {
        IpAddr::V4(v4) => (1, v4.octets().to_vec()),
        IpAddr::V6(v6) => (2, v6.octets().to_vec()),
    };
    let hidden = octets.iter().zip(&key).map(|(own, key)| own ^ key);
    (XOR_PEER_ADDRESS, [0, family, 1, 2].into_iter().chain(hidden).collect())
}

/// Nothing inside is reached, by no request; the refusal is an answer that names its request.
#[test]
fn peers_that_may_not_be_reached_are_refused() {
    let (mut guard, now) = guard();
    for method in [CREATE_PERMISSION, CHANNEL_BIND] {
        let fine = stun(method, &[to("8.8.8.8"), to("203.0.113.7")]);
        assert_eq!(guard.judge(&fine, true, now), Verdict::Pass);
        for inside in ["127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1", "::1"] {
            let request = stun(method, &[to("10.9.9.9"), to(inside)]);
            let verdict = guard.judge(&request, true, now);
            let Verdict::Answer(answer) = verdict else { panic!("{inside}: {verdict:?}") };
            assert_eq!(frame::kind(&answer), Ok(Kind::Stun));
            assert_eq!(super::method(&answer), method | 0x0110);
            assert_eq!(answer[8..20], request[8..20], "the transaction");
            assert_eq!(attributes(&answer).unwrap()[0].1[..4], [0, 0, 4, 3]);
        }
    }
    let refresh = stun(CREATE_PERMISSION, &[to("10.0.0.1"), to("8.8.8.8")]);
    assert_eq!(guard.judge(&refresh, true, now), Verdict::Pass);
    assert_eq!(guard.judge(&stun(SEND, &[to("127.0.0.1")]), true, now), Verdict::Drop);
    assert_eq!(guard.judge(&stun(SEND, &[to("8.8.8.8")]), true, now), Verdict::Pass);
}

#[test]
fn what_no_session_needs_is_dropped() {
    let (mut guard, now) = guard();
    let mut dropped = |message: &[u8], allocated| {
        assert_eq!(guard.judge(message, allocated, now), Verdict::Drop, "{message:?}");
    };
    dropped(&stun(ALLOCATE, &[(EVEN_PORT, vec![0])]), false);
    dropped(&stun(ALLOCATE, &[(RESERVATION_TOKEN, vec![0; 8])]), false);
    dropped(&stun(CREATE_PERMISSION, &vec![to("8.8.8.8"); PEERS + 1]), true);
    dropped(&stun(CREATE_PERMISSION, &[(XOR_PEER_ADDRESS, vec![0, 1, 0])]), true);
    dropped(&stun(CREATE_PERMISSION, &[to("8.8.8.8")]), false);
    // Connect, of TURN for TCP peers (RFC 6062).
    dropped(&stun(0x000A, &[to("8.8.8.8")]), true);
    dropped(&[0x40, 0, 0, 0], false);
    dropped(b"GET / HTTP/1.1\r\n\r\n", true);
}

#[test]
fn requests_are_counted_and_data_is_not() {
    let (mut guard, now) = guard();
    let request = stun(ALLOCATE, &[]);
    let passed = (0..1000).filter(|_| guard.judge(&request, false, now) == Verdict::Pass);
    assert_eq!(passed.count(), BURST as usize);
    let data = [0x40, 0, 0, 0];
    assert!((0..1000).all(|_| guard.judge(&data, true, now) == Verdict::Pass));
    let later = now + Duration::from_secs(1);
    let passed = (0..1000).filter(|_| guard.judge(&request, false, later) == Verdict::Pass);
    assert_eq!(passed.count(), 10);
}

proptest! {
    #[test]
    fn garbage_is_harmless(head in 0u16..0x20, body: Vec<u8>, allocated: bool) {
        let (mut guard, now) = guard();
        guard.judge(&body, allocated, now);
        let padded = body.len().min(1000).next_multiple_of(4);
        let mut message = stun(head, &[]);
        message[2..4].copy_from_slice(&(padded as u16).to_be_bytes());
        message.extend(body.into_iter().chain(std::iter::repeat(0)).take(padded));
        guard.judge(&message, allocated, now);
    }
}
