//! What there is of each helper: the line over which they came, and what is theirs alone.

use rh_protocol::{Background, FromClient, IdentityCard, PeerId};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};

use super::Report;
use super::pledge::Pledge;
use crate::joining::Entered;
use crate::prompt::Introducer;
use crate::sas::Sas;

/// One helper, from entering the code to the end.
pub(super) struct Line {
    outgoing: mpsc::Sender<FromClient>,
    reader: AbortHandle,
    pub(super) helper: IdentityCard,
    pub(super) background: Option<Background>,
    pub(super) pledge: Pledge,
    /// For the link that is up.
    pub(super) sas: Option<Sas>,
    /// Whether the link was up.
    pub(super) linked: bool,
    /// How much of what the sharer wrote has not come back yet.
    pub(super) unheard: usize,
    /// Who brought this helper, if anybody did.
    pub(super) by: Option<(PeerId, Introducer)>,
}

impl Line {
    /// Takes over a line on which a code was entered; what comes in is reported as that of `id`.
    pub(super) fn new(
        id: PeerId,
        entered: Entered,
        by: Option<(PeerId, Introducer)>,
        reports: mpsc::Sender<Report>,
    ) -> Self {
        let Entered { signalling, session, helper } = entered;
        let mut incoming = signalling.incoming;
        let reader: JoinHandle<()> = tokio::spawn(async move {
            loop {
                let message = incoming.recv().await;
                let lost = message.is_none();
                if reports.send(Report::Service(id, message)).await.is_err() || lost {
                    return;
                }
            }
        });
        Self {
            outgoing: signalling.outgoing,
            reader: reader.abort_handle(),
            pledge: Pledge::new(signalling.key, session, helper.clone()),
            helper,
            background: None,
            sas: None,
            linked: false,
            unheard: 0,
            by,
        }
    }

    /// Tells the service, without waiting for it.
    pub(super) fn tell(&self, message: FromClient) {
        if self.outgoing.try_send(message).is_err() {
            tracing::debug!("the line to the service is lost");
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
