import { expect, test } from "vitest";

import { isSupported } from "./supported";

test("S-22: a browser is judged by what it can do", () => {
  const receiver = (mimeType: string) => ({
    getCapabilities: () => ({ codecs: [{ mimeType, clockRate: 90_000 }], headerExtensions: [] }),
  });
  const connection = () => undefined;
  expect(
    isSupported({ RTCPeerConnection: connection, RTCRtpReceiver: receiver("video/H264") }),
  ).toBe(true);
  expect(
    isSupported({ RTCPeerConnection: connection, RTCRtpReceiver: receiver("video/VP8") }),
  ).toBe(false);
  expect(isSupported({ RTCPeerConnection: connection })).toBe(false);
  expect(isSupported({})).toBe(false);
});
