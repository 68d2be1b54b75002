/** Chromium for tests, and what every page has to pass. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Where Chromium is; `CHROMIUM` names another one. */
export const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Starts Chromium without a window; its network stays on this machine. */
export async function launch(
  args: readonly string[] = [],
  executable = executablePath,
): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${executablePath}: install the package chromium, or set CHROMIUM`,
    );
  }
  const quiet = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: [...quiet, ...args],
  });
}

/** Lets two pages of one machine find each other by address, which browsers hide behind mDNS names. */
export const BY_ADDRESS = "--disable-features=WebRtcHideLocalIpsWithMdns";

/** What axe-core finds wrong with the page, as it is now; one line each. */
export async function axe(page: Page): Promise<string[]> {
  // Injected past the content security policy, which allows no script that is not the service's.
  const client = await page.context().newCDPSession(page);
  await client.send("Runtime.evaluate", { expression: readFileSync(AXE, "utf8") });
  const { result } = await client.send("Runtime.evaluate", {
    expression: `axe.run().then((found) => JSON.stringify(found.violations.flatMap((violation) =>
      violation.nodes.map((node) => violation.id + ": " + node.target.join(" ") + ": " + node.failureSummary))))`,
    awaitPromise: true,
  });
  await client.detach();
  return JSON.parse(String(result.value)) as string[];
}

/** Collects what the page complains about: errors, and breaches of its content security policy. */
export function complaints(page: Page): string[] {
  const list: string[] = [];
  page.on("pageerror", (error) => list.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.text().includes("Content Security Policy"))
      list.push(message.text());
  });
  return list;
}
