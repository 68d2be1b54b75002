//! Which service, and who at it.

use rh_agent::{Account, AgentError, open_browser, sign_in, sign_in_by_browser};

/// Which service, and who at it.
#[derive(Debug, clap::Args)]
pub(crate) struct AccountArgs {
    /// Address of the service.
    #[arg(long, env = "RH_SERVICE", default_value = "http://127.0.0.1:8080")]
    pub(crate) service: String,
    /// Sign in at your organisation, through the browser.
    #[arg(long, env = "RH_SIGN_IN", conflicts_with = "person")]
    pub(crate) sign_in: bool,
    /// Who you are, for the service's development sign-in.
    #[arg(long = "as", env = "RH_PERSON", default_value = "sharer", value_name = "PERSON")]
    pub(crate) person: String,
}

impl AccountArgs {
    /// Signs in.
    pub(crate) async fn sign_in(&self) -> Result<Account, AgentError> {
        if self.sign_in {
            sign_in_by_browser(&self.service, show).await
        } else {
            sign_in(&self.service, &self.person).await
        }
    }
}

/// Opens the browser, and says where in case none comes up.
fn show(address: &str) {
    println!(
        "Sign in in your browser. If none opens, open this address on this machine:\n{address}"
    );
    if let Err(error) = open_browser(address) {
        tracing::info!(%error, "no program opens addresses here");
    }
}
