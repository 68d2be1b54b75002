/** The connection to the service: hides the `WebSocket`. */

import { VERSION } from "./protocol";
import type { FromClient, ToClient } from "./protocol";
import { readToClient } from "./wire/read";

export type SignalEvents = {
  heard(message: ToClient): void;
  /** It broke, or never came up. */
  lost(): void;
};

export class Signal {
  readonly #socket: WebSocket;

  /** Connects to the service that the page came from, and says hello. */
  constructor(events: SignalEvents) {
    const url = new URL("/ws", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.tell({ type: "hello", version: VERSION, client: "helper" });
    this.#socket.onclose = () => events.lost();
    this.#socket.onmessage = ({ data }) => {
      const message = readToClient(data);
      if (message) events.heard(message);
    };
  }

  tell(message: FromClient): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Closes it after what was told; tells nothing any more. */
  close(): void {
    this.#socket.onclose = null;
    this.#socket.onmessage = null;
    this.#socket.close();
  }
}
