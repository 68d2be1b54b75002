//! Which of the blocks that changed go to the video, and why.

use rh_protocol::PathReason as Reason;

/// Changes per second from which on a block is taken to be in motion.
pub const MOTION: f32 = 5.0;
/// Bytes a pixel from which on pixels are taken to be a photograph.
const PHOTOGRAPH: f32 = 0.5;
/// Bytes a pixel of a whole picture up to which tiles, deflated, are no more than a key frame that
/// is hard to read.
pub(super) const TEXT: f32 = 0.55;
/// Bytes a pixel from which on a block is no text, however dense, and video shows it sooner.
const COSTLY: f32 = 1.2;
/// Pixels of a block below which they are taken to be a letter.
const LETTER: u32 = 300;
/// Part of the picture that photographs may take as tiles: one in so many pixels. From there on
/// they cost a browser more than video does.
const FEW: u64 = 20;
/// Part of the picture that may be in motion as tiles: one in so many pixels.
const LARGE: u64 = 8;
/// Part of the picture below which a change is always exact: one in so many pixels.
pub(super) const SMALL: u64 = 200;

/// A block that changed.
#[derive(Clone, Copy, Debug)]
pub struct Changed {
    /// Its pixels that may have changed.
    pub pixels: u32,
    /// About how many bytes they take as tiles.
    pub bytes: u32,
    /// How often it changes, per second.
    pub rate: f32,
    /// Whether it is the video's already.
    pub video: bool,
}

/// What there is to send changes with.
#[derive(Clone, Copy, Debug)]
pub struct Means {
    /// Bytes that may be sent at this moment.
    pub budget: usize,
    /// Whether the viewer can decode video.
    pub video: bool,
    /// Pixels of the whole picture.
    pub picture: u64,
}

/// Says for each block of `changed` whether it goes to the video, and the reason that weighs most.
pub fn choose(changed: &[Changed], means: Means) -> (Vec<bool>, Reason) {
    let mut video: Vec<bool> = changed.iter().map(|it| means.video && it.video).collect();
    if changed.is_empty() {
        return (video, Reason::Still);
    }
    if !means.video {
        return (video, Reason::NoVideo);
    }
    let mut reason = if video.contains(&true) { Reason::Motion } else { Reason::Exact };
    let mut send = |video: &mut Vec<bool>, why, which: &dyn Fn(&Changed) -> bool| {
        for (it, video) in changed.iter().zip(video.iter_mut()) {
            if !*video && which(it) {
                (*video, reason) = (true, why);
            }
        }
    };
    let moving = |it: &Changed| it.rate >= MOTION;
    let left = |video: &[bool], of: fn(&Changed) -> u32, which: &dyn Fn(&Changed) -> bool| -> u64 {
        let left = changed.iter().zip(video).filter(|(it, video)| !**video && which(it));
        left.map(|(it, _)| u64::from(of(it))).sum()
    };
    let photograph = |it: &Changed| {
        moving(it) && it.pixels >= LETTER && it.bytes as f32 > it.pixels as f32 * PHOTOGRAPH
    };
    if left(&video, |it| it.pixels, &photograph) * FEW > means.picture {
        send(&mut video, Reason::Photographic, &photograph);
    }
    if left(&video, |it| it.pixels, &moving) * LARGE > means.picture {
        send(&mut video, Reason::Area, &moving);
    }
    // What does not move is painted bit by bit, unless that takes longer than video.
    let costly = |it: &Changed| it.bytes as f32 > it.pixels as f32 * COSTLY;
    for which in [&moving as &dyn Fn(&Changed) -> bool, &costly] {
        let small = left(&video, |it| it.pixels, &|_| true) * SMALL <= means.picture;
        if !small && left(&video, |it| it.bytes, &|_| true) > means.budget as u64 {
            send(&mut video, Reason::Budget, which);
        }
    }
    (video, reason)
}
