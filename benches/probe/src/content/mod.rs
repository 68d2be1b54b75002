//! What is shown on the sharer's display. All of it is deterministic: the same steps give the same
//! pixels.

mod drag;
pub(crate) mod flip;
mod scroll;
mod typing;
mod video;
mod words;

use clap::ValueEnum;

use crate::canvas::{Canvas, Colour, Pen, Rect};
use drag::Drag;
use flip::Flip;
use scroll::Scroll;
use typing::Typing;
use video::Video;
use words::Words;

/// Something that is shown.
pub(crate) trait Content {
    /// Draws the first picture on all of `canvas`.
    fn begin(&mut self, canvas: &mut Canvas<'_>);

    /// Draws the next step and returns what changed.
    fn step(&mut self, _canvas: &mut Canvas<'_>) -> Vec<Rect> {
        Vec::new()
    }

    /// Reacts to a key or a button and returns what changed.
    fn input(&mut self, _canvas: &mut Canvas<'_>) -> Vec<Rect> {
        Vec::new()
    }
}

/// Content by its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Kind {
    /// A page of text that stays as it is.
    Page,
    /// One colour.
    Plain,
    /// A page on which one character appears with each step.
    Typing,
    /// A terminal as large as the screen, whose hard-edged text moves up a line with each step.
    Terminal,
    /// A pane of smooth text beside a fixed one, which moves up a line with each step.
    Text,
    /// A window of text that is dragged over a page of text.
    Drag,
    /// A film.
    Video,
    /// A block that turns from black to white and back with every key and button.
    Flip,
}

/// How content of each kind is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Width and height of the block that flips.
    pub(crate) block: (usize, usize),
    /// Width and height of a film beside it, if there is one.
    pub(crate) film: Option<(usize, usize)>,
}

impl Kind {
    /// Whether its steps are counted in its picture. Where the picture should hardly change, they
    /// are not.
    pub(crate) const fn counted(self) -> bool {
        matches!(self, Self::Terminal | Self::Text | Self::Drag | Self::Video)
    }

    pub(crate) fn content(self, shape: Shape) -> Box<dyn Content> {
        match self {
            Self::Page => Box::new(Page),
            Self::Plain => Box::new(Plain),
            Self::Typing => Box::new(Typing::default()),
            Self::Terminal => Box::new(Scroll::terminal()),
            Self::Text => Box::new(Scroll::text()),
            Self::Drag => Box::new(Drag::default()),
            Self::Video => Box::new(Video::whole()),
            Self::Flip => Box::new(Flip::new(shape.block, shape.film)),
        }
    }
}

/// Height of the bars above and below, which hold marks and counters.
const BAR: usize = 40;

const DARK: Colour = [24, 28, 36];
const INK: Colour = [214, 218, 224];

/// The part of a canvas between the bars.
fn inner(canvas: &Canvas<'_>) -> Rect {
    Rect::new(0, BAR, canvas.width, canvas.height - 2 * BAR)
}

struct Page;

impl Content for Page {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        Words::new(7).page(canvas, Pen { ink: INK, paper: DARK, smooth: true });
    }
}

/// The colour of [`Kind::Plain`]: no page and no browser has it.
pub(crate) const PLAIN: Colour = [255, 0, 255];

struct Plain;

impl Content for Plain {
    fn begin(&mut self, canvas: &mut Canvas<'_>) {
        canvas.fill(canvas.area(), PLAIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { block: (12, 20), film: Some((64, 32)) };
    const SIZE: (usize, usize) = (1920, 1080);

    /// The pictures of `kind` after each of `steps`, and what was said to have changed.
    fn pictures(kind: Kind, steps: usize) -> Vec<(Vec<u8>, Vec<Rect>)> {
        let mut pixels = vec![0; SIZE.0 * SIZE.1 * 4];
        let mut content = kind.content(SHAPE);
        content.begin(&mut Canvas::new(SIZE.0, SIZE.1, &mut pixels));
        let mut seen = vec![(pixels.clone(), Vec::new())];
        for _ in 0..steps {
            let mut canvas = Canvas::new(SIZE.0, SIZE.1, &mut pixels);
            let mut changed = content.step(&mut canvas);
            changed.extend(content.input(&mut canvas));
            seen.push((pixels.clone(), changed));
        }
        seen
    }

    #[test]
    fn the_same_steps_give_the_same_pixels() {
        for kind in Kind::value_variants() {
            assert!(pictures(*kind, 2) == pictures(*kind, 2), "{kind:?}");
        }
    }

    #[test]
    fn everything_that_changes_is_said_to() {
        for kind in Kind::value_variants() {
            for pair in pictures(*kind, 3).windows(2) {
                let (mut restored, (after, changed)) = (pair[0].0.clone(), &pair[1]);
                let mut new = after.clone();
                let mut new = Canvas::new(SIZE.0, SIZE.1, &mut new);
                let mut old = Canvas::new(SIZE.0, SIZE.1, &mut restored);
                for rect in changed {
                    old.put(*rect, &new.copy(*rect));
                }
                assert!(restored == *after, "{kind:?} changed more than {changed:?}");
            }
        }
    }

    #[test]
    fn what_is_to_move_moves_with_every_step() {
        for kind in [Kind::Typing, Kind::Terminal, Kind::Text, Kind::Drag, Kind::Video, Kind::Flip]
        {
            let seen = pictures(kind, 3);
            assert!(seen.windows(2).all(|pair| pair[0].0 != pair[1].0), "{kind:?}");
        }
    }
}
