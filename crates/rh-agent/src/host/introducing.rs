//! Helpers who come: the first by the code that was entered, others brought by one who is here (B-20).

use std::sync::Arc;

use rh_protocol::{EndReason, Introduction, PeerId, Refusal, ToHelper};
use rh_session::Event;
use rh_session::link::Link;

use super::line::Line;
use super::{Host, Report};
use crate::joining::{Entered, enter};
use crate::prompt::Introducer;
use crate::{AgentError, Notice};

/// Helpers at a time; so many does the session take.
const HELPERS: usize = 3;

/// A colleague whom a helper brings.
pub(super) struct Coming {
    by: PeerId,
    stays: bool,
    /// The line on which the colleague's code was entered, and the agent's end of a link.
    came: Result<(Entered, NewLink), AgentError>,
}

/// The agent's end of a link, or why there is none.
type NewLink = Result<Arc<dyn Link>, String>;

impl Host {
    /// Lets a helper in: the link comes up while the sharer reads who asks.
    pub(super) fn admit(
        &mut self,
        entered: Entered,
        link: NewLink,
        by: Option<(PeerId, Introducer)>,
    ) {
        self.numbered += 1;
        let (id, reports) = (PeerId(self.numbered), self.reports.0.clone());
        let (session, helper) = (entered.session, entered.helper.clone());
        let introduced = by.as_ref().map(|(_, introducer)| introducer.clone());
        self.lines.insert(id, Line::new(id, entered, by, reports.clone()));
        if let Some(introducer) = introduced {
            self.parts.prompt.notice(Notice::Introduced { introducer });
        }
        self.parts.prompt.notice(Notice::Joined { session, helper: helper.clone() });
        self.handle(Event::Joined(id, helper));
        match link {
            Ok(link) => self.peers.admit(id, link, move |event| {
                let reports = reports.clone();
                // The loop is gone once the session is over.
                async move { drop(reports.send(Report::Link(id, event)).await) }
            }),
            Err(error) => {
                tracing::error!(error, "no link can be made");
                self.handle(Event::Left(id, EndReason::ConnectionLost));
            }
        }
    }

    /// A helper brings a colleague: enters the colleague's code on a line of its own, without holding
    /// the loop up. Whoever was allowed nothing brings nobody.
    pub(super) fn introduce(&mut self, by: PeerId, code: String, stays: bool) {
        if !self.session.helpers().any(|(id, _, held)| id == by && held.is_some()) {
            return;
        }
        let Some(source) = self.source.clone() else {
            return self.tell_introduction(by, Introduction::Other);
        };
        if self.coming.is_some() || self.lines.len() >= HELPERS {
            return self.tell_introduction(by, Introduction::Full);
        }
        let (parts, reports) = (self.parts.clone(), self.reports.0.clone());
        let coming = tokio::spawn(async move {
            let came = async {
                let entered = enter(source.open().await?, parts.device.as_ref(), code).await?;
                Ok((entered, parts.links.open().await))
            };
            let came = came.await;
            let _ = reports.send(Report::Came(Box::new(Coming { by, stays, came }))).await;
        });
        self.coming = Some(coming.abort_handle());
    }

    /// A colleague is there, or will not come.
    pub(super) fn receive(&mut self, coming: Coming) {
        self.coming = None;
        let Coming { by, stays, came } = coming;
        match came {
            Ok((entered, link)) => {
                self.tell_introduction(by, Introduction::Arrived);
                // Who has gone meanwhile is still who brought the colleague.
                let helper = self.lines.get(&by).map(|line| line.helper.clone());
                let introducer = Introducer { helper: helper.unwrap_or_default(), stays };
                self.admit(entered, link, Some((by, introducer)));
            }
            Err(error) => {
                tracing::info!(%error, "a colleague does not come");
                self.tell_introduction(by, state(&error));
            }
        }
    }

    /// A helper was allowed something: whoever handed over to them goes.
    pub(super) fn succeed(&mut self, to: PeerId) {
        let Some((by, introducer)) = self.lines.get(&to).and_then(|line| line.by.as_ref()) else {
            return;
        };
        let by = *by;
        if !introducer.stays && self.lines.contains_key(&by) {
            self.handed_over = Some(by);
        }
        self.tell_introduction(by, Introduction::Allowed);
    }

    /// Tells a helper what became of a colleague, unless that helper is gone.
    pub(super) fn tell_introduction(&mut self, to: PeerId, state: Introduction) {
        self.peers.tell(to, ToHelper::Introduction { state });
    }
}

/// What a helper is told of a colleague who does not come.
fn state(error: &AgentError) -> Introduction {
    match error {
        AgentError::Refused { refusal: Refusal::Code | Refusal::CodeFormat, .. } => {
            Introduction::Code
        }
        AgentError::Denied { .. } | AgentError::StepUp { .. } => Introduction::Denied,
        AgentError::Refused { .. }
        | AgentError::Missing(_)
        | AgentError::Unreachable { .. }
        | AgentError::SignIn { .. }
        | AgentError::Browser(_)
        | AgentError::Receipt(_)
        | AgentError::Report(_)
        | AgentError::LineLost
        | AgentError::Stopped
        | AgentError::Backend(_) => Introduction::Other,
    }
}
