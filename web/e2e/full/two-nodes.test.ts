/**
 * The helper at one node and the sharer at another, and only TCP to their node's one port passes for either:
 * the session works from relay to relay (S-02, B-17).
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { launch } from "../browser";
import { Desktop } from "../world/desktop";
import { Helper } from "../world/helper";
import { Cable, freePort, isRoot } from "../world/network";
import { Child, until } from "../world/process";
import { agent, Service } from "../world/service";
import { ends } from "../world/spy";

if (!isRoot) console.warn("SKIPPED: the test of two nodes needs root for network namespaces");

const folder = mkdtempSync(join(tmpdir(), "rh-two-nodes-"));
const certificates = join(folder, "tls");

type Node = { cable: Cable; service: Service };
const nodes: Node[] = [];
let redis: Child | undefined;
let desktop: Desktop;
let helper: Helper | undefined;
let sharer: Child | undefined;

/** A node at an address of its own, and a network from which only that one is reached. */
async function startNode(name: string, address: string, redisPort: number): Promise<Node> {
  const listen = `${address}:${await freePort()}`;
  const cable = await Cable.lay(`https://${listen}`);
  await cable.onlyTheService();
  const file = join(folder, `${name}.toml`);
  writeFileSync(
    file,
    `
    public_origins = ["${cable.url}"]
    [development]
    [tls]
    self_signed = "${certificates}/${name}"
    [cluster]
    redis = "redis://127.0.0.1:${redisPort}"
    secret = { file = "secret" }
    node = "${name}"
    # Where the other node is.
    [relay]
    reach = ["127.0.0.0/8"]
    `,
  );
  return { cable, service: await Service.start(["--config", file, "--listen", listen]) };
}

beforeAll(async () => {
  if (!isRoot) return;
  mkdirSync(certificates);
  writeFileSync(join(folder, "secret"), "0123456789abcdef".repeat(4));
  const port = await freePort();
  const settings = ["--bind", "127.0.0.1", "--save", "", "--dir", folder];
  redis = new Child("redis-server", "redis-server", ["--port", String(port), ...settings]);
  await redis.says(/Ready to accept connections/);
  nodes.push(await startNode("one", "127.0.0.1", port));
  nodes.push(await startNode("two", "127.0.0.2", port));
  desktop = await Desktop.start();
});
afterAll(async () => {
  await helper?.close();
  await sharer?.stop();
  for (const { service } of nodes) await service.stop();
  await redis?.stop();
  await desktop?.stop();
  for (const { cable } of nodes) await cable.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(isRoot)(
  "picture and input travel from the relay of one node to that of the other",
  async () => {
    const [one, two] = nodes as [Node, Node];
    const path = await desktop.edit("across.txt");
    const browser = launch(["--ignore-certificate-errors"], one.cable.chromium(folder));
    helper = await Helper.open(one.cable.url, { width: 1400, height: 1000 }, browser);
    sharer = agent({
      service: two.cable.url,
      desktop,
      code: await helper.newSession(),
      namespace: two.cable.namespace,
      env: { SSL_CERT_FILE: join(certificates, "two", "certificate.pem") },
    });
    await helper.ask("control");
    await sharer.says(/\[y\/N\]: $/);
    sharer.type("y");
    await helper.watching("control");
    await helper.click(300, 200);
    await helper.type("across two nodes");
    await helper.press("Control+s");
    await until("the text is saved", () => desktop.read(path).includes("across two nodes"));
    expect((await ends(helper.page)).local).toEqual({ type: "relay", over: "tls" });
    await helper.page.locator('[data-testid="path"][data-value="relay"]').waitFor();
  },
);
