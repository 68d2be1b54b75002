/** From a key press in the page to the change on the page's picture of the sharer's screen. */

import type { Page } from "playwright-core";

declare global {
  interface Window {
    rhPhoton: { pressed: number; seen: number[]; first: number };
    /** Green of one pixel of the picture, of tiles or of the video beneath; nothing before there is one. */
    rhGreen(x: number, y: number): number | undefined;
  }
}

async function look(page: Page): Promise<void> {
  await page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("no canvas to look with");
    window.rhPhoton ??= { pressed: 0, seen: [], first: 0 };
    window.rhGreen = (x, y) => {
      context.clearRect(0, 0, 1, 1);
      for (const part of document.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>(
        "video, canvas",
      )) {
        const there = part instanceof HTMLVideoElement ? part.readyState >= 2 : part.width > x;
        if (there && getComputedStyle(part).visibility === "visible")
          context.drawImage(part, x, y, 1, 1, 0, 0, 1, 1);
      }
      const [, green, , alpha] = context.getImageData(0, 0, 1, 1).data;
      return alpha === 0 ? undefined : green;
    };
  });
}

/** Watches the brightness of the sharer's pixel (x, y); the page's own code is not touched. */
export async function watchPixel(page: Page, x: number, y: number): Promise<void> {
  await look(page);
  await page.evaluate(
    ([left, top]) => {
      const photon = window.rhPhoton;
      window.addEventListener("keydown", () => (photon.pressed = performance.now()), {
        capture: true,
      });
      let bright: boolean | undefined;
      const look = (): void => {
        const now = (window.rhGreen(left, top) ?? 0) > 127;
        if (bright !== undefined && now !== bright && photon.pressed > 0) {
          photon.seen.push(performance.now() - photon.pressed);
          photon.pressed = 0;
        }
        bright = now;
        requestAnimationFrame(look);
      };
      look();
    },
    [x, y] as const,
  );
}

/** Remembers when the sharer's pixel (10, 10) is first shown, in milliseconds since 1970. */
export async function watchFirstPicture(page: Page): Promise<void> {
  await look(page);
  await page.evaluate(() => {
    const look = (): void => {
      if (window.rhGreen(10, 10) === undefined) requestAnimationFrame(look);
      else window.rhPhoton.first = performance.timeOrigin + performance.now();
    };
    look();
  });
}

export async function firstPicture(page: Page): Promise<number> {
  await page.waitForFunction(() => window.rhPhoton.first > 0);
  return page.evaluate(() => window.rhPhoton.first);
}

/** How long each change took so far, in milliseconds. */
export function seen(page: Page): Promise<number[]> {
  return page.evaluate(() => window.rhPhoton.seen);
}

/** The value below which `share` of `values` are. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return Math.round((value ?? Number.NaN) * 10) / 10;
}
