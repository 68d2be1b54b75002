//! What every backend of the two ports keeps.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use rh_policy::Person;
use rh_protocol::IdentityCard;

use super::{Directory, Found, Post};
use crate::hub::{Alarm, Caller, CodeKey, NodeId, Source};

/// A backend, and its clock.
pub(super) trait Ground: Directory + Post {
    /// Lets time pass for the limits; codes and signs of life live by the real clock.
    fn pass(&self, time: Duration);
}

/// Runs every check. Each has tenants, codes and nodes of its own, so one store serves all.
pub(super) async fn holds(ground: Arc<impl Ground + 'static>) {
    codes_lead_to_their_owner(&*ground).await;
    of_many_who_announce_one_wins(Arc::clone(&ground)).await;
    codes_expire(&*ground).await;
    accounts_have_to_wait(&*ground).await;
    a_wait_says_nothing_of_the_code(&*ground).await;
    networks_have_to_wait(&*ground).await;
    tenants_have_to_wait(&*ground).await;
    no_more_than_the_limit_learn_something(Arc::clone(&ground)).await;
    nodes_are_missed(&*ground).await;
    living_nodes_are_listed(&*ground).await;
    letters_come_in_order(Arc::clone(&ground)).await;
}

fn code(n: u8) -> CodeKey {
    serde_json::from_value(serde_json::json!(vec![n; 32])).unwrap()
}

fn node(name: &str) -> NodeId {
    name.parse().unwrap()
}

/// Somebody with an address of their own.
fn source(tenant: &str, n: u16) -> Source {
    let [high, low] = n.to_be_bytes();
    from(tenant, n, Ipv4Addr::new(10, 0, high, low).into())
}

fn from(tenant: &str, n: u16, address: IpAddr) -> Source {
    let id = format!("person-{n}").parse().unwrap();
    let person = Person::new(tenant.parse().unwrap(), id);
    Source::new(&Caller { person, card: IdentityCard::default(), address, device: None })
}

const LIFE: Duration = Duration::from_secs(600);

async fn codes_lead_to_their_owner(ground: &impl Ground) {
    let (ours, theirs, from) = (node("ours"), node("theirs"), source("owners", 1));
    assert!(ground.open(&code(1), &ours, LIFE).await.unwrap());
    assert!(!ground.open(&code(1), &theirs, LIFE).await.unwrap(), "another's");
    assert!(ground.open(&code(1), &ours, LIFE).await.unwrap(), "once more is fine");
    let found = Found::At(ours.clone());
    assert_eq!(ground.enter(&code(1), &from).await.unwrap(), found);
    assert_eq!(ground.enter(&code(1), &from).await.unwrap(), found, "a look uses nothing up");
    ground.close(&code(1), &theirs).await.unwrap();
    assert_eq!(ground.enter(&code(1), &from).await.unwrap(), found, "nobody closes another's");
    ground.close(&code(1), &ours).await.unwrap();
    assert_eq!(ground.enter(&code(1), &from).await.unwrap(), Found::Dead(None));
}

/// B-06: a code leads to one node, however many draw it at once.
async fn of_many_who_announce_one_wins(ground: Arc<impl Ground + 'static>) {
    for n in 10..30 {
        let announce = |nth: u8| {
            let ground = Arc::clone(&ground);
            tokio::spawn(async move {
                ground.open(&code(n), &node(&format!("node-{nth}")), LIFE).await.unwrap()
            })
        };
        let mut won = 0;
        for announced in (0..50).map(announce).collect::<Vec<_>>() {
            won += u32::from(announced.await.unwrap());
        }
        assert_eq!(won, 1);
    }
}

async fn codes_expire(ground: &impl Ground) {
    let (short, ours, theirs) = (Duration::from_millis(50), node("ours"), node("theirs"));
    assert!(ground.open(&code(2), &ours, short).await.unwrap());
    tokio::time::sleep(short * 2).await;
    assert_eq!(ground.enter(&code(2), &source("expiry", 1)).await.unwrap(), Found::Dead(None));
    assert!(ground.open(&code(2), &theirs, LIFE).await.unwrap());
}

/// How long `from` has to wait now, to the second.
async fn wait(ground: &impl Ground, from: &Source) -> u64 {
    match ground.enter(&code(255), from).await.unwrap() {
        Found::Wait(wait) => wait.as_millis().div_ceil(1000).try_into().unwrap(),
        Found::Dead(_) => 0,
        Found::At(_) => panic!("nobody has this code"),
    }
}

/// That `from` has to wait for `seconds`, of which some may have passed.
async fn waits(ground: &impl Ground, from: &Source, seconds: u64) {
    let left = wait(ground, from).await;
    assert!((seconds - 15..=seconds).contains(&left), "{left} of {seconds}");
}

async fn accounts_have_to_wait(ground: &impl Ground) {
    for _ in 0..5 {
        assert_eq!(wait(ground, &source("accounts", 1)).await, 0);
    }
    let elsewhere = from("accounts", 1, Ipv4Addr::new(192, 0, 2, 1).into());
    // Five in five minutes, wherever from.
    waits(ground, &elsewhere, 300).await;
    assert_eq!(wait(ground, &source("accounts", 2)).await, 0, "somebody else may");
    assert_eq!(wait(ground, &from("elsewhere", 1, Ipv4Addr::new(192, 0, 2, 2).into())).await, 0);
    ground.pass(Duration::from_secs(300));
    for _ in 0..5 {
        assert_eq!(wait(ground, &source("accounts", 1)).await, 0);
    }
    // Ten in an hour.
    waits(ground, &source("accounts", 1), 3300).await;
    let barred = source("accounts", 3);
    for _ in 0..5 {
        assert_eq!(ground.failed(&barred).await.unwrap(), None);
    }
    waits(ground, &barred, 300).await;
}

/// B-06: whoever has to wait is told so whether the code was right or not.
async fn a_wait_says_nothing_of_the_code(ground: &impl Ground) {
    ground.open(&code(3), &node("ours"), LIFE).await.unwrap();
    let guesser = source("silence", 1);
    for _ in 0..5 {
        wait(ground, &guesser).await;
    }
    let right = ground.enter(&code(3), &guesser).await.unwrap();
    assert!(matches!(right, Found::Wait(_)), "{right:?}");
    assert_eq!(
        ground.enter(&code(3), &source("silence", 2)).await.unwrap(),
        Found::At(node("ours"))
    );
}

/// One subscriber's IPv6 addresses count as one.
async fn networks_have_to_wait(ground: &impl Ground) {
    let address = |n: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, n, 0, 0, 1).into();
    for n in 0..30 {
        assert_eq!(wait(ground, &from("networks", n, address(n))).await, 0);
    }
    waits(ground, &from("networks", 30, address(30)), 3600).await;
    let next = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, 1).into();
    assert_eq!(wait(ground, &from("networks", 30, next)).await, 0);
}

/// One alarm an hour, with its figures.
async fn tenants_have_to_wait(ground: &impl Ground) {
    let mut alarms = Vec::new();
    for n in 0..200 {
        let found = ground.enter(&code(255), &source("crowd", n % 100)).await.unwrap();
        let Found::Dead(alarm) = found else { panic!("{n}: {found:?}") };
        alarms.extend(alarm);
    }
    let tenant = "crowd".parse().unwrap();
    assert_eq!(alarms, [Alarm::GuessedCodes { tenant, failures: 200, accounts: 100 }]);
    waits(ground, &source("crowd", 200), 3600).await;
    assert_eq!(ground.failed(&source("crowd", 201)).await.unwrap(), None, "raised already");
    assert_eq!(wait(ground, &source("another", 200)).await, 0);
    ground.pass(Duration::from_secs(3600));
    assert_eq!(wait(ground, &source("crowd", 200)).await, 0);
}

/// B-06: a thousand at once, at any number of nodes, are as many as one after the other.
async fn no_more_than_the_limit_learn_something(ground: Arc<impl Ground + 'static>) {
    let guess = |n: u16| {
        let ground = Arc::clone(&ground);
        tokio::spawn(async move { wait(&*ground, &source("rush", n)).await })
    };
    let mut looked_at = 0;
    for guessed in (0..1000).map(guess).collect::<Vec<_>>() {
        looked_at += u32::from(guessed.await.unwrap() == 0);
    }
    assert_eq!(looked_at, 200);
}

async fn nodes_are_missed(ground: &impl Ground) {
    let (a, b) = (node("alive"), node("never"));
    let absent = ground.absent(vec![a.clone(), b.clone()]).await.unwrap();
    assert_eq!(absent, [a.clone(), b.clone()]);
    assert!(!ground.beat(&a).await.unwrap(), "unknown until now");
    assert!(ground.beat(&a).await.unwrap());
    assert_eq!(ground.absent(vec![a.clone(), b.clone()]).await.unwrap(), [b]);
    assert_eq!(ground.absent(Vec::new()).await.unwrap(), []);
    ground.leave(&a).await.unwrap();
    assert_eq!(ground.absent(vec![a.clone()]).await.unwrap().len(), 1);
    assert!(!ground.beat(&a).await.unwrap());
}

/// Whoever gave a sign of life, until it leaves.
async fn living_nodes_are_listed(ground: &impl Ground) {
    let (a, b) = (node("listed"), node("listed-too"));
    assert!(!ground.living().await.unwrap().contains(&a));
    for node in [&a, &b, &a] {
        ground.beat(node).await.unwrap();
    }
    let mut living = ground.living().await.unwrap();
    living.retain(|it| [&a, &b].contains(&it));
    living.sort();
    assert_eq!(living, [a.clone(), b.clone()]);
    ground.leave(&a).await.unwrap();
    let living = ground.living().await.unwrap();
    assert!(living.contains(&b) && !living.contains(&a), "{living:?}");
}

/// Letters of several senders come, each sender's in order, to the one they are for.
async fn letters_come_in_order(ground: Arc<impl Ground + 'static>) {
    let (to, other) = (node("reader"), node("another"));
    let send = |sender: u8| {
        let (ground, to, other) = (Arc::clone(&ground), to.clone(), other.clone());
        tokio::spawn(async move {
            for n in 0..20 {
                let letters =
                    [format!("{sender} {:02}", 2 * n), format!("{sender} {:02}", 2 * n + 1)];
                ground.send(&to, &letters).await.unwrap();
                ground.send(&other, &["not yours".to_owned()]).await.unwrap();
            }
        })
    };
    let senders: Vec<_> = (0..3).map(send).collect();
    let mut read: Vec<Vec<String>> = vec![Vec::new(); 3];
    while read.iter().map(Vec::len).sum::<usize>() < 120 {
        for letter in ground.receive(&to).await.unwrap() {
            let sender: usize = letter[..1].parse().unwrap();
            read[sender].push(letter);
        }
    }
    for letters in read {
        assert_eq!(letters.len(), letters.iter().collect::<BTreeSet<_>>().len());
        assert!(letters.is_sorted(), "{letters:?}");
    }
    for sender in senders {
        sender.await.unwrap();
    }
}
