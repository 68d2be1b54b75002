import { expect, test } from "vitest";

import { received, summarise, tells } from "./stats";

const inbound = {
  type: "inbound-rtp",
  kind: "video",
  timestamp: 2000,
  bytesReceived: 500_000,
  framesPerSecond: 29.6,
  frameWidth: 1920,
  frameHeight: 1080,
};
const pair = {
  type: "candidate-pair",
  nominated: true,
  state: "succeeded",
  localCandidateId: "l",
  remoteCandidateId: "r",
};

function report(local: object, remote: object): Map<string, unknown> {
  return new Map<string, unknown>([
    ["i", inbound],
    ["old", { ...pair, state: "failed", localCandidateId: "x" }],
    ["p", pair],
    ["l", local],
    ["r", remote],
  ]);
}

test("rates come from two counts", () => {
  const [stats, count] = summarise(report({ protocol: "udp" }, {}), { bytes: 250_000, at: 1000 })!;
  expect(stats).toEqual({ fps: 30, bitrate: 2_000_000, width: 1920, height: 1080, path: "udp" });
  expect(count).toEqual({ bytes: 500_000, at: 2000 });
  expect(summarise(report({}, {}))![0].bitrate).toBe(0);
});

test("the exact half of the picture counts as well, and alone", () => {
  const tiles = { type: "data-channel", label: "tiles", timestamp: 2000, bytesReceived: 125_000 };
  const other = { ...tiles, label: "control" };
  const both = report({}, {}).set("t", tiles).set("o", other);
  expect(summarise(both, { bytes: 500_000, at: 1000 })![0].bitrate).toBe(1_000_000);
  const alone = new Map<string, unknown>([
    ["o", other],
    ["t", tiles],
  ]);
  const [stats] = summarise(alone, { bytes: 0, at: 1000 })!;
  expect(stats).toEqual({ fps: 0, bitrate: 1_000_000, width: 0, height: 0 });
});

test("B-14: a relay at either end is told, and TCP", () => {
  const path = (local: object, remote: object) => summarise(report(local, remote))![0].path;
  expect(path({ protocol: "udp", candidateType: "relay" }, {})).toBe("relay");
  expect(path({ protocol: "udp" }, { candidateType: "relay" })).toBe("relay");
  expect(path({ protocol: "tcp", candidateType: "host" }, {})).toBe("tcp");
});

test("B-09: the path that is told is the one that took another's place", () => {
  const both = report({ protocol: "udp" }, {})
    .set("new", { ...pair, localCandidateId: "relayed" })
    .set("relayed", { protocol: "udp", candidateType: "relay" })
    .set("t", { type: "transport", selectedCandidatePairId: "new" });
  expect(summarise(both)![0].path).toBe("relay");
});

test("before there is a picture there are none", () => {
  expect(summarise(new Map([["p", pair]]))).toBeUndefined();
});

test("what arrives counts whatever it is, but acknowledgements tell nothing", () => {
  const at = (bytesReceived: number, packetsReceived: number) =>
    received(report({}, {}).set("q", { ...pair, bytesReceived, packetsReceived }));
  const before = at(300, 3);
  expect(before).toEqual({ bytes: 300, packets: 3 });
  expect(tells(before, before)).toBe(false);
  expect(tells(before, at(800, 8))).toBe(false);
  expect(tells(before, at(3900, 6))).toBe(true);
});
