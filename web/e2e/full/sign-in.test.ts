/** Two people whom a real OpenID provider signs in, and a whole session of theirs. */

import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Desktop } from "../world/desktop";
import { Helper } from "../world/helper";
import { type Child, until } from "../world/process";
import { idOf, type Organisation, Provider, sayWho, signIn } from "../world/provider";
import { agent } from "../world/service";

let desktop: Desktop;
let provider: Provider;
let organisation: Organisation;
let helper: Helper;

beforeAll(async () => {
  [desktop, provider] = await Promise.all([Desktop.start(), Provider.start()]);
  organisation = await provider.organisation();
  await organisation.register();
  helper = await Helper.arrive(organisation.service.url);
});
afterAll(async () => {
  await helper?.close();
  await organisation?.stop();
  await provider?.stop();
  await desktop?.stop();
});

const shoot = async (name: string) => {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await helper.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

/** Starts an agent, and opens here what the system's browser would have opened for it. */
async function arrive(code: string): Promise<{ child: Child; page: Page }> {
  const { url } = organisation.service;
  const env = { BROWSER: "true" };
  const child = agent({ service: url, desktop, code, args: ["--sign-in"], env });
  const [address] = await child.says(/http\S+\/auth\/agent\S+/);
  const page = await (await helper.browser.newContext()).newPage();
  await page.goto(address);
  return { child, page };
}

test("S-18, S-45, S-57: both sign in at their organisation, see who the other is, and the session works", async () => {
  const path = await desktop.edit("signed-in.txt");
  const { page } = helper;
  await signIn(page, "ann");
  await page.getByTestId("new-session").waitFor();
  await organisation.letHelp(await idOf(page, organisation.service));
  const { child: sharer, page: browser } = await arrive(await helper.newSession());
  await sayWho(browser, "bob");
  await browser.getByText("You are signed in").waitFor();
  await browser.context().close();

  await page.getByTestId("trust-card").waitFor();
  expect(await page.getByTestId("full_name").textContent()).toBe("Bob Example");
  expect(await page.getByTestId("job_title").textContent()).toBe("Accounting");
  expect(await page.getByTestId("company").textContent()).toBe("Example Ltd");
  expect(await page.getByTestId("verified_domain").textContent()).toContain("example.com");
  await shoot("signed-in-joined");

  await helper.ask("control");
  const [asked] = await sharer.says(/Name[^]*\[y\/N\]: $/);
  for (const field of ["Ann Example", "Support", "Example Ltd", "example.com"])
    expect(asked).toContain(field);
  sharer.type("y");
  await helper.watching("control");
  await helper.click(300, 250);
  await helper.type("signed in");
  await helper.press("Control+s");
  await until("the file is saved", () => desktop.read(path).length > 0, 15);
  expect(desktop.read(path).trimEnd()).toBe("signed in");
  await shoot("signed-in-watching");
  await sharer.stop();
});

test("S-18: whom the provider refuses gets no session", async () => {
  const { child, page } = await arrive("12345678");
  await page.locator("button[name=refuse]").click();
  await page.getByText("You are not signed in").waitFor();
  await page.context().close();
  await child.says(/the sign-in was refused; try again/);
  await child.stop();
});
