/** Seen to hold, 7: ten sessions in one agent and one service leave nothing behind. */

import { readdirSync, readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { sleep } from "../world/process";
import { World } from "../world/session";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

/** Threads, open files and resident memory of a process. */
function weigh(pid: number): { threads: number; files: number; mebibytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    threads: Number(status.match(/Threads:\s+(\d+)/)?.[1]),
    files: readdirSync(`/proc/${pid}/fd`).length,
    mebibytes: Number(status.match(/VmRSS:\s+(\d+)/)?.[1]) / 1024,
  };
}

test(
  "ten sessions one after the other: no growth in threads, files or memory",
  { timeout: 240_000 },
  async () => {
    const agent = world.agent();
    const weights = [];
    for (let round = 0; round < 10; round++) {
      const from = agent.output.length;
      await agent.says(/Enter the 8-digit code/, 10);
      const helper = await world.helper();
      agent.type(await helper.newSession());
      await helper.ask("control");
      await agent.says(/\[y\/N\]: $/, 15, from);
      agent.type("y");
      await helper.watching("control");
      await helper.click(100 + round, 100);
      await helper.press("Shift+a");
      await sleep(500);
      await helper.end();
      await agent.says(/The session is over[\s\S]*Enter the 8-digit code/, 15, from);
      await helper.close();
      await sleep(1000);
      weights.push({ agent: weigh(agent.pid), service: weigh(world.service.child.pid) });
    }
    console.log(weights.map((it) => JSON.stringify(it)).join("\n"));
    const [third, last] = [weights[2], weights[9]];
    if (third === undefined || last === undefined) throw new Error("no weights");
    for (const who of ["agent", "service"] as const) {
      expect(last[who].threads - third[who].threads, `threads of the ${who}`).toBeLessThanOrEqual(
        2,
      );
      expect(last[who].files - third[who].files, `files of the ${who}`).toBeLessThanOrEqual(2);
      expect(last[who].mebibytes - third[who].mebibytes, `memory of the ${who}`).toBeLessThan(12);
    }
  },
);
