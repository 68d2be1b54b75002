//! Encoders that cannot work, and what is said about it.

use std::io;
use std::sync::{Arc, Mutex};

use rh_capture::{Pixels, Rect, Size};
use rh_codec::mock::{Call, Calls, Mock};
use rh_codec::{Settings, contract};

use super::*;
use crate::sources::EncoderSource;

/// An encoder that fails in one way.
struct Failing(EncodeError);

impl Encoder for Failing {
    fn encode(&mut self, _: &Frame<'_>, _: bool) -> Result<EncodedFrame, EncodeError> {
        Err(self.0.clone())
    }

    fn again(&mut self, _: Duration, _: bool) -> Result<Option<EncodedFrame>, EncodeError> {
        Err(self.0.clone())
    }

    fn release(&mut self) {}

    fn set_bitrate(&mut self, _: u32) {}
}

fn unavailable() -> EncodeError {
    EncodeError::Unavailable { backend: "videotoolbox", detail: "no hardware".to_owned() }
}

fn broken() -> EncodeError {
    EncodeError::Codec { context: "encoding", detail: "broken".to_owned() }
}

/// The first backend fails with `error` at its first picture; its fallback is a mock.
fn failing_first(error: EncodeError) -> (Box<dyn Encoder>, Calls) {
    let mock = Mock::default();
    let calls = mock.calls();
    let mock = Mutex::new(Some(mock));
    let opener = move |backend| -> Result<Box<dyn Encoder>, EncodeError> {
        match backend {
            Backend::VideoToolbox => Ok(Box::new(Failing(error.clone()))),
            Backend::OpenH264 => {
                Ok(Box::new(mock.lock().expect("whole").take().expect("opened once")))
            }
            Backend::Mock => panic!("the mock is never chosen by itself"),
        }
    };
    (open(Backend::VideoToolbox, Box::new(opener)).expect("opens"), calls)
}

fn show(encoder: &mut dyn Encoder, key: bool) -> Result<EncodedFrame, EncodeError> {
    let size = Size { width: 64, height: 64 };
    let data = vec![9; 64 * 64 * 4];
    let pixels = Pixels::Bgrx { data: &data, stride: 256 };
    let damage = [Rect { x: 0, y: 0, width: 1, height: 1 }];
    encoder.encode(&Frame { size, damage: &damage, at: Duration::ZERO, pixels }, key)
}

/// What `work` writes to the log.
fn log_of<R>(work: impl FnOnce() -> R) -> (R, String) {
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("whole").write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let result = tracing::subscriber::with_default(subscriber, work);
    let written = log.0.lock().expect("whole").clone();
    (result, String::from_utf8(written).expect("text"))
}

/// Off macOS there is no VideoToolbox, as in a virtual Mac there is no hardware for it.
#[cfg(not(target_os = "macos"))]
#[test]
fn where_there_is_no_hardware_software_works_and_the_log_says_so() {
    let (opened, log) = log_of(|| EncoderSource::open(&Backend::VideoToolbox));
    let encoded = show(&mut *opened.expect("falls back"), false).expect("encodes");
    assert!(encoded.key);
    assert!(log.contains("WARN"), "{log}");
    assert!(log.contains("videotoolbox cannot do it: falling back to openh264"), "{log}");
    assert!(log.contains("videotoolbox is not available here"), "{log}");
}

#[test]
fn an_encoder_that_works_is_used_in_silence() {
    let (opened, log) = log_of(|| EncoderSource::open(&Backend::OpenH264));
    show(&mut *opened.expect("opens"), false).expect("encodes");
    assert_eq!(log, "");
}

#[test]
fn a_picture_beyond_the_hardware_goes_to_the_fallback_whole_and_at_the_same_rate() {
    let too_large = EncodeError::Size { width: 64, height: 64, detail: "at most 32" };
    for error in [unavailable(), too_large] {
        let (mut encoder, calls) = failing_first(error);
        encoder.set_bitrate(7);
        let (encoded, log) = log_of(|| show(&mut *encoder, false));
        assert!(encoded.expect("encodes").key);
        assert!(log.contains("falling back to openh264"), "{log}");
        assert!(!show(&mut *encoder, false).expect("encodes").key);
        let at = Duration::ZERO;
        let expected =
            [Call::Bitrate(7), Call::Encode { at, key: true }, Call::Encode { at, key: false }];
        assert_eq!(calls.all(), expected);
    }
}

#[test]
fn what_another_encoder_would_not_cure_is_told() {
    for error in [broken(), EncodeError::Dropped] {
        let (mut encoder, calls) = failing_first(error.clone());
        let (failed, log) = log_of(|| show(&mut *encoder, true));
        assert_eq!(failed, Err(error));
        assert_eq!((log.as_str(), calls.all()), ("", vec![]));
    }
    let opener = |_| Err(unavailable());
    let (failed, log) = log_of(|| open(Backend::VideoToolbox, Box::new(opener)).err());
    assert_eq!(failed, Some(unavailable()), "the fallback fails as well");
    assert!(log.contains("falling back to openh264"), "{log}");
}

#[test]
fn keeps_the_contract() {
    let opener = |backend: Backend| match backend {
        Backend::VideoToolbox => Err(unavailable()),
        Backend::OpenH264 | Backend::Mock => backend.open(Settings::default()),
    };
    contract::check(|| open(Backend::VideoToolbox, Box::new(opener)).expect("opens"), None);
}
