import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { Panes } from "./panes";
import type { Rect } from "./region";

const [WIDTH, HEIGHT] = [4, 3];
const WHOLE = { x: 0, y: 0, w: WIDTH, h: HEIGHT };

/** The DOM's, which Node.js lacks. */
class Image {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
  ) {}
}

beforeAll(() => void vi.stubGlobal("ImageData", Image));
afterAll(() => void vi.unstubAllGlobals());

/** As much of a canvas as is used. */
class Canvas {
  width = 300;
  height = 150;
  writes = 0;
  readonly pixels = new Uint32Array(WIDTH * HEIGHT);

  getContext() {
    const canvas = this as unknown as HTMLCanvasElement;
    const put = (image: Image, _: number, __: number, ...at: [number, number, number, number]) => {
      this.writes++;
      const from = new Uint32Array(image.data.buffer);
      for (const index of inside(at)) this.pixels[index] = from[index]!;
    };
    return { canvas, putImageData: put };
  }
}

function inside([x, y, w, h]: readonly number[]): number[] {
  return Array.from(
    { length: w! * h! },
    (_, i) => (y! + Math.floor(i / w!)) * WIDTH + x! + (i % w!),
  );
}

/** Panes on two canvases, and a page that turns and answers when it comes to it. */
class Page {
  readonly panes = new Panes();
  readonly solid = new Canvas();
  readonly sheer = new Canvas();
  readonly painted = new Uint32Array(WIDTH * HEIGHT);
  #told = { covered: false, turn: 0 };
  #seen = this.#told;
  #next = 1;

  constructor() {
    const { solid, sheer } = this as unknown as Record<"solid" | "sheer", HTMLCanvasElement>;
    this.panes.show({ solid, sheer });
    this.panes.draw({ draw: "picture", width: WIDTH, height: HEIGHT });
  }

  paint({ x, y, w, h }: Rect): void {
    const pixels = Uint32Array.from({ length: w * h }, () => this.#next++);
    inside([x, y, w, h]).forEach((index, i) => (this.painted[index] = pixels[i]!));
    this.panes.paint(pixels, { x, y, w, h });
    this.tell(this.painted.every((pixel) => pixel !== 0));
  }

  /** Video is told of before it is seen. */
  open({ x, y, w, h }: Rect): void {
    this.tell(false);
    for (const index of inside([x, y, w, h])) this.painted[index] = 0;
    this.panes.draw({ draw: "clear", areas: [{ x, y, w, h }] });
  }

  tell(covered: boolean): void {
    this.panes.cover(covered);
    this.#told = { covered, turn: this.panes.turn };
  }

  turn(): void {
    this.#seen = this.#told;
  }

  answer(): void {
    this.panes.turned(this.#seen.turn);
  }

  get shown(): Canvas {
    return this.#seen.covered ? this.solid : this.sheer;
  }

  get hidden(): Canvas {
    return this.#seen.covered ? this.sheer : this.solid;
  }
}

const rect = fc.tuple(fc.nat(WIDTH - 1), fc.nat(HEIGHT - 1)).chain(([x, y]) =>
  fc.record({
    x: fc.constant(x),
    y: fc.constant(y),
    w: fc.integer({ min: 1, max: WIDTH - x }),
    h: fc.integer({ min: 1, max: HEIGHT - y }),
  }),
);

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom("paint", "open"), at: fc.oneof(rect, fc.constant(WHOLE)) }),
    fc.record({ do: fc.constantFrom("turn", "answer"), at: fc.constant(WHOLE) }),
  ),
  { maxLength: 40 },
);

test("however late the page turns, what it shows of what is painted is never old", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const page = new Page();
      for (const step of steps) {
        page[step.do as "paint" | "open" | "turn" | "answer"](step.at);
        page.painted.forEach((pixel, index) => {
          if (pixel !== 0) expect(page.shown.pixels[index]).toBe(pixel);
        });
      }
    }),
  );
});

test("a canvas that is not shown costs nothing once the page has turned", () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const page = new Page();
      for (const step of steps) page[step.do as "paint" | "open" | "turn" | "answer"](step.at);
      page.turn();
      page.answer();
      const [shown, hidden] = [page.shown.writes, page.hidden.writes];
      page.panes.paint(new Uint32Array(1), { x: 0, y: 0, w: 1, h: 1 });
      expect([page.shown.writes, page.hidden.writes]).toEqual([shown + 1, hidden]);
    }),
  );
});
