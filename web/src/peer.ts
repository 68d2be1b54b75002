/** The link to the sharer's agent: hides `RTCPeerConnection` (W3C WebRTC). */

import type { FromHelper, IceServer, Negotiation, PointerMove } from "./protocol";
import { Prober } from "./session/prober";
import { fingerprint } from "./session/sas";
import type { Ends } from "./session/sas";
import type { Report } from "./tiles/painter";
import { paint, startWorker } from "./tiles/tiles";
import type { Tiles } from "./tiles/tiles";

/** Bytes that may wait in the pointer channel; above it a newer position will do. */
const POINTER_BACKLOG = 4096;

/**
 * Milliseconds that a direct path has to be found, once a relay may be used: where there is one, it was
 * found while the sharer read who asks.
 */
const DIRECT = 1000;

/**
 * Milliseconds until another attempt. The agent's own of before the sharer agreed may run out in the
 * midst of a new one, and end that too.
 */
const AGAIN = 6000;

/** Milliseconds that the last message has to get out before the connection is closed. */
const FAREWELL = 250;

/** What a link tells. */
export type PeerEvents = {
  /** A step of the negotiation for the other side. */
  negotiated(step: Negotiation): void;
  opened(): void;
  closed(): void;
  /** A message over the control channel, as it came. */
  heard(data: unknown): void;
  /** The video half of the picture. */
  shown(stream: MediaStream): void;
  /** Where the exact half of the picture is painted. */
  painting(tiles: Tiles): void;
  /** What is painted above the video. */
  painted(report: Report): void;
};

export class Peer {
  readonly #connection = new RTCPeerConnection();
  readonly #control = this.#connection.createDataChannel("control", { ordered: true });
  readonly #pointer = this.#connection.createDataChannel("pointer", {
    ordered: false,
    maxRetransmits: 0,
  });
  /** An agent that does not know it closes it, and is not probed. */
  readonly #probes = this.#connection.createDataChannel("probe", {
    ordered: false,
    maxRetransmits: 0,
  });
  readonly #prober = new Prober();
  #probing: ReturnType<typeof setTimeout> | undefined;
  #relaying: ReturnType<typeof setTimeout> | undefined;
  /** Where tiles are painted, once there is a channel for them. */
  #tiles: Tiles | undefined;
  #closed = false;
  readonly #events: PeerEvents;
  /** Steps are taken one after the other, in the order in which they came. */
  #steps: Promise<void> = Promise.resolve();
  /** Candidates that came before the description they belong to. */
  #early: RTCIceCandidateInit[] = [];

  constructor(events: PeerEvents) {
    this.#events = events;
    const connection = this.#connection;
    void this.#paint();
    watch(connection);
    connection.ontrack = ({ track }) => events.shown(new MediaStream([track]));
    connection.onicecandidate = ({ candidate }) => {
      events.negotiated({ kind: "candidate", candidate: fromCandidate(candidate) });
    };
    this.#control.onopen = () => events.opened();
    this.#control.onclose = () => events.closed();
    this.#control.onmessage = ({ data }) => events.heard(data);
  }

  async #paint(): Promise<void> {
    const worker = await startWorker();
    if (this.#closed) return worker?.terminate();
    const channel = this.#connection.createDataChannel("tiles", { ordered: true });
    this.#tiles = paint(channel, worker, (report) => this.#events.painted(report));
    this.#events.painting(this.#tiles);
  }

  /** Makes the offer and tells it. */
  async offer(): Promise<void> {
    await this.#connection.setLocalDescription();
    const sdp = this.#connection.localDescription?.sdp;
    if (sdp !== undefined) this.#events.negotiated({ kind: "offer", sdp });
  }

  /** Begins anew with a relay: at once if there was a path, else unless there is one soon. */
  relay(server: IceServer): void {
    try {
      this.#connection.setConfiguration({ iceServers: [server] });
    } catch {
      return; // Not an address that this browser knows.
    }
    clearTimeout(this.#relaying);
    if (this.#control.readyState === "open") this.#beginAnew();
    else this.#relaying = setTimeout(() => this.#insist(), DIRECT);
  }

  #insist(): void {
    if (this.#closed || this.#control.readyState !== "connecting") return;
    this.#beginAnew();
    this.#relaying = setTimeout(() => this.#insist(), AGAIN);
  }

  /** Offers other paths; the one that there is serves until the agent answers. */
  #beginAnew(): void {
    this.#connection.restartIce();
    void this.offer();
  }

  /** The certificates of this link, if each side named exactly one. */
  ends(): Ends | undefined {
    const helper = fingerprint(this.#connection.localDescription?.sdp);
    const sharer = fingerprint(this.#connection.remoteDescription?.sdp);
    return helper !== undefined && sharer !== undefined ? { helper, sharer } : undefined;
  }

  /** Takes a step of the other side's negotiation; one that cannot be taken is ignored. */
  apply(step: Negotiation): void {
    this.#steps = this.#steps.then(() => this.#take(step)).catch(() => undefined);
  }

  async #take(step: Negotiation): Promise<void> {
    switch (step.kind) {
      case "answer": {
        await this.#connection.setRemoteDescription({ type: "answer", sdp: step.sdp });
        const early = this.#early;
        this.#early = [];
        for (const candidate of early)
          await this.#connection.addIceCandidate(candidate).catch(() => undefined);
        return;
      }
      case "candidate": {
        const { candidate, sdp_mid: sdpMid, sdp_m_line_index: sdpMLineIndex } = step.candidate;
        const init = { candidate, sdpMid: sdpMid ?? null, sdpMLineIndex: sdpMLineIndex ?? null };
        if (this.#connection.remoteDescription === null) this.#early.push(init);
        else await this.#connection.addIceCandidate(init);
        return;
      }
      case "offer":
        return; // The helper offers, never the agent.
    }
  }

  /** Says something over the control channel, if it is open. */
  say(message: FromHelper): void {
    if (this.#control.readyState !== "open") return;
    const now = performance.now();
    if (message.type === "ping" && !this.#prober.ask(now)) return;
    if (message.type === "input") this.#prober.act(now);
    this.#control.send(JSON.stringify(message));
    this.#probeInTime();
  }

  /** Notes that a ping was answered. */
  answered(): void {
    this.#prober.answer(performance.now());
  }

  #probeInTime(): void {
    const wait = this.#prober.wait(performance.now());
    if (wait === undefined || this.#probing !== undefined) return;
    this.#probing = setTimeout(() => {
      this.#probing = undefined;
      if (this.#closed || this.#probes.readyState !== "open") return;
      if (this.#prober.probe(performance.now())) this.#probes.send("");
      this.#probeInTime();
    }, wait);
  }

  /** Tells a pointer position, or not: what does not arrive would keep probes from being sent. */
  point(move: PointerMove): void {
    const { readyState, bufferedAmount } = this.#pointer;
    const now = performance.now();
    if (this.#prober.silent(now)) return;
    this.#prober.act(now);
    if (readyState === "open" && bufferedAmount < POINTER_BACKLOG)
      this.#pointer.send(JSON.stringify(move));
  }

  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  /** Closes it, a moment after what was said last; tells nothing any more. */
  close(): void {
    this.#control.onopen = null;
    this.#control.onclose = null;
    this.#control.onmessage = null;
    this.#connection.onicecandidate = null;
    this.#connection.ontrack = null;
    this.#closed = true;
    this.#tiles?.close();
    setTimeout(() => this.#connection.close(), FAREWELL);
  }
}

/** Asks for video, if this browser has H.264; one that has not is shown tiles alone. */
function watch(connection: RTCPeerConnection): void {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs ?? [];
  const h264 = codecs.filter((codec) => codec.mimeType.toLowerCase() === "video/h264");
  if (h264.length === 0) return;
  const transceiver = connection.addTransceiver("video", { direction: "recvonly" });
  if ("setCodecPreferences" in transceiver) transceiver.setCodecPreferences(h264);
  const { receiver } = transceiver;
  // Shows a picture as soon as it is there; no sound has to keep step with it.
  if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = 0;
}

function fromCandidate(candidate: RTCIceCandidate | null) {
  return {
    candidate: candidate?.candidate ?? "",
    sdp_mid: candidate?.sdpMid ?? null,
    sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
  };
}
