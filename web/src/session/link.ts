/** How long the link may be silent, and what its silence means (S-61). */

import type { EndReason } from "../protocol";
import type { Link, Time } from "./state";

/** After this silence the page says that the connection is unstable. */
const UNSTABLE = 1500;
/** After this silence a sharer whose WebSocket broke has crashed; at rest it is asked once a second. */
const CRASHED = 2000;
/** How long the word may take that says why a link was closed. */
const PARTING = 1000;
/** After this silence another path is sought. */
const BROKEN = 3000;
/** After this silence the connection is lost. */
const LOST = 8000;
/** How long another path may take, once the agent has agreed to seek one. */
const ANEW = 12_000;
/**
 * The same while bytes arrive: on a path that became much slower, what the agent says may wait that
 * long behind what was lost.
 */
const STUCK = 30_000;
/** How long ago the last bytes may have arrived for that. */
const CARRIES = 4000;
/** How long a link may take to come up after the sharer allowed it. */
const SLOW = 20_000;
/** Ticks further apart than this: it was this page that slept. */
const ASLEEP = 2500;

/** Longest round trip that a pong can tell; more is a nonce that was never sent. */
const LONGEST = 60_000;

export function newLink(now: Time): Link {
  return { stage: "awaited", heard: now, ticked: now, vanished: false, service: true };
}

/** Notes that bytes arrive, though maybe nothing that is whole. */
export function carries(link: Link, now: Time): Link {
  return { ...link, carried: now };
}

export function isUnstable(link: Link): boolean {
  return link.stage !== "awaited" && link.ticked - link.heard >= UNSTABLE;
}

/**
 * Whether to seek another path at `now`: this one says nothing, though the service is there and knows of
 * no harm. Once in a silence, since an attempt ends the one before it.
 */
export function isBroken(link: Link, now: Time): boolean {
  const known = link.stage === "up" && link.service && !link.vanished;
  return known && !seeks(link) && now - link.heard >= BROKEN && !brings(link, now);
}

/** Whether another path is sought, and this one is silent still. */
export function seeks(link: Link): boolean {
  return link.stage === "up" && link.sought !== undefined && link.sought >= link.heard;
}

/** Notes that the agent agrees to seek another path, if one is sought; once in a silence. */
export function agrees(link: Link, now: Time): Link {
  return seeks(link) && agreed(link) === -Infinity ? { ...link, agreed: now } : link;
}

/** When the agent agreed in this silence. */
function agreed({ agreed, heard }: Link): Time {
  return agreed !== undefined && agreed >= heard ? agreed : -Infinity;
}

/** Whether bytes arrive. */
function brings(link: Link, now: Time): boolean {
  return link.carried !== undefined && now - link.carried < CARRIES;
}

/**
 * Notes that the clock ticks. While the page itself slept it could not hear anything, so that time
 * does not count as silence.
 */
export function tickLink(link: Link, now: Time): Link {
  const slept = now - link.ticked > ASLEEP;
  return { ...link, ticked: now, heard: slept ? Math.max(link.heard, now - UNSTABLE) : link.heard };
}

/** The reason to give up at `now`, if there is one; `needed` says whether there has to be a link. */
export function givesUp(link: Link, needed: boolean, now: Time): EndReason | undefined {
  const silence = now - link.heard;
  if (link.vanished && silence >= CRASHED) return "crashed";
  switch (link.stage) {
    case "awaited":
      return needed && silence >= SLOW ? "connection_lost" : undefined;
    case "up":
      if (now - agreed(link) < ANEW) return undefined;
      return silence >= (brings(link, now) ? STUCK : LOST) ? "connection_lost" : undefined;
    case "down":
      // Whoever closes a link says why; the word may come a moment later, through the service.
      return silence >= PARTING ? "connection_lost" : undefined;
  }
}

/** The time in tenths of milliseconds, so that a pong tells the round trip by itself. */
export function nonce(now: Time): number {
  return Math.round(now * 10) >>> 0;
}

/** Milliseconds since `sent` was made, if it was. */
export function roundTrip(sent: number, now: Time): number | undefined {
  const trip = ((nonce(now) - sent) >>> 0) / 10;
  return trip <= LONGEST ? trip : undefined;
}
