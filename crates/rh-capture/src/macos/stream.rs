//! The stream of pictures: started, changed, and stopped with its owner.
#![expect(unsafe_code, reason = "ScreenCaptureKit is an Objective-C interface")]

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use block2::RcBlock;
use dispatch2::{DispatchQoS, DispatchQueue, DispatchQueueAttr};
use objc2::AllocAnyThread as _;
use objc2::rc::Retained;
use objc2::runtime::ProtocolObject;
use objc2_core_graphics::{kCGColorSpaceSRGB, kCGDisplayStreamYCbCrMatrix_ITU_R_709_2};
use objc2_core_media::CMTime;
use objc2_core_video::{
    kCVPixelFormatType_32BGRA, kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange,
};
use objc2_foundation::NSError;
use objc2_screen_capture_kit::{
    SCContentFilter, SCStream, SCStreamConfiguration, SCStreamOutputType,
};

use super::content::refused;
use super::output::{Inlet, Output};
use super::{Format, ScreenCapture};
use crate::{CaptureError, Size};

/// Surfaces in circulation: one written, one in the slot, one lent, two within the encoder.
const QUEUE_DEPTH: isize = 5;

/// The capture indicator must be gone within a second of the end (B-15).
const STOP: Duration = Duration::from_secs(1);

/// How long the system may take to start.
const START: Duration = Duration::from_secs(5);

/// A running stream; dropping it stops it.
pub(super) struct Stream {
    stream: Retained<SCStream>,
    output: Retained<Output>,
}

// SAFETY: one thread at a time has it; SCStream's methods hand their work to a queue of its own and
// may be called from any thread, and Objective-C's reference counts are atomic.
unsafe impl Send for Stream {}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

impl Stream {
    /// Starts to deliver into `inlet` what `filter` shows.
    pub(super) fn start(
        filter: &SCContentFilter,
        settings: &ScreenCapture,
        size: Size,
        inlet: &Arc<Inlet>,
    ) -> Result<Self, CaptureError> {
        let output = Output::new(Arc::clone(inlet));
        let delegate = ProtocolObject::from_ref(&*output);
        let configuration = configuration(settings, size);
        // SAFETY: a designated initialiser; the stream holds its delegate weakly, and `Self` keeps
        // it alive longer than the stream.
        let stream = unsafe {
            SCStream::initWithFilter_configuration_delegate(
                SCStream::alloc(),
                filter,
                &configuration,
                Some(delegate),
            )
        };
        let this = Self { stream, output };
        this.connect(inlet)?;
        let (handler, done) = completion();
        // SAFETY: the handler is copied, and safe to call from any thread.
        unsafe { this.stream.startCaptureWithCompletionHandler(Some(&handler)) };
        match done.recv_timeout(START) {
            Ok(None) => Ok(this),
            Ok(Some(Failure(error))) => {
                Err(refused(Some(&error), inlet.display, "start to capture"))
            }
            Err(_) => Err(refused(None, inlet.display, "start to capture")),
        }
    }

    /// Has frames delivered one after another on a queue of their own.
    fn connect(&self, inlet: &Inlet) -> Result<(), CaptureError> {
        let quality = DispatchQoS::UserInteractive;
        let serial = DispatchQueueAttr::with_qos_class(DispatchQueueAttr::SERIAL, quality, 0);
        let queue = DispatchQueue::new("remote-help.capture", Some(&serial));
        // SAFETY: the stream retains output and queue; the queue is serial, as the output expects.
        let added = unsafe {
            self.stream.addStreamOutput_type_sampleHandlerQueue_error(
                ProtocolObject::from_ref(&*self.output),
                SCStreamOutputType::Screen,
                Some(&queue),
            )
        };
        added.map_err(|error| refused(Some(&error), inlet.display, "receive the frames"))
    }

    /// Goes on with pictures of another extent; a failure shows by frames of the old one.
    pub(super) fn resize(&self, settings: &ScreenCapture, size: Size) {
        let configuration = configuration(settings, size);
        // SAFETY: the object is not changed after the call.
        unsafe { self.stream.updateConfiguration_completionHandler(&configuration, None) };
    }

    /// Goes on with another filter; what came of it is sent, since privacy hangs on it.
    pub(super) fn refilter(&self, filter: &SCContentFilter) -> Receiver<Option<Failure>> {
        let (handler, done) = completion();
        // SAFETY: the handler is copied, and safe to call from any thread.
        unsafe { self.stream.updateContentFilter_completionHandler(filter, Some(&handler)) };
        done
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let (handler, done) = completion();
        // SAFETY: the output was added to this stream (or not, which is an error without
        // consequences); the handler is copied, and safe to call from any thread.
        unsafe {
            let output = ProtocolObject::from_ref(&*self.output);
            drop(self.stream.removeStreamOutput_type_error(output, SCStreamOutputType::Screen));
            self.stream.stopCaptureWithCompletionHandler(Some(&handler));
        }
        // A stream that had ended by itself answers with an error: it is stopped all the same.
        drop(done.recv_timeout(STOP));
    }
}

/// What the system said when it did not do as asked.
pub(super) struct Failure(pub(super) Retained<NSError>);

// SAFETY: NSError is immutable, and Objective-C's reference counts are atomic.
unsafe impl Send for Failure {}

type Completion = RcBlock<dyn Fn(*mut NSError)>;

/// A completion handler, and where its answer arrives: `None` is success.
fn completion() -> (Completion, Receiver<Option<Failure>>) {
    let (answer, answered) = mpsc::sync_channel(1);
    let handler = RcBlock::new(move |error: *mut NSError| {
        // SAFETY: the handler is given a valid object or null (the Get rule: it is retained here).
        let error = unsafe { Retained::retain(error) };
        drop(answer.try_send(error.map(Failure)));
    });
    (handler, answered)
}

fn configuration(settings: &ScreenCapture, size: Size) -> Retained<SCStreamConfiguration> {
    // SAFETY: setters of macOS 12.3 on an object that nobody else has yet. Sound is off unless asked
    // for.
    unsafe {
        let configuration = SCStreamConfiguration::new();
        configuration.setWidth(size.width as usize);
        configuration.setHeight(size.height as usize);
        configuration.setMinimumFrameInterval(CMTime::new(1, settings.frames_per_second));
        configuration.setQueueDepth(QUEUE_DEPTH);
        configuration.setShowsCursor(false);
        configuration.setScalesToFit(false);
        configuration.setColorSpaceName(kCGColorSpaceSRGB);
        match settings.format {
            Format::Bgra => configuration.setPixelFormat(kCVPixelFormatType_32BGRA),
            Format::Video => {
                configuration.setPixelFormat(kCVPixelFormatType_420YpCbCr8BiPlanarVideoRange);
                configuration.setColorMatrix(kCGDisplayStreamYCbCrMatrix_ITU_R_709_2);
            }
        }
        configuration
    }
}
