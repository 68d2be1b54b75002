/** What sharing costs the sharer's machine (B-15): as good as nothing while nothing changes. */

import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { sleep } from "../world/process";
import { World } from "../world/session";
import { pictures } from "../world/spy";

const SECONDS = 10;

/** A terminal that scrolls thirty lines a second, on request. */
const SCROLL =
  "read go; while :; do seq 1 1000 | while read n; do echo line $n of a text that scrolls; sleep 0.033; done; done";

let world: World;
beforeAll(async () => {
  world = await World.start("1920x1080x24");
});
afterAll(() => world?.stop());

/** Processor seconds that a process has used, by its own account (proc(5)). */
function used(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

test("B-15: a still screen costs a small part of a scrolling one", async () => {
  await world.desktop.open("xterm", [
    "-title",
    "scroll",
    "-geometry",
    "200x70+40+40",
    "-e",
    "sh",
    "-c",
    SCROLL,
  ]);
  const window = await world.desktop.window("scroll");
  const { helper, agent } = await world.session("view");
  await sleep(2000);

  const measure = async (): Promise<{ cpu: number; pictures: number }> => {
    const [before, seen] = [used(agent.pid), await pictures(helper.page)];
    await sleep(SECONDS * 1000);
    return {
      cpu: used(agent.pid) - before,
      pictures: (await pictures(helper.page)) - seen,
    };
  };
  const idle = await measure();
  await world.desktop.ask("xdotool", ["windowactivate", "--sync", window, "key", "Return"]);
  await sleep(1000);
  const scrolling = await measure();
  console.log(`CPU s per ${SECONDS} s: ${JSON.stringify({ idle, scrolling })}`);
  expect(scrolling.pictures).toBeGreaterThan(50);
  expect(idle.pictures).toBe(0);
  expect(idle.cpu).toBeLessThan(scrolling.cpu / 4);
});
