//! Devices as Microsoft Intune knows them, by Microsoft Graph's `managedDevices`.
//!
//! The service signs in as itself (client credentials) and needs the application permission
//! `DeviceManagementManagedDevices.Read.All`. Tested against a small server that answers as Graph's
//! documentation says, never against Graph.

mod device;
mod token;

use async_trait::async_trait;
use reqwest::Url;
use rh_policy::TenantId;
use rh_records::{DeviceKey, DeviceRecord, Timestamp};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::http::{Answer, Http};
use crate::{DeviceDirectory, DirectoryError};
use device::ManagedDevice;
use token::Tokens;

/// Microsoft Graph's address.
pub const GRAPH: &str = "https://graph.microsoft.com/v1.0";

/// Where Microsoft Entra ID gives tokens out.
pub const LOGIN: &str = "https://login.microsoftonline.com";

/// Pages of one list; a tenant of a million devices has a thousand.
const PAGES: usize = 2000;

/// What is read of a device.
const FIELDS: &str = "id,serialNumber,azureADDeviceId,deviceName,userId,userPrincipalName,\
                      complianceState,deviceRegistrationState,lastSyncDateTime";

/// Who the service is to Microsoft Entra ID.
#[derive(Debug)]
pub struct Client {
    /// Where Graph is: [`GRAPH`].
    pub graph: String,
    /// Where tokens are: [`LOGIN`].
    pub login: String,
    /// The directory's id.
    pub directory: String,
    /// The service's own id there.
    pub id: String,
    /// The secret that goes with it; never shown.
    pub secret: ClientSecret,
}

/// A secret that is never shown, and wiped from memory when dropped.
pub struct ClientSecret(pub Zeroizing<String>);

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientSecret")
    }
}

/// One tenant's devices in Microsoft Intune.
///
/// A device is looked up by its serial number, or, in place of a UDID, by its Microsoft Entra device id,
/// which is what a certificate may name (`{{AAD_Device_ID}}`).
#[derive(Debug)]
pub struct Graph {
    tenant: TenantId,
    http: Http,
    devices: Url,
    tokens: Tokens,
}

/// One page of a list.
#[derive(Deserialize)]
struct Page {
    value: Vec<ManagedDevice>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

impl Graph {
    /// The devices of `tenant`.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Unavailable`] for an address that is none.
    pub fn new(tenant: TenantId, client: Client) -> Result<Self, DirectoryError> {
        let devices = url(&format!(
            "{}/deviceManagement/managedDevices",
            client.graph.trim_end_matches('/')
        ))?;
        Ok(Self { tenant, http: Http::new()?, tokens: Tokens::new(client, &devices)?, devices })
    }

    /// The devices that `filter` leaves.
    async fn list(&self, filter: Option<String>) -> Result<Vec<DeviceRecord>, DirectoryError> {
        let mut url = self.devices.clone();
        url.query_pairs_mut().append_pair("$select", FIELDS);
        if let Some(filter) = filter {
            url.query_pairs_mut().append_pair("$filter", &filter);
        }
        let mut devices = Vec::new();
        for _ in 0..PAGES {
            let page: Page = self.ask(url).await?.json()?;
            let told = now();
            devices.extend(page.value.into_iter().filter_map(|it| it.record(&self.tenant, told)));
            let Some(next) = page.next else { return Ok(devices) };
            url = self::url(&next)?;
            // A token is for Graph, wherever a page leads.
            if url.origin() != self.devices.origin() {
                let what = "a next page that lies elsewhere".to_owned();
                return Err(DirectoryError::Unavailable(what));
            }
        }
        Err(DirectoryError::Unavailable("a list without end".to_owned()))
    }

    /// Asks with a token; once more with a new one if that is refused.
    async fn ask(&self, url: Url) -> Result<Answer, DirectoryError> {
        let token = self.tokens.token(&self.http, None).await?;
        let answer = self.http.send(self.http.get(url.clone()).bearer_auth(&*token)).await?;
        if answer.status != reqwest::StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        self.tokens.forget();
        let token = self.tokens.token(&self.http, answer.claims().as_deref()).await?;
        self.http.send(self.http.get(url).bearer_auth(&*token)).await
    }
}

#[async_trait]
impl DeviceDirectory for Graph {
    async fn find(&self, key: &DeviceKey) -> Result<Option<DeviceRecord>, DirectoryError> {
        // Neither has a quote in it.
        let filter = match key {
            DeviceKey::Serial(serial) => format!("serialNumber eq '{serial}'"),
            DeviceKey::Udid(id) => format!("azureADDeviceId eq '{}'", id.as_str().to_lowercase()),
        };
        let found = self.list(Some(filter)).await?;
        // A server that does not filter would answer with somebody else's device.
        let same = |it: &DeviceRecord| match key {
            DeviceKey::Serial(serial) => it.serial.as_ref() == Some(serial),
            DeviceKey::Udid(id) => it.udid.as_ref() == Some(id),
        };
        // A device that was enrolled again may be there twice.
        Ok(found.into_iter().filter(same).max_by_key(|it| it.reported))
    }

    async fn all(&self) -> Result<Vec<DeviceRecord>, DirectoryError> {
        self.list(None).await
    }
}

fn url(text: &str) -> Result<Url, DirectoryError> {
    Url::parse(text).map_err(|e| DirectoryError::Unavailable(format!("{text:?}: {e}")))
}

#[expect(clippy::disallowed_methods, reason = "when the directory said it")]
pub(crate) fn now() -> Timestamp {
    std::time::SystemTime::now().into()
}
