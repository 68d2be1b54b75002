//! Codes, made and redeemed one after the other by many at once.

use std::time::Instant;

use anyhow::{Result, bail, ensure};
use rh_protocol::{EndReason, FromClient, ToClient};
use serde_json::json;
use tokio::task::JoinSet;

use crate::Load;
use crate::clock::now;
use crate::socket::{Socket, pairs};
use crate::times::Times;

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
    while now() < until {
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
    helper.say(&FromClient::NewSession).await?;
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
