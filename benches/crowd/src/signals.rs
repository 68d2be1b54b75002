//! Messages within sessions: how long from one socket to the other.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rh_protocol::{FromClient, IceCandidate, Negotiation, ToClient};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::Load;
use crate::clock::now;
use crate::codes::{join, make};
use crate::socket::{Socket, pairs};
use crate::times::Times;

/// Helpers send candidates, each saying when it was sent.
pub(crate) async fn run(load: &Load, rate: u32) -> Result<()> {
    let mut pairs = pairs(&load.at, load.pairs).await?;
    for (helper, sharer) in &mut pairs {
        let code = make(helper).await?;
        join(helper, sharer, code).await?;
    }
    let (origin, every) = (now(), Duration::from_secs(1) / rate);
    let count = pairs.len() as u32;
    let mut running = JoinSet::new();
    for (nth, pair) in pairs.into_iter().enumerate() {
        // Spread, so that they do not all speak at once.
        let wait = every * nth as u32 / count;
        running.spawn(speak(pair, origin, wait, every, load.time()));
    }
    let mut times = Times::default();
    while let Some(spoken) = running.join_next().await {
        times.extend(spoken??);
    }
    println!("{}", json!({ "sent_each_second": count * rate, "latency": times.summary() }));
    Ok(())
}

async fn speak(
    (mut helper, mut sharer): (Socket, Socket),
    origin: Instant,
    wait: Duration,
    every: Duration,
    time: Duration,
) -> Result<Times> {
    sleep(wait).await;
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut times, until) = (Times::default(), now() + time);
    while now() < until {
        tokio::select! {
            _ = ticks.tick() => {
                let candidate = now().duration_since(origin).as_nanos().to_string();
                let candidate = IceCandidate { candidate, sdp_mid: None, sdp_m_line_index: None };
                let step = Negotiation::Candidate { candidate };
                helper.say(&FromClient::Negotiate { step }).await?;
            }
            heard = sharer.listen() => {
                let sent = origin + Duration::from_nanos(sent(&heard?)?);
                times.add(now().duration_since(sent));
            }
            heard = helper.listen() => bail!("nobody spoke to the helper: {:?}", heard?),
        }
    }
    Ok(times)
}

fn sent(message: &ToClient) -> Result<u64> {
    let ToClient::Negotiate { step: Negotiation::Candidate { candidate } } = message else {
        bail!("no candidate: {message:?}")
    };
    candidate.candidate.parse().context("not ours")
}
