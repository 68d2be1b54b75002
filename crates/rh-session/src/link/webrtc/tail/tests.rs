use std::collections::BTreeSet;

use super::super::now;
use super::*;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A record of so many bytes of data, told apart by `mark`.
fn record(mark: u8, data: usize) -> Vec<u8> {
    let mut bytes = vec![mark; HEADERS + data];
    bytes[0] = 23;
    bytes
}

fn check(kind: [u8; 2], mark: u8) -> Vec<u8> {
    [&kind[..], &[mark; 18]].concat()
}

fn marks(datagrams: &[Bytes]) -> Vec<u8> {
    datagrams.iter().map(|datagram| datagram[1]).collect()
}

/// Looks as often as `tail` wants to until `end`, while nothing is acknowledged.
fn wait(tail: &mut Tail<()>, outstanding: usize, from: Instant, end: Instant) -> Vec<(u64, u8)> {
    let (mut at, mut tries) = (from, Vec::new());
    while let Some(pause) = tail.wait()
        && at + pause <= end
    {
        at += pause;
        let again = tail.look(outstanding, at);
        tries.extend(marks(&again).into_iter().map(|mark| ((at - from).as_millis() as u64, mark)));
    }
    tries
}

#[test]
fn nothing_is_sent_again_while_nothing_is_missing() {
    let (mut tail, start) = (Tail::default(), now());
    assert_eq!(tail.wait(), None);
    assert!(!tail.sent(&[22, 254, 253], (), start), "a handshake repeats itself");
    assert!(!tail.sent(&[0x80, 23], (), start), "so does video");
    assert_eq!(tail.wait(), None);
    assert!(tail.sent(&record(1, 100), (), start));
    assert!(!tail.sent(&record(2, 100), (), start));
    assert_eq!(tail.wait(), Some(LATE));
    assert!(tail.look(200, start + ms(60)).is_empty());
    assert_eq!(tail.wait(), Some(GLANCE));
    assert!(tail.look(0, start + ms(200)).is_empty());
    assert_eq!(tail.wait(), None);
}

/// An acknowledgement that is 200 ms late, as it may be, is no loss.
#[test]
fn what_is_acknowledged_in_time_is_not_sent_again() {
    let (mut tail, start) = (Tail::default(), now());
    tail.sent(&check(Trip::REQUEST, 1), (), start);
    tail.received(&check(Trip::SUCCESS, 1), start + ms(150));
    for n in 0..100_u64 {
        let at = start + ms(1_000 + n * 150);
        tail.sent(&record(1, 100), (), at);
        tail.sent(&record(2, 100), (), at);
        tail.handed(600 + n as i64 * 200);
        for look in [60, 120] {
            assert!(tail.look(if look < 100 { 600 } else { 400 }, at + ms(look)).is_empty());
        }
    }
}

/// What is sent meanwhile does not hide that something arrived, and so that the outage is over.
#[test]
fn what_arrives_counts_while_more_is_sent() {
    let (mut tail, start) = (Tail::default(), now());
    for n in 0..10 {
        tail.sent(&record(n, 100), (), start);
    }
    tail.handed(1_000);
    let end = start + ms(3_000);
    assert!(!wait(&mut tail, 1_000, start, end).is_empty());
    tail.sent(&record(10, 100), (), end);
    tail.handed(1_100);
    assert!(!tail.look(1_000, end + ms(20)).is_empty(), "one has arrived, and the rest follows");
    tail.handed(1_200);
    assert!(tail.look(1_100, end + ms(40)).is_empty(), "nothing has");
}

#[test]
fn the_last_is_sent_again_soon_and_then_at_a_modest_pace() {
    let (mut tail, start) = (Tail::default(), now());
    tail.sent(&check(Trip::REQUEST, 1), (), start);
    tail.received(&check(Trip::SUCCESS, 2), start + ms(10));
    tail.received(&check(Trip::SUCCESS, 1), start + ms(40));
    tail.sent(&record(7, 100), (), start);
    let tries = wait(&mut tail, 100, start, start + ms(8_000));
    let first = tries.first().map(|(at, _)| *at);
    assert!((340..=400).contains(&first.unwrap_or(0)), "{tries:?}");
    assert!((15..=40).contains(&tries.len()), "{} tries", tries.len());
    let pauses = tries.windows(2).map(|pair| pair[1].0 - pair[0].0);
    assert!(pauses.clone().all(|pause| (200..=320).contains(&pause)), "{tries:?}");
}

/// Each of what is missing gets its turn, and the last each time; what is acknowledged does not.
#[test]
fn only_what_may_be_missing_is_tried() {
    let (mut tail, start) = (Tail::default(), now());
    for mark in 0..20 {
        tail.sent(&record(mark, 1_000), (), start);
    }
    let tries = wait(&mut tail, 3_000, start, start + ms(3_000));
    let mut tried: Vec<u8> = tries.iter().map(|(_, mark)| *mark).collect();
    assert_eq!(tried[..4], [18, 19, 17, 19]);
    tried.sort_unstable();
    tried.dedup();
    assert_eq!(tried, [15, 16, 17, 18, 19], "three, and two for good measure");
}

/// B-09: at the end of an outage everything follows within a few round trips, each once.
#[test]
fn an_answered_try_is_followed_by_the_rest() {
    let (mut tail, start) = (Tail::default(), now());
    for mark in 0..40 {
        tail.sent(&record(mark, 1_000), (), start);
    }
    let tries = wait(&mut tail, 40_000, start, start + ms(5_000));
    assert!(tries.len() < 50, "{}", tries.len());
    let mut there = BTreeSet::from([tries.last().expect("a try").1]);
    let mut at = start + ms(5_000);
    for round_trip in 0.. {
        assert!(round_trip < 7, "{there:?}");
        at += ms(40);
        let missing = 1_000 * (40 - there.len());
        let again = marks(&tail.look(missing, at));
        assert!(tail.look(missing, at + HASTE).is_empty(), "an answer counts once");
        if missing == 0 {
            break;
        }
        let before = there.len();
        there.extend(&again);
        assert!(there.len() + 2 >= before + again.len(), "{again:?} for {before}");
    }
}

#[test]
fn a_word_after_a_silence_is_answered_by_a_try_at_once() {
    let (mut tail, start) = (Tail::default(), now());
    tail.received(&record(0, 35), start);
    tail.sent(&record(7, 100), (), start);
    assert!(!wait(&mut tail, 100, start, start + ms(5_000)).is_empty());
    let end = start + ms(5_001);
    assert!(tail.look(100, end).is_empty());
    tail.received(&record(0, 1), end);
    assert_eq!(marks(&tail.look(100, end)), [7]);
    tail.received(&record(0, 1), end + ms(20));
    assert!(tail.look(100, end + ms(20)).is_empty(), "once");
}

/// B-09: the words at an outage's end are acknowledged at once; what is tried is still what is missing.
#[test]
fn acknowledgements_are_not_tried() {
    let (mut tail, start) = (Tail::default(), now());
    assert!(!tail.sent(&record(1, GAPS), (), start), "one alone is not looked after");
    tail.received(&record(0, 35), start);
    for mark in [2, 3] {
        tail.sent(&record(mark, 100), (), start);
    }
    assert!(!wait(&mut tail, 200, start, start + ms(5_000)).is_empty());
    let end = start + ms(5_001);
    for n in 0..20 {
        tail.received(&record(0, 35), end + ms(n * 80));
        tail.sent(&record(4, 0), (), end + ms(n * 80));
        let tried = marks(&tail.look(200, end + ms(n * 80)));
        let due = n == 0 || n == 13;
        assert_eq!(tried, if due { vec![2, 3] } else { Vec::new() }, "{n}");
    }
}

/// B-09: what a path lost that broke for good is sent by the one that came instead.
#[test]
fn what_one_path_lost_is_sent_by_the_newest() {
    let (mut tail, start) = (Tail::default(), now());
    tail.received(&record(0, 35), start);
    tail.sent(&record(7, 100), "direct", start);
    tail.sent(&check(Trip::REQUEST, 1), "relayed", start + ms(4_000));
    assert_eq!(tail.path(), Some("direct"), "a check chooses no path");
    tail.received(&record(0, 1), start + ms(4_900));
    tail.sent(&record(8, 35), "relayed", start + ms(4_900));
    assert!(marks(&tail.look(100, start + ms(4_900))).contains(&7));
    assert_eq!(tail.path(), Some("relayed"));
}

/// On a path that is slow and full, an acknowledgement may be later than anybody expects.
#[test]
fn a_path_that_is_full_is_left_alone() {
    let (mut tail, start) = (Tail::default(), now());
    for mark in 0..40 {
        tail.sent(&record(mark, 1_000), (), start);
    }
    let mut again = 0;
    for ms_since in (0..4_000_u64).step_by(20) {
        let at = start + ms(ms_since);
        if ms_since % 500 == 0 {
            tail.received(&record(0, 35), at);
        }
        let acknowledged = usize::try_from(ms_since / 1_200).unwrap() * 1_000;
        again += tail.look(40_000 - acknowledged, at).len();
    }
    assert!((1..=16).contains(&again), "{again}");
}

/// B-14: a path that became narrow lost most of a burst; words come in all the while. What is missing
/// follows at the pace at which it arrives, each once.
#[test]
fn what_a_narrow_path_lost_follows_as_fast_as_it_takes_it() {
    let (mut tail, start) = (Tail::default(), now());
    tail.received(&record(0, 35), start);
    tail.look(0, start);
    for mark in 0..50 {
        tail.sent(&record(mark, 1_000), (), start);
    }
    tail.handed(50_000);
    // One datagram in 40 ms gets through, and 300 ms later it is acknowledged.
    let (mut queue, mut there) = (VecDeque::new(), BTreeSet::from([0, 1, 2]));
    let (mut again, mut longest) = (0, 0);
    for at in (0..8_000_u64).step_by(20) {
        let now = start + ms(at);
        tail.received(&record(0, 35), now);
        while let Some((mark, _)) = queue.pop_front_if(|(_, due)| *due <= at) {
            there.insert(mark);
        }
        for mark in marks(&tail.look(1_000 * (50 - there.len()), now)) {
            let free = queue.back().map_or(at, |(_, due): &(u8, u64)| (*due - 300).max(at));
            queue.push_back((mark, free + 40 + 300));
            again += 1;
        }
        longest = longest.max(queue.len());
        if there.len() == 50 {
            assert!(at > 2_000, "{at} ms are faster than the path");
            assert!(again < 80, "{again}");
            assert!(longest < 30, "{longest} are under way");
            return;
        }
    }
    panic!("{} of 50 are there", there.len());
}

#[test]
fn what_is_new_is_not_sent_twice_after_an_outage() {
    let (mut tail, start) = (Tail::default(), now());
    tail.sent(&record(1, 100), (), start);
    assert!(!wait(&mut tail, 100, start, start + ms(1_000)).is_empty());
    for n in 0..100_u64 {
        let at = start + ms(1_000 + n * 100);
        tail.sent(&record(2, 100), (), at);
        tail.handed(200 + 100 * n as i64);
        let again = tail.look(if n % 2 == 0 { 90 } else { 100 }, at + ms(50));
        assert!(!marks(&again).contains(&2), "round {n}");
    }
}

#[test]
fn what_is_kept_is_bounded() {
    let (mut tail, start) = (Tail::default(), now());
    for _ in 0..10_000 {
        tail.sent(&record(1, 1_000), (), start);
    }
    assert_eq!(tail.datagrams.len(), KEPT);
    assert!(tail.look(usize::MAX, start + ms(1_000)).len() <= 2);
    tail.clear();
    assert_eq!(tail.wait(), None);
}

#[test]
fn garbage_is_no_answer() {
    let (mut tail, start) = (Tail::<()>::default(), now());
    for bytes in [&[][..], &[1], &[1, 1], &[1, 1, 0, 0], &[0; 3]] {
        tail.sent(bytes, (), start);
        tail.received(bytes, start);
    }
    assert_eq!(tail.trip.smooth, None);
}
