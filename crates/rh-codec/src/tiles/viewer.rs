//! What one viewer has, and what it is sent next.

use std::collections::HashMap;
use std::time::Duration;

use rh_capture::Rect;
use rh_protocol::limits::VIDEO_AREAS;
use rh_protocol::tile::{Coding, TileMessage, VideoTime};
use rh_protocol::{DisplayId, PeerId};

use super::Reason;
use super::chooser::SMALL;
use super::coding::{area, code};
use super::grid::{Grid, Group};
use super::has::Has;
use super::moves::in_order;
use super::{Bgrx, Move};

/// Bytes per second that are taken to be possible until the network's capacity is known.
const UNKNOWN: f64 = 2e6;
/// Part of the capacity that tiles may take, alone and beside video.
const SHARE: (f64, f64) = (0.85, 0.5);
/// Time's worth of bytes that may be sent at once, and at least so many.
const BURST: (f64, f64) = (0.25, 131_072.0);
/// Below so many bytes per second, tiles that repair are deflated too.
const SLOW: f64 = 1e6;
/// Room that what rests leaves to what changes next.
const RESERVE: usize = 4_096;
/// Bytes of a block of a photograph.
const PHOTOGRAPH: usize = 3_072;
/// Most blocks of one tile.
const LARGEST: usize = 64;
/// Most messages that copy parts of one move.
const COPIES: usize = 64;
/// Most bytes of a message that copies.
const COPY_BYTES: usize = 17;

/// Somebody who looks on, as known at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Who.
    pub id: PeerId,
    /// Bytes that its channel takes before something would have to wait there.
    pub room: usize,
    /// Bits per second that its network carries, if known.
    pub capacity: Option<u32>,
    /// Whether it can decode video.
    pub video: bool,
}

/// What one viewer gets.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Who.
    pub to: PeerId,
    /// In this order; before the video frame of the same capture.
    pub messages: Vec<TileMessage>,
    /// Whether any of its picture is the video's, so that it needs the next frames.
    pub video: bool,
    /// Why it gets this and not something else.
    pub reason: Reason,
}

/// Tiles that were coded for one viewer serve the others.
#[derive(Default)]
pub(super) struct Coded(HashMap<(Rect, bool), Vec<TileMessage>>);

/// The model of one viewer.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: PeerId,
    pub(super) has: Vec<Has>,
    rate: f64,
    tokens: f64,
    at: Duration,
    room: usize,
    pub(super) messages: Vec<TileMessage>,
}

impl Model {
    /// Somebody new, who has nothing.
    pub(super) fn new(viewer: &Viewer, display: DisplayId, picture: Rect, at: Duration) -> Self {
        let Rect { width, height, .. } = picture;
        let (width, height) = (width as u16, height as u16);
        let begin = TileMessage::Picture { display, at: VideoTime::since_zero(at), width, height };
        let (has, messages) = (Vec::new(), vec![begin]);
        Self { id: viewer.id, has, rate: 0.0, tokens: f64::MAX, at, room: 0, messages }
    }

    /// Takes in how the viewer is at `at`.
    pub(super) fn update(&mut self, viewer: &Viewer, at: Duration) {
        let carries = viewer.capacity.map_or(UNKNOWN, |bits| f64::from(bits) / 8.0);
        let share = if self.needs_video() { SHARE.1 } else { SHARE.0 };
        self.rate = carries * share;
        let passed = at.saturating_sub(self.at).as_secs_f64();
        let moment = carries * BURST.0;
        let most = moment.max(BURST.1);
        // What had to be sent though there was nothing to send it with is a debt of a moment at most.
        self.tokens = (self.tokens.max(-moment) + passed * self.rate).min(most);
        self.at = at;
        self.room = viewer.room;
    }

    /// Bytes that may be sent at this moment.
    pub(super) fn budget(&self) -> usize {
        self.room.min(self.tokens.max(0.0) as usize)
    }

    pub(super) fn needs_video(&self) -> bool {
        self.has.contains(&Has::Video)
    }

    /// When there will be something to send though nothing changes, and nothing rests.
    pub(super) fn resumes(&self) -> Option<Duration> {
        let wait = (1.0 - self.tokens).max(0.0) / self.rate.max(1.0);
        let old = self.has.iter().any(|has| matches!(has, Has::Old(_)));
        old.then(|| self.at + Duration::from_secs_f64(wait.clamp(0.004, 1.0)))
    }

    /// Something has moved: the viewer copies what it has of it, and is to get the rest. Of what was
    /// the video's, it copies parts of blocks only if that is to be `won` back.
    pub(super) fn moved(&mut self, grid: Grid, it: Move, won: bool, at: VideoTime) {
        let mut parts = self.known(grid, it, won);
        parts.sort_by_key(|part| std::cmp::Reverse(part.rect.area()));
        parts.truncate(COPIES);
        let mut copied: Vec<Option<Rect>> = vec![None; self.has.len()];
        for part in in_order(parts, |part| it.source(part.rect), |part| part.rect) {
            if self.room >= COPY_BYTES {
                let from = it.source(part.rect);
                let from = (from.x as u16, from.y as u16);
                self.push(TileMessage::Copy { at, from, area: area(part.rect) });
                for block in part.blocks {
                    copied[block] = grid.rect(block).intersection(part.rect);
                }
            }
        }
        for block in grid.touching(it.to) {
            let whole = grid.rect(block);
            let Some(target) = whole.intersection(it.to) else { continue };
            self.has[block] = self.has[block].moved(whole, target, copied[block]);
        }
    }

    /// What of a move the viewer can copy.
    fn known(&self, grid: Grid, it: Move, won: bool) -> Vec<Group> {
        let exact = |block: usize| self.has[block] == Has::Exact;
        if grid.touching(it.source(it.to)).all(exact) {
            return vec![Group { rect: it.to, blocks: grid.touching(it.to).collect() }];
        }
        let boxes = grid.touching(it.to).filter_map(|block| {
            let target = grid.rect(block).intersection(it.to)?;
            let part = it.known(grid, target, exact)?;
            let useful = won || part == target || self.has[block] != Has::Video;
            useful.then_some((block, target, part))
        });
        let (whole, parts): (Vec<_>, Vec<_>) = boxes.partition(|(_, target, part)| part == target);
        let pick = |boxes: &[(usize, Rect, Rect)]| -> Vec<_> {
            boxes.iter().map(|(block, _, part)| (*block, *part)).collect()
        };
        let mut groups = grid.group(&pick(&whole), usize::MAX);
        for row in parts.chunk_by(|a, b| (a.2.y, a.2.height) == (b.2.y, b.2.height)) {
            groups.extend(grid.group_exactly(&pick(row)));
        }
        groups
    }

    /// Blocks go to the video from the frame at `at` on.
    pub(super) fn hand_over(&mut self, grid: Grid, blocks: &[usize], at: VideoTime) {
        let new: Vec<_> = blocks.iter().copied().filter(|it| self.has[*it] != Has::Video).collect();
        if self.room == 0 {
            new.into_iter().for_each(|block| self.has[block] = Has::Old(grid.rect(block)));
            return;
        }
        new.iter().for_each(|block| self.has[*block] = Has::Video);
        let boxes: Vec<_> = new.into_iter().map(|block| (block, grid.rect(block))).collect();
        let groups = grid.group(&boxes, usize::MAX);
        for groups in groups.chunks(VIDEO_AREAS) {
            let areas = groups.iter().map(|it| area(it.rect)).collect();
            self.push(TileMessage::Video { at, areas });
        }
    }

    /// Paints what changed within blocks that were exact, about so many `bytes`.
    pub(super) fn paint(
        &mut self,
        grid: Grid,
        (boxes, bytes): (&[(usize, Rect)], u64),
        last: Bgrx<'_>,
        at: VideoTime,
        coded: &mut Coded,
    ) {
        let mut exact = Vec::new();
        for (block, rect) in boxes {
            match self.has[*block] {
                Has::Exact => exact.push((*block, *rect)),
                has @ (Has::Old(_) | Has::Video) => self.has[*block] = has.behind(*rect),
            }
        }
        // No tile is much more than may be sent.
        let most = (self.budget() * boxes.len()).checked_div(bytes as usize).unwrap_or(LARGEST);
        for group in grid.group(&exact, most.clamp(1, LARGEST)) {
            self.send(grid, &group, last, at, Coding::Qoi, coded);
        }
    }

    /// What is left of a film and goes on, such as a clock that was in its way, is old: video costs as much
    /// for a little of a picture of so many `pixels` as for all of it.
    pub(super) fn win_back(&mut self, grid: Grid, pixels: u64) {
        let video = (0..self.has.len()).filter(|block| self.has[*block] == Has::Video);
        let video: Vec<_> = video.collect();
        let area: u64 = video.iter().map(|block| grid.rect(*block).area()).sum();
        if area * SMALL <= pixels && video.len() * PHOTOGRAPH <= self.budget() {
            video.into_iter().for_each(|block| self.has[block] = Has::Old(grid.rect(block)));
        }
    }

    /// Sends what is old, and what is the video's though it is in `panes` that scroll, nearest to `near` first, as
    /// much as may be sent now; whether anything was.
    pub(super) fn repair(
        &mut self,
        grid: Grid,
        near: (u32, u32),
        panes: &[Rect],
        last: Bgrx<'_>,
        at: VideoTime,
        coded: &mut Coded,
    ) -> bool {
        let exact = self.has.iter().all(|has| *has == Has::Exact);
        if exact || self.budget() == 0 || self.room < RESERVE {
            return false;
        }
        let won_back = |block| panes.iter().any(|pane| holds(*pane, grid.rect(block)));
        let old = (0..self.has.len()).filter_map(|block| match self.has[block] {
            Has::Old(part) => Some((block, part)),
            Has::Video => won_back(block).then(|| (block, grid.rect(block))),
            Has::Exact => None,
        });
        let boxes: Vec<_> = old.collect();
        // No tile is much more than may be sent.
        let mut groups = grid.group(&boxes, (self.budget() / PHOTOGRAPH).clamp(1, LARGEST));
        groups.sort_by_key(|group| distance(group.rect, near));
        let coding = if self.rate < SLOW { Coding::DeflatedQoi } else { Coding::Qoi };
        for group in &groups {
            if self.budget() == 0 || self.room < RESERVE {
                break;
            }
            self.send(grid, group, last, at, coding, coded);
        }
        !groups.is_empty()
    }

    fn send(
        &mut self,
        grid: Grid,
        group: &Group,
        last: Bgrx<'_>,
        at: VideoTime,
        coding: Coding,
        coded: &mut Coded,
    ) {
        let sent = self.room > 0;
        for block in &group.blocks {
            let has = &mut self.has[*block];
            let part = grid.rect(*block).intersection(group.rect);
            // What was not sent is missing of this block; each of the others has its own part.
            *has = if sent { Has::Exact } else { part.map_or(*has, |part| has.behind(part)) };
        }
        if sent {
            let key = (group.rect, coding == Coding::DeflatedQoi);
            let tiles = coded.0.entry(key).or_insert_with(|| code(last, group.rect, at, coding));
            tiles.iter().for_each(|tile| self.push(tile.clone()));
        }
    }

    fn push(&mut self, message: TileMessage) {
        let bytes = message.encoded_len();
        self.room = self.room.saturating_sub(bytes);
        self.tokens -= bytes as f64;
        self.messages.push(message);
    }
}

/// Whether all of `inner` is in `outer`.
pub(super) fn holds(outer: Rect, inner: Rect) -> bool {
    outer.union(inner) == outer
}

/// The square of the distance between a point and the middle of a rectangle.
fn distance(rect: Rect, to: (u32, u32)) -> u64 {
    let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height / 2);
    u64::from(x.abs_diff(to.0)).pow(2) + u64::from(y.abs_diff(to.1)).pow(2)
}
