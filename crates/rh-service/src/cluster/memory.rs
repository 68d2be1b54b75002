//! Both ports within one process, for tests with several nodes in it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::time::sleep;

use super::{Directory, Found, Post, Unreachable};
use crate::clock;
use crate::hub::{Alarm, CodeKey, Limits, NodeId, Source};

/// What nodes in one process share.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    codes: BTreeMap<CodeKey, (NodeId, Instant)>,
    limits: Limits,
    alive: HashMap<NodeId, Instant>,
    letters: HashMap<NodeId, Vec<String>>,
    ahead: Duration,
}

const ALIVE: Duration = Duration::from_secs(4);

impl Memory {
    /// Lets time pass for the limits.
    pub(super) fn pass(&self, time: Duration) {
        self.lock().ahead += time;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl Directory for Memory {
    async fn open(
        &self,
        key: &CodeKey,
        owner: &NodeId,
        life: Duration,
    ) -> Result<bool, Unreachable> {
        let (mut inner, now) = (self.lock(), clock::now());
        inner.codes.retain(|_, (_, until)| now < *until);
        let (of, until) = inner.codes.entry(*key).or_insert((owner.clone(), now + life));
        let ours = of == owner;
        if ours {
            *until = now + life;
        }
        Ok(ours)
    }

    async fn close(&self, key: &CodeKey, owner: &NodeId) -> Result<(), Unreachable> {
        self.lock().codes.retain(|of, (node, _)| of != key || node != owner);
        Ok(())
    }

    async fn enter(&self, key: &CodeKey, from: &Source) -> Result<Found, Unreachable> {
        let (mut inner, now) = (self.lock(), clock::now());
        let later = now + inner.ahead;
        if let Err(wait) = inner.limits.check(later, from) {
            return Ok(Found::Wait(wait));
        }
        match inner.codes.get(key) {
            Some((node, until)) if now < *until => Ok(Found::At(node.clone())),
            Some(_) | None => Ok(Found::Dead(inner.limits.failed(later, from))),
        }
    }

    async fn failed(&self, from: &Source) -> Result<Option<Alarm>, Unreachable> {
        let mut inner = self.lock();
        let later = clock::now() + inner.ahead;
        Ok(inner.limits.failed(later, from))
    }

    async fn beat(&self, node: &NodeId) -> Result<bool, Unreachable> {
        let now = clock::now();
        let before = self.lock().alive.insert(node.clone(), now + ALIVE);
        Ok(before.is_some_and(|until| now < until))
    }

    async fn absent(&self, mut nodes: Vec<NodeId>) -> Result<Vec<NodeId>, Unreachable> {
        let (inner, now) = (self.lock(), clock::now());
        nodes.retain(|node| inner.alive.get(node).is_none_or(|until| *until <= now));
        Ok(nodes)
    }

    async fn living(&self) -> Result<Vec<NodeId>, Unreachable> {
        let (inner, now) = (self.lock(), clock::now());
        let living = inner.alive.iter().filter(|(_, until)| now < **until);
        Ok(living.map(|(node, _)| node.clone()).collect())
    }

    async fn leave(&self, node: &NodeId) -> Result<(), Unreachable> {
        self.lock().alive.remove(node);
        Ok(())
    }
}

#[async_trait]
impl Post for Memory {
    async fn send(&self, to: &NodeId, letters: &[String]) -> Result<(), Unreachable> {
        self.lock().letters.entry(to.clone()).or_default().extend_from_slice(letters);
        Ok(())
    }

    async fn receive(&self, me: &NodeId) -> Result<Vec<String>, Unreachable> {
        let letters = self.lock().letters.remove(me);
        if letters.is_none() {
            sleep(Duration::from_millis(1)).await;
        }
        Ok(letters.unwrap_or_default())
    }
}
