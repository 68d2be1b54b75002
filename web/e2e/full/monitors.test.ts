/** Seen to hold, 5: two monitors of different size, one left of the main one (B-08, S-50). */

import { afterAll, beforeAll, expect, test } from "vitest";

import { until } from "../world/process";
import { World } from "../world/session";

const LEFT = { name: "left", x: 0, y: 120, width: 640, height: 480 };
const MAIN = { name: "main", x: 640, y: 0, width: 1280, height: 900 };

let world: World;
beforeAll(async () => {
  world = await World.start("1920x900x24");
  const monitor = (it: typeof LEFT, output: string): Promise<string> =>
    world.desktop.ask("xrandr", [
      "--setmonitor",
      it.name,
      `${it.width}/100x${it.height}/100+${it.x}+${it.y}`,
      output,
    ]);
  await monitor(MAIN, "screen");
  await monitor(LEFT, "none");
});
afterAll(() => world?.stop());

test("B-08: a click lands on the pixel meant, on each of two monitors", async () => {
  const { helper } = await world.session("control");
  for (const monitor of [MAIN, LEFT, MAIN]) {
    await helper.select(monitor.name);
    await until(`${monitor.name} is shown`, async () => {
      const size = await helper.size();
      return size?.width === monitor.width && size.height === monitor.height;
    });
    const { width, height } = monitor;
    for (const [x, y] of [
      [0, 0],
      [width - 1, 0],
      [0, height - 1],
      [width - 1, height - 1],
      [100, 200],
      [333, 77],
    ] as const) {
      await helper.click(x, y);
      const meant = { x: monitor.x + x, y: monitor.y + y };
      await until(
        `the pointer is at ${JSON.stringify(meant)}`,
        async () => {
          const seen = await world.desktop.pointer();
          return seen.x === meant.x && seen.y === meant.y;
        },
        3,
        () => `on ${monitor.name}`,
      ).catch(async (error: unknown) => {
        expect(await world.desktop.pointer(), String(error)).toEqual(meant);
      });
    }
  }
});
