import fc from "fast-check";
import { expect, test } from "vitest";

import { codedSize, displaySize, fromPoint, pictureBox, toPoint } from "./point";

const BOX = { left: 0, top: 0, width: 200, height: 100 };
const side = fc.integer({ min: 1, max: 8000 });
const box = fc.record({
  left: fc.integer({ min: -500, max: 500 }),
  top: fc.integer({ min: -500, max: 500 }),
  width: side,
  height: side,
});
const extent = fc.record({ width: side, height: side });
const share = fc.double({ min: 0, max: 1, noNaN: true });

test("the bars beside the picture are not the display", () => {
  const shown = pictureBox(BOX, { width: 100, height: 100 })!;
  expect(shown).toEqual({ left: 50, top: 0, width: 100, height: 100 });
  expect(toPoint(10, 50, shown, 3, false)).toBeUndefined();
  expect(toPoint(100, 50, shown, 3, false)).toEqual({ display: 3, x: 0.5, y: 0.5 });
});

test("during a drag the bars are the nearest edge", () => {
  const shown = pictureBox(BOX, { width: 100, height: 100 })!;
  expect(toPoint(10, 500, shown, 3, true)).toEqual({ display: 3, x: 0, y: 1 });
});

test("without a picture or without room there is nowhere to point", () => {
  expect(pictureBox(BOX, { width: 0, height: 0 })).toBeUndefined();
  expect(pictureBox({ ...BOX, width: 0 }, { width: 10, height: 10 })).toBeUndefined();
});

test("B-08: the picture lies within its box, in its own shape, and fills it one way", () => {
  fc.assert(
    fc.property(box, extent, (box, picture) => {
      const shown = pictureBox(box, picture)!;
      expect(shown.width / shown.height / (picture.width / picture.height)).toBeCloseTo(1, 6);
      expect(shown.width).toBeLessThanOrEqual(box.width + 1e-6);
      expect(shown.height).toBeLessThanOrEqual(box.height + 1e-6);
      expect(Math.min(box.width - shown.width, box.height - shown.height)).toBeCloseTo(0, 6);
    }),
  );
});

test("B-08: a point is found again where it was", () => {
  fc.assert(
    fc.property(box, extent, share, share, (box, picture, x, y) => {
      const shown = pictureBox(box, picture)!;
      const at = fromPoint({ display: 1, x, y }, shown);
      const back = toPoint(at.x, at.y, shown, 1, true)!;
      // To a thousandth of a pixel of the page.
      expect(Math.abs(back.x - x) * shown.width).toBeLessThan(1e-3);
      expect(Math.abs(back.y - y) * shown.height).toBeLessThan(1e-3);
    }),
  );
});

test("whatever the mouse says, a point is within the display", () => {
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(any, any, box, extent, fc.boolean(), (x, y, box, picture, held) => {
      const point = toPoint(x, y, pictureBox(box, picture)!, 0, held);
      for (const part of point ? [point.x, point.y] : []) expect(part >= 0 && part <= 1).toBe(true);
    }),
  );
});

test("B-08: the repeated last column of an odd display is not a part of it", () => {
  const coded = { width: 1368, height: 770 };
  expect(displaySize(coded, { width: 1367, height: 769 })).toEqual({ width: 1367, height: 769 });
  expect(codedSize({ width: 1367, height: 769 })).toEqual(coded);
  expect(codedSize(coded)).toEqual(coded);
  for (const pixels of [
    undefined,
    coded,
    { width: 2736, height: 1540 },
    { width: 1000, height: 500 },
  ]) {
    expect(displaySize(coded, pixels)).toEqual(coded);
  }
});
