//! What the tasks of one link have in common.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use super::super::events::Events;
use super::super::mailbox::Mailbox;
use super::super::tray::Tray;
use super::super::{Fingerprints, LinkEvent};
use super::departures::Departures;
use super::garbage::Garbage;
use super::second_try::SecondTry;
use super::silence::Silence;

/// Frames between the media thread and the network.
const FRAMES: usize = 1;

/// What the tasks of one link have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) events: Events,
    pub(super) screen: Mailbox,
    pub(super) tiles: Tray,
    /// Whether H.264 was agreed on.
    pub(super) video: AtomicBool,
    /// Between which certificates the link is.
    pub(super) fingerprints: Mutex<Option<Fingerprints>>,
    pub(super) departures: Arc<Departures>,
    pub(super) second_try: Arc<SecondTry>,
    /// `None` before the link is up.
    pub(super) silence: Mutex<Option<Silence>>,
    pub(super) garbage: Mutex<Garbage>,
    /// A deadline came nearer.
    pub(super) sooner: Notify,
    ended: watch::Sender<bool>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            events: Events::default(),
            screen: Mailbox::new(FRAMES),
            tiles: Tray::default(),
            video: AtomicBool::new(false),
            fingerprints: Mutex::default(),
            departures: Arc::default(),
            second_try: Arc::default(),
            silence: Mutex::default(),
            garbage: Mutex::default(),
            sooner: Notify::new(),
            ended: watch::Sender::new(false),
        }
    }
}

impl Shared {
    /// Reports that the link is up.
    pub(super) fn up(&self, now: Instant) {
        *self.silence.lock().unwrap_or_else(PoisonError::into_inner) = Some(Silence::new(now));
        // Whoever hears of it may show at once.
        self.screen.open();
        self.events.report(LinkEvent::Up);
        self.sooner.notify_one();
    }

    /// For how long the helper was not heard; `None` before the link is up.
    pub(super) fn silence(&self, now: Instant) -> Option<Duration> {
        let silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        silence.as_ref().map(|silence| silence.lasts(now))
    }

    /// Notes that another path is sought.
    pub(super) fn seek(&self, now: Instant) {
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        silence.iter_mut().for_each(|silence| silence.seek(now));
    }

    /// Whether the link has been up.
    pub(super) fn was_up(&self) -> bool {
        self.silence.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Notes between which certificates the link is.
    pub(super) fn is_between(&self, fingerprints: Option<Fingerprints>) {
        *self.fingerprints.lock().unwrap_or_else(PoisonError::into_inner) = fingerprints;
    }

    /// Between which certificates the link is.
    pub(super) fn fingerprints(&self) -> Option<Fingerprints> {
        self.fingerprints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that the helper was heard.
    pub(super) fn heard(&self, now: Instant) {
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(broken) = silence.as_mut().and_then(|silence| silence.heard(now)) {
            self.events.report(LinkEvent::Silent(broken));
        }
    }

    /// Notes that the helper sent something that is no message.
    pub(super) fn garbage(&self, now: Instant) {
        let mut garbage = self.garbage.lock().unwrap_or_else(PoisonError::into_inner);
        garbage.count();
        if garbage.is_too_much() {
            tracing::warn!("the helper sends garbage; its link is closed");
            self.end();
        } else if let Some(count) = garbage.report(now) {
            self.events.report(LinkEvent::Garbage(count));
        } else {
            self.sooner.notify_one();
        }
    }

    /// Ends the link: reports [`LinkEvent::Down`] once, and stops its tasks.
    pub(super) fn end(&self) {
        self.screen.shut();
        self.tiles.shut();
        self.second_try.clear();
        self.events.end();
        self.ended.send_replace(true);
    }

    /// Waits for the end.
    pub(super) async fn ended(&self) {
        // The sender lives as long as `self`.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}
