//! What every [`Link`] keeps, checked from its far end.
//!
//! A backend's tests implement [`FarEnd`] and call [`check`]. A clause that is not kept panics and
//! says which. The clauses wait in real time or on Tokio's paused clock.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use rh_protocol::{
    DisplayId, EncodedFrame, EndReason, FromHelper, Negotiation, Point, PointerMove, ToHelper,
    decode, encode, limits,
};

use super::mock::MockHelper;
use super::{Gone, Link, LinkEvent, Shown};

/// The helper's end of a link under test.
#[async_trait]
pub trait FarEnd: Send {
    /// Waits for the next step of the helper's side of the negotiation; the first is its offer.
    async fn step(&mut self) -> Negotiation;
    /// Takes in a step of the agent's side.
    async fn take(&mut self, step: Negotiation);
    /// Sends `bytes` over the reliable channel.
    async fn say(&mut self, bytes: &[u8]);
    /// Sends `bytes` over the unreliable channel.
    async fn point(&mut self, bytes: &[u8]);
    /// Asks for a key frame.
    async fn want_key_frame(&mut self);
    /// Says nothing until the link noticed.
    async fn be_silent(&mut self);
    /// Waits for what it is told next; `None` once the link is closed.
    async fn told(&mut self) -> Option<ToHelper>;
    /// Begins to take tiles.
    async fn open_tiles(&mut self);
    /// Waits for the next tile message.
    async fn painted(&mut self) -> Bytes;
    /// Waits for the next frame: its NAL units (ITU-T H.264, section 7.3.1) with Annex B start
    /// codes of four bytes.
    async fn shown(&mut self) -> Vec<u8>;
}

/// A link and its far end, not connected.
pub type Ends = (Arc<dyn Link>, Box<dyn FarEnd>);

/// Longest wait for anything; generous, as test machines are busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// Checks every clause, each with the ends that `fresh` makes.
///
/// # Panics
///
/// If a clause is not kept.
pub async fn check<F, E>(fresh: F)
where
    F: Fn() -> E,
    E: Future<Output = Ends>,
{
    nothing_is_shown_before_it_is_up(fresh().await).await;
    messages_keep_their_order(fresh().await).await;
    frames_arrive_whole_and_start_with_a_key_frame(fresh().await).await;
    requests_for_a_key_frame_are_reported(fresh().await).await;
    tiles_arrive_in_order_once_they_are_taken(fresh().await).await;
    garbage_is_counted_and_harmless(fresh().await).await;
    silence_is_reported_and_its_end(fresh().await).await;
    close_says_goodbye_and_is_final(fresh().await).await;
    a_helper_that_vanishes_takes_the_link_down_once(fresh().await).await;
}

/// Negotiates until the link is up; it reports nothing else before that.
///
/// # Panics
///
/// If it does not come up.
pub async fn connect(link: &dyn Link, far: &mut dyn FarEnd) {
    let connecting = async {
        loop {
            tokio::select! {
                event = link.next() => match event {
                    Some(LinkEvent::Negotiate(step)) => far.take(step).await,
                    Some(LinkEvent::Up) => return,
                    other => panic!("before it is up the link reports {other:?}"),
                },
                step = far.step() => link.negotiate(step).await.expect("it is not gone"),
            }
        }
    };
    soon("the link comes up", connecting).await;
}

/// Waits for the next event that is not about the negotiation or the capacity.
///
/// # Panics
///
/// If none comes in time, or the link comes up again.
pub async fn next(link: &dyn Link, far: &mut dyn FarEnd) -> Option<LinkEvent> {
    let waiting = async {
        loop {
            match link.next().await {
                Some(LinkEvent::Negotiate(step)) => far.take(step).await,
                Some(LinkEvent::Capacity(bitrate)) => assert!(bitrate > 0, "capacity is a number"),
                Some(LinkEvent::Up) => panic!("a link comes up once"),
                other => return other,
            }
        }
    };
    soon("the link reports something", waiting).await
}

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(done) => done,
        Err(_) => panic!("it takes too long until {what}"),
    }
}

/// A frame that tells which one it is: parameter sets before a key frame, one slice.
pub fn frame(n: u8, key: bool, len: usize) -> EncodedFrame {
    let mut data = Vec::new();
    if key {
        data.extend([0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, n | 1]);
        data.extend([0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80]);
    }
    data.extend([0, 0, 0, 1, if key { 0x65 } else { 0x41 }]);
    // No zeros, so that no start code appears within.
    data.extend((0..len).map(|i| (i % 251) as u8 | 1));
    data.push(n | 0x80);
    EncodedFrame { data: Bytes::from(data), at: Duration::from_millis(20) * u32::from(n), key }
}

/// S-58: not one frame before the link is up.
async fn nothing_is_shown_before_it_is_up((link, mut far): Ends) {
    assert!(!link.ready(), "a link that is not up is ready for nothing");
    assert_eq!(link.show(&frame(1, true, 100)), Shown::Dropped);
    link.tell(&ToHelper::Pong { nonce: 1 }).await.expect("a message waits for the link");
    connect(&*link, &mut *far).await;
    assert!(link.ready());
    let ends = link.fingerprints().expect("a link that is up is between two certificates");
    assert_ne!(ends.helper, ends.sharer);
    assert_eq!(soon("a message arrives", far.told()).await, Some(ToHelper::Pong { nonce: 1 }));
    assert_eq!(link.show(&frame(2, true, 100)), Shown::Sent);
    let shown = soon("a frame arrives", far.shown()).await;
    assert_eq!(shown, frame(2, true, 100).data, "the frame from before was forgotten");
}

async fn messages_keep_their_order((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    for nonce in 0..100 {
        far.say(encode(&FromHelper::Ping { nonce }).as_bytes()).await;
    }
    for nonce in 0..100 {
        let ping = LinkEvent::Heard(FromHelper::Ping { nonce });
        assert_eq!(next(&*link, &mut *far).await, Some(ping));
        link.tell(&ToHelper::Pong { nonce }).await.expect("it is up");
    }
    for nonce in 0..100 {
        assert_eq!(soon("an answer", far.told()).await, Some(ToHelper::Pong { nonce }));
    }
    let at = Point::new(DisplayId(1), 0.25, 0.75).expect("a point");
    let moved = PointerMove { seq: 7, at };
    let event = pointed(&*link, &mut *far, encode(&moved).as_bytes()).await;
    assert_eq!(event, LinkEvent::Pointer(moved));
}

/// Sends `bytes` over the unreliable channel, again and again as it may lose them, until the link
/// reports something of it.
async fn pointed(link: &dyn Link, far: &mut dyn FarEnd, bytes: &[u8]) -> LinkEvent {
    for _ in 0..50 {
        far.point(bytes).await;
        match tokio::time::timeout(Duration::from_millis(200), next(link, far)).await {
            Ok(Some(LinkEvent::Silent(_))) | Err(_) => {}
            Ok(Some(event)) => return event,
            Ok(None) => panic!("the link is gone"),
        }
    }
    panic!("nothing arrives over the unreliable channel");
}

async fn frames_arrive_whole_and_start_with_a_key_frame((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    assert_eq!(link.show(&frame(1, false, 100)), Shown::Dropped, "its reference is missing");
    assert_eq!(next(&*link, &mut *far).await, Some(LinkEvent::KeyFrameWanted));
    for n in 2..20 {
        let frame = frame(n, n == 2, 100 * usize::from(n) * usize::from(n));
        until_ready(&*link).await;
        assert_eq!(link.show(&frame), Shown::Sent);
        let shown = soon("a frame arrives", far.shown()).await;
        assert!(shown == frame.data, "frame {n} is not what was shown");
    }
}

/// Waits until `link` is ready for a frame.
///
/// # Panics
///
/// If that takes too long.
pub async fn until_ready(link: &dyn Link) {
    let ready = async {
        while !link.ready() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    soon("the link is ready", ready).await;
}

async fn requests_for_a_key_frame_are_reported((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    assert_eq!(link.show(&frame(1, true, 100)), Shown::Sent);
    soon("a frame arrives", far.shown()).await;
    far.want_key_frame().await;
    assert_eq!(next(&*link, &mut *far).await, Some(LinkEvent::KeyFrameWanted));
}

async fn tiles_arrive_in_order_once_they_are_taken((link, mut far): Ends) {
    let message = |n: usize| Bytes::from(vec![n as u8; 1 + n * 1_000]);
    assert_eq!((link.backlog(), link.paint(vec![message(1)])), (None, Shown::Dropped));
    connect(&*link, &mut *far).await;
    assert!(link.shows_video());
    assert_eq!((link.backlog(), link.paint(vec![message(2)])), (None, Shown::Dropped));
    far.open_tiles().await;
    let opened = async {
        while link.backlog().is_none() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    soon("tiles are taken", opened).await;
    for n in (3..60).step_by(3) {
        assert_eq!(link.paint((n..n + 3).map(message).collect()), Shown::Sent);
    }
    for n in 3..60 {
        assert!(soon("a tile arrives", far.painted()).await == message(n), "in order: {n}");
    }
    let arrived = async {
        while link.backlog() != Some(0) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    soon("nothing is on its way any more", arrived).await;
    soon("it closes", link.close(EndReason::SharerEnded)).await;
    assert_eq!((link.backlog(), link.paint(vec![message(1)])), (None, Shown::Dropped));
}

async fn garbage_is_counted_and_harmless((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    let long = vec![b' '; limits::MESSAGE_BYTES + 1];
    let garbage: [&[u8]; 6] = [b"", b"\xff\xfe", b"{", b"{\"type\":\"sudo\"}", b"[[[[", &long];
    for bytes in garbage {
        far.say(bytes).await;
    }
    let mut counted = 0;
    while counted < 6 {
        match next(&*link, &mut *far).await {
            Some(LinkEvent::Garbage(n)) if n > counted => counted = n,
            other => panic!("{counted} of 6 are counted, then comes {other:?}"),
        }
    }
    assert_eq!(counted, 6);
    assert_eq!(pointed(&*link, &mut *far, b"{\"seq\":-1}").await, LinkEvent::Garbage(7));
    far.say(encode(&FromHelper::Ping { nonce: 1 }).as_bytes()).await;
    let ping = LinkEvent::Heard(FromHelper::Ping { nonce: 1 });
    assert_eq!(next(&*link, &mut *far).await, Some(ping));
}

/// S-61: a silent helper is noticed within two seconds or so.
async fn silence_is_reported_and_its_end((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    far.be_silent().await;
    let Some(LinkEvent::Silent(silence)) = next(&*link, &mut *far).await else {
        panic!("silence is not reported");
    };
    assert!(silence >= Duration::from_secs(2));
    far.say(encode(&FromHelper::Ping { nonce: 1 }).as_bytes()).await;
    loop {
        match next(&*link, &mut *far).await {
            Some(LinkEvent::Silent(Duration::ZERO)) => break,
            Some(LinkEvent::Silent(longer)) => assert!(longer > silence),
            other => panic!("the end of the silence is not reported, but {other:?}"),
        }
    }
    let ping = LinkEvent::Heard(FromHelper::Ping { nonce: 1 });
    assert_eq!(next(&*link, &mut *far).await, Some(ping));
}

/// S-61, B-01: the helper learns at once that it is over, and why.
async fn close_says_goodbye_and_is_final((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    soon("it closes", link.close(EndReason::SharerEnded)).await;
    let goodbye = ToHelper::Ended { reason: EndReason::SharerEnded };
    assert_eq!(soon("a goodbye", far.told()).await, Some(goodbye));
    assert_eq!(next(&*link, &mut *far).await, Some(LinkEvent::Down));
    assert_eq!(next(&*link, &mut *far).await, None);
    assert_eq!(next(&*link, &mut *far).await, None);
    assert_eq!(link.tell(&ToHelper::Pong { nonce: 1 }).await, Err(Gone));
    let offer = Negotiation::Offer { sdp: String::new() };
    assert_eq!(link.negotiate(offer).await, Err(Gone));
    assert!(!link.ready());
    assert_eq!(link.show(&frame(1, true, 100)), Shown::Dropped);
    soon("it is closed already", link.close(EndReason::SharerEnded)).await;
}

async fn a_helper_that_vanishes_takes_the_link_down_once((link, mut far): Ends) {
    connect(&*link, &mut *far).await;
    let bye = FromHelper::Bye { reason: EndReason::HelperLeft };
    far.say(encode(&bye).as_bytes()).await;
    assert_eq!(next(&*link, &mut *far).await, Some(LinkEvent::Heard(bye)));
    drop(far);
    let mut downs = 0;
    while let Some(event) = soon("the link goes down", link.next()).await {
        downs += u32::from(event == LinkEvent::Down);
    }
    assert_eq!(downs, 1);
}

#[async_trait]
impl FarEnd for MockHelper {
    async fn step(&mut self) -> Negotiation {
        if self.is_connected() {
            return pending().await;
        }
        self.connect();
        Negotiation::Offer { sdp: String::new() }
    }

    async fn take(&mut self, _: Negotiation) {}

    async fn say(&mut self, bytes: &[u8]) {
        match decode(bytes) {
            Ok(message) => Self::say(self, message),
            Err(_) => self.garble(),
        }
    }

    async fn point(&mut self, bytes: &[u8]) {
        match decode(bytes) {
            Ok(moved) => Self::point(self, moved),
            Err(_) => self.garble(),
        }
    }

    async fn want_key_frame(&mut self) {
        self.report(LinkEvent::KeyFrameWanted);
    }

    async fn be_silent(&mut self) {
        self.fall_silent(Duration::from_secs(2));
    }

    async fn told(&mut self) -> Option<ToHelper> {
        Self::told(self).await
    }

    async fn open_tiles(&mut self) {
        Self::open_tiles(self);
    }

    async fn painted(&mut self) -> Bytes {
        Self::painted(self).await
    }

    async fn shown(&mut self) -> Vec<u8> {
        Self::shown(self).await.data.to_vec()
    }
}
