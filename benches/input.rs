//! What an action costs between the wire and the desktop: reading it, mapping it, guarding it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rh_input::{Area, Guard};
use rh_protocol::{Display, DisplayId, FromHelper, InputEvent, Key, Point, decode, encode};

mod nowhere;

use nowhere::Nowhere;

const LEFT: DisplayId = DisplayId(2);

/// A display left of the origin.
fn display() -> Display {
    let name = "left".to_owned();
    let (width, height) = (2560, 1440);
    Display { id: LEFT, name, x: -2560, y: -180, width, height, scale: 2.0, primary: false }
}

fn at(x: f32, y: f32) -> Point {
    Point::new(LEFT, x, y).expect("a share")
}

fn map(c: &mut Criterion) {
    let area = Area::new(&display());
    c.bench_function("input/map/point", |b| b.iter(|| area.locate(black_box(at(0.3, 0.7)))));
}

fn guard(c: &mut Criterion) {
    let mut guard = Guard::new(Nowhere);
    guard.show(&display());
    let to = InputEvent::Move { at: at(0.3, 0.7) };
    c.bench_function("input/guard/move", |b| b.iter(|| guard.inject(black_box(&to))));

    let key = |down| InputEvent::Key { key: Key::KeyA, down };
    let (press, release) = (key(true), key(false));
    c.bench_function("input/guard/press_and_release", |b| {
        b.iter(|| guard.inject(black_box(&press)).and(guard.inject(black_box(&release))))
    });
}

fn read(c: &mut Criterion) {
    let message = FromHelper::Input { seq: 7, event: InputEvent::Move { at: at(0.25, 0.75) } };
    let json = encode(&message);
    c.bench_function(&format!("input/decode/{}B", json.len()), |b| {
        b.iter(|| decode::<FromHelper>(black_box(json.as_bytes())))
    });
}

criterion_group!(benches, map, guard, read);
criterion_main!(benches);
