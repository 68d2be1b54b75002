/**
 * A sharer's screen, an agent that follows the rules of the wire, and a helper's page, for tests.
 * Pixels are numbers; every change has a number of its own, so that it is known how old one is.
 */

import { Layer } from "./layer";
import type { Drawing } from "./layer";
import type { Message } from "./message";
import type { Rect } from "./region";

export const WIDTH = 7;
export const HEIGHT = 5;
const SIZE = WIDTH * HEIGHT;
/** Of the 90 kHz clock: 30 captures a second. */
const TICK = 3000;

type Sent = { message: Message; pixels: number[]; tick: number; takesBack: boolean };
type Frame = { tick: number; pixels: number[] };

export class World {
  /** The screen after each capture. */
  readonly truth: number[][] = [new Array<number>(SIZE).fill(0)];
  readonly #layer = new Layer();
  readonly #messages: Sent[] = [];
  #frames: Frame[] = [];
  /** What the agent knows to be video at the helper's. */
  readonly #video = new Array<boolean>(SIZE).fill(true);
  readonly #painted: (number | undefined)[] = new Array<undefined>(SIZE).fill(undefined);
  #frame: Frame | undefined;

  /** `start` is the clock at first. */
  constructor(readonly start: number) {
    const picture = { display: 1, at: this.#at(0), width: WIDTH, height: HEIGHT };
    this.#send({ kind: "picture", ...picture }, [], false);
  }

  get #tick(): number {
    return this.truth.length - 1;
  }

  /** What the helper sees; `undefined` where there is nothing yet. */
  get seen(): (number | undefined)[] {
    return this.#painted.map((pixel, at) => pixel ?? this.#frame?.pixels[at]);
  }

  get covered(): boolean {
    return this.#layer.shown?.covered ?? false;
  }

  /** The screen changes in `rect`, which goes as a tile. */
  tile(rect: Rect): void {
    this.#change(rect, () => this.#tick);
    this.settle(rect);
  }

  /** A tile of what is there. */
  settle(rect: Rect): void {
    const takesBack = this.#own(rect, false);
    const pixels = inside(rect).map((at) => this.truth.at(-1)![at]!);
    const bytes = new Uint8Array();
    this.#send({ kind: "tile", coding: "qoi", at: this.#at(), bytes, ...rect }, pixels, takesBack);
  }

  /** Something moves on the screen, and goes as a copy if the helper has all of it painted. */
  move(from: Rect, to: Rect): void {
    if (inside(from).some((at) => this.#video[at])) return this.tile(to);
    const before = this.truth.at(-1)!;
    const source = inside(from).map((at) => before[at]!);
    this.#change(to, (index) => source[index]!);
    const takesBack = this.#own(to, false);
    this.#send({ kind: "copy", at: this.#at(), from, ...to }, [], takesBack);
  }

  /** The screen changes in `rects`, which go over to video, and a frame is captured. */
  play(rects: readonly Rect[]): void {
    rects.forEach((rect, index) => this.#change(rect, () => this.#tick, index > 0));
    for (const rect of rects) this.#own(rect, true);
    this.#send({ kind: "video", at: this.#at(), areas: [...rects] }, [], false);
    this.film();
  }

  /** A frame of the whole screen sets out. */
  film(): void {
    this.#frames.push({ tick: this.#tick, pixels: this.truth.at(-1)! });
  }

  /** The next message arrives. */
  deliver(): void {
    const sent = this.#messages.shift();
    if (!sent) return;
    if (!this.#layer.accepts(sent.message)) throw new Error(`refused: ${sent.message.kind}`);
    for (const drawing of this.#layer.take(sent.message, 0)) this.#draw(drawing);
    if (sent.message.kind === "tile") this.#fill(sent.message, (index) => sent.pixels[index]);
  }

  /**
   * One of the frames under way is presented, and what was captured before it never will be. None
   * overtakes a message that takes an area back from video: no receiver could know of it.
   */
  present(which: number): void {
    const back = this.#messages.find(({ takesBack }) => takesBack)?.tick ?? Infinity;
    const ready = this.#frames.filter(({ tick }) => tick <= back);
    const frame = ready[which % ready.length];
    if (!frame) return;
    this.#frame = frame;
    this.#frames = this.#frames.filter(({ tick }) => tick > frame.tick);
    for (const drawing of this.#layer.presented(this.#at(frame.tick), 0)) this.#draw(drawing);
  }

  /** A frame under way is lost. */
  lose(which: number): void {
    this.#frames.splice(which % (this.#frames.length || 1), 1);
  }

  /** Everything that is under way arrives. */
  rest(): void {
    while (this.#messages.length > 0) this.deliver();
    this.#frames.sort((a, b) => a.tick - b.tick);
    while (this.#frames.length > 0) this.present(0);
  }

  #at(tick = this.#tick): number {
    return (this.start + tick * TICK) >>> 0;
  }

  #change(rect: Rect, pixel: (index: number) => number, same = false): void {
    if (!same) this.truth.push([...this.truth.at(-1)!]);
    const now = this.truth.at(-1)!;
    inside(rect).forEach((at, index) => (now[at] = pixel(index)));
  }

  /** Whether anything changes hands from video. */
  #own(rect: Rect, video: boolean): boolean {
    const places = inside(rect);
    const takesBack = !video && places.some((at) => this.#video[at]);
    for (const at of places) this.#video[at] = video;
    return takesBack;
  }

  #send(message: Message, pixels: number[], takesBack: boolean): void {
    this.#messages.push({ message, pixels, tick: this.#tick, takesBack });
  }

  #fill(rect: Rect, pixel: (index: number) => number | undefined): void {
    inside(rect).forEach((at, index) => (this.#painted[at] = pixel(index)));
  }

  #draw(drawing: Drawing): void {
    switch (drawing.draw) {
      case "picture":
        return void this.#painted.fill(undefined);
      case "copy": {
        const source = inside(drawing.from).map((at) => this.#painted[at]);
        return this.#fill(drawing.to, (index) => source[index]);
      }
      case "clear":
        for (const rect of drawing.areas) this.#fill(rect, () => undefined);
    }
  }
}

function inside({ x, y, w, h }: Rect): number[] {
  return Array.from({ length: w * h }, (_, i) => (y + Math.floor(i / w)) * WIDTH + x + (i % w));
}
