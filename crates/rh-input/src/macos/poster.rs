//! The source that events come from, and the events.

#![expect(
    unsafe_code,
    reason = "an event source is sent between threads, and takes UTF-16 by pointer"
)]

use std::time::Duration;

use objc2_core_foundation::{CFRetained, CGPoint};
use objc2_core_graphics::{
    CGEvent, CGEventField, CGEventFlags, CGEventSource, CGEventSourceStateID, CGEventTapLocation,
    CGEventType, CGMouseButton, CGScrollEventUnit,
};
use rh_protocol::Button;

use crate::InputError;
use crate::quartz::flags::Flags;
use crate::quartz::{MARK, buttons};

/// `kCGAnyInputEventType`.
const ANY_INPUT: CGEventType = CGEventType(u32::MAX);

/// Posts events from a source of its own, each with the [`MARK`].
///
/// The source is private, as `CGEventSource.h` asks of remote control programs: what it holds down
/// is not mixed with what the sharer's hands do.
#[derive(Debug)]
pub(super) struct Poster(CFRetained<CGEventSource>);

// SAFETY: a CGEventSource is a Core Foundation object, whose count is atomic, and none of its
// functions is bound to a thread. It is not shared: every use is through the one owner.
unsafe impl Send for Poster {}

impl Poster {
    pub(super) fn new() -> Result<Self, InputError> {
        let source = CGEventSource::new(CGEventSourceStateID::Private).ok_or_else(|| {
            let detail = "macOS gives no event source; is anybody logged in?".to_owned();
            InputError::Unavailable { backend: "cgevent", detail }
        })?;
        // By default the machine's own devices would be deaf for a quarter of a second after each.
        CGEventSource::set_local_events_suppression_interval(Some(&source), 0.0);
        CGEventSource::set_user_data(Some(&source), MARK);
        Ok(Self(source))
    }

    /// How long the machine's own devices have done nothing.
    pub(super) fn idle(&self) -> Duration {
        let state = CGEventSourceStateID::HIDSystemState;
        let seconds = CGEventSource::seconds_since_last_event_type(state, ANY_INPUT);
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }

    /// Where the pointer is; `None` if macOS does not say, never a place made up.
    pub(super) fn pointer(&self) -> Option<(f64, f64)> {
        let now = CGEvent::new(Some(&self.0))?;
        let CGPoint { x, y } = CGEvent::location(Some(&now));
        Some((x, y))
    }

    /// The flags of the desktop, all of its keyboards together.
    pub(super) fn system_flags(&self) -> Flags {
        CGEventSource::flags_state(CGEventSourceStateID::CombinedSessionState).0
    }

    /// Moves the pointer, or drags with `button`, as `kind` says.
    pub(super) fn go(
        &self,
        kind: u32,
        button: u32,
        from: (f64, f64),
        to: (f64, f64),
        flags: Flags,
    ) -> Result<(), InputError> {
        let event = self.mouse(kind, button, to)?;
        // Programs that draw or look around read these rather than the place.
        set(&event, CGEventField::MouseEventDeltaX, (to.0 - from.0) as i64);
        set(&event, CGEventField::MouseEventDeltaY, (to.1 - from.1) as i64);
        post(&event, flags);
        Ok(())
    }

    pub(super) fn press(
        &self,
        button: Button,
        down: bool,
        at: (f64, f64),
        clicks: i64,
        flags: Flags,
    ) -> Result<(), InputError> {
        let event = self.mouse(buttons::pressing(button, down), buttons::number(button), at)?;
        set(&event, CGEventField::MouseEventClickState, clicks);
        post(&event, flags);
        Ok(())
    }

    pub(super) fn scroll(
        &self,
        up: i32,
        left: i32,
        at: (f64, f64),
        flags: Flags,
    ) -> Result<(), InputError> {
        let unit = CGScrollEventUnit::Pixel;
        let made = CGEvent::new_scroll_wheel_event2(Some(&self.0), unit, 2, up, left, 0);
        let event = made.ok_or_else(not_made)?;
        CGEvent::set_location(Some(&event), CGPoint { x: at.0, y: at.1 });
        set(&event, CGEventField::ScrollWheelEventIsContinuous, 1);
        post(&event, flags);
        Ok(())
    }

    pub(super) fn key(
        &self,
        code: u16,
        down: bool,
        modifies: bool,
        flags: Flags,
    ) -> Result<(), InputError> {
        let made = CGEvent::new_keyboard_event(Some(&self.0), code, down);
        let event = made.ok_or_else(not_made)?;
        if modifies {
            CGEvent::set_type(Some(&event), CGEventType::FlagsChanged);
        }
        post(&event, flags);
        Ok(())
    }

    /// Enters `units`, at most [`UNITS`](crate::quartz::text::UNITS), by a key that means nothing.
    pub(super) fn write(&self, units: &[u16], flags: Flags) -> Result<(), InputError> {
        for down in [true, false] {
            let made = CGEvent::new_keyboard_event(Some(&self.0), 0, down);
            let event = made.ok_or_else(not_made)?;
            // SAFETY: the pointer is to as many units as the length says, and they are copied.
            unsafe {
                CGEvent::keyboard_set_unicode_string(
                    Some(&event),
                    units.len() as _,
                    units.as_ptr(),
                );
            }
            post(&event, flags);
        }
        Ok(())
    }

    fn mouse(
        &self,
        kind: u32,
        button: u32,
        at: (f64, f64),
    ) -> Result<CFRetained<CGEvent>, InputError> {
        let at = CGPoint { x: at.0, y: at.1 };
        let (kind, named) = (CGEventType(kind), CGMouseButton(button));
        let made = CGEvent::new_mouse_event(Some(&self.0), kind, at, named);
        let event = made.ok_or_else(not_made)?;
        set(&event, CGEventField::MouseEventButtonNumber, i64::from(button));
        Ok(event)
    }
}

fn set(event: &CGEvent, field: CGEventField, value: i64) {
    CGEvent::set_integer_value_field(Some(event), field, value);
}

fn post(event: &CGEvent, flags: Flags) {
    CGEvent::set_flags(Some(event), CGEventFlags(flags));
    set(event, CGEventField::EventSourceUserData, MARK);
    CGEvent::post(CGEventTapLocation::HIDEventTap, Some(event));
}

fn not_made() -> InputError {
    let detail = "macOS makes no event".to_owned();
    InputError::Platform { context: "making an event", detail }
}
