//! Runs one hot loop once, for `cargo xtask counts` to count its instructions.
//!
//! Without a name it lists the loops. There are no threads, no clock and no chance in any of them, so
//! that a count differs only where the code does. What takes the time is the Criterion benches' part.
#![expect(clippy::print_stdout, reason = "a command line answers there")]

mod input;
#[path = "../nowhere.rs"]
mod nowhere;
mod picture;
#[path = "../../crates/rh-codec/tests/scenes/mod.rs"]
mod scenes;
mod tiles;

use std::env;
use std::process::ExitCode;

/// What is counted. All that it needs was made before.
type Loop = Box<dyn FnMut()>;

/// A loop's name and what makes it ready.
type Named = (&'static str, fn() -> Loop);

/// By what they belong to.
const LOOPS: &[&[Named]] = &[picture::LOOPS, tiles::LOOPS, input::LOOPS];

fn main() -> ExitCode {
    let mut loops = LOOPS.iter().copied().flatten();
    let Some(wanted) = env::args().nth(1) else {
        loops.for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    };
    let Some((_, ready)) = loops.find(|(name, _)| *name == wanted) else {
        println!("no loop is called {wanted}");
        return ExitCode::FAILURE;
    };
    counted(&mut *ready());
    ExitCode::SUCCESS
}

/// Counting begins and ends with this function: Callgrind knows it by its name.
#[inline(never)]
fn counted(hot: &mut dyn FnMut()) {
    hot();
}
