/** The chat in a real browser: every script, an input method's Enter, markup, and axe. */

import { join } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import type { Client, FromClient } from "../src/protocol";
import { t } from "../src/text";
import { axe, BY_ADDRESS, launch } from "./browser";
import { Stage } from "./stage";

/** What people write, and what attackers do. */
const TEXTS = [
  "你好，能帮我看一下吗？",
  "مرحبا، هل يمكنك المساعدة؟ abc 123",
  "שלום (abc) 123 עולם",
  "👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈",
  "e\u0301 ก็ नमस्ते \u1112\u1161\u11ab",
  "\u202Eevil\u202C one\n\ttwo",
  "<img src=x onerror=\"document.title='x'\"><b>bold</b> {{7*7}} ${7*7}",
];

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

const written = () =>
  stage.service.heard.flatMap((message: FromClient) =>
    message.type === "chat" ? [message.text] : [],
  );
const hear = (place: number, from: Client, text: string) =>
  stage.service.tell({ type: "chat", place, from, text });
const lines = () => stage.the("line-text").allTextContents();

async function inspect(name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await stage.page.emulateMedia({ colorScheme });
    expect(await axe(stage.page), `${name}, ${colorScheme}`).toEqual([]);
    await shoot(`${name}-${colorScheme}`);
  }
  await stage.page.emulateMedia({ colorScheme: "light" });
}

async function shoot(name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await stage.page.screenshot({ path: join(folder, `${name}.png`) });
}

test("S-16: the thread is there with all of it however often the panel is closed", async () => {
  const { page, the } = { page: stage.page, the: stage.the.bind(stage) };
  await stage.watching("view");
  hear(1, "agent", "Hello?");
  await expect.poll(() => the("chat-toggle").getAttribute("data-unread")).toBe("1");
  await the("chat-toggle").click();
  await page.keyboard.type("I am here");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and see your screen");
  await page.keyboard.press("Enter");
  await expect.poll(written).toEqual(["I am here\nand see your screen"]);
  await the("pending").waitFor();
  hear(2, "helper", "I am here\nand see your screen");
  await the("pending").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await the("chat").waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe(
    "chat-toggle",
  );
  hear(3, "agent", "Thank you");
  hear(4, "agent", "Goodbye");
  await expect.poll(() => the("chat-toggle").getAttribute("data-unread")).toBe("2");
  expect(await the("chat-toggle").textContent()).toContain("2");
  await shoot("chat-unread");
  await the("chat-toggle").click();
  await expect
    .poll(lines)
    .toEqual(["Hello?", "I am here\nand see your screen", "Thank you", "Goodbye"]);
  expect(await the("chat-toggle").getAttribute("data-unread")).toBe("0");
  expect(stage.wrong.filter((line) => !line.includes("401"))).toEqual([]);
});

// CVE-2025-5309: what is written is text, whatever it says.
test("S-17: every script is shown as it was written, isolated, and markup is inert", async () => {
  await stage.watching("view");
  await stage.the("chat-toggle").click();
  TEXTS.forEach((text, i) => hear(i + 1, i % 2 === 0 ? "agent" : "helper", text));
  await expect.poll(lines).toEqual(TEXTS);
  expect(await stage.the("chat").locator("img, b").count()).toBe(0);
  expect(await stage.page.title()).not.toBe("x");
  const directions = await stage
    .the("line-text")
    .evaluateAll((all) =>
      all.map((one) => [getComputedStyle(one).direction, getComputedStyle(one).unicodeBidi]),
    );
  expect(directions.slice(0, 3)).toEqual([
    ["ltr", "isolate"],
    ["rtl", "isolate"],
    ["rtl", "isolate"],
  ]);
  await inspect("chat-scripts");
  await stage.page.setViewportSize({ width: 360, height: 700 });
  expect(await stage.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    360,
  );
  await shoot("chat-small");
});

test("S-17: the Enter that ends an input method's word does not send", async () => {
  await stage.watching("control");
  await stage.the("chat-toggle").click();
  const client = await stage.context.newCDPSession(stage.page);
  for (const text of ["ni", "ni hao", "你好"]) {
    await client.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  }
  const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 } as const;
  await client.send("Input.dispatchKeyEvent", { type: "keyDown", ...enter });
  await client.send("Input.insertText", { text: "你好" });
  expect(written()).toEqual([]);
  expect(await stage.the("draft").inputValue()).toBe("你好");
  await stage.page.keyboard.press("Enter");
  await expect.poll(written).toEqual(["你好"]);
});

test("what is written in the chat is not typed at the sharer's", async () => {
  const agent = await stage.watching("control");
  await stage.the("chat-toggle").click();
  agent.heard.length = 0;
  await stage.page.keyboard.type("secret");
  await stage.page.keyboard.press("Enter");
  await expect.poll(written).toEqual(["secret"]);
  expect(agent.heard.filter(({ type }) => type === "input")).toEqual([]);
});

test("what does not get there is kept, and can be sent again", async () => {
  await stage.watching("view");
  await stage.the("chat-toggle").click();
  await stage.page.keyboard.type("hello");
  await stage.page.keyboard.press("Enter");
  await expect.poll(written).toEqual(["hello"]);
  stage.service.tell({ type: "refused", refusal: "busy", retry_in: null });
  await stage.the("unsent").waitFor();
  await inspect("chat-unsent");
  await stage.the("chat-again").click();
  await expect.poll(written).toEqual(["hello", "hello"]);
  hear(1, "helper", "hello");
  await expect.poll(lines).toEqual(["hello"]);
});

test("what is too long is not sent, and not lost", async () => {
  await stage.watching("view");
  await stage.the("chat-toggle").click();
  await stage.the("draft").fill("字".repeat(2000));
  await stage.the("chat-too-long").waitFor();
  await inspect("chat-too-long");
  await stage.the("draft").press("Enter");
  expect(await stage.the("send").isDisabled()).toBe(true);
  expect(await stage.the("draft").inputValue()).toHaveLength(2000);
  expect(written()).toEqual([]);
});

test("M-04: an organisation without chat has none; what was written stays to be read", async () => {
  await stage.watching("view");
  const terms = (chat: boolean) => stage.service.tell({ type: "terms", warnings: [], chat });
  terms(false);
  await stage.the("chat-toggle").waitFor({ state: "detached" });
  terms(true);
  await stage.the("chat-toggle").click();
  hear(1, "agent", "hello");
  await expect.poll(lines).toEqual(["hello"]);
  terms(false);
  await expect.poll(() => stage.the("chat-silent").textContent()).toContain(t("chat-not-allowed"));
  expect(await stage.the("draft").isDisabled()).toBe(true);
  expect(await lines()).toEqual(["hello"]);
  await inspect("chat-not-allowed");
});
