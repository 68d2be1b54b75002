//! The exact half of the picture: tiles, for whoever takes them.

use std::collections::BTreeMap;
use std::time::Duration;

use rh_capture::{Frame, Pixels, Rect};
use rh_codec::tiles::{Bgrx, Painter, Parcel, Viewer};
use rh_protocol::{DisplayId, PeerId};

use super::audience::Seat;
use super::drain::Drain;

/// What is painted, and for whom. Without anybody who takes tiles it costs nothing.
pub(super) struct Canvas {
    display: DisplayId,
    painter: Option<Painter>,
    drains: BTreeMap<PeerId, Drain>,
}

impl Canvas {
    pub(super) const fn new(display: DisplayId) -> Self {
        Self { display, painter: None, drains: BTreeMap::new() }
    }

    /// Has everybody be painted everything anew.
    pub(super) fn start_over(&mut self) {
        self.painter.iter_mut().for_each(Painter::start_over);
    }

    /// What is near here is made exact first.
    pub(super) fn point_at(&mut self, (x, y): (u32, u32)) {
        if let Some(painter) = &mut self.painter {
            painter.point_at(x, y);
        }
    }

    /// The last picture, if it is kept.
    pub(super) fn picture(&self) -> Option<Bgrx<'_>> {
        self.painter.as_ref().map(Painter::picture)
    }

    /// What is left to the video, if anybody takes tiles.
    pub(super) fn video(&self) -> Option<Vec<Rect>> {
        self.painter.as_ref().map(Painter::video)
    }

    /// Those of `seats` who can see the video, each with the bits per second that are all that its
    /// network carries, if tiles found any.
    pub(super) fn measured(&self, seats: &[Seat]) -> Vec<(PeerId, Option<u32>)> {
        let videos = seats.iter().filter(|seat| seat.video).map(|seat| seat.id);
        let measured = |id| self.drains.get(&id).and_then(Drain::limit);
        videos.map(|id| (id, measured(id))).collect()
    }

    /// When there is something to do though nothing changes.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let painter = self.painter.as_ref().and_then(Painter::deadline);
        let looks = self.drains.values().filter_map(Drain::deadline);
        looks.chain(painter).min()
    }

    /// What everybody who takes tiles is painted: of a new picture, or of what had to wait.
    pub(super) fn look(
        &mut self,
        frame: Option<&Frame<'_>>,
        at: Duration,
        seats: &[Seat],
        capacities: &BTreeMap<PeerId, u32>,
    ) -> Vec<Parcel> {
        let viewers = self.viewers(at, seats, capacities);
        if viewers.is_empty() {
            self.painter = None;
            return Vec::new();
        }
        let parcels = match frame {
            Some(frame) => {
                let parcels = self.look_at(frame, at, &viewers);
                parcels.or_else(|| Some(self.painter.take()?.leave(frame.size, at, &viewers)))
            }
            None => self.painter.as_mut().map(|painter| painter.tend(at, &viewers)),
        };
        let parcels = parcels.unwrap_or_default();
        for parcel in &parcels {
            let bytes = parcel.messages.iter().map(|it| it.encoded_len()).sum();
            self.drains.entry(parcel.to).or_default().sent(at, bytes);
        }
        parcels
    }

    fn viewers(
        &mut self,
        at: Duration,
        seats: &[Seat],
        capacities: &BTreeMap<PeerId, u32>,
    ) -> Vec<Viewer> {
        let taking = seats.iter().filter_map(|seat| Some((seat, seat.backlog?)));
        self.drains.retain(|id, _| taking.clone().any(|(seat, _)| seat.id == *id));
        taking
            .map(|(seat, backlog)| {
                let drain = self.drains.entry(seat.id).or_default();
                drain.look(at, backlog);
                Viewer {
                    id: seat.id,
                    room: drain.room(backlog),
                    capacity: drain.capacity(capacities.get(&seat.id).copied()),
                    video: seat.video,
                }
            })
            .collect()
    }

    /// `None` if the picture is of a kind that cannot be painted; then it is the video's.
    fn look_at(
        &mut self,
        frame: &Frame<'_>,
        at: Duration,
        viewers: &[Viewer],
    ) -> Option<Vec<Parcel>> {
        let looked = frame.pixels.in_memory(|pixels| {
            let Pixels::Bgrx { data, stride } = pixels else { return None };
            let picture = Bgrx::new(data, stride, frame.size)?;
            let known = self.painter.take().filter(|it| it.size() == frame.size);
            let whole = [Rect::whole(frame.size)];
            let damage = if known.is_some() { frame.damage } else { &whole };
            let painter = known.unwrap_or_else(|| Painter::new(self.display, frame.size));
            Some(self.painter.insert(painter).look(picture, damage, at, viewers))
        });
        looked.inspect_err(|error| tracing::warn!(%error, "the picture cannot be read")).ok()?
    }
}

#[cfg(test)]
mod tests {
    use rh_codec::tiles::Reason;
    use rh_protocol::Size;
    use rh_protocol::tile::{Area, TileMessage};

    use super::*;

    const SIZE: Size = Size { width: 64, height: 32 };

    /// What somebody who sees both is painted of a picture.
    fn look(canvas: &mut Canvas, pixels: Pixels<'_>, size: Size) -> Vec<Parcel> {
        let seat = Seat { id: PeerId(1), ready: true, video: true, backlog: Some(0) };
        let damage = [Rect::whole(size)];
        let frame = Frame { size, damage: &damage, at: Duration::ZERO, pixels };
        canvas.look(Some(&frame), Duration::ZERO, &[seat], &BTreeMap::new())
    }

    /// What is painted must not stay above a video that goes on.
    #[test]
    fn a_picture_that_cannot_be_painted_is_the_videos() {
        let bytes = [90; 64 * 64 * 4];
        let paintable = Pixels::Bgrx { data: &bytes, stride: 64 * 4 };
        let other =
            Pixels::Nv12 { luma: &bytes, luma_stride: 64, chroma: &bytes, chroma_stride: 64 };
        let mut canvas = Canvas::new(DisplayId(7));
        let begins =
            |parcels: &[Parcel]| matches!(parcels[0].messages[0], TileMessage::Picture { .. });
        assert!(begins(&look(&mut canvas, paintable, SIZE)));
        let left = look(&mut canvas, other, SIZE);
        assert_eq!((left.len(), left[0].video, left[0].reason), (1, true, Reason::Area));
        let [TileMessage::Video { areas, .. }] = &left[0].messages[..] else { panic!("{left:?}") };
        assert_eq!(areas[..], [Area { x: 0, y: 0, width: 64, height: 32 }]);
        assert!(look(&mut canvas, other, SIZE).is_empty(), "the video goes on alone");
        assert!(begins(&look(&mut canvas, paintable, SIZE)), "all is painted anew");
        let resized = Size { height: 64, ..SIZE };
        assert!(begins(&look(&mut canvas, other, resized)), "with the video's size");
    }
}
