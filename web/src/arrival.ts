/**
 * What the address says of how somebody came to this page: from a sign-in, for an agent, for a device, or
 * with a code.
 */

import type { TextId } from "./text";

/** Why a sign-in did not succeed, in the service's words; other words are `other`. */
const WORDS = [
  "denied",
  "expired",
  "other_browser",
  "mixed_up",
  "provider",
  "token",
  "other_directory",
  "busy",
] as const;

export type Arrival = {
  /** What to say of a sign-in that did not succeed. */
  failure?: TextId;
  /** How a stronger sign-in went, in a window of its own. */
  stepUp?: "granted" | "refused";
  /** The device that a code is to be for, as the directory names it: a link from a list of devices (S-54). */
  device?: string;
  /** The code of an invitation: a link that a helper sent to a sharer (M-12). */
  code?: string;
  /** The query with which an agent's sign-in goes on, once the organisation is chosen. */
  agent?: string;
};

/** An id of the service's: visible ASCII, and not too much of it. */
const ID = /^[!-~]{1,512}$/;

export function arrival(search: string, hash: string): Arrival {
  const query = new URLSearchParams(search);
  const arrival: Arrival = {};
  const word = query.get("sign-in");
  if (word !== null) {
    const known = WORDS.find((it) => it === word);
    arrival.failure = known === undefined ? "sign-in-other" : `sign-in-${known}`;
  }
  const stepUp = query.get("step-up");
  if (stepUp !== null) arrival.stepUp = stepUp === "granted" ? "granted" : "refused";
  const fragment = new URLSearchParams(hash.slice(1));
  const code = fragment.get("code");
  if (code !== null && /^[0-9]{8}$/.test(code)) arrival.code = code;
  const device = fragment.get("device");
  if (device !== null && ID.test(device)) arrival.device = device;
  const agent = new URLSearchParams();
  for (const name of ["port", "challenge", "state"]) {
    const value = query.get(name);
    if (value === null) return arrival;
    agent.set(name, value);
  }
  arrival.agent = agent.toString();
  return arrival;
}

/**
 * An invitation to a sharer. The code is in the fragment, which no browser sends to a server (RFC 9110,
 * section 4.2.5), so it is in no log.
 */
export function invitation(origin: string, code: string): string {
  return `${origin}/#code=${code}`;
}

/** Where a sign-in at an organisation begins. */
export function door(tenant: string, agent?: string): string {
  const query = new URLSearchParams(agent);
  query.set("tenant", tenant);
  return `${agent === undefined ? "/auth/start" : "/auth/agent"}?${query}`;
}
