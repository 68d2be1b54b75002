//! What it costs to take a picture in: BGRX to planes, the whole and only what changed.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use rh_capture::{Frame, Pixels, Rect, Size};
use rh_codec::Picture;

const SIZE: Size = Size { width: 1920, height: 1080 };

fn conversion(criterion: &mut Criterion) {
    let data: Vec<u8> = (0..SIZE.width * SIZE.height * 4).map(|at| (at / 7) as u8).collect();
    let pixels = Pixels::Bgrx { data: &data, stride: SIZE.width as usize * 4 };
    let mut picture = Picture::new(SIZE);
    for (what, damage) in [
        ("convert_whole", Rect { x: 0, y: 0, width: SIZE.width, height: SIZE.height }),
        ("convert_window", Rect { x: 333, y: 222, width: 640, height: 480 }),
        ("convert_glyph", Rect { x: 801, y: 401, width: 8, height: 16 }),
    ] {
        let damage = [damage];
        let frame = Frame { size: SIZE, damage: &damage, at: Duration::ZERO, pixels };
        criterion.bench_function(&format!("codec/{what}/1920x1080"), |bencher| {
            bencher.iter(|| picture.update(black_box(&frame)).expect("converts"));
        });
    }
}

criterion_group!(benches, conversion);
criterion_main!(benches);
