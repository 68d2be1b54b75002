use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use rh_protocol::{IdentityCard, SessionId};

use super::*;
use crate::clock;
use crate::hub::{ConnId, OsRandom};

/// A store that writes down what it is asked.
#[derive(Debug, Default)]
struct Recorder {
    memory: Memory,
    taken: Arc<Mutex<Vec<CodeKey>>>,
}

impl Store for Recorder {
    fn reserve(&mut self, key: CodeKey, invitation: Invitation) -> bool {
        self.memory.reserve(key, invitation)
    }

    fn take(&mut self, key: &CodeKey) -> Option<Invitation> {
        self.taken.lock().unwrap().push(*key);
        self.memory.take(key)
    }

    fn expire(&mut self, now: Instant) {
        self.memory.expire(now);
    }

    fn len(&self) -> usize {
        self.memory.len()
    }
}

fn caller(tenant: &str, account: u8) -> Caller {
    Caller {
        tenant: tenant.parse().unwrap(),
        person: format!("person-{account}").parse().unwrap(),
        card: IdentityCard::default(),
        address: Ipv4Addr::new(192, 0, 2, account).into(),
    }
}

fn open(door: &mut Door, tenant: &str, now: Instant) -> String {
    let invitation =
        Invitation { helper: ConnId(1), session: SessionId(1), until: now + CODE_LIFE };
    door.make(&tenant.parse().unwrap(), invitation, &mut OsRandom).0
}

/// S-46, B-06: wrong, expired, used and another tenant's codes take one path, with one look-up by
/// a hash, to one answer.
#[test]
fn every_dead_code_takes_the_same_path() {
    let recorder = Recorder::default();
    let taken = Arc::clone(&recorder.taken);
    let (mut door, start) = (Door::with_store([7; 32], Box::new(recorder)), clock::now());
    let (expired, theirs) = (open(&mut door, "ours", start), open(&mut door, "theirs", start));
    let now = start + CODE_LIFE;
    let used = open(&mut door, "ours", now);
    assert!(door.enter(now, &caller("ours", 1), &used).is_ok());
    let wrong = if theirs == "00000000" { "00000001" } else { "00000000" };
    taken.lock().unwrap().clear();
    for (nth, code) in [wrong, &expired, &used, &theirs].into_iter().enumerate() {
        assert_eq!(door.enter(now, &caller("ours", 1), code), Err(Denied::Dead(None)), "{code}");
        assert_eq!(taken.lock().unwrap().len(), nth + 1);
    }
}

/// B-06: another tenant's guesses do not use a code up.
#[test]
fn another_tenants_guess_leaves_a_code_alone() {
    let (mut door, now) = (Door::new([7; 32]), clock::now());
    let code = open(&mut door, "ours", now);
    assert_eq!(door.enter(now, &caller("theirs", 1), &code), Err(Denied::Dead(None)));
    assert!(door.enter(now, &caller("ours", 1), &code).is_ok());
}

/// B-06: whoever has to wait learns nothing of the code, not even by looking it up, and does not
/// use it up.
#[test]
fn whoever_waits_learns_nothing() {
    let recorder = Recorder::default();
    let taken = Arc::clone(&recorder.taken);
    let (mut door, now) = (Door::with_store([7; 32], Box::new(recorder)), clock::now());
    let right = open(&mut door, "ours", now);
    let wrong = if right == "00000000" { "00000001" } else { "00000000" };
    let guesser = caller("ours", 1);
    for _ in 0..5 {
        assert_eq!(door.enter(now, &guesser, wrong), Err(Denied::Dead(None)));
    }
    taken.lock().unwrap().clear();
    let wait = Err(Denied::Wait(Duration::from_secs(300)));
    assert_eq!(door.enter(now, &guesser, wrong), wait);
    assert_eq!(door.enter(now, &guesser, &right), wait);
    assert_eq!(door.enter(now, &guesser, "nonsense"), Err(Denied::Malformed));
    assert!(taken.lock().unwrap().is_empty());
    assert!(door.enter(now, &caller("ours", 2), &right).is_ok());
}

/// B-06: no kind of guess is much faster than another. The fastest of many runs is compared, since
/// a busy machine only makes runs slower.
#[test]
fn every_guess_takes_about_the_same_time() {
    let now = clock::now();
    let mut door = Door::new([7; 32]);
    let (right, used) = (open(&mut door, "ours", now), open(&mut door, "ours", now));
    let theirs = open(&mut door, "theirs", now);
    assert!(door.enter(now, &caller("ours", 1), &used).is_ok());
    let mut limited = Door::new([7; 32]);
    for _ in 0..5 {
        assert!(limited.enter(now, &caller("ours", 1), &used).is_err());
    }
    let fastest = |door: &mut Door, fresh: bool, code: &str| {
        let times = (0..2000).map(|_| {
            if fresh {
                door.limits = Limits::default();
            }
            let start = clock::now();
            assert!(door.enter(now, &caller("ours", 1), code).is_err());
            clock::now() - start
        });
        times.min().unwrap()
    };
    let times = [
        fastest(&mut door, true, &used),
        fastest(&mut door, true, &theirs),
        fastest(&mut limited, false, &used),
        fastest(&mut limited, false, &right),
    ];
    let (least, most) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(*most < 4 * *least, "{times:?}");
}
