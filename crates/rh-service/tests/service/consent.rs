//! The signed record of a consent over real sockets (S-46, B-05).

use rh_protocol::{
    Client, Consent, FromClient, IdentityCard, Refusal, Role, SessionId, Shown, ToClient, VERSION,
};
use rh_service::Server;
use rh_signed::PublicKey;
use rh_signed::consent::{Given, check};

use crate::support::{PATIENCE, Socket, agent, helper, open, service, token};

fn shown() -> Shown {
    Shown {
        nonce: "0f".repeat(16),
        wording: "test-1".to_owned(),
        language: "en".to_owned(),
        helper_fingerprint: Some("sha-256 AB:CD".to_owned()),
        sharer_fingerprint: Some("sha-256 01:23".to_owned()),
    }
}

/// What the service says that it signs with.
async fn key(server: &Server) -> PublicKey {
    let bearer = format!("Bearer {}", token(server, "sharer").await);
    let mut socket = open(server, &[("authorization", &bearer)]).await.unwrap();
    socket.say(&FromClient::Hello { version: VERSION, client: Client::Agent }).await;
    let welcome = socket.hear().await;
    let ToClient::Welcome { key: Some(key), .. } = welcome else { panic!("{welcome:?}") };
    key.try_into().unwrap()
}

/// A helper asks for control.
struct Asked {
    helper: Socket,
    agent: Socket,
    session: SessionId,
    card: IdentityCard,
}

const ROLE: Role = Role::Control;

async fn asked(server: &Server) -> Asked {
    asked_between(server, server).await
}

async fn asked_between(helpers: &Server, agents: &Server) -> Asked {
    let (mut helper, mut agent) = (helper(helpers).await, agent(agents).await);
    let (session, code) = helper.code().await;
    agent.say(&FromClient::Join { code }).await;
    assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
    let joined = agent.hear().await;
    let ToClient::Joined { peer, .. } = joined else { panic!("{joined:?}") };
    helper.say(&FromClient::Request { role: ROLE }).await;
    assert!(matches!(agent.hear().await, ToClient::Requested { .. }));
    Asked { helper, agent, session, card: peer.cleaned() }
}

impl Asked {
    async fn answer(&mut self, consent: Consent, shown: Option<Shown>) {
        self.agent.say(&FromClient::Answer { role: ROLE, consent, shown }).await;
    }
}

/// S-46, B-05: both sides get one record, of both people, the mode and both certificates, signed with
/// the key that the agent's service named before.
pub(crate) async fn is_signed_for_both(helpers: &Server, agents: &Server) {
    let mut asked = asked_between(helpers, agents).await;
    asked.answer(Consent::Allow, Some(shown())).await;
    let told = ToClient::Answered { role: ROLE, consent: Consent::Allow };
    assert_eq!(asked.helper.hear().await, told);
    let (theirs, ours) = (asked.helper.hear().await, asked.agent.hear().await);
    assert_eq!(theirs, ours);
    let ToClient::Recorded { record } = ours else { panic!("{ours:?}") };
    let (session, helper) = (asked.session, &asked.card);
    let shown: rh_signed::Shown = shown().into();
    let given = Given { session, helper, role: ROLE, shown: &shown };
    let said = check(&record, key(agents).await, given).unwrap();
    assert_eq!((said.helper.id.as_str(), said.sharer.id.as_str()), ("helper", "sharer"));
    assert_eq!(said.sharer.full_name.as_deref(), Some("Sami Sharer"));
    assert_eq!((said.tenant.as_str(), &said.shown), ("development", &shown));
    let elsewhere = service().await;
    assert!(check(&record, key(&elsewhere).await, given).is_err(), "every service has its own");
}

#[tokio::test]
async fn a_yes_is_signed_for_both_sides() {
    let server = service().await;
    is_signed_for_both(&server, &server).await;
}

/// A no, and a yes for which the agent states nothing, are passed on and not signed.
#[tokio::test]
async fn what_is_no_stated_yes_is_not_signed() {
    let server = service().await;
    for (consent, shown) in [(Consent::Decline, Some(shown())), (Consent::Allow, None)] {
        let mut asked = asked(&server).await;
        asked.answer(consent, shown).await;
        assert_eq!(asked.helper.hear().await, ToClient::Answered { role: ROLE, consent });
        assert_eq!(asked.agent.hear_within(PATIENCE / 20).await, None);
    }
}

/// What goes into a signed record has a form; anything else is refused as a whole.
#[tokio::test]
async fn a_statement_of_another_form_is_refused() {
    let server = service().await;
    let mut asked = asked(&server).await;
    let forged = Shown { wording: "<script>".to_owned(), ..shown() };
    asked.answer(Consent::Allow, Some(forged)).await;
    let refused = ToClient::Refused { refusal: Refusal::NotAllowed, retry_in: None };
    assert_eq!(asked.agent.hear().await, refused);
    assert_eq!(asked.helper.hear_within(PATIENCE / 20).await, None);
}
