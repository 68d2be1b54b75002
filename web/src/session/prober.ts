/**
 * When to send a probe: a message of no worth that arrives where earlier ones did not.
 *
 * A browser repeats a lost message when three later ones are reported to have arrived, or else after
 * a time-out that doubles up to seconds (RFC 9260, section 6.3.3). In an outage the time-outs pass in
 * vain, and without a probe its end would be noticed by the next one only (compare RFC 8985,
 * section 7). Nothing is sent while every question is answered in time.
 */

import type { Time } from "./state";

/**
 * Milliseconds after the last input from which the agent is asked less often: a session that only
 * watches a desktop at rest should cost next to nothing.
 */
const CALM = 3000;

/** Milliseconds between two questions then, and a little less than two ticks. */
const SELDOM = 900;

/** Milliseconds between two probes: three are reported within a quarter of a second. */
const PACE = 80;

/**
 * Milliseconds by which an answer may be late, and for its way while that is not known. Within that,
 * a slow network has more use for what it carries.
 */
const LATE = 500;

export class Prober {
  /** When the first question was asked that is not answered. */
  #asked: Time | undefined;
  /** When the last question was asked, answered or not. */
  #latest: Time = -Infinity;
  #acted: Time = -Infinity;
  #probed: Time = -Infinity;
  /** Milliseconds there and back, as last seen. */
  #trip = LATE;

  /** Notes a question, if it is worth asking: one without an answer is enough. */
  ask(now: Time): boolean {
    if (this.silent(now)) return false;
    const calm = now - this.#acted >= CALM;
    if (calm && now - this.#latest < SELDOM) return false;
    this.#asked ??= now;
    this.#latest = now;
    return true;
  }

  /** Notes input: while the helper acts, what it holds down is let go in time if it is cut off. */
  act(now: Time): void {
    this.#acted = now;
  }

  /** Notes that an answer came. */
  answer(now: Time): void {
    if (this.#asked !== undefined) this.#trip = Math.min(now - this.#asked, 2 * LATE);
    this.#asked = undefined;
  }

  /** Whether an answer is overdue. */
  silent(now: Time): boolean {
    return this.#asked !== undefined && now >= this.#due(this.#asked);
  }

  /** Whether to probe now; notes that it is done. */
  probe(now: Time): boolean {
    if (!this.silent(now) || now - this.#probed < PACE) return false;
    this.#probed = now;
    return true;
  }

  /** Milliseconds from `now` after which to probe, unless an answer comes. */
  wait(now: Time): number | undefined {
    if (this.#asked === undefined) return undefined;
    return Math.max(this.#due(this.#asked) - now, this.#probed + PACE - now, 0);
  }

  #due(asked: Time): Time {
    return asked + 1.5 * this.#trip + LATE;
  }
}
