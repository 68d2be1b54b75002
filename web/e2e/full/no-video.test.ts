/** A browser without H.264 sees the sharer's screen by tiles alone, and every pixel of it exactly. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Helper } from "../world/helper";
import { until } from "../world/process";
import { World } from "../world/session";
import { received } from "../world/spy";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
afterEach(() => world.clear());

test.each([
  { name: "H.264", lacks: [withoutH264], by: "worker" },
  {
    name: "H.264 and OffscreenCanvas",
    lacks: [withoutH264, withoutOffscreenCanvas],
    by: "page",
  },
])("B-08: without $name, the picture is exact, and says why", async ({ lacks, by }) => {
  await world.desktop.open("xterm", [
    ...["-geometry", "100x30+200+150", "-fa", "Monospace", "-e", "sh", "-c"],
    "printf '\\033[?25l'; for n in $(seq 100); do head -c 900 /dev/urandom | base64; printf '\\033[H'; sleep 0.1; done; sleep 600",
  ]);
  const helper = await watch(lacks);
  const { page } = helper;
  expect(await offer(page)).toContain("m=application");
  expect(await offer(page)).not.toMatch(/H264/i);
  await until("the stats line says why", async () => (await reason(page)) === "no_video");
  expect(await page.getByTestId("screen").getAttribute("data-by")).toBe(by);
  await until("every pixel is the sharer's", async () => (await differing(page)) === 0, 30);
  expect((await received(page)).packets).toBe(0);
  await world.desktop.repaint();
  await until("it is exact again", async () => (await differing(page)) === 0, 10);
});

/** A session in a browser that lacks something before the page's own scripts run. */
async function watch(lacks: (() => void)[]): Promise<Helper> {
  const helper = await world.helper();
  for (const lack of lacks) await helper.page.addInitScript(lack);
  await helper.page.reload();
  const agent = world.agent({ code: await helper.newSession() });
  await helper.ask("view");
  await agent.says(/\[y\/N\]: $/);
  agent.type("y");
  await helper.watching("view");
  return helper;
}

const offer = (page: Page): Promise<string> =>
  page.evaluate(() => window.rhSpy.peers.at(-1)?.localDescription?.sdp ?? "");

const reason = (page: Page): Promise<string | null> =>
  page.getByTestId("reason").getAttribute("data-value", { timeout: 5000 });

/** How many pixels of what is painted are not those of the sharer's screen. */
async function differing(page: Page): Promise<number> {
  const path = join(world.desktop.folder, "screen");
  // Bare bytes: a browser need not take the colours of an image file as they are stored.
  await world.desktop.ask("import", ["-window", "root", "-depth", "8", `rgb:${path}`]);
  return page.evaluate(compare, readFileSync(path).toString("base64"));
}

/** Runs in the page. */
function compare(base64: string): number {
  const rgb = atob(base64);
  const tiles = [...document.querySelectorAll("canvas")].find(
    (canvas) => getComputedStyle(canvas).visibility === "visible",
  );
  const { width = 0, height = 0 } = tiles ?? {};
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  if (!tiles || !context || 3 * width * height !== rgb.length) return rgb.length;
  context.drawImage(tiles, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let count = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const same = (byte: number) => data[4 * pixel + byte] === rgb.charCodeAt(3 * pixel + byte);
    if (![0, 1, 2].every(same) || data[4 * pixel + 3] !== 255) count++;
  }
  return count;
}

/** Runs in the page: whatever it asks for, no H.264 gets into its offer. */
function withoutH264(): void {
  const all = RTCRtpReceiver.getCapabilities.bind(RTCRtpReceiver);
  RTCRtpReceiver.getCapabilities = (kind) => {
    const found = all(kind);
    const codecs = found?.codecs.filter((codec) => !/h264/i.test(codec.mimeType));
    return found && codecs ? { ...found, codecs } : null;
  };
  const add = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (...asked) {
    const transceiver = add.apply(this, asked);
    const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
    transceiver.setCodecPreferences(codecs);
    return transceiver;
  };
}

/** Runs in the page. */
function withoutOffscreenCanvas(): void {
  Reflect.deleteProperty(HTMLCanvasElement.prototype, "transferControlToOffscreen");
  Reflect.deleteProperty(globalThis, "OffscreenCanvas");
}
