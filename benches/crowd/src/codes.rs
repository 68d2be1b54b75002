//! Codes, made and redeemed one after the other by many at once.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use rh_protocol::{EndReason, FromClient, ToClient};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::Load;
use crate::clock::now;
use crate::socket::{Socket, pairs};
use crate::times::Times;

/// How often one pair meets at most: a helper says two things each time, and the service takes 50 messages
/// a second of each client.
const ROUND: Duration = Duration::from_millis(60);

/// Each pair meets and parts, again and again.
pub(crate) async fn run(load: &Load) -> Result<()> {
    let pairs = pairs(&load.at, load.pairs).await?;
    let start = now();
    let until = start + load.time();
    let mut running = JoinSet::new();
    for (helper, sharer) in pairs {
        running.spawn(meet(helper, sharer, until));
    }
    let (mut made, mut redeemed) = (Times::default(), Times::default());
    while let Some(times) = running.join_next().await {
        let times = times??;
        made.extend(times.0);
        redeemed.extend(times.1);
    }
    let seconds = now().duration_since(start).as_secs_f64();
    let each_second = redeemed.len() as f64 / seconds;
    let figures = json!({
        "seconds": seconds, "each_second": each_second,
        "make": made.summary(), "redeem": redeemed.summary(),
    });
    println!("{figures}");
    Ok(())
}

async fn meet(mut helper: Socket, mut sharer: Socket, until: Instant) -> Result<(Times, Times)> {
    let (mut made, mut redeemed) = (Times::default(), Times::default());
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while now() < until {
        rounds.tick().await;
        let start = now();
        let code = make(&mut helper).await?;
        made.add(now().duration_since(start));
        let start = now();
        join(&mut helper, &mut sharer, code).await?;
        redeemed.add(now().duration_since(start));
        helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await?;
        let ended = sharer.hear().await?;
        ensure!(matches!(ended, ToClient::Ended { .. }), "no end: {ended:?}");
    }
    Ok((made, redeemed))
}

/// A code of `helper`.
pub(crate) async fn make(helper: &mut Socket) -> Result<String> {
    helper.say(&FromClient::NewSession { device: None }).await?;
    let made = helper.hear().await?;
    let ToClient::Session { code, .. } = made else { bail!("no code: {made:?}") };
    Ok(code)
}

/// Brings the two together; both have heard it then.
pub(crate) async fn join(helper: &mut Socket, sharer: &mut Socket, code: String) -> Result<()> {
    sharer.say(&FromClient::Join { code }).await?;
    for side in [sharer, helper] {
        let joined = side.hear().await?;
        ensure!(matches!(joined, ToClient::Joined { .. }), "nobody joined: {joined:?}");
    }
    Ok(())
}
