/** Writes messages and pixels as the agent does, for tests. */

import type { Message } from "./message";
import type { Rect } from "./region";

export function writeMessage(message: Message): ArrayBuffer {
  switch (message.kind) {
    case "picture": {
      const { display, at, width, height } = message;
      return bytes(u8(1), u32(display), u32(at), u16(width), u16(height));
    }
    case "tile": {
      const coding = message.coding === "qoi" ? 1 : 2;
      return bytes(u8(2, coding), u32(message.at), rect(message), message.bytes);
    }
    case "copy": {
      const { at, from } = message;
      return bytes(u8(3), u32(at), u16(from.x), u16(from.y), rect(message));
    }
    case "video":
      return bytes(u8(4), u32(message.at), u16(message.areas.length), ...message.areas.map(rect));
  }
}

/** QOI chunks of opaque pixels, `0xBBGGRR` each; the plain encoder of the specification. */
export function encodeQoi(pixels: Iterable<number>): Uint8Array {
  const out: number[] = [];
  const seen = new Uint32Array(64);
  let [before, run] = [0, 0];
  const endRun = () => {
    if (run > 0) out.push(0xc0 | (run - 1));
    run = 0;
  };
  for (const pixel of pixels) {
    if (pixel === before) {
      if (++run === 62) endRun();
      continue;
    }
    endRun();
    out.push(...chunk(pixel, before, seen));
    before = pixel;
  }
  endRun();
  return Uint8Array.from(out);
}

function chunk(pixel: number, before: number, seen: Uint32Array): number[] {
  const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, pixel >> 16];
  const place = (r * 3 + g * 5 + b * 7 + 255 * 11) % 64;
  // Opaque, so that black is not taken for what was not seen yet.
  const opaque = (pixel | 0xff000000) >>> 0;
  if (seen[place] === opaque) return [place];
  seen[place] = opaque;
  const change = (now: number, shift: number) => ((now - (before >> shift)) << 24) >> 24;
  const [dr, dg, db] = [change(r, 0), change(g, 8), change(b, 16)];
  const within = (low: number, high: number, ...all: number[]) =>
    all.every((it) => it >= low && it <= high);
  if (within(-2, 1, dr, dg, db)) return [0x40 | ((dr + 2) << 4) | ((dg + 2) << 2) | (db + 2)];
  if (within(-32, 31, dg) && within(-8, 7, dr - dg, db - dg))
    return [0x80 | (dg + 32), ((dr - dg + 8) << 4) | (db - dg + 8)];
  return [0xfe, r, g, b];
}

function bytes(...parts: Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

function u8(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function u16(...values: number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
}

function u32(value: number): Uint8Array {
  return u16(value >>> 16, value & 0xffff);
}

function rect({ x, y, w, h }: Rect): Uint8Array {
  return u16(x, y, w, h);
}
