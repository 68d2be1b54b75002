//! The picture's whole way without a network: a change on the screen, captured, compressed, and in
//! the hands of the link.

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use rh_capture::Screen;
use rh_capture::mock::{Pattern, VirtualDesktop};
use rh_codec::{Backend, Encoder, Settings};
use rh_protocol::Size;
use rh_session::link::{Link, Shown, mock};
use tokio::runtime::Runtime;

const PATIENCE: Duration = Duration::from_secs(1);

/// A screen, an encoder and a link, end to end.
struct Way<S> {
    screen: S,
    encoder: Box<dyn Encoder>,
    link: mock::MockLink,
    helper: mock::MockHelper,
    runtime: Runtime,
}

impl<S: Screen> Way<S> {
    fn new(screen: S) -> Self {
        let (link, mut helper) = mock::pair();
        helper.connect();
        let encoder = Backend::OpenH264.open(Settings::default()).expect("openh264 is built in");
        let runtime = Runtime::new().expect("a runtime");
        let mut way = Self { screen, encoder, link, helper, runtime };
        way.carry();
        way
    }

    /// Carries the newest picture to the helper; returns its compressed size.
    fn carry(&mut self) -> usize {
        let frame = self.screen.next(PATIENCE).expect("captures").expect("something changed");
        let encoded = self.encoder.encode(&frame, false).expect("encodes");
        assert_eq!(self.link.show(&encoded), Shown::Sent);
        self.runtime.block_on(self.helper.shown()).data.len()
    }
}

/// One typed glyph: little changes.
fn glyph(c: &mut Criterion) {
    let desk = VirtualDesktop::with_held_clock();
    let mut way = Way::new(desk.screen());
    let mut typed = 0;
    c.bench_function("pipeline/glyph/1280x720", |b| {
        b.iter(|| {
            // A line at a time, so that the notepad never scrolls out of sight.
            desk.text(if typed % 40 == 39 { "\n" } else { "g" });
            typed += 1;
            way.carry()
        })
    });
}

/// Every block of the picture changes.
fn pattern(c: &mut Criterion) {
    let size = Size { width: 1920, height: 1080 };
    let mut way = Way::new(Pattern::new(size));
    c.bench_function("pipeline/pattern/1920x1080", |b| b.iter(|| way.carry()));
}

criterion_group!(benches, glyph, pattern);
criterion_main!(benches);
