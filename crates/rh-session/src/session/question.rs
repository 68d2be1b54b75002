//! Questions to the sharer.

use std::fmt;
use std::time::{Duration, Instant};

use rh_protocol::Role;

/// How long the sharer has to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How many upgrades a helper may be declined before further ones are declined unasked.
pub(super) const DECLINES: u8 = 3;

/// One question to the sharer; never used twice by a session.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct QuestionId(pub u64);

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "question-{}", self.0)
    }
}

/// An open question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Question {
    pub(super) id: QuestionId,
    /// What for.
    pub(super) role: Role,
    /// From then on the answer is no.
    pub(super) until: Instant,
}
