//! The system's own picker: the person chooses a display in a window of macOS itself.
//!
//! What was picked may be captured without the Screen Recording permission and without the alert
//! that macOS 15 repeats every month. It shows all there is: applications cannot be left out of it.
#![expect(unsafe_code, reason = "ScreenCaptureKit is an Objective-C interface")]

use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::time::Duration;

use objc2::rc::Retained;
use objc2::runtime::{NSObject, NSObjectProtocol, ProtocolObject};
use objc2::{AllocAnyThread, DefinedClass, available, define_class, msg_send};
use objc2_foundation::NSError;
use objc2_screen_capture_kit::{
    SCContentFilter, SCContentSharingPicker, SCContentSharingPickerConfiguration,
    SCContentSharingPickerMode, SCContentSharingPickerObserver, SCShareableContentStyle, SCStream,
};
use rh_protocol::DisplayId;

use super::displays;
use crate::CaptureError;
use crate::apple::arrangement::covered;

/// A display that the person picked, and their leave to capture it.
#[derive(Debug)]
pub struct Picked {
    display: DisplayId,
    filter: Retained<SCContentFilter>,
}

// SAFETY: SCContentFilter is immutable once it was made but for properties that nobody here sets,
// and Objective-C's reference counts are atomic.
unsafe impl Send for Picked {}

impl Picked {
    /// The display.
    pub fn display(&self) -> DisplayId {
        self.display
    }

    pub(super) fn filter(&self) -> &SCContentFilter {
        &self.filter
    }
}

/// Shows the system's picker and waits for the person's choice; not for the main thread, whose run
/// loop must run.
///
/// # Errors
///
/// [`CaptureError::Unavailable`] before macOS 14, [`CaptureError::Denied`] if they cancel or do not
/// choose within `patience`, [`CaptureError::Platform`] if the picker does not start.
pub fn pick(patience: Duration) -> Result<Picked, CaptureError> {
    if !available!(macos = 14.0) {
        return Err(unavailable("the system's picker is there since macOS 14"));
    }
    let (answer, answered) = mpsc::sync_channel(1);
    let observer = Observer::new(answer);
    let observing = ProtocolObject::from_ref(&*observer);
    // SAFETY: the class is there, as asked above; the picker holds its observer until it is removed.
    let picker = unsafe {
        let picker = SCContentSharingPicker::sharedPicker();
        let configuration = SCContentSharingPickerConfiguration::new();
        configuration.setAllowedPickerModes(SCContentSharingPickerMode::SingleDisplay);
        configuration.setAllowsChangingSelectedContent(false);
        picker.setDefaultConfiguration(&configuration);
        picker.addObserver(observing);
        picker.setActive(true);
        picker.presentPickerUsingContentStyle(SCShareableContentStyle::Display);
        picker
    };
    let picked = answered.recv_timeout(patience);
    // SAFETY: as above; the observer was added.
    unsafe {
        picker.setActive(false);
        picker.removeObserver(observing);
    }
    match picked {
        Ok(Answer::Picked(Filter(filter))) => {
            Ok(Picked { display: picked_display(&filter)?, filter })
        }
        Ok(Answer::Failed(error)) => Err(error),
        Ok(Answer::Cancelled) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            Err(CaptureError::Denied)
        }
    }
}

/// The display that a picked filter shows. Needs macOS 14.0.
fn picked_display(filter: &SCContentFilter) -> Result<DisplayId, CaptureError> {
    // SAFETY: a plain getter, of the version that the caller asked for.
    let rect = unsafe { filter.contentRect() };
    let area = [rect.origin.x, rect.origin.y, rect.size.width, rect.size.height];
    let found = covered(&displays::list()?, area);
    found.ok_or_else(|| CaptureError::Platform {
        context: "find the picked display",
        detail: format!("no display is at {area:?}"),
    })
}

fn unavailable(detail: &str) -> CaptureError {
    CaptureError::Unavailable { backend: "ScreenCaptureKit", detail: detail.to_owned() }
}

/// What the person did.
enum Answer {
    Picked(Filter),
    Cancelled,
    Failed(CaptureError),
}

struct Filter(Retained<SCContentFilter>);

// SAFETY: as for `Picked`.
unsafe impl Send for Filter {}

define_class!(
    // SAFETY: NSObject may be subclassed without conditions, and this class has no Drop of its own.
    #[unsafe(super(NSObject))]
    #[name = "RHPickerObserver"]
    #[ivars = SyncSender<Answer>]
    #[derive(Debug)]
    struct Observer;

    // SAFETY: NSObject keeps that protocol.
    unsafe impl NSObjectProtocol for Observer {}

    // SAFETY: the methods' types are those of the header `SCContentSharingPicker.h`.
    unsafe impl SCContentSharingPickerObserver for Observer {
        /// Needs macOS 14.0.
        #[unsafe(method(contentSharingPicker:didCancelForStream:))]
        unsafe fn did_cancel(&self, _: &SCContentSharingPicker, _: Option<&SCStream>) {
            self.tell(Answer::Cancelled);
        }

        /// Needs macOS 14.0.
        #[unsafe(method(contentSharingPicker:didUpdateWithFilter:forStream:))]
        unsafe fn did_update(
            &self,
            _: &SCContentSharingPicker,
            filter: &SCContentFilter,
            _: Option<&SCStream>,
        ) {
            // The Get rule: the filter is lent.
            let filter = objc2::Message::retain(filter);
            self.tell(Answer::Picked(Filter(filter)));
        }

        #[unsafe(method(contentSharingPickerStartDidFailWithError:))]
        unsafe fn did_fail(&self, error: &NSError) {
            let detail = error.localizedDescription().to_string();
            self.tell(Answer::Failed(CaptureError::Platform { context: "show the picker", detail }));
        }
    }
);

impl Observer {
    fn new(answer: SyncSender<Answer>) -> Retained<Self> {
        let this = Self::alloc().set_ivars(answer);
        // SAFETY: NSObject's init takes nothing and returns the object.
        unsafe { msg_send![super(this), init] }
    }

    /// Passes the first answer on; the picker may say more.
    fn tell(&self, answer: Answer) {
        drop(self.ivars().try_send(answer));
    }
}
