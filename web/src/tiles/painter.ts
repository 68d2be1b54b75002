/** Draws what the messages say; works the same in a worker and on the main thread. */

import { inflate } from "./inflate";
import { Layer } from "./layer";
import type { Shown } from "./layer";
import { readMessage } from "./message";
import type { Message, Tile } from "./message";
import { Panes } from "./panes";
import { decodeQoi, longestQoi } from "./qoi";

/** What the view is told. */
export type Report = Partial<Shown> & {
  /** Grows whenever the other canvas is to be seen. */
  turn: number;
  /** Messages that were broken or made no sense, and were ignored. */
  ignored: number;
};

export class Painter {
  readonly #layer = new Layer();
  readonly #told: (report: Report) => void;
  /** What is seen of it. */
  readonly panes = new Panes();
  /** Messages behind one whose decoding takes a while; they are taken in their order. */
  #queue: unknown[] = [];
  #busy = false;
  #ignored = 0;
  #report = "";

  /** `told` is called whenever what the view has to know has changed. */
  constructor(told: (report: Report) => void) {
    this.#told = told;
  }

  /** Takes a message of the channel, as it came. */
  receive(data: unknown): void {
    this.#queue.push(data);
    this.#work();
  }

  /** A frame of the video is presented; its RTP timestamp may be unknown. */
  presented(at: number | undefined): void {
    for (const drawing of this.#layer.presented(at, performance.now())) this.panes.draw(drawing);
    this.#tell();
  }

  /** The channel is closed. */
  end(): void {
    this.#queue = [];
    for (const drawing of this.#layer.end()) this.panes.draw(drawing);
    this.#tell();
  }

  #work(): void {
    while (!this.#busy && this.#queue.length > 0) this.#take(this.#queue.shift());
    this.#tell();
  }

  #take(data: unknown): void {
    const message = readMessage(data);
    if (!message || !this.#layer.accepts(message)) this.#ignored++;
    else if (message.kind !== "tile") this.#apply(message);
    else if (message.coding === "qoi") this.#applyTile(message, message.bytes);
    else void this.#inflate(message);
  }

  async #inflate(tile: Tile): Promise<void> {
    this.#busy = true;
    const chunks = await inflate(tile.bytes, longestQoi(tile.w * tile.h));
    this.#applyTile(tile, chunks);
    this.#busy = false;
    this.#work();
  }

  #applyTile(tile: Tile, chunks: Uint8Array | undefined): void {
    const pixels = chunks && decodeQoi(chunks, tile.w * tile.h);
    if (!pixels) return void this.#ignored++;
    this.#apply(tile);
    this.panes.paint(pixels, tile);
  }

  #apply(message: Message): void {
    for (const drawing of this.#layer.take(message, performance.now())) this.panes.draw(drawing);
  }

  #tell(): void {
    this.panes.cover(this.#layer.shown?.covered ?? false);
    const report = { ...this.#layer.shown, turn: this.panes.turn, ignored: this.#ignored };
    const text = JSON.stringify(report);
    if (text === this.#report) return;
    this.#report = text;
    this.#told(report);
  }
}
