/** Runs the session: feeds events to `step`, and carries out its effects. */

import { GAP, Outbox } from "../input/outbox";
import type { Sending } from "../input/outbox";
import { Peer } from "../peer";
import { Signal } from "../signal";
import { stepUp } from "../step-up";
import type { Report } from "../tiles/painter";
import type { Tiles } from "../tiles/tiles";
import { t } from "../text";
import { readToHelper } from "../wire/read";
import type { ToHelper } from "../protocol";
import { isUnstable } from "./link";
import { Sas } from "./sas";
import { meets } from "./state";
import { step } from "./step";
import { received, summarise, tells } from "./stats";
import type { Count, Received, Stats } from "./stats";
import type { Effect, Event, State } from "./state";

/** Milliseconds between two ticks; a hidden page gets one a second, which is often enough. */
const TICK = 500;

/**
 * Milliseconds between two looks at the stats. Each costs the browser about as much as a picture that
 * changes, and a person reads no faster.
 */
const LOOK = 2000;

export class Session {
  state = $state.raw<State>({ at: "starting" });
  /** The video half of the picture, once the link brings it; a browser without H.264 has none. */
  stream = $state.raw<MediaStream | undefined>();
  /** Where the exact half of the picture is painted, once that is known. */
  tiles = $state.raw<Tiles | undefined>();
  /** What is painted there. */
  report = $state.raw<Report | undefined>();
  stats = $state.raw<Stats | undefined>();
  /** The device that codes are for, if for one. */
  device = $state<string | undefined>();
  /** The session with whoever entered the code, as the service names it. */
  id = $state.raw<string | undefined>();
  /** The last session in which the sharer allowed something, and the sharer's name: what can be noted of. */
  noted = $state.raw<{ session: string; name: string } | undefined>();
  /** Whether an identity provider signs this helper in. */
  provider = false;

  #signal: Signal | undefined;
  #peer: Peer | undefined;
  #outbox = new Outbox();
  #sas = new Sas();
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #count: Count | undefined;
  /** What had arrived when the agent was silent, and it was looked. */
  #received: Received | undefined;
  /** When the stats were looked at last. */
  #looked = -LOOK;

  constructor() {
    setInterval(() => this.#tick(), TICK);
    addEventListener("pagehide", () => this.dispatch({ type: "leave" }));
  }

  dispatch(event: Event): void {
    const [state, effects] = step(this.state, event, performance.now());
    this.state = state;
    this.#name(event);
    for (const effect of effects) this.#run(effect);
  }

  /** Takes note of which session it is. */
  #name(event: Event): void {
    if (event.type === "start") this.id = this.noted = undefined;
    if (event.type === "service" && event.message.type === "joined")
      this.id = event.message.session;
    if (this.noted || this.state.at !== "watching" || this.id === undefined) return;
    this.noted = { session: this.id, name: this.state.peer.full_name ?? t("unnamed") };
  }

  #run(effect: Effect): void {
    switch (effect.do) {
      case "connect":
        this.#signal?.close();
        this.#signal = new Signal({
          heard: (message) => this.dispatch({ type: "service", message }),
          lost: () => this.dispatch({ type: "service_lost" }),
        });
        return;
      case "make_code":
        return this.#signal?.tell({ type: "new_session", device: this.device ?? null });
      case "tell_service":
        return this.#signal?.tell(effect.message);
      case "offer":
        return this.#offer();
      case "negotiate":
        return this.#peer?.apply(effect.step);
      case "relay":
        return this.#peer?.relay(effect.server);
      case "tell_agent":
        return this.#peer?.say(effect.message);
      case "act":
        this.#send(this.#outbox.push(effect.event, performance.now()));
        return;
      case "step_up":
        void stepUp(effect.context, this.provider).then((outcome) =>
          this.dispatch(
            outcome === "granted"
              ? { type: "stepped_up" }
              : { type: "step_up_failed", why: outcome },
          ),
        );
        return;
      case "close":
        return this.#close();
    }
  }

  #offer(): void {
    this.#outbox = new Outbox();
    this.#sas = new Sas();
    this.#peer = new Peer({
      negotiated: (step) => this.#signal?.tell({ type: "negotiate", step }),
      opened: () => this.dispatch({ type: "link_up" }),
      closed: () => this.dispatch({ type: "link_down" }),
      heard: (data) => {
        const message = readToHelper(data);
        if (message?.type === "pong") this.#peer?.answered();
        if (message) this.#compare(message);
        if (message) this.dispatch({ type: "agent", message });
      },
      shown: (stream) => (this.stream = stream),
      painting: (tiles) => (this.tiles = tiles),
      painted: (report) => (this.report = report),
    });
    // A browser that cannot make an offer is told apart before a session begins.
    void this.#peer.offer();
  }

  /** Takes the agent's part of the digits that both sides see. */
  #compare(message: ToHelper): void {
    const [sas, peer] = [this.#sas, this.#peer];
    if (message.type === "sas_commitment") {
      const nonce = sas.commit(message.commitment);
      if (nonce !== undefined) peer?.say({ type: "sas_nonce", nonce });
    } else if (message.type === "sas_nonce") {
      void sas.reveal(message.nonce, peer?.ends()).then((digits) => {
        if (this.#sas === sas) this.dispatch({ type: "compared", digits });
      });
    }
  }

  #send(sendings: Sending[]): void {
    for (const sending of sendings) {
      if (sending.over === "control") this.#peer?.say(sending.message);
      else this.#peer?.point(sending.message);
    }
    const wait = this.#outbox.wait(performance.now());
    if (wait === undefined || this.#flushing !== undefined) return;
    this.#flushing = setTimeout(
      () => {
        this.#flushing = undefined;
        this.#send(this.#outbox.flush(performance.now()));
      },
      Math.min(wait, GAP),
    );
  }

  #tick(): void {
    this.dispatch({ type: "tick" });
    if (meets(this.state) && isUnstable(this.state.link)) void this.#listen();
    else this.#received = undefined;
    const now = performance.now();
    if (this.state.at !== "watching" || document.hidden || now - this.#looked < LOOK) return;
    this.#looked = now;
    void this.#measure(this.state.link.roundTrip);
  }

  /** Looks whether anything arrives from an agent that says nothing. */
  async #listen(): Promise<void> {
    const report = await this.#peer?.stats();
    if (!report) return;
    const before = this.#received;
    this.#received = received(report as unknown as Iterable<[string, unknown]>);
    if (before && tells(before, this.#received)) this.dispatch({ type: "carried" });
  }

  async #measure(roundTrip: number | undefined): Promise<void> {
    const report = await this.#peer?.stats();
    const summary =
      report && summarise(report as unknown as Iterable<[string, unknown]>, this.#count);
    if (!summary) return;
    const [stats, count] = summary;
    this.stats = { ...stats, roundTrip };
    this.#count = count;
  }

  #close(): void {
    this.#signal?.close();
    this.#peer?.close();
    clearTimeout(this.#flushing);
    this.#signal = this.#peer = this.#flushing = this.#count = this.#received = undefined;
    this.stream = this.stats = this.tiles = this.report = undefined;
  }
}
