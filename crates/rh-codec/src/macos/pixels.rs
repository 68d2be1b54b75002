//! Pictures as pixel buffers.
#![expect(unsafe_code, reason = "Core Video is a C interface")]

use std::any::Any;
use std::ptr::{self, NonNull};

use objc2_core_foundation::{CFDictionary, CFRetained, CFString, CFType, Type as _};
use objc2_core_video::{
    CVAttachmentMode, CVPixelBuffer, CVPixelBufferCreate, CVPixelBufferGetBaseAddress,
    CVPixelBufferGetBytesPerRow, CVPixelBufferGetHeight, CVPixelBufferLockBaseAddress,
    CVPixelBufferLockFlags, CVPixelBufferUnlockBaseAddress,
    kCVImageBufferColorPrimaries_ITU_R_709_2, kCVImageBufferColorPrimariesKey,
    kCVImageBufferTransferFunction_ITU_R_709_2, kCVImageBufferTransferFunctionKey,
    kCVImageBufferYCbCrMatrix_ITU_R_709_2, kCVImageBufferYCbCrMatrixKey,
    kCVPixelBufferIOSurfacePropertiesKey, kCVPixelFormatType_32BGRA, kCVReturnSuccess,
};
use rh_capture::macos::PixelBuffer;
use rh_capture::{Frame, Pixels, Rect, Size};

use super::Picture;
use crate::EncodeError;
use crate::videotoolbox::rows::{Source, Target, even};

// SAFETY: Core Video's buffers count their references atomically and lock their memory themselves.
// A buffer of capture's is only read; one of our own is written by whoever holds the `Picture`
// mutably, and by nobody while the encoder reads it: `Session::compress` waits for the answer.
unsafe impl Send for Picture {}

/// Takes in `frame`: what capture lent by a pixel buffer of its own is retained and not copied.
pub(super) fn take_in(frame: &Frame<'_>, last: Option<Picture>) -> Result<Picture, EncodeError> {
    if let Pixels::Surface(surface) = frame.pixels
        && let Some(lent) = (surface as &dyn Any).downcast_ref::<PixelBuffer>()
    {
        return Ok(Picture { buffer: lent.buffer().retain(), own: false });
    }
    let copied = frame.pixels.in_memory(|pixels| copy(frame, pixels, last));
    copied.unwrap_or_else(|error| Err(failed(&error.to_string(), 0)))
}

/// Copies `pixels`, those of `frame`: into the buffer of `last` if that is ours, or else a new one.
fn copy(
    frame: &Frame<'_>,
    pixels: Pixels<'_>,
    last: Option<Picture>,
) -> Result<Picture, EncodeError> {
    let Pixels::Bgrx { data, stride } = pixels else {
        return Err(failed("pixels of an unknown kind", 0));
    };
    let source = Source { data, stride, size: frame.size };
    match last.filter(|picture| picture.own) {
        Some(picture) => {
            fill(&picture.buffer, source, frame.damage)?;
            Ok(picture)
        }
        None => {
            let Size { width, height } = frame.size;
            let buffer = create(even(frame.size))?;
            fill(&buffer, source, &[Rect { x: 0, y: 0, width, height }])?;
            Ok(Picture { buffer, own: true })
        }
    }
}

/// Makes a buffer of BGRA that the encoder's process can read as it is.
fn create(size: Size) -> Result<CFRetained<CVPixelBuffer>, EncodeError> {
    let none = CFDictionary::<CFString, CFType>::empty();
    // SAFETY: a constant of Core Video, valid for the life of the process.
    let shared = unsafe { kCVPixelBufferIOSurfacePropertiesKey };
    let attributes = CFDictionary::<CFString, CFType>::from_slices(&[shared], &[none.as_opaque()]);
    let mut made: *mut CVPixelBuffer = ptr::null_mut();
    // SAFETY: the attributes are a dictionary of the documented types, and `made` outlives the call.
    let status = unsafe {
        CVPixelBufferCreate(
            None,
            size.width as usize,
            size.height as usize,
            kCVPixelFormatType_32BGRA,
            Some(attributes.as_opaque()),
            NonNull::from(&mut made),
        )
    };
    let made = NonNull::new(made).ok_or_else(|| failed("no pixel buffer", status))?;
    // SAFETY: by the Create rule the reference is ours.
    let buffer = unsafe { CFRetained::from_raw(made) };
    name_colours(&buffer);
    Ok(buffer)
}

/// Says that the pixels are BT.709, as the stream does, so that nothing is converted but the matrix.
fn name_colours(buffer: &CVPixelBuffer) {
    // SAFETY: constants of Core Video, valid for the life of the process.
    let named = unsafe {
        [
            (kCVImageBufferColorPrimariesKey, kCVImageBufferColorPrimaries_ITU_R_709_2),
            (kCVImageBufferTransferFunctionKey, kCVImageBufferTransferFunction_ITU_R_709_2),
            (kCVImageBufferYCbCrMatrixKey, kCVImageBufferYCbCrMatrix_ITU_R_709_2),
        ]
    };
    for (key, value) in named {
        // SAFETY: each key is given a value of its documented type; the buffer retains it.
        unsafe { buffer.set_attachment(key, value, CVAttachmentMode::ShouldPropagate) };
    }
}

/// Copies `damage` into `buffer`, which is of 32-bit pixels.
fn fill(buffer: &CVPixelBuffer, source: Source<'_>, damage: &[Rect]) -> Result<(), EncodeError> {
    let write = CVPixelBufferLockFlags::empty();
    // SAFETY: unlocked below, with the same flags, on the same thread.
    let status = unsafe { CVPixelBufferLockBaseAddress(buffer, write) };
    if status != kCVReturnSuccess {
        return Err(failed("locking the pixel buffer", status));
    }
    let stride = CVPixelBufferGetBytesPerRow(buffer);
    let length = stride * CVPixelBufferGetHeight(buffer);
    let copied = NonNull::new(CVPixelBufferGetBaseAddress(buffer)).and_then(|base| {
        // SAFETY: between lock and unlock a buffer of one plane holds its rows from the base on,
        // each of this stride, and nobody else writes to a buffer that `create` made.
        let data = unsafe { std::slice::from_raw_parts_mut(base.cast::<u8>().as_ptr(), length) };
        source.copy_to(damage, &mut Target { data, stride })
    });
    // SAFETY: locked above; the slice is gone.
    unsafe { CVPixelBufferUnlockBaseAddress(buffer, write) };
    copied.ok_or_else(|| failed("a frame shorter than its size", 0))
}

fn failed(what: &str, status: i32) -> EncodeError {
    let detail = match status {
        0 => what.to_owned(),
        status => format!("{what}: status {status}"),
    };
    EncodeError::Codec { context: "taking in the picture", detail }
}
