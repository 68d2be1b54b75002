//! One agent: shares with whoever's code is entered, one session at a time.

use std::time::Duration;

use rh_protocol::{FromClient, IdentityCard, SessionId, ToClient, chat_text, safe_text};
use tokio::sync::{broadcast, watch};
use tokio::time::timeout;

use crate::host::Host;
use crate::parts::Parts;
use crate::{AgentError, Builder, Notice, Outcome, Signalling, sign_in};

/// How long the service may take to answer a code.
const JOIN: Duration = Duration::from_secs(15);

/// Messages of the sharer that may wait to be sent.
const WRITTEN: usize = 64;

/// Characters of the name of an authentication context that are shown.
const CONTEXT_CHARS: usize = 64;

/// Shares this machine's screen with helpers. Made by [`Agent::builder`].
pub struct Agent {
    parts: Parts,
    service: Option<(String, String)>,
    stop: watch::Sender<bool>,
    chat: Chat,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent").field("service", &self.service).finish_non_exhaustive()
    }
}

/// Ends the session at once, from anywhere: the sharer's Stop.
#[derive(Clone, Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Ends the running session, or the attempt to begin one.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Writes to the helper of the running session, from anywhere.
#[derive(Clone, Debug)]
pub struct Chat(broadcast::Sender<String>);

impl Chat {
    /// Sends `text`; whether it is on its way, which takes a session and something that is text. It is
    /// part of the chat once it comes back as [`Notice::Chat`].
    pub fn write(&self, text: &str) -> bool {
        chat_text(text).is_some_and(|text| self.0.send(text).is_ok())
    }
}

impl Agent {
    /// Begins to assemble an agent.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(parts: Parts, service: Option<(String, String)>) -> Self {
        let (stop, chat) = (watch::Sender::new(false), Chat(broadcast::Sender::new(WRITTEN)));
        Self { parts, service, stop, chat }
    }

    /// A handle that writes to the helper; it stays good for later sessions of this agent.
    pub fn chat(&self) -> Chat {
        self.chat.clone()
    }

    /// A handle that ends the session; it stays good for later sessions of this agent.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.clone())
    }

    /// Signs in, enters `code` at the service, and shares until the session ends.
    ///
    /// # Errors
    ///
    /// [`AgentError`] if the session did not begin; how it ended is the [`Outcome`].
    pub async fn share(&self, code: &str) -> Result<Outcome, AgentError> {
        self.stop.send_replace(false);
        let (service, person) =
            self.service.as_ref().ok_or(AgentError::Missing("a service and who to sign in as"))?;
        let mut stop = self.stop.subscribe();
        let connecting = async { sign_in(service, person).await?.connect().await };
        let (signalling, _) = tokio::select! {
            connected = connecting => connected?,
            _ = stop.wait_for(|stop| *stop) => return Err(AgentError::Stopped),
        };
        self.join(signalling, code).await
    }

    /// As [`share`](Self::share), over a line that is already open.
    ///
    /// # Errors
    ///
    /// As [`share`](Self::share).
    pub async fn share_over(
        &self,
        signalling: Signalling,
        code: &str,
    ) -> Result<Outcome, AgentError> {
        self.stop.send_replace(false);
        self.join(signalling, code).await
    }

    async fn join(&self, mut signalling: Signalling, code: &str) -> Result<Outcome, AgentError> {
        let mut stop = self.stop.subscribe();
        if let Some(device) = &self.parts.device {
            tokio::select! {
                () = device.present(&mut signalling) => {}
                _ = stop.wait_for(|stop| *stop) => return Err(AgentError::Stopped),
            }
        }
        let join = FromClient::Join { code: code.to_owned() };
        signalling.outgoing.send(join).await.map_err(|_| AgentError::LineLost)?;
        let (session, helper) = tokio::select! {
            joined = timeout(JOIN, joined(&mut signalling)) => {
                joined.map_err(|_| AgentError::LineLost)??
            }
            _ = stop.wait_for(|stop| *stop) => return Err(AgentError::Stopped),
        };
        self.parts.prompt.notice(Notice::Joined { session, helper: helper.clone() });
        let host =
            Host::new(self.parts.clone(), signalling, session, helper, self.chat.0.subscribe());
        let outcome = host.run(stop).await;
        self.parts.prompt.notice(Notice::Ended { reason: outcome.reason });
        Ok(outcome)
    }
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
            | ToClient::PeerVanished => {}
        }
    }
    Err(AgentError::LineLost)
}
