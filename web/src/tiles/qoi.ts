/**
 * Decodes the pixels of a tile: chunks of the QOI image format (qoiformat.org, specification 1.0) for
 * RGB, without its header and end mark.
 */

/**
 * Alpha of an opaque pixel, which is what every pixel is. Signed, as all pixels are while they are
 * decoded: what has 32 bits and no sign is a floating point number to an engine, and four times as
 * slow.
 */
const OPAQUE = 0xff000000 | 0;

/** Pixels from which on a run is faster filled than written one by one. */
const LONG = 12;

/** The most bytes that `pixels` pixels can take: each one as a chunk of its own. */
export function longestQoi(pixels: number): number {
  return 4 * pixels;
}

/**
 * RGBA of `pixels` pixels, one number each, row by row; `undefined` if `bytes` are not exactly that
 * many, or hold a chunk with alpha.
 */
export function decodeQoi(bytes: Uint8Array, pixels: number): Uint32Array | undefined {
  // Every machine that browsers run on is little-endian: R is the lowest byte of a pixel.
  const out = new Int32Array(pixels);
  const seen = new Int32Array(64);
  let [color, next, at] = [OPAQUE, 0, 0];
  while (next < pixels) {
    if (at >= bytes.length) return undefined;
    const tag = bytes[at++]!;
    if (tag >= 0xc0 && tag < 0xfe) {
      const last = next + (tag & 63) + 1;
      if (last > pixels) return undefined;
      if (last - next >= LONG) out.fill(color, next, (next = last));
      while (next < last) out[next++] = color;
      continue;
    }
    if (tag < 0x40) {
      out[next++] = color = seen[tag]! | OPAQUE;
      continue;
    }
    let r = color & 255;
    let g = (color >> 8) & 255;
    let b = (color >> 16) & 255;
    if (tag < 0x80) {
      r = (r + ((tag >> 4) & 3) - 2) & 255;
      g = (g + ((tag >> 2) & 3) - 2) & 255;
      b = (b + (tag & 3) - 2) & 255;
    } else if (tag < 0xc0) {
      if (at >= bytes.length) return undefined;
      const beside = bytes[at++]!;
      const change = (tag & 63) - 32;
      r = (r + change + (beside >> 4) - 8) & 255;
      g = (g + change) & 255;
      b = (b + change + (beside & 15) - 8) & 255;
    } else {
      if (tag === 0xff || at + 3 > bytes.length) return undefined;
      r = bytes[at++]!;
      g = bytes[at++]!;
      b = bytes[at++]!;
    }
    color = OPAQUE | (b << 16) | (g << 8) | r;
    // The hash of the specification; 2805 is 255 * 11, of an opaque pixel.
    out[next++] = seen[(r * 3 + g * 5 + b * 7 + 2805) & 63] = color;
  }
  return at === bytes.length ? new Uint32Array(out.buffer) : undefined;
}
