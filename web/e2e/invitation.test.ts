/** A helper's link with a code, as the sharer opens it (M-12). */

import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { axe, BY_ADDRESS, launch } from "./browser";
import { Stage } from "./stage";

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launch([BY_ADDRESS]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  stage = await Stage.open(browser);
  await stage.context.grantPermissions(["clipboard-read", "clipboard-write"]);
});
afterEach(() => stage.close());

const clipboard = () => stage.page.evaluate(() => navigator.clipboard.readText());

async function open(address: string): Promise<void> {
  await stage.page.goto("about:blank");
  await stage.page.goto(address);
}

test("M-12: the helper copies a link, whose code is in the fragment alone", async () => {
  await stage.page.locator("[data-person=helper]").click();
  await stage.the("new-session").click();
  await stage.until("waiting");
  await stage.the("copy-link").click();
  await expect.poll(clipboard).toBe(`${stage.service.url}#code=04271938`);
});

test("M-12: the sharer sees the code, does nothing by opening the link, and may copy it", async () => {
  const requests: string[] = [];
  stage.page.on("request", (request) => requests.push(request.url()));
  await open(`${stage.service.url}#code=04271938`);
  await stage.the("invited").waitFor();
  expect(await stage.the("code").getAttribute("data-code")).toBe("04271938");
  expect(stage.page.url()).toBe(stage.service.url);
  await stage.the("copy").click();
  await expect.poll(clipboard).toBe("04271938");
  expect(stage.service.heard).toEqual([]);
  for (const url of requests)
    expect(new URL(url).pathname + new URL(url).search).not.toContain("0427");
  const folder = process.env["SCREENSHOTS"];
  for (const colorScheme of ["light", "dark"] as const) {
    await stage.page.emulateMedia({ colorScheme });
    expect(await axe(stage.page), colorScheme).toEqual([]);
    if (folder) await stage.page.screenshot({ path: join(folder, `invited-${colorScheme}.png`) });
  }
  await stage.the("help-instead").click();
  await stage.until("signing_in");
});

test("M-12: a link without a whole code is no invitation", async () => {
  await open(`${stage.service.url}#code=0427193`);
  await stage.until("signing_in");
  expect(await stage.the("invited").count()).toBe(0);
});
