//! The helper's input on its way to the desktop: one thread, so that nothing else waits for it.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rh_input::keeper::{self, Keeper};
use rh_input::{Guard, Injector, InputError};
use rh_protocol::{Display, InputEvent};

use crate::input_queue::{InputQueue, Next, Order};
use crate::sources::InputSource;

/// How often the keeper is told that this process lives, while something is held.
const BEAT: Duration = keeper::BEAT;

/// Carries input out, in order. The backend is opened with the first action, never before the sharer
/// allowed control; dropping this lets go of everything.
pub(crate) struct InputThread {
    queue: Arc<InputQueue>,
    thread: Option<JoinHandle<()>>,
}

impl InputThread {
    pub(crate) fn new(inputs: Arc<dyn InputSource>) -> Self {
        let queue = Arc::<InputQueue>::default();
        let orders = Arc::clone(&queue);
        let body = move || Worker { inputs, display: None, guard: None }.run(&orders);
        let thread = thread::Builder::new().name("rh-input".to_owned()).spawn(body);
        let thread = thread.inspect_err(|error| tracing::error!(%error, "no thread for input"));
        Self { queue, thread: thread.ok() }
    }

    /// Takes points to be those of `display` from now on.
    pub(crate) fn show(&self, display: Display) {
        self.queue.show(display);
    }

    /// Carries out `event`, after what was given before.
    pub(crate) fn inject(&self, event: InputEvent) {
        self.queue.inject(event);
    }

    /// Calls off what was given before, and lets go of every key and button.
    pub(crate) fn release_all(&self) {
        self.queue.release_all();
    }

    /// Calls everything off, lets go of everything and waits until it is done.
    pub(crate) async fn stop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the input thread panicked");
            }
        }
    }
}

impl Drop for InputThread {
    fn drop(&mut self) {
        self.queue.close();
    }
}

struct Worker {
    inputs: Arc<dyn InputSource>,
    display: Option<Display>,
    guard: Option<Guard<Box<dyn Injector>>>,
}

impl Worker {
    fn run(mut self, queue: &InputQueue) {
        loop {
            let holding = self.guard.as_ref().is_some_and(Guard::is_holding);
            let done = match queue.next(holding.then_some(BEAT)) {
                Next::Order(order) => self.carry_out(order),
                Next::Late => self.guard.as_mut().map_or(Ok(()), Guard::beat),
                Next::Closed => return,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "an action of the helper was not carried out");
            }
        }
    }

    fn carry_out(&mut self, order: Order) -> Result<(), InputError> {
        match order {
            Order::Show(display) => {
                if let Some(guard) = &mut self.guard {
                    guard.show(&display);
                }
                self.display = Some(display);
                Ok(())
            }
            Order::Inject(event) => self.open()?.inject(&event),
            Order::ReleaseAll => self.guard.as_mut().map_or(Ok(()), Guard::release_all),
        }
    }

    fn open(&mut self) -> Result<&mut Guard<Box<dyn Injector>>, InputError> {
        if self.guard.is_none() {
            let mut guard = Guard::new(self.inputs.open()?);
            if let Some(mut command) = self.inputs.keeper() {
                guard = guard.kept_by(Keeper::start(&mut command)?);
            }
            if let Some(display) = &self.display {
                guard.show(display);
            }
            self.guard = Some(guard);
        }
        self.guard.as_mut().ok_or_else(|| InputError::Unsupported("input".to_owned()))
    }
}
