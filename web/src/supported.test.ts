import { expect, test } from "vitest";

import { isSupported } from "./supported";

test("S-22: a browser is judged by what it can do, and needs no H.264", () => {
  const there = () => undefined;
  expect(isSupported({ RTCPeerConnection: there, DecompressionStream: there })).toBe(true);
  expect(isSupported({ RTCPeerConnection: there })).toBe(false);
  expect(isSupported({ DecompressionStream: there })).toBe(false);
  expect(isSupported({})).toBe(false);
});
