use super::*;
use crate::clock;

const HOUR_S: u64 = 3600;
const DAY_S: u64 = 24 * HOUR_S;

fn tenant() -> TenantId {
    "ours".parse().unwrap()
}

fn source(account: u32, address: IpAddr) -> Source {
    let account = (tenant(), format!("person-{account}").parse().unwrap());
    Source { account, network: network(address) }
}

/// An address in a /64 of its own.
fn address(n: u32) -> IpAddr {
    Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(n) << 64 | 1).into()
}

/// How many guesses get through in a day, and how many at most in one of its hours, when a
/// thousand guessers differ as `from` says and every one of them tries again and again.
fn guesses(from: impl Fn(u32) -> Source) -> (usize, usize) {
    let (mut limits, start) = (Limits::default(), clock::now());
    let sources: Vec<Source> = (0..1000).map(from).collect();
    let mut tries = sources.iter().cycle();
    let mut through = Vec::new();
    for second in 0..DAY_S {
        let now = start + Duration::from_secs(second);
        for from in tries.by_ref().take(8) {
            if limits.check(now, from).is_ok() {
                limits.failed(now, from);
                through.push(second);
            }
        }
        if second % 60 == 0 {
            limits.forget(now);
        }
    }
    let in_hour = |&first: &u64| {
        through.iter().filter(|&&second| (first..first + HOUR_S).contains(&second)).count()
    };
    (through.len(), through.iter().map(in_hour).max().unwrap())
}

/// B-06: a thousand accounts at a thousand addresses together get 200 guesses in any hour. With
/// ten codes open, one of them is hit once in 2,000 days.
#[test]
fn a_distributed_guesser_is_held_to_the_tenants_limit() {
    assert_eq!(guesses(|n| source(n, address(n))), (4800, 200));
}

/// B-06: changing addresses does not help one account.
#[test]
fn one_account_gets_ten_guesses_an_hour() {
    assert_eq!(guesses(|n| source(0, address(n))), (240, 10));
}

/// B-06: changing accounts, or addresses within one /64, does not help one subscriber.
#[test]
fn one_network_gets_thirty_guesses_an_hour() {
    let within = |n: u32| Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(n)).into();
    assert_eq!(guesses(|n| source(n, within(n))), (720, 30));
}

/// B-06: after five mistakes five minutes, after ten an hour; the wait is told.
#[test]
fn a_person_waits_minutes_and_a_guesser_an_hour() {
    let (mut limits, start) = (Limits::default(), clock::now());
    let from = source(0, address(0));
    let minutes = |n: u64| Duration::from_secs(60 * n);
    for (now, wait) in [(start, minutes(5)), (start + minutes(5), minutes(55))] {
        for _ in 0..5 {
            assert_eq!(limits.check(now, &from), Ok(()));
            limits.failed(now, &from);
        }
        assert_eq!(limits.check(now, &from), Err(wait));
        assert_eq!(limits.check(now + wait, &from), Ok(()));
    }
}

/// B-06: one account's failures are nobody else's, and no other tenant's.
#[test]
fn others_do_not_wait() {
    let (mut limits, now) = (Limits::default(), clock::now());
    for _ in 0..5 {
        limits.failed(now, &source(0, address(0)));
    }
    assert!(limits.check(now, &source(0, address(1))).is_err());
    assert_eq!(limits.check(now, &source(1, address(1))), Ok(()));
    let mut namesake = source(0, address(1));
    namesake.account.0 = "theirs".parse().unwrap();
    assert_eq!(limits.check(now, &namesake), Ok(()));
}

/// B-06: the failure that reaches the tenant's limit raises one alarm, and after a quiet hour
/// another.
#[test]
fn reaching_the_tenants_limit_raises_one_alarm_an_hour() {
    let (mut limits, start) = (Limits::default(), clock::now());
    let mut alarms = Vec::new();
    for second in 0..2 * HOUR_S {
        let now = start + Duration::from_secs(second);
        let from = source(second as u32, address(second as u32));
        if limits.check(now, &from).is_ok() {
            alarms.extend(limits.failed(now, &from).map(|alarm| (second, alarm)));
        }
        limits.forget(now);
    }
    let alarm = Alarm::GuessedCodes { tenant: tenant(), failures: 200, accounts: 200 };
    assert_eq!(alarms, [(199, alarm.clone()), (HOUR_S + 199, alarm)]);
}

/// B-06: whatever fails, memory has an end.
#[test]
fn a_flood_of_addresses_ends_at_the_room_there_is() {
    let (mut limits, now) = (Limits::default(), clock::now());
    for n in 0..ROOM as u32 + 100 {
        limits.failed(now, &source(n, address(n)));
    }
    assert_eq!((limits.accounts.keys().count(), limits.networks.keys().count()), (ROOM, ROOM));
    limits.forget(now + HOUR);
    assert_eq!((limits.accounts.keys().count(), limits.networks.keys().count()), (0, 0));
    assert!(limits.alarms.is_empty() && limits.tenants.keys().next().is_none());
}

#[test]
fn an_address_is_counted_by_what_one_subscriber_owns() {
    let net = |text: &str| network(text.parse().unwrap()).to_string();
    assert_eq!(net("192.0.2.7"), "192.0.2.7");
    assert_eq!(net("::ffff:192.0.2.7"), "192.0.2.7");
    assert_eq!(net("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
}
