/** The agent takes a helper's link, once the sharer confirms it (M-12); both see one check number (B-04). */

import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { until } from "../world/process";
import { World } from "../world/session";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
afterEach(() => world.clear());

const invitation = (code: string) => `${new URL(world.service.url).origin}/#code=${code}`;

test("M-12: a link is used only if the sharer says so", async () => {
  const helper = await world.helper();
  const code = await helper.newSession();
  const wary = world.agent({ code: invitation(code) });
  await wary.says(/Use the code \d{4} \d{4} of this link\?.*\[y\/N\]: $/);
  wary.type("");
  await until("it ends", () => !wary.running);
  expect(wary.output).not.toContain("Your helper");
  const astray = world.agent({ code: `https://help.example.org/#code=${code}` });
  await astray.says(/that link does not lead to http:\/\/127\.0\.0\.1/);
  const sharer = world.agent({ code: invitation(code) });
  await sharer.says(/\[y\/N\]: $/);
  sharer.type("y");
  await sharer.says(/Your helper, as the service knows them/);
  await helper.ask("view");
});

test("B-04: both sides see the same six digits", async () => {
  const { helper, agent } = await world.session("view");
  const [, head, tail] = await agent.says(/Check number: (\d{3}) (\d{3})\. /);
  const shown = helper.page.getByTestId("sas");
  expect(await shown.getAttribute("data-digits")).toBe(`${head}${tail}`);
  const folder = process.env["SCREENSHOTS"];
  if (folder) await helper.page.screenshot({ path: join(folder, "check-number.png") });
});
