//! A compression session.
#![expect(unsafe_code, reason = "VideoToolbox is a C interface")]

use std::ptr::{self, NonNull};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use block2::RcBlock;
use objc2_core_foundation::{
    CFArray, CFBoolean, CFDictionary, CFNumber, CFRetained, CFString, CFType,
};
use objc2_core_media::{CMSampleBuffer, CMTime, kCMTimeInvalid, kCMVideoCodecType_H264};
use objc2_core_video::{
    CVPixelBuffer, kCVImageBufferColorPrimaries_ITU_R_709_2,
    kCVImageBufferTransferFunction_ITU_R_709_2, kCVImageBufferYCbCrMatrix_ITU_R_709_2,
};
use objc2_video_toolbox as vt;
use objc2_video_toolbox::{VTCompressionSession, VTEncodeInfoFlags, VTSessionSetProperty};
use rh_capture::Size;

use super::sample;
use crate::videotoolbox::Aim;
use crate::videotoolbox::rows::even;
use crate::videotoolbox::status::{self, Failure};
use crate::videotoolbox::unit::AccessUnit;

/// What the encoder answers for one picture.
type Answer = Result<Option<AccessUnit>, Failure>;

/// How long an encoder may think: far more than any picture takes, and soon enough that stopping
/// does not wait for a dead one.
const PATIENCE: Duration = Duration::from_millis(500);

/// Beyond this quantiser text is no longer legible.
const COARSEST: i32 = 42;
/// Units of time that VideoToolbox is told times in, per second.
const TIMESCALE: i32 = 1_000_000;

/// A session, torn down when it is dropped.
#[derive(Debug)]
pub(super) struct Session {
    session: CFRetained<VTCompressionSession>,
    /// Whether it hands out each picture before it is given the next.
    prompt: bool,
}

// SAFETY: a compression session may be used from any thread, by one at a time; there is no `Sync`,
// and what it retains, it retains atomically.
unsafe impl Send for Session {}

impl Session {
    /// Makes a session for pictures of `size`: with low-latency rate control, or else without.
    pub(super) fn open(size: Size, aim: Aim) -> Result<Self, Failure> {
        let opened = Self::create(size, true).or_else(|_| Self::create(size, false))?;
        opened.configure(aim)?;
        Ok(opened)
    }

    fn create(size: Size, low_latency: bool) -> Result<Self, Failure> {
        let size = even(size);
        // SAFETY: constants of VideoToolbox, valid for the life of the process.
        let keys = unsafe {
            [
                vt::kVTVideoEncoderSpecification_RequireHardwareAcceleratedVideoEncoder,
                vt::kVTVideoEncoderSpecification_EnableLowLatencyRateControl,
            ]
        };
        let values = [yes(), if low_latency { yes() } else { no() }];
        let specification = CFDictionary::<CFString, CFBoolean>::from_slices(&keys, &values);
        let mut made: *mut VTCompressionSession = ptr::null_mut();
        // SAFETY: the specification is of the documented types and `made` outlives the call. There is
        // no callback: each picture brings its own.
        let status = unsafe {
            VTCompressionSession::create(
                None,
                size.width as i32,
                size.height as i32,
                kCMVideoCodecType_H264,
                Some(specification.as_opaque()),
                None,
                None,
                None,
                ptr::null_mut(),
                NonNull::from(&mut made),
            )
        };
        let made = NonNull::new(made).filter(|_| status == 0).ok_or(Failure::Open(status))?;
        // SAFETY: by the Create rule the reference is ours.
        Ok(Self { session: unsafe { CFRetained::from_raw(made) }, prompt: low_latency })
    }

    /// Sets what holds for the whole life of the session. What an encoder does not know of it is left
    /// at its default, except the profile, which browsers were promised.
    fn configure(&self, aim: Aim) -> Result<(), Failure> {
        // SAFETY: constants of VideoToolbox, valid for the life of the process, of macOS 12.0 and
        // earlier.
        let (key, constrained, baseline) = unsafe {
            (
                vt::kVTCompressionPropertyKey_ProfileLevel,
                vt::kVTProfileLevel_H264_ConstrainedBaseline_AutoLevel,
                vt::kVTProfileLevel_H264_Baseline_AutoLevel,
            )
        };
        self.set(key, constrained).or_else(|_| self.set(key, baseline)).map_err(Failure::Open)?;
        self.wish();
        self.tune(aim);
        // SAFETY: the session is alive and has been given no picture yet.
        match unsafe { self.session.prepare_to_encode_frames() } {
            0 => Ok(()),
            status => Err(Failure::Open(status)),
        }
    }

    fn wish(&self) {
        let (none, rarely) = (CFNumber::new_i32(0), CFNumber::new_i32(i32::MAX));
        let legible = CFNumber::new_i32(COARSEST);
        // SAFETY: constants of VideoToolbox and Core Video, valid for the life of the process, of
        // macOS 12.0 and earlier.
        let wishes: [(&CFString, &CFType); 8] = unsafe {
            [
                (vt::kVTCompressionPropertyKey_RealTime, yes()),
                (vt::kVTCompressionPropertyKey_AllowFrameReordering, no()),
                (vt::kVTCompressionPropertyKey_MaxFrameDelayCount, &none),
                (vt::kVTCompressionPropertyKey_MaxKeyFrameInterval, &rarely),
                (vt::kVTCompressionPropertyKey_MaxAllowedFrameQP, &legible),
                (
                    vt::kVTCompressionPropertyKey_ColorPrimaries,
                    kCVImageBufferColorPrimaries_ITU_R_709_2,
                ),
                (
                    vt::kVTCompressionPropertyKey_TransferFunction,
                    kCVImageBufferTransferFunction_ITU_R_709_2,
                ),
                (vt::kVTCompressionPropertyKey_YCbCrMatrix, kCVImageBufferYCbCrMatrix_ITU_R_709_2),
            ]
        };
        for (key, value) in wishes {
            let _ = self.set(key, value);
        }
    }

    /// Aims anew, from the next picture on. An encoder that refuses keeps its aim; the hard limit is
    /// refused wherever low-latency rate control is at work.
    pub(super) fn tune(&self, aim: Aim) {
        let bits = CFNumber::new_i32(aim.bits.cast_signed());
        let frames = CFNumber::new_i32(aim.frames.into());
        let bytes = CFNumber::new_i64(i64::from(aim.bits / 8) * 3 / 2);
        let limits = CFArray::<CFNumber>::from_objects(&[&*bytes, &*CFNumber::new_f64(1.0)]);
        // SAFETY: constants of VideoToolbox, valid for the life of the process.
        let aims: [(&CFString, &CFType); 3] = unsafe {
            [
                (vt::kVTCompressionPropertyKey_AverageBitRate, &bits),
                (vt::kVTCompressionPropertyKey_ExpectedFrameRate, &frames),
                (vt::kVTCompressionPropertyKey_DataRateLimits, limits.as_opaque()),
            ]
        };
        for (key, value) in aims {
            let _ = self.set(key, value);
        }
    }

    fn set(&self, key: &CFString, value: &CFType) -> Result<(), i32> {
        // SAFETY: the session is alive, and each caller gives a key a value of its documented type;
        // another would be refused with a status.
        match unsafe { VTSessionSetProperty((*self.session).as_ref(), key, Some(value)) } {
            0 => Ok(()),
            status => Err(status),
        }
    }

    /// Compresses `picture` and waits for the answer; `None` if it was left out.
    pub(super) fn compress(&self, picture: &CVPixelBuffer, at: Duration, key: bool) -> Answer {
        // Room for one, so that an answer that comes late, when nobody waits, is not held up.
        let (answered, answer) = sync_channel::<Answer>(1);
        let handler = RcBlock::new(move |status, flags, sample: *mut CMSampleBuffer| {
            // SAFETY: VideoToolbox lends a sample, or null, until the handler returns (Get rule).
            let sample = unsafe { sample.as_ref() };
            let _ = answered.try_send(read(status, flags, sample));
        });
        // SAFETY: a constant of VideoToolbox, valid for the life of the process.
        let force = unsafe { vt::kVTEncodeFrameOptionKey_ForceKeyFrame };
        let options =
            key.then(|| CFDictionary::<CFString, CFBoolean>::from_slices(&[force], &[yes()]));
        let micros = i64::try_from(at.as_micros()).unwrap_or(i64::MAX);
        // SAFETY: the session has no callback, as a handler demands; it retains the picture and the
        // handler until the answer, and the handler holds nothing but the sender, which any thread
        // may use.
        let (time, status) = unsafe {
            let time = CMTime::new(micros, TIMESCALE);
            let status = self.session.encode_frame_with_output_handler(
                picture,
                time,
                kCMTimeInvalid,
                options.as_ref().map(|options| options.as_opaque()),
                ptr::null_mut(),
                RcBlock::as_ptr(&handler),
            );
            (time, status)
        };
        check("giving a picture to the encoder", status)?;
        if !self.prompt {
            // SAFETY: the session is alive; the handler does not call back into it.
            let status = unsafe { self.session.complete_frames(time) };
            check("flushing the encoder", status)?;
        }
        answer.recv_timeout(PATIENCE).unwrap_or(Err(Failure::Silent))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: invalidating ends the session whatever its state; only the reference is left.
        unsafe { self.session.invalidate() };
    }
}

fn read(status: i32, flags: VTEncodeInfoFlags, sample: Option<&CMSampleBuffer>) -> Answer {
    check("compressing the picture", status)?;
    if flags.contains(VTEncodeInfoFlags::FrameDropped) {
        return Ok(None);
    }
    let unit = sample.and_then(sample::read).and_then(|sample| sample.into_unit());
    unit.map(Some).ok_or(Failure::Malformed)
}

fn check(call: &'static str, status: i32) -> Result<(), Failure> {
    match status {
        0 => Ok(()),
        status => Err(Failure::Call(call, status)),
    }
}

fn yes() -> &'static CFBoolean {
    CFBoolean::new(true)
}

fn no() -> &'static CFBoolean {
    CFBoolean::new(false)
}

// What every platform tests are the numbers of these bindings.
const _: () = {
    assert!(status::INVALID_SESSION == vt::kVTInvalidSessionErr);
    assert!(status::ENCODER_MALFUNCTION == vt::kVTVideoEncoderMalfunctionErr);
    assert!(status::ENCODER_NOT_AVAILABLE_NOW == vt::kVTVideoEncoderNotAvailableNowErr);
    assert!(status::SESSION_MALFUNCTION == vt::kVTSessionMalfunctionErr);
    assert!(status::PARAMETER == vt::kVTParameterErr);
    assert!(status::COULD_NOT_CREATE_INSTANCE == vt::kVTCouldNotCreateInstanceErr);
    assert!(status::COULD_NOT_FIND_VIDEO_ENCODER == vt::kVTCouldNotFindVideoEncoderErr);
    assert!(status::ENCODER_AUTHORIZATION == vt::kVTVideoEncoderAuthorizationErr);
    assert!(status::ENCODER_NEEDS_ROSETTA == vt::kVTVideoEncoderNeedsRosettaErr);
    assert!(status::PROPERTY_NOT_SUPPORTED == vt::kVTPropertyNotSupportedErr);
    assert!(status::ALLOCATION_FAILED == vt::kVTAllocationFailedErr);
    assert!(status::PIXEL_TRANSFER_NOT_SUPPORTED == vt::kVTPixelTransferNotSupportedErr);
};
