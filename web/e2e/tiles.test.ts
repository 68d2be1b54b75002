/** The exact half of the picture in a real browser: what is painted, where, and when it gives way to video. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { Role } from "../src/protocol";
import type { Message } from "../src/tiles/message";
import type { Rect } from "../src/tiles/region";
import { axe, BY_ADDRESS, complaints, launch } from "./browser";
import { FakeAgent } from "./fake-agent";
import { FakeService, PEOPLE } from "./fake-service";
import { Raster } from "./raster";

type Extent = { width: number; height: number };

const PAINTERS = ["worker", "page"] as const;

let browser: Browser;
let service: FakeService;
let context: BrowserContext;
let page: Page;
let agent: FakeAgent;
let wrong: string[];

beforeAll(async () => {
  browser = await launch([BY_ADDRESS]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  service = await FakeService.start();
  context = await browser.newContext({ viewport: { width: 1500, height: 1000 } });
  page = await context.newPage();
  wrong = complaints(page);
});
afterEach(async () => {
  await agent.close();
  await context.close();
  service.stop();
  // The browser itself notes the 401 by which the page learns that nobody is signed in.
  expect(wrong.filter((line) => !line.includes("401"))).toEqual([]);
});

const the = (id: string) => page.getByTestId(id);

/** A browser that has no canvas but those of a page. */
async function withoutOffscreenCanvas(): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(HTMLCanvasElement.prototype, "transferControlToOffscreen");
    Reflect.deleteProperty(globalThis, "OffscreenCanvas");
  });
}

/** A session with an agent that has a screen of `size`, and video of it if it is to `film`. */
async function watch(size: Extent, film: boolean, role: Role = "view"): Promise<void> {
  service.onMessage = (message) => {
    if (message.type === "hello")
      service.tell({ type: "welcome", version: 1, you: PEOPLE[0]!.card });
    if (message.type === "new_session")
      service.tell({ type: "session", session: "0".repeat(32), code: "04271938", expires_in: 600 });
    if (message.type === "negotiate") void agent.apply(message.step);
  };
  agent = await FakeAgent.start(
    browser,
    size,
    (step) => service.tell({ type: "negotiate", step }),
    film,
  );
  await page.goto(service.url);
  await page.locator("[data-person=helper]").click();
  await the("new-session").click();
  await the("code").waitFor();
  service.tell({ type: "joined", session: "0".repeat(32), peer: PEOPLE[0]!.card });
  await expect.poll(() => agent.heard).toEqual([{ type: "hello", version: 1 }]);
  await the(`role-${role}`).check();
  await the("ask").click();
  await page.waitForSelector("[data-testid=page][data-state=asking]");
  service.tell({ type: "answered", role, consent: "allow" });
  await agent.say({ type: "granted", role });
  const display = { id: 7, name: "HDMI-1", x: 0, y: 0, ...size, scale: 1, primary: true };
  await agent.say({ type: "displays", displays: [display], current: 7 });
  await the("watching").waitFor();
}

const begin = (size: Extent): Message => ({ kind: "picture", display: 7, at: 0, ...size });
const copy = (from: Rect, x: number, y: number): Message => ({
  kind: "copy",
  at: 0,
  from,
  ...from,
  x,
  y,
});
const painted = (percent: number) =>
  expect
    .poll(() => the("painted").getAttribute("data-value"), { timeout: 5000 })
    .toBe(String(percent));
const video = () => the("video").evaluate((video) => getComputedStyle(video).visibility);

/** How many pixels of what is on the page at 1:1 are not those of `raster`. */
async function differing(raster: Raster): Promise<number> {
  const box = (await the("screen").boundingBox())!;
  // The middle of the page need not be at a whole pixel; what is drawn is.
  const [x, y] = [Math.round(box.x), Math.round(box.y)];
  const png = await page.screenshot({ clip: { ...box, x, y } });
  return raster.differing(await agent.pixels(png));
}

describe.each(PAINTERS)("painted by the %s", (by) => {
  beforeEach(() => (by === "page" ? withoutOffscreenCanvas() : undefined));

  test.each([
    { width: 1366, height: 768 },
    { width: 801, height: 601 },
  ])("without video, every pixel of $width x $height is the sharer's", async (size) => {
    await watch(size, false);
    const raster = new Raster(size.width, size.height);
    const top = { ...raster.whole, h: 333 };
    const rest = { ...raster.whole, y: 333, h: size.height - 333 };
    await agent.paint(
      begin(size),
      ...raster.tiles(top, 0),
      ...raster.tiles(rest, 0, "deflated_qoi"),
    );
    await the("actual-size").click();
    await painted(100);
    expect(await the("screen").getAttribute("data-by")).toBe(by);
    await expect.poll(() => differing(raster)).toBe(0);
  });

  test("copies that overlap themselves, in every direction", async () => {
    const size = { width: 641, height: 479 };
    await watch(size, false);
    const raster = new Raster(size.width, size.height);
    await agent.paint(begin(size), ...raster.tiles(raster.whole, 0));
    const from = { x: 101, y: 99, w: 333, h: 255 };
    const places = [
      [101, 106],
      [101, 60],
      [130, 99],
      [64, 99],
      [111, 112],
      [7, 3],
      [308, 224],
    ] as const;
    for (const [x, y] of places) {
      raster.copy(from, x, y);
      await agent.paint(copy(from, x, y));
    }
    await the("actual-size").click();
    await painted(100);
    await expect.poll(() => differing(raster)).toBe(0);
  });

  test("what comes behind a tile that takes long to inflate is painted after it", async () => {
    const size = { width: 640, height: 480 };
    await watch(size, false);
    const raster = new Raster(size.width, size.height);
    const before = raster.tiles(raster.whole, 0, "deflated_qoi");
    const from = { x: 0, y: 0, w: 300, h: 200 };
    raster.copy(from, 20, 10);
    raster.fill({ x: 5, y: 5, w: 50, h: 50 }, 0x3366cc);
    const after = raster.tiles({ x: 0, y: 0, w: 60, h: 60 }, 0);
    await agent.paint(begin(size), ...before, copy(from, 20, 10), ...after);
    await the("actual-size").click();
    await painted(100);
    await expect.poll(() => differing(raster)).toBe(0);
  });

  test("an area gives way to video with the first frame that is not older", async () => {
    const size = { width: 800, height: 500 };
    await watch(size, true);
    const raster = new Raster(size.width, size.height);
    await agent.paint(begin(size), ...raster.tiles(raster.whole, 0));
    await painted(100);
    await expect.poll(video).toBe("hidden");
    const at = ((await follow()) + 90_000) >>> 0;
    await agent.paint({ kind: "video", at, areas: [{ x: 100, y: 100, w: 200, h: 200 }] });
    await expect.poll(video).toBe("visible");
    await painted(90);
    const since = ({ rtp }: Seen) => (rtp - at) | 0;
    const later = async () => ((await newest()) - at) | 0;
    await expect.poll(later).toBeGreaterThan(40_000);
    const seen = await page.evaluate(() => window.rhSeen);
    expect(seen.some(({ clear }) => clear)).toBe(true);
    expect(seen.filter(({ clear }) => clear).every((one) => since(one) >= 0)).toBe(true);
    expect(seen.filter((one) => since(one) >= 20_000).every(({ clear }) => clear)).toBe(true);
    expect(seen.some((one) => since(one) < 0)).toBe(true);
    await agent.paint(...raster.tiles({ x: 100, y: 100, w: 200, h: 200 }, at));
    await painted(100);
    await expect.poll(video).toBe("hidden");
    await the("actual-size").click();
    await expect.poll(() => differing(raster)).toBe(0);
  });

  test("frames are known while the video is covered, so a late word is acted on at once", async () => {
    const size = { width: 800, height: 500 };
    await watch(size, true);
    const raster = new Raster(size.width, size.height);
    await agent.paint(begin(size), ...raster.tiles(raster.whole, 0));
    await painted(100);
    const first = await follow();
    await expect.poll(async () => ((await newest()) - first) | 0).toBeGreaterThan(20_000);
    const areas = [{ x: 0, y: 0, w: 800, h: 250 }];
    await agent.paint({ kind: "video", at: await newest(), areas });
    await painted(50);
  });
});

type Seen = { rtp: number; clear: boolean };

declare global {
  interface Window {
    rhSeen: Seen[];
  }
}

const newest = () => page.evaluate(() => window.rhSeen.at(-1)?.rtp ?? 0);

/** Notes with every frame whether pixel (150, 150) is open then; returns the first one's timestamp. */
async function follow(): Promise<number> {
  await page.evaluate(() => {
    window.rhSeen = [];
    const video = document.querySelector("video")!;
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    const next: VideoFrameRequestCallback = (_, { rtpTimestamp }) => {
      // Before the painter knows of the frame: what is seen is due to the frames before.
      pen.clearRect(0, 0, 1, 1);
      for (const canvas of document.querySelectorAll("canvas"))
        if (getComputedStyle(canvas).visibility === "visible")
          pen.drawImage(canvas, 150, 150, 1, 1, 0, 0, 1, 1);
      const clear = pen.getImageData(0, 0, 1, 1).data[3] === 0;
      window.rhSeen.push({ rtp: rtpTimestamp!, clear });
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  });
  await expect.poll(newest).toBeGreaterThan(0);
  return newest();
}

/** A picture is sent as tiles, and the page paints them itself. */
async function paintedByThePage() {
  const size = { width: 640, height: 480 };
  await watch(size, false);
  const raster = new Raster(size.width, size.height);
  await agent.paint(begin(size), ...raster.tiles(raster.whole, 0));
  await painted(100);
  expect(await the("screen").getAttribute("data-by")).toBe("page");
}

test("a channel that the browser will not give away is painted by the page", async () => {
  await page.addInitScript(() => {
    Worker.prototype.postMessage = () => {
      throw new DOMException("not transferable", "DataCloneError");
    };
  });
  await paintedByThePage();
});

test("a worker that does not load is given no channel, and the page paints", async () => {
  let asked = 0;
  await page.route("**/worker-*.js", (route) => {
    asked++;
    return route.abort();
  });
  await paintedByThePage();
  expect(asked).toBe(1);
});

test("B-08: without video the picture is there, and a click lands where it is meant", async () => {
  const size = { width: 801, height: 601 };
  await watch(size, false, "control");
  expect(await the("screen").locator("xpath=..").textContent()).toContain("first picture");
  const raster = new Raster(size.width, size.height);
  await agent.paint(begin(size), ...raster.tiles(raster.whole, 0));
  await painted(100);
  expect(await the("screen").locator("xpath=..").textContent()).not.toContain("first picture");
  for (const actual of [false, true]) {
    if (actual) await the("actual-size").click();
    const bounds = async () => (await the("tiles").boundingBox())!;
    await expect.poll(async () => (await bounds()).width === 801).toBe(actual);
    const box = await bounds();
    expect(box.width / box.height).toBeCloseTo(801 / 601, 2);
    agent.heard.length = 0;
    await page.mouse.click(box.x + 0.25 * box.width, box.y + 0.75 * box.height);
    const buttons = () =>
      agent.heard.flatMap((message) =>
        message.type === "input" && message.event.kind === "button" ? [message.event.at] : [],
      );
    await expect.poll(() => buttons().length).toBe(2);
    expect(buttons()[0]!.x).toBeCloseTo(0.25, 2);
    expect(buttons()[0]!.y).toBeCloseTo(0.75, 2);
  }
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axe(page)).toEqual([]);
  }
});

test("tiles lie exactly above the video of an odd display, fit and at 1:1", async () => {
  const size = { width: 801, height: 601 };
  await watch({ width: 802, height: 602 }, true);
  await agent.paint(begin(size));
  await page.waitForFunction(() => document.querySelector("video")!.videoWidth === 802);
  for (const actual of [false, true]) {
    if (actual) await the("actual-size").click();
    await expect.poll(async () => (await the("tiles").boundingBox())!.width === 801).toBe(actual);
    const [above, below] = await Promise.all(
      ["tiles", "video"].map(async (id) => (await the(id).boundingBox())!),
    );
    expect([below!.x, below!.y]).toEqual([above!.x, above!.y]);
    expect(below!.width / above!.width).toBeCloseTo(802 / 801, 4);
    expect(below!.height / above!.height).toBeCloseTo(602 / 601, 4);
  }
});

test("a new picture takes the place of the one before, with its own size", async () => {
  await watch({ width: 640, height: 480 }, false);
  const [first, second] = [new Raster(640, 480), new Raster(301, 201)];
  await agent.paint(begin(first), ...first.tiles(first.whole, 0));
  await painted(100);
  await agent.paint(begin(second));
  await painted(0);
  await agent.paint(...second.tiles(second.whole, 0));
  await the("actual-size").click();
  await painted(100);
  await expect.poll(() => differing(second)).toBe(0);
});

test("messages that are none change nothing", async () => {
  const size = { width: 640, height: 480 };
  await watch(size, false);
  const raster = new Raster(size.width, size.height);
  const [tile] = raster.tiles({ x: 0, y: 0, w: 10, h: 10 }, 0);
  await agent.paint(begin(size), ...raster.tiles(raster.whole, 0));
  await agent.smear(
    new ArrayBuffer(0),
    new ArrayBuffer(64_001),
    ...Array.from({ length: 40 }, (_, kind) => Uint8Array.of(kind, 1, 2, 3).buffer),
  );
  await agent.paint(
    { ...tile!, x: 635 } as Message,
    { ...tile!, w: 11 } as Message,
    { ...tile!, coding: "deflated_qoi" } as Message,
    copy({ x: 600, y: 0, w: 50, h: 9 }, 0, 0),
  );
  await expect.poll(() => the("painted").getAttribute("data-ignored")).toBe("46");
  await the("actual-size").click();
  await painted(100);
  await expect.poll(() => differing(raster)).toBe(0);
});
