//! Both ends of a session in one process: the agent, and a helper made of a few calls.
//!
//! ```sh
//! cargo run --example loopback
//! ```
//!
//! There is no service, no network and no display here. The service's part is two channels
//! ([`Signalling::pair`]), the link is a mock ([`mock::pair`]), and the desktop is one in memory. It is
//! how the agent's own tests work, and a good start for a test of an app that embeds it.
#![expect(clippy::print_stdout, reason = "an example prints what happens")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use rh_agent::{Agent, LinkSource, Prompt, Question, Signalling, VirtualSources};
use rh_protocol::{
    Consent, EndReason, FromClient, FromHelper, IdentityCard, InputEvent, Key, Role, SessionId,
    Shown, ToClient, ToHelper, VERSION,
};
use rh_session::link::{Link, mock};
use rh_signed::{ConsentRecord, Party, Signed, SigningKey, Timestamp};

/// A sharer who trusts everybody. Never do this.
struct Trusting;

#[async_trait]
impl Prompt for Trusting {
    async fn ask(&self, question: Question) -> Consent {
        println!("sharer: allows {}", question.role);
        Consent::Allow
    }
}

/// Hands out the one link there is.
struct OneLink(Mutex<Option<Arc<dyn Link>>>);

#[async_trait]
impl LinkSource for OneLink {
    async fn open(&self) -> Result<Arc<dyn Link>, String> {
        let link = self.0.lock().map_err(|e| e.to_string())?.take();
        link.ok_or_else(|| "the link is taken".to_owned())
    }
}

/// The service's signed record of what the sharer allowed.
fn sign(key: &SigningKey, role: Role, shown: Shown) -> anyhow::Result<String> {
    let party = |id: &str, name: &str| {
        let full_name = Some(name.to_owned());
        anyhow::Ok(Party { id: id.parse()?, full_name, verified_domain: None })
    };
    let record = ConsentRecord {
        tenant: "example".parse()?,
        session: SessionId(1),
        helper: party("hana", "Hana Helper")?,
        sharer: party("sami", "Sami Sharer")?,
        role,
        consent: Consent::Allow,
        shown: shown.into(),
        at: Timestamp::from_millis(0)?,
    };
    Ok(Signed::new(&record, key).to_line())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // The agent, on a desktop in memory, with the near ends of everything.
    let desk = VirtualSources::default();
    let (link, mut helper) = mock::pair();
    let agent = Agent::builder()
        .prompt(Trusting)
        .screens(Arc::new(desk.clone()))
        .inputs(Arc::new(desk.clone()))
        .desktops(Arc::new(rh_session::desktop::Backend::Mock))
        .links(Arc::new(OneLink(Mutex::new(Some(Arc::new(link))))))
        .build()?;
    let (mut signalling, mut service) = Signalling::pair();
    let key = SigningKey::generate()?;
    signalling.key = Some(key.public());
    let sharing = tokio::spawn(async move { agent.share_over(signalling, "12345678").await });

    // The service: the code is good, and this is who the helper is.
    let join = service.outgoing.recv().await;
    anyhow::ensure!(matches!(join, Some(FromClient::Join { .. })), "the agent enters the code");
    let peer =
        IdentityCard { full_name: Some("Hana Helper".to_owned()), ..IdentityCard::default() };
    service.incoming.send(ToClient::Joined { session: SessionId(1), peer }).await?;

    // The helper: connects, says hello, asks, and waits for the sharer's yes.
    helper.connect();
    helper.say(FromHelper::Hello { version: VERSION });
    service.incoming.send(ToClient::Requested { role: Role::Control }).await?;

    // The service: signs what the sharer allowed; without that nothing is typed.
    let answer = service.outgoing.recv().await;
    let Some(FromClient::Answer { role, shown: Some(shown), .. }) = answer else {
        anyhow::bail!("the sharer answers, not {answer:?}")
    };
    let record = sign(&key, role, shown)?;
    service.incoming.send(ToClient::Recorded { record }).await?;
    while let Some(told) = helper.told().await {
        println!("helper: hears {told:?}");
        if told == (ToHelper::InputPaused { paused: false }) {
            break;
        }
    }

    // Pictures come by themselves; input goes the other way.
    let first = helper.shown().await;
    println!("helper: sees a picture of {} bytes, key frame {}", first.data.len(), first.key);
    let text = InputEvent::Text { text: "Grüße, 漢字 🙂".to_owned() };
    let enter = |down| InputEvent::Key { key: Key::Enter, down };
    for (seq, event) in [text, enter(true), enter(false)].into_iter().enumerate() {
        helper.say(FromHelper::Input { seq: seq as u32 + 1, event });
    }
    let next = helper.shown().await;
    println!("helper: sees the next one, of {} bytes", next.data.len());

    helper.say(FromHelper::Bye { reason: EndReason::HelperEnded });
    println!("sharer: {}", sharing.await??.reason);
    println!("sharer: the notepad holds {:?}", desk.0.typed());
    Ok(())
}
