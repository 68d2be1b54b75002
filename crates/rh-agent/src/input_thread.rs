//! The helper's input on its way to the desktop: one thread, so that nothing else waits for it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rh_input::keeper::{self, Keeper};
use rh_input::{Guard, Injector, InputError};
use rh_protocol::{Display, InputEvent};

use crate::sources::InputSource;

/// How often the keeper is told that this process lives, while something is held.
const BEAT: Duration = keeper::BEAT;

enum Order {
    Show(Display),
    Inject(InputEvent),
    ReleaseAll,
}

/// Carries input out, in order. The backend is opened with the first action, never before the sharer
/// allowed control; dropping this lets go of everything.
pub(crate) struct InputThread {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl InputThread {
    pub(crate) fn new(inputs: Arc<dyn InputSource>) -> Self {
        let (orders, inbox) = channel();
        let body = move || Worker { inputs, display: None, guard: None }.run(&inbox);
        let thread = thread::Builder::new().name("rh-input".to_owned()).spawn(body);
        let thread = thread.inspect_err(|error| tracing::error!(%error, "no thread for input"));
        Self { orders: Some(orders), thread: thread.ok() }
    }

    /// Takes points to be those of `display` from now on.
    pub(crate) fn show(&self, display: Display) {
        self.order(Order::Show(display));
    }

    /// Carries out `event`.
    pub(crate) fn inject(&self, event: InputEvent) {
        self.order(Order::Inject(event));
    }

    /// Lets go of every key and button.
    pub(crate) fn release_all(&self) {
        self.order(Order::ReleaseAll);
    }

    /// Lets go of everything and waits until it is done.
    pub(crate) async fn stop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the input thread panicked");
            }
        }
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // A thread that is gone has said why.
            let _ = orders.send(order);
        }
    }
}

struct Worker {
    inputs: Arc<dyn InputSource>,
    display: Option<Display>,
    guard: Option<Guard<Box<dyn Injector>>>,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            let holding = self.guard.as_ref().is_some_and(Guard::is_holding);
            let order = if holding {
                inbox.recv_timeout(BEAT)
            } else {
                inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            let done = match order {
                Ok(order) => self.carry_out(order),
                Err(RecvTimeoutError::Timeout) => self.guard.as_mut().map_or(Ok(()), Guard::beat),
                Err(RecvTimeoutError::Disconnected) => return,
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
