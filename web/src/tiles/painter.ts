/** Draws what the messages say; works the same in a worker and on the main thread. */

import { inflate } from "./inflate";
import { Layer } from "./layer";
import type { Drawing, Shown } from "./layer";
import { readMessage } from "./message";
import type { Message, Tile } from "./message";
import { decodeQoi, longestQoi } from "./qoi";

type Canvas = HTMLCanvasElement | OffscreenCanvas;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** What the view is told. */
export type Report = Partial<Shown> & {
  /** Messages that were broken or made no sense, and were ignored. */
  ignored: number;
};

export class Painter {
  readonly #layer = new Layer();
  readonly #told: (report: Report) => void;
  /** Nobody sees this one; it keeps what is painted until there is one to be seen. */
  #context: Context = contextOf(hidden());
  /** Messages behind one whose decoding takes a while; they are taken in their order. */
  #queue: unknown[] = [];
  #busy = false;
  #ignored = 0;
  #report = "";

  /** `told` is called whenever what the view has to know has changed. */
  constructor(told: (report: Report) => void) {
    this.#told = told;
  }

  /** From now on draws to `canvas`, which takes over what is painted. */
  show(canvas: Canvas): void {
    const before = this.#context.canvas;
    canvas.width = before.width;
    canvas.height = before.height;
    this.#context = contextOf(canvas);
    this.#context.drawImage(before, 0, 0);
  }

  /** Takes a message of the channel, as it came. */
  receive(data: unknown): void {
    this.#queue.push(data);
    this.#work();
  }

  /** A frame of the video is presented; its RTP timestamp may be unknown. */
  presented(at: number | undefined): void {
    for (const drawing of this.#layer.presented(at, performance.now())) this.#draw(drawing);
    this.#tell();
  }

  /** The channel is closed. */
  end(): void {
    this.#queue = [];
    for (const drawing of this.#layer.end()) this.#draw(drawing);
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
    this.#context.putImageData(new ImageData(pixels, tile.w, tile.h), tile.x, tile.y);
  }

  #apply(message: Message): void {
    for (const drawing of this.#layer.take(message, performance.now())) this.#draw(drawing);
  }

  #draw(drawing: Drawing): void {
    const context = this.#context;
    switch (drawing.draw) {
      case "picture":
        context.canvas.width = drawing.width;
        context.canvas.height = drawing.height;
        return;
      case "copy": {
        const { from, to } = drawing;
        // Drawing the canvas onto itself would first copy all of it, however small the part.
        context.putImageData(context.getImageData(from.x, from.y, from.w, from.h), to.x, to.y);
        return;
      }
      case "clear":
        for (const { x, y, w, h } of drawing.areas) context.clearRect(x, y, w, h);
    }
  }

  #tell(): void {
    const report = { ...this.#layer.shown, ignored: this.#ignored };
    const text = JSON.stringify(report);
    if (text === this.#report) return;
    this.#report = text;
    this.#told(report);
  }
}

/** A canvas that is on no page; older browsers have none but those that a page could have. */
function hidden(): Canvas {
  if (typeof OffscreenCanvas === "function") return new OffscreenCanvas(1, 1);
  return Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
}

function contextOf(canvas: Canvas): Context {
  // Pixels come and go through memory, so it is there that the canvas belongs.
  const context = canvas.getContext("2d", { willReadFrequently: true }) as Context | null;
  if (!context) throw new Error("a new canvas has a 2D context");
  return context;
}
