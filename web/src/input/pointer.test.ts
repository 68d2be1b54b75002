import fc from "fast-check";
import { expect, test } from "vitest";

import { BUTTONS, LIMITS } from "../protocol";
import { buttonChanges, wheelPixels } from "./pointer";

const at = { display: 0, x: 0.5, y: 0.5 };

test("each bit of MouseEvent.buttons is its button", () => {
  const names = [1, 4, 2, 8, 16].map((bit) =>
    buttonChanges(0, bit, at).map((change) => "button" in change && change.button),
  );
  expect(names).toEqual(BUTTONS.map((button) => [button]));
});

test("a release that no event told of is found", () => {
  expect(buttonChanges(3, 2, at)).toEqual([{ kind: "button", button: "left", down: false, at }]);
});

test("after any sequence of sets, what is down there is what is down here", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 31 })), (sets) => {
      const down = new Set<string>();
      let before = 0;
      for (const now of [...sets, 0]) {
        for (const change of buttonChanges(before, now, at)) {
          if (change.kind !== "button") throw new Error(change.kind);
          expect(down.has(change.button)).toBe(!change.down);
          if (change.down) down.add(change.button);
          else down.delete(change.button);
        }
        before = now;
      }
      expect(down.size).toBe(0);
    }),
  );
});

test("lines and pages of the wheel become pixels", () => {
  const turn = (deltaMode: number) => wheelPixels({ deltaX: -3, deltaY: 3, deltaMode }, 600);
  expect(turn(0)).toEqual({ dx: -3, dy: 3 });
  expect(turn(1)).toEqual({ dx: -100, dy: 100 });
  expect(turn(2)).toEqual({ dx: -1800, dy: 1800 });
});

test("no turn is beyond the limit of the wire", () => {
  expect(wheelPixels({ deltaX: 1e9, deltaY: -1e9, deltaMode: 2 }, 600)).toEqual({
    dx: LIMITS.SCROLL,
    dy: -LIMITS.SCROLL,
  });
});
