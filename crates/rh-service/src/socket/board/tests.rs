use std::io::{self, Write};

use super::*;
use crate::hub::Alarm;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// B-06: an alarm is one line that names the tenant and the figures.
#[test]
fn an_alarm_is_logged_for_administrators() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let observers = Arc::<Observers>::default();
    let key = Arc::new(SigningKey::from_seed(&[3; 32]));
    let board = Switchboard::new(Capacity::default(), key).observed_by(Arc::clone(&observers));
    let tenant = "ours".parse().unwrap();
    let alarm = Alarm::GuessedCodes { tenant, failures: 200, accounts: 20 };
    let ours = "ours".parse().unwrap();
    tracing::subscriber::with_default(subscriber, || {
        board.lock().carry_out(crate::clock::now(), vec![Effect::Alarm(alarm)]);
    });
    assert_eq!(observers.alarms.of(&ours, None).len(), 1);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
    for part in ["WARN", "alarm=\"guessed_codes\"", "tenant=ours", "failures=200", "accounts=20"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}
