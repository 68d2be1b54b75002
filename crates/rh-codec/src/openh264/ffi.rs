//! The C side of openh264 behind a safe type; nothing is decided here.
#![expect(unsafe_code, reason = "openh264 is a C++ library behind a table of C functions")]

use std::ffi::{c_int, c_void};
use std::fmt;
use std::ptr::{NonNull, null_mut};
use std::time::Duration;

use openh264_sys2 as sys;
use openh264_sys2::API as _;

use crate::{EncodeError, Picture};

/// How openh264 is to look at the pictures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Usage {
    /// `SCREEN_CONTENT_REAL_TIME`
    Screen,
    /// `CAMERA_VIDEO_REAL_TIME`
    Camera,
}

/// What is fixed for the life of a [`Codec`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameters {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) frames_per_second: f32,
    pub(super) threads: u16,
    pub(super) usage: Usage,
    pub(super) background_detection: bool,
}

/// One openh264 encoder: one layer, constrained baseline, no rate control of its own.
pub(super) struct Codec {
    raw: NonNull<sys::ISVCEncoder>,
    parameters: Box<sys::SEncParamExt>,
    output: Box<sys::SFrameBSInfo>,
}

// SAFETY: openh264 ties nothing to the thread that made it, and `Codec` is the only owner.
unsafe impl Send for Codec {}

/// Calls one entry of the function table, as the C macros of openh264 do.
macro_rules! call {
    ($codec:expr, $function:ident $(, $argument:expr)*) => {{
        // SAFETY: `raw` lives until `drop`, and its table is filled in by WelsCreateSVCEncoder; the
        // arguments are of the types that codec_api.h names for this function and outlive the call.
        unsafe {
            let raw = $codec.raw.as_mut();
            let function = (**raw).$function.expect("openh264 fills in its whole table");
            function(raw, $($argument),*)
        }
    }};
}

impl Codec {
    /// Makes an encoder with quantiser `qp`, the lowest that will be asked for: openh264 sizes its
    /// buffers by it.
    pub(super) fn open(wanted: Parameters, qp: u8) -> Result<Self, EncodeError> {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        crate::memory::give_back_large_buffers();
        let mut raw = null_mut();
        // SAFETY: the pointer is valid for writing; openh264 stores the new encoder in it.
        let status = unsafe { sys::source::APILoader::new().WelsCreateSVCEncoder(&raw mut raw) };
        check("creating an encoder", status)?;
        let Some(raw) = NonNull::new(raw) else {
            return Err(failed("creating an encoder", "no memory".into()));
        };
        let mut codec = Self { raw, parameters: Box::default(), output: Box::default() };
        codec.set(sys::ENCODER_OPTION_TRACE_LEVEL, &mut (sys::WELS_LOG_QUIET as c_int))?;
        let parameters: *mut sys::SEncParamExt = &raw mut *codec.parameters;
        check("reading the defaults", call!(codec, GetDefaultParams, parameters))?;
        fill(&mut codec.parameters, wanted, qp);
        check("setting up", call!(codec, InitializeExt, parameters))?;
        codec.set(sys::ENCODER_OPTION_DATAFORMAT, &mut (sys::videoFormatI420 as c_int))?;
        Ok(codec)
    }

    /// Quantises with `qp` (0 to 51) from the next picture on; makes no key frame.
    pub(super) fn set_qp(&mut self, qp: u8) -> Result<(), EncodeError> {
        self.parameters.sSpatialLayers[0].iDLayerQp = qp.into();
        let mut parameters = self.parameters.clone();
        self.set(sys::ENCODER_OPTION_SVC_ENCODE_PARAM_EXT, &mut *parameters)
    }

    /// Makes the next picture an IDR picture.
    pub(super) fn force_key(&mut self) -> Result<(), EncodeError> {
        check("asking for a key frame", call!(self, ForceIntraFrame, true))
    }

    /// Appends one access unit to `stream`; returns whether it is an IDR picture. `picture` must be
    /// of the size that the codec was opened with.
    pub(super) fn encode(
        &mut self,
        picture: &Picture,
        at: Duration,
        stream: &mut Vec<u8>,
    ) -> Result<bool, EncodeError> {
        let source = lend(picture);
        let layer = &self.parameters.sSpatialLayers[0];
        assert!(source.iPicWidth == layer.iVideoWidth && source.iPicHeight == layer.iVideoHeight);
        let source = sys::SSourcePicture { uiTimeStamp: at.as_millis() as i64, ..source };
        let output: *mut sys::SFrameBSInfo = &raw mut *self.output;
        check("encoding", call!(self, EncodeFrame, &raw const source, output))?;
        for layer in &self.output.sLayerInfo[..self.output.iLayerNum as usize] {
            // SAFETY: openh264 reports `iNalCount` lengths at `pNalLengthInByte`, whose sum is what
            // lies at `pBsBuf`; both stay until the next call.
            let bytes = unsafe {
                let count = layer.iNalCount as usize;
                let lengths = std::slice::from_raw_parts(layer.pNalLengthInByte, count);
                let length = lengths.iter().map(|length| *length as usize).sum();
                std::slice::from_raw_parts(layer.pBsBuf, length)
            };
            stream.extend_from_slice(bytes);
        }
        Ok(self.output.eFrameType == sys::videoFrameTypeIDR)
    }

    fn set<T>(&mut self, option: sys::ENCODER_OPTION, value: &mut T) -> Result<(), EncodeError> {
        check(
            "setting an option",
            call!(self, SetOption, option, (&raw mut *value).cast::<c_void>()),
        )
    }
}

impl Drop for Codec {
    fn drop(&mut self) {
        call!(self, Uninitialize);
        // SAFETY: made by WelsCreateSVCEncoder, and not used hereafter.
        unsafe { sys::source::APILoader::new().WelsDestroySVCEncoder(self.raw.as_ptr()) }
    }
}

impl fmt::Debug for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codec").finish_non_exhaustive()
    }
}

fn fill(to: &mut sys::SEncParamExt, wanted: Parameters, qp: u8) {
    to.iUsageType = match wanted.usage {
        Usage::Screen => sys::SCREEN_CONTENT_REAL_TIME,
        Usage::Camera => sys::CAMERA_VIDEO_REAL_TIME,
    };
    to.iPicWidth = wanted.width;
    to.iPicHeight = wanted.height;
    to.fMaxFrameRate = wanted.frames_per_second;
    to.iRCMode = sys::RC_OFF_MODE;
    to.bEnableFrameSkip = false;
    to.iTemporalLayerNum = 1;
    to.iSpatialLayerNum = 1;
    to.iComplexityMode = sys::LOW_COMPLEXITY;
    to.uiIntraPeriod = 0;
    to.iNumRefFrame = 1;
    to.eSpsPpsIdStrategy = sys::CONSTANT_ID;
    to.iEntropyCodingModeFlag = 0;
    to.iMultipleThreadIdc = wanted.threads;
    to.bEnableDenoise = false;
    to.bEnableBackgroundDetection = wanted.background_detection;
    to.bEnableAdaptiveQuant = false;
    to.bEnableSceneChangeDetect = wanted.usage == Usage::Screen;
    to.bEnableLongTermReference = false;
    // Offsets are halved: the filter acts as if the quantiser were 12 lower (see the module above).
    to.iLoopFilterAlphaC0Offset = -6;
    to.iLoopFilterBetaOffset = -6;
    fill_layer(&mut to.sSpatialLayers[0], wanted, qp);
}

fn fill_layer(layer: &mut sys::SSpatialLayerConfig, wanted: Parameters, qp: u8) {
    layer.iVideoWidth = wanted.width;
    layer.iVideoHeight = wanted.height;
    layer.fFrameRate = wanted.frames_per_second;
    layer.uiProfileIdc = sys::PRO_BASELINE;
    layer.iDLayerQp = qp.into();
    // A slice per thread: openh264 shares out nothing smaller.
    layer.sSliceArgument.uiSliceMode = match wanted.threads {
        1 => sys::SM_SINGLE_SLICE,
        _ => sys::SM_FIXEDSLCNUM_SLICE,
    };
    layer.sSliceArgument.uiSliceNum = wanted.threads.into();
    // ITU-T H.264, annex E: video of no particular format, BT.709 throughout, limited range.
    layer.bVideoSignalTypePresent = true;
    layer.uiVideoFormat = 5;
    layer.bFullRange = false;
    layer.bColorDescriptionPresent = true;
    layer.uiColorPrimaries = 1;
    layer.uiTransferCharacteristics = 1;
    layer.uiColorMatrix = 1;
}

/// openh264 takes mutable pointers but only reads (`WelsEncoderEncodeExt` copies the picture).
fn lend(picture: &Picture) -> sys::SSourcePicture {
    let (width, height) = (picture.coded().width as i32, picture.coded().height as i32);
    let planes = [picture.y(), picture.u(), picture.v()];
    sys::SSourcePicture {
        iColorFormat: sys::videoFormatI420 as c_int,
        iStride: [width, width / 2, width / 2, 0],
        pData: [planes[0], planes[1], planes[2], &[]].map(|plane| plane.as_ptr().cast_mut()),
        iPicWidth: width,
        iPicHeight: height,
        ..Default::default()
    }
}

fn check(context: &'static str, status: c_int) -> Result<(), EncodeError> {
    match status {
        0 => Ok(()),
        code => Err(failed(context, format!("openh264 says {code}"))),
    }
}

fn failed(context: &'static str, detail: String) -> EncodeError {
    EncodeError::Codec { context, detail }
}
