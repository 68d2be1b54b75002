//! The encoder with hardware that fails on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rh_capture::{Pixels, Rect};

use super::unit::Sample;
use super::*;
use crate::contract;

const SIZE: Size = Size { width: 64, height: 48 };

/// What was asked of the hardware.
#[derive(Clone, Debug, PartialEq)]
enum Call {
    TakeIn { whole: bool },
    Open(Size, Aim),
    Compress { at: Duration, key: bool, shows: u8 },
    Tune(Aim),
}

/// How the next picture fails, or the next session.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    Opening(i32),
    Compressing(Failure),
    LeftOut,
}

/// Hardware whose pictures are their first byte.
#[derive(Clone, Debug, Default)]
struct Fake {
    calls: Arc<Mutex<Vec<Call>>>,
    faults: Arc<Mutex<VecDeque<Fault>>>,
}

impl Fake {
    fn encoder(&self) -> VideoToolbox<Self> {
        VideoToolbox::new(self.clone(), Settings::default())
    }

    fn fail(&self, faults: &[Fault]) {
        *self.faults.lock().expect("whole") = faults.iter().copied().collect();
    }

    fn note(&self, call: Call) {
        self.calls.lock().expect("whole").push(call);
    }

    /// The calls since the last time.
    fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().expect("whole"))
    }

    fn fault(&self, fits: impl Fn(Fault) -> bool) -> Fault {
        let mut faults = self.faults.lock().expect("whole");
        match faults.front() {
            Some(fault) if fits(*fault) => faults.pop_front().expect("there is one"),
            _ => Fault::None,
        }
    }
}

impl Hardware for Fake {
    type Picture = u8;
    type Session = Size;

    fn take_in(&self, frame: &Frame<'_>, last: Option<u8>) -> Result<u8, EncodeError> {
        self.note(Call::TakeIn { whole: last.is_none() });
        let Pixels::Bgrx { data: [first, ..], .. } = frame.pixels else {
            return Err(EncodeError::Codec { context: "taking in", detail: "nothing".into() });
        };
        Ok(*first)
    }

    fn open(&self, size: Size, aim: Aim) -> Result<Size, Failure> {
        self.note(Call::Open(size, aim));
        match self.fault(|fault| matches!(fault, Fault::Opening(_))) {
            Fault::Opening(status) => Err(Failure::Open(status)),
            Fault::None | Fault::Compressing(_) | Fault::LeftOut => Ok(size),
        }
    }

    fn compress(
        &self,
        session: &Size,
        picture: &u8,
        at: Duration,
        key: bool,
    ) -> Result<Option<AccessUnit>, Failure> {
        self.note(Call::Compress { at, key, shows: *picture });
        match self.fault(|fault| !matches!(fault, Fault::Opening(_))) {
            Fault::Compressing(failure) => Err(failure),
            Fault::LeftOut => Ok(None),
            Fault::None | Fault::Opening(_) => {
                let sps = vec![0x67, session.width as u8, session.height as u8, 1];
                let header = if key { 0x65 } else { 0x41 };
                let sample = Sample {
                    length_size: 1,
                    parameter_sets: vec![sps, vec![0x68, 1]],
                    data: vec![2, header, 1],
                };
                sample.into_unit().map(Some).ok_or(Failure::Malformed)
            }
        }
    }

    fn tune(&self, _: &Size, aim: Aim) {
        self.note(Call::Tune(aim));
    }
}

fn show(
    encoder: &mut impl Encoder,
    shows: u8,
    milliseconds: u64,
    size: Size,
) -> Result<EncodedFrame, EncodeError> {
    let data = [shows; 4];
    let pixels = Pixels::Bgrx { data: &data, stride: 4 };
    let damage = [Rect { x: 0, y: 0, width: 1, height: 1 }];
    encoder.encode(&Frame { size, damage: &damage, at: ms(milliseconds), pixels }, false)
}

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn aim(bits: u32, frames: u16) -> Aim {
    Aim { bits, frames }
}

#[test]
fn keeps_the_contract() {
    contract::check(|| Box::new(Fake::default().encoder()), None);
}

/// After sleep: the picture that met a dead session comes out of a new one, whole.
#[test]
fn a_session_that_died_is_made_anew_and_nothing_is_lost() {
    for failure in [Failure::Call("encoding", status::INVALID_SESSION), Failure::Silent] {
        let fake = Fake::default();
        let mut encoder = fake.encoder();
        show(&mut encoder, 1, 0, SIZE).expect("encodes");
        fake.calls();
        fake.fail(&[Fault::Compressing(failure)]);
        let encoded = show(&mut encoder, 2, 20, SIZE).expect("encodes all the same");
        assert!(encoded.key, "the new session starts a stream");
        let expected = [
            Call::TakeIn { whole: false },
            Call::Compress { at: ms(20), key: false, shows: 2 },
            Call::Open(SIZE, aim(12_000_000, 60)),
            Call::Compress { at: ms(20), key: true, shows: 2 },
        ];
        assert_eq!(fake.calls(), expected);
        assert!(!show(&mut encoder, 3, 40, SIZE).expect("encodes").key);
    }
}

#[test]
fn a_session_that_stays_dead_is_told_and_tried_again_with_the_next_picture() {
    let fake = Fake::default();
    let mut encoder = fake.encoder();
    show(&mut encoder, 1, 0, SIZE).expect("encodes");
    let lost = Fault::Compressing(Failure::Call("encoding", status::INVALID_SESSION));
    fake.fail(&[lost, lost]);
    let error = show(&mut encoder, 2, 20, SIZE).expect_err("fails");
    assert_eq!(error.to_string(), "encoding: kVTInvalidSessionErr (-12903)");
    fake.fail(&[Fault::Opening(status::COULD_NOT_FIND_VIDEO_ENCODER)]);
    let error = encoder.again(ms(30), false).expect_err("fails");
    assert!(matches!(error, EncodeError::Unavailable { .. }), "{error}");
    let encoded = encoder.again(ms(40), false).expect("encodes").expect("a picture");
    assert!(encoded.key);
    assert_eq!(fake.calls().last(), Some(&Call::Compress { at: ms(40), key: true, shows: 2 }));
}

#[test]
fn any_other_failure_is_told_at_once_and_the_stream_starts_anew() {
    let fake = Fake::default();
    let mut encoder = fake.encoder();
    show(&mut encoder, 1, 0, SIZE).expect("encodes");
    fake.fail(&[Fault::Compressing(Failure::Call("encoding", status::ALLOCATION_FAILED))]);
    show(&mut encoder, 2, 20, SIZE).expect_err("fails");
    assert!(show(&mut encoder, 3, 40, SIZE).expect("encodes").key);
}

#[test]
fn a_picture_left_out_is_shown_again_and_a_key_frame_stays_owed() {
    let fake = Fake::default();
    let mut encoder = fake.encoder();
    fake.fail(&[Fault::LeftOut]);
    assert_eq!(show(&mut encoder, 1, 0, SIZE), Err(EncodeError::Dropped));
    let encoded = encoder.again(ms(33), false).expect("encodes").expect("a picture");
    assert!(encoded.key, "nobody has seen any yet");
    fake.fail(&[Fault::LeftOut]);
    assert_eq!(show(&mut encoder, 2, 66, SIZE), Err(EncodeError::Dropped));
    let encoded = encoder.again(ms(99), false).expect("encodes").expect("a picture");
    assert!(!encoded.key);
    assert_eq!(fake.calls().last(), Some(&Call::Compress { at: ms(99), key: false, shows: 2 }));
}

#[test]
fn the_hardware_sees_time_pass_whatever_the_clock_says() {
    let fake = Fake::default();
    let mut encoder = fake.encoder();
    let mut told = Vec::new();
    for time in [10, 10, 5, 50] {
        told.push(show(&mut encoder, 1, time, SIZE).expect("encodes").at);
    }
    assert_eq!(told, [10, 10, 5, 50].map(ms));
    let seen: Vec<_> = fake.calls().into_iter().filter_map(time_of).collect();
    assert_eq!(seen, [10, 11, 12, 50].map(ms));
    show(&mut encoder, 1, 7, Size { width: 32, height: 32 }).expect("encodes");
    assert_eq!(fake.calls().into_iter().find_map(time_of), Some(ms(7)), "a new stream, a new time");
}

fn time_of(call: Call) -> Option<Duration> {
    match call {
        Call::Compress { at, .. } => Some(at),
        Call::TakeIn { .. } | Call::Open(..) | Call::Tune(_) => None,
    }
}

#[test]
fn aims_reach_the_session_there_is_and_those_to_come() {
    let fake = Fake::default();
    let mut encoder = fake.encoder();
    encoder.set_bitrate(2_000_000);
    show(&mut encoder, 1, 0, SIZE).expect("encodes");
    encoder.set_frame_rate(30);
    encoder.set_frame_rate(30);
    encoder.set_bitrate(0);
    encoder.set_bitrate(u32::MAX);
    encoder.set_frame_rate(0);
    let tuned: Vec<_> = fake
        .calls()
        .into_iter()
        .filter(|call| matches!(call, Call::Open(..) | Call::Tune(_)))
        .collect();
    let expected = [
        Call::Open(SIZE, aim(2_000_000, 60)),
        Call::Tune(aim(2_000_000, 30)),
        Call::Tune(aim(FEWEST_BITS, 30)),
        Call::Tune(aim(MOST_BITS, 30)),
        Call::Tune(aim(MOST_BITS, 1)),
    ];
    assert_eq!(tuned, expected);
    show(&mut encoder, 1, 0, Size { width: 32, height: 32 }).expect("encodes");
    assert!(fake.calls().contains(&Call::Open(Size { width: 32, height: 32 }, aim(MOST_BITS, 1))));
}

/// After a picture that was refused the next one is shown whole, whatever its damage says.
#[test]
fn nothing_is_lost_with_a_refused_picture() {
    let fake = Fake::default();
    let mut encoder = fake.encoder();
    show(&mut encoder, 1, 0, SIZE).expect("encodes");
    let pixels = Pixels::Bgrx { data: &[], stride: 0 };
    let empty = Frame { size: SIZE, damage: &[], at: ms(1), pixels };
    encoder.encode(&empty, false).expect_err("there is nothing to take in");
    fake.calls();
    assert!(show(&mut encoder, 2, 2, SIZE).expect("encodes").key);
    assert_eq!(fake.calls()[0], Call::TakeIn { whole: true });
    let tiny = show(&mut encoder, 3, 3, Size { width: 15, height: 600 });
    assert!(matches!(tiny, Err(EncodeError::Size { width: 15, height: 600, .. })));
    show(&mut encoder, 4, 4, SIZE).expect("encodes");
    assert_eq!(fake.calls()[0], Call::TakeIn { whole: true });
}
