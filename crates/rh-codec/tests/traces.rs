//! What goes which way on real desktops (B-15): recordings of 480x300 pixels, and one of 1920x1080, replayed.
//!
//! They were made by the example `record_desktop` of xterm, mousepad, an image viewer and openbox,
//! and of a generated film that takes a seventeenth of the picture, and, the large one, of the
//! page of text that the bench scrolls.

mod traces {
    pub(crate) mod replay;
}

use std::time::Duration;

use rh_codec::tiles::{Reason, Viewer};
use rh_protocol::PeerId;
use traces::replay::{Played, Step, replay};

const FAST: Viewer =
    Viewer { id: PeerId(1), room: 1 << 17, capacity: Some(50_000_000), video: true };
const SLOW: Viewer = Viewer { room: 8192, capacity: Some(300_000), ..FAST };
const BOTH: [Viewer; 2] = [FAST, SLOW];
/// Until what rests is exact, on a fast network.
const REST: Duration = Duration::from_millis(500);

impl Played {
    fn count(&self, which: impl Fn(&Step) -> bool) -> usize {
        self.steps.iter().filter(|step| which(step)).count()
    }

    fn bytes(&self) -> usize {
        self.steps.iter().map(|step| step.bytes).sum()
    }

    /// Whether nothing was left to the video, and nothing painted was ever old.
    fn is_exact(&self) -> bool {
        self.steps.iter().all(|step| step.open + step.old == 0)
    }

    /// The most that was left to the video, in percent of the picture.
    fn video(&self) -> usize {
        self.steps.iter().map(|step| step.open * 100 / step.all).max().expect("there are steps")
    }
}

#[test]
fn typing_into_a_terminal_is_exact_on_any_network() {
    for viewer in BOTH {
        let played = replay("typing", viewer);
        assert!(played.is_exact());
        assert!(played.steps.iter().all(|step| step.bytes < 600));
    }
}

#[test]
fn a_terminal_that_scrolls_is_copies_and_new_lines() {
    let played = replay("scrolling", FAST);
    assert!(played.is_exact());
    assert!(played.count(|step| step.copies > 0) >= 70, "each scrolled line");
    assert!(played.bytes() < 130_000, "{}", played.bytes());
}

#[test]
fn a_window_that_is_dragged_is_copies_and_what_it_uncovers() {
    let played = replay("drag", FAST);
    assert!(played.is_exact());
    assert_eq!(played.count(|step| step.copies == 0), 0);
    assert!(played.bytes() < 60_000, "{}", played.bytes());
}

/// Its caret blinks while the page moves beneath, and its toolkit draws much that did not change.
#[test]
fn an_editor_that_scrolls_is_copies_too() {
    let played = replay("editor", FAST);
    assert!(played.count(|step| step.copies > 0) >= 20, "each turn of the wheel");
    assert!(played.video() < 10, "{} %", played.video());
    assert!(played.bytes() < 300_000, "{}", played.bytes());
}

/// A page of antialiased text that moves thirty times a second within margins that stay, above a counter
/// that changes as often: none of it is worth a film.
#[test]
fn a_page_that_scrolls_beside_a_counter_is_copies_and_no_film() {
    let (fast, slow) = (replay("page", FAST), replay("page", SLOW));
    assert!(fast.is_exact());
    assert!(fast.bytes() < 300_000, "{}", fast.bytes());
    assert!(slow.video() < 5, "{} %", slow.video());
    for played in [fast, slow] {
        assert_eq!(played.count(|step| step.copies == 0), 0);
    }
}

#[test]
fn slides_are_exact_within_half_a_second() {
    let played = replay("slides", FAST);
    assert!(played.is_exact());
    assert!(played.rest < REST);
}

#[test]
fn a_film_is_the_videos_and_nothing_else_is() {
    for viewer in BOTH {
        let played = replay("video", viewer);
        let motion = played.count(|step| step.reason == Reason::Motion);
        assert!(motion * 4 > played.steps.len() * 3, "{motion} of {}", played.steps.len());
        assert!((4..9).contains(&played.video()), "{} %", played.video());
        assert_eq!(played.count(|step| step.old > 0), 0);
    }
    assert!(replay("video", FAST).rest < REST);
}

#[test]
fn what_is_typed_beside_a_film_is_exact_on_any_network() {
    for viewer in BOTH {
        let played = replay("mixed", viewer);
        assert!(played.video() < 9, "{} %", played.video());
        assert_eq!(played.count(|step| step.old > 0), 0);
    }
}
