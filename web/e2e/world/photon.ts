/** From a key press in the page to the change on the page's picture of the sharer's screen. */

import type { Page } from "playwright-core";

declare global {
  interface Window {
    rhPhoton: { pressed: number; seen: number[]; first: number };
  }
}

/** Watches the brightness of the sharer's pixel (x, y); the page's own code is not touched. */
export async function watchPixel(page: Page, x: number, y: number): Promise<void> {
  await page.evaluate(
    ([left, top]) => {
      const video = document.querySelector("video");
      const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      if (video === null || context === null) throw new Error("no picture to watch");
      const photon = { pressed: 0, seen: [] as number[], first: 0 };
      window.rhPhoton = photon;
      window.addEventListener("keydown", () => (photon.pressed = performance.now()), {
        capture: true,
      });
      let bright: boolean | undefined;
      const look = (): void => {
        context.drawImage(video, left, top, 1, 1, 0, 0, 1, 1);
        const now = (context.getImageData(0, 0, 1, 1).data[1] ?? 0) > 127;
        if (bright !== undefined && now !== bright && photon.pressed > 0) {
          photon.seen.push(performance.now() - photon.pressed);
          photon.pressed = 0;
        }
        bright = now;
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    },
    [x, y] as const,
  );
}

/** Remembers when the first frame of any video is shown, in milliseconds since 1970. */
export async function watchFirstFrame(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.rhPhoton = { pressed: 0, seen: [], first: 0 };
    const photon = window.rhPhoton;
    const arm = (video: HTMLVideoElement): void => {
      video.requestVideoFrameCallback(
        () => (photon.first ||= performance.timeOrigin + performance.now()),
      );
    };
    new MutationObserver(() => document.querySelectorAll("video").forEach(arm)).observe(document, {
      childList: true,
      subtree: true,
    });
  });
}

export function firstFrame(page: Page): Promise<number> {
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
