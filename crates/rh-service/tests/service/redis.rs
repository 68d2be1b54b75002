//! A Redis of the test's own; unit tests use this file too.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

/// A server on a socket in a folder of its own; it ends with this value.
#[derive(Debug)]
pub(crate) struct Redis {
    folder: TempDir,
    server: Child,
}

impl Redis {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// If Redis is not there, with the name of the package.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = serve(socket(&folder));
        Self { folder, server }
    }

    pub(crate) fn url(&self) -> String {
        format!("unix://{}", socket(&self.folder).display())
    }

    /// Kills it; what it knew is lost.
    pub(crate) fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Starts it again, empty.
    pub(crate) fn start_again(&mut self) {
        self.server = serve(socket(&self.folder));
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("redis.sock")
}

fn serve(socket: PathBuf) -> Child {
    // A socket that is left over would be taken for the new server's.
    let _ = std::fs::remove_file(&socket);
    let mut server = Command::new("redis-server");
    server.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]).arg(&socket);
    let server = server.stdout(Stdio::null()).spawn();
    let server = server.expect("redis-server is missing; install the package `redis-server`");
    let up = (0..200).any(|_| {
        sleep(Duration::from_millis(25));
        socket.exists()
    });
    assert!(up, "Redis did not start within 5 s");
    server
}
