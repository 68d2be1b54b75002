/** Helper and sharer write to one another (S-16, S-17): the page, the service and the agent's terminal. */

import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Helper } from "../world/helper";
import { until } from "../world/process";
import { World } from "../world/session";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
afterEach(() => world.clear());

const lines = (helper: Helper) => helper.page.getByTestId("line-text").allTextContents();

async function write(helper: Helper, text: string): Promise<void> {
  await helper.page.getByTestId("draft").fill(text);
  await helper.page.getByTestId("draft").press("Enter");
}

test("S-16: one thread on both ends, through a change of the role and back", async () => {
  const { helper, agent } = await world.session("view");
  const begin = agent.output.length;
  agent.type("你好");
  await until("the page has news", async () => {
    const unread = await helper.page.getByTestId("chat-toggle").getAttribute("data-unread");
    return unread === "1";
  });
  await helper.page.getByTestId("chat-toggle").click();
  await write(helper, "مرحبا\n<b>👩🏽‍💻</b>");
  await agent.says(/Helper .* \| مرحبا\nHelper .* \| <b>👩🏽‍💻<\/b>\n/);
  await helper.askControl();
  await agent.says(/\[y\/N\]: $/, 15, begin);
  const asked = agent.output.length;
  agent.type("y");
  await helper.watching("control");
  await agent.says(/Allowed: full control/, 15, asked);
  agent.type("you have control");
  await until("it is there", async () => (await lines(helper)).length === 3);
  await helper.giveBack();
  await helper.watching("view");
  await write(helper, "and gave it back");
  await until("it is there", async () => (await lines(helper)).length === 4);
  const thread = ["你好", "مرحبا\n<b>👩🏽‍💻</b>", "you have control", "and gave it back"];
  expect(await lines(helper)).toEqual(thread);
  const folder = process.env["SCREENSHOTS"];
  if (folder) await helper.page.screenshot({ path: join(folder, "chat-full.png") });
  await agent.says(/gave it back\n/);
  const seen = agent.output.slice(begin).match(/^(You|Helper Hana Helper) \| .*$/gm);
  expect(seen).toEqual([
    "You | 你好",
    "Helper Hana Helper | مرحبا",
    "Helper Hana Helper | <b>👩🏽‍💻</b>",
    "You | you have control",
    "Helper Hana Helper | and gave it back",
  ]);
  // The answer to the question was an answer, and no message.
  expect(agent.output).not.toContain("You | y\n");
});
