//! The record of a consent, from this side: what is stated, and whether what the service makes of it
//! counts (S-46, B-05).

use rh_protocol::{Consent, FromClient, IdentityCard, PeerId, Role, SessionId, Shown};
use rh_session::Event;
use rh_session::link::Fingerprints;
use rh_signed::PublicKey;
use rh_signed::consent::{self, Given, Mismatch};

use super::Host;
use super::line::Line;
use crate::{Wording, random};

/// What of a consent is to be remembered until its record is there.
#[derive(Debug)]
pub(super) struct Pledge {
    key: Option<PublicKey>,
    session: SessionId,
    helper: IdentityCard,
    /// What the sharer was asked for last, until it is answered.
    asked: Option<Role>,
    /// Allowed, while it is not known yet between which certificates.
    waiting: Option<Role>,
    /// Stated, and not recorded yet.
    stated: Option<(Role, Shown)>,
    /// Between which certificates the sharer allowed what was allowed last.
    between: Option<Fingerprints>,
}

impl Pledge {
    pub(super) fn new(key: Option<PublicKey>, session: SessionId, helper: IdentityCard) -> Self {
        let (asked, waiting, stated, between) = (None, None, None, None);
        Self { key, session, helper, asked, waiting, stated, between }
    }

    pub(super) fn session(&self) -> SessionId {
        self.session
    }

    /// The sharer is asked.
    pub(super) fn ask(&mut self, role: Role) {
        self.asked = Some(role);
    }

    /// What is stated with an answer; nothing with one that nobody was asked for. `Err` for a yes that
    /// has to wait for the link.
    fn answer(
        &mut self,
        (role, consent): (Role, Consent),
        wording: Wording,
        ends: Option<Fingerprints>,
    ) -> Result<Option<Shown>, Waits> {
        if self.asked.take_if(|asked| *asked == role).is_none() {
            return Ok(None);
        }
        if consent == Consent::Allow && ends.is_none() {
            self.waiting = Some(role);
            return Err(Waits);
        }
        let shown = Shown {
            nonce: random::hex::<16>(),
            wording: wording.version,
            language: wording.language,
            helper_fingerprint: ends.as_ref().map(|it| it.helper.clone()),
            sharer_fingerprint: ends.as_ref().map(|it| it.sharer.clone()),
        };
        if consent == Consent::Allow {
            self.stated = Some((role, shown.clone()));
            self.between = ends;
        }
        Ok(Some(shown))
    }

    /// The role that `record` is of, if it is the record of what was stated last. It counts once.
    fn check(&mut self, record: &str) -> Result<Role, Unusable> {
        let key = self.key.ok_or(Unusable::NoKey)?;
        let (role, shown) = self.stated.as_ref().ok_or(Unusable::Unasked)?;
        let (session, helper, role) = (self.session, &self.helper, *role);
        consent::check(record, key, Given { session, helper, role, shown: &shown.clone().into() })?;
        self.stated = None;
        Ok(role)
    }
}

/// A yes that has to wait for the link.
struct Waits;

/// Why a record does not count.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("the service has not said what it signs with")]
    NoKey,
    #[error("nothing was allowed that it could be of")]
    Unasked,
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}

impl Host {
    /// Tells the service an answer, with what the sharer was shown.
    pub(super) fn tell_answer(&mut self, peer: PeerId, role: Role, consent: Consent) {
        let (wording, ends) = (self.parts.prompt.wording(), self.ends(peer));
        let Some(line) = self.lines.get_mut(&peer) else { return };
        if let Ok(shown) = line.pledge.answer((role, consent), wording, ends) {
            line.tell(FromClient::Answer { role, consent, shown });
        }
    }

    /// The link may be between other certificates now.
    pub(super) fn look_at_link(&mut self, peer: PeerId) {
        let ends = self.ends(peer);
        let Some(Line { pledge, .. }) = self.lines.get_mut(&peer) else { return };
        if ends.is_some()
            && let Some(role) = pledge.waiting.take()
        {
            pledge.ask(role);
            self.tell_answer(peer, role, Consent::Allow);
        } else if pledge.between.is_some() && pledge.between != ends {
            tracing::warn!("the link is not between the certificates that consent was given for");
            pledge.between = None;
            pledge.stated = None;
            self.handle(Event::Unrecorded(peer));
        }
    }

    /// Lets the helper act if the record is what it should be.
    pub(super) fn hear_record(&mut self, peer: PeerId, record: &str) {
        let Some(line) = self.lines.get_mut(&peer) else { return };
        match line.pledge.check(record) {
            Ok(role) => self.handle(Event::Recorded(peer, role)),
            Err(error) => tracing::warn!(%error, "a record of a consent does not count"),
        }
    }

    fn ends(&self, peer: PeerId) -> Option<Fingerprints> {
        self.peers.link(peer)?.fingerprints()
    }
}
