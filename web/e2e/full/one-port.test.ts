/** Only TCP to the service's one port passes: the whole session works, relayed over TLS (S-02, S-23, B-17). */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { launch } from "../browser";
import { ours } from "../world/clock";
import { Desktop } from "../world/desktop";
import { Helper } from "../world/helper";
import { Cable, freePort, isRoot } from "../world/network";
import { until } from "../world/process";
import type { Child } from "../world/process";
import { agent, Service } from "../world/service";
import { ends } from "../world/spy";

if (!isRoot) console.warn("SKIPPED: the test of the one port needs root for network namespaces");

const folder = mkdtempSync(join(tmpdir(), "rh-one-port-"));
const cables: Cable[] = [];
let desktop: Desktop;
let service: Service;
let helper: Helper | undefined;
let sharer: Child | undefined;

beforeAll(async () => {
  if (!isRoot) return;
  const listen = `127.0.0.1:${await freePort()}`;
  for (let side = 0; side < 2; side++) {
    const cable = await Cable.lay(`https://${listen}`);
    cables.push(cable);
    await cable.onlyTheService();
  }
  const origins = cables.flatMap(({ url }) => ["--public-origin", url]);
  const tls = ["--self-signed", folder];
  [desktop, service] = await Promise.all([
    Desktop.start(),
    Service.start(["--listen", listen, ...tls, ...origins]),
  ]);
});
afterAll(async () => {
  await helper?.close();
  await sharer?.stop();
  await service?.stop();
  await desktop?.stop();
  for (const cable of cables) await cable.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(isRoot)(
  "S-02, S-23: picture and input travel over the one port alone, and the page says that they are relayed",
  async () => {
    const [near, far] = cables as [Cable, Cable];
    const path = await desktop.edit("relayed.txt");
    const browser = launch(["--ignore-certificate-errors"], near.chromium(folder));
    helper = await Helper.open(near.url, { width: 1400, height: 1000 }, browser);
    sharer = agent({
      service: far.url,
      desktop,
      code: await helper.newSession(),
      namespace: far.namespace,
      env: { SSL_CERT_FILE: join(folder, "certificate.pem") },
    });
    await helper.ask("control");
    await sharer.says(/\[y\/N\]: $/);
    const allowed = ours();
    sharer.type("y");
    await helper.watching("control");
    const picture = ours() - allowed;

    await helper.click(300, 200);
    await helper.type("over one port");
    await helper.press("Control+s");
    await until("the text is saved", () => desktop.read(path).includes("over one port"));

    expect((await ends(helper.page)).local).toEqual({ type: "relay", over: "tls" });
    const said = helper.page.locator('[data-testid="path"][data-value="relay"]');
    await until("the page says that it is relayed", () => said.isVisible(), 10);
    expect(await said.textContent()).toBe("relayed");
    expect(await near.dropped(), "something else was tried").toBeGreaterThan(0);
    console.log(`from allow to the first picture over the relay: ${picture} ms`);
    expect(picture).toBeLessThan(8000);
  },
);

test.runIf(isRoot)(
  "S-23: the self-test page says which ways work, with a fix for the one that does not",
  async () => {
    const [near] = cables as [Cable];
    const browser = await launch(["--ignore-certificate-errors"], near.chromium(folder));
    try {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      await page.goto(`${near.url}/selftest`);
      const state = (way: string) => page.getByTestId(way).getAttribute("data-state");
      await page.locator('[data-testid="selftest"][aria-busy="false"]').waitFor();
      expect(await state("https")).toBe("works");
      expect(await state("websocket")).toBe("works");
      expect(await state("relay-tls")).toBe("works");
      expect(await state("relay-udp")).toBe("fails");
      expect(await page.getByTestId("relay-udp").textContent()).toContain("UDP to");
    } finally {
      await browser.close();
    }
  },
);
