//! Memory shared with the X server.
#![expect(unsafe_code, reason = "System V shared memory is a C interface")]

use std::io;
use std::ptr::NonNull;

/// A System V segment that lives as long as its attachments.
#[derive(Debug)]
pub(crate) struct Segment {
    /// The system's number for it.
    pub(crate) id: u32,
    at: NonNull<u8>,
    len: usize,
}

impl Segment {
    /// A new segment of `len` bytes, all zero.
    pub(crate) fn new(len: usize) -> io::Result<Self> {
        // SAFETY: takes and returns numbers only.
        let id = unsafe { libc::shmget(libc::IPC_PRIVATE, len, libc::IPC_CREAT | 0o600) };
        let number = u32::try_from(id).map_err(|_| io::Error::last_os_error())?;
        // SAFETY: the kernel chooses a free address for the segment just made.
        let at = unsafe { libc::shmat(id, std::ptr::null(), 0) };
        let error = io::Error::last_os_error();
        // Marked now, it is freed with its last attachment, whoever crashes (shmctl(2)).
        // SAFETY: IPC_RMID takes no buffer.
        unsafe { libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()) };
        match NonNull::new(at.cast()) {
            Some(at) if at.addr().get() != usize::MAX => Ok(Self { id: number, at, len }),
            _ => Err(error),
        }
    }

    /// Its bytes. The server must not be writing them: call this only after its reply.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: attached for `len` bytes until `drop`; the server writes only between a request
        // and its reply.
        unsafe { std::slice::from_raw_parts(self.at.as_ptr(), self.len) }
    }

    /// Its bytes, to be changed. The server must not be reading them.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; `&mut self` is the only reference within this process.
        unsafe { std::slice::from_raw_parts_mut(self.at.as_ptr(), self.len) }
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        // SAFETY: attached in `new`, detached nowhere else.
        unsafe { libc::shmdt(self.at.as_ptr().cast()) };
    }
}
