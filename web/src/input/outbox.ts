/**
 * Input on its way out: numbers it, thins out moves and scrolls, and chooses the channel.
 *
 * Moves go over the unreliable channel, at most one in `GAP`, the newest one only. Everything else
 * is reliable. Where the pointer rests is told once more reliably, since the last move may be lost.
 */

import type { FromHelper, InputEvent, Point, PointerMove } from "../protocol";

/** Milliseconds between two moves, or two scrolls: 125 a second. */
export const GAP = 8;

/** Milliseconds after which a pointer that does not move rests. */
export const REST = 120;

export type Sending =
  { over: "control"; message: FromHelper } | { over: "pointer"; message: PointerMove };

type Scroll = Extract<InputEvent, { kind: "scroll" }>;

export class Outbox {
  #seq = 0;
  #sent = -Infinity;
  #move: Point | undefined;
  #scroll: Scroll | undefined;
  #rest: { at: Point; since: number } | undefined;

  /** Takes one action of the helper; returns what to send at once. */
  push(event: InputEvent, now: number): Sending[] {
    switch (event.kind) {
      case "move":
        this.#move = event.at;
        return this.#due(now) ? this.#flush(now) : [];
      case "scroll": {
        const { dx, dy } = this.#scroll ?? { dx: 0, dy: 0 };
        this.#scroll = { ...event, dx: dx + event.dx, dy: dy + event.dy };
        return this.#due(now) ? this.#flush(now) : [];
      }
      case "button":
        // It says itself where it happens.
        this.#move = undefined;
        return this.#act(event);
      case "key":
      case "text":
      case "release_all":
        return this.#act(event);
    }
  }

  /** What has become due; to be called within `GAP` after a push that sent nothing, or `REST`. */
  flush(now: number): Sending[] {
    if (this.#due(now) && (this.#move || this.#scroll)) return this.#flush(now);
    if (!this.#rest || now - this.#rest.since < REST) return [];
    return [this.#reliable({ kind: "move", at: this.#rest.at })];
  }

  /** Milliseconds from `now` after which to call `flush`, if something waits. */
  wait(now: number): number | undefined {
    if (this.#move || this.#scroll) return Math.max(this.#sent + GAP - now, 0);
    return this.#rest && Math.max(this.#rest.since + REST - now, 0);
  }

  #due(now: number): boolean {
    return now - this.#sent >= GAP;
  }

  #flush(now: number): Sending[] {
    this.#sent = now;
    const sendings: Sending[] = [];
    if (this.#move) {
      const at = this.#move;
      sendings.push({ over: "pointer", message: { seq: ++this.#seq, at } });
      this.#rest = { at, since: now };
      this.#move = undefined;
    }
    if (this.#scroll) sendings.push(this.#takeScroll(this.#scroll));
    return sendings;
  }

  /** Sends `event` after all that came before it; an unreliable move could come too late. */
  #act(event: InputEvent): Sending[] {
    const sendings: Sending[] = [];
    if (this.#scroll) sendings.push(this.#takeScroll(this.#scroll));
    const at = this.#move ?? this.#rest?.at;
    if (at && event.kind !== "button") sendings.push(this.#reliable({ kind: "move", at }));
    return [...sendings, this.#reliable(event)];
  }

  #takeScroll(scroll: Scroll): Sending {
    this.#scroll = undefined;
    return this.#reliable(scroll);
  }

  #reliable(event: InputEvent): Sending {
    if ("at" in event) {
      this.#move = undefined;
      this.#rest = undefined;
    }
    return { over: "control", message: { type: "input", seq: ++this.#seq, event } };
  }
}
