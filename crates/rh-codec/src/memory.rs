//! Where glibc takes large buffers from.
#![expect(unsafe_code, reason = "mallopt is a C function")]

use std::sync::Once;

/// The smallest buffer that is mapped by itself, in bytes; glibc's own starting value.
const MAPPED: libc::c_int = 128 * 1024;

/// Has large buffers given back to the system when they are freed.
///
/// An encoder is made of some 25 MB of pictures, a painter keeps one more, on a thread of their own for
/// each session. glibc raises
/// its threshold for mapped buffers with the first that is freed (mallopt(3), `M_MMAP_THRESHOLD`), then
/// takes the next pictures from a heap of the thread and keeps that: ten sessions grew by 75 MB.
/// Setting the threshold, also to what it is, keeps it there.
pub(crate) fn give_back_large_buffers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Where it is refused, memory is used as it would have been.
        // SAFETY: mallopt is thread-safe and takes two integers.
        let _ = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED) };
    });
}
