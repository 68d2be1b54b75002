/** Every view of the helper's page in a real browser: what it shows, what it sends, and that axe finds nothing. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { IdentityCard, Role } from "../src/protocol";
import { t } from "../src/text";
import { axe, BY_ADDRESS, complaints, launch } from "./browser";
import { FakeAgent } from "./fake-agent";
import { FakeService, PEOPLE } from "./fake-service";
import { ours } from "./world/clock";

const SESSION = "0123456789abcdef0123456789abcdef";
const SHARER: IdentityCard = {
  full_name: "Sam Sharer",
  job_title: "Accountant",
  company: "Example Ltd",
  picture: null,
  verified_domain: "example.com",
};
const SIZE = { width: 800, height: 500 };
const DISPLAYS = [
  { id: 7, name: "HDMI-1", x: 0, y: 0, ...SIZE, scale: 1, primary: true },
  { id: 9, name: "DP-2", x: -640, y: 0, width: 640, height: 480, scale: 1, primary: false },
];
/** A red arrow, 4 by 4. */
const CURSOR =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR4nGP4z8AARwzEcQCukw/x0F8jngAAAABJRU5ErkJggg==";

const shots = process.env["SCREENSHOTS"] ?? mkdtempSync(join(tmpdir(), "rh-pages-"));
let browser: Browser;
let service: FakeService;
let context: BrowserContext;
let page: Page;
let wrong: string[];
let agent: FakeAgent | undefined;

beforeAll(async () => {
  browser = await launch([BY_ADDRESS]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  service = await FakeService.start();
  context = await browser.newContext({ viewport: { width: 1100, height: 760 } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page = await context.newPage();
  wrong = complaints(page);
  await page.goto(service.url);
});
afterEach(async () => {
  await agent?.close();
  agent = undefined;
  await context.close();
  service.stop();
});

const the = (id: string) => page.getByTestId(id);
const until = (state: string) =>
  page.waitForSelector(`[data-testid=page][data-state=${state}]`, { timeout: 10_000 });
const said = (type: string) =>
  expect.poll(() => service.heard.map((message) => message.type)).toContain(type);

/** Holds the view against axe in both colour schemes and on a small screen, and takes its picture. */
async function inspect(name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axe(page), `${name}, ${colorScheme}`).toEqual([]);
    await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 700 });
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth),
    `${name} is too wide`,
  ).toBeLessThanOrEqual(360);
  await page.screenshot({ path: join(shots, `${name}-small.png`) });
  await page.setViewportSize({ width: 1100, height: 760 });
}

async function toHome(): Promise<void> {
  await page.locator("[data-person=helper]").click();
  await until("home");
}

async function toWaiting(): Promise<void> {
  await toHome();
  service.onMessage = (message) => {
    if (message.type === "hello")
      service.tell({ type: "welcome", version: 1, you: PEOPLE[0]!.card });
    if (message.type === "new_session") {
      service.tell({ type: "session", session: SESSION, code: "04271938", expires_in: 600 });
    }
    if (message.type === "negotiate") void agent?.apply(message.step);
  };
  await the("new-session").click();
  await until("waiting");
}

async function toJoined(peer = SHARER): Promise<void> {
  await toWaiting();
  agent = await FakeAgent.start(browser, SIZE, (step) => service.tell({ type: "negotiate", step }));
  service.tell({ type: "joined", session: SESSION, peer });
  await until("joined");
  await expect.poll(() => agent?.heard).toEqual([{ type: "hello", version: 1 }]);
}

async function toWatching(role: Role): Promise<FakeAgent> {
  await toJoined();
  await the(`role-${role}`).check();
  await the("ask").click();
  await until("asking");
  service.tell({ type: "answered", role, consent: "allow" });
  await agent!.say({ type: "granted", role });
  await agent!.say({ type: "displays", displays: DISPLAYS, current: 7 });
  await agent!.say({ type: "cursor_shape", png: CURSOR, hot_x: 1, hot_y: 1 });
  await until("watching");
  await page.waitForFunction(() => (document.querySelector("video")?.videoWidth ?? 0) > 0);
  agent!.heard.length = 0;
  return agent!;
}

/** Page position of a share of the picture. */
async function place(x: number, y: number): Promise<[number, number]> {
  const box = (await the("video").boundingBox())!;
  const scale = Math.min(box.width / SIZE.width, box.height / SIZE.height);
  const left = box.x + (box.width - SIZE.width * scale) / 2;
  const top = box.y + (box.height - SIZE.height * scale) / 2;
  return [left + x * SIZE.width * scale, top + y * SIZE.height * scale];
}

const inputs = () =>
  agent!.heard.flatMap((message) => (message.type === "input" ? [message.event] : []));
const texts = () =>
  inputs()
    .flatMap((event) => (event.kind === "text" ? [event.text] : []))
    .join("");

describe("the way to the screen", () => {
  test("S-22: a browser without WebRTC is told what it needs", async () => {
    await page.addInitScript(() => Reflect.deleteProperty(window, "RTCPeerConnection"));
    await page.reload();
    await page.waitForSelector("[data-state=unsupported]");
    await inspect("unsupported");
  });

  test("signing in, and out again", async () => {
    await until("signing_in");
    await inspect("signing-in");
    await toHome();
    await inspect("home");
    expect(await the("me").textContent()).toContain("Hana Helper");
    await the("sign-out").click();
    await until("signing_in");
    // The browser itself notes the 401 by which the page learns that nobody is signed in.
    expect(wrong.filter((line) => !line.includes("401"))).toEqual([]);
  });

  test("S-18: an organisation to sign in at, and what to do when that went wrong", async () => {
    service.tenants = [{ id: "example", name: "Example Ltd" }];
    await page.goto(`${service.url}?sign-in=other_directory`);
    await until("signing_in");
    const way = page.getByTestId("tenant");
    await expect.poll(() => way.getAttribute("href")).toBe("/auth/start?tenant=example");
    expect(await the("sign-in-failure").textContent()).toBe(t("sign-in-other_directory"));
    await inspect("sign-in-at");
  });

  test("S-45: an agent's sign-in goes on at the organisation that is chosen", async () => {
    service.tenants = [{ id: "example", name: "Example Ltd" }];
    await page.goto(`${service.url}?port=50000&challenge=c&state=s`);
    const href = "/auth/agent?port=50000&challenge=c&state=s&tenant=example";
    await expect.poll(() => page.getByTestId("tenant").getAttribute("href")).toBe(href);
    await inspect("sign-in-agent");
  });

  test("a service that forgot who is here leads back to signing in", async () => {
    await toHome();
    service.signOut();
    await the("new-session").click();
    await until("signing_in");
  });

  test("S-55: the code is in groups of four, its copy is the eight digits alone, its expiry is visible", async () => {
    await toWaiting();
    await inspect("waiting");
    expect(await the("code").innerText()).toMatch(/0427\s+1938/);
    await the("copy").click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("04271938");
    expect(await the("countdown").textContent()).toMatch(/(10:00|9:5\d)/);
    await the("cancel").click();
    await until("home");
    expect(service.heard.at(-1)).toEqual({ type: "leave", reason: "helper_ended" });
  });

  test("S-57: who joined, in all five fields", async () => {
    await toJoined();
    await inspect("joined");
    expect(await the("full_name").textContent()).toBe("Sam Sharer");
    expect(await the("job_title").textContent()).toBe("Accountant");
    expect(await the("company").textContent()).toBe("Example Ltd");
    expect(await the("verified_domain").textContent()).toBe("example.com");
    expect(await the("picture").textContent()).toContain("not given");
    expect(wrong.filter((line) => !line.includes("401"))).toEqual([]);
  });

  // CVE-2017-18635, GHSA-c7hr-448w-65px: a name is text, whatever it says.
  test("S-57: missing, right-to-left and hostile fields", async () => {
    const long = `<img src=x onerror=alert(1)>${"w".repeat(100)}`;
    await toJoined({
      full_name: "שרה כהן",
      job_title: long,
      company: null,
      picture: "//elsewhere/x.png",
      verified_domain: null,
    });
    await inspect("joined-odd");
    expect(await the("job_title").textContent()).toBe(long);
    expect(await the("company").textContent()).toBe("not given");
    expect(await the("verified_domain").textContent()).toBe("not given");
    expect(await the("trust-card").locator("img").count()).toBe(0);
  });

  test("S-58: the choice, the wait, and a decline", async () => {
    await toJoined();
    await the("role-control").check();
    await the("ask").click();
    await until("asking");
    await inspect("asking");
    expect(service.heard.at(-1)).toEqual({ type: "request", role: "control" });
    service.tell({ type: "answered", role: "control", consent: "decline" });
    await until("ended");
    expect(await the("ended").getAttribute("data-reason")).toBe("declined");
    await inspect("ended");
    await the("new-session").click();
    await until("waiting");
  });

  test("once allowed, the page says that it connects", async () => {
    await toJoined();
    await the("ask").click();
    await until("asking");
    service.tell({ type: "answered", role: "view", consent: "allow" });
    await until("connecting");
    await inspect("connecting");
  });

  test("messages that are none change nothing", async () => {
    await toJoined();
    for (const data of [
      "",
      "{",
      "null",
      "[]",
      '{"type":"nonsense"}',
      '{"type":"answered"}',
      "x".repeat(100_000),
    ]) {
      service.babble(data);
      await agent!.babble(data);
    }
    service.tell({ type: "answered", role: "control", consent: "allow" });
    await agent!.say({ type: "granted", role: "control" });
    await page.waitForTimeout(200);
    await until("joined");
  });
});

describe("watching", () => {
  test("S-05: view only shows the picture and the sharer's cursor, and sends nothing", async () => {
    const agent = await toWatching("view");
    await agent.say({ type: "cursor_at", at: { display: 7, x: 0.5, y: 0.5 } });
    await the("remote-cursor").waitFor();
    const box = (await the("remote-cursor").boundingBox())!;
    const [x, y] = await place(0.5, 0.5);
    expect([box.x + 1, box.y + 1].map(Math.round)).toEqual([x, y].map(Math.round));
    await page.waitForTimeout(1200);
    await inspect("watching-view");
    await page.mouse.click(...(await place(0.3, 0.3)));
    await page.mouse.wheel(0, 100);
    await page.keyboard.type("hello");
    await page.waitForTimeout(300);
    expect(agent.heard).toEqual([]);
    expect(agent.moves).toEqual([]);
  });

  test("S-06: a click lands where it is meant, fit and at 1:1", async () => {
    const agent = await toWatching("control");
    for (const [x, y] of [
      [0.25, 0.75],
      [0.9, 0.1],
    ] as const) {
      agent.heard.length = 0;
      await page.mouse.click(...(await place(x, y)));
      await expect.poll(() => inputs().filter(({ kind }) => kind === "button").length).toBe(2);
      for (const event of inputs()) {
        if (event.kind !== "button") continue;
        expect(event).toMatchObject({ button: "left", at: { display: 7 } });
        expect(event.at.x).toBeCloseTo(x, 2);
        expect(event.at.y).toBeCloseTo(y, 2);
      }
      await the("actual-size").click();
      await expect
        .poll(async () => (await the("video").boundingBox())!.width === SIZE.width)
        .toBe(x === 0.25);
    }
    await page.waitForTimeout(1200);
    await inspect("watching-control");
  });

  test("a drag goes on outside of the picture, and every message has its number", async () => {
    const agent = await toWatching("control");
    await page.mouse.move(...(await place(0.5, 0.5)));
    await page.mouse.down();
    for (let i = 0; i <= 10; i++) await page.mouse.move(...(await place(0.5, 0.5 + i * 0.06)));
    await page.mouse.up();
    await expect.poll(() => inputs().filter(({ kind }) => kind === "button").length).toBe(2);
    expect(inputs().at(-1)).toMatchObject({ kind: "button", down: false, at: { y: 1 } });
    const numbers = [...agent.moves, ...agent.heard].flatMap((message) =>
      "seq" in message ? [message.seq] : [],
    );
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(agent.moves.length).toBeGreaterThan(0);
  });

  test("a press that the browser takes away is let go, and the next one counts", async () => {
    await toWatching("control");
    await page.mouse.move(...(await place(0.5, 0.5)));
    await page.mouse.down();
    await the("video").dispatchEvent("pointercancel");
    await expect.poll(() => inputs().at(-1)).toEqual({ kind: "release_all" });
    await page.mouse.up();
    await page.mouse.click(...(await place(0.5, 0.5)));
    const buttons = () =>
      inputs().flatMap((event) => (event.kind === "button" ? [event.down] : []));
    await expect.poll(buttons).toEqual([true, true, false]);
  });

  test("the wheel goes to the sharer in pixels", async () => {
    await toWatching("control");
    await page.mouse.move(...(await place(0.5, 0.5)));
    await page.mouse.wheel(30, 240);
    await expect
      .poll(() => inputs().find(({ kind }) => kind === "scroll"))
      .toMatchObject({ dx: 30, dy: 240 });
  });

  test("B-07: text, keys and shortcuts; Tab goes to the sharer, Ctrl+Alt+Shift leaves", async () => {
    await toWatching("control");
    await page.keyboard.type("Hé, ß!");
    await page.keyboard.insertText("漢字 🎉");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+c");
    await expect
      .poll(() => inputs().filter(({ kind }) => kind === "key").length)
      .toBeGreaterThanOrEqual(6);
    expect(texts()).toBe("Hé, ß!漢字 🎉");
    const keys = inputs().flatMap((event) =>
      event.kind === "key" ? [`${event.key} ${event.down ? "down" : "up"}`] : [],
    );
    expect(keys.slice(-6)).toEqual([
      "Tab down",
      "Tab up",
      "ControlLeft down",
      "KeyC down",
      "KeyC up",
      "ControlLeft up",
    ]);
    expect(await the("hint").getAttribute("data-focused")).toBe("true");
    await page.keyboard.press("Control+Alt+Shift");
    await expect.poll(() => the("hint").getAttribute("data-focused")).toBe("false");
    expect(inputs().at(-1)).toEqual({ kind: "release_all" });
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BUTTON");
  });

  test("B-07: an input method's text comes once, when it is done; its Enter stays here", async () => {
    await toWatching("control");
    const client = await context.newCDPSession(page);
    for (const text of ["k", "か", "かん", "かんじ", "漢字"]) {
      await client.send("Input.imeSetComposition", {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    }
    const enter = {
      type: "keyDown",
      key: "Enter",
      code: "Enter",
      windowsVirtualKeyCode: 229,
    } as const;
    await client.send("Input.dispatchKeyEvent", enter);
    expect(inputs()).toEqual([]);
    await client.send("Input.insertText", { text: "漢字" });
    await page.keyboard.type("!");
    await expect.poll(texts).toBe("漢字!");
    expect(inputs().filter(({ kind }) => kind === "key")).toEqual([]);
    expect(await the("keyboard").inputValue()).toBe("");
  });

  test("B-11: the helper is told why the picture or the input waits", async () => {
    const agent = await toWatching("control");
    for (const state of ["locked", "other_user", "asleep", "secure_input"] as const) {
      await agent.say({ type: "input_paused", paused: true });
      await agent.say({ type: "desktop", state });
      await expect.poll(() => the("desktop").textContent()).toBe(t(`desktop-${state}`));
      expect(await the("input-paused").count(), "one reason is enough").toBe(0);
    }
    await agent.say({ type: "desktop", state: "locked" });
    await the("desktop").waitFor();
    await inspect("watching-locked");
    await agent.say({ type: "desktop", state: "active" });
    await the("desktop").waitFor({ state: "detached" });
  });

  test("while the sharer's machine pauses input, the page says so and sends none", async () => {
    const agent = await toWatching("control");
    await agent.say({ type: "input_paused", paused: true });
    await the("input-paused").waitFor();
    await inspect("watching-paused");
    await the("keyboard").focus();
    await page.keyboard.type("x");
    await agent.say({ type: "input_paused", paused: false });
    await the("input-paused").waitFor({ state: "detached" });
    await page.keyboard.type("y");
    await expect.poll(texts).toBe("y");
  });

  test("B-07: a key that is held is let go when the page loses the keyboard", async () => {
    await toWatching("control");
    await page.keyboard.down("Shift");
    await page.keyboard.down("ArrowRight");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await expect.poll(() => inputs().at(-1)).toEqual({ kind: "release_all" });
  });

  test("B-07: a key that is held is let go when the page is hidden", async () => {
    await toWatching("control");
    await page.keyboard.down("ArrowRight");
    await expect.poll(() => inputs().at(-1)).toMatchObject({ key: "ArrowRight", down: true });
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect.poll(() => inputs().at(-1)).toEqual({ kind: "release_all" });
  });

  test("M-09: control is asked for, declined, granted and given back", async () => {
    const agent = await toWatching("view");
    await the("ask-control").click();
    await expect.poll(() => service.heard.at(-1)).toEqual({ type: "request", role: "control" });
    service.tell({ type: "answered", role: "control", consent: "decline" });
    await the("declined-control").waitFor();
    await inspect("watching-declined");
    await the("ask-control").click();
    service.tell({ type: "answered", role: "control", consent: "allow" });
    await agent.say({ type: "granted", role: "control" });
    await page.waitForSelector("[data-testid=watching][data-role=control]");
    await page.keyboard.type("x");
    await expect.poll(texts).toBe("x");
    await the("give-back").click();
    await page.waitForSelector("[data-testid=watching][data-role=view]");
    await page.keyboard.type("y");
    await page.waitForTimeout(200);
    expect(texts()).toBe("x");
  });

  test("S-50: another display can be chosen", async () => {
    const agent = await toWatching("view");
    await the("display").selectOption("9");
    await expect.poll(() => agent.heard).toContainEqual({ type: "select", display: 9 });
  });

  test("the stats line tells how the connection is", async () => {
    await toWatching("view");
    await expect
      .poll(async () => Number(await the("fps").getAttribute("data-value")), { timeout: 10_000 })
      .toBeGreaterThan(5);
    expect(await the("path").getAttribute("data-value")).toBe("udp");
    await expect
      .poll(async () => Number(await the("bitrate").getAttribute("data-value")), { timeout: 5000 })
      .toBeGreaterThan(0);
    expect(Number(await the("round-trip").getAttribute("data-value"))).toBeLessThan(100);
    expect(await the("size").textContent()).toContain("800");
  });
});

describe("S-61: the end", () => {
  test("End tells both sides, with the reason", async () => {
    const agent = await toWatching("view");
    await the("end").click();
    await until("ended");
    await expect.poll(() => agent.heard).toContainEqual({ type: "bye", reason: "helper_ended" });
    await said("leave");
  });

  test("a page that is closed says so", async () => {
    await toWatching("view");
    await page.goto("about:blank");
    await expect.poll(() => service.heard.at(-1)).toEqual({ type: "leave", reason: "helper_left" });
  });

  test("a silent agent: unstable first, then lost", async () => {
    const agent = await toWatching("control");
    await agent.freeze();
    const start = ours();
    await the("unstable").waitFor();
    expect(ours() - start).toBeLessThan(4000);
    await inspect("watching-unstable");
    await page.waitForSelector("[data-reason=connection_lost]");
    expect(ours() - start).toBeLessThan(10_000);
  });

  test("a crashed agent is known as such within five seconds", async () => {
    const agent = await toWatching("view");
    await agent.freeze();
    const told = ours();
    service.tell({ type: "peer_vanished" });
    await page.waitForSelector("[data-reason=crashed]");
    expect(ours() - told).toBeLessThan(5000);
  });
});
