//! Passes TCP connections on, so that the sharer's side reaches a service on loopback.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

/// Passes on for as long as this program runs; each connection ends with either of its ends.
///
/// Returns the port at `address` that leads to `target`.
pub(super) fn forward(address: &str, target: &str) -> Result<u16> {
    let listener =
        TcpListener::bind((address, 0)).with_context(|| format!("no port at {address}"))?;
    let port = listener.local_addr()?.port();
    let target = target.to_owned();
    thread::spawn(move || {
        for from in listener.incoming().flatten() {
            if let Ok(to) = TcpStream::connect(&target) {
                let _ = join(&from, &to);
            }
        }
    });
    Ok(port)
}

fn join(a: &TcpStream, b: &TcpStream) -> io::Result<()> {
    for (from, to) in [(a, b), (b, a)] {
        let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
        from.set_nodelay(true)?;
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn both_directions_pass() {
        let echo = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = forward("127.0.0.1", &echo.local_addr().unwrap().to_string()).unwrap();
        let mut near = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut far = echo.accept().unwrap().0;
        let mut heard = [0; 4];
        near.write_all(b"ping").unwrap();
        far.read_exact(&mut heard).unwrap();
        far.write_all(b"pong").unwrap();
        near.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"pong");
    }
}
