//! Codes, limits and signs of life as keys.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use redis::{AsyncCommands, Script, Value, from_redis_value};
use sha2::{Digest, Sha256};

use super::{LIFE_SIGN, NODES, Redis, life_sign, millis};
use crate::cluster::{Directory, Found, Unreachable};
use crate::hub::{Alarm, CodeKey, NodeId, Source};

/// How long a node is believed to live after a beat.
const ALIVE: Duration = Duration::from_secs(4);

/// Announces a code, unless it leads elsewhere.
static OPEN: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local owner = redis.call('GET', KEYS[1])
         if owner and owner ~= ARGV[1] then return 0 end
         redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
         return 1",
    )
});

/// Takes a code back, unless it leads elsewhere.
static CLOSE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end")
});

/// Says that a node lives; answers with its sign of life from before, if there is one.
static BEAT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "redis.call('SADD', KEYS[2], ARGV[1])
         redis.call('PEXPIRE', KEYS[2], ARGV[2])
         return redis.call('SET', KEYS[1], 1, 'PX', ARGV[2], 'GET')",
    )
});

/// The nodes that live; the others are dropped from the set.
static LIVING: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local living = {}
         for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
             if redis.call('EXISTS', ARGV[1] .. node) == 1 then
                 living[#living + 1] = node
             else
                 redis.call('SREM', KEYS[1], node)
             end
         end
         return living",
    )
});

static GUESS: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("guess.lua")));

#[async_trait]
impl Directory for Redis {
    async fn open(
        &self,
        key: &CodeKey,
        owner: &NodeId,
        life: Duration,
    ) -> Result<bool, Unreachable> {
        let mut open = OPEN.key(code(key));
        let open = open.arg(owner.as_str()).arg(millis(life));
        Ok(open.invoke_async(&mut self.manager.clone()).await?)
    }

    async fn close(&self, key: &CodeKey, owner: &NodeId) -> Result<(), Unreachable> {
        let mut close = CLOSE.key(code(key));
        Ok(close.arg(owner.as_str()).invoke_async(&mut self.manager.clone()).await?)
    }

    async fn enter(&self, key: &CodeKey, from: &Source) -> Result<Found, Unreachable> {
        self.guess("enter", &code(key), from).await
    }

    async fn failed(&self, from: &Source) -> Result<Option<Alarm>, Unreachable> {
        match self.guess("failed", "rh:code:", from).await? {
            Found::Dead(alarm) => Ok(alarm),
            Found::Wait(_) | Found::At(_) => Ok(None),
        }
    }

    async fn beat(&self, node: &NodeId) -> Result<bool, Unreachable> {
        let mut beat = BEAT.key(life_sign(node));
        let beat = beat.key(NODES).arg(node.as_str()).arg(millis(ALIVE));
        let before: Option<String> = beat.invoke_async(&mut self.manager.clone()).await?;
        Ok(before.is_some())
    }

    async fn absent(&self, nodes: Vec<NodeId>) -> Result<Vec<NodeId>, Unreachable> {
        if nodes.is_empty() {
            return Ok(nodes);
        }
        let mut get = redis::cmd("MGET");
        for node in &nodes {
            get.arg(life_sign(node));
        }
        let signs: Vec<Option<String>> = get.query_async(&mut self.manager.clone()).await?;
        let absent = nodes.into_iter().zip(signs).filter(|(_, sign)| sign.is_none());
        Ok(absent.map(|(node, _)| node).collect())
    }

    async fn living(&self) -> Result<Vec<NodeId>, Unreachable> {
        let mut living = LIVING.key(NODES);
        let living = living.arg(LIFE_SIGN);
        let living: Vec<String> = living.invoke_async(&mut self.manager.clone()).await?;
        let no_node = |_| Unreachable("Redis: no node".to_owned());
        living.into_iter().map(|node| node.parse().map_err(no_node)).collect()
    }

    async fn leave(&self, node: &NodeId) -> Result<(), Unreachable> {
        Ok(self.manager.clone().del(life_sign(node)).await?)
    }
}

impl Redis {
    async fn guess(&self, how: &str, code: &str, from: &Source) -> Result<Found, Unreachable> {
        let (tenant, account, network) =
            (hash(&[from.tenant().as_str()]), account(from), hash(&[&from.network().to_string()]));
        let mut guess = GUESS.key(code);
        let wrong = |kind: &str, of: &str| format!("rh:wrong:{kind}:{of}");
        guess.key(wrong("account", &account)).key(wrong("network", &network));
        guess.key(wrong("tenant", &tenant));
        guess.key(format!("rh:guessers:{tenant}")).key(format!("rh:alarm:{tenant}"));
        guess.arg(how).arg(self.ahead()).arg(account).arg(windows());
        let answer: Vec<Value> = guess.invoke_async(&mut self.manager.clone()).await?;
        read(answer, from)
    }
}

/// What the script answers.
fn read(answer: Vec<Value>, from: &Source) -> Result<Found, Unreachable> {
    let mut answer = answer.into_iter();
    let mut next = || answer.next();
    let strange = |_| Unreachable("Redis: an answer of another kind".to_owned());
    let word: String = from_redis_value(next().unwrap_or(Value::Nil)).map_err(strange)?;
    let figures: (Option<Value>, Option<Value>) = (next(), next());
    match (word.as_str(), figures) {
        ("wait", (Some(wait), _)) => {
            Ok(Found::Wait(Duration::from_millis(from_redis_value(wait).map_err(strange)?)))
        }
        ("at", (Some(owner), _)) => {
            let owner: String = from_redis_value(owner).map_err(strange)?;
            let owner = owner.parse().map_err(|_| Unreachable("Redis: no node".to_owned()))?;
            Ok(Found::At(owner))
        }
        ("dead", (Some(failures), Some(accounts))) => Ok(Found::Dead(Some(Alarm::GuessedCodes {
            tenant: from.tenant().clone(),
            failures: from_redis_value(failures).map_err(strange)?,
            accounts: from_redis_value(accounts).map_err(strange)?,
        }))),
        _ => Ok(Found::Dead(None)),
    }
}

/// The windows as the script reads them.
fn windows() -> String {
    let window = |(most, within): (usize, Duration)| (most, millis(within));
    let windows = Source::windows().map(|all| all.into_iter().map(window).collect::<Vec<_>>());
    serde_json::to_string(&windows).expect("numbers are JSON")
}

fn code(key: &CodeKey) -> String {
    format!("rh:code:{}", hex::encode(key.bytes()))
}

fn account(from: &Source) -> String {
    hash(&[from.tenant().as_str(), from.person().as_str()])
}

/// A hash of words that have no line breaks.
fn hash(words: &[&str]) -> String {
    let hash =
        words.iter().fold(Sha256::new(), |hash, word| hash.chain_update(word).chain_update("\n"));
    hex::encode(hash.finalize())
}
