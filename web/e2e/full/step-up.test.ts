/** S-12: a stronger sign-in at a real provider, while a session with a real service waits. */

import { join } from "node:path";

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";

import type { FromClient, ToClient } from "../../src/protocol";
import { launch } from "../browser";
import { idOf, type Organisation, Provider, signIn } from "../world/provider";

const PEOPLE = '[[person]]\nid = "sharer"\nfull_name = "Sami Sharer"\ntenant = "example"\n';
const DEVICE = { enrolment: "enrolled", compliance: "compliant", assurance: "attested", age: 60 };
/** Control asks for the context c1. */
const RULES = {
  conditions: { "session.full_control": "c1" },
  people: { sharer: { device: DEVICE } },
};

let browser: Browser;
let provider: Provider;
let organisation: Organisation;
let context: BrowserContext;
let page: Page;
let agent: Agent | undefined;

beforeAll(async () => {
  browser = await launch();
  provider = await Provider.start();
});
afterAll(async () => {
  await browser.close();
  await provider.stop();
});
beforeEach(async () => {
  organisation = await provider.organisation(PEOPLE);
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  agent?.close();
  agent = undefined;
  await context.close();
  await organisation.stop();
});

/** A sharer's agent as far as the service sees it. */
class Agent {
  readonly heard: ToClient[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.heard.push(JSON.parse(String(data)) as ToClient));
  }

  static async join(code: string): Promise<Agent> {
    const { url } = organisation.service;
    const response = await fetch(`${url}/api/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ person: "sharer", client: "agent" }),
    });
    const { token } = (await response.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers });
    const agent = new Agent(socket);
    await new Promise((opened) => socket.once("open", opened));
    agent.say({ type: "hello", version: 1, client: "agent" });
    agent.say({ type: "join", code });
    return agent;
  }

  say(message: FromClient): void {
    this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#socket.terminate();
  }
}

const the = (id: string) => page.getByTestId(id);
const until = (state: string) =>
  page.waitForSelector(`[data-testid=page][data-state=${state}]`, { timeout: 15_000 });
const shoot = async (name: string) => {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

/** Signed in at the provider, in a session, and asking for control. */
async function asking(grants: string[]): Promise<Agent> {
  await organisation.register(grants);
  await page.goto(organisation.service.url);
  await signIn(page, "ann");
  await until("home");
  await organisation.letHelp(await idOf(page, organisation.service), RULES);
  await the("new-session").click();
  await until("waiting");
  const joined = await Agent.join((await the("code").getAttribute("data-code")) ?? "");
  agent = joined;
  await until("joined");
  await the("role-control").click();
  await the("ask").click();
  await the("confirm").waitFor();
  return joined;
}

test("S-12: the session waits for the stronger sign-in, and goes on", async () => {
  const agent = await asking(["c1"]);
  expect(agent.heard.map(({ type }) => type)).not.toContain("requested");
  await shoot("step-up-asked");
  const [window] = await Promise.all([context.waitForEvent("page"), the("confirm").click()]);
  await until("asking");
  await expect
    .poll(() => agent.heard.find(({ type }) => type === "requested"))
    .toEqual({ type: "requested", role: "control" });
  await expect.poll(() => window.isClosed()).toBe(true);
  expect(agent.heard.map(({ type }) => type)).not.toContain("ended");
});

test("S-12: a stronger sign-in that the provider refuses is told of, and the session goes on", async () => {
  const agent = await asking([]);
  await the("confirm").click();
  await the("step-up-failed").waitFor();
  expect(await the("step-up-failed").getAttribute("data-why")).toBe("refused");
  await shoot("step-up-refused-by-the-provider");
  await the("role-view").click();
  await the("ask").click();
  await until("asking");
  await expect
    .poll(() => agent.heard.find(({ type }) => type === "requested"))
    .toEqual({ type: "requested", role: "view" });
});
