//! What one picture costs the encoder, by what happens on the desktop.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rh_capture::Size;
use rh_codec::{Backend, Encoder, Settings};

#[path = "../crates/rh-codec/tests/scenes/mod.rs"]
mod scenes;
use scenes::Desktop;

const SIZE: Size = Size { width: 1920, height: 1080 };
const TICK: Duration = Duration::from_millis(33);

type Change = fn(&mut Desktop);

fn open() -> Box<dyn Encoder> {
    Backend::OpenH264.open(Settings::default()).expect("openh264 works everywhere")
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codec");
    group.sample_size(20);
    let scenes: [(&str, Change); 4] = [
        ("typing", Desktop::type_glyph),
        ("scroll", Desktop::scroll),
        ("drag", Desktop::drag),
        ("motion", Desktop::film),
    ];
    for (name, change) in scenes {
        let (mut encoder, desktop) = (open(), RefCell::new(Desktop::new(SIZE)));
        let at = Cell::new(Duration::ZERO);
        encoder.encode(&desktop.borrow().frame(at.get()), true).expect("encodes");
        let next = || {
            change(&mut desktop.borrow_mut());
            at.set(at.get() + TICK);
        };
        group.bench_function(format!("encode_{name}/1920x1080"), |bencher| {
            let encode =
                |()| encoder.encode(&desktop.borrow().frame(at.get()), false).expect("encodes");
            bencher.iter_batched(next, encode, BatchSize::PerIteration);
        });
    }
}

fn the_same_picture(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codec");
    group.sample_size(20);
    for (name, key) in [("idle", false), ("key_frame", true)] {
        let (mut encoder, desktop, mut at) = (open(), Desktop::new(SIZE), Duration::ZERO);
        encoder.encode(&desktop.frame(at), true).expect("encodes");
        group.bench_function(format!("encode_{name}/1920x1080"), |bencher| {
            bencher.iter(|| {
                at += Duration::from_secs(1);
                encoder.again(at, key).expect("encodes")
            });
        });
    }
}

criterion_group!(benches, encode, the_same_picture);
criterion_main!(benches);
