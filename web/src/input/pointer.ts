/** Mouse buttons and wheel, from DOM events to input events. */

import { LIMITS } from "../protocol";
import type { Button, InputEvent, Point } from "../protocol";

/** The bits of W3C `MouseEvent.buttons`. */
const BUTTONS: readonly (readonly [number, Button])[] = [
  [1, "left"],
  [2, "right"],
  [4, "middle"],
  [8, "back"],
  [16, "forward"],
];

/**
 * What happened to the buttons between two values of `MouseEvent.buttons`. Comparing the whole set
 * also finds what no event of its own told: a second button during a drag, or a release elsewhere.
 */
export function buttonChanges(before: number, now: number, at: Point): InputEvent[] {
  return BUTTONS.filter(([bit]) => (before & bit) !== (now & bit)).map(([bit, button]) => ({
    kind: "button",
    button,
    down: (now & bit) !== 0,
    at,
  }));
}

/** Pixels of one line of `DOM_DELTA_LINE`: browsers scroll three lines, or 100 pixels, a notch. */
const LINE = 100 / 3;

type Wheel = Pick<WheelEvent, "deltaX" | "deltaY" | "deltaMode">;

/** The wheel's turn in pixels, whatever unit the browser tells it in; `page` is one page's height. */
export function wheelPixels(wheel: Wheel, page: number): { dx: number; dy: number } {
  const unit = [1, LINE, page][wheel.deltaMode] ?? 1;
  const pixels = (delta: number) => Math.min(Math.max(delta * unit, -LIMITS.SCROLL), LIMITS.SCROLL);
  return { dx: pixels(wheel.deltaX), dy: pixels(wheel.deltaY) };
}
