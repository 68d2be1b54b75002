/** A screen's pixels, `0xBBGGRR` each, and the messages that bring them to the page. */

import { deflateRawSync } from "node:zlib";

import { encodeQoi } from "../src/tiles/bytes";
import { LIMITS } from "../src/protocol";
import type { Coding, Message } from "../src/tiles/message";
import type { Rect } from "../src/tiles/region";

export class Raster {
  readonly #pixels: Uint32Array;

  /** Looks a bit like a screen, a bit like a photo, and is nowhere the same. */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#pixels = Uint32Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      if ((x >> 4) % 3 === 0) return (y >> 3) % 2 === 0 ? 0xffffff : 0x202020;
      if ((x >> 4) % 3 === 1) return ((x & 255) << 16) | ((y & 255) << 8) | ((x + y) & 255);
      return (Math.imul(at + 1, 2654435761) >>> 8) & 0xffffff;
    });
  }

  get whole(): Rect {
    return { x: 0, y: 0, w: this.width, h: this.height };
  }

  fill({ x, y, w, h }: Rect, color: number): void {
    for (let row = y; row < y + h; row++)
      this.#pixels.fill(color, row * this.width + x, row * this.width + x + w);
  }

  copy(from: Rect, x: number, y: number): void {
    const source = this.#rows(from);
    source.forEach((row, index) => this.#pixels.set(row, (y + index) * this.width + x));
  }

  /** Tiles of a part, each of as many rows as fit into a message. */
  tiles(part: Rect, at: number, coding: Coding = "qoi"): Message[] {
    const h = Math.max(Math.floor((LIMITS.TILE_BYTES - 64) / (4 * part.w)), 1);
    return Array.from({ length: Math.ceil(part.h / h) }, (_, index) => {
      const rect = { ...part, y: part.y + index * h, h: Math.min(h, part.h - index * h) };
      const chunks = encodeQoi(this.#rows(rect).flatMap((row) => [...row]));
      const bytes = coding === "qoi" ? chunks : new Uint8Array(deflateRawSync(chunks));
      return { kind: "tile", coding, at, bytes, ...rect };
    });
  }

  /** How many pixels of a picture in RGBA are not these. */
  differing(rgba: Buffer): number {
    if (rgba.length !== 4 * this.#pixels.length) return Infinity;
    return this.#pixels.filter((pixel, at) => rgba.readUIntLE(4 * at, 3) !== pixel).length;
  }

  #rows({ x, y, w, h }: Rect): Uint32Array[] {
    return Array.from({ length: h }, (_, row) => {
      const start = (y + row) * this.width + x;
      return this.#pixels.slice(start, start + w);
    });
  }
}
