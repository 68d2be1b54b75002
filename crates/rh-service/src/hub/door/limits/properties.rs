//! Whoever tries whatever and whenever: the limits against a list of all that failed.

use proptest::prelude::*;

use super::*;
use crate::clock;

/// One try after a pause of so many seconds.
#[derive(Clone, Debug)]
struct Try {
    pause: u64,
    tenant: u8,
    account: u8,
    network: u8,
}

fn step() -> impl Strategy<Value = Try> {
    let pause = prop_oneof![8 => Just(0), 4 => 0..30_u64, 1 => 0..1200_u64];
    (pause, prop_oneof![4 => Just(0), 1 => Just(1)], 0..40_u8, 0..12_u8)
        .prop_map(|(pause, tenant, account, network)| Try { pause, tenant, account, network })
}

impl Try {
    fn source(&self) -> Source {
        let tenant = format!("tenant-{}", self.tenant).parse().unwrap();
        let person = format!("person-{}", self.account).parse().unwrap();
        Source { account: (tenant, person), network: [192, 0, 2, self.network].into() }
    }
}

/// How long the failures in `past` that `same` picks make one wait, counted afresh.
fn wait(past: &[(u64, Try)], now: u64, windows: &[Window], same: impl Fn(&Try) -> bool) -> u64 {
    let counted: Vec<u64> =
        past.iter().filter(|(_, other)| same(other)).map(|(at, _)| *at).collect();
    let free = |at: u64| {
        windows.iter().all(|window| {
            let recent = |failed: &&u64| **failed + window.within.as_secs() > at;
            counted.iter().filter(recent).count() < window.most
        })
    };
    let ends = counted
        .iter()
        .flat_map(|failed| windows.iter().map(move |window| failed + window.within.as_secs()));
    let moments = ends.filter(|&end| end > now).chain([now]);
    moments.filter(|&at| free(at)).min().unwrap() - now
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// B-06: a try is let through exactly if none of its three counts is used up, and the wait that
    /// is told is the one that is needed.
    #[test]
    fn the_limits_are_what_a_list_of_all_failures_says(
        steps in prop::collection::vec(step(), 1..600),
        forgetful in any::<bool>(),
    ) {
        let (mut limits, start) = (Limits::default(), clock::now());
        let (mut past, mut second) = (Vec::<(u64, Try)>::new(), 0);
        for step in steps {
            second += step.pause;
            let now = start + Duration::from_secs(second);
            if forgetful {
                limits.forget(now);
            }
            let account = |other: &Try| (other.tenant, other.account) == (step.tenant, step.account);
            let expected = wait(&past, second, ACCOUNT, account)
                .max(wait(&past, second, ADDRESS, |other| other.network == step.network))
                .max(wait(&past, second, TENANT, |other| other.tenant == step.tenant));
            let from = step.source();
            let told = limits.check(now, &from).err().unwrap_or_default();
            prop_assert_eq!(told, Duration::from_secs(expected));
            if told.is_zero() {
                limits.failed(now, &from);
                past.push((second, step));
            }
        }
    }
}
