//! The pixels: the contract, both ways to fetch them, and two who watch at once.

use std::time::{Duration, Instant};

use rh_capture::contract::{self, Subject};
use rh_capture::x11::Server;
use rh_capture::{CaptureError, Pixels, Rect, Screen};
use rh_protocol::{Display, DisplayId};

use crate::server::{Painter, Xvfb, colours};

const PATIENCE: Duration = Duration::from_secs(5);

struct Painted {
    server: Server,
    painter: Painter,
}

impl Subject for Painted {
    fn displays(&self) -> Vec<Display> {
        self.server.displays().expect("lists displays")
    }

    fn open(&self, display: DisplayId) -> Result<Box<dyn Screen>, CaptureError> {
        self.server.open(display)
    }

    fn disturb(&mut self, display: &Display) {
        self.painter.scribble(display);
    }
}

#[test]
fn keeps_the_contract_with_shared_memory() {
    let xvfb = Xvfb::start("1024x768x24");
    contract::check(&mut Painted { server: xvfb.server(), painter: Painter::new(&xvfb) });
}

#[test]
fn keeps_the_contract_without_shared_memory() {
    let xvfb = Xvfb::start("800x600x24");
    let server = xvfb.server().without_shared_memory();
    contract::check(&mut Painted { server, painter: Painter::new(&xvfb) });
}

/// S-50: each monitor is a display of its own, and what is drawn on one is no picture of the other.
#[test]
fn keeps_the_contract_on_two_monitors() {
    let xvfb = Xvfb::start("1600x900x24");
    xvfb.set_monitor("LEFT", (0, 120, 640, 480));
    xvfb.set_monitor("RIGHT", (640, 0, 960, 900));
    contract::check(&mut Painted { server: xvfb.server(), painter: Painter::new(&xvfb) });
}

/// Takes pictures until nothing changes any more; the last one's colours.
fn settled(screen: &mut dyn Screen) -> Vec<u8> {
    let mut last = Vec::new();
    while let Some(frame) = screen.next(Duration::from_millis(100)).expect("captures") {
        let Pixels::Bgrx { data, stride } = frame.pixels else { panic!("in memory") };
        assert_eq!(stride, frame.size.width as usize * 4);
        last = colours(data);
    }
    last
}

/// B-08: once the desktop rests, the picture is the server's own, to the pixel; by either way.
#[test]
fn the_picture_is_the_servers_own() {
    let xvfb = Xvfb::start("1280x720x24");
    let left = xvfb.set_monitor("LEFT", (0, 100, 500, 400));
    let mut painter = Painter::new(&xvfb);
    let (display, whole) = (xvfb.display("LEFT"), xvfb.server().displays().unwrap());
    for server in [xvfb.server(), xvfb.server().without_shared_memory()] {
        let mut screen = server.open(left).unwrap();
        for _ in 0..20 {
            whole.iter().for_each(|display| painter.scribble(display));
            painter.scribble(&display);
            assert!(settled(&mut *screen) == painter.picture(&display), "the same pixels");
        }
    }
}

/// Only what changed is reported, in the display's own pixels and clipped to it.
#[test]
fn damage_is_what_was_drawn_on_this_display() {
    let xvfb = Xvfb::start("1280x720x24");
    let right = xvfb.set_monitor("RIGHT", (600, 50, 640, 480));
    let painter = Painter::new(&xvfb);
    let mut screen = xvfb.server().open(right).unwrap();
    settled(&mut *screen);

    painter.fill(700, 100, 30, 20, 0xFF_FFFF);
    let frame = screen.next(PATIENCE).unwrap().expect("a picture of the change");
    assert_eq!(frame.damage, [Rect { x: 100, y: 50, width: 30, height: 20 }]);
    let Pixels::Bgrx { data, stride } = frame.pixels else { panic!("in memory") };
    let pixel = |x: usize, y: usize| &data[y * stride + x * 4..][..3];
    assert_eq!((pixel(100, 50), pixel(129, 69)), (&[255; 3][..], &[255; 3][..]));
    assert_eq!((pixel(99, 50), pixel(130, 69)), (&[0; 3][..], &[0; 3][..]));

    painter.fill(590, 500, 20, 100, 0xFF_FFFF);
    let frame = screen.next(PATIENCE).unwrap().expect("a picture of the change");
    assert_eq!(frame.damage, [Rect { x: 0, y: 450, width: 10, height: 30 }]);

    painter.fill(0, 0, 100, 100, 0xFF_FFFF);
    assert!(screen.next(Duration::from_millis(200)).unwrap().is_none(), "not on this display");
}

/// However busy another monitor is, patience with a still one comes to an end.
#[test]
#[expect(clippy::disallowed_methods, reason = "the patience under test is real")]
fn a_busy_neighbour_does_not_stretch_patience() {
    let xvfb = Xvfb::start("1280x720x24");
    let left = xvfb.set_monitor("LEFT", (0, 0, 600, 720));
    let mut screen = xvfb.server().open(left).unwrap();
    settled(&mut *screen);
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let painter = Painter::new(&xvfb);
            let stopped = stopped;
            let going = || stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty);
            for colour in (0..).take_while(|_| going()) {
                painter.fill(900, 300, 50, 50, colour);
            }
        });
        let start = Instant::now();
        assert!(screen.next(Duration::from_millis(300)).unwrap().is_none());
        assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
        drop(stop);
    });
}

/// S-64: while another program captures the same display without pause, the first picture still
/// comes within the budget, and every change is seen.
#[test]
#[expect(clippy::disallowed_methods, reason = "the budget is time that passes")]
fn another_capture_does_not_slow_this_one() {
    const BUDGET: Duration = Duration::from_millis(500);
    let xvfb = Xvfb::start("1920x1080x24");
    let display = xvfb.server().displays().unwrap().remove(0);
    let mut painter = Painter::new(&xvfb);
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (other, display) = (Painter::new(&xvfb), display.clone());
            let stopped = stopped;
            while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                other.picture(&display);
            }
        });
        let start = Instant::now();
        let mut screen = xvfb.server().open(display.id).unwrap();
        screen.next(PATIENCE).unwrap().expect("a first picture");
        assert!(start.elapsed() < BUDGET, "the first picture took {:?}", start.elapsed());
        for _ in 0..10 {
            painter.scribble(&display);
            assert!(screen.next(PATIENCE).unwrap().is_some(), "the change is seen");
            settled(&mut *screen);
        }
        drop(stop);
    });
}

/// Shared memory is what brings the pixels, is marked for removal while in use, so that no crash
/// leaves it behind, and is gone with the screen.
#[test]
fn shared_memory_is_used_and_never_left_behind() {
    // The picture, and what is spare. An extent that no other test has, since the segments of a process are told apart by size.
    let (width, height) = (334_u16, 222_u16);
    let bytes = u32::from(width) * u32::from(height) * 4 + 1024 * 1024;
    let segments = || -> Vec<(bool, u32)> {
        let table = std::fs::read_to_string("/proc/sysvipc/shm").expect("Linux lists segments");
        let rows = table.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>());
        let ours = rows.filter(|row| row[3] == bytes.to_string());
        let ours = ours.filter(|row| row[4] == std::process::id().to_string());
        // Bit 01000 of the mode is SHM_DEST; the seventh column counts attachments.
        ours.map(|row| {
            (row[2].len() == 4 && row[2].starts_with('1'), row[6].parse::<u32>().unwrap())
        })
        .collect()
    };
    let xvfb = Xvfb::start("640x480x24");
    let id = xvfb.set_monitor("SMALL", (10, 10, width, height));
    let mut screen = xvfb.server().open(id).unwrap();
    screen.next(PATIENCE).unwrap().expect("a first picture");
    assert_eq!(segments(), [(true, 2)], "marked for removal, attached here and by the server");
    drop(screen);
    let left = (0..100).all(|_| {
        std::thread::sleep(Duration::from_millis(20));
        !segments().is_empty()
    });
    assert!(!left, "the server let go of it");

    let mut screen = xvfb.server().without_shared_memory().open(id).unwrap();
    screen.next(PATIENCE).unwrap().expect("a first picture");
    assert_eq!(segments(), []);
}

/// A server that ends is an error at once, not a wait.
#[test]
fn a_server_that_ends_is_an_error() {
    let xvfb = Xvfb::start("640x480x24");
    let mut screen = xvfb.server().open(xvfb.display("screen").id).unwrap();
    settled(&mut *screen);
    drop(xvfb);
    let ended = (0..20).find_map(|_| screen.next(PATIENCE).err());
    assert!(matches!(ended, Some(CaptureError::Platform { .. })), "{ended:?}");
}

/// 16-bit pixels are refused with a reason, never shown in wrong colours.
#[test]
fn other_pixel_formats_are_unavailable() {
    let xvfb = Xvfb::start("640x480x16");
    let refused = xvfb.server().displays().expect_err("16 bits are refused");
    let CaptureError::Unavailable { backend: "X11", detail } = refused else { panic!("{refused}") };
    assert!(detail.contains("depth 16"), "{detail}");
}

#[test]
fn no_server_is_unavailable_and_named() {
    for name in [":59001", ":65000", ":99999", "nonsense", ""] {
        let refused = Server::named(name).displays().expect_err("nobody answers");
        let CaptureError::Unavailable { backend: "X11", detail } = refused else {
            panic!("{refused}")
        };
        assert!(detail.contains(name), "{detail}");
    }
}
