//! What the hubs of several machines say to one another, as one of them sees it.
//!
//! A session is decided at one node, its owner: the one that has the helper's socket. A sharer whose
//! socket is at another node is there a connection that is *away*, and at the owner a *guest*.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rh_policy::{Device, Person};
use rh_protocol::{FromClient, SessionId, ToClient};
use serde::{Deserialize, Serialize};

use super::{Alarm, Caller, CodeKey, Source};

/// Characters of the longest node id.
const ID_CHARS: usize = 96;

/// One running service among several; never used again by another, nor by the same after a restart.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct NodeId(String);

/// The text is not a node's id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a node's id is 1 to {ID_CHARS} letters, digits, points and dashes")]
pub struct ParseNodeIdError;

impl NodeId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for NodeId {
    type Err = ParseNodeIdError;

    fn from_str(text: &str) -> Result<Self, ParseNodeIdError> {
        let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-');
        let good = (1..=ID_CHARS).contains(&text.len()) && text.bytes().all(fits);
        good.then(|| Self(text.to_owned())).ok_or(ParseNodeIdError)
    }
}

impl TryFrom<String> for NodeId {
    type Error = ParseNodeIdError;

    fn try_from(text: String) -> Result<Self, ParseNodeIdError> {
        text.parse()
    }
}

impl From<NodeId> for String {
    fn from(id: NodeId) -> Self {
        id.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a hub wants of the other nodes, for one of its connections.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ToNodes {
    /// Announce a code of this node; answered with [`FromNodes::Opened`].
    Open(CodeKey, Instant),
    /// The code is used or dead.
    Close(CodeKey),
    /// Somebody typed a code; answered with [`FromNodes::Entered`].
    Enter(CodeKey, Source),
    /// Somebody had a right code and was not let in, which counts as a wrong one.
    Failed(Source),
    /// The connection goes away to a code's owner.
    Visit(NodeId, CodeKey, Box<Caller>),
    /// Tell the owner what happened on a connection that is away.
    Pass(Passed),
    /// The connection is away no more; whatever comes for it is late.
    Return,
    /// A guest is free; the hub has forgotten it.
    Dismiss,
    /// Tell the client this. Its owner said so, who also keeps the records of it.
    Relay(ToClient),
    /// A guest may use a relay for this session: the one of the node that has its socket.
    Agreed(SessionId),
}

/// What happened on a connection that is away.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Passed {
    /// The client said something.
    Said(FromClient),
    /// The person signed in more strongly, or is in other groups now.
    Known(Person),
    /// The directory says something else of the device now.
    Found(Device),
    /// The client closed its socket in order.
    Closed,
    /// The socket broke without a word.
    Broke,
}

/// What a hub hears of the other nodes, about one of its connections.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FromNodes {
    /// What became of a code that was to be announced.
    Opened(CodeKey, Opened),
    /// What became of a code that was typed.
    Entered(CodeKey, Entered),
    /// A new connection: a guest with a code of this node, whose attempts were counted already.
    Arrived(CodeKey, Box<Caller>),
    /// The owner tells the client this.
    Told(ToClient),
    /// The connection may use a relay of this node, for this session of its owner's.
    Agreed(SessionId),
    /// The owner has forgotten the connection.
    Dismissed,
    /// The owner is gone, or words of it were lost.
    Stranded,
}

/// What became of a code that was to be announced.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Opened {
    /// Everybody finds it here.
    Ours,
    /// It leads to another node.
    Taken,
    /// The nodes cannot be asked.
    Unreachable,
}

/// What became of a code that was typed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entered {
    /// Too many attempts; the time to wait.
    Wait(Duration),
    /// No such code; with what administrators must hear of it.
    Dead(Option<Alarm>),
    /// It is a code of this node.
    Here,
    /// It is a code of that node.
    At(NodeId),
    /// The nodes cannot be asked.
    Unreachable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_id_is_short_and_plain() {
        for good in ["a", "berlin-2.0f3c", &"9".repeat(96)] {
            assert_eq!(good.parse::<NodeId>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a:b", "a/b", "é", &"9".repeat(97)] {
            assert!(bad.parse::<NodeId>().is_err(), "{bad}");
        }
    }
}
