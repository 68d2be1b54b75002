//! Agents that are connected and do nothing.

use anyhow::Result;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::task::{JoinError, JoinSet};

use crate::clock::now;
use crate::socket::Account;

/// Connects that are under way at one time.
const AT_ONCE: usize = 64;

/// Connects up to each of `steps` in turn.
pub(crate) async fn run(at: &[String], steps: &[usize], network: u8) -> Result<()> {
    let mut accounts = Vec::new();
    for origin in at {
        accounts.push(Account::sharer(origin).await?);
    }
    let connect = |nth: usize| {
        let account = accounts[nth % accounts.len()].clone();
        async move {
            let mut socket = account.connect(network, nth).await?;
            Ok(async move { while socket.listen().await.is_ok() {} })
        }
    };
    grow(steps, connect).await
}

/// Connects up to each of `steps` in turn: `connect` opens the nth of all, and gives what keeps it open,
/// which ends with it.
pub(crate) async fn grow<C, K>(steps: &[usize], mut connect: impl FnMut(usize) -> C) -> Result<()>
where
    C: Future<Output = Result<K>> + Send + 'static,
    K: Future<Output = ()> + Send + 'static,
{
    let mut input = BufReader::new(stdin()).lines();
    let mut idle = JoinSet::new();
    let mut connected = 0;
    for &step in steps {
        let start = now();
        let mut under_way = JoinSet::new();
        for nth in connected..step {
            if under_way.len() >= AT_ONCE {
                keep(&mut idle, under_way.join_next().await)?;
            }
            under_way.spawn(connect(nth));
        }
        while !under_way.is_empty() {
            keep(&mut idle, under_way.join_next().await)?;
        }
        connected = connected.max(step);
        let seconds = now().duration_since(start).as_secs_f64();
        println!(
            "{}",
            json!({ "connected": connected, "seconds": seconds, "lost": lost(&mut idle) })
        );
        input.next_line().await?;
    }
    Ok(())
}

/// Keeps who has connected.
fn keep<K>(idle: &mut JoinSet<()>, connected: Option<Result<Result<K>, JoinError>>) -> Result<()>
where
    K: Future<Output = ()> + Send + 'static,
{
    if let Some(keeper) = connected {
        idle.spawn(keeper??);
    }
    Ok(())
}

/// How many have ended by now.
fn lost(idle: &mut JoinSet<()>) -> usize {
    std::iter::from_fn(|| idle.try_join_next()).count()
}
