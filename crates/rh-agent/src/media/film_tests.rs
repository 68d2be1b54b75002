//! What the video holds on to, and for how long.

use rh_codec::mock::{Call, Calls, Mock, read};

use super::*;

const SIZE: Size = Size { width: 64, height: 32 };
const WATCHED: Wanted = Wanted { shown: true, alone: false, ready: true };
const UNSEEN: Wanted = Wanted { shown: false, ..WATCHED };

fn film() -> (Film, Calls) {
    let mock = Mock::default();
    let calls = mock.calls();
    (Film::new(Box::new(mock)), calls)
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A grey picture.
fn pixels() -> Vec<u8> {
    vec![90; 64 * 32 * 4]
}

/// Shows the film a picture of which one pixel has changed.
fn show(film: &mut Film, at: Duration, wanted: Wanted) -> Option<EncodedFrame> {
    let data = pixels();
    let damage = [Rect { x: 3, y: 3, width: 1, height: 1 }];
    let pixels = Pixels::Bgrx { data: &data, stride: 256 };
    let frame = Frame { size: SIZE, damage: &damage, at, pixels };
    film.note(&frame);
    film.next(Some(&frame), None, at, wanted).expect("encodes")
}

fn releases(calls: &Calls) -> usize {
    calls.all().iter().filter(|it| **it == Call::Release).count()
}

/// B-15: a video that nobody looks at costs no memory, and one that is looked at stays as it is.
#[test]
fn the_encoder_lets_go_once_nobody_has_looked_for_long() {
    let (mut film, calls) = film();
    assert!(show(&mut film, secs(1), WATCHED).is_some());
    for at in 2..6 {
        assert!(show(&mut film, secs(at), UNSEEN).is_none());
    }
    assert_eq!(releases(&calls), 0, "it may be looked at again at once");
    for at in 6..20 {
        assert!(show(&mut film, secs(at), UNSEEN).is_none());
    }
    assert_eq!(releases(&calls), 1);
    let fresh = show(&mut film, secs(20), WATCHED).expect("a frame");
    assert!(fresh.key);
    for at in 21..40 {
        assert!(!show(&mut film, secs(at), WATCHED).expect("a frame").key);
    }
    assert_eq!(releases(&calls), 1);
}

/// Whoever looks again sees the picture that is kept, though nothing has changed meanwhile.
#[test]
fn what_was_let_go_of_is_made_of_the_picture_that_is_kept() {
    let (mut film, _calls) = film();
    assert!(show(&mut film, secs(1), WATCHED).is_some());
    assert_eq!(film.next(None, None, secs(9), UNSEEN), Ok(None));
    assert!(film.is_behind(), "of all of it");
    let data = pixels();
    let kept = Bgrx::new(&data, 256, SIZE);
    let frame = film.next(None, kept, secs(10), WATCHED).expect("encodes").expect("a frame");
    assert_eq!((frame.key, read(&frame.data).map(|it| it.first)), (true, Some([90; 3])));
    assert!(!film.is_behind());
}

/// B-14: scale is the last resort. Whoever sees nothing but video has it sharp.
#[test]
fn a_film_beyond_the_network_is_halved_for_those_who_have_tiles() {
    let (mut film, calls) = film();
    film.share.believe(&[(PeerId(1), 20)].into());
    film.keep_to_share(secs(0), true, &[(PeerId(1), None)]);
    for at in 0..10 {
        show(&mut film, Duration::from_millis(500) * at, WATCHED);
    }
    assert!(calls.all().contains(&Call::Halved(true)));
    show(&mut film, secs(6), Wanted { alone: true, ..WATCHED });
    assert_eq!(calls.all().iter().filter(|it| matches!(it, Call::Halved(false))).count(), 1);
}
