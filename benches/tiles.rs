//! What each stage of the exact path costs, by what happens on the desktop.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use rh_capture::{Rect, Size};
use rh_codec::tiles::{Bgrx, Painter, Viewer, code, decode, find_moves};
use rh_protocol::tile::{Coding, TileMessage, VideoTime};
use rh_protocol::{DisplayId, PeerId};

#[path = "../crates/rh-codec/tests/scenes/mod.rs"]
mod scenes;
use scenes::Desktop;

const SIZE: Size = Size { width: 1920, height: 1080 };
const TICK: Duration = Duration::from_millis(33);
const VIEWER: Viewer =
    Viewer { id: PeerId(1), room: 1 << 20, capacity: Some(400_000_000), video: true };

type Change = fn(&mut Desktop);

fn view(pixels: &[u8]) -> Bgrx<'_> {
    Bgrx::new(pixels, SIZE.width as usize * 4, SIZE).expect("it is whole")
}

fn coding(criterion: &mut Criterion) {
    let mut desktop = Desktop::new(SIZE);
    let whole = Rect::whole(SIZE);
    let glyph = Rect { x: 400, y: 528, width: 8, height: 16 };
    let all = |desktop: &Desktop, rect, coding| {
        code(view(&desktop.pixels), black_box(rect), VideoTime(0), coding)
    };
    for (name, rect) in [("glyph", glyph), ("text", whole)] {
        criterion.bench_function(&format!("tiles/qoi_{name}/1920x1080"), |bencher| {
            bencher.iter(|| all(&desktop, rect, Coding::Qoi));
        });
    }
    criterion.bench_function("tiles/deflate_text/1920x1080", |bencher| {
        bencher.iter(|| all(&desktop, whole, Coding::DeflatedQoi));
    });
    let text = all(&desktop, whole, Coding::Qoi);
    criterion.bench_function("tiles/decode_text/1920x1080", |bencher| {
        bencher.iter(|| text.iter().map(decoded).sum::<usize>());
    });
    desktop.film();
    criterion.bench_function("tiles/qoi_film/1920x1080", |bencher| {
        bencher.iter(|| all(&desktop, whole, Coding::Qoi));
    });
}

fn decoded(tile: &TileMessage) -> usize {
    let TileMessage::Tile { coding, area, data, .. } = tile else { return 0 };
    decode(*coding, data, area.width, area.height).map_or(0, |pixels| pixels.len())
}

fn moves(criterion: &mut Criterion) {
    let changes: [(&str, Change); 3] =
        [("scroll", Desktop::scroll), ("drag", Desktop::drag), ("film", Desktop::film)];
    for (name, change) in changes {
        let mut desktop = Desktop::new(SIZE);
        (0..2).for_each(|_| change(&mut desktop));
        let before = desktop.pixels.clone();
        change(&mut desktop);
        let area = desktop.damage[0];
        criterion.bench_function(&format!("tiles/find_{name}/1920x1080"), |bencher| {
            bencher.iter(|| find_moves(view(&before), view(&desktop.pixels), area, true));
        });
    }
}

/// The whole of a look: finding moves, comparing, choosing, coding.
fn look(criterion: &mut Criterion) {
    let changes: [(&str, Change); 4] = [
        ("nothing", |desktop| desktop.damage = vec![Rect::whole(SIZE)]),
        ("typing", Desktop::type_glyph),
        ("scroll", Desktop::scroll),
        ("film", Desktop::film),
    ];
    for (name, change) in changes {
        let mut desktop = Desktop::new(SIZE);
        let mut painter = Painter::new(DisplayId(1), SIZE);
        let mut at = Duration::ZERO;
        painter.look(view(&desktop.pixels), &desktop.damage, at, &[VIEWER]);
        while let Some(next) = painter.deadline() {
            at = at.max(next) + TICK;
            painter.tend(at, &[VIEWER]);
        }
        criterion.bench_function(&format!("tiles/look_{name}/1920x1080"), |bencher| {
            bencher.iter_custom(|rounds| {
                let mut spent = Duration::ZERO;
                for _ in 0..rounds {
                    at += TICK;
                    change(&mut desktop);
                    let begin = now();
                    black_box(painter.look(view(&desktop.pixels), &desktop.damage, at, &[VIEWER]));
                    spent += begin.elapsed();
                }
                spent
            });
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// Comparing alone: damage that changed no pixel.
fn difference(criterion: &mut Criterion) {
    let desktop = Desktop::new(SIZE);
    let mut painter = Painter::new(DisplayId(1), SIZE);
    painter.look(view(&desktop.pixels), &desktop.damage, TICK, &[]);
    for (name, rect) in
        [("whole", Rect::whole(SIZE)), ("glyph", Rect { x: 400, y: 528, width: 8, height: 16 })]
    {
        criterion.bench_function(&format!("tiles/compare_{name}/1920x1080"), |bencher| {
            bencher.iter(|| painter.look(view(&desktop.pixels), black_box(&[rect]), TICK, &[]));
        });
    }
}

criterion_group!(benches, coding, moves, difference, look);
criterion_main!(benches);
