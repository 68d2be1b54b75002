//! A service with rules, and two tenants of the same make: one strict, one that allows devices that
//! are not enrolled.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rh_records::Address;
use rh_records::upkeep::Retention;
use rh_service::{Config, Records, Server, serve};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The tenants.
pub(crate) const TENANTS: [&str; 2] = ["strict", "open"];

/// A role of each kind, and the people who have it in each tenant: `strict-view` and so on.
pub(crate) const ROLES: [(&str, Option<&str>); 8] = [
    ("nobody", None),
    ("view", Some("ViewOnlyHelper")),
    ("desk", Some("HelpDeskOperator")),
    ("school", Some("SchoolAdministrator")),
    ("auditor", Some("Auditor")),
    ("admin", Some("TenantAdmin")),
    // M-07: what no platform here has.
    ("elevation", Some("elevation")),
    // M-03: for all devices, which are the enrolled ones.
    ("devices", Some("HelpDeskOperator")),
];

/// A device of each kind, and the people who share one in each tenant.
pub(crate) const DEVICES: [&str; 5] =
    ["compliant", "noncompliant", "unenrolled", "unaffine", "unsaid"];

/// A service with rules that can be changed while it runs.
pub(crate) struct Ruled {
    pub(crate) server: Server,
    folder: TempDir,
}

impl Ruled {
    pub(crate) async fn new() -> Self {
        Self::with(rules()).await
    }

    pub(crate) async fn with(rules: Value) -> Self {
        Self::start(rules, false).await
    }

    /// With records.
    pub(crate) async fn recorded() -> Self {
        Self::start(rules(), true).await
    }

    async fn start(rules: Value, recorded: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let people = folder.path().join("people.toml");
        std::fs::write(&people, everybody()).unwrap();
        let tenants = tenants(folder.path());
        std::fs::write(&tenants, rules.to_string()).unwrap();
        let config = Config::new("127.0.0.1:0".parse().unwrap());
        let records = recorded.then(|| Records {
            address: Address::Sqlite(folder.path().join("records.db")),
            key: folder.path().join("records.key"),
            retention: Retention::default(),
        });
        let config = Config { people: Some(people), tenants: Some(tenants), records, ..config };
        Self { server: serve(config).await.unwrap(), folder }
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Changes the rules of the running service.
    pub(crate) fn change(&self, rules: &Value) {
        std::fs::write(tenants(self.folder.path()), rules.to_string()).unwrap();
        self.server.reload().unwrap();
    }
}

pub(crate) fn tenants(folder: &Path) -> PathBuf {
    folder.join("tenants.json")
}

/// Everybody of both tenants.
pub(crate) fn everybody() -> String {
    let names = ROLES.iter().map(|(name, _)| *name).chain(DEVICES);
    let mut toml = String::new();
    for (tenant, name) in names.flat_map(|name| TENANTS.map(|tenant| (tenant, name))) {
        let id = format!("{tenant}-{name}");
        writeln!(toml, "[[person]]\nid = {id:?}\ntenant = {tenant:?}\nfull_name = {id:?}").unwrap();
    }
    toml
}

/// The rules of both tenants.
pub(crate) fn rules() -> Value {
    json!({ "tenants": TENANTS.map(tenant) })
}

fn tenant(id: &str) -> Value {
    let assignment = |(name, role): &(&str, Option<&str>)| {
        let scope = match *name {
            "devices" => "allDevices",
            _ => "allDevicesAndLicensedUsers",
        };
        Some(json!({
            "role": (*role)?,
            "members": { "people": [format!("{id}-{name}")] },
            "scope": { "scopeType": scope },
        }))
    };
    let assignments: Vec<Value> = ROLES.iter().filter_map(assignment).collect();
    let device = |enrolment: Value, compliance: &str| {
        let assurance = "certificate";
        let (compliance, age) = (json!(compliance), 60);
        json!({ "device": {
            "enrolment": enrolment, "compliance": compliance, "age": age, "assurance": assurance
        } })
    };
    json!({
        "id": id,
        "settings": {
            "remoteAssistanceState": "enabled",
            "allowSessionsToUnenrolledDevices": id == "open",
        },
        "roles": [{ "id": "elevation", "displayName": "Elevation", "permissions": [
            "Microsoft.Intune_RemoteAssistanceApp_Elevation",
            "Microsoft.Intune_RemoteTasks_RequestRemoteAssistance",
            "Microsoft.Intune_RemoteAssistance_Read",
        ] }],
        "assignments": assignments,
        "people": {
            format!("{id}-compliant"): device(json!("enrolled"), "compliant"),
            format!("{id}-noncompliant"): device(json!("enrolled"), "noncompliant"),
            format!("{id}-unenrolled"): device(json!("unenrolled"), "unknown"),
            format!("{id}-unaffine"): device(json!({ "unknown": "no_user_affinity" }), "unknown"),
        },
    })
}
