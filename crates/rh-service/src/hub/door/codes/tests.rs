use super::*;
use crate::clock;
use crate::hub::OsRandom;
use crate::hub::door::store::Memory;

/// SplitMix64: the same numbers in every run.
#[derive(Debug)]
struct Seeded(u64);

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// These numbers, one after the other.
#[derive(Debug)]
struct Script(Vec<u32>);

impl Random for Script {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0.remove(0).to_le_bytes());
    }
}

fn codes() -> Codes {
    Codes::new(bytes(&mut OsRandom), Box::<Memory>::default())
}

fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

impl Codes {
    /// Makes a code of the tenant `ours`.
    fn ours(&mut self, invitation: Invitation) -> (Code, CodeKey) {
        self.mint(&tenant("ours"), invitation, &mut OsRandom)
    }
}

fn invitation(helper: u64, now: Instant) -> Invitation {
    Invitation { helper: ConnId(helper), session: SessionId(helper.into()), until: now + CODE_LIFE }
}

/// B-06: every digit of every place is equally likely. 27.88 is the 99.9 % point of chi-square with
/// nine degrees of freedom; the numbers are the same in every run.
#[test]
fn codes_are_uniform() {
    const DRAWN: u32 = 100_000;
    let mut random = Seeded(1);
    let mut counts = [[0_u32; 10]; 8];
    for _ in 0..DRAWN {
        let code = Code::from_number(uniform(&mut random));
        for (place, &digit) in code.digits().iter().enumerate() {
            counts[place][usize::from(digit)] += 1;
        }
    }
    let expected = f64::from(DRAWN) / 10.0;
    for (place, counts) in counts.iter().enumerate() {
        let chi: f64 = counts.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
        assert!(chi < 27.88, "place {place}: {chi} {counts:?}");
    }
}

/// B-06: a plain remainder would favour the codes below 94,967,296.
#[test]
fn numbers_above_the_last_full_run_are_drawn_again() {
    assert_eq!(uniform(&mut Script(vec![u32::MAX, 4_200_000_000, 7])), 7);
    assert_eq!(uniform(&mut Script(vec![4_199_999_999])), 99_999_999);
}

/// B-06: single use, and cancelled codes are as dead as wrong ones.
#[test]
fn a_code_opens_once() {
    let (mut codes, now) = (codes(), clock::now());
    let (_, key) = codes.ours(invitation(1, now));
    assert_eq!(codes.redeem(now, &key), Some(invitation(1, now)));
    assert_eq!(codes.redeem(now, &key), None);
    let (_, key) = codes.ours(invitation(2, now));
    codes.cancel(&key);
    assert_eq!(codes.redeem(now, &key), None);
}

/// B-06: ten minutes and not a moment more.
#[test]
fn a_code_expires() {
    let (mut codes, now) = (codes(), clock::now());
    let (_, early) = codes.ours(invitation(1, now));
    let (_, late) = codes.ours(invitation(2, now));
    let nearly = now + CODE_LIFE - Duration::from_millis(1);
    assert!(codes.redeem(nearly, &early).is_some());
    assert_eq!(codes.redeem(now + CODE_LIFE, &late), None);
    codes.ours(invitation(3, now));
    codes.expire(now + CODE_LIFE);
    assert_eq!(codes.len(), 0);
}

#[test]
fn two_open_codes_are_never_the_same() {
    let (mut codes, now) = (codes(), clock::now());
    let mut random = Script(vec![5, 5, 6]);
    let (first, _) = codes.mint(&tenant("ours"), invitation(1, now), &mut random);
    let (second, _) = codes.mint(&tenant("ours"), invitation(2, now), &mut random);
    assert_eq!((first.to_string(), second.to_string()), ("00000005".into(), "00000006".into()));
}

/// B-06: what is at rest depends on a key that differs from service to service, and on the tenant.
#[test]
fn a_code_at_rest_is_a_keyed_hash() {
    let code = Code::from_number(12_345_678);
    let key = |secret: u8, of: &str| {
        Codes::new([secret; 32], Box::<Memory>::default()).key_of(&tenant(of), &code)
    };
    assert_eq!(key(1, "ours"), key(1, "ours"));
    assert_ne!(key(1, "ours"), key(2, "ours"));
    assert_ne!(key(1, "ours"), key(1, "theirs"));
    let mut codes = Codes::new([b'k'; 32], Box::<Memory>::default());
    let (code, key) = codes.ours(invitation(1, clock::now()));
    let shown = format!("{codes:?}{key:?}");
    assert!(!shown.contains(&code.to_string()) && !shown.contains("107, 107"), "{shown}");
}

/// B-06: the same digits may be open in two tenants, and each opens its own.
#[test]
fn a_code_belongs_to_one_tenant() {
    let (mut codes, now) = (codes(), clock::now());
    let mut random = Script(vec![7, 7]);
    let (code, ours) = codes.mint(&tenant("ours"), invitation(1, now), &mut random);
    let (_, theirs) = codes.mint(&tenant("theirs"), invitation(2, now), &mut random);
    let other = codes.key_of(&tenant("other"), &code);
    assert_eq!(codes.redeem(now, &other), None);
    assert_eq!(codes.redeem(now, &theirs), Some(invitation(2, now)));
    assert_eq!(codes.redeem(now, &ours), Some(invitation(1, now)));
}
