/** A sharer's agent in a browser page of its own: answers the offer, films a canvas, sends tiles, notes what it hears. */

import type { Browser, Page } from "playwright-core";

import type { FromHelper, Negotiation, PointerMove, ToHelper } from "../src/protocol";
import { writeMessage } from "../src/tiles/bytes";
import type { Message } from "../src/tiles/message";

/** What the agent's page holds. */
type AgentPage = typeof globalThis & {
  negotiated(step: Negotiation): void;
  heard(data: string): void;
  pointed(data: string): void;
  agent: {
    apply(step: Negotiation): Promise<void>;
    say(data: string): void;
    paint(base64: string[]): void;
    freeze(): void;
  };
};

export class FakeAgent {
  /** What came over the control channel, but for pings. */
  readonly heard: FromHelper[] = [];
  /** What came over the pointer channel. */
  readonly moves: PointerMove[] = [];
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** `size` of its screen; `negotiated` gets its steps; it has video only if it is to `film`. */
  static async start(
    browser: Browser,
    size: { width: number; height: number },
    negotiated: (step: Negotiation) => void,
    film = true,
  ): Promise<FakeAgent> {
    const page = await browser.newPage();
    const agent = new FakeAgent(page);
    await page.exposeFunction("negotiated", negotiated);
    await page.exposeFunction("heard", (data: string) =>
      agent.heard.push(JSON.parse(data) as FromHelper),
    );
    await page.exposeFunction("pointed", (data: string) =>
      agent.moves.push(JSON.parse(data) as PointerMove),
    );
    await page.evaluate(main, { ...size, film });
    return agent;
  }

  async apply(step: Negotiation): Promise<void> {
    await this.#page.evaluate((step) => (globalThis as AgentPage).agent.apply(step), step);
  }

  async say(message: ToHelper): Promise<void> {
    await this.babble(JSON.stringify(message));
  }

  async babble(data: string): Promise<void> {
    await this.#page.evaluate((data) => (globalThis as AgentPage).agent.say(data), data);
  }

  /** Sends messages over the channel of the tiles. */
  async paint(...messages: Message[]): Promise<void> {
    await this.smear(...messages.map(writeMessage));
  }

  /** Sends bytes over the channel of the tiles. */
  async smear(...bytes: ArrayBuffer[]): Promise<void> {
    const texts = bytes.map((bytes) => Buffer.from(bytes).toString("base64"));
    await this.#page.evaluate((texts) => (globalThis as AgentPage).agent.paint(texts), texts);
  }

  /** RGBA of a PNG. */
  async pixels(png: Buffer): Promise<Buffer> {
    const text = await this.#page.evaluate(readPng, png.toString("base64"));
    return Buffer.from(text, "base64");
  }

  /** From now on it answers no ping. */
  async freeze(): Promise<void> {
    await this.#page.evaluate(() => (globalThis as AgentPage).agent.freeze());
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}

/** Runs in the agent's page. */
function main({ width, height, film }: { width: number; height: number; film: boolean }): void {
  const scope = globalThis as AgentPage;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  document.body.append(canvas);
  const pen = canvas.getContext("2d")!;
  let n = 0;
  setInterval(() => {
    pen.fillStyle = "#e8edf4";
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = "#2f4a6d";
    pen.fillRect(width / 8, height / 8, width / 2, height / 2);
    pen.fillStyle = "#fff";
    pen.font = `${height / 12}px sans-serif`;
    pen.fillText(`picture ${++n}`, width / 6, height / 3);
    pen.strokeStyle = "#c00";
    pen.lineWidth = 4;
    pen.strokeRect(2, 2, width - 4, height - 4);
  }, 50);

  const connection = new RTCPeerConnection();
  const track = canvas.captureStream(20).getVideoTracks()[0]!;
  // Its size is that of the display, whatever the load.
  track.contentHint = "detail";
  let control: RTCDataChannel | undefined;
  let tiles: RTCDataChannel | undefined;
  let frozen = false;
  if (film) connection.addTrack(track);
  connection.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    const { candidate: text, sdpMid: sdp_mid, sdpMLineIndex: sdp_m_line_index } = candidate;
    scope.negotiated({
      kind: "candidate",
      candidate: { candidate: text, sdp_mid, sdp_m_line_index },
    });
  };
  connection.ondatachannel = ({ channel }) => {
    if (channel.label === "control") control = channel;
    if (channel.label === "tiles") tiles = channel;
    channel.onmessage = ({ data }) => {
      if (channel.label === "pointer") return scope.pointed(String(data));
      if (channel.label === "probe") return;
      const message = JSON.parse(String(data)) as FromHelper;
      if (message.type !== "ping") return scope.heard(String(data));
      if (!frozen) channel.send(JSON.stringify({ type: "pong", nonce: message.nonce }));
    };
  };
  scope.agent = {
    async apply(step) {
      if (step.kind === "candidate") {
        const { candidate, sdp_mid: sdpMid, sdp_m_line_index: sdpMLineIndex } = step.candidate;
        await connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex });
      } else if (step.kind === "offer") {
        await connection.setRemoteDescription({ type: "offer", sdp: step.sdp });
        await connection.setLocalDescription();
        scope.negotiated({ kind: "answer", sdp: connection.localDescription!.sdp });
      }
    },
    say: (data) => control?.send(data),
    paint(base64) {
      for (const text of base64)
        tiles?.send(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
    },
    freeze() {
      frozen = true;
      // A track that only stops leaves a browser sending padding.
      for (const transceiver of connection.getTransceivers())
        void transceiver.sender.replaceTrack(null);
    },
  };
}

/** Runs in the agent's page, because a browser reads PNG. */
async function readPng(base64: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/png;base64,${base64}`;
  await image.decode();
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000)
    text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return btoa(text);
}
