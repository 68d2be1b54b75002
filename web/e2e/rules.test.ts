/** What the organisation's rules say, as a helper reads it in a real browser; axe finds nothing. */

import { join } from "node:path";

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import type { Reason, ToClient } from "../src/protocol";
import { axe, BY_ADDRESS, complaints, launch } from "./browser";
import { FakeAgent } from "./fake-agent";
import { FakeService, PEOPLE } from "./fake-service";

const SESSION = "0123456789abcdef0123456789abcdef";
const SIZE = { width: 800, height: 500 };
const SWITCH: Reason = {
  code: "enrolment_unknown",
  why: "no_user_affinity",
  fixes: [
    {
      code: "allow_unenrolled",
      who: "administrator",
      permission: null,
      setting: "allowSessionsToUnenrolledDevices",
    },
  ],
};
const WARNINGS: ToClient = {
  type: "terms",
  warnings: [
    { code: "unenrolled", why: null, seconds: null },
    { code: "not_compliant", why: null, seconds: null },
  ],
  chat: true,
};

let browser: Browser;
let service: FakeService;
let context: BrowserContext;
let page: Page;
let wrong: string[];
let agent: FakeAgent | undefined;
/** What the service answers to the wish for a code. */
let answer: ToClient;

beforeAll(async () => {
  browser = await launch([BY_ADDRESS]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  service = await FakeService.start();
  answer = { type: "session", session: SESSION, code: "04271938", expires_in: 600 };
  service.onMessage = (message) => {
    if (message.type === "hello")
      service.tell({ type: "welcome", version: 1, you: PEOPLE[0]!.card });
    if (message.type === "new_session") service.tell(answer);
    if (message.type === "negotiate") void agent?.apply(message.step);
  };
  context = await browser.newContext({ viewport: { width: 1100, height: 760 } });
  page = await context.newPage();
  wrong = complaints(page);
  await page.goto(service.url);
  await page.locator("[data-person=helper]").click();
  await until("home");
});
afterEach(async () => {
  await agent?.close();
  agent = undefined;
  await context.close();
  service.stop();
});

/** Keeps a picture of the page, if somebody wants to look at it. */
const shoot = async (name: string) => {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};
const the = (id: string) => page.getByTestId(id);
const until = (state: string) =>
  page.waitForSelector(`[data-testid=page][data-state=${state}]`, { timeout: 10_000 });

async function toJoined(): Promise<FakeAgent> {
  await the("new-session").click();
  await until("waiting");
  agent = await FakeAgent.start(browser, SIZE, (step) => service.tell({ type: "negotiate", step }));
  service.tell({ type: "joined", session: SESSION, peer: PEOPLE[0]!.card });
  await until("joined");
  await expect.poll(() => agent?.heard).toEqual([{ type: "hello", version: 1 }]);
  return agent;
}

test("S-26, B-18: a refusal names its reason and the exact switch, and markup stays inert", async () => {
  const hostile = structuredClone(SWITCH);
  hostile.fixes[0]!.setting = "<img src=x onerror=alert(1)>allowSessionsToUnenrolledDevices";
  answer = { type: "denied", action: "make_code", reasons: [hostile] };
  await the("new-session").click();
  await the("objection").waitFor();
  const told = await the("objection").textContent();
  expect(told).toContain("without user affinity");
  expect(told).toContain("<img src=x onerror=alert(1)>allowSessionsToUnenrolledDevices");
  expect(await the("objection").locator("img").count()).toBe(0);
  expect(await axe(page)).toEqual([]);
});

test("S-11: somebody who may not share is told of, and the code stays", async () => {
  await the("new-session").click();
  await until("waiting");
  service.tell({ type: "denied", action: "join", reasons: [SWITCH] });
  await the("objection").waitFor();
  expect(await the("code").getAttribute("data-code")).toBe("04271938");
  expect(await axe(page)).toEqual([]);
});

/** The devices that codes were asked for. */
const wanted = () =>
  service.heard.flatMap((message) => (message.type === "new_session" ? [message.device] : []));

test("S-54: a link from a list of devices asks for a code for one of them, also after a reload", async () => {
  const link = await context.newPage();
  await link.goto(`${service.url}#device=mac%2F7`);
  page = link;
  await until("home");
  expect(new URL(page.url()).hash).toBe("");
  expect(await the("for-device").textContent()).toContain("mac/7");
  expect(await axe(page)).toEqual([]);
  await shoot("home-for-device");
  await page.reload();
  await toJoined();
  expect(wanted()).toEqual(["mac/7"]);
  service.tell({
    type: "terms",
    warnings: [{ code: "other_device", why: null, seconds: null }],
    chat: true,
  });
  expect(await the("warning").textContent()).toContain("not the device");
  expect(await axe(page)).toEqual([]);
  await shoot("joined-other-device");
});

test("S-54: whoever wants any device instead says so", async () => {
  const link = await context.newPage();
  await link.goto(`${service.url}#device=mac-7`);
  page = link;
  await until("home");
  await the("any-device").click();
  expect(await the("for-device").count()).toBe(0);
  await the("new-session").click();
  await until("waiting");
  expect(wanted()).toEqual([null]);
});

test("S-13, S-15, S-59: warnings stand before and during the session, and block nothing (S-14)", async () => {
  const agent = await toJoined();
  service.tell(WARNINGS);
  await expect.poll(() => the("warning").count()).toBe(2);
  expect(await the("warning").first().textContent()).toContain("administrator's password");
  expect(await axe(page)).toEqual([]);
  await the("ask").click();
  await until("asking");
  service.tell({ type: "answered", role: "view", consent: "allow" });
  await agent.say({ type: "granted", role: "view" });
  await until("watching");
  for (const code of ["unenrolled", "not_compliant"])
    expect(await the(`warning-${code}`).textContent()).toContain("administrator's password");
  expect(await axe(page)).toEqual([]);
  service.tell({ type: "terms", warnings: [], chat: true });
  await the("warning-unenrolled").waitFor({ state: "detached" });
  expect(wrong.filter((line) => !line.includes("401"))).toEqual([]);
});

test("S-12: a stronger sign-in is one press away, and what waited for it goes on", async () => {
  await toJoined();
  await the("ask").click();
  service.tell({ type: "step_up", action: "view", context: "c1" });
  await the("confirm").waitFor();
  expect(await axe(page)).toEqual([]);
  const before = service.heard.length;
  await the("confirm").click();
  await until("asking");
  expect(service.heard.slice(before)).toEqual([{ type: "request", role: "view" }]);
  expect(service.steppedUp).toEqual(["c1"]);
});

test("S-12: at an identity provider a window signs in more strongly, and the session goes on", async () => {
  service.provider = "granted";
  await page.reload();
  await until("home");
  await toJoined();
  await the("ask").click();
  service.tell({ type: "step_up", action: "view", context: "c1" });
  await the("confirm").waitFor();
  const before = service.heard.length;
  const [window] = await Promise.all([context.waitForEvent("page"), the("confirm").click()]);
  await until("asking");
  expect(service.heard.slice(before)).toEqual([{ type: "request", role: "view" }]);
  expect(service.steppedUp).toEqual(["c1"]);
  await expect.poll(() => window.isClosed()).toBe(true);
});

test("S-12: a stronger sign-in that is refused says so, and nothing else happens", async () => {
  service.provider = "denied";
  await page.reload();
  await until("home");
  await toJoined();
  await the("ask").click();
  service.tell({ type: "step_up", action: "view", context: "c1" });
  const before = service.heard.length;
  await the("confirm").click();
  await the("step-up-failed").waitFor();
  expect(await the("step-up-failed").getAttribute("data-why")).toBe("refused");
  expect(service.heard.slice(before)).toEqual([]);
  expect(await axe(page)).toEqual([]);
  await shoot("step-up-refused");
});

test("B-05: what is odd about the sharer is told before anything is asked", async () => {
  await toJoined();
  const like = "<b>Hana</b> Helper";
  const oddities = [
    { code: "looks_alike", like },
    { code: "mixed_scripts", like: null },
  ] as const;
  const background = { code_age: null, met_before: false, oddities: [...oddities] };
  service.tell({ type: "background", session: SESSION, background });
  await the("first-contact").waitFor();
  expect(await the("oddity").first().textContent()).toContain(like);
  expect(await the("oddity").count()).toBe(2);
  expect(await axe(page)).toEqual([]);
  await shoot("background");
});

test("B-05: a helper who is suspended is told so, and the code is gone", async () => {
  await the("new-session").click();
  await until("waiting");
  const fix = { code: "lift_suspension", who: "administrator", permission: null, setting: null };
  const reasons = [{ code: "suspended", why: null, fixes: [fix] }] as Reason[];
  service.tell({ type: "denied", action: "make_code", reasons });
  await until("home");
  expect(await the("objection").textContent()).toContain("administrator");
  expect(await axe(page)).toEqual([]);
});

test("S-19: a session that is not allowed any more ends with its reasons", async () => {
  await toJoined();
  service.tell({ type: "denied", action: "join", reasons: [SWITCH] });
  service.tell({ type: "ended", reason: "right_revoked" });
  await until("ended");
  expect(await the("ended").getAttribute("data-reason")).toBe("right_revoked");
  expect(await the("reason").textContent()).toContain("allowSessionsToUnenrolledDevices");
  expect(await axe(page)).toEqual([]);
});
