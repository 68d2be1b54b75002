/** Seen to hold, 2 and 3: the sharer's agent is the last gate. */

import { readdirSync, readFileSync } from "node:fs";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { sleep, until } from "../world/process";
import { World } from "../world/session";
import { forge, garbage, pictures, received } from "../world/spy";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
afterEach(() => world.clear());

/** Whether the agent's capture thread exists. */
function captures(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).some(
    (task) => readFileSync(`/proc/${pid}/task/${task}/comm`, "utf8").trim() === "rh-media",
  );
}

test("S-58: before Allow not one RTP packet and no tile is sent and nothing is captured; then both", async () => {
  const helper = await world.helper();
  const agent = world.agent({ code: await helper.newSession() });
  await helper.ask("view");
  await agent.says(/\[y\/N\]: $/);
  await sleep(2000);
  expect((await received(helper.page)).state).toBe("connected");
  expect(await pictures(helper.page)).toBe(0);
  expect(captures(agent.pid)).toBe(false);
  agent.type("y");
  await helper.watching("view");
  expect(captures(agent.pid)).toBe(true);
});

test("S-48: a decline, by default, is told; not one packet was sent", async () => {
  const { helper, agent } = await world.session("control", "");
  expect((await helper.ended()).reason).toBe("declined");
  await agent.says(/declined/);
  expect(await pictures(helper.page)).toBe(0);
});

test("S-48: silence is a decline, and not one packet was sent", async () => {
  const helper = await world.helper();
  const agent = world.agent({ code: await helper.newSession() });
  await helper.ask("control");
  await agent.says(/\[y\/N\]: $/);
  const { reason } = await helper.ended(undefined, 75);
  expect(["declined", "no_answer"]).toContain(reason);
  await agent.says(/did not answer in time/);
  expect(await pictures(helper.page)).toBe(0);
});

test("S-05: in view only neither the mouse nor forged messages change anything on the desktop", async () => {
  const path = await world.desktop.edit("view-only.txt", "untouched");
  const { helper } = await world.session("view");
  await world.desktop.ask("xdotool", ["mousemove", "700", "600"]);
  await helper.click(300, 250);
  await helper.type("typed");
  const at = { display: await display(helper), x: 0.2, y: 0.3 };
  const events = [
    { kind: "move", at },
    { kind: "button", button: "left", down: true, at },
    { kind: "button", button: "left", down: false, at },
    { kind: "scroll", dx: 0, dy: 500, at },
    { kind: "key", key: "KeyA", down: true },
    { kind: "text", text: "forged" },
  ];
  for (const [seq, event] of events.entries())
    await forge(helper.page, "control", JSON.stringify({ type: "input", seq: seq + 1, event }));
  await forge(helper.page, "pointer", JSON.stringify({ seq: 99, at }));
  await forge(helper.page, "control", JSON.stringify({ type: "request", role: "control" }));
  await forge(helper.page, "control", JSON.stringify({ type: "granted", role: "control" }));
  await garbage(helper.page, "control", 1000);
  await sleep(1500);
  expect(await world.desktop.pointer()).toEqual({ x: 700, y: 600 });
  expect(await world.desktop.pressed()).toEqual([]);
  await world.desktop.ask("xdotool", ["key", "ctrl+s"]);
  await sleep(500);
  expect(world.desktop.read(path).trimEnd()).toBe("untouched");
});

test("M-09: control is asked for while viewing; declined, viewing goes on; allowed, it acts; given back, it stops", async () => {
  const path = await world.desktop.edit("upgrade.txt");
  const { helper, agent } = await world.session("view");
  await helper.askControl();
  await agent.says(/now also.*\[y\/N\]: $/s);
  agent.type("n");
  await helper.page.getByTestId("declined-control").waitFor();
  const before = await pictures(helper.page);
  await world.desktop.repaint();
  await until("viewing goes on", async () => (await pictures(helper.page)) > before, 5);

  const from = agent.output.length;
  await helper.askControl();
  await agent.says(/now also.*\[y\/N\]: $/s, 15, from);
  agent.type("y");
  await helper.watching("control");
  await helper.click(300, 250);
  await helper.type("allowed ");
  await helper.giveBack();
  await helper.watching("view");
  await helper.type("not any more");
  await sleep(500);
  await world.desktop.ask("xdotool", ["key", "ctrl+s"]);
  await sleep(500);
  expect(world.desktop.read(path)).toContain("allowed");
  expect(world.desktop.read(path)).not.toContain("not any more");
});

/** The display that the page shows, as the agent told it. */
async function display(helper: Awaited<ReturnType<World["helper"]>>): Promise<number> {
  return helper.page.evaluate(() => {
    const heard = window.rhSpy.heard.map(
      ({ data }) => JSON.parse(data) as { type: string; current?: number },
    );
    return heard.findLast((message) => message.type === "displays")?.current ?? -1;
  });
}
