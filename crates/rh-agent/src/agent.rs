//! One agent: shares with whoever's code is entered, and whom they bring.

use std::sync::Arc;

use rh_protocol::chat_text;
use tokio::sync::{broadcast, watch};

use crate::host::Host;
use crate::joining::enter;
use crate::parts::Parts;
use crate::{AgentError, Builder, LineSource, Notice, Outcome, Signalling, sign_in};

/// Messages of the sharer that may wait to be sent.
const WRITTEN: usize = 64;

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

/// Writes to the helpers of the running session, from anywhere.
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

    /// A handle that writes to the helpers; it stays good for later sessions of this agent.
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
        let account = self.unless_stopped(sign_in(service, person)).await?;
        self.join_on(Arc::new(account), code).await
    }

    /// As [`share`](Self::share), on lines of somebody who is signed in, such as an
    /// [`Account`](crate::Account); whom a helper brings comes by one of their own (B-20).
    ///
    /// # Errors
    ///
    /// As [`share`](Self::share).
    pub async fn share_on(
        &self,
        lines: Arc<dyn LineSource>,
        code: &str,
    ) -> Result<Outcome, AgentError> {
        self.stop.send_replace(false);
        self.join_on(lines, code).await
    }

    /// As [`share`](Self::share), over a line that is already open. No helper can bring a colleague then.
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
        self.join(signalling, None, code).await
    }

    async fn join_on(&self, lines: Arc<dyn LineSource>, code: &str) -> Result<Outcome, AgentError> {
        let signalling = self.unless_stopped(lines.open()).await?;
        self.join(signalling, Some(lines), code).await
    }

    async fn join(
        &self,
        signalling: Signalling,
        lines: Option<Arc<dyn LineSource>>,
        code: &str,
    ) -> Result<Outcome, AgentError> {
        let entering = enter(signalling, self.parts.device.as_ref(), code.to_owned());
        let entered = self.unless_stopped(entering).await?;
        let host = Host::new(self.parts.clone(), lines, self.chat.0.subscribe());
        let outcome = host.run(entered, self.stop.subscribe()).await;
        self.parts.prompt.notice(Notice::Ended { reason: outcome.reason });
        Ok(outcome)
    }

    /// Waits for `what`, unless the sharer stops before.
    async fn unless_stopped<T>(
        &self,
        what: impl Future<Output = Result<T, AgentError>>,
    ) -> Result<T, AgentError> {
        let mut stop = self.stop.subscribe();
        tokio::select! {
            done = what => done,
            _ = stop.wait_for(|stop| *stop) => Err(AgentError::Stopped),
        }
    }
}
