/** A second helper, and a hand-over (B-20): pages, service, and the agent on a real desktop. */

import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Helper } from "../world/helper";
import type { Child } from "../world/process";
import { until } from "../world/process";
import { World } from "../world/session";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
afterEach(() => world.clear());

/** A second helper makes a code, and the first brings them; up to the sharer's question. */
async function bring(helper: Helper, agent: Child, stays: boolean): Promise<Helper> {
  const colleague = await world.helper();
  const code = await colleague.newSession();
  const begin = agent.output.length;
  await helper.page.getByTestId("team-toggle").click();
  await helper.page.getByTestId("colleague-code").fill(code);
  await helper.page.getByTestId(stays ? "stays" : "hands-over").check();
  await helper.page.getByTestId("introduce").click();
  await colleague.ask("view");
  await agent.says(/\[y\/N\]: $/, 15, begin);
  return colleague;
}

async function shoot(helper: Helper, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await helper.page.screenshot({ path: join(folder, `${name}.png`) });
}

test("B-20: a second helper sees after a yes of their own, and the first stays", async () => {
  const { helper, agent } = await world.session("control");
  const colleague = await bring(helper, agent, true);
  expect(agent.output).toMatch(/brings a colleague, who may ask you next/);
  expect(await colleague.page.getByTestId("watching").isVisible()).toBe(false);
  await shoot(helper, "colleague-asked");
  agent.type("y");
  await colleague.watching("view");
  await until("the first hears of it", async () => {
    const stage = await helper.page.getByTestId("introducing").getAttribute("data-stage");
    return stage === "allowed";
  });
  await shoot(colleague, "colleague-sees");
  await helper.watching("control");
  const begin = agent.output.length;
  await helper.end();
  await agent.says(/left: the helper ended the session/, 15, begin);
  await colleague.watching("view");
  await colleague.end();
  await agent.says(/The session is over: the helper ended the session/, 15, begin);
});

test("B-20: a hand-over: the first leaves once the colleague is allowed", async () => {
  const { helper, agent } = await world.session("view");
  const colleague = await bring(helper, agent, false);
  expect(agent.output).toMatch(/wants to hand over to a colleague/);
  await helper.watching("view");
  agent.type("y");
  expect(await helper.ended()).toMatchObject({ reason: "handed_over" });
  await shoot(helper, "colleague-handed-over");
  await colleague.watching("view");
  await colleague.askControl();
  await agent.says(/asks now also to/);
  agent.type("y");
  await colleague.watching("control");
});

test("B-20: a no to the colleague, and the helper stays", async () => {
  const { helper, agent } = await world.session("view");
  const colleague = await bring(helper, agent, false);
  agent.type("n");
  expect(await colleague.ended()).toMatchObject({ reason: "declined" });
  await until("the helper hears of it", async () => {
    const stage = await helper.page.getByTestId("introducing").getAttribute("data-stage");
    return stage === "gone";
  });
  await helper.watching("view");
});
