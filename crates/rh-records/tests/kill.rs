//! What was acknowledged survives the death of whoever writes, and of the database.
//!
//! The program of this test starts itself again as a writer, which says on standard output what was
//! acknowledged, and kills it in the middle of that.

#![cfg(test)]

mod support;

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::SystemTime;

use rh_policy::TenantId;
use rh_records::{
    Address, Entry, Event, Fact, RecordStore, SigningKey, Timestamp, Trust, audit, open, upkeep,
};
use support::cluster::Cluster;

/// Where a program that is to be killed writes to.
const WRITE_TO: &str = "RH_RECORDS_TEST_WRITE_TO";

/// Acknowledgements to wait for before the kill.
const ENOUGH: usize = 200;

fn tenant() -> TenantId {
    "contoso".parse().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the writer's events happen now")]
fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Writes until something fails: four tasks, batches of one to three, and a seal now and then.
async fn write(address: Address) {
    let store = open(&address).await.unwrap();
    let writers: Vec<_> = (0..4).map(|n| tokio::spawn(write_one(Arc::clone(&store), n))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn write_one(store: Arc<dyn RecordStore>, writer: u32) {
    for n in 0.. {
        let fact = |part| {
            let person = format!("{}-{writer}-{n}-{part}", std::process::id()).parse().unwrap();
            Fact { tenant: tenant(), at: now(), event: Event::SignedOut { person } }
        };
        let facts: Vec<_> = (0..=n % 3).map(fact).collect();
        let Ok(entries) = store.record(&facts).await else { return };
        // Each on a line of its own, whatever the test harness says before.
        let line = |entry: &Entry| format!("\nacknowledged {} {}\n", entry.seq, entry.hash);
        let lines: String = entries.iter().map(line).collect();
        if std::io::stdout().write_all(lines.as_bytes()).is_err() {
            return;
        }
        if n % 50 == 0 {
            let key = SigningKey::from_seed(&[3; 32]);
            let _ = upkeep::seal(&*store, &tenant(), &key, now()).await;
        }
    }
}

/// A writer in a program of its own.
fn writer(test: &str, address: &str) -> (Child, BufReader<ChildStdout>) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(WRITE_TO, address);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    (child, stdout)
}

/// The number and hash in a whole line of the writer.
fn acknowledged(line: &str) -> Option<(u64, String)> {
    let (seq, hash) = line.trim_end().strip_prefix("acknowledged ")?.split_once(' ')?;
    (hash.len() == 64).then(|| Some((seq.parse().ok()?, hash.to_owned())))?
}

/// Reads until so much is acknowledged, runs `kill`, and returns all that was acknowledged.
fn under_load(
    enough: usize,
    (mut child, out): (Child, BufReader<ChildStdout>),
    kill: impl FnOnce(&mut Child),
) -> Vec<(u64, String)> {
    let mut kill = Some(kill);
    let mut seen = Vec::new();
    for line in out.lines().map_while(Result::ok) {
        seen.extend(acknowledged(&line));
        if seen.len() >= enough
            && let Some(kill) = kill.take()
        {
            kill(&mut child);
        }
    }
    child.wait().unwrap();
    assert!(seen.len() >= enough, "the writer failed after {} entries", seen.len());
    seen
}

/// Every acknowledged entry is there, and the chain holds.
async fn all_there(store: &dyn RecordStore, acknowledged: &[(u64, String)]) {
    let trust = Trust::Only([SigningKey::from_seed(&[3; 32]).public().id()].into());
    audit::verify(store, &tenant(), &trust, &[]).await.unwrap();
    let entries = store.entries(&tenant(), 0, u32::MAX).await.unwrap();
    for (seq, hash) in acknowledged {
        let entry = &entries[usize::try_from(*seq).unwrap() - 1];
        assert_eq!((entry.seq, entry.hash.to_string()), (*seq, hash.clone()));
    }
}

/// SIGKILL, which no program can answer.
fn kill(child: &mut Child) {
    child.kill().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_what_it_acknowledged_when_killed() {
    if let Ok(address) = env::var(WRITE_TO) {
        return write(address.parse().unwrap()).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let mut seen = Vec::new();
    for _ in 0..5 {
        let writer =
            writer("sqlite_keeps_what_it_acknowledged_when_killed", path.to_str().unwrap());
        seen.extend(under_load(ENOUGH, writer, kill));
        let store = open(&Address::Sqlite(path.clone())).await.unwrap();
        all_there(&*store, &seen).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_what_it_acknowledged_when_killed() {
    const NAME: &str = "postgres_keeps_what_it_acknowledged_when_killed";
    if let Ok(address) = env::var(WRITE_TO) {
        return write(address.parse().unwrap()).await;
    }
    let mut cluster = Cluster::start();
    let address = cluster.database("killed");
    let url = cluster.url("killed");
    let mut seen = under_load(ENOUGH, writer(NAME, &url), kill);
    // And once more, with the server killed under two writers. Neither knows, so both are killed too.
    let other = writer(NAME, &url);
    let crash = |child: &mut Child| {
        cluster.crash();
        kill(child);
    };
    seen.extend(under_load(ENOUGH, writer(NAME, &url), crash));
    seen.extend(under_load(1, other, kill));
    let store = open(&address).await.unwrap();
    all_there(&*store, &seen).await;
}
