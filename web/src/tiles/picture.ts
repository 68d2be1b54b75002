/**
 * The painted picture, in memory. A canvas is only ever written to from here: what is read back from
 * a canvas comes in new memory each time, which for a whole screen costs more than the copy itself
 * (8 ms of processor time instead of 3, with what it takes to show it).
 */

import type { Rect } from "./region";

export class Picture {
  /** RGBA, row by row. */
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
  /** The same, one number a pixel. */
  readonly #pixels: Uint32Array;

  /** All transparent. */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.bytes = new Uint8ClampedArray(4 * width * height);
    this.#pixels = new Uint32Array(this.bytes.buffer);
  }

  /** Puts `pixels` at `at`, row by row. */
  put(pixels: Uint32Array, { x, y, w, h }: Rect): void {
    for (let row = 0; row < h; row++)
      this.#pixels.set(pixels.subarray(row * w, (row + 1) * w), this.#index(x, y + row));
  }

  /** What is at `from` appears at `to` too, which is as large, as if copied through a buffer. */
  copy(from: Rect, to: Rect): void {
    const { w, h } = from;
    // Rows that are next to each other in memory are one.
    if (w === this.width) return this.#move(from.y * w, to.y * w, w * h);
    // What is read later must not be written before.
    const up = to.y <= from.y;
    for (let step = 0; step < h; step++) {
      const row = up ? step : h - 1 - step;
      this.#move(this.#index(from.x, from.y + row), this.#index(to.x, to.y + row), w);
    }
  }

  /** Makes it transparent there. */
  clear({ x, y, w, h }: Rect): void {
    for (let row = y; row < y + h; row++)
      this.#pixels.fill(0, this.#index(x, row), this.#index(x, row) + w);
  }

  #move(from: number, to: number, count: number): void {
    this.#pixels.copyWithin(to, from, from + count);
  }

  #index(x: number, y: number): number {
    return y * this.width + x;
  }
}
