//! Memory shared with the server.
#![expect(unsafe_code, reason = "System V shared memory is a C interface")]

use std::io;
use std::ptr::NonNull;

/// A System V shared memory segment, attached to this process.
///
/// It is marked for removal as soon as it is attached, so that not even a crash leaves it behind:
/// Linux frees it with its last attachment, and lets the server attach to it until then (shmctl(2)).
#[derive(Debug)]
pub(super) struct Segment {
    /// The system's number for it.
    pub(super) id: u32,
    at: NonNull<u8>,
    len: usize,
}

// SAFETY: the memory is this process's until `drop`, on whichever thread; reads go through `&self`.
unsafe impl Send for Segment {}

impl Segment {
    /// A new segment of `len` bytes.
    pub(super) fn new(len: usize) -> io::Result<Self> {
        // SAFETY: takes and returns numbers only.
        let id = unsafe { libc::shmget(libc::IPC_PRIVATE, len, libc::IPC_CREAT | 0o600) };
        let number = u32::try_from(id).map_err(|_| io::Error::last_os_error())?;
        // SAFETY: the kernel chooses a free address for the segment just made.
        let at = unsafe { libc::shmat(id, std::ptr::null(), 0) };
        let error = io::Error::last_os_error();
        // SAFETY: IPC_RMID takes no buffer.
        unsafe { libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()) };
        match NonNull::new(at.cast()) {
            Some(at) if at.addr().get() != usize::MAX => Ok(Self { id: number, at, len }),
            _ => Err(error),
        }
    }

    /// Its bytes. The server must not be at work in it: call this only after its reply.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: `at` is attached for `len` bytes until `drop`, zeroed by the kernel when made,
        // and the server writes only between a request and its reply.
        unsafe { std::slice::from_raw_parts(self.at.as_ptr(), self.len) }
    }

    /// As [`bytes`](Self::bytes), to write to.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`, and nobody else in this process has it while `self` is lent.
        unsafe { std::slice::from_raw_parts_mut(self.at.as_ptr(), self.len) }
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        // SAFETY: attached in `new`, detached nowhere else.
        unsafe { libc::shmdt(self.at.as_ptr().cast()) };
    }
}
