/** A network that loses packets: what was lost is sent again (RFC 4585), so the picture neither stops nor starts over. */

import { afterAll, beforeAll, expect, test } from "vitest";

import { Cable, isRoot } from "../world/network";
import { sleep } from "../world/process";
import { program } from "../world/service";
import { World } from "../world/session";
import { received } from "../world/spy";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

test.runIf(isRoot)(
  "three packets of a hundred are lost: all are sent again, and nothing starts over",
  async () => {
    const cable = await Cable.lay(world.service.url);
    try {
      await world.desktop.open(program("rh-probe"), [
        ...[
          "content",
          "--source",
          world.desktop.display,
          "flip",
          "--film",
          "480,360",
          "--rate",
          "30",
        ],
      ]);
      const { helper } = await world.session("view", "y", {
        service: cable.url,
        namespace: cable.namespace,
      });
      // A browser may begin with the agent's TCP, which loses nothing.
      await helper.page.locator('[data-testid="path"][data-value="udp"]').waitFor();
      await sleep(1000);
      const before = await received(helper.page);
      await cable.lose(0.03);
      await sleep(8000);
      const after = await received(helper.page);
      console.log(`while 3 % were lost: ${JSON.stringify({ before, after })}`);
      expect(after.nacks - before.nacks).toBeGreaterThan(10);
      expect(after.lost - before.lost).toBeLessThan((after.packets - before.packets) * 0.003);
      expect(after.keyFrames - before.keyFrames).toBeLessThanOrEqual(1);
      expect(after.freezes - before.freezes).toBeLessThanOrEqual(1);
      expect(after.frames - before.frames).toBeGreaterThan(100);
    } finally {
      await world.clear();
      await cable.remove();
    }
  },
);
