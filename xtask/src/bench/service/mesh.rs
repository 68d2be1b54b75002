//! MeshCentral, whose idle agents are counted beside ours.
//!
//! npm installs it below `target/`, in the version that `benches/meshcentral` names. It runs as behind a
//! proxy that ends TLS, on loopback, with its own default database, and looks for nothing outside.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::growth::Host;
use crate::child::Child;
use crate::{program, web};

/// Its name, in the report too.
pub(super) const NAME: &str = "MeshCentral";

/// The one account, which owns the one device group.
const ACCOUNT: &str = "bench";
const PASSWORD: &str = "Bench-0123456789";

/// How long it may take to come up; it makes its certificates first.
const PATIENCE: Duration = Duration::from_secs(60);

/// The bit of a device's `conn` that says that its agent is connected.
const AGENT: u64 = 1;

/// One that runs; its data goes with it.
pub(super) struct MeshCentral {
    server: Child,
    home: PathBuf,
    data: TempDir,
    at: SocketAddr,
    /// The device group of the agents, as `mesh//` and its base64.
    group: String,
}

impl MeshCentral {
    pub(super) fn start(root: &Path, folder: &Path, log: &Arc<File>) -> Result<Self> {
        let home = install(root, folder)?;
        let data = tempfile::tempdir_in(folder)?;
        let at = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let settings = settings(at, data.path()).to_string();
        fs::write(data.path().join("config.json"), settings)?;
        let email = format!("{ACCOUNT}@localhost");
        let account = ["--createaccount", ACCOUNT, "--pass", PASSWORD, "--email", &email];
        said(node(&home, "meshcentral.js")?.arg("--datapath").arg(data.path()).args(account))?;
        // At its first start it signs its agents for Windows, which leaves much memory behind.
        serve(&home, data.path(), at, log)?.end();
        let server = serve(&home, data.path(), at, log)?;
        let mut started = Self { server, home, data, at, group: String::new() };
        let answer = started.control(&["adddevicegroup", "--name", "crowd"])?;
        let group = answer.split_whitespace().find(|word| word.starts_with("mesh//"));
        started.group = group.with_context(|| format!("no device group: {answer}"))?.to_owned();
        Ok(started)
    }

    /// What its control program answers.
    fn control(&self, command: &[&str]) -> Result<String> {
        let url = format!("ws://{}", self.at);
        let mut control = node(&self.home, "meshctrl.js")?;
        control.args(command).args([
            "--url",
            &url,
            "--loginuser",
            ACCOUNT,
            "--loginpass",
            PASSWORD,
        ]);
        said(&mut control)
    }
}

impl Host for MeshCentral {
    fn product(&self) -> &'static str {
        NAME
    }

    fn nodes(&self) -> usize {
        1
    }

    /// The first; those it starts are found by it.
    fn pids(&self) -> Vec<u32> {
        vec![self.server.pid()]
    }

    fn command(&self) -> Vec<String> {
        let at = self.at.to_string();
        let certificate = self.data.path().join("webserver-cert-public.crt");
        let certificate = certificate.to_string_lossy();
        ["mesh", "--at", &at, "--group", &self.group, "--certificate", &certificate]
            .map(Into::into)
            .into()
    }

    fn check(&self, connected: usize) -> Result<()> {
        let devices = serde_json::from_str(&self.control(&["listdevices", "--json"])?)?;
        let counted = agents(&devices);
        ensure!(counted == connected, "it counts {counted} agents as connected, not {connected}");
        Ok(())
    }
}

/// Starts it, until it listens.
fn serve(home: &Path, data: &Path, at: SocketAddr, log: &Arc<File>) -> Result<Child> {
    let mut server = node(home, "meshcentral.js")?;
    let server = Child::spawn_quiet(NAME, server.arg("--datapath").arg(data), log)?;
    let port = server.says("HTTP server running on port ", PATIENCE)?;
    ensure!(port.trim_end_matches('.') == at.port().to_string(), "it listens at port {port}");
    Ok(server)
}

/// How many of the devices have their agent connected.
fn agents(devices: &Value) -> usize {
    let connected = |device: &&Value| device["conn"].as_u64().is_some_and(|it| it & AGENT != 0);
    devices.as_array().map_or(0, |devices| devices.iter().filter(connected).count())
}

/// Where npm has it, installed once.
fn install(root: &Path, folder: &Path) -> Result<PathBuf> {
    let home = folder.join("meshcentral");
    fs::create_dir_all(&home)?;
    for file in ["package.json", "package-lock.json"] {
        let wanted = fs::read(root.join("benches/meshcentral").join(file))?;
        if fs::read(home.join(file)).ok().as_ref() != Some(&wanted) {
            fs::write(home.join(file), wanted)?;
        }
    }
    web::install_alone(&home, NAME)?;
    Ok(home)
}

/// Plain HTTP on loopback, and nothing that it would do beside: no agents for Intel AMT, no updates, no
/// backup, no time stamps from outside.
fn settings(at: SocketAddr, data: &Path) -> Value {
    json!({
        "settings": {
            // A name with a dot: without one it would look for agents in the local network.
            "cert": "bench.localhost",
            "WANonly": true,
            "port": at.port(),
            "portBind": at.ip(),
            "tlsOffload": at.ip(),
            "redirPort": 0,
            "mpsPort": 0,
            "selfUpdate": false,
            "autoBackup": false,
            "agentTimeStampServer": false,
            "datapath": data,
            "filespath": data.join("files"),
        },
        "domains": { "": { "newAccounts": false } },
    })
}

/// One of its programs.
fn node(home: &Path, file: &str) -> Result<Command> {
    let node =
        program::find(&["node"]).context("Node.js is missing: install version 20 or later")?;
    let mut command = Command::new(node);
    command.arg(home.join("node_modules/meshcentral").join(file)).env("NODE_ENV", "production");
    command.current_dir(home);
    Ok(command)
}

/// What a program of its prints that ends by itself.
fn said(command: &mut Command) -> Result<String> {
    // It ends without waiting until a pipe has taken everything; a file has at once.
    let mut file = tempfile::tempfile()?;
    let status = command.stdin(Stdio::null()).stdout(file.try_clone()?).status()?;
    file.rewind()?;
    let mut said = String::new();
    file.read_to_string(&mut said)?;
    ensure!(status.success(), "it says: {}", said.trim());
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_devices_whose_agent_is_connected_are_counted() {
        let devices = json!([{ "conn": 1 }, { "conn": 5 }, { "conn": 4 }, { "conn": 0 }, {}]);
        assert_eq!((agents(&devices), agents(&json!("None"))), (2, 0));
    }
}
