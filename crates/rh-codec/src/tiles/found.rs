//! What a look at a picture has found.

use rh_capture::Rect;

use super::Move;

/// What happened since the last look.
#[derive(Default)]
pub(super) struct Found {
    pub(super) moves: Vec<Move>,
    /// What scrolled, with what has come into view: where moves are the most of what happened.
    pub(super) panes: Vec<Rect>,
    /// The blocks that changed, each with the smallest box around what did.
    pub(super) boxes: Vec<(usize, Rect)>,
    /// About how many bytes each of them takes as tiles.
    pub(super) bytes: Vec<u32>,
}
