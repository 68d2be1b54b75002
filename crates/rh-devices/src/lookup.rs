//! A directory that is asked often, and may fail for a moment.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rh_records::{DeviceKey, DeviceRecord};

use crate::{DeviceDirectory, DirectoryError};

/// How long an answer stands in for those that fail to come.
const GRACE: Duration = Duration::from_secs(300);

/// Answers that are remembered.
const ROOM: usize = 10_000;

type Answer = Option<DeviceRecord>;

/// Looks devices up, and remembers the answers for a while: so that the same device is not asked about
/// again and again, and a directory that fails for less than five minutes ends no session.
#[derive(Debug)]
pub struct Lookup {
    directory: Box<dyn DeviceDirectory>,
    fresh: Duration,
    known: Mutex<HashMap<DeviceKey, (Answer, Instant)>>,
}

impl Lookup {
    /// Answers of `directory` count for `fresh` before it is asked again.
    pub fn new(directory: Box<dyn DeviceDirectory>, fresh: Duration) -> Self {
        Self { directory, fresh, known: Mutex::default() }
    }

    /// What the directory says at `now`.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if it gave no answer for too long.
    pub async fn find(&self, now: Instant, key: &DeviceKey) -> Result<Answer, DirectoryError> {
        let known = self.lock().get(key).cloned();
        if let Some((answer, at)) = &known
            && now < *at + self.fresh
        {
            return Ok(answer.clone());
        }
        match self.directory.find(key).await {
            Ok(answer) => {
                self.remember(now, key, answer.clone());
                Ok(answer)
            }
            Err(error) => match known {
                Some((answer, at)) if now < at + GRACE => Ok(answer),
                Some(_) | None => Err(error),
            },
        }
    }

    /// Forgets what is known, since it may have changed.
    pub fn forget(&self) {
        self.lock().clear();
    }

    fn remember(&self, now: Instant, key: &DeviceKey, answer: Answer) {
        let mut known = self.lock();
        if known.len() >= ROOM {
            known.retain(|_, (_, at)| now < *at + self.fresh);
        }
        if known.len() < ROOM {
            known.insert(key.clone(), (answer, now));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<DeviceKey, (Answer, Instant)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use async_trait::async_trait;

    use super::*;

    /// Knows no device, and counts who asks.
    #[derive(Debug, Default)]
    struct Empty {
        down: AtomicBool,
        asked: AtomicUsize,
    }

    #[async_trait]
    impl DeviceDirectory for Arc<Empty> {
        async fn find(&self, _: &DeviceKey) -> Result<Answer, DirectoryError> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            match self.down.load(Ordering::Relaxed) {
                true => Err(DirectoryError::Unavailable("down".to_owned())),
                false => Ok(None),
            }
        }

        async fn all(&self) -> Result<Vec<DeviceRecord>, DirectoryError> {
            Ok(Vec::new())
        }
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the test's own clock begins somewhere")]
    async fn an_answer_counts_for_a_while_and_bridges_a_failure() {
        let empty = Arc::new(Empty::default());
        let second = Duration::from_secs(1);
        let lookup = Lookup::new(Box::new(Arc::clone(&empty)), 10 * second);
        let (start, key) = (Instant::now(), DeviceKey::Serial("C02".parse().unwrap()));
        for after in [0, 9] {
            assert_eq!(lookup.find(start + after * second, &key).await, Ok(None));
        }
        assert_eq!(empty.asked.load(Ordering::Relaxed), 1);
        empty.down.store(true, Ordering::Relaxed);
        assert_eq!(lookup.find(start + 299 * second, &key).await, Ok(None));
        assert!(lookup.find(start + 300 * second, &key).await.is_err());
        empty.down.store(false, Ordering::Relaxed);
        assert_eq!(lookup.find(start + 301 * second, &key).await, Ok(None));
        lookup.forget();
        assert_eq!(lookup.find(start + 302 * second, &key).await, Ok(None));
        assert_eq!(empty.asked.load(Ordering::Relaxed), 5);
    }
}
