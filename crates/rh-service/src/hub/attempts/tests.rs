use super::*;
use crate::clock;

const DAY: u32 = 24 * 3600;

/// How many guesses get through in a day when `guessers` differ as `source` says and every one
/// of them tries again and again.
fn guesses_in_a_day(guessers: u32, source: impl Fn(u32) -> Source) -> u32 {
    let (mut attempts, start) = (Attempts::default(), clock::now());
    let sources: Vec<Source> = (0..guessers).map(source).collect();
    let mut tries = sources.iter().cycle();
    let mut through = 0;
    for second in 0..DAY {
        let now = start + Duration::from_secs(second.into());
        for from in tries.by_ref().take(8) {
            if attempts.check(now, from).is_ok() {
                attempts.failed(now, from);
                through += 1;
            }
        }
        if second % 60 == 0 {
            attempts.forget(now);
        }
    }
    through
}

fn account(n: u32) -> PersonId {
    format!("person-{n}").parse().unwrap()
}

fn address(n: u32) -> IpAddr {
    Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(n) << 64 | 1).into()
}

/// B-06: a thousand accounts at a thousand addresses together guess 4,900 codes a day. With ten
/// codes open, one of them is hit once in 2,000 days.
#[test]
fn a_distributed_guesser_gets_two_hundred_guesses_an_hour() {
    let through = guesses_in_a_day(1000, |n| Source::new(&account(n), address(n)));
    assert!((4000..=4_901).contains(&through), "{through}");
}

/// B-06: changing addresses does not help one account: ten an hour after ten at first.
#[test]
fn one_account_gets_ten_guesses_an_hour() {
    let through = guesses_in_a_day(1000, |n| Source::new(&account(0), address(n)));
    assert!((200..=250).contains(&through), "{through}");
}

/// B-06: changing accounts, or addresses within one /64, does not help one subscriber:
/// thirty an hour after twenty-five at first.
#[test]
fn one_network_gets_thirty_guesses_an_hour() {
    let within = |n: u32| Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(n)).into();
    let through = guesses_in_a_day(1000, |n| Source::new(&account(n), within(n)));
    assert!((700..=745).contains(&through), "{through}");
}

/// B-06: the wait doubles from fifteen seconds to an hour, and is told.
#[test]
fn the_wait_doubles() {
    let (mut attempts, mut now) = (Attempts::default(), clock::now());
    let from = Source::new(&account(0), address(0));
    for _ in 0..5 {
        assert_eq!(attempts.check(now, &from), Ok(()));
        attempts.failed(now, &from);
    }
    for seconds in [15, 30, 60, 120] {
        attempts.failed(now, &from);
        let wait = Duration::from_secs(seconds);
        assert_eq!(attempts.check(now, &from), Err(wait));
        now += wait;
        assert_eq!(attempts.check(now, &from), Ok(()));
    }
    for _ in 0..40 {
        attempts.failed(now, &from);
    }
    assert_eq!(attempts.check(now, &from), Err(Duration::from_secs(3600)));
}

/// B-06: one account's failures are nobody else's.
#[test]
fn others_do_not_wait() {
    let (mut attempts, now) = (Attempts::default(), clock::now());
    for _ in 0..10 {
        attempts.failed(now, &Source::new(&account(0), address(0)));
    }
    assert!(attempts.check(now, &Source::new(&account(0), address(1))).is_err());
    assert_eq!(attempts.check(now, &Source::new(&account(1), address(1))), Ok(()));
}

#[test]
fn failures_are_forgotten_in_time() {
    let (mut attempts, now) = (Attempts::default(), clock::now());
    attempts.failed(now, &Source::new(&account(0), address(0)));
    attempts.forget(now + Duration::from_secs(359));
    assert_eq!(attempts.failures.len(), 1);
    attempts.forget(now + Duration::from_secs(360));
    assert_eq!(attempts.failures.len(), 0);
}

#[test]
fn an_address_is_counted_by_what_one_subscriber_owns() {
    let net = |text: &str| network(text.parse().unwrap()).to_string();
    assert_eq!(net("192.0.2.7"), "192.0.2.7");
    assert_eq!(net("::ffff:192.0.2.7"), "192.0.2.7");
    assert_eq!(net("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
}
