//! What can be captured, and the filter that leaves some of it out.
#![expect(unsafe_code, reason = "ScreenCaptureKit is an Objective-C interface")]

use std::sync::mpsc::{self, Receiver};

use block2::RcBlock;
use objc2::AllocAnyThread as _;
use objc2::rc::Retained;
use objc2_foundation::{NSArray, NSError};
use objc2_screen_capture_kit::{
    SCContentFilter, SCRunningApplication, SCShareableContent, SCStreamErrorDomain,
};
use rh_protocol::DisplayId;

use super::displays;
use crate::CaptureError;
use crate::apple::exclusion::{App, Exclusions};
use crate::apple::stop::Stop;

/// The displays and applications there were when it was asked for.
pub(super) struct Content(Retained<SCShareableContent>);

// SAFETY: SCShareableContent is a snapshot that nobody changes, made to be handed from the thread of
// the completion handler to another; Objective-C's reference counts are atomic.
unsafe impl Send for Content {}

/// Asks for the content; the answer comes on a thread of the system's.
pub(super) fn request(display: DisplayId) -> Receiver<Result<Content, CaptureError>> {
    let (answer, answered) = mpsc::sync_channel(1);
    let handler = RcBlock::new(move |content: *mut SCShareableContent, error: *mut NSError| {
        // SAFETY: the handler is given valid objects or null (the Get rule: they are retained here).
        let (content, error) = unsafe { (Retained::retain(content), error.as_ref()) };
        let content = content.map(Content);
        drop(answer.try_send(content.ok_or_else(|| refused(error, display, "list the screens"))));
    });
    // SAFETY: the class method copies the handler, which is safe to call from any thread.
    unsafe {
        SCShareableContent::getShareableContentExcludingDesktopWindows_onScreenWindowsOnly_completionHandler(
            false, false, &handler,
        );
    }
    answered
}

/// What an error of the system's means for the caller.
pub(super) fn refused(
    error: Option<&NSError>,
    display: DisplayId,
    context: &'static str,
) -> CaptureError {
    // SAFETY: the constant is as old as the framework.
    let domain = unsafe { SCStreamErrorDomain };
    let ours = error.filter(|error| *error.domain() == *domain);
    let (present, asleep) = displays::presence(display);
    let text = error.map(|error| error.localizedDescription().to_string()).unwrap_or_default();
    let code = ours.map(|error| error.code());
    Stop { code, text, display, present, asleep }.error(context)
}

impl Content {
    /// The applications that have windows, shown or not.
    pub(super) fn apps(&self) -> Vec<App> {
        // SAFETY: plain getters of a snapshot.
        unsafe { self.0.applications() }.iter().map(|app| described(&app)).collect()
    }

    /// The filter that shows all of `display` but what is left out.
    pub(super) fn filter(
        &self,
        display: DisplayId,
        exclusions: &Exclusions,
    ) -> Result<Retained<SCContentFilter>, CaptureError> {
        // SAFETY: plain getters of a snapshot.
        let displays = unsafe { self.0.displays() };
        // SAFETY: as above.
        let found = displays.iter().find(|found| unsafe { found.displayID() } == display.0);
        let found = found.ok_or(CaptureError::NoDisplay(display))?;
        // SAFETY: as above.
        let apps = unsafe { self.0.applications() };
        let left_out = apps.iter().filter(|app| exclusions.leaves_out(described(app).pid));
        let left_out = NSArray::from_retained_slice(&left_out.collect::<Vec<_>>());
        // SAFETY: a designated initialiser, with objects of one snapshot.
        Ok(unsafe {
            SCContentFilter::initWithDisplay_excludingApplications_exceptingWindows(
                SCContentFilter::alloc(),
                &found,
                &left_out,
                &NSArray::new(),
            )
        })
    }
}

fn described(app: &SCRunningApplication) -> App {
    // SAFETY: plain getters of a snapshot.
    let (pid, bundle) = unsafe { (app.processID(), app.bundleIdentifier()) };
    App { pid, bundle: bundle.to_string() }
}
