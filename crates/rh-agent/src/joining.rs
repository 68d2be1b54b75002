//! Entering a code on a line to the service.

use std::time::Duration;

use rh_protocol::{FromClient, IdentityCard, SessionId, ToClient, safe_text};
use tokio::time::timeout;

use crate::{AgentError, DeviceIdentity, Signalling};

/// How long the service may take to answer a code.
const JOIN: Duration = Duration::from_secs(15);

/// Characters of the name of an authentication context that are shown.
const CONTEXT_CHARS: usize = 64;

/// A line on which a code was entered, and whom it led to.
#[derive(Debug)]
pub(crate) struct Entered {
    pub(crate) signalling: Signalling,
    pub(crate) session: SessionId,
    /// Safe to show.
    pub(crate) helper: IdentityCard,
}

/// Says which device this is, and enters `code`.
pub(crate) async fn enter(
    mut signalling: Signalling,
    device: Option<&DeviceIdentity>,
    code: String,
) -> Result<Entered, AgentError> {
    if let Some(device) = device {
        device.present(&mut signalling).await;
    }
    let join = FromClient::Join { code };
    signalling.outgoing.send(join).await.map_err(|_| AgentError::LineLost)?;
    let joined = timeout(JOIN, joined(&mut signalling)).await;
    let (session, helper) = joined.map_err(|_| AgentError::LineLost)??;
    Ok(Entered { signalling, session, helper })
}

/// Waits for the service's word on the code.
async fn joined(signalling: &mut Signalling) -> Result<(SessionId, IdentityCard), AgentError> {
    while let Some(message) = signalling.incoming.recv().await {
        match message {
            ToClient::Joined { session, peer } => return Ok((session, peer.cleaned())),
            ToClient::Refused { refusal, retry_in } => {
                return Err(AgentError::Refused { refusal, retry_in });
            }
            ToClient::Denied { reasons, .. } => return Err(AgentError::Denied { reasons }),
            ToClient::StepUp { context, .. } => {
                return Err(AgentError::StepUp { context: safe_text(&context, CONTEXT_CHARS) });
            }
            ToClient::Welcome { .. }
            | ToClient::Session { .. }
            | ToClient::Challenge { .. }
            | ToClient::Device { .. }
            | ToClient::Requested { .. }
            | ToClient::Answered { .. }
            | ToClient::Background { .. }
            | ToClient::Recorded { .. }
            | ToClient::Negotiate { .. }
            | ToClient::Ended { .. }
            | ToClient::Lowered { .. }
            | ToClient::Terms { .. }
            | ToClient::Relay { .. }
            | ToClient::Chat { .. }
            | ToClient::Introduced { .. }
            | ToClient::PeerVanished => {}
        }
    }
    Err(AgentError::LineLost)
}
