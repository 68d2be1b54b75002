/** Where on the shared display something on the page is, and back. */

import type { DisplayId, Point } from "../protocol";

export type Box = { left: number; top: number; width: number; height: number };
export type Extent = { width: number; height: number };

/**
 * The part of `box` that shows the picture: `object-fit: contain` leaves bars above and below or
 * beside it. At 1:1 the box has the shape of the picture, and there are none.
 */
export function pictureBox(box: Box, picture: Extent): Box | undefined {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined;
  const width = picture.width * scale;
  const height = picture.height * scale;
  return {
    left: box.left + (box.width - width) / 2,
    top: box.top + (box.height - height) / 2,
    width,
    height,
  };
}

/**
 * The size of the display that a video of size `coded` shows: H.264 with 4:2:0 knows no odd sides, so
 * the sharer's agent shows the last column or row of one twice.
 */
export function displaySize(coded: Extent, pixels: Extent | undefined): Extent {
  const own = (coded: number, real: number | undefined): number =>
    real !== undefined && real === coded - 1 && real % 2 === 1 ? real : coded;
  return { width: own(coded.width, pixels?.width), height: own(coded.height, pixels?.height) };
}

/** The size of the video that shows a display of that size. */
export function codedSize({ width, height }: Extent): Extent {
  return { width: width + (width % 2), height: height + (height % 2) };
}

/**
 * The point of `display` under page position `x`, `y`. Outside of the picture there is none; but
 * while a button is `held`, it is the nearest point of the edge, so that a drag can reach it.
 */
export function toPoint(
  x: number,
  y: number,
  shown: Box,
  display: DisplayId,
  held: boolean,
): Point | undefined {
  const point = { display, x: (x - shown.left) / shown.width, y: (y - shown.top) / shown.height };
  if (held) return { display, x: clamp(point.x), y: clamp(point.y) };
  return point.x === clamp(point.x) && point.y === clamp(point.y) ? point : undefined;
}

/** The page position of a point. */
export function fromPoint(point: Point, shown: Box): { x: number; y: number } {
  return { x: shown.left + point.x * shown.width, y: shown.top + point.y * shown.height };
}

function clamp(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}
