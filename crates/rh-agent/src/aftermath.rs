//! After a session: what the sharer takes home (B-13), and reporting the helper (B-05).

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use rh_protocol::SessionId;
use rh_signed::{KeyId, NotGenuine, Signed, Statement, Trust};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::sleep;

use crate::websocket::{http_client, unreachable};
use crate::{Account, AgentError};

/// How often a service is asked that has not recorded the end yet, and how long one waits between.
const ATTEMPTS: u32 = 25;
const BETWEEN: Duration = Duration::from_millis(200);

/// Bytes of a receipt; one has a few lines for each question.
const MOST: usize = 256 * 1024;

/// A receipt whose signature was checked.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The document, as it is to be kept; `rh-service receipt verify` reads it anywhere.
    pub text: String,
    /// Whose signature it has.
    pub key: KeyId,
}

/// The receipt as far as it matters here; `rh-service` knows all of it.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct Contents(Value);

impl Statement for Contents {
    const TYPE: &'static str = "rh.receipt.v1";
}

impl Account {
    /// Fetches the receipt of a session in which this account has shared; waits a moment for the
    /// service to have recorded the end.
    ///
    /// # Errors
    ///
    /// [`AgentError::Unreachable`], or [`AgentError::Receipt`] if there is none.
    pub async fn receipt(&self, session: SessionId) -> Result<Receipt, AgentError> {
        let url = format!("{}/api/receipts/{session}", self.service());
        let early = [StatusCode::NOT_FOUND, StatusCode::CONFLICT];
        let answer = self.ask(|http| http.get(&url), &early).await?;
        match answer.status() {
            StatusCode::OK => {
                let text = answer.text().await.map_err(|e| unreachable(self.service(), &e))?;
                read(&text, session)
            }
            status if early.contains(&status) => {
                Err(AgentError::Receipt("the service has no record of this session".to_owned()))
            }
            status => Err(AgentError::Receipt(format!("the service says {status}"))),
        }
    }

    /// Reports whoever helped in a session in which this account has shared, also while it runs: the
    /// helper is suspended at once, until an administrator has looked at it (B-05).
    ///
    /// # Errors
    ///
    /// [`AgentError::Unreachable`], or [`AgentError::Report`] if the service knows of no such session.
    pub async fn report(&self, session: SessionId) -> Result<(), AgentError> {
        let url = format!("{}/api/reports", self.service());
        let body = serde_json::json!({ "session": session });
        // The session may be over, and not in the records yet.
        let early = [StatusCode::NOT_FOUND];
        match self.ask(|http| http.post(&url).json(&body), &early).await?.status() {
            status if status.is_success() => Ok(()),
            status if early.contains(&status) => {
                Err(AgentError::Report("the service knows of no such session".to_owned()))
            }
            status => Err(AgentError::Report(format!("the service says {status}"))),
        }
    }

    /// Asks the service, again for a while if the answer is one of those that are too `early`.
    async fn ask(
        &self,
        request: impl Fn(&Client) -> RequestBuilder,
        early: &[StatusCode],
    ) -> Result<Response, AgentError> {
        let http = http_client(self.service())?;
        let mut attempts = ATTEMPTS;
        loop {
            let asked = request(&http).bearer_auth(self.token()).send().await;
            let answer = asked.map_err(|e| unreachable(self.service(), &e))?;
            attempts -= 1;
            if attempts == 0 || !early.contains(&answer.status()) {
                return Ok(answer);
            }
            sleep(BETWEEN).await;
        }
    }
}

fn read(text: &str, session: SessionId) -> Result<Receipt, AgentError> {
    let wrong = |error: NotGenuine| AgentError::Receipt(error.to_string());
    if text.len() > MOST {
        return Err(AgentError::Receipt("it is too long".to_owned()));
    }
    let (Contents(contents), key) = Signed::<Contents>::open(text, &Trust::Any).map_err(wrong)?;
    if contents["session"] != session.to_string() {
        return Err(AgentError::Receipt("it is of another session".to_owned()));
    }
    Ok(Receipt { text: text.to_owned(), key })
}

#[cfg(test)]
mod tests {
    use rh_signed::SigningKey;
    use serde_json::json;

    use super::*;

    fn receipt(session: SessionId) -> String {
        let contents = Contents(json!({ "session": session }));
        Signed::new(&contents, &SigningKey::from_seed(&[3; 32])).to_pretty()
    }

    /// B-13: only what is signed, and of this session, is kept.
    #[test]
    fn a_receipt_is_checked_before_it_is_kept() {
        let session = SessionId(7);
        let kept = read(&receipt(session), session).unwrap();
        assert_eq!(kept.text, receipt(session));
        let other = receipt(SessionId(8));
        let forged = other.replace(&SessionId(8).to_string(), &session.to_string());
        for bad in [other, forged, "{}".to_owned(), " ".repeat(MOST + 1)] {
            assert!(matches!(read(&bad, session), Err(AgentError::Receipt(_))), "{bad:.100}");
        }
    }
}
