//! What the stream calls: with a frame, or with its end.
#![expect(unsafe_code, reason = "an Objective-C class, and attachments of untyped objects")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use objc2::rc::Retained;
use objc2::runtime::{AnyObject, NSObject, NSObjectProtocol};
use objc2::{AllocAnyThread, DefinedClass, define_class, msg_send};
use objc2_core_foundation::{CFDictionary, CFRetained, CGRect};
use objc2_core_graphics::CGRectMakeWithDictionaryRepresentation;
use objc2_core_media::CMSampleBuffer;
use objc2_foundation::{NSArray, NSDictionary, NSError, NSNumber, NSString, NSValue};
use objc2_screen_capture_kit::{
    SCStream, SCStreamDelegate, SCStreamFrameInfoDirtyRects, SCStreamFrameInfoStatus,
    SCStreamOutput, SCStreamOutputType,
};
use rh_protocol::DisplayId;

use super::buffer::PixelBuffer;
use super::content::refused;
use crate::apple::attachment::{DirtyRects, FloatRect, Status};
use crate::apple::slot::{Picture, Slot};

/// What a frame needs on its way into the slot.
#[derive(Debug)]
pub(super) struct Inlet {
    pub(super) slot: Arc<Slot<PixelBuffer>>,
    pub(super) display: DisplayId,
    pub(super) opened: Instant,
    /// Pixels a point, which a change of mode changes.
    pub(super) scale: Mutex<f64>,
    pub(super) dirty: Mutex<DirtyRects>,
}

define_class!(
    // SAFETY: NSObject may be subclassed without conditions, and this class has no Drop of its own.
    #[unsafe(super(NSObject))]
    #[name = "RHStreamOutput"]
    #[ivars = Arc<Inlet>]
    #[derive(Debug)]
    pub(super) struct Output;

    // SAFETY: NSObject keeps that protocol.
    unsafe impl NSObjectProtocol for Output {}

    // SAFETY: the method's types are those of the header `SCStream.h`.
    unsafe impl SCStreamOutput for Output {
        #[unsafe(method(stream:didOutputSampleBuffer:ofType:))]
        unsafe fn did_output(&self, _: &SCStream, sample: &CMSampleBuffer, kind: SCStreamOutputType) {
            if kind == SCStreamOutputType::Screen
                && let Some(picture) = picture(sample, self.ivars())
            {
                self.ivars().slot.put(picture);
            }
        }
    }

    // SAFETY: the method's types are those of the header `SCStream.h`.
    unsafe impl SCStreamDelegate for Output {
        #[unsafe(method(stream:didStopWithError:))]
        unsafe fn did_stop(&self, _: &SCStream, error: &NSError) {
            let inlet = self.ivars();
            inlet.slot.end(refused(Some(error), inlet.display, "capture the screen"));
        }
    }
);

impl Output {
    pub(super) fn new(inlet: Arc<Inlet>) -> Retained<Self> {
        let this = Self::alloc().set_ivars(inlet);
        // SAFETY: NSObject's init takes nothing and returns the object.
        unsafe { msg_send![super(this), init] }
    }
}

/// The picture of a complete frame.
fn picture(sample: &CMSampleBuffer, inlet: &Inlet) -> Option<Picture<PixelBuffer>> {
    let info = attachments(sample)?;
    // SAFETY: the constants are as old as the framework.
    let (status, dirty) = unsafe { (SCStreamFrameInfoStatus, SCStreamFrameInfoDirtyRects) };
    let status = info.objectForKey(status);
    let status = status.and_then(|status| Some(status.downcast_ref::<NSNumber>()?.integerValue()));
    if Status::of(status) != Status::Complete {
        return None;
    }
    // SAFETY: the sample is alive during the call, and what is lent (the Get rule) is retained.
    let pixels = PixelBuffer::new(unsafe { sample.image_buffer() }?);
    let dirty = info.objectForKey(dirty).and_then(|dirty| dirty.downcast::<NSArray>().ok());
    let dirty: Option<Vec<_>> =
        dirty.map(|dirty| dirty.iter().map(|rect| float_rect(&rect)).collect());
    let size = pixels.size();
    let scale = *inlet.scale.lock().unwrap_or_else(PoisonError::into_inner);
    let mut units = inlet.dirty.lock().unwrap_or_else(PoisonError::into_inner);
    let damage = units.damage(dirty.as_deref(), scale, size);
    Some(Picture { size, damage, at: inlet.opened.elapsed(), pixels })
}

/// What is attached to the first (and only) sample.
fn attachments(sample: &CMSampleBuffer) -> Option<Retained<NSDictionary<NSString, AnyObject>>> {
    // SAFETY: the sample is alive during the call; what is lent (the Get rule) is retained.
    let array = unsafe { sample.sample_attachments_array(false) }?;
    let array = CFRetained::as_ptr(&array).cast::<NSArray<NSDictionary<NSString, AnyObject>>>();
    // SAFETY: CFArray and CFDictionary are toll-free bridged with NSArray and NSDictionary, every
    // sample's attachments are a dictionary with strings for keys, and the array is retained above.
    unsafe { array.as_ref() }.firstObject()
}

/// A rectangle, attached as an `NSValue` (so the header says) or as the dictionary that
/// `CGRectCreateDictionaryRepresentation` makes (so other programs found it).
fn float_rect(object: &AnyObject) -> Option<FloatRect> {
    let rect = if let Some(dictionary) = object.downcast_ref::<NSDictionary>() {
        let dictionary = std::ptr::from_ref(dictionary).cast::<CFDictionary>();
        let mut rect = CGRect::ZERO;
        // SAFETY: CFDictionary is toll-free bridged with NSDictionary, and `rect` is a live variable.
        let is_rect =
            unsafe { CGRectMakeWithDictionaryRepresentation(Some(&*dictionary), &raw mut rect) };
        is_rect.then_some(rect)
    } else {
        object.downcast_ref::<NSValue>().and_then(NSValue::get_rect)
    }?;
    Some([rect.origin.x, rect.origin.y, rect.size.width, rect.size.height])
}
