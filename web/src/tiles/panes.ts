/**
 * The two canvases that show one picture: a solid one, and one that video shows through.
 *
 * Only one of them is to be seen. A canvas with alpha costs the browser twice: it blends every pixel
 * that changes, and draws what is beneath. While no video is to be seen, the solid one saves both: in
 * software, a terminal that scrolls takes 7 ms of processor time a picture instead of 12. Neither can
 * become the other, so there are two, and the page turns from one to the other. Until it says that it
 * has, both are painted, so that neither ever shows the past.
 */

import type { Drawing } from "./layer";
import { Picture } from "./picture";
import type { Rect } from "./region";

type Canvas = HTMLCanvasElement | OffscreenCanvas;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** The two, as a page has them or as a worker is given them. */
export type Pair<C> = { solid: C; sheer: C };

export class Panes {
  #picture = new Picture(1, 1);
  #solid: Pane | undefined;
  #sheer: Pane | undefined;
  /** Whether it is the solid one that is to be seen. */
  #covered = false;
  #turn = 0;

  /** From now on draws to these, which take over what is painted. */
  show({ solid, sheer }: Pair<Canvas>): void {
    this.#solid = new Pane(solid, false);
    this.#sheer = new Pane(sheer, true);
    this.#fill();
  }

  /** How often another one was to be seen; the page says so once it has turned. */
  get turn(): number {
    return this.#turn;
  }

  /** Whether nothing of the video is to be seen. */
  cover(covered: boolean): void {
    if (covered === this.#covered) return;
    this.#covered = covered;
    this.#turn++;
    this.#fill();
  }

  /** The page has turned so often. One that has yet to turn shows the other canvas for a while. */
  turned(turn: number): void {
    if (turn === this.#turn) (this.#covered ? this.#sheer : this.#solid)?.rest();
  }

  /** Paints the pixels of a tile. */
  paint(pixels: Uint32Array, at: Rect): void {
    this.#picture.put(pixels, at);
    this.#present(at);
  }

  draw(drawing: Drawing): void {
    switch (drawing.draw) {
      case "picture":
        this.#picture = new Picture(drawing.width, drawing.height);
        for (const pane of [this.#solid, this.#sheer]) pane?.rest();
        this.cover(false);
        return this.#fill();
      case "copy":
        this.#picture.copy(drawing.from, drawing.to);
        return this.#present(drawing.to);
      case "clear":
        for (const area of drawing.areas) {
          this.#picture.clear(area);
          // What is solid would turn black; the page is about to hide it.
          this.#sheer?.put(this.#picture, area);
        }
    }
  }

  #present(area: Rect): void {
    this.#solid?.put(this.#picture, area);
    this.#sheer?.put(this.#picture, area);
  }

  /** Brings the one that is to be seen up to date. */
  #fill(): void {
    (this.#covered ? this.#solid : this.#sheer)?.fill(this.#picture);
  }
}

/** One canvas; it is painted from when it is filled until it rests. */
class Pane {
  readonly #context: Context;
  #live = false;

  constructor(canvas: Canvas, alpha: boolean) {
    // Pixels come from memory, so it is there that the canvas belongs.
    const context = canvas.getContext("2d", { alpha, willReadFrequently: true });
    if (!context) throw new Error("a new canvas has a 2D context");
    this.#context = context as Context;
  }

  /** Shows all of `picture`. */
  fill(picture: Picture): void {
    if (this.#live) return;
    const { width, height } = picture;
    this.#live = true;
    const { canvas } = this.#context;
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    this.put(picture, { x: 0, y: 0, w: width, h: height });
  }

  put({ bytes, width }: Picture, { x, y, w, h }: Rect): void {
    if (this.#live) this.#context.putImageData(new ImageData(bytes, width), 0, 0, x, y, w, h);
  }

  rest(): void {
    this.#live = false;
  }
}
