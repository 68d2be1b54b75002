/** Seen to hold, 4: who leaves is known in time, with the reason, and nothing stays pressed (S-61, B-01). */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { ours } from "../world/clock";
import type { Helper } from "../world/helper";
import { Cable, isRoot } from "../world/network";
import { until, type Child } from "../world/process";
import { World } from "../world/session";

const measured: Record<string, number> = {};

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world?.stop();
  const out = process.env["RH_FIGURES"];
  if (out !== undefined) writeFileSync(out, JSON.stringify(measured));
  console.log(`leave notices, ms: ${JSON.stringify(measured)}`);
});
afterEach(() => world.clear());

/** A controlled session in which the helper holds Shift, A and the left button. */
async function holding(
  options: Parameters<World["session"]>[2] = {},
): Promise<{ helper: Helper; agent: Child }> {
  const session = await world.session("control", "y", options);
  await session.helper.move(900, 700);
  await session.helper.page.mouse.down();
  await session.helper.page.keyboard.down("Shift");
  await session.helper.page.keyboard.down("F7");
  await until("keys are held", async () => (await world.desktop.pressed()).length >= 3, 5);
  return session;
}

async function nothingPressed(seconds: number): Promise<void> {
  await until(
    "nothing is pressed",
    async () => (await world.desktop.pressed()).length === 0,
    seconds,
  );
}

/** How long after `since` the agent says that it is over, and with which words. */
async function agentEnds(
  agent: Child,
  words: RegExp,
  since: number,
  seconds: number,
): Promise<number> {
  await agent.says(words, seconds);
  return ours() - since;
}

function captures(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  return (
    existsSync(tasks) &&
    readdirSync(tasks).some(
      (task) => readFileSync(`${tasks}/${task}/comm`, "utf8").trim() === "rh-media",
    )
  );
}

test("the helper ends it: the sharer knows within a second", async () => {
  const { helper, agent } = await holding();
  await helper.page.mouse.up();
  const since = ours();
  await helper.end();
  measured["helper_end"] = await agentEnds(agent, /the helper ended the session/, since, 5);
  expect(measured["helper_end"]).toBeLessThan(1000);
  await nothingPressed(2);
  await until("the capture is closed", () => !captures(agent.pid), 1);
});

test("the sharer stops: the helper knows within a second", async () => {
  const { helper, agent } = await holding();
  const since = ours();
  agent.signal("SIGINT");
  const { reason, ms } = await helper.ended(since);
  measured["sharer_stop"] = ms;
  expect(reason).toBe("sharer_ended");
  expect(ms).toBeLessThan(1000);
  await nothingPressed(2);
  await until("the agent is gone", () => !agent.running, 3);
});

test("the helper closes the tab: the sharer knows within a second", async () => {
  const { helper, agent } = await holding();
  const since = ours();
  await helper.page.close({ runBeforeUnload: true });
  measured["tab_closed"] = await agentEnds(agent, /the helper closed the page/, since, 5);
  expect(measured["tab_closed"]).toBeLessThan(1000);
  await nothingPressed(2);
});

test("the agent is killed: the helper knows within five seconds, and nothing stays pressed", async () => {
  const { helper, agent } = await holding();
  const since = ours();
  agent.signal("SIGKILL");
  const { reason, ms } = await helper.ended(since);
  measured["agent_killed"] = ms;
  expect(reason).toBe("crashed");
  expect(ms).toBeLessThan(5000);
  await nothingPressed(3);
});

test("the browser is killed: the sharer knows within five seconds", async () => {
  const { agent } = await holding();
  const since = ours();
  killBrowser();
  measured["browser_killed"] = await agentEnds(
    agent,
    /the other side stopped unexpectedly/,
    since,
    8,
  );
  expect(measured["browser_killed"]).toBeLessThan(5000);
  await nothingPressed(2);
  await until("the capture is closed", () => !captures(agent.pid), 1);
});

test("the agent freezes: the helper is warned at once, knows within ten seconds, and nothing stays pressed", async () => {
  const { helper, agent } = await holding();
  const since = ours();
  agent.signal("SIGSTOP");
  await until("the page warns", () => helper.page.getByTestId("unstable").isVisible(), 5);
  measured["agent_frozen_warning"] = ours() - since;
  await nothingPressed(4);
  const { reason, ms } = await helper.ended(since);
  agent.signal("SIGCONT");
  measured["agent_frozen"] = ms;
  expect(["connection_lost", "crashed"]).toContain(reason);
  expect(ms).toBeLessThan(10_000);
});

test.runIf(isRoot)("the network is cut: both know within ten seconds", async () => {
  const cable = await Cable.lay(world.service.url);
  try {
    const { helper, agent } = await holding({ service: cable.url, namespace: cable.namespace });
    const since = ours();
    await cable.cut();
    const sharer = agentEnds(agent, /the connection was lost|stopped unexpectedly/, since, 15);
    await nothingPressed(4);
    const { reason, ms } = await helper.ended(since);
    measured["network_cut_helper"] = ms;
    measured["network_cut_sharer"] = await sharer;
    expect(["connection_lost", "crashed"]).toContain(reason);
    expect(ms).toBeLessThan(10_000);
    expect(measured["network_cut_sharer"]).toBeLessThan(10_000);
    await until("the capture is closed", () => !captures(agent.pid), 1);
  } finally {
    await world.clear();
    await cable.remove();
  }
});

/** Kills the browser that this test started with all its processes, so that nothing says goodbye. */
function killBrowser(): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (parent === String(process.pid) && command.includes("chromium"))
        process.kill(-Number(pid), "SIGKILL");
    } catch {
      // Processes come and go.
    }
  }
}
