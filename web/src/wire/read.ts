/**
 * Reads messages from the service and from the agent; the types are generated from rh-protocol.
 *
 * A message that is too long, malformed or unknown reads as `undefined`, and the caller ignores it.
 * Unknown words fail closed: a consent that is not `allow` is a decline, an unknown role voids its
 * message, an unknown reason to end still ends.
 */

import { LIMITS } from "../protocol";
import type {
  Background,
  DesktopState,
  EndReason,
  Introduction,
  OddityCode,
  PathReason,
  Refusal,
  ToClient,
  ToHelper,
} from "../protocol";
import {
  fields,
  flag,
  i32,
  list,
  matching,
  maybe,
  number,
  oneOf,
  share,
  tagged,
  text,
  u16,
  u32,
  whole,
} from "./check";
import type { Check } from "./check";
import { denied, knownRules, stepUp, terms } from "./rules";

const END_REASONS: Record<EndReason, true> = {
  declined: true,
  no_answer: true,
  sharer_ended: true,
  helper_ended: true,
  helper_left: true,
  crashed: true,
  connection_lost: true,
  capture_failed: true,
  version: true,
  service_ended: true,
  handed_over: true,
  right_revoked: true,
  administrator_ended: true,
  other: true,
};
const REFUSALS: Record<Refusal, true> = {
  code: true,
  code_format: true,
  too_many_attempts: true,
  version: true,
  not_allowed: true,
  busy: true,
  stopping: true,
  other: true,
};

const PATH_REASONS: Record<PathReason, true> = {
  still: true,
  moved: true,
  exact: true,
  no_video: true,
  motion: true,
  photographic: true,
  area: true,
  budget: true,
  repair: true,
};
const DESKTOP_STATES: Record<DesktopState, true> = {
  active: true,
  secure_input: true,
  locked: true,
  other_user: true,
  asleep: true,
};

const ODDITIES: Record<OddityCode, true> = {
  looks_alike: true,
  same_name: true,
  not_a_person: true,
  mixed_scripts: true,
  other: true,
};

const INTRODUCTIONS: Record<Introduction, true> = {
  arrived: true,
  allowed: true,
  gone: true,
  code: true,
  denied: true,
  full: true,
  other: true,
};

const role = oneOf("view", "control");
const sessionId = matching(/^[0-9a-fA-F]{32}$/);
const nonce = matching(/^[0-9a-f]{64}$/);
const card = fields({
  full_name: maybe(text),
  job_title: maybe(text),
  company: maybe(text),
  picture: maybe(text),
  verified_domain: maybe(text),
});
const background = fields({
  code_age: maybe(u32),
  met_before: maybe(flag),
  oddities: list(fields({ code: text, like: maybe(text) }), LIMITS.LIST),
});
const point = fields({ display: u32, x: share, y: share });
const display = fields({
  id: u32,
  name: text,
  x: i32,
  y: i32,
  width: whole(1, 0xffff_ffff),
  height: whole(1, 0xffff_ffff),
  scale: number,
  primary: flag,
});
const step = tagged("kind", {
  offer: fields({ sdp: text }),
  answer: fields({ sdp: text }),
  candidate: fields({
    candidate: fields({ candidate: text, sdp_mid: maybe(text), sdp_m_line_index: maybe(u16) }),
  }),
});

const server = fields({ urls: list(text, LIMITS.LIST), username: text, credential: text });

const TO_CLIENT: Record<ToClient["type"], Check> = {
  welcome: fields({ version: u16, you: card, key: maybe(text) }),
  challenge: fields({ challenge: text }),
  device: fields({ assurance: text, why: maybe(text), fault: maybe(text) }),
  session: fields({ session: sessionId, code: matching(/^[0-9]{8}$/), expires_in: u32 }),
  joined: fields({ session: sessionId, peer: card }),
  background: fields({ session: sessionId, background }),
  requested: fields({ role }),
  answered: fields({ role, consent: text }),
  recorded: fields({ record: text }),
  negotiate: fields({ step }),
  ended: fields({ reason: text }),
  peer_vanished: fields({}),
  refused: fields({ refusal: text, retry_in: maybe(u32) }),
  denied,
  step_up: stepUp,
  lowered: fields({ role }),
  terms,
  chat: fields({ place: u32, from: oneOf("helper", "agent"), text }),
  introduced: fields({ code: text, stays: flag }),
  relay: fields({ server, expires_in: u32 }),
};

const TO_HELPER: Record<ToHelper["type"], Check> = {
  hello: fields({ version: u16 }),
  granted: fields({ role }),
  displays: fields({ displays: list(display, LIMITS.DISPLAYS), current: u32 }),
  cursor_shape: fields({ png: matching(/^[A-Za-z0-9+/]*={0,2}$/), hot_x: u16, hot_y: u16 }),
  cursor_at: fields({ at: maybe(point) }),
  pong: fields({ nonce: u32 }),
  input_paused: fields({ paused: flag }),
  desktop: fields({ state: oneOf(...Object.keys(DESKTOP_STATES)) }),
  sas_commitment: fields({ commitment: nonce }),
  sas_nonce: fields({ nonce }),
  path: fields({ why: oneOf(...Object.keys(PATH_REASONS)) }),
  introduction: fields({ state: text }),
  ended: fields({ reason: text }),
};

/** A message from the service, or nothing. */
export function readToClient(data: unknown): ToClient | undefined {
  return read(data, tagged("type", TO_CLIENT)) as ToClient | undefined;
}

/** A message from the agent, or nothing. */
export function readToHelper(data: unknown): ToHelper | undefined {
  return read(data, tagged("type", TO_HELPER)) as ToHelper | undefined;
}

function read(data: unknown, check: Check): object | undefined {
  if (typeof data !== "string" || data.length > LIMITS.MESSAGE_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  return check(value) ? known(value as Record<string, unknown>) : undefined;
}

/** The oddities that this version does not know become "something else". */
function knownBackground(message: Record<string, unknown>): object {
  if (message["type"] !== "background") return {};
  const background = message["background"] as Background;
  const oddities = background.oddities.map((oddity) =>
    Object.hasOwn(ODDITIES, oddity.code) ? oddity : { ...oddity, code: "other" },
  );
  return { background: { ...background, oddities } };
}

/** What became of a colleague in words that this version does not know is "something else". */
function knownIntroduction(message: Record<string, unknown>): object {
  if (message["type"] !== "introduction") return {};
  return Object.hasOwn(INTRODUCTIONS, message["state"] as string) ? {} : { state: "other" };
}

/** Replaces the words that this version does not know by those that mean "something else". */
function known(message: Record<string, unknown>): object {
  const fix = (name: string, words: object, other: string) => {
    const word = message[name];
    return typeof word === "string" && !Object.hasOwn(words, word) ? { [name]: other } : {};
  };
  return {
    ...knownRules(message),
    ...knownBackground(message),
    ...knownIntroduction(message),
    ...fix("reason", END_REASONS, "other"),
    ...fix("refusal", REFUSALS, "other"),
    ...fix("consent", { allow: true }, "decline"),
  };
}
