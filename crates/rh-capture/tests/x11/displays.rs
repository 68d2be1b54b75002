//! Monitors that come, go and change.

use std::time::Duration;

use rh_capture::{CaptureError, Pixels, Rect, Screen, Size};

use crate::server::{Painter, Xvfb, colours};

const PATIENCE: Duration = Duration::from_secs(5);

/// The next picture within a patience; a change may come as several.
fn picture_of(screen: &mut dyn Screen, size: Size) -> (Vec<Rect>, Vec<u8>) {
    for _ in 0..20 {
        if let Some(frame) = screen.next(PATIENCE).expect("captures")
            && frame.size == size
        {
            let Pixels::Bgrx { data, .. } = frame.pixels else { panic!("in memory") };
            return (frame.damage.to_vec(), colours(data));
        }
    }
    panic!("no picture of {size:?} came");
}

/// S-50: name, place and extent of each, and one of them the main one.
#[test]
fn several_monitors_are_listed_with_their_places() {
    let xvfb = Xvfb::start("1920x1080x24");
    let only = xvfb.server().displays().unwrap();
    assert_eq!(only.len(), 1);
    assert!(only[0].primary);

    let left = xvfb.set_monitor("LEFT", (0, 100, 800, 600));
    let right = xvfb.set_monitor("RIGHT", (800, 0, 1120, 1080));
    let (first, second) = (xvfb.display("LEFT"), xvfb.display("RIGHT"));
    assert_eq!((first.id, first.x, first.y, first.width, first.height), (left, 0, 100, 800, 600));
    assert_eq!((second.id, second.x, second.y), (right, 800, 0));
    assert_eq!((second.width, second.height), (1120, 1080));
    let displays = xvfb.server().displays().unwrap();
    assert_eq!(displays.iter().filter(|display| display.primary).count(), 1);
}

/// B-08: hot-plug. A monitor that is unplugged is gone, and another is not touched.
#[test]
fn a_monitor_that_vanishes_is_no_display() {
    let xvfb = Xvfb::start("1920x1080x24");
    let left = xvfb.set_monitor("LEFT", (0, 100, 800, 600));
    let right = xvfb.set_monitor("RIGHT", (800, 0, 1120, 1080));
    let mut gone = xvfb.server().open(left).unwrap();
    let mut stays = xvfb.server().open(right).unwrap();
    gone.next(PATIENCE).unwrap().expect("a first picture");
    stays.next(PATIENCE).unwrap().expect("a first picture");

    xvfb.delete_monitor(left);
    let ended = (0..20).find_map(|_| gone.next(PATIENCE).err());
    assert_eq!(ended, Some(CaptureError::NoDisplay(left)));
    assert_eq!(gone.next(PATIENCE).err(), Some(CaptureError::NoDisplay(left)), "and stays so");
    assert_eq!(xvfb.server().open(left).err(), Some(CaptureError::NoDisplay(left)));

    Painter::new(&xvfb).fill(1000, 500, 10, 10, 0xFF_FFFF);
    assert!(stays.next(PATIENCE).unwrap().is_some());
}

/// B-08: a new mode during the session gives a whole picture of the new extent.
#[test]
fn a_resized_display_gives_a_whole_picture_of_the_new_size() {
    let xvfb = Xvfb::start("1920x1080x24");
    xvfb.xrandr(&[
        "--newmode",
        "small",
        "0",
        "1280",
        "1280",
        "1280",
        "1280",
        "720",
        "720",
        "720",
        "720",
    ]);
    xvfb.xrandr(&["--addmode", "screen", "small"]);
    let mut painter = Painter::new(&xvfb);
    for server in [xvfb.server(), xvfb.server().without_shared_memory()] {
        let mut screen = server.open(xvfb.display("screen").id).unwrap();
        screen.next(PATIENCE).unwrap().expect("a first picture");
        for (mode, size) in [
            ("small", Size { width: 1280, height: 720 }),
            ("1920x1080", Size { width: 1920, height: 1080 }),
        ] {
            xvfb.xrandr(&["--output", "screen", "--mode", mode]);
            let (damage, _) = picture_of(&mut *screen, size);
            assert_eq!(damage, [Rect::whole(size)]);

            let display = xvfb.display("screen");
            painter.scribble(&display);
            let mut last = Vec::new();
            while let Some(frame) = screen.next(Duration::from_millis(100)).unwrap() {
                let Pixels::Bgrx { data, .. } = frame.pixels else { panic!("in memory") };
                last = colours(data);
            }
            assert!(last == painter.picture(&display), "the same pixels");
        }
    }
}

/// A monitor that moves shows what is there now.
#[test]
fn a_moved_monitor_gives_a_whole_picture() {
    let xvfb = Xvfb::start("1920x1080x24");
    let id = xvfb.set_monitor("ONLY", (0, 0, 640, 480));
    let mut screen = xvfb.server().open(id).unwrap();
    screen.next(PATIENCE).unwrap().expect("a first picture");
    Painter::new(&xvfb).fill(1000, 500, 640, 480, 0x12_3456);
    xvfb.set_monitor("ONLY", (1000, 500, 640, 480));

    let size = Size { width: 640, height: 480 };
    let (damage, picture) = picture_of(&mut *screen, size);
    assert_eq!(damage, [Rect::whole(size)]);
    assert!(picture.chunks_exact(3).all(|bgr| bgr == [0x56, 0x34, 0x12]));
}
