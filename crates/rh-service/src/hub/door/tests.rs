use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use rh_policy::Person;
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
    let id = format!("person-{account}").parse().unwrap();
    Caller {
        person: Person::new(tenant.parse().unwrap(), id),
        card: IdentityCard::default(),
        address: Ipv4Addr::new(192, 0, 2, account).into(),
        device: None,
    }
}

/// As somebody whom the rules let in.
fn enter(
    door: &mut Door,
    now: Instant,
    caller: &Caller,
    typed: &str,
) -> Result<Invitation, Denied<()>> {
    door.enter(now, caller, typed, |_| Verdict::Enter(())).map(|(invitation, ())| invitation)
}

fn open(door: &mut Door, tenant: &str, now: Instant) -> String {
    let invitation =
        Invitation { helper: ConnId(1), session: SessionId(1), until: now + CODE_LIFE };
    door.make(&tenant.parse().unwrap(), invitation, &mut OsRandom).0.to_string()
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
    assert!(enter(&mut door, now, &caller("ours", 1), &used).is_ok());
    let wrong = if theirs == "00000000" { "00000001" } else { "00000000" };
    taken.lock().unwrap().clear();
    for (nth, code) in [wrong, &expired, &used, &theirs].into_iter().enumerate() {
        assert_eq!(
            enter(&mut door, now, &caller("ours", 1), code),
            Err(Denied::Dead(None)),
            "{code}"
        );
        assert_eq!(taken.lock().unwrap().len(), nth + 1);
    }
}

/// B-06: another tenant's guesses do not use a code up.
#[test]
fn another_tenants_guess_leaves_a_code_alone() {
    let (mut door, now) = (Door::new([7; 32]), clock::now());
    let code = open(&mut door, "ours", now);
    assert_eq!(enter(&mut door, now, &caller("theirs", 1), &code), Err(Denied::Dead(None)));
    assert!(enter(&mut door, now, &caller("ours", 1), &code).is_ok());
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
        assert_eq!(enter(&mut door, now, &guesser, wrong), Err(Denied::Dead(None)));
    }
    taken.lock().unwrap().clear();
    let wait = Err(Denied::Wait(Duration::from_secs(300)));
    assert_eq!(enter(&mut door, now, &guesser, wrong), wait);
    assert_eq!(enter(&mut door, now, &guesser, &right), wait);
    assert_eq!(enter(&mut door, now, &guesser, "nonsense"), Err(Denied::Malformed));
    assert!(taken.lock().unwrap().is_empty());
    assert!(enter(&mut door, now, &caller("ours", 2), &right).is_ok());
}

/// B-06: every kind of guess costs one hash, so that time tells none from another: wrong, used,
/// another tenant's, and right or wrong while the guesser has to wait.
#[test]
fn every_guess_costs_one_hash() {
    let (mut door, now) = (Door::new([7; 32]), clock::now());
    let (right, used) = (open(&mut door, "ours", now), open(&mut door, "ours", now));
    let theirs = open(&mut door, "theirs", now);
    let mut cost = |code: &str| {
        let before = door.codes.hashes.get();
        let entered = enter(&mut door, now, &caller("ours", 1), code);
        (door.codes.hashes.get() - before, entered.map(drop))
    };
    assert_eq!(cost(&used), (1, Ok(())));
    for guess in [&used, &theirs, &used, &theirs, &used] {
        assert_eq!(cost(guess), (1, Err(Denied::Dead(None))));
    }
    let wait = Err(Denied::Wait(Duration::from_secs(300)));
    assert_eq!(cost(&right), (1, wait), "right, and limited");
    let wait = Err(Denied::Wait(Duration::from_secs(300)));
    assert_eq!(cost(&used), (1, wait), "wrong, and limited");
}

/// B-06: a right code in the hands of somebody whom the rules do not let in counts as a wrong one,
/// and stays open for somebody else; whoever has something to do first loses nothing.
#[test]
fn whom_the_rules_do_not_let_in_has_guessed_wrong() {
    let (mut door, now) = (Door::new([7; 32]), clock::now());
    let code = open(&mut door, "ours", now);
    let guesser = caller("ours", 1);
    for _ in 0..9 {
        let later = door.enter(now, &guesser, &code, |_| Verdict::Later(()));
        assert_eq!(later, Err(Denied::Later(())));
    }
    for _ in 0..5 {
        let never = door.enter(now, &guesser, &code, |_| Verdict::Never(()));
        assert_eq!(never, Err(Denied::Barred((), None)));
    }
    let wait = Err(Denied::Wait(Duration::from_secs(300)));
    assert_eq!(door.enter(now, &guesser, &code, |_| Verdict::Never(())), wait);
    assert!(enter(&mut door, now, &caller("ours", 2), &code).is_ok());
    assert_eq!(enter(&mut door, now, &caller("ours", 3), &code), Err(Denied::Dead(None)));
}
