/** Bringing a colleague, in a real browser: the form, what becomes of it, the keyboard, and axe. */

import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { t } from "../src/text";
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
});
afterEach(() => stage.close());

const brought = () =>
  stage.service.heard.flatMap((message) => (message.type === "introduce" ? [message] : []));
const became = () => stage.the("introducing").getAttribute("data-stage");

async function inspect(name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  for (const colorScheme of ["light", "dark"] as const) {
    await stage.page.emulateMedia({ colorScheme });
    expect(await axe(stage.page), `${name}, ${colorScheme}`).toEqual([]);
    if (folder) await stage.page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await stage.page.emulateMedia({ colorScheme: "light" });
}

test("B-20: a colleague is brought by their code, by keyboard alone", async () => {
  stage.service.notes = [];
  const agent = await stage.watching("view");
  await stage.the("team-toggle").press("Enter");
  await stage.page.keyboard.type("1234");
  await stage.page.keyboard.press("Enter");
  expect(brought()).toEqual([]);
  expect(await stage.the("colleague-code").getAttribute("aria-invalid")).toBe("true");
  await inspect("colleague-malformed");
  await stage.page.keyboard.type(" 5678");
  await stage.page.keyboard.press("Tab");
  await stage.page.keyboard.press("ArrowDown");
  await stage.page.keyboard.press("Enter");
  await expect.poll(brought).toEqual([{ type: "introduce", code: "1234 5678", stays: false }]);
  expect(await stage.the("introduce").isDisabled()).toBe(true);
  await agent.say({ type: "introduction", state: "arrived" });
  await expect.poll(became).toBe("arrived");
  await inspect("colleague-arrived");
  await stage.the("colleague-code").press("Escape");
  await stage.the("colleague").waitFor({ state: "detached" });
  const focused = () => document.activeElement?.getAttribute("data-testid");
  expect(await stage.page.evaluate(focused)).toBe("team-toggle");
  await agent.say({ type: "ended", reason: "handed_over" });
  await stage.until("ended");
  expect(await stage.the("ended").textContent()).toContain(t("end-handed_over"));
  expect(stage.wrong.filter((line) => !line.includes("401"))).toEqual([]);
});

test("B-20: whatever becomes of it is said, and another try is possible", async () => {
  const agent = await stage.watching("view");
  await stage.the("team-toggle").click();
  for (const state of ["code", "denied", "full", "gone", "allowed", "other"] as const) {
    await stage.the("colleague-code").fill("12345678");
    await stage.the("introduce").click();
    await agent.say({ type: "introduction", state });
    await expect.poll(became).toBe(state);
    expect((await stage.the("introducing").textContent())?.trim().length).toBeGreaterThan(10);
  }
  expect(brought()).toHaveLength(6);
  expect(brought().every(({ stays }) => stays)).toBe(true);
});

test("B-20: what was noted is read, and the session's note is kept, also when it is over", async () => {
  const evil = "<img src=x onerror=\"document.title='x'\"> {{7*7}} \u202Eolleh";
  const at = "2026-02-01T10:00:00Z";
  stage.service.notes = [{ session: "f".repeat(32), at, author: "Boris", text: evil }];
  await stage.watching("view");
  await stage.the("team-toggle").click();
  await stage.the("earlier-note").waitFor();
  expect(await stage.the("earlier-note").textContent()).toContain(evil);
  expect(await stage.page.title()).not.toBe("x");
  await stage.the("note").fill("printer, ticket 4711\nمرحبا");
  await stage.the("keep-note").click();
  const stages = () => stage.the("notes").getAttribute("data-stage");
  await expect.poll(stages).toBe("saved");
  expect(stage.service.notes?.[0]).toMatchObject({ text: "printer, ticket 4711\nمرحبا" });
  await inspect("notes");
  await stage.the("end").click();
  await stage.until("ended");
  await stage.the("note-session").click();
  await expect.poll(() => stage.the("note").inputValue()).toBe("printer, ticket 4711\nمرحبا");
  await stage.the("note").fill("x".repeat(5000));
  expect(await stage.the("keep-note").isDisabled()).toBe(true);
  await inspect("notes-ended");
  expect(stage.wrong.filter((line) => !line.includes("401"))).toEqual([]);
});
