/** A direct path that breaks in the midst of a session: another takes its place, or it comes back (B-09, B-17). */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { launch } from "../browser";
import { ours } from "../world/clock";
import { Desktop } from "../world/desktop";
import { Helper } from "../world/helper";
import { Cable, freePort, isRoot } from "../world/network";
import { sleep, until } from "../world/process";
import type { Child } from "../world/process";
import { agent, Service } from "../world/service";
import { ends, pictures } from "../world/spy";

if (!isRoot) console.warn("SKIPPED: the tests of a new path need root for network namespaces");

let folder: string;
let cable: Cable;
let desktop: Desktop;
let service: Service;
let helper: Helper | undefined;
let sharer: Child | undefined;

/** A session with control over a direct path, and a file in which it types. */
async function session(name: string): Promise<{ helper: Helper; sharer: Child; file: string }> {
  folder = mkdtempSync(join(tmpdir(), "rh-new-path-"));
  const listen = `127.0.0.1:${await freePort()}`;
  cable = await Cable.lay(`https://${listen}`);
  const tls = ["--self-signed", folder, "--public-origin", cable.url];
  service = await Service.start([
    "--listen",
    listen,
    ...tls,
    "--public-origin",
    `https://${listen}`,
  ]);
  const file = await desktop.edit(name);
  const browser = launch(["--ignore-certificate-errors"]);
  helper = await Helper.open(service.url, { width: 1400, height: 1000 }, browser);
  sharer = agent({
    service: cable.url,
    desktop,
    code: await helper.newSession(),
    namespace: cable.namespace,
    env: { SSL_CERT_FILE: join(folder, "certificate.pem") },
  });
  await helper.ask("control");
  await sharer.says(/\[y\/N\]: $/);
  sharer.type("y");
  await helper.watching("control");
  await helper.click(300, 200);
  await helper.type("before ");
  await helper.page.locator('[data-testid="path"][data-value="udp"]').waitFor();
  return { helper, sharer, file };
}

/** Now, by the page's clock and by that of limits. */
const now = () => ({ at: Date.now(), ours: ours() });

/** How long after `since` the page heard the agent say `what`, in milliseconds. */
async function heard(helper: Helper, since: ReturnType<typeof now>, what = ""): Promise<number> {
  const said = () =>
    helper.page.evaluate(
      ([since, what]) =>
        window.rhSpy.heard.some(({ at, data }) => at > since && data.includes(what)),
      [since.at, what] as const,
    );
  await until(`the agent says ${what}`, said);
  return ours() - since.ours;
}

/** Whether a relay is at an end of the path. The page may reach the agent's without one of its own. */
async function relayed(page: Page): Promise<boolean> {
  const { local, remote } = await ends(page);
  return [local, remote].some(({ type }) => type === "relay");
}

beforeAll(async () => {
  if (isRoot) desktop = await Desktop.start();
});
afterEach(async () => {
  await helper?.close();
  await sharer?.stop();
  await service?.stop();
  await cable?.remove();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await desktop?.stop();
});

test.runIf(isRoot)(
  "B-09, B-17: when nothing but the service passes any more, the session goes on over its relay",
  async () => {
    const { helper, sharer, file } = await session("broken.txt");
    const { page } = helper;
    const since = now();
    await cable.onlyTheService();
    await page.getByTestId("unstable").waitFor();
    const back = await heard(helper, since, '"paused":false');
    const before = await pictures(page);
    await helper.type("and after");
    await helper.press("Control+s");
    await until("the text is saved", () => desktop.read(file).includes("before and after"));
    await until("a picture", async () => (await pictures(page)) > before);
    const works = ours() - since.ours;
    console.log(`after a path broke: input counts after ${back} ms, is seen after ${works} ms`);
    expect(works).toBeLessThan(10_000);

    expect(await relayed(page)).toBe(true);
    const path = page.locator('[data-testid="path"][data-value="relay"]');
    await until("the page says that it is relayed", () => path.isVisible(), 10);
    expect(sharer.output.match(/\[y\/N\]/g), "nobody is asked again").toHaveLength(1);
    await sleep(10_000);
    await page.locator('[data-testid="watching"][data-role="control"]').waitFor();
    expect(await page.getByTestId("unstable").count()).toBe(0);
  },
);

test.runIf(isRoot)(
  "B-09: an outage of five seconds is over when the network is back, by the path that there was; one that breaks after it is given up",
  async () => {
    const { helper } = await session("outage.txt");
    await cable.interrupt(5000);
    const back = await heard(helper, now());
    console.log(`after an outage of 5 s: heard again after ${back} ms`);
    expect(back).toBeLessThan(1000);
    await sleep(3000);
    // A browser that had given it up may take the agent's TCP for a moment.
    const path = helper.page.locator('[data-testid="path"][data-value="udp"]');
    await until("the path that there was", () => path.isVisible(), 10);

    const since = now();
    await cable.onlyTheService();
    const again = await heard(helper, since, '"paused":false');
    console.log(`after a path broke next: input counts after ${again} ms`);
    expect(again).toBeLessThan(10_000);
    expect(await relayed(helper.page)).toBe(true);
  },
);
