/** The helper's page in a real browser, used as a person would. */

import type { Browser, BrowserContext, Page } from "playwright-core";

import { launch } from "../browser";
import { ours } from "./clock";
import { until } from "./process";
import { pictures, spy } from "./spy";

export type Role = "view" | "control";

export class Helper {
  private constructor(
    readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** Opens the service's page and signs in, by the sign-in for development. */
  static async open(
    url: string,
    viewport?: { width: number; height: number },
    launched?: Promise<Browser>,
  ): Promise<Helper> {
    const helper = await Helper.arrive(url, viewport, launched);
    await helper.page.locator('[data-testid="person"][data-person="helper"]').click();
    return helper;
  }

  /** Opens the service's page. */
  static async arrive(
    url: string,
    viewport = { width: 1400, height: 1000 },
    launched: Promise<Browser> = launch(),
  ): Promise<Helper> {
    const browser = await launched;
    const context = await browser.newContext({ viewport, ignoreHTTPSErrors: true });
    await spy(context);
    const page = await context.newPage();
    await page.goto(url);
    return new Helper(browser, context, page);
  }

  private by(id: string): ReturnType<Page["getByTestId"]> {
    return this.page.getByTestId(id);
  }

  /** Makes a session; returns its code. */
  async newSession(): Promise<string> {
    await this.by("new-session").click();
    return (await this.by("code").getAttribute("data-code")) ?? "";
  }

  /** Waits for a sharer and asks for `role`. */
  async ask(role: Role): Promise<void> {
    await this.by(`role-${role}`).check();
    await this.by("ask").click();
  }

  /** Waits until the screen is seen. */
  async watching(role: Role): Promise<void> {
    await this.page.locator(`[data-testid="watching"][data-role="${role}"]`).waitFor();
    await until("a picture", async () => (await pictures(this.page)) > 0);
    await until("a picture of some size", async () => (await this.size()).width > 0);
  }

  /** Asks for control while viewing. */
  askControl(): Promise<void> {
    return this.by("ask-control").click();
  }

  giveBack(): Promise<void> {
    return this.by("give-back").click();
  }

  end(): Promise<void> {
    return this.by("end").click();
  }

  /** Why the session ended, and how long after `since` (`ours`) the page said so, in milliseconds. */
  async ended(since = ours(), seconds = 15): Promise<{ reason: string; ms: number }> {
    const ended = this.by("ended");
    await until("the page says that it ended", () => ended.isVisible(), seconds);
    const ms = ours() - since;
    return { reason: (await ended.getAttribute("data-reason")) ?? "", ms };
  }

  /** Pixels of the picture that is shown. */
  async size(): Promise<{ width: number; height: number }> {
    const side = async (name: string) =>
      Number(await this.by("screen").getAttribute(`data-${name}`));
    return { width: await side("width"), height: await side("height") };
  }

  /** Where on the page the middle of the sharer's pixel (x, y) is. */
  async place(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.by("screen").boundingBox();
    const size = await this.size();
    if (box === null || size.width === 0) throw new Error("no picture");
    return {
      x: box.x + ((x + 0.5) * box.width) / size.width,
      y: box.y + ((y + 0.5) * box.height) / size.height,
    };
  }

  async move(x: number, y: number): Promise<void> {
    const at = await this.place(x, y);
    await this.page.mouse.move(at.x, at.y);
  }

  async click(
    x: number,
    y: number,
    button: "left" | "right" | "middle" = "left",
    clickCount = 1,
  ): Promise<void> {
    const at = await this.place(x, y);
    await this.page.mouse.click(at.x, at.y, { button, clickCount });
  }

  async drag(from: [number, number], to: [number, number]): Promise<void> {
    await this.move(...from);
    await this.page.mouse.down();
    const start = await this.place(...from);
    const end = await this.place(...to);
    for (let step = 1; step <= 10; step++) {
      await this.page.mouse.move(
        start.x + ((end.x - start.x) * step) / 10,
        start.y + ((end.y - start.y) * step) / 10,
      );
    }
    await this.page.mouse.up();
  }

  /** Types as a person with a keyboard does; what no key produces comes as from an input method. */
  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys);
  }

  /** Shows another display. */
  async select(name: string): Promise<void> {
    const label = await this.by("display").locator("option", { hasText: name }).textContent();
    await this.by("display").selectOption({ label: label ?? name });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
