//! Chromium with a window, and what is needed of its DevTools protocol to sign in.
//!
//! The protocol is used before anything is measured, and the connection closed then: nothing inside
//! a page may measure it.

use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, client};

use super::desktop::Desktop;
use super::ground::Ground;
use crate::child::Child;
use crate::program;

/// How long a page may take to come to where it is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The browser, without any connection to its insides.
pub(super) struct Browser {
    child: Child,
}

/// A page while it is being prepared.
pub(super) struct Page<'a> {
    ground: &'a Ground,
    socket: WebSocket<TcpStream>,
    session: String,
    sent: u64,
}

impl Browser {
    /// Opens `url` over the whole display.
    ///
    /// The page's origin is treated as one by HTTPS, as it would be in use.
    pub(super) fn open<'a>(
        ground: &'a Ground,
        desktop: &Desktop,
        url: &str,
    ) -> Result<(Self, Page<'a>)> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let path = program::find(&names).context("chromium is missing")?;
        let profile = tempfile::tempdir_in(ground.scratch.path())?.keep();
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let mut command = Command::new(path);
        command.env("DISPLAY", &desktop.name).args(FLAGS).args([
            format!("--user-data-dir={}", profile.display()),
            format!("--window-size={},{}", desktop.size.0, desktop.size.1),
            format!("--unsafely-treat-insecure-origin-as-secure={origin}"),
            url.to_owned(),
        ]);
        let child = ground.start("browser", &mut command)?;
        let address = child.says("DevTools listening on ", PATIENCE)?;
        let page = Page::attach(ground, &address)?;
        Ok((Self { child }, page))
    }

    /// The number of its first process.
    pub(super) fn pid(&self) -> u32 {
        self.child.pid()
    }
}

/// A quiet browser that fills its display.
const FLAGS: &[&str] = &[
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    "--kiosk",
    "--window-position=0,0",
    "--no-sandbox",
    "--test-type",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-translate",
    "--password-store=basic",
];

impl<'a> Page<'a> {
    fn attach(ground: &'a Ground, address: &str) -> Result<Self> {
        let host = address.strip_prefix("ws://").and_then(|it| it.split('/').next());
        let stream = TcpStream::connect(host.context("an address of the browser")?)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (socket, _) = client(address, stream).context("the browser cannot be talked to")?;
        let mut page = Self { ground, socket, session: String::new(), sent: 0 };
        let target = ground.until("a page in the browser", PATIENCE, || {
            let targets = page.call("Target.getTargets", &json!({}))?;
            let list = targets["targetInfos"].as_array().cloned().unwrap_or_default();
            let found = list.into_iter().find(|target| target["type"] == "page");
            Ok(found.and_then(|it| it["targetId"].as_str().map(str::to_owned)))
        })?;
        let wanted = json!({ "targetId": target, "flatten": true });
        let attached = page.call("Target.attachToTarget", &wanted)?;
        page.session = attached["sessionId"].as_str().context("a session")?.to_owned();
        Ok(page)
    }

    fn call(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.socket.send(Message::text(message.to_string()))?;
        loop {
            let Message::Text(text) = self.socket.read().context("the browser is silent")? else {
                continue;
            };
            let answer: Value = serde_json::from_str(&text)?;
            if answer["id"] == self.sent {
                if answer.get("error").is_some() {
                    bail!("{method}: {}", answer["error"]["message"]);
                }
                return Ok(answer["result"].clone());
            }
        }
    }

    /// The value of a JavaScript expression, evaluated as if the user had just acted.
    pub(super) fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
            "userGesture": true,
        });
        let answer = self.call("Runtime.evaluate", &params)?;
        if let Some(fault) = answer.get("exceptionDetails") {
            bail!("in the page: {}", fault["exception"]["description"]);
        }
        Ok(answer["result"]["value"].clone())
    }

    /// Waits until a JavaScript expression is something true; returns that.
    pub(super) fn until(&mut self, expression: &str) -> Result<Value> {
        let ground = self.ground;
        ground.until(expression, PATIENCE, || {
            let value = match self.evaluate(expression) {
                // Between two documents there is nothing to evaluate in.
                Err(error) if error.to_string().contains("context") => return Ok(None),
                value => value?,
            };
            let nothing = matches!(value, Value::Null | Value::Bool(false))
                || value.as_str().is_some_and(str::is_empty);
            Ok((!nothing).then_some(value))
        })
    }

    /// Waits for the element that `selector` finds, and clicks it.
    pub(super) fn click(&mut self, selector: &str) -> Result<()> {
        let element = format!("document.querySelector({})", json!(selector));
        self.until(&format!("{element} !== null && !{element}.disabled"))?;
        self.evaluate(&format!("{element}.click()")).map(drop)
    }
}
