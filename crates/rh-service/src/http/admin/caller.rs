//! Who calls, and whether they may.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rh_policy::{Action, Decision, Duty, Person, PersonId, Target, TenantId, decide};
use rh_protocol::policy::ReasonCode;
use rh_records::{Event as Recorded, Fact};

use crate::clock;
use crate::http::identity::SignedIn;
use crate::http::{App, Failure, lock};
use crate::hub::reason_code;
use crate::sign_in::Who;

/// How often refusals of one person are recorded: a client that earns more floods.
const REFUSED_EVERY: Duration = Duration::from_secs(10);

/// People whose refusals are remembered.
const REMEMBERED: usize = 1000;

/// Somebody who may do what they ask for.
#[derive(Debug)]
pub(in crate::http) struct Administrator {
    /// The one tenant that it can be about.
    pub(in crate::http) tenant: TenantId,
    pub(super) id: PersonId,
    duty: Duty,
}

/// Whose refusals were recorded when.
#[derive(Debug, Default)]
pub(in crate::http) struct Refusals(Mutex<HashMap<(TenantId, PersonId), Instant>>);

impl Refusals {
    /// Whether another refusal of this person is worth recording.
    fn is_news(&self, now: Instant, who: &Person) -> bool {
        let mut last = lock(&self.0);
        if last.len() >= REMEMBERED {
            last.retain(|_, at| now < *at + REFUSED_EVERY);
        }
        let whose = (who.tenant.clone(), who.id.clone());
        let known = last.get(&whose).is_some_and(|at| now < *at + REFUSED_EVERY);
        let news = !known && last.len() < REMEMBERED;
        if news {
            last.insert(whose, now);
        }
        news
    }
}

impl Administrator {
    /// What is recorded of an act; `change` says what is different afterwards.
    pub(super) fn fact(&self, about: Option<String>, change: Option<String>) -> Fact {
        let (person, action) = (self.id.clone(), Action::Administer(self.duty));
        let event = Recorded::Administered { person, action, about, change };
        Fact { tenant: self.tenant.clone(), at: clock::wall(), event }
    }
}

impl App {
    /// Whether `who` may do this now, without a stronger sign-in.
    pub(super) fn may(&self, who: &Who, duty: Duty) -> bool {
        self.decide(&self.person(who), duty).is_allow()
    }

    /// The caller, if the rules let them do what `duty` says.
    ///
    /// # Errors
    ///
    /// [`Failure::Denied`], which is recorded, or [`Failure::StepUp`].
    pub(in crate::http) fn administrator(
        &self,
        signed_in: &SignedIn,
        duty: Duty,
    ) -> Result<Administrator, Failure> {
        let person = self.person(&signed_in.who);
        match self.decide(&person, duty) {
            Decision::Allow { .. } => {
                Ok(Administrator { tenant: person.tenant, id: person.id, duty })
            }
            Decision::StepUp { context, .. } => Err(Failure::StepUp(context)),
            Decision::Deny { reasons } => {
                let codes: Vec<ReasonCode> = reasons.iter().map(reason_code).collect();
                self.refuse(person, duty);
                Err(Failure::Denied(codes))
            }
        }
    }

    fn decide(&self, person: &Person, duty: Duty) -> Decision {
        let rules = self.tenants().rules(&person.tenant);
        decide(person, Action::Administer(duty), Target::Anyone, &rules)
    }

    fn refuse(&self, person: Person, duty: Duty) {
        if self.refusals.is_news(clock::now(), &person) {
            let (action, reason) = (Action::Administer(duty).to_string(), "denied".to_owned());
            let event = Recorded::Refused { person: person.id, address: None, action, reason };
            self.board.record(person.tenant, event);
        }
    }

    /// Records what an administrator is about to do.
    ///
    /// # Errors
    ///
    /// [`Failure::NotRecorded`]: then it must not be done.
    pub(in crate::http) async fn act(
        &self,
        by: &Administrator,
        about: Option<String>,
    ) -> Result<(), Failure> {
        self.record_first(by.fact(about, None)).await
    }

    /// Records what is about to be done.
    ///
    /// # Errors
    ///
    /// [`Failure::NotRecorded`]: then it must not be done.
    pub(super) async fn record_first(&self, fact: Fact) -> Result<(), Failure> {
        let recorded = self.observers.act(fact).await;
        if recorded { Ok(()) } else { Err(Failure::NotRecorded) }
    }
}
