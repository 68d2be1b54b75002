import fc from "fast-check";
import { expect, test } from "vitest";

import { LIMITS } from "../protocol";
import { writeMessage } from "./bytes";
import { readMessage } from "./message";
import type { Message } from "./message";

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const some = fc.integer({ min: 1, max: 0xffff });
const side = fc.integer({ min: 1, max: 8192 });
const rect = fc.record({ x: u16, y: u16, w: some, h: some }).map(({ x, y, w, h }) => ({
  x: x % (0x10000 - w),
  y: y % (0x10000 - h),
  w,
  h,
}));
const bytes = fc.uint8Array({ minLength: 1 });
const coding = fc.constantFrom("qoi" as const, "deflated_qoi" as const);

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ display: u32, at: u32, width: side, height: side }).map((it) => ({
    kind: "picture" as const,
    ...it,
  })),
  fc
    .record({ coding, at: u32, bytes, rect })
    .map(({ rect, ...it }) => ({ kind: "tile" as const, ...it, ...rect })),
  fc.record({ at: u32, rect }).map(({ at, rect }) => ({
    kind: "copy" as const,
    at,
    from: { ...rect, x: 0xffff - rect.w, y: 0 },
    ...rect,
  })),
  fc
    .record({ at: u32, areas: fc.array(rect, { minLength: 1 }) })
    .map((it) => ({ kind: "video" as const, ...it })),
);

test("a message is read as it was written", () => {
  fc.assert(
    fc.property(message, (message) => {
      expect(readMessage(writeMessage(message))).toEqual(message);
    }),
  );
});

test("a message that was cut short or goes on is none, but for a tile's own bytes", () => {
  fc.assert(
    fc.property(message, fc.nat(), (message, at) => {
      const whole = writeMessage(message);
      const cut = at % whole.byteLength;
      const longer = new Uint8Array(whole.byteLength + 1);
      longer.set(new Uint8Array(whole));
      if (message.kind === "tile" && cut > 14) return;
      expect(readMessage(whole.slice(0, cut))).toBeUndefined();
      if (message.kind !== "tile") expect(readMessage(longer.buffer)).toBeUndefined();
    }),
  );
});

test("garbage is no message, and never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      readMessage(bytes.buffer);
      bytes[0] = 5 + ((bytes[0] ?? 0) % 250);
      expect(readMessage(bytes.buffer)).toBeUndefined();
    }),
  );
  for (const data of [undefined, null, "", "text", 7, {}, new Uint8Array(13)])
    expect(readMessage(data)).toBeUndefined();
});

test("what is empty, too large or too long is refused", () => {
  const tile = { kind: "tile", coding: "qoi", at: 0, x: 0, y: 0, w: 9, h: 9 } as const;
  const long = (length: number) => writeMessage({ ...tile, bytes: new Uint8Array(length) });
  expect(readMessage(long(LIMITS.TILE_BYTES - 14))).toBeDefined();
  expect(readMessage(long(LIMITS.TILE_BYTES - 13))).toBeUndefined();
  for (const change of [{ w: 0 }, { h: 0 }])
    expect(
      readMessage(writeMessage({ ...tile, ...change, bytes: new Uint8Array(1) })),
    ).toBeUndefined();
});
