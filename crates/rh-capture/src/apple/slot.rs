//! The newest picture, handed from the thread that delivers to the one that asks.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::merge::merge;
use crate::{CaptureError, Rect, Size};

/// A picture with all that is said of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture<P> {
    pub(crate) size: Size,
    /// Never empty.
    pub(crate) damage: Vec<Rect>,
    pub(crate) at: Duration,
    pub(crate) pixels: P,
}

/// Room for one picture: a newer one takes the place of one that nobody fetched, and inherits its
/// damage, so that a slow encoder skips pictures but no change.
#[derive(Debug)]
pub(crate) struct Slot<P> {
    state: Mutex<State<P>>,
    filled: Condvar,
}

#[derive(Debug)]
struct State<P> {
    newest: Option<Picture<P>>,
    /// The extent of the last picture that came; `None` before the first.
    size: Option<Size>,
    ended: Option<CaptureError>,
}

impl<P> Default for Slot<P> {
    fn default() -> Self {
        let state = State { newest: None, size: None, ended: None };
        Self { state: Mutex::new(state), filled: Condvar::new() }
    }
}

impl<P> Slot<P> {
    /// Takes in a picture. One without damage is no news, unless it is the first of its extent: that
    /// is all damage.
    pub(crate) fn put(&self, mut picture: Picture<P>) {
        let mut state = self.state();
        if state.size == Some(picture.size) {
            if let Some(missed) = state.newest.take() {
                picture.damage.extend(missed.damage);
            }
            merge(&mut picture.damage);
        } else {
            picture.damage = vec![Rect::whole(picture.size)];
        }
        state.size = Some(picture.size);
        if !picture.damage.is_empty() {
            state.newest = Some(picture);
            self.filled.notify_one();
        }
    }

    /// Says why no more will come; the first reason stays.
    pub(crate) fn end(&self, why: CaptureError) {
        self.state().ended.get_or_insert(why);
        self.filled.notify_one();
    }

    /// Waits up to `patience` for a picture.
    ///
    /// # Errors
    ///
    /// Why no more will come, at once and every time.
    pub(crate) fn take(&self, patience: Duration) -> Result<Option<Picture<P>>, CaptureError> {
        let nothing = |state: &mut State<P>| state.newest.is_none() && state.ended.is_none();
        let waited = self.filled.wait_timeout_while(self.state(), patience, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match &state.ended {
            Some(why) => Err(why.clone()),
            None => Ok(state.newest.take()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const SIZE: Size = Size { width: 640, height: 480 };

    fn picture(number: u64, size: Size, damage: Vec<Rect>) -> Picture<u64> {
        Picture { size, damage, at: Duration::from_millis(number), pixels: number }
    }

    fn rects() -> impl Strategy<Value = Vec<Rect>> {
        let rect = (0_u32..600, 0_u32..400, 1_u32..40, 1_u32..80);
        vec(rect.prop_map(|(x, y, width, height)| Rect { x, y, width, height }), 0..6)
    }

    proptest! {
        /// The taker sees the newest picture, and whatever changed since the one taken before.
        #[test]
        fn what_is_skipped_leaves_its_damage(steps in vec((rects(), any::<bool>()), 1..30)) {
            let slot = Slot::default();
            slot.put(picture(0, SIZE, vec![]));
            let first = slot.take(Duration::ZERO).unwrap().unwrap();
            prop_assert_eq!(first.damage, [Rect::whole(SIZE)]);
            let (mut missed, mut newest) = (Vec::<Rect>::new(), 0);
            for (number, (damage, take)) in (1..).zip(steps) {
                if !damage.is_empty() {
                    newest = number;
                }
                missed.extend(&damage);
                slot.put(picture(number, SIZE, damage));
                if !take { continue; }
                match slot.take(Duration::ZERO).unwrap() {
                    None => prop_assert!(missed.is_empty()),
                    Some(taken) => {
                        prop_assert!(taken.pixels >= newest);
                        let covered = |rect: &Rect| {
                            taken.damage.iter().any(|outer| outer.union(*rect) == *outer)
                        };
                        prop_assert!(missed.iter().all(covered));
                    }
                }
                missed.clear();
                prop_assert_eq!(slot.take(Duration::ZERO).unwrap(), None);
            }
        }
    }

    #[test]
    fn a_new_extent_is_all_damage() {
        let slot = Slot::default();
        let speck = Rect { x: 1, y: 1, width: 1, height: 1 };
        slot.put(picture(1, SIZE, vec![speck]));
        let small = Size { width: 20, height: 10 };
        slot.put(picture(2, small, vec![speck]));
        let taken = slot.take(Duration::ZERO).unwrap().unwrap();
        assert_eq!((taken.pixels, taken.damage), (2, vec![Rect::whole(small)]));
    }

    #[test]
    fn the_first_end_stays_and_wakes_whoever_waits() {
        let slot = Slot::<u64>::default();
        let ended = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| slot.take(Duration::from_secs(60)));
            slot.end(CaptureError::Denied);
            waiting.join().expect("no panic")
        });
        slot.put(picture(1, SIZE, vec![]));
        slot.end(CaptureError::NoDisplay(rh_protocol::DisplayId(1)));
        assert_eq!(ended, Err(CaptureError::Denied));
        assert_eq!(slot.take(Duration::ZERO), Err(CaptureError::Denied));
    }
}
