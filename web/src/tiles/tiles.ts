/** The page's end of the data channel `tiles`: gives it to a worker, or where that cannot be paints itself. */

import { Painter } from "./painter";
import type { Report } from "./painter";
import type { Pair } from "./panes";
import workerUrl from "./worker.ts?worker&url";

/** What the page tells the worker. */
export type Order =
  | { channel: RTCDataChannel }
  | Pair<OffscreenCanvas>
  | { turned: number }
  | { presented: number | undefined };

/** Where the messages of a channel are painted. */
export type Tiles = {
  /** `worker`, or `page` where a browser cannot give the channel or the canvas away. */
  readonly by: "worker" | "page";
  /** Paints to `canvases` from now on; to each canvas once. */
  show(canvases: Pair<HTMLCanvasElement>): void;
  /** The page shows the canvas of that turn, and no other any more. */
  turned(turn: number): void;
  /** A frame of the video is presented, with its RTP timestamp, if the browser tells it. */
  presented(at: number | undefined): void;
  /** Paints no more, and tells nothing. */
  close(): void;
};

/**
 * A worker that runs and waits for its channel; `undefined` where there is none, or it does not
 * load. A channel that is given away does not come back, so nothing is given to a worker before.
 */
export function startWorker(): Promise<Worker | undefined> {
  return new Promise((resolve) => {
    if (!("transferControlToOffscreen" in HTMLCanvasElement.prototype)) return resolve(undefined);
    try {
      const worker = new Worker(trusted());
      worker.onmessage = () => resolve(worker);
      worker.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

/**
 * Paints what comes over `channel`, in `worker` if it can. The channel is new in this very task:
 * later a browser would not give it away any more (W3C WebRTC, transferable data channels).
 */
export function paint(
  channel: RTCDataChannel,
  worker: Worker | undefined,
  told: (report: Report) => void,
): Tiles {
  return (worker && inWorker(channel, worker, told)) ?? inPage(channel, told);
}

function inWorker(
  channel: RTCDataChannel,
  worker: Worker,
  told: (report: Report) => void,
): Tiles | undefined {
  const order = (order: Order, given: unknown[]) =>
    worker.postMessage(order, given as Transferable[]);
  try {
    order({ channel }, [channel]);
  } catch {
    worker.terminate();
    return undefined;
  }
  worker.onmessage = ({ data }: MessageEvent<Report>) => told(data);
  return {
    by: "worker",
    show(canvases) {
      const solid = canvases.solid.transferControlToOffscreen();
      const sheer = canvases.sheer.transferControlToOffscreen();
      order({ solid, sheer }, [solid, sheer]);
    },
    turned: (turned) => order({ turned }, []),
    presented: (presented) => order({ presented }, []),
    close: () => worker.terminate(),
  };
}

function inPage(channel: RTCDataChannel, told: (report: Report) => void): Tiles {
  const painter = new Painter(told);
  channel.binaryType = "arraybuffer";
  channel.onmessage = ({ data }) => painter.receive(data);
  channel.onclose = () => painter.end();
  return {
    by: "page",
    show: (canvases) => painter.panes.show(canvases),
    turned: (turn) => painter.panes.turned(turn),
    presented: (at) => painter.presented(at),
    close: () => (channel.onmessage = channel.onclose = null),
  };
}

// W3C Trusted Types, which the DOM types lack.
type Policy = { createScriptURL(url: string): string };
type Policies = { createPolicy(name: string, rules: Policy): Policy };

let policy: Policy | undefined;

/** The worker's address, by a policy that knows no other; the service allows it by its name. */
function trusted(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  policy ??= trustedTypes?.createPolicy("rh-worker", { createScriptURL: () => workerUrl });
  return policy?.createScriptURL(workerUrl) ?? workerUrl;
}
