//! Which service, and who at it.

use rh_agent::{Account, AgentError, sign_in};

/// Which service, and who at it.
#[derive(Debug, clap::Args)]
pub(crate) struct AccountArgs {
    /// Address of the service.
    #[arg(long, env = "RH_SERVICE", default_value = "http://127.0.0.1:8080")]
    pub(crate) service: String,
    /// Who you are, for the service's development sign-in.
    #[arg(long = "as", env = "RH_PERSON", default_value = "sharer", value_name = "PERSON")]
    pub(crate) person: String,
}

impl AccountArgs {
    /// Signs in.
    pub(crate) async fn sign_in(&self) -> Result<Account, AgentError> {
        sign_in(&self.service, &self.person).await
    }
}
