//! A desktop that does what a script says.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::{Desktop, DesktopError, DesktopEvent, DesktopState, Permissions};

/// A desktop that does what its [`Script`] says.
#[derive(Debug)]
pub struct Mock {
    script: Receiver<DesktopEvent>,
    state: DesktopState,
    permissions: Permissions,
}

/// Makes things happen on a [`Mock`]; when it is dropped, nothing happens there any more.
#[derive(Clone, Debug)]
pub struct Script(Sender<DesktopEvent>);

impl Mock {
    /// A desktop in use with every permission, and its script.
    pub fn scripted() -> (Self, Script) {
        let (sender, script) = channel();
        let permissions = Permissions { capture: true, input: true };
        (Self { script, state: DesktopState::default(), permissions }, Script(sender))
    }

    /// Takes note of an event; says whether it changed anything.
    fn note(&mut self, event: DesktopEvent) -> bool {
        match event {
            DesktopEvent::State(state) => std::mem::replace(&mut self.state, state) != state,
            DesktopEvent::Permissions(permissions) => {
                std::mem::replace(&mut self.permissions, permissions) != permissions
            }
            DesktopEvent::DisplaysChanged => true,
        }
    }
}

impl Script {
    /// Makes `event` happen; what does not change anything is not reported. Of no effect if the
    /// desktop is gone.
    pub fn play(&self, event: DesktopEvent) {
        // A desktop that nobody watches any more has nobody to tell.
        let _ = self.0.send(event);
    }
}

impl Desktop for Mock {
    fn next(&mut self, patience: Duration) -> Result<Option<DesktopEvent>, DesktopError> {
        match self.script.recv_timeout(patience) {
            Ok(event) => Ok(self.note(event).then_some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(patience);
                Ok(None)
            }
        }
    }

    fn state(&self) -> DesktopState {
        self.state
    }

    fn permissions(&self) -> Permissions {
        self.permissions
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::{self, Subject};
    use super::*;

    struct Scripted(Option<Script>);

    impl Scripted {
        fn play(&self, event: DesktopEvent) {
            self.0.as_ref().expect("opened").play(event);
        }
    }

    impl Subject for Scripted {
        fn open(&mut self) -> Result<Box<dyn Desktop>, DesktopError> {
            let (mock, script) = Mock::scripted();
            self.0 = Some(script);
            Ok(Box::new(mock))
        }

        fn lock(&mut self) {
            self.play(DesktopEvent::State(DesktopState::Locked));
        }

        fn unlock(&mut self) {
            self.play(DesktopEvent::State(DesktopState::Active));
        }

        fn rearrange(&mut self) {
            self.play(DesktopEvent::DisplaysChanged);
        }
    }

    #[test]
    fn the_mock_keeps_the_contract() {
        contract::check(&mut Scripted(None));
    }

    #[test]
    fn a_permission_that_is_taken_is_reported() {
        let (mut mock, script) = Mock::scripted();
        let permissions = Permissions { capture: true, input: false };
        script.play(DesktopEvent::Permissions(permissions));
        let reported = mock.next(Duration::from_secs(1));
        assert_eq!(reported, Ok(Some(DesktopEvent::Permissions(permissions))));
        assert_eq!(mock.permissions(), permissions);
    }
}
