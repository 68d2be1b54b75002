//! Why somebody is not signed in.

/// Why somebody is not signed in, by what can be done about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The provider does not answer, or not as OpenID Connect says: an administrator has to look.
    #[error("the identity provider at {issuer} does not answer as it should: {detail}")]
    Provider {
        /// The issuer.
        issuer: String,
        /// What went wrong.
        detail: String,
    },
    /// The person or the provider said no.
    #[error("the identity provider refused: {error} ({detail})")]
    Denied {
        /// The error code of RFC 6749 4.1.2.1 or of OpenID Connect Core 3.1.2.6.
        error: String,
        /// What the provider says about it.
        detail: String,
    },
    /// The attempt is unknown, used or too old: begin again.
    #[error("this sign-in was not begun here, took too long, or was used already; begin again")]
    Expired,
    /// The attempt was begun in another browser: begin again in this one.
    #[error("this sign-in was begun in another browser; begin again in this one")]
    OtherBrowser,
    /// The answer came from another issuer than the one asked (RFC 9207): somebody may be trying to
    /// mix two up.
    #[error("the answer is not from the identity provider that was asked; begin again")]
    MixedUp,
    /// The token cannot be trusted.
    #[error("the identity provider's token was refused: {0}")]
    Token(String),
    /// The person belongs to another directory than this tenant's.
    #[error("this account belongs to another organisation")]
    OtherDirectory,
    /// The stronger sign-in did not take place.
    #[error("the identity provider did not confirm {0}")]
    StepUp(String),
    /// The profile source asks for a sign-in with these claims first.
    #[error("the directory asks for another sign-in")]
    ClaimsChallenge(String),
    /// Too many attempts are under way.
    #[error("too many sign-ins are under way; try again in a minute")]
    Busy,
}

impl IdentityError {
    /// A stable word for pages and programs, from which they tell the next step in any language.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Provider { .. } => "provider",
            Self::Denied { .. } => "denied",
            Self::Expired => "expired",
            Self::OtherBrowser => "other_browser",
            Self::MixedUp => "mixed_up",
            Self::Token(_) => "token",
            Self::OtherDirectory => "other_directory",
            Self::StepUp(_) => "step_up",
            Self::ClaimsChallenge(_) => "again",
            Self::Busy => "busy",
        }
    }
}
