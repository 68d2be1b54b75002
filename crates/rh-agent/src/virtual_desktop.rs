//! The desktop in memory, for machines without a display: pictures and input of one and the same.

use rh_capture::mock::VirtualDesktop;
use rh_capture::{CaptureError, Screen};
use rh_input::{Injector, InputError, Stroke};
use rh_protocol::{Display, DisplayId};

use crate::sources::{InputSource, ScreenSource};

/// A [`VirtualDesktop`] as the source of an agent's screens and input; clones share it.
#[derive(Clone, Debug, Default)]
pub struct VirtualSources(pub VirtualDesktop);

impl ScreenSource for VirtualSources {
    fn displays(&self) -> Result<Vec<Display>, CaptureError> {
        Ok(vec![VirtualDesktop::display()])
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        Ok(Box::new(self.0.open(display)?))
    }
}

impl InputSource for VirtualSources {
    fn open(&self) -> Result<Box<dyn Injector>, InputError> {
        Ok(Box::new(Hands(self.0.clone())))
    }
}

struct Hands(VirtualDesktop);

impl Injector for Hands {
    fn inject(&mut self, stroke: &Stroke) -> Result<(), InputError> {
        match *stroke {
            Stroke::Move { x, y } => self.0.point(x, y),
            Stroke::Button { button, down } => self.0.button(button, down),
            Stroke::Scroll { dx, dy } => self.0.scroll(dx, dy),
            Stroke::Key { key, down } => self.0.key(key, down),
            Stroke::Text(ref text) => self.0.text(text),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rh_protocol::Key;

    use super::*;

    #[test]
    fn what_is_injected_shows_in_the_picture() {
        let sources = VirtualSources(VirtualDesktop::with_held_clock());
        let mut screen = ScreenSource::open(&sources, VirtualDesktop::display().id).unwrap();
        let mut hands = InputSource::open(&sources).unwrap();
        assert!(screen.next(Duration::from_secs(1)).unwrap().is_some());
        assert!(screen.next(Duration::ZERO).unwrap().is_none());

        hands.inject(&Stroke::Text("héllo".to_owned())).unwrap();
        hands.inject(&Stroke::Key { key: Key::Backspace, down: true }).unwrap();
        hands.inject(&Stroke::Key { key: Key::Backspace, down: false }).unwrap();

        assert_eq!(sources.0.typed(), "héll");
        assert!(screen.next(Duration::from_secs(1)).unwrap().is_some());
    }
}
