//! Letters as streams: one for each node, read by that node alone.
//!
//! A stream keeps what was sent while the reader's connection was broken, which publish and
//! subscribe would lose. What was read is trimmed.

use std::time::Duration;

use async_trait::async_trait;
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamReadOptions, StreamReadReply};
use redis::{AsyncCommands, from_redis_value};

use super::{Redis, config_for_reading, inbox};
use crate::cluster::{Post, Unreachable};
use crate::hub::NodeId;

/// How long one look for letters lasts.
pub(super) const WAIT: Duration = Duration::from_secs(1);

/// Letters of one look.
const AT_ONCE: usize = 256;

/// About how many letters wait for a node that does not read.
const MOST: usize = 10_000;

/// After how many milliseconds letters for a node that never reads again are dropped.
const KEPT_MS: i64 = 60_000;

/// The field of a letter in its entry.
const FIELD: &str = "l";

/// Where reading has come to.
pub(super) struct Reading {
    connection: MultiplexedConnection,
    last: String,
}

#[async_trait]
impl Post for Redis {
    async fn send(&self, to: &NodeId, letters: &[String]) -> Result<(), Unreachable> {
        let stream = inbox(to);
        let mut pipe = redis::pipe();
        for letter in letters {
            let add = pipe.cmd("XADD").arg(&stream).arg("MAXLEN").arg("~").arg(MOST);
            add.arg("*").arg(FIELD).arg(letter).ignore();
        }
        pipe.pexpire(&stream, KEPT_MS).ignore();
        pipe.query_async::<()>(&mut self.manager.clone()).await?;
        Ok(())
    }

    async fn receive(&self, me: &NodeId) -> Result<Vec<String>, Unreachable> {
        let mut held = self.reading.lock().await;
        // Put back only after a look that went well: after another, from the stream's beginning.
        let mut reading = match held.take() {
            Some(reading) => reading,
            None => {
                let config = config_for_reading();
                let connection = self.client.get_multiplexed_async_connection_with_config(&config);
                Reading { connection: connection.await?, last: "0".to_owned() }
            }
        };
        let letters = reading.look(&inbox(me)).await?;
        *held = Some(reading);
        Ok(letters)
    }
}

impl Reading {
    async fn look(&mut self, stream: &str) -> Result<Vec<String>, Unreachable> {
        let wait = usize::try_from(WAIT.as_millis()).unwrap_or(usize::MAX);
        let options = StreamReadOptions::default().block(wait).count(AT_ONCE);
        let (streams, ids) = ([stream], [&self.last]);
        let reply = self.connection.xread_options(&streams, &ids, &options).await?;
        let reply: Option<StreamReadReply> = reply;
        let Some(reply) = reply else { return Ok(Vec::new()) };
        let entries: Vec<_> = reply.keys.into_iter().flat_map(|key| key.ids).collect();
        let Some(newest) = entries.last() else { return Ok(Vec::new()) };
        self.last.clone_from(&newest.id);
        let trim = redis::cmd("XTRIM").arg(stream).arg("MINID").arg(&self.last).to_owned();
        trim.query_async::<()>(&mut self.connection).await?;
        let letter = |entry: &redis::streams::StreamId| {
            entry.map.get(FIELD).cloned().and_then(|value| from_redis_value(value).ok())
        };
        Ok(entries.iter().filter_map(letter).collect())
    }
}
