//! What there is to know of the other side beside its card (B-05).

use serde::{Deserialize, Serialize};

use crate::{limits, safe_text};

/// What the service knows of the other side beside its card, so that nobody is taken in.
///
/// Nothing here forbids anything: a sharer reads it before saying yes.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(default)]
pub struct Background {
    /// Agent: seconds between the helper's making of the code and its being entered.
    pub code_age: Option<u32>,
    /// Whether these two had a session before in which something was allowed, as far as records
    /// reach; absent if nobody knows.
    pub met_before: Option<bool>,
    /// What is odd about the name; at most [`LIST`](limits::LIST).
    pub oddities: Vec<Oddity>,
}

/// Something odd about a name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
pub struct Oddity {
    /// What.
    pub code: OddityCode,
    /// The name that it is like, if it is like one.
    pub like: Option<String>,
}

/// What is odd about a name.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OddityCode {
    /// It looks like the name of somebody else of this organisation, and is written otherwise
    /// (Unicode TR39).
    LooksAlike,
    /// Somebody else of this organisation has the same name.
    SameName,
    /// It is the name of the organisation, a program or a department, and not of a person.
    NotAPerson,
    /// One of its words mixes letters of several scripts.
    MixedScripts,
    /// Something that this version does not know.
    #[serde(other)]
    Other,
}

impl Background {
    /// As it may be shown.
    #[must_use]
    pub fn cleaned(self) -> Self {
        let clean = |oddity: Oddity| Oddity {
            like: oddity.like.map(|name| safe_text(&name, limits::NAME_CHARS)),
            ..oddity
        };
        let oddities = self.oddities.into_iter().take(limits::LIST).map(clean).collect();
        Self { oddities, ..self }
    }
}
