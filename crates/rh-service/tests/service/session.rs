//! Two clients meet over real sockets.

use crate::support::{agent, helper, pair, service};
use rh_protocol::{Consent, EndReason, FromClient, IceCandidate, Negotiation, Role, ToClient};

/// S-57: both sides see the same five fields of the other.
#[tokio::test]
async fn both_sides_see_five_fields_of_the_other() {
    let server = service().await;
    let (mut helper, mut agent) = (helper(&server).await, agent(&server).await);
    let (session, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    for (side, name) in [(&mut helper, "Sami Sharer"), (&mut agent, "Hana Helper")] {
        let ToClient::Joined { session: joined, peer } = side.hear().await else {
            panic!("not joined")
        };
        assert_eq!(joined, session);
        assert_eq!(peer.full_name.as_deref(), Some(name));
        assert!(peer.job_title.is_some() && peer.company.is_some() && peer.picture.is_some());
        assert_eq!(peer.verified_domain.as_deref(), Some("example.com"));
        let picture = format!("{}{}", server.origin(), peer.picture.unwrap());
        let png = reqwest::get(picture).await.unwrap().bytes().await.unwrap();
        assert!(png.starts_with(b"\x89PNG"));
    }
}

#[tokio::test]
async fn a_session_runs_from_request_to_goodbye() {
    let server = service().await;
    let (mut helper, mut agent) = pair(&server).await;

    helper.say(&FromClient::Request { role: Role::View }).await;
    assert_eq!(agent.hear().await, ToClient::Requested { role: Role::View });
    let (role, consent) = (Role::View, Consent::Allow);
    agent.say(&FromClient::Answer { role, consent, shown: None }).await;
    assert_eq!(helper.hear().await, ToClient::Answered { role, consent });

    let offer = Negotiation::Offer { sdp: "v=0 offer".to_owned() };
    helper.say(&FromClient::Negotiate { step: offer.clone() }).await;
    assert_eq!(agent.hear().await, ToClient::Negotiate { step: offer });
    let answer = Negotiation::Answer { sdp: "v=0 answer".to_owned() };
    agent.say(&FromClient::Negotiate { step: answer.clone() }).await;
    assert_eq!(helper.hear().await, ToClient::Negotiate { step: answer });
    let candidate = IceCandidate {
        candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host".to_owned(),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
    };
    let step = Negotiation::Candidate { candidate };
    agent.say(&FromClient::Negotiate { step: step.clone() }).await;
    assert_eq!(helper.hear().await, ToClient::Negotiate { step });

    helper.say(&FromClient::Leave { reason: EndReason::HelperEnded }).await;
    assert_eq!(agent.hear().await, ToClient::Ended { reason: EndReason::HelperEnded });
    let (_, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
}
