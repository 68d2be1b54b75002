/** Only TCP to the service's one port passes: the relay is reached over TLS all the same (S-23, B-17). */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { executablePath, launch } from "../browser";
import { Cable, isRoot } from "../world/network";
import { Service } from "../world/service";

if (!isRoot) console.warn("SKIPPED: the test of the one port needs root for network namespaces");

const folder = mkdtempSync(join(tmpdir(), "rh-one-port-"));
const cables: Cable[] = [];
let service: Service;

/** A port of this machine that was free a moment ago. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

/** Chromium within a namespace: a program that starts it there. */
function within(namespace: string): string {
  const path = join(folder, `chromium-${namespace}`);
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${namespace} ${executablePath} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

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
  service = await Service.start(["--listen", listen, ...tls, ...origins]);
});
afterAll(async () => {
  await service?.stop();
  for (const cable of cables) await cable.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(isRoot)(
  "S-23: the self-test page says which ways work, with a fix for the one that does not",
  async () => {
    const [near] = cables as [Cable];
    const browser = await launch(["--ignore-certificate-errors"], within(near.namespace));
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
