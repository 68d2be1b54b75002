/**
 * Reads the messages of the data channel `tiles` (rh-protocol, `tile.rs`): binary, big-endian, from
 * the agent only. What is unknown or broken reads as `undefined`, and the caller ignores it.
 *
 * `at` is the time of the capture on the clock of the video's RTP timestamps: 90 kHz, and it wraps.
 */

import { LIMITS } from "../protocol";
import type { Rect } from "./region";

/** How a tile's pixels are coded: as QOI chunks of RGB, or as those in raw deflate (RFC 1951). */
export type Coding = "qoi" | "deflated_qoi";

/** A new picture begins: whatever was painted is void. */
export type Picture = {
  kind: "picture";
  display: number;
  at: number;
  width: number;
  height: number;
};

/** Pixels to paint. */
export type Tile = { kind: "tile"; coding: Coding; at: number; bytes: Uint8Array } & Rect;

/** What is painted at `from` appears here too, as if copied through a buffer. */
export type Copy = { kind: "copy"; at: number; from: Rect } & Rect;

/** Areas that belong to video from the first frame on that is not older than `at`. */
export type Video = { kind: "video"; at: number; areas: Rect[] };

export type Message = Picture | Tile | Copy | Video;

/** The far edges of every rectangle are within this. */
const FARTHEST = 0xffff;

const CODINGS: Partial<Record<number, Coding>> = { 1: "qoi", 2: "deflated_qoi" };

export function readMessage(data: unknown): Message | undefined {
  if (
    !(data instanceof ArrayBuffer) ||
    data.byteLength === 0 ||
    data.byteLength > LIMITS.TILE_BYTES
  )
    return undefined;
  const view = new DataView(data);
  switch (view.getUint8(0)) {
    case 1:
      return picture(view);
    case 2:
      return tile(view);
    case 3:
      return copy(view);
    case 4:
      return video(view);
    default:
      return undefined;
  }
}

function picture(view: DataView): Picture | undefined {
  if (view.byteLength !== 13) return undefined;
  const [width, height] = [view.getUint16(9), view.getUint16(11)];
  if (width === 0 || height === 0) return undefined;
  return { kind: "picture", display: view.getUint32(1), at: view.getUint32(5), width, height };
}

function tile(view: DataView): Tile | undefined {
  if (view.byteLength <= LIMITS.TILE_HEAD_BYTES) return undefined;
  const coding = CODINGS[view.getUint8(1)];
  const rect = rectAt(view, 6);
  if (!coding || !rect) return undefined;
  const bytes = new Uint8Array(view.buffer, LIMITS.TILE_HEAD_BYTES);
  return { kind: "tile", coding, at: view.getUint32(2), bytes, ...rect };
}

function copy(view: DataView): Copy | undefined {
  if (view.byteLength !== 17) return undefined;
  const rect = rectAt(view, 9);
  const from = rect && fitting({ ...rect, x: view.getUint16(5), y: view.getUint16(7) });
  if (!from) return undefined;
  return { kind: "copy", at: view.getUint32(1), from, ...rect };
}

function video(view: DataView): Video | undefined {
  if (view.byteLength < 7) return undefined;
  const count = view.getUint16(5);
  if (count === 0 || view.byteLength !== 7 + 8 * count) return undefined;
  const areas: Rect[] = [];
  for (let index = 0; index < count; index++) {
    const rect = rectAt(view, 7 + 8 * index);
    if (!rect) return undefined;
    areas.push(rect);
  }
  return { kind: "video", at: view.getUint32(1), areas };
}

function rectAt(view: DataView, offset: number): Rect | undefined {
  const [x, y] = [view.getUint16(offset), view.getUint16(offset + 2)];
  const [w, h] = [view.getUint16(offset + 4), view.getUint16(offset + 6)];
  return fitting({ x, y, w, h });
}

/** `rect`, if it has pixels and a picture can hold it. */
function fitting(rect: Rect): Rect | undefined {
  const { x, y, w, h } = rect;
  return w > 0 && h > 0 && x + w <= FARTHEST && y + h <= FARTHEST ? rect : undefined;
}
