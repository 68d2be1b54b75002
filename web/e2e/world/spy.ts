/**
 * Sees and forges what the page does with WebRTC, from outside: injected by the test before the page's own
 * scripts, so the page itself needs no hook.
 */

import type { BrowserContext, Page } from "playwright-core";

type Spied = {
  peers: RTCPeerConnection[];
  channels: RTCDataChannel[];
  heard: { at: number; data: string }[];
};

declare global {
  interface Window {
    rhSpy: Spied;
  }
}

export async function spy(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const spied: Spied = { peers: [], channels: [], heard: [] };
    window.rhSpy = spied;
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        spied.peers.push(this);
      }
      override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, init);
        spied.channels.push(channel);
        channel.addEventListener("message", (event) => {
          if (typeof event.data === "string")
            spied.heard.push({ at: Date.now(), data: event.data });
        });
        return channel;
      }
    };
  });
}

/** What the newest peer connection has received of the picture so far (W3C WebRTC Statistics, 7.1). */
export type Received = {
  packets: number;
  lost: number;
  nacks: number;
  frames: number;
  keyFrames: number;
  freezes: number;
  /** Messages of tiles. */
  tiles: number;
  state: string;
};

export function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const peer = window.rhSpy.peers.at(-1);
    const report = (await peer?.getStats()) ?? new Map<string, Record<string, unknown>>();
    let inbound: Record<string, unknown> = {};
    let tiles = 0;
    report.forEach((stat: Record<string, unknown>) => {
      if (stat["type"] === "inbound-rtp") inbound = stat;
      if (stat["type"] === "data-channel" && stat["label"] === "tiles")
        tiles = Number(stat["messagesReceived"]);
    });
    const count = (name: string): number => Number(inbound[name] ?? 0);
    return {
      packets: count("packetsReceived"),
      lost: count("packetsLost"),
      nacks: count("nackCount"),
      frames: count("framesDecoded"),
      keyFrames: count("keyFramesDecoded"),
      freezes: count("freezeCount"),
      tiles,
      state: peer?.connectionState ?? "none",
    };
  });
}

/** Frames of the video and messages of tiles so far: nothing of the sharer's screen comes another way. */
export async function pictures(page: Page): Promise<number> {
  const { packets, frames, tiles } = await received(page);
  return Math.max(packets > 0 ? 1 : 0, frames) + tiles;
}

/** Sends `data` on the page's own data channel called `label`, as a modified page could. */
export function forge(page: Page, label: string, data: string): Promise<void> {
  return page.evaluate(
    ([name, text]) => {
      const channel = window.rhSpy.channels.findLast(
        (it) => it.label === name && it.readyState === "open",
      );
      if (channel === undefined) throw new Error(`no open channel ${name}`);
      channel.send(text ?? "");
    },
    [label, data] as const,
  );
}

/** Sends `bytes` random bytes on a data channel. */
export function garbage(page: Page, label: string, bytes: number): Promise<void> {
  return page.evaluate(
    ([name, size]) => {
      const channel = window.rhSpy.channels.findLast(
        (it) => it.label === name && it.readyState === "open",
      );
      const data = new Uint8Array(size);
      for (let at = 0; at < size; at += 65536)
        crypto.getRandomValues(data.subarray(at, Math.min(size, at + 65536)));
      channel?.send(data);
    },
    [label, bytes] as const,
  );
}

/** How an end of a path is reached: as which kind of candidate, and by what a relay is. */
export type End = { type?: string; over?: string };

/** The ends of the path that is used, the helper's and the agent's. */
export function ends(page: Page): Promise<{ local: End; remote: End }> {
  return page.evaluate(async () => {
    const report = (await window.rhSpy.peers.at(-1)?.getStats()) ?? new Map();
    const all = [...report.values()] as Record<string, unknown>[];
    const transport = all.find((it) => it["type"] === "transport");
    const pair = report.get(String(transport?.["selectedCandidatePairId"]));
    const end = (id: unknown) => {
      const { candidateType, relayProtocol } = report.get(String(id)) ?? {};
      return {
        ...(candidateType && { type: candidateType }),
        ...(relayProtocol && { over: relayProtocol }),
      };
    };
    return { local: end(pair?.localCandidateId), remote: end(pair?.remoteCandidateId) };
  });
}
