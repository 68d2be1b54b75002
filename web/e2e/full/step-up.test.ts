/** S-12: a stronger sign-in at a real provider, while a session with a real service waits. */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";

import type { FromClient, ToClient } from "../../src/protocol";
import { launch } from "../browser";
import { Child } from "../world/process";
import { Service } from "../world/service";

const PROVIDER = resolve(import.meta.dirname, "../../../crates/rh-service/tests/oidc-provider");
const DEVICE = { enrolment: "enrolled", compliance: "compliant", assurance: "attested", age: 60 };

let browser: Browser;
let provider: Child;
let issuer: string;
let clients = 0;
let service: Service;
let client: string;
let rules: string;
let context: BrowserContext;
let page: Page;
let agent: Agent | undefined;

beforeAll(async () => {
  browser = await launch();
  provider = new Child("oidc-provider", "node", ["provider.js"], { cwd: PROVIDER });
  issuer = (await provider.says(/issuer (\S+)/))[1] ?? "";
});
afterAll(async () => {
  await browser.close();
  await provider.stop();
});
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "rh-step-up-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  client = `page-${clients++}`;
  rules = file("rules.json", '{"tenants": []}');
  file("secret", "a secret that only tests have");
  file("people.toml", '[[person]]\nid = "sharer"\nfull_name = "Sami Sharer"\ntenant = "example"\n');
  const config = `rules = "rules.json"
[development]
people = "people.toml"
[[tenant]]
id = "example"
issuer = "${issuer}"
client_id = "${client}"
client_secret = { file = "secret" }
`;
  service = await Service.start(["--config", file("service.toml", config)]);
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  agent?.close();
  agent = undefined;
  await context.close();
  await service.stop();
});

/** What the provider is told of the service, and the authentication contexts that it grants. */
async function register(grants: string[]): Promise<void> {
  const metadata = {
    client_id: client,
    client_secret: "a secret that only tests have",
    redirect_uris: [`${service.url}/auth/callback`],
    rh: { grants },
  };
  const body = JSON.stringify(metadata);
  await fetch(`${issuer}/test/client`, { method: "POST", body });
}

/** Everything is allowed to whoever is signed in on the page; control asks for the context c1. */
async function rule(): Promise<void> {
  const me = (await (await page.request.get(`${service.url}/api/me`)).json()) as { id: string };
  const tenant = {
    id: "example",
    settings: { remoteAssistanceState: "enabled" },
    assignments: [
      {
        role: "HelpDeskOperator",
        members: { people: [me.id] },
        scope: { scopeType: "allDevicesAndLicensedUsers" },
      },
    ],
    conditions: { "session.full_control": "c1" },
    people: { sharer: { device: DEVICE } },
  };
  writeFileSync(rules, JSON.stringify({ tenants: [tenant] }));
  const from = service.child.output.length;
  service.child.process.kill("SIGHUP");
  await service.child.says(/were read again/, 10, from);
}

/** A sharer's agent as far as the service sees it. */
class Agent {
  readonly heard: ToClient[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.heard.push(JSON.parse(String(data)) as ToClient));
  }

  static async join(code: string): Promise<Agent> {
    const response = await fetch(`${service.url}/api/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ person: "sharer", client: "agent" }),
    });
    const { token } = (await response.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${service.url.replace("http", "ws")}/ws`, { headers });
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
  await register(grants);
  await page.goto(service.url);
  await the("tenant").click();
  await page.locator("button[name=login][value=ann]").click();
  await until("home");
  await rule();
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
