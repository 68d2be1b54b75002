//! Two tenants with records, and people who ask for something.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode};
use rh_protocol::{Consent, FromClient, Role, ToClient};
use rh_records::{Address, RecordStore, open_to_read};
use serde_json::Value;

use crate::rules::Ruled;
use crate::support::{Socket, agent_of, helper_of, token};

pub(crate) struct World {
    pub(crate) ruled: Ruled,
    client: Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self { ruled: Ruled::recorded().await, client: Client::new() }
    }

    pub(crate) async fn send(
        &self,
        person: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Response {
        let server = &self.ruled.server;
        let url = format!("{}/api/v1/admin/{path}", server.origin());
        let request = self.client.request(method, url).bearer_auth(token(server, person).await);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// Reads as somebody.
    pub(crate) async fn get(&self, person: &str, path: &str) -> (StatusCode, Value) {
        answer(self.send(person, Method::GET, path, None).await).await
    }

    /// Acts as somebody.
    pub(crate) async fn post(
        &self,
        person: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        answer(self.send(person, Method::POST, path, body).await).await
    }

    /// Replaces as somebody.
    pub(crate) async fn put(&self, person: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.send(person, Method::PUT, path, Some(body)).await).await
    }

    /// A session of a tenant in which the sharer allowed to view; and its id.
    pub(crate) async fn session(&self, tenant: &str) -> (Socket, Socket, String) {
        let server = &self.ruled.server;
        let mut helper = helper_of(server, &format!("{tenant}-desk")).await;
        let mut agent = agent_of(server, &format!("{tenant}-compliant")).await;
        let (session, code) = helper.code().await;
        agent.say(&FromClient::Join { code }).await;
        assert!(matches!(helper.hear().await, ToClient::Joined { .. }));
        assert!(matches!(agent.hear().await, ToClient::Joined { .. }));
        helper.say(&FromClient::Request { role: Role::View }).await;
        assert!(matches!(agent.hear().await, ToClient::Requested { .. }));
        let (role, consent) = (Role::View, Consent::Allow);
        agent.say(&FromClient::Answer { role, consent, shown: None }).await;
        assert!(matches!(helper.hear().await, ToClient::Answered { .. }));
        (helper, agent, session.to_string())
    }

    /// The records, behind the service's back.
    pub(crate) async fn store(&self) -> Arc<dyn RecordStore> {
        let path = self.ruled.folder().join("records.db");
        open_to_read(&Address::Sqlite(path)).await.unwrap()
    }

    /// Waits until so many events of a kind are recorded; returns a tenant's whole chain.
    pub(crate) async fn recorded(&self, tenant: &str, kind: &str, count: usize) -> Vec<Value> {
        let (store, tenant) = (self.store().await, tenant.parse().unwrap());
        for _ in 0..100 {
            let entries = store.entries(&tenant, 0, 1000).await.unwrap();
            let events: Vec<_> = entries.iter().map(|it| it.body().unwrap().event).collect();
            if events.iter().filter(|event| event["type"] == kind).count() >= count {
                return events;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{count} of {kind} were not recorded");
    }
}

/// Status and body; no body is null.
pub(crate) async fn answer(response: Response) -> (StatusCode, Value) {
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or_default())
}
