//! Agents that are connected and do nothing.

use anyhow::Result;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::task::JoinSet;

use crate::clock::now;
use crate::socket::{Account, Socket};

/// Connects that are under way at one time.
const AT_ONCE: usize = 64;

/// Connects up to each of `steps` in turn.
pub(crate) async fn run(at: &[String], steps: &[usize], network: u8) -> Result<()> {
    let mut accounts = Vec::new();
    for origin in at {
        accounts.push(Account::sharer(origin).await?);
    }
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
            let account = accounts[nth % accounts.len()].clone();
            under_way.spawn(async move { account.connect(network, nth).await });
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

type Connected = Result<Result<Socket>, tokio::task::JoinError>;

/// Lets a socket listen, which answers pings.
fn keep(idle: &mut JoinSet<()>, connected: Option<Connected>) -> Result<()> {
    if let Some(socket) = connected {
        let mut socket = socket??;
        idle.spawn(async move { while socket.listen().await.is_ok() {} });
    }
    Ok(())
}

/// How many sockets have ended by now.
fn lost(idle: &mut JoinSet<()>) -> usize {
    std::iter::from_fn(|| idle.try_join_next()).count()
}
