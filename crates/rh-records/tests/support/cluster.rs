//! A PostgreSQL server of the test's own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use async_trait::async_trait;
use rh_records::contract::Ground;
use rh_records::{Address, RecordStore, open};
use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
use tempfile::TempDir;

/// The account that owns the server: it refuses to run as root.
const ACCOUNT: &str = "postgres";

/// A server in a folder of its own, on a socket there; it ends with this value.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: TempDir,
    server: Child,
    made: AtomicUsize,
}

impl Cluster {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// If PostgreSQL is not there, with the name of the package.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            done(Command::new("chown").arg(ACCOUNT).arg(folder.path()).output());
        }
        let data = folder.path().join("data");
        let mut initdb = command("initdb");
        let initdb = initdb.args(["--auth=trust", "--encoding=UTF8", "--no-sync", "--username"]);
        done(initdb.arg(ACCOUNT).arg("--pgdata").arg(&data).output());
        let cluster = Self { server: serve(folder.path()), folder, made: AtomicUsize::new(0) };
        cluster.wait();
        cluster
    }

    /// Kills every process of the server at once, as a loss of power would, and starts it again.
    pub(crate) fn crash(&mut self) {
        self.stop();
        self.server = serve(self.folder.path());
        self.wait();
    }

    /// Makes an empty database.
    pub(crate) fn database(&self, name: &str) -> Address {
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(name).parse().unwrap()
    }

    /// Runs `sql` in a database, and returns what it answers.
    pub(crate) fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = command("psql");
        let psql = psql.args(["-v", "ON_ERROR_STOP=1", "-qAt", "-U", ACCOUNT, "-h"]);
        let output = psql.arg(self.folder.path()).args(["-d", database, "-c", sql]).output();
        String::from_utf8(done(output).stdout).unwrap()
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{ACCOUNT}@localhost/{database}?host={}", self.folder.path().display())
    }

    fn wait(&self) {
        for _ in 0..600 {
            let mut ready = command("pg_isready");
            let ready = ready.args(["-q", "-h"]).arg(self.folder.path()).status();
            if ready.unwrap().success() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL did not start within 30 s; its words are above");
    }

    /// SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start.
    fn stop(&mut self) {
        let pid = self.folder.path().join("data/postmaster.pid");
        if let Ok(pid) = std::fs::read_to_string(pid)
            && let Some(pid) = pid.lines().next()
        {
            let _ = Command::new("kill").args(["-QUIT", pid]).status();
        }
        let _ = self.server.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(folder: &Path) -> Child {
    let mut server = command("postgres");
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    // A name to listen on would be taken by another server.
    server.args(["-c", "listen_addresses="]).stderr(Stdio::null()).stdout(Stdio::null());
    server.spawn().unwrap()
}

/// A program of PostgreSQL, run by the account that may.
fn command(program: &str) -> Command {
    let program = programs().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", ACCOUNT, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

/// The folder of the newest installed version's programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let versions = versions.filter_map(|it| it.file_name().to_str()?.parse::<u32>().ok());
    let versions =
        versions.filter(|it| *it >= 15).map(|it| format!("/usr/lib/postgresql/{it}/bin"));
    let folders = versions.map(PathBuf::from).filter(|it| it.join("initdb").exists());
    folders.max().expect("PostgreSQL 15 or later is missing; install the package `postgresql`")
}

fn is_root() -> bool {
    done(Command::new("id").arg("-u").output()).stdout == b"0\n"
}

fn done(output: std::io::Result<Output>) -> Output {
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[async_trait]
impl Ground for Cluster {
    async fn fresh(&self) -> Arc<dyn RecordStore> {
        let n = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        open(&self.database(&format!("fresh_{n}"))).await.unwrap()
    }

    async fn tamper(&self, sql: &str) {
        let n = self.made.load(Ordering::Relaxed);
        let url = self.url(&format!("fresh_{n}"));
        let mut conn = PgConnection::connect(&url).await.unwrap();
        let sql = format!("SET search_path = rh_records; {sql}");
        raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    }
}
