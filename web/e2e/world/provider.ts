/** A real OpenID provider, and services whose people sign in there. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Page } from "playwright-core";

import { Child } from "./process";
import { Service } from "./service";

const FOLDER = resolve(import.meta.dirname, "../../../crates/rh-service/tests/oidc-provider");
const SECRET = "a secret that only tests have";

export class Provider {
  private organisations = 0;

  private constructor(
    private readonly child: Child,
    private readonly issuer: string,
  ) {}

  static async start(): Promise<Provider> {
    const child = new Child("oidc-provider", "node", ["provider.js"], { cwd: FOLDER });
    return new Provider(child, (await child.says(/issuer (\S+)/))[1] ?? "");
  }

  /** A service of one organisation whose people sign in here; `people` may sign in without a password. */
  async organisation(people = ""): Promise<Organisation> {
    return Organisation.start(this.issuer, `client-${this.organisations++}`, people);
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

export class Organisation {
  private constructor(
    readonly service: Service,
    private readonly folder: string,
    private readonly issuer: string,
    private readonly client: string,
  ) {}

  static async start(issuer: string, client: string, people: string): Promise<Organisation> {
    const folder = mkdtempSync(join(tmpdir(), "rh-organisation-"));
    writeFileSync(join(folder, "rules.json"), '{"tenants": []}');
    writeFileSync(join(folder, "secret"), SECRET);
    writeFileSync(join(folder, "people.toml"), people);
    const development = people === "" ? "" : '[development]\npeople = "people.toml"';
    const config = `rules = "rules.json"
${development}
[[tenant]]
id = "example"
name = "Example Ltd"
issuer = "${issuer}"
client_id = "${client}"
client_secret = { file = "secret" }
domains = ["example.com"]
`;
    writeFileSync(join(folder, "service.toml"), config);
    const service = await Service.start(["--config", join(folder, "service.toml")]);
    return new Organisation(service, folder, issuer, client);
  }

  /** What the provider is told of the service, and the authentication contexts that it grants. */
  async register(grants: string[] = []): Promise<void> {
    const metadata = {
      client_id: this.client,
      client_secret: SECRET,
      redirect_uris: [`${this.service.url}/auth/callback`],
      rh: { grants },
    };
    const body = JSON.stringify(metadata);
    await fetch(`${this.issuer}/test/client`, { method: "POST", body });
  }

  /** Lets `person` help everybody, from now on; `more` is what the rules say beside. */
  async letHelp(person: string, more: object = {}): Promise<void> {
    const tenant = {
      id: "example",
      settings: { remoteAssistanceState: "enabled", allowSessionsToUnenrolledDevices: true },
      assignments: [
        {
          role: "HelpDeskOperator",
          members: { people: [person] },
          scope: { scopeType: "allDevicesAndLicensedUsers" },
        },
      ],
      ...more,
    };
    writeFileSync(join(this.folder, "rules.json"), JSON.stringify({ tenants: [tenant] }));
    const { child } = this.service;
    const from = child.output.length;
    child.process.kill("SIGHUP");
    await child.says(/were read again/, 10, from);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Signs `login` in, from the service's page on which one chooses where. */
export async function signIn(page: Page, login: string): Promise<void> {
  await page.getByTestId("tenant").click();
  await sayWho(page, login);
}

/** Says who one is on the provider's page, on which an agent's person is at once. */
export function sayWho(page: Page, login: string): Promise<void> {
  return page.locator(`button[name=login][value=${login}]`).click();
}

/** Who is signed in on a page, as the service's rules call them. */
export async function idOf(page: Page, service: Service): Promise<string> {
  const answer = await page.request.get(`${service.url}/api/me`);
  return ((await answer.json()) as { id: string }).id;
}
