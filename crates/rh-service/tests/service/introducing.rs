//! A helper brings a colleague (B-20), through the WebSocket interface of a running service.

use rh_protocol::{EndReason, FromClient, Refusal, Role, ToClient};

use crate::policy::Pair;
use crate::rules::{ROLES, Ruled};

/// The helper of `pair` brings whoever made `code`; the agent hears of it.
async fn bring(pair: &mut Pair, code: &str, stays: bool) {
    let code = code.to_owned();
    pair.helper.say(&FromClient::Introduce { code: code.clone(), stays }).await;
    assert_eq!(past_terms(pair).await, ToClient::Introduced { code, stays });
}

/// What the agent hears next, but for what the rules say.
async fn past_terms(pair: &mut Pair) -> ToClient {
    loop {
        let heard = pair.agent.hear().await;
        if !matches!(heard, ToClient::Terms { .. }) {
            return heard;
        }
    }
}

/// Two in a session in which the helper views.
async fn viewing(ruled: &Ruled, tenant: &str, sharer: &str) -> Pair {
    let mut pair = Pair::met(ruled, &format!("{tenant}-view"), sharer).await;
    assert!(matches!(pair.helper.hear().await, ToClient::Joined { .. }));
    pair.allow(Role::View).await;
    pair
}

/// B-20: each role, brought by somebody who may only view, comes exactly as far as by itself: nobody lends
/// a right, and nobody takes one away.
#[tokio::test]
async fn whoever_is_brought_comes_as_far_as_by_themselves() {
    let ruled = Ruled::new().await;
    let mut seen = Vec::new();
    for (tenant, device) in [("strict", "compliant"), ("open", "compliant")] {
        let sharer = format!("{tenant}-{device}");
        for (role, _) in ROLES {
            let colleague = format!("{tenant}-{role}");
            let mut first = viewing(&ruled, tenant, &sharer).await;
            let alone = Pair::new(&ruled, &colleague, &sharer).await;
            let alone = alone.reach(async |_| (), &mut Vec::new()).await;
            let second = Pair::new(&ruled, &colleague, &sharer).await;
            let brought = async |code: &str| bring(&mut first, code, true).await;
            let brought = second.reach(brought, &mut Vec::new()).await;
            assert_eq!((brought.how_far, brought.why), (alone.how_far, alone.why), "{colleague}");
            seen.push(brought.how_far);
        }
    }
    assert!(["no code", "view", "control"].iter().all(|it| seen.contains(it)), "{seen:?}");
}

/// B-20, S-46: who was allowed nothing brings nobody, and a code of another organisation is what a wrong
/// one is, whoever brings it.
#[tokio::test]
async fn nobody_is_brought_around_the_rules() {
    let ruled = Ruled::new().await;
    let mut met = Pair::met(&ruled, "strict-view", "strict-compliant").await;
    assert!(matches!(met.helper.hear().await, ToClient::Joined { .. }));
    met.helper.say(&FromClient::Introduce { code: "12345678".to_owned(), stays: true }).await;
    let refused = ToClient::Refused { refusal: Refusal::NotAllowed, retry_in: None };
    assert_eq!(met.helper.hear().await, refused);
    drop(met);
    let mut pair = viewing(&ruled, "strict", "strict-compliant").await;
    let mut stranger = Pair::new(&ruled, "open-desk", "strict-compliant").await;
    let (_, code) = stranger.helper.code().await;
    bring(&mut pair, &code, true).await;
    stranger.agent.say(&FromClient::Join { code }).await;
    let refused = ToClient::Refused { refusal: Refusal::Code, retry_in: None };
    assert_eq!(stranger.agent.hear().await, refused);
}

/// B-20: a helper who handed over is told so, and the colleague's session goes on.
#[tokio::test]
async fn who_hands_over_leaves_and_the_colleague_stays() {
    let ruled = Ruled::new().await;
    let mut first = viewing(&ruled, "strict", "strict-compliant").await;
    let mut second = Pair::new(&ruled, "strict-desk", "strict-compliant").await;
    let (_, code) = second.helper.code().await;
    bring(&mut first, &code, false).await;
    second.agent.say(&FromClient::Join { code }).await;
    for side in [&mut second.helper, &mut second.agent] {
        assert!(matches!(side.hear().await, ToClient::Joined { .. }));
    }
    second.allow(Role::View).await;
    let reason = EndReason::HandedOver;
    first.agent.say(&FromClient::Leave { reason }).await;
    assert_eq!(first.helper.hear().await, ToClient::Ended { reason });
    second.allow(Role::Control).await;
}
