/**
 * What is painted above the video, and what becomes of it with each message and each video frame.
 *
 * Pure: it says what to draw, and draws nothing. A pixel of the picture is either painted, or open:
 * transparent, so that video shows through. An area that goes over to video stays painted until the
 * first frame is presented that is not older: before that, the video beneath still shows the past.
 */

import type { Message, Picture, Video } from "./message";
import { area, bounds, clip, contains, meet, without } from "./region";
import type { Rect } from "./region";

/** What to draw, besides the pixels of a tile that is taken. */
export type Drawing =
  /** Starts afresh, all transparent. */
  | { draw: "picture"; width: number; height: number }
  | { draw: "copy"; from: Rect; to: Rect }
  /** Makes transparent. */
  | { draw: "clear"; areas: Rect[] };

/** What the view has to know. */
export type Shown = {
  picture: { display: number; width: number; height: number };
  /** How much of the picture is painted, in whole percent; 100 only if all of it is. */
  painted: number;
  /** Whether nothing of the video is to be seen, now or with its next frame. */
  covered: boolean;
};

/** An area that waits for its video frame since a time on this page's clock, in milliseconds. */
type Waiting = Rect & { at: number; since: number };

/**
 * Limits of a picture that a browser's canvas can hold, which no screen reaches: a quarter of a
 * gigabyte of memory.
 */
const LONGEST_SIDE = 16_384;
const MOST_PIXELS = 2 ** 26;

/** The most rectangles that either list may hold: about as many as fit into one message. */
const MOST = 8192;

/**
 * Milliseconds after which a frame that does not tell its timestamp is taken for the one that an
 * area waits for: network, decoding and display take less.
 */
export const PATIENCE = 200;

/** Whether `a` is not older than `b`, on a clock that wraps (RFC 1982). */
export function reaches(a: number, b: number): boolean {
  return ((a - b) | 0) >= 0;
}

export class Layer {
  #picture: Picture | undefined;
  /** Disjoint; may be coarser than it is, never finer. */
  #open: Rect[] = [];
  #waiting: Waiting[] = [];
  /** The timestamp of the newest frame that was presented. */
  #presented: number | undefined;

  /** No message comes any more: what is painted would grow old, so the video is all there is. */
  end(): Drawing[] {
    const ended = this.#picture;
    this.#picture = undefined;
    this.#open = [];
    this.#waiting = [];
    return ended ? [{ draw: "picture", width: ended.width, height: ended.height }] : [];
  }

  /** Whether a message makes sense now; one that does not is ignored as a whole. */
  accepts(message: Message): boolean {
    switch (message.kind) {
      case "picture": {
        const { width, height } = message;
        return Math.max(width, height) <= LONGEST_SIDE && width * height <= MOST_PIXELS;
      }
      case "tile":
        return this.#holds(message) && this.#waiting.length <= MOST;
      case "copy":
        return (
          this.#holds(message) &&
          this.#holds(message.from) &&
          this.#isPainted(message.from) &&
          this.#waiting.length <= MOST
        );
      case "video":
        return this.#picture !== undefined && this.#waiting.length + message.areas.length <= MOST;
    }
  }

  /** Takes a message that it accepts, at `now`; says what to draw. */
  take(message: Message, now: number): Drawing[] {
    switch (message.kind) {
      case "picture": {
        const { width, height } = message;
        this.#picture = message;
        this.#open = [{ x: 0, y: 0, w: width, h: height }];
        this.#waiting = [];
        return [{ draw: "picture", width, height }];
      }
      case "tile":
        this.#paint(message);
        return [];
      case "copy": {
        const { x, y, w, h, from } = message;
        this.#paint(message);
        return [{ draw: "copy", from, to: { x, y, w, h } }];
      }
      case "video":
        return this.#await(message, now);
    }
  }

  /** A video frame is presented; its timestamp may be unknown. */
  presented(at: number | undefined, now: number): Drawing[] {
    if (at === undefined) return this.#release(({ since }) => now - since >= PATIENCE);
    this.#presented = at;
    return this.#release((waiting) => reaches(at, waiting.at));
  }

  get shown(): Shown | undefined {
    if (!this.#picture) return undefined;
    const { display, width, height } = this.#picture;
    return {
      picture: { display, width, height },
      painted: Math.floor(100 * (1 - area(this.#open) / (width * height))),
      covered: this.#open.length + this.#waiting.length === 0,
    };
  }

  #holds({ x, y, w, h }: Rect): boolean {
    return (
      this.#picture !== undefined && x + w <= this.#picture.width && y + h <= this.#picture.height
    );
  }

  #isPainted(rect: Rect): boolean {
    return ![...this.#open, ...this.#waiting].some((other) => meet(other, rect));
  }

  #paint(rect: Rect): void {
    this.#open = bounded(without(this.#open, rect));
    this.#waiting = without(this.#waiting, rect);
  }

  #await({ at, areas }: Video, since: number): Drawing[] {
    const { width, height } = this.#picture!;
    const before = [...this.#waiting];
    for (const rect of areas) {
      const inside = clip(rect, width, height);
      // What waits already goes over to video sooner.
      if (!inside || before.some((other) => contains(other, inside))) continue;
      this.#waiting.push({ ...inside, at, since });
    }
    const seen = this.#presented;
    return seen === undefined ? [] : this.#release((waiting) => reaches(seen, waiting.at));
  }

  /** Opens the areas that have waited enough. */
  #release(enough: (waiting: Waiting) => boolean): Drawing[] {
    const areas = this.#waiting.filter(enough).map(({ x, y, w, h }) => ({ x, y, w, h }));
    if (areas.length === 0) return [];
    this.#waiting = this.#waiting.filter((waiting) => !enough(waiting));
    for (const rect of areas) this.#open = bounded([...without(this.#open, rect), rect]);
    return [{ draw: "clear", areas }];
  }
}

/** A list that became too long is replaced by its bounds, so that a message has bounded cost. */
function bounded(rects: Rect[]): Rect[] {
  return rects.length > MOST ? [bounds(rects)] : rects;
}
