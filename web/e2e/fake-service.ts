/** A service of a few lines that says what a test tells it to, and serves the built page. */

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

import type { Note } from "../src/api";
import type { FromClient, IdentityCard, ToClient } from "../src/protocol";

const DIST = new URL("../dist", import.meta.url).pathname;

/** As strict as the service's own. */
export const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types svelte-trusted-html rh-worker",
].join("; ");

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** People to sign in as. */
export const PEOPLE: { id: string; card: IdentityCard }[] = [
  {
    id: "helper",
    card: {
      full_name: "Hana Helper",
      job_title: "Support engineer",
      company: "Example Ltd",
      picture: null,
      verified_domain: "example.com",
    },
  },
  {
    id: "nobody",
    card: { full_name: null, job_title: null, company: null, picture: null, verified_domain: null },
  },
];

export class FakeService {
  /** Messages of the page, oldest first. */
  readonly heard: FromClient[] = [];
  /** The authentication contexts that the page signed in for. */
  readonly steppedUp: string[] = [];
  /** What was noted of the sharer; without it the service keeps no notes. */
  notes: Note[] | undefined;
  /** Whether people are signed in by an identity provider, and what it says to a stronger sign-in. */
  provider: string | undefined;
  /** Called with each message, after it was noted. */
  onMessage: (message: FromClient) => void = () => undefined;
  /** The organisations that one may sign in at. */
  tenants: { id: string; name: string }[] = [];
  #socket: WebSocket | undefined;
  #person: string | undefined;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#sockets = new WebSocketServer({
      server: this.#server,
      path: "/ws",
      verifyClient: (_: unknown, done: (allowed: boolean, status: number) => void) =>
        done(this.#person !== undefined, 401),
    });
    this.#sockets.on("connection", (socket) => {
      this.#socket = socket;
      socket.on("message", (data) => {
        const message = JSON.parse(String(data)) as FromClient;
        this.heard.push(message);
        this.onMessage(message);
      });
    });
  }

  static async start(): Promise<FakeService> {
    if (!existsSync(join(DIST, "index.html"))) {
      throw new Error("the pages are not built: npm run build");
    }
    const service = new FakeService();
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  tell(message: ToClient): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Sends what is no message of the wire. */
  babble(data: string): void {
    this.#socket?.send(data);
  }

  signOut(): void {
    this.#person = undefined;
  }

  stop(): void {
    this.#sockets.clients.forEach((socket) => socket.terminate());
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (pathname.startsWith("/api/notes/") && this.notes) {
      return this.#note(request, pathname.slice("/api/notes/".length), this.notes, json);
    }
    switch (`${request.method} ${pathname}`) {
      case "GET /api/people":
        return json(200, { people: PEOPLE });
      case "GET /api/sign-in":
        return json(200, { development: true, tenants: this.tenants });
      case "GET /api/me": {
        const person = PEOPLE.find(({ id }) => id === this.#person);
        const known = { ...person, ...(this.provider && { provider: true }) };
        return person ? json(200, known) : json(401, null);
      }
      case "POST /api/sign-in":
        request.on(
          "data",
          (data) => (this.#person = (JSON.parse(String(data)) as { person: string }).person),
        );
        request.on("end", () => json(200, null));
        return;
      case "GET /auth/step-up":
        this.steppedUp.push(searchParams.get("context") ?? "");
        response.writeHead(303, { location: `/?step-up=${this.provider}` }).end();
        return;
      case "POST /api/step-up":
        request.on("data", (data) =>
          this.steppedUp.push((JSON.parse(String(data)) as { context: string }).context),
        );
        request.on("end", () => response.writeHead(204).end());
        return;
      case "POST /api/sign-out":
        this.#person = undefined;
        return json(200, null);
      default:
        return this.#file(pathname === "/" ? "/index.html" : pathname, response);
    }
  }

  #note(
    request: IncomingMessage,
    session: string,
    notes: Note[],
    json: (status: number, body: unknown) => void,
  ): void {
    if (request.method === "GET") return json(200, { notes });
    request.on("data", (data) => {
      const { text } = JSON.parse(String(data)) as { text: string };
      const note = { session, at: "2026-03-01T00:00:00Z", author: "Hana Helper", text };
      this.notes = [note, ...notes.filter((it) => it.session !== session)];
    });
    request.on("end", () => json(200, null));
  }

  #file(path: string, response: ServerResponse): void {
    try {
      const body = readFileSync(join(DIST, path));
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response
        .writeHead(200, { "content-type": type, "content-security-policy": POLICY })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}
