//! Why sharing did not begin.

use rh_protocol::Refusal;
use rh_protocol::policy::Reason;

use crate::rules;

/// Why sharing did not begin, by what can be done about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// Something the builder was not given.
    #[error("the agent needs {0}")]
    Missing(&'static str),
    /// The service does not answer: check its address and that it runs.
    #[error("the service at {url} cannot be reached: {detail}")]
    Unreachable {
        /// The address tried.
        url: String,
        /// What went wrong.
        detail: String,
    },
    /// The service does not know this person: sign in as somebody else.
    #[error("the service did not sign {person:?} in: {detail}")]
    SignIn {
        /// Who was to be signed in.
        person: String,
        /// What the service said.
        detail: String,
    },
    /// Nobody was signed in through the browser; the text says what to do.
    #[error("not signed in: {0}")]
    Browser(String),
    /// The code was not accepted: ask the helper for a new one, or wait.
    #[error("{}", refusal_text(*.refusal, *.retry_in))]
    Refused {
        /// Why.
        refusal: Refusal,
        /// Seconds to wait before another attempt, if that helps.
        retry_in: Option<u32>,
    },
    /// The organisation's rules do not allow this device to be shared: each reason comes with what
    /// would help.
    #[error("{}", rules::text(reasons))]
    Denied {
        /// Why.
        reasons: Vec<Reason>,
    },
    /// The organisation asks for a stronger sign-in before this code may be entered.
    #[error(
        "your organisation asks for a stronger sign-in ({context}); sign in again, then enter the code again"
    )]
    StepUp {
        /// The authentication context; safe to show.
        context: String,
    },
    /// There is no receipt of the session.
    #[error("no receipt: {0}")]
    Receipt(String),
    /// The helper could not be reported.
    #[error("not reported: {0}; tell your organisation yourself")]
    Report(String),
    /// The line to the service broke before the session began.
    #[error("the line to the service broke; try again")]
    LineLost,
    /// The sharer stopped before the session began.
    #[error("stopped")]
    Stopped,
    /// A backend does not work on this machine: `rh-agent doctor` says why.
    #[error("{0}")]
    Backend(String),
}

/// What a refusal means to the person who typed the code.
fn refusal_text(refusal: Refusal, retry_in: Option<u32>) -> String {
    let text = match refusal {
        Refusal::Code => "this code is not valid; ask your helper for a new one",
        Refusal::CodeFormat => "a code has eight digits, such as 1234 5678",
        Refusal::TooManyAttempts => "too many attempts",
        Refusal::Version => "this program and the service have different versions; update it",
        Refusal::NotAllowed => "the service does not allow this",
        Refusal::Busy => "the service is busy; try again in a moment",
        Refusal::Stopping => "the service is about to restart; try again in a minute",
        Refusal::Other => "the service refused",
    };
    match retry_in {
        Some(seconds) => format!("{text}; wait {seconds} s and try again"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-46: the person is told what to do.
    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = AgentError::Refused { refusal: Refusal::TooManyAttempts, retry_in: Some(8) };
        assert_eq!(refused.to_string(), "too many attempts; wait 8 s and try again");
    }
}
