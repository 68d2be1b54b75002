//! The end of the service, and what it leaves in its log.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rh_protocol::FromClient;
use tokio::time::Instant;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{agent, cookie, helper, open, pair, service, token};

/// Running sessions go on over their own links, so clients hear of a restart and not of an end.
#[tokio::test]
async fn a_stopping_service_tells_everyone() {
    let server = service().await;
    let address = server.address();
    let mut waiting = helper(&server).await;
    waiting.code().await;
    let (start, stopping) = (Instant::now(), tokio::spawn(server.stop()));
    assert_eq!(u16::from(waiting.end().await.expect("a close frame").code), 1012);
    stopping.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

/// Clients that do not answer do not hold it up.
#[tokio::test]
async fn a_frozen_client_does_not_hold_up_the_stop() {
    let server = service().await;
    let _frozen = pair(&server).await;
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_millis(2200), "{:?}", start.elapsed());
}

#[test]
fn the_program_ends_in_order_on_sigterm() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rh-service"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("listening on http://127.0.0.1:"));
    let id = program.id().to_string();
    let sent = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(program.wait().unwrap().success());
    assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
}

/// What was logged.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Codes, tokens and cookies stay out of the log, even at the most talkative level.
#[tokio::test]
async fn no_secret_is_logged() {
    let log = Log::default();
    // With one dispatcher alone, tracing asks the default of whichever thread comes by a call site
    // first, and another test's thread has none; with two it asks both.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = service().await;
    let (cookie, token) = (cookie(&server, "helper").await, token(&server, "sharer").await);
    let bearer = format!("Bearer {token}");
    drop(open(&server, &[("authorization", &bearer)]).await.unwrap());
    drop(open(&server, &[("cookie", &cookie), ("origin", server.origin())]).await.unwrap());
    let (mut helper, mut agent) = (helper(&server).await, agent(&server).await);
    let (_, code) = helper.code().await;
    agent.say(&FromClient::Join { code: "31415926".to_owned() }).await;
    agent.hear().await;
    agent.say(&FromClient::Join { code: code.clone() }).await;
    agent.hear().await;
    server.stop().await;

    let log = log.text();
    assert!(log.contains("signed in") && log.contains("disconnected"), "{log}");
    let cookie = cookie.split_once('=').unwrap().1;
    for secret in [cookie, &token, &code, "31415926"] {
        assert!(!log.contains(secret), "{log}");
    }
}
