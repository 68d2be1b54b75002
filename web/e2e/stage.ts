/** A helper's page in a browser, with a service and an agent that do what a test says. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

import type { Role } from "../src/protocol";
import { complaints } from "./browser";
import { FakeAgent } from "./fake-agent";
import { FakeService, PEOPLE } from "./fake-service";

const SESSION = "0123456789abcdef0123456789abcdef";
const SIZE = { width: 800, height: 500 };
const DISPLAY = { id: 7, name: "HDMI-1", x: 0, y: 0, ...SIZE, scale: 1, primary: true };

export class Stage {
  agent: FakeAgent | undefined;

  private constructor(
    readonly browser: Browser,
    readonly service: FakeService,
    readonly context: BrowserContext,
    readonly page: Page,
    /** What the page complained of. */
    readonly wrong: string[],
  ) {}

  static async open(browser: Browser): Promise<Stage> {
    const service = await FakeService.start();
    const context = await browser.newContext({ viewport: { width: 1100, height: 760 } });
    const page = await context.newPage();
    const stage = new Stage(browser, service, context, page, complaints(page));
    service.onMessage = (message) => {
      if (message.type === "hello")
        service.tell({ type: "welcome", version: 1, you: PEOPLE[0]!.card });
      if (message.type === "new_session")
        service.tell({ type: "session", session: SESSION, code: "04271938", expires_in: 600 });
      if (message.type === "negotiate") void stage.agent?.apply(message.step);
    };
    await page.goto(service.url);
    return stage;
  }

  the(id: string): ReturnType<Page["getByTestId"]> {
    return this.page.getByTestId(id);
  }

  until(state: string): Promise<unknown> {
    return this.page.waitForSelector(`[data-testid=page][data-state=${state}]`, {
      timeout: 10_000,
    });
  }

  /** A session in which the helper has `role`. */
  async watching(role: Role): Promise<FakeAgent> {
    const { page, service } = this;
    await page.locator("[data-person=helper]").click();
    await this.the("new-session").click();
    await this.until("waiting");
    const agent = await FakeAgent.start(this.browser, SIZE, (step) =>
      service.tell({ type: "negotiate", step }),
    );
    this.agent = agent;
    service.tell({ type: "joined", session: SESSION, peer: PEOPLE[0]!.card });
    await this.until("joined");
    await expect.poll(() => agent.heard).toEqual([{ type: "hello", version: 1 }]);
    await this.the(`role-${role}`).check();
    await this.the("ask").click();
    await this.until("asking");
    service.tell({ type: "answered", role, consent: "allow" });
    await agent.say({ type: "granted", role });
    await agent.say({ type: "displays", displays: [DISPLAY], current: 7 });
    await this.until("watching");
    agent.heard.length = 0;
    return agent;
  }

  async close(): Promise<void> {
    await this.agent?.close();
    await this.context.close();
    this.service.stop();
  }
}
