import { expect, test } from "vitest";

import { countdown } from "./countdown";

test("S-55: the countdown goes to zero and no further", () => {
  expect([600_000, 61_001, 59_000, 1, 0, -5000].map((left) => countdown(left, 0))).toEqual([
    "10:00",
    "1:02",
    "0:59",
    "0:01",
    "0:00",
    "0:00",
  ]);
});
