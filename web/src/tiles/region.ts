/** Sets of pixels, as lists of rectangles. */

/** Whole pixels; `w` and `h` are at least 1. */
export type Rect = { x: number; y: number; w: number; h: number };

/** What is left of `rects` without `cut`; of disjoint rectangles, disjoint ones are left. */
export function without<R extends Rect>(rects: readonly R[], cut: Rect): R[] {
  return rects.flatMap((rect) => (meet(rect, cut) ? around(rect, cut) : [rect]));
}

/** The part of `rect` that lies in a picture of that size. */
export function clip(rect: Rect, width: number, height: number): Rect | undefined {
  const w = Math.min(rect.w, width - rect.x);
  const h = Math.min(rect.h, height - rect.y);
  return w > 0 && h > 0 ? { x: rect.x, y: rect.y, w, h } : undefined;
}

/** Whether two rectangles share a pixel. */
export function meet(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Whether all of `b` is in `a`. */
export function contains(a: Rect, b: Rect): boolean {
  return a.x <= b.x && a.y <= b.y && a.x + a.w >= b.x + b.w && a.y + a.h >= b.y + b.h;
}

/** The number of pixels of disjoint rectangles. */
export function area(rects: readonly Rect[]): number {
  return rects.reduce((sum, { w, h }) => sum + w * h, 0);
}

/** The smallest rectangle that holds all of `rects`, of which there is at least one. */
export function bounds(rects: readonly Rect[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (const { x, y, w, h } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** `rect` without `cut`: the strips above and below it, and what is beside it. */
function around<R extends Rect>(rect: R, cut: Rect): R[] {
  const right = rect.x + rect.w;
  const bottom = rect.y + rect.h;
  const top = Math.max(rect.y, cut.y);
  const end = Math.min(bottom, cut.y + cut.h);
  const parts = [
    { ...rect, h: top - rect.y },
    { ...rect, y: end, h: bottom - end },
    { ...rect, y: top, h: end - top, w: cut.x - rect.x },
    { ...rect, y: top, h: end - top, x: cut.x + cut.w, w: right - cut.x - cut.w },
  ];
  return parts.filter(({ w, h }) => w > 0 && h > 0);
}
