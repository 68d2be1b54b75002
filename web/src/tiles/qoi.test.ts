import { deflateRawSync } from "node:zlib";

import fc from "fast-check";
import { expect, test } from "vitest";

import { encodeQoi } from "./bytes";
import { inflate } from "./inflate";
import { decodeQoi, longestQoi } from "./qoi";

/** Pixels as screens have them: few colours, runs, near colours. */
const color = fc.oneof(
  fc.constantFrom(0, 0xffffff, 0x2f4a6d, 0x0000fe, 0x010101),
  fc.integer({ min: 0x7f7f7c, max: 0x7f7f83 }),
  fc.integer({ min: 0, max: 0xffffff }),
);
const pixels = fc
  .array(fc.tuple(color, fc.integer({ min: 1, max: 130 })), { minLength: 1, maxLength: 60 })
  .map((runs) => runs.flatMap(([color, length]) => new Array<number>(length).fill(color)));

function rgba(pixels: readonly number[]): number[] {
  return pixels.map((pixel) => (pixel | 0xff000000) >>> 0);
}

test("each chunk of the specification means what it says there", () => {
  const chunks = [
    [[0xc1], [0, 0]],
    [
      [0xfe, 1, 2, 3, 0xc0],
      [0x030201, 0x030201],
    ],
    [[0x40 | (3 << 4) | (2 << 2) | 0], [0xfe0001]],
    [[0x80 | 42, (8 << 4) | 15], [0x110a0a]],
    [
      [0xfe, 9, 9, 9, 0xfe, 1, 1, 1, (9 * 15 + 2805) % 64],
      [0x090909, 0x010101, 0x090909],
    ],
  ] as const;
  for (const [bytes, pixels] of chunks)
    expect([...decodeQoi(Uint8Array.from(bytes), pixels.length)!]).toEqual(rgba(pixels));
});

test("pixels come out as they went in, opaque, also through deflate", async () => {
  await fc.assert(
    fc.asyncProperty(pixels, async (pixels) => {
      const bytes = encodeQoi(pixels);
      expect(bytes.length).toBeLessThanOrEqual(longestQoi(pixels.length));
      expect([...decodeQoi(bytes, pixels.length)!]).toEqual(rgba(pixels));
      const inflated = await inflate(deflateRawSync(bytes), longestQoi(pixels.length));
      expect(inflated).toEqual(bytes);
    }),
  );
});

test("more or fewer pixels than there should be are none", () => {
  fc.assert(
    fc.property(pixels, (pixels) => {
      const bytes = encodeQoi(pixels);
      expect(decodeQoi(bytes, pixels.length + 1)).toBeUndefined();
      expect(decodeQoi(bytes, pixels.length - 1)).toBeUndefined();
      expect(decodeQoi(bytes.subarray(0, -1), pixels.length)).toBeUndefined();
    }),
  );
});

test("whatever comes, what is decoded is opaque and as large as asked for", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 300 }), (bytes, count) => {
      const pixels = decodeQoi(bytes, count);
      if (!pixels) return;
      expect(pixels.length).toBe(count);
      for (const pixel of pixels) expect(pixel >>> 24).toBe(255);
    }),
  );
  expect(decodeQoi(Uint8Array.of(0xff, 1, 2, 3, 4), 1)).toBeUndefined();
});

test("deflate that is broken, or grows beyond what it may, is nothing", async () => {
  const bomb = deflateRawSync(new Uint8Array(1_000_000));
  expect(await inflate(bomb, 999_999)).toBeUndefined();
  expect((await inflate(bomb, 1_000_000))?.length).toBe(1_000_000);
  expect(await inflate(bomb.subarray(0, -3), 1_000_000)).toBeUndefined();
  expect(await inflate(Uint8Array.of(7, 7, 7), 100)).toBeUndefined();
  expect(await inflate(new Uint8Array(), 100)).toBeUndefined();
});
