//! A TUN device: what the kernel sends to it is read here, and the other way round.
#![expect(unsafe_code, reason = "a TUN device is made by ioctl, a C interface")]

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;

use anyhow::{Context, Result, ensure};

/// A device that lives as long as this.
///
/// Moved to another network namespace, it still ends here (Linux, Documentation/networking/tuntap).
pub(super) struct Tun {
    file: File,
}

impl Tun {
    /// Makes a device called `name`, at most 15 letters.
    pub(super) fn open(name: &str) -> Result<Self> {
        ensure!(name.len() < libc::IFNAMSIZ && name.is_ascii(), "{name:?} is no name of a device");
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
        let file = options.open("/dev/net/tun").context("there are no TUN devices here")?;
        // SAFETY: a C struct of numbers and arrays of numbers, for which zero is a value.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        for (to, from) in request.ifr_name.iter_mut().zip(name.bytes()) {
            *to = from as libc::c_char;
        }
        // Packets without a header before them.
        request.ifr_ifru.ifru_flags = (libc::IFF_TUN | libc::IFF_NO_PI) as libc::c_short;
        // SAFETY: TUNSETIFF reads and writes one `ifreq`, which lives until the call returns.
        let made = unsafe { libc::ioctl(file.as_raw_fd(), libc::TUNSETIFF, &raw mut request) };
        if made < 0 {
            return Err(std::io::Error::last_os_error())
                .with_context(|| format!("cannot make the device {name}; that takes root"));
        }
        Ok(Self { file })
    }

    /// The next packet that was sent into the device, if there is one.
    pub(super) fn receive(&self) -> Result<Option<Vec<u8>>> {
        let mut buffer = [0; 2048];
        match (&self.file).read(&mut buffer) {
            Ok(len) => Ok(Some(buffer[..len].to_vec())),
            // A device that is not up yet has no packets, and says so in its own way.
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) if error.raw_os_error() == Some(libc::EIO) => Ok(None),
            Err(error) => Err(error).context("cannot read from a TUN device"),
        }
    }

    /// Lets `packet` come out of the device; one that it does not take is lost, as on any cable.
    pub(super) fn send(&self, packet: &[u8]) -> Result<()> {
        match (&self.file).write(packet) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) if matches!(error.raw_os_error(), Some(libc::EIO | libc::EINVAL)) => Ok(()),
            Err(error) => Err(error).context("cannot write to a TUN device"),
        }
    }
}

impl AsFd for Tun {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}
