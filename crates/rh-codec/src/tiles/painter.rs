//! Looks at each picture and decides what every viewer is sent.

use std::time::Duration;

use rh_capture::{Rect, Size};
use rh_protocol::DisplayId;
use rh_protocol::tile::{TileMessage, VideoTime};

use super::Bgrx;
use super::Reason;
use super::block::Block;
use super::chooser::{Changed, Means, TEXT, choose};
use super::coding::{area, estimate};
use super::found::Found;
use super::grid::{Grid, around};
use super::has::Has;
use super::last::LastPicture;
use super::moves::{Eagerness, SMALLEST as SMALLEST_MOVE, Search, find_moves};
use super::viewer::{Coded, Model, Parcel, Viewer, holds};

/// One display on its way to its viewers as exact pixels, with areas left to the video.
///
/// It keeps the last picture, so that what changed is compared once for all viewers, and a viewer
/// who lags is sent the newest pixels and never what it missed.
#[derive(Debug)]
pub struct Painter {
    display: DisplayId,
    grid: Grid,
    size: Size,
    last: LastPicture,
    blocks: Vec<Block>,
    viewers: Vec<Model>,
    pointer: (u32, u32),
    eagerness: Eagerness,
}

impl Painter {
    /// Begins with a display of `size` that nobody has seen. A resized display, or another, needs a
    /// new painter.
    pub fn new(display: DisplayId, size: Size) -> Self {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        crate::memory::give_back_large_buffers();
        let grid = Grid::new(size);
        Self {
            display,
            grid,
            size,
            last: LastPicture::new(size),
            blocks: vec![Block::default(); grid.len()],
            viewers: Vec::new(),
            pointer: (size.width / 2, size.height / 2),
            eagerness: Eagerness::default(),
        }
    }

    /// The extent of its pictures.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The last picture it has looked at.
    pub fn picture(&self) -> Bgrx<'_> {
        self.last.pixels()
    }

    /// Forgets what everybody has: they are sent everything anew, also if nothing changes.
    pub fn start_over(&mut self) {
        self.viewers.clear();
    }

    /// What is the video's for any viewer.
    pub fn video(&self) -> Vec<Rect> {
        let is_video = |block: &usize| self.viewers.iter().any(|it| it.has[*block] == Has::Video);
        let blocks = (0..self.grid.len()).filter(is_video);
        let boxes: Vec<_> = blocks.map(|block| (block, self.grid.rect(block))).collect();
        self.grid.group(&boxes, usize::MAX).into_iter().map(|group| group.rect).collect()
    }

    /// What is near this pixel is made exact first.
    pub const fn point_at(&mut self, x: u32, y: u32) {
        self.pointer = (x, y);
    }

    /// Takes in a picture captured at `at`, of which nothing but `damage` may differ from the last
    /// one, and decides what each of `viewers` is sent; those who are not among them are forgotten.
    ///
    /// The first picture's damage is the whole. `at` never runs backwards.
    ///
    /// # Panics
    ///
    /// If the picture is not of the painter's size, or damage is outside of it.
    pub fn look(
        &mut self,
        picture: Bgrx<'_>,
        damage: &[Rect],
        at: Duration,
        viewers: &[Viewer],
    ) -> Vec<Parcel> {
        assert_eq!(picture.size(), self.size, "another size needs another painter");
        let mut damage = damage.to_vec();
        let mut found = self.take_moves(picture, &mut damage);
        let boxes = self.last.update(picture, &damage);
        found.bytes = self.weigh(picture, &boxes);
        boxes.iter().for_each(|(block, _)| self.blocks[*block].changes(at));
        let changed: u64 = boxes.iter().map(|(_, rect)| rect.area()).sum();
        if changed >= SMALLEST_MOVE || !found.moves.is_empty() {
            self.eagerness.searched(!found.moves.is_empty());
        }
        for block in found.moves.iter().flat_map(|it| self.grid.touching(it.to)) {
            self.blocks[block].at = at;
        }
        found.boxes = boxes;
        self.serve(&found, at, viewers)
    }

    /// Goes on at `at` though nothing has changed: makes exact what rests, and sends what had to
    /// wait; see [`deadline`](Self::deadline).
    pub fn tend(&mut self, at: Duration, viewers: &[Viewer]) -> Vec<Parcel> {
        self.serve(&Found::default(), at, viewers)
    }

    /// Leaves everything to the video from `at` on, whose next picture, of `size`, cannot be painted.
    /// Whoever sees no video keeps what they have.
    pub fn leave(self, size: Size, at: Duration, viewers: &[Viewer]) -> Vec<Parcel> {
        let Rect { width, height, .. } = Rect::whole(size);
        let (width, height, at) = (width as u16, height as u16, VideoTime::since_zero(at));
        let message = if size == self.size {
            TileMessage::Video { at, areas: vec![area(Rect::whole(size))] }
        } else {
            TileMessage::Picture { display: self.display, at, width, height }
        };
        let knows = |viewer: &&Viewer| self.viewers.iter().any(|it| it.id == viewer.id);
        let leaving = viewers.iter().filter(|viewer| viewer.video).filter(knows);
        let messages = || vec![message.clone()];
        let parcel = |to| Parcel { to, messages: messages(), video: true, reason: Reason::Area };
        leaving.map(|viewer| parcel(viewer.id)).collect()
    }

    /// When [`tend`](Self::tend) has something to do if nothing changes before; `None` if everybody
    /// has everything.
    pub fn deadline(&self) -> Option<Duration> {
        let rests = |model: &Model| {
            let video = model.has.iter().zip(&self.blocks).filter(|(has, _)| **has == Has::Video);
            video.map(|(_, block)| block.rests()).min()
        };
        self.viewers.iter().flat_map(|it| [rests(it), it.resumes()]).flatten().min()
    }

    /// About how many bytes each of `boxes` takes as tiles; for what is everybody's video, that does
    /// not matter.
    fn weigh(&self, picture: Bgrx<'_>, boxes: &[(usize, Rect)]) -> Vec<u32> {
        let mut scratch = Vec::new();
        let is_video =
            |block: usize| self.viewers.iter().all(|model| model.has[block] == Has::Video);
        let weigh = |(block, rect): &(usize, Rect)| match is_video(*block) {
            true => 0,
            false => estimate(picture, *rect, &mut scratch) as u32,
        };
        boxes.iter().map(weigh).collect()
    }

    /// Finds what has moved, moves it in the last picture, and takes it out of the damage.
    fn take_moves(&mut self, picture: Bgrx<'_>, damage: &mut Vec<Rect>) -> Found {
        let mut found = Found::default();
        let Some(bounds) = damage.iter().copied().reduce(Rect::union) else { return found };
        let total: u64 = damage.iter().map(|it| it.area()).sum();
        let mut areas = if total * 2 >= bounds.area() { vec![bounds] } else { damage.clone() };
        areas.retain(|area| area.area() >= SMALLEST_MOVE && !self.viewers.is_empty());
        let search = self.eagerness.search();
        for area in areas.iter().filter(|_| search != Search::None) {
            let thorough = search == Search::Thorough;
            let moves = find_moves(self.last.pixels(), picture, *area, thorough);
            let scrolls = moves.iter().map(|it| it.to.area()).sum::<u64>() * 2 > total;
            for it in moves.iter().copied() {
                if !scrolls && !self.somebody_has(it.source(it.to)) {
                    continue;
                }
                self.last.shift(it);
                *damage = damage.iter().flat_map(|rect| around(*rect, it.to)).collect();
                found.moves.push(it);
            }
            let panes = moves.iter().map(|it| it.to.union(it.source(it.to))).reduce(Rect::union);
            found.panes.extend(panes.filter(|_| scrolls));
        }
        found
    }

    /// Whether a viewer has most of `area`, so that it could copy it.
    fn somebody_has(&self, area: Rect) -> bool {
        let has = |model: &Model| {
            let exact = |block: &usize| model.has[*block] == Has::Exact;
            let blocks = self.grid.touching(area);
            self.grid.touching(area).filter(exact).count() * 2 > blocks.count()
        };
        self.viewers.iter().any(has)
    }

    fn serve(&mut self, found: &Found, at: Duration, viewers: &[Viewer]) -> Vec<Parcel> {
        self.viewers.retain(|it| viewers.iter().any(|viewer| viewer.id == it.id));
        let mut coded = Coded::default();
        viewers.iter().map(|viewer| self.serve_one(found, at, viewer, &mut coded)).collect()
    }

    fn serve_one(
        &mut self,
        found: &Found,
        at: Duration,
        viewer: &Viewer,
        coded: &mut Coded,
    ) -> Parcel {
        let known = self.viewers.iter().position(|it| it.id == viewer.id);
        let time = VideoTime::since_zero(at);
        let (mut model, mut reason) = match known.map(|at| self.viewers.swap_remove(at)) {
            Some(mut model) => {
                model.update(viewer, at);
                for it in &found.moves {
                    let won = found.panes.iter().any(|pane| holds(*pane, it.to));
                    model.moved(self.grid, *it, won, time);
                }
                let reason = self.show_changes(&mut model, found, viewer, time, coded);
                (model, reason)
            }
            None => (self.welcome(viewer, at), Reason::Still),
        };
        let mut goes_on = false;
        for (number, (has, block)) in model.has.iter_mut().zip(&self.blocks).enumerate() {
            match *has {
                Has::Video if at >= block.rests() => *has = Has::Old(self.grid.rect(number)),
                Has::Video => goes_on = true,
                Has::Exact | Has::Old(_) => {}
            }
        }
        if goes_on {
            model.win_back(self.grid, Rect::whole(self.size).area());
        }
        let repaired =
            model.repair(self.grid, self.pointer, &found.panes, self.last.pixels(), time, coded);
        if reason == Reason::Still && repaired {
            reason = Reason::Repair;
        }
        let messages = std::mem::take(&mut model.messages);
        let parcel = Parcel { to: viewer.id, messages, video: model.needs_video(), reason };
        self.viewers.push(model);
        parcel
    }

    /// Somebody new: gets all of the picture exact, bit by bit if it is much, and video first where
    /// that is sooner.
    fn welcome(&self, viewer: &Viewer, at: Duration) -> Model {
        let mut model = Model::new(viewer, self.display, Rect::whole(self.size), at);
        model.update(viewer, at);
        let bytes = estimate(self.last.pixels(), Rect::whole(self.size), &mut Vec::new());
        let text = bytes as f32 <= Rect::whole(self.size).area() as f32 * TEXT;
        let exact = text || bytes <= model.budget() || !viewer.video;
        let old = |block| if exact { Has::Old(self.grid.rect(block)) } else { Has::Video };
        model.has = (0..self.grid.len()).map(old).collect();
        model
    }

    fn show_changes(
        &self,
        model: &mut Model,
        found: &Found,
        viewer: &Viewer,
        at: VideoTime,
        coded: &mut Coded,
    ) -> Reason {
        // What comes into view of what scrolls is no film.
        let scrolls = |rect: Rect| found.panes.iter().any(|pane| holds(*pane, rect));
        let blocks = found.boxes.iter().zip(&found.bytes);
        let changed = blocks.map(|((block, rect), bytes)| Changed {
            pixels: rect.area() as u32,
            bytes: *bytes,
            rate: if scrolls(*rect) { 0.0 } else { self.blocks[*block].rate() },
            video: model.has[*block] == Has::Video,
        });
        let changed: Vec<_> = changed.collect();
        let picture = Rect::whole(self.size).area();
        let means = Means { budget: model.budget(), video: viewer.video, picture };
        let (video, reason) = choose(&changed, means);
        let to_video = found.boxes.iter().zip(&video);
        let to_video: Vec<_> = to_video.filter(|(_, to)| **to).map(|(it, _)| it.0).collect();
        if !to_video.is_empty() {
            model.hand_over(self.grid, &to_video, at);
        }
        let kept = found.boxes.iter().zip(&changed).zip(&video).filter(|(_, video)| !**video);
        let (kept, bytes): (Vec<_>, Vec<_>) = kept.map(|((it, of), _)| (*it, of.bytes)).unzip();
        let bytes = bytes.into_iter().map(u64::from).sum();
        model.paint(self.grid, (&kept, bytes), self.last.pixels(), at, coded);
        let copied = !found.moves.is_empty() && !video.contains(&true);
        if copied { Reason::Moved } else { reason }
    }
}
