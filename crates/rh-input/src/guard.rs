//! What must hold whatever a helper sends and however a session ends.

use rh_protocol::{Button, Display, InputEvent, Point, limits};

use crate::keeper::Keeper;
use crate::{Area, Held, Injector, InputError, Press, Stroke};

/// Carries a helper's input to the desktop such that nothing lands elsewhere and nothing stays
/// pressed.
///
/// - Points are those of the display [shown](Self::show); an action at a point of any other
///   display is dropped, except that a button may be let go of anywhere.
/// - A second press and a release of what is not down are dropped: the desktop repeats keys.
/// - Everything still down is let go of, the last pressed first, by
///   [`release_all`](Self::release_all) and on drop, also when a panic unwinds. With a
///   [`Keeper`], even a killed or frozen process leaves nothing pressed.
///
/// Absent: the order of events. The session drops pointer moves that come late.
#[derive(Debug)]
pub struct Guard<I: Injector> {
    inner: I,
    area: Option<Area>,
    held: Held,
    keeper: Option<Keeper>,
}

impl<I: Injector> Guard<I> {
    /// Guards `inner`; until a display is [shown](Self::show), pointer actions are dropped.
    pub fn new(inner: I) -> Self {
        Self { inner, area: None, held: Held::default(), keeper: None }
    }

    /// Has `keeper` let go of what is down should this process be killed or freeze.
    ///
    /// The caller then calls [`beat`](Self::beat) when nothing has happened for
    /// [`BEAT`](crate::keeper::BEAT) while something is held.
    #[must_use]
    pub fn kept_by(mut self, keeper: Keeper) -> Self {
        self.keeper = Some(keeper);
        self
    }

    /// Takes points to be those of `display` from now on.
    pub fn show(&mut self, display: &Display) {
        self.area = Some(Area::new(display));
    }

    /// Whether something is down, so that [`beat`](Self::beat) matters.
    pub fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Tells the keeper that this process is alive; does nothing if nothing is held.
    ///
    /// # Errors
    ///
    /// [`InputError::Platform`] if the keeper is gone.
    pub fn beat(&mut self) -> Result<(), InputError> {
        match &mut self.keeper {
            Some(keeper) if !self.held.is_empty() => keeper.beat(),
            Some(_) | None => Ok(()),
        }
    }

    /// Carries out `event` unless it would change nothing; the keeper takes it for a beat.
    ///
    /// # Errors
    ///
    /// [`InputError`]; the next event may be given all the same. Text of more than
    /// [`limits::TEXT_CHARS`] characters is [`InputError::Unsupported`].
    pub fn inject(&mut self, event: &InputEvent) -> Result<(), InputError> {
        // Without a keeper nothing new is pressed, but what is down must still come up.
        let kept = self.beat();
        let done = match *event {
            InputEvent::Move { at } => self.go(at).map(drop),
            InputEvent::Button { button, down, at } => self.button(button, down, at),
            InputEvent::Scroll { dx, dy, at } => self.scroll(dx, dy, at),
            InputEvent::Key { key, down: true } => self.press(Press::Key(key)),
            InputEvent::Key { key, down: false } => self.release(Press::Key(key)),
            InputEvent::Text { ref text } => self.text(text),
            InputEvent::ReleaseAll => self.release_all(),
        };
        kept.and(done)
    }

    /// Lets go of everything that is down, the last pressed first.
    ///
    /// # Errors
    ///
    /// The first [`InputError`], after everything has been tried.
    pub fn release_all(&mut self) -> Result<(), InputError> {
        let mut outcome = Ok(());
        for press in self.held.take() {
            outcome = outcome.and(self.let_go(press));
        }
        outcome
    }

    /// Goes to `at`; `false` if it is not on the display shown.
    fn go(&mut self, at: Point) -> Result<bool, InputError> {
        match self.area.and_then(|area| area.locate(at)) {
            Some((x, y)) => self.inner.inject(&Stroke::Move { x, y }).map(|()| true),
            None => Ok(false),
        }
    }

    fn button(&mut self, button: Button, down: bool, at: Point) -> Result<(), InputError> {
        let press = Press::Button(button);
        if self.held.contains(press) == down {
            return Ok(());
        }
        let there = self.go(at);
        match (down, there) {
            (true, Ok(true)) => self.press(press),
            (true, there) => there.map(drop),
            (false, there) => self.release(press).and(there.map(drop)),
        }
    }

    fn scroll(&mut self, dx: f32, dy: f32, at: Point) -> Result<(), InputError> {
        if !dx.is_finite() || !dy.is_finite() || !self.go(at)? {
            return Ok(());
        }
        let within = |by: f32| by.clamp(-limits::SCROLL, limits::SCROLL);
        self.inner.inject(&Stroke::Scroll { dx: within(dx), dy: within(dy) })
    }

    fn text(&mut self, text: &str) -> Result<(), InputError> {
        let chars = text.chars().count();
        if chars > limits::TEXT_CHARS {
            return Err(InputError::Unsupported(format!("a text of {chars} characters")));
        }
        let outcome = self.inner.inject(&Stroke::Text(text.to_owned()));
        // A long text may outlast the keeper's patience; what is held after it is announced anew.
        if let Some(keeper) = &mut self.keeper {
            self.held.iter().try_for_each(|press| keeper.press(press))?;
        }
        outcome
    }

    fn press(&mut self, press: Press) -> Result<(), InputError> {
        if self.held.contains(press) {
            return Ok(());
        }
        if let Some(keeper) = &mut self.keeper {
            keeper.press(press)?;
        }
        self.held.press(press);
        self.inner.inject(&press.down()).inspect_err(|_| {
            // It may have gone down before it failed; the press has the better reason to report.
            let _ = self.release(press);
        })
    }

    fn release(&mut self, press: Press) -> Result<(), InputError> {
        if self.held.release(press) { self.let_go(press) } else { Ok(()) }
    }

    fn let_go(&mut self, press: Press) -> Result<(), InputError> {
        let done = self.inner.inject(&press.up());
        match &mut self.keeper {
            // What could not be let go of stays with the keeper, which tries by itself.
            Some(keeper) if done.is_ok() => keeper.release(press),
            Some(_) | None => done,
        }
    }
}

impl<I: Injector> Drop for Guard<I> {
    fn drop(&mut self) {
        // Nobody is left to hear of a failure.
        let _ = self.release_all();
    }
}
