/** Displays of more pixels than the video's codec takes (B-08): exact at rest, and smaller video where it belongs. */

import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { until } from "../world/process";
import { World } from "../world/session";

const SIZE = { width: 5120, height: 2880 };
/** Repaints a whole terminal with other letters each time, until it is told to stop. */
const FILM =
  "while ! test -e stop; do printf '\\033[H'; head -c 60000 /dev/urandom | tr -dc 'A-Za-z0-9' | head -c 12000; done; cat";

let world: World;
beforeAll(async () => {
  world = await World.start(`${SIZE.width}x${SIZE.height}x24`);
});
afterAll(() => world?.stop());

type Box = { left: number; top: number; right: number; bottom: number };

/** Where the video, stretched to the picture, shows something bright. */
function bright(page: Page): Promise<Box | undefined> {
  return page.evaluate(({ width, height }) => {
    const video = document.querySelector("video");
    if (!video || video.readyState < 2) return undefined;
    const [w, h] = [width / 8, height / 8];
    const context = new OffscreenCanvas(w, h).getContext("2d")!;
    context.drawImage(video, 0, 0, w, h);
    const { data } = context.getImageData(0, 0, w, h);
    const box = { left: w, top: h, right: 0, bottom: 0 };
    for (let at = 0; at < w * h; at++) {
      if (data[4 * at]! < 150) continue;
      const [x, y] = [at % w, Math.floor(at / w)];
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.max(box.bottom, y + 1);
    }
    if (box.right === 0) return undefined;
    return {
      left: box.left * 8,
      top: box.top * 8,
      right: box.right * 8,
      bottom: box.bottom * 8,
    };
  }, SIZE);
}

/** Pixels of the exact half that differ from those of a PNG; all of them if it does not show everything. */
function differing(page: Page, png: string): Promise<number> {
  return page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (it) => it.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
    const { width, height } = image;
    const pixels = (from: CanvasImageSource): Uint32Array => {
      const context = new OffscreenCanvas(width, height).getContext("2d")!;
      context.drawImage(from, 0, 0);
      return new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    };
    const seen = [...document.querySelectorAll<HTMLCanvasElement>("canvas")].find(
      (it) => getComputedStyle(it).visibility === "visible" && it.width === width,
    );
    if (!seen) return width * height;
    const [shown, meant] = [pixels(seen), pixels(image)];
    return shown.filter((pixel, at) => pixel !== meant[at]).length;
  }, png);
}

test("B-08: a display of 5120x2880 is shown", async () => {
  const folder = world.desktop.folder;
  await world.desktop.ask("xsetroot", ["-solid", "#203040"]);
  await world.desktop.open("xterm", [
    ...["-title", "film", "-geometry", "150x60+3000+1200", "-bg", "white", "-fg", "#c0c0c0"],
    ...["-e", "sh", "-c", FILM],
  ]);
  const window = await world.desktop.window("film");
  const { helper } = await world.session("view");
  await until("the picture's size", async () => (await helper.size()).width === SIZE.width);
  expect(await helper.size()).toEqual(SIZE);

  const corner = await world.desktop.corner(window);
  const near = (a: number, b: number) => Math.abs(a - b) <= 64;
  let seen: Box | undefined;
  await until(
    "the film in its place",
    async () => {
      seen = await bright(helper.page);
      return seen !== undefined && near(seen.left, corner.x) && near(seen.top, corner.y);
    },
    20,
    () => JSON.stringify({ seen, corner }),
  );
  const video = await helper.page.evaluate(() => {
    const { videoWidth, videoHeight } = document.querySelector("video")!;
    return [videoWidth, videoHeight];
  });
  expect(video).toEqual([SIZE.width / 2, SIZE.height / 2]);

  await world.desktop.ask("touch", [join(folder, "stop")]);
  let wrong: number | undefined;
  await until(
    "the picture is exact",
    async () => {
      const png = await world.desktop.ask("sh", ["-c", "import -window root png24:- | base64 -w0"]);
      wrong = await differing(helper.page, png);
      return wrong === 0;
    },
    30,
    () => `${wrong} pixels differ`,
  );
});
