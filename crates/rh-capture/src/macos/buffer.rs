//! A picture in its IOSurface.
#![expect(unsafe_code, reason = "Core Video lends pixels by pointers")]

use std::slice;

use objc2_core_foundation::CFRetained;
use objc2_core_video::{
    CVPixelBuffer, CVPixelBufferGetBaseAddress, CVPixelBufferGetBaseAddressOfPlane,
    CVPixelBufferGetBytesPerRow, CVPixelBufferGetBytesPerRowOfPlane, CVPixelBufferGetHeight,
    CVPixelBufferGetHeightOfPlane, CVPixelBufferGetPixelFormatType, CVPixelBufferGetWidth,
    CVPixelBufferLockBaseAddress, CVPixelBufferLockFlags, CVPixelBufferUnlockBaseAddress,
    kCVPixelFormatType_32BGRA, kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange, kCVReturnSuccess,
};

use crate::{CaptureError, Pixels, Size, Surface};

/// A pixel buffer of the window server's, retained; nobody writes to it while it is.
#[derive(Clone, Debug)]
pub struct PixelBuffer(CFRetained<CVPixelBuffer>);

// SAFETY: Core Foundation's reference counts are atomic, and a CVPixelBuffer that is only locked for
// reading may be used by any thread.
unsafe impl Send for PixelBuffer {}
// SAFETY: as above; locking for reading is counted.
unsafe impl Sync for PixelBuffer {}

impl PixelBuffer {
    pub(super) const fn new(buffer: CFRetained<CVPixelBuffer>) -> Self {
        Self(buffer)
    }

    /// The buffer itself, for an encoder to retain (the Get rule: it is lent).
    pub fn buffer(&self) -> &CVPixelBuffer {
        &self.0
    }

    pub(super) fn size(&self) -> Size {
        let (width, height) = (CVPixelBufferGetWidth(&self.0), CVPixelBufferGetHeight(&self.0));
        Size { width: width as u32, height: height as u32 }
    }

    /// The bytes of the only plane, which must be locked.
    fn bytes(&self) -> (*const u8, usize, usize) {
        let stride = CVPixelBufferGetBytesPerRow(&self.0);
        (CVPixelBufferGetBaseAddress(&self.0).cast(), stride, CVPixelBufferGetHeight(&self.0))
    }

    /// The bytes of one of several planes, which must be locked.
    fn plane(&self, index: usize) -> (*const u8, usize, usize) {
        let stride = CVPixelBufferGetBytesPerRowOfPlane(&self.0, index);
        let base = CVPixelBufferGetBaseAddressOfPlane(&self.0, index).cast();
        (base, stride, CVPixelBufferGetHeightOfPlane(&self.0, index))
    }
}

impl Surface for PixelBuffer {
    fn read(&self, reader: &mut dyn FnMut(Pixels<'_>)) -> Result<(), CaptureError> {
        let locked = Locked::new(&self.0)?;
        #[expect(non_upper_case_globals, reason = "Apple's names")]
        match CVPixelBufferGetPixelFormatType(&self.0) {
            kCVPixelFormatType_32BGRA => {
                let (data, stride) = locked.slice(self.bytes())?;
                reader(Pixels::Bgrx { data, stride });
            }
            kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange => {
                let (luma, luma_stride) = locked.slice(self.plane(0))?;
                let (chroma, chroma_stride) = locked.slice(self.plane(1))?;
                reader(Pixels::Nv12 { luma, luma_stride, chroma, chroma_stride });
            }
            other => return Err(failed(format!("pixels of format {other:#x}"))),
        }
        Ok(())
    }
}

/// A buffer that is locked for reading until it is dropped.
struct Locked<'a>(&'a CVPixelBuffer);

impl<'a> Locked<'a> {
    fn new(buffer: &'a CVPixelBuffer) -> Result<Self, CaptureError> {
        // SAFETY: the buffer is alive; it is unlocked with the same flags on drop.
        let code =
            unsafe { CVPixelBufferLockBaseAddress(buffer, CVPixelBufferLockFlags::ReadOnly) };
        if code == kCVReturnSuccess {
            Ok(Self(buffer))
        } else {
            Err(failed(format!("CVReturn {code}")))
        }
    }

    /// `height` rows of `stride` bytes from `base`, which Core Video gave for the locked buffer.
    fn slice(
        &self,
        (base, stride, height): (*const u8, usize, usize),
    ) -> Result<(&[u8], usize), CaptureError> {
        if base.is_null() {
            return Err(failed("no bytes".to_owned()));
        }
        // SAFETY: while it is locked, a plane has `height` rows of `stride` bytes at `base`, and
        // nobody writes to them; the slice lives no longer than the lock.
        Ok((unsafe { slice::from_raw_parts(base, stride * height) }, stride))
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // SAFETY: it was locked with these flags, once.
        unsafe { CVPixelBufferUnlockBaseAddress(self.0, CVPixelBufferLockFlags::ReadOnly) };
    }
}

const fn failed(detail: String) -> CaptureError {
    CaptureError::Platform { context: "read the picture", detail }
}
