import fc from "fast-check";
import { expect, test } from "vitest";

import { area, bounds, clip, contains, meet, without } from "./region";
import type { Rect } from "./region";

const SIDE = 12;
const place = fc.integer({ min: 0, max: SIDE - 1 });
const length = fc.integer({ min: 1, max: SIDE });
const rect = fc
  .record({ x: place, y: place, w: length, h: length })
  .map((rect) => clip(rect, SIDE, SIDE)!);

function pixels(rects: readonly Rect[]): Set<number> {
  const set = new Set<number>();
  for (const { x, y, w, h } of rects)
    for (let i = 0; i < w * h; i++) set.add((y + Math.floor(i / w)) * SIDE + x + (i % w));
  return set;
}

test("a cut takes away its own pixels and no others, and leaves disjoint rectangles", () => {
  fc.assert(
    fc.property(fc.array(rect), (cuts) => {
      const whole = { x: 0, y: 0, w: SIDE, h: SIDE };
      const left = cuts.reduce<Rect[]>((rects, cut) => without(rects, cut), [whole]);
      const cut = pixels(cuts);
      expect(pixels(left)).toEqual(new Set([...pixels([whole])].filter((at) => !cut.has(at))));
      expect(area(left)).toBe(pixels(left).size);
    }),
  );
});

test("two rectangles meet where they share a pixel, and one contains the other if it has all", () => {
  fc.assert(
    fc.property(rect, rect, (a, b) => {
      const [of, others] = [pixels([a]), [...pixels([b])]];
      expect(meet(a, b)).toBe(others.some((at) => of.has(at)));
      expect(contains(a, b)).toBe(others.every((at) => of.has(at)));
      expect(contains(bounds([a, b]), a) && contains(bounds([a, b]), b)).toBe(true);
    }),
  );
});

test("what lies outside of the picture is cut off", () => {
  expect(clip({ x: 8, y: 2, w: 9, h: 3 }, 10, 10)).toEqual({ x: 8, y: 2, w: 2, h: 3 });
  expect(clip({ x: 10, y: 2, w: 9, h: 3 }, 10, 10)).toBeUndefined();
});
